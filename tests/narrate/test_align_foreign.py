"""Recordings in other languages: word times, phones, and the language that is heard."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from lessons.model import Token, Utterance
from narrate.align import sphinx
from narrate.align.foreign_pronunciation import (
    find_nearest_cmu,
    knows_sounds,
    pronounce_words,
    split_ipa,
)
from narrate.align.talk import hear_talk
from narrate.align.whisper import to_recognition_rate
from narrate.cli import main
from narrate.clock import SAMPLE_RATE
from narrate.speech import open_voice
from narrate.speech.espeak_library import find_library
from narrate.speech.sound_file import write_sound
from narrate.vocabulary import Speech

needs_open_jtalk = pytest.mark.skipif(
    not find_spec("pyopenjtalk"), reason="pyopenjtalk-plus is not installed"
)
needs_espeak = pytest.mark.skipif(not find_library(), reason="espeak-ng is not installed")
SENTENCES = {
    "es": "También hay que parar las bombas antes de empezar.",
    "fr": "Les abeilles portent le pollen d'une fleur à une autre.",
    "it": "Una piccola barca può muovere una pietra pesante.",
    "pt-BR": "É preciso parar as bombas antes de começar.",
    "de": "Niemand wusste, warum die Brücke schwankte.",
    "hi": "शुरू करने से पहले पंप बंद करना होगा।",
}


def _speak(text: str, language: str) -> Speech:
    tokens = tuple(Token(word, word, 0, 0) for word in text.split())
    return open_voice("espeak", language).speak(Utterance(tokens, 0, 1))


@needs_espeak
@pytest.mark.parametrize("language", SENTENCES)
def test_words_of_other_languages_are_found_where_they_are_said(language: str) -> None:
    speech = _speak(SENTENCES[language], language)
    pad = 0.3
    sound = np.pad(speech.samples, round(pad * SAMPLE_RATE))
    words = SENTENCES[language].split()
    found = sphinx.align(to_recognition_rate(sound), words, language=language)
    assert found is not None and len(found.words) == len(words)
    apart = [
        abs(a.start - pad - b.start / SAMPLE_RATE)
        for a, b in zip(found.words, speech.words, strict=True)
    ]
    # espeak-ng's own phone times are rougher than those of other voices.
    assert np.median(apart) < 0.045 and max(apart) < 0.2
    said = [symbol for phones in pronounce_words(words, language) for symbol, _ in phones]
    assert [p.symbol for p in found.phones] == [s for s in said if find_nearest_cmu(s)]
    other = sphinx.align(to_recognition_rate(sound), words[::-1], language=language)
    mine = np.mean([w.score for w in found.words])
    assert other is None or np.mean([w.score for w in other.words]) < mine - 1


@pytest.mark.parametrize(
    ("symbol", "english"),
    [
        ("ɔ̃", ("AO",)), ("yː", ("IY",)), ("pː", ("P",)), ("bʰ", ("B",)), ("ts", ("T", "S")),
        ("ç", ("HH",)), ("tɕ", ("CH",)), ("aʊ", ("AW",)), ("ʔ", ()), ("ɲ", ("N", "Y")),
    ],
)  # fmt: skip
def test_each_sound_has_its_nearest_english_ones(symbol: str, english: tuple[str, ...]) -> None:
    assert find_nearest_cmu(symbol) == english


def test_given_ipa_is_cut_into_phones() -> None:
    assert split_ipa("ˈtʃɔ̃ːɡ", "fr") == [("tʃ", 0), ("ɔ̃ː", 1), ("ɡ", 0)]


@needs_espeak
def test_liaison_is_heard() -> None:
    les, amis = pronounce_words(["les", "amis"], "fr")
    assert [s for s, _ in les] == ["l", "e", "z"] and [s for s, _ in amis] == ["a", "m", "i"]
    assert pronounce_words(["…", "oui"], "fr")[0] == []


def test_letters_stand_for_the_sounds_of_an_unknown_language() -> None:
    assert not knows_sounds("zxx")
    assert pronounce_words(["Ab-c", "…"], "zxx") == [[("a", 0), ("b", 0), ("c", 0)], []]


@needs_espeak
def test_the_language_that_is_heard_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], settings_elsewhere: None
) -> None:
    text = "Guten Tag, wir sprechen heute über das Licht und die Farben der Blumen im Garten."
    path = tmp_path / "talk.wav"
    write_sound(path, np.pad(_speak(text, "de").samples, SAMPLE_RATE))
    assert main(["transcribe", str(path)]) == 0
    shown = capsys.readouterr()
    assert "'de'" in shown.err and "--language" in shown.err and "language: de" in shown.out
    assert main(["transcribe", str(path), "--language", "en-GB"]) == 0
    shown = capsys.readouterr()
    assert "'de'" in shown.err and "'en-GB'" in shown.err and "--language de" in shown.err
    assert main(["transcribe", str(path), "--language", "de"]) == 0
    assert "is heard" not in capsys.readouterr().err


def test_english_is_not_called_another_language() -> None:
    text = "Water boils at one hundred degrees."
    tokens = tuple(Token(w, w, 0, 0) for w in text.split())
    speech = open_voice("hibari", "en-US").speak(Utterance(tokens, 0, 1))
    talk = hear_talk(to_recognition_rate(np.pad(speech.samples, SAMPLE_RATE)), None, jobs=1)
    assert talk.language == "en-US" and talk.heard is not None
    assert not talk.heard.differs_from("en-GB") and talk.heard.differs_from("fr")


@needs_open_jtalk
def test_japanese_words_are_read_in_their_context() -> None:
    apart = pronounce_words(["表", "面", "で"], "ja")
    (together,) = pronounce_words(["表面で"], "ja")
    assert [phone for word in apart for phone in word][:4] == together[:4] != []
    assert pronounce_words(["表"], "ja")[0] != apart[0]
    assert pronounce_words(["25", "円"], "ja")[0]
