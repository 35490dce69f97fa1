"""LaTeX formulas in words, as a teacher says them.

The wording follows English-speaking classrooms: "x squared", "a over b", "the sum from i equals one
to n of". An unknown command is said by its name.
"""

from __future__ import annotations

import re

from lessons.speakable import chemistry, fences, numbers, terms, units
from lessons.speakable.commands import ACCENTS, FUNCTIONS, LARGE
from lessons.speakable.fences import find_content
from lessons.speakable.formula_shapes import (
    find_closing_bar,
    has_vector,
    holds_fraction,
    is_compound,
    is_operator,
    takes_argument,
)
from lessons.speakable.formula_tree import FormulaNode
from lessons.speakable.latex import parse_formula
from lessons.speakable.powers import say_letter
from lessons.speakable.symbols import GREEK

_BAR = re.compile(" (?:given|divides) ")
_SPACES = {"ℝ": "R", "ℕ": "N", "ℤ": "Z", "ℚ": "Q", "ℂ": "C"}
_ARROWS = "→⟶⟼↦"
_NEAR = 100
"""Nodes of a row between a sign and what decides how it is said."""


def say_formula(source: str) -> str:
    """A LaTeX formula in words."""
    return " ".join(say_row(parse_formula(source)).split())


def say_row(node: FormulaNode, *, within: str = "") -> str:
    """A row of nodes in words. `within` is the bracket that encloses the row."""
    parts = [
        part for part in (node.parts if node.kind == "row" else [node]) if part.kind != "space"
    ]
    said: list[str] = []
    position = 0
    while position < len(parts):
        previous = parts[position - 1] if position else None
        following = parts[position + 1] if position + 1 < len(parts) else None
        taken = _read_bar(parts, position, said) or _read_quantity(parts, position, said)
        if not taken:
            said.append(_say_in_row(parts, position, previous, following, within))
            taken = 1
        position += taken
    joined = " ".join(filter(None, said))
    return re.sub(r"\s+([,;])", r"\1", joined)


def _read_bar(parts: list[FormulaNode], position: int, said: list[str]) -> int:
    """Say an absolute value, a norm, a bar of evaluation or "given"; returns how many nodes it
    takes, or 0 if there is no bar."""
    part = parts[position]
    if part.kind != "sign" or part.text not in ("|", "‖"):
        return 0
    close = find_closing_bar(parts, position)
    if close is None:
        said.append(fences.say_bounds(part, say_row) if part.sub is not None else "given")
        return 1
    last = parts[close]
    sub = say_row(last.sub) if last.sub is not None else ""
    inner = say_row(FormulaNode("row", parts=parts[position + 1 : close]))
    said.append(fences.say_norm(inner, sub, double=part.text == "‖"))
    if last.sup is not None:
        said.append(_say_power(last, last.sup))
    return close - position + 1


def _read_quantity(parts: list[FormulaNode], position: int, said: list[str]) -> int:
    """Say a number and the unit after it; returns how many nodes they take, or 0."""
    part = parts[position]
    if part.kind == "sign" and part.text in _MONEY and position + 1 < len(parts):
        number = parts[position + 1]
        if number.kind == "number":
            one, many = _MONEY[part.text]
            said += [_say_number(number), one if units.is_one(number.text) else many]
            return 2
    following = parts[position + 1] if position + 1 < len(parts) else None
    raised = terms.flatten(part.sup) if part.sup is not None else ""
    if raised in ("∘", "°") and following is not None and following.text.strip() in ("C", "F"):
        name = units.say_unit(f"°{following.text.strip()}", one=units.is_one(part.text))
        said += [terms.say_number(part.text), name or ""]
        return 2
    if part.kind != "number" or (part.sup is not None and part.text != "10"):
        return 0
    end = position + 1
    while end < len(parts) and (parts[end].kind == "text" or terms.is_per(parts, end)):
        end += 1
    for stop in range(end, position + 1, -1):
        symbols = terms.make_unit_symbol(parts[position + 1 : stop])
        name = units.say_unit(symbols, one=units.is_one(part.text)) if symbols else None
        if name:
            said += [_say_number(part), name]
            return stop - position
    return 0


_MONEY = {"$": ("dollar", "dollars"), "€": ("euro", "euros"), "£": ("pound", "pounds")}


def _say_in_row(
    parts: list[FormulaNode],
    at: int,
    previous: FormulaNode | None,
    following: FormulaNode | None,
    within: str,
) -> str:
    """One node, with regard to its neighbours."""
    part = parts[at]
    if part.kind == "fence":
        drawn = at > 1 and parts[at - 2].text == "∼"
        return _say_fence_in_row(part, previous, drawn=drawn)
    if part.kind == "function":
        return _say_function(part, following)
    if part.kind == "row" and previous is not None and previous.text == "mod":
        return say_row(part)
    if part.kind != "sign":
        return _say_node(part, unary=False)
    match part.text:
        case "⋅" if has_vector(previous, following):
            return "dot"
        case "×" if has_vector(previous, following):
            return "cross"
        case ":":
            return _say_colon(parts, at, within)
        case "≡" if any(other.text == "mod" for other in parts[at : at + _NEAR]):
            return "is congruent to"
    if part.text in _SPACES and part.sup is not None:
        return f"{_SPACES[part.text]} {say_row(part.sup)}".replace(" times ", " by ")
    return _say_node(part, unary=previous is None or is_operator(previous))


def _say_colon(parts: list[FormulaNode], at: int, within: str) -> str:
    if within == "{":
        return "such that"
    if any(part.text in _ARROWS for part in parts[at : at + _NEAR] if part.kind == "sign"):
        return "from"
    beside = (parts[at - 1] if at else None, parts[at + 1] if at + 1 < len(parts) else None)
    if all(node is not None and node.kind in ("letter", "number") for node in beside):
        return "to"
    return ","


def _say_fence_in_row(part: FormulaNode, previous: FormulaNode | None, *, drawn: bool) -> str:
    if (span := fences.say_interval(part, previous, say_row)) is not None:
        return span
    if (
        previous is not None
        and part.text in ("(", "[", "{", "lbrace")
        and (drawn or takes_argument(previous))
    ):
        inner = say_row(part.parts[0]).replace(" divides ", " given ")
        of = "" if previous.kind == "large" else "of "
        return " ".join(filter(None, (of + inner, _say_scripts(part))))
    said = _say_node(part)
    factor = previous is not None and (
        previous.kind in ("number", "letter", "fraction", "fence", "accent", "root")
        or (previous.kind == "sign" and (previous.text == "!" or previous.text in GREEK))
    )
    if factor and part.text in ("(", "[") and is_compound(part):
        return "times " + said
    return said


def _say_node(node: FormulaNode, *, unary: bool = False) -> str:
    match node.kind:
        case "number":
            base = terms.say_number(node.text)
        case "large":
            return _say_large(node)
        case "sign":
            base = terms.say_sign(node.text, unary=unary)
        case "letter":
            if (derivative := _say_derivative(node)) is not None:
                return derivative
            base = say_letter(node.text)
        case "row" | "group":
            base = say_row(node) if node.parts else ""
            if (node.sup or node.sub) and is_compound(node):
                base = f"the quantity {base}"
        case "text":
            base = terms.say_text(node.text)
        case "chem":
            base = chemistry.say_equation(node.text)
        case "fraction":
            base = _say_fraction(node.parts[0], node.parts[1])
        case "binomial":
            base = f"{say_row(node.parts[0])} choose {say_row(node.parts[1])}"
        case "root":
            base = _say_root(node)
        case "accent":
            base = " ".join(filter(None, (say_row(node.parts[0]), ACCENTS[node.text][0])))
        case "labeled":
            labels = [
                terms.say_label(terms.flatten(part)) or say_row(part) for part in node.parts[1:]
            ]
            return ", ".join([say_row(node.parts[0]), *(f"labeled {one}" for one in labels if one)])
        case "brace":
            labels = [say_row(part) for part in (node.sub, node.sup) if part is not None]
            return ", ".join([say_row(node.parts[0]), *(f"labeled {one}" for one in labels)])
        case "ket":
            base = f"{node.text} {say_row(node.parts[0])}"
        case "fence":
            base = _say_fence(node)
            if node.text in ("|", "‖", "lvert", "lVert", "."):
                return base
        case "matrix":
            base = fences.say_matrix(node, say_row)
        case "function":
            base = FUNCTIONS[node.text]
        case _:
            base = ""
    return " ".join(filter(None, (base, _say_scripts(node))))


def _say_number(node: FormulaNode) -> str:
    return " ".join(filter(None, (terms.say_number(node.text), _say_scripts(node))))


def _say_derivative(node: FormulaNode) -> str | None:
    """`f^{(n)}`: a number in brackets counts derivatives, or is an index, as in `a^{[1]}`."""
    fence = node.sup
    while fence is not None and fence.kind == "row" and len(fence.parts) == 1:
        fence = fence.parts[0]
    if fence is None or fence.kind != "fence" or fence.text not in ("(", "["):
        return None
    inner = say_row(fence.parts[0])
    if node.text not in "fghuvyFG" or fence.text == "[":
        below = f" sub {say_row(node.sub)}" if node.sub is not None else ""
        return f"{say_letter(node.text)}{below} super {inner}"
    count = terms.flatten(fence)
    nth = numbers.say_ordinal(int(count)) if count.isdecimal() and len(count) < 4 else f"{inner}th"
    return f"the {nth} derivative of {say_letter(node.text)}"


def _say_fence(node: FormulaNode) -> str:
    # What is inside is said once: twice at each level would take for ever.
    if node.text == "langle":
        return fences.say_inner_product(node, say_row)
    inner = say_row(node.parts[0], within="{" if node.text in ("{", "lbrace") else "")
    match node.text:
        case "lfloor":
            return f"the floor of {inner}"
        case "lceil":
            return f"the ceiling of {inner}"
        case "|" | "lvert" | "‖" | "lVert":
            sub = say_row(node.sub) if node.sub is not None else ""
            said = fences.say_norm(inner, sub, double=node.text in ("‖", "lVert"))
            return f"{said} {_say_power(node, node.sup)}" if node.sup is not None else said
        case ".":
            return inner + fences.say_bounds(node, say_row)
        case "{" | "lbrace" if node.close in ("}", ""):
            return f"the set of {_BAR.sub(' such that ', inner)}" if node.close else inner
        case _:
            raised = node.sup is not None and len(find_content(node)) > 1
            return f"the quantity {inner}" if is_compound(node) or raised else inner


def _say_scripts(node: FormulaNode) -> str:
    said: list[str] = []
    if node.sub is not None:
        inner = say_row(node.sub)
        if terms.flatten(node.sub) in ("max", "min", "sup", "inf"):
            inner = terms.flatten(node.sub)
        if node.kind == "function" and node.text in ("log", "lg"):
            said.append(f"base {inner}")
        elif inner:
            said.append(f"sub {inner}")
    if node.sup is not None:
        said.append(_say_power(node, node.sup))
    return " ".join(filter(None, said))


def _say_power(base: FormulaNode, power: FormulaNode) -> str:
    flat = terms.flatten(power) if power.sub is None and power.sup is None else ""
    if (fraction := _find_fraction(power)) is not None:
        flat = "/".join(map(terms.flatten, fraction.parts))
    if re.fullmatch(r"′+", flat):
        return {1: "prime", 2: "double prime", 3: "triple prime"}.get(len(flat), "prime")
    match flat:
        case "2":
            return "squared"
        case "3":
            return "cubed"
        case "T" | "⊤" | "⊺":
            return "transpose"
        case "∗":
            return "star"
        case "†":
            return "dagger"
        case "∘" | "°":
            return "degree" if base.text == "1" else "degrees"
        case "o" if base.kind == "number":  # a degree sign, as many write it
            return "degree" if base.text == "1" else "degrees"
        case "+" | "−":
            return "plus" if flat == "+" else "minus"
        case "−1":
            name = terms.flatten(base) if base.kind == "accent" else base.text
            inverse = base.kind in ("letter", "accent") and (name in "fgh" or name.isupper())
            return "inverse" if inverse else "to the minus one"
        case _ if flat.isdecimal() and len(flat) < 4:
            return f"to the {numbers.say_ordinal(int(flat))}"
        case "c" if base.kind == "letter" and base.text.isupper():
            return "complement"
        case _ if (ratio := re.fullmatch(r"(\d{1,2})/(\d{1,2})", flat)) and int(ratio[2]) > 1:
            return f"to the {numbers.say_fraction(int(ratio[1]), int(ratio[2]))}"
        case _:
            said = say_row(power)
            return f"to {said}" if said.startswith("the ") else f"to the {said}"


def _find_fraction(node: FormulaNode) -> FormulaNode | None:
    """The fraction of whole numbers that a node is; None if it is something else."""
    while node.kind == "row" and len(node.parts) == 1 and node.sub is None and node.sup is None:
        node = node.parts[0]
    if node.kind != "fraction" or node.sub is not None or node.sup is not None:
        return None
    return node if all(terms.is_whole_number(part) for part in node.parts) else None


def _say_fraction(above: FormulaNode, below: FormulaNode) -> str:
    top, bottom = terms.flatten(above), terms.flatten(below)
    simple = above.sup is None and below.sup is None and above.sub is None and below.sub is None
    if simple and terms.is_whole_number(above) and terms.is_whole_number(below):
        if int(top) < 20 and 2 <= int(bottom) <= 20:
            return numbers.say_fraction(int(top), int(bottom))
        return f"{numbers.say_number(top)} over {numbers.say_number(bottom)}"
    first, second = say_row(above), say_row(below)
    if is_compound(above) or holds_fraction(above):
        first += ", all"
    if is_compound(below) or holds_fraction(below):
        second = f"the quantity {second}"
    return f"{first} over {second}"


def _say_root(node: FormulaNode) -> str:
    degree = terms.flatten(node.parts[1]) if len(node.parts) > 1 else "2"
    inner = say_row(node.parts[0])
    if degree.isdecimal() and len(degree) < 4:
        name = {"2": "square", "3": "cube"}.get(degree, numbers.say_ordinal(int(degree)))
    else:
        name = f"{say_row(node.parts[1])}th"
    return f"the {name} root of {inner}"


def _say_large(node: FormulaNode) -> str:
    name = LARGE[node.text][0]
    integral = "int" in node.text
    said = [name]
    if node.sub is not None:
        low = say_row(node.sub)
        if node.text.startswith("lim"):
            low = low.replace(" to ", " goes to ", 1)
            said.append(f"as {low}")
        elif node.sup is not None:
            said.append(f"from {low} to {say_row(node.sup)}")
        else:
            said.append(f"over {low}")
    elif node.sup is not None:
        said.append(f"to {say_row(node.sup)}")
    return " ".join(said) + (" of" if integral or name.startswith(("the", "arg")) else "")


def _say_function(node: FormulaNode, following: FormulaNode | None) -> str:
    name = FUNCTIONS[node.text]
    if node.sup is not None and terms.flatten(node.sup) == "−1":
        node = FormulaNode(node.kind, node.text, sub=node.sub)
        name = f"inverse {name}"
    name = " ".join(filter(None, (name, _say_scripts(node))))
    bracket = following is not None and following.kind == "fence"
    if (name.startswith("the ") or node.text == "ln") and following is not None and not bracket:
        return name + " of"
    return name
