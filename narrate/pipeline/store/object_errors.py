"""What a person is told when an object store does not do what it is asked.

The library gives most errors as text alone. What is told has the status and the code that the store
gave, and not the whole text, since an address in it may hold a token.
"""

from __future__ import annotations

import errno
import os
import re

from foundation.files import FULL
from foundation.problem import Place
from narrate.errors import AddressError, RefusedError, StoreError, UnreachableError

_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w{1,60})</Code>")
_NO_BUCKET = re.compile(r"NoSuchBucket|ContainerNotFound|specified bucket does not exist")
_NO_RANGE = re.compile(r"InvalidRange|status code: 416|[Rr]ange started at|[Oo]ut of range")
_SYSTEM = re.compile(r"os error (\d{1,4})")
_TRANSIENT = frozenset({"408", "425", "429"})
_BUSY = frozenset({"SlowDown", "RequestTimeout"})
_SHARE_IS_AWAY = frozenset(
    {errno.EIO, errno.EAGAIN, errno.EINTR, errno.ETIMEDOUT, errno.ENOTCONN, errno.EHOSTUNREACH}
    | {getattr(errno, name, errno.EIO) for name in ("ESTALE", "EHOSTDOWN", "EREMOTEIO")}
)
_UNUSABLE = frozenset({"InvalidPathError", "UnknownConfigurationKeyError", "NotSupportedError"})


def is_missing(error: Exception) -> bool:
    """Whether an error says that an object is not there, or shorter than it was."""
    text = str(error)
    gone = isinstance(error, FileNotFoundError) and not _NO_BUCKET.search(text)
    return gone or bool(_NO_RANGE.search(text))


def explain_error(error: Exception, url: str) -> StoreError:
    """An error of the library as one of ours. UnreachableError is the one that may pass."""
    text, kind = str(error), type(error).__name__
    status, code = _find(_STATUS, text), _find(_CODE, text)
    said = " ".join(part for part in (status, code) if part)
    place = Place(url)
    if url.startswith("file:") and (number := _find(_SYSTEM, text)):
        return _explain_refusal(int(number), place)
    if _NO_BUCKET.search(text):
        return RefusedError(
            "The store has no such bucket.",
            remedy="Create it, or correct the store's address.",
            place=place,
        )
    if "169.254." in text or "metadata.google.internal" in text:
        return RefusedError(
            "No credentials for the store were found.",
            remedy="Set them in the environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY for "
            "s3, GOOGLE_APPLICATION_CREDENTIALS for gs, AZURE_STORAGE_ACCOUNT_NAME and "
            "AZURE_STORAGE_ACCOUNT_KEY for az.",
            place=place,
        )
    if status in ("301", "307") or "incorrectly configured region" in text:
        return RefusedError(
            "The store says that the bucket is in another region.",
            remedy="Set AWS_REGION to the region of the bucket.",
            place=place,
        )
    refused = kind in ("PermissionDeniedError", "UnauthenticatedError") or status in ("401", "403")
    if refused and code not in _BUSY:
        return RefusedError(
            f"The store refuses the credentials{f' ({said})' if said else ''}.",
            remedy="Check the credentials in the environment, and that they allow to list, read, "
            "write and delete objects.",
            place=place,
        )
    if "BadScheme" in text or "scheme is not allowed" in text:
        return AddressError(
            "The store's endpoint is not encrypted (http).",
            remedy="Use an endpoint with https, or allow this with AWS_ALLOW_HTTP=true.",
            place=place,
        )
    if isinstance(error, (ValueError, TypeError)) or kind in _UNUSABLE:
        return AddressError(
            "The store's address or its settings cannot be used.",
            remedy="Write it as s3://bucket/prefix, and check the settings of the store in the "
            "environment.",
            place=place,
        )
    if status.startswith("4") and status not in _TRANSIENT and code not in _BUSY:
        return RefusedError(
            f"The store refuses the request ({said}).",
            remedy="Check the store's address and its settings in the environment.",
            place=place,
        )
    return UnreachableError(
        f"The store does not answer{f' as it should ({said})' if said else ''}.",
        remedy="Check that it runs and that this machine reaches it: its endpoint, the network, "
        "HTTPS_PROXY. What was made is kept; build again and the rest is made.",
        place=place,
    )


def _explain_refusal(number: int, place: Place) -> StoreError:
    """An error of the system where the store is a shared folder."""
    if number in FULL:
        return StoreError(
            "The disk with the store is full.",
            remedy="Free some space there; 'narrate store prune' deletes what was not used for "
            "long. What was made is kept.",
            place=place,
        )
    kind = UnreachableError if number in _SHARE_IS_AWAY else StoreError
    return kind(
        f"The store's folder cannot be used ({os.strerror(number)}).",
        remedy="Check that the share is mounted, and its permissions.",
        place=place,
    )


def _find(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[1] if found else ""
