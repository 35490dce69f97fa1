"""What brackets and bars enclose in a formula: intervals, sets, norms, matrices."""

from __future__ import annotations

from collections.abc import Callable

from lessons.speakable.formula_tree import FormulaNode

SayNode = Callable[[FormulaNode], str]

_BOUNDARIES = {("[", "]"): "closed", ("[", ")"): "half-open", ("(", "]"): "half-open"}


def find_content(node: FormulaNode) -> list[FormulaNode]:
    if node.kind == "fence":
        return node.parts[0].parts if node.parts[0].kind == "row" else node.parts
    return node.parts if node.kind == "row" else []


def say_interval(node: FormulaNode, previous: FormulaNode | None, say: SayNode) -> str | None:
    """`[0, 1)`; and `[a, b]` or `(a, b)` after "is in", or if it is unbounded."""
    if node.kind != "fence" or node.text not in ("(", "["):
        return None
    parts = [part for part in find_content(node) if part.kind != "space"]
    commas = [at for at, part in enumerate(parts) if part.kind == "sign" and part.text == ","]
    if len(commas) != 1 or commas[0] in (0, len(parts) - 1):
        return None
    kind = _BOUNDARIES.get((node.text, node.close), "open")
    unbounded = any(part.text == "∞" for part in parts)
    if kind != "half-open" and not unbounded and (previous is None or previous.text not in "∈⊂⊆"):
        return None
    low = say(FormulaNode("row", parts=parts[: commas[0]]))
    high = say(FormulaNode("row", parts=parts[commas[0] + 1 :]))
    return f"the {kind} interval from {low} to {high}"


def say_inner_product(node: FormulaNode, say: SayNode) -> str:
    """What angle brackets enclose: an inner product, an expectation or a bra."""
    parts = find_content(node)
    for at, part in enumerate(parts):
        if part.kind == "sign" and part.text in (",", "|", "∣"):
            first = say(FormulaNode("row", parts=parts[:at]))
            second = say(FormulaNode("row", parts=parts[at + 1 :]))
            return f"the inner product of {first} and {second}"
    inner = say(node.parts[0])
    return f"bra {inner}" if node.close == "|" else f"the expectation of {inner}"


def say_bounds(node: FormulaNode, say: SayNode) -> str:
    """The bounds at a bar of evaluation, as after an integral has been solved."""
    if node.sub is None:
        return ""
    low = say(node.sub)
    if node.sup is None:
        return f", evaluated at {low}"
    return f", evaluated from {low} to {say(node.sup)}"


def say_norm(inner: str, sub: str, *, double: bool) -> str:
    if not double:
        return " ".join(filter(None, (f"the absolute value of {inner}", sub and f"sub {sub}")))
    return f"the {sub} norm of {inner}" if sub else f"the norm of {inner}"


_CONDITIONS = ("if ", "when ", "for ", "otherwise", "else", "unless ", "where ", "whenever ")


def say_matrix(node: FormulaNode, say: SayNode) -> str:
    rows = [[say(cell) for cell in row.parts] for row in node.parts]
    rows = [[cell for cell in row if cell] for row in rows]
    if "cases" in node.text:
        return "; ".join(_say_case(row) for row in rows)
    if "matrix" in node.text or node.text == "array":
        if node.text == "vmatrix":
            kind = "the determinant with rows"
        elif len(rows) > 1 and all(len(row) == 1 for row in rows):
            return "the column vector " + ", ".join(row[0] for row in rows)
        elif len(rows) == 1 and len(rows[0]) > 1:
            kind = "the row vector"
        else:
            kind = "the matrix with rows"
        return f"{kind} " + "; ".join(", ".join(row) for row in rows)
    return "; ".join(" ".join(row) for row in rows)


def _say_case(cells: list[str]) -> str:
    if len(cells) < 2 or cells[1].startswith(_CONDITIONS):
        return " ".join(cells).replace(" ,", ",")
    return f"{cells[0].rstrip(',')} if {' '.join(cells[1:])}"
