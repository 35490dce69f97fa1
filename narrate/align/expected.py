"""What is expected in a window of speech: the script word by word, and its text with a change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from unicodedata import category

from narrate.align.phonetic_distance import find_sounds, phone_distance, split_words
from narrate.align.segmentation import join_words, split_recognised

_PUNCTUATION = ".,;:?!…"
_GREEK = re.compile("[\u0370-\u03ff\u1f00-\u1fff]")
ALIKE = 0.3  # the share of phones that may differ between a word and its respelling


@dataclass(frozen=True, slots=True)
class Expected:
    """The script of a window. Its `words` are compared and aligned. Each belongs to a chunk, which
    is a word as the voice was given it, with punctuation, and to a token of the script."""

    words: tuple[str, ...]
    chunks: tuple[str, ...]
    chunk_of: tuple[int, ...]
    token_of: tuple[int, ...]
    between: str = " "  # what is written between two words

    def text(self, first: int, last: int) -> str:
        """The words `first`..`last` (exclusive) as the voice was given them."""
        return self.between.join(self._make_pieces(first, last))

    def changed(self, first: int, last: int, start: int, end: int, said: str) -> str:
        """The words `first`..`last` with `said` in place of `start`..`end`, which are among
        them."""
        tail = ""
        if end > start and said:
            chunk = self.chunks[self.chunk_of[end - 1]]
            tail = chunk[len(chunk.rstrip(_PUNCTUATION)) :]
        middle = [said.rstrip(_PUNCTUATION) + tail] if said else []
        pieces = [*self._make_pieces(first, start), *middle, *self._make_pieces(end, last)]
        return self.between.join(pieces)

    def only(self, kept: Sequence[int]) -> Expected:
        """Only the words at these indices."""
        return Expected(
            tuple(self.words[at] for at in kept),
            self.chunks,
            tuple(self.chunk_of[at] for at in kept),
            tuple(self.token_of[at] for at in kept),
            self.between,
        )

    def _make_pieces(self, first: int, last: int) -> list[str]:
        pieces: list[str] = []
        for chunk, members in groupby(range(first, last), key=self.chunk_of.__getitem__):
            inside = list(members)
            if len(inside) == self.chunk_of.count(chunk):
                pieces.append(self.chunks[chunk])
            else:
                pieces += [self.words[at] for at in inside]
        return pieces


def expect(
    spoken: Sequence[str], written: Sequence[str] | None = None, language: str = ""
) -> Expected:
    """The expected words. `spoken` has a text for each token, which is empty if the token is not
    said. If it only spells how the word in `written` sounds (why fie, G P U), the chunk is the
    written word, since that is how Whisper spells it."""
    words: list[str] = []
    chunks: list[str] = []
    chunk_of: list[int] = []
    token_of: list[int] = []
    for token, text in enumerate(spoken):
        word = written[token] if written is not None else ""
        respelled = _respells(text, word, language)
        for chunk in [text] if respelled else split_recognised(text, language):
            found = split_words(chunk)
            if found:
                words += found
                chunk_of += [len(chunks)] * len(found)
                token_of += [token] * len(found)
                chunks.append(word if respelled else chunk)
    between = join_words(["", ""], language)
    return Expected(tuple(words), tuple(chunks), tuple(chunk_of), tuple(token_of), between)


def has_unread_signs(spoken: str, language: str) -> bool:
    """Whether a text has signs or Greek letters for which nobody wrote words: each voice reads them
    in a way of its own."""
    return any(
        category(char) == "Sm" or (language != "el" and _GREEK.match(char)) for char in spoken
    )


def _respells(spoken: str, written: str, language: str) -> bool:
    bare = written.strip(_PUNCTUATION)
    words = split_words(spoken)
    if not re.sub("[-'’]", "", bare).isalpha() or words == split_words(bare):
        return False
    one = find_sounds(bare, language)
    other = "".join(find_sounds(word, language) for word in words)
    return phone_distance(one, other) <= ALIKE * max(len(one), len(other))
