"""The presenter of a course: the photo and its consent record, proven to be in the folder."""

from __future__ import annotations

from pathlib import Path

from foundation.problem import Place
from lessons import media
from lessons.errors import MediaError
from lessons.model import Presenter
from lessons.settings import CourseKeys, PresenterKeys

FOLDER = "presenter"
_PHOTOS = (".png", ".jpg", ".jpeg", ".webp")


def find_presenter(root: Path, keys: CourseKeys) -> Presenter | None:
    """The presenter that course.yaml names, or the only picture in the presenter folder.

    Raises MediaError.
    """
    if "presenter" in keys.model_fields_set:
        return _named(root, keys.presenter, keys.place_of("presenter"))
    folder = root / FOLDER
    if not folder.is_dir():
        return None
    photos = sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix.lower() in _PHOTOS and not path.name.startswith(".")
    )
    if len(photos) != 1:
        return None
    return _named(root, PresenterKeys(photo=f"{FOLDER}/{photos[0]}"), Place("course.yaml"))


def _named(root: Path, keys: PresenterKeys | None, place: Place) -> Presenter | None:
    if keys is None:
        return None
    photo = media.picture(root, keys.photo, place)
    consent = _record_path(root, keys.consent or f"{photo}.consent.json", place)
    return Presenter(photo, consent, keys.name, keys.engine)


def _record_path(root: Path, name: str, place: Place) -> str:
    """The record's path; whether it exists and is valid is for the consent gate to say."""
    home = root.resolve()
    target = (home / name).resolve()
    if not target.is_relative_to(home):
        raise MediaError(
            f"The consent record {name!r} is outside the course folder.",
            remedy="Keep it beside the photo.",
            place=place,
        )
    return target.relative_to(home).as_posix()
