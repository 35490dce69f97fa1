"""Whether a record is valid: for this photo, in this course, now. Every refusal has a code."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from avatar.consent import signature
from avatar.consent.canonical import Json, NotStrictError, parse
from avatar.consent.fields import Fields
from avatar.consent.photo import read_photo
from avatar.consent.record import Record, from_json, record_path
from avatar.consent.revocation import check_list, list_path, make_revoked_error
from avatar.consent.trust import Trust
from avatar.errors import ConsentError
from foundation.files import bytes_digest, read_bounded
from foundation.problem import Place

LARGEST_RECORD = 192 * 1024  # bytes; the longest statement and a thousand courses fit


def check(
    photo: Path,
    record: Path,
    *,
    course: str | None,
    trust: Trust,
    now: datetime | None = None,
) -> Record:
    """Return the record if it is valid for this photo; with `course` None, whatever its scope.

    This is for planning and for `narrate consent verify`: the result cannot be animated. It raises
    as `approve` does, but does not decode the photo.
    """
    return check_bytes(read_photo(photo), photo, record, course=course, trust=trust, now=now)


def check_bytes(
    data: bytes,
    photo: Path,
    path: Path,
    *,
    course: str | None,
    trust: Trust,
    now: datetime | None,
) -> Record:
    """The record at `path` if it is valid for a photo with these bytes. Raises ConsentError."""
    now = datetime.now(UTC) if now is None else now
    if now.tzinfo is None:
        raise ValueError("`now` has no time zone.")
    value, token = read_record(path, photo)
    _check_signature(value, token, photo, path, trust)
    try:
        record = from_json(value)
    except NotStrictError as error:
        _refuse(
            "unreadable", f"The consent record cannot be used: {error}.", path, _advise_grant(photo)
        )
    if record.photo_sha256 != bytes_digest(data):
        _refuse(
            "foreign-photo",
            f"The consent record is not for {photo.name} but for another photo (or for this one "
            "before it was edited: a single changed pixel makes it another photo).",
            path,
            "Restore the photo that consent was given for, or "
            f"{_lower_first(_advise_grant(photo))}",
        )
    for entry in trust.revoked:
        if entry.id == record.id:
            raise make_revoked_error(entry, path)
    # Beside the photo as well: a record that was copied to another name must not lose its list.
    for beside in dict.fromkeys((list_path(path), list_path(record_path(photo)))):
        check_list(beside, record.id, trust.keys)
    if not record.has_begun(now):
        _refuse(
            "not-yet-valid",
            f"Consent is valid only from {record.valid_from} (UTC) on.",
            path,
            f"Wait until then, or {_lower_first(_advise_grant(photo))}",
        )
    if record.has_expired(now):
        _refuse(
            "expired", f"Consent ended on {record.valid_until} (UTC).", path, _advise_grant(photo)
        )
    if course is not None and not record.scope.covers(course):
        allowed = ", ".join(record.scope.courses[:5])
        more = ", …" if len(record.scope.courses) > 5 else ""
        _refuse(
            "out-of-scope",
            f"Consent does not cover the course {course!r}, only {allowed}{more}.",
            path,
            f"Ask {record.subject}, then record the wider consent with "
            f"`{_grant_command(photo)} --force --course {shlex.quote(course)} …`.",
        )
    return record


def read_record(path: Path, photo: Path | None = None) -> tuple[Json, str]:
    """The record's JSON and its signature, neither of them checked.

    Raises ConsentError: missing, unreadable, altered (no signature).
    """
    try:
        fields = Fields(parse(read_bounded(path, LARGEST_RECORD)))
        record = fields.take("record")
    except FileNotFoundError:
        _refuse(
            "missing", "There is no consent record for this photo.", path, _advise_grant(photo, "")
        )
    except (OSError, NotStrictError) as error:
        why = str(error) if isinstance(error, NotStrictError) else error.strerror or "no access"
        _refuse(
            "unreadable", f"The consent record cannot be read: {why}.", path, _advise_restore(photo)
        )
    try:
        token = fields.text("signature", longest=signature.LONGEST)
    except NotStrictError as error:
        _refuse(
            "altered", f"The consent record is not signed: {error}.", path, _advise_restore(photo)
        )
    try:
        fields.end()
    except NotStrictError as error:
        _refuse(
            "unreadable",
            f"The consent record cannot be read: {error}.",
            path,
            _advise_restore(photo),
        )
    return record, token


def read_unchecked(path: Path, photo: Path) -> Record:
    """What a record says, only to show it: nothing of it is proven. Raises ConsentError."""
    value, _ = read_record(path, photo)
    try:
        return from_json(value)
    except NotStrictError as error:
        _refuse(
            "unreadable", f"The consent record cannot be used: {error}.", path, _advise_grant(photo)
        )


def _check_signature(value: Json, token: str, photo: Path, path: Path, trust: Trust) -> None:
    try:
        signature.verify(token, value, "narrate-consent", trust.keys)
    except signature.NotSignedError as error:
        _refuse(
            "altered",
            f"The consent record does not match its signature: {error}.",
            path,
            _advise_restore(photo),
        )
    except signature.NotTrustedError as error:
        if trust.source == "outside":
            _refuse(
                "untrusted",
                f"The consent record is signed with a key that is not trusted in {trust.path} "
                f"({error.kid}).",
                path,
                "If you know whose key it is, trust it with `narrate consent key --trust COURSE`; "
                f"if not, {_lower_first(_advise_grant(photo))}",
            )
        _refuse(
            "untrusted",
            f"The consent record is signed with a key that is not in the course ({error.kid}).",
            path,
            "The signer can add the key to presenter/keys.json with "
            "`narrate consent key --course COURSE`, or you can trust it yourself with "
            "`narrate consent key --trust FILE`.",
        )


def _grant_command(photo: Path | None) -> str:
    return f"narrate consent grant {shlex.quote(str(photo)) if photo else 'PHOTO'}"


def _advise_grant(photo: Path | None, force: str = " --force") -> str:
    return f"Write a new record with `{_grant_command(photo)}{force}`."


def _advise_restore(photo: Path | None) -> str:
    return f"Restore it from a copy, or {_lower_first(_advise_grant(photo))}"


def _lower_first(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _refuse(code: str, problem: str, path: Path, remedy: str) -> NoReturn:
    # Not chained: what a parser says about a hostile file does not help, and may quote the file.
    raise ConsentError(problem, remedy=remedy, code=code, place=Place(str(path))) from None
