"""A written word parted from the punctuation around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lessons.speakable import dates
from lessons.speakable.abbreviations import ABBREVIATIONS, REFERENCES, TITLES, WEEKDAYS
from lessons.speakable.words import Atom, Word

_LEADING = "([{\"'“”‘«‹„‚¿¡<"
_TRAILING = ")]}\"'”“’»›.,;:!?…"
DASHES = frozenset({"–", "—", "―", "--", "---", "-"})


@dataclass(slots=True)
class Piece:
    """A word without the punctuation around it. `said` is None until a rule has spoken."""

    lead: str
    core: str
    trail: str
    atoms: tuple[Atom, ...]
    said: str | None = None

    @property
    def lower(self) -> str:
        return self.core.lower()


def split(word: Word) -> Piece:
    """Part a word from its punctuation; a full stop that belongs to an abbreviation stays."""
    text = word.text
    if text in DASHES:
        return Piece("", text, "", word.atoms)
    rest = text.lstrip(_LEADING) or text[-1]
    head = text[: len(text) - len(rest)]
    if head.endswith("<") and not re.match(r"<[a-z]+://", text):
        head = head.rstrip("<")
        rest = text[len(head) :]
    core = rest.rstrip(_TRAILING) or rest[:1]
    tail = rest[len(core) :]
    if tail.startswith("."):
        dotted = core + "."
        lowered = dotted.lower()
        if (
            lowered in ABBREVIATIONS
            or lowered in TITLES
            or lowered in REFERENCES
            or lowered in WEEKDAYS
            or dates.month(dotted)
            or re.fullmatch(r"(?:[A-Za-z]\.){2,}", dotted)
        ):
            core, tail = dotted, tail[1:]
    if tail.startswith(")") and core.count("(") > core.count(")"):
        core, tail = core + ")", tail[1:]
    if tail.startswith("]") and core.count("[") > core.count("]"):
        core, tail = core + "]", tail[1:]
    return Piece(head, core, tail, word.atoms)
