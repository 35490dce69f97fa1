"""Whether a face can be animated: what is measured on the photo, and the limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64, Pixels
from avatar.errors import PhotoError
from avatar.face.geometry import Face
from avatar.mathematics import LUMA

# In a mouth below 32 px, an inner-lip gap of 1/10 of its width, an ordinary vowel, is 3 px. One
# quantisation step of the tracker is then a third of the signal, and no lip can be read.
MIN_MOUTH_PX: Final = 32.0
# In a face below 88 px, or with less than 42 px between the pupils, an iris is about 5 px wide.
# Gaze and lids would move by whole pixels, and the enlarged face would be blurred more than
# threefold.
MIN_FACE_PX: Final = 88.0
MIN_INTEROCULAR_PX: Final = 42.0
# Below this the picture must be enlarged more than twice for a frame of 840 px: allowed, with
# advice.
GOOD_MOUTH_PX: Final = 60.0
# cos 25° = .91: beyond it, one corner of the mouth is foreshortened by a quarter relative to the
# other, and there are no pixels of the far cheek to turn into view (a rig turns 10° further).
MAX_TURN_DEG: Final = 25.0
# The 2.5-D warp nods ±8°; beyond 25° of tilt, nostrils or crown take the place of the mouth.
MAX_TILT_DEG: Final = 25.0
# Seams are found column by column, so the corners of the mouth must be well apart in x; cos 30° =
# .87.
MAX_ROLL_DEG: Final = 30.0
# Mean absolute Laplacian in the face scaled to a width of 128 px, over its mean brightness. Sharp
# photos and paintings measure .047 to .13; if they are blurred by a tenth of the mouth, .010 to
# .016.
MIN_SHARPNESS: Final = 0.02
# Median luma of the face. Below 35 of 255, sensor noise and coding blocks are the texture.
MIN_LUMA: Final = 35.0
# Distance in CIELAB's a*b* between the skin around the mouth and that of cheeks and forehead.
# Beards and shadows stayed below 16 in what was tried; a surgical mask or a scarf is above 25.
MAX_MOUTH_CHROMA: Final = 25.0

# Mean change of luma from row to row across the lips, with the mouth scaled to 64 px, over its
# median luma: lips have two edges and a seam. Photos and paintings measure .031 (a child in oil,
# the Mona Lisa .036) to .089. Grey, white, black and skin-coloured bars over the mouth, and a mouth
# that was blurred away, measure 0 to .015.
MIN_LIP_CONTRAST: Final = 0.022
# The share of the face's landmarks that are in the picture: a face without its chin keeps .9.
MIN_INSIDE: Final = 0.98

CHEEKS: Final = (50, 280, 101, 330, 151, 108, 337, 117, 346)
AROUND_MOUTH: Final = (164, 167, 393, 18, 200, 199, 204, 424, 186, 410)


@dataclass(frozen=True, slots=True)
class Measurement:
    """A value that was measured on the photo. `advice` is set if it passed but could be better."""

    name: str
    value: float
    limit: float
    unit: str
    advice: str | None = None


def judge_face(face: Face, pixels: Pixels) -> tuple[Measurement, ...]:
    """Judge the size, pose, sharpness and light of a face, and whether its mouth is free.

    Raises PhotoError for the first value beyond its limit.
    """
    small = "Give a larger photo, or one that was taken from closer."
    turned = "Give a photo in which the person looks at the camera."
    mouth = face.mouth_width
    advice = None
    if mouth < GOOD_MOUTH_PX:
        advice = (
            f"The mouth is {mouth:.0f} px wide, so lips and teeth will look soft. "
            f"{GOOD_MOUTH_PX:.0f} px or more is better."
        )
    sharpness, luma, chroma = (
        _measure_sharpness(face, pixels),
        _measure_luma(face, pixels),
        _measure_mouth_colour(face, pixels),
    )
    covered = "The mouth seems to be covered. Give a photo in which it is free."
    return (
        _require_at_least(
            "share of the face in the picture",
            _measure_share_inside(face, pixels),
            MIN_INSIDE,
            "",
            "Give a photo that shows the whole face.",
        ),
        _require_at_least("face width", face.width, MIN_FACE_PX, "px", small),
        _require_at_least(
            "interocular distance", face.interocular, MIN_INTEROCULAR_PX, "px", small
        ),
        _require_at_least("mouth width", mouth, MIN_MOUTH_PX, "px", small, advice),
        _require_at_most("head turn", abs(face.yaw), MAX_TURN_DEG, "°", turned),
        _require_at_most("head tilt up or down", abs(face.pitch), MAX_TILT_DEG, "°", turned),
        _require_at_most("head lean", abs(face.roll), MAX_ROLL_DEG, "°", "Straighten the photo."),
        _require_at_least(
            "sharpness", sharpness, MIN_SHARPNESS, "", "Give a photo that is in focus."
        ),
        _require_at_least(
            "face brightness", luma, MIN_LUMA, "of 255", "Give a photo with more light on the face."
        ),
        _require_at_most(
            "colour difference between mouth and cheeks",
            chroma,
            MAX_MOUTH_CHROMA,
            "ΔE",
            covered,
        ),
        _require_at_least(
            "contrast across the lips",
            _measure_lip_contrast(face, pixels),
            MIN_LIP_CONTRAST,
            "",
            covered,
        ),
    )


def _require_at_least(
    name: str, value: float, limit: float, unit: str, remedy: str, advice: str | None = None
) -> Measurement:
    if value < limit:
        raise PhotoError(
            f"The {name} is {_format(value)} {unit}; at least {_format(limit)} is needed.".replace(
                " ;", ";"
            ),
            remedy=remedy,
            measured=value,
            limit=limit,
        )
    return Measurement(name, value, limit, unit, advice)


def _require_at_most(name: str, value: float, limit: float, unit: str, remedy: str) -> Measurement:
    if value > limit:
        raise PhotoError(
            f"The {name} is {_format(value)} {unit}; at most {_format(limit)} is allowed.",
            remedy=remedy,
            measured=value,
            limit=limit,
        )
    return Measurement(name, value, limit, unit)


def _format(value: float) -> str:
    return f"{value:.0f}" if value >= 1 else f"{value:.3f}"


def _find_box(points: Floats64, shape: tuple[int, ...]) -> tuple[slice, slice]:
    low = np.floor(points[:468, :2].min(0)).astype(int)
    high = np.ceil(points[:468, :2].max(0)).astype(int)
    y = slice(max(int(low[1]), 0), min(int(high[1]), shape[0]))
    x = slice(max(int(low[0]), 0), min(int(high[0]), shape[1]))
    return y, x


def _measure_sharpness(face: Face, pixels: Pixels) -> float:
    from avatar.opencv import cv2

    y, x = _find_box(face.points, pixels.shape)
    grey = cv2.cvtColor(np.ascontiguousarray(pixels[y, x]), cv2.COLOR_RGB2GRAY)
    scale = 128 / max(grey.shape[1], 1)
    grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = grey.astype(np.float32)
    return float(np.abs(cv2.Laplacian(grey, cv2.CV_32F)).mean() / max(float(grey.mean()), 1.0))


def _measure_luma(face: Face, pixels: Pixels) -> float:
    y, x = _find_box(face.points, pixels.shape)
    return float(np.median(pixels[y, x] @ LUMA))


def _measure_mouth_colour(face: Face, pixels: Pixels) -> float:
    """Distance in a*b* between the skin around the mouth and that of the cheeks and forehead."""
    from avatar.opencv import cv2

    radius = max(1, round(face.width * 0.01))

    def colour(indices: tuple[int, ...]) -> Floats32:
        rows = []
        for i in indices:
            cx, cy = (round(float(v)) for v in face.points[i, :2])
            y0, x0 = max(cy - radius, 0), max(cx - radius, 0)
            patch = pixels[y0 : cy + radius + 1, x0 : cx + radius + 1]
            if patch.size:
                rows.append(np.median(patch.reshape(-1, 3), axis=0))
        rgb = np.array([[np.median(rows, axis=0) / 255]], np.float32)
        return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB)[0, 0, 1:], np.float32)

    return float(np.hypot(*(colour(AROUND_MOUTH) - colour(CHEEKS))))


def _measure_lip_contrast(face: Face, pixels: Pixels) -> float:
    """How much luma changes from row to row across the lips, over the mouth's median luma."""
    from avatar.images import align_points, warp_grey
    from avatar.opencv import cv2

    left, right = face.points[61, :2], face.points[291, :2]
    middle = (face.points[13, :2] + face.points[14, :2]) / 2
    matrix = align_points(left, right, 64, middle, np.array([48.0, 32.0]))
    upright = warp_grey(pixels, matrix, (96, 64)).astype(np.float32)
    upright = cv2.GaussianBlur(upright, (0, 0), 1)
    across = np.abs(np.diff(upright[12:52, 28:68], axis=0)).mean()
    return float(across / max(float(np.median(upright)), 1.0))


def _measure_share_inside(face: Face, pixels: Pixels) -> float:
    x, y = face.points[:468, 0], face.points[:468, 1]
    height, width = pixels.shape[:2]
    return float(np.mean((x >= 0) & (x < width) & (y >= 0) & (y < height)))
