"""What can go wrong while building.

NarrateError
├── UsageError         a flag that does not fit the course
├── SettingsError      a setting has a value that cannot be used
├── VoiceError         a voice or language that is unknown, missing, or cannot do what is asked
├── ModelError         a model that is missing or is not the one expected
├── MediaError         a picture or recording that cannot be decoded or is too large
├── RenderError        a slide, a caption or a video that could not be made
├── StoreError         the output folder: full, unwritable, locked
│   └── DamagedError   something in the store is not what was stored
└── WorkerError        a worker process that died
"""

from __future__ import annotations


class NarrateError(Exception):
    """`problem` says what is wrong and `remedy` what to do; the place as far as it is known."""

    def __init__(
        self,
        problem: str,
        *,
        remedy: str = "",
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
        return f"{where + ': ' if where else ''}{self.problem} {self.remedy}".rstrip()


def _rebuild(
    kind: type[NarrateError],
    problem: str,
    remedy: str,
    path: str | None,
    line: int | None,
    slide: int | None,
) -> NarrateError:
    return kind(problem, remedy=remedy, path=path, line=line, slide=slide)


class UsageError(NarrateError):
    pass


class SettingsError(NarrateError):
    pass


class VoiceError(NarrateError):
    pass


class ModelError(NarrateError):
    pass


class MediaError(NarrateError):
    pass


class RenderError(NarrateError):
    pass


class StoreError(NarrateError):
    pass


class DamagedError(StoreError):
    pass


class WorkerError(NarrateError):
    pass
