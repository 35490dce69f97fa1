"""Paints what is visible between the lips: cavity, tongue, teeth, and the light on them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Pixels
from avatar.engines.displacement import Edges, limit_jaw
from avatar.images import to_bytes
from avatar.opencv import cv2
from avatar.performance.channels import INDEX, Values
from avatar.rig.interior import LOWER_EDGE_CM
from avatar.rig.rig import Rig
from avatar.rig.shapes import JAW

# A gap below this many pixels is a seam.
SEAM_PX: Final = 0.7
# Lips that moved less than this are nearly as in the photo, whose own teeth are then visible.
AS_IN_PHOTO_CM: Final = 0.12
# Lips that part show their wet inner side along their edges: how far in cm, how strongly, and the
# gap at which it is complete. Without it pale lips, above all in paintings, look like a hole in the
# skin.
INNER_LOWER: Final = (0.20, 0.55)
INNER_UPPER: Final = (0.12, 0.45)
INNER_GAP_CM: Final = 0.30


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """RGBA uint8, colour premultiplied, with its corner in the pixels of the unturned head."""

    x0: int
    y0: int
    rgba: Pixels


class MouthPainter:
    """Paints the interior of the mouth of one rig."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig
        m = rig.mouth
        self._cm = m.scale
        self._half = m.width / m.scale / 2
        self._has_photo = bool(rig.interior.photo[..., 3].max() > 0)
        self._was_open = m.rest_gap > SEAM_PX

    def paint(self, values: Values, edges: Edges, teeth_cm: float) -> Patch | None:
        """Paint the interior where the lips are apart, and the line where an open mouth was
        shut."""
        gap = edges.gap
        if float(gap.max()) < SEAM_PX and not self._was_open:
            return None
        left, right = edges.corners[0, 0], edges.corners[1, 0]
        pad = 2 + round(0.22 * self._cm)
        x0 = max(int(left) - pad, edges.x0)
        x1 = min(int(right) + pad, edges.x0 + len(gap))
        part = slice(x0 - edges.x0, x1 - edges.x0)
        upper, lower = edges.upper[part], edges.lower[part]
        y0 = max(int(upper.min()) - pad, 0)
        y1 = min(int(lower.max()) + pad, self._rig.rest.shape[0])
        if x1 - x0 < 2 or y1 - y0 < 2:
            return None
        rows = np.arange(y0, y1, dtype=np.float32)[:, None]
        columns = np.arange(x0, x1, dtype=np.float32)

        soft = max(1.0, 0.09 * self._cm, 1.8 * self._rig.interior.softness)
        cover = np.clip((rows - upper) / soft + 0.5, 0, 1) * np.clip(
            (lower - rows) / soft + 0.5, 0, 1
        )
        thin = np.clip((lower - upper) / SEAM_PX - 0.3, 0, 1)
        cover = cover * thin
        if self._was_open:
            cover = cover * self._measure_change(values, edges)

        inside = self._draw_inside(values, x0, y0, x1, y1, teeth_cm)
        light = self._compute_light(rows, columns, upper, lower, left, right)
        colour = inside * light[..., None]
        alpha = cover[..., None]
        rgba = np.concatenate([colour * alpha, alpha * 255], axis=-1)
        rgba = self._draw_inner_lips(rgba, rows, upper, lower, x0)
        if self._was_open:
            line = self._draw_contact_line(rows, upper, lower)[..., None]
            dark = self._rig.interior.cavity * 1.6
            rgba = rgba * (1 - line)
            rgba[..., :3] += dark * line
            rgba[..., 3:] += 255 * line
        return Patch(x0, y0, to_bytes(rgba))

    def _measure_change(self, values: Values, edges: Edges) -> float:
        """0 while an open mouth is as in the photo, which then shows itself."""
        m = self._rig.mouth
        columns = np.arange(edges.x0, edges.x0 + len(edges.gap))
        rest_upper = np.interp(columns, m.upper_edge[:, 0], m.upper_edge[:, 1])
        rest_lower = np.interp(columns, m.lower_edge[:, 0], m.lower_edge[:, 1])
        moved = max(
            float(np.abs(edges.upper - rest_upper).max()),
            float(np.abs(edges.lower - rest_lower).max()),
            float(abs(values[INDEX["tongueOut"]]) + abs(values[INDEX["tongueTip"]])) * self._cm,
        )
        return float(np.clip(moved / (AS_IN_PHOTO_CM * self._cm), 0, 1))

    def _draw_contact_line(self, rows: Floats32, upper: Floats32, lower: Floats32) -> Floats32:
        """The shadow between lips that are apart in the photo."""
        near = np.clip(1 - (lower - upper) / (0.10 * self._cm), 0, 1)
        was = np.clip(self._rig.mouth.rest_gap / (0.25 * self._cm), 0, 1)
        away = (rows - (upper + lower) / 2) / (0.055 * self._cm)
        edge = max(4, round(0.6 * self._cm))
        ramp = np.clip(np.arange(len(near)) / edge, 0, 1)
        taper = np.minimum(ramp, ramp[::-1])
        return np.asarray(0.50 * was * near * taper * np.exp(-(away**2)), np.float32)

    def _draw_inner_lips(
        self, rgba: Floats32, rows: Floats32, upper: Floats32, lower: Floats32, x0: int
    ) -> Floats32:
        """Add the inner side of the lips along their edges, under what is in the gap.

        Lips that are parted in the photo already show theirs, so only the additional gap counts.
        """
        m = self._rig.mouth
        columns = np.arange(x0, x0 + len(upper), dtype=np.float32)
        rest = np.interp(columns, m.upper_edge[:, 0], m.lower_edge[:, 1] - m.upper_edge[:, 1])
        parted = np.clip((lower - upper - rest) / (INNER_GAP_CM * self._cm), 0, 1)
        rim = np.zeros(rgba.shape[:2], np.float32)
        for away, (reach, most) in ((rows - lower, INNER_LOWER), (upper - rows, INNER_UPPER)):
            fall = np.clip(1 - away / (reach * self._cm), 0, 1) ** 1.5
            rim = np.maximum(rim, (most * parted * fall * (away > -2)).astype(np.float32))
        rim *= 1 - rgba[..., 3] / 255
        rgba[..., :3] += self._rig.interior.mucosa * rim[..., None]
        rgba[..., 3] += 255 * rim
        return rgba

    def _draw_inside(
        self, values: Values, x0: int, y0: int, x1: int, y1: int, teeth_cm: float
    ) -> Floats32:
        """Cavity, tongue and teeth without the shadows of the lips: (h, w, 3)."""
        i = self._rig.interior
        jaw = limit_jaw(values)
        aside = 0.6 * float(values[INDEX["jawLeft"]] - values[INDEX["jawRight"]])
        drop = JAW * 2 * self._half * jaw * 0.93
        tip = float(np.clip(values[INDEX["tongueTip"]], 0, 1))
        out = float(np.clip(values[INDEX["tongueOut"]], 0, 1))
        box = (x0, y0, x1, y1)
        lower_y = LOWER_EDGE_CM + drop

        # At rest it lies on the floor of the mouth; the wider the jaw, the more of it is visible.
        floor = lower_y + 0.10 - 0.42 * drop
        ridge = teeth_cm - 0.12
        tongue_y = floor + (ridge - floor) * tip
        tongue_y += (teeth_cm + 0.03 - tongue_y) * out
        size = 1 - 0.18 * tip * (1 - out)
        tongue = self._draw_texture(i.tongue, i.tongue_anchor, aside * 0.5, tongue_y, box, size)
        # The tongue is deeper inside than the teeth; when it is out between them it comes into the
        # light.
        tongue[..., :3] *= min(0.42 + 0.40 * tip + 0.36 * out, 1.05)
        # Halfway out it passes over the lower teeth; a transparent mixture of both would look like
        # neither.
        over = float(np.clip(2 * out, 0, 1))
        lower = self._draw_texture(i.lower, i.lower_anchor, aside, lower_y, box)
        lower[..., :3] *= 0.90
        upper = self._draw_texture(i.upper, i.upper_anchor, 0.0, teeth_cm, box)
        if self._has_photo:
            own = self._draw_own_teeth(box, teeth_cm)
            upper = own + upper * (1 - own[..., 3:])

        image = np.empty((y1 - y0, x1 - x0, 3), np.float32)
        image[:] = i.cavity
        layers = [(tongue, 1 - over), (lower, 1.0), (tongue, over), (upper, 1.0)]
        for layer, share in layers:
            if share > 0:
                layer = layer if share == 1 else layer * np.float32(share)
                image *= 1 - layer[..., 3:]
                image += layer[..., :3]
        return image

    def _draw_own_teeth(self, box: tuple[int, int, int, int], teeth_cm: float) -> Floats32:
        i = self._rig.interior
        shift = self._rig.mouth.axes[1] * (teeth_cm - i.upper_edge_cm) * self._cm
        x, y = i.photo_box[0] - box[0] + shift[0], i.photo_box[1] - box[1] + shift[1]
        size = (box[2] - box[0], box[3] - box[1])
        matrix = np.array([[1, 0, x], [0, 1, y]], np.float32)
        return np.asarray(cv2.warpAffine(i.photo, matrix, size, flags=cv2.INTER_LINEAR), np.float32)

    def _draw_texture(
        self,
        texture: Floats32,
        anchor: Floats32,
        x_cm: float,
        y_cm: float,
        box: tuple[int, int, int, int],
        size: float = 1.0,
    ) -> Floats32:
        """Draw a texture into the box, with its anchor at (x, y) cm from the middle of the seam
        at rest."""
        m = self._rig.mouth
        turn = m.axes.T * (self._cm / self._rig.interior.per_cm * size)
        at = m.origin + (np.array([x_cm, y_cm]) @ m.axes) * self._cm - [box[0], box[1]]
        matrix = np.column_stack([turn, at - turn @ anchor]).astype(np.float32)
        shape = (box[2] - box[0], box[3] - box[1])
        return np.asarray(
            cv2.warpAffine(texture, matrix, shape, flags=cv2.INTER_LINEAR), np.float32
        )

    def _compute_light(
        self,
        rows: Floats32,
        columns: Floats32,
        upper: Floats32,
        lower: Floats32,
        left: float,
        right: float,
    ) -> Floats32:
        """How much light reaches each place: less at the corners, under the upper lip and deep
        inside."""
        cm = self._cm
        s = np.abs((columns - (left + right) / 2) / max((right - left) / 2, 1))
        side = 1 - 0.55 * np.clip((s - 0.35) / 0.65, 0, 1) ** 1.5
        # There is little light close under the lip, and full light 2 mm below: the edge that
        # lip-readers look for.
        lip = 0.45 + 0.55 * np.clip((rows - upper) / (0.22 * cm), 0, 1) ** 0.65
        bottom = 0.66 + 0.34 * np.clip((lower - rows) / (0.20 * cm), 0, 1)
        wide = 0.88 + 0.12 * np.clip((lower - upper) / (0.8 * cm), 0, 1)
        return np.asarray(lip * bottom * (side * wide)[None], np.float32)
