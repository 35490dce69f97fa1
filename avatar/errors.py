"""The errors of the portrait.

ProblemError
└── AvatarError
    ├── ConsentError       the record does not allow this use of this photo
    ├── PhotoError         the photo cannot be used
    ├── RigError           a cached rig does not fit, or an engine, backend, framing or size
    │                      does not exist
    ├── PerformanceError   the phones, the controls or the prosody do not make sense
    └── MeasureError       the video has no face that can be measured
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from foundation.problem import NOWHERE, Place, Problem, ProblemError


class AvatarError(ProblemError):
    """A portrait cannot be animated or measured."""


class ConsentError(AvatarError):
    """There is no valid consent, or it cannot be written.

    `code` is a stable reason in kebab-case. For a record that is read: missing, altered, expired,
    not-yet-valid, revoked, foreign-photo, out-of-scope, untrusted, unreadable. For one that is
    written: exists, invalid, unwritable. `of` gives `several` to problems of different codes.
    """

    def __init__(self, message: str, *, remedy: str, code: str, place: Place = NOWHERE) -> None:
        super().__init__(message, remedy=remedy, place=place)
        self.code = code

    @classmethod
    def of(cls, problems: Iterable[Problem], *, code: str = "several") -> Self:
        """One error for several problems; there must be at least one."""
        found = tuple(problems)
        first = found[0]
        error = cls(first.message, remedy=first.remedy, code=code, place=first.place)
        error.problems = found
        return error


class PhotoError(AvatarError):
    """The photo cannot be used. `measured` and `limit` are set if the reason is a number."""

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
    """A cached rig is damaged or belongs to another photo, or an engine, a backend, a framing or a
    frame size does not exist."""


class PerformanceError(AvatarError):
    """The phones, the controls or the prosody do not make sense."""


class MeasureError(AvatarError):
    """The video cannot be read, or nobody is in it."""
