"""The picture: all its layers, from the wall behind the presenter to the grain of the paint."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from . import facial_features, hair, head
from .canvas import Colour, Sheet, blob, blur, make_sheet, mix, noise, ramp, srgb, to_srgb
from .solids import Field
from .view import Relief, emboss, find_depth, look, soften

LIGHT = np.array((-0.50, 0.60, 0.68), np.float32)
LIGHT /= np.linalg.norm(LIGHT)


def paint(scale: float = 34.0, oversample: int = 2) -> npt.NDArray[np.uint8]:
    """The portrait, (44.1 scale, 35.3 scale, 3) RGB: 1200 x 1500 at the usual scale."""
    cv2.setNumThreads(1)
    s = make_sheet(scale * oversample)
    picture = _wall(s)
    behind = hair.paint(s, LIGHT, back=True)
    picture = mix(picture, behind.colour, behind.cover)
    front = hair.paint(s, LIGHT, back=False)
    skin, cover = _skin(s, front.cover)
    picture = mix(picture, skin, cover)
    picture = _garment(s, picture, cover)
    picture = mix(picture, front.colour, front.cover)
    small = cv2.resize(
        picture, None, fx=1 / oversample, fy=1 / oversample, interpolation=cv2.INTER_AREA
    )
    return _finish(make_sheet(scale), small)


def _wall(s: Sheet) -> Colour:
    glow = np.exp(-(((s.x + 5) / 20) ** 2) - ((s.y - 4) / 22) ** 2)
    wall = mix(np.broadcast_to(srgb(118, 134, 142), (*s.shape, 3)), srgb(206, 212, 208), glow)
    cloud = noise(s, 4.5, 11) * 0.5 + noise(s, 1.8, 12) * 0.25
    return wall * (1 + 0.025 * cloud)[..., None]


def _skin(s: Sheet, hair_cover: Field) -> tuple[Colour, Field]:
    relief = look(head.skin, s.x, s.y, s.pixel, LIGHT)
    nose = np.exp(-((np.abs(s.x) / 1.75) ** 4) - ((s.y + 3.5) / 1.4) ** 4)
    nose = blur(s, nose.astype(np.float32), 0.3)
    low = blob(s, 4.2, -6.2, 2.2, 3.0, both=True)
    radius = 0.6 - 0.51 * nose + 0.3 * low
    face = (find_depth(head.face, s.x, s.y, s.pixel) > relief.depth - 0.25).astype(np.uint8)
    hole = max(3, 2 * round(0.25 * s.scale) + 1)
    closed = cv2.morphologyEx(face, cv2.MORPH_CLOSE, np.ones((hole, hole), np.uint8))
    face = np.asarray(closed, np.uint8)
    neck = (relief.cover > 0) & (face == 0)
    relief = soften(relief, s.pixel, radius.astype(np.float32), face.astype(np.float32))
    even = np.full(s.shape, 0.9, np.float32)
    relief = soften(relief, s.pixel, even, neck.astype(np.float32))
    pores = noise(s, 0.06, 21) * 0.0007 + noise(s, 0.16, 22) * 0.0011
    height = facial_features.relief(s) + pores * ramp(s.y, -16, -9)
    calm = blur(s, relief.normal * neck[..., None].astype(np.float32), 0.8)
    calm /= np.linalg.norm(calm, axis=2, keepdims=True) + 1e-6
    relief.normal[neck] = calm[neck]
    jaw = ramp(s.y, -7.8, -8.6)[..., None]
    base = relief.normal + (blur(s, relief.normal, 0.22) - relief.normal) * jaw
    normal = emboss(base / np.linalg.norm(base, axis=2, keepdims=True), height, s.pixel)
    albedo = facial_features.paint_lips(s, _complexion(s))
    lit = _shade(s, albedo, normal, relief, hair_cover)
    solid = face.astype(np.float32)
    left = ramp(
        s.x, 0.5, -2.5
    )  # the light comes from there, so the jaw casts no shadow on the neck
    chin = (0.30 + 0.12 * left) * blur(s, solid, 0.4) + 0.32 * blur(s, solid, 1.3)
    lit = lit * (1 - chin * blur(s, neck.astype(np.float32), 0.06))[..., None]
    lit = mix(lit, srgb(86, 44, 36), 0.75 * blob(s, 0.60, -4.24, 0.23, 0.11, both=True) ** 0.8)
    lit = facial_features.paint_eyes(s, lit)
    lit = facial_features.paint_brows(s, lit)
    # Rays that pass along the jaw for long may give up, so that no wall shows through the throat.
    return lit, cv2.morphologyEx(relief.cover, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))


def _complexion(s: Sheet) -> Colour:
    """The skin's own colour: redder where blood is near, cooler where the skin is thin."""
    skin = np.broadcast_to(srgb(231, 186, 164), (*s.shape, 3))
    skin = mix(skin, srgb(224, 136, 116), 0.46 * blob(s, 3.7, -2.8, 2.4, 1.7, both=True))
    skin = mix(skin, srgb(220, 146, 126), 0.40 * blob(s, 0, -3.6, 1.2, 0.8))
    skin = mix(skin, srgb(240, 204, 176), 0.55 * blob(s, -0.6, 4.6, 4.5, 2.4))
    skin = mix(skin, srgb(196, 144, 134), 0.35 * blob(s, 2.7, -0.95, 1.3, 0.42, both=True))
    skin = mix(skin, srgb(204, 146, 126), 0.40 * blob(s, 3.2, 0.75, 1.5, 0.5, both=True))
    skin = mix(skin, srgb(220, 148, 126), 0.38 * blob(s, 0, -9.0, 1.8, 1.0))
    skin = mix(skin, srgb(214, 128, 108), 0.5 * ramp(np.abs(s.x), 6.2, 7.0) * ramp(s.y, -6, -3))
    blotch = noise(s, 0.9, 23) * 0.6 + noise(s, 0.35, 24) * 0.4
    skin = mix(skin, srgb(218, 140, 118), np.clip(0.08 * blotch, 0, 0.25))
    skin = mix(skin, srgb(120, 66, 54), 0.5 * blob(s, 0.60, -4.25, 0.26, 0.14, both=True))
    freckles = np.clip(noise(s, 0.08, 27) - 1.5, 0, 0.8) / 0.8
    where = blob(s, 2.9, -2.3, 2.3, 1.3, both=True) + blob(s, 0, -2.0, 1.4, 1.4)
    skin = mix(skin, srgb(184, 122, 94), 0.34 * freckles * np.clip(where, 0, 1))
    fine = noise(s, 0.05, 25)
    return skin * (1 + 0.010 * fine)[..., None]


def _shade(s: Sheet, albedo: Colour, normal: Colour, relief: Relief, hair_cover: Field) -> Colour:
    """Light on skin. Red light travels farthest under the skin, so shadows have warm edges."""
    facing = normal @ LIGHT
    voice_map = _hair_shadow(s, hair_cover)
    beside = np.clip(1.4 * blob(s, 1.0, -2.6, 2.0, 2.8), 0, 1)  # the nose's shadow is soft
    soft = blur(s, relief.lit, 0.16)
    soft = soft + (0.12 + 0.88 * blur(s, relief.lit, 0.45) - soft) * beside
    lit = soft * (1 - 0.75 * voice_map) * ramp(facing, -0.35, -0.02)
    key = np.array((1.0, 0.95, 0.88), np.float32) * 1.0
    total = np.zeros_like(albedo)
    for i, (wrap, edge) in enumerate(((0.32, 0.92), (0.25, 1.0), (0.21, 1.04))):
        diffuse = np.clip((facing + wrap) / (1 + wrap), 0, 1) ** 1.15
        total[..., i] = key[i] * diffuse * np.clip(lit, 0, 1) ** edge
    up = 0.5 + 0.5 * normal[..., 1]
    sky = relief.open_sky * (1 - 0.35 * voice_map)
    ambient = mix(np.broadcast_to(srgb(146, 112, 98), albedo.shape), srgb(150, 160, 172), up)
    total += ambient * (0.68 * sky**1.2)[..., None]
    from_right = np.clip(normal @ np.array((0.86, 0.05, 0.5), np.float32), 0, 1) ** 1.5
    total += srgb(214, 206, 204) * (0.30 * from_right * sky)[..., None]
    out = albedo * total
    half = LIGHT + np.array((0, 0, 1), np.float32)
    half /= np.linalg.norm(half)
    glint = np.clip(normal @ half, 0, 1)
    upper, lower, _ = facial_features.lips(s)
    wet = 1 + 1.2 * lower + 0.4 * upper
    gloss = 0.10 * glint**14 + 0.085 * glint**48 * wet
    gloss = gloss + 0.05 * blob(s, -0.24, -3.05, 0.34, 0.30) + 0.02 * blob(s, -0.1, -0.8, 0.25, 1.4)
    gloss = gloss * np.clip(lit, 0, 1) * (0.88 + 0.12 * np.clip(noise(s, 0.07, 26), -1, 1))
    rim = np.clip(1 - normal[..., 2], 0, 1) ** 3 * 0.05 * sky
    return (out + gloss[..., None] + rim[..., None] * srgb(220, 214, 210)).astype(np.float32)


def _hair_shadow(s: Sheet, hair_cover: Field) -> Field:
    """The hair's shadow on the skin: its outline, moved away from the light and softened."""
    move = np.array([[1, 0, 0.30 * s.scale], [0, 1, 0.42 * s.scale]], np.float32)
    moved = cv2.warpAffine(hair_cover, move, s.shape[::-1])
    return 0.6 * blur(s, moved, 0.28) + 0.4 * blur(s, np.maximum(moved, hair_cover), 0.9)


def _neckline(s: Sheet) -> tuple[Field, Field]:
    """How far a place is below the inner and the outer edge of the collar, in cm."""
    ax = np.abs(s.x)
    inner, outer = (
        top - deep * np.sqrt(np.clip(1 - (ax / wide) ** 2, 0, 1)) + 9 * np.maximum(ax - wide, 0)
        for top, deep, wide in ((-10.9, 3.7, 5.1), (-11.0, 4.95, 6.35))
    )
    return inner - s.y, outer - s.y


# Where the cloth is pulled from shoulder and armpit: from, to, bend, height, width, all in cm.
_FOLDS = (
    ((-10.6, -20.2), (-5.6, -25.6), 0.7, 0.20, 0.95),
    ((-11.2, -21.4), (-7.6, -27.4), 0.5, 0.18, 0.8),
    ((-9.2, -17.4), (-4.6, -19.6), 0.5, 0.12, 0.6),
    ((10.8, -20.0), (6.4, -24.6), -0.8, 0.20, 0.95),
    ((11.4, -21.6), (8.4, -27.2), -0.5, 0.18, 0.8),
    ((8.4, -17.2), (4.2, -18.9), -0.4, 0.12, 0.6),
    ((-3.4, -22.0), (2.8, -23.2), -0.6, 0.10, 0.8),
)


def _folds(s: Sheet) -> Field:
    """Soft ridges in the cloth, cm."""
    out = np.zeros(s.shape, np.float32)
    for (x0, y0), (x1, y1), bend, high, wide in _FOLDS:
        length = float(np.hypot(x1 - x0, y1 - y0))
        ex, ey = (x1 - x0) / length, (y1 - y0) / length
        t = np.clip(((s.x - x0) * ex + (s.y - y0) * ey) / length, 0, 1)
        off = (s.x - x0) * -ey + (s.y - y0) * ex - bend * np.sin(np.pi * t)
        wider = wide * (0.6 + 0.8 * t)  # a fold opens where the pull ends
        fade = (4 * t * (1 - t)) ** 1.5
        out += high * fade * np.exp(-((off / wider) ** 2))
    return out.astype(np.float32)


def _garment(s: Sheet, picture: Colour, neck: Field) -> Colour:
    relief = look(head.garment, s.x, s.y, s.pixel, LIGHT)
    inner, outer = _neckline(s)
    soft = s.pixel
    band = ramp(inner, -soft, soft) * ramp(outer, soft, -soft)
    angle = np.arctan2(-(s.y + 10.5), s.x)
    wobble = 0.05 * noise(s, 1.0, 95)
    ribs = np.cos((angle + 0.01 * wobble) * 90)
    # rows of stitches, each a slanted pair
    column = s.x / 0.17 + wobble
    slant = np.abs((column % 1.0) - 0.5)
    stitch = np.cos(2 * np.pi * (s.y / 0.20 + slant)) * np.sin(np.pi * (column % 1.0))
    folds = 0.10 * noise(s, 5.5, 91) + 0.03 * noise(s, 2.4, 92) + _folds(s)
    roll = np.sqrt(np.clip(1 - (inner / 0.62 - 1) ** 2, 0, 1))
    height = (folds + 0.006 * stitch) * (1 - band) + band * (0.22 * roll + 0.045 * ribs)
    height = height - 0.06 * np.exp(-((outer / 0.12) ** 2))
    normal = emboss(relief.normal, blur(s, height.astype(np.float32), 0.02), s.pixel)
    facing = np.clip((normal @ LIGHT + 0.3) / 1.3, 0, 1)
    under_chin = 1 - 0.5 * blob(s, 1.8, -12.8, 6.5, 3.4)
    key = 0.80 * facing * relief.lit * under_chin
    fill = 0.16 * np.clip(normal @ np.array((0.8, 0.1, 0.6), np.float32), 0, 1)
    light = key + fill + 0.26 * relief.open_sky * (0.6 + 0.4 * normal[..., 1])
    wool = (
        srgb(52, 96, 110)
        * (1 + 0.05 * noise(s, 0.09, 94) + 0.05 * stitch + 0.09 * ribs * band)[..., None]
    )
    fade = 1 - 0.30 * ramp(s.y, -14, -27)  # the eye belongs on the face
    cloth = wool * (light * fade)[..., None] * 1.4
    shadow = ramp(inner, -0.6, 0.0) * neck * (inner < 0)
    picture = picture * (1 - 0.5 * shadow)[..., None]
    return mix(picture, cloth, relief.cover * ramp(inner, -soft, soft))


def _finish(s: Sheet, linear: Colour) -> npt.NDArray[np.uint8]:
    """Tone curve, a little grain, 8 bits."""
    tone = to_srgb(linear * 1.09)
    grain = noise(s, 0.05, 99)[..., None] * 0.006
    out = np.clip(tone + grain, 0, 1)
    return np.round(out * 255).astype(np.uint8)
