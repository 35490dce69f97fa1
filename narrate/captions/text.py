"""Caption text: how wide it is, and where it may be cut."""

from __future__ import annotations

import re
import unicodedata

# Not \s: a no-break space or another typographic space belongs to the word around it.
_SPACE = re.compile("[ \t\n\r\f\v\x1c-\x1f\x85\u2028\u2029]+")
_ZWJ = "\u200d"
# A word that is too long (an address, a formula) is best cut after one of these.
_JOINTS = frozenset("/\\-_.,:;?=&#@+|–—\u202f\u00a0")


def split_words(text: str) -> list[str]:
    """Split a text at spaces and line ends, but not at no-break spaces."""
    return [word for word in _SPACE.split(text) if word]


def count_columns(text: str) -> int:
    """Count the columns that a text takes: 2 for a wide East Asian character or an emoji, 0 for a
    combining character, 1 for any other.

    The widths are those of Unicode's East Asian Width (UAX #11).
    """
    return sum(map(_measure_width, split_graphemes(text)))


def count_characters(text: str) -> int:
    """Count what a reader sees as characters, without spaces and punctuation, as Chinese and
    Japanese texts are measured."""
    return sum(unicodedata.category(g[0])[0] not in "ZPC" for g in split_graphemes(text))


def cut_word(word: str, limit: int) -> list[str]:
    """Cut a word into pieces of at most `limit` columns. Joined, they are the word again.

    A word that fits is one piece. Any other is cut after punctuation and between wide characters.
    Only a piece that is then still too long is cut between any two graphemes.
    """
    if count_columns(word) <= limit:
        return [word]
    pieces: list[str] = []
    current = ""
    for grapheme in split_graphemes(word):
        joint = bool(current) and (
            (current[-1] in _JOINTS and grapheme not in _JOINTS)
            or (_is_wide(grapheme[0]) and not _closes(grapheme))
            or (_is_wide(current[-1]) and not _closes(grapheme))
        )
        if joint or count_columns(current + grapheme) > limit:
            pieces.append(current)
            current = ""
        current += grapheme
    return [*pieces, current] if current else pieces


def split_graphemes(text: str) -> list[str]:
    """Split a text into what a reader sees as one character each, by the main rules of UAX #29."""
    found: list[str] = []
    for character in text:
        if found and _continues(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _closes(grapheme: str) -> bool:
    """Whether this is punctuation that may not begin a line in CJK typesetting."""
    return unicodedata.category(grapheme[0]) in ("Pe", "Pf", "Po") or grapheme in "ーゝゞ々"


def _measure_width(grapheme: str) -> int:
    if _is_wide(grapheme[0]) or _is_regional(grapheme):
        return 2
    return int(unicodedata.category(grapheme[0]) not in ("Cf", "Mn", "Me"))


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _continues(before: str, character: str) -> bool:
    """Whether a character belongs to the grapheme before it."""
    if not before:
        return False
    code = ord(character)
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character == _ZWJ
        or before[-1] == _ZWJ
        or 0x1F3FB <= code <= 0x1F3FF  # skin tones
        or 0xE0020 <= code <= 0xE007F  # tags in the flags of regions
        or (_is_regional(character) and _is_regional(before) and len(before) == 1)
    )


def _is_regional(text: str) -> bool:
    return all(0x1F1E6 <= ord(character) <= 0x1F1FF for character in text)
