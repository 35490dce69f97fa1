"""Calls an object store: in S3, Google Cloud or Azure, in a shared folder, or in memory for tests.

Whatever a store does, a call gives a result, FileNotFoundError or a StoreError. A store that does
not answer is asked again, at growing intervals, until the patience is spent. Everything that is
written has a name of its own for its bytes, so that any call may be repeated.

The library takes the settings of stores from the environment, as their own tools do:
AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID and so on. From there, too, it takes the proxies
(HTTP_PROXY, HTTPS_PROXY and NO_PROXY) and the certificates that are trusted besides the system's
(SSL_CERT_FILE).
"""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

from foundation.problem import Place
from narrate.errors import AddressError, StoreError, UnreachableError
from narrate.pipeline.store.object_errors import explain_error, is_missing

if TYPE_CHECKING:
    from obstore.store import ClientConfig
    from obstore.store import ObjectStore as Remote

SCHEMES = ("s3", "gs", "az", "file", "memory")
PATIENCE = 120.0  # seconds; a store that is restarted or a switch that is changed takes less
PART = 8 << 20  # bytes; a request for so much ends in time on a line of 1.2 Mbit/s
_PREFIXES = {"s3": "AWS", "gs": "GOOGLE", "az": "AZURE"}
_TIMEOUT = timedelta(seconds=60)  # of one request
_CONNECT_TIMEOUT = timedelta(seconds=5)
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 3.0  # seconds between attempts
_UPLOADS = 4  # parts of a file at once; a machine has many workers

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Listed:
    """An object as a listing has it: its path in the store, its size, and when it was written, in
    seconds since the epoch."""

    path: str
    size: int
    written: float


class ObjectCalls:
    """The objects under an address."""

    def __init__(self, url: str, *, patience: float = PATIENCE) -> None:
        self.url = url
        self._patience = patience
        self._root = _find_root(url)
        self._remote = _connect(url, self._root, patience)

    def list(self, prefix: str) -> list[Listed]:
        """The objects below a path, which is a whole number of its parts."""

        def listing(path: str) -> list[Listed]:
            return [
                Listed(meta["path"], meta["size"], meta["last_modified"].timestamp())
                for page in self._remote.list(path, chunk_size=1000)
                for meta in page
            ]

        return self._call(listing, prefix)

    def read(self, path: str, size: int) -> Iterator[memoryview]:
        """The bytes of an object of this size, in parts. Raises FileNotFoundError."""
        for start in range(0, size, PART):
            length = min(PART, size - start)
            yield memoryview(self._call(self._remote.get_range, path, start=start, length=length))

    def write(self, path: str, data: Path | bytes) -> None:
        """Write an object. Nobody sees it before it is whole."""
        self._guard(path)
        self._call(self._remote.put, path, data, chunk_size=PART, max_concurrency=_UPLOADS)

    def delete(self, path: str) -> None:
        """Delete an object, if it is there."""
        self._guard(path)
        with contextlib.suppress(FileNotFoundError):
            self._call(self._remote.delete, path)

    def _call(self, call: Callable[..., Result], path: str, *args: Any, **options: Any) -> Result:
        began, attempts, wait = time.monotonic(), 0, _FIRST_WAIT
        while True:
            try:
                return call(path, *args, **options)
            except Exception as error:
                if is_missing(error):
                    raise FileNotFoundError(path) from None
                told = explain_error(error, self.url)
                attempts += 1
                spent = attempts > 1 and time.monotonic() - began > self._patience
                if spent or not isinstance(told, UnreachableError):
                    raise told from None  # the library's text may hold a token
            time.sleep(wait * random.uniform(0.5, 1))  # not all workers at the same moment
            wait = min(2 * wait, _LONGEST_WAIT)

    def _guard(self, path: str) -> None:
        """Raise StoreError if a link in a shared folder leads elsewhere. Nothing is written or
        deleted through one."""
        if self._root is None:
            return
        for folder in Path(path).parents:
            if (self._root / folder).is_symlink() and folder != Path():
                raise StoreError(
                    "A link is in the place of a folder of the store.",
                    remedy="Delete the link.",
                    place=Place(str(self._root / folder)),
                )


def require_address(url: str) -> None:
    """Raise AddressError for what cannot be the address of an object store."""
    try:
        parts = urlsplit(url)
        if parts.scheme == "file":
            found = not parts.netloc and bool(parts.path.strip("/"))
        else:
            found = bool(parts.hostname) or parts.scheme == "memory"
        plain = not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError:
        found, plain = False, True
    if not plain:
        raise AddressError(
            "The address of a store holds no credentials and no options.",
            remedy="Give the credentials in the environment, such as AWS_ACCESS_KEY_ID, and the "
            "endpoint as AWS_ENDPOINT_URL.",
        )
    if not found or parts.scheme not in SCHEMES:
        raise AddressError(
            "This is not the address of a store.",
            remedy="Write s3://bucket/prefix, gs://bucket/prefix, az://container/prefix, "
            "file:///shared/folder, or a folder's path. A store that speaks S3 elsewhere is "
            "s3://bucket/prefix with its endpoint in AWS_ENDPOINT_URL.",
            place=Place(url),
        )


def _find_root(url: str) -> Path | None:
    """The folder that a file:// address names; None for others."""
    parts = urlsplit(url)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None


def _connect(url: str, root: Path | None, patience: float) -> Remote:
    require_address(url)
    try:
        from obstore.store import LocalStore, from_url
    except ImportError as error:
        raise AddressError(
            "Stores that machines share need a package that is not installed.",
            remedy="Install it: pip install 'narrate-lectures[cluster]'",
            place=Place(url),
        ) from error
    if root is not None and not root.is_dir():
        raise AddressError(
            "There is no such folder.",
            remedy="Mount the share, or make the folder. It is not made for you, since it would "
            "then be made where a share is not mounted.",
            place=Place(str(root)),
        )
    try:
        if root is not None:
            return LocalStore(root, automatic_cleanup=True)
        if url.startswith("memory:"):
            return from_url(url)
        return from_url(
            url,
            client_options=_client_options(url),
            retry_config={
                # Time alone ends the attempts: ten of them can be over in two seconds.
                "max_retries": 1000,
                "retry_timeout": timedelta(seconds=patience / 2),
                "backoff": {
                    "init_backoff": timedelta(seconds=_FIRST_WAIT),
                    "max_backoff": timedelta(seconds=_LONGEST_WAIT),
                    "base": 2,
                },
            },
        )
    except Exception as error:
        raise explain_error(error, url) from None


def _client_options(url: str) -> ClientConfig:
    # What is given here replaces all that the library would take from the environment for its
    # connections, which of what people set is this alone.
    variable = f"{_PREFIXES.get(urlsplit(url).scheme, '')}_ALLOW_HTTP"
    allowed = os.environ.get(variable, "").lower() in ("1", "true", "on", "yes", "y")
    return {"timeout": _TIMEOUT, "connect_timeout": _CONNECT_TIMEOUT, "allow_http": allowed}
