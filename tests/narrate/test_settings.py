"""Which layer of settings wins, and what a user's own file may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from narrate.errors import SettingsError
from narrate.settings import Settings, resolve, user_settings


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.yaml"
    monkeypatch.setenv("NARRATE_SETTINGS", str(path))
    return path


def test_a_later_layer_wins_and_the_portrait_is_merged() -> None:
    found = resolve(
        {"theme": "dark", "portrait": {"clarity": 1.2, "motion": 0.5}, "pause_slide": 3},
        {"theme": "contrast", "portrait": {"motion": 1.0}},
    )
    assert found == Settings(theme="contrast", portrait={"clarity": 1.2, "motion": 1.0})


def test_no_file_sets_nothing(file: Path) -> None:
    assert user_settings() == {}


def test_the_users_file_is_read(file: Path) -> None:
    file.write_text("theme: dark\nauthor: Ada Example\n")
    assert user_settings() == {"theme": "dark", "author": "Ada Example"}


@pytest.mark.parametrize("text", ["language: de", "pause: {slide: 300}", "titel: x", "theme: ["])
def test_what_a_users_file_cannot_say_is_refused_with_its_line(file: Path, text: str) -> None:
    """A script is read in the course's language and with its pauses, whoever builds it."""
    file.write_text(f"author: Ada Example\n{text}\n")
    with pytest.raises(SettingsError) as caught:
        user_settings()
    assert caught.value.place.path == str(file) and caught.value.remedy
    assert caught.value.place.line in (2, 3)


def test_a_file_that_is_no_text_is_refused(file: Path) -> None:
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match="Mend or delete"):
        user_settings()
