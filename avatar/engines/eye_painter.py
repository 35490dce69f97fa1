"""Paints gaze and lids into the photo's own frame, before it is warped."""

from __future__ import annotations

from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from avatar.arrays import Floats32, Pixels
from avatar.engines.lash_states import LashStates
from avatar.mathematics import smoothstep, solve_least_squares
from avatar.opencv import cv2
from avatar.performance.channels import INDEX, Values
from avatar.rig.eye_layers import SHADOW_DEPTH
from avatar.rig.rig import Eye

Value = TypeVar("Value", bound=np.generic)

# Radius of an eyeball in cm: 24 mm across (Bekerman et al. 2014).
EYEBALL_CM: Final = 1.2
# A reflection on the cornea moves with the cornea's centre of curvature, which is 5.6 mm in front
# of the eye's centre of rotation (Gullstrand's eye: 13.4 mm less a radius of 7.8).
HIGHLIGHT: Final = 0.56 / EYEBALL_CM
# Lids follow the gaze: nearly completely downwards, a little less upwards.
FOLLOW_DOWN: Final = 0.75
FOLLOW_UP: Final = 0.55
# How far eyes open wide and squint, as shares of the eye's width.
WIDE: Final = 0.06
SQUINT: Final = 0.10
# The share of the opening that the lower lid closes in a blink.
MEET: Final = 0.10
# A shut upper lid hides the wet rim of the lower one, by this share of the eye's width.
OVERLAP: Final = 0.036
# How far down the skin of the cheek follows the lower lid, as a share of the eye's width.
REACH: Final = 0.45
# Motion in pixels that cannot be seen.
STILL: Final = 0.05


class EyePainter:
    """Paints one eye of one rig."""

    def __init__(self, eye: Eye, scale: float) -> None:
        self._eye = eye
        self._scale = scale
        side = "Right" if eye.side == 0 else "Left"  # the picture's left eye is the subject's right
        self._blink = INDEX[f"eyeBlink{side}"]
        self._wide = INDEX[f"eyeWide{side}"]
        self._squint = INDEX[f"eyeSquint{side}"]
        height, width = eye.skin.shape[:2]
        w = eye.aperture
        x = np.arange(width, dtype=np.float32)
        self._rows = np.arange(height, dtype=np.float32)[:, None]
        self._columns = np.ascontiguousarray(np.broadcast_to(x, (height, width)))
        self._sharp = 1 / max(0.8, 0.02 * w)  # margins are as soft as this
        self._span = np.maximum(eye.lower - eye.upper, 0)
        self._most = max(float(self._span.max()), 1e-3)
        self._shape = smoothstep(self._span / self._most).astype(np.float32)
        self._meet, self._blink_rise = _find_meeting_line(eye, self._span)
        self._lashes = LashStates(eye)

        # The eyeball is visible in a window, from which its pictures are cut once.
        rows = slice(
            int(max(eye.upper.min() - (WIDE + 0.12) * w, 0)),
            int(min(np.ceil(eye.lower.max()) + 2, height)),
        )
        self._ball = rows, slice(int(max(eye.left, 0)), int(min(np.ceil(eye.right) + 1, width)))
        self._ahead = np.ascontiguousarray(eye.ahead[self._ball])
        self._white = np.ascontiguousarray(eye.ball[self._ball])
        self._iris = np.ascontiguousarray(eye.iris[self._ball][..., :3])
        self._iris_cover = np.ascontiguousarray(eye.iris[self._ball][..., 3])
        self._light = np.round(np.clip(eye.highlight[self._ball], 0, 255)).astype(np.uint8)
        self._has_light = bool(self._light.max() > 3)
        out = np.maximum(eye.left - x, x - eye.right)
        self._within = smoothstep(-out / (0.05 * w)).astype(np.float32)[self._ball[1]]
        self._front = self._mask_above(eye.lower) * self._within
        self._below = 1 - self._mask_above(eye.upper + 0.5 / self._sharp)
        self._veil = np.ascontiguousarray(eye.veil[self._ball])

        # Beside the corners and above the crease the lid blends into the photo.
        self._top = int(max(eye.crease.min() - 0.12 * w, 0))
        self._across = smoothstep(1 - out / (0.16 * w)).astype(np.float32)
        self._residue = np.ascontiguousarray(eye.skin - eye.shut)
        self._folded = self._residue * eye.fold[..., None]
        self._unfolded = cv2.merge([1 - eye.fold] * 3)

    def gaze(self, values: Values) -> tuple[float, float]:
        """The shift of the iris in pixels."""
        radius = EYEBALL_CM * self._scale
        x = radius * np.sin(np.radians(float(values[INDEX["gazeX"]])))
        y = -radius * np.sin(np.radians(float(values[INDEX["gazeY"]])))
        return float(x), float(y)

    def lids(self, values: Values) -> tuple[float, Floats32, Floats32]:
        """The lids' closure, and the rows of the upper and the lower margin for each column of the
        eye's box.

        The closure says how far the upper lid has come down: 0 as in the photo, 1 shut, negative
        raised.
        """
        eye = self._eye
        blink = float(np.clip(values[self._blink], 0, 1))
        wide = float(np.clip(values[self._wide], 0, 1)) * WIDE * eye.aperture
        squint = float(np.clip(values[self._squint], 0, 1)) * SQUINT * eye.aperture
        _, gy = self.gaze(values)
        follow = gy * (FOLLOW_DOWN if gy > 0 else FOLLOW_UP)
        closure = float(np.clip((follow - wide) / self._most, -1, 1))
        closure += blink * (1 - closure)
        # The lower lid yields where the opening is low, so that it never passes the upper one.
        rise = np.zeros_like(self._span)
        if squint > 0:
            rise = squint * self._shape / (1 + squint / np.maximum(0.8 * self._span, 1e-3))
        shut = self._meet - 0.5 * rise
        rise = (1 - 0.5 * blink) * rise + blink * self._blink_rise
        if closure > 0:
            upper = eye.upper + closure * (shut - eye.upper)
        else:
            upper = eye.upper + closure * self._most * self._shape
        return closure, upper, eye.lower - rise

    def paint(self, photo: Pixels, values: Values) -> Pixels | None:
        """Paint gaze and lids into the eye's box; None where it is as in the photo."""
        eye = self._eye
        gx, gy = self.gaze(values)
        closure, upper, lower = self.lids(values)
        moved, risen = abs(closure) * self._most, float((eye.lower - lower).max())
        if max(moved, risen, abs(gx), abs(gy)) < STILL:
            return None
        out = photo.copy()
        front = self._front
        if risen > STILL:
            self._raise_cheek(photo, out, eye.lower - lower)
            front = self._mask_above(lower) * self._within
        ball = self._turn_eyeball(gx, gy, upper)
        still_lid = None
        if moved < 1:  # the photo's own lid and lashes, in front of an eye that may have turned
            motion = min(max(moved, risen, abs(gx), abs(gy)), 1)
            seen = front * self._below * np.float32(motion * (2 - motion))
            veiled = cv2.multiply(ball, self._veil, dtype=cv2.CV_8U)
            still_lid = out if moved < STILL else out.copy()
            still_lid[self._ball] = _mix(still_lid[self._ball], veiled, seen)
            if moved < STILL:
                return still_lid
        out[self._ball] = _mix(out[self._ball], ball, front)
        self._draw_lid(out, closure, upper)
        self._draw_lashes(out, closure, upper)
        if still_lid is not None:  # invented pixels appear with the motion that uncovers them
            out = cv2.addWeighted(out, moved, still_lid, 1 - moved, 0)
        return out

    def _mask_above(self, curve: Floats32) -> Floats32:
        """1 above a curve and 0 below it, in the eyeball's window."""
        rows, columns = self._ball
        edge = (curve[columns] - self._rows[rows]) * self._sharp + 0.5
        return np.asarray(np.clip(edge, 0, 1), np.float32)

    def _turn_eyeball(self, gx: float, gy: float, upper: Floats32) -> Pixels:
        """Eyeball, iris and highlight under the shadow of the upper lid, in the eyeball's
        window."""
        ball, light = self._ahead, self._light
        away = max(abs(gx), abs(gy))
        if away > STILL:
            bare = 1 - _shift(self._iris_cover, gx, gy)
            ball = cv2.multiply(self._white, cv2.merge([bare, bare, bare]))
            ball = cv2.add(ball, _shift(self._iris, gx, gy))
            if away < 1:
                share = away * (2 - away)
                ball = cv2.addWeighted(ball, share, self._ahead, 1 - share, 0)
            if self._has_light:
                light = _shift(light, HIGHLIGHT * gx, HIGHLIGHT * gy)
        rows, columns = self._ball
        depth = (upper[columns] - self._rows[rows]) / (SHADOW_DEPTH * self._eye.aperture) + 1
        depth = np.clip(depth, 0, 1)
        shade = 1 - self._eye.shadow * depth * depth
        out = cv2.multiply(ball, cv2.merge([shade, shade, shade]), dtype=cv2.CV_8U)
        return np.asarray(cv2.add(out, light) if self._has_light else out, np.uint8)

    def _raise_cheek(self, photo: Pixels, out: Pixels, rise: Floats32) -> None:
        """Raise the lower lid and the skin that it pulls up.

        Rows under the margin come from lower down, less and less so with their distance.
        """
        eye = self._eye
        lower = eye.lower - rise
        first = int(max(lower.min() - 3 / self._sharp, 0))
        last = int(np.ceil(lower.max() + REACH * eye.aperture)) + 1
        part = slice(first, last)
        below = self._rows[part] - lower
        t = np.clip(below * (1 / (REACH * eye.aperture)), 0, 1)
        edge = np.clip(below * self._sharp + 2.5, 0, 1)  # moves the soft edge, not the eyeball
        source = self._rows[part] + rise * (1 - t) ** 2 * edge
        out[part] = cv2.remap(
            photo, self._columns[part], source, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        )

    def _draw_lid(self, out: Pixels, closure: float, upper: Floats32) -> None:
        """Lay the skin of the upper lid over the box."""
        eye = self._eye
        part = slice(self._top, int(np.ceil(upper.max() + 1 / self._sharp)) + 1)
        rows = self._rows[part]
        fall = upper - eye.upper
        if closure > 0:  # the skin between crease and margin is stretched
            fall = fall * np.clip((rows - eye.crease) / (upper - eye.crease), 0, 1)
        slid = cv2.remap(
            self._residue, self._columns[part], rows - fall, cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        slid = cv2.add(cv2.multiply(slid, self._unfolded[part]), self._folded[part])
        # Skin that comes out of the fold looks like the shut lid, and so does everything in the
        # end.
        left = 1 - float(smoothstep(np.asarray((closure - 0.05) / 0.75)))
        skin = cv2.addWeighted(slid, left, eye.shut[part], 1, 0, dtype=cv2.CV_8U)
        cover = np.clip((upper - rows) * self._sharp + 0.5, 0, 1) * self._across
        out[part] = _mix(out[part], skin, cover)

    def _draw_lashes(self, out: Pixels, closure: float, upper: Floats32) -> None:
        bank = self._lashes
        first = int(max(upper.min() - bank.above, 0))
        part = slice(first, int(upper.max() + bank.below) + 1)
        through = cv2.remap(
            bank.at(closure), self._columns[part], self._rows[part] - (upper - bank.above),
            cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(255, 255, 255),
        )  # fmt: skip
        out[part] = cv2.multiply(out[part], through, scale=1 / 255)


def _find_meeting_line(eye: Eye, span: Floats32) -> tuple[Floats32, Floats32]:
    """The line on which shut lids meet, and how far the lower lid rises to it, in pixels.

    The line is one arc from corner to corner.
    """
    x = np.arange(len(eye.lower), dtype=np.float64)
    s = np.clip((x - eye.left) / max(eye.right - eye.left, 1), 0, 1)
    ends = np.interp([eye.left, eye.right], x, eye.lower)
    axis = ends[0] + (ends[1] - ends[0]) * s
    arc = np.stack([s * (1 - s), s * (1 - s) * (s - 0.5)], axis=-1)
    fit = solve_least_squares(arc, eye.lower - MEET * span - axis, span.astype(np.float64) ** 2)
    line = np.where((s > 0) & (s < 1), axis + arc[:, 0] * fit[0] + arc[:, 1] * fit[1], eye.lower)
    rise = np.maximum(eye.lower - line, 0)
    line = line + OVERLAP * eye.aperture * np.clip(0.4 + span / (0.1 * eye.aperture), 0, 1)
    return line.astype(np.float32), rise.astype(np.float32)


def _mix(under: Pixels, over: Pixels, cover: Floats32) -> Pixels:
    return np.asarray(cv2.blendLinear(over, np.ascontiguousarray(under), cover, 1 - cover))


def _shift(image: npt.NDArray[Value], dx: float, dy: float) -> npt.NDArray[Value]:
    size = (image.shape[1], image.shape[0])
    by = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    return np.asarray(
        cv2.warpAffine(image, by, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    )
