"""Which of several usual readings of a written form was said: the one whose sounds fit best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from narrate.align import sphinx
from narrate.align.whisper import RATE
from narrate.vocabulary import Samples

CONTEXT_WORDS = 2  # on each side of the reading: its edges are heard in them
MARGIN_SECONDS = 0.08
LEAST_SECONDS = 0.3
MOST_READINGS = 24  # of one token; each is aligned
# Nats by which another reading must fit better than the script's, so that noise changes nothing.
CLEARLY_BETTER = 8.0


@dataclass(frozen=True, slots=True)
class ReadingPlace:
    """A token in a text: its `readings`, the script's first, between the words `before` and
    `after`, said from `start` to `end` in seconds with those words."""

    readings: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    start: float
    end: float


def choose_reading(samples_16k: Samples, place: ReadingPlace, language: str) -> str:
    """The reading that was said; the script's, if the sound does not tell or if PocketSphinx cannot
    align the language."""
    readings = place.readings[:MOST_READINGS]
    if len(readings) < 2 or not sphinx.can_align(language):
        return readings[0]
    start = max(place.start - MARGIN_SECONDS, 0.0)
    end = max(place.end + MARGIN_SECONDS, start + LEAST_SECONDS)
    part = samples_16k[round(start * RATE) : round(end * RATE)]
    fits = [_fit(part, (*place.before, reading, *place.after), language) for reading in readings]
    best = max(range(len(fits)), key=fits.__getitem__)
    return readings[best if fits[best] > fits[0] + CLEARLY_BETTER else 0]


def _fit(samples_16k: Samples, words: Sequence[str], language: str) -> float:
    """How well exactly these words fit, in nats below the likeliest phones."""
    found = sphinx.align(samples_16k, words, language=language)
    if found is None:
        return float("-inf")
    return sum(p.score * (p.end - p.start) / sphinx.FRAME_SECONDS for p in found.phones)
