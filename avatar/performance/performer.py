"""The performance of a whole clip: phones and prosody become channels for each frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from avatar.arrays import Floats64
from avatar.errors import PerformanceError
from avatar.performance.body import (
    activity,
    breath,
    brows,
    find_accents,
    make_generators,
    nods,
    pitch_contour,
    sway,
)
from avatar.performance.channels import CHANNELS
from avatar.performance.coarticulation import articulate, find_pauses, is_silent, make_gestures
from avatar.performance.contact import contact_tracks, find_touches
from avatar.performance.controls import Controls
from avatar.performance.eyes import blink_track, draw_blinks, draw_glances, gaze_tracks
from avatar.performance.filters import smooth_track
from avatar.performance.frames import Performance, frame_times
from avatar.performance.listening import (
    Span,
    check_spans,
    make_listening_tracks,
    mute_others,
    select_own_phones,
    write_listening,
)
from avatar.performance.prosody import Prosody
from avatar.performance.targets import find_targets
from avatar.performance.tracks import (
    EDGE,
    HALF,
    LOUDNESS,
    MIDDLE,
    SPEECH_EDGE,
    TONE_SPAN,
    BodyTracks,
    compute_effort,
    make_window,
    quantize,
    write_body,
    write_mouth,
)
from avatar.phone import Phone, check_order


@dataclass(frozen=True, eq=False, slots=True)
class _Clip:
    """What is performed, at the frame centres `times`; times and `duration` are in seconds."""

    phones: Sequence[Phone]
    times: Floats64
    duration: float
    rate: float
    controls: Controls
    prosody: Prosody | None

    def window(self, edge: float) -> Floats64:
        """1, with ramps of `edge` seconds at both ends, which meet if the clip is short."""
        first, last = float(self.times[0]), float(self.times[-1])
        return make_window(self.times, first, last, min(edge, self.duration / 2))


def perform(
    phones: Sequence[Phone],
    *,
    frames: int,
    rate: Fraction,
    controls: Controls = Controls(),  # noqa: B008 (frozen)
    prosody: Prosody | None = None,
    listening: Sequence[Span] = (),
) -> Performance:
    """Perform phones in `frames` frames at `rate` frames a second.

    Every /p b m/ closes the lips (mouthClose 1) and every /f v/ touches (labiodental 1) on at
    least one frame at 25 frames a second or more. The first and the last frame are at rest.
    `prosody` has one entry for each frame. `listening` are the spans in seconds in which somebody
    else speaks: phones in them do not move the lips, and the presenter turns to the speaker and
    nods (`avatar.performance.listening`). Raises PerformanceError if the phones or the spans are
    out of order or the prosody has another length.
    """
    _check(phones, frames, rate, prosody)
    check_spans(listening)
    values = np.zeros((frames, len(CHANNELS)))
    if frames:
        times = frame_times(frames, rate)
        if listening:
            phones = select_own_phones(phones, listening)
            prosody = prosody and mute_others(prosody, times, listening)
        clip = _Clip(
            phones,
            times,
            frames / float(rate),
            float(rate),
            controls,
            prosody,
        )
        _move_mouth(values, clip)
        _move_body(values, clip)
        if listening:
            tracks = make_listening_tracks(listening, times, controls.seed)
            write_listening(values, tracks, clip.window(EDGE), controls)
    values[:1] = values[-1:] = 0.0
    return Performance(quantize(values), rate)


def _check(phones: Sequence[Phone], frames: int, rate: Fraction, prosody: Prosody | None) -> None:
    if frames < 0 or rate <= 0:
        raise PerformanceError(
            f"A performance of {frames} frames at {rate} frames a second is not possible.",
            remedy="Give a rate above 0, and a number of frames that is not negative.",
        )
    check_order(phones)
    if prosody is not None and not len(prosody.loudness) == len(prosody.pitch) == frames:
        raise PerformanceError(
            f"The prosody has {len(prosody.loudness)} frames of loudness and "
            f"{len(prosody.pitch)} of pitch, and the performance has {frames} frames.",
            remedy="Measure the prosody at the performance's rate and length.",
        )


def _move_mouth(values: Floats64, clip: _Clip) -> None:
    """Average each articulator over neighbouring phones, then apply the contacts."""
    effort = _find_efforts(clip)
    gestures = make_gestures(
        clip.phones, duration=clip.duration, clarity=clip.controls.clarity, effort=effort
    )
    # A tiny window keeps the first and the last frame at rest without a jump.
    edge = clip.window(SPEECH_EDGE)
    tracks = articulate(gestures, clip.times) * edge[:, None]
    contact = contact_tracks(find_touches(clip.phones), clip.times, 1 / clip.rate)
    silence = 1.0 - activity(clip.phones, clip.times, idle=0.0)
    rest = clip.controls.rest_close * silence * clip.window(EDGE)
    write_mouth(values, tracks, contact, rest)


def _find_efforts(clip: _Clip) -> list[float]:
    """How far each phone opens the mouth, from the greatest loudness in its own frames."""
    if clip.prosody is None:
        return [1.0] * len(clip.phones)
    efforts = []
    for phone in clip.phones:
        effort = 1.0
        if not is_silent(phone) and find_targets(phone.symbol)[0].vowel:
            first = int(np.searchsorted(clip.times, phone.start, "left"))
            last = max(int(np.searchsorted(clip.times, phone.end, "right")), first + 1)
            if first < len(clip.times):
                effort = compute_effort(float(np.max(clip.prosody.loudness[first:last])))
        efforts.append(effort)
    return efforts


def _move_body(values: Floats64, clip: _Clip) -> None:
    """Move everything but the mouth: eyes, brows, head, breath and emotion."""
    swaying, blinking, looking = make_generators(clip.controls.seed)
    times, rate = clip.times, clip.rate
    pauses = find_pauses(clip.phones, clip.duration)
    active = smooth_track(activity(clip.phones, times), 0.25 * rate) * clip.controls.motion
    accents = find_accents(clip.phones, times, clip.prosody)
    tones = np.zeros(len(times))
    effort = np.zeros(len(times))
    if clip.prosody is not None:
        # The head follows the phrase, not the syllable.
        tones = smooth_track(pitch_contour(clip.prosody), 0.3 * rate) / TONE_SPAN
        loudness = np.clip(clip.prosody.loudness, *LOUDNESS).astype(float)
        effort = (smooth_track(loudness, 0.4 * rate) - MIDDLE) / HALF
    tracks = BodyTracks(
        sway=sway(swaying, times),
        active=active,
        effort=effort,
        tones=tones,
        nods=nods(accents, times),
        brows=brows(accents, times),
        breath=breath(pauses, times, clip.duration),
        blinks=blink_track(draw_blinks(blinking, clip.duration, pauses), times, 1 / rate),
        away=gaze_tracks(draw_glances(looking, clip.duration, pauses), times),
    )
    write_body(values, tracks, clip.window(EDGE), clip.controls)
