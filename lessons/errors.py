"""What can be wrong with a script.

ScriptError
├── CourseError      course.yaml or the course folder
├── LessonError      a lesson file
└── MediaError       a picture, a recording or another file that a lesson names
"""

from __future__ import annotations


class ScriptError(Exception):
    """A script that cannot be used.

    `path` is relative to the course folder where the file lies in it, `line` counts from 1,
    `slide` is the slide's number in its lesson, `problem` says what is wrong and `remedy`
    what to do about it.
    """

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        path: str | None = None,
        line: int | None = None,
        slide: int | None = None,
    ) -> None:
        # All arguments go to args, so that the error survives the way back from a worker process.
        super().__init__(problem, remedy, path, line, slide)
        self.problem = problem
        self.remedy = remedy
        self.path = path
        self.line = line
        self.slide = slide

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), *self.args))

    @property
    def where(self) -> str:
        """`file:line (slide n)`, as far as known; empty if nothing is."""
        place = self.path or ""
        if self.line is not None:
            place += f":{self.line}"
        if self.slide is not None:
            place += f" (slide {self.slide})" if place else f"slide {self.slide}"
        return place

    def __str__(self) -> str:
        where = self.where
        return f"{where + ': ' if where else ''}{self.problem} {self.remedy}"


class CourseError(ScriptError):
    """course.yaml or the course folder is unusable."""


class LessonError(ScriptError):
    """A lesson file is unusable."""


class MediaError(ScriptError):
    """A file that a lesson names is missing, leaves the course, or is not what it should be."""


def _rebuild(
    kind: type[ScriptError],
    problem: str,
    remedy: str,
    path: str | None,
    line: int | None,
    slide: int | None,
) -> ScriptError:
    return kind(problem, remedy=remedy, path=path, line=line, slide=slide)
