"""Eyes, brows and lips: where they are, how they raise the surface, and their colours."""

from __future__ import annotations

import cv2
import numpy as np

from .canvas import Colour, Sheet, blob, blur, curve, mix, noise, ramp, srgb, stroke
from .head import EYE_X, MOUTH_Y
from .solids import Field

_LID_U = (-1.58, -1.30, -0.85, -0.2, 0.5, 1.0, 1.4, 1.64)
_UPPER = (-0.17, 0.07, 0.38, 0.56, 0.53, 0.37, 0.15, 0.02)
_LOWER = (-0.17, -0.28, -0.39, -0.46, -0.46, -0.35, -0.14, 0.02)
IRIS = 0.62
IRIS_Y = 0.06
PUPIL = 0.22

_LIP_X = (0.0, 0.5, 1.0, 1.6, 2.1, 2.45, 2.62)
_LIP_TOP = (0.62, 0.76, 0.68, 0.44, 0.25, 0.15, 0.13)
_LIP_SEAM = (-0.04, 0.02, -0.02, -0.03, 0.02, 0.09, 0.13)
_LIP_BOTTOM = (-0.96, -0.93, -0.84, -0.60, -0.30, -0.03, 0.13)


def _u(s: Sheet) -> Field:
    return np.abs(s.x) - EYE_X


def upper_lid(u: Field) -> Field:
    return curve(_LID_U, _UPPER, u)


def lower_lid(u: Field) -> Field:
    return curve(_LID_U, _LOWER, u)


def eye_opening(s: Sheet) -> Field:
    """A mask of what is visible between the lids."""
    u, soft = _u(s), 1.2 * s.pixel
    gap = np.minimum(upper_lid(u) - s.y, s.y - lower_lid(u))
    inside = (u > _LID_U[0]) & (u < _LID_U[-1])
    return ramp(gap, -0.5 * soft, 0.5 * soft) * inside


def lips(s: Sheet) -> tuple[Field, Field, Field]:
    """Upper lip and lower lip (masks), and height above the seam in cm."""
    ax = np.abs(s.x)
    y = s.y - MOUTH_Y - 0.020 * ax * ax
    top, seam, bottom = (curve(_LIP_X, k, ax) for k in (_LIP_TOP, _LIP_SEAM, _LIP_BOTTOM))
    inside = ramp(ax, 2.66, 2.05)
    soft = 0.075
    upper = ramp(top - y, -soft, soft) * ramp(y - seam, -0.02, 0.02) * inside
    lower = ramp(y - bottom, -soft, soft) * ramp(seam - y, -0.02, 0.02) * inside
    return upper, lower, y - seam


def relief(s: Sheet) -> Field:
    """By how much lids, lips and folds raise the surface of the head, in cm."""
    u, ax = _u(s), np.abs(s.x)
    out = np.zeros(s.shape, np.float32)
    # lids: a roll over the eye, a furrow above it, a faint bag below
    near_eye = ramp(u, 2.1, 1.3) * ramp(u, -1.75, -1.15)
    above = s.y - upper_lid(u)
    crease = 0.30 + 0.10 * np.cos(np.clip(u / 1.6, -1, 1) * np.pi / 2)
    out += near_eye * 0.10 * np.exp(-(((above - 0.13) / 0.17) ** 2))
    out -= near_eye * 0.10 * np.exp(-(((above - crease) / 0.10) ** 2))
    out += near_eye * 0.06 * np.exp(-(((above - crease - 0.28) / 0.25) ** 2))
    below = lower_lid(u) - s.y
    out += near_eye * 0.06 * np.exp(-(((below - 0.09) / 0.11) ** 2))
    out -= near_eye * 0.03 * np.exp(-(((below - 0.52) / 0.16) ** 2))
    # lips
    _, _, over_seam = lips(s)
    top, bottom = curve(_LIP_X, _LIP_TOP, ax), curve(_LIP_X, _LIP_BOTTOM, ax)
    seam = curve(_LIP_X, _LIP_SEAM, ax)
    t_up = np.clip(over_seam / np.maximum(top - seam, 0.08), 0, 3)
    t_low = np.clip(-over_seam / np.maximum(seam - bottom, 0.08), 0, 3)
    wide = ramp(ax, 2.6, 1.2)
    roll_up = 0.15 * np.cos(np.pi / 2 * np.clip((t_up - 0.40) / 0.85, -1, 1)) ** 2
    roll_low = 0.26 * np.cos(np.pi / 2 * np.clip((t_low - 0.48) / 0.80, -1, 1)) ** 2
    lip = np.where(over_seam > 0, roll_up, roll_low) * wide
    out += blur(s, lip.astype(np.float32), 0.05)
    out -= 0.11 * np.exp(-((over_seam / 0.085) ** 2)) * ramp(ax, 2.55, 2.0)
    out -= 0.06 * blob(s, 2.70, MOUTH_Y + 0.15, 0.26, 0.30, both=True)  # corners
    out += 0.05 * blob(s, 3.1, MOUTH_Y + 0.15, 0.30, 0.55, both=True)
    out -= 0.12 * blob(s, 0, MOUTH_Y - 1.5, 1.2, 0.30)  # below the lower lip
    # wing of the nose: a furrow behind it that fades upwards
    wing = np.hypot((ax - 0.95) / 0.80, (s.y + 3.70) / 0.70)
    turn = np.arctan2(s.y + 3.70, ax - 0.95)
    furrow = ramp(turn, -0.9, -0.2) * ramp(turn, 1.9, 0.5)
    out -= 0.07 * np.exp(-(((wing - 1.0) / 0.17) ** 2)) * furrow
    # philtrum
    middle = ramp(s.y, -6.0, -5.75) * ramp(s.y, -4.5, -4.9)
    out += middle * (
        0.05 * np.exp(-(((ax - 0.42) / 0.2) ** 2)) - 0.07 * np.exp(-((ax / 0.24) ** 2))
    )
    # fold from nose to mouth, faint: she is about to smile
    line = 1.75 + 0.42 * np.clip(-3.8 - s.y, 0, 4)
    span = ramp(s.y, -6.9, -5.6) * ramp(s.y, -3.7, -4.2)
    off = ax - line
    out += span * (0.05 * np.exp(-(((off - 0.4) / 0.5) ** 2)) - 0.025 * np.exp(-((off / 0.3) ** 2)))
    return out.astype(np.float32)


def paint_lips(s: Sheet, skin: Colour) -> Colour:
    """Give the skin's albedo the colour of the lips, their creases and the line between them."""
    upper, lower, over_seam = lips(s)
    creases = noise(s, 0.055, 31, stretch=9.0) * 0.6 + noise(s, 0.11, 32, stretch=7.0) * 0.4
    tone = (1 + 0.05 * creases)[..., None]
    out = mix(skin, srgb(172, 88, 84) * tone, 0.80 * upper)
    out = mix(out, srgb(196, 108, 101) * tone, 0.80 * lower)
    ax = np.abs(s.x)
    line = np.exp(-((over_seam / 0.045) ** 2)) * ramp(ax, 2.52, 1.9)
    wide = np.exp(-((over_seam / 0.18) ** 2)) * ramp(ax, 2.4, 1.5)
    out = mix(out, srgb(88, 34, 34), 0.85 * line)
    return mix(out, srgb(132, 58, 56), 0.38 * wide)


def paint_eyes(s: Sheet, lit_skin: Colour) -> Colour:
    """Paint the eyeballs between the lids, then the lids' shadow, waterline and lashes. Linear
    light."""
    u = _u(s)
    opening = eye_opening(s)
    side = np.sign(s.x)
    real = u * side  # to the viewer's right, from the pupil
    v = s.y - IRIS_Y
    r = np.sqrt(u * u + v * v)
    ball = np.sqrt(np.clip(1 - (u / 1.9) ** 2 - (v / 1.5) ** 2, 0.05, 1))
    light = 0.22 + 0.70 * ball - 0.07 * real - 0.05 * side
    eye = srgb(222, 212, 206) * np.clip(light, 0, 1.1)[..., None]
    veins = np.clip(noise(s, 0.10, 41, stretch=0.5), 0, 2) * ramp(np.abs(u), 0.7, 1.4)
    eye = mix(eye, srgb(214, 160, 148), 0.10 * veins)
    eye = eye * (1 - 0.30 * ramp(np.abs(u + 0.05), 0.65, 1.55))[..., None]
    eye = mix(eye, srgb(206, 134, 124), 0.9 * ramp(u, -1.02, -1.36))  # caruncle
    # iris
    angle = np.arctan2(v, u)
    fibres = _ring_noise(angle, r, 51)
    iris = srgb(86, 62, 40) * (1 + 0.30 * np.clip(fibres, -1.2, 1.6))[..., None]
    iris = mix(iris, srgb(112, 84, 52), ramp(r, 0.44, 0.26) * 0.55)
    glow = np.clip((real * 0.5 - v * 0.85) / 0.5, 0, 1) * ramp(r, 0.2, 0.4)
    iris = mix(iris, srgb(160, 122, 74), 0.5 * glow)
    iris = mix(iris, srgb(28, 19, 16), ramp(r, 0.44, 0.60) * 0.90)
    iris = mix(iris, srgb(9, 7, 8), ramp(r, PUPIL + 0.03, PUPIL - 0.02))
    eye = mix(eye, iris, ramp(r, IRIS + 0.035, IRIS - 0.035))
    # shadow of the upper lid, and the ball turning away at the lower
    under = upper_lid(u) - s.y
    eye = eye * (0.34 + 0.66 * ramp(under, -0.04, 0.42))[..., None]
    over = s.y - lower_lid(u)
    eye = eye * (0.80 + 0.20 * ramp(over, -0.02, 0.14))[..., None]
    # catchlights
    window = ramp(np.hypot((real + 0.19) / 0.9, v - 0.17), 0.165, 0.105)
    eye = mix(eye, srgb(252, 250, 246), 0.95 * window)
    eye = mix(
        eye,
        srgb(200, 200, 205),
        0.14 * np.exp(-(((real - 0.26) / 0.12) ** 2) - ((v + 0.25) / 0.1) ** 2),
    )
    out = mix(lit_skin, eye, opening)
    # waterline
    inside = ramp(np.abs(u), 1.62, 1.45)
    rim = np.exp(-(((lower_lid(u) - s.y - 0.035) / 0.035) ** 2)) * inside
    out = mix(out, srgb(228, 172, 156), 0.55 * rim * (1 - opening))
    return _paint_lashes(s, out)


def _ring_noise(angle: Field, r: Field, seed: int) -> Field:
    """Noise along the rays of the iris, without a seam."""
    lattice = np.random.default_rng(seed).standard_normal((8, 90)).astype(np.float32)
    lattice = np.concatenate([lattice[:, -2:], lattice, lattice[:, :3]], 1)  # cubic: two beyond
    u = ((angle / (2 * np.pi)) % 1.0 * 90 + 2).astype(np.float32)
    return cv2.remap(lattice, u, (r / IRIS * 3 + 1).astype(np.float32), cv2.INTER_CUBIC)


def _paint_lashes(s: Sheet, picture: Colour) -> Colour:
    u = _u(s)
    above = s.y - upper_lid(u)
    span = ramp(u, -1.58, -1.1) * ramp(u, 1.78, 1.5)
    thick = 0.04 + 0.06 * ramp(u, -1.4, 0.8)
    line = np.exp(-(((above - 0.01) / thick) ** 2)) * span
    out = mix(picture, srgb(34, 20, 18), 0.88 * line)
    mask = np.zeros(s.shape, np.uint8)
    rng = np.random.default_rng(61)
    for side in (-1.0, 1.0):
        for _ in range(80):
            at = 1.62 - 2.7 * rng.random() ** 1.3
            root_y = float(upper_lid(np.array([at]))[0])
            beyond = float(np.clip((at + 1.2) / 2.7, 0, 1))
            reach = (0.09 + 0.20 * beyond**2) * rng.uniform(0.65, 1.15)
            lean = -0.20 + 1.20 * beyond + rng.uniform(-0.15, 0.15)
            t = np.linspace(0, 1, 9)
            px = at + reach * lean * (t - 0.18 * t * t)  # outwards first, then up
            py = root_y + reach * (0.14 * t + 0.70 * t * t)
            path = np.stack([side * (px + EYE_X), py], 1)
            stroke(mask, s, path, 0.032 * (1 - t) ** 0.8 + 0.002, 215)
        for _ in range(26):
            at = rng.uniform(-0.7, 1.45)
            reach = (0.09 + 0.05 * np.clip(at, 0, 1)) * rng.uniform(0.7, 1.1)
            t = np.linspace(0, 1, 7)
            px = at + reach * (0.1 + 0.5 * at) * (t + 0.2 * t * t)
            py = float(lower_lid(np.array([at]))[0]) - 0.04 - reach * (t - 0.35 * t * t)
            path = np.stack([side * (px + EYE_X), py], 1)
            stroke(mask, s, path, 0.018 * (1 - t) ** 0.7 + 0.002, 60)
    low = s.y - lower_lid(u) + 0.06
    shade = np.exp(-((low / 0.05) ** 2)) * ramp(u, -0.9, 1.0) * ramp(u, 1.7, 1.4)
    out = mix(out, srgb(96, 58, 48), 0.35 * shade)
    return mix(out, srgb(30, 18, 16), mask.astype(np.float32) / 255)


def paint_brows(s: Sheet, picture: Colour) -> Colour:
    """Paint two brows of single hairs over a soft tint."""
    rng = np.random.default_rng(71)
    knots = (1.25, 2.2, 3.2, 4.2, 5.0, 5.6)
    middle = (1.66, 1.86, 2.09, 2.20, 1.98, 1.60)
    half = (0.20, 0.27, 0.25, 0.19, 0.11, 0.03)
    ax = np.abs(s.x)
    away = (s.y - curve(knots, middle, ax)) / (curve(knots, half, ax) + 0.03)
    body = np.exp(-(away**2) * 0.9) * ramp(ax, 1.1, 2.0) * ramp(ax, 5.65, 5.0)
    out = mix(picture, srgb(84, 52, 40), 0.58 * body)
    for depth, count, colour in ((0, 420, srgb(70, 42, 32)), (1, 260, srgb(46, 28, 22))):
        mask = np.zeros(s.shape, np.uint8)
        for side in (-1.0, 1.0):
            for _ in range(count):
                at = 1.15 + 4.3 * rng.beta(1.25, 1.25)
                across = float(np.clip(rng.normal(0, 0.5), -1, 1))
                x = np.array([at, at + 0.05])
                mid, wide = curve(knots, middle, x), curve(knots, half, x)
                slope = float((mid[1] - mid[0]) / 0.05)
                run = float(np.clip((at - 1.2) / 1.3, 0, 1))
                # upright at the nose, then leaning out; the upper hairs comb down, the lower up
                turn = (1 - run) * 1.0 + run * (0.22 - 0.42 * across)
                angle = np.arctan(slope) + turn
                reach = rng.uniform(0.28, 0.50) * (1 - 0.3 * (at > 4.8)) * (0.75 + 0.25 * run)
                t = np.linspace(0, 1, 6)
                px = at + reach * t * np.cos(angle) - 0.1
                py = float(mid[0]) + 0.8 * across * float(wide[0])
                py = py + reach * (t * np.sin(angle) - 0.25 * t * t * turn)
                width = 0.030 * np.sin(np.pi * (0.10 + 0.88 * t))
                strength = rng.uniform(70, 170) * (0.55 + 0.45 * run) * (1.0 - 0.2 * depth)
                stroke(mask, s, np.stack([side * px, py], 1), width, int(strength))
        out = mix(out, colour, 0.85 * mask.astype(np.float32) / 255)
    return out
