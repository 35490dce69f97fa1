"""Measures the times of words, and the check that a script was said, in nine languages.

    python benchmarks/foreign_recordings.py times reporting
    python benchmarks/foreign_recordings.py check reporting fr de
    python benchmarks/foreign_recordings.py check FOLDER ja zh [--most 40]

Each voice that is installed for a language (at most `--voices`; voices with neural models before
espeak-ng) says half of the sentences of a set of foreign_recording_texts.py, or of a sample of
those of strangers in FOLDER (strangers_sentences.py), and its own times are the truth. `times`
prints the errors of word starts of Whisper alone and of the whole alignment. `check` prints the
findings about words that are right, and how many of the planted faults are found: a word of the
script replaced by another, a word added to it, and a sentence added to it. What is added to the
script is what a recording leaves out.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from foreign_recording_texts import CHOOSING, REPORTING, TAGS
from strangers_sentences import read_sentences, split_words

from lessons.model import Finding, Slide, Token, Utterance
from narrate.align import check_narration
from narrate.align.forced_alignment import KnownText, place
from narrate.align.segmentation import is_unspaced
from narrate.align.whisper import find_language_code, open_whisper, to_recognition_rate
from narrate.clock import SAMPLE_RATE
from narrate.speech import open_voice, voices
from narrate.speech.base import VoiceInfo, speaks
from narrate.vocabulary import Narration, Samples, Word

PAUSE = SAMPLE_RATE // 2
Times = list[tuple[int, int]]


@dataclass(frozen=True)
class Said:
    """A sentence: its words, the sample at which each begins and ends, and its sound."""

    words: list[str]
    times: Times
    samples: Samples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("times", "check"))
    parser.add_argument("texts", help="choosing, reporting, or a folder of sentences")
    parser.add_argument("languages", nargs="*", default=list(TAGS))
    parser.add_argument("--most", type=int, default=40, help="sentences of a folder")
    parser.add_argument("--voices", type=int, default=2)
    asked = parser.parse_args()
    for language in asked.languages:
        tag = TAGS[language]
        texts = _read(asked.texts, language, asked.most)
        for voice in _choose_voices(tag)[: asked.voices]:
            said = list(_speak(voice, tag, texts))
            measure = _measure_times if asked.what == "times" else _measure_check
            print(f"{language} {voice.id}: {measure(said, tag)}", flush=True)


def _read(texts: str, language: str, most: int) -> Sequence[str]:
    """Sentences with spaces between their words."""
    if texts in ("choosing", "reporting"):
        return {"choosing": CHOOSING, "reporting": REPORTING}[texts][language]
    sentences = read_sentences(Path(texts), TAGS[language], most)
    return [" ".join(split_words(sentence, TAGS[language])) for sentence in sentences]


def _choose_voices(tag: str) -> list[VoiceInfo]:
    fit = [v for v in voices() if v.available and v.times == "engine" and speaks(v.languages, tag)]
    fit = [v for v in fit if "*" not in v.languages]
    return sorted(fit, key=lambda v: v.engine == "espeak")


def _speak(voice: VoiceInfo, tag: str, sentences: Sequence[str]) -> Iterator[Said]:
    opened = open_voice(voice.id, tag)
    for sentence in sentences:
        words = sentence.split()
        utterance = Utterance(tuple(Token(word, word, 0, 0) for word in words), 400, 1)
        speech = opened.speak(utterance)
        sound = np.pad(speech.samples, PAUSE)
        noise = np.random.default_rng(1).normal(0, 4e-4, len(sound))
        times = [(w.start + PAUSE, w.end + PAUSE) for w in speech.words]
        yield Said(words, times, (sound + noise).astype(np.float32))


def _measure_times(said: Sequence[Said], tag: str) -> str:
    whisper, code = open_whisper(), find_language_code(tag)
    ours, whispers = list[float](), list[float]()
    for one in said:
        kept = [n for n, (a, b) in enumerate(one.times) if b > a]
        words = tuple(one.words[n] for n in kept)
        sound = to_recognition_rate(one.samples)
        placed = place(sound, [KnownText(words, (None,) * len(words), (), True)], tag).texts[0]
        alone = whisper.place(whisper.encode(sound), words, code)
        truth = [one.times[n][0] / SAMPLE_RATE for n in kept]
        ours += [1000 * abs(w.start - t) for w, t in zip(placed.words, truth, strict=True)]
        # Whisper begins the first word with the silence before it.
        whispers += [1000 * abs(w.start - t) for w, t in zip(alone, truth, strict=True)][1:]
    return (
        f"{len(ours)} words, median {np.median(ours):.0f} ms, p90 {np.percentile(ours, 90):.0f}; "
        f"Whisper alone {np.median(whispers):.0f} and {np.percentile(whispers, 90):.0f}"
    )


def _measure_check(said: Sequence[Said], tag: str) -> str:
    words = false = 0
    found = {"changed": 0, "added": 0, "sentence": 0}
    for at, (first, second) in enumerate(zip(said[::2], said[1::2], strict=False)):
        sound = np.concatenate((first.samples, second.samples))
        later = [(a + len(first.samples), b + len(first.samples)) for a, b in second.times]
        rest = (second.words, later)
        words += len(first.words) + len(second.words)
        false += len(_check(sound, [(first.words, first.times), rest], tag))
        other = said[(2 * at + 3) % len(said)].words
        long = sorted(other, key=len)[-1].strip(".,?!。、，？！।")
        n = max(range(len(first.words) - 1), key=lambda i: len(first.words[i]))
        here = first.times[n][0]
        changed = [*first.words[:n], long, *first.words[n + 1 :]]
        added = [*first.words[:n], long, *first.words[n:]]
        times = [*first.times[:n], (here, here), *first.times[n:]]
        end = first.times[-1][1]
        for kind, script, line in (
            ("changed", [(changed, first.times), rest], 0),
            ("added", [(added, times), rest], 0),
            ("sentence", [(first.words, first.times), (other, [(end, end)] * len(other)), rest], 1),
        ):
            findings = _check(sound, script, tag)
            found[kind] += any(f.place.line == line + 1 for f in findings)
    pairs = len(said) // 2
    faults = ", ".join(f"{kind} {count} of {pairs}" for kind, count in found.items())
    return f"{words} right words with {false} findings; found: {faults}"


def _check(
    sound: Samples, script: Sequence[tuple[Sequence[str], Times]], tag: str
) -> tuple[Finding, ...]:
    utterances, words = [], []
    for number, (texts, times) in enumerate(script):
        if is_unspaced(tag):  # a clause is one token
            texts, times = ["".join(texts)], [(times[0][0], times[-1][1])]
        tokens = tuple(Token(text, text, 0, 0) for text in texts)
        utterances.append(Utterance(tokens, 400, number + 1))
        words += [
            Word(text, a, b, number, token)
            for token, (text, (a, b)) in enumerate(zip(texts, times, strict=True))
        ]
    slide = Slide(1, "", (), tuple(utterances), 1)
    found = check_narration(slide, Narration(sound, tuple(words), ()), language=tag).findings
    return tuple(f for f in found if f.rule != "times-differ")


if __name__ == "__main__":
    main()
