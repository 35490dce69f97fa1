"""Finds the teacher's own recordings: one file per lesson, or one per slide.

The setting `recording` names a file, or a folder (`media/recordings` by default). In a folder, the
recording of a lesson `01-light` is `01-light.wav` (one file for the lesson), or `01-light/03.wav`
or `03.wav` (one file per slide; its name begins with the slide's number).
"""

from __future__ import annotations

import re
from pathlib import Path

from foundation.problem import Place
from foundation.shortening import shorten
from lessons.course import media
from lessons.course.text_files import opening
from lessons.errors import MediaError
from lessons.model import Lesson, Recording

FOLDER = "media/recordings"
VOICE = "recording"
"""The value of the setting `voice` for a lesson that the teacher has spoken."""

SUFFIXES = (
    *(".wav", ".flac", ".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wma", ".aif", ".aiff"),
    *(".mp4", ".m4v", ".mov", ".mkv", ".webm"),
)
"""The files that count as recordings. Of a video, the sound is used."""

_NUMBER = re.compile(r"(?:slide|page)?[-_ ]?0*(\d{1,4})(?!\d)", re.IGNORECASE)


def find_recordings(root: Path, lesson: Lesson, setting: str = "") -> tuple[Recording, ...]:
    """The recordings of a lesson's slides, in order. Each slide with speech is in exactly one.

    Raises MediaError for a file that does not exist, that is not a sound file by its name, or that
    is outside the course, and for a slide with speech but without a recording.
    """
    place = lesson.settings.place_of("recording", "voice")
    with opening(setting or FOLDER, place, MediaError):
        return _find_recordings(root, lesson, setting, place)


def _find_recordings(
    root: Path, lesson: Lesson, setting: str, place: Place
) -> tuple[Recording, ...]:
    speaking = tuple(slide.number for slide in lesson.slides if slide.utterances)
    if not speaking:
        return ()
    name = setting or FOLDER
    folder = _folder(root, name, place)
    if folder is None:
        return (Recording(_file(root, name, place), speaking),)
    whole = [path for path in _sounds(folder) if path.stem == lesson.id]
    if len(whole) > 1:
        raise _refuse(
            lesson, f"There are two recordings of this lesson in {name!r}.", "Keep one of them."
        )
    if whole:
        return (Recording(_relative(root, whole[0], place), speaking),)
    own = folder / lesson.id
    slides = _by_slide(root, own if own.is_dir() else folder, lesson, place)
    missing = [number for number in speaking if number not in slides]
    if missing:
        wanted = (
            f"{name}/{lesson.id}.wav for the lesson, or {name}/{lesson.id}/{missing[0]:02d}.wav"
        )
        raise MediaError(
            "The voice is 'recording', but there is no recording of this slide.",
            remedy=f"Record it and save it as {wanted}, or choose another voice.",
            place=Place(
                lesson.path,
                next(s.line for s in lesson.slides if s.number == missing[0]),
                missing[0],
            ),
        )
    return tuple(Recording(slides[number], (number,)) for number in speaking)


def _folder(root: Path, name: str, place: Place) -> Path | None:
    """The folder of that name in the course; None if the name is a file's."""
    if Path(name).suffix.lower() in SUFFIXES:
        return None
    folder = (root / name).resolve()
    if not folder.is_relative_to(root.resolve()):
        raise MediaError(
            f"The recordings in {shorten(name)!r} are outside the course folder.",
            remedy="Put them into the course folder.",
            place=place,
        )
    if folder.is_dir() or name == FOLDER:
        return folder
    return None


def _file(root: Path, name: str, place: Place) -> str:
    target = media.inside(root, name, place)
    if target.suffix.lower() not in SUFFIXES:
        raise MediaError(
            f"{name!r} does not have the name of a sound file.",
            remedy=f"Save it in a format whose name ends in one of {', '.join(SUFFIXES)}.",
            place=place,
        )
    return target.relative_to(root.resolve()).as_posix()


def _sounds(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()
    )


def _by_slide(root: Path, folder: Path, lesson: Lesson, place: Place) -> dict[int, str]:
    found: dict[int, str] = {}
    for path in _sounds(folder):
        match = _NUMBER.match(path.stem)
        if match is None:
            continue
        number = int(match[1])
        if number in found:
            raise _refuse(
                lesson,
                f"There are two recordings of slide {number}: {found[number]!r} and {path.name!r}.",
                "Keep one of them.",
            )
        found[number] = _relative(root, path, place)
    return found


def _relative(root: Path, path: Path, place: Place) -> str:
    target = path.resolve()
    if not target.is_relative_to(root.resolve()):
        raise MediaError(
            f"The recording {path.name!r} is a link that leads out of the course folder.",
            remedy="Put the file itself into the course folder.",
            place=place,
        )
    return target.relative_to(root.resolve()).as_posix()


def _refuse(lesson: Lesson, problem: str, remedy: str) -> MediaError:
    return MediaError(problem, remedy=remedy, place=Place(lesson.path))
