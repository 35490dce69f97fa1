"""Reads captions from files, and finds when their words are heard in the sound."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np
import numpy.typing as npt
from figures import measure_level_db

from narrate.captions.formats.base import GUARD
from narrate.clock import SAMPLE_RATE
from narrate.pipeline.plan import LessonPlan
from narrate.vocabulary import Cue, Word

FORMULA = "\ufffc"  # stands for a formula in a plain reading of a file
ONSET_DB = -45.0  # below the loudest 5 ms; AAC spreads less than this before an onset
ONSET_LOOK_MS = 250  # how far before and after a caption's start its sound is searched for
SILENCE_MS = 60  # longer than the closure of a plosive in the middle of a window


@dataclass(frozen=True, slots=True)
class SpokenToken:
    """A token of the script in the lesson's time. `first` says whether it begins an utterance."""

    written: str
    start_ms: float
    sounds: bool
    first: bool


@dataclass(frozen=True, slots=True)
class CaptionStart:
    """When a caption begins, and when its first audible word begins in the sound.

    `first` says whether the caption begins an utterance.
    """

    cue_ms: float
    word_ms: float
    first: bool
    text: str


def gather_tokens(
    plan: LessonPlan, words: Sequence[Sequence[Word]], starts: Sequence[int]
) -> list[SpokenToken]:
    """Return every token of a lesson. `starts` are the first samples of the slides."""
    found = []
    for part, said, start in zip(plan.slides, words, starts, strict=True):
        times = {(w.utterance, w.token): w for w in said}
        for u, utterance in enumerate(part.slide.utterances):
            for t, token in enumerate(utterance.tokens):
                word = times[u, t]
                ms = (start + word.start) * 1000 / SAMPLE_RATE
                found.append(SpokenToken(token.written, ms, word.end > word.start, t == 0))
    return found


def read_caption_files(folder: Path) -> dict[str, tuple[Cue, ...]]:
    """Read the cues of a lesson's VTT and SRT files with independent readers."""
    import html

    import pysubs2
    import webvtt

    vtt = tuple(
        Cue(_read_ms(c.start), _read_ms(c.end), tuple(html.unescape(c.text).split("\n")))
        for c in webvtt.read(str(folder / "captions.vtt")).captions
    )
    srt = tuple(
        Cue(e.start, e.end, tuple(e.plaintext.replace(GUARD, "").split("\n")))
        for e in pysubs2.load(str(folder / "captions.srt"), encoding="utf-8")
    )
    return {"vtt": vtt, "srt": srt}


def _read_ms(stamp: str) -> int:
    parts = re.fullmatch(r"(?:(\d+):)?(\d+):(\d+)\.(\d+)", stamp)
    assert parts is not None, stamp
    hours, minutes, seconds, milliseconds = (int(p or 0) for p in parts.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds


def list_words(texts: Sequence[Cue] | Sequence[SpokenToken]) -> list[str]:
    return [w for t in texts for w in (t.text if isinstance(t, Cue) else t.written).split()]


def find_differences(have: Sequence[str], want: Sequence[str]) -> list[str]:
    """Describe where two sequences of words differ."""
    return [
        f"word {b0}: {' '.join(have[a0:a1])!r} for {' '.join(want[b0:b1])!r}"
        for kind, a0, a1, b0, b1 in SequenceMatcher(None, have, want, False).get_opcodes()
        if kind != "equal"
    ]


def find_starts(cues: Sequence[Cue], tokens: Sequence[SpokenToken]) -> list[CaptionStart]:
    """Match cues with tokens by the number of letters before them.

    A long token may be cut over several cues. A cue that does not begin with a token, or has no
    audible word, is left out.
    """
    ends = np.cumsum([len("".join(t.written.split())) for t in tokens])
    found: list[CaptionStart] = []
    done = 0
    for cue in cues:
        length = len("".join(cue.text.split()))
        index = int(np.searchsorted(ends, done, "right"))
        last = int(np.searchsorted(ends, done + length, "left"))
        begins = index < len(tokens) and done == (ends[index - 1] if index else 0)
        done += length
        sounding = [t for t in tokens[index : last + 1] if t.sounds]
        if begins and sounding:
            first = tokens[index].first
            found.append(CaptionStart(cue.start, sounding[0].start_ms, first, cue.text[:40]))
    return found


def find_late(placed: Sequence[CaptionStart], limit: float) -> list[str]:
    """Describe the captions that begin more than `limit` ms from their words."""
    return [
        f"{p.cue_ms / 1000:.3f} s {p.text!r}: {p.cue_ms - p.word_ms:+.0f} ms"
        for p in placed
        if abs(p.cue_ms - p.word_ms) > limit
    ]


def find_onsets(sound: npt.NDArray[np.float32], placed: Sequence[CaptionStart]) -> list[float]:
    """Return when the sound after a silence near each start begins, in ms; NaN without one."""
    loud = measure_level_db(sound) > ONSET_DB
    found = []
    for start in placed:
        begin = max(round(start.cue_ms) - ONSET_LOOK_MS, 0)
        rise = _find_rise(loud[begin : begin + 2 * ONSET_LOOK_MS])
        found.append(float("nan") if rise is None else float(begin + rise))
    return found


def _find_rise(loud: npt.NDArray[np.bool_]) -> int | None:
    """Return the index after the longest silence, if that lasts at least `SILENCE_MS`."""
    edges = np.flatnonzero(np.diff(np.concatenate([[True], loud, [True]]).astype(np.int8)))
    runs = [(end - start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    longest, end = max(runs, default=(0, 0))
    return int(end) if longest >= SILENCE_MS and end < len(loud) else None


def compare_with_file(path: Path, shape: str, tokens: Sequence[SpokenToken]) -> list[str]:
    """Describe how the tokens differ from a plain reading of the file.

    A plain reading takes the paragraphs of a script or the comments of a deck, without marks of
    emphasis. Formulas are left out, because captions write them differently.
    """
    text = re.sub(r"\A---\n.*?\n---\n", "", path.read_text(), flags=re.S)
    if shape == "deck":
        spoken = " ".join(re.findall(r"<!--(.*?)-->", text, flags=re.S))
    else:
        text = re.sub(r"```.*?```|\$\$.*?\$\$", "", text, flags=re.S)
        blocks = re.split(r"\n\s*\n", text)
        spoken = "\n".join(b for b in blocks if not re.match(r"\s*(#|\||!\[|>)", b))
        spoken = re.sub(r"^\s*(-|\*|\d+\.) ", "", spoken, flags=re.M)
    plain = re.sub(r"\$[^$]*\$", FORMULA, re.sub(r"\*+", "", spoken)).split()
    wrong = find_differences([w for t in tokens for w in t.written.split()], plain)
    return [w for w in wrong if FORMULA not in w]
