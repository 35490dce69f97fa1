"""The words of a recording without a script, and the phones that move a presenter's lips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from avatar.phone import Phone
from lessons.course.settings import DEFAULTS
from narrate.align.forced_alignment import KnownText, PlacedWindow, place
from narrate.align.heard_language import HeardLanguage, hear_language
from narrate.align.listen import RecognisedWord, find_spans, recognise_spans, start_workers
from narrate.align.speech_edges import raise_level
from narrate.align.whisper import RATE
from narrate.vocabulary import Samples


@dataclass(frozen=True, slots=True)
class Talk:
    """What was recognised in a recording of so many `seconds`, as if `language` was spoken; all
    times are seconds in it. `heard` is the language that it seems to be in."""

    seconds: float
    words: tuple[RecognisedWord, ...]
    phones: tuple[Phone, ...]
    language: str
    heard: HeardLanguage | None = None


def hear_talk(
    samples_16k: Samples,
    language: str | None,
    *,
    default: str = DEFAULTS.language,
    model: str | None = None,
    jobs: int = 2,
) -> Talk:
    """Recognise a recording at 16 kHz, and find the times of its words and phones. If no `language`
    is given, it is the one that is heard, or the `default` if that is not certain.

    The result does not depend on `jobs`, the number of processes. Raises `ModelError`, `VoiceError`
    and `WorkerError`.
    """
    samples_16k = raise_level(samples_16k)
    windows = [w for w in find_spans(samples_16k) if w.end > w.start]
    words: list[RecognisedWord] = []
    phones: list[Phone] = []
    with start_workers(min(jobs, len(windows))) as spread:
        spoken = hear_language(samples_16k, windows, model, spread)
        if language is None:
            language = spoken.tag if spoken and spoken.differs_from(default) else default
        heard = list(recognise_spans(samples_16k, windows, language, model, spread))
        sounds = (
            (samples_16k[w.start : w.end], [word.text for word in own])
            for w, own in zip(windows, heard, strict=True)
        )
        found = spread(partial(_place, language=language, model=model), sounds)
        for window, own, placed in zip(windows, heard, found, strict=True):
            if placed is None:
                continue
            offset = window.start / RATE
            times = placed.texts[0].words
            words += [
                replace(word, start=t.start + offset, end=t.end + offset)
                for word, t in zip(own, times, strict=True)
            ]
            phones += [
                replace(p, start=p.start + offset, end=p.end + offset) for p in placed.phones
            ]
    return Talk(len(samples_16k) / RATE, tuple(words), tuple(phones), language, spoken)


def _place(
    item: tuple[Samples, Sequence[str]], *, language: str, model: str | None
) -> PlacedWindow | None:
    sound, words = item
    if not words:
        return None
    text = KnownText(tuple(words), (None,) * len(words), (), sure=True)
    return place(sound, [text], language, model)
