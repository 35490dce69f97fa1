"""A sample of the sentences that strangers wrote, read from plain text with one on each line.

Lines with figures, with letters of a script that the language does not use, with capitals alone, or
of another length are left out, and so are repetitions. The sample is the same for the same file.

Public collections are in server/data of the repository common-voice/common-voice (CC0); an older
copy, mozilla/common-voice, is smaller.
"""

from __future__ import annotations

import random
import re
import unicodedata
from importlib import import_module
from pathlib import Path

from foundation.languages import primary
from narrate.align.segmentation import split_chunk

WORDS, LETTERS = (4, 16), (8, 40)  # the least and most; letters where words are not written apart
SCRIPTS = {"hi": ("DEVANAGARI",), "ja": ("HIRAGANA", "KATAKANA", "CJK"), "zh": ("CJK",)}
MARKS = set(" .,;:!?'’-–…¿¡«»\"“”。、，！？；：「」।")


def read_sentences(folder: Path, language: str, most: int) -> list[str]:
    """At most `most` sentences of the language's file in `folder`, in random order."""
    path = folder / f"{language}.txt"
    if not path.is_file():
        path = folder / f"{primary(language)}.txt"
    lines = (" ".join(s.split()) for s in path.read_text(encoding="utf-8-sig").splitlines())
    fit = sorted({line for line in lines if _is_fit(line, primary(language))})
    return random.Random(13).sample(fit, min(most, len(fit)))


def split_words(text: str, language: str) -> list[str]:
    """The words of a sentence, each with the punctuation after it. Chinese words are jieba's, and
    Japanese ones those of the aligner."""
    words: list[str] = []
    for chunk in text.split():
        parts = [chunk]
        if primary(language) == "ja":
            parts = split_chunk(chunk, language)
        elif primary(language) == "zh":
            parts = list(import_module("jieba").cut(chunk))
        for part in parts:
            if words and not any(map(str.isalnum, part)):
                words[-1] += part
            else:
                words.append(part)
    return words


def _is_fit(text: str, language: str) -> bool:
    letters = [c for c in text if unicodedata.category(c)[0] in "LM"]
    if language in ("ja", "zh"):
        fits = LETTERS[0] <= len(letters) <= LETTERS[1]
    else:
        fits = WORDS[0] <= len(text.split()) <= WORDS[1]
    others = set(text) - set(letters) - MARKS
    shouted = any(word.isupper() for word in re.findall(r"\w{2,}", text))
    return fits and not others and not shouted and all(_is_own(c, language) for c in letters)


def _is_own(letter: str, language: str) -> bool:
    scripts = SCRIPTS.get(language, ("LATIN", "COMBINING"))
    return unicodedata.name(letter, "").startswith(scripts)
