"""Prepares what slideSonnet needs to run here: a browser, voices, and a program that speaks.

Its speech services are not used. A stub named `piper` (stub_piper.py) speaks with narrate's default
engine instead, so that both tools do the same speaking work.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stub_piper import SPEECH_LOG

PIPER_VOICE = re.compile(r"\b[a-z]{2}_[A-Z]{2}-\w+-\w+\b")
DEFAULT_VOICE = "en_US-lessac-medium"
MISSING_BROWSER = re.compile(r"Executable doesn't exist at (\S+)")
LAUNCH = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    try:
        playwright.chromium.launch().close()
    except Exception as problem:
        print(problem)
"""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the stub did: how often it was called, and seconds of loading, speaking and speech."""

    calls: int
    loading: float
    speaking: float
    speech: float


class PeerSetup:
    """A folder with all that slideSonnet looks for, and the environment that leads it there."""

    def __init__(
        self, program: Path, root: Path, deck: Path, path: Sequence[Path], browser: Path | None
    ) -> None:
        self.program = program
        self._log = root / "speech.jsonl"
        tools, home, browsers = root / "tools", root / "home", root / "browsers"
        for folder in (tools, home, browsers):
            folder.mkdir(parents=True)
        _write_program(tools / "piper", sys.executable, Path(__file__).with_name("stub_piper.py"))
        _write_voices(home / ".local/share/piper_models", deck)
        self.environment: Mapping[str, str] = {
            **os.environ,
            "HOME": str(home),
            "PATH": os.pathsep.join(map(str, [tools, *path, os.environ["PATH"]])),
            SPEECH_LOG: str(self._log),
        }
        if browser is not None:
            wrapper = tools / "browser"
            _write_program(wrapper, browser, "--no-sandbox")
            self.environment |= {
                "CHROME_PATH": str(wrapper),
                "PLAYWRIGHT_BROWSERS_PATH": str(browsers),
            }
            self._place_browser(wrapper)

    def _place_browser(self, wrapper: Path) -> None:
        """Put the browser where Playwright looks for the one that it would download."""
        python = self.program.with_name("python")
        said = subprocess.run(
            [str(python), "-c", LAUNCH],
            env=self.environment, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        if missing := MISSING_BROWSER.search(said):
            place = Path(missing[1])
            place.parent.mkdir(parents=True)
            place.symlink_to(wrapper)

    def take_spoken(self) -> Spoken:
        """Return what the stub did since the last time that this was asked."""
        lines = self._log.read_text().splitlines() if self._log.exists() else []
        self._log.unlink(missing_ok=True)
        entries = [json.loads(line) for line in lines]
        sums = [sum(e[key] for e in entries) for key in ("loading", "speaking", "speech")]
        return Spoken(len(entries), *sums)


def _write_program(path: Path, *words: str | Path) -> None:
    path.write_text(f'#!/bin/sh\nexec {shlex.join(map(str, words))} "$@"\n')
    path.chmod(0o755)


def _write_voices(folder: Path, deck: Path) -> None:
    """Write a file for every Piper voice that the deck names, or slideSonnet would download it."""
    folder.mkdir(parents=True)
    texts = [deck.read_text(), *(p.read_text() for p in deck.parent.glob("*.yaml"))]
    for name in {DEFAULT_VOICE, *PIPER_VOICE.findall("\n".join(texts))}:
        (folder / f"{name}.onnx").write_text("The stub needs no model.\n")
