"""How many of a lesson's words are on its slides or in its speech.

The words of its tool's own rendering are counted, with repetitions, and those of them that the
lesson has. A word that is both shown and said in one place counts once. Code is not said, so its
words count besides those of sentences that are alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lessons.model import (
    Box,
    Code,
    Inline,
    ItemList,
    Lesson,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Slide,
    Table,
    Visual,
    walk_visuals,
)

LEAST_WORDS = 3
_ADDRESS = re.compile(r"(?:https?://|www\.|mailto:)[^\s<>)\]]+")
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many words the reference has, how many of them were found, and which were not."""

    words: int
    found: int
    missing: Counter[str]

    @property
    def share(self) -> float:
        return self.found / self.words if self.words else 1.0


def split_words(text: str) -> list[str]:
    """The words of a text in lower case, without addresses. An ideograph is a word."""
    plain = unicodedata.normalize("NFKC", _ADDRESS.sub(" ", text)).replace("\u00ad", "")
    return _WORD.findall(plain.casefold())


def measure_coverage(reference: str, lesson: Lesson) -> Coverage:
    wanted, there = Counter(split_words(reference)), lesson_words(lesson)
    missing = wanted - there
    return Coverage(wanted.total(), wanted.total() - missing.total(), missing)


def lesson_words(lesson: Lesson) -> Counter[str]:
    words: Counter[str] = Counter()
    for slide in lesson.slides:
        words.update(_slide_words(slide, read_aloud=lesson.shape == "script"))
    if lesson.title not in (slide.title for slide in lesson.slides):
        words.update(split_words(lesson.title))
    return words


def _slide_words(slide: Slide, *, read_aloud: bool) -> Iterator[str]:
    """The words of a slide. In a deck, only whole sentences are known to be what is shown: its
    notes may have some words of the slide."""
    sentences = [split_words(utterance.written) for utterance in slide.utterances]
    said = _Said(tuple(" ".join(words) for words in sentences))
    for words in sentences:
        yield from words
    shown = [(slide.title, False)]
    for visual in walk_visuals(slide.visuals):
        if isinstance(visual, Code):
            yield from split_words(visual.text)
            continue
        shown += [(text, isinstance(visual, Paragraph)) for text in _visual_texts(visual)]
    for text, anywhere in shown:
        words = split_words(text)
        if not (said.has(words, anywhere) if read_aloud else said.are(words)):
            yield from words


@dataclass(frozen=True, slots=True)
class _Said:
    """What is said on a slide: the words of its sentences, each joined by spaces."""

    sentences: tuple[str, ...]

    def has(self, words: list[str], anywhere: bool) -> bool:
        """Whether the words are sentences, or a part of them. Only the bold words of a script, and
        texts of some length, can be known to be the same words if they are only a part."""
        text = " ".join(self.sentences)
        if self.are(words):
            return True
        return (anywhere or len(words) > LEAST_WORDS) and f" {' '.join(words)} " in f" {text} "

    def are(self, words: list[str]) -> bool:
        """Whether the words are one or more whole sentences that follow each other."""
        wanted = " ".join(words)
        for first in range(len(self.sentences)):
            run = ""
            for sentence in self.sentences[first:]:
                run = f"{run} {sentence}".strip()
                if run == wanted:
                    return True
                if not wanted.startswith(run):
                    break
        return False


def _visual_texts(visual: Visual) -> Iterator[str]:
    match visual:
        case Paragraph(content=content) | Quote(content=content):
            yield _show(content)
        case ItemList(items=items):
            yield from (_show(item.content) for item in items)
        case Table(header=header, rows=rows):
            yield from (_show(cell) for row in (header, *rows) for cell in row)
        case Picture(alt=alt, title=title):
            yield from (alt, title)
        case Placeholder(name=name, alt=alt):
            yield from (alt, name)
        case Box(label=label, title=title):
            yield from (label, _show(title))
        case _:
            pass


def _show(content: Inline) -> str:
    return "".join(run.text if run.style != "formula" else " " for run in content)
