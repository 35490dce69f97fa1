"""Numbers in English words: cardinals, ordinals, decimals, years, fractions, Roman numerals."""

from __future__ import annotations

import functools
import re

NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+")

_LONGEST = 15
"""Digits. A longer number is read digit by digit, as people do."""

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_DENOMINATORS = {2: ("half", "halves"), 4: ("quarter", "quarters")}
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
_ROMAN_FORM = re.compile(r"M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")


@functools.cache
def _to_words(number: int, to: str) -> str:
    from num2words import num2words  # slow to import, since it loads every language

    return str(num2words(number, lang="en", to=to)).replace(",", "").replace(" and ", " ")


def say_cardinal(number: int) -> str:
    if number < 0:
        return "minus " + say_cardinal(-number)
    if len(str(number)) > _LONGEST:
        return say_digits(str(number))
    return _to_words(number, "cardinal")


def say_ordinal(number: int) -> str:
    return _to_words(number, "ordinal") if len(str(number)) <= _LONGEST else say_digits(str(number))


def say_digits(text: str) -> str:
    """Digit by digit."""
    return " ".join(_DIGITS[int(char)] for char in text if char.isdecimal())


def say_number(text: str) -> str:
    """A written number: `1,234.5`, `.5`, `007`. Digits after the point are said one by one."""
    whole, point, decimals = text.replace(",", "").replace("_", "").partition(".")
    if len(whole) > 1 and whole.startswith("0"):
        spoken = say_digits(whole)  # 007
    elif len(whole) > _LONGEST:
        spoken = say_digits(whole)
    else:
        spoken = say_cardinal(int(whole)) if whole else "zero"
    if point and decimals:
        spoken += " point " + say_digits(decimals)
    return spoken


def say_year(number: int) -> str:
    """1905: nineteen oh five; 1900: nineteen hundred; 2008: two thousand eight; 2024: twenty
    twenty-four."""
    if number < 1000 or 2000 <= number < 2010 or number % 1000 == 0 or number > 9999:
        return say_cardinal(number)
    century, rest = divmod(number, 100)
    if rest == 0:
        return f"{say_cardinal(century)} hundred"
    if rest < 10:
        return f"{say_cardinal(century)} oh {say_cardinal(rest)}"
    return f"{say_cardinal(century)} {say_cardinal(rest)}"


def make_plural(word: str) -> str:
    """The plural of a number word: twenties, hundreds, sixes."""
    if word.endswith("y"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith("x") else "s")


def say_decade(number: int) -> str:
    """1990: nineteen nineties; 2000: two thousands."""
    if number == 2000:
        return "two thousands"
    head, space, last = say_year(number).rpartition(" ")
    return head + space + make_plural(last)


def say_fraction(above: int, below: int) -> str:
    """One half, three quarters, five sixteenths."""
    if below in _DENOMINATORS:
        name = _DENOMINATORS[below][above != 1]
    else:
        name = say_ordinal(below) + ("" if above == 1 else "s")
    return f"{say_cardinal(above)} {name}"


def parse_roman(text: str) -> int | None:
    """The value of a well-formed Roman numeral in capitals."""
    if not text or not _ROMAN_FORM.fullmatch(text):
        return None
    values = [_ROMAN[char] for char in text]
    return sum(
        -value if position + 1 < len(values) and values[position + 1] > value else value
        for position, value in enumerate(values)
    )


def say_in_name(text: str) -> str:
    """Digits in a name: three or four are read in pairs, a longer row one by one."""
    number = int(text)
    if could_be_year(text):
        return say_year(number)
    if text.startswith("0") or len(text) > 4:
        return say_digits(text)
    hundreds, rest = divmod(number, 100)
    if len(text) < 3 or rest == 0:
        return say_cardinal(number)
    return f"{say_cardinal(hundreds)} {'oh ' if rest < 10 else ''}{say_cardinal(rest)}"


_LARGEST_YEAR = 2100


def could_be_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and 1100 <= int(text) < _LARGEST_YEAR
