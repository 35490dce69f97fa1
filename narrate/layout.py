"""Where everything is placed in a picture, in pixels.

All figures below are for a picture of 1920×1080 and are scaled to the real size. All edges are
even, because 4:2:0 video stores one colour sample for two pixels in each direction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Signer = Literal["none", "reserve", "video"]
LayoutName = Literal["lecture", "lipreadable"]
Corner = Literal["lower right", "lower left", "upper right", "upper left"]

WIDTH, HEIGHT = 1920, 1080  # the picture for which the figures below are given

LEAST_TEXT = 24
"""The smallest text, in pixels at 1080p: 2.2 % of the picture's height. A viewer with normal sight
can just read this at a distance of three picture heights (20 arc minutes are 1.75 %)."""

INSET = 440
"""The side of the presenter's inset in a lecture: 440/1920 = 0.23. W3C's guidance on sign languages
calls a quarter of the width usual for the box of a signer or speaker."""

FACE = 840
"""The side of the lip-readable face. In a head-and-shoulders view a mouth takes 13–16 % of the
panel's width, or 110–130 px. On a laptop at full screen, 100 px is a mouth of 2–3 cm. Deaf viewers
understand less if the picture is smaller than 640×480 (PLoS ONE 2013)."""

FACE_BESIDE_SIGNER = 640
"""The width that remains beside a signer. A mouth still takes 85–105 px."""

SIGNER_SHARE = 3
"""A signer gets one third of the width and the full height above the captions, as in the split
screen of W3C's guidance on sign languages. Ofcom asks for at least a sixth of the picture; this is
1/3 × 0.82."""

CAPTIONS_HEIGHT = 192  # two lines of CAPTION_TEXT with space around them
CAPTION_TEXT = 60
"""The text size of open captions: 5.6 % of the height. The BBC asks for lines of 8 % of the height
(86 px) including leading; with its leading, text of 60 px takes 76 px."""

LEAST_CAPTION_TEXT = 48


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle. `x` and `y` are its upper left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height

    @property
    def size(self) -> tuple[int, int]:
        return self.width, self.height

    def overlaps(self, other: Box) -> bool:
        """Whether two boxes share a pixel."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """The boxes of one kind of video.

    `title` and `content` are for the slide's text. The part of `title` outside `content` holds
    nothing else. `above` is the whole width as far as it is free above the presenter, and `aside`
    what is free there beside `content`; both begin at the height of `content`. `presenter`,
    `signer` and `captions` are None if the video does not show them. `radius` is that of the
    presenter's rounded corners. `unit` is the number of pixels for each pixel at 1080p.
    """

    name: LayoutName
    size: tuple[int, int]
    title: Box
    content: Box
    footer: Box
    above: Box | None = None
    aside: Box | None = None
    presenter: Box | None = None
    signer: Box | None = None
    captions: Box | None = None
    radius: int = 0
    unit: float = 1.0

    @property
    def narrow(self) -> bool:
        """Whether the content is too narrow to put text beside a picture."""
        return self.content.width < 1.15 * self.content.height


def lay_out_lecture(
    size: tuple[int, int] = (WIDTH, HEIGHT),
    has_presenter: bool = True,
    corner: Corner = "lower right",
) -> Layout:
    """Lay out the slide over the whole picture, less a column at one side for a presenter.

    If the presenter's inset is at the lower right, the title may extend above it. In the other
    corners it may not: a title begins where the content does.
    """
    unit = _compute_unit(size)
    width, height = size
    margin, gap = 88, 56
    column = INSET + gap if has_presenter else 0
    left = margin + (column if corner.endswith("left") else 0)
    right = margin + (column if corner.endswith("right") else 0)
    top, bottom = 72, 96
    inset = None
    if has_presenter:
        side = _round_to_even(INSET * unit)
        inset = Box(
            _round_to_even(margin * unit)
            if corner.endswith("left")
            else _round_to_even(width - margin * unit) - side,
            _round_to_even(top * unit)
            if corner.startswith("upper")
            else _round_to_even(height - bottom * unit) - side,
            side,
            side,
        )
    beyond = margin if corner == "lower right" else right
    title = _make_box(left, top, width / unit - left - beyond, 320, unit)
    content = _make_box(left, top, width / unit - left - right, height / unit - top - bottom, unit)
    above = aside = None
    if inset and corner == "lower right":
        free = inset.y / unit - gap - top
        above = _make_box(margin, top, width / unit - 2 * margin, free, unit)
        beside = content.right / unit + 48
        aside = _make_box(beside, top, width / unit - margin - beside, free, unit)
    return Layout(
        name="lecture",
        size=size,
        title=title,
        content=content,
        above=above,
        aside=aside,
        footer=_make_box(margin, height / unit - 66, width / unit - 2 * margin, 36, unit),
        presenter=inset,
        radius=_round_to_even(28 * unit),
        unit=unit,
    )


def lay_out_lipreadable(
    size: tuple[int, int] = (WIDTH, HEIGHT), signer: Signer = "none", has_presenter: bool = True
) -> Layout:
    """Lay out a large face, with open captions in a band at the bottom.

    From left to right there are the slide, the face and the signer. Nothing overlaps.
    """
    unit = _compute_unit(size)
    width, height = size
    band = _round_to_even(CAPTIONS_HEIGHT * unit)
    captions = Box(0, height - band, width, band)
    free = height - band  # above the captions
    edge = _round_to_even(24 * unit)
    right = width
    signer_box = None
    if signer != "none":
        share = _round_to_even(width / SIGNER_SHARE) + (
            0 if _round_to_even(width / SIGNER_SHARE) * 3 >= width else 2
        )
        signer_box = Box(width - share, 0, share, free)
        right = signer_box.x
    face = None
    if has_presenter:
        tall = free - 2 * edge
        wide = tall if signer_box is None else _round_to_even(FACE_BESIDE_SIGNER * unit) - edge
        face = Box(right - edge - wide, edge, wide, tall)
        right = face.x
    margin = _round_to_even(48 * unit)
    foot = _round_to_even(36 * unit)
    wide = right - margin - (_round_to_even(40 * unit) if has_presenter or signer_box else margin)
    top = _round_to_even(44 * unit)
    content = Box(margin, top, wide, free - edge - foot - _round_to_even(16 * unit) - top)
    return Layout(
        name="lipreadable",
        size=size,
        title=content,
        content=content,
        footer=Box(margin, free - edge - foot, wide, foot),
        presenter=face,
        signer=signer_box,
        captions=captions,
        radius=_round_to_even(24 * unit),
        unit=unit,
    )


def mirror(layout: Layout) -> Layout:
    """The layout with left and right exchanged, for a language that is written from right to left:
    there the eye comes from the right, so what is last on the way is on the left.

    The captions have the full width in any case.
    """

    def turn(box: Box) -> Box:
        return replace(box, x=layout.size[0] - box.right)

    return replace(
        layout,
        title=turn(layout.title),
        content=turn(layout.content),
        footer=turn(layout.footer),
        above=layout.above and turn(layout.above),
        aside=layout.aside and turn(layout.aside),
        presenter=layout.presenter and turn(layout.presenter),
        signer=layout.signer and turn(layout.signer),
    )


def find_portrait_size(layouts: Iterable[Layout]) -> tuple[int, int] | None:
    """Return the size at which the presenter is rendered for all layouts, or None if none shows it.

    It is the size of the largest panel. Smaller panels get a downscaled crop.
    """
    panels = [layout.presenter for layout in layouts if layout.presenter is not None]
    return max((panel.size for panel in panels), key=lambda s: s[0] * s[1], default=None)


def find_crop(source: tuple[int, int], panel: tuple[int, int]) -> Box:
    """Return the part of a picture of size `source` that has the proportions of a panel.

    Both sides are cut by the same amount. One fifth of the excess height is cut at the top and four
    fifths at the bottom, because the head is in the upper part of the picture.
    """
    scale = min(source[0] / panel[0], source[1] / panel[1])
    width, height = round(panel[0] * scale), round(panel[1] * scale)
    return Box((source[0] - width) // 2, (source[1] - height) // 5, width, height)


def _compute_unit(size: tuple[int, int]) -> float:
    width, height = size  # which settings have checked
    return min(width / WIDTH, height / HEIGHT)


def _round_to_even(value: float) -> int:
    return 2 * round(value / 2)


def _make_box(x: float, y: float, width: float, height: float, unit: float) -> Box:
    return Box(
        _round_to_even(x * unit),
        _round_to_even(y * unit),
        _round_to_even(width * unit),
        _round_to_even(height * unit),
    )
