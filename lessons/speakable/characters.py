"""Text that no rule recognizes, read character by character."""

from __future__ import annotations

import itertools
import re
import unicodedata

from lessons.speakable import amounts, numbers
from lessons.speakable.compatibility import is_ornament
from lessons.speakable.symbols import GREEK, NAMES, OPERATORS, find_unicode_name


def say_characters(text: str) -> str:
    """Letters as they are, digits as numbers, signs by their names; everything else is silent."""
    said: list[str] = []
    runs: list[tuple[str, str]] = []
    for piece in _DECIMAL.split(text):
        if _DECIMAL.fullmatch(piece):
            runs.append(("digit", piece))
        else:
            runs += [(kind, "".join(run)) for kind, run in itertools.groupby(piece, _classify)]
    for kind, part in runs:
        match kind:
            case "digit":
                said.append(numbers.say_number("".join(_to_ascii_digit(char) for char in part)))
            case "letter":
                said.append(say_letters(part))
            case "numeral":
                said.extend(amounts.say_fraction(char) or _say_numeral(char) for char in part)
            case _:
                said.extend(map(_say_sign, part))
    return " ".join(filter(None, said))


_DECIMAL = re.compile(
    r"((?<!\d)\d+\.\d+)"
)  # only from the first digit of a run, which takes linear time


def _to_ascii_digit(char: str) -> str:
    return str(int(char)) if char.isdecimal() else char


def _classify(char: str) -> str:
    if char.isdecimal():
        return "digit"
    if char.isalpha() or unicodedata.category(char)[0] == "M":
        return "letter"  # with the marks that make up its vowels
    return "numeral" if char.isnumeric() else "sign"


def _say_numeral(char: str) -> str:
    """A numeral that is not a digit: `Ⅳ`, `፲`, `౸`."""
    value = unicodedata.numeric(char, 0.0)
    return (
        numbers.say_cardinal(int(value))
        if value.is_integer()
        else numbers.say_number(f"{value:.3f}")
    )


def _say_sign(char: str) -> str:
    if is_ornament(char) or not char.isprintable():
        return NAMES.get(char, "")
    known = GREEK.get(char) or NAMES.get(char) or OPERATORS.get(char)
    if known or unicodedata.category(char)[0] != "S":
        return known or ""
    return find_unicode_name(char)


def say_signs(text: str) -> str:
    return " ".join(filter(None, (_say_sign(char) for char in text if not char.isspace())))


def say_letters(part: str) -> str:
    if part in GREEK:
        return GREEK[part]
    if part in NAMES:
        return NAMES[part]
    return part
