"""A slide as it is heard: what captions and the transcript of a teacher's recording show.

What the recording leaves out is not shown, and what it adds is shown as it was recognised, with a
mark, until somebody confirms it by writing it into the script.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lessons.model import Slide, Token, Utterance
from narrate.vocabulary import AddedSpeech, Word

UNCONFIRMED = "[?]"
"""Stands before recognised words that nobody has confirmed."""


@dataclass(frozen=True, slots=True)
class HeardDifferences:
    """How a recording of a slide differs from its script. `left_out` are pairs of an utterance and
    a token in it; `added` is in the order of the sound."""

    left_out: frozenset[tuple[int, int]] = frozenset()
    added: tuple[AddedSpeech, ...] = ()


NOTHING_DIFFERENT = HeardDifferences()

_TimedToken = tuple[Token, Word]


def make_heard_slide(
    slide: Slide, words: Sequence[Word], heard: HeardDifferences
) -> tuple[Slide, tuple[Word, ...]]:
    """The slide with the utterances that are heard, and their words in the same order. A slide that
    is heard as it is written is returned itself."""
    if not heard.left_out and not heard.added:
        return slide, tuple(words)
    utterances: list[Utterance] = []
    timed: list[Word] = []
    for utterance, pairs in _find_utterances(slide, words, heard):
        number = len(utterances)
        utterances.append(replace(utterance, tokens=tuple(token for token, _ in pairs)))
        timed += [replace(w, utterance=number, token=at) for at, (_, w) in enumerate(pairs)]
    # The anchors count the utterances of the script.
    return replace(slide, utterances=tuple(utterances), anchors=()), tuple(timed)


def _find_utterances(
    slide: Slide, words: Sequence[Word], heard: HeardDifferences
) -> Iterator[tuple[Utterance, list[_TimedToken]]]:
    """Each utterance that is heard, with its tokens and their words. One that is interrupted by
    added speech is two."""
    times = {(w.utterance, w.token): w for w in words}
    waiting = list(heard.added)
    for u, utterance in enumerate(slide.utterances):
        pairs: list[_TimedToken] = []
        for t, token in enumerate(utterance.tokens):
            while waiting and _find_place(waiting[0]) <= (u, t):
                if pairs:
                    yield replace(utterance, ends_paragraph=False), pairs
                    pairs = []
                yield _make_added(waiting.pop(0), utterance)
            if (u, t) not in heard.left_out and (u, t) in times:
                pairs.append((token, times[u, t]))
        if any(token.written.strip() for token, _ in pairs):
            yield utterance, pairs
    for added in waiting if slide.utterances else ():
        yield _make_added(added, slide.utterances[-1])


def _find_place(added: AddedSpeech) -> tuple[int, int]:
    return added.words[0].utterance, added.words[0].token


def _make_added(added: AddedSpeech, near: Utterance) -> tuple[Utterance, list[_TimedToken]]:
    shown = [
        replace(word, written=f"{UNCONFIRMED} {word.written}" if not at else word.written)
        for at, word in enumerate(added.words)
    ]
    pairs = [(Token(word.written, word.written, 0, 0), word) for word in shown]
    near = replace(near, tokens=(), pause_ms=0, rate=1.0, ends_paragraph=False)
    return near, pairs
