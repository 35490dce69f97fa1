"""Findings: what they say, and how to fix it."""

from __future__ import annotations

import pytest

from lessons.model import Finding, Slide, Token, Utterance
from narrate.align.expected import expect
from narrate.align.hypotheses import Hypothesis, Kind
from narrate.align.scoring import ScoredHypothesis
from narrate.align.speech_findings import WindowContext, make_finding, make_missing_sentence_finding
from narrate.vocabulary import Word

TOKENS = (
    Token("Kepler", "Kepler", 0, 6),
    Token("paid", "paid", 7, 11),
    Token("$30,000.", "thirty thousand dollars.", 12, 20),
)
SLIDE = Slide(6, "", (), (Utterance(TOKENS, 400, 21),), 18)
WORDS = tuple(Word(t.written, 0, 0, 0, at) for at, t in enumerate(TOKENS))
WINDOW = WindowContext(SLIDE, WORDS, (0, 1, 2, 2, 2), expect([t.spoken for t in TOKENS]), 60.0)


def _told(
    kind: Kind, first: int, last: int, said: str, *, text: float = 9.0, recorded: bool = False
) -> Finding:
    hypothesis = Hypothesis(kind, first, last, tuple(said.split()))
    scored = ScoredHypothesis(hypothesis, text, 80.0, 2.0, False, 12.34, 12.6)
    return make_finding(WINDOW, scored, "en", recorded=recorded)


@pytest.mark.parametrize(
    ("kind", "first", "last", "said", "code", "message"),
    [
        ("dropped", 1, 2, "", "not-said", "“paid” was not heard at 1:12.3"),
        ("changed", 0, 1, "keeper", "not-said", "“Kepler” was heard as “keeper” at 1:12.3"),
        (
            *("changed", 2, 3, "thirteen", "not-said"),
            "“$30,000” was heard as “thirteen thousand dollars” at 1:12.3",
        ),
        ("doubled", 1, 2, "paid paid", "said-twice", "“paid” was heard twice at 1:12.3"),
        ("doubled", 1, 2, "paid paid paid", "said-twice", "“paid” was heard 3 times at 1:12.3"),
        ("added", 1, 1, "never", "said-more", "“never” was heard before “paid” at 1:12.3"),
    ],
)
def test_a_finding_names_the_word_the_place_and_how_sure(
    kind: Kind, first: int, last: int, said: str, code: str, message: str
) -> None:
    finding = _told(kind, first, last, said)
    assert (finding.rule, finding.place.slide, finding.place.line) == (code, 6, 21)
    assert finding.message == f"{message} (99 % sure)."
    assert finding.severity == "warning"


def test_an_improbable_hypothesis_is_a_note() -> None:
    finding = _told("dropped", 1, 2, "", text=-1.5)
    assert finding.severity == "note"
    assert "(31 % sure)" in finding.message


def test_a_recording_and_a_voice_have_different_remedies() -> None:
    recorded = _told("changed", 0, 1, "keeper", recorded=True).remedy
    assert "script" in recorded and "lexicon" not in recorded
    spoken = _told("changed", 0, 1, "keeper").remedy
    assert spoken.endswith("lexicon.yaml: Kepler: {ipa: ˈkɛplɚ}")
    skipped = make_missing_sentence_finding(SLIDE, 0, 3.0, 1.0, recorded=True)
    assert skipped.message == "“Kepler paid $30,000.” was not heard at 0:03.0 (99 % sure)."
    assert "Record" in skipped.remedy
    assert "Record" not in make_missing_sentence_finding(SLIDE, 0, 3.0, 1.0, recorded=False).remedy
