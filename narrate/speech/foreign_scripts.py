"""Words in scripts that a language's voices cannot read, and the languages that they are in."""

from __future__ import annotations

import re
from dataclasses import replace

from foundation.languages import find_script, is_english, primary, same_language
from lessons.model import Token, Utterance
from lessons.speakable.reader import has_other_script

UNKNOWN = "und"

_SCRIPTS = [
    (tag, re.compile(f"[{letters}]"))
    for tag, letters in (
        ("ja", "\u3040-\u30ff"),  # kana; a word without any is taken for Chinese
        ("zh", "\u3400-\u9fff"),
        ("ko", "\u1100-\u11ff\uac00-\ud7ff"),
        ("ru", "\u0400-\u04ff"),
        ("el", "\u0370-\u03ff"),
        ("ar", "\u0600-\u06ff"),
        ("he", "\u0590-\u05ff"),
        ("hi", "\u0900-\u097f"),
        ("th", "\u0e00-\u0e7f"),
    )
]
"""The languages that most texts in a script are in."""
_GREEK_WORD = re.compile("[\u0370-\u03ff]{2}")
_WITH_CHINESE_LETTERS = ("ja", "ko", "yue")


def name_scripts(utterance: Utterance, language: str) -> Utterance:
    """The utterance, its words in scripts that voices of its language cannot read given the
    language that is mostly written so: they are for another voice."""
    own = utterance.language or language
    if not any(_is_foreign(token, own) for token in utterance.tokens):
        return utterance
    tokens = tuple(
        replace(t, language=_guess_language(t.spoken)) if _is_foreign(t, own) else t
        for t in utterance.tokens
    )
    return replace(utterance, tokens=tokens)


def _is_foreign(token: Token, language: str) -> bool:
    if token.language is not None or token.phones is not None or token.spoken.isascii():
        return False
    guess = _guess_language(token.spoken)
    if is_english(language):
        return has_other_script(token.spoken) or guess != UNKNOWN
    if guess == UNKNOWN or same_language(guess, language) or not find_script(language):
        return False
    if guess == "zh" and primary(language) in _WITH_CHINESE_LETTERS:
        return False
    if guess == "el" and not _GREEK_WORD.search(token.spoken):
        return False  # a letter in a formula, which the voices of every language know
    return find_script(guess) != find_script(language)


def _guess_language(text: str) -> str:
    return next((tag for tag, letters in _SCRIPTS if letters.search(text)), UNKNOWN)
