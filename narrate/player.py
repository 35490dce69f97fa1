"""Plays sound on the loudspeaker, with a program that plays sound files."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from narrate.clock import SAMPLE_RATE
from narrate.errors import DecodingError
from narrate.speech.sound_file import write_sound
from narrate.vocabulary import Samples

_PLAY_IN_POWERSHELL = "(New-Object Media.SoundPlayer '{}').PlaySync()"
PLAYERS: tuple[tuple[str, ...], ...] = (
    ("afplay",),
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
    ("play", "-q"),
    ("powershell", "-NoProfile", "-Command", _PLAY_IN_POWERSHELL),
)
"""Programs and their arguments, the system's own first. The file's name is added as the last
argument, or replaces `{}` in it."""

SPARE_SECONDS = 20  # a player that takes longer than the sound and this is waiting for a device


def play(samples: Samples) -> None:
    """Play to the end. Raises DecodingError if no player is installed, or if all of them fail."""
    found = [command for command in PLAYERS if shutil.which(command[0])]
    if not found:
        names = ", ".join(command[0] for command in PLAYERS)
        raise DecodingError(
            f"No program that plays sound is installed (looked for {names}).",
            remedy="Write a file with --out line.wav, or do without sound with --mute.",
        )
    problems = []
    with tempfile.TemporaryDirectory(prefix="narrate-") as folder:
        path = Path(folder) / "line.wav"
        write_sound(path, samples)
        for command in found:
            problem = _run(command, path, len(samples) / SAMPLE_RATE + SPARE_SECONDS)
            if problem is None:
                return
            problems.append(f"{command[0]}: {problem}")
    raise DecodingError(
        f"The sound could not be played ({'; '.join(problems)}).",
        remedy="Write a file with --out line.wav, or do without sound with --mute.",
    )


def _run(command: tuple[str, ...], path: Path, seconds: float) -> str | None:
    """Why a player failed; None if it did not."""
    arguments = (
        [*command[:-1], command[-1].format(str(path).replace("'", "''"))]
        if "{}" in command[-1]
        else [*command, str(path)]
    )
    try:
        done = subprocess.run(
            arguments,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "it did not finish"
    except OSError as error:
        return error.strerror or "it could not be started"
    lines = done.stderr.strip().splitlines()
    # ALSA's players print what they tried before they print what failed.
    return None if done.returncode == 0 else (lines[-1] if lines else f"code {done.returncode}")
