"""Languages without a locale: num2words says numbers. Signs, and numbers that it cannot say, are
passed on to the voice as they are written."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from decimal import Decimal

from foundation.cjk import join_texts
from foundation.languages import primary
from lessons.speakable.compatibility import normalize_characters
from lessons.speakable.foreign import ReadWord, count_digit_groups, say_numeral
from lessons.speakable.words import WrittenWord
from lessons.wordset import word_set

PASSED_ON = frozenset("%‰€$£¥+=<>×÷±°§&@#²³½¼¾/−√π∞0123456789")
"""Signs that are passed on to the voice in languages without a locale."""

# CLDR's: languages with a comma before decimals, and those of them that group digits by a space.
_GROUPING_BY_SPACE = word_set(
    "bg be cs et fi hu hy ka kk lt lv nb nn no pl pt ro ru sk sl sq sv uk"
)
_WITH_DECIMAL_COMMA = _GROUPING_BY_SPACE | word_set(
    "az bs ca da el eo eu gl hr id is mk nl sr tr uz vi"
)
_WHOLE_NUMBERS = re.compile(r"\d+|\D+")
_NUMBERS_WITH_COMMA = re.compile(
    r"\d{1,3}(?:[\u00a0\u202f]\d{3})+(?!\d)(?:,\d+)?"
    r"|\d+(?:,\d+){2,}"  # a list
    r"|\d+(?:,\d+)?|\D+"
)


def read_sentence_without_locale(words: Sequence[WrittenWord], language: str) -> list[ReadWord]:
    """What is said for the text of each word in a language without a locale."""
    texts = [normalize_characters(word.text) for word in words]
    grouped = primary(language) in _GROUPING_BY_SPACE
    read: list[ReadWord] = []
    while len(read) < len(words):
        at = len(read)
        size = count_digit_groups(texts, at) if grouped else 1
        read.append(ReadWord(say_without_locale("".join(texts[at : at + size]), language)))
        read += [ReadWord("", joined=True)] * (size - 1)
    return read


@functools.lru_cache(maxsize=4096)
def say_without_locale(text: str, language: str) -> str:
    """A word in a language without a locale: numbers in words if num2words can say them."""
    plain = normalize_characters(text)
    parts = _NUMBERS_WITH_COMMA if primary(language) in _WITH_DECIMAL_COMMA else _WHOLE_NUMBERS
    return join_texts(
        _say_plain_number(part, language) if part[0].isdecimal() else part
        for part in parts.findall(plain)
    )


def _say_plain_number(text: str, language: str) -> str:
    """`42`, `299\u202f792`, `3,5`."""
    plain = re.sub(r"[\u00a0\u202f]", "", text)
    whole, comma, decimals = plain.partition(",")
    if not decimals.isdecimal() or not plain.isascii() or len(whole) > 15:
        return join_texts(
            _say_whole_number(part, language) if part.isdecimal() else part
            for part in re.findall(r"\d+|\D+", whole + comma + decimals)
        )
    try:
        return _say_decimal(f"{whole}.{decimals}", primary(language))
    except (NotImplementedError, ValueError, OverflowError, TypeError):
        return text


@functools.lru_cache(maxsize=4096)
def _say_decimal(number: str, code: str) -> str:
    from num2words import num2words

    return str(num2words(Decimal(number), lang=code))


def _say_whole_number(digits: str, language: str) -> str:
    plain = "".join(str(int(char)) for char in digits)
    if len(plain) > 15:
        return plain
    try:
        return say_numeral(int(plain), primary(language), "cardinal")
    except (NotImplementedError, ValueError, OverflowError, TypeError):
        return plain
