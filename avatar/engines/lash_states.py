"""The lashes of a lid from open to shut: first they stand above the margin, then point at the
viewer, then hang down."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatar.arrays import Floats32, Pixels
from avatar.images import remap_columns
from avatar.opencv import cv2
from avatar.rig.rig import Eye

# States between open and shut. From one to the next, lashes move by less than a pixel at 1080.
STATES: Final = 11
# Length of the hanging lashes, relative to that of the standing ones in the photo.
HANGING: Final = 0.9
# Height of the band in which they have their roots, as a share of the eye's width.
ROOTS: Final = 0.045


class LashStates:
    """The light that lashes let through, in several states of the lid.

    Each is uint8 (rows, w, 3), in rows around the lid's margin, `above` of them over it and `below`
    under it.
    """

    def __init__(self, eye: Eye) -> None:
        self.above = eye.lash_rows + 2
        self.below = int(np.ceil(HANGING * eye.lash_rows + ROOTS * eye.aperture)) + 2
        turns = np.linspace(1, -HANGING, STATES)
        self._states = [self._make_state(eye, float(turn)) for turn in turns]

    def at(self, closure: float) -> Pixels:
        """The lashes at a closure of 0..1; on raised lids they stay as they are."""
        t = min(max(closure, 0.0), 1.0) * (STATES - 1)
        k = min(int(t), STATES - 2)
        part = t - k
        return np.asarray(
            cv2.addWeighted(self._states[k], 1 - part, self._states[k + 1], part, 0), np.uint8
        )

    def _make_state(self, eye: Eye, turn: float) -> Pixels:
        """`turn` is the height of the hairs relative to the photo: 1 standing, negative hanging."""
        turned = float(np.clip((1 - turn) / 2, 0, 1))
        # Hanging lashes are separate; standing ones hide each other.
        roots = max(1.5, ROOTS * eye.aperture) * (1 - 0.3 * turned)
        height = self.above - np.arange(self.above + self.below + 1, dtype=np.float32)[:, None]
        middle = turn * roots / 2
        up, down = height - middle + roots / 2, middle + roots / 2 - height

        def held(heights: Floats32) -> Floats32:
            shape = (len(heights), eye.lashes.shape[1])
            rows = np.broadcast_to(eye.lash_rows - heights, shape)
            held = 1 - remap_columns(eye.lashes, rows, cv2.INTER_LINEAR)
            return np.asarray(held * (rows >= 0)[..., None], np.float32)

        # Outside the corners there is no lid that could turn them.
        x = np.arange(eye.lashes.shape[1], dtype=np.float32)
        out = np.maximum(eye.left - x, x - eye.right) / (0.10 * eye.aperture)
        beyond = np.clip(out, 0, 1)[None, :, None]
        standing, hanging = held(up) * (1 - turned), held(down) * turned
        reach = up - roots if turn > 0 else down - roots
        thin = min(abs(turn) / 0.15, 1)
        hair = held(roots + reach / max(abs(turn), 0.06)) * thin * (1 - turned * beyond)
        inside = ((up >= 0) & (up <= roots))[..., None]
        far = standing if turn > 0 else hanging
        cover = np.where((reach > 0)[..., None], hair, far)
        cover = np.where(inside, standing + hanging, cover)
        return np.round(255 * (1 - cover * (1 - 0.22 * turned))).astype(np.uint8)
