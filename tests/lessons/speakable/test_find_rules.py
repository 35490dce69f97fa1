"""The rules that are not tried on a word could not have read it.

`english.find_rules` chooses them by the word alone, because most words are read by none.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from copy import copy
from itertools import product
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase

import pytest

from lessons.speakable import english
from lessons.speakable.abbreviations import ABBREVIATIONS, MONTHS, REFERENCES, STREETS, TITLES
from lessons.speakable.context import WordContext
from lessons.speakable.numbers import parse_roman
from lessons.speakable.punctuation import BareWord, split_word
from lessons.speakable.symbols import GREEK, OPERATORS
from lessons.speakable.words import ATOM, Atom, WrittenWord

TABLES = Path(__file__).parent
SAMPLE = TABLES.parents[2] / "samples" / "course"

NEIGHBOURS = (
    "the", "a", "in", "of", "to", "and", "call", "ratio", "Python", "Chapter", "Henry", "King",
    "5", "0", "12", "555", "1905", "10:30", "1/2", "000", "2.5", "$5", "€", "kg", "m/s²", "million",
    "EUR", "pm", "BC", "c.", "May", "Sept.", "century", "time", "of", "+", "=", "-", "–", "→", "×",
    "x", "n", "V", "II", "St.", "No.", "error", "shows", ATOM, "(see", "[0,", "1)", "“so”", "end.",
)  # fmt: skip


def test_words_that_no_rule_may_read_have_none() -> None:
    words = ["the", "prism", "bends", "light", "of", "most", "colours", "As", "Can", "Iceland"]
    assert {word: english.find_rules(word) for word in words} == dict.fromkeys(words, ())


def tables() -> list[str]:
    return [
        line.split(" | ")[0]
        for path in sorted(TABLES.glob("*.txt"))
        for line in path.read_text("utf-8").splitlines()
        if line.strip()
    ]


def prose() -> list[str]:
    texts = [path.read_text("utf-8") for path in sorted(SAMPLE.glob("*.md"))]
    return [line for text in texts for line in text.splitlines() if line.strip()]


def cores() -> list[str]:
    """Words of letters and numbers, of every kind that a rule asks for and of every kind that
    nobody asks for."""
    letters = ascii_lowercase + ascii_uppercase
    names = (*ABBREVIATIONS, *MONTHS, *REFERENCES, *STREETS, *TITLES, *GREEK.values())
    known = [word.strip(".") for word in (*names, *OPERATORS.values())]
    numbers = ["911", "1066", "1905", "2024", "4090", "007", "10000", "123456", "9" * 12]
    numbers += map(str, range(130))
    roman = [n for n in map("".join, product("IVXLCDM", repeat=3)) if parse_roman(n)]
    written = [split_word(WrittenWord(word)).core for line in tables() for word in line.split()]
    found = [*letters, *map("".join, product(letters, repeat=2)), *numbers, *roman, *known]
    found += [how(word) for word in (*known, *written) for how in (str.lower, str.title, str.upper)]
    found += written
    return sorted({word for word in found if word.isascii() and (word.isalpha() or word.isdigit())})


def surroundings(core: str, seed: int) -> Iterator[tuple[list[BareWord], int]]:
    """A word in sentences, with and without punctuation."""
    choose = random.Random(seed)
    for lead, trail in (("", ""), ("", "."), ("", "!"), ("[", ","), ("(", ")")):
        words = [split_word(_write(choose.choice(NEIGHBOURS))) for _ in range(6)]
        words[choose.randrange(6)] = BareWord("", "of", "", ())
        position = choose.choice((0, 1, 2, 5))
        words[position] = BareWord(lead, core, trail, ())
        yield words, position


def _write(text: str) -> WrittenWord:
    return WrittenWord(text, (Atom("formula", "x^2"),) if text == ATOM else ())


def test_a_rule_that_is_not_tried_does_nothing() -> None:
    found = cores()
    assert len(found) > 5000
    wrong: list[tuple[str, str]] = []
    for seed, core in enumerate(found):
        others = [rule for rule in english._RULES if rule not in english.find_rules(core)]
        for words, position in surroundings(core, seed):
            before = [copy(word) for word in words]
            for rule in others:
                if rule(WordContext(words, position)) or words != before:
                    wrong.append((core, rule.__name__))
                    words[:] = [copy(word) for word in before]
    assert wrong == []


def read(sentence: Sequence[str]) -> list[BareWord]:
    return english.read_sentence([_write(word) for word in sentence])


def test_sentences_are_read_as_if_every_rule_were_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    choose = random.Random(12)
    plain = sorted({word for line in prose() for word in re.findall(r"[A-Za-z]+", line)})
    assert len(plain) > 200
    pool = (*plain, *NEIGHBOURS, *cores()[::40])
    sentences = [line.split() for line in (*tables(), *prose())]
    sentences += [
        [choose.choice(plain) + choose.choice(("", "", "", ",", ".")) for _ in range(12)]
        for _ in range(500)
    ]
    sentences += [[choose.choice(pool) for _ in range(9)] for _ in range(1500)]
    quick = [read(sentence) for sentence in sentences]
    monkeypatch.setattr(english, "_say_unruled", lambda core: None)
    monkeypatch.setattr(english, "find_rules", lambda core: english._RULES)
    assert quick == [read(sentence) for sentence in sentences]
