"""Settings: defaults < the user's file < course.yaml < a lesson's front matter < flags.

Pauses are not here: the script's parser gives them to the utterances.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from pathlib import Path

from foundation.problem import Place
from lessons.errors import CourseError
from lessons.mapping import read_mapping
from lessons.settings import COMMON, COURSE_ONLY, read_settings
from narrate.errors import SettingsError

USER_FILE = "settings.yaml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a lesson is built with. `rate` is frames a second, `speed` a factor on the voice's own
    pace (None: the usual one, `narrate.speech.narration`), `signer` "none", "reserve" or the
    path of a signer's video in the course; `portrait` holds fields of the performance's
    controls. `voices` name a voice for each further language, `recording` is the file or folder
    in the course that holds the lesson's recording, `whisper` the recognition model: a name in the
    user's model folder or, in the user's own settings, a path; empty is the embedded one."""

    language: str = "en-US"
    voice: str = "hibari"
    voices: Mapping[str, str] = field(default_factory=dict)
    recording: str = ""
    whisper: str = ""
    size: tuple[int, int] = (1920, 1080)
    rate: Fraction = Fraction(30)
    captions: str = "bbc"
    signer: str = "none"
    theme: str = "light"
    speed: float | None = None
    portrait: Mapping[str, object] = field(default_factory=dict)
    author: str = ""
    license: str = ""
    publisher: str = ""


_KNOWN = frozenset(f.name for f in fields(Settings))


def resolve(*layers: Mapping[str, object]) -> Settings:
    """The settings of the layers, each stronger than those before it. `portrait` and `voices` are
    merged key by key. Keys that are none of `Settings` are passed over."""
    merged: dict[str, object] = {}
    inner: dict[str, dict[str, object]] = {"portrait": {}, "voices": {}}
    for layer in layers:
        merged.update((k, v) for k, v in layer.items() if k in _KNOWN)
        for name, values in inner.items():
            own = layer.get(name)
            if isinstance(own, Mapping):
                values.update(own)
    merged.update(inner)
    return Settings(**merged)  # type: ignore[arg-type]


def user_settings_path() -> Path:
    """The user's own settings; the environment's NARRATE_SETTINGS names another file."""
    named = os.environ.get("NARRATE_SETTINGS")
    if named:
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("narrate", appauthor=False) / USER_FILE


def user_settings() -> dict[str, object]:
    """What the user's file sets; nothing if there is none. Raises SettingsError."""
    path = user_settings_path()
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"The user's settings cannot be read ({error}).",
            remedy="Mend or delete the file.",
            place=Place(str(path)),
        ) from error
    try:
        mapping = read_mapping(text, path=str(path), error=CourseError)
        # What decides how a script is read is the course's alone.
        own = ("language", "pause", "recording")
        allowed = tuple(k for k in (*COMMON, *COURSE_ONLY) if k not in own)
        mapping.check_keys(allowed, "the user's settings")
        return read_settings(mapping, allowed)
    except CourseError as error:
        raise SettingsError(error.message, remedy=error.remedy, place=error.place) from error
