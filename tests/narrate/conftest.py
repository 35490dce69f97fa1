"""A small course that builds in seconds: silent voice, small pictures, no presenter."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

COURSE = """\
title: Small & Whole
id: small
voice: silent
video: {size: 640x360, rate: 10}
"""

FIRST = """\
---
title: First
---

# First

One short sentence. And a second one.

## List

- Alpha is first.
- Beta is second.

## Last

The end comes with 3 kg of $x^2$.
"""

SECOND = """\
# Slide one

---

## Deck

<!-- A note that is spoken. -->

---

## Again

<!-- Another note. -->
"""


@pytest.fixture
def settings_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the settings nor the keys of whoever runs the tests count."""
    nothing = tmp_path / "no-settings.yaml"
    nothing.write_text("")
    monkeypatch.setenv("NARRATE_SETTINGS", str(nothing))
    monkeypatch.delenv("NARRATE_TRUST", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("COLUMNS", "240")  # no path is broken over lines


@pytest.fixture
def small_course(tmp_path: Path, settings_elsewhere: None) -> Path:
    root = tmp_path / "course"
    root.mkdir()
    (root / "course.yaml").write_text(COURSE)
    (root / "01-first.md").write_text(FIRST)
    (root / "02-second.md").write_text(SECOND)
    return root


@pytest.fixture
def edit() -> Callable[[Path, str, str], None]:
    def replace(path: Path, old: str, new: str) -> None:
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    return replace
