"""Loads a course's pictures, as PNGs that a slide can show."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path

from foundation.files import bytes_digest
from foundation.shortening import shorten
from lessons.course.picture_files import read_picture_file
from lessons.errors import MediaError
from narrate.errors import DecodingError
from narrate.video.picture_process import decode_picture
from narrate.video.raster import SlidePicture as SlidePicture

_MOST_KEPT = 8
"""Pictures: a slide is drawn for each video, and shows few."""


def load_picture(
    path: Path, *, root: Path, within: tuple[int, int], part: str = ""
) -> SlidePicture:
    """Load a picture of the course in folder `root` as a PNG, turned as its EXIF data says.

    `part` names a picture inside the file, as `Picture.part` does. The picture is made smaller if
    it is larger than `within` (width and height). A drawing (SVG) is made as large as `within`
    allows.

    Raises:
        DecodingError: the file is outside `root`, is not a picture, or needs too much memory or
            time.
    """
    try:
        data = read_picture_file(path, root=root, part=part)
    except MediaError as error:
        raise DecodingError(error.message, remedy=error.remedy) from error
    name = shorten(path.name)
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
