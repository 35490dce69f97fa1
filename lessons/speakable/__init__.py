"""Written text to spoken words: see `Reader`."""

from __future__ import annotations

from lessons.speakable.lexicon import Entry, Lexicon
from lessons.speakable.reader import Reader, say
from lessons.speakable.words import ATOM, Atom, Said, Word

__all__ = ["ATOM", "Atom", "Entry", "Lexicon", "Reader", "Said", "Word", "say"]
