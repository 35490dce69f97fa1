"""Emphasis: how it changes the pace, level and pitch of a word, and how a sound is changed so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lessons.model import Token

Curve = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class SpeechProsody:
    """Factors on a word's rate and pitch, and a change of its level in dB."""

    rate: float = 1.0
    pitch: float = 1.0
    level_db: float = 0.0


# An accented word of English is longer (by 10 to 20 %), higher (by 2 to 4 semitones at its vowel)
# and, least of all, louder: Sluijter and van Heuven, JASA 100 (1996); 't Hart, Collier and Cohen,
# "A perceptual study of intonation" (1990).
PROSODIES: dict[str, SpeechProsody] = {
    "": SpeechProsody(),
    "strong": SpeechProsody(0.85, 1.12, 3.0),
    "moderate": SpeechProsody(0.93, 1.06, 1.5),
    "reduced": SpeechProsody(1.15, 0.96, -3.0),
}


def compute_pace(token: Token) -> float:
    """A word's rate as a factor on its sentence's."""
    return token.rate * PROSODIES[token.emphasis].rate


def compute_paces(tokens: Sequence[Token], owners: Sequence[int]) -> list[float]:
    """The pace of each symbol; `owners[i]` is the token of symbol i, negative for none."""
    return [1.0 if at < 0 else compute_pace(tokens[at]) for at in owners]


def make_curves(
    tokens: Sequence[Token], owners: Sequence[int], width: int
) -> tuple[Curve, Curve] | None:
    """A factor on the pitch and a change of level in dB for each frame, both of shape (n,), or None
    if no token is emphasised. `owners[i]` is the token of frame i, negative for none. Changes are
    spread over `width` frames, so that nothing jumps."""
    if not any(token.emphasis for token in tokens):
        return None
    prosodies = [PROSODIES[tokens[at].emphasis] if at >= 0 else PROSODIES[""] for at in owners]
    pitch = np.array([m.pitch for m in prosodies], np.float64)
    level = np.array([m.level_db for m in prosodies], np.float64)
    return _smooth(pitch, width), _smooth(level, width)


def _smooth(values: npt.NDArray[np.float64], width: int) -> Curve:
    window = np.hanning(width + 2)[1:-1]
    padded = np.pad(values, (width // 2, width - 1 - width // 2), mode="edge")
    return np.convolve(padded, window / window.sum(), mode="valid").astype(np.float32)


def apply_levels(
    sound: Curve, tokens: Sequence[Token], owners: Sequence[int], frame: int, width: int
) -> Curve:
    """Change the loudness of each word as its emphasis asks, for engines whose pitch is fixed.

    `owners[i]` is the token of the i-th frame of `frame` samples.
    """
    marked = make_curves(tokens, owners, width)
    if marked is None:
        return sound
    centres = np.arange(len(owners)) * frame + frame / 2
    level_db = np.interp(np.arange(len(sound)), centres, marked[1])
    return (sound * 10 ** (level_db / 20)).astype(np.float32)


def stretch_durations(frames: Sequence[int], paces: Sequence[float]) -> list[int]:
    """Divide the duration of each symbol, in frames, by its pace; the result is at least one frame.

    A pace of 1 changes nothing. The error of rounding one symbol is made up by the next one with
    the same pace.
    """
    out: list[int] = []
    exact = 0.0
    begin = 0
    before = 1.0
    for frame, pace in zip(frames, paces, strict=True):
        if pace == 1.0 or pace != before:
            exact, begin = 0.0, len(out)
        before = pace
        if pace == 1.0:
            out.append(frame)
            continue
        exact += frame / pace
        out.append(max(1, round(exact) - sum(out[begin:])))
    return out


def compute_speeds(rate: float, frames: Curve, exact: Curve, paces: Sequence[float]) -> Curve:
    """The speed to ask of Kokoro's length regulator for each symbol, so that words with a pace of
    their own get the length that they need. At `rate` the regulator gave `frames`, which are the
    `exact` lengths rounded."""
    out = np.full(len(paces), rate, np.float32)
    usual = frames.astype(int).tolist()
    for at, length in enumerate(stretch_durations(usual, paces)):
        if length != usual[at] and exact[at] > 0:
            out[at] = rate * exact[at] / length
    return out
