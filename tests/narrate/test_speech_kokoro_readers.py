"""Each language's words become the model's phonemes, each symbol with the token it belongs to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.model import Token, Utterance
from narrate.errors import UnreadableError, VoiceError
from narrate.models import read_hibari_asset
from narrate.speech.kokoro import readers
from narrate.speech.kokoro.catalogue import BEST, published_speakers, speaker_language
from narrate.speech.kokoro.japanese import _match
from narrate.speech.kokoro.readers import Reader, find_missing, open_reader
from narrate.speech.kokoro.word_reader import WordReader
from narrate.speech.kokoro_alphabet import convert_spelling, find_phones
from narrate.speech.phoneme_text import NOT_SAID, PhonemeText

VOCABULARY = frozenset(read_hibari_asset("vocab.json"))


def utterance(text: str) -> Utterance:
    return Utterance(tuple(Token(word, word, 0, 0) for word in text.split()), 0, 7)


def reader_of(language: str) -> Reader:
    if missing := find_missing(language):
        pytest.skip(missing)
    return open_reader(language, VOCABULARY)


def read(language: str, text: str) -> list[str]:
    """The phonemes of each token; the whole string with marks is the first."""
    said = reader_of(language).read(utterance(text), voice="kokoro/x")
    return ["".join(said.symbols), *_by_token(said, len(text.split()))]


def _by_token(said: PhonemeText, count: int) -> list[str]:
    return [
        "".join(s for s, t in zip(said.symbols, said.tokens, strict=True) if t == token)
        for token in range(count)
    ]


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("es", "¿Dónde está la llave?", "dˈonde estˈa la ʎˈaβe?"),
        ("fr", "Les enfants vont à l'école, mes amis.", "lez ɑ̃fˈɑ̃ vˈɔ̃t a lekˈɔl, mez amˈi."),
        ("it", "Perché la città è gratis!", "perkˌe la ʧitːˈa e ɡrˈatis!"),
        ("pt-BR", "O avião (muito bom)", "u ˌaviˈɐ̃ʊ̃ (mwˈiŋtʊ bˈoŋ)"),
        (
            "hi",
            "आज हम पानी के बारे में पढ़ेंगे।",
            "ˈaːɟ hˌəm pˈaːni keː bˈaːɾeː me\u0303ː pəɽhˈe\u0303ːɡeː.",
        ),
        ("zh", "光在 传播， 3个 CPU。", "kwa→ŋʦai↘ ꭧʰwa↗npwo→, sa→n kɤ↘ sˌipˌijˈu."),
        ("ja", "東京に 10個、 光は 「速い」。", "toːkʲoː ɲi ʥɨʔ ko, çikaɾʲi βa “hajai”."),
    ],
)
def test_what_is_read(language: str, text: str, said: str) -> None:
    whole, *tokens = read(language, text)
    assert whole == said
    assert all(tokens)


def test_french_words_are_read_together() -> None:
    whole, first, _ = read("fr", "les amis")
    assert first == "lez" and whole == "lez amˈi"
    assert read("fr", "les chats")[1] == "le"


def test_words_that_espeak_joins_keep_their_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    from narrate.speech.kokoro import by_espeak

    joined = by_espeak._divide(["dəla"], ["dˈə", "lˈa"])
    assert joined == ["də", "la"]


def test_pronunciations_of_the_script_are_said() -> None:
    text = utterance("el niño vive")
    given_phones = replace(text.tokens[1], phones="ˈt͡ʃi.ko")
    text = replace(text, tokens=(text.tokens[0], given_phones, text.tokens[2]))
    said = reader_of("es").read(text, voice="kokoro/x")
    assert _by_token(said, 3)[1] == "ʧˈiko"
    assert reader_of("es").find_unknown_sounds("ʘǃ")
    assert reader_of("es").find_unknown_sounds("ʎaɾo") == ()


def test_a_word_that_cannot_be_read_is_an_error_with_its_line() -> None:
    reader = WordReader(VOCABULARY, lambda words: ["" for _ in words])
    with pytest.raises(VoiceError, match="cannot read '中'") as caught:
        reader.read(utterance("中"), voice="kokoro/x")
    assert caught.value.place.line == 7


@pytest.mark.parametrize(("language", "text"), [("zh", "我喜欢한面。"), ("ja", "これはᚠです。")])
def test_letters_without_a_reading_are_not_left_out(language: str, text: str) -> None:
    with pytest.raises(UnreadableError, match="cannot read"):
        read(language, text)


def test_greek_letters_are_named() -> None:
    assert "ˈælfə" in read("zh", "角α")[0]


def test_numbers_with_a_point_are_one_word() -> None:
    asked: list[list[str]] = []

    def pronounce(words: object) -> list[str]:
        asked.append(list(words))  # type: ignore[call-overload]
        return ["a" for _ in asked[-1]]

    WordReader(VOCABULARY, pronounce).read(utterance("3.5, 2,5 a. b"), voice="x")
    assert asked == [["3.5"], ["2,5", "a"], ["b"]]


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("光は", [("光", "a"), ("は", "b")], [("光", "a"), ("は", "b")]),
        ("25円", [("二", "a"), ("十", "b"), ("五", "c"), ("円", "d")],
         [("", "a"), ("", "b"), ("", "c"), ("25円", "d")]),
        ("ＡＢ1", [("ＡＢ", "a"), ("一", "b")], [("ＡＢ", "a"), ("", "b")]),
    ],
)  # fmt: skip
def test_japanese_words_are_found_in_the_text(
    text: str, words: list[tuple[str, str]], found: list[tuple[str, str]]
) -> None:
    assert _match(text, words) == found


def test_phones_of_other_languages_keep_their_names() -> None:
    def names(symbols: str, *, english: bool) -> list[str]:
        return [p.symbol for p in find_phones(list(symbols), [0] * len(symbols), english=english)]

    assert names("ɑ̃r\uab67A", english=False) == ["ɑ̃", "r", "tʂ", "eɪ"]
    assert names("ɑ̃rəɹ", english=True) == ["ɑ", "ɹ", "ɚ"]
    assert names("a→n↘", english=False) == ["a", "n"]
    assert convert_spelling("ˈt͡ʃiɾ") == "ʧˈiɾ"


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(["es", "fr", "it", "pt-BR", "hi", "zh", "ja"]),
    st.lists(
        st.text(st.characters(categories=["L", "N", "P", "S", "M"]), min_size=1, max_size=8),
        max_size=6,
    ),
)
def test_any_text_is_read_or_refused(language: str, words: list[str]) -> None:
    reader = reader_of(language)
    text = Utterance(tuple(Token(word, word, 0, 0) for word in words), 0, 1)
    try:
        said = reader.read(text, voice="kokoro/x")
    except VoiceError as error:
        assert "cannot read" in error.message
        return
    assert len(said.symbols) == len(said.tokens) and VOCABULARY.issuperset(said.symbols)
    assert all(NOT_SAID <= token < len(words) for token in said.tokens)
    spoken = [token for token in said.tokens if token != NOT_SAID]
    assert spoken == sorted(spoken)


def test_the_catalogue_is_whole() -> None:
    speakers = published_speakers()
    assert len(speakers) == 54 and len({known.digest for known in speakers.values()}) == 54
    assert all(len(known.digest) == 64 for known in speakers.values())
    assert all(-5 < known.gain_db < 20 for known in speakers.values())
    assert {speaker_language(name) for name in speakers} == BEST.keys()
    assert all(speaker_language(name) == tag for tag, name in BEST.items())
    assert speakers.keys() >= set(BEST.values())


def test_every_language_says_what_reads_it() -> None:
    for tag in BEST:
        assert find_missing(tag) == "" or find_missing(tag).startswith("pip install 'narrate")
        if not find_missing(tag):
            assert readers.describe_reader(tag)
