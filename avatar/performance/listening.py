"""How the presenter listens while somebody else speaks: the lips rest, the eyes and a little of the
head turn to the speaker, and the head nods slowly.

Listeners look at whoever speaks for most of the time and speakers do less (Argyle & Cook 1976), so
the gaze stays there. Their nods are slower and wider than those with which speakers stress a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from avatar.arrays import Floats64
from avatar.errors import PerformanceError
from avatar.mathematics import gaussian, smoothstep
from avatar.performance.body import PITCH, YAW
from avatar.performance.channels import INDEX
from avatar.performance.controls import GAZE_LIMIT, Controls
from avatar.performance.eyes import SACCADE
from avatar.performance.prosody import FLOOR, Prosody
from avatar.phone import Phone

Span = tuple[float, float]

TOWARDS: Final = (-8.0, -0.5)
"""Degrees from the viewer's eyes to where the other person seems to be. In a lecture the slide is
on that side of the presenter."""
TURN: Final = -2.2  # degrees of the head's yaw, which follows the eyes
TURNING: Final = 0.5  # seconds; the head is slower than the eyes
RETURN: Final = 0.25  # seconds before the end of a span: who will speak looks back first
LEAST_SPAN: Final = 0.8  # seconds: nobody turns to a shorter remark
NOD_DEPTH: Final = 1.4  # degrees down
NOD_WIDTH: Final = 0.26  # seconds, half width at 1/e: twice that of a speaker's nod
NOD_INTERVAL: Final = (2.4, 5.0)  # seconds
FIRST_NOD: Final = (1.0, 2.2)  # seconds after the other began
BROWS: Final = 0.08  # attention raises the inner brows a little


@dataclass(frozen=True, eq=False, slots=True)
class ListeningTracks:
    """One value per frame: where the eyes and the head are between their usual place (0) and the
    other speaker (1), and nods in degrees (down is negative)."""

    eyes: Floats64
    head: Floats64
    nods: Floats64


def check_spans(spans: Sequence[Span]) -> None:
    """Raise PerformanceError unless the spans are in order and do not overlap."""
    last = 0.0
    for start, end in spans:
        if not last <= start <= end:
            raise PerformanceError(
                f"The span from {start} to {end} s, in which the presenter listens, is out of "
                "order.",
                remedy="Give spans in order that do not overlap, none of them before 0.",
            )
        last = end


def select_own_phones(phones: Sequence[Phone], spans: Sequence[Span]) -> list[Phone]:
    """The phones that the presenter says: those whose middle is in no span."""
    middles = [(phone.start + phone.end) / 2 for phone in phones]
    inside = is_within(np.array(middles, np.float64), spans)
    return [phone for phone, other in zip(phones, inside, strict=True) if not other]


def is_within(times: Floats64, spans: Sequence[Span]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """For each time whether it is in one of the spans."""
    starts = np.array([start for start, _ in spans], np.float64)
    ends = np.array([end for _, end in spans], np.float64)
    at = np.searchsorted(starts, times, "right") - 1
    if not len(starts):
        return np.zeros(len(times), np.bool_)
    return np.asarray((at >= 0) & (times < ends[np.maximum(at, 0)]))


def mute_others(prosody: Prosody, times: Floats64, spans: Sequence[Span]) -> Prosody:
    """The prosody without what is heard in the spans: the head follows one's own voice alone."""
    others = is_within(times, spans)
    return replace(
        prosody,
        loudness=np.where(others, np.float32(FLOOR), prosody.loudness),
        pitch=np.where(others, np.float32(0.0), prosody.pitch),
    )


def make_listening_tracks(spans: Sequence[Span], times: Floats64, seed: int) -> ListeningTracks:
    """How the presenter listens during the spans; the same seed gives the same nods."""
    # The fourth of the generators of `body.make_generators`: it shifts none of the others.
    rng = np.random.default_rng([abs(seed), seed < 0, 3])
    eyes, head, nods = (np.zeros(len(times)) for _ in range(3))
    for start, end in spans:
        if end - start < LEAST_SPAN:
            continue
        back = end - RETURN
        eyes += smoothstep((times - start) / SACCADE) - smoothstep((times - back) / SACCADE)
        ramp = min(TURNING, (end - start) / 2)
        head += smoothstep((times - start) / ramp) - smoothstep((times - back) / ramp)
        nod = start + float(rng.uniform(*FIRST_NOD))
        while nod < end - NOD_WIDTH:
            depth = NOD_DEPTH * float(rng.uniform(0.7, 1.0))
            nods -= depth * gaussian(times - nod, NOD_WIDTH)
            nod += float(rng.uniform(*NOD_INTERVAL))
    return ListeningTracks(eyes, head, nods)


def write_listening(
    values: Floats64, tracks: ListeningTracks, window: Floats64, controls: Controls
) -> None:
    """Write how the presenter listens over what the body does; `window` 0..1 eases both ends."""
    lively = min(controls.motion, 1.0)

    def add(name: str, track: Floats64, limit: float = np.inf) -> None:
        at = INDEX[name]
        values[:, at] = np.clip(values[:, at] + window * track, -limit, limit)

    add("gazeX", lively * tracks.eyes * TOWARDS[0], GAZE_LIMIT)
    add("gazeY", lively * tracks.eyes * TOWARDS[1], GAZE_LIMIT)
    add("headYaw", controls.motion * tracks.head * TURN, YAW * controls.motion)
    add("headPitch", controls.motion * tracks.nods, PITCH * controls.motion)
    add("browInnerUp", lively * tracks.head * BROWS)
