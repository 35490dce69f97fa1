"""Splits written words from the punctuation around them."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from lessons.speakable import dates
from lessons.speakable.abbreviations import ABBREVIATIONS, REFERENCES, TITLES, WEEKDAYS
from lessons.speakable.compatibility import normalize_characters
from lessons.speakable.words import Atom, WrittenWord

LEADING = "([{\"'“”‘«‹„‚¿¡<"
TRAILING = ")]}\"'”“’»›.,;:!?…"
_CLOSERS = {")": "(", "]": "[", "}": "{"}
DASHES = frozenset({"–", "—", "―", "--", "---", "-"})
_ANGLE = re.compile(r".*\d[°′'’]\d+")
_ADDRESS_IN_ANGLES = re.compile(r"<(?:[a-z]+://|[\w.+-]+@)")


@dataclass(slots=True)
class BareWord:
    """A word without the punctuation around it.

    `core` is the word, `lead` and `trail` the punctuation before and after it, from which a rule
    removes what does not belong to the sentence. `said` is None until a rule has read the word.
    """

    lead: str
    core: str
    trail: str
    atoms: tuple[Atom, ...]
    said: str | None = None

    @property
    def lower(self) -> str:
        return self.core.lower()


def split_word(word: WrittenWord) -> BareWord:
    """Split a word from its punctuation. The full stop of an abbreviation stays in the word."""
    lead, core, trail = _split_text(word.text)
    return BareWord(lead, core, trail, word.atoms)


@functools.lru_cache(maxsize=16384)
def _split_text(text: str) -> tuple[str, str, str]:
    """The punctuation before a word, the word, and the punctuation after it."""
    text = normalize_characters(text)
    if not text:
        return "", "", ""
    if text in DASHES:
        return "", text, ""
    if not text.strip("….") and len(text) != 2:
        return "", "", "…" if len(text) > 2 or "…" in text else text
    rest = text.lstrip(LEADING) or text[-1]
    head = text[: len(text) - len(rest)]
    if "<" in head and not _ADDRESS_IN_ANGLES.match(text):
        cut = head.index("<")
        head, rest = head[:cut], text[cut:]
    core = rest.rstrip(TRAILING) or rest[:1]
    tail = rest[len(core) :]
    if core.endswith(">") and _ADDRESS_IN_ANGLES.match(text):
        core, tail = core[:-1], ">" + tail
    if tail.startswith(".") and _is_abbreviation(core + "."):
        core, tail = core + ".", tail[1:]
    if tail[:1] and tail[0] in "\"'’″”" and _ANGLE.fullmatch(core):
        core, tail = core + tail[0], tail[1:]
    while tail[:1] in _CLOSERS and core.count(tail[0]) < core.count(_CLOSERS[tail[0]]):
        core, tail = core + tail[0], tail[1:]
    for close, opening in _CLOSERS.items():
        if head.endswith(opening) and core.count(close) > core.count(opening):
            head, core = head[:-1], opening + core  # (NH4)2SO4
    return head, core, tail


def _is_abbreviation(dotted: str) -> bool:
    lowered = dotted.lower()
    return (
        lowered in ABBREVIATIONS
        or lowered in TITLES
        or lowered in REFERENCES
        or lowered in WEEKDAYS
        or dates.find_month(dotted) is not None
        or re.fullmatch(r"(?:[A-Za-z]\.){2,}|(?:[A-Z][a-z]?\.){2,}", dotted) is not None
    )
