"""The secret that seals a store. Whoever has it can make artefacts that a build believes.

By default it belongs to the user: 32 random bytes in their own data folder, made at the first
build. Machines that share a store take their organisation's from the environment: as text in
NARRATE_STORE_SECRET, or from a file that NARRATE_STORE_SECRET_FILE names.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from foundation.files import FULL, read_bounded, write_whole
from foundation.problem import Place
from narrate.errors import SecretError, StoreError

TEXT_VARIABLE = "NARRATE_STORE_SECRET"
FILE_VARIABLE = "NARRATE_STORE_SECRET_FILE"
SHORTEST_TEXT = 32  # characters; even of hexadecimal digits these are 128 bits
LARGEST_FILE = 4096  # bytes
BYTES = 32  # as many as SHA-256 gives: a longer secret makes HMAC no stronger


@dataclass(frozen=True, slots=True, repr=False)
class Secret:
    """A secret. It is never printed, and never sent to another process."""

    value: bytes

    @property
    def id(self) -> str:
        """A fingerprint that tells secrets apart. It may be public."""
        return self.authenticate("narrate store secret id")[:16]

    def authenticate(self, purpose: str, *parts: str | int) -> str:
        """An HMAC-SHA256 over some facts, in hexadecimal. The same facts for another purpose have
        another one."""
        text = json.dumps([purpose, *parts])  # unlike joined text, it tells ("ab", "c") from "abc"
        return hmac.digest(self.value, text.encode(), "sha256").hex()

    def confirms(self, mac: str, purpose: str, *parts: str | int) -> bool:
        """Whether `authenticate` gave this HMAC for these facts."""
        right = self.authenticate(purpose, *parts)
        # Of strings, compare_digest takes ASCII alone.
        return hmac.compare_digest(mac.encode("utf-8", "replace"), right.encode())

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("A secret is not sent to another process.")


def secret_path() -> Path:
    """The file with the user's own secret."""
    from platformdirs import user_data_path

    return user_data_path("narrate", appauthor=False) / "store.secret"


def read_secret() -> Secret:
    """The organisation's secret if the environment gives one, else the user's own, which is made
    if there is none. Raises SecretError."""
    text, file = os.environ.get(TEXT_VARIABLE, ""), os.environ.get(FILE_VARIABLE, "")
    if text and file:
        raise SecretError(
            f"Both {TEXT_VARIABLE} and {FILE_VARIABLE} are set.", remedy="Set one of them."
        )
    if text:
        return _from_text(text, TEXT_VARIABLE, "")
    if file:
        data = _read(Path(file), f"Correct {FILE_VARIABLE}, or do not set it.")
        return _from_text(data.decode("utf-8", "replace"), f"The secret in {file}", file)
    return _read_own(secret_path())


def _from_text(text: str, what: str, path: str) -> Secret:
    text = text.strip()  # of the end of a file's only line
    if len(text) < SHORTEST_TEXT:
        raise SecretError(
            f"{what} has {len(text)} characters, which could be guessed.",
            remedy=f"Use at least {SHORTEST_TEXT} random characters, such as those that "
            "'openssl rand -hex 32' prints.",
            place=Place(path),
        )
    return Secret(hashlib.sha256(b"narrate store secret\0" + os.fsencode(text)).digest())


def _read_own(path: Path) -> Secret:
    if not os.path.lexists(path):
        _make_own(path)
    data = _read(path, f"Delete it, and a new one is made; or set {TEXT_VARIABLE}.")
    if len(data) != BYTES:
        raise SecretError(
            "The file with the store's secret is damaged.",
            remedy="Delete it: a new one is made, and what the old one sealed is made anew.",
            place=Place(str(path)),
        )
    return Secret(data)


def _make_own(path: Path) -> None:
    """Make the user's secret. If another process does so at the same time, one of the two stays,
    and both read that one."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, secrets.token_bytes(BYTES), mode=0o600, overwrite=False)
    except FileExistsError:
        if not os.path.lexists(path):  # it was a folder on the way that is none
            raise _cannot_keep(path, "a file is in the place of a folder") from None
    except OSError as error:
        if error.errno in FULL:
            raise StoreError(
                "The disk is full.",
                remedy="Free some space, and build again.",
                place=Place(str(path)),
            ) from error
        raise _cannot_keep(path, error.strerror or str(error)) from error


def _cannot_keep(path: Path, why: str) -> SecretError:
    return SecretError(
        f"The secret that seals the store cannot be kept here ({why}).",
        remedy=f"Make this folder writable, or set {TEXT_VARIABLE} to at least {SHORTEST_TEXT} "
        "random characters.",
        place=Place(str(path)),
    )


def _read(path: Path, remedy: str) -> bytes:
    try:
        return read_bounded(path, LARGEST_FILE, private=True)
    except PermissionError as error:
        raise SecretError(
            f"The file with the store's secret cannot be used: {error.strerror}.",
            remedy=f"Let only its owner read it: chmod 600 {path}. Kubernetes cannot mount such a "
            f"file for others than root: give the secret as {TEXT_VARIABLE} there. Change it if it "
            "may have been read.",
            place=Place(str(path)),
        ) from error
    except OSError as error:
        raise SecretError(
            f"The file with the store's secret cannot be read: {error.strerror}.",
            remedy=remedy,
            place=Place(str(path)),
        ) from error
