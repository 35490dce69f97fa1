"""The sculpture: head, neck and torso as distance fields."""

from __future__ import annotations

import numpy as np

from .solids import Field, capsule, carve, ellipsoid, join

EYE_X = 3.12  # half the distance between the pupils
MOUTH_Y = -6.72


def skin(x: Field, y: Field, z: Field) -> Field:
    """Distance to the skin of head and neck."""
    return join(face(x, y, z), neck(x, y, z), 1.1)


def neck(x: Field, y: Field, z: Field) -> Field:
    ax = np.abs(x)
    d = capsule(ax, y, z, (0, -6.0, -1.8), (0, -18.0, -2.9), 3.8, 4.3)
    d = join(d, capsule(ax, y, z, (3.65, -6.5, -0.8), (1.6, -15.6, 1.8), 0.75, 0.65), 2.4)
    return join(d, _trapezius(ax, y, z), 2.5)


def _trapezius(ax: Field, y: Field, z: Field) -> Field:
    return capsule(ax, y, z, (2.6, -11.8, -4.4), (8.5, -16.6, -4.6), 1.1, 1.6)


def face(x: Field, y: Field, z: Field) -> Field:
    """Distance to the head. Left and right are alike except for a slight lean."""
    x = x + 0.035 * np.sin(0.33 * y)  # no face is quite symmetric
    ax = np.abs(x)
    d = ellipsoid(ax, y, z, (0, 3.9, -0.9), (7.1, 7.5, 8.9))  # cranium
    d = join(d, ellipsoid(ax, y, z, (0, 4.2, 2.0), (6.0, 4.8, 6.4)), 2.0)  # forehead
    d = join(d, ellipsoid(ax, y, z, (0, -2.8, 1.9), (6.0, 6.8, 6.0)), 2.0)  # middle of the face
    d = join(d, capsule(ax, y, z, (3.45, -5.9, 1.0), (0.9, -8.95, 6.1), 1.6, 1.15), 2.4)  # jaw
    d = join(d, ellipsoid(ax, y, z, (0, -6.1, 2.8), (4.25, 3.85, 5.2)), 1.8)  # below the jaw
    d = join(d, ellipsoid(ax, y, z, (0, -9.0, 6.7), (1.35, 1.15, 1.4)), 2.6)  # chin
    d = join(d, ellipsoid(ax, y, z, (4.2, -1.75, 4.6), (1.9, 1.3, 2.0)), 2.2)  # cheekbone
    d = join(d, ellipsoid(ax, y, z, (2.9, -3.6, 5.3), (2.4, 2.2, 2.35)), 2.4)  # cheek
    d = join(d, ellipsoid(ax, y, z, (0, -6.3, 5.35), (3.1, 2.9, 3.2)), 2.2)  # muzzle
    d = join(d, capsule(ax, y, z, (0.0, 1.5, 7.3), (4.3, 1.9, 5.7), 0.8, 0.7), 2.2)  # brow bone
    d = carve(d, ellipsoid(ax, y, z, (3.0, -0.05, 9.2), (1.9, 1.05, 2.0)), 1.5)  # socket
    d = carve(d, ellipsoid(ax, y, z, (1.8, 0.3, 9.4), (0.75, 1.1, 1.6)), 1.2)  # beside the bridge
    d = join(d, ellipsoid(ax, y, z, (EYE_X, 0.0, 6.0), (1.8, 1.4, 1.5)), 0.7)  # eye under lids
    # nose
    d = join(d, capsule(ax, y, z, (0, 1.2, 7.35), (0, -3.0, 9.45), 0.58, 0.55), 1.3)
    d = join(d, ellipsoid(ax, y, z, (0, -3.32, 9.52), (0.86, 0.74, 0.88)), 0.8)
    d = join(d, ellipsoid(ax, y, z, (0.96, -3.72, 8.65), (0.60, 0.50, 0.9)), 0.7)
    d = join(d, capsule(ax, y, z, (0, -3.6, 9.7), (0, -4.3, 8.5), 0.36, 0.42), 0.4)
    d = carve(d, ellipsoid(ax, y, z, (0.60, -4.22, 9.0), (0.23, 0.11, 0.42)), 0.2)
    return d  # the ears are under the hair


def garment(x: Field, y: Field, z: Field) -> Field:
    """Distance to the pullover."""
    ax = np.abs(x)
    d = capsule(ax, y, z, (2.5, -15.9, -3.8), (15.2, -20.1, -4.2), 3.2, 3.9)  # shoulder
    d = join(d, ellipsoid(ax, y, z, (0, -27.0, -2.5), (15.5, 12.5, 7.5)), 4.0)  # chest
    d = join(d, _trapezius(ax, y, z) - 0.3, 3.0)
    return join(d, capsule(ax, y, z, (15.8, -21.4, -4.0), (18.4, -33, -3.0), 3.7, 4.2), 3.0)  # arm
