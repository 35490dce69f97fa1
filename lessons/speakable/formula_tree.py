"""The nodes of a parsed formula."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(slots=True)
class FormulaNode:
    """A part of a formula.

    `kind` is letter, number, sign, text, chem, space, group, row, fraction, root, binomial, accent,
    labeled, brace, ket, function, large, fence or matrix. `sub` and `sup` are its subscript and
    superscript. `close` is the closing bracket of a fence.
    """

    kind: str
    text: str = ""
    parts: list[FormulaNode] = field(default_factory=list)
    sub: FormulaNode | None = None
    sup: FormulaNode | None = None
    close: str = ""


def join_digit_groups(nodes: list[FormulaNode]) -> list[FormulaNode]:
    """The nodes with groups of digits (`1\\,000`) joined to one number."""
    made: list[FormulaNode] = []
    for node in nodes:
        if (
            node.kind == "number"
            and re.match(r"\d{3}(?!\d)", node.text)
            and len(made) > 1
            and made[-1].kind == "space"
            and made[-2].kind == "number"
            and re.fullmatch(r"\d{1,3}|[\d,]+,\d{3}", made[-2].text)
            and made[-2].sup is None is made[-2].sub
        ):
            made.pop()
            made[-1] = FormulaNode(
                "number", f"{made[-1].text},{node.text}", sub=node.sub, sup=node.sup
            )
        else:
            made.append(node)
    return made


def append_node(first: FormulaNode | None, second: FormulaNode) -> FormulaNode:
    if first is None:
        return second
    parts = first.parts if first.kind == "row" else [first]
    return FormulaNode("row", parts=[*parts, second])
