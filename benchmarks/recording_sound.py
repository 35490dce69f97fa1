"""Recordings in which the time of each word is known: lessons spoken by synthetic voices.

Sentences are spoken one by one and kept in a folder; a recording is a row of sentences and pauses.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from lessons.markdown.lesson import parse_lesson
from lessons.model import Utterance
from narrate.clock import SAMPLE_RATE, seconds_to_samples
from narrate.speech import open_voice
from narrate.speech.base import Voice
from narrate.vocabulary import Samples, Speech, Word

ROOM_SECONDS = 0.4  # reverberation time of a furnished office


@dataclass(frozen=True, slots=True)
class Take:
    """A sentence in a recording: the first `words` tokens of `utterance` (None for all of them),
    followed by a pause of `pause` seconds. `script` is its index in the script, None if it is not
    in it."""

    utterance: Utterance
    script: int | None
    pause: float
    words: int | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recording at SAMPLE_RATE. For each take it has the first and last sample, and its words in
    recording time."""

    samples: Samples
    takes: tuple[Take, ...]
    edges: tuple[tuple[int, int], ...]
    words: tuple[tuple[Word, ...], ...]


class Studio:
    """Voices at one pace, and the sentences that they have spoken, kept in a folder."""

    def __init__(self, folder: Path, rate: float = 1.0) -> None:
        self._folder, self._rate = folder, rate
        self._voices: dict[str, Voice] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def speak(self, name: str, utterance: Utterance) -> Speech:
        key = hashlib.sha256(f"{name} {self._rate} {utterance.tokens}".encode()).hexdigest()[:24]
        path = self._folder / f"{key}.npz"
        if not path.is_file():
            if name not in self._voices:
                self._voices[name] = open_voice(name, "en-GB" if "gb" in name else "en-US")
            speech = self._voices[name].speak(utterance, rate=self._rate)
            edges = np.array([(w.start, w.end) for w in speech.words])
            np.savez(path, samples=speech.samples.astype(np.float32), edges=edges)
        kept = np.load(path)
        words = tuple(
            Word(token.written, int(a), int(b), token=at)
            for at, (token, (a, b)) in enumerate(zip(utterance.tokens, kept["edges"], strict=True))
        )
        return Speech(kept["samples"], words, ())

    def record(self, name: str, takes: Iterable[Take], *, lead: float = 1.0) -> Recorded:
        """The takes in a row after `lead` seconds, with the faint noise of a real room."""
        taken = tuple(takes)
        pieces = [np.zeros(seconds_to_samples(lead), np.float32)]
        here, edges, words = len(pieces[0]), [], []
        for take in taken:
            said = take.utterance
            if take.words is not None:
                said = replace(said, tokens=said.tokens[: take.words])
            speech = self.speak(name, said)
            edges.append((here, here + len(speech.samples)))
            words.append(
                tuple(replace(w, start=w.start + here, end=w.end + here) for w in speech.words)
            )
            pieces += [speech.samples, np.zeros(seconds_to_samples(take.pause), np.float32)]
            here += len(pieces[-2]) + len(pieces[-1])
        samples = np.concatenate(pieces)
        rng = np.random.default_rng(len(samples))
        samples += rng.normal(0, 10 ** (-66 / 20), len(samples)).astype(np.float32)
        return Recorded(samples, taken, tuple(edges), tuple(words))


def script(text: str) -> list[Utterance]:
    """The sentences of a lesson as the lesson reader makes them, with lines counted from 1."""
    found = []
    for line, sentence in enumerate(text.splitlines(), start=1):
        lesson = parse_lesson(f"# T\n\n{sentence}\n", path="lesson.md", root=Path())
        tokens = tuple(t for u in lesson.slides[0].utterances for t in u.tokens)
        found.append(replace(lesson.slides[0].utterances[0], tokens=tokens, line=line))
    return found


def with_pink_noise(samples: Samples, snr_db: float, seed: int) -> Samples:
    """The sound with noise of equal power in each octave, `snr_db` below the mean power outside
    pauses."""
    rng = np.random.default_rng(seed)
    block = 1 << 20  # one block of noise is repeated, so an hour costs no more than a block
    spectrum = np.fft.rfft(rng.standard_normal(block))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), block)
    frames = samples[: len(samples) // 480 * 480].reshape(-1, 480)
    power = np.mean(frames**2, axis=1)
    loud = power[power > power.max() * 1e-4]
    noise *= np.sqrt(loud.mean() / 10 ** (snr_db / 10) / np.mean(noise**2))
    out = samples + np.resize(noise, len(samples)).astype(np.float32)
    return np.asarray(out, np.float32)


def in_a_room(samples: Samples, seed: int) -> Samples:
    """The sound as in a small room: early echoes, and reverberation 8 dB below the direct sound."""
    from scipy.signal import oaconvolve

    rng = np.random.default_rng(seed)
    count = seconds_to_samples(ROOM_SECONDS)
    decay = 10 ** (-3 * np.arange(count) / count)
    tail = rng.standard_normal(count) * decay
    tail[: SAMPLE_RATE // 200] = 0  # the first echo comes after 5 ms, 1.7 m
    tail *= np.sqrt(10 ** (-8 / 10) / np.sum(tail**2))
    tail[0] = 1.0
    return np.asarray(oaconvolve(samples, tail.astype(np.float32))[: len(samples)], np.float32)
