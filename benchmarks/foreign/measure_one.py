"""Measures one lesson and prints what was measured as JSON; `measure` runs it for each lesson."""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path

from foundation.problem import ProblemError
from lessons.model import Lesson, walk_visuals

from .decks import compare_deck
from .includes import included_texts
from .reading import read_foreign, read_source
from .reference import reference_text
from .scanner import scan_lesson
from .words import measure_coverage

LONGEST = 40
"""How many hits and missing words are listed."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("path")
    parser.add_argument("tool")
    arguments = parser.parse_args()
    begun = time.perf_counter()
    try:
        lesson, findings = read_foreign(arguments.root, arguments.path)
    except ProblemError as error:
        print(json.dumps({"status": "error", "error": f"{type(error).__name__}: {error}"}))
        return 1
    except Exception as error:
        text = traceback.format_exc(limit=-4)
        told = {"status": "traceback", "error": f"{type(error).__name__}: {error}", "trace": text}
        print(json.dumps(told))
        return 2
    seconds = time.perf_counter() - begun
    source = read_source(arguments.root / arguments.path)
    result = {
        "status": "read",
        "seconds": round(seconds, 3),
        "shape": lesson.shape,
        "rules": Counter(f"{finding.severity} {finding.rule}" for finding in findings),
        **describe(lesson),
        **_measure_text(lesson, source, arguments.tool, arguments.root / arguments.path),
        **compare_deck(lesson, arguments.tool, arguments.root / arguments.path),
    }
    json.dump(result, sys.stdout, ensure_ascii=False)
    return 0


def describe(lesson: Lesson) -> dict[str, object]:
    """The numbers of slides, sentences and what the slides hold."""
    visuals = [v for slide in lesson.slides for v in walk_visuals(slide.visuals)]
    return {
        "dialect": lesson.dialect,
        "title": lesson.title,
        "slides": len(lesson.slides),
        "titles": [slide.title for slide in lesson.slides],
        "untitled": sum(not slide.title for slide in lesson.slides),
        "sentences": sum(len(slide.utterances) for slide in lesson.slides),
        "visuals": Counter(type(visual).__name__ for visual in visuals),
    }


def _measure_text(lesson: Lesson, source: str, tool: str, file: Path) -> dict[str, object]:
    reference = reference_text(source, tool, file.parent)
    whole = "\n\n".join([source, *included_texts(source, tool, file.parent)])
    hits = scan_lesson(lesson, whole, reference)
    coverage = measure_coverage(reference, lesson)
    some = tuple(s for at, s in enumerate(lesson.slides) if at % 3 != 1)
    control = measure_coverage(reference, replace(lesson, slides=some))
    return {
        "hits": len(hits),
        "kinds": Counter(f"{hit.where} {hit.kind}" for hit in hits),
        "examples": [asdict(hit) for hit in hits[:LONGEST]],
        "words": coverage.words,
        "found": coverage.found,
        "control": control.found,
        "missing": dict(coverage.missing.most_common(LONGEST)),
    }


if __name__ == "__main__":
    raise SystemExit(main())
