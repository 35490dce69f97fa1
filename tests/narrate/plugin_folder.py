"""Plug-ins for tests: a package with an entry point, in a folder on the path."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

import pytest

TONE = '''
import numpy as np

from narrate.voices import CannotSayError, PhoneTime, Said, Say, VoiceDescription, WordTime

RATE = 16_000
TIMES = "phones"
ABILITIES = frozenset({"rate"})


class Plugin:
    version = "1"

    def voices(self):
        return [VoiceDescription("one", ("en", "de"), "MIT", RATE, ABILITIES, TIMES)]

    def open(self, voice):
        return speak


def speak(say):
    """Each word is a tone of 0.3 s, and there is a pause after a comma."""
    sounds, phones, here = [], [], 0.0
    for number, word in enumerate(say.words):
        count = round(0.3 * RATE / say.rate)
        sounds.append(0.3 * np.sin(2 * np.pi * 220 * np.arange(count) / RATE))
        phones.append(PhoneTime("a", here, here + count / RATE, number, 1))
        here += count / RATE
        if word.text.endswith(","):
            sounds.append(np.zeros(round(0.3 * RATE)))
            here += len(sounds[-1]) / RATE
    return Said(np.concatenate(sounds).astype(np.float32), RATE, phones=phones)
'''
"""The source of a plug-in that keeps the contract. Tests change some lines of it."""


_RELEASES = itertools.count(3)


def install(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: str = TONE,
    *,
    name: str = "tone",
    module: str = "tone_voice",
    package: str = "tone-package",
    release: str = "",
) -> None:
    """Put a package with a plug-in on the path, as an installer would. Each has another release: of
    one release, a process loads what it finds first."""
    release = release or f"1.{next(_RELEASES)}"
    folder.mkdir(exist_ok=True)
    (folder / f"{module}.py").write_text(source, "utf-8")
    info = folder / f"{package.replace('-', '_')}-{release}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {release}\n")
    (info / "entry_points.txt").write_text(f"[narrate.voices]\n{name} = {module}:Plugin\n")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, module, raising=False)


def change(*lines: tuple[str, str]) -> str:
    """The source of the plug-in with some text replaced."""
    source = TONE
    for old, new in lines:
        assert old in source
        source = source.replace(old, new)
    return source
