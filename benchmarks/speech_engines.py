"""Measures each voice that can speak English on this machine: speed, level, pace, times and bytes.

    python benchmarks/speech_engines.py [VOICE ...] [--sentences 20] [--json]

The sentences are the first of benchmarks/sentences/held-out.md, on which no constant was chosen.
Speed is processor time, including that of child processes, for each second of speech, after
loading. Times are compared with PocketSphinx's (benchmarks/speech_times.py), by the same limits as
for the default voice. Bytes are compared within this process, and with another process on two
threads.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from figures import Figure, show
from scipy.signal import resample_poly
from speech_times import PAD_SECONDS, SENTENCES, Spoken, phone_errors, word_errors

from lessons.course.reading import load_course
from lessons.model import Utterance
from narrate.align.sphinx import RATE, align
from narrate.clock import SAMPLE_RATE
from narrate.limiter import true_peak
from narrate.loudness import loudness
from narrate.speech import Voice, open_voice, voices
from narrate.speech.base import speaks
from narrate.speech.level import limit
from narrate.vocabulary import Speech

LESSON = "held-out"
PACES = (0.75, 1.5)
WORDS_MS, WORDS_P95_MS, PHONES_MS = 20.0, 75.0, 25.0
LEVEL_LU, PEAK_DBTP = 1.0, -1.5  # for a voice's own level; a lesson's is brought to within 0.5
BESIDE = ("espeak/en-gb", "espeak/en-us+f3")  # espeak lists one voice for all its languages


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("voices", nargs="*")
    options.add_argument("--sentences", type=int, default=20)
    options.add_argument("--json", action="store_true")
    options.add_argument("--digest", action="store_true", help="Print what one voice says.")
    chosen = options.parse_args()
    texts = sentences(chosen.sentences)
    if chosen.digest:
        print(digest(_open(chosen.voices[0]).speak(texts[0])))
        return 0
    names = chosen.voices or [
        *(v.id for v in voices() if v.available and _english(v.languages)),
        *(BESIDE if any(v.id == "espeak" and v.available for v in voices()) else ()),
    ]
    figures = [figure for name in names for figure in measure(name, texts)]
    return show(figures, as_json=chosen.json)


def _english(languages: Sequence[str]) -> bool:
    return speaks(languages, "en")


def _open(name: str) -> Voice:
    known = {v.id: v.languages for v in voices()}
    wanted = "en-GB" if known.get(name) == ("en-GB",) or "en-gb" in name else "en-US"
    return open_voice(name, wanted)


def sentences(count: int) -> list[Utterance]:
    lesson = next(x for x in load_course(SENTENCES).lessons if x.id == LESSON)
    return [u for slide in lesson.slides for u in slide.utterances][:count]


def measure(name: str, texts: Sequence[Utterance]) -> list[Figure]:
    begun = _spent()
    voice = _open(name)
    loading = _spent() - begun
    begun = _spent()
    said = [voice.speak(text) for text in texts]
    spent = _spent() - begun
    seconds = sum(_seconds(speech) for speech in said)
    figures = [
        Figure(name, "speed", f"{spent / seconds:.3f} x real time, {loading:.1f} s to load"),
        *_levels(name, said),
        _paced(name, voice, texts, seconds),
        *_timed(name, texts, said),
        _repeated(name, voice, texts, said[0]),
    ]
    return [replace(f, met=None, asked="") if name == "silent" else f for f in figures]


def _spent() -> float:
    """Processor seconds of this process and of the child processes that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _seconds(speech: Speech) -> float:
    return len(speech.samples) / SAMPLE_RATE


def _levels(name: str, said: Sequence[Speech]) -> list[Figure]:
    whole = np.concatenate([speech.samples for speech in said])
    level = loudness([whole])
    single = [x for x in (loudness([speech.samples]) for speech in said) if np.isfinite(x)]
    spread = f", sentences {min(single):.1f} to {max(single):.1f}" if single else ""
    peak, held = true_peak([whole]), true_peak([limit(whole)])
    return [
        Figure(
            name,
            "level",
            f"{level:.1f} LUFS{spread}",
            f"-16 +- {LEVEL_LU:g}",
            abs(level + 16) <= LEVEL_LU,
        ),
        Figure(
            name,
            "true peak",
            f"{peak:.1f} dBTP, limited {held:.1f}",
            f"limited <= {PEAK_DBTP:g}",
            held <= PEAK_DBTP + 0.05,
        ),
    ]


def _paced(name: str, voice: Voice, texts: Sequence[Utterance], seconds: float) -> Figure:
    if "rate" not in voice.info.capabilities:
        return Figure(name, "rates", "has one pace only")
    made = {
        pace: seconds / sum(_seconds(voice.speak(text, rate=pace)) for text in texts)
        for pace in PACES
    }
    return Figure(
        name,
        "rates",
        ", ".join(f"{pace:g} gives {got:.2f}" for pace, got in made.items()),
        "within 10 %",
        all(abs(got / pace - 1) <= 0.1 for pace, got in made.items()),
    )


def _timed(name: str, texts: Sequence[Utterance], said: Sequence[Speech]) -> list[Figure]:
    if not any(speech.samples.any() for speech in said):
        return []
    spoken = []
    pad = np.zeros(round(PAD_SECONDS * SAMPLE_RATE), np.float32)
    for text, speech in zip(texts, said, strict=True):
        sound = resample_poly(np.concatenate((pad, speech.samples, pad)), 1, SAMPLE_RATE // RATE)
        forced = align(
            np.asarray(sound, np.float32),
            [token.spoken for token in text.tokens],
            ipa=[token.phones for token in text.tokens],
        )
        spoken.append(Spoken(text, speech, forced))
    aligned = [s for s in spoken if s.forced is not None]
    words, phones = np.abs(word_errors(aligned)), np.abs(phone_errors(aligned))
    middle, p95 = np.percentile(words, (50, 95))
    figures = [
        Figure(
            name,
            "word starts",
            f"{middle:.0f} median, {p95:.0f} p95 of {len(words)}; "
            f"{np.median(word_errors(aligned)):+.0f} the middle one; "
            f"{len(spoken) - len(aligned)} sentences would not align",
            f"median <= {WORDS_MS:g}, p95 <= {WORDS_P95_MS:g} ms",
            bool(middle <= WORDS_MS and p95 <= WORDS_P95_MS),
        )
    ]
    if len(phones):
        middle = float(np.median(phones))
        figures.append(
            Figure(
                name,
                "phone starts",
                f"{middle:.0f} median of {len(phones)}",
                f"median <= {PHONES_MS:g} ms",
                middle <= PHONES_MS,
            )
        )
    return figures


def _repeated(name: str, voice: Voice, texts: Sequence[Utterance], first: Speech) -> Figure:
    here = digest(voice.speak(texts[0])) == digest(first)
    done = subprocess.run(
        [sys.executable, str(Path(__file__)), name, "--digest"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "2"},
    )
    there = done.stdout.strip() == digest(first)
    found = (
        f"{'the same' if here else 'OTHERS'} here, {'the same' if there else 'OTHERS'} elsewhere"
    )
    return Figure(name, "bytes", found, "the same", here and there)


def digest(speech: Speech) -> str:
    about = json.dumps([[w.start, w.end] for w in speech.words]).encode()
    return hashlib.sha256(speech.samples.tobytes() + about).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
