"""Coqui TTS (extra `coqui`, MPL-2.0; needs torch): models that the user has.

The folder `coqui` in the user's model folder holds one folder for each model, with `config.json`
and a `.pth` file. A VITS model tells how long each symbol lasts. Other models give only the sound:
word times come from recognition, and the presenter's lips stay at rest. Models that clone a voice
from a recording are not used, since the speaker's consent is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.languages import primary
from foundation.problem import Place
from lessons.model import Utterance
from narrate.errors import ModelError
from narrate.models import model_folder
from narrate.speech import espeak_alphabet, vits
from narrate.speech.base import CAPABILITIES, Capability, Voice, VoiceInfo
from narrate.speech.espeak_library import find_library, load_library
from narrate.speech.level import fade_edges, find_sounding, resample
from narrate.speech.model_files import (
    FileVoices,
    describe_releases,
    digest_files,
    find_damage,
    make_language_tag,
    read_settings,
)
from narrate.vocabulary import Samples, Speech, Word

INSTALL = "Install it: pip install 'narrate-lectures[coqui]'"
SEED = 0
RATE = 22_050  # of most published models
LICENCE, MODEL_LICENCE = "MPL-2.0", "the model's own"
_CLONING = ("xtts", "bark", "tortoise", "yourtts", "openvoice", "freevc", "knnvc")


class CoquiEngine(FileVoices):
    name = "coqui"

    def voices(self) -> list[VoiceInfo]:
        return [_make_info(folder) for folder in _list_folders()] or [_make_placeholder()]

    def find_unknown_sounds(self, phones: str, voice: str, language: str) -> list[str]:
        settings = _read_settings(_find_folder(self._ready(voice, language)))
        return espeak_alphabet.find_unknown_sounds(
            phones, str(settings.get("characters", {}).get("characters", ""))
        )

    def _version(self, info: VoiceInfo) -> str:
        folder = _find_folder(info)
        files = digest_files(_find_weights(folder), folder / "config.json")
        packages = describe_releases("coqui-tts", "torch", "gruut", "numpy", "scipy")
        reader = (
            load_library().version if find_library() else "none"
        )  # some models read through espeak-ng
        made = f"{files} {packages}, espeak {reader}"
        return f"{info.id} {made}, threads 1, seed {SEED}"

    def _open(self, info: VoiceInfo) -> Voice:
        return _open(info, self._version(info))


def _list_folders() -> list[Path]:
    return sorted(path for path in (model_folder() / "coqui").glob("*") if path.is_dir())


def _find_folder(info: VoiceInfo) -> Path:
    return model_folder() / "coqui" / info.id.partition("/")[2]


def _make_placeholder() -> VoiceInfo:
    place = f"Copy a model's folder (config.json and its .pth) into {model_folder() / 'coqui'}"
    missing = place if find_spec("TTS") is not None else f"{INSTALL}. {place}"
    return VoiceInfo(
        "coqui/…", "coqui", ("en-US",), LICENCE, RATE, CAPABILITIES - {"phones"}, missing=missing,
        model_licence=MODEL_LICENCE,
    )  # fmt: skip  # the capabilities of any VITS model


def _make_info(folder: Path) -> VoiceInfo:
    language, rate, times = folder.name.partition("-")[0], RATE, "recognition"
    capabilities: frozenset[Capability] = frozenset()
    problem, missing = "is not installed", "" if find_spec("TTS") is not None else INSTALL
    try:
        settings = _read_settings(folder)
        language = str(
            settings.get("phoneme_language") or next(iter(_find_languages(settings)), "")
        )
        language = language or folder.name.partition("-")[0]
        rate = int(settings["audio"]["sample_rate"])
        if settings["model"] == "vits":
            times = "engine"
            capabilities = (
                CAPABILITIES if settings.get("use_phonemes") else CAPABILITIES - {"phones"}
            )
        broken = find_damage(_find_weights(folder))
        if broken:
            problem = f"is damaged ({broken})"
            missing = f"Copy it again: {_find_weights(folder)}"
        elif why := _find_unsupported(settings):
            problem, missing = why, "Use another voice."
    except ModelError as error:
        problem, missing = "is damaged", f"{error.message} {error.remedy}"
    return VoiceInfo(
        id=f"coqui/{folder.name}",
        engine="coqui",
        languages=(make_language_tag(language),),
        licence=LICENCE,
        sample_rate=rate,
        capabilities=capabilities,
        times=times,
        missing=missing,
        problem=problem,
        model_licence=MODEL_LICENCE,
    )


def _find_languages(settings: Mapping[str, Any]) -> list[str]:
    named = settings.get("languages") or [
        entry.get("language") for entry in settings.get("datasets") or []
    ]
    return [str(name) for name in named if name]


def _find_unsupported(settings: Mapping[str, Any]) -> str:
    """Why a model cannot be used; empty if it can."""
    arguments = settings.get("model_args") or {}
    if settings["model"] in _CLONING or arguments.get("use_d_vector_file"):
        return "takes its voice from a recording, which is not supported"
    if arguments.get("use_language_embedding"):
        return "speaks several languages, which is not supported"
    return ""


def _read_settings(folder: Path) -> dict[str, Any]:
    return read_settings(
        folder / "config.json",
        lambda settings: str(settings["model"]),
        message=f"The Coqui model {folder.name} has no usable config.json",
        model=folder / "config.json",
    )


def _find_weights(folder: Path) -> Path:
    found = sorted(folder.glob("*.pth"))
    if not found:
        raise ModelError(
            f"The Coqui model {folder.name} has no .pth file.",
            remedy=f"Copy the file that came with the model into {folder}",
            place=Place(str(folder)),
        )
    return found[0]


@lru_cache(maxsize=1)
def _open(info: VoiceInfo, version: str) -> CoquiVoice:
    return CoquiVoice(info, version)


class CoquiVoice(vits.VitsVoice):
    def __init__(self, info: VoiceInfo, version: str) -> None:
        super().__init__(info, version)
        folder = _find_folder(info)
        try:
            from TTS.utils.synthesizer import Synthesizer

            self._synthesizer = Synthesizer(
                tts_checkpoint=str(_find_weights(folder)),
                tts_config_path=str(folder / "config.json"),
            )
        except Exception as error:  # whatever torch, the model's code or its reader raises
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
            raise ModelError(
                f"The Coqui model {folder.name} does not load ({reason}).",
                remedy="Check that its config.json and .pth belong together, and that the program "
                "that reads its text (espeak-ng, gruut) is installed.",
                place=Place(str(folder)),
            ) from error
        self._model = self._synthesizer.tts_model
        if info.times == "engine":
            self._symbols = _find_symbol_ids(self._model.tokenizer)
        self._calibrate()

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        if self.info.times != "engine":
            return self._speak_without_times(utterance)
        speech = super().speak(utterance, rate=rate)
        # The symbols of a model that reads letters are not phones.
        return speech if "phones" in self.info.capabilities else replace(speech, phones=())

    def _read(self, text: str) -> list[str]:
        """The symbols of a text, as in `TTSTokenizer.text_to_ids` before they become ids."""
        tokenizer, language = self._model.tokenizer, self._model.config.get("phoneme_language")
        if tokenizer.text_cleaner is not None:
            text = tokenizer.text_cleaner(text, lang=primary(language or "en"))
        if tokenizer.phonemizer is not None:
            text = tokenizer.phonemizer.phonemize(text, separator="", language=language)
        return [symbol for symbol in text if symbol in self._symbols.ids]

    def _speak(
        self, ids: list[int], paces: npt.NDArray[np.float64]
    ) -> tuple[Samples, npt.NDArray[np.int64]]:
        found = self._infer(ids, None)
        hops = np.asarray(found["durations"].reshape(-1).numpy(), np.float32)
        if (paces != 1.0).any():
            hops = vits.compute_whole_hops(hops, paces).astype(np.float32)
            found = self._infer(ids, hops)
        sound = np.asarray(found["model_outputs"].reshape(-1).numpy(), np.float32)
        return sound, hops.astype(np.int64)

    def _infer(self, ids: list[int], hops: npt.NDArray[np.float32] | None) -> Any:
        import torch

        torch.set_num_threads(1)  # more threads change the bytes
        torch.manual_seed(SEED)
        speakers = self._model.args.use_speaker_embedding
        given = {
            "x_lengths": None,
            "d_vectors": None,
            "language_ids": None,
            "speaker_ids": torch.tensor([0]) if speakers else None,
            "durations": None if hops is None else torch.from_numpy(hops)[None],
        }
        with torch.inference_mode():
            return self._model.inference(torch.tensor([ids]), given)

    def _speak_without_times(self, utterance: Utterance) -> Speech:
        import torch

        sound = np.zeros(0, np.float32)
        if any(char.isalnum() for char in utterance.spoken):
            torch.set_num_threads(1)
            torch.manual_seed(SEED)
            sound = np.asarray(self._synthesizer.tts(utterance.spoken), np.float32)
        own = self.info.sample_rate
        first, last = find_sounding(sound, own)
        gain = np.float32(10 ** (self._gain_db / 20))
        samples = resample(fade_edges(sound[first:last] * gain, own), own)
        # Words are placed by their length for now: a confidence of 0 tells the aligner to find the
        # true times.
        lengths = np.cumsum([0, *(len(token.spoken) for token in utterance.tokens)])
        edges = [round(len(samples) * int(n) / max(int(lengths[-1]), 1)) for n in lengths]
        words = tuple(
            Word(token.written, edges[at], edges[at + 1], token=at, confidence=0.0)
            for at, token in enumerate(utterance.tokens)
        )
        return Speech(samples, words, ())


def _find_symbol_ids(tokenizer: Any) -> vits.SymbolIds:
    """Ids in the order of `TTSTokenizer.text_to_ids`: a blank around each, and then the ends."""
    characters = tokenizer.characters
    ids: dict[str, list[int]] = {}
    for symbol in characters.vocab:
        if len(symbol) == 1:
            ids[symbol] = [characters.char_to_id(symbol)]
    blank = [tokenizer.blank_id] if tokenizer.add_blank and tokenizer.blank_id is not None else []
    ends = tokenizer.use_eos_bos
    return vits.SymbolIds(
        ids,
        [*([characters.bos_id] if ends else []), *blank],
        blank,
        [characters.eos_id] if ends else [],
    )
