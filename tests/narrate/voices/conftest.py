"""A speech server, and the settings of a user who has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from trial_speech_server import TrialServer


@pytest.fixture
def server() -> Iterator[TrialServer]:
    served = TrialServer()
    yield served
    served.close()


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Nobody waits: how long it would have been."""
    waited: list[float] = []
    monkeypatch.setattr("narrate.voices.servers.retries.sleep", waited.append)
    return waited


@pytest.fixture
def configure(
    server: TrialServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings_elsewhere: None,
) -> Callable[..., None]:
    """Writes the user's settings: the server `studio`, with more of its settings."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))

    def write(*, url: str = server.url, **settings: object) -> None:
        path = tmp_path / "own-settings.yaml"
        lines = [f"    {name}: {value}" for name, value in settings.items()]
        head = ["speech_servers:", "  studio:", f"    url: {url}", "    voices: [alloy, echo]"]
        path.write_text("\n".join([*head, *lines]))
        monkeypatch.setenv("NARRATE_SETTINGS", str(path))

    write()
    return write
