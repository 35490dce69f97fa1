"""Where things stand in a picture: pure geometry, in pixels, every edge even.

All figures are given for a picture of 1920×1080 and scaled to the real one; edges are even because
4:2:0 video stores one colour sample for two pixels in each direction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from narrate.errors import SettingsError

Signer = Literal["none", "reserve", "video"]
LayoutName = Literal["lecture", "lipreadable"]

WIDTH, HEIGHT = 1920, 1080  # the picture that the figures below are meant for

LEAST_TEXT = 24
"""Pixels at 1080p. Nothing is set smaller: 2.2 % of the picture's height, about what a viewer with
normal sight still reads at three picture heights (20 arc minutes make 1.75 %)."""

INSET = 440
"""The presenter's inset in a lecture. A signer's or speaker's box of a quarter of the width is what
W3C's sign-languages guidance calls usual: 440/1920 = .23."""

FACE = 840
"""The lip-readable face. At bust framing a mouth takes 13–16 % of the panel's width, 110–130 px;
100 px is a mouth of 2–3 cm across on a laptop at full screen. Losing detail costs deaf viewers
below 640×480 (PLoS ONE 2013)."""

FACE_BESIDE_SIGNER = 640
"""What is left of the width beside a signer; a mouth still takes 85–105 px."""

SIGNER_SHARE = 3
"""A signer gets a third of the width and the full height above the captions: the split screen of
W3C's sign-languages guidance; Ofcom asks for no less than a sixth of the picture (1/3 × .82)."""

CAPTIONS_HEIGHT = 192  # two lines of CAPTION_TEXT with room around them
CAPTION_TEXT = 60
"""Open captions: 5.6 % of the height. BBC asks for lines of .08 of the height, 86 px, leading
included; 60 px of letter with its leading is 76."""

LEAST_CAPTION_TEXT = 48


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, `x` and `y` its upper left corner."""

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

    def meets(self, other: Box) -> bool:
        """Whether the two share a pixel."""
        return (
            self.x < other.right
            and other.x < self.right
            and self.y < other.bottom
            and other.y < self.bottom
        )


@dataclass(frozen=True, slots=True)
class Layout:
    """The places in one kind of video.

    `title` and `content` are for the slide's text; what `title` covers beyond `content` is empty.
    `presenter`, `signer` and `captions` are None where the video has none. `radius` rounds the
    presenter's corners. `unit` is how many pixels a pixel of 1080p is.
    """

    name: LayoutName
    size: tuple[int, int]
    title: Box
    content: Box
    footer: Box
    presenter: Box | None = None
    signer: Box | None = None
    captions: Box | None = None
    radius: int = 0
    unit: float = 1.0

    @property
    def narrow(self) -> bool:
        """Whether the content is too narrow for text beside a picture."""
        return self.content.width < 1.15 * self.content.height


def lecture(size: tuple[int, int] = (WIDTH, HEIGHT), has_presenter: bool = True) -> Layout:
    """The slide over the whole picture; with a presenter, a column at the right is kept for them.

    The inset stands in the lower right, so the title may run above it.
    """
    unit = _unit(size)
    width, height = size
    margin, gap = 88, 56
    right = margin + (INSET + gap if has_presenter else 0)
    top, bottom = 72, 96
    inset = None
    if has_presenter:
        side = _even(INSET * unit)
        inset = Box(
            _even(width - margin * unit) - side, _even(height - bottom * unit) - side, side, side
        )
    return Layout(
        name="lecture",
        size=size,
        title=_box(margin, top, width / unit - 2 * margin, 320, unit),
        content=_box(
            margin, top, width / unit - margin - right, height / unit - top - bottom, unit
        ),
        footer=_box(margin, height / unit - 66, width / unit - 2 * margin, 36, unit),
        presenter=inset,
        radius=_even(28 * unit),
        unit=unit,
    )


def lipreadable(
    size: tuple[int, int] = (WIDTH, HEIGHT), signer: Signer = "none", has_presenter: bool = True
) -> Layout:
    """A large face, the slide to its left, open captions in a band of their own at the bottom.

    From left to right: slide, face, signer. Nothing stands over anything.
    """
    unit = _unit(size)
    width, height = size
    band = _even(CAPTIONS_HEIGHT * unit)
    captions = Box(0, height - band, width, band)
    free = height - band  # above the captions
    edge = _even(24 * unit)
    right = width
    signer_box = None
    if signer != "none":
        share = _even(width / SIGNER_SHARE) + (0 if _even(width / SIGNER_SHARE) * 3 >= width else 2)
        signer_box = Box(width - share, 0, share, free)
        right = signer_box.x
    face = None
    if has_presenter:
        tall = free - 2 * edge
        wide = tall if signer_box is None else _even(FACE_BESIDE_SIGNER * unit) - edge
        face = Box(right - edge - wide, edge, wide, tall)
        right = face.x
    margin = _even(48 * unit)
    foot = _even(36 * unit)
    wide = right - margin - (_even(40 * unit) if has_presenter or signer_box else margin)
    top = _even(44 * unit)
    content = Box(margin, top, wide, free - edge - foot - _even(16 * unit) - top)
    return Layout(
        name="lipreadable",
        size=size,
        title=content,
        content=content,
        footer=Box(margin, free - edge - foot, wide, foot),
        presenter=face,
        signer=signer_box,
        captions=captions,
        radius=_even(24 * unit),
        unit=unit,
    )


def portrait_size(layouts: Iterable[Layout]) -> tuple[int, int] | None:
    """The size at which to render the presenter so that every layout can use the frames.

    The largest panel's; smaller ones get a downscaled crop. None if no layout shows a presenter.
    """
    panels = [layout.presenter for layout in layouts if layout.presenter is not None]
    return max((panel.size for panel in panels), key=lambda s: s[0] * s[1], default=None)


def crop_for(source: tuple[int, int], panel: tuple[int, int]) -> Box:
    """The part of a picture of `source` size that fills a panel, its proportions kept.

    Cut evenly at the sides; of the height, the top fifth of what is too much and the bottom's
    four fifths go, since the head is in the upper part of a bust.
    """
    scale = min(source[0] / panel[0], source[1] / panel[1])
    width, height = round(panel[0] * scale), round(panel[1] * scale)
    return Box((source[0] - width) // 2, (source[1] - height) // 5, width, height)


def _unit(size: tuple[int, int]) -> float:
    width, height = size
    if width % 2 or height % 2:
        raise SettingsError(
            f"The video size {width}x{height} is odd.",
            remedy="Use even numbers, such as 1920x1080 or 1280x720.",
        )
    if not 640 <= width <= 3840 or not 360 <= height <= 2160 or not 1.3 <= width / height <= 2.4:
        raise SettingsError(
            f"A video of {width}x{height} cannot be laid out.",
            remedy="Use a landscape size from 640x360 to 3840x2160, such as 1920x1080.",
        )
    return min(width / WIDTH, height / HEIGHT)


def _even(value: float) -> int:
    return 2 * round(value / 2)


def _box(x: float, y: float, width: float, height: float, unit: float) -> Box:
    return Box(_even(x * unit), _even(y * unit), _even(width * unit), _even(height * unit))
