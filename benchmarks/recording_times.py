"""Compares the word times that are found in recordings with those at which the words were spoken.

    python benchmarks/recording_times.py times FOLDER [choosing]
    python benchmarks/recording_times.py hour FOLDER

`times` measures lessons that synthetic voices read: clean, in pink noise 10 dB below the speech,
and in a small room. `hour` measures an hour with long pauses, false starts, repeated and skipped
sentences and asides, and the same hour against another script. The speech is kept in FOLDER. The
model folder (NARRATE_MODELS) must hold the Kokoro and Piper voices that are named below.
"""

from __future__ import annotations

import multiprocessing
import random
import re
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
from recording_sound import Recorded, Studio, Take, in_a_room, script, with_pink_noise
from recording_texts import ASIDES, CHOOSING, REPORTING

from lessons.model import Utterance
from narrate.align.recording_alignment import Aligned, align_recording
from narrate.align.whisper import RATE, to_recognition_rate
from narrate.clock import SAMPLE_RATE
from narrate.vocabulary import Samples, Word

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
    """The errors in ms of the starts of words that were said in a full take of their sentence (the
    last full take counts), and how many of those words have no time."""
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


PLANTS = ("pause", "false start", "repeated", "aside", "skipped")
EVERY = 11  # sentences
PLANTED_PAUSE = 20.0
TOLD_SECONDS = 2.5


def _hour(studio: Studio) -> tuple[list[Utterance], Recorded, list[tuple[str, int, float]]]:
    """The script of an hour, its recording, and what was planted: its kind, sentence and time. Each
    voice reads a part, with the lessons in another order each time."""
    chance = random.Random(4)
    readers = [(v, CHOOSING) for v in CHOOSING_VOICES] + [(v, REPORTING) for v in VOICES]
    chance.shuffle(readers)
    written: list[Utterance] = []
    parts: list[Recorded] = []
    kinds: list[tuple[str, int, int, int]] = []  # kind, sentence, part, take
    for part, (voice, texts) in enumerate(readers):
        takes: list[Take] = []
        lessons = list(texts.values())
        chance.shuffle(lessons)
        for sentence in (u for text in lessons for u in script(text)):
            number = len(written)
            written.append(replace(sentence, line=number + 1))
            pause = LESSON_PAUSES[number % len(LESSON_PAUSES)]
            plant = PLANTS[number // EVERY % len(PLANTS)] if number % EVERY == EVERY - 1 else ""
            long = len(sentence.tokens) >= 6
            if plant:
                kinds.append((plant, number, part, len(takes)))
            if plant == "aside":
                aside = script("\n".join(ASIDES))[number % len(ASIDES)]
                takes.append(Take(aside, None, 0.7))
            if plant == "repeated" or (plant == "false start" and not long):
                takes.append(Take(sentence, number, 0.6))
            elif plant == "false start":
                takes.append(Take(sentence, number, 0.5, len(sentence.tokens) // 2))
            if plant != "skipped":
                takes.append(Take(sentence, number, PLANTED_PAUSE if plant == "pause" else pause))
        parts.append(studio.record(voice, takes, lead=1.0))
    offsets = np.cumsum([0, *(len(part.samples) for part in parts)])
    whole = Recorded(
        np.concatenate([part.samples for part in parts]),
        tuple(take for part in parts for take in part.takes),
        tuple(
            (a + int(o), b + int(o))
            for part, o in zip(parts, offsets, strict=False)
            for a, b in part.edges
        ),
        tuple(
            tuple(replace(w, start=w.start + int(o), end=w.end + int(o)) for w in words)
            for part, o in zip(parts, offsets, strict=False)
            for words in part.words
        ),
    )
    planted = []
    for kind, number, part, take in kinds:
        edges = parts[part].edges
        start = edges[min(take, len(edges) - 1)][0] + int(offsets[part])
        planted.append((kind, number, start / SAMPLE_RATE))
    return written, whole, planted


CODES = {
    "false start": "repeated",
    "repeated": "repeated",
    "aside": "not-in-script",
    "skipped": "not-said",
}


def hour(folder: Path) -> None:
    written, recorded, planted = _hour(Studio(folder))
    sound = to_recognition_rate(recorded.samples)
    recorded = replace(recorded, samples=np.zeros(0, np.float32))
    seconds = len(sound) / RATE
    size = sound.nbytes / 1e6
    # In a new process, so that its memory is that of the alignment alone.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        aligned, wall, spent, peak, worker = pool.submit(_measured, written, sound).result()
    print(
        f"{seconds:.0f} s, {len(written)} sentences, {len(planted)} planted; wall "
        f"{wall / seconds:.3f}, CPU {spent / seconds:.3f} x real time; sound {size:.0f} MB, peak "
        f"{peak:.0f} MB with it, largest worker {worker:.0f} MB"
    )
    errors, lost = compare(recorded, aligned)
    print(line("all", errors, lost), f"forced {aligned.forced:.3f}")
    near = {n + d for kind, n, _ in planted for d in (-1, 0, 1)}
    for name, inside in (("beside plants", True), ("elsewhere", False)):
        kept = tuple(
            t if t.script is not None and (t.script in near) == inside else replace(t, script=None)
            for t in recorded.takes
        )
        print(line(name, *compare(replace(recorded, takes=kept), aligned)))
    left = list(aligned.findings)
    found = dict.fromkeys(PLANTS[1:], 0)
    for kind, number, start in planted:
        if kind == "pause":
            continue
        hits = [
            f
            for f in left
            if f.rule == CODES[kind]
            and (f.place.line == number + 1 if kind == "skipped" else _tells(f.message, start))
        ]
        found[kind] += bool(hits)
        if not hits:
            print("missed:", kind, round(start), written[number].spoken)
        for hit in hits[:1]:
            left.remove(hit)
    wanted = {k: sum(kind == k for kind, _, _ in planted) for k in found}
    print("found", ", ".join(f"{kind} {found[kind]} of {wanted[kind]}" for kind in found))
    print(f"{len(left)} other findings")
    for finding in left:
        print("  ", finding.place.line, finding.message)


def _tells(message: str, seconds: float) -> bool:
    """Whether a finding names this time, to what the recogniser can tell."""
    times = re.findall(r"(?:(\d+):)?(\d+):(\d\d)", message)
    told = [3600 * int(h or 0) + 60 * int(m) + int(s) for h, m, s in times]
    return any(abs(t + 0.5 - seconds) < TOLD_SECONDS for t in told)


def _measured(
    written: Sequence[Utterance], sound: Samples
) -> tuple[Aligned, float, float, float, float]:
    begun, clock = _cpu(), time.perf_counter()
    aligned = align_recording(written, sound, language="en-US", jobs=2)
    wall, spent = time.perf_counter() - clock, _cpu() - begun
    own, workers = _peak(resource.RUSAGE_SELF), _peak(resource.RUSAGE_CHILDREN)
    return aligned, wall, spent, own, workers


def other(folder: Path) -> None:
    """Align a recording with another lesson's script."""
    utterances = [u for text in REPORTING.values() for u in script(text)]
    recorded = Studio(folder).record(VOICES[3], _plain(utterances))
    written = [u for text in CHOOSING.values() for u in script(text)]
    sound = to_recognition_rate(recorded.samples)
    aligned = align_recording(written, sound, language="en-US", jobs=2)
    timed = sum(word.end > word.start for word in aligned.words)
    print(f"another script: {timed} of {len(aligned.words)} words have a time;", end=" ")
    print(*(f"{f.severity}: {f.message}" for f in aligned.findings), sep="\n")


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1000


def main(what: str, folder: Path, choosing: bool) -> None:
    if what == "times":
        times(folder, CHOOSING if choosing else REPORTING, CHOOSING_VOICES if choosing else VOICES)
    elif what == "hour":
        hour(folder)
        other(folder)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), "choosing" in sys.argv[3:])
