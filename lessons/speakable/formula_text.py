"""LaTeX formulas as a line of Unicode, for captions."""

from __future__ import annotations

import re

from lessons.speakable import chemistry
from lessons.speakable.commands import ACCENTS, LARGE
from lessons.speakable.fences import find_content
from lessons.speakable.formula_tree import FormulaNode
from lessons.speakable.latex import parse_formula
from lessons.speakable.symbols import OPERATORS, SUBSCRIPTS, SUPERSCRIPTS, TO_SUPERSCRIPT

_TIGHT = frozenset("⋅·∙∗∘∣~↑↓")
_CLOSE = {"(": ")", "[": "]", "{": "}", "langle": "⟩", "lfloor": "⌋", "lceil": "⌉"}
_CLOSE |= {"lbrace": "}", "lvert": "|", "lVert": "‖"}
_OPEN = {"langle": "⟨", "lfloor": "⌊", "lceil": "⌈", "lbrace": "{", "lvert": "|", "lVert": "‖"}
_VULGAR = {"1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾"}


_POWER = re.compile(r"\^([-−]?\d+)")


def show_formula(source: str) -> str:
    """A LaTeX formula in plain Unicode: `E = mc²`."""
    return " ".join(show_row(parse_formula(source)).split())


def show_row(node: FormulaNode) -> str:
    if node.kind != "row":
        return _show_node(node)
    made: list[str] = []
    operand = False  # whether a sign would be between two things here
    for position, part in enumerate(node.parts):
        text = _show_node(part)
        following = node.parts[position + 1] if position + 1 < len(node.parts) else None
        if part.kind == "fraction" and following is not None and following.kind != "sign":
            text = _VULGAR.get(text, f"({text})")
        if part.kind == "text" and made and node.parts[position - 1].kind == "number":
            text = f" {text.strip()}"
        if part.kind == "sign" and part.text in OPERATORS and part.text not in _TIGHT:
            made.append(f" {text} " if operand or part.text not in "+−" else text)
            operand = False
        elif part.kind in ("function", "large"):
            made.append(f" {text} ")
            operand = False
        elif part.kind == "sign" and part.text in ",;":
            made.append(f"{part.text} ")
            operand = False
        else:
            if part.text == "(" and position and node.parts[position - 1].kind == "function":
                made[-1] = made[-1].rstrip()
            made.append(text)
            operand = True
    return "".join(made)


def _show_node(node: FormulaNode) -> str:
    if node.kind == "brace":
        labels = [show_row(part) for part in (node.sub, node.sup) if part is not None]
        return f"{_show_base(node)} ({', '.join(labels)})" if labels else _show_base(node)
    return (
        _show_base(node)
        + _show_script(node.sub, SUBSCRIPTS, "_")
        + _show_script(node.sup, SUPERSCRIPTS, "^")
    )


def _show_script(node: FormulaNode | None, table: dict[str, str], mark: str) -> str:
    if node is None:
        return ""
    text = " ".join(show_row(node).split())
    bare = text.replace(" ", "")
    if bare == "∘" and mark == "^":
        return "°"
    if bare and all(char in table for char in bare):
        return "".join(table[char] for char in bare)
    if mark == "^" and bare in ("∗", "†", "⊤"):
        return {"∗": "*", "⊤": "ᵀ"}.get(bare, bare)
    return f"{mark}{text}" if len(bare) == 1 else f"{mark}({text})" if bare else ""


def _show_base(node: FormulaNode) -> str:
    match node.kind:
        case "row":
            return show_row(node)
        case "fraction":
            return f"{_show_wrapped(node.parts[0])}/{_show_wrapped(node.parts[1])}"
        case "binomial":
            return f"({show_row(node.parts[0])} over {show_row(node.parts[1])})"
        case "root":
            degree = show_row(node.parts[1]) if len(node.parts) > 1 else ""
            head = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(degree, f"({degree})√")
            return head + _show_wrapped(node.parts[0])
        case "accent":
            inner = show_row(node.parts[0])
            return inner + ACCENTS[node.text][1] if len(inner) == 1 else inner
        case "large":
            return LARGE[node.text][1]
        case "fence":
            inner = _show_inside(node)
            opening = "" if node.text == "." else _OPEN.get(node.text, node.text)
            close = node.close or _CLOSE.get(node.text, "")
            return opening + inner.strip() + ("" if close == "." else close)
        case "labeled":
            labels = ", ".join(show_row(part).strip() for part in node.parts[1:])
            return f"{show_row(node.parts[0])} ({labels})"
        case "brace":
            return show_row(node.parts[0])
        case "ket":
            inner = show_row(node.parts[0]).strip()
            return f"⟨{inner}|" if node.text == "bra" else f"|{inner}⟩"
        case "chem":
            return chemistry.show_equation(node.text)
        case "text":
            return _POWER.sub(lambda match: match[1].translate(TO_SUPERSCRIPT), node.text)
        case "matrix":
            body = _show_matrix(node)
            return f"[{body}]" if "matrix" in node.text or node.text == "array" else body
        case _:
            return node.text


def _show_matrix(node: FormulaNode) -> str:
    """The rows of a matrix without the brackets around them."""
    gap = ", " if "cases" in node.text else "  "
    rows = [gap.join(show_row(cell) for cell in row.parts) for row in node.parts]
    return "; ".join(" ".join(row.split()) for row in rows)


def _show_inside(node: FormulaNode) -> str:
    """What stands in brackets. These are the brackets of a matrix that is alone in them."""
    inside = [part for part in find_content(node) if part.kind != "space"]
    alone = inside[0] if len(inside) == 1 and inside[0].kind == "matrix" else None
    if alone is not None and alone.sub is None and alone.sup is None:
        return _show_matrix(alone)
    return show_row(node.parts[0])


def _show_wrapped(node: FormulaNode) -> str:
    text = show_row(node).strip()
    simple = (
        len(text) <= 1
        or text.replace(".", "").isalnum()
        or not any(char in text for char in " +−/=⋅")
    )
    return text if simple else f"({text})"
