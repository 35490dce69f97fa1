"""Written text to spoken words: see `Reader`.

Everything that carries meaning is said. Silent are, beside other words: emoji and ornaments (a
sentence of nothing else is said by their names), bullets, quotation marks, marks of notes after a
word (`word¹`, `word*`), ™ and ® after a name; in an address, its scheme and what follows its path;
in a formula, spacing, labels and tags. Dashes and brackets are pauses. A formula of more than
`latex.LONGEST` characters, and code of more than `identifiers.LONGEST`, is read up to there.
"""

from __future__ import annotations

from lessons.speakable.lexicon import Lexicon, LexiconEntry
from lessons.speakable.reader import Reader, say
from lessons.speakable.words import ATOM, Atom, SpokenWord, WrittenWord

__all__ = ["ATOM", "Atom", "Lexicon", "LexiconEntry", "Reader", "SpokenWord", "WrittenWord", "say"]
