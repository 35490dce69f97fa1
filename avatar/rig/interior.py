"""What is behind the lips: two arches of teeth, tongue and cavity, or the photo's own teeth."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatar.arrays import Floats32, Floats64, Pixels
from avatar.images import fill_unknown
from avatar.mathematics import LUMA, gaussian, smoothstep_between
from avatar.opencv import cv2
from avatar.rig.lips import Lips
from avatar.rig.rig import Interior

# Crown widths and heights in cm from the midline outwards, adult means (Wheeler's Dental Anatomy,
# rounded): incisors, canine, premolars, molar.
UPPER_WIDTHS: Final = np.array([0.86, 0.67, 0.77, 0.70, 0.68, 1.0])
UPPER_HEIGHTS: Final = np.array([1.02, 0.90, 0.99, 0.86, 0.80, 0.75])
LOWER_WIDTHS: Final = np.array([0.53, 0.58, 0.68, 0.70, 0.71, 1.1])
LOWER_HEIGHTS: Final = np.array([0.88, 0.90, 0.98, 0.86, 0.80, 0.75])
# Radius of the front of the arch in cm; the lower arch closes inside the upper one.
UPPER_RADIUS: Final = 2.55
LOWER_RADIUS: Final = 2.25
# Upper incisors end 1.5 mm below the seam of relaxed lips.
UPPER_EDGE_CM: Final = 0.14
# The lower ones are behind them, with 2 mm of overbite.
LOWER_EDGE_CM: Final = 0.04

# The wet inner side of a lip against its outer red: the skin is thinner and shows more blood.
MUCOSA: Final = np.array([0.95, 0.66, 0.64])


def make_interior(rest: Pixels, points: Floats32, lips: Lips, enlarged: float) -> Interior:
    """Make the textures in the photo's own light.

    Enamel follows the colour of the skin, gums and tongue follow that of the lips. `enlarged` is
    the scale of the photo in the frame.
    """
    per_cm = float(max(16.0, 1.6 * lips.scale))
    # A small mouth has a small jaw: the arches are made for a mouth of 5 cm.
    size = float(np.clip(2 * lips.half / 5.0, 0.8, 1.15))
    skin = _median_colour(rest, points, (50, 280, 205, 425, 101, 330))
    lip = _median_colour(rest, points, (77, 90, 180, 85, 16, 315, 404, 320, 307, 72, 11, 302))
    photo, box, enamel = _find_photo_teeth(rest, lips)
    if enamel is None:
        light = float(skin @ LUMA)
        tint = np.clip(skin / light / np.array([1.20, 0.95, 0.82]), 0.84, 1.06)
        enamel = np.array([1.02, 0.975, 0.89]) * tint * min(light * 1.05 + 34, 228)
        # Even under a yellow varnish enamel is ivory, not green.
        enamel[1] = min(enamel[1], 0.955 * enamel[0])
    blur = float(np.clip(0.5 * (enlarged - 0.6), 0, 3)) * per_cm / lips.scale
    upper, upper_anchor = _make_arch(per_cm, size, enamel, lip, blur, upper=True)
    lower, lower_anchor = _make_arch(per_cm, size, enamel * 0.93, lip, blur, upper=False)
    tongue, tongue_anchor = _make_tongue(per_cm, size, lip, skin)
    # Little light comes back out of an open mouth. The darker it is, the better people and trackers
    # see the edges of the lips.
    cavity = lip * np.array([0.10, 0.055, 0.055])
    return Interior(
        per_cm=per_cm,
        upper=upper,
        upper_anchor=upper_anchor,
        lower=lower,
        lower_anchor=lower_anchor,
        tongue=tongue,
        tongue_anchor=tongue_anchor,
        cavity=cavity.astype(np.float32),
        mucosa=(lip * MUCOSA).astype(np.float32),
        upper_edge_cm=UPPER_EDGE_CM * size,
        photo=photo,
        photo_box=box,
        # An enlarged photo is as sharp as its own pixels.
        softness=float(np.clip(0.5 * (enlarged - 0.6), 0, 3)),
    )


def _median_colour(rest: Pixels, points: Floats32, indices: tuple[int, ...]) -> Floats64:
    height, width = rest.shape[:2]
    x = np.clip(np.round(points[list(indices), 0]).astype(int), 0, width - 1)
    y = np.clip(np.round(points[list(indices), 1]).astype(int), 0, height - 1)
    return np.asarray(np.median(rest[y, x].astype(np.float64), axis=0), np.float64)


def _make_arch(
    per_cm: float, size: float, enamel: Floats64, lip: Floats64, blur: float, *, upper: bool
) -> tuple[Floats32, Floats32]:
    """One arch as RGBA, premultiplied, and the texel of its incisal edge on the midline."""
    widths = (UPPER_WIDTHS if upper else LOWER_WIDTHS) * size
    heights = (UPPER_HEIGHTS if upper else LOWER_HEIGHTS) * size
    radius = (UPPER_RADIUS if upper else LOWER_RADIUS) * size
    half, tall = 2.9 * size, 1.75 * size
    rows, columns = int(tall * per_cm), int(2 * half * per_cm)
    gy, gx = np.mgrid[0:rows, 0:columns] / per_cm
    x = gx - half
    # y: 0 at the edge of the central incisors, growing towards the gum.
    y = (1.35 * size - gy) if upper else (gy - 0.35 * size)

    angle = np.arcsin(np.clip(np.abs(x) / radius, 0, 0.999))
    run = radius * angle * 1.04
    bounds = np.concatenate([[0], np.cumsum(widths)])
    tooth = np.clip(np.searchsorted(bounds, run, side="right") - 1, 0, len(widths) - 1)
    u = np.clip((run - bounds[tooth]) / widths[tooth] * 2 - 1, -1, 1)
    depth = np.cos(angle)
    # Farther back the arch is seen from below (or above), so its edge moves away from the lips.
    rise = (0.16 if upper else 0.10) * size * (1 - depth) * 1.6
    step_edge = np.array([0, 0.05, -0.01, 0.05, 0.08, 0.10]) if upper else np.array(
        [0, 0.01, -0.03, 0.04, 0.08, 0.10]
    )  # fmt: skip
    edge = rise + step_edge[tooth] * size
    round_off = np.array([0.07, 0.10, 0.20, 0.16, 0.12, 0.10])[tooth] * size
    edge = edge + round_off * np.abs(u) ** (3.2 if upper else 4.0)
    crown = heights[tooth] * (0.8 + 0.2 * depth)
    gum = crown - 0.10 * size * (1 - np.abs(u) ** 2.0) + rise * 0.4 - 0.12 * size
    v = (y - edge) / np.maximum(gum - edge, 0.1)  # 0 at the edge, 1 at the gum

    soft = 0.045
    body = smoothstep_between(0, soft, y - edge) * smoothstep_between(
        2.75 * size, 2.55 * size, np.abs(x)
    )
    gap = smoothstep_between(1.0, 0.90, np.abs(u) + 0.05 * np.clip(1 - v, 0, 1))
    light = _light_crowns(u, v, angle)
    warm = 1 - np.clip(v, 0, 1.2)[..., None] * np.array([0.015, 0.05, 0.12])
    colour = enamel * light[..., None] * warm
    between = enamel * np.array([0.62, 0.50, 0.44]) * (0.35 + 0.65 * depth**1.3)[..., None]
    colour = colour * gap[..., None] + between * (1 - gap[..., None])
    gloss = np.exp(-(((u + 0.2) / 0.30) ** 2) - ((v - 0.55) / 0.28) ** 2) * depth**2
    colour = colour + 0.10 * float(enamel.max()) * gloss[..., None]
    pink = np.clip(lip * np.array([0.92, 0.72, 0.72]), 0, 255)
    gums = pink * (0.40 + 0.6 * depth)[..., None]
    above = smoothstep_between(-0.03, 0.03, y - gum)[..., None]
    colour = colour * (1 - above) + gums * above
    # Near the edge the gaps between the teeth are open.
    alpha = body * np.where(y < gum, np.clip(gap + smoothstep_between(0.10, 0.30, v), 0, 1), 1)
    rgba = np.dstack([np.clip(colour, 0, 255) * alpha[..., None], alpha]).astype(np.float32)
    rgba = cv2.GaussianBlur(rgba, (0, 0), max(0.5, 0.034 * per_cm, blur))
    anchor = np.array([half * per_cm, (1.35 if upper else 0.35) * size * per_cm], np.float32)
    return rgba, anchor


def _light_crowns(u: Floats64, v: Floats64, angle: Floats64) -> Floats64:
    """Brightness of round crowns: it falls towards their sides, the gum and the back of the arch.

    `u` runs -1..1 across a tooth, `v` from 0 at its edge to 1 at the gum, `angle` along the arch.
    """
    side = np.sin(angle) * 0.55 + 0.42 * u
    light = 0.80 + 0.20 * np.sqrt(np.clip(1 - side**2, 0, 1))
    light = light * (1 - 0.12 * np.abs(u) ** 3) * (1 - 0.10 * np.clip(v, 0, 1) ** 2)
    light = light * (0.30 + 0.70 * np.cos(angle) ** 1.3)
    # The edge lets the dark behind it shine through.
    return np.asarray(light * (1 - 0.10 * smoothstep_between(0.16, 0.0, v)), np.float64)


def _make_tongue(
    per_cm: float, size: float, lip: Floats64, skin: Floats64
) -> tuple[Floats32, Floats32]:
    """The front of the tongue seen from the front, a mound with a furrow, and the middle of its
    tip."""
    half, tall = 2.1 * size, 2.2 * size
    gy, gx = np.mgrid[0 : int(tall * per_cm), 0 : int(2 * half * per_cm)] / per_cm
    x, y = gx - half, gy - 0.15 * size
    shape = np.sqrt(
        (x / (1.75 * size)) ** 2 + (np.clip(1.1 * size - y, 0, None) / (1.1 * size)) ** 2
    )
    inside = smoothstep_between(1.0, 0.93, shape)
    light = 0.62 + 0.42 * np.sqrt(np.clip(1 - shape**2, 0, 1))
    light = light - 0.16 * gaussian(x, 0.10 * size) * smoothstep_between(0.25, 0.8, y)
    light = light + 0.10 * np.exp(-((x / (0.9 * size)) ** 2) - ((y - 0.35 * size) / 0.22) ** 2)
    flesh = np.clip(0.55 * lip + 0.45 * skin * np.array([0.98, 0.62, 0.60]), 0, 255)
    colour = flesh * light[..., None]
    grain = np.random.default_rng(1).normal(0, 1, x.shape).astype(np.float32)
    grain = cv2.GaussianBlur(grain, (0, 0), max(0.8, 0.035 * per_cm))
    colour = colour * (1 + 0.10 * grain / max(float(grain.std()), 1e-3) * 0.3)[..., None]
    rgba = np.dstack([np.clip(colour, 0, 255) * inside[..., None], inside]).astype(np.float32)
    rgba = cv2.GaussianBlur(rgba, (0, 0), max(0.5, 0.03 * per_cm))
    return rgba, np.array([half * per_cm, 0.15 * size * per_cm], np.float32)


def _find_photo_teeth(
    rest: Pixels, lips: Lips
) -> tuple[Floats32, npt.NDArray[np.int64], Floats64 | None]:
    """The teeth that the photo shows, RGBA, their box, and their colour. Without any, alpha is
    0."""
    upper, lower = lips.edge("upper"), lips.edge("lower")
    outline = np.concatenate([upper, lower[::-1]])
    x0, y0 = np.floor(outline.min(0)).astype(int) - 3
    x1, y1 = np.ceil(outline.max(0)).astype(int) + 4
    x0, y0 = max(int(x0), 0), max(int(y0), 0)
    x1, y1 = min(int(x1), rest.shape[1]), min(int(y1), rest.shape[0])
    box = np.array([x0, y0, x1, y1])
    patch = rest[y0:y1, x0:x1].astype(np.float32)
    none = np.zeros((*patch.shape[:2], 4), np.float32)
    if lips.closed:
        return none, box, None
    mask = np.zeros(patch.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round((outline - [x0, y0]) * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
    inside = cv2.erode(mask, np.ones((3, 3), np.uint8)) > 0
    if inside.sum() < 20:
        return none, box, None
    luma = patch @ LUMA.astype(np.float32)
    # Teeth are the pale part: hardly redder than green, unlike lips, gums and tongue.
    pale = patch[..., 0] - patch[..., 1] < 0.21 * np.maximum(patch[..., 0], 1)
    bright = luma > 0.55 * np.quantile(luma[inside], 0.95)
    teeth = inside & pale & bright
    if teeth.sum() < 0.08 * inside.sum() or teeth.sum() < 16:
        return none, box, None
    # The photo's teeth are already in the shadow of the lips, which will be applied again.
    shadow = 0.85
    enamel = np.minimum(np.quantile(patch[teeth], 0.8, axis=0).astype(np.float64) / shadow, 240)
    alpha = cv2.morphologyEx(teeth.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    soft = cv2.GaussianBlur(alpha.astype(np.float32), (0, 0), 1.0)
    clean = fill_unknown(np.clip(patch, 0, 255).astype(np.uint8), teeth).astype(np.float32)
    clean = np.minimum(np.where(teeth[..., None], patch, clean) / shadow, 242)
    rgba = np.dstack([clean * soft[..., None], soft]).astype(np.float32)
    return rgba, box, enamel
