"""Head motion as parallax: each pixel has a depth, and the motion fades from the neck to the
shoulders."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64
from avatar.mathematics import smoothstep_between
from avatar.opencv import cv2
from avatar.rig.rig import Grid, Pose
from avatar.rig.topology import CHIN, FOREHEAD

# A breath lifts the shoulders by 1 % of the face's height: seen, not noticed.
BREATH: Final = 0.011


def make_pose(points: Floats32, size: tuple[int, int]) -> Pose:
    """The pose basis for frames of `size` (w, h)."""
    width, height = size
    tall = float(np.hypot(*(points[FOREHEAD, :2] - points[CHIN, :2])))
    # Depth is smooth_track over .04 of the face: a node for each such length loses nothing.
    pitch = max(4, round(tall / 32))
    grid = Grid(0, 0, pitch, -(-height // pitch), -(-width // pitch))
    nodes = grid.nodes().astype(np.float64)
    x, y = nodes[..., 0], nodes[..., 1]
    middle = points[[10, 152, 234, 454], :2].mean(0).astype(np.float64)
    chin = float(points[CHIN, 1])

    head = 1 - smoothstep_between(
        chin - 0.04 * tall, chin + 0.62 * tall, y + 0.10 * np.abs(x - middle[0])
    )
    depth = _compute_depth(points, nodes, middle, tall)
    depth = cv2.GaussianBlur(depth, (0, 0), 0.04 * tall / pitch)
    turn = depth * head

    pivot = np.array([middle[0], chin + 0.28 * tall])
    px, py = (x - pivot[0]) * head, (y - pivot[1]) * head
    cx, cy = (x - middle[0]) * head, (y - middle[1]) * head
    none = np.zeros_like(x)
    # A head with hair is 1.35 times as tall as hairline to chin.
    crown = 1.35 * tall * head
    rows = [
        (turn, none),
        (none, -turn),
        (-py, px),
        (-0.5 * cx, none),
        (none, -0.5 * cy),
        (-px, -py),
        (crown, none),
        (none, crown),
        (px, py),
        (none, -BREATH * tall * (1 - 0.6 * head)),
    ]
    basis = np.array([np.stack(row, axis=-1) for row in rows], np.float32)
    return Pose(grid, basis, tall)


def _compute_depth(points: Floats32, nodes: Floats64, middle: Floats64, tall: float) -> Floats64:
    """Height above the turning axis at each node, in pixels: the tracker's depths inside the
    face, and a skull that falls away outside."""
    from scipy.interpolate import LinearNDInterpolator

    z = -points[:468, 2].astype(np.float64)
    rim = float(np.quantile(z, 0.05))
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    rings, heights = [], []
    for a, b, fall in ((0.66, 0.80, 0.10), (0.9, 1.05, 0.16), (1.6, 1.8, 0.16)):
        rings.append(middle + tall * np.stack([a * np.cos(angle), b * np.sin(angle)], -1))
        heights.append(np.full(40, rim - fall * tall))
    known = np.concatenate([points[:468, :2].astype(np.float64), *rings])
    values = np.concatenate([z, *heights])
    # Between its points the mesh is flat; the caller smooths its edges.
    flat = LinearNDInterpolator(known, values, fill_value=float(values.min()))(nodes)
    # The axis runs through the ears. Behind it, parallax would turn backwards and double the
    # features.
    relative = flat - float(np.quantile(z, 0.08))
    return np.asarray(np.clip(relative, -0.10 * tall, None), np.float64)
