"""Turns phones into smooth tracks of the articulators, by dominance functions (Cohen and Massaro
1993).

A track is the mean of the targets, weighted by each phone's dominance at that time. Dominance is a
raised cosine around the phone's hold. It reaches zero, so a frame depends only on the phones within
`REACH` seconds, silence is exactly at rest, and frames can be made as phones come in. Contact
(closed lips, lip on teeth) is not averaged: see `avatar.performance.contact`.

With a finite `lookahead`, a frame at t depends on nothing that begins at t + lookahead or later:
what a frame cannot see yet begins no earlier than it is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import inf
from typing import Final

import numpy as np

from avatar.arrays import Floats64
from avatar.mathematics import raised_cosine
from avatar.performance.targets import Dominance, Shape, Target, find_targets
from avatar.phone import SILENCE, Phone

# JALI (Edwards et al. 2016): a shape begins 120 ms before its apex, is held to 75 % of the phone,
# and decays over 120 ms.
ONSET: Final = 0.12
DECAY: Final = 0.12
HOLD: Final = (0.25, 0.75)
# However long a phone is, its shape is reached soon and left late: its weight must not be gone
# before that of its neighbour, or of a pause, has come.
LONGEST_TURN: Final = 0.06
# Rounding is visible about 185 ms before the sound across a pause (Cathiard et al. 1991).
ROUND_ONSET: Final = 0.185
TONGUE_REACH: Final = 0.08  # the tip of the tongue is the fastest articulator
REACH: Final = ROUND_ONSET
# Squared, the cosine lets short vowels between two consonants be heard and seen.
SHARPNESS: Final = 2
# In shorter gaps between words, speech goes on.
PAUSE: Final = 0.12
# A shorter pause has less weight at rest.
LONG_PAUSE: Final = 0.25
# Rest is held where neither neighbour reaches.
MARGIN: Final = 0.08
# With less look-ahead than this, frames learn of a pause only after its rest should have begun.
LATE: Final = PAUSE + ONSET - MARGIN
LATE_HOLD: Final = 0.02  # seconds longer, so that the weight is not lost in the floor
# With this look-ahead, the relevant length of a pause is seen before the pause itself, so a longer
# one gives the same tracks.
FULL_REACH: Final = LONG_PAUSE + ONSET - MARGIN

# Which part of the dominance applies to each of Shape's articulators.
_RULES: Final = np.array([0, 1, 1, 1, 2, 2, 2, 3, 3])
_SILENT: Final = Target(Shape(), Dominance(1.0, 0.35, 1.0, 1.0))


@dataclass(frozen=True, slots=True)
class Gesture:
    """A target held from `start` to `end` (seconds), approached over `onset` and left over `decay`.

    It exists for frames later than `seen` and not later than `unseen`.
    """

    start: float
    end: float
    shape: Shape
    dominance: Dominance
    onset: Dominance
    decay: Dominance
    seen: float = -inf
    unseen: float = inf


def make_gestures(
    phones: Sequence[Phone],
    *,
    duration: float,
    clarity: float = 1.0,
    effort: Sequence[float] | None = None,
) -> list[Gesture]:
    """Make the gestures of a phone timeline, pauses included, in order.

    `effort` has one factor per phone for how far vowels open (1 is usual). `clarity` widens the
    contrasts: vowels open and spread more, constrictions narrow (clear speech).
    """
    gestures: list[Gesture] = []
    spoken = 0.0
    for i, phone in enumerate(phones):
        if is_silent(phone) or phone.end <= phone.start:
            continue
        if phone.start - spoken >= PAUSE or not gestures:
            gestures.extend(rest_gestures(spoken, phone.start))
        gestures.extend(phone_gestures(phone, clarity, 1.0 if effort is None else effort[i]))
        spoken = max(spoken, phone.end)
    gestures.extend(rest_gestures(spoken, max(duration, spoken + PAUSE)))
    return gestures


def articulate(gestures: Sequence[Gesture], times: Floats64) -> Floats64:
    """(len(times), len(Shape._fields)) positions of the articulators at rising `times` in
    seconds."""
    width = len(Shape._fields)
    total = np.zeros((len(times), width))
    weight = np.full((len(times), width), 1e-9)
    for gesture in gestures:
        first = np.searchsorted(times, gesture.start - max(gesture.onset), "left")
        first = max(first, np.searchsorted(times, gesture.seen, "right"))
        last = np.searchsorted(
            times, min(gesture.end + max(gesture.decay), gesture.unseen), "right"
        )
        near = times[first:last, None]
        before = (gesture.start - near) / np.array(gesture.onset)
        after = (near - gesture.end) / np.array(gesture.decay)
        away = np.clip(np.maximum(before, after), 0.0, 1.0)
        dominance = np.array(gesture.dominance) * (raised_cosine(away)) ** SHARPNESS
        rules = dominance[:, _RULES]
        total[first:last] += rules * np.array(gesture.shape)
        weight[first:last] += rules
    tracks: Floats64 = total / weight
    return tracks


def is_silent(phone: Phone) -> bool:
    """Whether a phone is a pause: `SILENCE`, or a mark without any letter (`.`, `|`)."""
    return phone.symbol == SILENCE or not any(c.isalpha() for c in phone.symbol)


def find_pauses(phones: Sequence[Phone], duration: float) -> list[tuple[float, float]]:
    """Spans of at least `PAUSE` seconds in which nothing is said, both ends of the clip
    included."""
    spoken = [(p.start, p.end) for p in phones if not is_silent(p)]
    edges = [(0.0, 0.0), *spoken, (duration, duration)]
    return [(a[1], b[0]) for a, b in pairwise(edges) if b[0] - a[1] >= PAUSE]


def rest_gestures(
    start: float, end: float, lookahead: float = inf, last: Gesture | None = None
) -> list[Gesture]:
    """The rest of a pause; `end` is infinite while it is not known what follows.

    A pause is seen once it has lasted `PAUSE` seconds. Until its end is seen, it is taken for a
    long one. Where it is seen late, its rest begins late, and `last`, the gesture before it, is
    held until then.
    """
    length = end - start
    if length <= 0.0:
        return []
    margin = min(MARGIN, length / 2)
    insists = min(1.0, length / LONG_PAUSE)
    dominance = Dominance(*(d * insists for d in _SILENT.dominance))
    seen = start + PAUSE - lookahead
    late = lookahead < LATE
    # What begins late still moves together.
    reach = Dominance(ONSET, ONSET, ONSET, ONSET if late else TONGUE_REACH)
    held = max(start + margin, seen + ONSET) if late else start + margin
    left = end - min(margin, lookahead)
    rest = Gesture(held, left, _SILENT.shape, dominance, reach, reach, seen)
    rests = [rest]
    ends = end - lookahead
    if insists < 1.0 and ends > -inf:
        rests = [replace(g, unseen=ends) for g in rest_gestures(start, inf, lookahead)]
        rests.append(replace(rest, seen=max(seen, ends)))
    if late and last is not None:
        rests.append(replace(last, end=max(last.end, seen), seen=seen, decay=reach))
    return rests


def phone_gestures(
    phone: Phone, clarity: float, effort: float, lookahead: float = inf
) -> list[Gesture]:
    """The gestures of one spoken phone, one for each position that it passes through."""
    gestures = []
    start = phone.start
    seen = phone.start - lookahead
    for target in find_targets(phone.symbol):
        length = (phone.end - phone.start) * target.share
        shape, dominance = _apply_stress(target, phone.stress, clarity, effort)
        rounding = max(shape.pucker, shape.funnel)
        lips = ROUND_ONSET if rounding > 0.5 else ONSET
        held = start + min(HOLD[0] * length, LONGEST_TURN)
        left = start + max(HOLD[1] * length, length - LONGEST_TURN)
        gestures.append(
            Gesture(
                held,
                left,
                shape,
                dominance,
                Dominance(*(min(r, held - seen) for r in (ONSET, lips, ONSET, TONGUE_REACH))),
                Dominance(DECAY, DECAY, DECAY, TONGUE_REACH),
                seen,
            )
        )
        start += length
    if lookahead < LATE:
        # The last shape lasts until a pause can be seen.
        covered = phone.end + PAUSE - lookahead + LATE_HOLD - gestures[-1].end
        decay = Dominance(*(max(d, covered) for d in gestures[-1].decay))
        gestures[-1] = replace(gestures[-1], decay=decay)
    return gestures


def _apply_stress(
    target: Target, stress: int, clarity: float, effort: float
) -> tuple[Shape, Dominance]:
    shape = target.shape
    if not target.vowel:
        # Clear speech makes narrow shapes narrower and round shapes rounder.
        return shape._replace(jaw=shape.jaw * clarity**-0.3), target.dominance
    # Stressed vowels reach their target; unstressed ones are reduced towards their neighbours.
    stressed = (0.9, 1.08, 1.0)[stress] if 0 <= stress <= 2 else 1.0
    insists = (0.75, 1.15, 1.0)[stress] if 0 <= stress <= 2 else 1.0
    opened = effort * stressed * clarity**0.6
    formed = clarity**0.5
    return (
        shape._replace(
            jaw=shape.jaw * opened,
            spread=shape.spread * formed,
            pucker=shape.pucker * formed,
            funnel=shape.funnel * formed,
            lower=shape.lower * opened,
        ),
        Dominance(*(d * insists * formed for d in target.dominance)),
    )
