"""The digests of the pictures that a slide shows."""

from __future__ import annotations

from pathlib import Path

from foundation.files import bytes_digest
from lessons.course.picture_files import read_picture
from lessons.errors import MediaError
from lessons.model import Picture, Slide, walk_visuals


def digest_media(root: Path, slide: Slide) -> tuple[tuple[str, str], ...]:
    """The pictures that a slide shows, each by its file and part, with their present digests.

    A picture that cannot be read has the digest "unreadable".
    """
    pictures = {(v.path, v.part) for v in walk_visuals(slide.visuals) if isinstance(v, Picture)}
    return tuple(
        (f"{path}#{part}" if part else path, _digest_picture(root, Picture(path, "", part=part)))
        for path, part in sorted(pictures)
    )


def _digest_picture(root: Path, picture: Picture) -> str:
    try:
        return bytes_digest(read_picture(root, picture))
    except MediaError:
        return "unreadable"
