"""Words in another language than their sentence are not checked, and the rest of it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lessons.model import Finding, Slide, Token, Utterance
from narrate.align import check_narration
from narrate.speech import narrate_slide, open_voice
from narrate.vocabulary import Narration

TEXT = "The Germans call it Beugung, which means that the curve bends sharply near the origin."
HEARD = {"Beugung,": "bˈɔɪɡʊŋ"}


def _slide(text: str, language: str | None = None) -> Slide:
    tokens = [Token(word, word, 0, 0, HEARD.get(word)) for word in text.split()]
    tokens = [replace(t, language=language) if t.phones else t for t in tokens]
    return Slide(1, "", (), (Utterance(tuple(tokens), 0, 7),), 1)


def _spoken(text: str) -> Narration:
    voice = open_voice("hibari", "en-US")
    return narrate_slide(_slide(text), lambda _: voice)


@pytest.fixture(scope="module")
def right() -> Narration:
    return _spoken(TEXT)


def _check(slide: Slide, narration: Narration) -> tuple[Finding, ...]:
    return check_narration(slide, narration, language="en-US").findings


def test_a_word_in_another_language_is_not_checked(right: Narration) -> None:
    assert _check(_slide(TEXT, "de-DE"), right) == ()
    assert any("Beugung" in found.message for found in _check(_slide(TEXT), right))


def test_the_rest_of_its_sentence_is_checked() -> None:
    said = _spoken(TEXT.replace("sharply", "gently"))
    written = zip(said.words, TEXT.split(), strict=True)
    said = replace(said, words=tuple(replace(w, written=text) for w, text in written))
    (finding,) = _check(_slide(TEXT, "de"), said)
    assert (finding.rule, finding.place.line) == ("not-said", 7)
    assert "“sharply” was heard as “gently”" in finding.message
