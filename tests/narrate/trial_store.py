"""What tests of stores share: artefacts, and programs that run in processes of their own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from narrate.pipeline.step import Artefact
from narrate.pipeline.store.secret import Secret

OURS = Secret(b"o" * 32)
THEIRS = Secret(b"t" * 32)
ROOT = Path(__file__).resolve().parents[2]


class Writable(Protocol):
    def add_file(self, path: Path, artefact: Artefact) -> None: ...


def name(number: int | str, suffix: str = ".txt", consent: str = "") -> Artefact:
    """An artefact of this number, with a key like any other."""
    return Artefact(hashlib.sha256(str(number).encode()).hexdigest()[:40], suffix, consent)


def content(artefact: Artefact) -> bytes:
    """The bytes that belong to an artefact."""
    return hashlib.sha256(artefact.name.encode()).digest() * 3


def start(program: str, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Start a Python program that imports narrate and this file."""
    paths = os.pathsep.join([str(ROOT), str(Path(__file__).parent)])
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths, **environment},
    )


def finish(process: subprocess.Popen[str]) -> str:
    """What a program printed, which must end well."""
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return printed
