"""Finds a course's presenter: the photo and its consent record, both in the course folder."""

from __future__ import annotations

from pathlib import Path

from foundation.problem import Place
from foundation.shortening import shorten
from lessons.course import media
from lessons.course.settings import CourseKeys, PresenterKeys
from lessons.course.text_files import COURSE_FILE, opening
from lessons.errors import MediaError
from lessons.model import Presenter

FOLDER = "presenter"
_PHOTOS = (".png", ".jpg", ".jpeg", ".webp")


def find_presenter(root: Path, keys: CourseKeys) -> Presenter | None:
    """The presenter that course.yaml names, or the only picture in the presenter folder.

    Raises MediaError.
    """
    if "presenter" in keys.model_fields_set:
        return _find_named(root, keys.presenter, keys) if keys.presenter else None
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
    return _find_named(root, PresenterKeys(photo=f"{FOLDER}/{photos[0]}"), keys)


def _find_named(root: Path, named: PresenterKeys, keys: CourseKeys) -> Presenter:
    photo_place, consent_place, engine_place = (
        keys.place_of(f"presenter.{name}", "presenter").within(Place(COURSE_FILE))
        for name in ("photo", "consent", "engine")
    )
    photo = media.picture(root, named.photo, photo_place)
    consent = _record_path(root, named.consent or f"{photo}.consent.json", consent_place)
    return Presenter(photo, consent, named.name, named.engine, engine_place, named.speaker)


def _record_path(root: Path, name: str, place: Place) -> str:
    """The record's path. The consent gate decides whether it exists and is valid."""
    home = root.resolve()
    with opening(name, place, MediaError):
        target = (home / name).resolve()
        target.is_file()  # fails for a name that no file can have
    if not target.is_relative_to(home):
        raise MediaError(
            f"The consent record {shorten(name)!r} is outside the course folder.",
            remedy="Put it beside the photo.",
            place=place,
        )
    return target.relative_to(home).as_posix()
