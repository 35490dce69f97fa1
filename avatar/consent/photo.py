"""Reads the photo once, checks its size before decoding it, and turns it upright."""

from __future__ import annotations

import errno
import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from avatar.errors import PhotoError
from foundation.files import TooLargeError, read_bounded
from foundation.problem import Place

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_FILE = 64 * 1024 * 1024  # bytes; a 50-megapixel PNG of a real scene stays below
LARGEST_PICTURE = 50_000_000  # pixels; 150 MB decoded, and beyond what a portrait can use
LONGEST_SIDE = 20_000  # pixels; no strip one pixel high
# A progressive JPEG has some ten scans, and each of them decodes the whole picture again, so
# thousands of empty ones would take hours. This limit is generous to odd encoders (one scan for
# each component and bit: 64).
MOST_SCANS = 100
PHOTO_FORMATS = ("PNG", "JPEG", "WEBP")
_REMEDY = "Save the picture as PNG, JPEG or WebP and use that file."


def read_photo(path: Path) -> bytes:
    """The file's bytes, at most LARGEST_FILE, which must begin like a PNG, JPEG or WebP.

    Raises PhotoError.
    """
    try:
        data = read_bounded(path, LARGEST_FILE)
    except FileNotFoundError:
        raise PhotoError(
            "The photo does not exist.",
            remedy="Check its name in course.yaml.",
            place=Place(str(path)),
        ) from None
    except TooLargeError:
        raise PhotoError(
            f"The photo's file is larger than {LARGEST_FILE // 1024**2} MB.",
            remedy="Save a smaller version; 2000 pixels a side are plenty.",
            place=Place(str(path)),
            limit=LARGEST_FILE,
        ) from None
    except OSError as error:
        # ELOOP, ENOTDIR, EACCES, a folder, a pipe: the system's words say which.
        what = error.strerror or errno.errorcode.get(error.errno or 0, "unreadable")
        raise PhotoError(
            f"The photo cannot be read: {what}.",
            remedy="Put a picture file there that you are allowed to read.",
            place=Place(str(path)),
        ) from None
    if _find_format(data) is None:
        raise PhotoError(
            "The file is not a PNG, JPEG or WebP picture.", remedy=_REMEDY, place=Place(str(path))
        )
    return data


def decode(data: bytes, path: Path) -> npt.NDArray[np.uint8]:
    """The picture as (height, width, 3) RGB, upright, on white where it is transparent.

    The array cannot be written to or made writeable, since its memory is a bytes object. Raises
    PhotoError for what is not a picture, is damaged, or is too large.
    """
    from PIL import Image, ImageOps

    name = _find_format(data)
    if name == "WEBP":
        # Pillow's WebP reader claims the canvas's memory before anyone sees its size.
        _check_size(_read_webp_size(data, path), path)
    if name == "JPEG" and data.count(b"\xff\xda") > MOST_SCANS:
        raise PhotoError(
            f"The JPEG has more than {MOST_SCANS} scans.", remedy=_REMEDY, place=Place(str(path))
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of bombs, which are refused here at a lower size
            with Image.open(io.BytesIO(data), formats=PHOTO_FORMATS) as image:
                _check_size(image.size, path)
                # A JPEG often has a thumbnail or a second view behind its picture.
                if name != "JPEG" and getattr(image, "n_frames", 1) > 1:
                    raise PhotoError(
                        "The picture is animated.",
                        remedy="Save one frame of it as a picture.",
                        place=Place(str(path)),
                    )
                upright = _convert_to_rgb(ImageOps.exif_transpose(image))
    except PhotoError:
        raise
    except Image.DecompressionBombError:
        raise _make_too_large_error(path) from None
    except Exception as error:  # Pillow meets hostile bytes with many kinds of exception
        raise PhotoError(
            f"The picture cannot be decoded ({type(error).__name__}).",
            remedy=_REMEDY,
            place=Place(str(path)),
        ) from error
    height, width = upright.height, upright.width
    return np.frombuffer(upright.tobytes(), np.uint8).reshape(height, width, 3)


def _convert_to_rgb(image: Image) -> Image:
    from PIL import Image as Pillow

    if image.mode.startswith("I"):  # 16-bit grey: Pillow's own conversion clips instead of scaling
        grey = np.asarray(image).astype(np.int64) >> 8
        image = Pillow.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    if image.has_transparency_data:
        # Nobody who consented saw the colour that a transparent pixel holds.
        shown = image.convert("RGBA")
        return Pillow.alpha_composite(Pillow.new("RGBA", shown.size, "white"), shown).convert("RGB")
    return image.convert("RGB")


def _check_size(size: tuple[int, int], path: Path) -> None:
    width, height = size
    if width * height > LARGEST_PICTURE or max(size) > LONGEST_SIDE:
        raise _make_too_large_error(path, f"{width} × {height} pixels, ", width * height)


def _make_too_large_error(path: Path, size: str = "", pixels: int | None = None) -> PhotoError:
    return PhotoError(
        f"The photo has {size}more than {LARGEST_PICTURE // 10**6} million pixels "
        f"or {LONGEST_SIDE} a side.",
        remedy="Save a smaller version; 2000 pixels a side are plenty.",
        place=Place(str(path)),
        measured=pixels,
        limit=LARGEST_PICTURE,
    )


def _find_format(data: bytes) -> str | None:
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return None


def _read_webp_size(data: bytes, path: Path) -> tuple[int, int]:
    """Width and height from the first chunk (WebP container specification; RFC 6386, 9.1)."""
    kind, head = data[12:16], data[20:30]
    if len(head) == 10:
        if kind == b"VP8X":
            return 1 + int.from_bytes(head[4:7], "little"), 1 + int.from_bytes(head[7:], "little")
        if kind == b"VP8L":
            bits = int.from_bytes(head[1:5], "little")
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        if kind == b"VP8 ":
            sides = (int.from_bytes(head[i : i + 2], "little") & 0x3FFF for i in (6, 8))
            return next(sides), next(sides)
    raise PhotoError("The file is not a WebP picture.", remedy=_REMEDY, place=Place(str(path)))
