"""Draws SVG drawings as PNGs. It runs in the process that `picture_process` starts."""

from __future__ import annotations

import io
import re

from lessons.course.drawings import UnfitDrawingError, make_passive
from narrate.errors import DecodingError, RenderError
from narrate.slides.fonts import CODE_FONT, SERIF_FONT, TEXT_FONT, cjk_family
from narrate.slides.pictures.raster import SlidePicture, find_ink
from narrate.slides.typesetting import typeset

_SOURCE = """\
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#context {{
  let size = measure(image("drawing.svg"))
  let scale = calc.min({0}pt / size.width, {1}pt / size.height)
  image("drawing.svg", width: size.width * scale)
}}
"""


_FAMILY = re.compile(
    r"""(?P<start>font-family\s*(?:=\s*"|:))(?P<names>(?:&quot;|"[^"<>=]*"|[^;}"<])*)"""
)
_TYPEWRITER = re.compile(r"mono|courier|consol|menlo|typewriter|code", re.IGNORECASE)
_SERIFS = re.compile(
    r"(?<!sans-)(?<!sans )serif|times|georgia|roman|garamond|cambria", re.IGNORECASE
)


def draw_vector(
    data: bytes, name: str, within: tuple[int, int], language: str = "en"
) -> SlidePicture:
    """Draw the SVG of a file `name` as large as `within` allows.

    `language` is that of its text. Nothing in it runs, and no other file is read.

    Raises DecodingError.
    """
    from PIL import Image

    try:
        drawing = make_passive(data)
    except UnfitDrawingError as error:
        raise DecodingError(f"The file {name} {error.problem}", remedy=error.remedy) from error
    try:
        png = typeset(
            _SOURCE.format(*within), {"drawing.svg": _choose_fonts(drawing.svg, language)}
        )[0][0]
    except RenderError as error:
        raise DecodingError(
            f"The drawing {name} is not an SVG that can be shown.",
            remedy="Save it as plain SVG, or as PNG.",
        ) from error
    with Image.open(io.BytesIO(png)) as drawn:
        width, height = drawn.size
        ink = find_ink(drawn)
        if drawn.mode == "RGBA" and drawn.getchannel("A").getbbox() is None:
            raise DecodingError(
                f"The drawing {name} shows nothing.",
                remedy="Open it in a drawing program, and save it as PNG.",
            )
    if not drawing.missing:
        return SlidePicture(png, width, height, ink)
    names = ", ".join(dict.fromkeys(drawing.missing[:3]))
    return SlidePicture(
        png,
        width,
        height,
        ink,
        f"The drawing {name} shows other files, which are left out: {names}.",
        "Embed them in the drawing, or save it as PNG.",
    )


def _choose_fonts(svg: bytes, language: str) -> bytes:
    """The drawing with fonts that are here, since none of the system's are used.

    That of Chinese, Japanese and Korean is named, so that it has the shapes of the language.
    """
    more = f", {cjk_family(language)}"

    def choose(found: re.Match[str]) -> str:
        names = found["names"]
        family = TEXT_FONT
        if _TYPEWRITER.search(names):
            family = CODE_FONT
        elif _SERIFS.search(names):
            family = SERIF_FONT
        return f"{found['start']}{family}{more}"

    text = _FAMILY.sub(choose, svg.decode())
    root = re.search(r"<svg\b[^>]*", text)
    if root and "font-family=" not in root[0]:
        text = text.replace("<svg", f'<svg font-family="{TEXT_FONT}{more}"', 1)
    return text.encode()
