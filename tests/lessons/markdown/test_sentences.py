"""Where sentences end."""

from __future__ import annotations

import pytest

from lessons.markdown.sentences import ends_sentence

ENDS = """
We stop.| Then
Really?| Yes
He left at 5 p.m.| The
See chapter 3.| It
She said “no.”| He
I said so.| You
It was 1984.| Orwell
They came, etc.| Then
Well…| Now
It is so.)| And
Main St.| The
"""
GOES_ON = """
Fig.| 3
e.g.| cats
cf.| Smith
Dr.| Smith
Prof.| Lee
J.| S.
S.| Bach
E.| coli
the U.S.| Army
approx.| 5
pp.| 12
No.| 5
vs.| them
Jan.| 5
3.| Mai
24.| Dezember
well…| maybe
i.e.| Newton
Eq.| (3)
St.| Paul
"""


def pairs(text: str) -> list[tuple[str, str]]:
    split = [line.split("|") for line in text.strip().splitlines()]
    return [(first.split()[-1], second.strip()) for first, second in split]


@pytest.mark.parametrize(("word", "following"), pairs(ENDS))
def test_a_sentence_ends(word: str, following: str) -> None:
    assert ends_sentence(word, following)


@pytest.mark.parametrize(("word", "following"), pairs(GOES_ON))
def test_a_sentence_goes_on(word: str, following: str) -> None:
    assert not ends_sentence(word, following)


def test_the_last_word_ends_the_sentence_only_with_a_stop() -> None:
    assert ends_sentence("end.", None)
    assert not ends_sentence("end", None)
