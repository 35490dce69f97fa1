"""What each channel does to the face: one displacement field per channel, cut along the lips.

Every field is a closed formula in the mouth's coordinates (centimetres; s = ±1 at the corners; `up`
above the upper edge, `down` below the lower edge). So it can be evaluated at any point and on
either side of the cut, and both sides agree at the corners and beyond.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatar.arrays import Floats32, Floats64, Mask
from avatar.mathematics import gaussian, smoothstep_between
from avatar.performance.channels import INDEX
from avatar.rig.lips import Lips
from avatar.rig.topology import EYES, WINGS

Vector = tuple[Floats64, Floats64]

# The opening at jawOpen 1 as a share of the mouth's width: 2.6 cm for an adult, as in a wide shout.
JAW: Final = 0.52
# How far a corner of the mouth follows the jaw. Cadaver and motion-capture values are between .3
# and .5.
CORNER: Final = 0.36
# The length of tissue under the chin that takes up the jaw's fall, in cm. If it were shorter, it
# would fold at jaw 1.
NECK_CM: Final = 5.5


@dataclass(frozen=True, slots=True, eq=False)
class FacePoints:
    """Points in the mouth's coordinates, seen from one side of the cut."""

    x: Floats64
    y: Floats64
    s: Floats64
    up: Floats64
    down: Floats64
    seam: Floats64
    above: Mask
    upper_thick: Floats64
    lower_thick: Floats64
    lips: Lips
    brows: tuple[Floats64, Floats64]
    eyes: tuple[Floats64, Floats64]
    wings: tuple[Floats64, Floats64]

    @property
    def open(self) -> Floats64:
        """The shape of an opening: 1 in the middle, 0 at the corners, which open last."""
        return np.maximum(0, 1 - np.abs(self.s) ** 2.0) ** 0.8

    @property
    def beyond(self) -> Floats64:
        """How far outside the corners, in cm."""
        half = np.where(self.s < 0, self.lips.left, self.lips.right)
        return np.asarray(np.maximum(np.abs(self.s) - 1, 0) * half, np.float64)

    @property
    def off(self) -> Floats64:
        """Height above or below the edges of the lips."""
        return self.up + self.down


def describe_points(lips: Lips, points: Floats32, at: npt.ArrayLike, side: str) -> FacePoints:
    """Describe the pixels `at` (..., 2) from one `side` of the cut: "upper", "lower", or "whole"
    for the true side of each."""
    x, y = lips.to_mouth(at)
    upper = np.interp(x, lips.knots, lips.upper)
    lower = np.interp(x, lips.knots, lips.lower)
    s = lips.to_seam(x)
    above = y < (upper + lower) / 2
    if side != "whole":  # beyond the corners there is no cut to be continued across
        above = np.where(np.abs(s) <= 1, side == "upper", above)

    def where(indices: tuple[int, ...]) -> Floats64:
        px, py = lips.to_mouth(points[list(indices), :2])
        return np.stack([px, py], -1)

    def eye(i: int) -> Floats64:
        return np.asarray(where(EYES[i]["upper"] + EYES[i]["lower"]).mean(0), np.float64)

    return FacePoints(
        x=x,
        y=y,
        s=s,
        up=np.where(above, np.maximum(upper - y, 0), 0),
        down=np.where(above, 0, np.maximum(y - lower, 0)),
        seam=(upper + lower) / 2,
        above=above,
        upper_thick=np.interp(x, lips.knots, lips.upper_thick),
        lower_thick=np.interp(x, lips.knots, lips.lower_thick),
        lips=lips,
        brows=(where(EYES[0]["brow"]).mean(0), where(EYES[1]["brow"]).mean(0)),
        eyes=(eye(0), eye(1)),
        wings=(where(WINGS[:1])[0], where(WINGS[1:])[0]),
    )


def side_weight(q: FacePoints, sign: int) -> Floats64:
    """The weight of one half of the mouth."""
    return smoothstep_between(-0.35, 0.35, q.s * sign)


def upper_reach(q: FacePoints) -> Floats64:
    """How far a pull on the upper lip carries: up to the nose, which stays."""
    return gaussian(np.maximum(q.up - 0.25, 0), 0.85)


def lower_reach(q: FacePoints) -> Floats64:
    """How far a pull on the lower lip carries: into the chin."""
    return gaussian(np.maximum(q.down - 0.45, 0), 1.25)


def edge_reach(q: FacePoints) -> Floats64:
    """The weight of a push on the edge of the nearer lip; 0 outside the corners."""
    lift = np.where(q.above, upper_reach(q), gaussian(np.maximum(q.down - 0.5, 0), 1.5))
    return lift * (np.abs(q.s) < 1)


def _follow_jaw(q: FacePoints) -> Floats64:
    """How far the skin at this place follows the jaw bone."""
    chin = q.lips.chin
    # Below the line of the jaw it narrows to the throat: hair and collar beside it stay.
    reach_x = 6.2 - 2.0 * smoothstep_between(0.95 * chin, 1.45 * chin, q.y)
    across = 1 - smoothstep_between(0.32, 1.04, np.abs(q.x) / reach_x)
    under = 1 - smoothstep_between(0.92 * chin, chin + NECK_CM, q.y + 0.22 * np.abs(q.x))
    return across * under


def jaw_open(q: FacePoints) -> Vector:
    size = JAW * 2 * q.lips.half
    hinge = CORNER * gaussian(q.beyond, 2.2)
    lower = hinge * (1 - q.open) + q.open
    mix = smoothstep_between(0, 2.2, q.down)
    fall = (lower * (1 - mix) + _follow_jaw(q) * mix) * (q.down >= 0)
    rise = hinge * (1 - q.open) * gaussian(q.up, 1.5)
    dy = size * np.where(q.above, rise, fall)
    # The cheeks are drawn in, and each corner moves inwards by a tenth of the opening.
    pull = gaussian(np.abs(q.s) - 1, 0.55) * gaussian(q.off, 1.3)
    dx = -np.sign(q.x) * 0.10 * size * pull * np.minimum(np.abs(q.s), 1)
    return dx, dy


def jaw_aside(sign: int) -> Callable[[FacePoints], Vector]:
    def field(q: FacePoints) -> Vector:
        mix = smoothstep_between(0, 1.8, q.down)
        # Gentle at the corners, or the near one would fold; nothing outside them on either side.
        lip = np.maximum(0, 1 - q.s**2) ** 1.2
        weight = np.where(q.above, 0, lip * (1 - mix) + _follow_jaw(q) * mix)
        return 0.6 * sign * weight, np.zeros_like(q.x)

    return field


def jaw_forward(q: FacePoints) -> Vector:
    mix = smoothstep_between(0, 2.0, q.down)
    weight = np.where(q.above, 0, _follow_jaw(q) * mix)
    return 0.04 * q.x * weight, 0.12 * weight


def _pull_corner(
    sign: int, out: float, up: float, power: float = 1.4
) -> Callable[[FacePoints], Vector]:
    """A corner of the mouth pulled `out` and `up` (cm); the lip follows by |s|^power."""

    def field(q: FacePoints) -> Vector:
        pull = np.minimum(np.abs(q.s), 1) ** power * gaussian(q.beyond, 1.9) * (q.s * sign > 0)
        fade = np.where(q.above, gaussian(q.up, 1.6), gaussian(q.down, 1.7))
        return out * sign * pull * fade, -up * pull**1.4 * fade

    return field


def smile(sign: int) -> Callable[[FacePoints], Vector]:
    corner = _pull_corner(sign, 0.52, 0.46, 1.2)

    def field(q: FacePoints) -> Vector:
        dx, dy = corner(q)
        # The apple of the cheek rises under the eye, and the lips become thin.
        cheek = gaussian(q.x * sign - 4.0, 1.8) * gaussian(q.y + 2.4, 1.6)
        thin = side_weight(q, sign) * (roll_upper(q, 0.16)[1] + roll_lower(q, 0.14)[1])
        return dx + 0.10 * sign * cheek, dy - 0.24 * cheek + thin

    return field


def pucker(q: FacePoints) -> Vector:
    narrow = -0.40 * np.clip(q.x, -q.lips.left, q.lips.right) * gaussian(q.beyond, 1.7)
    fade = np.where(q.above, gaussian(q.up, 1.5), gaussian(q.down, 1.7))
    # The lips come forward: the vermilion shows more of itself, and the edges stay together.
    swell = np.where(
        q.above,
        -0.16
        * smoothstep_between(0, 1, q.up / q.upper_thick)
        * gaussian(np.maximum(q.up - q.upper_thick, 0), 0.7),
        0.18
        * smoothstep_between(0, 1, q.down / q.lower_thick)
        * gaussian(np.maximum(q.down - q.lower_thick, 0), 1),
    )
    # Corners that are raised or lowered in the photo become level.
    level = 0.6 * (q.lips.middle - q.seam) * gaussian(q.beyond, 1.7)
    return narrow * fade, swell * gaussian(q.s, 0.8) + level * fade


def funnel(q: FacePoints) -> Vector:
    narrow = -0.27 * np.clip(q.x, -q.lips.left, q.lips.right) * gaussian(q.beyond, 1.7)
    fade = np.where(q.above, gaussian(q.up, 1.5), gaussian(q.down, 1.7))
    part = np.where(q.above, -0.24 * upper_reach(q), 0.34 * lower_reach(q)) * q.open
    return narrow * fade, part


def roll_upper(q: FacePoints, amount: float = 0.55) -> Vector:
    """The vermilion turns in: its border comes to the edge, and the skin follows."""
    inside = np.minimum(q.up / q.upper_thick, 1) * gaussian(
        np.maximum(q.up - q.upper_thick, 0), 0.8
    )
    thin = amount * q.upper_thick * inside * np.sqrt(q.open)
    return np.zeros_like(q.x), np.where(q.above, thin, 0)


def roll_lower(q: FacePoints, amount: float = 0.55) -> Vector:
    inside = np.minimum(q.down / q.lower_thick, 1)
    inside = inside * gaussian(np.maximum(q.down - q.lower_thick, 0), 1.0)
    thin = amount * q.lower_thick * inside * np.sqrt(q.open)
    return np.zeros_like(q.x), np.where(q.above, 0, -thin)


def press(sign: int) -> Callable[[FacePoints], Vector]:
    corner = _pull_corner(sign, 0.10, -0.02)

    def field(q: FacePoints) -> Vector:
        dx, dy = corner(q)
        side = side_weight(q, sign)
        thin = roll_upper(q, 0.40)[1] + roll_lower(q, 0.40)[1]
        return dx, dy + side * thin

    return field


def upper_up(sign: int) -> Callable[[FacePoints], Vector]:
    def field(q: FacePoints) -> Vector:
        side = side_weight(q, sign)
        lip = np.where(q.above, -0.44 * q.open * upper_reach(q), 0)
        wing = q.wings[1 if sign > 0 else 0]
        fold = -0.14 * gaussian(q.x - wing[0] - 0.5 * sign, 0.9) * gaussian(q.y - wing[1], 0.9)
        return np.zeros_like(q.x), lip * side + fold * (q.above)

    return field


def lower_down(sign: int) -> Callable[[FacePoints], Vector]:
    def field(q: FacePoints) -> Vector:
        lip = np.where(q.above, 0, 0.44 * q.open * lower_reach(q))
        return np.zeros_like(q.x), lip * side_weight(q, sign)

    return field


def shrug_lower(q: FacePoints) -> Vector:
    wide = gaussian(q.x, 2.4) * gaussian(np.maximum(q.down - 0.4, 0), 2.2)
    return np.zeros_like(q.x), np.where(q.above, 0, -0.34 * q.open * wide)


def shrug_upper(q: FacePoints) -> Vector:
    return np.zeros_like(q.x), np.where(q.above, -0.22 * q.open * upper_reach(q), 0)


def mouth_aside(sign: int) -> Callable[[FacePoints], Vector]:
    def field(q: FacePoints) -> Vector:
        return 0.5 * sign * gaussian(q.off, 2.0) * gaussian(q.beyond, 2.2), np.zeros_like(q.x)

    return field


def sneer(sign: int) -> Callable[[FacePoints], Vector]:
    def field(q: FacePoints) -> Vector:
        wing = q.wings[1 if sign > 0 else 0]
        weight = gaussian(q.x - wing[0], 0.8) * gaussian(q.y - wing[1], 0.9) * q.above
        return np.zeros_like(q.x), -0.22 * weight

    return field


def cheek_puff(q: FacePoints) -> Vector:
    weight = gaussian(np.abs(q.x) - 4.2, 1.7) * gaussian(q.y, 2.0)
    return 0.30 * np.sign(q.x) * weight, np.zeros_like(q.x)


def cheek_squint(sign: int) -> Callable[[FacePoints], Vector]:
    def field(q: FacePoints) -> Vector:
        eye = q.eyes[1 if sign > 0 else 0]
        weight = gaussian(q.x - eye[0], 1.6) * gaussian(q.y - eye[1] - 1.9, 0.9)
        return np.zeros_like(q.x), -0.22 * weight

    return field


def brow(
    sign: int, *, up: float, inward: float = 0.0, shift: float = 0.0, width: float = 2.0
) -> Callable[[FacePoints], Vector]:
    """Lift (or lower) the brow of one side; the forehead follows, the lids hardly."""

    def field(q: FacePoints) -> Vector:
        which = 1 if sign > 0 else 0
        centre, eye = q.brows[which], q.eyes[which]
        dy = q.y - centre[1]
        tall = np.where(
            dy < 0, gaussian(dy, 2.4), gaussian(dy, max(0.45 * (eye[1] - centre[1]), 0.3))
        )
        weight = tall * gaussian(q.x - centre[0] - shift * sign, width)
        return -inward * sign * weight, -up * weight

    return field


def brow_inner(q: FacePoints) -> Vector:
    a = brow(1, up=0.55, shift=-1.1, width=1.3)(q)
    b = brow(-1, up=0.55, shift=-1.1, width=1.3)(q)
    return a[0] + b[0], a[1] + b[1]


# Left is the subject's own left: the picture's right, +1.
SHAPES: Final[dict[str, Callable[[FacePoints], Vector]]] = {
    "browDownLeft": brow(1, up=-0.32, inward=0.14, shift=-0.4),
    "browDownRight": brow(-1, up=-0.32, inward=0.14, shift=-0.4),
    "browInnerUp": brow_inner,
    "browOuterUpLeft": brow(1, up=0.5, shift=0.9, width=1.5),
    "browOuterUpRight": brow(-1, up=0.5, shift=0.9, width=1.5),
    "cheekPuff": cheek_puff,
    "cheekSquintLeft": cheek_squint(1),
    "cheekSquintRight": cheek_squint(-1),
    "jawForward": jaw_forward,
    "jawLeft": jaw_aside(1),
    "jawOpen": jaw_open,
    "jawRight": jaw_aside(-1),
    "mouthDimpleLeft": _pull_corner(1, 0.26, 0.04),
    "mouthDimpleRight": _pull_corner(-1, 0.26, 0.04),
    "mouthFrownLeft": _pull_corner(1, 0.06, -0.42, 1.6),
    "mouthFrownRight": _pull_corner(-1, 0.06, -0.42, 1.6),
    "mouthFunnel": funnel,
    "mouthLeft": mouth_aside(1),
    "mouthLowerDownLeft": lower_down(1),
    "mouthLowerDownRight": lower_down(-1),
    "mouthPressLeft": press(1),
    "mouthPressRight": press(-1),
    "mouthPucker": pucker,
    "mouthRight": mouth_aside(-1),
    "mouthRollLower": roll_lower,
    "mouthRollUpper": roll_upper,
    "mouthShrugLower": shrug_lower,
    "mouthShrugUpper": shrug_upper,
    "mouthSmileLeft": smile(1),
    "mouthSmileRight": smile(-1),
    "mouthStretchLeft": _pull_corner(1, 0.50, -0.06, 1.1),
    "mouthStretchRight": _pull_corner(-1, 0.50, -0.06, 1.1),
    "mouthUpperUpLeft": upper_up(1),
    "mouthUpperUpRight": upper_up(-1),
    "noseSneerLeft": sneer(1),
    "noseSneerRight": sneer(-1),
}

SHAPE_CHANNELS: Final = np.array([INDEX[name] for name in SHAPES], np.int64)


def compute_fields(q: FacePoints) -> Floats32:
    """Every shape at the points: (K, ..., 2) in pixels of the frame."""
    rows = []
    for shape in SHAPES.values():
        dx, dy = shape(q)
        rows.append(np.stack([dx, dy], -1) @ q.lips.axes * q.lips.scale)
    return np.array(rows, np.float32)
