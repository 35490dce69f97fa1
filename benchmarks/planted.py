"""Recordings with planted errors: their script, their sound, and where the two differ.

The sound is synthesised sentence by sentence, so that the place of each error is known.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import recording_sound
from scipy.signal import resample_poly

from lessons.markdown.lesson import parse_lesson
from lessons.model import Slide, Token, Utterance
from narrate.clock import ms_to_samples
from narrate.speech import LEAD_MS, TAIL_MS
from narrate.vocabulary import Narration, Samples, Speech, Word

_MARK = re.compile(r"\[([^\]|~+]+?)([|~+-])([^\]+-]*)\]")
KINDS = ("changed", "near-sounding", "not dropped", "dropped", "doubled", "skipped")
_SIGNS = {"|": "changed", "~": "near-sounding", "-": "dropped", "+": "doubled"}
_PUNCTUATION = ".,;:?!"
_NEGATIONS = ("not", "no", "never")


@dataclass(frozen=True, slots=True)
class Plant:
    """An error in the sentence with index `sentence`: the words `first`..`last` (exclusive) of the
    script are not said as they are written."""

    kind: str
    sentence: int
    first: int
    last: int
    written: str
    said: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """A slide, its sound by a voice, and the errors in the sound, of which a clean one has none."""

    text: str
    voice: str
    slide: Slide
    narration: Narration
    plants: tuple[Plant, ...]

    @property
    def words(self) -> int:
        return len(self.narration.words)


@dataclass(frozen=True, slots=True)
class _Sentence:
    script: Utterance
    marks: tuple[tuple[str, Utterance, Plant], ...]  # kind, what is said, and where


class Studio(recording_sound.Studio):
    """`NAME@1.1` is another speaker: the voice NAME, a tenth higher and faster."""

    def speak(self, name: str, utterance: Utterance) -> Speech:
        name, _, factor = name.partition("@")
        speech = super().speak(name, utterance)
        if not factor:
            return speech
        share = Fraction(factor).limit_denominator(20)
        samples = resample_poly(speech.samples, share.denominator, share.numerator)
        return Speech(samples.astype(np.float32), (), ())


def recorded(
    studio: Studio,
    name: str,
    text: str,
    voice: str,
    *,
    planted: bool,
    turn: int = 0,
    agreed: bool = False,
) -> Recorded:
    """A recording with one error of each kind, each in another sentence; `turn` chooses the places.
    With `agreed` the script has the same errors as the sound.

    Words have no times of their own (confidence 0): they are spread over their sentence, as by an
    engine that does not know them.
    """
    sentences = [_sentence(line, at) for at, line in enumerate(text.splitlines())]
    chosen = _choose(sentences, turn) if planted else {}
    if agreed:
        scripts = [
            chosen[at][1] if at in chosen else sentence.script
            for at, sentence in enumerate(sentences)
            if at not in chosen or chosen[at][0].kind != "skipped"
        ]
        sentences, chosen = [_Sentence(script, ()) for script in scripts], {}
    slide = Slide(1, name, (), tuple(s.script for s in sentences), 1)
    parts: list[Samples] = [np.zeros(ms_to_samples(LEAD_MS), np.float32)]
    here, words = len(parts[0]), list[Word]()
    for at, sentence in enumerate(sentences):
        said = chosen[at][1] if at in chosen else sentence.script
        if at in chosen and chosen[at][0].kind == "skipped":
            words += _spread(sentence.script, at, here, here)
            continue
        samples = studio.speak(voice, said).samples
        words += _spread(sentence.script, at, here, here + len(samples))
        pause = TAIL_MS if at == len(sentences) - 1 else sentence.script.pause_ms
        parts += [samples, np.zeros(ms_to_samples(pause), np.float32)]
        here += len(parts[-2]) + len(parts[-1])
    narration = Narration(np.concatenate(parts), tuple(words), ())
    plants = tuple(plant for plant, _ in chosen.values())
    return Recorded(name, voice, slide, narration, plants)


def with_pink_noise(narration: Narration, snr_db: float, seed: int) -> Narration:
    return replace(
        narration, samples=recording_sound.with_pink_noise(narration.samples, snr_db, seed)
    )


def plain(text: str) -> str:
    """The script of a text with marks."""
    return _MARK.sub(r"\1", text)


def utterance(sentence: str, line: int) -> Utterance:
    """A sentence as the lesson reader makes it."""
    lesson = parse_lesson(f"# T\n\n{sentence}\n", path="planted.md", root=Path())
    (found,) = lesson.slides[0].utterances
    return replace(found, line=line + 1, pause_ms=350)


def _sentence(text: str, at: int) -> _Sentence:
    script = utterance(plain(text), at)
    marks = []
    for mark in _MARK.finditer(text):
        word, sign, other = mark.groups()
        kind = _SIGNS[sign]
        said = {"-": "", "+": f"{word} {word}"}.get(sign, other)
        spoken = plain(text[: mark.start()]) + said + plain(text[mark.end() :])
        tokens = utterance(" ".join(spoken.split()), at).tokens
        first = _common(script.tokens, tokens)
        if kind == "doubled":
            first -= 1
        left = len(script.tokens) - first
        after = min(_common(script.tokens[::-1], tokens[::-1]), left, len(tokens) - first)
        last = len(script.tokens) - after
        if kind == "doubled":
            last = first + 1
        if kind == "dropped" and word in _NEGATIONS:
            kind = "not dropped"
        marks.append(
            (kind, replace(script, tokens=tokens), Plant(kind, at, first, last, word, said))
        )
    return _Sentence(script, tuple(marks))


def _common(one: Sequence[Token], other: Sequence[Token]) -> int:
    """How many tokens at the start are the same."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a.spoken.strip(_PUNCTUATION) != b.spoken.strip(_PUNCTUATION):
            break
        count += 1
    return count


def _choose(sentences: Sequence[_Sentence], turn: int) -> dict[int, tuple[Plant, Utterance]]:
    """For each kind of error a sentence with such a mark. Kinds with the fewest marks come
    first."""
    chance = random.Random(turn)
    chosen: dict[int, tuple[Plant, Utterance]] = {}
    places = {
        kind: [
            (at, said, plant)
            for at, sentence in enumerate(sentences)
            for found, said, plant in sentence.marks
            if found == kind
        ]
        for kind in KINDS[:-1]
    }
    for kind in sorted(places, key=lambda k: len(places[k])):
        free = [place for place in places[kind] if place[0] not in chosen]
        at, said, plant = chance.choice(free)
        chosen[at] = (plant, said)
    at = chance.choice([at for at in range(len(sentences)) if at not in chosen])
    script = sentences[at].script
    chosen[at] = (Plant("skipped", at, 0, len(script.tokens), script.written, ""), script)
    return chosen


def _spread(said: Utterance, number: int, start: int, end: int) -> list[Word]:
    """The words of a sentence, spread over a span of sound by the lengths of their texts."""
    lengths = np.array([len(token.spoken) + 1 for token in said.tokens], float)
    edges = start + np.cumsum([0.0, *lengths]) * (end - start) / lengths.sum()
    return [
        Word(token.written, int(edges[at]), int(edges[at + 1]), number, at, 0.0)
        for at, token in enumerate(said.tokens)
    ]
