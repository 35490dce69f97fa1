"""Draws SVG drawings as PNGs. It runs in the process that `picture_process` starts."""

from __future__ import annotations

import io

from lessons.drawings import UnfitDrawingError, make_passive
from narrate.errors import DecodingError, RenderError
from narrate.video.raster import SlidePicture
from narrate.video.typesetting import typeset

_SOURCE = """\
#set page(width: auto, height: auto, margin: 0pt, fill: none)
#context {{
  let size = measure(image("drawing.svg"))
  let scale = calc.min({0}pt / size.width, {1}pt / size.height)
  image("drawing.svg", width: size.width * scale)
}}
"""


def draw_vector(data: bytes, name: str, within: tuple[int, int]) -> SlidePicture:
    """Draw the SVG of a file `name` as large as `within` allows.

    Nothing in it runs, and no other file is read. Raises DecodingError.
    """
    from PIL import Image

    try:
        drawing = make_passive(data)
    except UnfitDrawingError as error:
        raise DecodingError(f"The file {name} {error.problem}", remedy=error.remedy) from error
    try:
        png = typeset(_SOURCE.format(*within), {"drawing.svg": drawing.svg})[0][0]
    except RenderError as error:
        raise DecodingError(
            f"The drawing {name} is not an SVG that can be shown.",
            remedy="Save it as plain SVG, or as PNG.",
        ) from error
    with Image.open(io.BytesIO(png)) as drawn:
        width, height = drawn.size
        if drawn.mode == "RGBA" and drawn.getchannel("A").getbbox() is None:
            raise DecodingError(
                f"The drawing {name} shows nothing.",
                remedy="Open it in a drawing program, and save it as PNG.",
            )
    if not drawing.missing:
        return SlidePicture(png, width, height)
    names = ", ".join(dict.fromkeys(drawing.missing[:3]))
    return SlidePicture(
        png,
        width,
        height,
        f"The drawing {name} shows other files, which are left out: {names}.",
        "Embed them in the drawing, or save it as PNG.",
    )
