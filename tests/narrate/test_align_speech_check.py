"""Checked narrations: spoken words pass, others are found, and times are confirmed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lessons.model import Finding, Slide, Token, Utterance
from narrate.align import Checked, aligner_version, check_narration
from narrate.clock import ms_to_samples
from narrate.speech import narrate_slide, open_voice
from narrate.vocabulary import Narration, Word

BEFORE = "Water boils at one hundred degrees, but only at sea level."
AFTER = "Here is the important part, so listen carefully."
RIGHT = "Notice how the curve bends sharply near the origin."


def _slide(*sentences: str) -> Slide:
    utterances = []
    for line, sentence in enumerate(sentences, start=20):
        tokens = tuple(Token(word, word, 0, 0) for word in sentence.split())
        utterances.append(Utterance(tokens, 400, line))
    return Slide(6, "", (), tuple(utterances), 18)


def _speak(slide: Slide) -> Narration:
    voice = open_voice("hibari", "en-US")
    return narrate_slide(slide, lambda _: voice)


def _said_instead(said: str) -> Checked:
    """The script says `RIGHT`, the sound says `said`; its words are spread over the sentence."""
    script, spoken = _slide(BEFORE, RIGHT, AFTER), _speak(_slide(BEFORE, said, AFTER))
    middle = [w for w in spoken.words if w.utterance == 1]
    start, end = middle[0].start, middle[-1].end
    count = len(RIGHT.split())
    edges = [start + (end - start) * at // count for at in range(count + 1)]
    words = [w for w in spoken.words if w.utterance == 0]
    words += [Word(t, edges[i], edges[i + 1], 1, i) for i, t in enumerate(RIGHT.split())]
    words += [w for w in spoken.words if w.utterance == 2]
    return check_narration(script, replace(spoken, words=tuple(words)), language="en-US")


def _only(findings: tuple[Finding, ...]) -> Finding:
    assert len(findings) == 1, findings
    return findings[0]


@pytest.mark.parametrize(
    ("said", "code", "told"),
    [
        ("bends gently near", "not-said", "“sharply” was heard as “gently”"),
        ("bends near", "not-said", "“sharply” was not heard"),
        ("bends sharply sharply near", "said-twice", "“sharply” was heard twice"),
        ("bends sharply very near", "said-more", "“very” was heard before “near”"),
    ],
)
def test_a_planted_error_is_found(said: str, code: str, told: str) -> None:
    said = RIGHT.replace("bends sharply near", said)
    finding = _only(_said_instead(said).findings)
    assert (finding.rule, finding.place.slide, finding.place.line) == (code, 6, 21)
    assert finding.message.startswith(f"{told} at 0:0")
    assert "% sure" in finding.message and finding.remedy


def test_a_skipped_sentence_is_found() -> None:
    script, spoken = _slide(BEFORE, RIGHT, AFTER), _speak(_slide(BEFORE, AFTER))
    at = next(w.start for w in spoken.words if w.utterance == 1)
    words = [w for w in spoken.words if w.utterance == 0]
    words += [Word(t, at, at, 1, i) for i, t in enumerate(RIGHT.split())]
    words += [replace(w, utterance=2) for w in spoken.words if w.utterance == 1]
    narration = replace(spoken, words=tuple(words))
    finding = _only(check_narration(script, narration, language="en-US").findings)
    assert (finding.rule, finding.place.line) == ("sentence-not-said", 21)
    assert RIGHT in finding.message
    unknown = [replace(w, confidence=0.0) if w.utterance == 1 else w for w in words]
    narration = replace(spoken, words=tuple(unknown))
    assert check_narration(script, narration, language="en-US", recorded=True).findings == ()


def test_no_sentence_of_another_text_passes() -> None:
    script = _slide(BEFORE, RIGHT)
    spoken = _speak(_slide("Bread rises because yeast eats sugar.", "Let it rest for an hour."))
    half = len(spoken.samples) // 2
    words = [
        Word(text, half * number, half * (number + 1) - 4800, number, at, 0.0)
        for number, sentence in enumerate((BEFORE, RIGHT))
        for at, text in enumerate(sentence.split())
    ]
    narration = replace(spoken, words=tuple(words))
    findings = check_narration(script, narration, language="en-US").findings
    assert [(f.rule, f.place.line) for f in findings] == [
        ("sentence-not-said", 20),
        ("sentence-not-said", 21),
    ]


@pytest.fixture(scope="module")
def spoken() -> tuple[Slide, Narration]:
    slide = _slide(BEFORE, RIGHT, AFTER)
    return slide, _speak(slide)


def test_a_narration_that_says_its_script_keeps_the_engines_times(
    spoken: tuple[Slide, Narration],
) -> None:
    slide, narration = spoken
    checked = check_narration(slide, narration, language="en-US")
    assert checked.findings == ()
    assert [(w.start, w.end) for w in checked.words] == [(w.start, w.end) for w in narration.words]
    assert [w.written for w in checked.words] == " ".join((BEFORE, RIGHT, AFTER)).split()
    assert np.median([w.confidence for w in checked.words]) > 0.9
    again = check_narration(slide, narration, language="en-US")
    assert again == checked


def test_words_without_times_are_placed(spoken: tuple[Slide, Narration]) -> None:
    slide, narration = spoken
    words = tuple(replace(w, confidence=0.0) for w in narration.words)
    checked = check_narration(slide, replace(narration, words=words), language="en-US")
    apart = [abs(a.start - b.start) for a, b in zip(checked.words, narration.words, strict=True)]
    assert float(np.median(apart)) < ms_to_samples(100)
    assert all(0 <= w.start <= w.end <= len(narration.samples) for w in checked.words)


def test_wrong_times_are_replaced_and_reported(spoken: tuple[Slide, Narration]) -> None:
    slide, narration = spoken
    off = ms_to_samples(1500)
    words = tuple(
        replace(w, start=w.start + off, end=w.end + off) if w.utterance == 1 else w
        for w in narration.words
    )
    checked = check_narration(slide, replace(narration, words=words), language="en-US")
    finding = _only(tuple(f for f in checked.findings if f.rule == "times-differ"))
    assert (finding.place.slide, finding.place.line) == (6, 21)
    apart = [
        abs(a.start - b.start)
        for a, b in zip(checked.words, narration.words, strict=True)
        if a.utterance == 1
    ]
    assert float(np.median(apart)) < ms_to_samples(100)


def test_long_slides_are_checked_in_windows() -> None:
    slide = _slide(*[BEFORE, RIGHT, AFTER] * 4)
    narration = _speak(slide)
    assert len(narration.samples) > ms_to_samples(35_000)
    checked = check_narration(slide, narration, language="en-US")
    assert checked.findings == ()
    assert len(checked.words) == len(narration.words)
    assert float(np.median([w.confidence for w in checked.words])) > 0.9


def test_drafts_and_unknown_languages_are_not_checked(spoken: tuple[Slide, Narration]) -> None:
    slide, narration = spoken
    silent = open_voice("silent", "en")
    draft = narrate_slide(slide, lambda _: silent)
    assert check_narration(slide, draft, language="en-US") == Checked(draft.words, ())
    passed = check_narration(slide, narration, language="tlh")
    assert passed == Checked(narration.words, ())


def test_its_version_names_the_model() -> None:
    assert "905e5bf8" in aligner_version()


def test_a_decoder_that_is_caught_in_a_loop_is_not_believed() -> None:
    """For this sound Whisper repeats the last sentence twice, without taking any time."""
    from pathlib import Path

    from lessons.course.reading import load_course

    course = load_course(Path(__file__).parents[2] / "samples/course")
    slide = course.lessons[0].slides[3]
    voice = open_voice("hibari", "en-US")
    narration = narrate_slide(slide, lambda _: voice, speed=0.85)
    assert check_narration(slide, narration, language="en-US").findings == ()
