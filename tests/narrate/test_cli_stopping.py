"""Ctrl-C and other ends of a command: no traceback, and what remains is said."""

from __future__ import annotations

import builtins
import json
from collections.abc import Iterator
from typing import Any

import pytest

from narrate.cli import main
from narrate.cli.progress_bar import show_progress
from narrate.progress import Progress


def test_ctrl_c_during_the_imports_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    usual = builtins.__import__

    def stop(name: str, *given: Any, **more: Any) -> Any:
        if name == "narrate.cli.app":
            raise KeyboardInterrupt
        return usual(name, *given, **more)

    with monkeypatch.context() as patched:
        patched.setattr(builtins, "__import__", stop)
        assert main(["--version"]) == 130
    assert capsys.readouterr().err.strip() == "Stopped."
    assert main(["--version"]) == 0


@pytest.fixture
def halfway() -> Iterator[Progress]:
    yield Progress(0.4, ("speaking 01, slide 2",), 75.0, done=12, tasks=40)


def test_a_build_that_is_stopped_says_what_remains(
    halfway: Progress, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(KeyboardInterrupt), show_progress(quiet=False) as tell:
        tell(halfway)
        raise KeyboardInterrupt
    assert "28 of 40 tasks remain, about 1:15 left" in capsys.readouterr().err


def test_one_that_ends_of_itself_says_nothing_of_the_kind(
    halfway: Progress, capsys: pytest.CaptureFixture[str]
) -> None:
    with show_progress(quiet=False) as tell:
        tell(halfway)
    assert "remain" not in capsys.readouterr().err


def test_json_lines_are_for_programs(halfway: Progress, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit), show_progress(quiet=False, log="json") as tell:
        tell(Progress(0.0, (), None, tasks=40))
        tell(Progress(0.1, (), None, done=1, tasks=40))  # too soon
        tell(Progress(0.4, ("x",), 75.0, done=12, tasks=40, failed=1))  # news all the same
        raise SystemExit(143)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(x["event"], x["done"], x["failed"]) for x in lines] == [
        ("progress", 0, 0), ("progress", 12, 1), ("stopped", 12, 1)
    ]  # fmt: skip
    assert lines[-1]["tasks"] == 40 and lines[-1]["seconds_left"] == 75.0
