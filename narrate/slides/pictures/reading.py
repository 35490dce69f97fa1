"""Loads a course's pictures and diagrams, as PNGs that a slide can show."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from foundation.files import bytes_digest
from foundation.shortening import shorten
from lessons.course.picture_files import read_picture_file
from narrate.errors import DecodingError
from narrate.slides.pictures.process import decode_picture, draw_diagram
from narrate.slides.pictures.raster import SlidePicture as SlidePicture

_Key = tuple[str, str, tuple[int, int], str]
"""A digest, a name, the size within, and the language."""
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


def load_picture(
    data: bytes, name: str, *, within: tuple[int, int], language: str = "en"
) -> SlidePicture:
    """Decode a picture as a PNG, turned as its EXIF data says. `name` is its file's, for errors.

    The picture is made smaller if it is larger than `within` (width and height). A drawing (SVG) is
    made as large as `within` allows; `language` is that of its text.

    Raises:
        DecodingError: the bytes are not a picture, or need too much memory or time.
    """
    name = shorten(name)
    key = (bytes_digest(data), name, within, language)
    return _keep(key, lambda: decode_picture(data, name, within, language=language))


def load_diagram(
    text: str, kind: str, *, within: tuple[int, int], language: str = "en"
) -> SlidePicture:
    """Draw a diagram as a PNG, as large as `within` allows. `kind` is a `DiagramKind`.

    Raises:
        DecodingError: it cannot be drawn, or needs too much memory or time.
    """
    key = (bytes_digest(text.encode("utf-8", "replace")), f"a diagram: {kind}", within, language)
    return _keep(key, lambda: draw_diagram(text, kind, within, language=language))


def _keep(key: _Key, make: Callable[[], SlidePicture]) -> SlidePicture:
    """What was made for this key before, or else now."""
    result = _kept.pop(key, None)
    if result is None:
        try:
            result = make()
        except DecodingError as error:
            result = error
    _kept[key] = result  # also a failure, which may have taken all of its time
    while len(_kept) > _MOST_KEPT:
        _kept.popitem(last=False)
    if isinstance(result, DecodingError):
        raise DecodingError(result.message, remedy=result.remedy)
    return result


_kept: OrderedDict[_Key, SlidePicture | DecodingError] = OrderedDict()
