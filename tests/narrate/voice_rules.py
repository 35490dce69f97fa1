"""Rules that hold for the speech of each voice, and the real models of those who have them."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from avatar.performance.targets import CONSONANTS, LIGATURES, VOWELS
from lessons.model import Token, Utterance
from narrate.clock import SAMPLE_RATE
from narrate.loudness import loudness
from narrate.speech import Voice
from narrate.vocabulary import Speech

SHORT = "Light bends in water."
LONG = "In the evening, all of the light that we see has gone through forty times as much air."

# The model folder of the person who runs the tests, before a test sets its own.
MODELS = Path(os.environ.get("NARRATE_MODELS", "/nowhere"))

_MARKS = frozenset("ˈˌːˑ")
_SPEAK_SHORT = f"""
import hashlib, sys
from lessons.model import Token, Utterance
from narrate.speech import open_voice
tokens = tuple(Token(w, w, 0, 0) for w in {SHORT!r}.split())
speech = open_voice(sys.argv[1], "en-US").speak(Utterance(tokens, 0, 1))
sound = speech.samples.tobytes()
print(hashlib.sha256(sound + repr((speech.words, speech.phones)).encode()).hexdigest())
"""


def utterance(text: str, **settings: Any) -> Utterance:
    return Utterance(tuple(Token(w, w, 0, 0) for w in text.split()), 0, line=7, **settings)


def with_token(text: Utterance, at: int, **changes: Any) -> Utterance:
    tokens = list(text.tokens)
    tokens[at] = replace(tokens[at], **changes)
    return replace(text, tokens=tuple(tokens))


def real_models(pattern: str) -> pytest.MarkDecorator:
    """Skip the test unless the user's model folder (NARRATE_MODELS) has such a file."""
    found = any(MODELS.glob(pattern))
    return pytest.mark.skipif(not found, reason=f"NARRATE_MODELS has no {pattern}")


def seconds(speech: Speech) -> float:
    return len(speech.samples) / SAMPLE_RATE


def assert_timed(speech: Speech, text: Utterance) -> None:
    """There is one word for each token, in order and within the sound, and phones are in order,
    each within its word."""
    assert [w.token for w in speech.words] == list(range(len(text.tokens)))
    assert [w.written for w in speech.words] == [t.written for t in text.tokens]
    total = len(speech.samples)
    for before, after in pairwise(speech.words):
        assert before.end <= after.start
    for word, token in zip(speech.words, text.tokens, strict=True):
        assert 0 <= word.start <= word.end <= total
        assert (word.end > word.start) == any(map(str.isalnum, token.spoken)), token
    for first, second in pairwise(speech.phones):
        assert first.end <= second.start
    for phone in speech.phones:
        assert 0 <= phone.start <= phone.end <= total
        assert any(w.start <= phone.start and phone.end <= w.end for w in speech.words)


def assert_known(symbols: Iterable[str]) -> None:
    """The portrait knows how to articulate each letter of each IPA symbol."""
    for symbol in symbols:
        text = unicodedata.normalize("NFD", symbol).replace("c\u0327", "ç")
        for ligature, letters in LIGATURES.items():
            text = text.replace(ligature, letters)
        assert text, "an empty phone"
        for letter in text:
            mark = letter in _MARKS or unicodedata.category(letter) in ("Mn", "Lm")
            assert letter in VOWELS or letter in CONSONANTS or mark, f"{letter} in {symbol}"


def assert_paced(voice: Voice, text: str = LONG) -> None:
    """Half the rate makes about double the length, and double the rate half the length."""
    usual = seconds(voice.speak(utterance(text)))
    assert seconds(voice.speak(utterance(text), rate=0.5)) == pytest.approx(2 * usual, rel=0.15)
    assert seconds(voice.speak(utterance(text, rate=2.0))) == pytest.approx(usual / 2, rel=0.2)


def assert_level(voice: Voice, text: str = LONG, *, within: float = 2.0) -> None:
    """The loudness is near -16 LUFS."""
    assert loudness([voice.speak(utterance(text)).samples]) == pytest.approx(-16.0, abs=within)


def assert_one_word_slower(voice: Voice, *, most: float = 2.4) -> None:
    """One word can be slowed to half its pace, and the others stay as they were."""
    usual = voice.speak(utterance("We saw the wide green river again."))
    slow = voice.speak(with_token(utterance("We saw the wide green river again."), 4, rate=0.5))
    a, b = usual.words[4], slow.words[4]
    assert 1.5 < (b.end - b.start) / (a.end - a.start) < most
    others = seconds(usual) - (a.end - a.start) / SAMPLE_RATE
    assert seconds(slow) - (b.end - b.start) / SAMPLE_RATE == pytest.approx(others, rel=0.12)


def assert_same_in_another_process(voice: Voice, name: str) -> None:
    """Another process, on two threads, says exactly the same, and what was said before does not
    matter."""
    voice.speak(utterance(LONG))
    speech = voice.speak(utterance(SHORT))
    data = speech.samples.tobytes() + repr((speech.words, speech.phones)).encode()
    done = subprocess.run(
        [sys.executable, "-c", _SPEAK_SHORT, name],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "2"},
    )
    assert done.stdout.strip() == hashlib.sha256(data).hexdigest()


def assert_all_rules(voice: Voice, odd_text: str) -> None:
    """All rules of a voice whose engine knows words, phones and paces."""
    for text in (utterance(SHORT), utterance(LONG), utterance(odd_text)):
        speech = voice.speak(text)
        assert_timed(speech, text)
        assert_known(phone.symbol for phone in speech.phones)
    assert_paced(voice)
    assert_level(voice)
    assert_one_word_slower(voice)
    assert_silent_without_words(voice)


def assert_silent_without_words(voice: Voice) -> None:
    for text in (utterance(""), utterance("… — !"), with_token(utterance("x"), 0, spoken="")):
        speech = voice.speak(text)
        assert len(speech.samples) == 0 and speech.phones == ()
        assert [(w.start, w.end) for w in speech.words] == [(0, 0)] * len(text.tokens)
