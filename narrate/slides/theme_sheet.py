"""Draws the same few slides in several themes, to choose one by looking at them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from lessons.errors import MediaError
from lessons.model import (
    Box,
    Code,
    Columns,
    ItemList,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Run,
    Slide,
    Table,
    Visual,
)
from narrate.layout import Corner, Layout
from narrate.slides.drawing import SlideLook, draw_slide
from narrate.slides.theme import Theme

GAP = 24
CELL_WIDTH = 640  # pixels of a slide on the sheet
LABEL_HEIGHT = 44
_GROUND, _INK = "#e6e6e6", "#1a1a1a"
_PICTURE = "prism.svg"

# A prism: only colours that can be seen on light and on dark slides.
_PRISM = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 380">
<path d="M300 40 L480 330 L120 330 Z" fill="none" stroke="#7d8aa0" stroke-width="9"
 stroke-linejoin="round"/>
<path d="M0 250 L205 205" stroke="#8a94a6" stroke-width="9"/>
<g stroke-width="9" fill="none">
<path d="M205 205 L400 205 L600 232" stroke="#d6453d"/>
<path d="M205 205 L404 212 L600 258" stroke="#d98a1f"/>
<path d="M205 205 L409 220 L600 286" stroke="#3f9c52"/>
<path d="M205 205 L414 228 L600 316" stroke="#3f7fd0"/>
<path d="M205 205 L420 237 L600 350" stroke="#8557c4"/>
</g></svg>"""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A theme with its font files and its logo, to be drawn."""

    theme: Theme
    fonts: tuple[bytes, ...] = ()
    logo: bytes | None = None


def make_samples() -> Mapping[str, Slide]:
    """The slides of a sheet: a title page, a list, code and a table, a picture with a quotation,
    boxes, and a page that begins a section."""
    quote = Quote(_say("The light that reaches us has lost its blue on the way."))
    table = Table(
        (_say("Colour"), _say("Wavelength"), _say("Scattered")),
        tuple(
            tuple(map(_say, row))
            for row in (
                ("Blue", "450 nm", "2.23"), ("Green", "550 nm", "1.00"), ("Red", "700 nm", "0.38"),
            )
        ),
        ("left", "right", "right"),
    )  # fmt: skip
    code = (
        "def scattered(wavelength: float) -> float:\n"
        '    """Compared with green light."""\n'
        "    return (550 / wavelength) ** 4  # Rayleigh\n\n"
        'print(scattered(450), "times")'
    )
    boxes = Columns(
        (
            (Box("tip", "Tip", (), (Paragraph(_say("Look east at dusk.")),)),),
            (Box("warning", "Careful", (), (Paragraph(_say("Never look into the sun.")),)),),
        ),
        (0.5, 0.5),
    )
    return {
        "title": _make(1, "Light: why the sky is blue", Paragraph(_say("For the first year"))),
        "list": _make(2, "What happens to sunlight in the air", _make_list()),
        "code": _make(3, "How much more is blue scattered?", Code(code, "python"), table),
        "picture": _make(4, "A prism sorts light by colour", quote, Picture(_PICTURE, "A prism")),
        "boxes": _make(5, "Before you go outside", Paragraph(_say("Try it yourself.")), boxes),
        "section": _make(6, "Why sunsets are red"),
    }


def _make(number: int, title: str, *visuals: Visual) -> Slide:
    return Slide(number, title, visuals, (), line=1)


def _say(text: str) -> tuple[Run, ...]:
    return (Run(text),)


def _make_list() -> ItemList:
    return ItemList(
        (
            ListItem((Run("Sunlight is "), Run("white", "strong"), Run(": all colours together"))),
            ListItem(_say("Air scatters short waves more than long ones")),
            ListItem(_say("blue: about 450 nm"), 1),
            ListItem(_say("red: about 700 nm"), 1),
            ListItem((Run("It grows with "), Run("1/λ⁴", "code"), Run(", says "),
                      Run("Rayleigh", "link"))),
            ListItem((Run("So we see "), Run("blue", "highlight"), Run(" from "),
                      Run("every", "emphasis"), Run(" direction"))),
        )
    )  # fmt: skip


def draw_samples(sampled: Sampled, layout: Layout) -> Iterator[tuple[str, bytes]]:
    """Each sample slide's name and PNG in a theme."""

    def read(path: str, part: str) -> bytes:
        if path == _PICTURE:
            return _PRISM.encode()
        if path == sampled.theme.logo and sampled.logo is not None:
            return sampled.logo
        raise MediaError(f"There is no picture {path}.", remedy="Name one that there is.")

    look = SlideLook(
        layout,
        sampled.theme,
        footer="Optics for everyone",
        provenance="Spoken by a synthetic voice",
        fonts=sampled.fonts,
    )
    for name, slide in make_samples().items():
        yield name, draw_slide(slide, look, read=read).pictures[0]


def draw_sheet(themes: Sequence[Sampled], lay_out: Callable[[Corner], Layout]) -> bytes:
    """A PNG with a row of sample slides for each theme. `lay_out` gives the layout of a theme with
    the presenter in a corner."""
    from PIL import Image, ImageDraw, ImageFont

    layouts = [lay_out(sampled.theme.presenter) for sampled in themes]
    rows = [
        (sampled.theme.name, [png for _, png in draw_samples(sampled, layout)])
        for sampled, layout in zip(themes, layouts, strict=True)
    ]
    width, height = layouts[0].size
    cell = (CELL_WIDTH, round(CELL_WIDTH * height / width))
    across = len(make_samples())
    row_height = LABEL_HEIGHT + cell[1] + GAP
    sheet = Image.new(
        "RGB", (across * (cell[0] + GAP) + GAP, len(rows) * row_height + GAP), _GROUND
    )
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(26)
    for row, (name, pictures) in enumerate(rows):
        top = GAP + row * row_height
        draw.text((GAP, top), name, fill=_INK, font=font)
        for column, png in enumerate(pictures):
            small = (
                Image.open(io.BytesIO(png)).convert("RGB").resize(cell, Image.Resampling.LANCZOS)
            )
            sheet.paste(small, (GAP + column * (cell[0] + GAP), top + LABEL_HEIGHT))
    buffer = io.BytesIO()
    sheet.save(buffer, "PNG")
    return buffer.getvalue()
