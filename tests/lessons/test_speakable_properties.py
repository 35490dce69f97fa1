"""Properties of every script: no character is lost, and none is spoken twice."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.markdown.lesson import parse_lesson
from lessons.model import Token
from lessons.speakable import ATOM, Reader, SpokenWord, WrittenWord, numbers, say
from lessons.speakable.acronyms import RESPELLED
from lessons.speakable.compatibility import is_ornament

TABLES = Path(__file__).parent / "speakable"
MARKS = ".,;:?!—…"
SIGNS = "%‰€$£¥+−=≠<>≤≥≈×÷±→⇌∈∞∂∇√αβπµΩ²³½¼°§&@№♯♭²₂Ⅳ①"
"""Signs that carry meaning."""


def phrases() -> list[str]:
    """Written forms from the tables that end without punctuation of their own."""
    found = []
    for name in ("basics", "quantities", "prose"):
        for line in (TABLES / f"{name}.txt").read_text("utf-8").splitlines():
            written, bar, _ = line.rpartition(" | ")
            if bar and written[-1] not in ".!?,;:…" and not any(map(is_ornament, written)):
                found.append(written)
    return found


PHRASES = phrases()


def bare(spoken: str) -> list[str]:
    return re.sub(f"[{re.escape(MARKS)}]", " ", spoken).split()


def carries_meaning(word: str) -> bool:
    return any(char.isalnum() or char in SIGNS for char in word)


def check_once(words: Sequence[WrittenWord], said: Sequence[SpokenWord]) -> None:
    """Each word has its token, in order. Each word with a meaning is said: by its own token, or, if
    it is a further group of digits of a number, by the token before it."""
    assert [one.written for one in said] == [word.written for word in words]
    for position, one in enumerate(said):
        if one.spoken or not carries_meaning(one.written):
            continue
        before = said[position - 1].written if position else ""
        assert re.match(r"\d{3}(?!\d)", one.written), one
        assert re.search(r"\d{1,3}$", before), (before, one)


def read(text: str, language: str = "en-US") -> tuple[list[WrittenWord], list[SpokenWord]]:
    words = [WrittenWord(word) for word in text.split()]
    return words, Reader(language).read(words)


characters = st.one_of(
    st.sampled_from("0123456789abcxyzABCXIVns()[]{}.,;:!?'\"/-–*^_|#~\\" + SIGNS),
    st.characters(exclude_characters=ATOM + "\ue000"),
)
tokens = st.one_of(st.text(characters, min_size=1, max_size=10), st.sampled_from(PHRASES))
sentences = st.lists(tokens, min_size=1, max_size=8).map(" ".join)


@settings(max_examples=400, deadline=None)
@given(sentences, st.sampled_from(["en-US", "en-US", "de", "fr", "es", "it"]))
def test_whatever_carries_meaning_is_said(text: str, language: str) -> None:
    words, said = read(text, language)
    if language == "en-US":
        check_once(words, said)
    else:
        assert [one.written for one in said] == [word.text for word in words]
        assert all(one.spoken for one in said if any(char.isalpha() for char in one.written))


def test_the_check_notices_a_word_that_is_dropped_or_moved() -> None:
    words, said = read("The rock weighs 5 kg and costs $3 million today")
    check_once(words, said)
    for position, one in enumerate(said):
        silent = [*said[:position], SpokenWord(one.written, ""), *said[position + 1 :]]
        lost = [*said[:position], *said[position + 1 :]]
        twice = [*said[:position], one, *said[position:]]
        for wrong in (silent, lost, twice):
            with pytest.raises(AssertionError):
                check_once(words, wrong)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PHRASES), min_size=2, max_size=6))
def test_a_phrase_is_said_the_same_whatever_surrounds_it(chosen: list[str]) -> None:
    alone = [bare(say(phrase)) for phrase in chosen]
    expected = [word for said in alone for word in ("so", *said)]
    assert bare(say(" ".join(f"so, {phrase};" for phrase in chosen))) == expected


TEMPLATES = """{a} km|{a} kg and {b} km|${a} million|$5 to ${a}|{a}–{b} kg|EUR {a}|{a} USD
€ {a}|{a} m s⁻¹|from {a} to {b}|{a} 000 people|{a} 000 {b}|{a} BC|{a}–{b} BC|{a} ± {b} mm
{a}±{b} mm|page {a} of {b}|{a} × {b} m|a {a}:{b} ratio|${a}.{b}|{a} J mol⁻¹ K⁻¹|{a} kg m/s²
AD {a}|No. {a}|Fig. {a}|{a}% of {b}|a {a} km walk|a ${a} bill|{a} Hz–{b} kHz|[{a}, {b})
call me at {a}|{a}°{b}′|{a}'{b}"|{a} 3/4 cups|c. {a}|x = {a}, y = {b}|{a} + {b} = 7|{a}/{b}
{a} million {b}|{a} million USD|{a} billion km|{a} in. long|{a} L/100 km|x{a}|{a}th|({a}, {b})"""
AMOUNTS = TEMPLATES.replace("\n", "|").split("|")
two_digits = st.integers(21, 99).filter(lambda n: n % 10 and n % 11)


def check_numbers(template: str, first: int, second: int, spoken: str) -> None:
    """Each number of the template is said exactly once."""
    said = bare(spoken)
    for name, value in (("{a}", first), ("{b}", second)):
        count = said.count(numbers.say_cardinal(value)) + said.count(numbers.say_ordinal(value))
        assert count == template.count(name), (template, spoken)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(AMOUNTS), two_digits, two_digits)
def test_each_number_is_said_exactly_once(template: str, first: int, second: int) -> None:
    if first == second or str(second) in str(first):
        return
    text = template.format(a=first, b=second)
    check_numbers(template, first, second, say(text))


def test_the_check_notices_a_number_that_is_dropped_or_said_twice() -> None:
    check_numbers("{a}–{b} kg", 23, 45, "twenty-three to forty-five kilograms")
    for wrong in ("twenty-three to kilograms", "twenty-three to forty-five forty-five kilograms"):
        with pytest.raises(AssertionError):
            check_numbers("{a}–{b} kg", 23, 45, wrong)


@settings(max_examples=300, deadline=None)
@given(sentences, st.sampled_from(["en-US", "de", "fr", "es", "it"]))
def test_only_what_a_voice_can_say_is_spoken(text: str, language: str) -> None:
    for one in read(text, language)[1]:
        for char in one.spoken:
            mark = unicodedata.category(char)[0] == "M"
            assert char.isalpha() or mark or char in " '-" + MARKS, (one, char)
        assert one.spoken == " ".join(one.spoken.split())


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.from_regex(r"[b-df-hj-np-tv-z][aeou][b-df-hj-np-tv-z]{1,2}[aeou]", fullmatch=True))
)
def test_plain_words_stay_as_they_are(words: list[str]) -> None:
    plain = " ".join(word for word in words if word not in RESPELLED)
    assert say(plain) == plain


UNSTABLE = 0.03
"""The share of phrases whose spoken form may be read differently again: "d r" is letters."""


def test_text_in_words_is_read_unchanged() -> None:
    changed = [p for p in PHRASES if bare(say(say(p))) != bare(say(p))]
    assert len(changed) <= UNSTABLE * len(PHRASES), changed


def test_emoji_are_silent_beside_words_and_named_alone() -> None:
    assert say("Well done 🎉 all") == "Well done all"
    assert say("🎉") == "party popper"
    assert all(is_ornament(char) for char in "🎉😀★•")
    assert not any(is_ornament(char) for char in SIGNS)


@dataclass(frozen=True)
class Part:
    """A piece of Markdown and what a caption shows for it."""

    source: str
    written: str


PARTS = st.sampled_from(
    [
        Part("plain", "plain"),
        Part("5", "5"),
        Part("km/h", "km/h"),
        Part("H2O", "H2O"),
        Part("**bold**", "bold"),
        Part("*soft*", "soft"),
        Part("`a_b`", "a_b"),
        Part("[link](u.html)", "link"),
        Part("$x^2$", "x²"),
        Part("&amp;", "&"),
        Part("&lt;", "<"),
        Part("\\*", "*"),
        Part("é", "é"),
        Part("(", "("),
        Part(")", ")"),
        Part("“", "“"),
        Part("”", "”"),
        Part("№", "№"),
    ]
)
scripts = st.lists(st.lists(PARTS, min_size=1, max_size=3), min_size=1, max_size=12)


def written_in(text: str) -> list[Token]:
    lesson = parse_lesson(text, path="l.md", root=Path())
    return [t for s in lesson.slides for u in s.utterances for t in u.tokens]


@settings(max_examples=300, deadline=None)
@given(scripts, st.lists(st.sampled_from([" ", "  ", "\n"]), min_size=12, max_size=12))
def test_every_word_of_the_script_has_one_token_with_its_span(
    words: list[list[Part]], gaps: list[str]
) -> None:
    head = "# H\n\nStart "
    text, shown, places = head, ["Start"], [(5, 10)]
    for parts, gap in zip(words, gaps, strict=False):
        source = "x".join(part.source for part in parts)
        shown.append("w" + "x".join(part.written for part in parts))
        places.append((len(text), len(text) + 1 + len(source)))
        text += "w" + source + gap
    found = written_in(text.rstrip() + "\n")
    if any(mark in text for mark in ("x*soft*x", "x**bold**x", "w*soft*x", "w**bold**x")):
        return  # emphasis inside a word depends on its neighbours
    assert [token.written for token in found] == shown
    end = 0
    for token, (start, stop), written in zip(found, places, shown, strict=True):
        assert end <= token.start
        end = token.end
        assert start <= token.start < token.end <= stop
        rest = iter(text[token.start : token.end])
        assert all(char in rest for char in written if char.isascii() and char.isalnum())


@pytest.mark.parametrize("kind", ["a", "A", "1", "a.", "a/", "Hx", "(", "é", "aB1", "1,", "²"])
def test_long_words_are_read_in_linear_time(kind: str) -> None:
    """A quadratic reader would not end here for minutes."""
    for size in (100, 20_000):
        (said,) = Reader("en-US").read([WrittenWord(kind * size)])
        assert said.written == kind * size


def test_a_row_of_digits_is_read_in_linear_time() -> None:
    assert Reader("en-US").read([WrittenWord("9" * 200_000)])[0].spoken.startswith("nine")
