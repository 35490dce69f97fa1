"""Word times that are found in recordings, against the times at which the words were spoken.

    python benchmarks/recording_times.py times FOLDER [choosing]
    python benchmarks/recording_times.py hour FOLDER

`times`: lessons read by synthetic voices, clean, in pink noise 10 dB under the speech, and in a
room. `hour`: an hour with long pauses, false starts, repeated and skipped sentences and asides, and
the same hour against another script. What is spoken is kept in FOLDER. The folder of models
(NARRATE_MODELS) must hold the Kokoro and Piper voices named below.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.recording_sound import Recorded, Studio, Take, in_a_room, script, with_pink_noise
from benchmarks.recording_texts import CHOOSING, REPORTING
from lessons.model import Utterance
from narrate.align.recording import Aligned, align_recording
from narrate.align.whisper import RATE, to_recognition_rate
from narrate.clock import SAMPLE_RATE
from narrate.model import Samples, Word

CHOOSING_VOICES = ("piper/en_US-joe-medium", "espeak/en-us+f3", "kokoro/af_jf_tebukuro")
VOICES = (
    "kokoro/af_jf_alpha",
    "kokoro/af_jm_kumo",
    "kokoro/af_jf_nezumi",
    "piper/en_US-joe-medium",
    "espeak/en-us",
    "espeak/en-gb-x-rp",
)
CONDITIONS: dict[str, Callable[[Samples], Samples]] = {
    "clean": lambda samples: samples,
    "pink 10 dB": lambda samples: with_pink_noise(samples, 10, seed=1),
    "room": lambda samples: in_a_room(samples, seed=1),
}
LESSON_PAUSES = (0.35, 0.6, 0.45, 1.1, 0.5, 0.8)  # seconds, in turn


def _plain(utterances: Sequence[Utterance]) -> Iterator[Take]:
    for number, utterance in enumerate(utterances):
        yield Take(utterance, number, LESSON_PAUSES[number % len(LESSON_PAUSES)])


def _cpu() -> float:
    own, children = (
        resource.getrusage(resource.RUSAGE_SELF),
        resource.getrusage(resource.RUSAGE_CHILDREN),
    )
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def compare(recorded: Recorded, aligned: Aligned) -> tuple[list[float], int]:
    """Errors of the starts in ms of the words that were said in full takes of their sentence (the
    last one counts), and how many of those words have no time."""
    takes = {
        t.script: n for n, t in enumerate(recorded.takes) if t.script is not None and not t.words
    }
    words: dict[int, list[Word]] = {}
    for word in aligned.words:
        words.setdefault(word.utterance, []).append(word)
    errors, lost = [], 0
    for number, take in takes.items():
        for true, found in zip(recorded.words[take], words[number], strict=True):
            if true.end <= true.start:
                continue
            if found.end <= found.start:
                lost += 1
            else:
                errors.append((found.start - true.start) * 1000 / SAMPLE_RATE)
    return errors, lost


def line(name: str, errors: Sequence[float], lost: int) -> str:
    size = np.abs(errors)
    return (
        f"{name:38} {len(errors) + lost:5} words, {lost} lost; "
        f"starts {np.median(errors):+3.0f} ms, "
        f"size median {np.median(size):3.0f}, p90 {np.percentile(size, 90):4.0f}, "
        f"p95 {np.percentile(size, 95):4.0f}, largest {size.max():5.0f}"
    )


def times(folder: Path, texts: dict[str, str], voices: Sequence[str]) -> None:
    studio = Studio(folder)
    utterances = [u for text in texts.values() for u in script(text)]
    for condition, change in CONDITIONS.items():
        everything: list[float] = []
        gone, told, spent, wall, seconds, shares = 0, 0, 0.0, 0.0, 0.0, []
        for voice in voices:
            recorded = studio.record(voice, _plain(utterances))
            sound = to_recognition_rate(change(recorded.samples))
            begun, clock = _cpu(), time.perf_counter()
            aligned = align_recording(utterances, sound, language="en-US", jobs=2)
            wall += time.perf_counter() - clock
            spent += _cpu() - begun
            seconds += len(sound) / RATE
            errors, lost = compare(recorded, aligned)
            everything += errors
            gone += lost
            told += len(aligned.findings)
            shares.append(aligned.forced)
            print(line(f"{condition}, {voice}", errors, lost), f"forced {aligned.forced:.3f}")
            for finding in aligned.findings:
                print("   false:", finding.message)
        print(
            line(f"{condition}, all", everything, gone),
            f"forced {np.mean(shares):.3f}, {told} false findings; {seconds:.0f} s: wall "
            f"{wall / seconds:.3f}, CPU {spent / seconds:.3f} x real time",
            flush=True,
        )


def main(what: str, folder: Path, choosing: bool) -> None:
    if what == "times":
        times(folder, CHOOSING if choosing else REPORTING, CHOOSING_VOICES if choosing else VOICES)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), "choosing" in sys.argv[3:])
