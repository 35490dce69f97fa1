"""A slide as a recording says it: what is left out goes, what is added comes in its place."""

from __future__ import annotations

from dataclasses import replace

from lessons.model import Slide, Token, Utterance
from narrate.pipeline.heard_slide import UNCONFIRMED, HeardDifferences, make_heard_slide
from narrate.vocabulary import AddedSpeech, Word

TEXTS = ("One two three.", "Four five.", "Six.")


def _make_slide() -> tuple[Slide, list[Word]]:
    utterances = tuple(
        Utterance(tuple(Token(w, w, 0, 0) for w in text.split()), 400, 10 + n)
        for n, text in enumerate(TEXTS)
    )
    words, at = [], 0
    for n, text in enumerate(TEXTS):
        for t, written in enumerate(text.split()):
            words.append(Word(written, at, at + 10, n, t))
            at += 10
    return Slide(1, "", (), utterances, 1), words


def _add(text: str, utterance: int, token: int) -> AddedSpeech:
    return AddedSpeech(tuple(Word(w, 5, 6, utterance, token) for w in text.split()))


def _read(different: HeardDifferences) -> list[str]:
    slide, words = _make_slide()
    heard, timed = make_heard_slide(slide, words, different)
    shown = [token.written for u in heard.utterances for token in u.tokens]
    assert [w.written for w in timed] == shown
    assert [(w.utterance, w.token) for w in timed] == [
        (n, t) for n, u in enumerate(heard.utterances) for t in range(len(u.tokens))
    ]
    return [u.written for u in heard.utterances]


def test_a_slide_that_is_said_as_written_stays_the_same() -> None:
    slide, words = _make_slide()
    assert make_heard_slide(slide, words, HeardDifferences())[0] is slide


def test_what_was_left_out_is_not_shown() -> None:
    assert _read(HeardDifferences(frozenset({(1, 0), (1, 1)}))) == [TEXTS[0], TEXTS[2]]
    assert _read(HeardDifferences(frozenset({(0, 1)}))) == ["One three.", *TEXTS[1:]]


def test_what_was_added_is_shown_in_its_place_and_marked() -> None:
    marked = f"{UNCONFIRMED} Oh no."
    assert _read(HeardDifferences(added=(_add("Oh no.", 0, 0),))) == [marked, *TEXTS]
    assert _read(HeardDifferences(added=(_add("Oh no.", 3, 0),))) == [*TEXTS, marked]
    assert _read(HeardDifferences(added=(_add("Oh no.", 0, 1),))) == [
        "One",
        marked,
        "two three.",
        *TEXTS[1:],
    ]


def test_a_slide_of_which_nothing_was_said_shows_nothing() -> None:
    slide, words = _make_slide()
    every = frozenset((w.utterance, w.token) for w in words)
    assert make_heard_slide(slide, words, HeardDifferences(every))[0].utterances == ()


def test_what_a_speaker_adds_is_the_speakers() -> None:
    slide, words = _make_slide()
    student = replace(slide.utterances[1], speaker="Student", language="fr", rate=0.8)
    slide = replace(slide, utterances=(slide.utterances[0], student, slide.utterances[2]))
    heard, _ = make_heard_slide(slide, words, HeardDifferences(added=(_add("Oh no.", 1, 1),)))
    added = next(u for u in heard.utterances if u.written.startswith(UNCONFIRMED))
    assert (added.speaker, added.language, added.rate) == ("Student", "fr", 1.0)


def test_speech_on_a_slide_without_a_text_is_passed_over() -> None:
    slide = Slide(1, "", (), (), 1)
    heard, timed = make_heard_slide(slide, [], HeardDifferences(added=(_add("Oh.", 0, 0),)))
    assert heard.utterances == () and not timed
