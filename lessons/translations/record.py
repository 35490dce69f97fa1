"""Remembers from which state of its original each translation was made.

`translations.json` in the course folder holds short digests of all slides of both languages, as
they were when a person confirmed that the translation says the same. It goes into version control
with the lessons. No times of files are used: copying and checking out a course changes them.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foundation.files import write_whole
from foundation.json_text import read_object
from foundation.problem import Place, Problem
from lessons.course.text_files import opening, require_inside
from lessons.errors import CourseError
from lessons.model import Finding, Lesson, Slide
from lessons.translations.facts import digest_slide
from lessons.translations.pairs import pair_slides

RECORD_FILE = "translations.json"
LARGEST_RECORD = 8_000_000  # bytes
_FORMAT = "narrate-translations"
_VERSION = 1
_NONE = "-"  # in the place of a slide that the other language does not have


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The digests of the slides when a translation was confirmed, in order: of the original's
    slides, and of those that translate them. Either may be empty."""

    pairs: tuple[tuple[str, str], ...]

    @property
    def original(self) -> frozenset[str]:
        return frozenset(original for original, _ in self.pairs if original)

    @property
    def translation(self) -> frozenset[str]:
        return frozenset(own for _, own in self.pairs if own)


def read_record(root: Path) -> tuple[Mapping[str, Confirmed], tuple[Finding, ...]]:
    """What is known of each translation, by its path, and what is wrong with the file. A file that
    cannot be read is only a finding: nothing of a lesson is lost with it."""
    path = root / RECORD_FILE
    if not os.path.lexists(path):
        return {}, ()
    try:
        with opening(RECORD_FILE, Place(RECORD_FILE), CourseError):
            require_inside(root, path, RECORD_FILE)
        document = read_object(path, LARGEST_RECORD)
        if document.get("format") != _FORMAT or document.get("version") != _VERSION:
            raise ValueError("it has another format or version")
        found = {str(name): _read_entry(entry) for name, entry in document["lessons"].items()}
    except (OSError, ValueError, LookupError, TypeError, AttributeError, CourseError):
        problem = Problem(
            f"The file {RECORD_FILE!r} cannot be used, so it is not known which translations were "
            "confirmed.",
            "Write it again with 'narrate translations COURSE --confirm', once the translations "
            "are complete.",
            Place(RECORD_FILE),
        )
        return {}, (Finding("translation-record", "warning", problem),)
    return found, ()


def write_record(root: Path, pairs: Iterable[tuple[Lesson, Lesson]]) -> Path:
    """Confirm translations, each given with its original before it, as they are now. Those that
    were confirmed before and are not among them stay as they were. Raises OSError."""
    path = root / RECORD_FILE
    entries: dict[str, Any] = {}
    if read_record(root)[0]:
        entries = dict(read_object(path, LARGEST_RECORD)["lessons"])
    for original, translation in pairs:
        entries[translation.path] = {
            "original": original.path,
            "slides": [
                f"{_digest(pair.original)} {_digest(pair.translation)}"
                for pair in pair_slides(original.slides, translation.slides)
            ],
        }
    document = {"format": _FORMAT, "version": _VERSION, "lessons": dict(sorted(entries.items()))}
    write_whole(path, (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode())
    return path


def _read_entry(entry: Mapping[str, Any]) -> Confirmed:
    def read(digest: str) -> str:
        return "" if digest == _NONE else digest

    pairs = [str(written).split(" ") for written in entry["slides"]]
    return Confirmed(tuple((read(original), read(own)) for original, own in pairs))


def _digest(slide: Slide | None) -> str:
    return digest_slide(slide) if slide else _NONE
