"""What can go wrong while building.

ProblemError
└── NarrateError
    ├── UsageError         an argument or a flag that does not fit the course
    ├── SettingsError      a setting has a value that cannot be used
    ├── VoiceError         a voice or language that is unknown, missing, or cannot do what is asked
    ├── ModelError         a model that is missing or is not the one expected
    ├── DecodingError      a picture or recording that cannot be decoded or is too large
    ├── RenderError        a slide, a caption or a video that could not be made
    ├── StoreError         the output folder: full, unwritable, locked
    │   └── DamagedError   something in the store is not what was stored
    └── WorkerError        a worker process that died
"""

from __future__ import annotations

from foundation.problem import ProblemError


class NarrateError(ProblemError):
    """Something that keeps a lesson from being built."""


class UsageError(NarrateError):
    """An argument or a flag that does not fit the course."""


class SettingsError(NarrateError):
    """A setting has a value that cannot be used."""


class VoiceError(NarrateError):
    """A voice or language that is unknown, missing, or cannot do what is asked."""


class ModelError(NarrateError):
    """A model that is missing or is not the one expected."""


class DecodingError(NarrateError):
    """A picture or recording that cannot be decoded or is too large."""


class RenderError(NarrateError):
    """A slide, a caption or a video that could not be made."""


class StoreError(NarrateError):
    """The output folder is full, cannot be written, or is locked."""


class DamagedError(StoreError):
    """Something in the store is not what was stored. It has been dropped, to be made again."""


class WorkerError(NarrateError):
    """A worker process died."""
