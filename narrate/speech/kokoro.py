"""Kokoro-82M (Apache-2.0): fuller English voices from an ONNX model that the user provides.

The folder `kokoro` of the user's model folder holds one `.onnx` file, and voices as `NAME.bin`
(float32 rows of 256) or as `voices*.bin`, the archive that kokoro-onnx publishes. A name's first
letter tells its language: `a` American, `b` British English.
"""

from __future__ import annotations

import json
import zipfile
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import numpy as np
import numpy.typing as npt

from lessons.model import Utterance
from narrate.errors import ModelError
from narrate.model import Speech
from narrate.models import file_digest, model_folder, package_file
from narrate.speech import kokoro_alphabet as alphabet
from narrate.speech.base import Voice, VoiceInfo, pick, require
from narrate.speech.kokoro_text import PhonemeText, phoneme_text, split_at_clauses
from narrate.speech.onnx_outputs import with_output
from narrate.speech.parts import Part, join_parts, timed_part

VERSION = 1
RATE = 24_000
DURATIONS = "/encoder/Clip_output_0"
SAMPLES_A_FRAME = 600
STYLE_ROWS, STYLE_SIZE = 510, 256  # one style a length of the phoneme string
MOST_SYMBOLS = 400  # the model takes 510; shorter runs keep their rhythm
GAIN_DB = 6.7  # brings af_heart to -16 LUFS
LANGUAGES = {"a": "en-US", "b": "en-GB"}  # what the G2P reads


class Kokoro:
    name = "kokoro"

    def voices(self) -> list[VoiceInfo]:
        folder = model_folder() / "kokoro"
        missing = ""
        if _model() is None:
            missing = f"Put the Kokoro-82M ONNX model and its voices into {folder}"
        names = [name for name in _voice_names() if name[0] in LANGUAGES] or ["af_heart"]
        return [
            VoiceInfo(
                id=f"kokoro/{name}",
                engine="kokoro",
                languages=(LANGUAGES[name[0]],),
                licence="Apache-2.0",
                sample_rate=RATE,
                honours=frozenset({"rate", "phones"}),
                missing=missing or ("" if _voice_names() else f"Put its voices into {folder}"),
            )
            for name in names
        ]

    def version(self, voice: str, language: str) -> str:
        info = pick(self.voices(), self.name, voice, language)
        require(info)
        return _version(info.id)

    def open(self, voice: str, language: str) -> Voice:
        info = pick(self.voices(), self.name, voice, language)
        require(info)
        return _open(info)


def _model() -> Path | None:
    return next(iter(sorted((model_folder() / "kokoro").glob("*.onnx"))), None)


def _voice_names() -> list[str]:
    names: set[str] = set()
    for path in (model_folder() / "kokoro").glob("*.bin"):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                names |= {Path(name).stem for name in archive.namelist()}
        else:
            names.add(path.stem)
    return sorted(names)


def _style(name: str) -> npt.NDArray[np.float32]:
    """The voice's styles, shape (510, 256)."""
    folder = model_folder() / "kokoro"
    path = folder / f"{name}.bin"
    if not path.is_file():
        path = next(p for p in sorted(folder.glob("voices*.bin")) if zipfile.is_zipfile(p))
    try:
        if zipfile.is_zipfile(path):
            with np.load(path, allow_pickle=False) as archive:
                style = np.asarray(archive[name], np.float32)
        else:
            style = np.fromfile(path, "<f4")
        return style.reshape(STYLE_ROWS, STYLE_SIZE)
    except (ValueError, KeyError, OSError) as error:
        raise ModelError(
            f"The Kokoro voice '{name}' cannot be read ({error}).",
            remedy=f"It must hold {STYLE_ROWS} rows of {STYLE_SIZE} 32-bit numbers.",
            path=str(path),
        ) from error


@lru_cache
def _digest(path: Path, changed: int, size: int) -> str:
    return file_digest(path)[:16]


@lru_cache
def _version(name: str) -> str:
    path = _model()
    assert path is not None
    stat = path.stat()
    digest = _digest(path, stat.st_mtime_ns, stat.st_size)
    style = _style(name.partition("/")[2]).tobytes()
    import hashlib

    packages = ", ".join(f"{p} {version(p)}" for p in ("hibari-tts", "onnxruntime", "numpy"))
    return f"{name} {VERSION} {digest} {hashlib.sha256(style).hexdigest()[:16]} {packages}"


@lru_cache(maxsize=2)
def _open(info: VoiceInfo) -> KokoroVoice:
    return KokoroVoice(info)


class KokoroVoice:
    def __init__(self, info: VoiceInfo) -> None:
        import onnxruntime as ort
        from hibari.g2p import G2P

        path, vocabulary = _model(), package_file("hibari", "assets", "vocab.json")
        assert path is not None and vocabulary is not None
        name = info.id.partition("/")[2]
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
                f"This is not a Kokoro-82M model whose durations are known ({error}).",
                remedy="Use the export of kokoro-onnx (kokoro-v1.0*.onnx).",
                path=str(path),
            ) from error
        self._input = self._session.get_inputs()[0].name  # `tokens` or `input_ids`
        self._style = _style(name)
        self._vocabulary: dict[str, int] = json.loads(vocabulary.read_text(encoding="utf-8"))
        self._g2p = G2P(british=info.languages == ("en-GB",))
        self.info = info
        self.version = _version(info.id)

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        text = phoneme_text(self._g2p, utterance, frozenset(self._vocabulary), voice=self.info.id)
        rate *= utterance.rate
        parts = [self._part(part, rate) for part in split_at_clauses(text, MOST_SYMBOLS)]
        return join_parts(utterance, parts)

    def _part(self, text: PhonemeText, rate: float) -> Part:
        ids = [0, *(self._vocabulary[symbol] for symbol in text.symbols), 0]
        feed = {
            self._input: np.array([ids], np.int64),
            "style": self._style[min(len(ids) - 2, STYLE_ROWS) - 1][None],
            "speed": np.array([rate], np.float32),
        }
        *sound, frames = self._session.run(None, feed)
        edges = np.cumsum(frames.reshape(-1)).astype(np.float64) * SAMPLES_A_FRAME / RATE
        return timed_part(
            np.asarray(sound[0], np.float32).reshape(-1),
            RATE,
            text.symbols,
            alphabet.phones_of(text.symbols, text.tokens),
            text.tokens,
            edges[:-2],
            edges[1:-1],
            gain_db=GAIN_DB,
        )
