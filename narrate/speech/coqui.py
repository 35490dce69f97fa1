"""Coqui TTS (extra `coqui`, MPL-2.0; needs torch): single-speaker models that the user has.

The folder `coqui` of the user's model folder holds one folder a model, with `config.json` and a
`.pth` file. Word times are left to recognition, and there are no phones: a presenter's lips rest.
"""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from lessons.model import Utterance
from narrate.errors import ModelError, VoiceError
from narrate.model import Speech, Word
from narrate.models import file_digest, model_folder
from narrate.speech.base import Voice, VoiceInfo, pick, require
from narrate.speech.level import fade_edges, resample, sounding

VERSION = 1
INSTALL = "Install it: pip install 'narrate-lectures[coqui]'"
SEED = 0
GAIN_DB = 6.0


class Coqui:
    name = "coqui"

    def voices(self) -> list[VoiceInfo]:
        installed = find_spec("TTS") is not None
        folder = model_folder() / "coqui"
        found = []
        for config in sorted(folder.glob("*/config.json")):
            settings = json.loads(config.read_text(encoding="utf-8"))
            language = str(settings.get("phoneme_language") or config.parent.name.partition("-")[0])
            found.append(
                VoiceInfo(
                    id=f"coqui/{config.parent.name}",
                    engine="coqui",
                    languages=(language,),
                    licence="MPL-2.0 (engine); the model's own",
                    sample_rate=int(settings.get("audio", {}).get("sample_rate", 22_050)),
                    honours=frozenset(),
                    times="recognition",
                    missing="" if installed else INSTALL,
                )
            )
        if not found:
            missing = f"Put a model's folder (config.json and its .pth) into {folder}"
            missing = missing if installed else f"{INSTALL}. {missing}"
            found.append(
                VoiceInfo("coqui/…", "coqui", ("en-US",), "MPL-2.0", 22_050, missing=missing)
            )
        return found

    def version(self, voice: str, language: str) -> str:
        info = pick(self.voices(), self.name, voice, language)
        require(info)
        return _version(info.id)

    def open(self, voice: str, language: str) -> Voice:
        info = pick(self.voices(), self.name, voice, language)
        require(info)
        return _open(info)


def _weights(name: str) -> Path:
    folder = model_folder() / "coqui" / name.partition("/")[2]
    found = sorted(folder.glob("*.pth"))
    if not found:
        raise ModelError(
            f"The model '{name}' has no .pth file.", remedy="Copy it there.", path=str(folder)
        )
    return found[0]


@lru_cache
def _version(name: str) -> str:
    weights = _weights(name)
    digests = [file_digest(p)[:16] for p in (weights, weights.with_name("config.json"))]
    packages = ", ".join(f"{p} {version(p)}" for p in ("coqui-tts", "torch"))
    return f"{name} {VERSION} {' '.join(digests)} {packages}, threads 1, seed {SEED}"


@lru_cache(maxsize=1)
def _open(info: VoiceInfo) -> CoquiVoice:
    return CoquiVoice(info)


class CoquiVoice:
    def __init__(self, info: VoiceInfo) -> None:
        from TTS.api import TTS

        weights = _weights(info.id)
        config = weights.with_name("config.json")
        self._model = TTS(model_path=str(weights), config_path=str(config), progress_bar=False)
        self.info = info
        self.version = _version(info.id)

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        import torch

        if any(token.phones for token in utterance.tokens):
            raise VoiceError(
                f"The voice '{self.info.id}' cannot be given a pronunciation in IPA.",
                remedy="Write it as a respelling, or use another voice.",
                line=utterance.line,
            )
        if rate * utterance.rate != 1.0:
            raise VoiceError(
                f"The voice '{self.info.id}' cannot change its speed.",
                remedy="Leave the speed at 1, or use another voice.",
                line=utterance.line,
            )
        sound = np.zeros(0, np.float32)
        if utterance.spoken:
            torch.set_num_threads(1)  # more change the bytes
            torch.manual_seed(SEED)
            sound = np.asarray(self._model.tts(text=utterance.spoken), np.float32)
        own = self.info.sample_rate
        first, last = sounding(sound, own)
        gain = np.float32(10 ** (GAIN_DB / 20))
        samples = resample(fade_edges(sound[first:last] * gain, own), own)
        # Placed by length for now: no confidence tells the aligner to find the true times.
        lengths = np.cumsum([0, *(len(token.spoken) for token in utterance.tokens)])
        edges = [round(len(samples) * int(n) / max(int(lengths[-1]), 1)) for n in lengths]
        words = tuple(
            Word(token.written, edges[at], edges[at + 1], token=at, confidence=0.0)
            for at, token in enumerate(utterance.tokens)
        )
        return Speech(samples, words, ())
