"""hibari, the default engine: small English voices (Apache-2.0); one is part of its package.

The G2P reads each token's `spoken` words in the context of the sentence, and the durations of the
model's length regulator give the times of phones and words (`narrate.speech.timing`).

Single words can be faster, slower, stronger or weaker without a change of the sentence's
intonation: the length regulator gets a speed for each symbol, and the pitch and level of the
spectra are changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from foundation.files import bytes_digest
from foundation.problem import Place
from lessons.model import Token, Utterance
from narrate.errors import ModelError
from narrate.models import REINSTALL_HIBARI, find_model_file, find_package_file, read_hibari_asset
from narrate.speech import emphasis
from narrate.speech.base import (
    CAPABILITIES,
    Voice,
    VoiceInfo,
    pick_voice,
    require_ready,
)
from narrate.speech.kokoro.english import find_unknown_sounds, make_phoneme_text
from narrate.speech.kokoro_sound import MOST_SYMBOLS, RATE, make_kokoro_part
from narrate.speech.model_files import describe_releases, open_session
from narrate.speech.onnx_inputs import free_input_length
from narrate.speech.onnx_outputs import add_output
from narrate.speech.parts import Part, join_parts
from narrate.speech.phoneme_text import NOT_SAID, PhonemeText, split_at_clauses
from narrate.vocabulary import Speech

DURATIONS = "/Clip_output_0"  # the tensor of each symbol's frames, in the length regulator
UNROUNDED = "/Div_40_output_0"  # the same before rounding
HOPS_A_FRAME = 2  # of the spectra
SMOOTHING_HOPS = 5  # 62 ms, about the shortest pitch movement on a syllable
SEED = 0  # of the noise in unvoiced sound
# The gain that brings a voice's speech to -16 LUFS (ITU-R BS.1770, measured over the sentences of
# benchmarks/speech_times.py). It is fixed, so that the level does not depend on what is said.
GAIN_DB: Mapping[str, float] = {"heart": 10.4}
OTHER_GAIN_DB = 10.4


class HibariEngine:
    name = "hibari"

    def voices(self) -> list[VoiceInfo]:
        out = []
        for name, entry in _load_registry().items():
            missing = ""
            if not entry.get("bundled") and _find_model(name) is None:
                missing = f"Fetch it once: narrate models fetch hibari/{name}"
            out.append(
                VoiceInfo(
                    id=f"hibari/{name}",
                    engine="hibari",
                    languages=(str(entry["language"]),),
                    licence="Apache-2.0",
                    sample_rate=RATE,
                    capabilities=CAPABILITIES,
                    missing=missing,
                )
            )
        if not out:
            remedy = "Install it: pip install 'hibari-tts[fast]==0.2.1'"
            out.append(
                VoiceInfo("hibari/heart", "hibari", ("en-US",), "Apache-2.0", RATE, missing=remedy)
            )
        return out

    def version(self, voice: str, language: str) -> str:
        info = pick_voice(self.voices(), self.name, voice, language)
        require_ready(info)
        return _make_version(info.id.partition("/")[2])

    def find_unknown_sounds(self, phones: str, voice: str, language: str) -> Sequence[str]:
        return find_unknown_sounds(phones, frozenset(_load_vocabulary()))

    def open(self, voice: str, language: str) -> Voice:
        info = pick_voice(self.voices(), self.name, voice, language)
        require_ready(info)
        return _open(info.id.partition("/")[2], info)


@lru_cache(maxsize=1)
def _load_registry() -> dict[str, dict[str, Any]]:
    """The package's own list of voices, read without importing the package."""
    return read_hibari_asset("voices.json")


@lru_cache(maxsize=1)
def _load_vocabulary() -> dict[str, int]:
    return read_hibari_asset("vocab.json")


def _find_model(name: str) -> Path | None:
    entry = _load_registry()[name]
    if entry.get("bundled"):
        return find_package_file("hibari", "assets", str(entry["file"]))
    return find_model_file("hibari", str(entry["file"]))


@lru_cache
def _make_version(name: str) -> str:
    packages = describe_releases("hibari-tts", "onnxruntime", "numpy", "scipy")
    digest = str(_load_registry().get(name, {}).get("sha256", ""))[:16]
    made = f"{digest} {packages}"
    return f"hibari/{name} {made}, threads 1, seed {SEED}"


@lru_cache(maxsize=2)
def _open(name: str, info: VoiceInfo) -> HibariVoice:
    return HibariVoice(name, info)


class HibariVoice:
    """A loaded model and its G2P, about 150 MB of memory."""

    def __init__(self, name: str, info: VoiceInfo) -> None:
        from hibari.g2p import G2P

        path, entry = _find_model(name), _load_registry()[name]
        assert path is not None
        model = path.read_bytes()
        if bytes_digest(model) != entry["sha256"]:
            raise ModelError(
                "The file of this voice has another SHA-256 than the one that its package lists.",
                remedy=(
                    REINSTALL_HIBARI
                    if entry.get("bundled")
                    else f"Delete it and fetch it again: narrate models fetch hibari/{name}"
                ),
                place=Place(str(path)),
            )
        self._session = open_session(
            add_output(add_output(free_input_length(model, "speed"), DURATIONS), UNROUNDED),
            path,
            expected="a model of hibari",
            remedy=REINSTALL_HIBARI,
        )
        self._vocabulary = _load_vocabulary()
        self._g2p = G2P(british=bool(entry["british"]))
        self._gain_db = GAIN_DB.get(name, OTHER_GAIN_DB)
        self.info = info
        self.version = _make_version(name)

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        text = make_phoneme_text(
            self._g2p, utterance, frozenset(self._vocabulary), voice=self.info.id
        )
        rate *= utterance.rate
        parts = [
            self._speak_part(part, utterance.tokens, rate)
            for part in split_at_clauses(text, MOST_SYMBOLS)
        ]
        return join_parts(utterance, parts)

    def _speak_part(self, text: PhonemeText, tokens: Sequence[Token], rate: float) -> Part:
        from hibari import dsp

        ids = np.array([[0, *(self._vocabulary[symbol] for symbol in text.symbols), 0]], np.int64)
        speeds = np.full(ids.shape[1], rate, np.float32)
        owners = [NOT_SAID, *text.tokens, NOT_SAID]
        paces = emphasis.compute_paces(tokens, owners)
        if any(pace != 1.0 for pace in paces):
            usual, exact = self._session.run([DURATIONS, UNROUNDED], {"ids": ids, "speed": speeds})
            speeds = emphasis.compute_speeds(rate, usual.reshape(-1), exact.reshape(-1), paces)
        *spectra, frames, _ = self._session.run(None, {"ids": ids, "speed": speeds})
        lh, theta, ln, lr, phi, f0 = (x[0] for x in spectra)
        hops = np.repeat(owners, frames.reshape(-1).astype(int) * HOPS_A_FRAME)
        if (marked := emphasis.make_curves(tokens, hops.tolist(), SMOOTHING_HOPS)) is not None:
            pitch, level_db = marked
            f0 = f0 * pitch
            gain = level_db * np.float32(np.log(10) / 20)  # the spectra are logarithms
            lh, ln, lr = lh + gain, ln + gain, lr + gain
        sound = dsp.synth(lh, theta, ln, lr, phi, f0, np.random.default_rng(SEED))
        return make_kokoro_part(sound, text, frames, gain_db=self._gain_db)
