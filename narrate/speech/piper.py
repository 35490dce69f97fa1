"""Piper (extra `piper`, GPL-3.0): voices for over thirty languages, from files that the user has.

The folder `piper` in the user's model folder holds pairs of `NAME.onnx` and `NAME.onnx.json`;
voices in installed packages named `*piper_voice*` are found too. Piper reads text by espeak-ng's
rules, and its models tell how long each phoneme lasts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from foundation.problem import Place
from narrate.errors import ModelError
from narrate.models import model_folder
from narrate.speech import espeak_alphabet, vits
from narrate.speech.base import CAPABILITIES, Voice, VoiceInfo, speaks
from narrate.speech.model_files import (
    FileVoices,
    describe_releases,
    digest_files,
    find_damage,
    find_files,
    make_language_tag,
    open_session,
    read_settings,
    run_session,
)
from narrate.speech.onnx_inputs import GraphNode, add_input, read_nodes, read_output_names
from narrate.speech.onnx_outputs import add_output

INSTALL = "pip install 'narrate-lectures[piper]'"
PACKAGES = "*piper_voice*"
SEED = 0  # of the noise that makes the voice lively
FLOWS = 2  # channels of the duration predictor's noise (VITS)
# A voice of each language that Piper's authors publish, https://github.com/rhasspy/piper VOICES.md.
PUBLISHED: tuple[str, ...] = (
    "en_US-lessac-medium", "de_DE-thorsten-medium", "ar_JO-kareem-medium", "ca_ES-upc_ona-medium",
    "cs_CZ-jirka-medium", "cy_GB-bu_tts-medium", "da_DK-talesyntese-medium",
    "el_GR-rapunzelina-low", "en_GB-cori-high", "es_ES-sharvard-medium", "fi_FI-harri-medium",
    "fr_FR-siwis-medium", "hu_HU-anna-medium", "it_IT-riccardo-x_low", "kk_KZ-issai-high",
    "lb_LU-marylux-medium", "ne_NP-google-medium", "nl_NL-mls-medium", "no_NO-talesyntese-medium",
    "pl_PL-darkman-medium", "pt_BR-faber-medium", "pt_PT-tugão-medium", "ro_RO-mihai-medium",
    "ru_RU-denis-medium", "sk_SK-lili-medium", "sl_SI-artur-medium", "tr_TR-dfki-medium",
    "uk_UA-ukrainian_tts-medium", "vi_VN-vivos-x_low", "zh_CN-huayan-medium",
)  # fmt: skip
# Voices that read other alphabets need readers with models of their own.
_READ = ("espeak", "text")


class PiperEngine(FileVoices):
    name = "piper"

    def voices(self) -> list[VoiceInfo]:
        found = [_make_info(path) for path in find_files("piper", "*.onnx", PACKAGES)]
        here = [tag for info in found if info.available for tag in info.languages]
        rest = [_make_placeholder(name) for name in PUBLISHED]
        return found + [info for info in rest if not speaks(here, info.languages[0])]

    def find_unknown_sounds(self, phones: str, voice: str, language: str) -> Sequence[str]:
        return espeak_alphabet.find_unknown_sounds(
            phones, _read_settings(_find_path(self._ready(voice, language)))["phoneme_id_map"]
        )

    def _version(self, info: VoiceInfo) -> str:
        return _make_version(_find_path(info))

    def _open(self, info: VoiceInfo) -> Voice:
        return _open(info, _make_version(_find_path(info)))


def _make_placeholder(name: str) -> VoiceInfo:
    """A published voice that is not here, and how to get it."""
    commands = [] if find_spec("piper") is not None else [INSTALL]
    commands.append(f"python -m piper.download_voices --download-dir '{_folder()}' {name}")
    return VoiceInfo(
        f"piper/{name}", "piper", (make_language_tag(name.partition("-")[0]),), "GPL-3.0", 22_050,
        CAPABILITIES, missing=f"Type: {' && '.join(commands)}", model_licence="the voice's own",
    )  # fmt: skip


def _folder() -> Path:
    return model_folder() / "piper"


def _make_info(path: Path) -> VoiceInfo:
    problem, missing = (
        "is not installed",
        "" if find_spec("piper") is not None else f"Type: {INSTALL}",
    )
    rate, language, kind = 22_050, path.stem.partition("-")[0], "espeak"
    try:
        settings = _read_settings(path)
        rate, kind = int(settings["audio"]["sample_rate"]), settings.get("phoneme_type", kind)
        language = settings.get("language", {}).get("code") or settings["espeak"]["voice"]
        broken = find_damage(path)
        if broken:
            problem = f"is damaged ({broken})"
            missing = f"Copy it again: {path}"
        elif kind not in _READ:
            problem, missing = f"reads '{kind}', which is not supported", "Use another voice."
    except ModelError as error:
        problem, missing = "is damaged", f"{error.message} {error.remedy}"
    return VoiceInfo(
        id=f"piper/{path.stem}",
        engine="piper",
        languages=(make_language_tag(str(language)),),
        licence="GPL-3.0",
        sample_rate=rate,
        capabilities=CAPABILITIES if kind == "espeak" else CAPABILITIES - {"phones"},
        missing=missing,
        problem=problem,
        model_licence=_find_licence(path),
    )


def _find_licence(path: Path) -> str:
    """The licence in the model card, if the card (`# Model card for joe (medium)`) is this
    voice's."""
    try:
        card = (path.parent / "MODEL_CARD").read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return "see its MODEL_CARD"
    named = re.search(r"^# Model card for (\S+) \((\S+)\)", card)
    stated = re.search(r"^\W*Licen[sc]e:\s*(.+?)\s*$", card, re.MULTILINE)
    ours = named is not None and path.stem.endswith(f"-{named[1]}-{named[2]}")
    return stated[1][:60] if ours and stated else "see its MODEL_CARD"


def _find_path(info: VoiceInfo) -> Path:
    name = f"{info.id.partition('/')[2]}.onnx"
    return next(path for path in find_files("piper", "*.onnx", PACKAGES) if path.name == name)


def _read_settings(path: Path) -> dict[str, Any]:
    beside = path.with_name(f"{path.name}.json")
    return read_settings(
        beside,
        lambda settings: (str(settings["espeak"]["voice"]), dict(settings["phoneme_id_map"])),
        message=f"The Piper voice {path.stem} has no usable {beside.name} beside it",
        model=path,
    )


def _make_version(path: Path) -> str:
    files = digest_files(path, path.with_name(f"{path.name}.json"))
    packages = describe_releases("piper-tts", "onnxruntime", "numpy", "scipy")
    return f"piper/{path.stem} {files} {packages}, seed {SEED}"


@lru_cache(maxsize=2)
def _open(info: VoiceInfo, version: str) -> PiperVoice:
    return PiperVoice(info, version)


class PiperVoice(vits.VitsVoice):
    def __init__(self, info: VoiceInfo, version: str) -> None:
        from piper.config import PiperConfig
        from piper.voice import PiperVoice as Reader

        super().__init__(info, version)
        path = _find_path(info)
        not_piper = {
            "expected": "a Piper voice whose durations are known",
            "remedy": "Use a voice trained with Piper, as published.",
        }
        try:
            model, self._tensors = _open_up(path.read_bytes())
        except (OSError, ValueError) as error:
            raise ModelError(
                f"This is not {not_piper['expected']} ({error}).",
                remedy=not_piper["remedy"],
                place=Place(str(path)),
            ) from error
        self._session = open_session(model, path, **not_piper)
        # Only its reader of text is used, with a session of our own.
        self._reader = Reader(
            session=self._session, config=PiperConfig.from_dict(_read_settings(path))
        )
        self._config = self._reader.config
        known = self._config.phoneme_id_map
        self._symbols = vits.SymbolIds(known, [*known["^"], *known["_"]], known["_"], known["$"])
        self._calibrate()

    def _read(self, text: str) -> list[str]:
        known = self._symbols.ids
        joined: list[str] = []
        for sentence in self._reader.phonemize(text.replace("[[", "[ [")):
            joined += [*([" "] if joined else []), *(s for s in sentence if s in known)]
        return joined

    def _speak(
        self, ids: list[int], paces: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
        names, config = self._tensors, self._config
        noise = np.random.default_rng(SEED)
        feed: dict[str, Any] = {
            "input": np.array([ids], np.int64),
            "input_lengths": np.array([len(ids)], np.int64),
            "scales": np.array([config.noise_scale, 1.0, config.noise_w_scale], np.float32),
            names["pace"]: np.full((1, 1, 1), config.length_scale, np.float32),
            names["rhythm"]: noise.standard_normal((1, FLOWS, len(ids)), np.float32),
            names["timbre"]: np.zeros((1, 1, 1), np.float32),
        }
        if config.num_speakers > 1:
            feed["sid"] = np.array([config.default_speaker_id], np.int64)
        length, usual, like = run_session(
            self._session, [names["length"], names["hops"], names["like"]], feed
        )
        # The model rounds each length up, so one pace for all would change too little. Each symbol
        # gets the pace at which it lasts as long as it should.
        hops = vits.compute_whole_hops(usual.reshape(-1), paces)
        slow = (hops - 0.5) / np.maximum(length.reshape(-1), 1e-6)
        feed[names["pace"]] = slow.astype(np.float32).reshape(1, 1, -1)
        channels, frames = like.shape[1], int(hops.sum())
        feed[names["timbre"]] = noise.standard_normal((1, channels, frames), np.float32)
        (sound,) = run_session(self._session, ["output"], feed)
        return np.asarray(sound, np.float32).reshape(-1), hops.astype(np.int64)


def _open_up(model: bytes) -> tuple[bytes, Mapping[str, str]]:
    """A Piper model with more inputs, and the names of its tensors. The pace of each phoneme and
    the noise become inputs, since ONNX Runtime's cannot be seeded for each run. Raises ValueError
    if it is not the model of a Piper voice."""
    graph = read_nodes(model)
    maker = {name: node for node in graph for name in node.outputs}
    (hops,) = _find_only(graph, "Ceil", 1)
    scaled = maker[hops.inputs[0]]
    pace = [name for name in scaled.inputs if maker[name].operator == "Gather"]
    random = _find_only(graph, "RandomNormalLike", 2)
    # The shape of the duration predictor's noise depends on the text alone, the other's on the
    # durations.
    random.sort(key=lambda node: maker[node.inputs[0]].operator != "ConstantOfShape")
    if scaled.operator != "Mul" or len(pace) != 1:
        raise ValueError("its durations have no scale")
    rhythm, timbre = (node.outputs[0] for node in random)
    for tensor in (pace[0], rhythm, timbre):
        model = add_input(model, tensor)
    like = random[1].inputs[0]
    (length,) = (name for name in scaled.inputs if name != pace[0])
    for tensor in (hops.outputs[0], like, length):
        if tensor not in read_output_names(model):
            model = add_output(model, tensor)
    return model, {
        "hops": hops.outputs[0], "length": length, "like": like,
        "pace": pace[0], "rhythm": rhythm, "timbre": timbre,
    }  # fmt: skip


def _find_only(graph: Sequence[GraphNode], operator: str, count: int) -> list[GraphNode]:
    found = [node for node in graph if node.operator == operator]
    if len(found) != count:
        raise ValueError(f"it has {len(found)} operations {operator}, not {count}")
    return found
