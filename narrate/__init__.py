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
    from avatar.errors import ConsentError
    from foundation.problem import Place, Problem, ProblemError
    from lessons.errors import ScriptError
    from lessons.model import Course, Finding
    from narrate.api import (
        CheckResult,
        PlanResult,
        build,
        build_all,
        caption_formats,
        check,
        export,
        import_course,
        load_course,
        plan,
        preview,
        transcript_formats,
    )
    from narrate.errors import SettingsError, StoreError, UsageError, VoiceError
    from narrate.pipeline.build import BuildResult
    from narrate.pipeline.plan import Output, Plan
    from narrate.pipeline.runners.base import Failure
    from narrate.pipeline.step import Task
    from narrate.progress import Progress

__version__ = "0.1.0"

__all__ = [
    "BuildResult",
    "CheckResult",
    "ConsentError",
    "Course",
    "Failure",
    "Finding",
    "Output",
    "Place",
    "Plan",
    "PlanResult",
    "Problem",
    "ProblemError",
    "Progress",
    "ScriptError",
    "SettingsError",
    "StoreError",
    "Task",
    "UsageError",
    "VoiceError",
    "build",
    "build_all",
    "caption_formats",
    "check",
    "export",
    "import_course",
    "load_course",
    "plan",
    "preview",
    "transcript_formats",
]


_HOMES = (
    "narrate.api",
    "narrate.progress",  # before the steps, which have a Progress of their own
    "narrate.pipeline.build",
    "narrate.pipeline.plan",
    "narrate.pipeline.runners.base",
    "narrate.pipeline.step",
    "lessons.model",
    "foundation.problem",
    "lessons.errors",
    "avatar.errors",
    "narrate.errors",
)


def __getattr__(name: str) -> object:
    if f"{__name__}.{name}" in _HOMES:
        return import_module(f"{__name__}.{name}")
    for home in _HOMES if name in __all__ else ():
        module = import_module(home)
        if hasattr(module, name):
            return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
