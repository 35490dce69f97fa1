"""A course's pictures, decoded and bounded before anything else reads them."""

from __future__ import annotations

import io
import struct
import warnings
from dataclasses import dataclass
from pathlib import Path

from narrate.errors import DecodingError, RenderError
from narrate.video.typesetting import typeset

MOST_PIXELS = 60_000_000  # 180 MB decoded; above what cameras make, far below what harms
MOST_BYTES = 64 * 1024 * 1024
SVG_BYTES = 2_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")


@dataclass(frozen=True, slots=True)
class SlidePicture:
    """A PNG and its size in pixels."""

    png: bytes
    width: int
    height: int


def load_picture(path: Path, *, root: Path, within: tuple[int, int]) -> SlidePicture:
    """A picture of the course, turned as its EXIF says, no larger than `within`, as PNG. A drawing
    (SVG) is as large as `within` allows.

    Raises:
        DecodingError: it lies outside `root`, is no picture, or is too large to be decoded safely.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    name = path.name
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(root.resolve()):
            raise DecodingError(
                f"The picture {name} lies outside the course.",
                remedy="Copy it into the course folder and name it from there.",
            )
        if real.stat().st_size > MOST_BYTES:
            raise DecodingError(
                f"The picture {name} has more than {MOST_BYTES // 1024**2} MiB.",
                remedy="Save it smaller; a slide has no use for more.",
            )
        data = real.read_bytes()
    except OSError as error:
        raise DecodingError(
            f"The picture {name} cannot be read: {error.strerror or error}.",
            remedy="Check that the file is there and readable.",
        ) from error
    if path.suffix.lower() == ".svg":
        return _drawing(data, name, within)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # own bound below
            with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise DecodingError(
                        f"The picture {name} has {opened.width}×{opened.height} pixels.",
                        remedy=f"Save it with at most {MOST_PIXELS // 10**6} million pixels.",
                    )
                opened.draft("RGB", (within[0] * 2, within[1] * 2))
                turned = ImageOps.exif_transpose(opened)
                has_alpha = "A" in turned.getbands() or "transparency" in turned.info
                picture = turned.convert("RGBA" if has_alpha else "RGB")
    except DecodingError:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise DecodingError(
            f"The file {name} is no picture that can be used.",
            remedy="Use PNG, JPEG, WebP, GIF, BMP, TIFF or SVG.",
        ) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise DecodingError(
            f"The picture {name} is damaged: {error}.", remedy="Save it again."
        ) from error
    picture.thumbnail(within, Image.Resampling.LANCZOS)
    target = io.BytesIO()
    picture.save(target, "PNG", compress_level=1)
    return SlidePicture(target.getvalue(), picture.width, picture.height)


def _drawing(data: bytes, name: str, within: tuple[int, int]) -> SlidePicture:
    """An SVG as Typst draws it: it runs nothing and reaches no file beside its own."""
    if len(data) > SVG_BYTES:
        raise DecodingError(
            f"The drawing {name} has more than {SVG_BYTES // 10**6} MB.", remedy="Simplify it."
        )
    source = (
        "#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
        '#context { let size = measure(image("drawing.svg"))\n'
        f"let scale = calc.min({within[0]}pt / size.width, {within[1]}pt / size.height)\n"
        'image("drawing.svg", width: size.width * scale) }'
    )
    try:
        png = typeset(source, {"drawing.svg": data})[0][0]
    except RenderError as error:
        raise DecodingError(
            f"The drawing {name} is no SVG that can be shown.",
            remedy="Save it as plain SVG or PNG.",
        ) from error
    width, height = struct.unpack(">II", png[16:24])  # PNG's IHDR
    return SlidePicture(png, width, height)
