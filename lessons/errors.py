"""The errors of a script.

ProblemError
└── ScriptError
    ├── CourseError      course.yaml or the course folder
    │   └── NoCourseError   there is neither a course nor a lesson at a path
    ├── LessonError      a lesson file
    └── MediaError       a picture, a recording or another file that a lesson names
"""

from __future__ import annotations

from foundation.problem import ProblemError


class ScriptError(ProblemError):
    """A script cannot be used. The paths of files in the course folder are relative to it."""


class CourseError(ScriptError):
    """course.yaml or the course folder cannot be used."""


class NoCourseError(CourseError):
    """There is nothing at a path that could be a course or a lesson."""


class LessonError(ScriptError):
    """A lesson file cannot be used."""


class MediaError(ScriptError):
    """A file that a lesson names is missing, outside the course folder, or of the wrong kind."""
