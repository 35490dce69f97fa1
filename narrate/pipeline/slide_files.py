"""The files in which steps keep what they made of a slide, for the steps after them.

A sentence may move in its file, so a finding keeps the number of its sentence in the slide, and
gets the present line when it is read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.json_text import read_json, read_object
from foundation.problem import Place
from lessons.model import Finding, Slide
from narrate.pipeline.heard_slide import (
    NOTHING_DIFFERENT,
    HeardDifferences,
    make_heard_slide,
)
from narrate.vocabulary import AddedSpeech, Word


@dataclass(frozen=True, slots=True)
class CheckedSlide:
    """A slide as it is heard, its words with the times to use, the length of its sound in samples,
    and what a person should hear."""

    slide: Slide
    words: tuple[Word, ...]
    samples: int
    findings: tuple[Finding, ...]


def save_checked(
    path: Path,
    slide: Slide,
    words: Iterable[Word],
    samples: int,
    findings: Iterable[Finding],
    heard: HeardDifferences = NOTHING_DIFFERENT,
) -> None:
    data = {
        "words": _make_rows(words),
        "samples": samples,
        "findings": number_findings(slide, findings),
        "left_out": sorted(heard.left_out),
        "added": [_make_rows(added.words) for added in heard.added],
    }
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def _make_rows(words: Iterable[Word]) -> list[list[Any]]:
    return [
        [w.written, w.start, w.end, w.utterance, w.token, round(w.confidence, 4)] for w in words
    ]


def load_checked(path: Path, slide: Slide, lesson: str) -> CheckedSlide:
    """Read the file, for a slide of the lesson with this path."""
    raw = read_object(path)
    different = HeardDifferences(
        frozenset((u, t) for u, t in raw["left_out"]),
        tuple(AddedSpeech(tuple(Word(*w) for w in words)) for words in raw["added"]),
    )
    heard, words = make_heard_slide(slide, [Word(*w) for w in raw["words"]], different)
    findings = place_findings(raw["findings"], slide, lesson)
    return CheckedSlide(heard, words, raw["samples"], findings)


def number_findings(slide: Slide, findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as plain values, with the number of the sentence in place of the line."""
    numbers = {u.line: n for n, u in reversed(list(enumerate(slide.utterances)))}
    return [
        {**f.as_data(), "line": numbers.get(f.place.line or 0), "slide": None} for f in findings
    ]


def place_findings(
    rows: Iterable[dict[str, Any]], slide: Slide, lesson: str
) -> tuple[Finding, ...]:
    """The findings of `number_findings` at their present places."""
    found = []
    for row in rows:
        number = row["line"]
        line = None if number is None else slide.utterances[number].line
        found.append(Finding.from_data(row).at(Place(row["path"] or lesson, line, slide.number)))
    return tuple(found)


def save_drawing_findings(path: Path, findings: Iterable[Finding]) -> None:
    """Write what a person should look at on a drawn slide, without its place."""
    rows = [{**f.as_data(), "line": None, "slide": None} for f in findings]
    path.write_text(json.dumps(rows), "utf-8")


def load_drawing_findings(path: Path, place: Place) -> tuple[Finding, ...]:
    """Read what `save_drawing_findings` wrote, at the slide's present place."""
    return tuple(Finding.from_data(row).at(place) for row in read_json(path))


def save_listening_findings(
    path: Path, slides: Sequence[Slide], findings: Iterable[Finding]
) -> None:
    """Write what was found in a recording of several slides, each with its slide's position. What
    belongs to no sentence is given to the first slide."""
    places = {
        u.line: (at, n)
        for at, slide in reversed(list(enumerate(slides)))
        for n, u in reversed(list(enumerate(slide.utterances)))
    }
    rows = []
    for finding in findings:
        slide, sentence = places.get(finding.place.line or 0, (0, None))
        rows.append({**finding.as_data(), "line": sentence, "slide": None, "position": slide})
    path.write_text(json.dumps(rows), "utf-8")


def load_listening_findings(path: Path, position: int, slide: Slide) -> tuple[Finding, ...]:
    """Read those findings that are about the slide at this position in the recording."""
    rows = [row for row in read_json(path) if row["position"] == position]
    return place_findings(rows, slide, "")
