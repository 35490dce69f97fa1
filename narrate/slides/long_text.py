"""Long paragraphs in parts, which can be put on several pages."""

from __future__ import annotations

import re
from dataclasses import replace

from lessons.model import Inline, Run

SHORT = 480  # characters of a paragraph that stays together
PART = 240  # characters at least of a part


_SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？।॥])\s*")
_WORDS = re.compile(r"(?<=\s)")


def split_text(content: Inline) -> tuple[Inline, ...]:
    """A paragraph as parts, each of which ends with a sentence, or with a word if a sentence is
    very long. A short paragraph is one part."""
    if sum(len(run.text) for run in content) <= SHORT:
        return (content,)
    parts: list[Inline] = []
    part: list[Run] = []
    length = 0
    for run in content:
        pieces = [run.text] if run.style == "formula" else _cut(run.text)
        for piece in pieces:
            part.append(replace(run, text=piece))
            length += len(piece)
            ends = piece.rstrip().endswith((".", "!", "?", "…", "。", "！", "？", "।", "॥"))
            long = PART if ends and run.style == "plain" else SHORT
            if length >= long and run.style != "formula":
                parts.append(tuple(part))
                part, length = [], 0
    if part:
        parts.append(tuple(part))
    return tuple(parts)


def _cut(text: str) -> list[str]:
    """The sentences of a text with the spaces after them; very long ones as words, and very long
    words as pieces."""
    ends = [match.end() for match in _SENTENCE.finditer(text)]
    sentences = [text[a:b] for a, b in zip([0, *ends], [*ends, len(text)], strict=True)]
    pieces: list[str] = []
    for sentence in filter(None, sentences):
        pieces += _WORDS.split(sentence) if len(sentence) > SHORT else [sentence]
    return [piece[at : at + PART] for piece in pieces for at in range(0, len(piece), PART)]
