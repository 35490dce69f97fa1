"""Mandarin for Kokoro: jieba finds the words, pypinyin their readings, misaki writes them."""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Sequence

from narrate.speech.kokoro import east_asian
from narrate.speech.kokoro.east_asian import Segment
from narrate.speech.kokoro.word_reader import Pronounce

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]+")
_PARTS = re.compile(rf"{_HAN.pattern}|[0-9][0-9.]*|.", re.DOTALL)
_MOST_DIGITS = 16  # that cn2an can write
_COMBINING = "\u032f"  # the mark of a glide, which the model does not know


def make_pronounce(vocabulary: frozenset[str]) -> Pronounce:
    """Pronounce Mandarin; Latin words in it are English."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of syntax in old packages
        import cn2an
        import jieba
        from misaki.zh import ZHG2P
    jieba.setLogLevel(logging.ERROR)

    def write(word: str) -> str:
        try:
            return str(ZHG2P.word2ipa(word)).replace(_COMBINING, "")
        except ValueError:  # of a rare character without a reading
            return ""

    def read(text: str) -> Sequence[Segment]:
        found: list[Segment] = []
        for part in _PARTS.findall(text):
            if _HAN.fullmatch(part):
                found += [(word, write(word)) for word in jieba.lcut(part, cut_all=False)]
            elif part[0].isdigit():
                said = cn2an.transform(part[:_MOST_DIGITS], "an2cn")
                found.append((part, write(said)))
            else:
                found.append((part, ""))
        return found

    return east_asian.make_pronounce(read, vocabulary)
