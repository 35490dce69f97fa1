"""Narrations in files: they come back exactly, and damaged files are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from narrate.errors import StoreError
from narrate.narration_file import load_narration, save_narration
from narrate.speech.level import round_to_16_bits
from narrate.vocabulary import Narration, Samples, SpokenPhone, Unread, Word


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


def test_what_was_not_read_is_kept(tmp_path: Path) -> None:
    said = Narration(
        np.zeros(10, np.float32), (), (), unread=(Unread(2, "It cannot read it.", "Write it."),)
    )
    save_narration(said, tmp_path / "a")
    assert load_narration(tmp_path / "a").unread == said.unread
