"""The default voice: what it says and when, and that it is always the same."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from voice_rules import assert_same_in_another_process, with_token

from lessons.model import Token, Utterance
from narrate.clock import SAMPLE_RATE
from narrate.errors import VoiceError
from narrate.speech import Voice, open_voice, voice_version
from narrate.speech.emphasis import stretch_durations
from narrate.vocabulary import Speech

TEXT = "The bird, which flies at 30 m/s, is a GIF?"
SPOKEN = {"30": "thirty", "m/s,": "metres per second,", "GIF?": "jif?"}


@pytest.fixture(scope="module")
def voice() -> Voice:
    return open_voice("hibari", "en-US")


def _utterance(text: str, **phones: str) -> Utterance:
    words = text.split()
    return Utterance(
        tuple(Token(w, SPOKEN.get(w, w), 0, 0, phones.get(w.strip(".,?"))) for w in words), 0, 9
    )


def _symbols(speech: Speech, token: int) -> list[str]:
    word = speech.words[token]
    return [p.symbol for p in speech.phones if word.start <= p.start < word.end]


@pytest.mark.parametrize("word", ["水", "日本語(Japanese)", "(한국어),", "½"])
def test_a_word_that_it_would_leave_out_is_refused(voice: Voice, word: str) -> None:
    with pytest.raises(VoiceError, match="cannot read") as caught:
        voice.speak(_utterance(f"Say {word} now."))
    assert caught.value.place.line == 9
    given = Utterance(tuple(Token(w, w, 0, 0, "mizu") for w in ("Say", word)), 0, 9)
    assert voice.speak(given).samples.any()


def test_accents_are_read_and_signs_are_not_words(voice: Voice) -> None:
    speech = voice.speak(_utterance("A naïve — straße in Łódź."))
    assert [w.end > w.start for w in speech.words] == [True, True, False, True, True, True]


def test_every_token_has_a_time(voice: Voice) -> None:
    speech = voice.speak(_utterance(TEXT))
    assert [w.written for w in speech.words] == TEXT.split()
    assert [w.token for w in speech.words] == list(range(len(speech.words)))
    assert all(0 <= w.start < w.end <= len(speech.samples) for w in speech.words)
    assert all(a.end <= b.start for a, b in pairwise(speech.words))
    assert all(a.end <= b.start for a, b in pairwise(speech.phones))
    assert all(a.start < a.end for a in speech.phones)


def test_a_token_spans_all_its_spoken_words(voice: Voice) -> None:
    speech = voice.speak(_utterance(TEXT))
    assert _symbols(speech, 1) == ["b", "ɝ", "d"]
    per_second = "".join(_symbols(speech, 6))
    assert per_second.startswith("miɾ") and per_second.endswith("sɛkənd")


def test_pauses_are_silent_and_words_are_not(voice: Voice) -> None:
    speech = voice.speak(_utterance("We stopped. And then, at last, we went on."))
    level = [float(np.abs(speech.samples[w.start : w.end]).max()) for w in speech.words]
    assert min(level) > 0.05
    gaps = [(a.end, b.start) for a, b in pairwise(speech.phones) if b.start > a.end]
    assert gaps
    for start, end in gaps:
        rms = float(np.sqrt(np.mean(speech.samples[start:end] ** 2)))
        assert rms < 0.01


def test_unsaid_and_empty_tokens(voice: Voice) -> None:
    tokens = (
        Token("☞", "", 0, 1),
        Token("Look", "Look", 2, 6),
        Token("—", "—", 7, 8),
        Token("there.", "there.", 9, 15),
    )
    speech = voice.speak(Utterance(tokens, 0, 1))
    assert [w.end > w.start for w in speech.words] == [False, True, False, True]
    nothing = voice.speak(Utterance((Token("☞", "", 0, 1),), 0, 1))
    assert len(nothing.samples) == 0 and len(nothing.words) == 1 and nothing.phones == ()


def test_a_pronunciation_overrides(voice: Voice) -> None:
    plain = voice.speak(_utterance("Ask Huygens."))
    given = voice.speak(_utterance("Ask Huygens.", Huygens="ˈhaʊɡənz"))
    assert _symbols(given, 1) == ["h", "aʊ", "ɡ", "ə", "n", "z"]
    assert _symbols(plain, 1) != _symbols(given, 1)
    assert next(p.stress for p in given.phones if p.symbol == "aʊ") == 1


def test_a_lone_capital_a_is_the_letter(voice: Voice) -> None:
    assert _symbols(voice.speak(_utterance("When A changes a lot")), 1) == ["eɪ"]
    assert _symbols(voice.speak(_utterance("When a change comes")), 1) != ["eɪ"]


@pytest.mark.parametrize("phones", ["ǃxóõ", "", "123"])
def test_a_pronunciation_with_unknown_sounds_is_an_error(voice: Voice, phones: str) -> None:
    with pytest.raises(VoiceError) as caught:
        voice.speak(_utterance("Ask Huygens.", Huygens=phones))
    assert "Huygens" in caught.value.message and caught.value.place.line == 9


def test_a_rate_changes_the_length(voice: Voice) -> None:
    usual = len(voice.speak(_utterance("Light bends in water.")).samples)
    slow = len(voice.speak(_utterance("Light bends in water."), rate=0.8).samples)
    assert 1.1 < slow / usual < 1.4


def test_a_very_long_sentence_is_spoken_completely(voice: Voice) -> None:
    text = " ".join(f"then the river bends, and the water slows {i * 'a'}" for i in [0] * 20)
    speech = voice.speak(_utterance(text))
    words = len(text.split())
    assert len(speech.words) == words and all(w.end > w.start for w in speech.words)
    assert words / 250 * 60 < len(speech.samples) / SAMPLE_RATE < words / 100 * 60


def test_it_begins_and_ends_without_a_click(voice: Voice) -> None:
    sound = voice.speak(_utterance("Stop!")).samples
    assert abs(float(sound[0])) < 0.001 and abs(float(sound[-1])) < 0.001


def test_the_same_bytes_in_another_process(voice: Voice) -> None:
    assert_same_in_another_process(voice, "hibari")


def test_its_level_is_right_for_publishing(voice: Voice) -> None:
    import pyloudnorm

    text = "Photographs of the surface show deep valleys carved by rivers, long ago."
    sound = voice.speak(_utterance(text)).samples
    assert pyloudnorm.Meter(SAMPLE_RATE).integrated_loudness(sound) == pytest.approx(-16, abs=1.2)


def test_odd_text_is_spoken_without_errors(voice: Voice) -> None:
    for text in ("x² ≤ 2 🙂 naïve _ -- '' … a/b (c)", "[a](/b/) | *c* `d`", "\u0301 \u00ad"):
        speech = voice.speak(_utterance(text))
        assert len(speech.words) == len(text.split())
        assert all(a.end <= b.start for a, b in pairwise(speech.words))


def test_its_version_is_known_without_loading(voice: Voice) -> None:
    assert voice.version == voice_version("hibari", "en-US")


SENTENCES = (
    "The sail boat has a red flag on the mast.",
    "A prism bends the violet light more than the red light.",
)


def _lengths(speech: Speech) -> list[int]:
    return [w.end - w.start for w in speech.words]


@pytest.mark.parametrize(
    ("rate", "low", "high"), [(0.5, 1.5, 2.1), (0.7, 1.2, 1.5), (1.4, 0.6, 0.9)]
)
def test_only_the_chosen_words_change_their_pace(
    voice: Voice, rate: float, low: float, high: float
) -> None:
    ratios, others = [], []
    for text in SENTENCES:
        usual = _lengths(voice.speak(_utterance(text)))
        for at in range(len(usual)):
            own = _lengths(voice.speak(with_token(_utterance(text), at, rate=rate)))
            ratios.append(own[at] / usual[at])
            others += [
                abs(a - b) for n, (a, b) in enumerate(zip(own, usual, strict=True)) if n != at
            ]
    assert low < float(np.median(ratios)) < high
    assert float(np.percentile(others, 90)) < 0.02 * SAMPLE_RATE


def test_emphasis_is_longer_louder_and_higher_and_stressed(voice: Voice) -> None:
    text, at = SENTENCES[0], 5  # red
    usual = voice.speak(_utterance(text))
    strong = voice.speak(with_token(_utterance(text), at, emphasis="strong"))
    reduced = voice.speak(with_token(_utterance(text), at, emphasis="reduced"))
    lengths = [_lengths(s)[at] for s in (reduced, usual, strong)]
    assert lengths == sorted(lengths) and lengths[2] > 1.05 * lengths[1]
    loud = [_rms(s, at) for s in (reduced, usual, strong)]
    assert loud[2] > 1.2 * loud[1] and loud[0] < 0.85 * loud[1]
    assert _pitch(strong, at) > 1.05 * _pitch(usual, at)
    # Words that are two words away have not changed.
    for other in (0, 1, 2, 8, 9):
        assert _rms(strong, other) == pytest.approx(_rms(usual, other), rel=0.25)
    stress = [p.stress for p in strong.phones if strong.words[4].start <= p.start]
    small = voice.speak(with_token(_utterance(text), 4, emphasis="strong"))  # the article
    assert stress and _symbols(small, 4) == ["eɪ"] and _symbols(usual, 4) == ["ə"]


def _rms(speech: Speech, at: int) -> float:
    word = speech.words[at]
    return float(np.sqrt(np.mean(speech.samples[word.start : word.end] ** 2)))


def _pitch(speech: Speech, at: int) -> float:
    """The pitch of the middle of a word in Hz, by its autocorrelation."""
    word = speech.words[at]
    middle = (word.start + word.end) // 2
    sound = speech.samples[middle - 1500 : middle + 1500].astype(np.float64)
    spectrum = np.fft.rfft(sound * np.hanning(len(sound)), 8192)
    correlation = np.fft.irfft(np.abs(spectrum) ** 2)
    low, high = SAMPLE_RATE // 400, SAMPLE_RATE // 100
    return SAMPLE_RATE / (low + int(np.argmax(correlation[low:high])))


def test_a_words_own_rate_does_not_change_later_sentences(voice: Voice) -> None:
    plain = voice.speak(_utterance(SENTENCES[0])).samples
    voice.speak(with_token(_utterance(SENTENCES[0]), 2, rate=0.6))
    assert (voice.speak(_utterance(SENTENCES[0])).samples == plain).all()


def test_stretching_keeps_the_total_length() -> None:
    assert stretch_durations([2, 3, 2, 3], [1, 0.8, 0.8, 1]) == [2, 4, 2, 3]
    assert sum(stretch_durations([1] * 20, [0.85] * 20)) == round(20 / 0.85)
    assert stretch_durations([1, 1], [2.0, 2.0]) == [1, 1]  # never nothing
