"""The smallest parts of a formula in words: letters, numbers, signs, text."""

from __future__ import annotations

import re

from lessons.speakable import acronyms, chemistry, numbers, units
from lessons.speakable.formula_tree import FormulaNode
from lessons.speakable.symbols import GREEK, NAMES, OPERATORS, unicode_name


def letter(text: str) -> str:
    """A letter by itself. A variable `a` is written as the capital: small, it is the article."""
    return GREEK.get(text) or ("A" if text == "a" else text)


def number(text: str) -> str:
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?", text):
        return numbers.read(text)
    if re.fullmatch(r"\d+(,\d+)+", text):
        return ", ".join(numbers.read(piece) for piece in text.split(","))
    return " point ".join(numbers.read(piece) for piece in re.split(r"[.,]", text) if piece)


def flat(node: FormulaNode) -> str:
    """The characters of a node without its own scripts; those inside it are told apart."""
    return "".join(map(_scripted, node.parts)) if node.parts else node.text


def _scripted(node: FormulaNode) -> str:
    below = f"_{_scripted(node.sub)}" if node.sub is not None else ""
    above = f"^{_scripted(node.sup)}" if node.sup is not None else ""
    return flat(node) + below + above


def sign(text: str, *, unary: bool) -> str:
    if text in GREEK:
        return GREEK[text]
    if text == "−" and unary:
        return "minus"
    if text in _SIGNS:
        return _SIGNS[text]
    known = OPERATORS.get(text) or NAMES.get(text)
    return known or (text if text.isalpha() else unicode_name(text))


_SIGNS = {"/": "over", "!": "factorial", ":": "such that", ",": ",", ";": ";"}
_SIGNS |= dict.fromkeys('.?()[]"`⋮⋱{}‖⟨⟩^', "")


def label(text: str) -> str:
    return {"?": "question mark", "!": "exclamation mark"}.get(text.strip(), "")


def only_number(node: FormulaNode) -> bool:
    while node.kind == "row" and len(node.parts) == 1:
        node = node.parts[0]
    return node.kind == "number" and node.text.isdecimal() and not node.sup and not node.sub


_VOWEL = re.compile("[aeiouyAEIOUY\u0080-\uffff]")


def words(text: str) -> str:
    """Text in a formula: a compound of chemistry, words, numbers."""
    from lessons.speakable.single import say_word

    compound = chemistry.chemical(re.sub(r"[_^\s]", "", text))
    if compound is not None:
        return compound
    if re.search("[·/⁻^]", text) and (unit := units.unit(text.strip())) is not None:
        return unit
    found = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*|[,.;]|[^\w\s]", text)
    return " ".join(
        letter(word)
        if len(word) == 1 and word.isalpha()
        else word
        if word in ",.;"
        else acronyms.letters(word)
        if len(word) < 5 and word.isalpha() and word != "nth" and not _VOWEL.search(word)
        else say_word(word)
        for word in found
    )


def per(parts: list[FormulaNode], at: int) -> bool:
    return parts[at].text in ("/", "⋅") and at + 1 < len(parts) and parts[at + 1].kind == "text"


def unit_text(nodes: list[FormulaNode]) -> str:
    text = ""
    for node in nodes:
        symbol = re.sub(r"\s+", "·", node.text.strip())
        if node.sup is not None:
            symbol += "^" + flat(node.sup)
        joint = "·" if text and text[-1] not in "/⋅" and symbol not in ("/", "⋅") else ""
        text += joint + symbol
    return text
