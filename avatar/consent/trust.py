"""The keys whose signatures count.

The user's own file decides: `trusted-keys.json` in the settings folder, or the file that
NARRATE_TRUST names. Without such a file, the course's `presenter/keys.json` decides; that proves
that the record was not changed since it was signed, not that its signer can be believed.
Revocations in either file count.

Both files are a JWK Set (RFC 7517) with a list of revocations: `{"keys": [{"kty": "OKP", "crv":
"Ed25519", "x": …, "kid": …, "name": …}], "revoked": [{"id": …, "reason": …, "at": …}]}`. A user's
file without `keys` leaves the keys to the course; with an empty list it trusts nobody.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from avatar.consent import writing
from avatar.consent.canonical import Json, NotStrictError, parse, write_pretty
from avatar.consent.fields import Fields
from avatar.consent.revocation import Revocation, revocation_as_json, revocation_from_json
from avatar.consent.signing_keys import PublicKey, config_folder, public_as_json, public_from_json
from avatar.errors import ConsentError
from foundation.files import read_bounded
from foundation.problem import Place

LARGEST_TRUST = 4 * 1024 * 1024  # bytes; some ten thousand keys or revocations


@dataclass(frozen=True, slots=True)
class Trust:
    """Keys that may sign, records that are revoked, and the file that the keys are from."""

    keys: tuple[PublicKey, ...] = ()
    revoked: tuple[Revocation, ...] = ()
    source: Literal["outside", "course"] = "course"
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class TrustFile:
    """The content of one file; `keys` is None if the file leaves them open."""

    keys: tuple[PublicKey, ...] | None = None
    revoked: tuple[Revocation, ...] = ()


def trust_path() -> Path:
    """The user's trust file, which need not exist."""
    named = os.environ.get("NARRATE_TRUST")
    return Path(named) if named else config_folder() / "trusted-keys.json"


def course_keys_path(course_root: Path) -> Path:
    return course_root / "presenter" / "keys.json"


def load_trust(course_root: Path | None, trust_file: Path | None = None) -> Trust:
    """Load the keys that are trusted in a course; without a course, those in the user's file alone.

    A file that is named (`trust_file`, NARRATE_TRUST) must exist: otherwise a typing error in its
    name would leave the decision to the course. Raises ConsentError: missing, unreadable.
    """
    path = trust_path() if trust_file is None else trust_file
    outside = read_trust_file(path)
    if outside is None and (trust_file is not None or os.environ.get("NARRATE_TRUST")):
        raise ConsentError(
            "The file of trusted keys does not exist.",
            remedy="Correct its name (NARRATE_TRUST), or create it with `narrate consent key`.",
            code="missing",
            place=Place(str(path)),
        )
    inside = None
    if course_root is not None:
        inside_path = course_keys_path(course_root)
        if not _is_in(inside_path, course_root):
            raise _make_unreadable_error(inside_path, "it leads out of the course")
        inside = read_trust_file(inside_path)
    revoked = (*(outside.revoked if outside else ()), *(inside.revoked if inside else ()))
    if outside is not None and outside.keys is not None:
        return Trust(outside.keys, revoked, "outside", path)
    if inside is not None and inside.keys is not None:
        return Trust(inside.keys, revoked, "course", inside_path)
    return Trust((), revoked)


def _is_in(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link that leads to itself
        return False


def read_trust_file(path: Path) -> TrustFile | None:
    """Read a trust file; None if it does not exist. Raises ConsentError (unreadable) for a damaged
    one."""
    try:
        data = read_bounded(path, LARGEST_TRUST)
    except FileNotFoundError:
        if path.is_symlink():
            raise _make_unreadable_error(path, "it is a link to nothing") from None
        return None
    except OSError as error:
        raise _make_unreadable_error(path, error.strerror or "it cannot be opened") from None
    try:
        fields = Fields(parse(data))
        keys, revoked = fields.items_or_none("keys"), fields.items_or_none("revoked")
        fields.end()
        if keys is None and revoked is None:
            raise NotStrictError("it holds neither 'keys' nor 'revoked'")
        found = TrustFile(
            None
            if keys is None
            else tuple(public_from_json(key, f"keys[{i}]") for i, key in enumerate(keys)),
            tuple(
                revocation_from_json(entry, f"revoked[{i}]")
                for i, entry in enumerate(revoked or ())
            ),
        )
    except NotStrictError as error:
        raise _make_unreadable_error(path, str(error)) from None
    return found


def read_keys(path: Path) -> tuple[PublicKey, ...]:
    """Read the keys of a file that must hold some. Raises ConsentError: missing, unreadable."""
    found = read_trust_file(path)
    if found is None or not found.keys:
        raise ConsentError(
            "There are no public keys in this file.",
            remedy="Name a course with a presenter/keys.json, or a file of keys.",
            code="missing",
            place=Place(str(path)),
        )
    return found.keys


def add_keys(path: Path, keys: tuple[PublicKey, ...]) -> tuple[PublicKey, ...]:
    """Add keys to a trust file, which is created if it does not exist, and return the new ones.

    Raises ConsentError: unreadable (a damaged file is not overwritten), unwritable.
    """
    with writing.locked(path):
        old = read_trust_file(path) or TrustFile()
        known = {key.kid for key in old.keys or ()}
        new = tuple({key.kid: key for key in keys if key.kid not in known}.values())
        if new or old.keys is None:
            _write(path, TrustFile((*(old.keys or ()), *new), old.revoked))
    return new


def add_revocation(path: Path, revocation: Revocation) -> None:
    """Add a revocation to a trust file, which is created if it does not exist.

    A new file decides about keys as the missing file did: it trusts nobody if the user named its
    place, and leaves the decision to the courses if it is at the usual place.

    Raises ConsentError: unreadable, unwritable.
    """
    with writing.locked(path):
        named = path != config_folder() / "trusted-keys.json"
        old = read_trust_file(path) or TrustFile(keys=() if named else None)
        if all(entry.id != revocation.id for entry in old.revoked):
            _write(path, TrustFile(old.keys, (*old.revoked, revocation)))


def _write(path: Path, content: TrustFile) -> None:
    value: dict[str, Json] = {}
    if content.keys is not None:
        value["keys"] = [public_as_json(key) for key in content.keys]
    if content.revoked:
        value["revoked"] = [revocation_as_json(entry) for entry in content.revoked]
    writing.write(path, write_pretty(value))


def _make_unreadable_error(path: Path, why: str) -> ConsentError:
    return ConsentError(
        f"The file of trusted keys cannot be read: {why}.",
        remedy="Restore it from a copy. If there is none, move it away and add the keys again "
        "with `narrate consent key`; its revocations are lost then.",
        code="unreadable",
        place=Place(str(path)),
    )
