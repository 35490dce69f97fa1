"""The course's own files, which enter the store by their digests before a step reads them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from foundation.files import bytes_digest
from foundation.problem import Place
from lessons.course.picture_files import read_picture_file
from lessons.errors import MediaError
from lessons.model import Picture, Slide, walk_visuals
from narrate.errors import ChangedError
from narrate.pipeline.step import Artefact, Task
from narrate.pipeline.steps.picture import MediaFile
from narrate.pipeline.store.base import Store
from narrate.pipeline.store.course_files import name_digest, name_file


@dataclass(frozen=True, slots=True)
class CourseFile:
    """A file of the course, or a picture inside it, as `lessons.model.Picture` names it. `opened`
    is the folder out of which nothing is read."""

    path: Path
    opened: Path
    part: str = ""


class CourseFiles:
    """The files of a course that the tasks of a plan take, each read once."""

    def __init__(self, root: Path, opened: Path | None = None) -> None:
        self._root = root
        self._opened = opened or root
        self._files: dict[Artefact, CourseFile] = {}
        self._pictures: dict[tuple[str, str], MediaFile] = {}

    def add(self, path: str) -> Artefact:
        """Take in a file at a path in the course. Raises OSError."""
        file = self._root / path
        artefact = name_file(file)
        self._files[artefact] = CourseFile(file, self._opened)
        return artefact

    def add_pictures(self, slide: Slide) -> tuple[MediaFile, ...]:
        """Take in the pictures that a slide shows. One that cannot be read says why."""
        pictures = {(v.path, v.part) for v in walk_visuals(slide.visuals) if isinstance(v, Picture)}
        return tuple(self._add_picture(*picture) for picture in sorted(pictures))

    def add_beside(self, path: Path, opened: Path, name: str) -> MediaFile:
        """Take in a file of a theme, which must be in the folder `opened`. `name` is what a slide
        calls it. One that cannot be read says why."""
        return self._take(CourseFile(path, opened), name, "")

    def _add_picture(self, path: str, part: str) -> MediaFile:
        known = self._pictures.get((path, part))
        if known is not None:
            return known
        return self._take(CourseFile(self._root / path, self._opened, part), path, part)

    def _take(self, file: CourseFile, path: str, part: str) -> MediaFile:
        try:
            data = read_picture_file(file.path, root=file.opened, part=part)
        except MediaError as error:
            media = MediaFile(path, part, None, error.message, error.remedy)
        else:
            media = MediaFile(path, part, name_digest(bytes_digest(data), file.path.suffix))
            assert media.file is not None
            self._files[media.file] = file
        self._pictures[path, part] = media
        return media

    def find_path(self, artefact: Artefact) -> Path:
        """Where a file is that was taken in."""
        return self._files[artefact].path

    def bring(self, store: Store, tasks: Iterable[Task]) -> None:
        """Bring into the store what tasks take of the course. Raises ChangedError for a file that
        is no longer what it was when it was planned, MediaError and StoreError."""
        taken = {a for task in tasks for a in task.taken if a in self._files}
        for artefact in sorted(store.find_missing(taken), key=lambda a: a.name):
            self._bring(store, artefact, self._files[artefact])

    def _bring(self, store: Store, artefact: Artefact, file: CourseFile) -> None:
        try:
            if not file.part:
                store.add_file(file.path, artefact)
                return
            data = read_picture_file(file.path, root=file.opened, part=file.part)
            with tempfile.TemporaryDirectory(prefix="narrate-") as folder:
                copy = Path(folder) / "picture"
                copy.write_bytes(data)
                store.add_file(copy, artefact)
        except ChangedError as error:
            shown = os.path.relpath(file.path, self._root)
            raise ChangedError(error.message, remedy=error.remedy, place=Place(shown)) from error
