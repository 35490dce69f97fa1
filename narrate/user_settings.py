"""The user's own settings, which are below every course's."""

from __future__ import annotations

import os
from pathlib import Path

from lessons.layers import read_layer
from lessons.settings import DEFAULTS, Layer, Settings
from lessons.text_files import read_text
from lessons.yaml_mapping import LARGEST_SETTINGS, read_mapping
from narrate.errors import SettingsError

USER_FILE = "settings.yaml"


def user_settings_path() -> Path:
    """The file of the user's settings; the environment's NARRATE_SETTINGS names another."""
    named = os.environ.get("NARRATE_SETTINGS")
    if named:
        return Path(named)
    from platformdirs import user_config_path

    return user_config_path("narrate", appauthor=False) / USER_FILE


def read_user_settings() -> Settings:
    """What the user's file sets; nothing if there is none.

    Raises SettingsError with all problems that were found.
    """
    path = user_settings_path()
    if not path.exists():
        return DEFAULTS
    mapping = read_mapping(
        read_text(path, str(path), SettingsError),
        path=str(path),
        error=SettingsError,
        limit=LARGEST_SETTINGS,
    )
    return read_layer(mapping, Settings, Layer.USER)
