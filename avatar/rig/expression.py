"""Samples the facial shapes on grids: over the whole face, and on both sides of the lips' cut."""

from __future__ import annotations

import numpy as np

from avatar.arrays import Floats32
from avatar.rig.lips import Lips
from avatar.rig.rig import Expression, Grid, Mouth
from avatar.rig.shapes import (
    NECK_CM,
    SHAPE_CHANNELS,
    FacePoints,
    compute_fields,
    describe_points,
    edge_reach,
)
from avatar.rig.topology import FOREHEAD


def sample_expression(
    lips: Lips, points: Floats32, size: tuple[int, int]
) -> tuple[Expression, Mouth]:
    """Sample every shape for frames of `size` (w, h)."""
    # A lip is about a sixth of the mouth's width, so five nodes lie across it.
    pitch = max(2, round(2 * lips.half * lips.scale / 30))
    top = lips.to_mouth(points[FOREHEAD, :2])[1] - 3.5
    bottom = lips.chin + NECK_CM + 1
    # Away from the lips everything changes more smoothly.
    face = _make_grid(lips, (-7.5, 7.5, float(top), bottom), pitch + 3, size)
    near = _make_grid(lips, (-lips.left - 2.4, lips.right + 2.4, -2.6, 6.0), pitch, size)

    def on(grid: Grid, side: str) -> FacePoints:
        return describe_points(lips, points, grid.nodes(), side)

    whole, upper, lower = on(face, "whole"), on(near, "upper"), on(near, "lower")
    fade = face.fade(size).astype(np.float32)[..., None]
    expression = Expression(
        SHAPE_CHANNELS,
        face,
        compute_fields(whole) * fade,
        near,
        compute_fields(upper),
        compute_fields(lower),
    )
    edges = {side: lips.edge(side) for side in ("upper", "lower")}
    mouth = Mouth(
        origin=lips.origin.astype(np.float32),
        axes=lips.axes.astype(np.float32),
        scale=float(lips.scale),
        width=float(2 * lips.half * lips.scale),
        rest_gap=float(np.hypot(*(edges["lower"] - edges["upper"])[len(edges["upper"]) // 2])),
        position=lips.to_seam(lips.edge_x()).astype(np.float32),
        upper_edge=edges["upper"].astype(np.float32),
        lower_edge=edges["lower"].astype(np.float32),
        upper_basis=compute_fields(describe_points(lips, points, edges["upper"], "upper")),
        lower_basis=compute_fields(describe_points(lips, points, edges["lower"], "lower")),
        place_whole=whole.s.astype(np.float32),
        reach_whole_upper=(edge_reach(whole) * fade[..., 0] * whole.above).astype(np.float32),
        reach_whole_lower=(edge_reach(whole) * fade[..., 0] * ~whole.above).astype(np.float32),
        reach_upper=edge_reach(upper).astype(np.float32),
        place_upper=upper.s.astype(np.float32),
        reach_lower=edge_reach(lower).astype(np.float32),
        place_lower=lower.s.astype(np.float32),
    )
    return expression, mouth


def _make_grid(
    lips: Lips, box: tuple[float, float, float, float], pitch: int, size: tuple[int, int]
) -> Grid:
    """The upright grid that covers a box in the mouth's coordinates (x0, x1, y0, y1 in cm)."""
    x0, x1, y0, y1 = box
    corners = lips.to_pixels(np.array([x0, x1, x0, x1]), np.array([y0, y0, y1, y1]))
    low = np.floor(corners.min(0)).astype(int)
    high = np.ceil(corners.max(0)).astype(int)
    low = np.maximum(low, 0)
    high = np.minimum(high, [size[0] - 1, size[1] - 1])
    columns, rows = (max(int(v), 4) for v in -(-(high - low + 1) // pitch))
    return Grid(int(low[0]), int(low[1]), pitch, rows, columns)
