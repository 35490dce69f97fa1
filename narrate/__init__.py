"""Turns Markdown lessons into narrated, captioned lecture videos that everyone can follow.

    import narrate

    course = narrate.load_course("my-course")
    for finding in narrate.check(course).findings:
        print(finding.place, finding.message)
    result = narrate.build(course, progress=lambda p: print(f"{p.share:.0%}"))

`narrate.api` documents each function. The names below are the public API; anything else may change.
Importing this package is fast: a name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from foundation.problem import Place, Problem, ProblemError
    from lessons.model import Course, Finding
    from lessons.settings import Settings
    from narrate.api import (
        CheckResult,
        PlanResult,
        build,
        caption_formats,
        check,
        export,
        load_course,
        plan,
        preview,
        transcript_formats,
    )
    from narrate.pipeline import BuildResult, Failure, Output
    from narrate.progress import Progress

__version__ = "0.1.0"

_HOMES = {
    "foundation.problem": ("Place", "Problem", "ProblemError"),
    "lessons.model": ("Course", "Finding"),
    "lessons.settings": ("Settings",),
    "narrate.api": (
        "CheckResult",
        "PlanResult",
        "build",
        "caption_formats",
        "check",
        "export",
        "load_course",
        "plan",
        "preview",
        "transcript_formats",
    ),
    "narrate.pipeline": ("BuildResult", "Failure", "Output"),
    "narrate.progress": ("Progress",),
}

__all__ = [
    "BuildResult",
    "CheckResult",
    "Course",
    "Failure",
    "Finding",
    "Output",
    "Place",
    "PlanResult",
    "Problem",
    "ProblemError",
    "Progress",
    "Settings",
    "build",
    "caption_formats",
    "check",
    "export",
    "load_course",
    "plan",
    "preview",
    "transcript_formats",
]


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
