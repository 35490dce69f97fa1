"""Separates each eye into layers: eyeball without iris, whole iris, highlight, and the upper
lid."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from avatar.arrays import Floats32, Floats64, Mask, Pixels
from avatar.images import fill_unknown, to_bytes
from avatar.mathematics import smoothstep_between
from avatar.opencv import cv2
from avatar.rig.lids import make_lid
from avatar.rig.light import estimate_light
from avatar.rig.margins import Margins, find_margins
from avatar.rig.rig import Eye

# In iris radii: the iris's dark rim is half gone at 1, and everything that is not white is within
# 1.3.
RIM: Final = (0.92, 1.10)
NEAR: Final = (1.18, 1.36)
TINY: Final = 4.0  # pixels of its radius
# Shares of the eye's width below the upper margin: where lashes and their blur end, then where the
# lid's shadow ends.
LASH_ZONE: Final = 0.035
SHADOW_DEPTH: Final = 0.14
# Nearer to the margin there are lashes, and what they darken must not be taken for shadow.
DARKEST: Final = 0.35
# Used where the white of the eye does not show how dark the shadow is.
USUAL_SHADOW: Final = 0.25


def separate_eye(rest: Pixels, points: Floats32, which: int) -> Eye:
    """Separate one eye. Eye 0 is on the picture's left; `points` are the tracker's 478 in pixels
    of `rest`."""
    m = find_margins(rest, points, which)
    x0, y0, x1, y1 = m.box
    patch = rest[y0:y1, x0:x1]
    lid = make_lid(patch, m, estimate_light(rest, points))
    shadow = _measure_shadow(patch, m)
    shade = shadow_on_ball(np.arange(y1 - y0)[:, None] - m.upper[None], m.width, shadow)
    clear = patch.astype(np.float32) / shade[..., None]
    away = _distance_in_radii(m)
    ball = _make_ball(clear, m, away)
    iris, highlight = _make_iris(clear, ball, m, away)
    # While the eye looks straight ahead it is the photo's own below the lashes.
    ahead = ball * (1 - iris[..., 3:]) + iris[..., :3]
    y = np.arange(y1 - y0, dtype=np.float64)[:, None]
    own = smoothstep_between(LASH_ZONE, 2 * LASH_ZONE, (y - m.upper) / m.width)
    ahead += (clear - highlight - ahead) * own[..., None].astype(np.float32)
    # Eight levels are added on both sides, because black cannot be divided by. The veil is smooth
    # along the lid, or the iris's old rim would show in it.
    veil = np.clip((clear - highlight + 8) / (ahead + 8), 0.05, 1.3)
    veil = cv2.GaussianBlur(veil, (0, 0), sigmaX=0.06 * m.width, sigmaY=0.4)
    veil += (1 - veil) * own[..., None].astype(np.float32)
    return Eye(
        box=np.array(m.box),
        side=which,
        aperture=m.width,
        left=m.left,
        right=m.right,
        upper=m.upper.astype(np.float32),
        lower=m.lower.astype(np.float32),
        crease=lid.crease.astype(np.float32),
        centre=m.centre.astype(np.float32),
        radius=m.radius,
        ball=ball,
        ahead=ahead,
        iris=iris,
        highlight=highlight * shade[..., None],
        shadow=shadow,
        veil=veil,
        skin=lid.lashes.skin,
        shut=lid.shut,
        fold=lid.fold,
        lashes=lid.lashes.through,
        lash_rows=lid.lashes.above,
    )


def shadow_on_ball(below: npt.NDArray[np.floating], width: float, darkness: float) -> Floats32:
    """Brightness of the eyeball at `below` pixels below the upper margin."""
    t = np.clip(1 - below / (SHADOW_DEPTH * width), 0, 1)
    return np.asarray(1 - darkness * t * t, np.float32)


def _distance_in_radii(m: Margins) -> Floats64:
    """Distance from the centre of the iris, in its radii."""
    x0, y0, x1, y1 = m.box
    y, x = np.mgrid[0 : y1 - y0, 0 : x1 - x0].astype(np.float64)
    return np.asarray(np.hypot(x - m.centre[0], y - m.centre[1]) / m.radius, np.float64)


def _mask_between_lids(m: Margins, over: float, under: float) -> Mask:
    """The place between the lids, `over` and `under` of the eye's width away from them."""
    y = np.arange(m.box[3] - m.box[1], dtype=np.float64)[:, None]
    return np.asarray((y > m.upper + over * m.width) & (y < m.lower - under * m.width))


def _measure_shadow(patch: Pixels, m: Margins) -> float:
    """How much darker the white is right under the upper lid than further down."""
    light = cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY).astype(np.float64)
    columns = np.arange(patch.shape[1])
    white = (np.abs(columns - m.centre[0]) > 1.1 * m.radius) & (m.span > 0.18 * m.width)
    columns = columns[white]
    if columns.size < 3:
        return USUAL_SHADOW

    def at(share: float) -> Floats64:
        rows = np.round(m.upper[columns] + share * m.width).astype(int)
        return np.asarray(light[np.clip(rows, 0, len(light) - 1), columns], np.float64)

    ratio = float(np.median(at(0.07) / np.maximum(at(SHADOW_DEPTH), 1)))
    return float(np.clip((1 - ratio) / (1 - 0.07 / SHADOW_DEPTH) ** 2, 0, DARKEST))


def _soften_mask(mask: Mask, sigma: float) -> Floats32:
    """1 well inside the mask, falling to 0 at its border; in tiny pictures, the mask itself."""
    if sigma < 0.35:
        return mask.astype(np.float32)
    inner = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), max(0.7, sigma))
    return np.asarray(np.clip(2 * inner - 1, 0, 1) * mask, np.float32)


def _make_ball(clear: Floats32, m: Margins, away: Floats64) -> Floats32:
    """The white of the eye, continued behind the iris and under the lids."""
    white = _mask_between_lids(m, 0.05, 0.04) & (away > 1.15)
    if white.sum() < 12:
        white = _mask_between_lids(m, 0.02, 0.01) & (away > 1.10)
    if white.sum() < 4:
        return clear.copy()
    made = fill_unknown(to_bytes(clear), white).astype(np.float32)
    made = cv2.GaussianBlur(made, (0, 0), max(0.7, 0.03 * m.width))
    own = smoothstep_between(*NEAR, away).astype(np.float32) * _soften_mask(
        _mask_between_lids(m, LASH_ZONE, -0.03), 0.012 * m.width
    )
    return np.asarray(made + (clear - made) * own[..., None], np.float32)


def _make_iris(
    clear: Floats32, ball: Floats32, m: Margins, away: Floats64
) -> tuple[Floats32, Floats32]:
    """The whole iris as RGB times cover, and cover; and the highlight, which stays when the eye
    turns.

    Laid over `ball`, the iris gives the photo again.
    """
    cover = (1 - smoothstep_between(*RIM, away)).astype(np.float32)
    near = (1 - smoothstep_between(*NEAR, away)).astype(np.float32)
    # Nothing is copied where lids and lashes blur into the iris; in tiny pictures that is
    # everywhere.
    seen = _mask_between_lids(m, 0.06, 0.06) if m.radius > TINY else _mask_between_lids(m, 0.0, 0.0)
    spot = _find_highlight(clear, seen, away, m)
    known = seen & (away < 1.5) & ~spot
    if known.sum() < 12:
        none = np.zeros_like(clear)
        return np.dstack([none, none[..., :1]]), none
    plain = clear
    if spot.any():  # what surrounds a highlight continues under it
        around = fill_unknown(to_bytes(clear), known)
        plain = np.where(spot[..., None], around.astype(np.float32), clear)
        known |= spot
    shown = (plain - (1 - cover)[..., None] * ball) * near[..., None]
    whole = _average_rings(plain, known & (away < 1), away) * cover[..., None]
    soft = 0.10 * m.radius
    rows, columns = away.shape
    y, x = np.mgrid[0:rows, 0:columns]
    # Hidden parts look like their mirror image: side to side, and top to bottom.
    for ym, xm in ((y, 2 * m.centre[0] - x), (2 * m.centre[1] - y, x)):
        row, column = np.round(ym).astype(int), np.round(xm).astype(int)
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        at = np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)
        whole += (shown[at] - whole) * _soften_mask(known[at] & inside, soft)[..., None]
    whole += (shown - whole) * _soften_mask(known, soft)[..., None]
    bright = cv2.GaussianBlur(spot.astype(np.float32), (0, 0), max(0.7, 0.08 * m.radius))
    highlight = np.maximum(clear - plain, 0) * np.clip(2.2 * bright, 0, 1)[..., None]
    return np.dstack([whole, cover * near]).astype(np.float32), highlight.astype(np.float32)


def _find_highlight(clear: Floats32, seen: Mask, away: Floats64, m: Margins) -> Mask:
    """The reflection of a window or a lamp on the cornea, slightly enlarged."""
    light = cv2.cvtColor(clear, cv2.COLOR_RGB2GRAY)
    disc = _mask_between_lids(m, 0.02, 0.05) & (away < 0.98)
    white = seen & (away > 1.3)
    none = np.zeros(seen.shape, bool)
    if (disc & seen).sum() < 12 or white.sum() < 4:
        return none
    usual = float(np.percentile(light[disc & seen], 60))
    # A reflection is far brighter than the iris, and nearly as bright as the white.
    limit = max(usual + 30, 0.62 * float(np.median(light[white])))
    spot = disc & (light > limit)
    # What reaches the rim is white of the eye that the circle included.
    _, labels = cv2.connectedComponents(spot.astype(np.uint8))
    spot &= ~np.isin(labels, np.unique(labels[spot & (away > 0.86)]))
    if spot.sum() > 0.35 * max(int(disc.sum()), 1):
        return none
    size = 2 * max(1, round(0.14 * m.radius)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return np.asarray(cv2.dilate(spot.astype(np.uint8), kernel) > 0)


def _average_rings(clear: Floats32, known: Mask, away: Floats64) -> Floats32:
    """The median colour at each distance from the centre."""
    edges = np.linspace(0, 1, 11)
    middle = (edges[1:] + edges[:-1]) / 2
    rings = [known & (away >= low) & (away < high) for low, high in pairwise(edges)]
    full = [i for i, ring in enumerate(rings) if ring.sum() >= 3]
    if not full:
        return clear.copy()
    colour = np.array([np.median(clear[rings[i]], axis=0) for i in full])
    out = [np.interp(away, middle[full], colour[:, k]) for k in range(3)]
    return np.stack(out, axis=-1).astype(np.float32)
