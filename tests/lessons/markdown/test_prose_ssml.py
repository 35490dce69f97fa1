"""SSML in the script: what each element does, and which findings the unsupported ones give."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.course.voice_map import VoiceMap
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.markdown.line import Line, read_line
from lessons.model import ItemList, Run, Token

AssertLinear = Callable[[Callable[[str], object], str], None]


def line(text: str, language: str = "en-US") -> Line:
    return read_line(text, VoiceMap(language=language))


def tokens(text: str, language: str = "en-US") -> list[Token]:
    read = line(text, language)
    assert not read.findings, read.findings
    return [token for utterance in read.utterances for token in utterance.tokens]


def codes(text: str) -> list[str]:
    return [finding.rule for finding in line(text).findings]


def test_emphasis_belongs_to_single_words() -> None:
    said = tokens(
        'One <emphasis level="strong">two three.</emphasis> **<emphasis>Four</emphasis>**,'
    )
    assert [t.emphasis for t in said] == ["", "strong", "strong", "moderate"]
    assert [t.written for t in said] == ["One", "two", "three.", "Four,"]
    reduced = tokens('<emphasis>a <emphasis level="none">b</emphasis></emphasis> '
                     '<emphasis level="reduced">c</emphasis>')  # fmt: skip
    assert [t.emphasis for t in reduced] == ["moderate", "", "reduced"]


def test_a_partly_emphasised_word_is_emphasised_as_a_whole() -> None:
    assert [t.emphasis for t in tokens("un<emphasis>believ</emphasis>able it")] == ["moderate", ""]


@pytest.mark.parametrize(
    ("rate", "factor"),
    [
        ("x-slow", 0.7), ("slow", 0.85), ("medium", 1), ("fast", 1.15), ("x-fast", 1.35),
        ("80%", 0.8), ("150%", 1.5), ("+10%", 1.1), ("-20%", 0.8), ("1.25", 1.25), (".8", 0.8),
    ],
)  # fmt: skip
def test_rates(rate: str, factor: float) -> None:
    said = tokens(f'One <prosody rate="{rate}">two</prosody> three.')
    assert [t.rate for t in said] == [1, factor, 1]


def test_nested_rates_multiply_and_whole_sentences_keep_theirs() -> None:
    read = line(
        '<prosody rate="80%">All of <prosody rate="110%">this</prosody> is. '
        "Slow *too*.</prosody> No."
    )
    assert not read.findings
    first, second, third = read.utterances
    assert [t.rate for t in first.tokens] == [0.8, 0.8, 0.88, 0.8] and first.rate == 1
    assert second.rate == 0.8 and [t.rate for t in second.tokens] == [1, 1]
    assert third.rate == 1


def test_words_in_another_language_are_read_in_it() -> None:
    said = tokens('The word <lang xml:lang="de">Kapitel 21</lang>, and 21.')
    assert [t.language for t in said] == [None, None, "de", "de", None, None]
    assert [t.spoken for t in said][2:] == ["Kapitel", "einundzwanzig,", "and", "twenty-one."]
    own = tokens('<lang xml:lang="en-us">Same</lang> here.')
    assert [t.language for t in own] == [None, None]
    whole = line('<lang xml:lang="fr">Tout est dit.</lang> And so on.').utterances
    assert [u.language for u in whole] == ["fr", None] and whole[0].tokens[0].language is None


def test_sub_is_said_word_by_word() -> None:
    said = tokens(
        'The <sub alias="World Wide Web Consortium">W3 C</sub>, <sub alias="si">S I</sub>!'
    )
    assert [t.written for t in said] == ["The", "W3", "C,", "S", "I!"]
    assert [t.spoken for t in said] == ["The", "World", "Wide Web Consortium,", "si!", ""]
    doctor = line('<sub alias="Doctor">Dr.</sub> Smith <sub alias="5 km">x</sub>').utterances
    assert [u.spoken for u in doctor] == ["Doctor Smith five kilometers"]


@pytest.mark.parametrize(
    ("attributes", "ipa"),
    [
        ('ph="təˈmeɪtoʊ"', "təˈmeɪtoʊ"),
        ('alphabet="ipa" ph="t&#601;&#712;meɪtoʊ"', "təˈmeɪtoʊ"),
        ("alphabet='x-sampa' ph='t@\"meItoU'", "təˈmeɪtoʊ"),
        ('alphabet="x-cmu" ph="T AH0 M EY1 T OW0"', "təmˈeɪtoʊ"),
    ],
)
def test_phonemes(attributes: str, ipa: str) -> None:
    said = tokens(f"Eat <phoneme {attributes}>tomato</phoneme>. And")
    assert [t.phones for t in said] == [None, ipa, None]
    assert said[1].written == said[1].spoken == "tomato."


def test_phonemes_of_phrases_and_possessives() -> None:
    said = tokens('<phoneme ph="spid əv laɪt">speed of light</phoneme> '
                  '<phoneme ph="fizo">Fizeau</phoneme>’s')  # fmt: skip
    assert [t.phones for t in said] == ["spid", "əv", "laɪt", "fizoz"]
    assert codes('<phoneme ph="x">X</phoneme>-ray') == ["ssml-part"]


def test_say_as_and_its_punctuation() -> None:
    said = tokens('At <say-as interpret-as="date" format="dmy">3/5/2024</say-as>, '
                  '<say-as interpret-as="characters">NASA</say-as>?')  # fmt: skip
    assert [t.spoken for t in said] == ["At", "the third of May, twenty twenty-four,", "N A S A?"]
    assert [t.written for t in said] == ["At", "3/5/2024,", "NASA?"]


def test_p_and_s_split_the_text_and_breaks_pause() -> None:
    read = line('One two <s>three four</s> five <p>six</p> seven <break time="2s"/> eight'
                '<break strength="none"/> nine')  # fmt: skip
    assert [u.written for u in read.utterances] == [
        "One two", "three four", "five", "six", "seven", "eight nine",
    ]  # fmt: skip
    assert [u.pause_ms for u in read.utterances] == [350, 350, 600, 600, 2000, 600]
    assert [u.ends_paragraph for u in read.utterances] == [False, False, True, True, False, True]


def test_a_break_before_a_paragraph_lengthens_the_pause_before_it() -> None:
    read = line('One.\n\n<break time="3s"/> Two.\n\n<break time="4s"/>')
    assert [u.pause_ms for u in read.utterances] == [3000, 4000]
    assert codes('<break time="1s"/> One.') == ["ssml-break"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('a <prosody pitch="high">b</prosody>', "ssml-attribute"),
        ('a <prosody rate="slow" volume="loud">b</prosody>', "ssml-attribute"),
        ("a <prosody>b</prosody>", "ssml-attribute"),
        ('a <prosody rate="quickish">b</prosody>', "ssml-attribute"),
        ('a <prosody rate="+2">b</prosody>', "ssml-attribute"),
        ('a <prosody rate="300%">b</prosody>', "ssml-attribute"),
        ('a <emphasis level="huge">b</emphasis>', "ssml-attribute"),
        ("a <lang>b</lang>", "ssml-attribute"),
        ('a <lang xml:lang="?">b</lang>', "ssml-attribute"),
        ('a <lang xml:lang="xx">b</lang>', "ssml-attribute"),
        ("a <say-as>b</say-as>", "ssml-attribute"),
        ('a <say-as interpret-as="expletive">b</say-as>', "ssml-attribute"),
        ('a <say-as interpret-as="date" format="xyz">1</say-as>', "ssml-attribute"),
        ('a <say-as interpret-as="date" format="dmy">40/5/2024</say-as>', "ssml-say-as"),
        ('a <phoneme alphabet="sampa" ph="x">b</phoneme>', "ssml-attribute"),
        ('a <phoneme ph="12">b</phoneme>', "ssml-attribute"),
        ("a <phoneme>b</phoneme>", "ssml-attribute"),
        ('a <break strength="huge"/> b', "ssml-attribute"),
        ('a <break time="99999s"/> b', "ssml-attribute"),
        ("a <voice>b</voice>", "ssml-attribute"),
        ('a <audio src="x.mp3"/> b', "ssml-unread"),
        ('a <mark name="here"/> b', "ssml-unread"),
        ('a <amazon:effect name="whispered">b</amazon:effect>', "ssml-unread"),
        ("a <mstts:silence/> b", "ssml-unread"),
        ("a <emphasis>b", "ssml-open"),
        ("a b</emphasis>", "ssml-close"),
        ("a <emphasis/> b", "ssml-empty"),
        ('a <sub alias="x"> </sub> b', "ssml-empty"),
        ('a <emphasis>b <prosody rate="slow">c</emphasis> d</prosody>', "ssml-crossing"),
        ('a <sub alias="x">b <emphasis>c</emphasis></sub>', "ssml-nested"),
    ],
)
def test_unsupported_elements_are_reported(text: str, code: str) -> None:
    (finding,) = line(text).findings
    assert (finding.rule, finding.severity) == (code, "error")
    assert finding.remedy


def test_x_sampa_is_not_taken_for_vue_attributes(tmp_path: Path) -> None:
    text = """# A\n\nOne <phoneme alphabet="x-sampa" ph="h @m">two</phoneme>.\n"""
    lesson, findings = read_lesson(text, "l.md", Surroundings(tmp_path))
    assert lesson.slides[0].utterances[0].tokens[1].phones == "h əm" and not findings


def test_vendors_elements_are_not_read_out() -> None:
    read = line("a <mstts:express-as style='sad'>b</mstts:express-as> <https://x.org>")
    assert read.utterances[0].spoken == "a b x dot org"


@pytest.mark.parametrize(
    "text",
    [
        "<emphasis>" * 15_000,
        '<sub alias="x">a</sub><break time="1ms"/> ' * 4000,
        "<emphasis>" * 2000 + '<sub alias="x">a</sub><break time="1ms"/> ' * 2000,
    ],
    ids=["opened", "in a row", "within"],
)
def test_many_elements_take_linear_time(assert_linear: AssertLinear, text: str) -> None:
    assert_linear(line, text)


def test_html_elements_of_the_same_names_change_nothing() -> None:
    assert [t.spoken for t in tokens("H<sub>2</sub>O and <mark>more</mark>.")] == [
        "H two O", "and", "more.",
    ]  # fmt: skip


def test_findings_name_line_and_slide_in_notes_and_lists(tmp_path: Path) -> None:
    text = ("# A\n\n- One.\n- Two <voice name='x'>b</voice>\n\n---\n\n# B\n\n"
            "<!-- say: A\n<prosody pitch='high'>b</prosody>. -->\n")  # fmt: skip
    _, findings = read_lesson(text.replace("- One", "* One"), "l.md", Surroundings(tmp_path))
    found = [(f.rule, f.place.line, f.place.slide) for f in findings]
    assert ("ssml-attribute", 11, 2) in found


def test_slides_show_no_tags(tmp_path: Path) -> None:
    text = (
        '# A <emphasis>b</emphasis>\n\n- See <sub alias="x">**this**</sub> '
        '<prosody rate="slow">y</prosody>\n'
    )
    lesson, findings = read_lesson(text, "l.md", Surroundings(tmp_path))
    slide = lesson.slides[0]
    assert slide.title == "A b" and not findings
    (shown,) = slide.visuals
    assert isinstance(shown, ItemList)
    assert shown.items[0].content == (Run("See "), Run("this", "strong"), Run(" y"))


MARKUP = (
    '<emphasis level="strong">|</emphasis>|<prosody rate="80%">|</prosody>|<lang xml:lang="fr">|'
    '</lang>|<sub alias="one two">|</sub>|<phoneme ph="hʌ loʊ">|</phoneme>|<break time="1s"/>|'
    '<say-as interpret-as="characters">|</say-as>|<s>|</s>|<voice name="v">|</voice>|'
    '<mark name="m"/>|<prosody pitch="low">|<sub>|<break/>|<say-as interpret-as="cardinal">|*|**'
)
PROSE = "Light 42 H2O don't Dr. km, (waves) end. x² 5/3/2024 e.g. naïve Why? – 3.5 A"
TAGS, WORDS = MARKUP.split("|"), PROSE.split()
pieces = st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(WORDS)), max_size=12)


@settings(max_examples=300, deadline=None)
@given(pieces)
def test_markup_never_changes_the_words_that_captions_hold(parts: list[tuple[str, str]]) -> None:
    marks = {"*", "**"}
    text = "Start " + "".join(
        f"{word} " if tag in marks else f"{tag}{word} " if "</" not in tag else f"{word}{tag} "
        for tag, word in parts
    )
    written = [t.written for u in line(text).utterances for t in u.tokens]
    assert written == ["Start", *(word for _, word in parts)]
    spans = [(t.start, t.end) for u in line(text).utterances for t in u.tokens]
    assert all(a < b for a, b in spans) and spans == sorted(spans)
    if all(tag in marks for tag, _ in parts):
        assert not line(text).findings


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('Wait <break time="1s"//> here.', True),
        ('Say <sub alias="x>y now.', True),
        ('Wait <break time="1s"/> here.', False),
        (r"Write \<break> for a pause.", False),
        ("Write `<break time=/>` for a pause.", False),
        ("a <b and a < sub", False),
    ],
)
def test_an_element_that_is_not_written_correctly_is_an_error(text: str, found: bool) -> None:
    _, remarks = read_lesson(f"## A\n\n{text}\n", "a.md", Surroundings(Path()))
    assert [(r.severity, r.place.line) for r in remarks if r.rule == "ssml-broken"] == (
        [("error", 3)] if found else []
    )
