"""The errors of a build.

ProblemError
└── NarrateError
    ├── UsageError         an argument or a flag is wrong or does not fit the course
    ├── SettingsError      a setting has a value that cannot be used
    ├── VoiceError         a voice or language is unknown, missing, or cannot do what is asked
    ├── ModelError         a model is missing or is not the expected one
    ├── DecodingError      a picture or recording cannot be decoded or is too large
    ├── RenderError        a slide, a caption or a video could not be made
    ├── StoreError         the output folder is full, locked, or cannot be written to
    │   └── DamagedError   something in the store is damaged or missing
    ├── RunnerError        a runner cannot be started or reached, or does not fit this program
    └── WorkerError        a worker process died
"""

from __future__ import annotations

from foundation.problem import ProblemError


class NarrateError(ProblemError):
    """The root of the errors of a build."""


class UsageError(NarrateError):
    """An argument or a flag is wrong or does not fit the course."""


class SettingsError(NarrateError):
    """A setting has a value that cannot be used."""


class VoiceError(NarrateError):
    """A voice or language is unknown, missing, or cannot do what is asked."""


class ModelError(NarrateError):
    """A model is missing or is not the expected one."""


class DecodingError(NarrateError):
    """A picture or recording cannot be decoded or is too large."""


class RenderError(NarrateError):
    """A slide, a caption or a video could not be made."""


class StoreError(NarrateError):
    """The output folder is full, locked, or cannot be written to."""


class DamagedError(StoreError):
    """Something in the store is damaged or missing. It was dropped, so that it is made again."""


class RunnerError(NarrateError):
    """A runner cannot be started or reached, or its machines do not fit this program."""


class WorkerError(NarrateError):
    """A worker process died."""
