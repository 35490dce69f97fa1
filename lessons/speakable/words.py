"""What goes into the reader and what comes out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lessons.speakable.formula_text import show_formula
from lessons.speakable.lexicon import LexiconEntry

ATOM = "\ufffc"
"""Stands in a word's text for an atom."""

NARROW_SPACE = "\u202f"
"""A space inside one token: it does not part words and lines do not break there."""

AtomKind = Literal["code", "formula", "said", "phoneme"]


@dataclass(frozen=True, slots=True)
class Atom:
    """Something in a word that is not read letter by letter: inline code, LaTeX, or what an SSML
    element holds, with its reading in `say`: spoken words (a space: it is said with the word
    before it), or IPA."""

    kind: AtomKind
    text: str
    reading: str = ""

    @property
    def written(self) -> str:
        """How a caption shows it, without a breaking space."""
        text = show_formula(self.text) if self.kind == "formula" else self.text
        return NARROW_SPACE.join(text.split())


@dataclass(frozen=True, slots=True)
class WrittenWord:
    """A stretch without white space; `text` holds ATOM for each of `atoms`."""

    text: str
    atoms: tuple[Atom, ...] = ()
    start: int = 0
    end: int = 0

    @property
    def written(self) -> str:
        atoms = iter(self.atoms)
        return "".join(
            atom.written if char == ATOM and (atom := next(atoms, None)) else char
            for char in self.text
        )


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """See `lessons.model.Token`. `entry` is the lexicon's that decided how it is said."""

    written: str
    spoken: str
    phones: str | None = None
    entry: LexiconEntry | None = None
