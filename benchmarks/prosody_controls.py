"""Measures what changes when single words are spoken faster, slower, stronger or weaker.

    python benchmarks/prosody_controls.py [--voice hibari]

For each control, each third word of each sentence is spoken with it, one word at a time. The table
shows the word's length against its usual one, how much the lengths of the other words change, its
level and pitch, how far word starts are from PocketSphinx's forced alignment (also for the plain
sentence), and how many of the words Whisper's base model recognises.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import replace

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import numpy.typing as npt

from lessons.model import Token, Utterance
from narrate.align.whisper import open_whisper, to_recognition_rate
from narrate.clock import SAMPLE_RATE
from narrate.speech import open_voice
from narrate.vocabulary import Speech

SENTENCES = (
    "Photographs of the surface show deep valleys carved by rivers long ago.",
    "We put the second sample into the oven at once and waited.",
    "A prism bends the violet light more than the red light.",
    "Every cell in your body carries the same long molecule.",
    "The river slows down where the valley becomes wide and flat.",
    "Most of the energy that reaches the leaf is given back as heat.",
)


def _with_rate(rate: float) -> Callable[[Token], Token]:
    return lambda token: replace(token, rate=rate)


CONTROLS: dict[str, Callable[[Token], Token]] = {
    "as usual": lambda token: token,
    **{f"rate {rate}": _with_rate(rate) for rate in (0.5, 0.7, 0.85, 1.15, 1.35)},
    "strong": lambda token: replace(token, emphasis="strong"),
    "moderate": lambda token: replace(token, emphasis="moderate"),
    "reduced": lambda token: replace(token, emphasis="reduced"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--voice", default="hibari")
    name = parser.parse_args().voice
    voice = open_voice(name, "en-US")
    whisper = open_whisper()
    usual = [voice.speak(_utterance(text)) for text in SENTENCES]
    print(f"{name}; medians, and in brackets the 90th percentile of what should not move")
    print("control     length  others ms   level dB  pitch  starts ms   heard")
    for control, change in CONTROLS.items():
        lengths, others, levels, pitches, starts = [], [], [], [], []
        heard = asked = 0
        for text, plain in zip(SENTENCES, usual, strict=True):
            words = text.split()
            for at in range(1, len(words), 3):
                speech = voice.speak(_utterance(text, at, change))
                own, before = _lengths(speech), _lengths(plain)
                lengths.append(own[at] / before[at])
                others += np.delete(np.abs(own - before), at).tolist()
                levels.append(_level(speech, at) - _level(plain, at))
                pitches.append(_pitch(speech, at) / _pitch(plain, at))
                starts += _start_errors(speech)
                window = whisper.encode(to_recognition_rate(speech.samples))
                said = whisper.recognise(window, "en").lower().replace(",", "").rstrip(".").split()
                asked += 1
                heard += words[at].lower().rstrip(".") in said
        print(
            f"{control:10s}  {np.median(lengths):5.2f}  {_spread(others)}  "
            f"{np.median(levels):+6.1f}  {np.median(pitches):6.2f}  {_spread(starts)}  "
            f"{heard}/{asked}"
        )
    return 0


def _utterance(
    text: str, at: int | None = None, change: Callable[[Token], Token] | None = None
) -> Utterance:
    tokens = [Token(word, word, 0, 0) for word in text.split()]
    if at is not None and change is not None:
        tokens[at] = change(tokens[at])
    return Utterance(tuple(tokens), 0, 1)


def _lengths(speech: Speech) -> npt.NDArray[np.float64]:
    return np.array([(w.end - w.start) * 1000 / SAMPLE_RATE for w in speech.words])


def _level(speech: Speech, at: int) -> float:
    word = speech.words[at]
    return float(10 * np.log10(np.mean(speech.samples[word.start : word.end] ** 2)))


def _pitch(speech: Speech, at: int) -> float:
    """The pitch of a word's loudest 60 ms in Hz, by its autocorrelation."""
    word = speech.words[at]
    width = SAMPLE_RATE * 60 // 1000
    sound = speech.samples[word.start : max(word.end, word.start + width)].astype(np.float64)
    power = np.convolve(sound**2, np.ones(width), "valid")
    begin = int(np.argmax(power)) if len(power) else 0
    part = sound[begin : begin + width] * np.hanning(len(sound[begin : begin + width]))
    correlation = np.fft.irfft(np.abs(np.fft.rfft(part, 16384)) ** 2)
    low, high = SAMPLE_RATE // 400, SAMPLE_RATE // 110
    return SAMPLE_RATE / (low + int(np.argmax(correlation[low:high])))


def _start_errors(speech: Speech) -> list[float]:
    """The distances of our word starts from those of forced alignment, in ms."""
    found = _forced(speech)
    return [
        abs(found[at] - word.start * 1000 / SAMPLE_RATE)
        for at, word in enumerate(speech.words)
        if at in found
    ]


def _forced(speech: Speech) -> dict[int, float]:
    from pocketsphinx import Decoder

    decoder = Decoder(samprate=16000, loglevel="FATAL", bestpath=False, backtrace=False)
    padded = np.concatenate([np.zeros(4800, np.float32), to_recognition_rate(speech.samples)])
    padded = np.concatenate([padded, np.zeros(4800, np.float32)])
    noise = np.random.default_rng(0).normal(
        0, 1, len(padded)
    )  # since digital silence has no spectrum
    sound = (padded * 32767 + noise).clip(-32768, 32767).astype("<i2").tobytes()
    text = [word.written.lower().strip(".,") for word in speech.words]
    try:
        decoder.set_align_text(" ".join(text))
        decoder.start_utt()
        decoder.process_raw(sound, full_utt=True)
        decoder.end_utt()
    except RuntimeError:
        return {}
    spoken = [s for s in decoder.seg() or () if not s.word.startswith("<")]
    if [s.word.partition("(")[0] for s in spoken] != text:
        return {}
    return {at: s.start_frame * 10 - 300.0 for at, s in enumerate(spoken)}


def _spread(values: Sequence[float]) -> str:
    return f"{np.median(values):3.0f} ({np.percentile(values, 90):3.0f})" if values else "    -"


if __name__ == "__main__":
    raise SystemExit(main())
