"""The picture: everything laid over one another, from the wall behind her to the paint's grain."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from . import features, hair, head
from .canvas import (
    Colour,
    Sheet,
    blob,
    blur,
    mix,
    noise,
    ramp,
    sheet,
    srgb,
    to_srgb,
)
from .solids import Field
from .view import Relief, depth_of, emboss, look, soften

LIGHT = np.array((-0.50, 0.60, 0.68), np.float32)
LIGHT /= np.linalg.norm(LIGHT)


def paint(scale: float = 34.0, oversample: int = 2) -> npt.NDArray[np.uint8]:
    """The portrait, (44.1 scale, 35.3 scale, 3) RGB: 1200 x 1500 at the usual scale."""
    cv2.setNumThreads(1)
    s = sheet(scale * oversample)
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
    return _finish(sheet(scale), small)


def _wall(s: Sheet) -> Colour:
    glow = np.exp(-(((s.x + 5) / 20) ** 2) - ((s.y - 4) / 22) ** 2)
    wall = mix(np.broadcast_to(srgb(118, 134, 142), (*s.shape, 3)), srgb(206, 212, 208), glow)
    cloud = noise(s, 4.5, 11) * 0.5 + noise(s, 1.8, 12) * 0.25
    return wall * (1 + 0.025 * cloud)[..., None]


def _skin(s: Sheet, hair_cover: Field) -> tuple[Colour, Field]:
    relief = look(head.skin, s.x, s.y, s.pixel, LIGHT)
    nose = np.exp(-((np.abs(s.x) / 1.6) ** 4) - ((s.y + 3.3) / 1.5) ** 4)
    radius = 0.6 - 0.45 * nose
    within = (depth_of(head.face, s.x, s.y, s.pixel) > relief.depth - 0.25).astype(np.float32)
    relief = soften(relief, s.pixel, radius.astype(np.float32), within)
    pores = noise(s, 0.06, 21) * 0.0011 + noise(s, 0.16, 22) * 0.002
    height = features.relief(s) + pores * ramp(s.y, -16, -9)
    normal = emboss(relief.normal, height, s.pixel)
    albedo = features.paint_lips(s, _complexion(s, relief))
    lit = _shade(s, albedo, normal, relief, hair_cover)
    lit = features.paint_eyes(s, lit)
    lit = features.paint_brows(s, lit)
    return lit, relief.cover


def _complexion(s: Sheet, relief: Relief) -> Colour:
    """The skin's own colour: redder where blood is near, cooler where it is thin."""
    skin = np.broadcast_to(srgb(228, 182, 156), (*s.shape, 3))
    skin = mix(skin, srgb(222, 142, 122), 0.55 * blob(s, 3.9, -3.0, 1.9, 1.5, both=True))
    skin = mix(skin, srgb(214, 132, 114), 0.42 * blob(s, 0, -3.6, 1.3, 0.9))
    skin = mix(skin, srgb(230, 188, 150), 0.4 * blob(s, 0, 5.0, 4.5, 2.2))
    skin = mix(skin, srgb(196, 144, 134), 0.35 * blob(s, 2.7, -0.95, 1.3, 0.42, both=True))
    skin = mix(skin, srgb(204, 146, 126), 0.40 * blob(s, 3.2, 0.75, 1.5, 0.5, both=True))
    skin = mix(skin, srgb(214, 160, 138), 0.35 * blob(s, 0, -8.6, 2.2, 1.0))
    skin = mix(skin, srgb(214, 128, 108), 0.5 * ramp(np.abs(s.x), 6.2, 7.0) * ramp(s.y, -6, -3))
    blotch = noise(s, 0.9, 23) * 0.6 + noise(s, 0.35, 24) * 0.4
    skin = mix(skin, srgb(218, 140, 118), np.clip(0.05 * blotch, 0, 0.2))
    fine = noise(s, 0.05, 25)
    return skin * (1 + 0.010 * fine)[..., None]


def _shade(s: Sheet, albedo: Colour, normal: Colour, relief: Relief, hair_cover: Field) -> Colour:
    """Light on skin. Red light wanders furthest under it, so shadows have warm edges."""
    facing = normal @ LIGHT
    cast = _hair_shadow(s, hair_cover)
    lit = blur(s, relief.lit, 0.10) * (1 - 0.75 * cast)
    key = np.array((1.0, 0.95, 0.88), np.float32) * 0.98
    total = np.zeros_like(albedo)
    for i, (wrap, edge) in enumerate(((0.42, 0.75), (0.24, 1.0), (0.18, 1.1))):
        diffuse = np.clip((facing + wrap) / (1 + wrap), 0, 1) ** 1.15
        total[..., i] = key[i] * diffuse * np.clip(lit, 0, 1) ** edge
    up = 0.5 + 0.5 * normal[..., 1]
    sky = relief.open_sky * (1 - 0.35 * cast)
    ambient = mix(np.broadcast_to(srgb(150, 104, 84), albedo.shape), srgb(150, 160, 172), up)
    total += ambient * (0.62 * sky**1.2)[..., None]
    from_right = np.clip(normal @ np.array((0.86, 0.05, 0.5), np.float32), 0, 1) ** 1.5
    total += srgb(190, 205, 220) * (0.20 * from_right * sky)[..., None]
    out = albedo * total
    half = LIGHT + np.array((0, 0, 1), np.float32)
    half /= np.linalg.norm(half)
    glint = np.clip(normal @ half, 0, 1)
    upper, lower, _ = features.lips(s)
    wet = 1 + 1.2 * lower + 0.4 * upper
    gloss = 0.085 * glint**16 + 0.07 * glint**48 * wet
    gloss = gloss * np.clip(lit, 0, 1) * (0.75 + 0.25 * np.clip(noise(s, 0.07, 26), -1, 1))
    rim = np.clip(1 - normal[..., 2], 0, 1) ** 3 * 0.05 * sky
    return (out + gloss[..., None] + rim[..., None] * srgb(220, 214, 210)).astype(np.float32)


def _hair_shadow(s: Sheet, hair_cover: Field) -> Field:
    """The hair's shadow on the skin: its outline, moved away from the light and softened."""
    move = np.float32([[1, 0, 0.30 * s.scale], [0, 1, 0.42 * s.scale]])
    moved = cv2.warpAffine(hair_cover, move, s.shape[::-1])
    return 0.6 * blur(s, moved, 0.28) + 0.4 * blur(s, np.maximum(moved, hair_cover), 0.9)


def _neckline(s: Sheet) -> tuple[Field, Field]:
    """How far a place lies below the collar's inner and outer edge, cm."""
    inner = -13.6 - 2.9 * np.sqrt(np.clip(1 - (s.x / 6.1) ** 2, 0, 1))
    outer = -13.9 - 4.2 * np.sqrt(np.clip(1 - (s.x / 7.4) ** 2, 0, 1))
    return inner - s.y, outer - s.y


def _garment(s: Sheet, picture: Colour, neck: Field) -> Colour:
    relief = look(head.garment, s.x, s.y, s.pixel, LIGHT)
    inner, outer = _neckline(s)
    band = ramp(inner, -0.02, 0.02) * ramp(outer, 0.02, -0.02)
    angle = np.arctan2(-(s.y + 12.5), s.x)
    ribs = np.cos(angle * 95)
    folds = 0.25 * noise(s, 3.2, 91) + 0.10 * noise(s, 1.4, 92)
    height = folds * (1 - band) + band * (
        0.25 * np.sin(np.pi * np.clip(inner / 1.3, 0, 1)) + 0.025 * ribs
    )
    height += -0.12 * np.exp(-((outer / 0.1) ** 2)) + 0.012 * noise(s, 0.10, 93)
    normal = emboss(relief.normal, blur(s, height.astype(np.float32), 0.03), s.pixel)
    facing = np.clip((normal @ LIGHT + 0.25) / 1.25, 0, 1)
    under_chin = 1 - 0.55 * blob(s, 1.5, -14.5, 6.5, 4.0)
    light = 0.85 * facing * relief.lit * under_chin + 0.30 * relief.open_sky * (
        0.6 + 0.4 * normal[..., 1]
    )
    wool = srgb(44, 92, 104) * (1 + 0.06 * noise(s, 0.07, 94))[..., None]
    cloth = wool * light[..., None] * 1.35
    cover = relief.cover * ramp(inner, -0.02, 0.02)
    shadow = ramp(inner, -0.5, 0.0) * neck * (inner < 0)
    picture = picture * (1 - 0.45 * shadow)[..., None]
    return mix(picture, cloth, cover)


def _finish(s: Sheet, linear: Colour) -> npt.NDArray[np.uint8]:
    """Tone curve, a breath of grain, 8 bits."""
    tone = to_srgb(linear * 1.02)
    grain = noise(s, 0.05, 99)[..., None] * 0.006
    out = np.clip(tone + grain, 0, 1)
    return np.round(out * 255).astype(np.uint8)
