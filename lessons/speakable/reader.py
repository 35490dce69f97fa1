from __future__ import annotations

from collections.abc import Sequence

from lessons.speakable.lexicon import Lexicon
from lessons.speakable.words import Said, Word


class Reader:
    def __init__(self, language: str = "en-US", lexicon: Lexicon | None = None) -> None:
        self.language = language
        self.lexicon = lexicon or Lexicon()

    def read(self, sentence: Sequence[Word]) -> list[Said]:
        return [Said(w.written, w.written) for w in sentence]


def say(text: str, language: str = "en-US", lexicon: Lexicon | None = None) -> str:
    return " ".join(
        s.spoken for s in Reader(language, lexicon).read([Word(w) for w in text.split()])
    )
