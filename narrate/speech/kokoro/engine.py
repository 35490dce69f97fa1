"""Kokoro-82M (Apache-2.0): expressive speakers of nine languages, from one ONNX model.

The first letter of a speaker's name is its language. Where what reads that language is not
installed, the speaker reads English, with its accent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from foundation.languages import same_language
from foundation.problem import Place
from lessons.model import Utterance
from narrate.errors import ModelError
from narrate.models import read_hibari_asset
from narrate.speech import emphasis
from narrate.speech.base import CAPABILITIES, Voice, VoiceInfo, speaks
from narrate.speech.calibration import choose_calibration_text, compute_gain
from narrate.speech.kokoro import files
from narrate.speech.kokoro.catalogue import BEST, FETCH, published_speakers, speaker_language
from narrate.speech.kokoro.readers import Reader, describe_reader, find_missing, open_reader
from narrate.speech.kokoro_sound import (
    MOST_SYMBOLS,
    RATE,
    SAMPLES_A_FRAME,
    make_kokoro_part,
)
from narrate.speech.model_files import (
    FileVoices,
    describe_releases,
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
LICENCE = "Apache-2.0"
MODEL = "pip install 'narrate-lectures[voices]'"
ENGLISH = "en-US"


class KokoroEngine(FileVoices):
    name = "kokoro"

    def voices(self) -> list[VoiceInfo]:
        found = [_make_info(name, path) for name, path in files.find_styles().items()]
        spoken = {tag for info in found if info.available for tag in info.languages}
        found += [
            _make_placeholder(name) for tag, name in BEST.items() if not speaks((*spoken,), tag)
        ]
        return sorted(found, key=_rank)

    def find_unknown_sounds(self, phones: str, voice: str, language: str) -> Sequence[str]:
        return _open_reader(language).find_unknown_sounds(phones)

    def _ready(self, voice: str, language: str) -> VoiceInfo:
        """The voice, as a speaker of the one language that it is to read."""
        info = super()._ready(voice, language)
        fit = [tag for tag in info.languages if speaks((tag,), language)]
        near = [tag for tag in info.languages if same_language(tag, language)]
        return replace(info, languages=tuple((fit or near)[:1]))

    def _version(self, info: VoiceInfo) -> str:
        language = info.languages[0]
        style = files.compute_style_digest(info.id.partition("/")[2])[:32]
        packages = describe_releases("onnxruntime", "numpy", "scipy")
        read = f"{language} by {describe_reader(language)}"
        return f"{info.id} {files.compute_model_digest()} {style} {read}, {packages}"

    def _open(self, info: VoiceInfo) -> Voice:
        return _open(info, self._version(info))


def _rank(info: VoiceInfo) -> tuple[bool, bool, str]:
    """English speakers first, and the best of each language before its others."""
    name = info.id.partition("/")[2]
    return name[0] not in "ab", name not in BEST.values(), info.id


def _make_info(name: str, style: Path) -> VoiceInfo:
    """A speaker whose style is here."""
    own = speaker_language(name)
    languages = (own,) if own.startswith("en") else (own, ENGLISH)
    if find_missing(own):
        languages = (ENGLISH,)
    problem, missing = "is not installed", ""
    path = files.find_model_file()
    if path is None and not files.has_packaged_model():
        missing = f"Type: {MODEL}"
    elif path is not None and (broken := find_damage(path)):
        problem, missing = f"has a damaged model ({broken})", f"Copy it again: {path}"
    elif broken := files.find_style_damage(style):
        problem, missing = f"is damaged ({broken})", f"Copy it again: {style}"
    return VoiceInfo(
        id=f"kokoro/{name}",
        engine="kokoro",
        languages=languages,
        licence=LICENCE,
        sample_rate=RATE,
        capabilities=CAPABILITIES,
        missing=missing,
        problem=problem,
    )


def _make_placeholder(name: str) -> VoiceInfo:
    """A speaker of a language that no speaker who is here can speak, and how to get it."""
    language = speaker_language(name)
    here = files.find_model_file() is not None or files.has_packaged_model()
    commands = [find_missing(language) or ("" if here else MODEL)]
    if name not in files.find_styles():
        commands.append(FETCH)
    return VoiceInfo(
        id=f"kokoro/{name}",
        engine="kokoro",
        languages=(language,),
        licence=LICENCE,
        sample_rate=RATE,
        capabilities=CAPABILITIES,
        missing="Type: " + " && ".join(filter(None, commands)),
    )


@lru_cache(maxsize=1)
def _load_vocabulary() -> dict[str, int]:
    vocabulary = read_hibari_asset("vocab.json")
    if not vocabulary:
        raise ModelError(
            "hibari's phoneme alphabet is not installed.",
            remedy="Install it again: pip install --force-reinstall narrate-lectures",
        )
    return vocabulary


def _open_reader(language: str) -> Reader:
    return open_reader(language, frozenset(_load_vocabulary()))


@lru_cache(maxsize=4)
def _open(info: VoiceInfo, version: str) -> KokoroVoice:
    return KokoroVoice(info, version)


def _find_gain(info: VoiceInfo) -> float:
    """The gain of a published speaker with the packaged model, which is known; else 0. To measure
    it takes several seconds."""
    name = info.id.partition("/")[2]
    known = published_speakers().get(name)
    if known is None or files.find_model_file() is not None:
        return 0.0
    return known.gain_db if files.compute_style_digest(name) == known.digest else 0.0


class KokoroVoice:
    def __init__(self, info: VoiceInfo, version: str) -> None:
        model, path = files.load_model()
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
        self._style = files.read_style(info.id.partition("/")[2])
        self._reader = _open_reader(info.languages[0])
        self.info, self.version = info, version
        self._gain_db = _find_gain(info)
        if not self._gain_db:
            said = self.speak(choose_calibration_text(info.languages[0]))
            self._gain_db = compute_gain(said.samples)

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        text = self._reader.read(utterance, voice=self.info.id)
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
            "style": self._style[min(len(ids) - 2, files.STYLE_ROWS) - 1][None],
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
        return make_kokoro_part(
            sound, text, frames, gain_db=self._gain_db, english=self._reader.english
        )
