"""Times of words and phones for voices that give none, against a voice whose times are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.model import Slide, Token, Utterance
from narrate.align.voice_timing import time_narration
from narrate.clock import SAMPLE_RATE
from narrate.speech import narrate_slide, open_voice
from narrate.vocabulary import Narration

SENTENCES = (
    "Light bends in water, and so a straw looks broken.",
    "The eye gathers what is left of it, then turns it into a picture.",
    "Why is the sky blue?",
    "Sunlight is a mixture of all colours, and the air scatters blue light more than red light.",
    "In the evening, the light goes through much more air.",
    "Nobody knew that before the end of the last century.",
)


def make_slide(*sentences: str, language: str | None = None) -> Slide:
    utterances = tuple(
        Utterance(tuple(Token(w, w, 0, 0) for w in text.split()), 350, line, language=language)
        for line, text in enumerate(sentences, start=1)
    )
    return Slide(1, "", (), utterances, 1)


def forget_times(narration: Narration) -> Narration:
    """The narration as a voice without times gives it: words are spread over their sentence."""
    words = list(narration.words)
    for number in {w.utterance for w in words}:
        own = [n for n, w in enumerate(words) if w.utterance == number]
        low, high = words[own[0]].start, words[own[-1]].end
        edges = np.linspace(low, high, len(own) + 1).astype(int)
        for n, start, end in zip(own, edges, edges[1:], strict=False):
            words[n] = replace(words[n], start=int(start), end=int(end), confidence=0.0)
    return replace(narration, words=tuple(words), phones=())


def measure_errors(one: Narration, other: Narration) -> list[float]:
    """How far the starts of words are apart, in ms."""
    pairs = zip(one.words, other.words, strict=True)
    return [abs(a.start - b.start) * 1000 / SAMPLE_RATE for a, b in pairs]


@pytest.fixture(scope="module")
def known() -> tuple[Slide, Narration]:
    slide = make_slide(*SENTENCES)
    voice = open_voice("hibari", "en-US")
    return slide, narrate_slide(slide, lambda utterance: voice, speed=0.9)


def test_words_are_found_where_they_are_said(known: tuple[Slide, Narration]) -> None:
    slide, narration = known
    untimed = forget_times(narration)
    timed = time_narration(slide, untimed, language="en-US")
    assert np.array_equal(timed.samples, narration.samples) and timed.steps == narration.steps
    errors = measure_errors(timed, narration)
    assert np.median(errors) <= 35 and np.percentile(errors, 90) <= 100
    # What the words were spread by would not pass, nor would times that are late.
    spread = measure_errors(untimed, narration)
    assert np.median(spread) > 35
    late = [replace(w, start=w.start + round(0.06 * SAMPLE_RATE)) for w in timed.words]
    assert np.median(measure_errors(replace(timed, words=tuple(late)), narration)) > 35
    assert all(w.confidence > 0 for w in timed.words)
    assert np.median([w.confidence for w in timed.words]) > 0.9


def test_phones_are_found_too(known: tuple[Slide, Narration]) -> None:
    slide, narration = known
    timed = time_narration(slide, forget_times(narration), language="en-US")
    assert len(timed.phones) == pytest.approx(len(narration.phones), rel=0.1)
    for before, after in zip(timed.phones, timed.phones[1:], strict=False):
        assert before.start < before.end <= after.end
    lips = [p for p in narration.phones if p.symbol in ("p", "b", "m")]
    found = [p for p in timed.phones if p.symbol in ("p", "b", "m")]
    near = [  # lips open at a time that is heard; when they close after a stop is a matter of taste
        any(abs(a.end - b.end) < 0.06 * SAMPLE_RATE for b in found if b.symbol == a.symbol)
        for a in lips
    ]
    assert all(near) and len(near) > 5


def test_times_that_a_voice_gives_are_kept(known: tuple[Slide, Narration]) -> None:
    slide, narration = known
    assert time_narration(slide, narration, language="en-US") == narration


def test_words_with_times_get_the_phones_that_are_missing(known: tuple[Slide, Narration]) -> None:
    slide, narration = known
    timed = time_narration(slide, replace(narration, phones=()), language="en-US")
    assert timed.words == narration.words
    for phone in timed.phones:
        assert any(w.start <= phone.start and phone.end <= w.end for w in timed.words)
    assert len(timed.phones) == pytest.approx(len(narration.phones), rel=0.15)


def test_only_the_untimed_words_of_a_sentence_are_moved(known: tuple[Slide, Narration]) -> None:
    slide, narration = known
    untimed = forget_times(narration)
    mixed = tuple(
        b if a.utterance == 1 else a for a, b in zip(narration.words, untimed.words, strict=True)
    )
    phones = tuple(
        p for p in narration.phones
        if not any(w.start <= p.start < w.end for w in narration.words if w.utterance == 1)
    )  # fmt: skip
    timed = time_narration(slide, replace(narration, words=mixed, phones=phones), language="en-US")
    for word, before in zip(timed.words, narration.words, strict=True):
        assert (word == before) == (word.utterance != 1)
    errors = measure_errors(timed, narration)
    assert max(errors) < 200


def test_a_language_that_the_recogniser_does_not_know_keeps_its_places() -> None:
    slide = make_slide("Tio estas frazo", language="eo")
    total = 3 * SAMPLE_RATE
    samples = np.full(total, 0.1, np.float32)
    narration = narrate_slide(slide, lambda u: open_voice("silent", "eo"), speed=1.0)
    words = tuple(replace(w, confidence=0.0) for w in narration.words)
    narration = replace(narration, samples=samples, words=words)
    timed = time_narration(slide, narration, language="eo")
    assert timed.words == words
    assert timed.phones and all(p.end > p.start for p in timed.phones)


def test_a_sentence_longer_than_the_recogniser_hears_at_once() -> None:
    text = " and ".join(s.rstrip(".?").lower() for s in SENTENCES * 2)
    slide = make_slide(text)
    voice = open_voice("hibari", "en-US")
    narration = narrate_slide(slide, lambda utterance: voice, speed=1.0)
    assert len(narration.samples) > 30 * SAMPLE_RATE
    timed = time_narration(slide, forget_times(narration), language="en-US")
    errors = measure_errors(timed, narration)
    assert np.median(errors) <= 35 and np.percentile(errors, 90) <= 100
