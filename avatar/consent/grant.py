"""Writes a consent record, and revokes it."""

from __future__ import annotations

import shlex
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from avatar.consent import signature, writing
from avatar.consent.canonical import NotStrictError, write_pretty
from avatar.consent.fields import Fields
from avatar.consent.photo import decode, read_photo
from avatar.consent.record import (
    RECORD_ID,
    Basis,
    Record,
    Scope,
    Signer,
    Statement,
    as_json,
    from_json,
    record_path,
)
from avatar.consent.revocation import (
    Revocation,
    add_to_list,
    revocation_as_json,
    revocation_from_json,
)
from avatar.consent.signing_keys import SigningKey
from avatar.consent.trust import add_revocation, trust_path
from avatar.consent.verification import read_record
from avatar.errors import ConsentError
from foundation.files import bytes_digest
from foundation.languages import normalize_tag
from foundation.problem import Place

DEFAULT_WITHDRAW = "Tell the signer, who runs `narrate consent revoke` and takes the videos down."


@dataclass(frozen=True, slots=True)
class Terms:
    """What is granted, by whom and until when; see `Record` for the parts.

    `valid_from` is today in UTC if it is None.
    """

    subject: str
    basis: Basis
    statement: Statement
    scope: Scope
    valid_until: date
    signer: Signer
    valid_from: date | None = None
    controller: str | None = None
    withdraw: str = DEFAULT_WITHDRAW


def grant(
    photo: Path,
    terms: Terms,
    *,
    key: SigningKey,
    record: Path | None = None,
    record_id: str | None = None,
    now: datetime | None = None,
    force: bool = False,
) -> Record:
    """Sign a record for the photo and write it beside the photo, or to `record`.

    The same arguments with the same `now` and `record_id` write the same bytes. Raises PhotoError
    and ConsentError: invalid (the terms), exists (there is a record and `force` is not given),
    unwritable.
    """
    path = record_path(photo) if record is None else record
    now = datetime.now(UTC) if now is None else now
    if now.tzinfo is None:
        raise ValueError("`now` has no time zone.")
    data = read_photo(photo)
    decode(data, photo)  # consent for a picture that nobody can open is a mistake
    try:
        granted = _make_record(
            terms, data, now, str(uuid.uuid4()) if record_id is None else record_id
        )
        content = _sign_record(granted, key)
    except ValueError as error:
        raise ConsentError(
            f"The consent cannot be written: {error}.",
            remedy="Correct what was given to `narrate consent grant`.",
            code="invalid",
        ) from None
    try:
        writing.write(path, content, overwrite=force)
    except FileExistsError:
        raise ConsentError(
            "There is already a consent record.",
            remedy="Look at it with `narrate consent show "
            f"{shlex.quote(str(photo))}`, or replace it with --force.",
            code="exists",
            place=Place(str(path)),
        ) from None
    return granted


def _make_record(terms: Terms, photo: bytes, now: datetime, record_id: str) -> Record:
    """Raises ValueError if the statement's language is not a known one."""
    language = normalize_tag(terms.statement.language)
    return Record(
        id=record_id,
        photo_sha256=bytes_digest(photo),
        subject=terms.subject,
        controller=terms.controller,
        basis=terms.basis,
        statement=replace(terms.statement, language=language),
        scope=terms.scope,
        valid_from=terms.valid_from or now.astimezone(UTC).date(),
        valid_until=terms.valid_until,
        signer=terms.signer,
        withdraw=terms.withdraw,
        issued=now.astimezone(UTC).replace(microsecond=0),
    )


def _sign_record(record: Record, key: SigningKey) -> bytes:
    """The file's content. Raises NotStrictError for a record that the gate would refuse to read."""
    value = as_json(record)
    if from_json(value) != record:
        raise NotStrictError("the record does not read back as it was written")
    token = signature.sign(value, "narrate-consent", key)
    return write_pretty({"record": value, "signature": token})


@dataclass(frozen=True, slots=True)
class Revoked:
    """What `revoke` did. `beside` is the signed list beside the record, None without a key."""

    revocation: Revocation
    beside: Path | None
    trust_file: Path


def revoke(
    photo: Path,
    *,
    reason: str,
    key: SigningKey | None,
    record: Path | None = None,
    record_id: str | None = None,
    trust_file: Path | None = None,
    now: datetime | None = None,
) -> Revoked:
    """Revoke a photo's record in the user's trust file and, with a key, in the list beside the
    record.

    If one of the two cannot be written, the other still is, and then the error is raised.
    `record_id` names the record if its file is lost or damaged; the photo need not exist. Raises
    ConsentError: missing, unreadable, invalid (the reason), unwritable.
    """
    path = record_path(photo) if record is None else record
    now = datetime.now(UTC) if now is None else now
    outside = trust_path() if trust_file is None else trust_file
    identity = _read_id(path, photo) if record_id is None else record_id
    revocation = Revocation(identity, reason, now.astimezone(UTC).replace(microsecond=0))
    try:
        revocation_from_json(revocation_as_json(revocation), "revocation")
    except NotStrictError as error:
        raise ConsentError(
            f"The revocation cannot be written: {error}.",
            remedy="Correct what was given to `narrate consent revoke`.",
            code="invalid",
        ) from None
    beside: Path | None = None
    failure: ConsentError | None = None
    if key is not None:
        try:
            beside = add_to_list(path, revocation, key)
        except ConsentError as error:
            failure = error
    try:
        add_revocation(outside, revocation)
    except ConsentError as error:
        if beside is None:
            raise
        raise _make_partial_error(
            error, f"The record is revoked in {beside}, but not for other copies on this machine."
        ) from error
    if failure is not None:
        raise _make_partial_error(
            failure, f"The record is revoked in {outside}, but not for other people."
        ) from failure
    return Revoked(revocation, beside, outside)


def _make_partial_error(error: ConsentError, done: str) -> ConsentError:
    return ConsentError(
        f"{error.message} {done}", remedy=error.remedy, code=error.code, place=error.place
    )


def _read_id(path: Path, photo: Path) -> str:
    """The id in a record. Its signature is not checked, because the id is enough to stop it."""
    value, _ = read_record(path, photo)
    try:
        return Fields(value, "record").match("id", RECORD_ID, "an id")
    except NotStrictError as error:
        raise ConsentError(
            f"The consent record has no valid id: {error}.",
            remedy="Give the id with `narrate consent revoke PHOTO --id ID`; "
            "it is in the metadata of the record's videos.",
            code="unreadable",
            place=Place(str(path)),
        ) from None
