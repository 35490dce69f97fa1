"""Checks that a frame's displacement field is sound, without looking at the picture.

A map of the plane whose Jacobian is positive everywhere, and that is the identity at its rim, shows
every place once: nothing is folded or doubled. The only place where it may be torn is the seam of
the lips, and what is between them must be covered by the interior of the mouth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Mask
from avatar.engines.mouth_painter import AS_IN_PHOTO_CM
from avatar.engines.raster.opencv_raster import compute_places, compute_weights
from avatar.engines.warp import WarpEngine
from avatar.opencv import cv2
from avatar.performance.channels import Values

# Where less of the person than this is visible, the background hides what the field does.
SEEN: Final = 0.5
# How many times the field may repeat a pixel of the photo before skin looks smeared: 12 times is
# 3.5 times in each direction.
STRETCH: Final = 12.0
# A pixel farther than this beyond the photo's edge is counted; nearer ones are read by cubic
# interpolation anyway.
BEYOND_PX: Final = 1.0


@dataclass(frozen=True, slots=True)
class Soundness:
    """Counts of pixels of the moving person.

    `folded`    the field turns over, outside the seam
    `torn`      the same within the mouth's window, if it is more than a seam of three pixels
    `gaping`    between the lips, and not covered by the interior of the mouth
    `beyond`    shows a place outside the photo, where its edge is mirrored: no fault of the field
    `stretch`   how many pixels show one pixel of the photo, at most (99.9th percentile)
    """

    folded: int
    torn: int
    gaping: int
    beyond: int
    stretch: float

    @property
    def sound(self) -> bool:
        return not (self.folded or self.torn or self.gaping) and self.stretch <= STRETCH


def check_frame(engine: WarpEngine, values: Values) -> Soundness:
    """Judge the field of one frame."""
    values = np.asarray(values, np.float32)
    drawing = engine.draw(values)
    where = compute_places(engine.scene, drawing)
    seen = compute_weights(engine.scene, drawing) > SEEN
    return check_map(where, seen, drawing.near_box, gaping=_count_gaping(engine, values),
                 size=engine.scene.rest.shape[1::-1])  # fmt: skip


def check_map(
    where: Floats32,
    seen: Mask,
    window: tuple[int, int, int, int],
    *,
    gaping: int,
    size: tuple[int, int],
) -> Soundness:
    """Judge a map (h, w, 2) into a photo of `size` (w, h).

    Only the pixels in `seen` count; the seam of the lips is inside `window`.
    """
    across, down = np.diff(where, axis=1)[:-1], np.diff(where, axis=0)[:, :-1]
    area = across[..., 0] * down[..., 1] - across[..., 1] * down[..., 0]
    x0, y0, x1, y1 = window
    mouth = np.zeros(area.shape, bool)
    mouth[y0:y1, x0:x1] = True
    seen = seen[:-1, :-1]
    over = ((area <= 0) & mouth).astype(np.uint8)
    torn = int(cv2.erode(over, np.ones((4, 4), np.uint8)).sum())
    past = np.maximum(-where, where - (np.array(size) - 1)).max(-1)
    beyond = past[:-1, :-1] > BEYOND_PX
    flat = area[seen & ~mouth & (area > 0)]
    return Soundness(
        folded=int(((area <= 0) & seen & ~mouth).sum()),
        torn=torn,
        gaping=gaping,
        beyond=int((beyond & seen).sum()),
        stretch=float(1 / max(np.quantile(flat, 0.001), 1e-6)) if flat.size else 1.0,
    )


def _count_gaping(engine: WarpEngine, values: Values) -> int:
    """Pixels well inside the gap, in the unturned head, that show neither lip nor interior.

    Lips that are as in the photo show what the photo has between them.
    """
    edges, rest = engine.lips(values), engine.lips(np.zeros_like(values))
    moved = np.maximum(np.abs(edges.upper - rest.upper), np.abs(edges.lower - rest.lower))
    if moved.max() < AS_IN_PHOTO_CM * engine.scale:
        return 0
    patch = engine.interior(values)
    rows = np.arange(engine.scene.rest.shape[0], dtype=np.float32)[:, None]
    inside = (rows > edges.upper + 2) & (rows < edges.lower - 2)
    if not inside.any():
        return 0
    if patch is None:
        return int(inside.sum())
    covered = np.zeros(inside.shape, bool)
    x = patch.x0 - edges.x0
    height, width = patch.rgba.shape[:2]
    covered[patch.y0 : patch.y0 + height, x : x + width] = patch.rgba[..., 3] > 200
    return int((inside & ~covered).sum())
