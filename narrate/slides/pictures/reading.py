"""Loads a course's pictures, as PNGs that a slide can show."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from foundation.files import bytes_digest
from foundation.shortening import shorten
from lessons.course.picture_files import read_picture_file
from narrate.errors import DecodingError
from narrate.slides.pictures.process import decode_picture
from narrate.slides.pictures.raster import SlidePicture as SlidePicture

_MOST_KEPT = 8
"""Pictures: a slide is drawn for each video, and shows few."""


ReadPicture = Callable[[str, str], bytes]
"""Gives the bytes of the picture at a path in the course, and its part inside that file, as
`lessons.model.Picture` names them. Raises MediaError for one that cannot be read."""


def reading_from(root: Path, opened: Path | None = None) -> ReadPicture:
    """Reads pictures in the course folder `root`. Nothing is read out of the folder `opened`, by
    default the same."""

    def read(path: str, part: str) -> bytes:
        return read_picture_file(root / path, root=opened or root, part=part)

    return read


def load_picture(data: bytes, name: str, *, within: tuple[int, int]) -> SlidePicture:
    """Decode a picture as a PNG, turned as its EXIF data says. `name` is its file's, for errors.

    The picture is made smaller if it is larger than `within` (width and height). A drawing (SVG) is
    made as large as `within` allows.

    Raises:
        DecodingError: the bytes are not a picture, or need too much memory or time.
    """
    name = shorten(name)
    key = (bytes_digest(data), name, within)
    result = _kept.pop(key, None)
    if result is None:
        try:
            result = decode_picture(data, name, within)
        except DecodingError as error:
            result = error
    _kept[key] = result  # also a failure, which may have taken all of its time
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    if isinstance(result, DecodingError):
        raise DecodingError(result.message, remedy=result.remedy)
    return result


_kept: OrderedDict[tuple[str, str, tuple[int, int]], SlidePicture | DecodingError] = OrderedDict()
