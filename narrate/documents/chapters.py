"""Chapters made from slides, written as WebVTT and as Podcasting 2.0 JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from foundation.problem import Place
from lessons.course.settings import DEFAULTS
from narrate.captions.formats.base import clean
from narrate.captions.formats.vtt import Vtt
from narrate.clock import ms_to_seconds
from narrate.documents.sections import SlideTimes, find_title
from narrate.errors import RenderError
from narrate.vocabulary import Chapter, Cue

JSON_VERSION = "1.2.0"
"""github.com/Podcastindex-org/podcast-namespace, docs/examples/chapters/jsonChapters.md."""


def make_chapters(
    parts: Sequence[SlideTimes], total_ms: int, language: str = DEFAULTS.language
) -> tuple[Chapter, ...]:
    """Make one chapter for each slide. The last one ends at `total_ms`, the lesson's length. Slides
    without a title are named in `language`.

    Consecutive slides with the same title share a chapter. Raises RenderError if a slide has no
    times.
    """
    chapters: list[Chapter] = []
    for n, part in enumerate(parts):
        end = parts[n + 1].start_ms if n + 1 < len(parts) else total_ms
        if part.start_ms is None or end is None:
            raise RenderError(
                "There are no chapters, because the times of the slides are not known.",
                remedy="Build the lesson first.",
                place=Place(slide=part.slide.number),
            )
        title = find_title(part.slide, language)
        if chapters and chapters[-1].title == title:
            chapters[-1] = Chapter(chapters[-1].start, end, title)
        else:
            chapters.append(Chapter(part.start_ms, end, title))
    return tuple(chapters)


def write_chapters_vtt(chapters: Sequence[Chapter], *, language: str, title: str = "") -> str:
    """Write chapters for `<track kind="chapters">`. Each title is one line of text."""
    cues = [Cue(chapter.start, chapter.end, (clean(chapter.title),)) for chapter in chapters]
    return Vtt().write(cues, language=language, title=title, kind="chapters")


def write_chapters_json(chapters: Sequence[Chapter], *, title: str = "") -> str:
    """Write chapters in the Podcasting 2.0 format, with times in seconds."""
    document: dict[str, object] = {"version": JSON_VERSION}
    if title:
        document["title"] = clean(title)
    document["chapters"] = [
        {
            "startTime": ms_to_seconds(chapter.start),
            "endTime": ms_to_seconds(chapter.end),
            "title": clean(chapter.title),
        }
        for chapter in chapters
    ]
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
