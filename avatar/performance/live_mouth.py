"""The mouth of a live performance: articulation and contacts, frame by frame."""

from __future__ import annotations

from math import ceil, inf
from typing import Final

import numpy as np

from avatar.arrays import Floats64
from avatar.mathematics import smoothstep
from avatar.performance.body import activity
from avatar.performance.coarticulation import (
    PAUSE,
    Gesture,
    articulate,
    phone_gestures,
    rest_gestures,
)
from avatar.performance.contact import NEAR, Touch, assign_frames, blend_touches, find_touches
from avatar.performance.controls import Controls
from avatar.performance.frames import frame_times_between
from avatar.performance.live_body import MEMORY, LivePhone
from avatar.performance.targets import find_targets
from avatar.performance.tracks import EDGE, compute_effort, write_mouth
from avatar.phone import Phone

# What comes before the first phone is silence, however soon it starts.
BEFORE: Final = -1.0


class LiveMouth:
    """The mouth's channels of a stream, at successive frames."""

    def __init__(self, controls: Controls, rate: float, lookahead: float) -> None:
        self._controls = controls
        self._rate = rate
        self._lookahead = lookahead
        self._said = BEFORE
        self._phones: list[Phone] = []
        self._gestures: list[Gesture] = []
        self._last: Gesture | None = None
        self._touches: list[Touch] = []
        self._free: list[Touch] = []  # those without a frame of their own yet

    def add_phone(self, heard: LivePhone) -> None:
        """Add a phone that some frame of the next call of `write` may see."""
        phone = heard.phone
        self._phones.append(phone)
        touches = find_touches([phone], self._lookahead)
        self._touches += touches
        self._free += touches
        if phone.end > phone.start:
            if phone.start - self._said >= PAUSE:
                self._gestures += self._make_rest(phone.start)
            effort = 1.0
            if heard.loudness is not None and find_targets(phone.symbol)[0].vowel:
                effort = compute_effort(heard.loudness)
            self._gestures += phone_gestures(phone, self._controls.clarity, effort, self._lookahead)
            self._last = self._gestures[-1]
            self._said = phone.end

    def write(
        self, values: Floats64, first: int, times: Floats64, edge: Floats64, window: Floats64
    ) -> None:
        """Write the channels of frame `first` and those that follow, at `times`."""
        # After the phones that were added, nothing begins that these frames may see.
        gestures = self._gestures + self._make_rest(inf)
        tracks = articulate(gestures, times) * edge[:, None]
        held = {}
        for i, t in enumerate(times.tolist()):
            touch = self._find_held(first + i, t)
            if touch is not None:
                held[i] = touch
        contact = blend_touches(self._touches, times, 1.0 / self._rate, held)
        write_mouth(values, tracks, contact, self._controls.rest_close * self._rest(times) * window)
        self._forget(float(times[-1]) - MEMORY)

    def _make_rest(self, end: float) -> list[Gesture]:
        return rest_gestures(self._said, end, self._lookahead, self._last)

    def _find_held(self, frame: int, t: float) -> Touch | None:
        """The touch that the frame belongs to, as `contact_tracks` would decide from what is
        seen."""
        # The first frame is at rest.
        if frame == 0 or not any(abs(t - touch.centre) <= NEAR for touch in self._free):
            return None
        seen = [touch for touch in self._free if touch.seen < t and touch.centre >= t - NEAR]
        # The frames before are already assigned.
        after = frame + ceil(3 * NEAR * self._rate) + 2
        touch = assign_frames(seen, frame_times_between(frame - 1, after, self._rate)).get(1)
        if touch is not None:
            self._free.remove(touch)
        return touch

    def _rest(self, times: Floats64) -> Floats64:
        """How far silent lips are closed, 0..1: they close after a phrase, and part as one
        begins."""
        rest = 1.0 - activity(self._phones, times, idle=0.0, lookahead=0.0)
        lead = min(max(self._lookahead, 1e-3), EDGE)
        for phone in self._phones:
            before = (times > phone.start - self._lookahead) & (times <= phone.start)
            rest[before] = np.minimum(
                rest[before], smoothstep((phone.start - times[before]) / lead)
            )
        return rest

    def _forget(self, before: float) -> None:
        self._gestures = [g for g in self._gestures if min(g.end + max(g.decay), g.unseen) > before]
        self._touches = [touch for touch in self._touches if touch.end > before]
        self._free = [touch for touch in self._free if touch.end > before]
        self._phones = [p for p in self._phones if p.end > before]
