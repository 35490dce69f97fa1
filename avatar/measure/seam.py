"""What is between the lips, read from the pixels, because the trackers miss what is small.

Both meshes were trained on faces whose lips are closed or clearly open. They read a dark gap of a
twentieth of the eye distance, a bilabial that anyone would misread, as closed, and the base mesh
sees neither a lip on the teeth nor that a smile has closed. So colours are read down the middle of
the lips. What is darker than lips is the inside of the mouth, and what is paler is teeth; a tracker
only says where to look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from avatar.arrays import Floats32, Floats64, Mask, Pixels
from avatar.mathematics import LUMA
from avatar.measure.features import MOUTH_CORNERS, remove_head_motion

LIP_EDGES: Final = (0, 17)  # upper and lower, where red meets skin
SAMPLES: Final = 64  # down the lips: 1/64 of their height is less than a pixel in any video
# Across, in mouth widths: on the upper incisors, which end at .17, and not between them.
COLUMNS: Final = (-0.13, -0.09, -0.05, 0.05, 0.09, 0.13)
# The samples that are lips or between them: the base mesh's edges are on skin, which is pale too.
INNER: Final = slice(8, 54)
# Those of them that are always on the lower lip, however wide the mouth is.
ON_LOWER: Final = slice(44, 50)
# Closed lips have a dark line between them, and gloss on them. A gap is wider by this than what
# shows at rest, in eye distances: 1.5 px on a face of 150, about the least that a viewer sees.
SLACK: Final = 0.01
# Teeth that the lower lip touches are a strip. This much of it distinguishes them from closed lips,
# which show none: half a pixel on a face of 150.
STRIP: Final = 0.005
# Teeth are hardly redder than green: their (R - G) / (R + G + B) is less than this share of the
# lips'.
PALE: Final = 0.5
# The upper incisors end 1.5 mm below the seam of relaxed lips, .017 of the 8.9 cm between an
# adult's outer corners of the eyes. A lower lip up to half a millimetre below that touches them.
INCISORS: Final = 0.0225
LUMA32: Final = LUMA.astype(np.float32)
FEW: Final = 10  # frames that are enough to tell where the teeth end


@dataclass(frozen=True, slots=True)
class Palette:
    """The limits of colour in one video.

    A sample with less luma than `dark` is dark (`dark_below` is the same limit for the light of the
    lower lip). A sample that is not dark and less red than `pale` is a tooth.
    """

    dark: float
    dark_below: float
    pale: float


@dataclass(frozen=True, eq=False, slots=True)
class Between:
    """What is between the lips per frame, in eye distances; NaN without a face.

    gap      from lip to lip, beyond the line that closed lips show; up to `SLACK` they meet
    teeth    height of the teeth in it
    lower    how far the lower lip's inner edge is below the seam of closed lips
    incisors how far below it the upper teeth end, or a little more: one number for all frames
    """

    gap: Floats64
    teeth: Floats64
    lower: Floats64
    incisors: float

    @property
    def on_teeth(self) -> Floats64:
        """At most 1 where the lower lip touches visible upper teeth.

        It is how low the lip is, or how little of the teeth shows, each over its limit, whichever
        is worse.
        """
        unseen = STRIP / np.maximum(self.teeth, 1e-6)
        return np.asarray(np.maximum(self.lower / self.incisors, unseen))


def read_seam(pixels: Pixels, points: Floats32) -> Floats32:
    """Read (len(COLUMNS), SAMPLES, 3) RGB down the lips of one frame; NaN without a face."""
    import cv2

    if not np.isfinite(points[0, 0]):
        return np.full((len(COLUMNS), SAMPLES, 3), np.nan, np.float32)
    # A pixel's centre is at +.5 in the trackers' coordinates.
    top, bottom = points[LIP_EDGES[0], :2] - 0.5, points[LIP_EDGES[1], :2] - 0.5
    across = points[MOUTH_CORNERS[1], :2] - points[MOUTH_CORNERS[0], :2]
    down = np.linspace(0, 1, SAMPLES, dtype=np.float32)[None, :, None]
    place = top + down * (bottom - top) + np.array(COLUMNS, np.float32)[:, None, None] * across
    low = np.maximum(np.floor(place.min((0, 1))).astype(int) - 1, 0)
    high = np.ceil(place.max((0, 1))).astype(int) + 2
    part = pixels[low[1] : high[1], low[0] : high[0]]
    if not part.size:
        return np.full((len(COLUMNS), SAMPLES, 3), np.nan, np.float32)
    x, y = (np.ascontiguousarray(place[..., k] - low[k], np.float32) for k in (0, 1))
    lips = cv2.remap(
        part.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(lips, np.float32)


def find_palette(seams: Floats32, still: Mask) -> Palette:
    """Find the limits: half way from the lips' own colours at rest to the darkest that the mouth
    ever shows, and to grey.

    `seams` are (frames, len(COLUMNS), SAMPLES, 3).
    """
    known = np.isfinite(seams[:, 0, 0, 0])
    calm = known & still if (known & still).any() else known
    if not calm.any():
        return Palette(0.0, 0.0, 0.0)
    inner = seams[calm][:, :, INNER]
    luma, redness = inner @ LUMA32, _compute_redness(inner)
    darkest = float(np.percentile(seams[known] @ LUMA32, 2))
    dark = (float(np.median(luma)) + darkest) / 2
    below = (float(np.median(seams[calm][:, :, ON_LOWER] @ LUMA32)) + darkest) / 2
    # A smile rests with its teeth among the lips, so what is pale by both standards is left out.
    pale = PALE * float(np.median(redness))
    flesh = (redness >= pale) & (luma >= dark)
    if flesh.any():
        pale = PALE * float(np.median(redness[flesh]))
    return Palette(dark, below, pale)


def measure_teeth(seams: Floats32, points: Floats32, palette: Palette) -> Floats64:
    """Height of the teeth between the lips per frame, in eye distances; NaN without a face."""
    _, pale = _classify(seams, palette)
    return np.asarray(_measure_height(pale) * _find_lips(points)[1])


def measure_between(seams: Floats32, points: Floats32, still: Mask) -> Between:
    """What every frame shows between the lips. `still` are the frames in which the lips rest."""
    palette = find_palette(seams, still)
    dark, pale = _classify(seams, palette)
    top, tall = _find_lips(points)
    known = np.isfinite(tall)
    teeth = _measure_height(pale) * tall
    if not known.any():
        return Between(teeth, teeth, teeth, INCISORS)
    last, below = _find_lower_edge(seams, palette)
    # From the first sample that is not lip to the lower lip, since a tongue between them is not lip
    # either.
    inside = dark | pale
    tallness = np.maximum(last - np.argmax(inside, axis=2) + 1, 0) / SAMPLES
    gap = np.median(np.where(inside.any(2) & below, tallness, 0.0), axis=1) * tall
    calm = known & still if (known & still).any() else known
    narrow = known & (gap <= np.percentile(gap[known], 5))
    # The lips of a photo may be parted at rest; then they meet where they are narrowest. Lips that
    # meet show no teeth, whatever the photo does, and little gloss.
    met = calm if np.median(gap[calm]) <= np.max(gap[narrow]) + SLACK else narrow
    line = float(np.median(gap[met])) - max(float(np.median(teeth[met])) - SLACK, 0.0)
    edge = top + np.median(last, axis=1) / (SAMPLES - 1) * tall
    closed = float(np.median(edge[met]))
    ends = _find_upper_teeth(dark, pale, top, tall) + SLACK - closed
    return Between(gap - line, teeth, edge - closed, max(INCISORS, ends))


def _compute_redness(colours: Floats32) -> Floats32:
    total = np.maximum(colours.sum(-1), 1)
    return np.asarray((colours[..., 0] - colours[..., 1]) / total, np.float32)


def _classify(seams: Floats32, palette: Palette) -> tuple[Mask, Mask]:
    """Which samples are dark, and which are teeth; False outside `INNER`."""
    dark = seams @ LUMA32 < palette.dark
    pale = (_compute_redness(seams) < palette.pale) & ~dark
    inner = np.zeros(SAMPLES, bool)
    inner[INNER] = True
    return dark & inner, pale & inner


def _measure_height(marked: Mask) -> Floats64:
    """The share of the lips' height that is marked, in the median column."""
    return np.asarray(np.median(marked.mean(2), axis=1))


def _find_lips(points: Floats32) -> tuple[Floats64, Floats64]:
    """Where the lips begin, and how tall they are, along the face's own axis with the head at
    rest."""
    ends = remove_head_motion(points, LIP_EDGES)[..., 1]
    return ends[:, 0], ends[:, 1] - ends[:, 0]


def _find_lower_edge(seams: Floats32, palette: Palette) -> tuple[NDArray[np.int64], Mask]:
    """The sample in each column at which the lower lip begins, and whether there is an inside.

    It is the first one up from the lip that is not lip; or the darkest one, where the lips meet
    without a line. The lip may be lighter than its inner side, which is in the shadow of the mouth.
    """
    part = slice(INNER.start, ON_LOWER.stop)
    known = np.where(np.isfinite(seams), seams, 0.0).astype(np.float32)[:, :, part]
    luma = known @ LUMA32
    inside = (luma < palette.dark_below) | (_compute_redness(known) < palette.pale)
    last = inside.shape[2] - 1 - np.argmax(inside[:, :, ::-1], axis=2)
    below = np.asarray(inside.any(2))
    return INNER.start + np.where(below, last, np.argmin(luma, axis=2)), below


def _find_upper_teeth(dark: Mask, pale: Mask, top: Floats64, tall: Floats64) -> float:
    """Where the upper teeth usually end, seen in front of a dark open mouth; -inf if they are
    never seen."""
    ends = pale[:, :, 1:-2] & pale[:, :, :-3] & dark[:, :, 2:-1] & dark[:, :, 3:]
    seen = ends.any(2)
    shown = seen.sum(1) > len(COLUMNS) // 2
    if np.count_nonzero(shown) < FEW:
        return -np.inf
    last = np.where(seen, np.argmax(ends, axis=2) + 1, np.nan)
    return float(
        np.median(top[shown] + np.nanmedian(last[shown], axis=1) * tall[shown] / (SAMPLES - 1))
    )
