"""The findings of a recording that differs from its script: what to tell, and how to fix it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from foundation.languages import same_language
from foundation.problem import Place, Problem
from lessons.model import Finding, Utterance
from narrate.align.heard_language import HeardLanguage
from narrate.align.listen import RecognisedWord
from narrate.align.segmentation import join_words
from narrate.align.takes import FoundTakes, Passage
from narrate.clock import SAMPLE_RATE, format_clock
from narrate.vocabulary import Word

QUOTED_WORDS = 14  # at most, of what is quoted

_TimedFinding = tuple[float, Finding]
"""A finding and its time in the recording, in seconds."""


@dataclass(frozen=True)
class ReadScript:
    """A script, what was recognised in its recording, and the words with their times.

    `refused` are passages that were tried as sentences of the script and turned out to be something
    else.
    """

    utterances: Sequence[Utterance]
    takes: FoundTakes
    heard: Sequence[RecognisedWord]
    refused: Sequence[Passage]
    words: Sequence[Word]
    language: str

    @cached_property
    def sounding(self) -> list[int]:
        """The utterances in which something is said."""
        return find_sounding_utterances(self.utterances)

    @cached_property
    def said(self) -> set[int]:
        return {word.utterance for word in self.words if word.end > word.start}

    @cached_property
    def starts(self) -> dict[int, float]:
        """When each sounding utterance starts, or would start, in seconds."""
        return {
            n: next(w.start for w in self.words if w.utterance == n) / SAMPLE_RATE
            for n in self.sounding
        }

    @cached_property
    def foreign(self) -> set[int]:
        """Utterances that were not said and are in another language than the recording."""
        return {
            n
            for n in self.sounding
            if n not in self.said
            and not same_language(self.utterances[n].language or self.language, self.language)
        }

    @cached_property
    def additions(self) -> list[tuple[int, int]]:
        """The first and the last (inclusive) recognised word of all that is not in the script."""
        refused = [(passage.heard[0], passage.heard[-1]) for passage in self.refused]
        found = _join_touching(sorted([*self.takes.extras, *refused]))
        return [(first, last) for first, last in found if not self._is_foreign(first)]

    def _is_foreign(self, word: int) -> bool:
        """Whether it is a sentence in another language, as the recogniser of this one hears it."""
        before = self.find_sentence_before(self.heard[word].start)
        near = self.sounding[0] if before is None else before
        following = next((n for n in self.sounding if n > near), None)
        return following in self.foreign or near in self.foreign

    def find_sentence_before(self, seconds: float) -> int | None:
        """The last utterance that begins before this time; None if none does."""
        return max((n for n in self.said if self.starts[n] <= seconds), default=None)

    def quote(self, first: int, last: int) -> str:
        """The recognised words `first`..`last` (inclusive)."""
        own = [word.text for word in self.heard[first : last + 1]]
        return _shorten(join_words(own, self.language))


def find_sounding_utterances(utterances: Sequence[Utterance]) -> list[int]:
    return [
        n
        for n, utterance in enumerate(utterances)
        if any(any(c.isalnum() for c in token.spoken) for token in utterance.tokens)
    ]


def make_findings(script: ReadScript) -> tuple[Finding, ...]:
    """Make a finding for each difference, in the order of the recording."""
    found = [
        *_find_missing_sentences(script),
        *_find_additions(script),
        *_find_unused_takes(script),
    ]
    return tuple(finding for _, finding in sorted(found, key=lambda item: item[0]))


def make_wrong_recording_finding(script: ReadScript, heard: HeardLanguage | None = None) -> Finding:
    """The only finding for a recording of another script, or in another language (`heard`)."""
    count = len(script.sounding) - len(script.takes.missing)
    message = (
        f"This is not a recording of the script: {count} of its {len(script.sounding)} sentences "
        f"{'was' if count == 1 else 'were'} found in it."
    )
    remedy = "Write the file of this lesson's recording under `recording`, or record this lesson."
    if heard is not None and heard.differs_from(script.language):
        message += f" The language that is heard is '{heard.tag}', not '{script.language}'."
        remedy = f"If it is the right recording, write `language: {heard.tag}`. If not: {remedy}"
    place = Place(line=script.utterances[script.sounding[0]].line)
    return Finding("not-said", "error", Problem(message, remedy, place))


def _find_missing_sentences(script: ReadScript) -> Iterator[_TimedFinding]:
    for n in script.sounding:
        if n in script.said:
            continue
        utterance, start = script.utterances[n], script.starts[n]
        if n in script.foreign:
            message = (
                f"“{_shorten(utterance.written)}” is in another language ({utterance.language}) "
                "than its recording, so it was not looked for."
            )
            remedy = "Check that it is said, and that its caption appears at the right time."
            problem = Problem(message, remedy, Place(line=utterance.line))
            yield start, Finding("not-checked", "note", problem)
            continue
        message = f"“{_shorten(utterance.written)}” is not in the recording."
        remedy = f"Record it (its place is at {format_clock(start)}), or remove it from the script."
        yield start, _warn("not-said", message, remedy, utterance.line)


def _find_additions(script: ReadScript) -> Iterator[_TimedFinding]:
    for first, last in script.additions:
        start, end = script.heard[first].start, script.heard[last].end
        before = script.find_sentence_before(start)
        near = script.sounding[0] if before is None else before
        message = (
            f"From {format_clock(start)} to {format_clock(end)} the recording says "
            f"“{script.quote(first, last)}”, which is not in the script. It is captioned as it was "
            "recognised."
        )
        place = "before" if before is None else "after"
        remedy = (
            f"Write it into the script {place} “{_shorten(script.utterances[near].written)}”, or "
            "cut it out of the recording."
        )
        yield start, _warn("not-in-script", message, remedy, script.utterances[near].line)


def _find_unused_takes(script: ReadScript) -> Iterator[_TimedFinding]:
    for take in script.takes.repeats:
        start, end = script.heard[take.first].start, script.heard[take.last].end
        message = (
            f"“{script.quote(take.first, take.last)}” at {format_clock(start)} is said more than "
            f"once; the take at {format_clock(script.starts[take.utterance])} is used."
        )
        remedy = (
            f"Cut {format_clock(start)} to {format_clock(end)} out of the recording, or, if it is "
            "meant to be said twice, write it twice in the script."
        )
        yield start, _warn("repeated", message, remedy, script.utterances[take.utterance].line)


def _warn(rule: str, message: str, remedy: str, line: int) -> Finding:
    return Finding(rule, "warning", Problem(message, remedy, Place(line=line)))


def _join_touching(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join the spans of words that touch or overlap."""
    before: tuple[int, int] | None = None
    for first, last in spans:
        if before is not None and first <= before[1] + 1:
            before = (before[0], max(last, before[1]))
            continue
        if before is not None:
            yield before
        before = (first, last)
    if before is not None:
        yield before


def _shorten(text: str) -> str:
    words = text.split()
    return " ".join(words[:QUOTED_WORDS]) + (" …" if len(words) > QUOTED_WORDS else "")
