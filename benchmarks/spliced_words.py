"""Measures the product's word times against sentences that were spliced from words at known times.

    python benchmarks/spliced_words.py FOLDER [--languages es fr] [--most 20] [--json]

A voice says each word of a sentence alone. The words are cut where their sound begins and ends, and
joined without pauses, so that the first sample of each is known. The sentences are the short ones
of those in FOLDER (strangers_sentences.py). There are three figures for each voice:

- recording: the spliced sentences, 0.6 s apart, are aligned as if a person had recorded them. All
  findings are false. The control is the error of the same times given to each word's neighbour.
- synthetic: the times that the voice gives to its own whole sentences. The truth is that of the
  spliced sentence, carried over by dynamic time warping of the two sounds. This reference has an
  error of its own: see how far espeak-ng is off, whose times are those of its own synthesis.
- untold: the same sentences as a voice's that tells no times, which are aligned.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
from faster_whisper.feature_extractor import FeatureExtractor
from sound_edges import rms_db
from strangers_sentences import read_sentences, split_words
from voices_by_language import FILES, list_voices

from lessons.model import Slide, Token, Utterance
from narrate.align.recording_alignment import align_recording
from narrate.align.voice_timing import time_narration
from narrate.align.whisper import to_recognition_rate
from narrate.clock import SAMPLE_RATE, samples_to_seconds
from narrate.speech import open_voice
from narrate.speech.base import Voice
from narrate.vocabulary import Narration, Samples, Word

SAMPLE, MOST_WORDS = 100, 8
PAUSE = round(0.6 * SAMPLE_RATE)
FADE = SAMPLE_RATE // 200
STILL_DB = 35.0  # below a word's loudest 10 ms
SHORTEST = SAMPLE_RATE // 25  # of a word; a sentence with a shorter one is left out
CLICK, APART = SAMPLE_RATE // 12, SAMPLE_RATE // 10  # a voice may click that far from a word
FRAME_SECONDS = 0.01


@dataclass(frozen=True)
class Spliced:
    """A sentence: what is said, its sound, and the first sample of each word."""

    utterance: Utterance
    samples: Samples
    starts: tuple[int, ...]


@dataclass(frozen=True)
class Times:
    """Errors of word starts in ms."""

    words: int
    lost: int
    middle: float
    median: float
    p90: float


@dataclass(frozen=True)
class Row:
    language: str
    voice: str
    sentences: int
    recording: Times
    control: Times
    synthetic: Times
    untold: Times
    false: int


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--languages", nargs="*", default=list(FILES))
    parser.add_argument("--voices", nargs="*", default=[])
    parser.add_argument("--most", type=int, default=20)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    for language in asked.languages:
        sample = (split_words(s, language) for s in read_sentences(asked.folder, language, SAMPLE))
        sentences = [words for words in sample if len(words) <= MOST_WORDS][: asked.most]
        for voice in asked.voices or list_voices(language, best=True):
            row = measure(voice, language, sentences)
            print(json.dumps(asdict(row)) if asked.json else describe(row), flush=True)


def describe(row: Row) -> str:
    parts = [
        f"{name} {times.median:.0f} median, {times.p90:.0f} p90 ({times.middle:+.0f} the middle one"
        f"; {times.words} words, {times.lost} lost)"
        for name, times in (
            ("recording", row.recording), ("control", row.control),
            ("synthetic", row.synthetic), ("untold", row.untold),
        )
    ]  # fmt: skip
    return f"{row.language} {row.voice}, ms: {'; '.join(parts)}; {row.false} false findings"


def measure(name: str, language: str, sentences: Sequence[Sequence[str]]) -> Row:
    voice = open_voice(name, language)
    spliced = [s for n, words in enumerate(sentences) if (s := splice(voice, words, n + 1))]
    aligned = align_recording(
        [s.utterance for s in spliced], _record([s.samples for s in spliced]),
        language=language, jobs=1, rate=SAMPLE_RATE,
    )  # fmt: skip
    found: list[list[Word]] = [[] for _ in spliced]
    for word in aligned.words:
        found[word.utterance].append(word)
    here, errors, wrong, lost = PAUSE, list[float](), list[float](), 0
    for one, words in zip(spliced, found, strict=True):
        for n, (start, word) in enumerate(zip(one.starts, words, strict=True)):
            if word.end <= word.start:
                lost += 1
                continue
            errors.append(1000 * samples_to_seconds(word.start - start - here))
            other = one.starts[n - 1 if n else n + 1]
            wrong.append(1000 * samples_to_seconds(word.start - other - here))
        here += len(one.samples) + PAUSE
    told, untold = list[float](), list[float]()
    for one in spliced:
        speech = voice.speak(one.utterance)
        truth = _carry(one, speech.samples)
        told += [
            1000 * (samples_to_seconds(w.start) - t)
            for w, t in zip(speech.words, truth, strict=True)
        ]
        timed = _time(one.utterance, speech.samples, language)
        untold += [
            1000 * (samples_to_seconds(w.start) - t) for w, t in zip(timed, truth, strict=True)
        ]
    return Row(
        language, name, len(spliced),
        _summarise(errors, lost), _summarise(wrong, lost), _summarise(told), _summarise(untold),
        len(aligned.findings),
    )  # fmt: skip


def splice(voice: Voice, words: Sequence[str], line: int) -> Spliced | None:
    """The words said one by one and joined; None if one of them has hardly any sound."""
    parts, starts, here = list[Samples](), list[int](), 0
    for word in words:
        bare = word.strip(" .,;:!?…。，、！？；：।")
        sound = _cut(voice.speak(_utter([bare + "."], line)).samples)
        if len(sound) < SHORTEST:
            return None
        starts.append(here)
        parts.append(sound)
        here += len(sound)
    return Spliced(_utter(words, line), np.concatenate(parts), tuple(starts))


def _utter(words: Sequence[str], line: int) -> Utterance:
    return Utterance(tuple(Token(word, word, 0, 0) for word in words), 400, line)


def _cut(samples: Samples) -> Samples:
    levels = rms_db(samples, 10)
    loud = np.flatnonzero(levels > levels.max(initial=-120.0) - STILL_DB)
    runs = np.split(loud, np.flatnonzero(np.diff(loud) > APART) + 1)
    if len(runs) > 1:
        runs = [run for run in runs if run[-1] - run[0] >= CLICK]
    if not runs or not len(runs[0]):
        return samples[:0]
    sound = samples[runs[0][0] : runs[-1][-1] + 1].copy()
    if len(sound) > 2 * FADE:
        ramp = np.linspace(0, 1, FADE, dtype=np.float32)
        sound[:FADE] *= ramp
        sound[-FADE:] *= ramp[::-1]
    return sound


def _record(sounds: Sequence[Samples]) -> Samples:
    """The sounds in a row, with pauses around them and the faint noise of a room."""
    pause = np.zeros(PAUSE, np.float32)
    row = np.concatenate([pause, *(part for sound in sounds for part in (sound, pause))])
    noise = np.random.default_rng(1).normal(0, 4e-4, len(row))
    return np.asarray(row + noise, np.float32)


def _time(utterance: Utterance, samples: Samples, language: str) -> Sequence[Word]:
    """The words of a sentence whose voice tells only where it begins and ends."""
    edges = np.linspace(0, len(samples), len(utterance.tokens) + 1).astype(int).tolist()
    words = tuple(
        Word(token.written, start, end, 0, n, 0.0)
        for n, (token, (start, end)) in enumerate(
            zip(utterance.tokens, pairwise(edges), strict=True)
        )
    )
    slide = Slide(1, "", (), (utterance,), 1)
    return time_narration(slide, Narration(samples, words, ()), language=language).words


def _carry(one: Spliced, samples: Samples) -> list[float]:
    """The seconds at which the words of a spliced sentence begin in another sound of it."""
    first, second = _describe_sound(one.samples), _describe_sound(samples)
    return _warp(first, second, [samples_to_seconds(s) for s in one.starts])


def _describe_sound(samples: Samples) -> npt.NDArray[np.float64]:
    sound = to_recognition_rate(samples)
    mel = FeatureExtractor()(sound, padding=0).astype(np.float64).T
    mel = mel[: round(len(sound) / 160)]
    return np.asarray((mel - mel.mean(axis=0)) / (mel.std(axis=0) + 0.1))


def _warp(
    first: npt.NDArray[np.float64], second: npt.NDArray[np.float64], seconds: Sequence[float]
) -> list[float]:
    """Where moments of the first sound lie in the second, by the cheapest path."""
    far = np.sqrt(
        (first**2).sum(1)[:, None] + (second**2).sum(1)[None] - 2 * first @ second.T + 1e-6
    )
    total = np.full((len(first) + 1, len(second) + 1), np.inf)
    total[0, 0] = 0.0
    for i in range(len(first)):
        above, row, cost = total[i].tolist(), total[i + 1].tolist(), far[i].tolist()
        for j, here in enumerate(cost):
            row[j + 1] = here + min(above[j] + here, above[j + 1], row[j])
        total[i + 1] = row
    i, j = len(first), len(second)
    path = []
    while i and j:
        path.append((i - 1, j - 1))
        i, j = min(((i - 1, j - 1), (i - 1, j), (i, j - 1)), key=lambda at: float(total[at]))
    there: dict[int, list[int]] = {}
    for a, b in path:
        there.setdefault(a, []).append(b)
    at = sorted(there)
    return [
        float(np.interp(s / FRAME_SECONDS, at, [float(np.mean(there[a])) for a in at]))
        * FRAME_SECONDS
        for s in seconds
    ]


def _summarise(errors: Sequence[float], lost: int = 0) -> Times:
    size = np.abs(errors)
    return Times(
        len(errors), lost,
        float(np.median(errors)), float(np.median(size)), float(np.percentile(size, 90)),
    )  # fmt: skip


if __name__ == "__main__":
    main()
