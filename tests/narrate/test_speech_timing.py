"""Times corrected to the sound, and sound that joins without clicks, on made sounds."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from narrate.clock import SAMPLE_RATE
from narrate.errors import StoreError
from narrate.speech import kokoro_alphabet as alphabet
from narrate.speech.kokoro_text import NOT_SAID, PhonemeText, split_at_clauses
from narrate.speech.level import fade_edges, find_sounding, limit, resample, round_to_16_bits
from narrate.speech.narration_file import load_narration, save_narration
from narrate.speech.onnx_outputs import add_output
from narrate.speech.timing import Gap, correct_boundaries, find_silences
from narrate.vocabulary import Narration, Samples, SpokenPhone, Word

RATE = 24_000
VOWELS = ["ɑ", "i", "u", "ɛ"]  # no landmark between them


def _bursts(*spans: tuple[float, float], length: float) -> Samples:
    """A 200 Hz tone in the given spans of seconds."""
    time = np.arange(round(length * RATE)) / RATE
    sound = 0.5 * np.sin(2 * np.pi * 200 * time)
    inside = np.zeros(len(time), bool)
    for start, end in spans:
        inside[round(start * RATE) : round(end * RATE)] = True
    return np.where(inside, sound, 0).astype(np.float32)


def test_silences_are_found_to_milliseconds() -> None:
    sound = _bursts((0.2, 0.5), (0.9, 1.3), length=1.5)
    found = find_silences(sound, RATE)
    assert np.allclose(found, [(0, 0.2), (0.5, 0.9), (1.3, 1.5)], atol=0.006)


def test_phones_beside_a_pause_are_cut_at_the_sound() -> None:
    sound = _bursts((0.2, 0.5), (0.9, 1.3), length=1.5)
    # Late by 45 ms, and the phone before the pause swallows the silence.
    raw = [(0.245, 0.4), (0.4, 0.8), (0.95, 1.1), (1.1, 1.5)]
    gaps = [Gap(), Gap(), Gap(space=True, pause=True), Gap()]
    times = correct_boundaries(raw, gaps, VOWELS[: len(raw)], sound, RATE)
    expected = [(0.2, 0.355), (0.355, 0.5), (0.9, 1.055), (1.055, 1.3)]
    assert np.allclose(times, expected, atol=0.006)


def test_a_silence_belongs_to_the_punctuation_near_it() -> None:
    sound = _bursts((0.1, 0.5), (0.9, 1.3), length=1.4)
    # `of it, and`: the last phone of `it` is given the silence, and its first one touches it.
    raw = [(0.1, 0.3), (0.3, 0.56), (0.56, 0.9), (0.95, 1.35)]
    gaps = [Gap(), Gap(space=True), Gap(), Gap(space=True, pause=True)]
    times = correct_boundaries(raw, gaps, VOWELS[: len(raw)], sound, RATE)
    assert times[2][1] == pytest.approx(0.5, abs=0.006)
    assert times[3][0] == pytest.approx(0.9, abs=0.006)


def test_a_closure_inside_a_word_is_no_pause() -> None:
    sound = _bursts((0.1, 0.4), (0.5, 0.9), length=1.0)
    raw = [(0.145, 0.4), (0.4, 0.6), (0.6, 0.945)]
    times = correct_boundaries(raw, [Gap()] * 3, VOWELS[:3], sound, RATE)
    assert [end for _, end in times[:-1]] == [start for start, _ in times[1:]]


def test_times_stay_in_order_when_durations_make_no_sense() -> None:
    sound = _bursts((0.1, 0.4), length=0.5)
    raw = [(0.0, 0.0), (0.9, 0.9), (0.2, 0.1), (2.0, 3.0)]
    times = correct_boundaries(raw, [Gap()] * 4, VOWELS, sound, RATE)
    assert all(start < end for start, end in times)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(times))
    assert times[0][0] == pytest.approx(0.1, abs=0.006)
    assert times[-1][1] == pytest.approx(0.4, abs=0.006)


def test_sounding_cuts_silence_and_keeps_a_little_room() -> None:
    sound = _bursts((0.3, 0.7), length=1.0)
    first, last = find_sounding(sound, RATE)
    assert 0.27 < first / RATE < 0.295 and 0.71 < last / RATE < 0.75
    assert find_sounding(np.zeros(1000, np.float32), RATE) == (0, 0)
    assert find_sounding(np.zeros(0, np.float32), RATE) == (0, 0)


def test_resampling_keeps_times_and_level() -> None:
    out = resample(_bursts((0.25, 0.75), length=1.0), RATE)
    assert len(out) == SAMPLE_RATE
    loud = np.flatnonzero(np.abs(out) > 0.05)
    assert loud[0] / SAMPLE_RATE == pytest.approx(0.25, abs=0.002)
    assert np.abs(out[SAMPLE_RATE // 2 - 1000 : SAMPLE_RATE // 2]).max() == pytest.approx(
        0.5, abs=0.01
    )


def test_edges_fade_to_nothing() -> None:
    out = fade_edges(np.full(4800, 0.5, np.float32), SAMPLE_RATE)
    assert out[0] == 0 and abs(out[-1]) < 0.001 and out[2400] == 0.5
    assert np.abs(np.diff(out)).max() < 0.01


def test_true_peaks_are_held_and_quiet_sound_is_untouched() -> None:
    from scipy.signal import resample_poly

    # At an eighth of the sample rate with this phase, peaks fall between samples.
    wave = np.sin(2 * np.pi * np.arange(9600) / 8 + np.pi / 8)
    loud = (wave * np.linspace(0.1, 1.6, 9600)).astype(np.float32)
    held = limit(loud)
    assert np.abs(resample_poly(held.astype(np.float64), 8, 1)).max() <= 10 ** (-1.5 / 20) + 0.002
    assert np.array_equal(held[:2000], loud[:2000])
    quiet = (0.3 * wave).astype(np.float32)
    assert np.array_equal(limit(quiet), quiet)


def test_an_inner_tensor_becomes_an_output() -> None:
    name = "x" * 200  # long enough that lengths take two bytes
    added = add_output(b"model", name)[len(b"model") :]
    assert added[0] == 7 << 3 | 2 and added.endswith(name.encode())
    assert added[1] & 127 | added[2] << 7 == len(added) - 3


def test_misaki_symbols_become_ipa_phones() -> None:
    symbols = "ʤˈʌmpt ˌOvəɹ əɹˈWnd ðə bˈɜɹd."
    words, word = [], 0
    for symbol in symbols:
        word += symbol == " "
        words.append(-1 if symbol in " ." else word)
    phones = alphabet.find_phones(symbols, words)
    text = " ".join(p.symbol for p in phones)
    assert text == "dʒ ʌ m p t oʊ v ɚ ə ɹ aʊ n d ð ə b ɝ d"
    assert [(p.symbol, p.stress) for p in phones if p.stress] == [
        ("ʌ", 1),
        ("oʊ", 2),
        ("aʊ", 1),
        ("ɝ", 1),
    ]
    covered = sorted(i for p in phones for i in range(p.first, p.last + 1))
    assert covered == [i for i, c in enumerate(symbols) if c not in " ."]


@pytest.mark.parametrize(
    ("ipa", "misaki"),
    [
        ("/həˈloʊ/", "həlˈO"),
        ("ˈhɔɪɡənz", "hˈYɡənz"),
        ("t͡ʃɪˈkɑɡoʊ", "ʧɪkˈɑɡO"),
        ("bɝd", "bɜɹd"),
        ("ˈreɪ.li", "ɹˈAli"),
    ],
)
def test_written_ipa_is_understood(ipa: str, misaki: str) -> None:
    assert alphabet.convert_ipa(ipa) == misaki


def test_long_sentences_are_split_at_clauses_and_lose_nothing() -> None:
    symbols = tuple(("ab cd, " * 6 + "ef gh " * 10).strip())
    text = PhonemeText(symbols, tuple(NOT_SAID if c in " ," else 0 for c in symbols))
    parts = split_at_clauses(text, 30)
    assert all(len(part.symbols) <= 30 for part in parts)
    assert "".join("".join(part.symbols) for part in parts) == "".join(symbols)
    assert "".join(parts[0].symbols).endswith(", ")
    unbroken = PhonemeText(tuple("a" * 70), (0,) * 70)
    assert [len(part.symbols) for part in split_at_clauses(unbroken, 30)] == [30, 30, 10]


def _narration(samples: Samples) -> Narration:
    words = (Word("naïve", 3, 40, 0, 0, 0.75), Word("→", 40, 40, 1, 0))
    return Narration(
        samples, words, (SpokenPhone("tʃ", 3, 9), SpokenPhone("aɪ", 9, 40, 1)), (0, 17)
    )


@pytest.mark.parametrize("exact_in_16_bits", [True, False])
def test_a_stored_narration_comes_back_exactly(exact_in_16_bits: bool, tmp_path: Path) -> None:
    sound = np.random.default_rng(1).uniform(-1, 1, 500).astype(np.float32)
    narration = _narration(round_to_16_bits(sound) if exact_in_16_bits else sound)
    one, two = tmp_path / "one", tmp_path / "two"
    save_narration(narration, one)
    save_narration(narration, two)
    back = load_narration(one)
    assert np.array_equal(back.samples, narration.samples) and back.samples.dtype == np.float32
    assert (back.words, back.phones, back.steps) == (
        narration.words,
        narration.phones,
        narration.steps,
    )
    assert one.read_bytes() == two.read_bytes()
    assert one.stat().st_size < (500 * 2 if exact_in_16_bits else 500 * 4) + 400


def test_a_damaged_narration_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "narration"
    save_narration(_narration(np.zeros(100, np.float32)), path)
    whole = path.read_bytes()
    for content in (b"", b"RIFF", whole[:40], whole[:-1], whole[:-2]):
        path.write_bytes(content)
        with pytest.raises(StoreError, match="cannot be read"):
            load_narration(path)
    with pytest.raises(StoreError):
        load_narration(tmp_path / "missing")
