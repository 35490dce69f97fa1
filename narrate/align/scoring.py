"""A window of speech against its script: every claim that something else was said, and what the
sound itself says for it.

Each claim is put to both listeners anew, on the few words around it: Whisper tells how much more
probable the claimed text is than the script, PocketSphinx how much better its sounds fit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from narrate.align import grammar, sphinx
from narrate.align.confusions import find_confusable_words, find_contrary
from narrate.align.evidence import compute_text_log_probabilities
from narrate.align.expected import Expected
from narrate.align.grammar import FollowedWord
from narrate.align.hypotheses import Hypothesis, Kind, find_hypotheses, find_missing_sentences
from narrate.align.phonetic_distance import (
    find_mismatches,
    find_sounds,
    phone_distance,
    split_words,
)
from narrate.align.whisper import RATE, EncodedWindow, PlacedWord, Whisper
from narrate.vocabulary import Samples

CONTEXT_WORDS = 3  # on either side: enough for both to settle, few enough to be quick
MARGIN_SECONDS = 0.05
MOST_SECONDS = 12.0  # of a claim with its context
# Words that Whisper finds less probable than this are compared with what sounds like them, and
# recognised again without their sentence. Of words that were said a tenth and a twentieth are.
DOUBTFUL, VERY_DOUBTFUL = 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the evidence for a claim, in the logit of its probability."""

    text: float  # a nat
    sounds: float  # a nat
    kinds: Mapping[Kind, float]
    near: float  # of a change that is hardly audible: an accent, rather
    contrary: float


# Logistic regression on 397 claims in 40 recordings of the set CHOOSING by three voices, half of
# them clean (benchmarks/speech_check.py): `ALONE` without PocketSphinx.
TOGETHER = Weights(
    text=0.8,
    sounds=0.065,
    kinds={"dropped": -3.5, "changed": -5.15, "doubled": 2.25, "added": -1.3},
    near=-1.5,
    contrary=3.2,
)
ALONE = Weights(
    text=0.67,
    sounds=0.0,
    kinds={"dropped": -1.3, "changed": -3.45, "doubled": 3.0, "added": -1.0},
    near=-0.4,
    contrary=2.0,
)
MOST_TEXT, MOST_SOUNDS = 12.0, 60.0  # nats; beyond them evidence tells no more
NEAR = 0.35  # phones
HOPELESS = -10.0  # nats: whatever the sounds say


@dataclass(frozen=True, slots=True)
class ScoredHypothesis:
    """A claim and its evidence: by how many nats Whisper prefers its text to the script
    (`text`) and PocketSphinx its sounds (`sounds`, None where it cannot tell), how different the
    two sound (`distance`, phones), whether one is the contrary of the other, and where in the
    window it is (seconds)."""

    claim: Hypothesis
    text: float
    sounds: float | None
    distance: float
    contrary: bool
    start: float
    end: float

    @property
    def sure(self) -> float:
        """The probability that the claim is true and not the script, in 0..1."""
        weights = ALONE if self.sounds is None else TOGETHER
        text = min(max(self.text, -MOST_TEXT), MOST_TEXT)
        sounds = min(max(self.sounds or 0.0, -MOST_SOUNDS), MOST_SOUNDS)
        logit = weights.kinds[self.claim.kind] + weights.text * text + weights.sounds * sounds
        if self.claim.kind == "changed" and self.distance <= NEAR:
            logit += weights.near
        if self.contrary:
            logit += weights.contrary
        return 1.0 / (1.0 + math.exp(-logit))


@dataclass(frozen=True, slots=True)
class Compared:
    """What a window holds. `spans` has the time of each expected word, None where it is missing;
    `missing` the sentences that were not said, each with the share of its words."""

    spans: tuple[tuple[float, float] | None, ...]
    missing: dict[int, float]
    weighed: tuple[ScoredHypothesis, ...]


def compare(
    samples: Samples,
    window: EncodedWindow,
    expected: Expected,
    sentences: Sequence[tuple[int, int]],
    placed: Sequence[PlacedWord],
    whisper: Whisper,
    language: str,
    foreign: frozenset[int] = frozenset(),
) -> Compared:
    """Compare a window (16 kHz, at most 30 s) with its script. `sentences` are ranges of words,
    `placed` Whisper's alignment of the chunks; nothing is claimed of the words `foreign`, which are
    in another language."""
    heard = split_words(whisper.recognise(window, language))
    words = expected.words
    steps = grammar.follow(samples, words, sentences) if sphinx.knows(language) else []
    found = find_mismatches(words, heard, language)
    missing = find_missing_sentences(
        [[at for at in range(a, b) if at not in foreign] for a, b in sentences],
        found,
        steps,
        [placed[chunk].probability for chunk in expected.chunk_of],
    )
    kept = tuple(at for n, (a, b) in enumerate(sentences) if n not in missing for at in range(a, b))
    spans = _spans(expected, steps, placed)
    if not kept:
        return Compared(tuple(spans), missing, ())
    if missing:
        # Anew without them: their words must not be looked for in their neighbours.
        index = {at: n for n, at in enumerate(kept)}
        steps = [FollowedWord(index[s.index], s.start, s.end) for s in steps if s.index in index]
        found = find_mismatches([words[at] for at in kept], heard, language)
    script = expected.only(kept)
    starts = frozenset(n for n, at in enumerate(kept) if any(at == a for a, _ in sentences))
    listener = _Listener(samples, script, [spans[at] for at in kept], whisper, language)
    probabilities = [placed[expected.chunk_of[at]].probability for at in kept]
    passed = frozenset(n for n, at in enumerate(kept) if at in foreign)
    known = find_hypotheses(script, found, steps, starts, language)
    every = (*known, *listener.again(known, probabilities, passed))
    weighed = [listener.weigh(claim) for claim in every if not _speaks_of(claim, passed)]
    return Compared(tuple(spans), missing, tuple(_in_window(w, kept) for w in weighed))


def _speaks_of(claim: Hypothesis, words: frozenset[int]) -> bool:
    """Of what is said more than is written, one cannot tell which of two words it was heard in."""
    beside = claim.kind in ("added", "doubled")
    return any(at in words for at in range(claim.first - beside, claim.last + beside))


class _Listener:
    """The sound, the script and where its words are."""

    def __init__(
        self,
        samples: Samples,
        script: Expected,
        spans: Sequence[tuple[float, float] | None],
        whisper: Whisper,
        language: str,
    ) -> None:
        self._samples, self._script, self._spans = samples, script, spans
        self._whisper, self._language = whisper, language
        self._english = sphinx.knows(language)

    def weigh(self, claim: Hypothesis) -> ScoredHypothesis:
        script = self._script
        a, b = self._around(claim.first, claim.last)
        start, end = self._between(a, b)
        part = self._cut(start, end)
        said = " ".join(claim.said)
        texts = [script.text(a, b), script.changed(a, b, claim.first, claim.last, said)]
        one, other = compute_text_log_probabilities(self._whisper, part, texts, self._language)
        before, after = script.words[a : claim.first], script.words[claim.last : b]
        sounds = None
        if self._english and other - one > HOPELESS:
            mine = grammar.fit(part, script.words[a:b])
            theirs = grammar.fit(part, (*before, *claim.said, *after))
            sounds = None if mine is None or theirs is None else theirs - mine
        distance = phone_distance(
            "".join(find_sounds(w, self._language) for w in script.words[claim.first : claim.last]),
            "".join(find_sounds(w, self._language) for w in claim.said),
        )
        first, last = self._between(claim.first, max(claim.last, claim.first))
        word = script.words[claim.first] if claim.last - claim.first == 1 else ""
        opposite = bool(word) and claim.said == (find_contrary(word),)
        return ScoredHypothesis(claim, other - one, sounds, distance, opposite, first, last)

    def again(
        self, known: Sequence[Hypothesis], probabilities: Sequence[float], passed: frozenset[int]
    ) -> list[Hypothesis]:
        """Listen again, without their sentence, to doubtful words that no claim speaks of; and to
        all that would be the contrary with or without a `not`. The words `passed` are not asked
        about."""
        found = list[Hypothesis]()
        spoken_of = passed | {at for c in known for at in range(c.first, c.last)}
        for at, probability in enumerate(probabilities):
            if at in spoken_of or any(c.first <= at < c.last for c in found):
                continue
            if probability < VERY_DOUBTFUL:
                found += self._recognised_alone(at)
            if self._english:
                others = [find_contrary(self._script.words[at])]
                if probability < DOUBTFUL:
                    others += find_confusable_words(self._script.words[at], self._whisper)
                found += self._best_of(at, [other for other in others if other])
        return found

    def _recognised_alone(self, at: int) -> Iterator[Hypothesis]:
        a, b = self._around(at, at + 1)
        window = self._whisper.encode(self._cut(*self._between(a, b)))
        heard = split_words(self._whisper.recognise(window, self._language))
        for m in find_mismatches(self._script.words[a:b], heard, self._language):
            if m.distance > 0 and m.first <= at - a < m.last:
                kind: Kind = "changed" if m.said else "dropped"
                yield Hypothesis(kind, a + m.first, a + m.last, m.said, heard=True)

    def _best_of(self, at: int, others: Sequence[str]) -> Iterator[Hypothesis]:
        """The most probable of the words that may have been said instead, if it is more so than the
        script's."""
        if not others:
            return
        a, b = self._around(at, at + 1)
        texts = [self._script.changed(a, b, at, at + 1, other) for other in others]
        mine, *theirs = compute_text_log_probabilities(
            self._whisper,
            self._cut(*self._between(a, b)),
            [self._script.text(a, b), *texts],
            self._language,
        )
        best = max(range(len(theirs)), key=theirs.__getitem__)
        if theirs[best] > mine:
            yield Hypothesis("changed", at, at + 1, (others[best],))

    def _around(self, first: int, last: int) -> tuple[int, int]:
        """The words with their context."""
        return max(0, first - CONTEXT_WORDS), min(len(self._script.words), last + CONTEXT_WORDS)

    def _between(self, first: int, last: int) -> tuple[float, float]:
        """From the end of the word before to the start of the word after: what was said there,
        whatever it was."""
        before = [span[1] for span in self._spans[:first] if span is not None]
        after = [span[0] for span in self._spans[last:] if span is not None]
        start = max(before, default=0.0)
        return start, max(min(after, default=len(self._samples) / RATE), start)

    def _cut(self, start: float, end: float) -> Samples:
        start = max(0.0, start - MARGIN_SECONDS)
        end = min(max(end + MARGIN_SECONDS, start + 0.3), start + MOST_SECONDS)
        return self._samples[round(start * RATE) : round(end * RATE)]


def _spans(
    expected: Expected, steps: Sequence[FollowedWord], placed: Sequence[PlacedWord]
) -> list[tuple[float, float] | None]:
    if not steps:
        return [(placed[chunk].start, placed[chunk].end) for chunk in expected.chunk_of]
    spans: list[tuple[float, float] | None] = [None] * len(expected.words)
    for step in steps:
        before = spans[step.index]
        spans[step.index] = (step.start if before is None else before[0], step.end)
    return spans


def _in_window(weighed: ScoredHypothesis, kept: Sequence[int]) -> ScoredHypothesis:
    """The claim by the words of the window again."""
    claim = weighed.claim
    first = kept[claim.first] if claim.first < len(kept) else kept[-1] + 1
    last = kept[claim.last - 1] + 1 if claim.last > claim.first else first
    return ScoredHypothesis(
        Hypothesis(claim.kind, first, last, claim.said, claim.heard, claim.followed),
        weighed.text,
        weighed.sounds,
        weighed.distance,
        weighed.contrary,
        weighed.start,
        weighed.end,
    )
