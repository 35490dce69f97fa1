"""Which parts of a script are said in a recording, in which take, and what else is said."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from narrate.align.listen import RecognisedWord
from narrate.align.matching import AlignedPair, Unit, make_units, match

# Shares of a sentence's words, weighted by their length. With fewer recognised, the sentence was
# not said; with fewer, a take is not complete.
LEAST_SAID = 0.3
WHOLE_TAKE = 0.8
# Words that were recognised far from the rest of their sentence belong to another sentence.
FAR_WORDS, STRAY_SHARE, STRAY_WEIGHT = 5, 0.25, 1.5
# Up to so many recognised words for each word of the script, and so many more, are the script badly
# recognised; more are something else.
MOST_FOR_ONE, MOST_BESIDE = 2.5, 2
FEWEST_EXTRA = 3  # words of an addition; fewer are a slip, or the recogniser's mistake
LEAST_EXTRA_SECONDS = 0.6
FEWEST_REPEATED, REPEATED_SHARE = 2, 0.6
LEAST_WEIGHT = 1.2  # of a repetition: two short words are not enough
SURE_OF_EXTRA = 0.5  # least probability of one or two words between those of the script
LEAST_WORD_SECONDS = 0.25  # time for each word of a sentence that may have been missed
CONTEXT_UTTERANCES = 30


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of the recording: `tokens` of the script (counted through all utterances) and the
    recognised words `heard` in their place. If it is not `sure`, the two sound different, and the
    alignment decides which was said. Without tokens it is not in the script."""

    tokens: tuple[int, ...]
    heard: tuple[int, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """A take of `utterance` that is not used: the recognised words `first`..`last` (inclusive)."""

    utterance: int
    first: int
    last: int


@dataclass(slots=True)
class FoundTakes:
    """What was found. `missing` are utterances that were not recognised; those of them that may
    have been said all the same are `candidates` and are in a passage. `extras` are the first and
    last (inclusive) recognised word of what is not in the script."""

    passages: list[Passage] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    candidates: list[int] = field(default_factory=list)
    repeats: list[Repeat] = field(default_factory=list)
    extras: list[tuple[int, int]] = field(default_factory=list)


def find_takes(
    spoken: Sequence[str], utterances: Sequence[int], heard: Sequence[RecognisedWord], language: str
) -> FoundTakes:
    """Find the tokens `spoken` in a recording; the i-th belongs to the utterance `utterances[i]`.

    The passages are in order. They hold each token of an utterance that was said, except tokens
    without a sound.
    """
    return _TakeFinder(spoken, utterances, heard, language).find()


class _TakeFinder:
    def __init__(
        self,
        spoken: Sequence[str],
        utterances: Sequence[int],
        heard: Sequence[RecognisedWord],
        language: str,
    ) -> None:
        self._utterances, self._heard = utterances, heard
        self._script = make_units(spoken, language)
        self._said = make_units([word.text for word in heard], language)
        self._by_token, self._by_word = _group_by_owner(self._script), _group_by_owner(self._said)
        self._of = [utterances[unit.owner] for unit in self._script]
        self._pair: list[int] = [-1] * len(self._script)
        for step in match(self._script, self._said):
            if step.alike and step.script is not None and step.heard is not None:
                self._pair[step.script] = step.heard
        count = max(utterances, default=-1) + 1
        self._ranges = [[0, 0] for _ in range(count)]  # the units of each utterance
        for at, number in enumerate(self._of):
            if self._ranges[number][1] == 0:
                self._ranges[number][0] = at
            self._ranges[number][1] = at + 1
        self._out = FoundTakes()

    def find(self) -> FoundTakes:
        sounding = [n for n, (a, b) in enumerate(self._ranges) if b > a]
        for number in sounding:
            self._drop_strays(number)
            if self._compute_share(number) < LEAST_SAID:
                self._release(number)
                self._out.missing.append(number)
        for first, last in list(self._find_loose_runs()):
            self._move_before(first, last)
        for first, last in list(self._find_loose_runs()):
            self._prefer_last_take(first, last)
        self._write_passages()
        return self._out

    def _compute_share(self, number: int) -> float:
        own = range(*self._ranges[number])
        whole = sum(self._script[i].weight for i in own)
        return sum(self._script[i].weight for i in own if self._pair[i] >= 0) / whole

    def _release(self, number: int) -> None:
        for i in range(*self._ranges[number]):
            self._pair[i] = -1

    def _drop_strays(self, number: int) -> None:
        """Drop short words at a sentence's start or end that were recognised beyond words of other
        sentences."""
        paired = [i for i in range(*self._ranges[number]) if self._pair[i] >= 0]
        clusters: list[list[int]] = []
        for i in paired:
            far = clusters and self._pair[i] - self._pair[clusters[-1][-1]] > FAR_WORDS + (
                i - clusters[-1][-1]
            )
            if far or not clusters:
                clusters.append([])
            clusters[-1].append(i)
        weights = [sum(self._script[i].weight for i in cluster) for cluster in clusters]
        for at in (0, -1):
            while (
                len(clusters) > 1
                and weights[at] < STRAY_WEIGHT
                and weights[at] < STRAY_SHARE * sum(weights)
            ):
                weights.pop(at)
                for i in clusters.pop(at):
                    self._pair[i] = -1

    def _find_loose_runs(self) -> Iterator[tuple[int, int]]:
        """Runs (end exclusive) of recognised units that match nothing in the script."""
        used = set(self._pair)
        start = None
        for j in range(len(self._said) + 1):
            loose = j < len(self._said) and j not in used
            if loose and start is None:
                start = j
            elif not loose and start is not None:
                yield start, j
                start = None

    def _move_before(self, first: int, last: int) -> None:
        """Move a run within a sentence before the words with which it ends, if they are also the
        words before it: in `Together [acted like one. Together] acted like one dish` the sentence
        is started again, not interrupted."""
        script_of = {j: i for i, j in enumerate(self._pair) if j >= 0}
        after = script_of.get(last)
        while first > 0 and after is not None:
            before = script_of.get(first - 1)
            if before is None or self._of[before] != self._of[after]:
                return
            if self._script[before].sound != self._said[last - 1].sound:
                return
            self._pair[before] = last - 1
            script_of[last - 1] = script_of.pop(first - 1)
            first, last = first - 1, last - 1

    def _prefer_last_take(self, first: int, last: int) -> None:
        """Use the run as the take if it says the units just before it again."""
        before = [i for i, j in enumerate(self._pair) if 0 <= j < first]
        if last - first < FEWEST_REPEATED or not before:
            return
        end = before[-1] + 1
        number = self._of[end - 1]
        begin, finish = self._ranges[number]
        steps = match(self._script[begin:end], self._said[first:last], local=True)
        alike = [(i + begin, j + first) for i, j in _find_matched(steps)]
        if not _is_repetition(steps, self._said[first:last]) or alike[-1][0] < end - 2:
            return
        whole = sum(self._script[i].weight for i in range(begin, finish))
        part = sum(self._script[i].weight for i, _ in alike)
        if end >= finish - 1 and part < WHOLE_TAKE * whole:
            return  # only the earlier take is complete
        for i in range(alike[0][0], end):
            self._pair[i] = -1
        for i, j in alike:
            self._pair[i] = j

    def _write_passages(self) -> None:
        """Write the tokens and the recognised words in one order. What is between two recognised
        tokens is decided together."""
        missing = set(self._out.missing)
        waiting: list[int] = []  # tokens
        at, before = 0, -1  # the next heard word; the last recognised token's utterance
        for token, number in enumerate(self._utterances):
            own = self._by_token.get(token)
            if number in missing or own is None:
                continue
            found = [i for i in own if self._pair[i] >= 0]
            weight = sum(self._script[i].weight for i in own)
            if sum(self._script[i].weight for i in found) < weight / 2:
                waiting.append(token)
                continue
            words = [self._said[self._pair[i]].owner for i in found]
            first, last = min(words), max(words)
            self._decide(waiting, range(at, first), before, number)
            self._out.passages.append(
                Passage((token,), tuple(range(max(first, at), last + 1)), True)
            )
            waiting, at, before = [], max(at, last + 1), number
        self._decide(waiting, range(at, len(self._heard)), before, len(self._ranges))

    def _decide(self, tokens: list[int], words: range, before: int, after: int) -> None:
        """Decide about the tokens that were not recognised, and the recognised words that match no
        token, between two tokens of the utterances `before` and `after`."""
        loose = [j for word in words for j in self._by_word.get(word, ())]
        expected = [i for token in tokens for i in self._by_token[token]]
        skipped = [n for n in range(before + 1, after) if self._ranges[n][1] > self._ranges[n][0]]
        mine = [t for t in tokens if self._utterances[t] <= before]
        theirs = [t for t in tokens if self._utterances[t] > before]
        if expected and len(loose) <= MOST_FOR_ONE * len(expected) + MOST_BESIDE:
            again = None
            if len(loose) >= max(FEWEST_EXTRA, len(expected) + 1):
                again = self._find_repetition(loose[0], loose[-1] + 1, before, after)
            if again is not None:
                start, stop, number = again
                taken = self._find_words(start, stop)
                self._put(mine, range(words.start, taken.start))
                self._put_repeat(number, taken)
                self._put(theirs, range(taken.stop, words.stop))
            elif mine and theirs and loose:
                share = len(mine) / len(tokens)
                cut = words.start + min(max(round(share * len(words)), 1), len(words) - 1)
                self._put(mine, range(words.start, cut))
                self._put(theirs, range(cut, words.stop))
            else:
                self._put(mine or theirs, words)
                if mine and theirs:
                    self._put(theirs, range(words.stop, words.stop))
            return
        self._put(mine, range(words.start, words.start))
        if len(loose) >= FEWEST_EXTRA:
            self._explain(loose[0], loose[-1] + 1, before, after, skipped)
        elif skipped and self._may_have_been_missed(skipped, words):
            self._put_candidates(skipped, words)
        elif words and min(self._heard[w].probability for w in words) >= SURE_OF_EXTRA:
            self._put([], words)
        self._put(theirs, range(words.stop, words.stop))

    def _put(self, tokens: Sequence[int], words: range) -> None:
        if tokens or words:
            self._out.passages.append(Passage(tuple(tokens), tuple(words), False))

    def _may_have_been_missed(self, skipped: Sequence[int], words: range) -> bool:
        """Whether there is enough time around the words for these utterances."""
        count = sum(self._ranges[n][1] - self._ranges[n][0] for n in skipped)
        start = self._heard[words.start - 1].start if words.start else 0.0
        if words.stop >= len(self._heard):
            return False
        return self._heard[words.stop].start - start >= LEAST_WORD_SECONDS * (count + 2)

    def _put_candidates(self, skipped: Sequence[int], words: range) -> None:
        self._put([t for t, n in enumerate(self._utterances) if n in skipped], words)
        self._out.candidates += skipped

    def _explain(
        self, first: int, last: int, before: int, after: int, skipped: Sequence[int]
    ) -> None:
        """Decide what the recognised units `first`..`last` (exclusive) are: takes that are not
        used, a sentence that was badly recognised, or something that is not in the script."""
        again = self._find_repetition(first, last, before, after)
        if again is not None:
            start, stop, number = again
            if start > first:
                self._explain(first, start, before, after, [])
            self._put_repeat(number, self._find_words(start, stop))
            if stop < last:
                self._explain(stop, last, before, after, [])
            return
        words = self._find_words(first, last)
        expected = sum(self._ranges[n][1] - self._ranges[n][0] for n in skipped)
        if len(skipped) == 1 and 1 / MOST_FOR_ONE < (last - first) / expected < MOST_FOR_ONE:
            self._put_candidates(skipped, words)
            return
        if self._heard[words[-1]].end - self._heard[words[0]].start < LEAST_EXTRA_SECONDS:
            return  # the recogniser stuttered
        self._out.extras.append((words[0], words[-1]))
        self._put([], words)

    def _put_repeat(self, number: int, words: range) -> None:
        self._out.repeats.append(Repeat(number, words[0], words[-1]))
        self._put([], words)

    def _find_repetition(
        self, first: int, last: int, before: int, after: int
    ) -> tuple[int, int, int] | None:
        """The part of a run of recognised units that repeats what the script says nearby, and the
        utterance with which that starts."""
        run = self._said[first:last]
        low = self._find_context(before, -1, len(run))
        high = self._find_context(after, 1, len(run))
        begin = self._ranges[low][0]
        steps = match(self._script[begin : self._ranges[high][1]], run, local=True)
        if not _is_repetition(steps, run):
            return None
        pairs = _find_matched(steps)
        start, stop = first + pairs[0][1], first + pairs[-1][1] + 1
        number = self._of[begin + pairs[0][0]]
        if number in self._out.missing:  # it is said for the first time
            return None
        if start - first < FEWEST_EXTRA:
            start = first
        if last - stop < FEWEST_EXTRA:
            stop = last
        return start, stop, number

    def _find_words(self, first: int, last: int) -> range:
        return range(self._said[first].owner, self._said[last - 1].owner + 1)

    def _find_context(self, number: int, step: int, count: int) -> int:
        """The nearest utterance for which more than `count` units are between it and `number`."""
        last = len(self._ranges) - 1
        at = min(max(number, 0), last)
        units_between = 0
        for _ in range(CONTEXT_UTTERANCES):
            units_between += self._ranges[at][1] - self._ranges[at][0]
            if units_between > count + 5 or not 0 <= at + step <= last:
                break
            at += step
        while self._ranges[at][1] == 0 and 0 <= at - step <= last:
            at -= step  # skip utterances without a sound
        return at


def _group_by_owner(found: Sequence[Unit]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for at, unit in enumerate(found):
        places.setdefault(unit.owner, []).append(at)
    return places


def _find_matched(pairs: Sequence[AlignedPair]) -> list[tuple[int, int]]:
    """The script's and the recognised unit of each pair that sounds alike."""
    return [
        (pair.script, pair.heard)
        for pair in pairs
        if pair.alike and pair.script is not None and pair.heard is not None
    ]


def _is_repetition(pairs: Sequence[AlignedPair], run: Sequence[Unit]) -> bool:
    alike = _find_matched(pairs)
    span = [pair for pair in pairs if pair.heard is not None]
    if len(alike) < FEWEST_REPEATED or len(alike) < REPEATED_SHARE * len(span):
        return False
    if len(alike) <= FEWEST_REPEATED and len(run) > FEWEST_EXTRA:
        return False
    return sum(run[heard].weight for _, heard in alike) >= LEAST_WEIGHT
