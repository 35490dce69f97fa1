"""Reads one lesson as the project does. Only this file knows how the reader is called."""

from __future__ import annotations

from pathlib import Path

from lessons.course.discovery import find_project
from lessons.dialects.base import Project
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.model import Finding, Lesson


def read_source(file: Path) -> str:
    return file.read_bytes().decode("utf-8-sig", errors="replace")


def read_foreign(root: Path, path: str) -> tuple[Lesson, tuple[Finding, ...]]:
    """The lesson in a file, and the findings made while it was read.

    `root` is the repository's folder. Whatever the reader raises is raised.
    """
    around = Surroundings(root, project=_find_nearest_project(root, path))
    return read_lesson(read_source(root / path), path, around)


def _find_nearest_project(root: Path, path: str) -> Project | None:
    """What the tools' configurations in the nearest folder around a lesson say."""
    for folder in (root / path).parents:
        if not folder.is_relative_to(root):
            break
        if project := find_project(folder):
            return project
    return None
