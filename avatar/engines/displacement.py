"""The displacement of one frame: linear and forward, corrected at the lips, then inverted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatar.arrays import Floats32
from avatar.opencv import cv2
from avatar.performance.channels import INDEX, Values
from avatar.rig.rig import Grid, Rig

# A weight below this moves nothing by a hundredth of a pixel.
LEAST: Final = 2e-4
# When a gap closes, the upper lip moves a good third of the way: the lower lip is the one that
# moves.
UPPER_SHARE: Final = 0.36
# Where the edge of the lower lip is below that of the upper teeth at a full labiodental, and how
# far the upper lip is above it.
TUCK_CM: Final = 0.06
BARE_CM: Final = 0.24
# Steps of the iteration b ← b - ω (b + D(y + b)). Where D stretches by λ, the error shrinks by |1 -
# ω λ|. With these steps the product stays under .03 for λ from .5 to 2.2, under .17 at .3 (the neck
# at jaw 1) and .27 at 2.6 (the chin under a lip that a wide jaw and a closed mouth pull apart).
# Chebyshev's own six are smaller, but one of them is 2.9, and where the field bends that makes
# folds.
RELAX: Final = (0.6, 1.0, 0.45, 1.5, 0.6, 0.8)
# Where the field changes by less than `GENTLE` of a pixel for each pixel, λ stays between .6 and
# 1.4, and three steps leave .02: for the head's motion, and a face at rest.
RELAX_GENTLE: Final = (0.743, 1.529, 1.0)
GENTLE: Final = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class Edges:
    """The inner edges of the lips in the unturned head: y in pixels for each pixel column from
    `x0`."""

    x0: int
    upper: Floats32
    lower: Floats32
    corners: Floats32

    @property
    def gap(self) -> Floats32:
        return self.lower - self.upper


@dataclass(frozen=True, slots=True, eq=False)
class FaceMotion:
    """Backward displacement in pixels.

    `whole` is on the expression's grid. `near` is at full resolution around the cut between the
    lips, with its corner at (x0, y0).
    """

    whole: Floats32
    near: Floats32
    x0: int
    y0: int
    edges: Edges


def blend(weights: Floats32, basis: Floats32) -> Floats32:
    """The sum of weight · basis over the weights that matter."""
    out = np.zeros(basis.shape[1:], np.float32)
    for k in np.flatnonzero(np.abs(weights) > LEAST):
        cv2.scaleAdd(basis[k], float(weights[k]), out, dst=out)
    return out


def invert(forward: Floats32, base: Floats32, grid_step: int) -> Floats32:
    """The backward displacement b with b(y) = -D(y + b(y)), on the field's own grid."""
    # In nodes, so that places need no scaling. The arrays are small: the time goes into the calls.
    ahead = forward * np.float32(1 / grid_step)
    steep = max(_find_steepest(ahead[1:], ahead[:-1]), _find_steepest(ahead[:, 1:], ahead[:, :-1]))
    back, at, there = -ahead, np.empty_like(ahead), np.empty_like(ahead)
    for omega in RELAX_GENTLE if steep < GENTLE else RELAX:
        cv2.add(base, back, dst=at)
        cv2.remap(ahead, at, None, cv2.INTER_LINEAR, dst=there, borderMode=cv2.BORDER_REPLICATE)
        cv2.addWeighted(back, 1 - omega, there, -omega, 0, dst=back)
    return np.asarray(back * np.float32(grid_step), np.float32)


def _find_steepest(a: Floats32, b: Floats32) -> float:
    return float(cv2.norm(a, b, cv2.NORM_INF)) if a.size else 0.0


def make_identity(rows: int, columns: int) -> Floats32:
    """(rows, columns, 2): the column and row of each node."""
    x, y = np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)
    return np.ascontiguousarray(np.stack(np.meshgrid(x, y), axis=-1))


def to_grid(grid: Grid, points: Floats32) -> Floats32:
    """Convert pixel positions to positions on the grid, for cv2.remap."""
    offset = np.array([grid.x0, grid.y0], np.float32) + np.float32((grid.step - 1) / 2)
    return np.asarray((points - offset) * np.float32(1 / grid.step), np.float32)


def enlarge(field: Floats32, grid: Grid) -> Floats32:
    """Enlarge a field on a grid to one value for each pixel of the grid's box."""
    size = (grid.columns * grid.step, grid.rows * grid.step)
    return np.asarray(cv2.resize(field, size, interpolation=cv2.INTER_LINEAR), np.float32)


def limit_jaw(values: Values) -> float:
    """How far the jaw really opens.

    A jaw that should be open under closed lips, or under a lip on the teeth, opens less: skin does
    not stretch threefold.
    """
    close = float(np.clip(values[INDEX["mouthClose"]], 0, 1))
    tuck = float(np.clip(values[INDEX["labiodental"]], 0, 1))
    return float(values[INDEX["jawOpen"]]) * (1 - 0.4 * close) * (1 - 0.6 * tuck)


class FaceField:
    """The expressions of one rig: from channel values to the backward displacement of the
    unturned head."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        e, m = rig.expression, rig.mouth
        self._base = make_identity(e.grid.rows, e.grid.columns)
        self._mouth_base = make_identity(e.mouth_grid.rows, e.mouth_grid.columns)
        self._down = m.axes[1]
        self._jaw = int(np.flatnonzero(e.channels == INDEX["jawOpen"])[0])
        self._edge_shape = np.sqrt(np.maximum(0, 1 - np.abs(m.position) ** 2.2)).astype(np.float32)
        # The teeth end at the middle height of the seam, whatever the curve of the lips.
        self._middle = float(m.origin @ self._down)
        self._rest_gap = (m.lower_edge - m.upper_edge) @ self._down
        self._pucker, self._funnel = INDEX["mouthPucker"], INDEX["mouthFunnel"]
        whole = (m.reach_whole_upper + m.reach_whole_lower).reshape(-1)
        self._pushed = np.flatnonzero(whole > 0)
        self._place = m.place_whole.reshape(-1)[self._pushed]
        self._reach_upper = m.reach_whole_upper.reshape(-1)[self._pushed]
        self._reach_lower = m.reach_whole_lower.reshape(-1)[self._pushed]

    def edges(self, values: Values) -> tuple[Floats32, Floats32, Floats32, Floats32]:
        """The edges' points (N, 2), upper and lower, and the pushes on them (N,), all in pixels."""
        m = self._rig.mouth
        asked = values[self._rig.expression.channels]
        c = self.weights(values)
        upper = m.upper_edge + blend(c, m.upper_basis)
        lower = m.lower_edge + blend(c, m.lower_basis)
        upper_y, lower_y = upper @ self._down, lower @ self._down
        push_upper = np.zeros_like(upper_y)
        push_lower = np.zeros_like(lower_y)
        tuck = float(np.clip(values[INDEX["labiodental"]], 0, 1))
        if tuck > 0:
            teeth = self._middle + self.teeth_edge(values) * m.scale
            shape = self._edge_shape * tuck
            target = teeth - TUCK_CM * m.scale
            push_lower += shape * (target - lower_y)
            bare = np.minimum(target - BARE_CM * m.scale - upper_y, 0)
            push_upper += shape * bare
        # Lips that are parted in the photo come together when they round: nobody says /u/ with a
        # smile.
        together = self._rest_gap * float(
            np.clip(values[self._pucker] + 0.8 * values[self._funnel], 0, 1)
        )
        gap = lower_y + push_lower - upper_y - push_upper
        push_upper += UPPER_SHARE * together
        push_lower -= (1 - UPPER_SHARE) * together
        gap = gap - together
        close = float(np.clip(values[INDEX["mouthClose"]], 0, 1))
        # Lips that would pass through each other meet; of an opening, the commanded share closes.
        wanted = gap
        if tuck == 0 and close > 0:
            wide = m.lower_edge + blend(asked, m.lower_basis)
            wide = wide - m.upper_edge - blend(asked, m.upper_basis)
            wanted = np.minimum(wide @ self._down, gap / max(1 - close, 0.05))
        closing = gap - np.maximum(wanted, 0) * (1 - close)
        push_upper += UPPER_SHARE * closing
        push_lower -= (1 - UPPER_SHARE) * closing
        upper = upper + push_upper[:, None] * self._down
        lower = lower + push_lower[:, None] * self._down
        return upper, lower, push_upper, push_lower

    def weights(self, values: Values) -> Floats32:
        """The coefficients of the shapes."""
        c = values[self._rig.expression.channels].astype(np.float32)
        c[self._jaw] = limit_jaw(values)
        return c

    def teeth_edge(self, values: Values) -> float:
        """Where the upper teeth end, in cm below the seam at rest."""
        show = float(np.clip(values[INDEX["teeth"]], -1, 1))
        return self._rig.interior.upper_edge_cm + (0.10 if show > 0 else 0.35) * show

    def backward(self, values: Values) -> FaceMotion:
        """The backward displacement of the unturned head, with the lips."""
        e, m = self._rig.expression, self._rig.mouth
        c = self.weights(values)
        upper_points, lower_points, push_upper, push_lower = self.edges(values)
        whole, upper, lower = blend(c, e.whole), blend(c, e.upper), blend(c, e.lower)
        if np.abs(push_upper).max() > 0.01 or np.abs(push_lower).max() > 0.01:
            amount = self._reach_upper * np.interp(self._place, m.position, push_upper)
            amount = amount + self._reach_lower * np.interp(self._place, m.position, push_lower)
            flat = whole.reshape(-1, 2)
            flat[self._pushed] += (amount[:, None] * self._down).astype(np.float32)
            raise_upper = m.reach_upper * np.interp(m.place_upper, m.position, push_upper)
            upper += (raise_upper[..., None] * self._down).astype(np.float32)
            raise_lower = m.reach_lower * np.interp(m.place_lower, m.position, push_lower)
            lower += (raise_lower[..., None] * self._down).astype(np.float32)
        back = invert(whole, self._base, e.grid.step)
        back_upper = invert(upper, self._mouth_base, e.mouth_grid.step)
        back_lower = invert(lower, self._mouth_base, e.mouth_grid.step)
        x0, y0, x1, y1 = e.mouth_grid.box
        shut = float(values[INDEX["mouthClose"]]) > 0.999
        edges = self._sample_columns(upper_points, upper_points if shut else lower_points, x0, x1)
        # Only between the corners is there a cut; elsewhere the whole field is exact. Around the
        # corners, too, the fields of the two sides are the smoother ones.
        pad = e.mouth_grid.step + 1
        wide = round(0.9 * m.scale)
        left = max(int(edges.corners[0, 0]) - wide, x0)
        right = min(int(edges.corners[1, 0]) + wide, x1)
        top = max(int(edges.upper.min()) - 3 * pad, y0)
        bottom = min(int(edges.lower.max()) + 3 * pad, y1)
        near = np.zeros((0, 0, 2), np.float32)
        if right > left and bottom > top:
            seam = ((edges.upper + edges.lower) / 2)[left - x0 : right - x0]
            below = np.arange(top, bottom, dtype=np.float32)[:, None] >= seam[None]
            window = (slice(top - y0, bottom - y0), slice(left - x0, right - x0))
            near = np.where(
                below[..., None],
                enlarge(back_lower, e.mouth_grid)[window],
                enlarge(back_upper, e.mouth_grid)[window],
            )
        return FaceMotion(back, near, left, top, edges)

    def _sample_columns(self, upper: Floats32, lower: Floats32, x0: int, x1: int) -> Edges:
        columns = np.arange(x0, x1, dtype=np.float32)
        ux = np.maximum.accumulate(upper[:, 0])
        lx = np.maximum.accumulate(lower[:, 0])
        upper_y = np.interp(columns, ux, upper[:, 1])
        lower_y = np.interp(columns, lx, lower[:, 1])
        lower_y = np.maximum(lower_y, upper_y)
        return Edges(
            x0,
            upper_y.astype(np.float32),
            lower_y.astype(np.float32),
            np.stack([upper[0], upper[-1]]),
        )


class PoseField:
    """The head motion of one rig."""

    def __init__(self, rig: Rig) -> None:
        self._pose = rig.pose
        self._base = make_identity(rig.pose.grid.rows, rig.pose.grid.columns)

    def weights(self, values: Values) -> Floats32:
        """The coefficients of the pose basis, in the order of `Pose.basis`."""
        angles = np.radians([values[INDEX[n]] for n in ("headYaw", "headPitch", "headRoll")])
        shifts = [values[INDEX[n]] for n in ("headX", "headY", "headZ", "breath")]
        return np.concatenate([np.sin(angles), 1 - np.cos(angles), shifts]).astype(np.float32)

    def forward(self, values: Values) -> Floats32:
        """The displacement on the pose grid."""
        return blend(self.weights(values), self._pose.basis)

    def backward(self, values: Values) -> tuple[Floats32, Floats32] | None:
        """The forward and backward displacement on the pose grid; None while the head is at
        rest."""
        weights = self.weights(values)
        if np.abs(weights).max() < 1e-6:
            return None
        forward = blend(weights, self._pose.basis)
        return forward, invert(forward, self._base, self._pose.grid.step)
