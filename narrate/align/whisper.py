"""Whisper through CTranslate2: one encoding of up to 30 s, used to place a known text and to
recognise what is said.

The model hears 16 kHz sound; times are seconds in the window.
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

from foundation.problem import Place
from narrate.clock import SAMPLE_RATE
from narrate.errors import ModelError
from narrate.models import find_whisper, load_embedded_whisper
from narrate.vocabulary import Samples

RATE = 16_000
WINDOW_SECONDS = 30  # what Whisper was trained on
HOP = 160  # samples a feature frame
FRAMES_A_SECOND = 50  # of the encoder
MOST_TOKENS = 440  # Whisper's 448 less its prompt
MEDIAN_WIDTH = 7  # of the filter over attention, as in Whisper's own timing
# The work is spread over processes, and more threads change the results.
THREADS = 1
CUBLAS = ("libcublas.so.12", "cublas64_12.dll")  # what CTranslate2 4 loads for its products
# Silence after the sound. Whisper's own padding to 30 s costs twice the time on a usual slide and
# finds the same; with less than a second it repeats itself.
PADDING_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Device:
    """Where the model runs, in what arithmetic, and why not on a GPU that is there."""

    name: str
    compute: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """One word of a known text: when, and how probable its tokens are in this sound (0..1)."""

    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class EncodedWindow:
    """An encoded stretch of sound. `frames` are the feature frames that hold sound."""

    encoding: Any
    frames: int


class Whisper:
    """A loaded model; `open_whisper` keeps one a process."""

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
                remedy="It must be a Whisper model converted for CTranslate2."
                + (" Without the GPU: NARRATE_DEVICE=cpu." if device.name != "cpu" else ""),
                place=Place(name or ""),
            ) from error

    def knows(self, language: str) -> bool:
        return language in self._model.supported_languages

    def encode(self, samples: Samples) -> EncodedWindow:
        """Encode at most `WINDOW_SECONDS` of sound at `RATE`."""
        from faster_whisper.audio import pad_or_trim

        features = self._model.feature_extractor(samples)
        frames = min(features.shape[-1], len(samples) // HOP, WINDOW_SECONDS * RATE // HOP)
        length = min(frames + PADDING_SECONDS * RATE // HOP, WINDOW_SECONDS * RATE // HOP)
        return EncodedWindow(self._model.encode(pad_or_trim(features[:, :frames], length)), frames)

    def place(self, window: EncodedWindow, words: Sequence[str], language: str) -> list[PlacedWord]:
        """Where each word of a known text is said (Whisper's cross-attention, no decoding)."""
        tokenizer = self.tokenizer(language)
        pieces = [tokenizer.encode(" " + word) for word in words]
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
        starts = _token_starts(result.alignments, len(ids), window.frames)
        logs = np.log(np.maximum(np.array(result.text_token_probs, np.float64), 1e-9))
        placed, at = [], 0
        for piece in pieces:
            a, b = min(at, len(ids)), min(at + len(piece), len(ids))
            probability = float(np.exp(logs[a:b].mean())) if b > a else 0.0
            placed.append(PlacedWord(float(starts[a]), float(starts[b]), probability))
            at += len(piece)
        return placed

    def recognise(self, window: EncodedWindow, language: str) -> str:
        """What is heard, greedily. The script is never given as a prompt: with it, Whisper skips
        whole sentences."""
        tokenizer = self.tokenizer(language)
        seconds = window.frames * HOP / RATE
        result = self._model.model.generate(
            window.encoding,
            [[*tokenizer.sot_sequence, tokenizer.no_timestamps]],
            beam_size=1,
            # Nobody says more than 8 tokens a second; a loop ends here.
            max_length=min(448, 20 + round(8 * seconds)),
        )[0]
        text: str = tokenizer.decode(result.sequences_ids[0])
        return text

    def tokenizer(self, language: str) -> Any:
        """faster-whisper's, kept for each language."""
        return _tokenizer(self, language)

    @property
    def model(self) -> Any:
        return self._model


@lru_cache(maxsize=8)
def _tokenizer(whisper: Whisper, language: str) -> Any:
    from faster_whisper.tokenizer import Tokenizer

    model = whisper.model
    return Tokenizer(
        model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=language
    )


@lru_cache(maxsize=1)
def open_whisper(name: str | None = None) -> Whisper:
    """The embedded model, or one by path or by its name in the user's model folder (the sizes of
    faster-whisper are such names once they are fetched). Raises `ModelError`."""
    return Whisper(name)


@lru_cache(maxsize=1)
def choose_device() -> Device:
    """The GPU when there is one that CTranslate2 can use, and else the CPU. The environment's
    NARRATE_DEVICE, `cpu` or `cuda`, decides for itself. Loads no model."""
    import ctranslate2

    wanted = os.environ.get("NARRATE_DEVICE", "")
    if wanted not in ("", "cpu", "cuda"):
        raise ModelError(
            f"NARRATE_DEVICE is '{wanted}'.", remedy="Set it to cpu or cuda, or not at all."
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
            remedy="Set NARRATE_DEVICE to cpu, or not at all.",
        )
    return Device(cpu.name, cpu.compute, reason)


def _loads_cublas() -> bool:
    """Whether cuBLAS is on the library path, or can be loaded out of its package. CTranslate2
    looks for it only when it multiplies."""
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
    """Of what decides what a model hears, for cache keys."""
    device = choose_device()
    return f"{device.name}, {device.compute}, threads {THREADS}"


def to_recognition_rate(samples: Samples) -> Samples:
    """From `SAMPLE_RATE` to `RATE`."""
    from scipy.signal import resample_poly

    return np.asarray(resample_poly(samples, 1, SAMPLE_RATE // RATE), np.float32)


def _token_starts(
    alignments: Sequence[tuple[int, int]], tokens: int, frames: int
) -> npt.NDArray[np.float64]:
    """Start of every token and the end of the last, from the path of dynamic time warping: the
    frame at which the path first reaches the token."""
    path = np.array(alignments, np.int64).reshape(-1, 2)
    starts = np.full(tokens + 1, frames / (2 * FRAMES_A_SECOND))
    reached = np.concatenate(([True], np.diff(path[:, 0]) > 0))
    for token, frame in path[reached]:
        if token <= tokens:
            starts[token] = frame / FRAMES_A_SECOND
    return np.asarray(np.minimum.accumulate(starts[::-1])[::-1])
