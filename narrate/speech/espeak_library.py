"""The espeak-ng library through ctypes: text to sound with word and phoneme events.

The library keeps its state for the process, so all calls go through one `Library`.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from narrate.errors import VoiceError
from narrate.model import Samples

# espeak-ng/speak_lib.h
_SYNCHRONOUS = 2
_PHONEME_EVENTS, _PHONEME_IPA, _DONT_EXIT = 1, 2, 0x8000
_UTF8 = 1
_RATE = 1
_LIST_END, _WORD, _PHONEME = 0, 1, 7
USUAL_RATE = 165  # words a minute; 175 is espeak's own, a little fast for a lecture


INSTALL = (
    "Install it: sudo apt install espeak-ng, brew install espeak-ng, or pip install espeakng-loader"
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


@dataclass(frozen=True, slots=True)
class Event:
    """A word (`phoneme` empty, `text` its first character's index) or a phoneme, at a sample."""

    sample: int
    text: int
    phoneme: str = ""


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


def library_path() -> str:
    """The system's library or the package espeakng-loader's; empty if there is neither."""
    system = ctypes.util.find_library("espeak-ng")
    if system:
        return system
    if find_spec("espeakng_loader") is not None:
        return str(import_module("espeakng_loader").get_library_path())
    return ""


class Library:
    def __init__(self) -> None:
        path = library_path()
        if not path:
            raise VoiceError("espeak-ng is not installed.", remedy=INSTALL)
        self._lib: Any = ctypes.CDLL(path)
        self._data: bytes | None = None
        if find_spec("espeakng_loader") is not None and "espeakng_loader" in path:
            self._data = str(import_module("espeakng_loader").get_data_path()).encode()
        self._lib.espeak_Info.restype = ctypes.c_char_p
        options = _PHONEME_EVENTS | _PHONEME_IPA | _DONT_EXIT
        self.rate = int(self._lib.espeak_Initialize(_SYNCHRONOUS, 0, self._data, options))
        if self.rate <= 0:
            raise VoiceError("espeak-ng does not start: its data is missing.", remedy=INSTALL)
        self.version = self._lib.espeak_Info(None).decode()

    def has(self, voice: str) -> bool:
        """Whether there is a voice of that name (`en-us`, `de`)."""
        return int(self._lib.espeak_SetVoiceByName(voice.encode())) == 0

    def say(self, voice: str, text: str, rate: float) -> tuple[Samples, list[Event]]:
        """Sound at `self.rate` and its events, in order. The synthesizer carries state over: only
        the first call of a process gives bytes that depend on nothing else."""
        self._lib.espeak_SetVoiceByName(voice.encode())
        sound: list[Samples] = []
        events: list[Event] = []

        def receive(wav: Any, count: int, found: Any) -> int:
            if wav and count:
                piece = np.ctypeslib.as_array(wav, (count,)).astype(np.float32)
                sound.append(piece / np.float32(32768))
            events.extend(_events(found))
            return 0

        callback = _Callback(receive)
        self._lib.espeak_SetSynthCallback(callback)
        self._lib.espeak_SetParameter(_RATE, round(USUAL_RATE * rate), 0)
        data = text.encode() + b"\0"
        self._lib.espeak_Synth(data, len(data), 0, 1, 0, _UTF8, None, None)
        self._lib.espeak_Synchronize()
        samples = np.concatenate(sound) if sound else np.zeros(0, np.float32)
        return samples, events


def _events(found: Any) -> Iterator[Event]:
    at = 0
    while found and found[at].type != _LIST_END:
        event = found[at]
        if event.type == _WORD:
            yield Event(event.sample, event.text_position - 1)
        elif event.type == _PHONEME:
            name = event.id.string.decode("utf-8", "ignore")
            yield Event(event.sample, event.text_position - 1, name or " ")
        at += 1


@lru_cache(maxsize=1)
def library() -> Library:
    return Library()


def say_afresh(voice: str, text: str, rate: float) -> tuple[Samples, list[Event], int]:
    """`Library.say` in a process of its own, and the sample rate."""
    done = subprocess.run(
        [sys.executable, "-m", __name__, voice, repr(rate)],
        input=text.encode(),
        capture_output=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        last = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise VoiceError(f"espeak-ng failed: {' '.join(last)}", remedy=INSTALL)
    head, _, sound = done.stdout.partition(b"\n")
    sample_rate, events = json.loads(head)
    return np.frombuffer(sound, np.float32), [Event(*event) for event in events], sample_rate


def _main() -> None:
    samples, events = library().say(sys.argv[1], sys.stdin.read(), float(sys.argv[2]))
    head = [library().rate, [[e.sample, e.text, e.phoneme] for e in events]]
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + samples.tobytes())


if __name__ == "__main__":
    _main()
