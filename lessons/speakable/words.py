"""What the reader takes and returns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from lessons.speakable.formula_text import show_formula
from lessons.speakable.lexicon import LexiconEntry

ATOM = "\ufffc"
"""The character that represents an atom in the text of a word."""

NARROW_SPACE = "\u202f"
"""A space inside one token: it does not separate words, and lines do not break there."""

AtomKind = Literal["code", "formula", "said", "phoneme", "sound"]


@dataclass(frozen=True, slots=True)
class Atom:
    """A part of a word that is read as a whole: inline code, LaTeX, the text of an SSML element, or
    the sign of a sound, such as `[laughs]`, which is written and not said.

    For an SSML element, `reading` is what is said: IPA for a phoneme, otherwise spoken words. A
    space means that the atom is said together with the word before it.
    """

    kind: AtomKind
    text: str
    reading: str = ""

    @property
    def written(self) -> str:
        """How a caption shows the atom, without spaces at which a line could break."""
        text = show_formula(self.text) if self.kind == "formula" else self.text
        return NARROW_SPACE.join(text.split())


class WrittenWord(NamedTuple):
    """A word of the script, without white space. `text` holds ATOM for each of `atoms`.

    `start` and `end` are offsets in the file.
    """

    text: str
    atoms: tuple[Atom, ...] = ()
    start: int = 0
    end: int = 0

    @property
    def sounds(self) -> bool:
        """Whether this is the sign of a sound and holds no word."""
        rest = self.text.replace(ATOM, "")
        marked = any(atom.kind == "sound" for atom in self.atoms)
        return marked and len(self.atoms) == 1 and not any(map(str.isalnum, rest))

    @property
    def written(self) -> str:
        if not self.atoms:
            return self.text
        atoms = iter(self.atoms)
        return "".join(
            atom.written if char == ATOM and (atom := next(atoms, None)) else char
            for char in self.text
        )


class SpokenWord(NamedTuple):
    """How a word is said; the first fields are those of `lessons.model.Token`. `entry` is the
    lexicon entry that decided it, if one did; a word that is `joined` is said with the one before
    it."""

    written: str
    spoken: str
    phones: str | None = None
    entry: LexiconEntry | None = None
    joined: bool = False
