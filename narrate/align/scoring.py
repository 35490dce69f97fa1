"""Scores every hypothesis that a window of speech does not say what the script says.

Each hypothesis is tested on the few words around it. Whisper computes how much more probable it is
than the script, and PocketSphinx how much better its sounds fit.
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
    Mismatch,
    find_mismatches,
    find_sounds,
    phone_distance,
    split_heard,
)
from narrate.align.sphinx import ForcedAlignment
from narrate.align.whisper import RATE, EncodedWindow, PlacedWord, Whisper
from narrate.vocabulary import Samples

CONTEXT_WORDS = 3  # on each side: enough for both models, and few enough to be quick
MARGIN_SECONDS = 0.05
MOST_SECONDS = 12.0  # of a hypothesis with its context
# A word that is less probable by Whisper than the first is compared with words that sound like it;
# one below the second is also recognised again without its sentence. Of the words that were said, a
# tenth and a twentieth are so improbable.
DOUBTFUL, VERY_DOUBTFUL = 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Weights:
    """What each piece of evidence adds to the logit of a hypothesis's probability."""

    text: float  # for each nat
    sounds: float  # for each nat
    kinds: Mapping[Kind, float]
    near: float  # for a change that is hardly audible, and probably an accent
    contrary: float


# Logistic regression on 397 hypotheses in 40 recordings of the set CHOOSING by three voices, half
# of them clean (benchmarks/speech_check.py). `ALONE` is for hypotheses without PocketSphinx's
# score.
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
MOST_TEXT, MOST_SOUNDS = 12.0, 60.0  # nats; stronger evidence counts no more than this
NEAR = 0.35  # phones
# In other languages than English, the sounds decide whether Whisper is believed: it often misspells
# words, and writes Hindi in Arabic letters. In six languages of the choosing set of
# benchmarks/foreign_recordings.py, most of its wrong hypotheses about one or two words have less
# than 30 nats of sounds, and most of those about planted faults more than 80. Longer ones say
# little, since silence may stand for words that are left out: `_was_heard` decides about them.
LEAST_FOREIGN_SOUNDS = 50.0
# A script's word with a lower score in forced alignment may not have been said, and a sentence with
# a higher mean was.
DOUBTFUL_SCORE, LEAST_SENTENCE_SCORE = -8.0, -6.0
# Likewise several words in a row: those that were said score -2.5 in the median of each.
FEWEST_HEARD, LEAST_SCORE_TOGETHER = 2, -4.5
# A word that is listened to again with its neighbours says nothing about more words than this: then
# the recogniser did not understand the part, as Whisper base often does not in Hindi. Its false
# findings in samples/languages had all 7 of 7 words in them; planted words are one to three.
MOST_ALONE = 4
FEWEST_UNHEARD = 3  # words at the end of a window, for which it is listened to again
LEAST_END_SECONDS, BEFORE_END_SECONDS = 1.0, 0.3
HOPELESS = -10.0  # nats of text below which the sounds are not asked


@dataclass(frozen=True, slots=True)
class ScoredHypothesis:
    """A hypothesis and its evidence.

    `text` and `sounds` are the nats by which Whisper prefers its text, and PocketSphinx its sounds,
    to the script's; `sounds` is None if PocketSphinx cannot tell. `distance` is how different the
    two sound, in phones. `contrary` is whether the two differ only by a "not". `start` and `end`
    are seconds in the window. `foreign` is whether PocketSphinx hears the language through English
    phones.
    """

    hypothesis: Hypothesis
    text: float
    sounds: float | None
    distance: float
    contrary: bool
    start: float
    end: float
    foreign: bool = False

    @property
    def sure(self) -> float:
        """The probability, in 0..1, that the hypothesis was said and not the script."""
        if self.foreign and (self.sounds is None or self.sounds < LEAST_FOREIGN_SOUNDS):
            return 0.0
        weights = ALONE if self.sounds is None or self.foreign else TOGETHER
        text = min(max(self.text, -MOST_TEXT), MOST_TEXT)
        sounds = min(max(self.sounds or 0.0, -MOST_SOUNDS), MOST_SOUNDS)
        logit = weights.kinds[self.hypothesis.kind] + weights.text * text + weights.sounds * sounds
        if self.hypothesis.kind == "changed" and self.distance <= NEAR:
            logit += weights.near
        if self.contrary:
            logit += weights.contrary
        return 1.0 / (1.0 + math.exp(-logit))


@dataclass(frozen=True, slots=True)
class WindowScores:
    """The result for a window. `spans` has the time of each expected word in seconds, None if it is
    missing; `missing` has the index of each sentence that was not said, with the share of its words
    that is missing."""

    spans: tuple[tuple[float, float] | None, ...]
    missing: dict[int, float]
    scored: tuple[ScoredHypothesis, ...]


def compare(
    samples: Samples,
    window: EncodedWindow,
    expected: Expected,
    sentences: Sequence[tuple[int, int]],
    placed: Sequence[PlacedWord],
    whisper: Whisper,
    language: str,
    foreign: frozenset[int] = frozenset(),
) -> WindowScores:
    """Compare a window (at most 30 s at 16 kHz) with its script.

    `sentences` are ranges of words, and `placed` is Whisper's alignment of the chunks. There are no
    hypotheses about the words `foreign`, which are in another language.
    """
    heard = split_heard(whisper.recognise(window, language), language)
    words = expected.words
    steps = grammar.follow(samples, words, sentences) if sphinx.knows(language) else []
    forced = None
    if not sphinx.knows(language) and sphinx.can_align(language):
        forced = sphinx.align(samples, words, language=language)
    spans = _find_spans(expected, steps, placed, forced)
    found = find_mismatches(words, heard, language)
    if found and _stopped_early(found[-1], len(words)):
        end = _recognise_end(samples, spans, found[-1].first, whisper, language)
        if end:
            heard = [*heard[: found[-1].heard_first], *end]
            found = find_mismatches(words, heard, language)
    missing = find_missing_sentences(
        [[at for at in range(a, b) if at not in foreign] for a, b in sentences],
        found,
        steps,
        [placed[chunk].probability for chunk in expected.chunk_of],
    )
    if forced is not None:
        missing = {
            n: share
            for n, share in missing.items()
            if _compute_mean([w.score for w in forced.words[slice(*sentences[n])]])
            < LEAST_SENTENCE_SCORE
        }
    kept = tuple(at for n, (a, b) in enumerate(sentences) if n not in missing for at in range(a, b))
    if not kept:
        return WindowScores(tuple(spans), missing, ())
    if missing:
        # Compare again without them, or their words would be looked for in other sentences.
        index = {at: n for n, at in enumerate(kept)}
        steps = [FollowedWord(index[s.index], s.start, s.end) for s in steps if s.index in index]
        found = find_mismatches([words[at] for at in kept], heard, language)
    script = expected.only(kept)
    starts = frozenset(n for n, at in enumerate(kept) if any(at == a for a, _ in sentences))
    scorer = _Scorer(samples, script, [spans[at] for at in kept], whisper, language)
    probabilities = [placed[expected.chunk_of[at]].probability for at in kept]
    passed = frozenset(n for n, at in enumerate(kept) if at in foreign)
    known = find_hypotheses(script, found, steps, starts, language)
    if forced is not None:
        scores = [forced.words[at].score for at in kept]
        known = [c for c in known if not _was_heard(scores[c.first : c.last])]
        known += _find_doubtful(known, scores)
    every = (*known, *scorer.find_more(known, probabilities, passed))
    scored = [scorer.score(hypothesis) for hypothesis in every if not _is_about(hypothesis, passed)]
    return WindowScores(tuple(spans), missing, tuple(_restore_indices(w, kept) for w in scored))


def _stopped_early(last: Mismatch, words: int) -> bool:
    """Whether the recogniser may have ended its text before the sound ended, as it does at words
    that it has hardly seen, such as those of a formula. `last` is the last mismatch."""
    unheard = last.last - last.first
    return last.last == words and unheard >= FEWEST_UNHEARD and 2 * len(last.said) < unheard


def _recognise_end(
    samples: Samples,
    spans: Sequence[tuple[float, float] | None],
    first: int,
    whisper: Whisper,
    language: str,
) -> list[str]:
    """What is heard from a word on, without the words before it; nothing if no time is left in
    which the words that follow can have been said."""
    later = [span[0] for span in spans[first:] if span is not None]
    start = min(later, default=len(samples) / RATE)
    if len(samples) / RATE - start < LEAST_END_SECONDS:
        return []
    part = samples[round(max(start - BEFORE_END_SECONDS, 0.0) * RATE) :]
    heard = split_heard(whisper.recognise(whisper.encode(part), language), language)
    half = len(heard) // 2
    # A short sound is sometimes written twice.
    return heard[:half] if half > 1 and heard[:half] == heard[half:] else heard


def _compute_mean(scores: Sequence[float]) -> float:
    known = [score for score in scores if math.isfinite(score)]
    return sum(known) / len(known) if known else 0.0


def _was_heard(scores: Sequence[float]) -> bool:
    """Whether several words fit so well together that they were said, whatever Whisper writes."""
    return len(scores) >= FEWEST_HEARD and _compute_mean(scores) > LEAST_SCORE_TOGETHER


def _find_doubtful(known: Sequence[Hypothesis], scores: Sequence[float]) -> list[Hypothesis]:
    """The words whose sounds were not found where they should be, of which there is no hypothesis
    yet."""
    dropped = {(c.first, c.last) for c in known if c.kind == "dropped"}
    return [
        Hypothesis("dropped", at, at + 1, (), followed=True)
        for at, score in enumerate(scores)
        if math.isfinite(score) and score < DOUBTFUL_SCORE and (at, at + 1) not in dropped
    ]


def _is_about(hypothesis: Hypothesis, words: frozenset[int]) -> bool:
    """Whether a hypothesis is about one of the words. Additional words may have been heard in the
    word before or after them."""
    beside = hypothesis.kind in ("added", "doubled")
    return any(at in words for at in range(hypothesis.first - beside, hypothesis.last + beside))


class _Scorer:
    """Scores hypotheses about a window: its sound, its script, and when the words are said."""

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
        self._aligned = sphinx.can_align(language)

    def score(self, hypothesis: Hypothesis) -> ScoredHypothesis:
        script = self._script
        a, b = self._find_context(hypothesis.first, hypothesis.last)
        start, end = self._find_time_between(a, b)
        part = self._cut(start, end)
        said = script.between.join(hypothesis.said)
        texts = [script.text(a, b), script.changed(a, b, hypothesis.first, hypothesis.last, said)]
        one, other = compute_text_log_probabilities(self._whisper, part, texts, self._language)
        before, after = script.words[a : hypothesis.first], script.words[hypothesis.last : b]
        sounds = None
        if self._aligned and other - one > HOPELESS:
            mine = grammar.fit(part, script.words[a:b], self._language)
            theirs = grammar.fit(part, (*before, *hypothesis.said, *after), self._language)
            sounds = None if mine is None or theirs is None else theirs - mine
        distance = phone_distance(
            "".join(
                find_sounds(w, self._language)
                for w in script.words[hypothesis.first : hypothesis.last]
            ),
            "".join(find_sounds(w, self._language) for w in hypothesis.said),
        )
        first, last = self._find_time_between(
            hypothesis.first, max(hypothesis.last, hypothesis.first)
        )
        word = script.words[hypothesis.first] if hypothesis.last - hypothesis.first == 1 else ""
        opposite = bool(word) and hypothesis.said == (find_contrary(word),)
        foreign = self._aligned and not self._english
        return ScoredHypothesis(
            hypothesis, other - one, sounds, distance, opposite, first, last, foreign
        )

    def find_more(
        self, known: Sequence[Hypothesis], probabilities: Sequence[float], passed: frozenset[int]
    ) -> list[Hypothesis]:
        """More hypotheses: about doubtful words without one, by listening to them again without
        their sentence, and about words that "not" would turn into the contrary. The words `passed`
        are left out."""
        found = list[Hypothesis]()
        spoken_of = passed | {at for c in known for at in range(c.first, c.last)}
        for at, probability in enumerate(probabilities):
            if at in spoken_of or any(c.first <= at < c.last for c in found):
                continue
            if probability < VERY_DOUBTFUL:
                found += self._recognise_alone(at)
            if self._english:
                others = [find_contrary(self._script.words[at])]
                if probability < DOUBTFUL:
                    others += find_confusable_words(self._script.words[at], self._whisper)
                found += self._find_best(at, [other for other in others if other])
        return found

    def _recognise_alone(self, at: int) -> Iterator[Hypothesis]:
        a, b = self._find_context(at, at + 1)
        window = self._whisper.encode(self._cut(*self._find_time_between(a, b)))
        heard = split_heard(self._whisper.recognise(window, self._language), self._language)
        for m in find_mismatches(self._script.words[a:b], heard, self._language):
            known = m.last - m.first <= MOST_ALONE
            if known and m.distance > 0 and m.first <= at - a < m.last:
                kind: Kind = "changed" if m.said else "dropped"
                yield Hypothesis(kind, a + m.first, a + m.last, m.said, heard=True)

    def _find_best(self, at: int, others: Sequence[str]) -> Iterator[Hypothesis]:
        """The most probable of the words that may have been said instead, if it is more probable
        than the script's."""
        if not others:
            return
        a, b = self._find_context(at, at + 1)
        texts = [self._script.changed(a, b, at, at + 1, other) for other in others]
        mine, *theirs = compute_text_log_probabilities(
            self._whisper,
            self._cut(*self._find_time_between(a, b)),
            [self._script.text(a, b), *texts],
            self._language,
        )
        best = max(range(len(theirs)), key=theirs.__getitem__)
        if theirs[best] > mine:
            yield Hypothesis("changed", at, at + 1, (others[best],))

    def _find_context(self, first: int, last: int) -> tuple[int, int]:
        """The range of words with their context."""
        return max(0, first - CONTEXT_WORDS), min(len(self._script.words), last + CONTEXT_WORDS)

    def _find_time_between(self, first: int, last: int) -> tuple[float, float]:
        """The time from the end of the word before to the start of the word after, in seconds."""
        before = [span[1] for span in self._spans[:first] if span is not None]
        after = [span[0] for span in self._spans[last:] if span is not None]
        start = max(before, default=0.0)
        return start, max(min(after, default=len(self._samples) / RATE), start)

    def _cut(self, start: float, end: float) -> Samples:
        start = max(0.0, start - MARGIN_SECONDS)
        end = min(max(end + MARGIN_SECONDS, start + 0.3), start + MOST_SECONDS)
        return self._samples[round(start * RATE) : round(end * RATE)]


def _find_spans(
    expected: Expected,
    steps: Sequence[FollowedWord],
    placed: Sequence[PlacedWord],
    forced: ForcedAlignment | None,
) -> list[tuple[float, float] | None]:
    if forced is not None:
        return [(word.start, word.end) for word in forced.words]
    if not steps:
        return [(placed[chunk].start, placed[chunk].end) for chunk in expected.chunk_of]
    spans: list[tuple[float, float] | None] = [None] * len(expected.words)
    for step in steps:
        before = spans[step.index]
        spans[step.index] = (step.start if before is None else before[0], step.end)
    return spans


def _restore_indices(scored: ScoredHypothesis, kept: Sequence[int]) -> ScoredHypothesis:
    """The hypothesis with the indices of all words of the window, including missing sentences."""
    hypothesis = scored.hypothesis
    first = kept[hypothesis.first] if hypothesis.first < len(kept) else kept[-1] + 1
    last = kept[hypothesis.last - 1] + 1 if hypothesis.last > hypothesis.first else first
    return ScoredHypothesis(
        Hypothesis(
            hypothesis.kind, first, last, hypothesis.said, hypothesis.heard, hypothesis.followed
        ),
        scored.text,
        scored.sounds,
        scored.distance,
        scored.contrary,
        scored.start,
        scored.end,
        scored.foreign,
    )
