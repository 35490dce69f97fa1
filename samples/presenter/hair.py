"""Hair: strands between guide curves, painted from back to front, then lit as one body."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline, PchipInterpolator

from .canvas import SHIFT, Colour, Sheet, blur, mix, noise, ramp, srgb, stroke
from .solids import Field

Points = npt.NDArray[np.float64]
Guide = tuple[tuple[float, float, float], ...]

# Guides from root to tip at equal steps. Their keys say how far round the head they are: 0 at the
# hairline, 1 at the nape. The parting is on the viewer's right, so the sides differ above.
_LEFT: dict[float, Guide] = {
    0.00: (
        (2.1, 7.9, 7.2), (-0.9, 7.8, 7.6), (-3.7, 6.3, 7.5), (-5.4, 3.4, 7.0), (-6.05, 0.0, 6.4),
        (-5.95, -3.3, 6.1), (-5.85, -6.3, 6.0), (-5.7, -8.6, 6.0), (-4.5, -10.3, 6.2),
    ),
    0.30: (
        (2.0, 10.8, 5.0), (-1.6, 11.0, 5.2), (-4.9, 9.4, 5.0), (-7.0, 6.0, 4.3), (-7.8, 2.0, 3.7),
        (-8.0, -2.2, 3.4), (-7.9, -6.0, 3.5), (-7.5, -9.0, 3.9), (-5.5, -10.8, 4.6),
    ),
    0.60: (
        (1.9, 12.5, 0.5), (-2.1, 12.9, 0.5), (-5.8, 11.0, 0.3), (-8.0, 7.3, 0.1), (-8.8, 2.9, -0.1),
        (-9.0, -1.7, -0.2), (-8.9, -5.8, 0.0), (-8.4, -9.0, 0.5), (-6.0, -11.0, 1.2),
    ),
    1.00: (
        (1.5, 11.4, -4.5), (-1.6, 11.4, -5.4), (-4.6, 9.4, -5.9), (-6.6, 5.8, -6.0),
        (-7.3, 1.8, -5.8), (-7.2, -2.2, -5.4), (-6.4, -5.8, -4.9), (-5.2, -8.4, -4.6),
        (-3.6, -10.2, -4.4),
    ),
}  # fmt: skip
_RIGHT: dict[float, Guide] = {
    0.00: (
        (2.3, 7.9, 6.6), (4.0, 7.4, 7.0), (5.4, 5.5, 6.9), (6.0, 2.7, 6.5), (6.3, -0.4, 6.0),
        (6.15, -3.5, 5.7), (6.05, -6.4, 5.6), (5.85, -8.8, 5.6), (4.6, -10.6, 5.8),
    ),
    0.30: (
        (2.2, 10.8, 4.6), (4.5, 10.3, 4.9), (6.4, 8.1, 4.6), (7.4, 4.9, 4.0), (7.9, 1.2, 3.5),
        (8.05, -2.6, 3.3), (7.95, -6.2, 3.4), (7.5, -9.2, 3.8), (5.5, -11.1, 4.5),
    ),
    0.60: (
        (2.1, 12.5, 0.5), (4.9, 12.0, 0.5), (7.1, 9.6, 0.3), (8.3, 6.1, 0.1), (8.8, 2.0, -0.1),
        (8.95, -2.1, -0.2), (8.8, -6.0, 0.0), (8.3, -9.2, 0.5), (5.9, -11.3, 1.2),
    ),
    1.00: (
        (1.7, 11.4, -4.5), (3.8, 11.0, -5.4), (5.7, 8.8, -5.9), (6.8, 5.4, -6.0),
        (7.3, 1.6, -5.8), (7.2, -2.2, -5.4), (6.4, -5.8, -4.9), (5.2, -8.4, -4.6),
        (3.6, -10.2, -4.4),
    ),
}  # fmt: skip
_PARTING = ((2.25, 8.0), (2.12, 9.6), (2.06, 10.9), (1.98, 12.0))
_STEPS = 44
_MIDDLE = np.array((0.0, 1.0, -0.5))
_T = np.linspace(0, 1, _STEPS)


@dataclass(frozen=True, slots=True)
class Layer:
    """Painted hair: `colour` is linear, and only valid where `cover` is above 0."""

    colour: Colour
    cover: Field


@dataclass(frozen=True, slots=True)
class _Strand:
    """`path` is (steps, 3) in cm; `tone`, about -1..1, is how light it is; `width` is in cm."""

    path: Points
    tone: float
    width: float


def paint(s: Sheet, light: npt.NDArray[np.float32], *, back: bool) -> Layer:
    """Paint all strands of the front (over the face) or of the back (behind the neck)."""
    rng = np.random.default_rng(83 if back else 82)
    strands = _grow(rng, 2600 if back else 9000, 60 if back else 200, back)
    tone = np.full(s.shape, 118, np.uint8)  # gaps between thin strands are hair too, not black
    cover = np.zeros(s.shape, np.uint8)
    for wisp in [] if back else _wisps(rng):
        outline = _outline(s, wisp.path[:, :2], wisp.width * np.sin(np.pi * (0.04 + 0.92 * _T)))
        cv2.fillPoly(tone, [outline], int(np.clip(128 + 52 * wisp.tone, 1, 255)), 16, SHIFT)
        cv2.fillPoly(cover, [outline], 90, 16, SHIFT)
    for strand in strands:
        outline = _outline(s, strand.path[:, :2], strand.width * _taper())
        cv2.fillPoly(tone, [outline], int(np.clip(128 + 52 * strand.tone, 1, 255)), 16, SHIFT)
        cv2.fillPoly(cover, [outline], 255, 16, SHIFT)
    if back:  # nothing of the wall shows through between strands
        last = int(0.91 * _STEPS)
        sides = [_groom(g)(0.6)[:last, :2] * (0.93, 0.985) for g in (_LEFT, _RIGHT)]
        body = s.to_pixels(np.concatenate([sides[0], sides[1][::-1]]))
        cv2.fillPoly(cover, [np.round(body * (1 << SHIFT)).astype(np.int32)], 255, 16, SHIFT)
    along, out = _directions(s, strands)
    shade = (tone.astype(np.float32) - 128) / 52
    colour = _light(s, shade, along, out, light, back)
    if not back:
        line = np.zeros(s.shape, np.uint8)
        stroke(
            line,
            s,
            CubicSpline(np.linspace(0, 1, 4), np.array(_PARTING))(_T),
            0.13 * np.sin(np.pi * (0.05 + 0.9 * _T)),
        )
        scalp = blur(s, line.astype(np.float32) / 255, 0.06)
        colour = mix(colour, srgb(160, 112, 90), 0.42 * scalp * (1 + 0.3 * np.clip(shade, -1, 1)))
    solid = cover.astype(np.float32) / 255
    ends = ramp(s.y, -8.6, -10.4)  # the tips' edge is soft
    return Layer(colour, solid + (blur(s, solid, 0.05) - solid) * ends)


def _groom(guides: dict[float, Guide]) -> PchipInterpolator:
    """place(around): the strand (steps, 3) at that share of the way round the head."""
    rows = [CubicSpline(np.linspace(0, 1, len(g)), np.array(g))(_T) for g in guides.values()]
    return PchipInterpolator(list(guides), np.array(rows), axis=0)


def _taper() -> npt.NDArray[np.float64]:
    return np.clip(np.minimum(_T * 14 + 0.3, (1 - _T) * 4.5), 0.06, 1)


def _grow(rng: np.random.Generator, count: int, clumps: int, back: bool) -> list[_Strand]:
    """Grow the strands of both sides, those farthest from the viewer first."""
    out: list[_Strand] = []
    for guides in (_LEFT, _RIGHT):
        place = _groom(guides)
        low, high = (0.62, 1.0) if back else (0.0, 0.86)
        centres = low + (high - low) * rng.uniform(0, 1, clumps) ** (1.0 if back else 1.15)
        tones = rng.normal(0, 0.45, clumps)
        phases = rng.uniform(0, 2 * np.pi, clumps)
        cuts = rng.uniform(0.89, 1.0, clumps)
        mine = rng.integers(0, clumps, count)
        around = np.minimum(centres[mine] + 0.035 * rng.normal(size=count), 1.0)
        around = np.maximum(around, 0.12 * around)
        layer = rng.beta(2.2, 1.2, count)
        stray = rng.random(count) < 0.010
        lift = 0.94 + 0.06 * layer + 0.006 * rng.normal(size=count)
        lift += 0.008 * rng.random(count) * stray
        pull = (0.78 * _T**1.5)[:, None]  # a clump's strands draw together towards their tips
        paths = place(around) * (1 - pull) + place(centres)[mine] * pull
        paths = _MIDDLE + (paths - _MIDDLE) * lift[:, None, None]
        sway = 0.20 * np.sin(2.2 * np.pi * centres[mine, None] + 6.0 * _T)
        sway += 0.15 * np.sin(phases[mine, None] + 6.5 * _T)
        own = (0.05 + 0.15 * stray)[:, None]
        sway += own * np.sin(rng.uniform(0, 6, count)[:, None] + 7 * _T)
        bend = 0.55 * np.sin(phases[mine, None])
        paths += _wave(guides is _LEFT, around[:, None] + bend / 2.2, _T)
        paths[..., 0] += 0.8 * sway * _T + 0.04 * rng.normal(size=(count, 1))
        # The parting is not a straight line, but the hairline nearly is.
        loose = np.minimum(1, 8 * np.abs(around))[:, None] * (1 - _T) ** 6
        paths[..., 0] += 0.07 * rng.normal(size=(count, 1)) * loose
        paths[..., 1] -= 0.08 * np.abs(rng.normal(size=(count, 1))) * loose
        paths[..., 2] += 0.8 * (layer - 0.7)[:, None]
        rows = np.linspace(0, cuts[mine] * rng.uniform(0.93, 1.0, count), _STEPS, axis=1)
        paths = _at(paths, rows * (_STEPS - 1))
        tone = tones[mine] + 0.35 * rng.normal(size=count) + 1.1 * (layer - 0.75)
        width = np.where((around < 0.02) | stray, 0.03, 0.05)
        out.extend(map(_Strand, paths, tone.tolist(), width.tolist()))
        out.extend([] if back else _hairline(rng, place, 420))
    out.sort(key=lambda strand: float(strand.path[:, 2].mean()))
    return out


def _wave(left: bool, around: Points, t: Points) -> Points:
    """The bend that neighbouring strands share: out and in, to the front and back, (..., 3) cm."""
    turn = 2 * np.pi * (1.75 * t - (0.92 if left else 0.80)) + 2.2 * around
    grow = np.clip((t - 0.25) / 0.45, 0, 1) * (1 - 0.4 * t)
    side = -1.0 if left else 1.0
    out = 0.54 * side * grow * np.sin(turn)
    return np.stack([out, np.zeros_like(out), 0.75 * grow * np.cos(turn)], axis=-1)


def _wisps(rng: np.random.Generator) -> list[_Strand]:
    """Grow fine single hairs that stay close to the outline, and a few that fall over the
    temples."""
    out: list[_Strand] = []
    for guides in (_LEFT, _RIGHT):
        place = _groom(guides)
        for edge, count in ((True, 260), (False, 26)):
            begin = rng.uniform(0.0 if edge else 0.22, 0.62 if edge else 0.34, count)
            span = rng.uniform(0.18, 0.38, count)
            around = rng.uniform(0.46, 0.66, count) if edge else rng.uniform(-0.05, 0.01, count)
            t = begin[:, None] + span[:, None] * _T
            paths = _at(place(around), np.clip(t, 0, 1) * (_STEPS - 1))
            paths += _wave(guides is _LEFT, around[:, None], t)
            lift = np.where(edge, rng.uniform(0.985, 1.008, count), 1.0)[:, None]
            bow = (0.008 if edge else 0.022) * rng.normal(size=(count, 1)) * np.sin(np.pi * _T)
            paths = _MIDDLE + (paths - _MIDDLE) * (lift + bow)[..., None]
            tones = rng.normal(0.2, 0.3, count).tolist()
            out.extend(_Strand(p, k, 0.026) for p, k in zip(paths, tones, strict=True))
    return out


def _at(paths: Points, rows: Points) -> Points:
    """Paths (n, steps, 3) at fractional steps (n, steps)."""
    low = np.clip(rows.astype(int), 0, _STEPS - 2)
    part = (rows - low)[..., None]
    each = np.arange(len(paths))[:, None]
    return paths[each, low] * (1 - part) + paths[each, low + 1] * part


def _hairline(rng: np.random.Generator, place: PchipInterpolator, count: int) -> list[_Strand]:
    """Grow short strands that rise from the edge of the forehead and join those behind; wigs
    lack them."""
    begin = 0.03 + 0.39 * rng.random(count)[:, None]
    join = rng.uniform(0.03, 0.16, count)[:, None]
    t = begin + rng.uniform(0.15, 0.3, count)[:, None] * _T
    way = np.clip((t - begin) / 0.16, 0, 1)
    around = 0.01 - 0.035 * rng.random(count)[:, None] ** 3 + join * way * way * (3 - 2 * way)
    rows = np.clip(t, 0, 1) * (_STEPS - 1)
    low = np.minimum(rows.astype(int), _STEPS - 2)
    part = (rows - low)[..., None]
    # Half-way round between whole strands: a table of them, read at each step's own place.
    table = place(np.linspace(-0.03, 0.2, 93))
    row = np.clip((around + 0.03) / 0.0025, 0, 91.999)
    left, share = row.astype(int), (row % 1)[..., None]
    near = table[left, low] * (1 - part) + table[left, low + 1] * part
    far = table[left + 1, low] * (1 - part) + table[left + 1, low + 1] * part
    paths = near * (1 - share) + far * share + np.array((0, 0, 0.5))
    tones = rng.normal(0.1, 0.3, count)
    return [_Strand(path, float(tone), 0.026) for path, tone in zip(paths, tones, strict=True)]


def _outline(s: Sheet, line: Points, widths: npt.NDArray[np.float64]) -> npt.NDArray[np.int32]:
    centre = s.to_pixels(line)
    along = np.gradient(centre, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    half = np.maximum(widths * s.scale / 2, 0.3)[:, None]
    off = np.stack([-along[:, 1], along[:, 0]], 1) * half
    return np.round(np.concatenate([centre + off, (centre - off)[::-1]]) * (1 << SHIFT)).astype(
        np.int32
    )


def _directions(s: Sheet, strands: list[_Strand]) -> tuple[Colour, Colour]:
    """The directions along the hair and out of it at every pixel, (height, width, 3) unit
    vectors, smooth."""
    small = Sheet(s.scale / 4, s.x[::4, ::4], s.y[::4, ::4])
    fields = [np.zeros((*small.shape, 3), np.float32) for _ in range(2)]
    mass = np.zeros(small.shape, np.float32)
    wide = max(1, round(0.25 * small.scale))
    for strand in strands[::4]:
        path = strand.path
        along = np.gradient(path, axis=0)
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        out = path - np.array((0.0, 2.0, -0.5))
        out[:, 1] *= np.where(out[:, 1] < 0, 0.15, 1.0)  # below the crown it hangs about an axis
        out /= np.linalg.norm(out, axis=1, keepdims=True)
        dots = np.round(small.to_pixels(path[:, :2])).astype(int)
        for i in range(0, _STEPS - 2, 2):
            a, b = dots[i].tolist(), dots[i + 2].tolist()
            cv2.line(fields[0], a, b, along[i + 1].tolist(), wide)
            cv2.line(fields[1], a, b, out[i + 1].tolist(), wide)
            cv2.line(mass, a, b, 1.0, wide)
    result = []
    weight = blur(small, mass, 0.3) + 1e-4
    for field in fields:
        smooth = blur(small, field, 0.3) / weight[..., None]
        full = cv2.resize(smooth, s.shape[::-1], interpolation=cv2.INTER_CUBIC)
        result.append(full / (np.linalg.norm(full, axis=2, keepdims=True) + 1e-6))
    return result[0], result[1]


def _light(
    s: Sheet, tone: Field, along: Colour, out: Colour, light: npt.NDArray[np.float32], back: bool
) -> Colour:
    half = light + np.array((0, 0, 1.0), np.float32)
    half /= np.linalg.norm(half)
    form = np.clip((out @ light + 0.35) / 1.35, 0, 1)
    # Two glints, as light on a hair has: a pale one, and one that is tinted by its way through the
    # hair. They are pushed towards tip and root because the scales of a hair are at an angle.
    uneven = 0.5 * noise(s, 1.3, 84)
    lean = 0.10 * tone + 0.06 * uneven
    pale = _across(along + out * (lean - 0.12)[..., None], half) ** 36
    warm = _across(along + out * (lean + 0.14)[..., None], half) ** 14
    deep, body = srgb(24, 14, 12), srgb(70, 42, 30)
    value = np.clip((0.32 + 0.74 * form) * (1 + 0.42 * tone), 0.03, 2)
    gain = np.clip(0.75 + 0.5 * tone, 0.05, 1.8) * form
    if back:
        value, gain = value * 0.4, gain * 0.15
    colour = mix(np.broadcast_to(deep, (*s.shape, 3)), body, np.clip(value, 0, 1.6))
    colour = colour + srgb(150, 88, 52) * (0.30 * warm * gain)[..., None]
    return (colour + srgb(228, 178, 132) * (0.19 * pale * gain)[..., None]).astype(np.float32)


def _across(along: Colour, half: npt.NDArray[np.float32]) -> Field:
    """Sine of the angle between the hair and the half-way direction (Kajiya and Kay, 1989)."""
    along = along / (np.linalg.norm(along, axis=2, keepdims=True) + 1e-6)
    return np.sqrt(np.clip(1 - (along @ half) ** 2, 0, 1))
