"""The errors of a build.

ProblemError
└── NarrateError
    ├── UsageError         an argument or a flag is wrong or does not fit the course
    ├── SettingsError      a setting has a value that cannot be used
    ├── VoiceError         a voice or language is unknown, missing, or cannot do what is asked
    │   └── PluginError    a voice plug-in fails, or does not do what its contract says
    ├── ModelError         a model is missing or is not the expected one
    ├── DecodingError      a picture or recording cannot be decoded or is too large
    ├── RenderError        a slide, a caption or a video could not be made
    ├── ChangedError       a file of the course was changed while it was built
    ├── StoreError         a store or the output folder is full, locked, or cannot be written to
    │   ├── DamagedError   something in the store is damaged or missing
    │   ├── SecretError    the secret that seals a store is missing, exposed, or another one
    │   ├── AddressError   the address of a store is wrong, or what it needs is not installed
    │   ├── RefusedError   a shared store refuses the credentials, or has no such bucket
    │   └── UnreachableError  a shared store does not answer
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


class UnreadableError(VoiceError):
    """A voice cannot read a word of the script."""


class PluginError(VoiceError):
    """A voice plug-in fails, or does not do what its contract says."""


class ModelError(NarrateError):
    """A model is missing or is not the expected one."""


class DecodingError(NarrateError):
    """A picture or recording cannot be decoded or is too large."""


class RenderError(NarrateError):
    """A slide, a caption or a video could not be made."""


class ChangedError(NarrateError):
    """A file of the course was changed while it was built, so its key is no longer right."""


class StoreError(NarrateError):
    """A store or the output folder is full, locked, or cannot be written to."""


class DamagedError(StoreError):
    """Something in the store is damaged or missing. It was dropped, so that it is made again."""


class SecretError(StoreError):
    """The secret that seals a store is missing, exposed, or another one than is asked for."""


class AddressError(StoreError):
    """The address of a store is wrong, or what is needed to use it is not installed."""


class RefusedError(StoreError):
    """A shared store refuses the credentials or the request, or has no such bucket."""


class UnreachableError(StoreError):
    """A shared store does not answer, although it was asked several times."""


class RunnerError(NarrateError):
    """A runner cannot be started or reached, or its machines do not fit this program."""


class WorkerError(NarrateError):
    """A worker process died."""
