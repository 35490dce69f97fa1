"""What can be wrong with a portrait.

ProblemError
└── AvatarError
    ├── ConsentError       the record does not allow this use of this photo
    ├── PhotoError         the photo cannot be used
    ├── RigError           a cached rig that is not this photo's or is damaged, or an engine,
    │                      backend, framing or size that does not exist
    ├── PerformanceError   (avatar.performance) phones or controls that make no sense
    └── MeasureError       (avatar.measure) a video without a face to measure
"""

from __future__ import annotations

from foundation.problem import NOWHERE, Place, ProblemError


class AvatarError(ProblemError):
    """Something that keeps a portrait from being animated or measured."""


class ConsentError(AvatarError):
    """No valid consent. `code` is a stable kebab-case reason: missing, altered, expired,
    not-yet-valid, revoked, foreign-photo, out-of-scope, untrusted, unreadable; and for writing
    one: exists, invalid, unwritable."""

    def __init__(self, message: str, *, remedy: str, code: str, place: Place = NOWHERE) -> None:
        super().__init__(message, remedy=remedy, place=place)
        self.code = code


class PhotoError(AvatarError):
    """The photo cannot be used; `measured` and `limit` where the reason is a number."""

    def __init__(
        self,
        message: str,
        *,
        remedy: str,
        place: Place = NOWHERE,
        measured: float | None = None,
        limit: float | None = None,
    ) -> None:
        super().__init__(message, remedy=remedy, place=place)
        self.measured = measured
        self.limit = limit


class RigError(AvatarError):
    """A cached rig that is damaged or belongs to another photo; an engine, a backend, a framing or
    a size that does not exist."""
