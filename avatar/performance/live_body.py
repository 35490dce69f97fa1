"""Behaviour without knowledge of the future, for live use.

What body.py and eyes.py compute for a whole clip is computed here frame by frame, from the phones
that a frame may see. The memory does not grow.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import exp, inf, log, log2, sqrt
from typing import Final

import numpy as np

from avatar.arrays import Floats64
from avatar.mathematics import smoothstep
from avatar.performance.body import (
    BREATH_AT_REST,
    BREATH_PAUSE,
    BROW_RISE,
    BROW_SPACING,
    INHALE,
    LEAST_BROW,
    LEAST_NOD,
    NOD_SPACING,
    NOD_WIDTH,
    TONES,
    Accent,
    activity,
    brow_track,
    make_generators,
    nod_track,
    sway,
)
from avatar.performance.coarticulation import PAUSE
from avatar.performance.controls import Controls
from avatar.performance.eyes import (
    AT_END,
    ATTRACTED,
    ATTRACTION,
    CLOSE,
    FIRST_GLANCE,
    GLANCE_ATTRACTION,
    GLANCE_INTERVAL,
    GLANCE_ONSET,
    GLANCE_SPACING,
    HELD,
    INTERVAL,
    MARGIN,
    OPEN,
    SHORTEST,
    Glance,
    blink_track,
    draw_glance,
    draw_interval,
    gaze_tracks,
)
from avatar.performance.filters import LowPass
from avatar.performance.targets import find_targets
from avatar.performance.tracks import HALF, LOUDNESS, MIDDLE, TONE_SPAN, BodyTracks
from avatar.phone import Phone

# Two widths before its middle a gaussian nod has less than 2 % of its depth, so it may begin there.
NOD_LEAD: Final = 2.0 * NOD_WIDTH
# Time constants in seconds. For whole clips the smoothing is about as wide, but to both sides.
SETTLING: Final = 0.2  # of the body's liveliness
PHRASING: Final = 0.15  # of pitch and loudness
BREATHING: Final = 0.08
# The length of a phrase is not known in advance: the breath sinks over this many seconds, then
# stays.
EXHALE: Final = 4.0
IDLE_BREATH: Final = 0.3
# Everything is forgotten this many seconds after its end. By then it is over, and what decays after
# speech (exp(-(t / SETTLE)²)) has become nothing.
MEMORY: Final = 3.0
# What is assumed before anything is heard: vowels of 70 to 140 ms, and usual
# loudness and pitch, spread as in read speech. These assumptions weigh as much as `PRIOR` vowels.
USUAL_LENGTH: Final = (log(0.1), 0.35)
USUAL_LOUDNESS: Final = (0.0, 4.0)  # dB
USUAL_PITCH: Final = (0.0, 3.0)  # semitones
PRIOR: Final = 4
# Accents and the median pitch are judged against about this many of the last ones.
RECENT: Final = 60


@dataclass(frozen=True, slots=True)
class LivePhone:
    """A spoken phone, with its loudness (dB relative to the speech level) and pitch (Hz, 0
    unvoiced) if they are known.

    Frames up to `seen` do not know of it.
    """

    phone: Phone
    seen: float
    loudness: float | None = None
    pitch: float | None = None


class LiveBody:
    """Eyes, brows, head and breath of a stream, at the centres of successive frames."""

    def __init__(self, controls: Controls, period: float, lookahead: float) -> None:
        self._controls = controls
        self._period = period
        self._lookahead = lookahead
        _, blinking, looking = make_generators(controls.seed)
        self._blinks = _Blinks(blinking, max(HELD, period))
        self._glances = _Glances(looking)
        self._breath = _Breath(period)
        self._voice = _VoiceFollower(period)
        self._active = LowPass(SETTLING, period, 0.0)
        self._coming: deque[LivePhone] = deque()
        self._phones: deque[Phone] = deque()
        self._nods: deque[Accent] = deque()
        self._brows: deque[Accent] = deque()
        # Initially nothing has been said for a long time.
        self._said = -MEMORY
        self._phrase = 0.0
        self._silent = True

    def add_phone(self, heard: LivePhone) -> None:
        """Add a phone that some frame of the next call of `over` may see."""
        self._coming.append(heard)
        self._phones.append(heard.phone)

    def advance(self, times: Floats64) -> BodyTracks:
        """The body's tracks at the frames that follow the last ones."""
        lively = activity(self._phones, times, lookahead=self._lookahead)
        rows = np.empty((4, len(times)))
        for i, t in enumerate(times.tolist()):
            rows[:, i] = self._step(t, float(lively[i]))
        active, effort, tones, breath = rows
        swaying = make_generators(self._controls.seed)[0]
        tracks = BodyTracks(
            sway=sway(swaying, times),
            active=active * self._controls.motion,
            effort=effort,
            tones=tones,
            nods=nod_track(self._nods, times),
            brows=brow_track(self._brows, times),
            breath=np.clip(breath, -1.0, 1.0),
            blinks=blink_track(self._blinks.starts, times, self._period),
            away=gaze_tracks(self._glances.recent, times),
        )
        self._forget(float(times[-1]) - MEMORY)
        return tracks

    def end_at(self, last: float, now: float) -> None:
        """Let no blink that begins after `now`, the next frame, be under way at the `last` frame.

        All other movement is eased by the caller's window.
        """
        self._blinks.end_at(last, now)

    def _step(self, t: float, lively: float) -> tuple[float, float, float, float]:
        onset = ended = None
        while self._coming and self._coming[0].seen < t:
            heard = self._coming.popleft()
            if heard.phone.start - self._said >= PAUSE:
                onset = self._phrase = heard.phone.start
            self._said = max(self._said, heard.phone.end)
            self._silent = False
            self._accent(heard)
        if not self._silent and t > self._said + PAUSE - self._lookahead:
            self._silent = True
            ended = self._said
        quiet = t - (self._said + BREATH_PAUSE - self._lookahead) if self._silent else -inf
        self._blinks.step(t, ended, self._silent)
        self._glances.step(t, onset, self._silent)
        breath = self._breath.step(t, onset, quiet > 0.0, self._said - self._phrase)
        effort, tones = self._voice.step(self._silent)
        return self._active.step(lively), effort, tones, breath

    def _accent(self, heard: LivePhone) -> None:
        phone = heard.phone
        tone = self._voice.hear(heard)
        if phone.stress != 1 or not find_targets(phone.symbol)[0].vowel:
            return
        rank = self._voice.prominence(phone.end - phone.start, heard.loudness, tone)
        middle = (phone.start + phone.end) / 2
        # An accent that is seen late begins late, not in its middle.
        for chosen, lead, spacing, least in (
            (self._nods, NOD_LEAD, NOD_SPACING, LEAST_NOD),
            (self._brows, BROW_RISE, BROW_SPACING, LEAST_BROW),
        ):
            time = max(middle, heard.seen + lead)
            if rank >= least and (not chosen or time - chosen[-1].time >= spacing):
                chosen.append(Accent(time, rank, heard.seen))

    def _forget(self, before: float) -> None:
        while self._phones and self._phones[0].end < before:
            self._phones.popleft()
        for accents in (self._nods, self._brows):
            while accents and accents[0].time < before:
                accents.popleft()
        self._blinks.forget(before)
        self._glances.forget(before)


class _Blinks:
    """Blinks of a stream.

    A blink that is due within a phrase may wait for its end, and one that is due soon after the end
    may come early. This does not move the later ones, so the rate stays the same.
    """

    def __init__(self, rng: np.random.Generator, hold: float) -> None:
        self._rng = rng
        self._length = CLOSE + hold + OPEN
        self._due = float(rng.uniform(0, INTERVAL))
        self._patience = -1.0  # not drawn yet
        self._latest = inf
        self.starts: deque[float] = deque()

    def step(self, t: float, ended: float | None, silent: bool) -> None:
        if ended is not None and self._due - t < ATTRACTION and self._rng.random() < ATTRACTED:
            self._blink(max(t, ended + float(self._rng.uniform(*AT_END))))
        elif t >= self._due:
            if self._patience < 0.0:
                waits = not silent and self._rng.random() < ATTRACTED
                self._patience = ATTRACTION if waits else 0.0
            if t >= self._due + self._patience:
                self._blink(t)

    def end_at(self, last: float, now: float) -> None:
        self._latest = last - self._length
        while self.starts and self.starts[-1] > max(self._latest, now):
            self.starts.pop()

    def forget(self, before: float) -> None:
        while len(self.starts) > 1 and self.starts[0] < before:
            self.starts.popleft()

    def _blink(self, start: float) -> None:
        start = max(start, MARGIN, self.starts[-1] + SHORTEST if self.starts else 0.0)
        if start <= self._latest:
            self.starts.append(start)
        self._due += draw_interval(self._rng)
        self._patience = -1.0


class _Glances:
    """Looks away, which meet the onset of a phrase if one comes in time."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._due = float(rng.uniform(*FIRST_GLANCE))
        self.recent: deque[Glance] = deque()

    def step(self, t: float, onset: float | None, silent: bool) -> None:
        if onset is not None and abs(self._due - t) < GLANCE_ATTRACTION:
            self._look(max(t, onset + float(self._rng.uniform(*GLANCE_ONSET))))
        elif t >= self._due + (GLANCE_ATTRACTION if silent else 0.0):
            self._look(t)

    def forget(self, before: float) -> None:
        while len(self.recent) > 1 and self.recent[0].end < before:
            self.recent.popleft()

    def _look(self, start: float) -> None:
        glance = draw_glance(self._rng, start)
        if not self.recent or start > self.recent[-1].end + GLANCE_SPACING:
            self.recent.append(glance)
        self._due += float(self._rng.uniform(*GLANCE_INTERVAL))


class _Breath:
    """The breath: in at a pause, out over the phrase, slowly in and out in long silence."""

    def __init__(self, period: float) -> None:
        self._from = (0.0, 0.0)
        self._to = (BREATH_AT_REST / 2, IDLE_BREATH)
        self._inhaled = True
        self._lag = LowPass(BREATHING, period)

    def step(self, t: float, onset: float | None, quiet: bool, spoken: float) -> float:
        """The level at a frame.

        `quiet` says that a pause is long enough to breathe in, `spoken` how many seconds were said
        before it.
        """
        if onset is not None:
            self._turn(t, EXHALE, -0.6)
            self._inhaled = False
        elif quiet and not self._inhaled:
            self._turn(t, INHALE, min(0.8, 0.3 + 0.08 * spoken))
            self._inhaled = True
        elif quiet and t >= self._to[0]:
            self._turn(t, BREATH_AT_REST / 2, -IDLE_BREATH if self._to[1] > 0 else IDLE_BREATH)
        return self._lag.step(self._at(t))

    def _turn(self, t: float, seconds: float, level: float) -> None:
        self._from = (t, self._at(t))
        self._to = (t + seconds, level)

    def _at(self, t: float) -> float:
        (t0, low), (t1, high) = self._from, self._to
        return low + (high - low) * float(smoothstep(np.asarray((t - t0) / (t1 - t0))))


class _VoiceFollower:
    """Follows pitch and loudness of the phrase, and how far a syllable stands out from the last
    ones."""

    def __init__(self, period: float) -> None:
        self._length = _RunningStatistics(*USUAL_LENGTH)
        self._loudness = _RunningStatistics(*USUAL_LOUDNESS)
        self._pitch = _RunningStatistics(*USUAL_PITCH)
        self._median: float | None = None  # of log2 Hz, followed
        self._count = 0
        self._loud: float | None = None
        self._tone = 0.0
        self._effort_lag = LowPass(PHRASING, period)
        self._tone_lag = LowPass(PHRASING, period)

    def hear(self, heard: LivePhone) -> float | None:
        """Semitones of a phone above the speaker's usual pitch, if it is voiced."""
        if heard.loudness is not None:
            self._loud = min(max(heard.loudness, LOUDNESS[0]), LOUDNESS[1])
        if not heard.pitch:
            return None
        octaves = log2(heard.pitch)
        if self._median is None:
            self._median = octaves
        self._count = min(self._count + 1, RECENT)
        self._median += (octaves - self._median) / self._count
        self._tone = min(max(12.0 * (octaves - self._median), -TONES), TONES)
        return self._tone

    def prominence(self, length: float, loudness: float | None, tone: float | None) -> float:
        score = self._length.score(log(max(length, 0.02)))
        if loudness is not None:
            score += self._loudness.score(loudness)
        if tone is not None:
            score += self._pitch.score(tone)
        return 1.0 / (1.0 + exp(-score))

    def step(self, silent: bool) -> tuple[float, float]:
        """(effort, tones) of the frame."""
        effort = 0.0
        if self._loud is not None:
            effort = ((LOUDNESS[0] if silent else self._loud) - MIDDLE) / HALF
        return self._effort_lag.step(effort), self._tone_lag.step(self._tone / TONE_SPAN)


class _RunningStatistics:
    """The mean and spread of the last values."""

    def __init__(self, mean: float, spread: float) -> None:
        self._mean = mean
        self._variance = spread**2
        self._count = PRIOR

    def score(self, value: float) -> float:
        """How many spreads `value` is away from the mean of the values before it."""
        off = value - self._mean
        score = off / sqrt(self._variance) if self._variance > 1e-9 else 0.0
        self._count = min(self._count + 1, RECENT)
        share = 1.0 / self._count
        self._mean += share * off
        self._variance += share * ((1.0 - share) * off**2 - self._variance)
        return score
