"""Live performance: phones as they become known turn into rows of channels as soon as possible.

A frame at t sees what begins before t + `lookahead`, and comes out as soon as everything up to
there is known. So its content does not depend on when, or in which pieces, the phones arrived. The
mouth is the same as for whole clips: with a look-ahead of `REACH` or more it moves as `perform`
moves it, except in pauses shorter than `LONG_PAUSE`, whose length must be seen as well; from
`FULL_REACH` on it does so everywhere. (Lips that are closed in silence, `rest_close`, part later.)
With less, shapes begin later and closures close faster. Everything else works without the future:
see `avatar.performance.live_body`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor, inf, isfinite
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64
from avatar.errors import PerformanceError
from avatar.performance.channels import CHANNELS
from avatar.performance.coarticulation import DECAY, is_silent
from avatar.performance.controls import Controls
from avatar.performance.frames import frame_times_between
from avatar.performance.live_body import LiveBody, LivePhone
from avatar.performance.live_mouth import BEFORE, LiveMouth
from avatar.performance.tracks import EDGE, SPEECH_EDGE, make_window, quantize, write_body
from avatar.phone import ROUNDING, Phone, check_order

Row = Floats32

# Inside a word, rounding is visible some 80 ms before its sound (Cathiard et al. 1991), and lips
# need 70 ms to close.
LOOKAHEAD: Final = 0.08
# Seeing farther ahead gains nothing for the mouth, and the body, which moves when it learns of
# something, would lead.
LONGEST_LOOKAHEAD: Final = 0.3  # seconds
# By then the last shape is left, and the mouth's own edge is over.
TAIL: Final = DECAY + SPEECH_EDGE
BLOCK: Final = 8  # frames decided together: more would share more overhead, but come later


class Stream:
    """A performance without an end: phones go in, and rows of `CHANNELS` come out.

        stream = Stream(Fraction(30))
        for row in stream.push(phones):  # as a synthesiser or a recogniser delivers them
            show(engine.render(row))     # float32 (len(CHANNELS),), one frame
        for row in stream.silence(now):  # nothing is said before `now`
            show(engine.render(row))
        for row in stream.finish():      # the face comes to rest
            show(engine.render(row))

    Row i belongs to (i + 1/2) / rate seconds, on the same clock as the phones' times. The first
    row, and the last one that `finish` gives, are at rest. Rows that are not taken from one
    iterator come from the next one. If the look-ahead is half a frame or more, every /p b m/ has a
    row with mouthClose 1 and every /f v/ one with labiodental 1, as in `perform`.

    `lookahead` is in seconds, and a row is late by at least that. Memory, and time for each row, do
    not grow. Raises PerformanceError if the rate or the look-ahead is out of range.
    """

    def __init__(
        self,
        rate: Fraction,
        controls: Controls = Controls(),  # noqa: B008 (frozen)
        *,
        lookahead: float = LOOKAHEAD,
    ) -> None:
        if not 0 < rate < inf:
            raise PerformanceError(
                f"A stream of {rate} frames a second is not possible.",
                remedy="Give a rate above 0.",
            )
        if not 0.0 <= lookahead <= LONGEST_LOOKAHEAD:
            raise PerformanceError(
                f"The look-ahead is {lookahead} seconds.",
                remedy=f"Use 0 to {LONGEST_LOOKAHEAD:g}.",
            )
        self._rate = float(rate)
        self._controls = controls
        self._lookahead = lookahead
        self._mouth = LiveMouth(controls, self._rate, lookahead)
        self._body = LiveBody(controls, 1.0 / self._rate, lookahead)
        self._waiting: deque[LivePhone] = deque()
        self._ready: deque[Row] = deque()
        self._known = 0.0
        self._said = BEFORE
        self._next = 0  # the first frame that is not decided
        self._frames: int | None = None  # in total, once that is known
        self._last: float | None = None  # seconds to which it was finished

    @property
    def known(self) -> float:
        """Seconds up to which it is known what is said."""
        return self._known

    def push(
        self,
        phones: Sequence[Phone],
        *,
        loudness: Sequence[float] | None = None,
        pitch: Sequence[float] | None = None,
    ) -> Iterator[Row]:
        """Add phones that follow what is known; returns the rows that they decide.

        `loudness` is the loudest level of each phone in dB above the speech level, `pitch` its mean
        in Hz, 0 where it is unvoiced. Time that the phones leave out is silence. Raises
        PerformanceError, and takes none of the phones, if they are out of order or begin in known
        time.
        """
        self._check(phones, loudness, pitch)
        for i, phone in enumerate(phones):
            start = max(phone.start, self._known)
            end = max(phone.end, start)
            self._known = end
            if not is_silent(phone):
                self._waiting.append(
                    LivePhone(
                        Phone(phone.symbol, start, end, phone.stress),
                        start - self._lookahead,
                        None if loudness is None else float(loudness[i]),
                        None if pitch is None else float(pitch[i]),
                    )
                )
                self._said = end
        return self._rows()

    def silence(self, until: float) -> Iterator[Row]:
        """Declare that nothing more is said before `until` seconds; returns the rows that this
        decides.

        Called with the clock's time, it gives a face that breathes, blinks and waits. Raises
        PerformanceError if `until` is not a finite time, or the stream is finished.
        """
        self._check_open()
        self._check_time(until)
        self._known = max(self._known, until)
        return self._rows()

    def finish(self, until: float | None = None) -> Iterator[Row]:
        """Return the rows that are left; the last one is at rest.

        They continue to `until` seconds, or as far as the face needs to come to rest. A stream
        without any phone or silence has none.
        """
        self._check_open()
        self._check_time(0.0 if until is None else until)
        self._last = max(self._known, until or 0.0)
        return self._rows()

    def _rows(self) -> Iterator[Row]:
        while self._ready or self._decide():
            yield self._ready.popleft()

    def _decide(self) -> bool:
        """Decide the next few frames, if there are any to decide."""
        count = self._count_decided() - self._next
        if count <= 0 and self._last is not None and self._frames is None:
            self._frames = self._count_until(self._last)
            count = self._frames - self._next
        if count <= 0:
            return False
        frames = np.arange(self._next, self._next + min(count, BLOCK))
        times = frame_times_between(self._next, int(frames[-1]) + 1, self._rate)
        while self._waiting and self._waiting[0].seen < times[-1]:
            heard = self._waiting.popleft()
            self._mouth.add_phone(heard)
            self._body.add_phone(heard)
        values = np.zeros((len(times), len(CHANNELS)))
        rest = self._window(times, EDGE)
        self._mouth.write(values, self._next, times, self._window(times, SPEECH_EDGE), rest)
        write_body(values, self._body.advance(times), rest, self._controls)
        values[(frames == 0) | (frames + 1 == self._frames)] = 0.0
        self._ready.extend(row.copy() for row in quantize(values))
        self._next += len(times)
        return True

    def _count_decided(self) -> int:
        """How many frames see nothing but known time."""
        if self._frames is not None:
            return self._frames
        # A phone is seen after its start less the look-ahead. This is the same subtraction, so that
        # rounding cannot decide a frame too early.
        horizon = self._known - self._lookahead
        count = max(floor(horizon * self._rate) - 1, 0)
        while self._time(count) <= horizon:
            count += 1
        return count

    def _count_until(self, last: float) -> int:
        """How many frames a stream has that should end at `last` seconds.

        It is called when the frames that see nothing but known time are decided.
        """
        if last <= 0.0:
            return 0
        now = self._time(self._next)
        end = max(last, self._said + TAIL)
        least = self._next + 1 + ceil(EDGE * self._rate)
        frames = max(least, ceil((end - ROUNDING) * self._rate))
        self._body.end_at(self._time(frames - 1), now)
        return frames

    def _window(self, times: Floats64, edge: float) -> Floats64:
        last = inf if self._frames is None else self._time(self._frames - 1)
        return make_window(times, self._time(0), last, edge)

    def _time(self, frame: int) -> float:
        return (frame + 0.5) / self._rate

    def _check(
        self,
        phones: Sequence[Phone],
        loudness: Sequence[float] | None,
        pitch: Sequence[float] | None,
    ) -> None:
        self._check_open()
        check_order(phones)
        if phones and not isfinite(phones[-1].end):
            raise PerformanceError(
                f"The phone {phones[-1].symbol!r} has no finite end.",
                remedy="Push a phone only when it has ended and its end is known.",
            )
        if phones and phones[0].start < self._known - ROUNDING:
            raise PerformanceError(
                f"The phone {phones[0].symbol!r} begins at {phones[0].start} s, but everything "
                f"until {self._known} s is already decided.",
                remedy="Push phones in order, and call `silence` only for time in which nothing "
                "will be said.",
            )
        for name, values in (("loudness", loudness), ("pitch", pitch)):
            if values is None:
                continue
            if len(values) != len(phones) or not np.isfinite(values).all():
                raise PerformanceError(
                    f"The {name} of {len(phones)} phones is {list(values)}.",
                    remedy="Give one finite number a phone, or none at all.",
                )
        if pitch is not None and any(hertz < 0 for hertz in pitch):
            raise PerformanceError(
                f"The pitch of {len(phones)} phones is {list(pitch)}.",
                remedy="Give it in Hz, 0 where a phone is unvoiced.",
            )

    def _check_time(self, until: float) -> None:
        if not isfinite(until):
            raise PerformanceError(
                f"The end of the silence, {until} s, is not a finite time.",
                remedy="Give a time in seconds.",
            )

    def _check_open(self) -> None:
        if self._last is not None:
            raise PerformanceError("The stream is already finished.", remedy="Start another one.")
