"""An engine from a plug-in: one class and an entry point."""

from __future__ import annotations

from importlib.metadata import EntryPoint, EntryPoints
from typing import ClassVar

import numpy as np
import pytest
from engine_world import row

from avatar.engines import GROUP, find_engine_class, open_engine
from avatar.engines.base import Engine
from avatar.engines.still import StillEngine
from avatar.engines.warp import WarpEngine
from avatar.errors import RigError


class NegativeEngine(StillEngine):
    """Shows the photo's negative while the jaw is open."""

    name: ClassVar[str] = "negative"
    channels: ClassVar[frozenset[str]] = frozenset({"jawOpen"})

    def render(self, values: np.ndarray) -> np.ndarray:
        frame = super().render(values)
        return 255 - frame if np.any(values) else frame


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = EntryPoints([EntryPoint("negative", f"{__name__}:NegativeEngine", GROUP)])
    monkeypatch.setattr(
        "importlib.metadata.entry_points", lambda **params: entries.select(**params)
    )


def test_a_plug_in_is_found_and_renders(painted: WarpEngine) -> None:
    engine = open_engine("negative", painted._rig)
    assert isinstance(engine, Engine)
    assert engine.channels == {"jawOpen"} and engine.version() == "1"
    assert np.array_equal(engine.render(row()), painted._rig.rest)
    assert np.array_equal(engine.render(row(jawOpen=1)), 255 - painted._rig.rest)


def test_an_unknown_engine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(RigError, match=r"'dance'.*negative, still, warp"):
        find_engine_class("dance")


def test_a_plug_in_that_does_not_load_says_whose_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = EntryPoints(
        [
            EntryPoint("gone", "no_such_module:Engine", GROUP),
            EntryPoint("half", "builtins:object", GROUP),
        ]
    )
    monkeypatch.setattr(
        "importlib.metadata.entry_points", lambda **params: entries.select(**params)
    )
    for name in ("gone", "half"):
        with pytest.raises(RigError, match=f"{name!r}.*cannot be used"):
            find_engine_class(name)


def test_the_version_distinguishes_backends(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = set()
    for name in ("opencv", "torch"):
        monkeypatch.setattr("avatar.engines.warp.describe_backend", lambda name=name: name)
        versions.add(WarpEngine.version())
    assert len(versions) == 2
