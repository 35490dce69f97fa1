"""The silent voice: it has the lengths of human speech and makes no sound."""

from __future__ import annotations

import pytest

from lessons.model import Slide, Token, Utterance
from narrate.clock import SAMPLE_RATE, ms_to_samples
from narrate.speech import narrate_slide, open_voice, voice_version


def _utterance(text: str, *, pause_ms: int = 400, step: int = 0, rate: float = 1.0) -> Utterance:
    tokens = tuple(Token(word, word.strip("∅"), 0, 0) for word in text.split())
    return Utterance(tokens, pause_ms, line=7, step=step, rate=rate)


def _slide(*utterances: Utterance, steps: int = 1, hold_ms: int = 4000) -> Slide:
    return Slide(3, "Light", (), utterances, line=5, steps=steps, hold_ms=hold_ms)


def test_speaks_at_a_human_rate_and_makes_no_sound() -> None:
    text = "Plants take in carbon dioxide and give back the oxygen that we all breathe. " * 5
    speech = open_voice("silent", "xx").speak(_utterance(text))
    words_a_minute = len(text.split()) / (len(speech.samples) / SAMPLE_RATE / 60)
    assert 150 < words_a_minute < 230
    assert not speech.samples.any()
    assert speech.phones == ()


def test_a_token_that_is_not_said_has_no_length() -> None:
    speech = open_voice("silent", "en").speak(_utterance("∅ one ∅ two ∅"))
    assert [w.end > w.start for w in speech.words] == [False, True, False, True, False]
    assert speech.words[2].start == speech.words[1].end
    assert [w.token for w in speech.words] == [0, 1, 2, 3, 4]


def test_rates_multiply() -> None:
    voice = open_voice("silent", "en")
    slow = voice.speak(_utterance("four words are enough"))
    fast = voice.speak(_utterance("four words are enough", rate=1.25), rate=1.6)
    assert len(fast.samples) == pytest.approx(len(slow.samples) / 2, rel=0.01)


def test_version_is_known_without_opening() -> None:
    assert voice_version("silent", "en") == open_voice("silent", "en").version


def test_a_narration_has_lead_pauses_and_tail() -> None:
    voice = open_voice("silent", "en")
    one, two = _utterance("one two", pause_ms=700), _utterance("three", pause_ms=100)
    narration = narrate_slide(_slide(one, two), lambda _: voice, lead_ms=300, tail_ms=500)
    first, second = voice.speak(one), voice.speak(two)
    assert len(narration.samples) == sum(
        [ms_to_samples(300 + 700 + 500), len(first.samples), len(second.samples)]
    )
    assert narration.words[0].start == ms_to_samples(300)
    assert narration.words[2].start == ms_to_samples(1000) + len(first.samples)
    assert [w.utterance for w in narration.words] == [0, 0, 1]
    assert [w.written for w in narration.words] == ["one", "two", "three"]


def test_a_pause_written_at_the_end_is_kept() -> None:
    voice = open_voice("silent", "en")
    utterance = _utterance("wait", pause_ms=2000)
    narration = narrate_slide(_slide(utterance), lambda _: voice, lead_ms=0, tail_ms=500)
    assert len(narration.samples) - narration.words[-1].end == ms_to_samples(2000)


def test_steps_begin_just_before_their_first_words() -> None:
    voice = open_voice("silent", "en")
    parts = [_utterance("zero"), _utterance("one", step=1), _utterance("three", step=3)]
    narration = narrate_slide(_slide(*parts, steps=5), lambda _: voice)
    starts = [w.start for w in narration.words]
    assert narration.steps[0] == 0
    assert narration.steps[1] == starts[1] - ms_to_samples(200)
    assert narration.steps[2] == narration.steps[3] == starts[2] - ms_to_samples(200)
    assert narration.steps[4] == narration.words[-1].end
    assert list(narration.steps) == sorted(narration.steps)


def test_a_step_does_not_begin_while_the_sentence_before_is_spoken() -> None:
    voice = open_voice("silent", "en")
    parts = [_utterance("zero", pause_ms=50), _utterance("one", step=1)]
    narration = narrate_slide(_slide(*parts, steps=2), lambda _: voice)
    assert narration.steps[1] == narration.words[0].end


def test_a_slide_without_words_is_held() -> None:
    narration = narrate_slide(_slide(steps=4, hold_ms=2000), lambda _: pytest.fail("no voice"))
    assert len(narration.samples) == ms_to_samples(2000)
    assert narration.steps == tuple(ms_to_samples(ms) for ms in (0, 500, 1000, 1500))
    assert narration.words == () and narration.phones == ()
