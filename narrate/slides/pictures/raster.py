"""Decodes raster pictures into what a slide shows: eight bits of sRGB, upright, as a PNG.

It runs in the process that `picture_process` starts, because a picture is not trusted.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from foundation.picture_limits import LARGEST_PICTURE_PIXELS, PICTURE_FORMATS
from narrate.errors import DecodingError

if TYPE_CHECKING:
    from PIL import Image, ImageFile

Ink = Literal["", "dark", "light"]

LEAST_SHOWN = 0.6
"""The share of a damaged picture's rows that must be there for it to be shown."""

_FEWEST_SCANS = 5
"""Of a cut progressive JPEG, which has about ten: after five, shapes and colours are clear."""
_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, IndexError)
_CLEAR = 128  # of 255: what is more transparent shows the ground behind it
_DARK, _LIGHT = 96, 200  # of 255
_LITTLE = 0.05  # of difference from sRGB's gamma, which nobody sees


@dataclass(frozen=True, slots=True)
class SlidePicture:
    """A picture as a PNG, and its size in pixels.

    `ink` is "dark" if the picture is transparent and parts of it cannot be seen on a dark ground,
    "light" if it cannot be seen on a light one. `missing` says what part of the picture cannot be
    shown, and `remedy` what to do about that; both are usually empty.
    """

    png: bytes
    width: int
    height: int
    ink: Ink = ""
    missing: str = ""
    remedy: str = ""


def decode_raster(data: bytes, name: str, within: tuple[int, int]) -> SlidePicture:
    """Decode a picture of a file `name`, made smaller if it is larger than `within`.

    Raises DecodingError.
    """
    from PIL import Image, UnidentifiedImageError

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # our own limit is below, and damage is looked for
        try:
            picture, share = _load(data, name, within)
            shown = _make_plain(picture, within)
        except DecodingError:
            raise
        except (UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise DecodingError(
                f"The file {name} is not a picture that can be used.",
                remedy="Save it as PNG, JPEG, WebP, GIF or SVG.",
            ) from error
        except _DAMAGE as error:
            raise DecodingError(
                f"The picture {name} is damaged: {str(error).rstrip('.')}.", remedy="Save it again."
            ) from error
    target = io.BytesIO()
    shown.save(target, "PNG", compress_level=1, icc_profile=None)
    missing = f"The file {name} is cut off: {share:.0%} of the picture can be shown."
    return SlidePicture(
        target.getvalue(),
        shown.width,
        shown.height,
        find_ink(shown),
        missing if share < 1 else "",
        "Copy or download the file again." if share < 1 else "",
    )


def find_ink(picture: Image.Image) -> Ink:
    """Whether a transparent picture has dark parts, or only light ones; empty for any other."""
    if picture.mode != "RGBA":
        return ""
    alpha = picture.getchannel("A")
    clear = sum(alpha.histogram()[:_CLEAR])
    if clear < 0.03 * picture.width * picture.height:
        return ""
    opaque = alpha.point([0] * _CLEAR + [255] * (256 - _CLEAR))
    shades = picture.convert("L").histogram(opaque)
    if _has_light_lines(picture, opaque):
        return "light"
    if sum(shades[:_DARK]) > 0.02 * sum(shades):
        return "dark"
    return "light" if sum(shades[_LIGHT:]) > 0.9 * sum(shades) else ""


def _has_light_lines(picture: Image.Image, opaque: Image.Image) -> bool:
    """Whether much of what borders on the transparent ground is light, such as lines and letters
    that were made for a dark one, and little is dark. `opaque` is the mask of what is not clear."""
    from PIL import ImageChops, ImageFilter

    rim = ImageChops.subtract(opaque, opaque.filter(ImageFilter.MinFilter(5)))
    shades = picture.convert("L").histogram(rim)
    whole = sum(shades)
    return sum(shades[_LIGHT:]) > 0.25 * whole and sum(shades[:_DARK]) < 0.1 * whole


def _open(data: bytes, name: str, within: tuple[int, int]) -> ImageFile.ImageFile:
    from PIL import Image

    opened = Image.open(io.BytesIO(data), formats=PICTURE_FORMATS)
    if opened.width * opened.height > LARGEST_PICTURE_PIXELS:
        raise DecodingError(
            f"The picture {name} has {opened.width}×{opened.height} pixels.",
            remedy=f"Save it with at most {LARGEST_PICTURE_PIXELS:,} pixels.",
        )
    mode = {"L": "L", "CMYK": "CMYK"}.get(opened.mode, "RGB")
    opened.draft(mode, (within[0] * 2, within[1] * 2))
    return opened


def _load(data: bytes, name: str, within: tuple[int, int]) -> tuple[Image.Image, float]:
    """The decoded picture and the share of it that is there. A missing part is transparent."""
    opened = _open(data, name, within)
    try:
        opened.load()
    except _DAMAGE:
        picture, share = _load_cut(data, name, within)
        if share < LEAST_SHOWN:
            raise
        return picture, share
    return opened, 1.0


def _load_cut(data: bytes, name: str, within: tuple[int, int]) -> tuple[Image.Image, float]:
    """What can be decoded of a damaged picture, and the share of it."""
    from PIL import Image

    with _taking_cut_files():
        opened = _open(data, name, within)
        opened.load()
        plain = _simplify_mode(opened)
        full = plain if plain.mode == "RGBA" else plain.convert("RGB")
        rows = _count_rows(data, within) if opened.format == "JPEG" else _find_last_row(full)
    if not rows and opened.info.get("progressive") and data.count(b"\xff\xda") >= _FEWEST_SCANS:
        return opened, 0.99
    alpha = Image.new("L", full.size, 0)
    there = (0, 0, full.width, rows)
    alpha.paste(full.getchannel("A").crop(there) if full.mode == "RGBA" else 255, there)
    full.putalpha(alpha)
    full.info = dict(opened.info)
    full.info.pop("transparency", None)
    return full, rows / full.height


def _count_rows(data: bytes, within: tuple[int, int]) -> int:
    """How many rows of a cut JPEG can be decoded; 0 for a progressive one."""
    from PIL import JpegImagePlugin

    class Cut(JpegImagePlugin.JpegImageFile):
        """Ends where its data end. Pillow would add an end, and grey rows up to it."""

        def load_read(self, read_bytes: int) -> bytes:
            return self.fp.read(read_bytes) if self.fp else b""

    with Cut(io.BytesIO(data)) as opened:
        opened.draft("L" if opened.mode == "L" else "RGB", (within[0] * 2, within[1] * 2))
        opened.load()
        return _find_last_row(opened.convert("RGB"))


def _find_last_row(picture: Image.Image) -> int:
    """The number of rows up to the last one that is not black, as rows without data are."""
    filled = picture.getbbox()
    return filled[3] if filled else 0


@contextmanager
def _taking_cut_files() -> Iterator[None]:
    from PIL import ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def _make_plain(picture: Image.Image, within: tuple[int, int]) -> Image.Image:
    """The picture upright, at most as large as `within`, in eight bits of sRGB."""
    from PIL import Image, ImageOps

    info = dict(picture.info)
    turn = picture
    try:
        turn = ImageOps.exif_transpose(picture)
    except Exception:  # whatever broken EXIF data raise, the picture itself is shown
        turn = picture
    plain = _simplify_mode(turn)
    plain.thumbnail(within, Image.Resampling.LANCZOS)
    plain = _convert_colours(plain, info)
    plain.info = {}
    return plain


def _simplify_mode(picture: Image.Image) -> Image.Image:
    """The picture in L, RGB, RGBA or CMYK, which can be made smaller without damage."""
    if picture.mode.startswith("I") or picture.mode == "F":
        return _scale_to_eight_bits(picture)
    if picture.mode in ("L", "RGB", "RGBA", "CMYK") and "transparency" not in picture.info:
        return picture.copy()
    has_alpha = "A" in picture.getbands() or "a" in picture.getbands()
    if has_alpha or "transparency" in picture.info:
        return picture.convert("RGBA")
    return picture.convert("L" if picture.mode == "1" else "RGB")


def _scale_to_eight_bits(picture: Image.Image) -> Image.Image:
    """A grey picture of 16 or 32 bits or of fractions, scaled by its range.

    The range of a PNG is that of 16 bits; other values are scaled by those that occur.
    """
    import numpy as np
    from PIL import Image

    values = np.nan_to_num(np.asarray(picture).astype(np.float32))
    least, most = float(values.min(initial=0.0)), float(values.max(initial=0.0))
    if picture.mode == "F":
        least, most = (0.0, 1.0) if least >= 0 and most <= 1 else (least, most)
    elif least >= 0 and most <= 65535:
        least, most = 0.0, 65535.0
    scaled = (values - least) * (255 / max(most - least, 1e-9))
    return Image.fromarray(np.rint(scaled).clip(0, 255).astype(np.uint8), "L")


def _convert_colours(picture: Image.Image, info: dict[Any, Any]) -> Image.Image:
    """The picture in RGB or RGBA and in sRGB, from the colours that its file declares."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colours = picture.convert("RGB") if alpha is not None else picture
    profile = info.get("icc_profile")
    converted = _apply_profile(colours, profile) if isinstance(profile, bytes) else None
    if converted is None:
        converted = colours.convert("RGB")
        gamma = info.get("gamma")
        if isinstance(gamma, float) and 0.1 < gamma < 10 and "srgb" not in info and not profile:
            exponent = 1 / (2.2 * gamma)
            if abs(exponent - 1) > _LITTLE:
                curve = [round(255 * (value / 255) ** exponent) for value in range(256)]
                converted = converted.point(curve * 3)
    if alpha is not None:
        converted.putalpha(alpha)
    return converted


def _apply_profile(picture: Image.Image, profile: bytes) -> Image.Image | None:
    """The picture in sRGB, from the colours of an ICC profile; None if that does not fit it."""
    from PIL import ImageCms

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        space = source.profile.xcolor_space.strip()
        if space == "RGB" and "srgb" in (source.profile.profile_description or "").lower():
            return None
        if space == "GRAY" and picture.mode == "RGB":
            picture = picture.convert("L")
        elif space == "RGB" and picture.mode == "L":
            picture = picture.convert("RGB")
        if {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}.get(space) != picture.mode:
            return None
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
