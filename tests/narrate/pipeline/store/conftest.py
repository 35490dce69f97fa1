"""A store of ours, and surroundings in which no secret or cache of the user counts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from trial_store import OURS

from narrate.pipeline.store import opening
from narrate.pipeline.store.folder import FolderStore


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("", "_FILE"):
        monkeypatch.delenv(f"NARRATE_STORE_SECRET{variable}", raising=False)
    for variable in ("", "_SIZE"):
        monkeypatch.delenv(f"NARRATE_STORE_CACHE{variable}", raising=False)
    for kind in ("DATA", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.setattr(opening, "_open", {})
    # A machine that loses its power is no test's subject, and disks are slow.
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "store", OURS)
