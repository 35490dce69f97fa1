"""Hair: strands between guide curves, shaded by their direction, painted from back to front."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline, PchipInterpolator

from .canvas import SHIFT, Colour, Sheet, srgb, to_srgb
from .solids import Field

Points = npt.NDArray[np.float64]

# Guides from root to tip, one row a guide from the hairline (0) round to the nape (1).
# x is given for the viewer's left; the right side has its own, for the parting is on that side.
_LEFT = {
    0.00: [
        (1.9, 7.5, 6.6),
        (-1.2, 7.7, 7.3),
        (-3.9, 6.2, 6.9),
        (-5.7, 3.4, 5.9),
        (-6.3, 0.0, 5.3),
        (-6.5, -4.0, 5.0),
        (-6.4, -7.6, 4.9),
        (-5.7, -10.4, 5.2),
    ],
    0.30: [
        (1.9, 10.6, 4.6),
        (-2.0, 10.6, 5.0),
        (-5.2, 8.4, 4.6),
        (-7.2, 4.6, 3.8),
        (-7.8, 0.2, 3.4),
        (-7.9, -4.0, 3.3),
        (-7.7, -7.8, 3.4),
        (-6.9, -10.8, 3.9),
    ],
    0.60: [
        (1.8, 12.4, 0.5),
        (-2.6, 12.3, 0.5),
        (-6.2, 9.8, 0.2),
        (-8.2, 5.4, 0.0),
        (-8.8, 0.4, -0.2),
        (-8.8, -4.2, -0.2),
        (-8.5, -8.0, 0.2),
        (-7.7, -11.0, 1.0),
    ],
    1.00: [
        (1.5, 11.4, -4.5),
        (-2.0, 11.2, -5.5),
        (-5.2, 8.6, -6.0),
        (-7.0, 4.0, -6.0),
        (-7.4, -0.5, -5.6),
        (-6.8, -4.5, -5.0),
        (-5.6, -8.0, -4.6),
        (-3.6, -10.4, -4.4),
    ],
}
_RIGHT = {
    0.00: [
        (2.0, 7.5, 6.6),
        (3.1, 7.3, 6.9),
        (4.6, 5.9, 6.6),
        (5.8, 3.3, 5.8),
        (6.3, 0.0, 5.3),
        (6.5, -4.0, 5.0),
        (6.4, -7.6, 4.9),
        (5.8, -10.4, 5.2),
    ],
    0.30: [
        (2.0, 10.6, 4.6),
        (4.2, 10.0, 4.9),
        (6.2, 7.8, 4.5),
        (7.4, 4.3, 3.8),
        (7.8, 0.2, 3.4),
        (7.9, -4.0, 3.3),
        (7.7, -7.8, 3.4),
        (7.0, -10.8, 3.9),
    ],
    0.60: [
        (2.0, 12.4, 0.5),
        (4.8, 11.6, 0.5),
        (7.2, 8.9, 0.2),
        (8.4, 5.0, 0.0),
        (8.7, 0.4, -0.2),
        (8.7, -4.2, -0.2),
        (8.4, -8.0, 0.2),
        (7.7, -11.0, 1.0),
    ],
    1.00: [
        (1.7, 11.4, -4.5),
        (3.6, 10.8, -5.5),
        (5.8, 8.2, -6.0),
        (7.0, 4.0, -6.0),
        (7.4, -0.5, -5.6),
        (6.8, -4.5, -5.0),
        (5.6, -8.0, -4.6),
        (3.6, -10.4, -4.4),
    ],
}
_STEPS = 26


@dataclass(frozen=True, slots=True)
class Layer:
    """Painted hair: `colour` is linear and only meant where `cover` is above 0."""

    colour: Colour
    cover: Field


def _groom(guides: dict[float, list[tuple[float, float, float]]]) -> CubicSpline:
    """place(around)(along): around in 0..1 from hairline to nape."""
    t = np.linspace(0, 1, _STEPS)
    rows = [CubicSpline(np.linspace(0, 1, len(g)), np.array(g))(t) for g in guides.values()]
    return PchipInterpolator(list(guides), np.array(rows), axis=0)


def _strands(
    rng: np.random.Generator, count: int, clumps: int, back: bool
) -> list[tuple[Points, float]]:
    """Strands (steps, 3) with a tone in about -1..1 each."""
    out: list[tuple[Points, float]] = []
    t = np.linspace(0, 1, _STEPS)
    for guides in (_LEFT, _RIGHT):
        place = _groom(guides)
        low, high = (0.62, 1.0) if back else (0.0, 0.86)
        centres = rng.uniform(low, high, clumps) ** (1.0 if back else 1.12)
        tones = rng.normal(0, 0.5, clumps)
        phases = rng.uniform(0, 2 * np.pi, clumps)
        for _ in range(count):
            k = int(rng.integers(clumps))
            around = float(np.clip(centres[k] + rng.normal(0, 0.035), 0, 1))
            pull = 0.45 * t  # strands of a clump draw together towards their tips
            strand = place(around) * (1 - pull[:, None]) + place(centres[k]) * pull[:, None]
            layer = rng.beta(2.2, 1.2)
            middle = np.array((0.0, 1.0, -0.5))
            strand = middle + (strand - middle) * (0.94 + 0.06 * layer + 0.006 * rng.normal())
            wave = 0.10 * np.sin(phases[k] + 5.0 * t) * t
            strand[:, 0] += (
                wave + rng.normal(0, 0.05) + 0.06 * np.sin(rng.uniform(0, 6) + 7 * t) * t
            )
            strand[:, 2] += 0.8 * (layer - 0.7)
            cut = rng.uniform(0.93, 1.0)
            # Joints lie elsewhere on every strand, or the hair would show bands.
            joints = np.linspace(0, cut, _STEPS)
            joints[1:-1] += rng.uniform(-0.5, 0.5) / _STEPS
            bound = np.interp(joints, t, np.arange(_STEPS))
            strand = np.stack(
                [np.interp(bound, np.arange(_STEPS), strand[:, i]) for i in range(3)], 1
            )
            out.append((strand, float(tones[k] + rng.normal(0, 0.45) + 0.9 * (layer - 0.75))))
    out.sort(key=lambda item: float(item[0][:, 2].mean()))
    return out


def paint(s: Sheet, light: Field, *, back: bool) -> Layer:
    """All strands of the front (over the face) or of the back (behind the neck)."""
    rng = np.random.default_rng(83 if back else 82)
    strands = _strands(rng, 1800 if back else 9000, 60 if back else 260, back)
    colour = np.zeros((*s.shape, 3), np.uint8)
    cover = np.zeros(s.shape, np.uint8)
    deep, body, gleam = srgb(26, 15, 12), srgb(74, 45, 31), srgb(178, 122, 82)
    half = light + np.array((0, 0, 1.0))
    half = half / np.linalg.norm(half)
    for strand, tone in strands:
        along = np.gradient(strand, axis=0)
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        out = strand - np.array((0.0, 2.0, -0.5))
        out /= np.linalg.norm(out, axis=1, keepdims=True)
        form = np.clip((out @ light + 0.35) / 1.35, 0, 1)
        across = np.sqrt(np.clip(1 - (along @ half) ** 2, 0, 1))
        shine = across**28 * np.clip(form * 1.5, 0, 1)
        sheen = across**7 * form
        value = np.clip((0.18 + 0.9 * form) * (1 + 0.35 * tone), 0.05, 2)
        if back:
            value *= 0.45
            shine *= 0.15
        tint = deep + (body - deep) * np.clip(value, 0, 1.5)[:, None]
        tint = tint + gleam * (0.30 * shine + 0.10 * sheen)[:, None] * np.clip(
            0.75 + 0.45 * tone, 0.1, 1.6
        )
        shade = np.round(to_srgb(tint.astype(np.float32)) * 255).astype(int)
        t = np.linspace(0, 1, len(strand))
        width = 0.055 * np.clip(np.minimum(t * 12 + 0.4, (1 - t) * 5), 0.12, 1) * s.scale / 2
        width = np.maximum(width, 0.35)
        centre = s.to_pixels(strand[:, :2])
        flat = np.gradient(centre, axis=0)
        flat /= np.linalg.norm(flat, axis=1, keepdims=True) + 1e-9
        off = np.stack([-flat[:, 1], flat[:, 0]], 1) * width[:, None]
        a = np.round((centre + off) * (1 << SHIFT)).astype(np.int32)
        b = np.round((centre - off) * (1 << SHIFT)).astype(np.int32)
        cv2.fillPoly(cover, [np.concatenate([a, b[::-1]])], 255, cv2.LINE_AA, SHIFT)
        for i in range(len(strand) - 1):
            quad = np.array((a[i], a[i + 1], b[i + 1], b[i]))
            cv2.fillConvexPoly(colour, quad, shade[i].tolist(), cv2.LINE_AA, SHIFT)
    if back:  # nothing of the wall shows through between strands
        sides = [_groom(g)(0.6)[:, :2] * (0.97, 0.985) for g in (_LEFT, _RIGHT)]
        outline = s.to_pixels(np.concatenate([sides[0], sides[1][::-1]]))
        under = np.zeros(s.shape, np.uint8)
        cv2.fillPoly(under, [np.round(outline * (1 << SHIFT)).astype(np.int32)], 255, 16, SHIFT)
        colour[cover == 0] = np.round(to_srgb(deep * 0.7) * 255).astype(np.uint8)
        cover = np.maximum(cover, under)
    linear = (colour.astype(np.float32) / 255 + 1e-6) ** 2.2
    return Layer(linear.astype(np.float32), cover.astype(np.float32) / 255)
