"""What can be wrong with a portrait.

AvatarError
├── ConsentError       the record does not allow this use of this photo
├── PhotoError         the photo will not do
├── RigError           a cached rig that is not this photo's or is damaged, or an engine, backend,
│                      framing or size that there is not
├── PerformanceError   (avatar.performance) phones or controls that make no sense
└── MeasureError       (avatar.measure) a video without a face to measure
"""

from __future__ import annotations


class AvatarError(Exception):
    """`problem` says what is wrong, `remedy` what to do; `path` is the file it concerns."""

    def __init__(self, problem: str, *, remedy: str, path: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.path = path

    def __str__(self) -> str:
        return f"{self.path + ': ' if self.path else ''}{self.problem} {self.remedy}"


class ConsentError(AvatarError):
    """No valid consent. `code` is a stable kebab-case reason: missing, altered, expired,
    not-yet-valid, revoked, foreign-photo, out-of-scope, untrusted, unreadable; and for writing
    one: exists, invalid, unwritable."""

    def __init__(self, problem: str, *, remedy: str, code: str, path: str | None = None) -> None:
        super().__init__(problem, remedy=remedy, path=path)
        self.code = code


class PhotoError(AvatarError):
    """The photo will not do; `measured` and `limit` where the reason is a number."""

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        path: str | None = None,
        measured: float | None = None,
        limit: float | None = None,
    ) -> None:
        super().__init__(problem, remedy=remedy, path=path)
        self.measured = measured
        self.limit = limit


class RigError(AvatarError):
    """A cached rig that is damaged or belongs to another photo; an engine, a backend, a framing or
    a size that there is not."""
