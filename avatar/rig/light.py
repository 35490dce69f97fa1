"""Estimates where the light on a face comes from, as far as its skin shows that."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64, Pixels
from avatar.mathematics import solve_least_squares
from avatar.opencv import cv2
from avatar.rig.topology import EYES, OUTER_LOWER, OUTER_UPPER

# Skin that is lit from one side alone would be black on the other, so a steeper slope is not
# believed.
STEEPEST: Final = 0.8
# The normal is found for every second landmark, which is enough.
EVERY: Final = 2
NEIGHBOURS: Final = 10


def estimate_light(rest: Pixels, points: Floats32) -> Floats64:
    """(x, y): how the brightness of skin changes with its normal's x and y (which points down), as
    a share of the brightness of skin that faces the viewer.

    This is Lambert's law, fitted to the landmarks (478, 3).
    """
    p = points[:468].astype(np.float32)
    at = p[::EVERY]
    away = np.zeros((len(at), len(p)), np.float32)  # squared distances
    for k in range(3):
        away += np.subtract.outer(at[:, k], p[:, k]) ** 2
    near = p[np.argpartition(away, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]].astype(np.float64)
    cloud = near - near.mean(1, keepdims=True)
    normal = np.linalg.eigh(np.einsum("pni,pnj->pij", cloud, cloud))[1][:, :, 0]
    normal *= -np.sign(normal[:, 2:])  # towards the viewer, whose z is negative

    tall = float(np.linalg.norm(p[10] - p[152]))
    marked = [i for eye in EYES for part in ("upper", "lower", "brow") for i in eye[part]]
    marked += [*OUTER_UPPER, *OUTER_LOWER]
    skin = (normal[:, 2] < -0.5) & (away[:, marked].min(1) > (0.03 * tall) ** 2)
    side = 2 * round(0.015 * tall) + 1
    x, y = (np.clip(np.round(at[:, k]).astype(int), 0, rest.shape[1 - k] - 1) for k in range(2))
    face = rest[y.min() : y.max() + 1, x.min() : x.max() + 1]
    grey = cv2.blur(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY), (side, side))
    light = grey[y - y.min(), x - x.min()].astype(np.float64)
    facing = np.column_stack([np.ones(len(at)), normal[:, :2]])
    weight = skin.astype(np.float64)
    slope = np.zeros(3)
    for _ in range(4):  # hair, beards and shadows are outliers
        slope = solve_least_squares(facing, light, weight)
        error = np.abs(light - np.einsum("ni,i->n", facing, slope))
        scale = 1.5 * float(np.median(error[skin])) + 1 if skin.any() else 1.0
        weight = skin / (1 + (error / scale) ** 2)
    return np.clip(slope[1:] / max(float(slope[0]), 1), -STEEPEST, STEEPEST)
