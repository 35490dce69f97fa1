"""A reader of a language whose words are pronounced together, clause by clause.

It knows where clauses end, which token each symbol belongs to, and what a script pronounces itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lessons.directives.phone_alphabets import MISAKI_PUNCTUATION, MISAKI_VOWELS
from lessons.model import Token, Utterance
from narrate.speech.base import make_unknown_sounds_error, make_unreadable_error
from narrate.speech.kokoro_alphabet import convert_spelling
from narrate.speech.phoneme_text import NOT_SAID, PhonemeText, set_stress

Pronounce = Callable[[Sequence[str]], Sequence[str]]
"""The model's phonemes for each word of a clause, which are said together. Words have no spaces and
no punctuation. What cannot be said is an empty string."""

# The punctuation of other scripts, and signs of quotation, as the model knows them.
_MARKS = {
    **dict.fromkeys("、，､", ","), **dict.fromkeys("。．｡।॥", "."), "！": "!", "？": "?",
    "：": ":", "；": ";", **dict.fromkeys("«「『《〈【", "“"), **dict.fromkeys("»」』》〉】", "”"),
    "（": "(", "）": ")", **dict.fromkeys("¡¿・·‧", " "), "–": "—", "⋯": "…",
}  # fmt: skip
_SIGNS = "".join(sorted(MISAKI_PUNCTUATION))
# A point or a comma between digits is part of the number.
_INSIDE = re.compile(rf"(?!(?<=[0-9])[.,:](?=[0-9]))[{re.escape(_SIGNS)}]")
_OPENING = ("(", "“")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word or a mark of an utterance, its token, and its phonemes if the script gives them."""

    text: str
    token: int
    phonemes: str | None = None

    @property
    def is_mark(self) -> bool:
        return self.text in MISAKI_PUNCTUATION


@dataclass(frozen=True, slots=True)
class WordReader:
    """Reads by a function that pronounces words together.

    `toned` languages have no stress marks, and their words are found in the whole sentence: what
    they are read with are marks too, which say nothing.
    """

    vocabulary: frozenset[str]
    pronounce: Pronounce
    toned: bool = False
    english: bool = field(default=False, init=False)

    def find_unknown_sounds(self, ipa: str) -> tuple[str, ...]:
        phonemes = convert_spelling(ipa)
        unknown = sorted({c for c in phonemes if c not in self.vocabulary})
        return tuple(unknown) if unknown or any(map(str.isalpha, phonemes)) else ("?",)

    def read(self, utterance: Utterance, *, voice: str) -> PhonemeText:
        pieces = self._divide(utterance, voice)
        symbols, tokens = self._write(pieces, self._pronounce(pieces))
        said = frozenset(tokens)
        for index, token in enumerate(utterance.tokens):
            if index not in said and any(map(str.isalnum, token.spoken)):
                raise make_unreadable_error(token, voice, utterance.line)
            if token.emphasis and not self.toned:
                reduced = token.emphasis == "reduced"
                set_stress(symbols, tokens, index, vowels=MISAKI_VOWELS, reduced=reduced)
        return PhonemeText(tuple(symbols), tuple(tokens))

    def _write(
        self, pieces: Sequence[_Piece], phonemes: Sequence[str]
    ) -> tuple[list[str], list[int]]:
        """The symbols of all pieces with the spaces between them, and the token of each."""
        symbols: list[str] = []
        tokens: list[int] = []
        for piece, said in zip(pieces, phonemes, strict=True):
            text = piece.text if piece.is_mark else said
            opens = text in _OPENING
            if not text or (piece.is_mark and not opens and not symbols):
                continue
            if symbols and symbols[-1] not in _OPENING and (opens or not piece.is_mark):
                text = f" {text}"
            for symbol in text:
                if symbol in self.vocabulary:
                    symbols.append(symbol)
                    silent = symbol == " " or symbol in MISAKI_PUNCTUATION
                    tokens.append(NOT_SAID if silent else piece.token)
        return symbols, tokens

    def _pronounce(self, pieces: Sequence[_Piece]) -> list[str]:
        """The phonemes of each piece. Words are said together between marks, and between words that
        the script pronounces."""
        found: list[str] = []
        run: list[str] = []
        for piece in (*pieces, None):
            if piece and piece.phonemes is None and (self.toned or not piece.is_mark):
                run.append(piece.text)
                continue
            found += self.pronounce(run) if run else ()
            run = []
            if piece:
                found.append(piece.phonemes or "")
        return found

    def _divide(self, utterance: Utterance, voice: str) -> list[_Piece]:
        pieces: list[_Piece] = []
        for index, token in enumerate(utterance.tokens):
            for text in self._split(token):
                phones = None if text in MISAKI_PUNCTUATION else token.phones
                if phones is not None and (unknown := self.find_unknown_sounds(phones)):
                    raise make_unknown_sounds_error(token, voice, unknown, utterance.line)
                said = None if phones is None else convert_spelling(phones)
                pieces.append(_Piece(text, index, said))
        return pieces

    @staticmethod
    def _split(token: Token) -> list[str]:
        """The words and the marks of what a token says. Where the script gives the phones, they
        stand for all of its words."""
        text = "".join(_MARKS.get(char, char) for char in token.spoken)
        pieces = _INSIDE.sub(r" \g<0> ", text).split()
        if token.phones is None:
            return pieces
        words = [piece for piece in pieces if piece not in MISAKI_PUNCTUATION]
        marks = [piece for piece in pieces if piece in MISAKI_PUNCTUATION]
        return ["".join(words) or token.spoken, *marks] if pieces else []
