from __future__ import annotations

import pytest

from foundation.problem import Place
from lessons.model import Slide, Token, Utterance
from narrate.captions import PROFILES, check_cues, hold_all_words, measure_cues
from narrate.vocabulary import Cue

BBC = PROFILES["bbc"]
GOOD = Cue(1000, 3000, ("One two three", "four five six"))


def rules_of(*cues: Cue, profile: str = "bbc") -> list[str]:
    return [finding.rule for finding in check_cues(cues, PROFILES[profile])]


@pytest.mark.parametrize(
    ("cues", "rule"),
    [
        ([Cue(1000, 1000, ("One",))], "caption-without-time"),
        ([GOOD, Cue(2999, 5000, ("Seven", "eight"))], "caption-overlap"),
        ([GOOD, Cue(3500, 5500, ("Seven", "eight"))], "caption-gap"),
        ([Cue(0, 3000, ("x" * 38,))], "caption-line-too-long"),
        ([Cue(0, 3000, ("One", "two", "three"))], "caption-too-many-lines"),
        ([Cue(0, 1000, ("One two three four",))], "caption-too-fast"),
        ([Cue(0, 800, ("One",))], "caption-too-short"),
        ([Cue(0, 7001, ("One",))], "caption-too-long"),
    ],
)
def test_each_rule_that_is_broken_has_a_finding(cues: list[Cue], rule: str) -> None:
    assert rule in rules_of(*cues)


def test_captions_that_follow_the_rules_have_no_finding() -> None:
    assert rules_of(GOOD, Cue(3000, 5000, ("Seven", "eight")), Cue(6000, 8000, ("Nine",))) == []


def test_a_finding_says_how_many_how_bad_and_where() -> None:
    cues = [GOOD, Cue(3000, 3900, ("a b c d",)), Cue(3900, 4900, ("e f g h i j",))]
    mean, finding = check_cues(cues, BBC, place=Place("01-light.md", slide=3))
    assert mean.message == (
        "On average the captions must be read at 246 words a minute; the limit is 180 "
        "(BBC subtitle guidelines)."
    )
    assert finding.message == (
        "2 of 3 captions must be read faster than 200 words a minute; the fastest at 360, "
        "at 0:03.9, “e f g h i j” (BBC subtitle guidelines)."
    )
    assert (finding.place.path, finding.place.slide, finding.severity) == (
        "01-light.md",
        3,
        "warning",
    )


def test_netflix_counts_characters() -> None:
    assert rules_of(Cue(0, 1000, ("x" * 20,)), profile="netflix") == []
    assert rules_of(Cue(0, 1000, ("x" * 21,)), profile="netflix") == ["caption-too-fast"]


def test_words_that_are_lost_changed_or_swapped_are_found() -> None:
    tokens = tuple(Token(word, word, 0, 0) for word in ["Light", "is", "very", "fast."])
    slide = Slide(2, "", (), (Utterance(tokens, 0, 7),), 5)
    assert hold_all_words([Cue(0, 900, ("Light is", "very fast."))], [slide])
    for wrong in ("Light is fast.", "Light very is fast.", "Light is very fast", "", "Light is "):
        assert not hold_all_words([Cue(0, 900, (wrong,))], [slide])
    assert not hold_all_words([Cue(0, 900, ("Light is", "very fast."))], [slide, slide])


def test_captions_are_measured() -> None:
    figures = measure_cues([GOOD, Cue(3000, 4000, ("Seven eight nine",))])
    assert (figures.cues, figures.words, figures.shown_ms) == (2, 9, 3000)
    assert (figures.mean_words_per_minute, figures.fastest_words_per_minute) == (180.0, 180.0)
    assert (figures.shortest_ms, figures.longest_ms) == (1000, 2000)
    assert (figures.widest_line, figures.most_lines) == (16, 2)
    assert measure_cues([]).mean_words_per_minute == 0
