"""Measures on a drawn slide whether it can be read: the size of its letters, their contrast, the
length of lines, and what stands too near to the presenter, the captions and the edges.

Everything is measured on the PNG. Ink is what differs from the ground around it; its connected
parts of the size of letters, one after another, are a line of text. Lengths are given in pixels at
1080p: a viewer who sits as far away as such a picture is meant for, 3.1 times its height, sees one
in one minute of arc (ITU-R BT.2022).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from narrate.layout import Box, Layout

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]
    Numbers = npt.NDArray[np.int32]

LEAST_UNIT = 0.5
"""Letters in smaller pictures than 960×540 have too few pixels to be measured."""

_INK = 24  # of 255: how much ink differs from its ground; cards and stripes differ less
_SAMPLE, _WINDOW = 8, 11  # of every eighth pixel, 11 × 11: the ground is the median of their shades
_TALLEST, _LOWEST = 150, 3  # pixels: what may be a letter
_FEWEST = 6  # letters of a line that is measured
_FEWEST_IN_PICTURES = 9
ENOUGH_LETTERS = 12  # of a line whose letters are typical of it
_SHRUNK = 0.7
"""Letters in pictures that are shown smaller than this may run into one another. They are measured
in the picture itself, and their size on the slide is computed."""
_WORD_SPACE = 17  # pixels at 1080p on both sides that join words to lines


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text as it is drawn, in pixels of the picture.

    `letter` is the median height of its letters, about that of an x. `contrast` is that of the ink
    with its ground, 1..21.
    """

    box: Box
    letters: int
    letter: float
    contrast: float


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """Where a picture of the course is shown. `file` is its name in the slide's document, and
    `png` holds the picture itself, at `scale` times whose size it is shown."""

    file: str
    box: Box
    png: bytes = b""
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Legibility:
    """What can be said of one page. Lengths are in pixels at 1080p.

    `lines` are those of the slide's own text, `in_pictures` those in each picture. `near` names
    what text or pictures stand too near to.
    """

    lines: tuple[TextLine, ...] = ()
    in_pictures: tuple[tuple[ShownPicture, tuple[TextLine, ...]], ...] = ()
    near: tuple[str, ...] = ()
    unit: float = 1.0

    @property
    def smallest_letter(self) -> float | None:
        """The height of the letters of the line with the smallest ones. Few of them may be signs,
        such as quotation marks."""
        long = (line for line in self.lines if line.letters >= ENOUGH_LETTERS)
        return min((line.letter / self.unit for line in long), default=None)

    @property
    def lowest_contrast(self) -> float | None:
        return min((line.contrast for line in self.lines), default=None)

    @property
    def longest_line(self) -> int:
        """About how many characters the longest line has."""
        return max((count_characters(line) for line in self.lines), default=0)


CHARACTER = 0.82
"""The width of a character, spaces included, in heights of a letter: of the text font in English
and German prose. A Chinese or Japanese character is about as wide as high."""


def count_characters(line: TextLine) -> int:
    """About how many characters a line has, by its width."""
    return round(line.box.width / (CHARACTER * line.letter))


def measure_page(png: bytes, layout: Layout, pictures: Sequence[ShownPicture] = ()) -> Legibility:
    """Measure a drawn page. `pictures` are those that it shows."""
    import cv2
    import numpy as np

    pixels = np.asarray(cv2.imdecode(np.frombuffer(png, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    if layout.unit < LEAST_UNIT:
        return Legibility(unit=layout.unit)
    for box in (layout.presenter, layout.signer, layout.captions):
        if box is not None:  # nothing of ours is there
            rim = 6
            shade = int(grey[max(box.y - rim, 0), max(box.x - rim, 0)])
            grey[max(box.y - rim, 0) : box.bottom + rim, max(box.x - rim, 0) : box.right + rim] = (
                shade
            )
    ground = _find_ground(grey)
    ink = (cv2.absdiff(grey, ground) > _INK).view(np.uint8)
    parts = _find_parts(ink)
    of_picture = np.full(len(parts), -1)
    for at, shown in enumerate(pictures):
        box = shown.box
        inside = (parts[:, 0] >= box.x - 1) & (parts[:, 0] + parts[:, 2] <= box.right + 1)
        inside &= (parts[:, 1] >= box.y - 1) & (parts[:, 1] + parts[:, 3] <= box.bottom + 1)
        of_picture[inside] = at
        space = np.zeros_like(ink[:1])  # keeps lines of the slide and of the picture apart
        ink[box.y : box.y + 1, box.x : box.right] = space[:, box.x : box.right]
    labels = _join_words(ink, layout.unit)
    lines = tuple(_find_lines(parts[of_picture < 0], labels, pixels, grey, _FEWEST))
    within = tuple(
        (
            shown,
            tuple(_measure_shrunk(shown))
            if shown.png and shown.scale < _SHRUNK
            else tuple(
                _find_lines(parts[of_picture == at], labels, pixels, grey, _FEWEST_IN_PICTURES)
            ),
        )
        for at, shown in enumerate(pictures)
    )
    boxes = [line.box for line in lines] + [shown.box for shown in pictures]
    return Legibility(lines, within, tuple(find_near(boxes, layout)), layout.unit)


def _measure_shrunk(shown: ShownPicture) -> Iterator[TextLine]:
    """The lines of a picture as large as they are on the slide."""
    for line in _measure_picture(shown.png):
        x, y, width, height = (
            round(side * shown.scale)
            for side in (line.box.x, line.box.y, line.box.width, line.box.height)
        )
        box = Box(shown.box.x + x, shown.box.y + y, width, height)
        yield TextLine(box, line.letters, line.letter * shown.scale, line.contrast)


@lru_cache(maxsize=4)  # a slide is drawn for several videos
def _measure_picture(png: bytes) -> tuple[TextLine, ...]:
    import cv2
    import numpy as np
    from PIL import Image

    picture = Image.open(io.BytesIO(png))
    pixels = np.asarray(picture.convert("RGB"))[..., ::-1]
    if picture.mode == "RGBA":  # on what lets the ink of transparent pictures be seen
        opaque = np.asarray(picture.getchannel("A")) > 127
        dark = not opaque.any() or pixels[opaque].mean() < 128
        pixels = np.where(opaque[..., None], pixels, np.uint8(255 if dark else 0))
    pixels = np.ascontiguousarray(pixels)
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
    ink = (cv2.absdiff(grey, _find_ground(grey)) > _INK).view(np.uint8)
    if min(ink.shape) < 16:
        return ()
    labels = _join_words(ink, 1.0)
    return tuple(_find_lines(_find_parts(ink), labels, pixels, grey, _FEWEST_IN_PICTURES))


def _find_ground(grey: Pixels) -> Pixels:
    """The shade on which things stand: the median of the surroundings."""
    import cv2
    import numpy as np

    small = cv2.medianBlur(grey[::_SAMPLE, ::_SAMPLE].copy(), _WINDOW)
    height, width = grey.shape
    ground = cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(ground, np.uint8)


def _find_parts(ink: Pixels) -> Numbers:
    """The connected parts of the ink that may be letters: x, y, width, height and area of each."""
    import cv2
    import numpy as np

    # The default algorithm takes three times as long.
    grana = cv2.CCL_GRANA
    _, _, stats, _ = cv2.connectedComponentsWithStatsWithAlgorithm(ink, 8, cv2.CV_32S, grana)
    parts = np.asarray(stats, np.int32)
    width, height, area = parts[:, 2], parts[:, 3], parts[:, 4]
    usable = (height >= _LOWEST) & (height <= _TALLEST) & (width <= 12 * height)
    usable &= (area >= 4) & (area < 0.97 * width * height) | (width * 4 <= height * 3)
    usable[0] = False  # the ground
    return parts[usable]


def _join_words(ink: Pixels, unit: float) -> Numbers:
    """The number of the line at each second pixel; 0 where there is none."""
    import cv2
    import numpy as np

    height, width = ink.shape[0] // 2 * 2, ink.shape[1] // 2 * 2
    half = ink[:height:2, :width:2] | ink[1:height:2, 1:width:2]
    space = 2 * round(_WORD_SPACE * unit / 2) + 1
    joined = cv2.dilate(half, np.ones((1, space), np.uint8))
    _, labels = cv2.connectedComponents(joined, connectivity=4, ltype=cv2.CV_32S)
    return np.asarray(labels, np.int32)


def _find_lines(
    parts: Numbers, labels: Numbers, pixels: Pixels, grey: Pixels, fewest: int
) -> Iterator[TextLine]:
    """The lines that the parts form: those with letters of similar height on a common base."""
    import numpy as np

    x, y, width, height = parts[:, 0], parts[:, 1], parts[:, 2], parts[:, 3]
    row = np.minimum((y + height // 2) // 2, labels.shape[0] - 1)
    column = np.minimum((x + width // 2) // 2, labels.shape[1] - 1)
    number = labels[row, column]
    order = np.argsort(number, kind="stable")
    starts = np.flatnonzero(np.diff(number[order], prepend=-1))
    for group in np.split(order, starts[1:]):
        if len(group) < fewest or number[group[0]] == 0:
            continue
        # Dots and accents are no letters.
        tall = group[height[group] >= 0.6 * np.median(height[group])]
        if len(tall) < fewest:
            continue
        letter = float(np.median(height[tall]))
        bottoms = y[tall] + height[tall]
        base = np.median(bottoms)
        level = float(np.mean(np.abs(bottoms - base) <= max(1.0, 0.12 * letter)))
        alike = float(np.mean(np.abs(height[tall] - letter) <= 0.6 * letter))
        left, right = int(x[group].min()), int((x + width)[group].max())
        top, bottom = int(y[tall].min()), int(bottoms.max())
        narrow = float(np.median(width[tall])) <= 2.5 * letter
        if level < 0.5 or alike < 0.8 or bottom - top > 3.5 * letter or not narrow:
            continue
        area = parts[tall, 4]
        if np.std(area) < 0.1 * np.mean(area):  # the same mark again and again: a dotted line
            continue
        box = Box(left, top, right - left, bottom - top)
        yield TextLine(box, len(tall), letter, _measure_contrast(pixels, grey, box))


def _measure_contrast(pixels: Pixels, grey: Pixels, box: Box) -> float:
    """The contrast of what stands in a box with the most common shade there."""
    import numpy as np

    rows, columns = slice(box.y, box.bottom), slice(box.x, box.right)
    part = grey[rows, columns]
    counts = np.bincount(part.ravel(), minlength=256)
    ground = int(counts.argmax())
    far = np.abs(np.arange(256) - ground)
    inked = counts * (far > _INK)
    if not inked.any():
        return 1.0
    # The middle of a stroke: edges are mixed with the ground. A tenth of the ink is enough.
    by_distance = np.argsort(-far, kind="stable")
    enough = np.searchsorted(np.cumsum(inked[by_distance]), 0.1 * inked.sum())
    least = int(far[by_distance[enough]])
    rough = _contrast(_linear(ground), _linear(_shade_at(ground, least)))
    if rough > 8:
        return round(rough, 2)
    colours = pixels[rows, columns]
    distance = np.abs(part.astype(np.int16) - ground)
    ink = np.median(colours[(distance >= least) & (distance > _INK)], axis=0)
    paper = np.median(colours[part == ground], axis=0)
    return round(_contrast(_luminance(ink), _luminance(paper)), 2)


def _shade_at(ground: int, distance: int) -> int:
    return ground - distance if ground >= distance else ground + distance


def _linear(shade: float) -> float:
    value = shade / 255
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _luminance(bgr: Sequence[float] | npt.NDArray[np.float64]) -> float:
    """The relative luminance of a colour (WCAG 2.2)."""
    blue, green, red = (_linear(float(part)) for part in bgr)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


NEAR = 16
"""Pixels at 1080p between text and what stands beside it: a gap as wide as a small capital letter
is high. Things that are nearer are seen as one (the Gestalt law of proximity)."""

NEAR_EDGE = 20
"""Pixels at 1080p between text and the edge of the picture: a screen may cut off some of it. EBU
R 95 asks for 38 px below and above and 67 px at the sides for what matters; the line at the bottom
of a slide is 30 px from the edge."""


def find_near(boxes: Sequence[Box], layout: Layout) -> Iterator[str]:
    """What the boxes of text and pictures are too near to. What a theme draws may be there."""
    frame = 4 + round(2 * layout.unit)  # the line around the presenter, and its soft edge
    around = frame + round(NEAR * layout.unit)
    for name, box in (
        ("the presenter", layout.presenter),
        ("the signer", layout.signer),
        ("the captions", layout.captions),
    ):
        if box is not None and any(_widen(box, around).overlaps(text) for text in boxes):
            yield name
    edge = round(NEAR_EDGE * layout.unit)
    width, height = layout.size
    if any(
        box.x < edge or box.y < edge or box.right > width - edge or box.bottom > height - edge
        for box in boxes
    ):
        yield "the edge of the picture"


def _widen(box: Box, by: int) -> Box:
    return Box(box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by)
