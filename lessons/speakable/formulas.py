"""A parsed formula in words."""

from __future__ import annotations

import re

from lessons.speakable import numbers, units
from lessons.speakable.latex import ACCENTS, FUNCTIONS, LARGE, Node
from lessons.speakable.symbols import GREEK, NAMES, OPERATORS

_CALLED = frozenset("OfghuvFGHPEpTLVQRSφψϕΦΨσ")
"""Letters before a bracket that are functions rather than factors."""

_BAR = re.compile(" (?:given|divides) ")


def say_row(node: Node) -> str:
    parts = [
        part for part in (node.parts if node.kind == "row" else [node]) if part.kind != "space"
    ]
    said: list[str] = []
    position = 0
    while position < len(parts):
        part = parts[position]
        previous = parts[position - 1] if position else None
        following = parts[position + 1] if position + 1 < len(parts) else None
        taken = 1
        if part.kind == "sign" and part.text in ("|", "‖"):
            close = _closing_bar(parts, position)
            if close is not None:
                inner = say_row(Node("row", parts=parts[position + 1 : close]))
                name = "the norm of" if part.text == "‖" else "the absolute value of"
                said.append(f"{name} {inner}")
                said.append(_scripts(parts[close]))
                taken = close - position + 1
            else:
                said.append("given")
        elif part.kind == "number" and following is not None and following.kind == "text":
            unit = _unit(parts[position + 1], part.text)
            said.append(_number(part))
            if unit and part.sup is None:
                said.append(unit)
                taken = 2
        elif part.kind == "fence" and previous is not None and _calls(previous):
            inner = say_row(part.parts[0]).replace(" divides ", " given ")
            said.append(f"of {inner}")
            said.append(_scripts(part))
        elif part.kind == "function":
            said.append(_function(part, following))
        elif part.kind == "sign" and part.text == "⋅" and _vectors(previous, following):
            said.append("dot")
        elif part.kind == "sign" and part.text in _SPACES and part.sup is not None:
            said.append(f"{_SPACES[part.text]} {say_row(part.sup)}")
        else:
            said.append(_say(part, unary=previous is None or _is_operator(previous)))
        position += taken
    return " ".join(filter(None, said)).replace(" ,", ",").replace(" ;", ";")


_SPACES = {"ℝ": "R", "ℕ": "N", "ℤ": "Z", "ℚ": "Q", "ℂ": "C"}


def _vectors(first: Node | None, second: Node | None) -> bool:
    return any(
        node is not None
        and (node.text == "∇" or (node.kind == "accent" and node.text in ("vec", "overrightarrow")))
        for node in (first, second)
    )


def _closing_bar(parts: list[Node], opening: int) -> int | None:
    """The bar that closes an absolute value opened at `opening`; a bar after an operand that has
    no partner stands for "given"."""
    before = parts[opening - 1] if opening else None
    if before is not None and not _is_operator(before) and before.kind not in ("number",):
        return None
    for position in range(opening + 1, len(parts)):
        part = parts[position]
        if part.kind == "sign" and part.text == parts[opening].text:
            return position if position > opening + 1 else None
    return None


def _is_operator(node: Node) -> bool:
    return node.kind == "sign" and (node.text in OPERATORS or node.text in ",;:/")


def _calls(node: Node) -> bool:
    if node.kind in ("function", "large"):
        return True
    if node.kind == "text":
        return node.text.strip().isalpha() and len(node.text.strip()) > 1
    return node.kind in ("letter", "sign") and node.text in _CALLED


def _say(node: Node, *, unary: bool = False) -> str:
    match node.kind:
        case "number":
            return _number(node)
        case "large":
            return _large(node)
        case "sign":
            base = _sign(node.text, unary=unary)
        case "letter":
            base = letter(node.text)
        case "row" | "group":
            base = say_row(node) if node.parts else ""
            if (node.sup or node.sub) and _compound(node):
                base = f"the quantity {base}"
        case "text":
            base = _words(node.text)
        case "fraction":
            base = _fraction(node.parts[0], node.parts[1])
        case "binomial":
            base = f"{say_row(node.parts[0])} choose {say_row(node.parts[1])}"
        case "root":
            base = _root(node)
        case "accent":
            base = " ".join(filter(None, (say_row(node.parts[0]), ACCENTS[node.text][0])))
        case "fence":
            base = _fence(node)
        case "matrix":
            base = _matrix(node)
        case "function":
            base = FUNCTIONS[node.text]
        case _:
            base = ""
    return " ".join(filter(None, (base, _scripts(node))))


def letter(text: str) -> str:
    """A letter by itself. A variable `a` is written as the capital: small, it is the article."""
    return "A" if text == "a" else text


def _number(node: Node) -> str:
    text = node.text
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?", text):
        base = numbers.read(text)
    elif re.fullmatch(r"\d+(,\d+)+", text):
        base = ", ".join(numbers.read(piece) for piece in text.split(","))
    else:
        base = " point ".join(numbers.read(piece) for piece in re.split(r"[.,]", text) if piece)
    return " ".join(filter(None, (base, _scripts(node))))


def _unit(node: Node, number: str) -> str | None:
    text = re.sub(r"\s+", "", node.text)
    for script in (node.sup,):
        if script is not None:
            text += "^" + _flat(script)
    return units.unit(text, one=units.is_one(number)) if text else None


def _flat(node: Node) -> str:
    return "".join(_flat(part) for part in node.parts) if node.parts else node.text


def _sign(text: str, *, unary: bool) -> str:
    if text in GREEK:
        return GREEK[text]
    if text == "−" and unary:
        return "minus"
    if text == "/":
        return "over"
    if text == "!":
        return "factorial"
    if text == ":":
        return "such that"
    if text in ",;":
        return text
    if text in (".", "?", "(", ")", "[", "]", '"', "`", "⋮", "⋱"):
        return ""
    return OPERATORS.get(text) or NAMES.get(text, text if text.isalpha() else "")


def _content(node: Node) -> list[Node]:
    if node.kind == "fence":
        return node.parts[0].parts if node.parts[0].kind == "row" else node.parts
    return node.parts if node.kind == "row" else []


def _compound(node: Node) -> bool:
    """Whether something is more than one term, so that a listener must hear where it ends."""
    parts = _content(node)
    if node.sup is not None and len(parts) == 1 and parts[0].kind == "fraction":
        return True
    return any(
        part.kind == "sign" and part.text in OPERATORS and position > 0
        for position, part in enumerate(parts)
    )


def _fence(node: Node) -> str:
    inner = say_row(node.parts[0])
    match node.text:
        case "langle":
            return inner
        case "lfloor":
            return f"the floor of {inner}"
        case "lceil":
            return f"the ceiling of {inner}"
        case "lvert":
            return f"the absolute value of {inner}"
        case "lVert":
            return f"the norm of {inner}"
        case "{" | "lbrace":
            return f"the set of {_BAR.sub(' such that ', inner)}"
        case _:
            raised = node.sup is not None and len(_content(node)) > 1
            return f"the quantity {inner}" if _compound(node) or raised else inner


def _scripts(node: Node) -> str:
    said: list[str] = []
    if node.sub is not None:
        inner = say_row(node.sub)
        if node.kind == "function" and node.text in ("log", "lg"):
            said.append(f"base {inner}")
        elif inner:
            said.append(f"sub {inner}")
    if node.sup is not None:
        said.append(_power(node, node.sup))
    return " ".join(filter(None, said))


def _power(base: Node, power: Node) -> str:
    flat = _flat(power)
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
        case "+" | "−":
            return "plus" if flat == "+" else "minus"
        case "−1":
            inverse = base.kind == "function" or (
                base.kind == "letter" and (base.text in "fgh" or base.text.isupper())
            )
            return "inverse" if inverse else "to the minus one"
        case _ if flat.isdecimal() and len(flat) < 4:
            return f"to the {numbers.ordinal(int(flat))}"
        case _:
            return f"to the {say_row(power)}"


def _fraction(above: Node, below: Node) -> str:
    top, bottom = _flat(above), _flat(below)
    simple = above.sup is None and below.sup is None and above.sub is None and below.sub is None
    if simple and _only_number(above) and _only_number(below):
        if int(top) < 20 and 2 <= int(bottom) <= 20:
            return numbers.fraction(int(top), int(bottom))
        return f"{numbers.read(top)} over {numbers.read(bottom)}"
    first, second = say_row(above), say_row(below)
    if _compound(above):
        first += ", all"
    if _compound(below):
        second = f"the quantity {second}"
    return f"{first} over {second}"


def _only_number(node: Node) -> bool:
    while node.kind == "row" and len(node.parts) == 1:
        node = node.parts[0]
    return node.kind == "number" and node.text.isdecimal() and not node.sup and not node.sub


def _root(node: Node) -> str:
    degree = _flat(node.parts[1]) if len(node.parts) > 1 else "2"
    inner = say_row(node.parts[0])
    if degree.isdecimal() and len(degree) < 4:
        name = {"2": "square", "3": "cube"}.get(degree, numbers.ordinal(int(degree)))
    else:
        name = f"{say_row(node.parts[1])}th"
    return f"the {name} root of {inner}"


def _large(node: Node) -> str:
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
    if node.text in ("max", "min", "sup", "inf") and node.sub is None:
        return name + " of"
    return " ".join(said) + (" of" if integral or name.startswith(("the", "arg")) else "")


def _function(node: Node, following: Node | None) -> str:
    scripts = _scripts(node)
    name = " ".join(filter(None, (FUNCTIONS[node.text], scripts)))
    bracket = following is not None and following.kind == "fence"
    if name.startswith("the ") and following is not None and not bracket:
        return name + " of"
    return name


def _matrix(node: Node) -> str:
    rows = [", ".join(filter(None, (say_row(cell) for cell in row.parts))) for row in node.parts]
    if node.text == "cases":
        return "; ".join(rows)
    if "matrix" in node.text or node.text == "array":
        kind = "the determinant with rows" if node.text == "vmatrix" else "the matrix with rows"
        return f"{kind} " + "; ".join(rows)
    return "; ".join(
        " ".join(filter(None, (say_row(cell) for cell in row.parts))) for row in node.parts
    )


def _words(text: str) -> str:
    words = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*|[,.;]", text)
    return " ".join(
        numbers.read(word) if word.isdecimal() else letter(word) if len(word) == 1 else word
        for word in words
    )
