"""Closed lips and lip on teeth: hard constraints that are applied to the averaged tracks.

Averaging can miss a closure between two open vowels, and a frame grid can step over a short one. So
each contact is a plateau of 1 that is at least one frame long: at every rate, a frame falls on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

import numpy as np

from avatar.arrays import Floats64
from avatar.mathematics import raised_cosine
from avatar.performance.coarticulation import is_silent
from avatar.performance.targets import CLOSED_SHARE, LONG_CLOSED_SHARE, Contact, find_targets
from avatar.phone import Phone

# Lips close within some 70 ms of a vowel, and part faster, because the burst pushes them.
CLOSING: Final = 0.07
OPENING: Final = 0.05
# However fast the speech is, lips that meet stay together this long, so that a viewer can see it.
BRIEFEST: Final = 0.05
# A contact farther than this (seconds) from its phone would belong to another sound.
NEAR: Final = 0.08
# Lips that learn of a contact at the last moment still need some time to get there.
HASTE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Touch:
    """The lips are closed, or the lower lip is on the teeth, from `start` to `end` in seconds.

    Frames up to `seen` do not know of it.
    """

    kind: Contact
    start: float
    end: float
    symbol: str
    seen: float = -inf

    @property
    def centre(self) -> float:
        return (self.start + self.end) / 2


def find_touches(phones: Sequence[Phone], lookahead: float = inf) -> list[Touch]:
    """Find every contact of a phone timeline, in order: the closure of a stop without its burst."""
    touches = []
    for phone in phones:
        if is_silent(phone):
            continue
        start = phone.start
        seen = phone.start - lookahead
        for target in find_targets(phone.symbol):
            length = (phone.end - phone.start) * target.share
            if target.contact == "bilabial":
                closed = CLOSED_SHARE.get(phone.symbol[:1], 1.0)
                if phone.symbol.endswith("ː"):
                    closed = max(closed, LONG_CLOSED_SHARE)
                end = start + closed * length
                touches.append(Touch("bilabial", start, end, phone.symbol, seen))
            elif target.contact == "labiodental":
                # Friction needs the contact only in the middle; during the rest the lip is moving.
                span = (start + 0.2 * length, start + 0.8 * length)
                touches.append(Touch("labiodental", *span, phone.symbol, seen))
            start += length
    return touches


def contact_tracks(
    touches: Sequence[Touch], times: Floats64, period: float
) -> tuple[Floats64, Floats64]:
    """(closure, labiodental) at frame centres `times`, each 0..1, `period` seconds apart.

    Each touch reaches 1 on the frame nearest its centre. Two touches never share that frame unless
    there are fewer frames than touches. The first and the last frame stay free, since they are at
    rest.
    """
    return blend_touches(touches, times, period, assign_frames(touches, times))


def assign_frames(touches: Sequence[Touch], times: Floats64) -> dict[int, Touch]:
    """Assign a frame of its own to each touch, if there is one."""
    held: dict[int, Touch] = {}
    # Lips that miss a closure are misread, and those that miss a friction less so: closures go
    # first.
    for touch in sorted(touches, key=lambda t: (t.kind != "bilabial", t.start)):
        frame = _find_nearest_free(times, touch.centre, held)
        if frame is not None:
            held[frame] = touch
    return held


def blend_touches(
    touches: Sequence[Touch],
    times: Floats64,
    period: float,
    held: Mapping[int, Touch],
) -> tuple[Floats64, Floats64]:
    """(closure, labiodental), with the frames in `held` already decided."""
    tracks = {"bilabial": np.zeros(len(times)), "labiodental": np.zeros(len(times))}
    for touch in touches:
        # A plateau shorter than a frame could fall between two frames.
        half = max(touch.end - touch.start, period, BRIEFEST) / 2
        closing = min(CLOSING, max(touch.centre - half - touch.seen, HASTE))
        first = np.searchsorted(times, touch.centre - half - closing, "left")
        first = max(first, np.searchsorted(times, touch.seen, "right"))
        last = np.searchsorted(times, touch.centre + half + OPENING, "right")
        near = times[first:last]
        before = (touch.centre - half - near) / closing
        after = (near - touch.centre - half) / OPENING
        away = np.clip(np.maximum(before, after), 0.0, 1.0)
        track = tracks[touch.kind]
        track[first:last] = np.maximum(track[first:last], raised_cosine(away))
    closure, labiodental = tracks["bilabial"], tracks["labiodental"]
    for frame, touch in held.items():
        closure[frame] = 1.0 if touch.kind == "bilabial" else 0.0
        labiodental[frame] = 1.0 if touch.kind == "labiodental" else 0.0
    return closure, np.minimum(labiodental, 1.0 - closure)


def _find_nearest_free(times: Floats64, centre: float, held: Mapping[int, Touch]) -> int | None:
    """The free frame nearest to `centre`, within `NEAR` of it."""
    frames = len(times)
    if frames < 3:
        return None
    middle = int(np.argmin(np.abs(times - centre)))
    reach = int(np.searchsorted(times, times[0] + NEAR, "right"))
    around = range(max(1, middle - reach), min(frames - 1, middle + reach + 1))
    free = [i for i in around if i not in held and abs(times[i] - centre) <= NEAR]
    return min(free, key=lambda i: abs(times[i] - centre), default=None)
