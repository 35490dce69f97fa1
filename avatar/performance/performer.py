"""Phones and prosody -> channels per frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64
from avatar.mathematics import smoothstep
from avatar.performance.body import (
    PITCH,
    ROLL,
    YAW,
    activity,
    breath,
    brows,
    find_accents,
    nods,
    pitch_contour,
    sway,
)
from avatar.performance.channels import ARKIT, CHANNELS, INDEX
from avatar.performance.coarticulation import articulate, find_pauses, is_silent, make_gestures
from avatar.performance.contact import contact_tracks, find_touches
from avatar.performance.emotion import make_emotion_offsets
from avatar.performance.eyes import blink_track, draw_blinks, draw_glances, gaze_tracks
from avatar.performance.filters import smooth_track
from avatar.performance.frames import Controls, Performance, PerformanceError, Prosody, frame_times
from avatar.performance.targets import Shape, find_targets
from avatar.phone import Phone

VERSION: Final = 2

# Everything but speech eases in and out over this many seconds, so that slides join at rest.
EDGE: Final = 0.3
# Speech may start with the first frame; its own edge is short.
SPEECH_EDGE: Final = 0.08
# A shout is 1; read speech, even clear and loud, stays below.
WIDEST: Final = 0.85
# Jaw travel per dB above the speech level: some 5 dB more effort open the jaw a sixth wider.
JAW_PER_DB: Final = 0.03
ROUNDING: Final = 1e-6  # seconds that two phones may overlap
# The head's 1 is this many semitones above the speaker's median; loudness (dB re the speech level)
# is cut to a range, and its -1..1 is the middle of speech ± half its span.
TONE_SPAN: Final = 4.0
LOUDNESS: Final = (-20.0, 6.0)
MIDDLE, HALF = -8.0, 14.0
# Steps of 1/4096 make the last bits of another machine's sine and exponential vanish.
STEPS: Final = 4096.0
_UNIT: Final = [INDEX[name] for name in ARKIT] + [INDEX["tongueTip"], INDEX["labiodental"]]


@dataclass(frozen=True, eq=False, slots=True)
class Behaviour:
    """Everything but speech, one value per frame.

    sway            yaw, pitch, roll, -1..1
    active          how much the body moves, 0..1, times the controls' motion
    effort, tones   loudness and pitch that the head follows, about -1..1; 0 where unknown
    nods, brows     degrees, down negative; 0..1
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


def perform(
    phones: Sequence[Phone],
    *,
    frames: int,
    rate: Fraction,
    controls: Controls = Controls(),  # noqa: B008 (frozen)
    prosody: Prosody | None = None,
) -> Performance:
    """A performance of `frames` frames at `rate` frames a second.

    Every /p b m/ closes the lips (mouthClose 1) and every /f v/ touches (labiodental 1) on at
    least one frame at 25 frames a second or more. The first and the last frame are at rest.
    `prosody` has one entry per frame. Raises `PerformanceError` on phones out of order or a
    prosody of another length.
    """
    _check(phones, frames, rate, prosody)
    values = np.zeros((frames, len(CHANNELS)))
    times = frame_times(frames, rate)
    duration = frames / float(rate)
    _speak(values, phones, times, duration, rate, controls, prosody)
    _behave(values, phones, times, duration, rate, controls, prosody)
    values[:1] = values[-1:] = 0.0
    return Performance(quantize(values), rate)


def quantize(values: Floats64) -> Floats32:
    """Channels within their range, in steps of 1 / STEPS."""
    values[:, _UNIT] = np.clip(values[:, _UNIT], 0.0, 1.0)
    grains: Floats32 = (np.round(values * STEPS) / STEPS).astype(np.float32)
    return grains


def make_generators(seed: int) -> list[np.random.Generator]:
    """Randomness for sway, blinks and gaze, each with its own, so that none shifts another."""
    return [np.random.default_rng([abs(seed), seed < 0, k]) for k in range(3)]


def _check(phones: Sequence[Phone], frames: int, rate: Fraction, prosody: Prosody | None) -> None:
    if frames < 0 or rate <= 0:
        raise PerformanceError(
            f"There is no performance of {frames} frames at {rate} a second.",
            remedy="Give a positive rate and frame count.",
        )
    check_order(phones)
    if prosody is not None and not len(prosody.loudness) == len(prosody.pitch) == frames:
        raise PerformanceError(
            f"The prosody covers {len(prosody.loudness)} loudness and {len(prosody.pitch)} pitch "
            f"frames of {frames}.",
            remedy="Measure it at the performance's rate and length.",
        )


def check_order(phones: Sequence[Phone]) -> None:
    """Raises `PerformanceError` unless phones are in order, from 0 s on, without overlap."""
    end = 0.0
    for i, phone in enumerate(phones):
        if not (phone.start >= end - ROUNDING and phone.end >= phone.start):
            raise PerformanceError(
                f"Phone {i} ({phone.symbol!r}) runs from {phone.start} to {phone.end} s, "
                f"and the one before it ends at {end} s.",
                remedy="Give phones in order, without overlap.",
            )
        end = phone.end


def _speak(
    values: Floats64,
    phones: Sequence[Phone],
    times: Floats64,
    duration: float,
    rate: Fraction,
    controls: Controls,
    prosody: Prosody | None,
) -> None:
    """The mouth: articulators averaged over their neighbours, then contact laid over them."""
    if not len(times):
        return
    effort = _effort(phones, times, prosody)
    gestures = make_gestures(phones, duration=duration, clarity=controls.clarity, effort=effort)
    # a tiny window keeps the first and last frame at rest without a jump
    edge = _window(times, duration, SPEECH_EDGE)
    tracks = articulate(gestures, times) * edge[:, None]
    contact = contact_tracks(find_touches(phones), times, 1 / float(rate))
    silence = 1.0 - activity(phones, times, idle=0.0)
    rest = controls.rest_close * silence * _window(times, duration, EDGE)
    write_mouth(values, tracks, contact, rest)


def write_mouth(
    values: Floats64, tracks: Floats64, contact: tuple[Floats64, Floats64], rest: Floats64
) -> None:
    """Write the mouth's channels: `tracks` is (frames, articulators), `contact` closure and
    labiodental 0..1, `rest` how far lips that the photo shows parted are closed, 0..1."""
    closure, labiodental = contact
    shape = dict(zip(Shape._fields, tracks.T, strict=True))
    # lips that meet are not held apart by their own muscles
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
    # the chin pushes the lip up to the teeth
    put("mouthShrugLower", 0.4 * labiodental)
    put("tongueTip", shape["tip"])
    put("tongueOut", shape["out"])
    put("teeth", shape["teeth"])
    put("labiodental", labiodental)
    put("mouthClose", np.maximum(closure, rest * (1.0 - labiodental)))


def _effort(phones: Sequence[Phone], times: Floats64, prosody: Prosody | None) -> list[float]:
    """How far each phone opens, from the loudness of its own frames against other vowels'."""
    if prosody is None:
        return [1.0] * len(phones)
    efforts = []
    for phone in phones:
        effort = 1.0
        if not is_silent(phone) and find_targets(phone.symbol)[0].vowel:
            first = int(np.searchsorted(times, phone.start, "left"))
            last = max(int(np.searchsorted(times, phone.end, "right")), first + 1)
            if first < len(times):
                effort = effort_at(float(np.max(prosody.loudness[first:last])))
        efforts.append(effort)
    return efforts


def effort_at(loudness: float) -> float:
    """How far a vowel opens at a loudness in dB above the speech level."""
    return float(np.clip(1.0 + JAW_PER_DB * loudness, 0.7, 1.3))


def _behave(
    values: Floats64,
    phones: Sequence[Phone],
    times: Floats64,
    duration: float,
    rate: Fraction,
    controls: Controls,
    prosody: Prosody | None,
) -> None:
    """Everything but speech: eyes, brows, head, breath and emotion, eased at both ends."""
    if not len(times):
        return
    swaying, blinking, looking = make_generators(controls.seed)
    pauses = find_pauses(phones, duration)
    active = smooth_track(activity(phones, times), 0.25 * float(rate)) * controls.motion
    accents = find_accents(phones, times, prosody)
    tones = np.zeros(len(times))
    effort = np.zeros(len(times))
    if prosody is not None:
        # the head follows the phrase, not the syllable
        tones = smooth_track(pitch_contour(prosody), 0.3 * float(rate)) / TONE_SPAN
        effort = smooth_track(np.clip(prosody.loudness, *LOUDNESS).astype(float), 0.4 * float(rate))
        effort = (effort - MIDDLE) / HALF
    behaviour = Behaviour(
        sway=sway(swaying, times),
        active=active,
        effort=effort,
        tones=tones,
        nods=nods(accents, times),
        brows=brows(accents, times),
        breath=breath(pauses, times, duration),
        blinks=blink_track(draw_blinks(blinking, duration, pauses), times, 1 / float(rate)),
        away=gaze_tracks(draw_glances(looking, duration, pauses), times),
    )
    write_body(values, behaviour, _window(times, duration, EDGE), controls)


def write_body(
    values: Floats64, behaviour: Behaviour, window: Floats64, controls: Controls
) -> None:
    """Write the other channels, and the emotion into all; `window` 0..1 eases both ends."""
    active, tones = behaviour.active, behaviour.tones
    yaw, pitch, roll = behaviour.sway
    vigour = active * (1.0 + 0.25 * np.clip(behaviour.effort, -1.0, 1.0))

    def add(name: str, track: Floats64) -> None:
        values[:, INDEX[name]] += track

    add("headYaw", window * _limited(YAW * 0.9 * yaw * vigour, YAW * controls.motion))
    tilt = (0.5 * pitch + 0.7 * np.clip(tones, -1.5, 1.5)) * vigour
    tilt += behaviour.nods * controls.motion
    add("headPitch", window * _limited(tilt, PITCH * controls.motion))
    add("headRoll", window * _limited((1.0 * roll + 0.35 * yaw) * vigour, ROLL * controls.motion))
    # the neck carries the head along as it turns and nods
    add("headX", 0.004 * values[:, INDEX["headYaw"]])
    add("headY", -0.003 * values[:, INDEX["headPitch"]])
    nearer = 1.0 / controls.distance - 1.0
    add("headZ", window * (nearer + 0.004 * vigour * yaw))
    add("breath", window * behaviour.breath * min(controls.motion, 1.0))

    raised = behaviour.brows * controls.motion + 0.06 * np.clip(tones, 0.0, 1.5) * active
    for name, share in (("browInnerUp", 1.0), ("browOuterUpLeft", 0.8), ("browOuterUpRight", 0.8)):
        add(name, window * share * raised)

    values[:, INDEX["eyeBlinkLeft"]] = values[:, INDEX["eyeBlinkRight"]] = behaviour.blinks
    away_x, away_y = behaviour.away
    lively = min(controls.motion, 1.0)
    add("gazeX", window * (controls.gaze[0] + lively * away_x))
    add("gazeY", window * (controls.gaze[1] + lively * away_y))
    _feel(values, window, controls)


def _feel(values: Floats64, window: Floats64, controls: Controls) -> None:
    offsets = make_emotion_offsets(controls.emotion, controls.strength)
    if not offsets.any():
        return
    # rounded and closed lips win over a smile, shut lids over wide eyes
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


def _window(times: Floats64, duration: float, edge: float) -> Floats64:
    return window_between(times, float(times[0]), float(times[-1]), min(edge, duration / 2))


def window_between(times: Floats64, first: float, last: float, edge: float) -> Floats64:
    """1 with smooth ramps of `edge` seconds from the first and to the last frame's centre."""
    ahead = (times - first) / edge
    behind = (last - times) / edge
    return smoothstep(np.minimum(ahead, behind))


def _limited(track: Floats64, limit: float) -> Floats64:
    """`track` bent towards ±limit without a corner."""
    if limit <= 0.0:
        return np.zeros_like(track)
    return limit * np.tanh(track / limit)
