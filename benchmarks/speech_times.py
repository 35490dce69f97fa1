"""Compares a voice's word and phone times with PocketSphinx's forced alignment and with the sound.

    python benchmarks/speech_times.py [VOICE] [--lesson held-out] [--speed 0.9] [--json]

The sentences are those of benchmarks/sentences. Constants were chosen on the lesson `choosing` and
never on `held-out`. PocketSphinx takes frames of 25.6 ms every 10 ms and dates each by its first
sample, so its times are 7.8 ms early. The limits are for its times as they are; "centred" are times
with 7.8 ms added. It counts some pauses to the phones around them, which the sound itself shows
better (`sound_edges`). Phones within a word are matched by their sound, since the dictionary and
the voice may have different ones. Controls are times that must be found wrong.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from figures import Figure, show
from scipy.signal import resample_poly
from sound_edges import Edge, edges, landmarks

from lessons.course.reading import load_course
from lessons.model import Utterance
from narrate.align.sphinx import FRAME_LEAD_SECONDS, RATE, ForcedAlignment, align
from narrate.clock import SAMPLE_RATE, ms_to_samples
from narrate.speech import DEFAULT_VOICE, open_voice
from narrate.speech.narration import USUAL_SPEED
from narrate.speech.phone_boundaries import find_manner
from narrate.vocabulary import Speech, SpokenPhone

SENTENCES = Path(__file__).parent / "sentences"
PAD_SECONDS = 0.2
T = TypeVar("T")
WRONG_MS = 60  # what a control is shifted by
WORDS_MS, WORDS_P95_MS, PHONES_MS, ONSETS_P95_MS = 20.0, 75.0, 25.0, 20.0


@dataclass(frozen=True, slots=True)
class Spoken:
    utterance: Utterance
    speech: Speech
    forced: ForcedAlignment | None


@dataclass(frozen=True, slots=True)
class Error:
    """The error of a phone's start: `ms` is how much later it is than PocketSphinx's."""

    ms: float
    phone: SpokenPhone
    forced: float  # PocketSphinx's start in seconds, centred
    paused: bool


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("voice", nargs="?", default=DEFAULT_VOICE)
    options.add_argument("--lesson", default="held-out")
    options.add_argument("--speed", type=float, default=USUAL_SPEED)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    spoken = speak(chosen.voice, chosen.lesson, chosen.speed)
    figures = measure(spoken, f"{chosen.voice} x {chosen.speed:g}")
    if not chosen.json:
        print_tables(spoken)
    return show(figures, as_json=chosen.json)


def speak(name: str, lesson: str, speed: float) -> list[Spoken]:
    """Every utterance of a lesson, spoken and aligned."""
    voice = open_voice(name, "en-US")
    out = []
    for slide in next(x for x in load_course(SENTENCES).lessons if x.id == lesson).slides:
        for utterance in slide.utterances:
            speech = voice.speak(utterance, rate=speed)
            pad = np.zeros(round(PAD_SECONDS * SAMPLE_RATE), np.float32)
            padded = np.concatenate((pad, speech.samples, pad))
            forced = align(
                np.asarray(resample_poly(padded, 1, SAMPLE_RATE // RATE), np.float32),
                [token.spoken for token in utterance.tokens],
                ipa=[token.phones for token in utterance.tokens],
            )
            out.append(Spoken(utterance, speech, forced))
    return out


def measure(spoken: Sequence[Spoken], of: str) -> list[Figure]:
    aligned = [s for s in spoken if s.forced is not None]
    words, phones = word_errors(aligned), phone_errors(aligned)
    at_onsets = [e for s in spoken for e in edges(s.speech) if e.kind in ONSETS]
    late = [replace(s, speech=_shifted(s.speech)) for s in aligned]
    others = [
        replace(s, speech=replace(s.speech, phones=o.speech.phones, words=o.speech.words))
        for s, o in zip(aligned, [*aligned[1:], aligned[0]], strict=True)
    ]
    wrong = [e for s in late for e in edges(s.speech) if e.kind in ONSETS]
    tokens = sum(len(s.utterance.tokens) for s in spoken)
    figures = [
        Figure(
            of,
            "sentences",
            f"{len(spoken)}, of which {len(spoken) - len(aligned)} would not align; {tokens} words,"
            f" {len(words)} compared",
            "200 compared",
            len(aligned) >= 200,
        ),
        _asked(of, "word starts", words, WORDS_MS, WORDS_P95_MS),
        _asked(of, "phone starts", phones, PHONES_MS),
        _asked(
            of, "onsets after a pause, by energy", [e.off for e in at_onsets], None, ONSETS_P95_MS
        ),
    ]
    controls = (
        (f"word starts, {WRONG_MS} ms late", word_errors(late), WORDS_MS, WORDS_P95_MS),
        (f"phone starts, {WRONG_MS} ms late", phone_errors(late), PHONES_MS, None),
        (f"onsets, {WRONG_MS} ms late", [e.off for e in wrong], None, ONSETS_P95_MS),
        ("word starts of another sentence", word_errors(others), WORDS_MS, WORDS_P95_MS),
    )
    for what, errors, median, p95 in controls:
        figure = _asked(of, f"control: {what}", errors, median, p95)
        figures.append(replace(figure, asked=f"not {figure.asked}", met=not figure.met))
    return figures


ONSETS = ("at the start", "after a pause")


def word_errors(spoken: Iterable[Spoken]) -> list[float]:
    """The errors of word starts in ms, against PocketSphinx's times as they are."""
    out = []
    for s in spoken:
        assert s.forced is not None
        for token, word, forced in zip(
            s.utterance.tokens, s.speech.words, s.forced.words, strict=False
        ):
            if token.spoken and forced.end > forced.start:
                out.append(1000 * (word.start / SAMPLE_RATE - _raw(forced.start)))
    return out


def phone_errors(spoken: Iterable[Spoken]) -> list[float]:
    return [e.ms for s in spoken for e in matched(s)]


def matched(s: Spoken) -> list[Error]:
    """The errors of the phones of each word that have a counterpart in PocketSphinx's."""
    assert s.forced is not None
    out = []
    for index, word in enumerate(s.speech.words):
        ours = [p for p in s.speech.phones if word.start <= p.start < word.end]
        theirs = [p for p in s.forced.phones if p.word == index]
        for i, j in matches([p.symbol for p in ours], [p.symbol for p in theirs]):
            at = s.speech.phones.index(ours[i])
            paused = at == 0 or s.speech.phones[at - 1].end < ours[i].start
            start = _raw(theirs[j].start)
            out.append(
                Error(
                    1000 * (ours[i].start / SAMPLE_RATE - start),
                    ours[i],
                    start + FRAME_LEAD_SECONDS,
                    paused,
                )
            )
    return out


def matches(ours: Sequence[str], theirs: Sequence[str]) -> list[tuple[int, int]]:
    """The pairs in the cheapest alignment of two phone sequences."""
    best: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {(0, 0): (0.0, ())}
    for i in range(len(ours) + 1):
        for j in range(len(theirs) + 1):
            ways = []
            if i and j:
                cost, pairs = best[i - 1, j - 1]
                ways.append((cost + _unlike(ours[i - 1], theirs[j - 1]), (*pairs, (i - 1, j - 1))))
            for before in ((i - 1, j), (i, j - 1)):
                if before in best:
                    cost, pairs = best[before]
                    ways.append((cost + 0.8, pairs))
            if ways:
                best[i, j] = min(ways)
    return list(best[len(ours), len(theirs)][1])


def _unlike(one: str, other: str) -> float:
    if one.rstrip("ː") == other:
        return 0.0
    close = {one, other} <= {"t", "d", "ɾ"} or find_manner(one) == find_manner(other)
    return 0.4 if close else 1.5


def _raw(second: float) -> float:
    """A time in PocketSphinx's own terms, in the sound without its padding."""
    return second - FRAME_LEAD_SECONDS - PAD_SECONDS


def _shifted(speech: Speech) -> Speech:
    by = ms_to_samples(WRONG_MS)
    return replace(
        speech,
        words=tuple(replace(w, start=w.start + by, end=w.end + by) for w in speech.words),
        phones=tuple(replace(p, start=p.start + by, end=p.end + by) for p in speech.phones),
    )


def _asked(
    of: str, what: str, errors: Sequence[float], median: float | None, p95: float | None = None
) -> Figure:
    size = np.abs(errors)
    asked, met = [], True
    for name, percent, most in (("median", 50, median), ("p95", 95, p95)):
        if most is not None:
            asked.append(f"{name} <= {most:g}")
            met = met and float(np.percentile(size, percent)) <= most
    return Figure(of, what, _spread(errors), ", ".join(asked) + " ms", met)


def _spread(errors: Sequence[float]) -> str:
    size = np.abs(errors)
    middle, p90, p95 = np.percentile(size, (50, 90, 95))
    return (
        f"{middle:.1f} median, {p90:.0f} p90, {p95:.0f} p95, {size.max():.0f} ms largest of "
        f"{len(errors)}; {np.median(errors):+.1f} ms is the middle one"
    )


def print_tables(spoken: Sequence[Spoken]) -> None:
    """Print the errors for each kind of sound, against PocketSphinx and against the sound."""
    errors = [e for s in spoken if s.forced is not None for e in matched(s)]
    centred = 1000 * FRAME_LEAD_SECONDS
    print("phone starts against PocketSphinx, centred")
    _table(errors, lambda e: find_manner(e.phone.symbol), lambda e: e.ms - centred)
    _table(errors, lambda e: "after a pause" if e.paused else "joined", lambda e: e.ms - centred)
    print("\nedges of speech against the energy of the samples")
    found = [e for s in spoken for e in edges(s.speech)]
    _table(found, lambda e: e.kind, lambda e: e.off)
    first = [e for e in found if e.kind in ONSETS]
    _table(first, lambda e: f"onset of a {find_manner(e.symbol)}", lambda e: e.off)
    pairs: list[tuple[Edge, Edge]] = []
    for s in spoken:
        if s.forced is not None:
            others = [(e.phone, e.forced) for e in matched(s)]
            pairs += landmarks(s.speech, others)
    print("\nphone starts at landmarks of the sound: ours, then PocketSphinx's (centred)")
    _table([ours for ours, _ in pairs], lambda e: e.kind, lambda e: e.off)
    _table([theirs for _, theirs in pairs], lambda e: e.kind, lambda e: e.off)
    print()


def _table(rows: Sequence[T], kind: Callable[[T], str], ms: Callable[[T], float]) -> None:
    kinds: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        kinds[kind(row)].append(ms(row))
    for name, values in sorted(kinds.items(), key=lambda item: -len(item[1])):
        print(f"  {name:24} {_spread(values)}")


if __name__ == "__main__":
    raise SystemExit(main())
