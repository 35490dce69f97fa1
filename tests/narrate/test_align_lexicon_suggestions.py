"""Suggested lines for lexicon.yaml: only what the dictionary knows."""

from __future__ import annotations

import pytest

from lessons.course.lexicon_file import parse_lexicon
from lessons.model import Token
from narrate.align.lexicon_suggestions import suggest_lexicon_line


@pytest.mark.parametrize(
    ("written", "spoken", "heard", "line"),
    [
        ("NASA,", "NASA,", "nation", "NASA: {ipa: ˈnæsə}"),
        ("GPU,", "GPU,", "gap oo", "GPU: G P U"),
        ("IT", "IT", "it", "IT: I T"),
        ("JavaScript", "JavaScript", "java scripped", "JavaScript: java script"),
        ("Kepler", "Kepler", "keeper", "Kepler: {ipa: ˈkɛplɚ}"),
        ("read", "read", "red", "read: {ipa: ɹid}"),
        ("read", "read", "reed", "read: {ipa: ɹɛd}"),
    ],
)
def test_pronunciations_in_the_dictionary_are_suggested(
    written: str, spoken: str, heard: str, line: str
) -> None:
    proposed = suggest_lexicon_line(Token(written, spoken, 0, 0), heard, "en")
    assert proposed == line
    parse_lexicon(proposed, path="lexicon.yaml")


@pytest.mark.parametrize(
    ("token", "language"),
    [
        (Token("GPU", "G P U", 0, 0), "en"),  # it is spelled already
        (Token("Xylqat", "Xylqat", 0, 0), "en"),  # nobody knows
        (Token("Rayleigh", "Rayleigh", 0, 0, phones="ˈɹeɪli"), "en"),  # it has been told
        (Token("384,400", "three hundred", 0, 0), "en"),
        (Token("Licht", "Licht", 0, 0), "de"),
        (Token("—", "", 0, 0), "en"),
    ],
)
def test_nothing_is_suggested_that_is_not_known(token: Token, language: str) -> None:
    assert suggest_lexicon_line(token, "light", language) == ""
