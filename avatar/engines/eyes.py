"""Gaze and lids, painted into the photo's own frame before it is warped."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatar.opencv import cv2
from avatar.performance.channels import INDEX
from avatar.rig.model import Eye, Floats, Pixels

Values = npt.NDArray[np.float32]

# Radius of an eyeball in cm: 24 mm across (Bekerman et al. 2014).
EYEBALL_CM: Final = 1.2
# Lids follow the gaze: down nearly all the way, up a little less.
FOLLOW_DOWN: Final = 0.75
FOLLOW_UP: Final = 0.55
# Eyes wide and squinting, as shares of the eye's width.
WIDE: Final = 0.06
SQUINT: Final = 0.10


class EyePainter:
    """One eye of one rig."""

    def __init__(self, eye: Eye, scale: float) -> None:
        self._eye = eye
        self._scale = scale
        side = "Right" if eye.side == 0 else "Left"  # the picture's left eye is the subject's right
        self._blink = INDEX[f"eyeBlink{side}"]
        self._wide = INDEX[f"eyeWide{side}"]
        self._squint = INDEX[f"eyeSquint{side}"]
        height, width = eye.ball.shape[:2]
        self._rows = np.arange(height, dtype=np.float32)[:, None]
        self._columns = np.broadcast_to(np.arange(width, dtype=np.float32)[None], (height, width))
        self._columns = np.ascontiguousarray(self._columns)
        self._iris = eye.iris.astype(np.float32) * eye.iris_alpha[..., None]
        self._iris = np.dstack([self._iris, eye.iris_alpha]).astype(np.float32)
        self._span = np.maximum(eye.lower - eye.upper, 0)
        self._soft = max(0.6, 0.014 * eye.aperture)
        # The lid's skin reaches a little past the corners, over the lashes' wing.
        inside = np.flatnonzero(self._span > 0.02 * eye.aperture)
        first, last = (inside[0], inside[-1]) if inside.size else (0, width - 1)
        x = np.arange(width, dtype=np.float32)
        beyond = np.maximum(np.maximum(first - x, x - last), 0) / (0.16 * eye.aperture)
        self._across = _smooth(np.clip(1 - beyond, 0, 1))[None, :, None]
        deep = np.maximum(np.minimum(x - first, last - x), 0) / (0.10 * eye.aperture)
        self._within = _smooth(np.clip(deep, 0, 1))[None, :, None]

    def gaze(self, values: Values) -> tuple[float, float]:
        """The iris's shift in pixels."""
        radius = EYEBALL_CM * self._scale
        x = radius * np.sin(np.radians(float(values[INDEX["gazeX"]])))
        y = -radius * np.sin(np.radians(float(values[INDEX["gazeY"]])))
        return float(x), float(y)

    def paint(self, photo: Pixels, values: Values) -> Pixels | None:
        """The eye's box after gaze and lids; None where it is as in the photo."""
        eye = self._eye
        blink = float(np.clip(values[self._blink], 0, 1))
        wide = float(np.clip(values[self._wide], 0, 1)) * WIDE * eye.aperture
        squint = float(np.clip(values[self._squint], 0, 1)) * SQUINT * eye.aperture
        gx, gy = self.gaze(values)
        if (
            max(blink, wide / eye.aperture, squint / eye.aperture) < 0.004
            and max(abs(gx), abs(gy)) < 0.05
        ):
            return None
        follow = gy * (FOLLOW_DOWN if gy > 0 else FOLLOW_UP)
        shape = self._span / max(float(self._span.max()), 1e-3)
        shape = _smooth(np.clip(shape, 0, 1))
        raised = (follow - wide) * shape
        lower = eye.lower - np.minimum(squint, 0.5 * self._span) * shape
        margin = eye.upper + raised
        margin = margin + blink * (eye.closed - squint * 0.4 * shape - margin)
        margin = np.minimum(margin, np.maximum(lower, eye.upper))

        ball = self._ball(photo, gx, gy)
        ball = self._shadow(ball, photo, margin)
        # What was made up near the lids comes in with the motion that uncovers it.
        moved = max(abs(gx), abs(gy), float(np.abs(margin - eye.upper).max())) / 1.5
        if moved < 1:
            ball = photo + (ball - photo) * np.float32(moved)
        out = self._lower_lid(photo, ball, lower) if squint > 0 else ball
        if float(np.abs(margin - eye.upper).max()) < 0.05:
            cover = np.clip((margin[None] - self._rows) / (1.5 * self._soft) + 0.5, 0, 1)
            seen = (1 - cover[..., None]) * self._within
            return np.asarray(
                np.clip(photo + (out - photo) * seen + 0.5, 0, 255).astype(np.uint8), np.uint8
            )
        return self._upper_lid(photo, out, margin)

    def _ball(self, photo: Pixels, gx: float, gy: float) -> Floats:
        """Eyeball and iris, as if there were no lids; the photo itself outside the aperture."""
        eye = self._eye
        shift = np.array([[1, 0, gx], [0, 1, gy]], np.float32)
        size = (photo.shape[1], photo.shape[0])
        iris = cv2.warpAffine(
            self._iris, shift, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )
        alpha = np.clip(iris[..., 3:], 0, 1)
        whole = eye.ball * (1 - alpha) + np.clip(iris[..., :3], 0, 255)
        # Below the lower margin the photo's lid stays in front.
        front = np.clip((eye.lower[None] - self._rows) / self._soft + 0.5, 0, 1)[..., None]
        return np.asarray(whole * front + photo * (1 - front), np.float32)

    def _shadow(self, ball: Floats, photo: Pixels, margin: Floats) -> Floats:
        """The lid's shadow on the ball goes with the lid."""
        depth = 0.10 * self._eye.aperture
        moved = np.clip(np.abs(margin - self._eye.upper) / (0.05 * self._eye.aperture), 0, 1)
        below = np.clip((self._rows - margin[None]) / depth, 0, 1)
        dark = 1 - 0.30 * (1 - below) ** 2 * moved[None]
        inside = self._rows < self._eye.lower[None]
        return np.asarray(ball * np.where(inside, dark, 1)[..., None], np.float32)

    def _lower_lid(self, photo: Pixels, ball: Floats, lower: Floats) -> Floats:
        eye = self._eye
        rise = eye.lower - lower
        reach = 0.45 * eye.aperture
        # Rows under the margin come from lower down, less and less.
        t = np.clip((self._rows - lower[None]) / reach, 0, 1)
        source = self._rows + rise[None] * (1 - t) ** 2
        lid = cv2.remap(
            photo, self._columns, source.astype(np.float32), cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        front = np.clip((self._rows - lower[None]) / self._soft + 0.5, 0, 1)[..., None]
        return np.asarray(ball * (1 - front) + lid * front, np.float32)

    def _upper_lid(self, photo: Pixels, ball: Floats, margin: Floats) -> Pixels:
        """The lid comes down: its lashes as they are, its skin unrolled between them and the
        crease."""
        eye = self._eye
        fall = margin - eye.upper
        lash = 0.11 * eye.aperture
        top = eye.crease - 0.20 * eye.aperture
        edge = margin - lash  # above it the skin stretches
        rest_edge = eye.upper - lash
        room = np.maximum(edge - top, 1)
        t = np.clip((self._rows - top[None]) / room[None], 0, 1)
        stretched = top + t * (rest_edge - top)
        source = np.where(self._rows > edge[None], self._rows - fall[None], stretched)
        source = np.where(self._rows < top[None], self._rows, source)
        lid = cv2.remap(
            photo, self._columns, source.astype(np.float32), cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        ).astype(np.float32)  # fmt: skip
        unrolled = np.clip(fall / max(0.8 * float(self._span.max()), 1), 0, 1)
        amount = _smooth(np.clip((unrolled.max() - 0.10) / 0.55, 0, 1)) * np.ones_like(fall)
        soft = 0.16 * eye.aperture
        band = _smooth(np.clip((self._rows - eye.crease[None] + 0.4 * soft) / soft, 0, 1))
        lashes = 0.085 * eye.aperture
        band = band * _smooth(np.clip((margin[None] - lashes - self._rows) / lashes + 1, 0, 1))
        skin = 0.85 * (amount[None] * band)[..., None]
        lid = lid * (1 - skin) + eye.lid * skin
        # The lash line hangs a little over the ball.
        cover = np.clip((margin[None] - self._rows) / (1.5 * self._soft) + 0.5, 0, 1)
        ball = photo + (ball - photo) * self._within
        out = ball * (1 - cover[..., None]) + lid * cover[..., None]
        line = margin[None] - 0.02 * eye.aperture
        dark = (
            0.35
            * eye.lashes
            * unrolled
            * np.exp(-(((self._rows - line) / (0.035 * eye.aperture)) ** 2))
        )
        out = out * (1 - dark[..., None])
        # Beside the eye nothing was touched.
        out = photo + (out - photo) * self._across
        return np.asarray(np.clip(out + 0.5, 0, 255).astype(np.uint8), np.uint8)


def _smooth(t: Floats) -> Floats:
    return np.asarray(t * t * (3 - 2 * t), np.float32)
