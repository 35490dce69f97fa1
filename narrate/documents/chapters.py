"""Chapters from slides, as WebVTT and as Podcasting 2.0 JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from foundation.problem import Place
from narrate.captions.formats.base import clean
from narrate.captions.formats.vtt import Vtt
from narrate.documents.outline import SlideTimes, slide_title
from narrate.errors import RenderError
from narrate.vocabulary import Chapter, Cue

VERSION = 1

JSON_VERSION = "1.2.0"
"""github.com/Podcastindex-org/podcast-namespace, docs/examples/chapters/jsonChapters.md."""


def chapters_of(parts: Sequence[SlideTimes], total_ms: int) -> tuple[Chapter, ...]:
    """One chapter a slide, the last until `total_ms`; slides in a row with one title share one."""
    chapters: list[Chapter] = []
    for n, part in enumerate(parts):
        end = parts[n + 1].start_ms if n + 1 < len(parts) else total_ms
        if part.start_ms is None or end is None:
            raise RenderError(
                "Chapters need the times of the slides.",
                remedy="Build the lesson first.",
                place=Place(slide=part.slide.number),
            )
        title = slide_title(part.slide)
        if chapters and chapters[-1].title == title:
            chapters[-1] = Chapter(chapters[-1].start, end, title)
        else:
            chapters.append(Chapter(part.start_ms, end, title))
    return tuple(chapters)


def write_chapters_vtt(chapters: Sequence[Chapter], *, language: str, title: str = "") -> str:
    """For `<track kind="chapters">`: WebVTT chapter titles are one line of text."""
    cues = [Cue(chapter.start, chapter.end, (clean(chapter.title),)) for chapter in chapters]
    return Vtt().write(cues, language=language, title=title, kind="chapters")


def write_chapters_json(chapters: Sequence[Chapter], *, title: str = "") -> str:
    """Times in seconds."""
    document: dict[str, object] = {"version": JSON_VERSION}
    if title:
        document["title"] = clean(title)
    document["chapters"] = [
        {
            "startTime": chapter.start / 1000,
            "endTime": chapter.end / 1000,
            "title": clean(chapter.title),
        }
        for chapter in chapters
    ]
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
