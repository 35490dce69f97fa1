"""Every language says everything, with the same values in it, and in its own typography."""

from __future__ import annotations

import re

import pytest

from narrate.words import find_own_name, find_words, list_languages, read_words

LANGUAGES = list_languages()
OTHERS = [tag for tag in LANGUAGES if tag != "en"]
ENGLISH = read_words("en").texts
LONGEST_LINE = 90  # of avatar.consent.disclosure


def test_the_languages_of_the_samples_are_there() -> None:
    assert {"en", "de", "fr", "es", "it", "pt", "hi", "ja", "zh"} <= set(LANGUAGES)


@pytest.mark.parametrize("tag", OTHERS)
def test_a_language_has_every_text(tag: str) -> None:
    texts = read_words(tag).texts
    assert texts.keys() == ENGLISH.keys()
    assert all(text == text.strip() != "" for text in texts.values())


@pytest.mark.parametrize("tag", OTHERS)
def test_a_text_has_the_same_braces(tag: str) -> None:
    for key, text in read_words(tag).texts.items():
        found, wanted = (sorted(re.findall(r"\{(\w*)\}", t)) for t in (text, ENGLISH[key]))
        assert found == wanted, key
        assert text.count("{") == text.count("}") == len(found), key


@pytest.mark.parametrize("tag", OTHERS)
def test_sentences_are_not_english(tag: str) -> None:
    for key, text in read_words(tag).texts.items():
        if len(re.findall(r"\w{2,}", re.sub(r"\{\w+\}", "", text))) > 1:
            assert text != ENGLISH[key], key


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_line_about_the_presenter_fits_under_a_picture(tag: str) -> None:
    words = read_words(tag)
    for basis in ("own_consent", "public_domain_artwork", "synthetic_person"):
        line = f"{words[f'provenance.{basis}']} · {words.fill('provenance.record', code='1' * 8)}"
        assert len(line) <= LONGEST_LINE, line


def test_french_has_its_spaces_and_they_do_not_break() -> None:
    for key, text in read_words("fr").texts.items():
        assert not re.search(r"(?<![\u00a0\u202f])[;:!?»]|«(?!\u00a0)", text), key


@pytest.mark.parametrize("tag", ["ja", "zh"])
def test_sentences_end_as_their_script_does(tag: str) -> None:
    for key, text in read_words(tag).texts.items():
        assert not text.endswith((".", "!", "?")) or key in ("decimal",), key


def test_a_language_without_words_gets_english_and_says_so() -> None:
    words = find_words("sw")
    assert words.language == "en" and not words.serves("sw")
    assert find_words("pt-PT").serves("pt-BR") and find_words("en-GB").language == "en"


def test_languages_are_called_as_they_call_themselves() -> None:
    names = [find_own_name(tag) for tag in ("fr-CA", "zh-TW", "pl", "sw")]
    assert names == ["Français", "中文", "Polski", "sw"]


def test_placeholders_and_numbers() -> None:
    french = find_words("fr")
    assert french.name_placeholder("Video") == "Vidéo"
    assert french.name_placeholder("Web-page") == french.name_placeholder("Web page") == "Page web"
    assert french.name_placeholder("Hologram") == "Hologram"
    assert [french.write_number(n) for n in (2.0, 2.54)] == ["2", "2,5"]
