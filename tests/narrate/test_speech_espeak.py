"""espeak-ng: languages, words that flow into one another, IPA, and single words."""

from __future__ import annotations

import numpy as np
import pytest
from voice_rules import (
    assert_known,
    assert_level,
    assert_one_word_slower,
    assert_paced,
    assert_same_in_another_process,
    assert_silent_without_words,
    assert_timed,
    utterance,
    with_token,
)

from narrate.errors import VoiceError
from narrate.speech import espeak, open_voice, voice_version
from narrate.speech.espeak_library import find_library

pytestmark = pytest.mark.skipif(
    not find_library(), reason="espeak-ng is not installed (apt, or pip install espeakng-loader)"
)

ENGLISH = "Judges, birds and further thoughts: yes, she measured each boy's loud toys near there."
SENTENCES = {
    "en-US": ENGLISH,
    "en-GB": ENGLISH,
    "de": "Die schönen Häuser in Zürich, nicht wahr, führen euch jetzt zu Pferd durch die Straße.",
    "fr": "Un bon vin blanc, l’huître, la montagne et l’œuf : où vas-tu, jeune fille ?",
    "es": "El perro corre rápido, ¿no? La niña llora en la calle y el general ya ha huido.",
    "it": "Gli gnocchi e la pizza, perché no? Il ragazzo sceglie l’acqua.",
    "pl": "Chrząszcz brzmi w trzcinie, a źdźbło drży.",
    "ru": "Съешь ещё этих мягких булок, да выпей чаю.",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_words_and_phones_in_every_language(language: str) -> None:
    text = utterance(SENTENCES[language])
    speech = open_voice("espeak", language).speak(text)
    assert_timed(speech, text)
    assert_known(phone.symbol for phone in speech.phones)
    assert len(speech.phones) > 2 * len([t for t in text.tokens if t.spoken.isalpha()])


@pytest.mark.parametrize("language", ["en-US", "en-GB", "de", "fr", "es"])
def test_every_phone_of_a_language_has_a_mouth_shape(language: str) -> None:
    voice = open_voice("espeak", language)
    assert isinstance(voice, espeak.EspeakVoice)
    inventory = espeak._find_mnemonics(espeak._find_file("", language))
    assert len(inventory) > 60
    assert_known(inventory)
    for symbol in inventory:
        assert_known(name for name, _, _, _ in voice._divide_phone(symbol, 0, 100))


def test_words_said_as_one_have_their_own_phones() -> None:
    speech = open_voice("espeak", "en-US").speak(utterance("It came out of the box."))
    symbols = [
        "".join(p.symbol for p in speech.phones if w.start <= p.start < w.end) for w in speech.words
    ]
    assert symbols == ["ɪt", "keɪm", "aʊɾ", "əv", "ðə", "bɑːks"]


def test_american_and_british_vowels_keep_their_names() -> None:
    said = {
        language: [p.symbol for p in open_voice("espeak", language).speak(utterance("bird")).phones]
        for language in ("en-US", "en-GB")
    }
    assert said == {"en-US": ["b", "ɝ", "d"], "en-GB": ["b", "ɜː", "d"]}


def test_rates_and_levels_are_kept() -> None:
    voice = open_voice("espeak/en-us", "en-US")
    assert_paced(voice)
    assert_level(voice)
    assert_one_word_slower(voice)
    assert_silent_without_words(voice)


def test_other_speakers_are_as_loud() -> None:
    for name in ("espeak/en-us+f3", "espeak/en-us+whisper"):
        assert_level(open_voice(name, "en-US"))


def test_emphasis_is_heard() -> None:
    voice = open_voice("espeak/en-us", "en-US")
    text = utterance("We saw the green house again.")

    def level(emphasis: str) -> float:
        speech = voice.speak(with_token(text, 3, emphasis=emphasis))
        word = speech.words[3]
        inside = speech.samples[word.start : word.end]
        outside = np.concatenate((speech.samples[: word.start], speech.samples[word.end :]))
        return float(10 * np.log10((inside**2).mean() / (outside**2).mean()))

    assert level("reduced") < level("") - 2 < level("moderate") - 2 < level("strong") - 2


def test_pronunciations_can_be_given_in_ipa() -> None:
    voice = open_voice("espeak/en-us", "en-US")
    text = with_token(utterance("My data here."), 1, phones="ˈtʃɛ.ɹi")
    speech = voice.speak(text)
    word = speech.words[1]
    said = [p.symbol for p in speech.phones if word.start <= p.start < word.end]
    assert said == ["tʃ", "ɛ", "ɹ", "i"]
    with pytest.raises(VoiceError, match="ʘ") as caught:
        voice.speak(with_token(text, 1, phones="ʘa"))
    assert caught.value.place.line == 7


def test_unknown_sounds_depend_on_the_language() -> None:
    engine = espeak.EspeakEngine()
    assert engine.find_unknown_sounds("bʁø", "", "en-US") == ["ø"]
    assert engine.find_unknown_sounds("bʁø", "", "fr") == []
    assert engine.find_unknown_sounds("t͡ʃaʊ̯", "", "de") == []
    assert engine.find_unknown_sounds("…", "", "de")


def test_the_same_bytes_in_another_process() -> None:
    assert_same_in_another_process(open_voice("espeak/en-us", "en-US"), "espeak/en-us")


def test_a_script_cannot_reach_control_codes_or_mnemonics() -> None:
    voice = open_voice("espeak/en-us", "en-US")
    plain = voice.speak(utterance("say it"))
    coded = voice.speak(with_token(utterance("say it"), 0, spoken="\x0180Ssay"))
    assert (
        abs(len(coded.samples) - len(plain.samples)) > 0
    )  # it is read as text and not as a command
    bracketed = voice.speak(with_token(utterance("say it"), 1, spoken="[[it]] <mark/> & so"))
    assert_timed(bracketed, with_token(utterance("say it"), 1, spoken="it"))


@pytest.mark.parametrize(
    ("name", "language", "problem"),
    [
        ("espeak/xx", "en-US", "no voice 'espeak/xx'"),
        ("espeak/de", "en-US", "does not speak en-US"),
        ("espeak/../../etc/passwd", "en-US", "no voice"),
        ("espeak/en-us+nobody", "en-US", "no speaker 'nobody'"),
        ("espeak", "qq", "does not speak qq"),
        ("espeak", "ja", "does not speak ja"),
    ],
)
def test_refusals(name: str, language: str, problem: str) -> None:
    for ask in (open_voice, voice_version):
        with pytest.raises(VoiceError, match=problem) as caught:
            ask(name, language)
        assert caught.value.remedy


def test_languages_are_the_librarys_own() -> None:
    (info,) = espeak.EspeakEngine().voices()
    assert {"en-US", "en-GB", "de", "fr-FR", "pt-BR"} <= set(info.languages)
    assert len(info.languages) > 100 and "ja" not in info.languages
    assert voice_version("espeak", "en-GB") != voice_version("espeak", "en-US")
    assert open_voice("espeak", "de-AT").version == voice_version("espeak", "de")
