"""What can be wrong with a script.

ProblemError
└── ScriptError
    ├── CourseError      course.yaml or the course folder
    ├── LessonError      a lesson file
    └── MediaError       a picture, a recording or another file that a lesson names
"""

from __future__ import annotations

from foundation.problem import ProblemError


class ScriptError(ProblemError):
    """A script that cannot be used. Paths are relative to the course folder where a file lies in
    it."""


class CourseError(ScriptError):
    """course.yaml or the course folder is unusable."""


class LessonError(ScriptError):
    """A lesson file is unusable."""


class MediaError(ScriptError):
    """A file that a lesson names is missing, leaves the course, or is not what it should be."""
