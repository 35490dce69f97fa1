"""A photo becomes landmarks and a matte: the adapter over the face tracker, and what it refuses.

The tracker is MediaPipe's face mesh with irises (478 points) and its selfie segmentation, whose
models are inside the wheel. Both run on one thread's worth of work, on still images, so that the
same pixels give the same face.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from avatar.arrays import Floats32, Floats64, Pixels
from avatar.errors import PhotoError
from avatar.images import LUMA

VERSION: Final = 2


# Under 32 px of mouth an inner-lip gap of 1/10 of its width, an ordinary vowel, is 3 px: one
# quantisation step of the tracker is then a third of the signal, and no lip can be read.
MIN_MOUTH_PX: Final = 32.0
# Under 88 px of face, or 42 between the pupils, an iris is about 5 px wide: gaze and lids would
# move by whole pixels, and the enlarged face would be blurred more than threefold.
MIN_FACE_PX: Final = 88.0
MIN_INTEROCULAR_PX: Final = 42.0
# Below this the picture must be enlarged more than twice for a 840 px frame: allowed, and said.
GOOD_MOUTH_PX: Final = 60.0
# cos 25° = .91: beyond it one mouth corner is foreshortened by a quarter against the other and the
# far cheek has no pixels to turn into view (Rig extremes turn 10° further).
MAX_TURN_DEG: Final = 25.0
# The 2.5-D warp nods ±8°; past 25° of tilt the nostrils or the crown fill the place of the mouth.
MAX_TILT_DEG: Final = 25.0
# Per-column seams need the mouth's corners well apart in x; cos 30° = .87.
MAX_ROLL_DEG: Final = 30.0
# Mean absolute Laplacian in the face scaled to 128 px width, over its mean brightness. Sharp
# photos and paintings measure .047 to .13; blurred by a tenth of the mouth they give .010 to .016.
MIN_SHARPNESS: Final = 0.02
# Median luma of the face. Under 35 of 255 sensor noise and coding blocks are the texture.
MIN_LUMA: Final = 35.0
# Distance in CIELAB's a*b* between the skin around the mouth and that of cheeks and forehead.
# Beards and shadows stay under 16 on what we tried; a surgical mask or a scarf is above 25.
MAX_MOUTH_CHROMA: Final = 25.0

# Mean change of luma from row to row across the lips, the mouth scaled to 64 px, over its median
# luma: lips have two edges and a seam. Photos and paintings measure .031 (a child in oil, the Mona
# Lisa .036) to .089; grey, white, black and skin-coloured bars over the mouth, and a mouth that was
# blurred away, 0 to .015.
MIN_LIP_CONTRAST: Final = 0.022
# The share of the face's landmarks that lie in the picture: a face without its chin keeps .9.
MIN_INSIDE: Final = 0.98
# How many faces wide and high the picture is that the person is cut out of.
SEGMENT_FACES: Final = 7.0
# Landmarks of the face and of its mirror image, in widths of the face: they agree within .03 on
# what is a face, and by more than .15 where one of the two is none, or stands on its head.
MAX_MIRROR: Final = 0.10

CHEEKS: Final = (50, 280, 101, 330, 151, 108, 337, 117, 346)
# Eyes' and mouth's corners, nose, chin; and what stands in their places in a mirror.
PAIRED: Final = (33, 263, 61, 291, 1, 152)
MIRRORED: Final = (263, 33, 291, 61, 1, 152)
AROUND_MOUTH: Final = (164, 167, 393, 18, 200, 199, 204, 424, 186, 410)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One tracked face.

    `points`: float64 (478, 3), x and y in pixels of the photo, z in the same scale, negative
    towards the camera. `matte`: float32 (H, W), 1 where a person is. Angles in degrees: `yaw` +
    turned to the picture's right, `pitch` + tipped up, `roll` + clockwise as the viewer sees it.
    """

    points: Floats64
    matte: Floats32
    yaw: float
    pitch: float
    roll: float

    @property
    def width(self) -> float:
        """Ear to ear in pixels."""
        return _distance(self.points, 234, 454)

    @property
    def interocular(self) -> float:
        """Between the irises' centres, in pixels."""
        return _distance(self.points, 468, 473)

    @property
    def mouth_width(self) -> float:
        """Corner to corner in pixels."""
        return _distance(self.points, 61, 291)


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was measured on the photo. `advice` is set where it passed but could be better."""

    name: str
    value: float
    limit: float
    unit: str
    advice: str | None = None


def find_face(pixels: Pixels) -> Face:
    """The one face of an RGB photo, uint8 (H, W, 3). PhotoError: no such picture, no face, or
    several."""
    _check_picture(pixels)
    found = _track(pixels)
    if len(found) == 1:
        found += _others(pixels, found[0])
    if not found:
        raise PhotoError(
            "No human face was found in the photo (0 faces, 1 is needed).",
            remedy="Give a photo that shows one face from the front.",
            measured=0,
            limit=1,
        )
    widths = [_distance(points, 234, 454) for points in found]
    # A face in a poster or a crowd behind the person is no second presenter: under 1/3 the width.
    rivals = [w for w in widths if w >= max(widths) / 3]
    if len(rivals) > 1:
        raise PhotoError(
            f"The photo shows {len(rivals)} faces; 1 is needed.",
            remedy="Crop it to the presenter.",
            measured=len(rivals),
            limit=1,
        )
    points = found[int(np.argmax(widths))]
    yaw, pitch, roll = _angles(points)
    return Face(points, _segment(pixels, points), yaw, pitch, roll)


def check_photo(pixels: Pixels) -> tuple[Measurement, ...]:
    """Every measurement of the photo; PhotoError names the first that is beyond its limit."""
    return measure_face(find_face(pixels), pixels)


def measure_face(face: Face, pixels: Pixels) -> tuple[Measurement, ...]:
    """Judge a face that was found: size, pose, sharpness, light and a free mouth."""
    small = "Give a larger photo, or one taken closer."
    turned = "Give a photo that looks at the camera."
    mouth = face.mouth_width
    advice = None
    if mouth < GOOD_MOUTH_PX:
        advice = (
            f"The mouth is {mouth:.0f} px wide: lips and teeth will look soft. "
            f"{GOOD_MOUTH_PX:.0f} px or more is better."
        )
    sharpness, luma, chroma = _sharpness(face, pixels), _luma(face, pixels), _cover(face, pixels)
    covered = "The mouth seems covered: give a photo with the mouth free."
    return (
        _least(
            "share of the face in the picture",
            _inside(face, pixels),
            MIN_INSIDE,
            "",
            "Give a photo that shows the whole face.",
        ),
        _least("face width", face.width, MIN_FACE_PX, "px", small),
        _least("interocular distance", face.interocular, MIN_INTEROCULAR_PX, "px", small),
        _least("mouth width", mouth, MIN_MOUTH_PX, "px", small, advice),
        _most("head turn", abs(face.yaw), MAX_TURN_DEG, "°", turned),
        _most("head tilt up or down", abs(face.pitch), MAX_TILT_DEG, "°", turned),
        _most("head lean", abs(face.roll), MAX_ROLL_DEG, "°", "Straighten the photo."),
        _least("sharpness", sharpness, MIN_SHARPNESS, "", "Give a photo in focus."),
        _least("face brightness", luma, MIN_LUMA, "of 255", "Give a photo with light on the face."),
        _most(
            "colour difference between mouth and cheeks",
            chroma,
            MAX_MOUTH_CHROMA,
            "ΔE",
            covered,
        ),
        _least("contrast across the lips", _lips(face, pixels), MIN_LIP_CONTRAST, "", covered),
    )


def _least(
    name: str, value: float, limit: float, unit: str, remedy: str, advice: str | None = None
) -> Measurement:
    if value < limit:
        raise PhotoError(
            f"The {name} is {_show(value)} {unit}; at least {_show(limit)} is needed.".replace(
                " ;", ";"
            ),
            remedy=remedy,
            measured=value,
            limit=limit,
        )
    return Measurement(name, value, limit, unit, advice)


def _most(name: str, value: float, limit: float, unit: str, remedy: str) -> Measurement:
    if value > limit:
        raise PhotoError(
            f"The {name} is {_show(value)} {unit}; at most {_show(limit)} will do.",
            remedy=remedy,
            measured=value,
            limit=limit,
        )
    return Measurement(name, value, limit, unit)


def _show(value: float) -> str:
    return f"{value:.0f}" if value >= 1 else f"{value:.3f}"


def _distance(points: Floats64, a: int, b: int) -> float:
    return float(np.hypot(*(points[a, :2] - points[b, :2])))


def _angles(points: Floats64) -> tuple[float, float, float]:
    """Yaw, pitch, roll in degrees from the tracker's own depths."""
    across = points[[263, 454, 291]].mean(0) - points[[33, 234, 61]].mean(0)
    down = points[152] - points[10]
    yaw = np.degrees(np.arctan2(across[2], np.hypot(across[0], across[1])))
    roll = np.degrees(np.arctan2(across[1], across[0]))
    # A level face has its chin this far before or behind its hairline in the tracker's model.
    level = 4.0
    pitch = np.degrees(np.arctan2(down[2], np.hypot(down[0], down[1]))) - level
    return float(yaw), float(-pitch), float(roll)


def _box(points: Floats64, shape: tuple[int, ...]) -> tuple[slice, slice]:
    low = np.floor(points[:468, :2].min(0)).astype(int)
    high = np.ceil(points[:468, :2].max(0)).astype(int)
    y = slice(max(int(low[1]), 0), min(int(high[1]), shape[0]))
    x = slice(max(int(low[0]), 0), min(int(high[0]), shape[1]))
    return y, x


def _sharpness(face: Face, pixels: Pixels) -> float:
    from avatar.opencv import cv2

    y, x = _box(face.points, pixels.shape)
    grey = cv2.cvtColor(np.ascontiguousarray(pixels[y, x]), cv2.COLOR_RGB2GRAY)
    scale = 128 / max(grey.shape[1], 1)
    grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = grey.astype(np.float32)
    return float(np.abs(cv2.Laplacian(grey, cv2.CV_32F)).mean() / max(float(grey.mean()), 1.0))


def _luma(face: Face, pixels: Pixels) -> float:
    y, x = _box(face.points, pixels.shape)
    return float(np.median(pixels[y, x] @ LUMA))


def _cover(face: Face, pixels: Pixels) -> float:
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


def _lips(face: Face, pixels: Pixels) -> float:
    """How much luma changes from row to row across the lips, over the mouth's median luma."""
    from avatar.opencv import cv2

    left, right = face.points[61, :2], face.points[291, :2]
    scale = 64 / face.mouth_width
    x = (right - left) / face.mouth_width
    turn = np.array([x, [-x[1], x[0]]]) * scale
    offset = np.array([48, 32]) - turn @ ((face.points[13, :2] + face.points[14, :2]) / 2)
    grey = cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY)
    if scale < 0.7:
        grey = cv2.GaussianBlur(grey, (0, 0), 0.45 / scale)
    upright = cv2.warpAffine(
        grey, np.column_stack([turn, offset]), (96, 64), flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    ).astype(np.float32)  # fmt: skip
    upright = cv2.GaussianBlur(upright, (0, 0), 1)
    across = np.abs(np.diff(upright[12:52, 28:68], axis=0)).mean()
    return float(across / max(float(np.median(upright)), 1.0))


def _inside(face: Face, pixels: Pixels) -> float:
    x, y = face.points[:468, 0], face.points[:468, 1]
    height, width = pixels.shape[:2]
    return float(np.mean((x >= 0) & (x < width) & (y >= 0) & (y < height)))


# --------------------------------------------------------------------------- the tracker


def _check_picture(pixels: Pixels) -> None:
    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8:
        raise PhotoError(
            f"The picture is {pixels.dtype} {pixels.shape}.",
            remedy="Give RGB of eight bits: uint8 (height, width, 3).",
        )
    if min(pixels.shape[:2]) < MIN_FACE_PX:
        raise PhotoError(
            f"The picture is {pixels.shape[1]}×{pixels.shape[0]} px; the face alone needs "
            f"{MIN_FACE_PX:.0f} px.",
            remedy="Give a larger photo.",
            measured=min(pixels.shape[:2]),
            limit=MIN_FACE_PX,
        )


def _others(pixels: Pixels, points: Floats64) -> list[Floats64]:
    """Faces to the left and right of the one that was found: the detector may overlook a second
    one that it finds at once when it stands alone."""
    low, high = points[:468, 0].min(), points[:468, 0].max()
    found = []
    for start, end in ((0, int(low)), (int(np.ceil(high)), pixels.shape[1])):
        start, end = max(start, 0), min(end, pixels.shape[1])
        if end - start > 0.8 * (high - low):
            side = np.ascontiguousarray(pixels[:, start:end])
            found += [p + np.array([start, 0, 0]) for p in _mesh(side) if _confirmed(p, side)]
    return found


@contextmanager
def quiet() -> Iterator[None]:
    """MediaPipe's C++ side logs to file descriptor 2 whatever the log level is; nobody reads it."""
    os.environ.setdefault("GLOG_minloglevel", "3")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        kept = os.dup(2)
    except OSError:  # started without a stderr
        yield
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 2)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(null)


def _track(pixels: Pixels) -> list[Floats64]:
    """Faces found, each (478, 3), and found again in their mirrored close-up: the detector sees
    faces in fur and foliage, but not from both sides."""
    return [points for points in _candidates(pixels) if _confirmed(points, pixels)]


def _confirmed(points: Floats64, pixels: Pixels) -> bool:
    centre = points[:468, :2].mean(0)
    side = round(2.2 * float(np.ptp(points[:468, :2], axis=0).max()) / 2)
    x, y = (round(float(v)) for v in centre)
    padded = np.pad(pixels, ((side, side), (side, side), (0, 0)), mode="edge")
    close = padded[y : y + 2 * side, x : x + 2 * side]
    width = max(_distance(points, 234, 454), 1.0)
    here = points[list(PAIRED), :2] - [x - side, y - side]
    for mirrored in _mesh(close[:, ::-1]):
        back = mirrored[list(MIRRORED), :2] * [-1, 1] + [2 * side, 0]
        if np.hypot(*(back - here).T).mean() < MAX_MIRROR * width:
            return True
    return False


def _candidates(pixels: Pixels) -> list[Floats64]:
    """The detector misses faces that fill the picture or are small in it, so a miss is tried
    again with a border, then in overlapping parts."""
    height, width = pixels.shape[:2]
    found = _mesh(pixels)
    if found:
        return found
    pad = max(height, width) // 4
    padded = np.pad(pixels, ((pad, pad), (pad, pad), (0, 0)), mode="edge")
    found = [points - [pad, pad, 0] for points in _mesh(padded)]
    if found:
        return found
    side = int(min(height, width) * 0.66)
    for y in (0, height - side):
        for x in (0, (width - side) // 2, width - side):
            found = [p + np.array([x, y, 0]) for p in _mesh(pixels[y : y + side, x : x + side])]
            if found:
                return found
    return []


def _mesh(pixels: Pixels) -> list[Floats64]:
    height, width = pixels.shape[:2]
    with quiet():
        import mediapipe

        with mediapipe.solutions.face_mesh.FaceMesh(
            static_image_mode=True,
            max_num_faces=4,
            refine_landmarks=True,
            min_detection_confidence=0.4,
        ) as mesh:
            result: Any = mesh.process(np.ascontiguousarray(pixels))
    return [
        np.array([(p.x * width, p.y * height, p.z * width) for p in face.landmark], np.float64)
        for face in result.multi_face_landmarks or ()
    ]


def _segment(pixels: Pixels, points: Floats64) -> Floats32:
    """The person's matte. The segmenter sees 256 pixels a side: of a picture in which the face is
    small only the part around it is shown to it."""
    low, high = points[:468, :2].min(0), points[:468, :2].max(0)
    middle, reach = (low + high) / 2, SEGMENT_FACES / 2 * float((high - low).max())
    x0, y0 = np.maximum(np.floor(middle - reach).astype(int), 0)
    x1, y1 = np.minimum(np.ceil(middle + reach).astype(int), pixels.shape[1::-1])
    matte = np.zeros(pixels.shape[:2], np.float32)
    matte[y0:y1, x0:x1] = _person(pixels[y0:y1, x0:x1])
    return matte


def _person(pixels: Pixels) -> Floats32:
    with quiet():
        import mediapipe

        with mediapipe.solutions.selfie_segmentation.SelfieSegmentation(
            model_selection=0
        ) as segmenter:
            result: Any = segmenter.process(np.ascontiguousarray(pixels))
    return np.asarray(result.segmentation_mask, np.float32)
