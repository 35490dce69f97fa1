"""Reads one lesson as the project does. Only this file knows how the reader is called."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from lessons.model import Finding, Lesson

ReadLesson = tuple[Lesson, tuple[Finding, ...]]


def read_source(file: Path) -> str:
    return file.read_bytes().decode("utf-8-sig", errors="replace")


def read_foreign(root: Path, path: str) -> ReadLesson:
    """The lesson in a file, and the findings made while it was read.

    `root` is the repository's folder. Whatever the reader raises is raised.
    """
    reader = importlib.import_module("lessons.markdown.lesson")
    text = read_source(root / path)
    if "around" not in inspect.signature(reader.read_lesson).parameters:
        return cast(ReadLesson, reader.read_lesson(text, path=path, root=root))
    around = reader.Surroundings(root, project=_find_project(root, path))
    return cast(ReadLesson, reader.read_lesson(text, path, around))


def _find_project(root: Path, path: str) -> Any:
    """What the tool's own configuration says; None if the reader does not look for any."""
    dialects: Mapping[str, Any] = importlib.import_module("lessons.dialects").DIALECTS
    folders = [p for p in (root / path).parents if p == root or p.is_relative_to(root)]
    for folder in folders:
        for dialect in dialects.values():
            find = getattr(dialect, "find_project", None)
            if find is not None and (project := find(folder)) is not None:
                return project
    return None
