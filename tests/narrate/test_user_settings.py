"""What a user's own file may say, and that narrate's names are those that settings accept."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

import avatar.performance
from avatar.performance.controls import EMOTIONS, LIMITS
from lessons.course.setting_layers import merge
from lessons.course.setting_types import THEME_NAMES, CaptionProfileName, EmotionName
from lessons.course.settings import DEFAULTS, Portrait, Settings
from narrate.captions import PROFILES
from narrate.captions.profiles import DEFAULT
from narrate.errors import SettingsError
from narrate.slides.themes import THEMES
from narrate.user_settings import read_user_settings


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.yaml"
    monkeypatch.setenv("NARRATE_SETTINGS", str(path))
    return path


def test_no_file_sets_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NARRATE_SETTINGS", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr("narrate.user_settings.USER_FILE", "certainly-not-there.yaml")
    assert read_user_settings() == DEFAULTS


def test_a_file_that_is_named_has_to_be_there(file: Path) -> None:
    with pytest.raises(SettingsError, match="no such file of settings"):
        read_user_settings()
    file.write_text("")
    assert read_user_settings() == DEFAULTS


def test_the_users_file_is_read(file: Path) -> None:
    file.write_text("theme: dark\nauthor: Ada Example\n")
    found = read_user_settings()
    assert found.model_dump(exclude_unset=True) == {"theme": "dark", "author": "Ada Example"}
    place = found.place_of("author")
    assert (place.path, place.line) == (str(file), 2)


@pytest.mark.parametrize("text", ["language: de", "pause: {slide: 300}", "titel: x", "theme: ["])
def test_what_a_users_file_cannot_say_is_refused_with_its_line(file: Path, text: str) -> None:
    """A script is read in the course's language and with its pauses, whoever builds it."""
    file.write_text(f"author: Ada Example\n{text}\n")
    with pytest.raises(SettingsError) as caught:
        read_user_settings()
    assert caught.value.place.path == str(file) and caught.value.remedy
    assert caught.value.place.line in (2, 3)


def test_a_file_that_is_not_text_is_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="UTF-8"):
        read_user_settings()
    file.unlink()
    file.mkdir()
    with pytest.raises(SettingsError, match="is a file"):
        read_user_settings()


def test_settings_name_what_there_is() -> None:
    """The script's package cannot ask the others: these lists have to agree."""
    assert tuple(THEMES) == THEME_NAMES
    assert set(get_args(CaptionProfileName)) == set(PROFILES)
    assert get_args(EmotionName) == EMOTIONS
    assert merge().captions == DEFAULT


def test_a_portraits_limits_and_defaults_are_the_performances() -> None:
    controls = avatar.performance.Controls()
    for name, field in Portrait.model_fields.items():
        if name == "seed":
            continue
        assert getattr(Settings().portrait, name) == getattr(controls, name)
        if name in LIMITS:
            low, high = (
                next(getattr(m, side) for m in field.metadata if hasattr(m, side))
                for side in ("ge", "le")
            )
            assert (low, high) == LIMITS[name]
