"""Measures how soon a streamed face answers, and whether its cost stays the same for an hour.

    python benchmarks/time_stream.py [--rate 30] [--side 512] [--lookahead 0.08] [--quick] [--json]

The face is the sample presenter, and the phones are those of ordinary prose in the default voice.
Every phrase begins a new stream. For phones in real time, the clock is simulated: each phone is
pushed when it ends, silence is reported frame by frame, and the measured computing time is added.
The rig is prepared and the engine is warm. `--quick` streams ten minutes, not an hour.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import Any, Final

import numpy as np
from faces import find_faces, make_face_rig, speak
from figures import Figure, describe_machine, show

from avatar.arrays import Floats32
from avatar.engines import open_engine
from avatar.errors import PhotoError
from avatar.performance import CHANNELS, Stream
from avatar.performance.coarticulation import PAUSE
from avatar.performance.stream import LOOKAHEAD
from avatar.phone import Phone

# The figure, and what VASA-1 takes on one RTX 4090.
ASKED_S: Final = 0.170
GROWTH: Final = 1.2  # last minute to first: above this it is no noise
GROWTH_BYTES: Final = 64 * 1024
PEAK_KIB: Final = 4096  # what an allocator may take for itself

VISIBLE: Final = 0.02  # of a channel's range

Row = Floats32
MOUTH: Final = [i for i, n in enumerate(CHANNELS) if n.startswith(("mouth", "jaw", "labio"))]


@dataclass(frozen=True, slots=True)
class Shown:
    """A row that came out: its frame, the seconds on the clock at which it came, and its values."""

    frame: int
    at: float
    row: Row


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--rate", type=Fraction, default=Fraction(30))
    parser.add_argument("--side", type=int, default=512, help="of the picture, in pixels")
    parser.add_argument("--lookahead", type=float, default=LOOKAHEAD, help="in seconds")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(argv)
    if not options.json:
        print(describe_machine())
    phones = speak("reporting").phones
    (face,) = find_faces(None, ["presenter"])
    rig = make_face_rig(face, options.side)
    if isinstance(rig, PhotoError):
        raise SystemExit(str(rig))
    engine = open_engine("warp", rig)

    def stream() -> Stream:
        return Stream(options.rate, lookahead=options.lookahead)

    for row in stream().push(phones[:8]):  # warm
        engine.render(row)
    figures = [
        *at_once(stream, engine.render, phones),
        *in_real_time(stream, engine.render, phones, options.rate, options.lookahead),
        *over_an_hour(stream, phones, 10 if options.quick else 60),
    ]
    return show(figures, as_json=options.json)


def at_once(
    stream: Callable[[], Stream], render: Callable[[Row], object], phones: Sequence[Phone]
) -> list[Figure]:
    """A synthesiser delivers a phrase in one piece.

    The first frame is at rest and cheap, so the first frame in which the lips move is timed too.
    """
    first, moving = [], []
    for phrase in split_phrases(phones):
        fresh = stream()
        began = time.perf_counter()
        for i, row in enumerate(fresh.push(phrase)):
            render(row)
            wait = time.perf_counter() - began
            if i == 0:
                first.append(wait)
            if _moves(row):
                moving.append(wait)
                break
    return [
        _make_limited_figure(
            "phones at once", "phrase pushed to first frame drawn, worst", max(first)
        ),
        _make_limited_figure("", "phrase pushed to first frame that moves, worst", max(moving)),
        _make_figure("", "the same, median", np.median(moving)),
    ]


def in_real_time(
    stream: Callable[[], Stream],
    render: Callable[[Row], object],
    phones: Sequence[Phone],
    rate: Fraction,
    lookahead: float,
) -> list[Figure]:
    """A recogniser, or a synthesiser that keeps pace, reports each phone as it ends."""
    from_push, from_start = [], []
    for phrase in split_phrases(phones):
        shown = next(played(stream(), phrase, rate, render))
        from_start.append(shown.at)
        from_push.append(max(shown.at - phrase[0].end, 0.0))
    within = float(np.mean(np.array(from_start) <= ASKED_S))

    rows = list(played(stream(), phones, rate, render))
    centres = [(shown.frame + 0.5) / float(rate) for shown in rows]
    late = [shown.at - centre for shown, centre in zip(rows, centres, strict=True)]
    answers = []
    for phrase in split_phrases(phones, shifted=False):
        sees = phrase[0].start - lookahead
        answers.append(
            next(
                shown.at - phrase[0].start
                for shown, centre in zip(rows, centres, strict=True)
                if centre > sees and _moves(shown.row)
            )
        )
    return [
        _make_limited_figure(
            "phones as they end", "first phone pushed to first frame, worst", max(from_push)
        ),
        _make_figure("", "the same, median", np.median(from_push)),
        _make_figure("", "first phone begins to first frame, median", np.median(from_start)),
        Figure("", f"phrases of which that is within {_ms(ASKED_S)}", f"{within:.0%}"),
        _make_figure(
            "a running stream", "phrase begins to lips that move, median", np.median(answers)
        ),
        _make_figure("", "the same, worst: its first phone has to end", max(answers)),
        _make_figure("", "frames behind the sound, median", np.median(late)),
        _make_figure("", "the same, 95 %", np.quantile(late, 0.95)),
        _make_figure("", "the same, worst: what a player holds back", max(late)),
    ]


def over_an_hour(
    stream: Callable[[], Stream], phones: Sequence[Phone], minutes: int
) -> list[Figure]:
    """The passage over and over: the cost of a row and the memory in use, early and late.

    Memory is counted in a run of its own, because counting is slow.
    """
    seconds, peaks, rows = [], [], 0
    fresh = stream()
    for piece in repeated(phones, minutes):
        # of this process: the machine may have other work
        began = time.process_time()
        count = sum(len(list(fresh.push([phone]))) for phone in piece)
        seconds.append((time.process_time() - began) / count)
        rows += count
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
    tenth = max(1, len(seconds) // 10)
    first, last = (float(np.median(part)) for part in (seconds[:tenth], seconds[-tenth:]))
    tracemalloc.start()
    kept = []
    fresh = stream()
    passes = max(4, len(seconds) // 4)
    for piece in islice(repeated(phones, minutes), passes):
        for phone in piece:
            for _ in fresh.push([phone]):
                pass
        kept.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    return [
        Figure(
            f"{minutes} minutes", "CPU time a row, last tenth to the first", f"{last / first:.2f}",
            f"at most {GROWTH}", last <= GROWTH * first,
        ),
        Figure("", "CPU time a row", f"{1e3 * last:.2f} ms"),
        Figure("", "rows", f"{rows}"),
        Figure(
            "", "peak memory, grown since the first tenth", f"{peaks[-1] - peaks[tenth]} KiB",
            f"at most {PEAK_KIB} KiB", peaks[-1] - peaks[tenth] <= PEAK_KIB,
        ),
        Figure(
            f"{passes} passes, counted", "memory kept, last pass less the second",
            f"{(kept[-1] - kept[1]) / 1024:.0f} KiB", f"at most {GROWTH_BYTES // 1024} KiB",
            kept[-1] - kept[1] <= GROWTH_BYTES,
        ),
    ]  # fmt: skip


def played(
    stream: Stream, phones: Sequence[Phone], rate: Fraction, render: Callable[[Row], object]
) -> Iterator[Shown]:
    """The rows of a stream that gets each phone when it ends, and silence frame by frame."""
    clock, frame = 0.0, 0
    for at, phone in _told(phones, 1 / float(rate)):
        began = time.perf_counter()
        clock = max(clock, at)
        for row in stream.silence(at) if phone is None else stream.push([phone]):
            render(row)
            now = time.perf_counter()
            clock += now - began
            began = now
            yield Shown(frame, clock, row)
            frame += 1
            began = time.perf_counter()


def _told(phones: Sequence[Phone], period: float) -> Iterator[tuple[float, Phone | None]]:
    known = 0.0
    for phone in phones:
        # while a phone lasts, its time must not be reported as silence
        while known + period <= phone.start:
            known += period
            yield known, None
        yield phone.end, phone
        known = phone.end


def split_phrases(phones: Sequence[Phone], *, shifted: bool = True) -> list[list[Phone]]:
    """Runs of phones between pauses, each with everything that follows; with `shifted`, starting
    at 0 s."""
    firsts = [i for i, p in enumerate(phones) if i == 0 or p.start - phones[i - 1].end >= PAUSE]
    if not shifted:
        return [list(phones[i:]) for i in firsts]
    return [_moved(phones[i : i + 40], -phones[i].start) for i in firsts]


def repeated(phones: Sequence[Phone], minutes: float) -> Iterator[list[Phone]]:
    """The passage over and over, one pass at a time."""
    length = phones[-1].end + 1.0
    for i in range(max(2, round(60 * minutes / length))):
        yield _moved(phones, i * length)


def _moved(phones: Sequence[Phone], by: float) -> list[Phone]:
    return [replace(p, start=p.start + by, end=p.end + by) for p in phones]


def _moves(row: Row) -> bool:
    return bool(np.abs(row[MOUTH]).max() > VISIBLE)


def _make_limited_figure(of: str, what: str, seconds: float) -> Figure:
    return Figure(of, what, _ms(seconds), f"at most {_ms(ASKED_S)}", seconds <= ASKED_S)


def _make_figure(of: str, what: str, seconds: float | np.floating[Any]) -> Figure:
    return Figure(of, what, _ms(float(seconds)))


def _ms(seconds: float) -> str:
    return f"{1e3 * seconds:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
