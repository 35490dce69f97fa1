"""The consent gate, asked where a photo is decoded or animated.

An approval cannot be sent to another process, so every process asks the gate itself, about the very
bytes that it then decodes.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from avatar.errors import AvatarError, ConsentError
from foundation.problem import Place
from narrate.pipeline.step import Gate

if TYPE_CHECKING:
    from avatar.consent import ApprovedPortrait, Trust

PHOTO = "photo"
"""The name of the input that the photo is."""


def approve_photo(photo: Path, gate: Gate) -> ApprovedPortrait:
    """Ask the gate about a photo. Raises ConsentError and PhotoError, which name the course's own
    files."""
    from avatar.consent import approve

    with ExitStack() as held:
        folder = Path(held.enter_context(TemporaryDirectory(prefix="narrate-")))
        laid = {gate.photo: photo.read_bytes(), **dict(gate.papers)}
        for name, data in laid.items():
            path = folder / PurePosixPath(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        try:
            approved = approve(
                folder / gate.photo,
                folder / gate.record,
                course=gate.course,
                trust=_find_trust(gate),
            )
        except AvatarError as error:
            _name_own_files(error, folder)
            raise
    if (approved.photo_sha256, approved.record_id) != (gate.photo_sha256, gate.record_id):
        raise ConsentError(
            "The presenter's photo or its consent record was changed during the build.",
            remedy="Build again.",
            code="foreign-photo",
            place=Place(gate.photo),
        )
    return approved


def _find_trust(gate: Gate) -> Trust:
    """The trust of the build, with what this machine's own user has revoked in the meantime."""
    from avatar.consent import load_trust

    own = load_trust(None).revoked
    return replace(gate.trust, revoked=tuple(dict.fromkeys((*gate.trust.revoked, *own))))


def _name_own_files(error: AvatarError, folder: Path) -> None:
    """Name the course's files in an error instead of their copies."""
    prefix = f"{folder}/"
    problem = error.problem
    if problem.place.path.startswith(prefix):
        place = replace(problem.place, path=problem.place.path.removeprefix(prefix))
        problem = replace(problem, place=place)
    message, remedy = (text.replace(prefix, "") for text in (problem.message, problem.remedy))
    error.problems = (replace(problem, message=message, remedy=remedy),)
