"""Whisper through CTranslate2: up to 30 s of sound are encoded once, and the encoding is used to
align a known text and to recognise what is said.

The model takes sound at 16 kHz; times are seconds in the encoded sound.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.languages import find_script, primary
from foundation.problem import Place
from narrate.align.segmentation import is_unspaced
from narrate.clock import SAMPLE_RATE
from narrate.errors import ModelError
from narrate.models import find_whisper, load_embedded_whisper
from narrate.vocabulary import Samples

RATE = 16_000
WINDOW_SECONDS = 30  # what Whisper was trained on
HOP = 160  # samples in a feature frame
FRAMES_A_SECOND = 50  # frames of the encoder
MOST_TOKENS = 440  # Whisper's 448 minus its prompt
MEDIAN_WIDTH = 7  # frames of the filter over attention, as in Whisper's own timing
# More threads would change the results; work is spread over processes instead.
THREADS = 1
CUBLAS = ("libcublas.so.12", "cublas64_12.dll")  # loaded by CTranslate2 4 on a GPU
# Silence that is added after the sound. Padding to 30 s, as Whisper does itself, costs twice the
# time for a usual slide and gives the same words; with less than a second the model repeats itself.
PADDING_SECONDS = 2
TOKENS_A_SECOND, LETTERS_A_SECOND = 8, 20  # measured: at most 5.4, and 11 to 12 (Hindi)
_SHORT_SCRIPTS = ("", "Latn", "Cyrl")
# Whisper's codes for languages whose tag is another today: Javanese and Filipino.
_OLD_CODES = {"jv": "jw", "fil": "tl"}


@dataclass(frozen=True, slots=True)
class Device:
    """Where the model runs and in which arithmetic; `reason` says why it is not the GPU."""

    name: str
    compute: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """When a word of a known text is said, and how probable its tokens are in the sound (0..1)."""

    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class EncodedWindow:
    """Encoded sound; `frames` is the number of its feature frames without the padding."""

    encoding: Any
    frames: int


class Whisper:
    """A loaded model. `open_whisper` keeps one for each process."""

    def __init__(self, name: str | None) -> None:
        from faster_whisper import WhisperModel

        device = choose_device()
        settings: dict[str, Any] = {
            "device": device.name,
            "compute_type": device.compute,
            "cpu_threads": THREADS,
            "num_workers": 1,
        }
        folder = find_whisper(name)
        try:
            if folder is None:
                self._model = WhisperModel("embedded", files=load_embedded_whisper(), **settings)
            else:
                self._model = WhisperModel(str(folder), **settings)
        except (RuntimeError, ValueError) as error:
            raise ModelError(
                f"The recognition model cannot be loaded on the {device.name} ({error}).",
                remedy="It must be a Whisper model that was converted for CTranslate2."
                + (" To run on the CPU, set NARRATE_DEVICE=cpu." if device.name != "cpu" else ""),
                place=Place(name or ""),
            ) from error

    def knows(self, language: str) -> bool:
        """Whether the model recognises a language, by Whisper's code for it."""
        return language in self._model.supported_languages

    def encode(self, samples: Samples) -> EncodedWindow:
        """Encode at most `WINDOW_SECONDS` of sound at `RATE`."""
        from faster_whisper.audio import pad_or_trim

        features = self._model.feature_extractor(samples)
        frames = min(features.shape[-1], len(samples) // HOP, WINDOW_SECONDS * RATE // HOP)
        length = min(frames + PADDING_SECONDS * RATE // HOP, WINDOW_SECONDS * RATE // HOP)
        return EncodedWindow(self._model.encode(pad_or_trim(features[:, :frames], length)), frames)

    def place(self, window: EncodedWindow, words: Sequence[str], language: str) -> list[PlacedWord]:
        """When each word of a known text is said, by Whisper's cross-attention, without
        decoding."""
        tokenizer = self.tokenizer(language)
        pieces = [tokenizer.encode(write_for(language, word)) for word in words]
        ids = [token for piece in pieces for token in piece][:MOST_TOKENS]
        if not ids:
            return [PlacedWord(0.0, 0.0, 0.0) for _ in words]
        result = self._model.model.align(
            window.encoding,
            tokenizer.sot_sequence,
            [ids],
            window.frames,
            median_filter_width=MEDIAN_WIDTH,
        )[0]
        starts = _find_token_starts(result.alignments, len(ids), window.frames)
        logs = np.log(np.maximum(np.array(result.text_token_probs, np.float64), 1e-9))
        placed, at = [], 0
        for piece in pieces:
            a, b = min(at, len(ids)), min(at + len(piece), len(ids))
            probability = float(np.exp(logs[a:b].mean())) if b > a else 0.0
            placed.append(PlacedWord(float(starts[a]), float(starts[b]), probability))
            at += len(piece)
        return placed

    def recognise(self, window: EncodedWindow, language: str) -> str:
        """The text that is heard, decoded greedily. The script is never given as a prompt, since
        Whisper would then leave out whole sentences."""
        tokenizer = self.tokenizer(language)
        seconds = window.frames * HOP / RATE
        result = self._model.model.generate(
            window.encoding,
            [[*tokenizer.sot_sequence, tokenizer.no_timestamps]],
            beam_size=1,
            max_length=min(448, 20 + round(find_most_tokens(language) * seconds)),
        )[0]
        text: str = tokenizer.decode(result.sequences_ids[0])
        return text

    def detect_languages(self, window: EncodedWindow) -> list[tuple[str, float]]:
        """Whisper's codes of the languages that may be spoken, each with its probability; empty
        for a model of English alone."""
        if not self._model.model.is_multilingual:
            return []
        found = self._model.model.detect_language(window.encoding)[0]
        return [(token.strip("<|>"), float(probability)) for token, probability in found]

    def tokenizer(self, language: str) -> Any:
        """faster-whisper's tokenizer for a language; it is kept."""
        return _make_tokenizer(self, language)

    @property
    def model(self) -> Any:
        return self._model


@lru_cache(maxsize=8)
def _make_tokenizer(whisper: Whisper, language: str) -> Any:
    from faster_whisper.tokenizer import Tokenizer

    model = whisper.model
    return Tokenizer(
        model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language
    )


@lru_cache(maxsize=1)
def open_whisper(name: str | None = None) -> Whisper:
    """The embedded model, or one by its path or by its name in the user's model folder, such as a
    size of faster-whisper that has been fetched. Raises `ModelError`."""
    return Whisper(name)


def find_language_code(language: str) -> str:
    """Whisper's code for a language (a BCP 47 tag), whether the model knows it or not."""
    code = primary(language)
    return _OLD_CODES.get(code, code)


def find_most_tokens(language: str) -> int:
    """The most tokens that are said in a second, which ends a loop of the decoder. A token of Latin
    or Cyrillic script has several letters; in other scripts a letter may be several tokens."""
    return TOKENS_A_SECOND if find_script(language) in _SHORT_SCRIPTS else LETTERS_A_SECOND


def find_tag(code: str) -> str:
    """The BCP 47 tag of a language that Whisper names by its code."""
    return next((tag for tag, old in _OLD_CODES.items() if old == code), code)


@lru_cache(maxsize=1)
def choose_device() -> Device:
    """The GPU if CTranslate2 can use one, and the CPU otherwise. The environment variable
    NARRATE_DEVICE, `cpu` or `cuda`, overrides this. Loads no model. Raises ModelError."""
    import ctranslate2

    wanted = os.environ.get("NARRATE_DEVICE", "")
    if wanted not in ("", "cpu", "cuda"):
        raise ModelError(
            f"NARRATE_DEVICE is '{wanted}', which is not a device.",
            remedy="Set it to cpu or cuda, or do not set it.",
        )
    cpu = Device("cpu", "int8")
    if wanted == "cpu":
        return cpu
    reason = ""
    if ctranslate2.get_cuda_device_count() == 0:
        reason = "CTranslate2 finds no CUDA GPU"
    elif not _loads_cublas():
        reason = "cuBLAS 12 is missing: pip install nvidia-cublas-cu12"
    if not reason:
        known = ctranslate2.get_supported_compute_types("cuda")
        return Device("cuda", "float16" if "float16" in known else "float32")
    if wanted == "cuda":
        raise ModelError(
            f"The GPU cannot be used ({reason}).",
            remedy="Set NARRATE_DEVICE to cpu, or do not set it.",
        )
    return Device(cpu.name, cpu.compute, reason)


def _loads_cublas() -> bool:
    """Whether cuBLAS is on the library path or can be loaded from its package. CTranslate2 itself
    looks for it only when it first computes."""
    spec = find_spec("nvidia.cublas") if find_spec("nvidia") else None
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for name in CUBLAS:
        paths = [str(p) for f in folders for p in Path(f).glob(f"*/{name}")]
        for path in (name, *paths):
            try:
                ctypes.CDLL(path, ctypes.RTLD_GLOBAL)
            except OSError:
                continue
            return True
    return False


def settings_version() -> str:
    """The settings that may change what a model recognises, for cache keys."""
    device = choose_device()
    return f"{device.name}, {device.compute}, threads {THREADS}"


def to_recognition_rate(samples: Samples) -> Samples:
    """Sound at `SAMPLE_RATE`, resampled to `RATE`."""
    from scipy.signal import resample_poly

    return np.asarray(resample_poly(samples, 1, SAMPLE_RATE // RATE), np.float32)


def write_for(language: str, text: str) -> str:
    """A text as Whisper's tokens write it: after a space, in languages that have spaces."""
    return text if is_unspaced(language) else " " + text


def _find_token_starts(
    alignments: Sequence[tuple[int, int]], tokens: int, frames: int
) -> npt.NDArray[np.float64]:
    """The start of each token and the end of the last one, in seconds. A token starts at the frame
    at which the path of dynamic time warping first reaches it."""
    path = np.array(alignments, np.int64).reshape(-1, 2)
    starts = np.full(tokens + 1, frames / (2 * FRAMES_A_SECOND))
    reached = np.concatenate(([True], np.diff(path[:, 0]) > 0))
    for token, frame in path[reached]:
        if token <= tokens:
            starts[token] = frame / FRAMES_A_SECOND
    return np.asarray(np.minimum.accumulate(starts[::-1])[::-1])
