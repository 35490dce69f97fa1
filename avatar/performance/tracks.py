"""Writes the movements of mouth and body into channels, for whole clips and for streams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64
from avatar.mathematics import smoothstep
from avatar.performance.body import PITCH, ROLL, YAW
from avatar.performance.channels import ARKIT, CHANNELS, INDEX
from avatar.performance.controls import Controls
from avatar.performance.emotion import make_emotion_offsets
from avatar.performance.targets import Shape

# Everything but speech eases in and out over this many seconds, so that slides join at rest.
EDGE: Final = 0.3
# Speech may start with the first frame, so its own edge is short.
SPEECH_EDGE: Final = 0.08
# A shout is 1; read speech stays below, even if it is clear and loud.
WIDEST: Final = 0.85
# Travel of the jaw for each dB above the speech level: some 5 dB more effort open the jaw a sixth
# wider.
JAW_PER_DB: Final = 0.03
# The head's 1 is this many semitones above the speaker's median. Loudness (dB relative to the
# speech level) is cut to a range, and its -1..1 is the middle of speech ± half its span.
TONE_SPAN: Final = 4.0
LOUDNESS: Final = (-20.0, 6.0)
MIDDLE, HALF = -8.0, 14.0
# In steps of 1/4096, the last bits of another machine's sine and exponential vanish.
STEPS: Final = 4096.0
_UNIT: Final = [INDEX[name] for name in ARKIT] + [INDEX["tongueTip"], INDEX["labiodental"]]


@dataclass(frozen=True, eq=False, slots=True)
class BodyTracks:
    """Everything but speech, one value per frame.

    sway            yaw, pitch, roll, -1..1
    active          how much the body moves, 0..1, times the controls' motion
    effort, tones   loudness and pitch that the head follows, about -1..1; 0 where unknown
    nods, brows     degrees, down is negative; 0..1
    breath, blinks  -1..1; 0..1
    away            gaze away from where it rests, degrees right and up
    """

    sway: tuple[Floats64, Floats64, Floats64]
    active: Floats64
    effort: Floats64
    tones: Floats64
    nods: Floats64
    brows: Floats64
    breath: Floats64
    blinks: Floats64
    away: tuple[Floats64, Floats64]


def write_mouth(
    values: Floats64, tracks: Floats64, contact: tuple[Floats64, Floats64], rest: Floats64
) -> None:
    """Write the channels of the mouth.

    `tracks` is (frames, articulators), `contact` is closure and labiodental 0..1, and `rest` is how
    far lips that are parted in the photo are closed, 0..1.
    """
    closure, labiodental = contact
    shape = dict(zip(Shape._fields, tracks.T, strict=True))
    # Lips that meet are not held apart by their own muscles.
    parting = 1.0 - 0.85 * closure

    def put(name: str, track: Floats64) -> None:
        for channel in (name, f"{name}Left", f"{name}Right"):
            if channel in INDEX:
                values[:, INDEX[channel]] = track

    put("jawOpen", np.minimum(shape["jaw"], WIDEST))
    put("mouthStretch", 0.75 * shape["spread"])
    put("mouthSmile", 0.25 * shape["spread"])
    put("mouthPucker", shape["pucker"])
    put("mouthFunnel", shape["funnel"])
    put("mouthUpperUp", shape["upper"] * parting)
    put("mouthLowerDown", shape["lower"] * parting * (1.0 - labiodental))
    put("mouthPress", 0.35 * closure)
    put("mouthRollUpper", 0.15 * closure)
    put("mouthRollLower", 0.18 * closure + 0.6 * labiodental)
    # The chin pushes the lip up to the teeth.
    put("mouthShrugLower", 0.4 * labiodental)
    put("tongueTip", shape["tip"])
    put("tongueOut", shape["out"])
    put("teeth", shape["teeth"])
    put("labiodental", labiodental)
    put("mouthClose", np.maximum(closure, rest * (1.0 - labiodental)))


def write_body(values: Floats64, tracks: BodyTracks, window: Floats64, controls: Controls) -> None:
    """Write the other channels, and the emotion into all; `window` 0..1 eases both ends."""
    active, tones = tracks.active, tracks.tones
    yaw, pitch, roll = tracks.sway
    vigour = active * (1.0 + 0.25 * np.clip(tracks.effort, -1.0, 1.0))

    def add(name: str, track: Floats64) -> None:
        values[:, INDEX[name]] += track

    add("headYaw", window * _bend_to_limit(YAW * 0.9 * yaw * vigour, YAW * controls.motion))
    tilt = (0.5 * pitch + 0.7 * np.clip(tones, -1.5, 1.5)) * vigour
    tilt += tracks.nods * controls.motion
    add("headPitch", window * _bend_to_limit(tilt, PITCH * controls.motion))
    add(
        "headRoll",
        window * _bend_to_limit((1.0 * roll + 0.35 * yaw) * vigour, ROLL * controls.motion),
    )
    # The neck carries the head along as it turns and nods.
    add("headX", 0.004 * values[:, INDEX["headYaw"]])
    add("headY", -0.003 * values[:, INDEX["headPitch"]])
    nearer = 1.0 / controls.distance - 1.0
    add("headZ", window * (nearer + 0.004 * vigour * yaw))
    add("breath", window * tracks.breath * min(controls.motion, 1.0))

    raised = tracks.brows * controls.motion + 0.06 * np.clip(tones, 0.0, 1.5) * active
    for name, share in (("browInnerUp", 1.0), ("browOuterUpLeft", 0.8), ("browOuterUpRight", 0.8)):
        add(name, window * share * raised)

    values[:, INDEX["eyeBlinkLeft"]] = values[:, INDEX["eyeBlinkRight"]] = tracks.blinks
    away_x, away_y = tracks.away
    lively = min(controls.motion, 1.0)
    add("gazeX", window * (controls.gaze[0] + lively * away_x))
    add("gazeY", window * (controls.gaze[1] + lively * away_y))
    _add_emotion(values, window, controls)


def _add_emotion(values: Floats64, window: Floats64, controls: Controls) -> None:
    offsets = make_emotion_offsets(controls.emotion, controls.strength)
    if not offsets.any():
        return
    # Rounded and closed lips have priority over a smile, and shut lids over wide eyes.
    rounded = np.clip(
        values[:, INDEX["mouthPucker"]]
        + 0.6 * values[:, INDEX["mouthFunnel"]]
        + 0.3 * values[:, INDEX["mouthClose"]],
        0.0,
        1.0,
    )
    blink = values[:, INDEX["eyeBlinkLeft"]]
    for name, offset in zip(CHANNELS, offsets, strict=True):
        if offset:
            yields = 1.0 - 0.7 * rounded if name.startswith("mouth") else np.ones(len(values))
            if name.startswith("eye"):
                yields = 1.0 - blink
            values[:, INDEX[name]] += offset * window * yields


def _bend_to_limit(track: Floats64, limit: float) -> Floats64:
    """Bend a track towards ±limit without a corner."""
    if limit <= 0.0:
        return np.zeros_like(track)
    return limit * np.tanh(track / limit)


def compute_effort(loudness: float) -> float:
    """How far a vowel opens at a loudness in dB above the speech level."""
    return float(np.clip(1.0 + JAW_PER_DB * loudness, 0.7, 1.3))


def make_window(times: Floats64, first: float, last: float, edge: float) -> Floats64:
    """1, with smooth ramps of `edge` seconds from the first and to the last frame's centre."""
    ahead = (times - first) / edge
    behind = (last - times) / edge
    return smoothstep(np.minimum(ahead, behind))


def quantize(values: Floats64) -> Floats32:
    """Clip channels to their range and round them to steps of 1 / STEPS."""
    values[:, _UNIT] = np.clip(values[:, _UNIT], 0.0, 1.0)
    grains: Floats32 = (np.round(values * STEPS) / STEPS).astype(np.float32)
    return grains
