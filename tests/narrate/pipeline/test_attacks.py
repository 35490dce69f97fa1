"""Nothing in a store or an output folder is believed because it lies there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.store_attacks.attacks import ATTACKS, control, judge
from benchmarks.store_attacks.lab import Lab, own_environment


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("attacks")
    with own_environment(folder):
        yield Lab.set_up(folder / "lab")


@pytest.fixture
def lab(built: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """A copy of the lab, with the times of its files."""
    with own_environment(tmp_path):
        shutil.copytree(built.root, tmp_path / "lab", symlinks=True)
        yield Lab(tmp_path / "lab", dict(built.good))


def test_what_is_ours_is_served(lab: Lab) -> None:
    control(lab)


@pytest.mark.parametrize("name", ATTACKS)
def test_nothing_foreign_is_served(lab: Lab, name: str) -> None:
    assert judge(lab, name) in ("made anew", "refused: ConsentError", "refused: StoreError")
