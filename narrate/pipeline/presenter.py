"""The presenter of a build: whether consent allows to show them, and what the gate is asked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from avatar.errors import AvatarError
from foundation.files import read_bounded
from foundation.problem import Place
from lessons.model import Course, Presenter
from narrate.pipeline.course_files import CourseFiles
from narrate.pipeline.step import Artefact, Gate

if TYPE_CHECKING:
    from pathlib import Path

ENGINE = "warp"


@dataclass(frozen=True, slots=True)
class Portrayed:
    """The presenter of a build, with consent checked. `statement` is the line that viewers see, in
    English; other languages make theirs of the record's `basis` and `code`. `gate` is what every
    process asks again."""

    presenter: Presenter
    photo: Artefact
    gate: Gate
    statement: str
    metadata: tuple[tuple[str, str], ...]
    engine: str
    version: str
    basis: str
    code: str

    @property
    def record_id(self) -> str:
        return self.gate.record_id


def approve_presenter(course: Course, files: CourseFiles, *, draft: bool) -> Portrayed | None:
    """The presenter, if consent allows to show them. A draft's face does not move.

    Raises ConsentError, and RigError for an engine that does not exist.
    """
    if course.presenter is None:
        return None
    from avatar.consent import check, load_trust, make_disclosure, make_metadata

    presenter = course.presenter
    trust = load_trust(course.root)
    record = check(
        course.root / presenter.photo,
        course.root / presenter.consent,
        course=course.id,
        trust=trust,
    )
    engine = presenter.engine or ENGINE
    version = find_engine_version(engine, presenter.engine_place)
    if draft:
        engine = "still"
        version = find_engine_version(engine, presenter.engine_place)
    gate = Gate(
        course=course.id,
        record_id=record.id,
        photo_sha256=record.photo_sha256,
        trust=trust,
        photo=presenter.photo,
        record=presenter.consent,
        papers=tuple(_read_papers(course.root, presenter)),
    )
    return Portrayed(
        presenter=presenter,
        photo=files.add(presenter.photo),
        gate=gate,
        statement=make_disclosure(record),
        metadata=tuple(sorted(make_metadata(record).items())),
        engine=engine,
        version=version,
        basis=record.basis.replace("-", "_"),
        code=record.code,
    )


def find_engine_version(name: str, place: Place) -> str:
    """The version of a portrait engine that is named at `place`. Raises RigError."""
    import avatar.engines

    try:
        return avatar.engines.find_engine_class(name).version()
    except AvatarError as error:
        error.within(place)
        raise


def _read_papers(root: Path, presenter: Presenter) -> list[tuple[str, bytes]]:
    """The record and the lists of revocations beside it, which `check` has just read."""
    from avatar.consent.record import record_path
    from avatar.consent.revocation import LARGEST_LIST, list_path
    from avatar.consent.verification import LARGEST_RECORD

    photo, record = root / presenter.photo, root / presenter.consent
    papers = [(presenter.consent, read_bounded(record, LARGEST_RECORD))]
    for path in dict.fromkeys((list_path(record), list_path(record_path(photo)))):
        if path.exists():
            papers.append((path.relative_to(root).as_posix(), read_bounded(path, LARGEST_LIST)))
    return papers
