"""Piper (extra `piper`, GPL-3.0): voices for over thirty languages from files that the user has.

The folder `piper` of the user's model folder holds pairs `NAME.onnx` and `NAME.onnx.json`. Piper
reads text through espeak-ng's rules; its models say how long each phoneme lasts.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from lessons.model import Utterance
from narrate.errors import ModelError, VoiceError
from narrate.model import Speech
from narrate.models import file_digest, model_folder
from narrate.speech.base import Voice, VoiceInfo, pick, require
from narrate.speech.kokoro_alphabet import LONG, MODIFIERS, PUNCTUATION, STRESS, Sounded
from narrate.speech.onnx_outputs import with_output
from narrate.speech.parts import Part, join_parts, timed_part

VERSION = 1
INSTALL = "Install it: pip install 'narrate-lectures[piper]'"
DURATIONS = "/Ceil_output_0"  # hops a symbol
HOP = 256
# VITS draws noise that cannot be seeded through ONNX Runtime: without it the bytes repeat, and the
# voice is a little flatter.
NOISE = (0.0, 0.0)
GAIN_DB = 9.5  # brings en_US-joe to -16 LUFS; voices differ by some dB
NOT_SAID = -1
_PAIRS = {"eɪ", "aɪ", "aʊ", "oʊ", "əʊ", "ɔɪ", "tʃ", "dʒ", "ts", "pf"}
_IPA = {"ᵻ": "ɪ", "ɐ": "ə", "g": "ɡ", "r": "r", "ɜː": "ɝ"}


class Piper:
    name = "piper"

    def voices(self) -> list[VoiceInfo]:
        installed = find_spec("piper") is not None
        found = []
        for path in sorted((model_folder() / "piper").glob("*.onnx")):
            settings = _settings(path)
            found.append(
                VoiceInfo(
                    id=f"piper/{path.stem}",
                    engine="piper",
                    languages=(_language(settings, path),),
                    licence="GPL-3.0 (engine); the voice's own",
                    sample_rate=int(settings["audio"]["sample_rate"]),
                    missing="" if installed else INSTALL,
                )
            )
        if not found:
            missing = f"Put a voice (NAME.onnx, NAME.onnx.json) into {model_folder() / 'piper'}"
            missing = missing if installed else f"{INSTALL}. {missing}"
            found.append(
                VoiceInfo("piper/…", "piper", ("en-US",), "GPL-3.0", 22_050, missing=missing)
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


def _path(name: str) -> Path:
    return model_folder() / "piper" / f"{name.partition('/')[2]}.onnx"


def _settings(path: Path) -> dict[str, Any]:
    beside = path.with_name(f"{path.name}.json")
    try:
        settings: dict[str, Any] = json.loads(beside.read_text(encoding="utf-8"))
        int(settings["audio"]["sample_rate"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The Piper voice has no usable {beside.name} beside it ({error}).",
            remedy="Copy the file that came with the voice.",
            path=str(path),
        ) from error
    return settings


def _language(settings: dict[str, Any], path: Path) -> str:
    code = settings.get("language", {}).get("code") or path.stem.partition("-")[0]
    return str(code).replace("_", "-")


@lru_cache
def _version(name: str) -> str:
    path = _path(name)
    packages = ", ".join(f"{p} {version(p)}" for p in ("piper-tts", "onnxruntime", "numpy"))
    beside = path.with_name(f"{path.name}.json")
    return f"{name} {VERSION} {file_digest(path)[:16]} {file_digest(beside)[:16]} {packages}"


@lru_cache(maxsize=2)
def _open(info: VoiceInfo) -> PiperVoice:
    return PiperVoice(info)


class PiperVoice:
    def __init__(self, info: VoiceInfo) -> None:
        import onnxruntime as ort
        from piper.config import PiperConfig
        from piper.voice import PiperVoice as Reader

        path = _path(info.id)
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # more change the bytes
        options.log_severity_level = 3
        try:
            self._session = ort.InferenceSession(
                with_output(path.read_bytes(), DURATIONS),
                options,
                providers=["CPUExecutionProvider"],
            )
        except Exception as error:  # onnxruntime's own classes share no other base
            raise ModelError(
                f"This is not a Piper voice whose durations are known ({error}).",
                remedy="Use a voice trained with Piper, as published.",
                path=str(path),
            ) from error
        # Only its reading of text is used, with our own session.
        self._reader = Reader(session=self._session, config=PiperConfig.from_dict(_settings(path)))
        self.info = info
        self.version = _version(info.id)

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        if any(token.phones for token in utterance.tokens):
            raise VoiceError(
                f"The voice '{self.info.id}' cannot be given a pronunciation in IPA.",
                remedy="Write it as a respelling, or use another voice.",
                line=utterance.line,
            )
        symbols, owners = self._symbols(utterance)
        parts = [self._part(symbols, owners, rate * utterance.rate)] if symbols else []
        return join_parts(utterance, parts)

    def _symbols(self, utterance: Utterance) -> tuple[list[str], list[int]]:
        """Phonemes of the sentence, each with its token; read whole where the words can be told
        apart in what comes back, else token by token."""
        said = [(i, t.spoken) for i, t in enumerate(utterance.tokens) if t.spoken]
        chunks = [index for index, spoken in said for _ in spoken.split()]
        whole = self._read(" ".join(spoken for _, spoken in said))
        if whole.count(" ") == len(chunks) - 1:
            owners, word = [], 0
            for symbol in whole:
                word += symbol == " "
                owners.append(_owner(symbol, chunks[word]))
            return whole, owners
        symbols: list[str] = []
        owners = []
        for index, spoken in said:
            piece = [*([" "] if symbols else []), *self._read(spoken)]
            symbols += piece
            owners += [_owner(symbol, index) for symbol in piece]
        return symbols, owners

    def _read(self, text: str) -> list[str]:
        known = self._reader.config.phoneme_id_map
        sentences: list[list[str]] = self._reader.phonemize(text)
        joined: list[str] = []
        for sentence in sentences:
            joined += [*([" "] if joined else []), *(s for s in sentence if s in known)]
        return joined

    def _part(self, symbols: Sequence[str], owners: Sequence[int], rate: float) -> Part:
        # Beginning, then each phoneme and a pad, then the end.
        known = self._reader.config.phoneme_id_map
        pad = known["_"]
        ids, spans = [*known["^"], *pad], []
        for symbol in symbols:
            start = len(ids)
            ids += [*known[symbol], *pad]
            spans.append((start, len(ids)))
        ids += known["$"]
        feed: dict[str, Any] = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array([NOISE[0], 1.0 / rate, NOISE[1]], np.float32),
        }
        if self._reader.config.num_speakers > 1:
            feed["sid"] = np.array([0], np.int64)
        *sound, hops = self._session.run(None, feed)
        own = self.info.sample_rate
        edges = np.concatenate(([0.0], np.cumsum(hops.reshape(-1)) * HOP / own))
        return timed_part(
            np.asarray(sound[0], np.float32).reshape(-1),
            own,
            symbols,
            _sounded(symbols, owners),
            owners,
            np.array([edges[start] for start, _ in spans]),
            np.array([edges[end] for _, end in spans]),
            gain_db=GAIN_DB,
            shift=-0.007,  # its boundaries are that late by energy
        )


def _owner(symbol: str, token: int) -> int:
    return NOT_SAID if symbol == " " or symbol in PUNCTUATION else token


def _sounded(symbols: Sequence[str], owners: Sequence[int]) -> list[Sounded]:
    """IPA phones of espeak's symbols: stress and length folded in, pairs joined."""
    phones: list[Sounded] = []
    stress, marked = 0, -1
    for at, (symbol, owner) in enumerate(zip(symbols, owners, strict=True)):
        before = phones[-1] if phones and phones[-1].last == at - 1 else None
        if owner == NOT_SAID:
            stress, marked = 0, -1
        elif symbol in STRESS:
            stress, marked = STRESS[symbol], at
        elif symbol in MODIFIERS or symbol == LONG:
            if before is not None:
                name = before.symbol + (LONG if symbol == LONG else "")
                phones[-1] = Sounded(_IPA.get(name, name), before.stress, before.first, at)
        elif before is not None and before.symbol + symbol in _PAIRS:
            phones[-1] = Sounded(before.symbol + symbol, before.stress, before.first, at)
        else:
            vowel = symbol in "aeiouyæɑɒɔəɐɛɜɚɪʊʌᵻøœɯɨ"
            first = marked if marked == at - 1 >= 0 else at
            phones.append(Sounded(_IPA.get(symbol, symbol), stress if vowel else 0, first, at))
            stress, marked = (0 if vowel else stress), -1
    return phones
