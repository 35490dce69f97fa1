"""Eyes, brows and lips: where they lie, how they raise the surface, how they are coloured."""

from __future__ import annotations

import cv2
import numpy as np

from .canvas import Colour, Sheet, blob, blur, curve, mix, noise, ramp, srgb, stroke
from .head import EYE_X, MOUTH_Y
from .solids import Field

_LID_U = (-1.58, -1.25, -0.75, -0.1, 0.5, 1.0, 1.4, 1.62)
_UPPER = (-0.20, 0.12, 0.43, 0.57, 0.54, 0.38, 0.15, 0.02)
_LOWER = (-0.20, -0.30, -0.40, -0.47, -0.45, -0.33, -0.12, 0.02)
IRIS = 0.62
PUPIL = 0.23

_LIP_X = (0.0, 0.35, 0.7, 1.3, 1.9, 2.35, 2.55)
_LIP_TOP = (0.62, 0.72, 0.78, 0.56, 0.30, 0.12, 0.09)
_LIP_SEAM = (-0.02, 0.03, 0.03, -0.03, 0.00, 0.07, 0.09)
_LIP_BOTTOM = (-0.98, -0.97, -0.92, -0.70, -0.34, -0.02, 0.09)


def _u(s: Sheet) -> Field:
    return np.abs(s.x) - EYE_X


def upper_lid(u: Field) -> Field:
    return curve(_LID_U, _UPPER, u)


def lower_lid(u: Field) -> Field:
    return curve(_LID_U, _LOWER, u)


def eye_opening(s: Sheet) -> Field:
    """Mask of what shows between the lids."""
    u, soft = _u(s), 1.2 * s.pixel
    gap = np.minimum(upper_lid(u) - s.y, s.y - lower_lid(u))
    inside = (u > _LID_U[0]) & (u < _LID_U[-1])
    return ramp(gap, -0.5 * soft, 0.5 * soft) * inside


def lips(s: Sheet) -> tuple[Field, Field, Field]:
    """Upper lip, lower lip (masks) and height over the seam in cm."""
    ax = np.abs(s.x)
    y = s.y - MOUTH_Y - 0.02 * ax
    top, seam, bottom = (curve(_LIP_X, k, ax) for k in (_LIP_TOP, _LIP_SEAM, _LIP_BOTTOM))
    inside = ramp(ax, 2.56, 2.5)
    soft = 0.055
    upper = ramp(top - y, -soft, soft) * ramp(y - seam, -0.02, 0.02) * inside
    lower = ramp(y - bottom, -soft, soft) * ramp(seam - y, -0.02, 0.02) * inside
    return upper, lower, y - seam


def relief(s: Sheet) -> Field:
    """What lids, lips and folds raise above the head's own surface, in cm."""
    u, ax = _u(s), np.abs(s.x)
    out = np.zeros(s.shape, np.float32)
    # lids: a roll over the eye, a furrow above it, a faint bag below
    near_eye = ramp(np.abs(u), 2.1, 1.4)
    above = s.y - upper_lid(u)
    crease = 0.30 + 0.10 * np.cos(np.clip(u / 1.6, -1, 1) * np.pi / 2)
    out += near_eye * 0.10 * np.exp(-(((above - 0.13) / 0.17) ** 2))
    out -= near_eye * 0.10 * np.exp(-(((above - crease) / 0.075) ** 2))
    out += near_eye * 0.06 * np.exp(-(((above - crease - 0.28) / 0.25) ** 2))
    below = lower_lid(u) - s.y
    out += near_eye * 0.06 * np.exp(-(((below - 0.09) / 0.11) ** 2))
    out -= near_eye * 0.03 * np.exp(-(((below - 0.52) / 0.16) ** 2))
    # lips
    upper, lower, over_seam = lips(s)
    top, bottom = curve(_LIP_X, _LIP_TOP, ax), curve(_LIP_X, _LIP_BOTTOM, ax)
    seam = curve(_LIP_X, _LIP_SEAM, ax)
    thick = np.clip((top - seam) / 0.7, 0.1, 1.2)
    t_up = np.clip(over_seam / np.maximum(top - seam, 0.05), 0, 2.5)
    t_low = np.clip(-over_seam / np.maximum(seam - bottom, 0.05), 0, 2.5)
    wide = ramp(ax, 2.7, 1.6)
    roll_up = 0.16 * np.sqrt(np.clip(1 - (t_up - 0.38) ** 2 / 0.8, 0, 1)) * thick
    roll_low = 0.27 * np.sqrt(np.clip(1 - (t_low - 0.45) ** 2 / 0.6, 0, 1))
    lip = np.where(over_seam > 0, roll_up, roll_low) * wide
    out += blur(s, lip.astype(np.float32), 0.05)
    out -= 0.16 * np.exp(-((over_seam / 0.055) ** 2)) * ramp(ax, 2.75, 2.4)
    out -= 0.10 * blob(s, 2.72, MOUTH_Y + 0.12, 0.22, 0.3, both=True)  # corners
    out -= 0.10 * blob(s, 0, MOUTH_Y - 1.5, 1.2, 0.28)  # below the lower lip
    # philtrum
    middle = ramp(s.y, -6.0, -5.75) * ramp(s.y, -4.5, -4.9)
    out += middle * (
        0.05 * np.exp(-(((ax - 0.42) / 0.2) ** 2)) - 0.07 * np.exp(-((ax / 0.24) ** 2))
    )
    # fold from nose to mouth, faint: she is about to smile
    line = 1.75 + 0.36 * (-3.9 - s.y) ** 0.9 if False else 1.75 + 0.42 * np.clip(-3.8 - s.y, 0, 4)
    span = ramp(s.y, -6.9, -5.6) * ramp(s.y, -3.7, -4.2)
    off = ax - line
    out += span * (0.05 * np.exp(-(((off - 0.35) / 0.4) ** 2)) - 0.03 * np.exp(-((off / 0.2) ** 2)))
    return out.astype(np.float32)


def paint_lips(s: Sheet, skin: Colour) -> Colour:
    """Give the skin's albedo the lips' colour, creases and the line between them."""
    upper, lower, over_seam = lips(s)
    creases = noise(s, 0.055, 31, stretch=9.0) * 0.6 + noise(s, 0.11, 32, stretch=7.0) * 0.4
    tone = (1 + 0.05 * creases)[..., None]
    out = mix(skin, srgb(176, 88, 84) * tone, 0.86 * upper)
    out = mix(out, srgb(200, 108, 102) * tone, 0.86 * lower)
    ax = np.abs(s.x)
    line = np.exp(-((over_seam / 0.05) ** 2)) * ramp(ax, 2.6, 2.2)
    wide = np.exp(-((over_seam / 0.16) ** 2)) * ramp(ax, 2.62, 2.0)
    out = mix(out, srgb(92, 34, 34), 0.85 * line)
    return mix(out, srgb(130, 56, 54), 0.30 * wide)


def paint_eyes(s: Sheet, lit_skin: Colour) -> Colour:
    """Put the eyeballs between the lids, then lid shadow, waterline and lashes. Linear light."""
    u = _u(s)
    opening = eye_opening(s)
    side = np.sign(s.x)
    real = u * side  # to the viewer's right, from the pupil
    v = s.y - 0.02
    r = np.sqrt(u * u + v * v)
    ball = np.sqrt(np.clip(1 - (u / 1.9) ** 2 - (v / 1.5) ** 2, 0.05, 1))
    light = 0.62 + 0.38 * ball + 0.10 * (-real * 0.6)
    eye = srgb(226, 218, 212) * np.clip(light, 0, 1.1)[..., None]
    veins = np.clip(noise(s, 0.10, 41, stretch=0.5), 0, 2) * ramp(np.abs(u), 0.7, 1.4)
    eye = mix(eye, srgb(214, 160, 148), 0.10 * veins)
    eye = mix(eye, srgb(206, 140, 128), 0.9 * ramp(u, -1.22, -1.46))  # caruncle
    # iris
    angle = np.arctan2(v, u)
    fibres = _ring_noise(angle, r, 51)
    iris = srgb(104, 72, 40) * (1 + 0.35 * fibres)[..., None]
    iris = mix(iris, srgb(150, 108, 58), ramp(r, 0.44, 0.26) * 0.6)
    glow = np.clip((real * 0.5 - v * 0.85) / 0.5, 0, 1) * ramp(r, 0.2, 0.4)
    iris = mix(iris, srgb(190, 140, 80), 0.45 * glow)
    iris = mix(iris, srgb(30, 20, 16), ramp(r, 0.47, 0.60) * 0.85)
    iris = mix(iris, srgb(9, 7, 8), ramp(r, PUPIL + 0.03, PUPIL - 0.02))
    eye = mix(eye, iris, ramp(r, IRIS + 0.035, IRIS - 0.035))
    # shadow of the upper lid, and the ball turning away at the lower
    under = upper_lid(u) - s.y
    eye = eye * (0.42 + 0.58 * ramp(under, -0.02, 0.36))[..., None]
    over = s.y - lower_lid(u)
    eye = eye * (0.80 + 0.20 * ramp(over, -0.02, 0.14))[..., None]
    # catchlights
    window = ramp(np.abs(real + 0.20), 0.115, 0.075) * ramp(np.abs(v - 0.21), 0.125, 0.085)
    eye = mix(eye, srgb(252, 250, 246), 0.95 * window)
    eye = mix(
        eye,
        srgb(200, 200, 205),
        0.30 * np.exp(-(((real - 0.26) / 0.12) ** 2) - ((v + 0.25) / 0.1) ** 2),
    )
    out = mix(lit_skin, eye, opening)
    # waterline
    inside = ramp(np.abs(u), 1.62, 1.45)
    rim = np.exp(-(((lower_lid(u) - s.y - 0.035) / 0.035) ** 2)) * inside
    out = mix(out, srgb(228, 172, 156), 0.55 * rim * (1 - opening))
    return _paint_lashes(s, out)


def _ring_noise(angle: Field, r: Field, seed: int) -> Field:
    """Noise along rays of the iris, seamless around."""
    lattice = np.random.default_rng(seed).standard_normal((8, 90)).astype(np.float32)
    lattice = np.concatenate([lattice, lattice[:, :3]], 1)
    u = ((angle / (2 * np.pi)) % 1.0 * 90).astype(np.float32)
    return cv2.remap(lattice, u, (r / IRIS * 3 + 1).astype(np.float32), cv2.INTER_CUBIC)


def _paint_lashes(s: Sheet, picture: Colour) -> Colour:
    u = _u(s)
    above = s.y - upper_lid(u)
    span = ramp(u, -1.58, -1.1) * ramp(u, 1.78, 1.5)
    thick = 0.03 + 0.045 * ramp(u, -1.4, 0.8)
    line = np.exp(-(((above - 0.01) / thick) ** 2)) * span
    out = mix(picture, srgb(34, 20, 18), 0.88 * line)
    mask = np.zeros(s.shape, np.uint8)
    rng = np.random.default_rng(61)
    for side in (-1.0, 1.0):
        for k in range(62):
            at = -1.3 + 2.9 * (k + rng.uniform(-0.4, 0.4)) / 61
            root = np.array((at, float(upper_lid(np.float32([at]))[0])))
            reach = (0.20 + 0.26 * np.clip((at + 1.3) / 2.6, 0, 1)) * rng.uniform(0.7, 1.1)
            lean = 0.75 * at / 1.5 + rng.uniform(-0.15, 0.15)
            t = np.linspace(0, 1, 7)
            px = root[0] + reach * (lean * t + 0.25 * lean * t * t)
            py = root[1] + reach * (0.25 * t + 0.62 * t * t)
            line_points = np.stack([side * (px + EYE_X), py], 1)
            stroke(mask, s, line_points, 0.030 * (1 - 0.85 * t), 200)
        for k in range(34):
            at = -0.9 + 2.3 * (k + rng.uniform(-0.4, 0.4)) / 33
            root = np.array((at, float(lower_lid(np.float32([at]))[0]) - 0.05))
            reach = rng.uniform(0.10, 0.19)
            lean = 0.8 * at / 1.5 + rng.uniform(-0.2, 0.2)
            t = np.linspace(0, 1, 5)
            line_points = np.stack(
                [side * (root[0] + reach * lean * t + EYE_X), root[1] - reach * t], 1
            )
            stroke(mask, s, line_points, 0.018 * (1 - 0.8 * t), 105)
    return mix(out, srgb(30, 18, 16), mask.astype(np.float32) / 255)


def paint_brows(s: Sheet, picture: Colour) -> Colour:
    """Two brows of single hairs over a soft tint."""
    mask = np.zeros(s.shape, np.uint8)
    rng = np.random.default_rng(71)
    knots = (1.35, 2.2, 3.2, 4.2, 5.0, 5.55)
    middle = (1.62, 1.86, 2.10, 2.22, 1.98, 1.62)
    half = (0.24, 0.30, 0.27, 0.20, 0.11, 0.03)
    for side in (-1.0, 1.0):
        for _ in range(430):
            at = rng.uniform(1.35, 5.45)
            across = rng.uniform(-1, 1)
            x = np.float32([at, at + 0.05])
            mid, wide = curve(knots, middle, x), curve(knots, half, x)
            slope = float((mid[1] - mid[0]) / 0.05)
            run = float(np.clip((at - 1.35) / 1.5, 0, 1))
            turn = (1 - run) * 1.15 + run * (0.34 - 0.62 * across * 0.9)
            angle = np.arctan(slope) + turn * (1 if across < 0.6 else 0.3)
            reach = rng.uniform(0.32, 0.55) * (1 - 0.35 * (at > 4.8))
            t = np.linspace(0, 1, 6)
            bend = -0.5 * t * t * turn * 0.6
            px = at + reach * t * np.cos(angle) - 0.1
            py = float(mid[0]) + across * float(wide[0]) + reach * (t * np.sin(angle) + bend * 0.6)
            stroke(
                mask,
                s,
                np.stack([side * px, py], 1),
                0.036 * np.sin(np.pi * (0.12 + 0.86 * t)),
                int(rng.uniform(90, 190)),
            )
    hairs = mask.astype(np.float32) / 255
    soft = blur(s, hairs, 0.09)
    out = mix(picture, srgb(98, 62, 46), 0.45 * soft)
    return mix(out, srgb(58, 36, 28), 0.85 * hairs)
