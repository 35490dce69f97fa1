"""Decodes a course's pictures, within limits, before anything else reads them."""

from __future__ import annotations

import codecs
import io
import re
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path

from foundation.files import TooLargeError, read_bounded
from foundation.picture_limits import (
    LARGEST_PICTURE_BYTES,
    LARGEST_PICTURE_PIXELS,
    LARGEST_SVG_BYTES,
    PICTURE_FORMATS,
)
from narrate.errors import DecodingError, RenderError
from narrate.video.typesetting import typeset

_XML_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
_XML_ENCODING = re.compile(rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w.-]+)")


@dataclass(frozen=True, slots=True)
class SlidePicture:
    """A picture as a PNG, and its size in pixels."""

    png: bytes
    width: int
    height: int
    missing: str = ""
    remedy: str = ""


def load_picture(
    path: Path, *, root: Path, within: tuple[int, int], part: str = ""
) -> SlidePicture:
    """Load a picture of the course in folder `root` as a PNG, turned as its EXIF data says.

    It is made smaller if it is larger than `within` (width and height). A drawing (SVG) is made as
    large as `within` allows.

    Raises:
        DecodingError: the file is outside `root`, is not a picture, or is too large.
    """
    data = _read_inside(path, root)
    if path.suffix.lower() == ".svg":
        return _draw_svg(data, path.name, within)
    return _decode(data, path.name, within)


def _read_inside(path: Path, root: Path) -> bytes:
    """Read a file that must be in the folder `root`."""
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root.resolve()):
            raise DecodingError(
                f"The picture {path.name} is outside the course folder.",
                remedy="Copy it into the course folder, and use its path there.",
            )
        return read_bounded(real, LARGEST_PICTURE_BYTES)
    except TooLargeError as error:
        raise DecodingError(
            f"The picture {path.name} is larger than {LARGEST_PICTURE_BYTES // 10**6} MB.",
            remedy="Save it with fewer pixels. A slide does not need so many.",
        ) from error
    except OSError as error:
        raise DecodingError(
            f"The picture {path.name} cannot be read: {error.strerror or error}.",
            remedy="Check that the file exists and can be read.",
        ) from error


def _decode(data: bytes, name: str, within: tuple[int, int]) -> SlidePicture:
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", Image.DecompressionBombWarning
            )  # our own limit is below
            with Image.open(io.BytesIO(data), formats=PICTURE_FORMATS) as opened:
                if opened.width * opened.height > LARGEST_PICTURE_PIXELS:
                    raise DecodingError(
                        f"The picture {name} has {opened.width}×{opened.height} pixels.",
                        remedy=f"Save it with at most {LARGEST_PICTURE_PIXELS:,} pixels.",
                    )
                opened.draft("RGB", (within[0] * 2, within[1] * 2))
                turned = ImageOps.exif_transpose(opened)
                has_alpha = "A" in turned.getbands() or "transparency" in turned.info
                picture = turned.convert("RGBA" if has_alpha else "RGB")
    except DecodingError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise DecodingError(
            f"The file {name} is not a picture that can be used.",
            remedy="Save it as PNG, JPEG, WebP, GIF or SVG.",
        ) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise DecodingError(
            f"The picture {name} is damaged: {error}.", remedy="Save it again."
        ) from error
    picture.thumbnail(within, Image.Resampling.LANCZOS)
    target = io.BytesIO()
    picture.save(target, "PNG", compress_level=1)
    return SlidePicture(target.getvalue(), picture.width, picture.height)


def _draw_svg(data: bytes, name: str, within: tuple[int, int]) -> SlidePicture:
    """Draw an SVG with Typst, which runs no scripts in it and reads no other files."""
    if len(data) > LARGEST_SVG_BYTES:
        raise DecodingError(
            f"The drawing {name} is larger than {LARGEST_SVG_BYTES // 10**6} MB.",
            remedy="Simplify it, or save it as PNG.",
        )
    source = (
        "#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
        '#context { let size = measure(image("drawing.svg"))\n'
        f"let scale = calc.min({within[0]}pt / size.width, {within[1]}pt / size.height)\n"
        'image("drawing.svg", width: size.width * scale) }'
    )
    try:
        png = typeset(source, {"drawing.svg": _encode_in_utf8(data)})[0][0]
    except (RenderError, UnicodeError, LookupError) as error:
        raise DecodingError(
            f"The drawing {name} is not an SVG that can be shown.",
            remedy="Save it as plain SVG, or as PNG.",
        ) from error
    width, height = struct.unpack(">II", png[16:24])  # PNG's IHDR
    return SlidePicture(png, width, height)


def _encode_in_utf8(svg: bytes) -> bytes:
    """The SVG in UTF-8, which is all that Typst reads, from the encoding that it declares."""
    named = _XML_ENCODING.match(svg)
    if svg.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = named[1].decode("ascii") if named else "utf-8"
    if codecs.lookup(encoding).name in ("utf-8", "ascii"):
        return svg
    return _XML_DECLARATION.sub("", svg.decode(encoding)).encode()
