"""The words that are recognised in a recording of any length, with their times.

The sound is cut at its pauses into spans, and each span is recognised by itself, so its words
depend neither on other spans nor on how many spans are recognised at once. Long pauses are in no
span, so that no words are heard in silence.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from narrate.align.segmentation import split_recognised
from narrate.align.whisper import RATE, PlacedWord, Whisper, find_language_code, open_whisper
from narrate.errors import VoiceError, WorkerError
from narrate.vocabulary import Samples
from narrate.workers import begin_worker

# The encoder's cost grows faster than the span's length, and a short span lacks context.
LEAST_SECONDS, MOST_SECONDS = 9.0, 22.0
PAUSE_SECONDS = 0.2  # shorter silences are closures of stops
LONG_PAUSE_SECONDS = 1.5  # is never inside a span
EDGE_SECONDS = 0.5  # of a pause that is kept at a span's edge, since in noise the detector is late
BLIP_SECONDS = 0.2  # shorter speech between two pauses is a click or a cough
# Probabilities at which speech starts and ends: Silero's own thresholds.
SPEECH, NO_SPEECH = 0.5, 0.35
HOP = 512  # samples for which Silero gives one probability
CHUNK = HOP * 10_000  # 320 s; Silero's memory grows with the chunk
# A decoder that is caught in a loop repeats up to 12 words more than 3 times.
MOST_REPEATS, LONGEST_REPEAT = 3, 12
# Nobody says 4 words in 0.24 s: the alignment finds no time for words that were made up.
CROWD, CROWD_SECONDS = 4, 0.24
LEAST_WORDS_A_SECOND = 0.5  # of speech; with fewer, the decoder has stopped too early
LEAST_SPLIT_SECONDS = 4.0
HALLUCINATED = 0.3  # words of a short span with a lower mean probability were not said
FEW_SECONDS = 1.5

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A recognised word as Whisper writes it, from `start` to `end` in seconds, with a probability
    in 0..1."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class SoundSpan:
    """Speech in a recording: the samples `start` to `end` at RATE, with a little of the pauses
    around it. `pauses` are samples inside it at which it may be cut; `speech` are the first and the
    last sample of speech."""

    start: int
    end: int
    pauses: tuple[int, ...] = ()
    speech: tuple[int, int] = (0, 0)

    @property
    def seconds(self) -> float:
        return (self.end - self.start) / RATE


def listen(
    samples_16k: Samples, language: str, *, model: str | None = None, jobs: int = 2
) -> tuple[RecognisedWord, ...]:
    """The words of a recording at 16 kHz, in order.

    The result does not depend on `jobs`, the number of processes, each of which takes 0.6 GB with
    the embedded model. The sound is not copied. Raises `ModelError`, `VoiceError`, `WorkerError`.
    """
    with start_workers(jobs) as spread:
        return tuple(
            word
            for words in recognise_spans(
                samples_16k, find_spans(samples_16k), language, model, spread
            )
            for word in words
        )


def recognise_spans(
    samples: Samples,
    windows: Sequence[SoundSpan],
    language: str,
    model: str | None,
    spread: Callable[..., Iterator[Any]],
) -> Iterator[tuple[RecognisedWord, ...]]:
    """The words of each span, with their times in the recording."""
    tag = find_language_code(language)
    sounds = ((samples[w.start : w.end], w) for w in windows)
    found: Iterator[tuple[RecognisedWord, ...]] = spread(
        partial(_recognise_span, language=tag, model=model), sounds
    )
    return found


@contextmanager
def start_workers(jobs: int) -> Iterator[Callable[..., Iterator[Any]]]:
    """A `map` over so many processes, or the usual one if `jobs` is 1. Raises `WorkerError` if a
    process dies."""
    if jobs <= 1:
        yield map
        return
    # A forked process would inherit the locks of threads that it does not have.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        jobs, mp_context=context, initializer=begin_worker, initargs=(os.getpid(),)
    ) as pool:
        try:
            yield partial(_map_in_order, pool, 2 * jobs)
        except BrokenProcessPool as error:
            raise WorkerError(
                "A process that was recognising the recording ended unexpectedly.",
                remedy="It probably ran out of memory: close other programs, or use fewer jobs.",
            ) from error


def _map_in_order(
    pool: ProcessPoolExecutor, ahead: int, function: Callable[[T], R], items: Iterable[T]
) -> Iterator[R]:
    """Like `map`, but with at most `ahead` items submitted at a time: all spans of an hour would
    hold an hour of sound."""
    waiting: list[Any] = []
    for item in items:
        waiting.append(pool.submit(function, item))
        if len(waiting) >= ahead:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()


def find_spans(samples: Samples) -> tuple[SoundSpan, ...]:
    """The speech of a recording at RATE, cut at its pauses into spans of at most `MOST_SECONDS`."""
    return tuple(_make_spans(_find_speech(compute_speech_probability(samples)), len(samples)))


def compute_speech_probability(samples: Samples) -> npt.NDArray[np.float32]:
    """The probability of speech in each HOP samples, by Silero's detector in faster-whisper."""
    from faster_whisper.vad import get_vad_model

    detector = get_vad_model()
    found, before = [np.zeros(0, np.float32)], HOP * 30  # it needs a second to settle
    for start in range(0, len(samples), CHUNK):
        first = max(start - before, 0)
        sound = samples[first : start + CHUNK]
        sound = np.pad(sound, (0, -len(sound) % HOP))
        found.append(detector(sound).reshape(-1)[(start - first) // HOP :])
    return np.concatenate(found)


def _find_speech(probability: npt.NDArray[np.float32]) -> list[tuple[int, int]]:
    """Runs of speech between pauses, in samples."""
    runs: list[list[int]] = []
    speaking = False
    for at, value in enumerate(probability):
        if value >= SPEECH and not speaking:
            speaking = True
            if runs and at * HOP - runs[-1][1] < PAUSE_SECONDS * RATE:
                continue
            runs.append([at * HOP, at * HOP])
        elif value < NO_SPEECH:
            speaking = False
        if speaking:
            runs[-1][1] = (at + 1) * HOP
    return [(a, b) for a, b in runs if b - a >= BLIP_SECONDS * RATE]


def _make_spans(runs: Sequence[tuple[int, int]], total: int) -> Iterator[SoundSpan]:
    runs = [part for run in runs for part in _cut_long_run(*run)]
    first = 0
    while first < len(runs):
        last = first + 1  # exclusive
        best, widest = last, -1
        while last <= len(runs):
            length = (runs[last - 1][1] - runs[first][0]) / RATE
            if length > MOST_SECONDS and last > first + 1:
                break
            pause = runs[last][0] - runs[last - 1][1] if last < len(runs) else total
            if length >= LEAST_SECONDS or best == first + 1 or pause >= LONG_PAUSE_SECONDS * RATE:
                widest = -1 if best == first + 1 and length < LEAST_SECONDS else widest
                if pause > widest:
                    best, widest = last, pause
            if pause >= LONG_PAUSE_SECONDS * RATE:
                break
            last += 1
        yield _make_span(runs, first, best, total)
        first = best


def _make_span(runs: Sequence[tuple[int, int]], first: int, last: int, total: int) -> SoundSpan:
    edge = round(EDGE_SECONDS * RATE)
    before = runs[first - 1][1] if first else 0
    after = runs[last][0] if last < len(runs) else total
    start, end = runs[first][0], min(runs[last - 1][1], total)
    return SoundSpan(
        max(start - edge, (before + start) // 2 if first else 0),
        min(end + edge, (end + after) // 2 if last < len(runs) else total),
        tuple((a + b) // 2 for (_, a), (b, _) in pairwise(runs[first:last])),
        (start, end),
    )


def _cut_long_run(start: int, end: int) -> Iterator[tuple[int, int]]:
    """A run without a pause, cut into equal parts if it is too long for a span."""
    parts = -(-(end - start) // round(MOST_SECONDS * RATE))
    edges = np.linspace(start, end, parts + 1).astype(int)
    for a, b in pairwise(edges):
        yield int(a), int(b)


def _recognise_span(
    item: tuple[Samples, SoundSpan], *, language: str, model: str | None
) -> tuple[RecognisedWord, ...]:
    sound, window = item
    whisper = open_whisper(model)
    if not whisper.knows(language):
        raise VoiceError(
            f"The recogniser does not know the language '{language}'.",
            remedy="Check the language tag, or use another model: `narrate models fetch "
            "whisper/large-v3`.",
        )
    return tuple(_recognise(sound, window, whisper, language))


def _recognise(
    sound: Samples, window: SoundSpan, whisper: Whisper, language: str
) -> Iterator[RecognisedWord]:
    encoded = whisper.encode(sound)
    words = split_recognised(whisper.recognise(encoded, language), language)
    sparse = len(words) < LEAST_WORDS_A_SECOND * window.seconds
    looping = count_repeats(words) > MOST_REPEATS
    if (sparse or looping) and window.seconds > LEAST_SPLIT_SECONDS:
        for part in _split(window):
            piece = sound[part.start - window.start : part.end - window.start]
            yield from _recognise(piece, part, whisper, language)
        return
    if looping:
        words = _drop_repetition(words)
    placed = whisper.place(encoded, words, language)
    while words and (crowd := _find_crowd(placed)) is not None:
        words = _drop_repetition(words) if count_repeats(words) > 1 else words[:crowd]
        placed = whisper.place(encoded, words, language)
    certain = np.mean([p.probability for p in placed]) if placed else 0.0
    if certain < HALLUCINATED and window.seconds < FEW_SECONDS + 2 * EDGE_SECONDS:
        return
    offset = window.start / RATE
    for word, place in zip(words, placed, strict=True):
        yield RecognisedWord(word, place.start + offset, place.end + offset, place.probability)


def _find_crowd(placed: Sequence[PlacedWord]) -> int | None:
    """The index of the first of `CROWD` words in less than `CROWD_SECONDS`, if there are any."""
    for at in range(len(placed) - CROWD + 1):
        if placed[at + CROWD - 1].end - placed[at].start < CROWD_SECONDS:
            return at
    return None


def _split(window: SoundSpan) -> tuple[SoundSpan, SoundSpan]:
    """Both halves of a span, cut at the pause nearest to the middle, or in the middle if no pause
    is near it."""
    middle = (window.start + window.end) // 2
    inner = [p for p in window.pauses if abs(p - middle) < (window.end - window.start) / 3]
    cut = min(inner, key=lambda p: abs(p - middle), default=middle)
    return (
        SoundSpan(window.start, cut, tuple(p for p in window.pauses if p < cut)),
        SoundSpan(cut, window.end, tuple(p for p in window.pauses if p > cut)),
    )


def count_repeats(words: Sequence[str]) -> int:
    """The largest number of times that some words are said directly one after the other."""
    plain = [word.lower().strip(".,;:?!…") for word in words]
    most = 1 if plain else 0
    for size in range(1, LONGEST_REPEAT + 1):
        same = 0
        for at in range(size, len(plain)):
            same = same + 1 if plain[at] == plain[at - size] else 0
            most = max(most, same // size + 1)
    return most


def _drop_repetition(words: Sequence[str]) -> list[str]:
    """The words up to the first repetition."""
    plain = [word.lower().strip(".,;:?!…") for word in words]
    for at in range(len(plain)):
        for size in range(1, LONGEST_REPEAT + 1):
            once, again = plain[at : at + size], plain[at + size : at + 2 * size]
            if len(again) == size and once == again:
                return list(words[: at + size])
    return list(words)
