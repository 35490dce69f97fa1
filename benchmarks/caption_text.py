"""Captions as the files have them, and where on the audio clock their words lie."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import numpy.typing as npt
from figures import level_db

from narrate.captions.formats.base import GUARD
from narrate.clock import SAMPLE_RATE
from narrate.pipeline.plan import LessonPlan
from narrate.vocabulary import Cue, Word

FORMULA = "\ufffc"
ONSET_DB = -45.0  # under the loudest 5 ms: above what AAC spreads before an onset
ONSET_LOOK_MS = 250  # how far around a caption's start its sound is looked for
SILENCE_MS = 60  # longer than a stop's closure in the middle of a window


@dataclass(frozen=True, slots=True)
class Spoken:
    """A token of the script in the lesson's time. `first` is whether it begins an utterance."""

    written: str
    start_ms: float
    sounds: bool
    first: bool


@dataclass(frozen=True, slots=True)
class Place:
    """When a caption begins and when, by the audio clock, its first sounding word does."""

    cue_ms: float
    clock_ms: float
    first: bool
    text: str


def tokens_of(
    plan: LessonPlan, words: Sequence[Sequence[Word]], starts: Sequence[int]
) -> list[Spoken]:
    """Every token of a lesson; `starts` are the slides' first samples."""
    found = []
    for part, said, start in zip(plan.slides, words, starts, strict=True):
        times = {(w.utterance, w.token): w for w in said}
        for u, utterance in enumerate(part.slide.utterances):
            for t, token in enumerate(utterance.tokens):
                word = times[u, t]
                ms = (start + word.start) * 1000 / SAMPLE_RATE
                found.append(Spoken(token.written, ms, word.end > word.start, t == 0))
    return found


def caption_files(folder: Path) -> dict[str, tuple[Cue, ...]]:
    """The cues of a lesson's VTT and SRT, as other people's readers see them."""
    import html

    import pysubs2
    import webvtt

    vtt = tuple(
        Cue(_ms(c.start), _ms(c.end), tuple(html.unescape(c.text).split("\n")))
        for c in webvtt.read(str(folder / "captions.vtt")).captions
    )
    srt = tuple(
        Cue(e.start, e.end, tuple(e.plaintext.replace(GUARD, "").split("\n")))
        for e in pysubs2.load(str(folder / "captions.srt"), encoding="utf-8")
    )
    return {"vtt": vtt, "srt": srt}


def _ms(stamp: str) -> int:
    parts = re.fullmatch(r"(?:(\d+):)?(\d+):(\d+)\.(\d+)", stamp)
    assert parts is not None, stamp
    hours, minutes, seconds, milliseconds = (int(p or 0) for p in parts.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds


def words_in(texts: Sequence[Cue] | Sequence[Spoken]) -> list[str]:
    return [w for t in texts for w in (t.text if isinstance(t, Cue) else t.written).split()]


def differences(have: Sequence[str], want: Sequence[str]) -> list[str]:
    """Where two word sequences differ, in words."""
    return [
        f"word {b0}: {' '.join(have[a0:a1])!r} for {' '.join(want[b0:b1])!r}"
        for kind, a0, a1, b0, b1 in SequenceMatcher(None, have, want, False).get_opcodes()
        if kind != "equal"
    ]


def places(cues: Sequence[Cue], tokens: Sequence[Spoken]) -> list[Place]:
    """Cues against tokens, matched by how many letters have gone before: a long token may be
    cut over several cues. A cue without a sounding word has no place."""
    ends = np.cumsum([len("".join(t.written.split())) for t in tokens])
    found: list[Place] = []
    done = 0
    for cue in cues:
        length = len("".join(cue.text.split()))
        index = int(np.searchsorted(ends, done, "right"))
        last = int(np.searchsorted(ends, done + length, "left"))
        begins = index < len(tokens) and done == (ends[index - 1] if index else 0)
        done += length
        sounding = [t for t in tokens[index : last + 1] if t.sounds]
        if begins and sounding:
            found.append(Place(cue.start, sounding[0].start_ms, tokens[index].first, cue.text[:40]))
    return found


def late(placed: Sequence[Place], limit: float) -> list[str]:
    return [
        f"{p.cue_ms / 1000:.3f} s {p.text!r}: {p.cue_ms - p.clock_ms:+.0f} ms"
        for p in placed
        if abs(p.cue_ms - p.clock_ms) > limit
    ]


def onsets(sound: npt.NDArray[np.float32], placed: Sequence[Place]) -> list[float]:
    """The first sound (ms) after a silence about each place; NaN where there is none."""
    loud = level_db(sound) > ONSET_DB
    found = []
    for place in placed:
        begin = max(round(place.cue_ms) - ONSET_LOOK_MS, 0)
        rise = _rise(loud[begin : begin + 2 * ONSET_LOOK_MS])
        found.append(float("nan") if rise is None else float(begin + rise))
    return found


def _rise(loud: npt.NDArray[np.bool_]) -> int | None:
    """The index after the longest silence, which is `SILENCE_MS` at least."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], loud, [True]]).astype(np.int8)))
    runs = [(end - start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    longest, end = max(runs, default=(0, 0))
    return int(end) if longest >= SILENCE_MS and end < len(loud) else None


def in_file(path: Path, shape: str, tokens: Sequence[Spoken]) -> list[str]:
    """How the tokens differ from a plain reading of the file: a script's paragraphs, a deck's
    comments, without marks of emphasis. Formulas are left out, since they are written in another
    way than they are captioned."""
    text = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(), flags=re.S)
    if shape == "deck":
        spoken = " ".join(re.findall(r"<!--(.*?)-->", text, flags=re.S))
    else:
        text = re.sub(r"```.*?```|\$\$.*?\$\$", "", text, flags=re.S)
        blocks = re.split(r"\n\s*\n", text)
        spoken = "\n".join(b for b in blocks if not re.match(r"\s*(#|\||!\[|>)", b))
        spoken = re.sub(r"^\s*(-|\*|\d+\.) ", "", spoken, flags=re.M)
    plain = re.sub(r"\$[^$]*\$", FORMULA, re.sub(r"\*+", "", spoken)).split()
    wrong = differences([w for t in tokens for w in t.written.split()], plain)
    return [w for w in wrong if FORMULA not in w]
