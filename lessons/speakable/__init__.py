"""Turns written text into spoken words; see `Reader`.

Everything that has a meaning is spoken. The following is silent:
- emoji and ornaments, unless a sentence has nothing else: then their names are spoken;
- bullets, quotation marks, marks of footnotes (`word¹`, `word*`), and ™ and ® after a name;
- the scheme of a web address, and everything after its path;
- spacing, labels and tags in a formula.

Dashes and brackets become pauses. Formulas longer than `latex.LONGEST` characters, and code longer
than `identifiers.LONGEST`, are cut off there.
"""

from __future__ import annotations

from lessons.speakable.lexicon import Lexicon, LexiconEntry
from lessons.speakable.reader import Reader, say
from lessons.speakable.words import ATOM, Atom, SpokenWord, WrittenWord

__all__ = ["ATOM", "Atom", "Lexicon", "LexiconEntry", "Reader", "SpokenWord", "WrittenWord", "say"]
