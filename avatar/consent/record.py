"""The consent record: who allowed what, with which photo, for which courses, until when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Literal, get_args

from avatar.consent.canonical import Json, NotStrictError
from avatar.consent.fields import SHA256, Fields, check_text, format_moment

VERSION: Final = 1

Basis = Literal["own-consent", "public-domain-artwork", "synthetic-person"]
BASES: Final[tuple[Basis, ...]] = get_args(Basis)
ANY_COURSE: Final = "*"
LONGEST_STATEMENT = 8_000  # characters; a consent form of two pages
MOST_COURSES = 1_000
RECORD_ID = re.compile(r"[0-9a-z](?:-?[0-9a-z]){7,63}", re.ASCII)  # a UUID, or a code as long as 8
LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,4}", re.ASCII)  # BCP 47


@dataclass(frozen=True, slots=True)
class Statement:
    """What was agreed to, in the words that were said or signed."""

    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Scope:
    """`courses` are ids, or `*` alone for every course.

    The gate enforces `courses`. Audience and commercial use are promises between people, which are
    kept in the record and shown.
    """

    courses: tuple[str, ...]
    audience: str | None = None
    commercial: bool | None = None

    def covers(self, course: str) -> bool:
        return self.courses == (ANY_COURSE,) or course in self.courses


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed the record, in which role, and how they checked that the consent is real."""

    name: str
    role: str
    verified: str


@dataclass(frozen=True, slots=True)
class Record:
    """`valid_from` and `valid_until` are whole days in UTC, both included."""

    id: str
    photo_sha256: str
    subject: str
    basis: Basis
    statement: Statement
    scope: Scope
    valid_from: date
    valid_until: date
    signer: Signer
    withdraw: str
    issued: datetime
    controller: str | None = None
    version: int = VERSION

    @property
    def code(self) -> str:
        """The id's first eight characters, which a viewer sees."""
        return self.id[:8]

    def has_expired(self, now: datetime) -> bool:
        return now.astimezone(UTC).date() > self.valid_until

    def has_begun(self, now: datetime) -> bool:
        return now.astimezone(UTC).date() >= self.valid_from


def record_path(photo: Path) -> Path:
    """The photo's record unless a course names another file: `<photo name>.consent.json`."""
    return photo.with_name(photo.name + ".consent.json")


def as_json(record: Record) -> dict[str, Json]:
    """The record as it is signed, in the order in which people read it."""
    scope: dict[str, Json] = {"courses": list(record.scope.courses)}
    if record.scope.audience is not None:
        scope["audience"] = record.scope.audience
    if record.scope.commercial is not None:
        scope["commercial"] = record.scope.commercial
    value: dict[str, Json] = {
        "version": record.version,
        "id": record.id,
        "subject": record.subject,
    }
    if record.controller is not None:
        value["controller"] = record.controller
    return value | {
        "basis": record.basis,
        "statement": {"text": record.statement.text, "language": record.statement.language},
        "scope": scope,
        "valid_from": record.valid_from.isoformat(),
        "valid_until": record.valid_until.isoformat(),
        "withdraw": record.withdraw,
        "signer": {
            "name": record.signer.name,
            "role": record.signer.role,
            "verified": record.signer.verified,
        },
        "issued": format_moment(record.issued),
        "photo_sha256": record.photo_sha256,
    }


def from_json(value: Json) -> Record:
    """Read a record. Raises NotStrictError, which names the member and what is wrong with it."""
    fields = Fields(value, "record")
    version = fields.integer("version")
    if version != VERSION:
        # A later version may restrict in ways that this one would not see.
        raise NotStrictError(
            f"'record.version' is {version}, and this program reads only {VERSION}"
        )
    statement = fields.object("statement")
    scope = fields.object("scope")
    signer = fields.object("signer")
    basis = fields.text("basis")
    if basis not in BASES:
        raise NotStrictError(f"'record.basis' is not one of {', '.join(BASES)}")
    record = Record(
        version=version,
        id=fields.match("id", RECORD_ID, "8 to 64 of 0-9, a-z and single hyphens"),
        photo_sha256=fields.match("photo_sha256", SHA256, "64 hexadecimal digits"),
        subject=fields.text("subject"),
        controller=fields.text_or_none("controller"),
        basis=basis,
        statement=Statement(
            statement.text("text", longest=LONGEST_STATEMENT, lines=True),
            statement.match("language", LANGUAGE, "a language tag like en or pt-BR"),
        ),
        scope=Scope(
            _read_courses(scope.items("courses"), basis),
            scope.text_or_none("audience"),
            scope.flag_or_none("commercial"),
        ),
        valid_from=fields.day("valid_from"),
        valid_until=fields.day("valid_until"),
        signer=Signer(signer.text("name"), signer.text("role"), signer.text("verified")),
        withdraw=fields.text("withdraw"),
        issued=fields.moment("issued"),
    )
    for part in (fields, statement, scope, signer):
        part.end()
    if record.valid_until < record.valid_from:
        raise NotStrictError("'record.valid_until' is before 'record.valid_from'")
    return record


def _read_courses(values: list[Json], basis: Basis) -> tuple[str, ...]:
    if not values or len(values) > MOST_COURSES:
        raise NotStrictError(f"'record.scope.courses' must name 1 to {MOST_COURSES} courses")
    courses: list[str] = []
    for value in values:
        if not isinstance(value, str):
            raise NotStrictError("'record.scope.courses' holds something that is not text")
        courses.append(check_text(value, "record.scope.courses", longest=100))
    if len(set(courses)) != len(courses):
        raise NotStrictError("'record.scope.courses' names a course twice")
    if ANY_COURSE in courses:
        if len(courses) > 1:
            raise NotStrictError("'record.scope.courses' names courses as well as '*'")
        if basis == "own-consent":
            # A living person consents to something definite (GDPR, recital 32: specific).
            raise NotStrictError(
                "'record.scope.courses' is '*', but a person's consent must name courses"
            )
    return tuple(courses)
