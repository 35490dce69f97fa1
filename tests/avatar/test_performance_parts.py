"""Targets, eyes, prosody and exports."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from avatar.performance import Controls, measure_prosody, perform
from avatar.performance.channels import INDEX
from avatar.performance.coarticulation import find_pauses
from avatar.performance.contact import find_touches
from avatar.performance.export import AZURE, OCULUS, find_viseme, to_azure, to_oculus
from avatar.performance.eyes import BLINK, blink_track, draw_blinks
from avatar.performance.frames import frame_times
from avatar.performance.targets import UNKNOWN, find_targets
from avatar.phone import Phone

R30 = Fraction(30)
ENGLISH = (
    "p b t d k ɡ f v θ ð s z ʃ ʒ h m n ŋ l ɹ j w tʃ dʒ ɾ ʔ i ɪ ɛ æ ʌ ə ɐ ɑ ɒ ɔ ʊ u ɝ ɚ ɜ ɜː iː ɑː "
    "ɔː uː eɪ aɪ ɔɪ aʊ oʊ əʊ ɪə eə ʊə ᵊ ᵻ"
)


@pytest.mark.parametrize("symbol", ENGLISH.split())
def test_every_english_phone_has_a_target(symbol: str) -> None:
    targets = find_targets(symbol)
    assert all(t.letter for t in targets)
    assert sum(t.share for t in targets) == pytest.approx(1.0)
    assert find_viseme(symbol) in OCULUS[1:]


@pytest.mark.parametrize(
    ("symbol", "contact"),
    [("p", "bilabial"), ("pʰ", "bilabial"), ("m̩", "bilabial"), ("bː", "bilabial"),
     ("ɱ", "labiodental"), ("v", "labiodental"), ("w", "none"), ("β", "none")],
)  # fmt: skip
def test_contacts_are_found_in_phones(symbol: str, contact: str) -> None:
    assert find_targets(symbol)[0].contact == contact


def test_phones_of_other_languages_follow_from_their_features() -> None:
    (y,), (i,) = (find_targets(s) for s in "yi")
    assert y.shape.pucker > 0.8 and y.shape.spread == 0 and y.shape.jaw == i.shape.jaw
    assert find_targets("ɛ̃")[0].shape == find_targets("ɛ")[0].shape  # nasality is not visible
    assert find_targets("ɔ̃")[0].shape == find_targets("o")[0].shape  # but French bon is rounder
    assert find_targets("ɯ")[0].shape.pucker == 0 == find_targets("ʂ")[0].shape.pucker
    assert [t.letter for t in find_targets("ꭧ")] == ["t", "ʂ"]
    assert find_targets("r")[0].shape.tip == 1.0
    assert find_targets("kʷ")[0].shape.pucker > find_targets("k")[0].shape.pucker
    assert [t.letter for t in find_targets("t͡ʃ")] == ["t", "ʃ"]
    assert [t.letter for t in find_targets("pf")] == ["p", "f"]
    assert find_targets("字")[0].shape == UNKNOWN.shape
    assert abs(find_targets("ɶ")[0].shape.jaw - find_targets("a")[0].shape.jaw) < 1e-9


@pytest.mark.parametrize(
    ("diphthong", "nucleus"),
    [("aɪ", "a"), ("iɛ", "ɛ"), ("uo", "o"), ("uei", "e"), ("iɑu", "ɑ"), ("ʊə", "ʊ"), ("əʊ", "ə"),
     ("yɛ", "ɛ"), ("iə", "i"), ("ui", "u")],
)  # fmt: skip
def test_a_diphthong_stays_on_its_nucleus(diphthong: str, nucleus: str) -> None:
    parts = find_targets(diphthong)
    assert max(parts, key=lambda part: part.share).letter == nucleus
    assert sum(part.share for part in parts) == pytest.approx(1.0)


def test_a_geminate_is_closed_longer_than_a_stop() -> None:
    (short,) = find_touches([Phone("p", 0.5, 0.7)])
    (long,) = find_touches([Phone("pː", 0.5, 0.7)])
    assert short.end < long.end < 0.7


def test_blinks_come_at_a_human_rate_and_irregularly() -> None:
    pauses = [(i * 3.0 + 2.5, i * 3.0 + 3.0) for i in range(100)]
    rates, variation = [], []
    for seed in range(12):
        times = np.array(draw_blinks(np.random.default_rng(seed), 300.0, pauses))
        rates.append(len(times) / 5.0)
        gaps = np.diff(times)
        variation.append(gaps.std() / gaps.mean())
        assert gaps.min() >= 0.7 - 1e-9
        # They tend to phrase ends: far more of them are there than by chance (13 %).
        at_end = np.abs((times % 3.0) - 2.5) < 0.2
        assert at_end.mean() > 0.3
    assert all(16 <= rate <= 26 for rate in rates)
    assert min(variation) > 0.35


@pytest.mark.parametrize("rate", [25, 30, 60])
def test_a_blink_shuts_the_lids_on_some_frame(rate: int) -> None:
    times = frame_times(rate * 2, Fraction(rate))
    for start in np.linspace(0.5, 0.6, 17):
        track = blink_track([float(start)], times, 1 / rate)
        assert track.max() == 1.0
        assert track[times < start].max() == 0.0
        assert track[times > start + BLINK + 0.05].max() == 0.0


def test_pitch_and_loudness_are_measured() -> None:
    rate, hertz = 24000, 24000
    t = np.arange(3 * hertz) / hertz
    tone = np.zeros(len(t))
    for pitch, first in ((110.0, 0.5), (220.0, 1.5)):
        part = (t >= first) & (t < first + 0.8)
        harmonics = sum(np.sin(2 * np.pi * k * pitch * t[part]) / k for k in range(1, 9))
        tone[part] = 0.1 * harmonics * (2.0 if pitch > 200 else 1.0)
    noise = np.random.default_rng(0).normal(0, 1e-4, len(t))
    prosody = measure_prosody((tone + noise).astype(np.float32), rate, R30, 90)
    low, high = prosody.pitch[18:36], prosody.pitch[48:66]
    assert np.abs(low - 110).max() < 2.0
    assert np.abs(high - 220).max() < 4.0
    assert not prosody.pitch[75:].any()
    assert 5.0 < np.median(prosody.loudness[48:66]) - np.median(prosody.loudness[18:36]) < 7.0
    assert prosody.loudness[80:].max() < -40.0
    hiss = np.random.default_rng(1).normal(0, 0.1, hertz).astype(np.float32)
    assert (measure_prosody(hiss, rate, R30, 30).pitch > 0).mean() < 0.2


@pytest.mark.parametrize("samples", [np.zeros(0, np.float32), np.zeros(24000, np.float32)])
def test_silence_has_no_prosody(samples: np.ndarray) -> None:
    prosody = measure_prosody(samples, 24000, R30, 30)
    assert not prosody.pitch.any()
    assert (prosody.loudness == -60.0).all()


def test_pauses() -> None:
    phones = [Phone("a", 0.5, 0.6), Phone("b", 0.65, 0.8), Phone("", 0.8, 1.5), Phone("a", 1.5, 2)]
    assert find_pauses(phones, 2.05) == [(0.0, 0.5), (0.8, 1.5)]


def test_azure_has_its_order_of_channels_and_the_gaze() -> None:
    assert len(AZURE) == 55
    assert (AZURE[0], AZURE[17], AZURE[52]) == ("eyeBlinkLeft", "jawOpen", "headRoll")
    phones = [Phone("b", 0.5, 0.6), Phone("ɑ", 0.6, 0.8, 1), Phone("d", 0.8, 0.9)]
    controls = Controls(gaze=(6.0, -3.0), motion=0.0)
    performance = perform(phones, frames=90, rate=Fraction(60), controls=controls)
    azure = to_azure(performance)
    assert azure.shape == (90, 55)
    middle = azure[45]
    assert middle[AZURE.index("eyeLookOutLeft")] == pytest.approx(0.2, abs=0.01)
    assert middle[AZURE.index("eyeLookInRight")] == pytest.approx(0.2, abs=0.01)
    assert middle[AZURE.index("eyeLookDownLeft")] == pytest.approx(0.1, abs=0.01)
    assert middle[AZURE.index("eyeLookInLeft")] == 0.0
    jaw = performance.values[:, INDEX["jawOpen"]]
    assert (azure[:, AZURE.index("jawOpen")] == jaw).all()


def test_oculus_weights_sum_to_one_and_follow_the_phones() -> None:
    phones = [Phone("m", 0.5, 0.6), Phone("aɪ", 0.6, 0.9, 1), Phone("ʃ", 0.9, 1.1)]
    weights = to_oculus(phones, frames=60, rate=R30)
    assert np.allclose(weights.sum(1), 1.0, atol=1e-6) and weights.min() >= 0.0
    names = [OCULUS[i] for i in weights.argmax(1)]
    assert [n for n, m in zip(names, [None, *names], strict=False) if n != m] == [
        "sil", "PP", "aa", "I", "CH", "sil",
    ]  # fmt: skip
