"""How well the speech check works: planted errors that are found at the right word, and false
findings where nothing is wrong.

    python benchmarks/speech_check.py reporting --keep FOLDER [--voice NAME ...] [--noise]

Lessons of speech_check_texts.py are spoken by several voices, clean and with one error of each
kind, and checked like recordings without word times. The sound takes a while to make and is kept in
FOLDER. There are two controls: the script of another lesson, in which each sentence must have a
finding, and a script with the same errors as the sound, which must have none.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from figures import Figure, show
from planted import KINDS, Plant, Recorded, Studio, recorded, with_pink_noise
from speech_check_texts import CHOOSING, REPORTING

from lessons.model import Finding
from narrate.align import check_narration
from narrate.clock import SAMPLE_RATE

# A voice's position decides which errors it says. espeak-ng's synthetic voice is not clean speech;
# its figures are for information.
VOICES = (
    "hibari/heart",
    "piper/en_US-joe-medium",
    "espeak/en-us",
    "espeak/en-gb",
    "espeak/en-us+f3",
    "kokoro/af_jf_nezumi",
    "kokoro/af_jf_gongitsune",
    "kokoro/af_jm_kumo",
    "hibari/heart@0.9",
    "piper/en_US-joe-medium@1.1",
)
SETS = {"choosing": CHOOSING, "reporting": REPORTING}
NOISE_DB = 10.0
BINS = (0.5, 0.8, 0.95, 1.01)


@dataclass
class Tally:
    """The findings with one voice."""

    recordings: int = 0
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    false: list[str] = field(default_factory=list)  # in clean recordings
    words: int = 0
    beside: list[str] = field(default_factory=list)  # false findings in recordings with errors
    agreed: list[str] = field(default_factory=list)  # findings where the script has the same errors
    agreed_words: int = 0
    # Sentences with a finding, and all sentences, with the script of another lesson.
    foreign: list[int] = field(default_factory=lambda: [0, 0])
    sure: list[tuple[float, bool]] = field(default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", choices=SETS)
    parser.add_argument("--keep", type=Path, required=True)
    parser.add_argument("--voice", action="append")
    parser.add_argument("--noise", action="store_true")
    arguments = parser.parse_args()
    texts, studio = SETS[arguments.set], Studio(arguments.keep, rate=0.95)
    tallies = {}
    spent = seconds = 0.0
    for voice in arguments.voice or VOICES:
        number = VOICES.index(voice)
        tally = tallies[voice] = Tally()
        for at, (name, text) in enumerate(texts.items()):
            turn = 100 * number + at
            clean = recorded(studio, name, text, voice, planted=False)
            wrong = recorded(studio, name, text, voice, planted=True, turn=turn)
            odd = recorded(studio, name, text, voice, planted=True, turn=turn, agreed=True)
            other = recorded(studio, *list(texts.items())[at - 1], voice, planted=False)
            begun = time.process_time()
            findings = _check(clean, arguments.noise)
            spent += time.process_time() - begun
            seconds += len(clean.narration.samples) / SAMPLE_RATE
            _clean(tally, clean, findings)
            _wrong(tally, wrong, _check(wrong, arguments.noise))
            if arguments.noise:
                continue
            tally.agreed += [_told(odd, f) for f in _check(odd, False)]
            tally.agreed_words += odd.words
            if at == 0:  # all sentences of one lesson are enough
                _foreign(tally, clean, other)
        print(voice, flush=True)
        for line in (*tally.missed, *tally.false, *tally.beside, *tally.agreed):
            print(f"    {line}", flush=True)
    figures = []
    for of, clean_speech in (("clean voices", True), ("espeak-ng", False)):
        some = {v: t for v, t in tallies.items() if v.startswith("espeak") != clean_speech}
        if some:
            figures += _figures(some, of, arguments.noise or not clean_speech)
    figures.append(
        Figure("check", "seconds of one core a second of sound", f"{spent / seconds:.3f}")
    )
    return show(figures, as_json=False)


def _check(recording: Recorded, noise: bool) -> tuple[Finding, ...]:
    narration = recording.narration
    if noise:
        narration = with_pink_noise(narration, NOISE_DB, 0)
    return check_narration(recording.slide, narration, language="en-US").findings


def _clean(tally: Tally, recording: Recorded, findings: Sequence[Finding]) -> None:
    tally.words += recording.words
    for finding in findings:
        tally.false.append(f"false: {_told(recording, finding)}")
        tally.sure.append((_sure(finding), False))


def _wrong(tally: Tally, recording: Recorded, findings: Sequence[Finding]) -> None:
    tally.recordings += 1
    left = list(findings)
    for plant in recording.plants:
        tally.planted[plant.kind] += 1
        mine = [f for f in left if _names(recording, plant, f)]
        if mine:
            tally.found[plant.kind] += 1
            tally.sure.append((max(_sure(f) for f in mine), True))
            left = [f for f in left if f not in mine]
        else:
            tally.missed.append(
                f"missed: {recording.text}, {plant.kind}: {plant.written} -> {plant.said}"
            )
    for finding in left:
        tally.beside.append(f"beside errors: {_told(recording, finding)}")
        tally.sure.append((_sure(finding), False))


def _foreign(tally: Tally, script: Recorded, sound: Recorded) -> None:
    """Check the script of one lesson against the sound of another, and count the missing
    sentences."""
    scale = len(sound.narration.samples) / len(script.narration.samples)
    words = tuple(
        type(w)(w.written, int(w.start * scale), int(w.end * scale), w.utterance, w.token, 0.0)
        for w in script.narration.words
    )
    narration = type(sound.narration)(sound.narration.samples, words, ())
    found = check_narration(script.slide, narration, language="en-US").findings
    tally.foreign[0] += len({f.place.line for f in found})
    tally.foreign[1] += len(script.slide.utterances)


def _names(recording: Recorded, plant: Plant, finding: Finding) -> bool:
    """Whether a finding names this error: its sentence, and a word of it."""
    utterance = recording.slide.utterances[plant.sentence]
    if finding.place.line != utterance.line:
        return False
    if plant.kind == "skipped":
        return finding.rule == "sentence-not-said"
    told = finding.message.partition(" at 0:")[0]
    words = [t.written.strip(".,;:?!") for t in utterance.tokens[plant.first : plant.last]]
    if finding.rule == "said-more":  # the second of two equal words may be called an addition
        return plant.kind == "doubled" and f"“{words[0]}”" in told
    return any(f"“{w}”" in told or f"“{w} " in told or f" {w}”" in told for w in words)


def _told(recording: Recorded, finding: Finding) -> str:
    return f"{recording.text}, line {finding.place.line}: {finding.message}"


def _sure(finding: Finding) -> float:
    return int(finding.message.rpartition("(")[2].split()[0]) / 100


def _figures(tallies: dict[str, Tally], group: str, informal: bool) -> list[Figure]:
    asked = not informal
    figures = []
    for kind in KINDS:
        planted = sum(t.planted[kind] for t in tallies.values())
        found = sum(t.found[kind] for t in tallies.values())
        figures.append(_found(group, kind, found, planted, asked))
    for voice, t in tallies.items():
        every = (sum(t.found.values()), sum(t.planted.values()))
        figures.append(_found(voice, f"all, {t.recordings} recordings", *every, asked))
        rate = 200 * len(t.false) / t.words
        figures.append(
            Figure(
                voice,
                f"false findings in 200 words, of {t.words}",
                f"{rate:.2f}",
                "≤ 1" if asked else "",
                rate <= 1 if asked else None,
            )
        )
        figures.append(Figure(voice, "false findings beside errors", str(len(t.beside))))
        if not t.agreed_words:
            continue
        figures.append(
            Figure(
                voice,
                f"found where an odd script is right, {t.agreed_words} words",
                str(len(t.agreed)),
            )
        )
        some, of = t.foreign
        figures.append(
            Figure(voice, "sentences of another lesson told", f"{some} of {of}", "all", some == of)
        )
    pairs = [pair for t in tallies.values() for pair in t.sure]
    for low, high in pairwise(BINS):
        right = [true for sure, true in pairs if low <= sure < high]
        share = f"{sum(right)} of {len(right)} are true"
        figures.append(Figure(group, f"findings {low:.0%} to {min(high, 1):.0%} sure", share))
    return figures


def _found(of: str, what: str, found: int, planted: int, asked: bool) -> Figure:
    met = found == planted if asked else None
    return Figure(of, f"found: {what}", f"{found} of {planted}", "all" if asked else "", met)


if __name__ == "__main__":
    raise SystemExit(main())
