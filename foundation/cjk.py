"""Chinese and Japanese text, which is written without spaces between words.

Korean is written with spaces, so its letters do not count here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from foundation.languages import primary

CLAUSE_MARKS = "。！？、，；：…"
"""Full-width punctuation after which a clause or a sentence ends."""
CLOSING_MARKS = "」』）〉》】〕］｝”’"
_CURLY = "“”‘’"
_CLAUSE = re.compile(rf"[^{CLAUSE_MARKS}]*(?:[{CLAUSE_MARKS}]+[{CLOSING_MARKS}]*|$)")


def is_written_without_spaces(language: str) -> bool:
    """Whether a language is written without spaces between words, as far as it is known here."""
    return primary(language) in ("ja", "zh", "yue")


def is_cjk(character: str) -> bool:
    """Whether a character is a kanji, kana or full-width punctuation mark."""
    if character.isascii() or unicodedata.east_asian_width(character) not in "WF":
        return False
    if unicodedata.category(character)[0] not in "LPN":
        return False  # an emoji or a symbol
    return not ("\u1100" <= character <= "\u11ff" or "\uac00" <= character <= "\ud7ff")


def split_clauses(text: str) -> list[str]:
    """The clauses of a text without spaces, each with its punctuation. Joined, they are the text.

    Marks between digits do not end a clause: 8：30.
    """
    if text.isascii() or not any(mark in text for mark in CLAUSE_MARKS):
        return [text]
    clauses: list[str] = []
    for clause in filter(None, _CLAUSE.findall(text)):
        before = clauses[-1] if clauses else ""
        numeral = before[-2:-1].isdigit() and clause[:1].isdigit() and before[-1] in "，：、"
        if before and (numeral or not any(map(str.isalnum, clause))):
            clauses[-1] += clause
        else:
            clauses.append(clause)
    return clauses


def join_texts(texts: Iterable[str]) -> str:
    """Words or sentences as one text: with spaces, except between two that are written without."""
    joined = ""
    for text in texts:
        if joined and text and not meets_without_space(joined, text):
            joined += " "
        joined += text
    return joined


def meets_without_space(before: str, after: str) -> bool:
    """Whether two words, or a text and the next word, are written without a space between them.
    Curly quotation marks are of no script, so what is beside them decides."""
    last, first = before.rstrip(_CURLY)[-1:], after.lstrip(_CURLY)[:1]
    return bool(last and first) and is_cjk(last) and is_cjk(first)
