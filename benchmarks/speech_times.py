"""Word and phone starts of a voice against PocketSphinx's forced alignment.

    python benchmarks/speech_times.py samples/course [VOICE]

Every utterance of the course is spoken and aligned. Utterances with words that PocketSphinx's
dictionary lacks, or that it cannot align, are counted and left out.
"""

from __future__ import annotations

import re
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pocketsphinx
from scipy.signal import resample_poly

from lessons.course import load_course
from lessons.model import Utterance
from narrate.clock import SAMPLE_RATE
from narrate.model import Speech
from narrate.speech import DEFAULT_VOICE, open_voice

PAD_SECONDS = 0.2
# It fails on sound without any noise, and on some sentences with one noise and not with another.
DITHER = (1e-4, 3e-4, 1e-3, 5e-5)


def _decoder() -> Any:
    model = Path(pocketsphinx.get_model_path()) / "en-us"
    return pocketsphinx.Decoder(
        hmm=str(model / "en-us"),
        dict=str(model / "cmudict-en-us.dict"),
        lm=None,
        loglevel="FATAL",
    )


def _aligned(speech: Speech, words: list[str]) -> list[tuple[float, list[float]]] | None:
    """Seconds at which each word and each of its phones starts; None if it will not align."""
    pad = np.zeros(round(PAD_SECONDS * SAMPLE_RATE), np.float32)
    sound = resample_poly(np.concatenate((pad, speech.samples, pad)), 1, 3)
    for seed, level in enumerate(DITHER):
        noisy = sound + np.random.default_rng(seed).normal(0, level, len(sound))
        pcm = (np.clip(noisy, -1, 1) * 32767).astype("<i2").tobytes()
        decoder = _decoder()
        if any(decoder.lookup_word(word) is None for word in words):
            return None
        try:
            decoder.set_align_text(" ".join(words))
            _hear(decoder, pcm)
            if decoder.hyp() is None:
                continue
            decoder.set_alignment()  # from words to phones
            _hear(decoder, pcm)
            alignment = decoder.get_alignment()
            if alignment is None:
                continue
            found = [
                (word.start / 100 - PAD_SECONDS, [p.start / 100 - PAD_SECONDS for p in word])
                for word in alignment
                if not word.name.startswith(("<", "["))
            ]
        except RuntimeError:
            continue
        if len(found) == len(words):
            return found
    return None


def _hear(decoder: Any, pcm: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()


def _words(utterance: Utterance) -> list[list[str]]:
    return [re.sub(r"[^a-z' -]", "", t.spoken.lower()).split() for t in utterance.tokens]


def _report(name: str, errors: list[float]) -> None:
    size = np.abs(errors)
    print(
        f"{name}: {len(errors)}, median error {np.median(errors):+.0f} ms, size median "
        f"{np.median(size):.0f}, p90 {np.percentile(size, 90):.0f}, p95 "
        f"{np.percentile(size, 95):.0f}, largest {size.max():.0f}"
    )


def main(course: Path, name: str) -> None:
    voice = open_voice(name, "en-US")
    word_errors: list[float] = []
    phone_errors: list[float] = []
    left_out, spent, spoken = 0, 0.0, 0.0
    slides = [slide for lesson in load_course(course).lessons for slide in lesson.slides]
    utterances = [utterance for slide in slides for utterance in slide.utterances]
    for utterance in utterances:
        begun = time.process_time()
        speech = voice.speak(utterance)
        spent += time.process_time() - begun
        spoken += len(speech.samples) / SAMPLE_RATE
        said = _words(utterance)
        found = _aligned(speech, [word for words in said for word in words])
        if found is None:
            left_out += 1
            continue
        at = 0
        for words, word in zip(said, speech.words, strict=True):
            if not words:
                continue
            start, _ = found[at]
            word_errors.append(1000 * (word.start / SAMPLE_RATE - start))
            theirs = [p for _, phones in found[at : at + len(words)] for p in phones]
            ours = [p.start for p in speech.phones if word.start <= p.start < word.end]
            if len(ours) == len(theirs):
                pairs = zip(ours, theirs, strict=True)
                phone_errors += [1000 * (a / SAMPLE_RATE - b) for a, b in pairs]
            at += len(words)
    print(f"{len(utterances)} utterances, {left_out} left out, {spent / spoken:.3f} x real time")
    _report("word starts", word_errors)
    _report("phone starts", phone_errors)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else DEFAULT_VOICE)
