"""Reads the user's own settings, which every course's settings override."""

from __future__ import annotations

import os
from pathlib import Path

from foundation.problem import Place
from lessons.course.setting_layers import read_layer
from lessons.course.setting_types import Layer
from lessons.course.settings import DEFAULTS, Settings
from lessons.course.text_files import opening, read_text
from lessons.course.yaml_mapping import LARGEST_SETTINGS, read_mapping
from narrate.errors import SettingsError

USER_FILE = "settings.yaml"


def user_settings_path() -> Path:
    """The file with the user's settings: NARRATE_SETTINGS in the environment, or the usual one."""
    named = os.environ.get("NARRATE_SETTINGS")
    if named:
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("narrate", appauthor=False) / USER_FILE


def read_user_settings() -> Settings:
    """The user's settings; the defaults if there is no file.

    Raises SettingsError with all problems that were found.
    """
    path = user_settings_path()
    with opening(str(path), Place(str(path)), SettingsError):
        if not path.exists():
            if os.environ.get("NARRATE_SETTINGS"):
                raise SettingsError(
                    "There is no such file of settings.",
                    remedy="Correct NARRATE_SETTINGS in the environment, or do not set it.",
                    place=Place(str(path)),
                )
            return DEFAULTS
    mapping = read_mapping(
        read_text(path, str(path), SettingsError),
        path=str(path),
        error=SettingsError,
        limit=LARGEST_SETTINGS,
        keep_problems=True,
    )
    return read_layer(mapping, Settings, Layer.USER)
