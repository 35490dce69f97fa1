"""Revocations: a signed list beside the record, which can only ever stop a record.

The list is `<photo name>.revoked.json`. An entry that names the record stops it, whoever signed the
entry. A list that cannot be read, or holds an entry that no trusted key signed, stops it as well:
otherwise anyone who can damage the list could undo a revocation.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from avatar.consent import signature, writing
from avatar.consent.canonical import Json, NotStrictError, parse, write_pretty
from avatar.consent.fields import LINE, Fields, format_moment
from avatar.consent.record import RECORD_ID
from avatar.consent.signing_keys import PublicKey, SigningKey
from avatar.errors import ConsentError
from foundation.files import read_bounded
from foundation.problem import Place

LARGEST_LIST = 1024 * 1024  # bytes; some two thousand entries


@dataclass(frozen=True, slots=True)
class Revocation:
    """The record with this id is no longer valid. `at` is when it was revoked."""

    id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SignedRevocation:
    """A revocation in a list, with its signature."""

    revocation: Revocation
    signature: str


def list_path(record: Path) -> Path:
    """The list of revocations of a record: `.consent.json` becomes `.revoked.json`."""
    return record.with_name(record.name.removesuffix(".consent.json") + ".revoked.json")


def revocation_as_json(revocation: Revocation) -> dict[str, Json]:
    return {
        "id": revocation.id,
        "reason": revocation.reason,
        "at": format_moment(revocation.at),
    }


def revocation_from_json(value: Json, place: str) -> Revocation:
    """Read a revocation. Raises NotStrictError."""
    fields = Fields(value, place)
    revocation = Revocation(
        fields.match("id", RECORD_ID, "a record's id"),
        fields.text("reason", longest=LINE),
        fields.moment("at"),
    )
    fields.end()
    return revocation


def read_list(path: Path) -> tuple[SignedRevocation, ...]:
    """The entries, with their form checked but not their signatures; none if there is no list.

    Raises ConsentError (unreadable).
    """
    try:
        data = read_bounded(path, LARGEST_LIST)
    except FileNotFoundError:
        if not path.is_symlink():
            return ()
        raise _make_unreadable_error(path, "it is a link to nothing") from None
    except OSError as error:
        raise _make_unreadable_error(path, error.strerror or "it cannot be opened") from None
    try:
        fields = Fields(parse(data))
        entries = []
        for index, value in enumerate(fields.items("revocations")):
            entry = Fields(value, f"revocations[{index}]")
            revocation = revocation_from_json(entry.take("revocation"), entry.name("revocation"))
            entries.append(
                SignedRevocation(revocation, entry.text("signature", longest=signature.LONGEST))
            )
            entry.end()
        fields.end()
        if not entries:
            raise NotStrictError("it is empty, but a list always has an entry")
    except NotStrictError as error:
        raise _make_unreadable_error(path, str(error)) from None
    return tuple(entries)


def check_list(path: Path, record_id: str, keys: Iterable[PublicKey]) -> None:
    """Raise ConsentError if the list stops the record: revoked, unreadable, altered, untrusted."""
    entries = read_list(path)
    for entry in entries:
        if entry.revocation.id == record_id:
            raise make_revoked_error(entry.revocation, path)
    trusted = tuple(keys)
    for entry in entries:
        try:
            signature.verify(
                entry.signature,
                revocation_as_json(entry.revocation),
                "narrate-revocation",
                trusted,
            )
        except (signature.NotSignedError, signature.NotTrustedError) as error:
            untrusted = isinstance(error, signature.NotTrustedError)
            why = (
                "that is signed with a key that is not trusted"
                if untrusted
                else "with an invalid signature"
            )
            raise ConsentError(
                f"The list of revocations holds an entry {why}, for record "
                f"{entry.revocation.id}, so what it says about this record is unknown.",
                remedy="Get the list from the person who revoked the record, or trust their key "
                "with `narrate consent key --trust COURSE`.",
                code="untrusted" if untrusted else "altered",
                place=Place(str(path)),
            ) from None


def write_list(path: Path, entries: Iterable[SignedRevocation]) -> None:
    """Raises ConsentError (unwritable)."""
    value: list[Json] = [
        {"revocation": revocation_as_json(entry.revocation), "signature": entry.signature}
        for entry in entries
    ]
    writing.write(path, write_pretty({"revocations": value}))


def add_to_list(record: Path, revocation: Revocation, key: SigningKey) -> Path:
    """Sign a revocation and add it to the list beside the record; returns the list's path.

    Raises ConsentError: unreadable (a damaged list is not overwritten), unwritable.
    """
    path = list_path(record)
    token = signature.sign(revocation_as_json(revocation), "narrate-revocation", key)
    with writing.locked(path):
        write_list(path, (*read_list(path), SignedRevocation(revocation, token)))
    return path


def make_revoked_error(revocation: Revocation, path: Path | None) -> ConsentError:
    """The error for a revoked record."""
    return ConsentError(
        f"Consent was revoked on {revocation.at.date()}: {revocation.reason!r} "
        f"(record {revocation.id}).",
        remedy="Use another presenter, and take down the published videos. If consent is given "
        "again, write a new record with `narrate consent grant PHOTO --force`.",
        code="revoked",
        place=Place("" if path is None else str(path)),
    )


def _make_unreadable_error(path: Path, why: str) -> ConsentError:
    return ConsentError(
        f"The list of revocations cannot be read: {why}. What it says about this record "
        "is unknown.",
        remedy="Restore it from a copy, or revoke again with `narrate consent revoke PHOTO`.",
        code="unreadable",
        place=Place(str(path)),
    )
