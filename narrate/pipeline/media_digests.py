"""The digests of the pictures that a slide shows."""

from __future__ import annotations

from pathlib import Path

from foundation.files import bytes_digest
from lessons.course.picture_files import read_picture_file
from lessons.errors import MediaError
from lessons.model import Picture, Slide, walk_visuals


def digest_media(
    root: Path, slide: Slide, *, opened: Path | None = None
) -> tuple[tuple[str, str], ...]:
    """The pictures that a slide shows, each by its file and part, with their present digests.

    `root` is the course folder, and `opened` the folder out of which nothing is read: by default
    the same. A picture that cannot be read has the digest "unreadable".
    """
    pictures = {(v.path, v.part) for v in walk_visuals(slide.visuals) if isinstance(v, Picture)}
    return tuple(
        (f"{path}#{part}" if part else path, _digest_picture(root / path, opened or root, part))
        for path, part in sorted(pictures)
    )


def _digest_picture(path: Path, opened: Path, part: str) -> str:
    try:
        return bytes_digest(read_picture_file(path, root=opened, part=part))
    except MediaError:
        return "unreadable"
