"""The espeak-ng library, called through ctypes: from text to sound, with marks and phonemes.

The library keeps one state for the whole process, so all calls go through one `Library`.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from narrate.errors import VoiceError
from narrate.vocabulary import Samples

# espeak-ng/speak_lib.h
_SYNCHRONOUS = 2
_PHONEME_EVENTS, _PHONEME_IPA, _DONT_EXIT = 1, 2, 0x8000
_UTF8, _SSML, _PHONEMES = 1, 0x10, 0x100
_RATE = 1
_TIED_IPA = 0x02 | 0x80 | ord("^") << 8
_LIST_END, _MARK, _PHONEME = 0, 3, 7
SLOWEST, FASTEST = 80, 450  # words a minute
LONGEST_SECONDS = 120  # to wait for a sentence, which takes less than a second

INSTALL = (
    "Type: pip install 'narrate-lectures[voices]' (or install the program: sudo apt install "
    "espeak-ng, brew install espeak-ng)"
)


class _Name(ctypes.Union):
    _fields_ = (
        ("number", ctypes.c_int),
        ("name", ctypes.c_char_p),
        ("string", ctypes.c_char * 8),
    )


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Name),
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),  # (priority byte, tag, 0)*, 0
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


@dataclass(frozen=True, slots=True)
class Event:
    """What happens at a sample: a phoneme in IPA begins (blank for a pause), or a mark is reached
    (`mark` ≥ 0)."""

    sample: int
    phoneme: str = ""
    mark: int = -1


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@lru_cache(maxsize=1)
def find_library() -> str:
    """The path of the system's library, or of the package espeakng-loader's; empty if there is
    neither. It is looked for once, since that starts other programs."""
    system = ctypes.util.find_library("espeak-ng")
    if system:
        return system
    if find_spec("espeakng_loader") is not None:
        return str(import_module("espeakng_loader").get_library_path())
    return ""


class Library:
    """The loaded library. Raises VoiceError if it is missing or does not start."""

    def __init__(self) -> None:
        path = find_library()
        if not path:
            raise VoiceError("espeak-ng is not installed.", remedy=INSTALL)
        data: bytes | None = None
        if "espeakng_loader" in path:
            data = str(import_module("espeakng_loader").get_data_path()).encode()
        try:
            self._lib: Any = ctypes.CDLL(path)
        except OSError as error:
            raise VoiceError(f"espeak-ng does not load ({error}).", remedy=INSTALL) from error
        self._lib.espeak_Info.restype = ctypes.c_char_p
        self._lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._lib.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        options = _PHONEME_EVENTS | _PHONEME_IPA | _DONT_EXIT
        self.rate = int(self._lib.espeak_Initialize(_SYNCHRONOUS, 0, data, options))
        if self.rate <= 0:
            raise VoiceError("espeak-ng does not start: its data is missing.", remedy=INSTALL)
        self.version = self._lib.espeak_Info(None).decode()

    def languages(self) -> dict[str, str]:
        """Language tags in small letters, each with the voice file that speaks it best."""
        best: dict[str, tuple[int, str]] = {}
        for voice in self._list_voices(None):
            identifier = voice.identifier.decode()
            for priority, tag in _read_languages(voice.languages):
                if tag != "variant" and not identifier.startswith(
                    "mb/"
                ):  # voices of another program
                    best[tag] = min(best.get(tag, (priority, identifier)), (priority, identifier))
        return {tag: identifier for tag, (_, identifier) in best.items()}

    def variants(self) -> frozenset[str]:
        """Names that may follow a `+`: other speakers, such as `f3` or `whisper`."""
        wanted = _Voice(languages=ctypes.cast(ctypes.c_char_p(b"variant"), ctypes.c_void_p))
        found = (v.identifier.decode() for v in self._list_voices(ctypes.byref(wanted)))
        return frozenset(i.partition("!v/")[2].replace("\\", "/") for i in found if "!v" in i)

    def _list_voices(self, wanted: Any) -> Iterator[Any]:
        listed = self._lib.espeak_ListVoices(wanted)
        at = 0
        while listed[at]:
            yield listed[at].contents
            at += 1

    def phonemize(self, voice: str, text: str) -> str:
        """The IPA of a text without sound: words are separated by spaces, and symbols that are one
        phoneme by `^`. `voice` is a voice file. Raises VoiceError."""
        if self._lib.espeak_SetVoiceByName(voice.encode()):
            raise VoiceError(f"espeak-ng cannot load the voice '{voice}'.", remedy=INSTALL)
        rest, heard = ctypes.c_char_p(text.encode()), []
        while rest.value:  # it reads one clause a call
            part = self._lib.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _TIED_IPA)
            heard.append((part or b"").decode())
        return " ".join(heard)

    def say(
        self, voice: str, text: str, words_a_minute: int, *, ssml: bool = False
    ) -> tuple[Samples, list[Event]]:
        """The sound of a text at `self.rate`, and its events in order.

        `voice` is a voice file; `text` may hold `[[phoneme mnemonics]]`. The synthesizer carries
        state from one call to the next, so only the first call in a process gives bytes that depend
        on the text alone.
        """
        if self._lib.espeak_SetVoiceByName(voice.encode()):
            raise VoiceError(f"espeak-ng cannot load the voice '{voice}'.", remedy=INSTALL)
        sound: list[Samples] = []
        events: list[Event] = []

        def receive(wav: Any, count: int, found: Any) -> int:
            if wav and count:
                piece = np.ctypeslib.as_array(wav, (count,)).astype(np.float32)
                sound.append(piece / np.float32(32768))
            events.extend(_read_events(found))
            return 0

        callback = _Callback(receive)
        self._lib.espeak_SetSynthCallback(callback)
        self._lib.espeak_SetParameter(_RATE, words_a_minute, 0)
        data = text.encode() + b"\0"
        flags = _UTF8 | _PHONEMES | (_SSML if ssml else 0)
        self._lib.espeak_Synth(data, len(data), 0, 1, 0, flags, None, None)
        self._lib.espeak_Synchronize()
        samples = np.concatenate(sound) if sound else np.zeros(0, np.float32)
        return samples, events


def _read_languages(address: int) -> Iterator[tuple[int, str]]:
    while address and (priority := ctypes.string_at(address, 1)[0]):
        tag = ctypes.string_at(address + 1)
        yield priority, tag.decode()
        address += len(tag) + 2


def _read_events(found: Any) -> Iterator[Event]:
    at = 0
    while found and found[at].type != _LIST_END:
        event = found[at]
        if event.type == _MARK:
            yield Event(event.sample, mark=int(event.id.name))
        elif event.type == _PHONEME:
            name = event.id.string.decode("utf-8", "ignore")
            yield Event(event.sample, name or " ")
        at += 1


def find_voice_file(files: Mapping[str, str], language: str) -> str:
    """The voice file for a language, or for its primary language; empty if there is none. `files`
    is from `Library.languages`."""
    from foundation.languages import primary  # not needed in a new process

    tag = language.replace("_", "-").lower()
    return files.get(tag) or files.get(primary(tag), "")


@lru_cache(maxsize=1)
def load_library() -> Library:
    return Library()


def say_afresh(
    voice: str, texts: tuple[str, ...], words_a_minute: int
) -> tuple[Samples, list[list[Event]], int]:
    """Speak `texts` in a new process. Returns the sound of the first one, the events of each, and
    the sample rate. A text that begins with `<speak>` is SSML. Raises VoiceError."""
    try:
        done = subprocess.run(
            [
                sys.executable,
                "-P",
                __file__,
            ],  # by path, since importing the whole package takes longer
            input=json.dumps([voice, texts, words_a_minute]).encode(),
            capture_output=True,
            check=False,
            timeout=LONGEST_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise VoiceError(
            f"espeak-ng gave no sound within {LONGEST_SECONDS} s.", remedy="Split the sentence."
        ) from error
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise VoiceError(f"espeak-ng failed: {' '.join(last)}", remedy=INSTALL)
    head, _, sound = done.stdout.partition(b"\n")
    sample_rate, events = json.loads(head)
    found = [[Event(*event) for event in one] for one in events]
    return np.frombuffer(sound, np.float32), found, sample_rate


def _main() -> None:
    voice, texts, words_a_minute = json.load(sys.stdin)
    said = [
        load_library().say(voice, text, words_a_minute, ssml=text.startswith("<speak>"))
        for text in texts
    ]
    events = [[[e.sample, e.phoneme, e.mark] for e in found] for _, found in said]
    head = json.dumps([load_library().rate, events])
    sys.stdout.buffer.write(head.encode() + b"\n" + said[0][0].tobytes())


if __name__ == "__main__":
    _main()
