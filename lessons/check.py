"""Findings on a script before anything is built."""

from __future__ import annotations

from lessons.course import read_course
from lessons.model import Course, Finding


def check_course(course: Course) -> list[Finding]:
    """What a person should look at in a course's lessons, in their order."""
    return list(read_course(course.root)[1])
