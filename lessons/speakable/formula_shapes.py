"""Questions about the nodes of a formula: is it an operator, a function, more than one term?"""

from __future__ import annotations

from lessons.speakable import terms
from lessons.speakable.fences import find_content
from lessons.speakable.formula_tree import FormulaNode
from lessons.speakable.symbols import OPERATORS

_CALLED = frozenset("OfghuvFGHPEpTLVQRSφψϕΦΨσ")
"""Letters before a bracket that are functions rather than factors."""


def has_vector(first: FormulaNode | None, second: FormulaNode | None) -> bool:
    """Whether one of the two is a vector, so that `⋅` and `×` mean products of vectors."""
    return any(
        node is not None
        and (
            node.text == "∇"
            or (node.kind == "accent" and node.text in ("vec", "overrightarrow", "mathbf"))
        )
        for node in (first, second)
    )


def find_closing_bar(parts: list[FormulaNode], opening: int) -> int | None:
    """The position of the bar that closes the one at `opening`. None if there is none: a single bar
    after an operand means "given"."""
    before = parts[opening - 1] if opening else None
    if before is not None and not is_operator(before) and before.kind not in ("number",):
        return None
    for position in range(opening + 1, len(parts)):
        part = parts[position]
        if part.kind == "sign" and part.text == parts[opening].text:
            return position if position > opening + 1 else None
    return None


def is_operator(node: FormulaNode) -> bool:
    """Whether a node is a sign that separates terms."""
    return node.kind == "sign" and (node.text in OPERATORS or node.text in ",;:/")


def takes_argument(node: FormulaNode) -> bool:
    """Whether a bracket after the node holds its argument, and not a factor."""
    if node.kind in ("function", "large"):
        return True
    if node.kind == "accent":
        return takes_argument(node.parts[0])
    if node.kind == "text":
        return node.text.strip().isalpha() and len(node.text.strip()) > 1
    return node.kind in ("letter", "sign") and node.text in _CALLED


def is_compound(node: FormulaNode) -> bool:
    """Whether a node has more than one term, so that a listener must hear where it ends."""
    parts = find_content(node)
    if node.sup is not None and len(parts) == 1 and parts[0].kind == "fraction":
        return True
    return any(
        part.kind == "sign" and part.text in OPERATORS and position > 0
        for position, part in enumerate(parts)
    )


def holds_fraction(node: FormulaNode) -> bool:
    """Whether there is a fraction in the row that is more than two whole numbers."""
    parts = node.parts if node.kind == "row" else [node]
    return any(
        part.kind == "fraction" and not all(terms.is_whole_number(side) for side in part.parts)
        for part in parts
    )
