"""The smallest parts of a formula in words: numbers, signs, text, units."""

from __future__ import annotations

import re

from lessons.speakable import acronyms, chemistry, numbers, units
from lessons.speakable.formula_tree import FormulaNode
from lessons.speakable.powers import say_letter
from lessons.speakable.single import say_word
from lessons.speakable.symbols import GREEK, NAMES, OPERATORS, find_unicode_name


def say_number(text: str) -> str:
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+(\.\d+)?", text):
        return numbers.say_number(text)
    if re.fullmatch(r"\d+(,\d+)+", text):
        return ", ".join(numbers.say_number(piece) for piece in text.split(","))
    return " point ".join(numbers.say_number(piece) for piece in re.split(r"[.,]", text) if piece)


def flatten(node: FormulaNode) -> str:
    """The characters of a node without its own scripts. Scripts inside it are marked by _ and ^."""
    return "".join(map(_flatten_with_scripts, node.parts)) if node.parts else node.text


def _flatten_with_scripts(node: FormulaNode) -> str:
    below = f"_{_flatten_with_scripts(node.sub)}" if node.sub is not None else ""
    above = f"^{_flatten_with_scripts(node.sup)}" if node.sup is not None else ""
    return flatten(node) + below + above


def say_sign(text: str, *, unary: bool) -> str:
    if text in GREEK:
        return GREEK[text]
    if text == "−" and unary:
        return "minus"
    if text in _SIGNS:
        return _SIGNS[text]
    known = OPERATORS.get(text) or NAMES.get(text)
    return known or (text if text.isalpha() else find_unicode_name(text))


_SIGNS = {"/": "over", "!": "factorial", ":": "such that", ",": ",", ";": ";"}
_SIGNS |= dict.fromkeys('.?()[]"`⋮⋱{}‖⟨⟩^', "")


def say_label(text: str) -> str:
    return {"?": "question mark", "!": "exclamation mark"}.get(text.strip(), "")


def is_whole_number(node: FormulaNode) -> bool:
    while node.kind == "row" and len(node.parts) == 1:
        node = node.parts[0]
    return node.kind == "number" and node.text.isdecimal() and not node.sup and not node.sub


_VOWEL = re.compile("[aeiouyAEIOUY\u0080-\uffff]")


def say_text(text: str) -> str:
    """Text in a formula: a chemical compound, words, numbers."""
    compound = chemistry.say_compound(re.sub(r"[_^\s]", "", text))
    if compound is not None:
        return compound
    if re.search("[·/⁻^]", text) and (unit := units.say_unit(text.strip())) is not None:
        return unit
    found = re.findall(r"[^\W_]+(?:['’-][^\W_]+)*|[,.;]|[^\w\s]", text)
    return " ".join(
        say_letter(word)
        if len(word) == 1 and word.isalpha()
        else word
        if word in ",.;"
        else acronyms.spell_letters(word)
        if len(word) < 5 and word.isalpha() and word != "nth" and not _VOWEL.search(word)
        else say_word(word)
        for word in found
    )


def is_per(parts: list[FormulaNode], at: int) -> bool:
    return parts[at].text in ("/", "⋅") and at + 1 < len(parts) and parts[at + 1].kind == "text"


def make_unit_symbol(nodes: list[FormulaNode]) -> str:
    text = ""
    for node in nodes:
        symbol = re.sub(r"\s+", "·", node.text.strip())
        if node.sup is not None:
            symbol += "^" + flatten(node.sup)
        joint = "·" if text and text[-1] not in "/⋅" and symbol not in ("/", "⋅") else ""
        text += joint + symbol
    return text
