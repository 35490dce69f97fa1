"""An upgrade says what it makes again, before it does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from build_trials import build_here

import narrate
from narrate.cli import main
from narrate.pipeline import step as steps
from narrate.pipeline.sources import digest_sources
from narrate.pipeline.upgrade import read_versions

Change = Callable[[str], None]

SPEECH = "narrate.pipeline.steps.speech"
CHAPTERS = "narrate.pipeline.steps.chapters"


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch) -> Change:
    """Change the sources of a step, as an upgrade does."""

    def change(module: str) -> None:
        def digest(packages: tuple[str, ...], templates: tuple[str, ...] = ()) -> str:
            return digest_sources(packages, templates) + ("new" if module in packages else "")

        monkeypatch.setattr(steps, "digest_sources", digest)

    return change


def messages(course: Path) -> list[str]:
    return [note.message for note in narrate.plan(course).notes]


def test_it_names_the_steps_that_have_changed_and_those_after_them(
    built: Path, change: Change
) -> None:
    assert messages(built) == []
    change(SPEECH)
    (told,) = messages(built)
    assert told.startswith("narrate has changed since the last build. This is made again: ")
    again = told.partition("again: ")[2]
    assert "speech, check and segment of 6 slides" in again and "report of the course" in again
    assert "picture" not in again
    assert build_here(built).slides == 6
    assert messages(built) == []


def test_a_step_of_lessons_costs_no_slides(built: Path, change: Change) -> None:
    change(CHAPTERS)
    (told,) = messages(built)
    assert told.endswith("This is made again: chapters of 2 lessons.")


def test_an_edit_is_no_upgrade(built: Path) -> None:
    lesson = built / "01-first.md"
    lesson.write_text(lesson.read_text().replace("One short", "A long"))
    assert narrate.plan(built).tasks and messages(built) == []


def test_what_a_build_of_one_lesson_leaves_is_still_told(built: Path, change: Change) -> None:
    change(CHAPTERS)
    build_here(built, lesson="1")
    (told,) = messages(built)
    assert told.endswith("This is made again: chapters of 1 lesson.")


def test_a_release_of_another_package_is_named(built: Path) -> None:
    file = built / "build/.store/steps.json"
    known = json.loads(file.read_text())
    for table in known["versions"].values():
        if "segment" in table:
            name, sources, *_ = table["segment"]
            table["segment"] = [name, sources, "av 1.0"]
    file.write_text(json.dumps(known))
    assert messages(built) == []  # nothing remains, so nothing is told
    for path in [*(built / "build").glob("*/lecture.mp4"), *(built / "build/.store").glob("??/*")]:
        path.unlink()
    (told,) = messages(built)
    assert re.match(r"[^.]*\bav\b[^.]* ha(s|ve) changed since the last build\.", told)
    assert "narrate" not in told and "segment of 6 slides; video of 2 lessons" in told


@pytest.mark.parametrize(
    "text", ["", "[]", '{"versions": 3}', '{"versions": {}, "lessons": {"": 7}}']
)
def test_a_damaged_memory_is_none(tmp_path: Path, text: str) -> None:
    file = tmp_path / "steps.json"
    assert read_versions(file) == {}
    file.write_text(text)
    assert read_versions(file) == {}


def test_a_damaged_memory_is_written_anew(built: Path, change: Change) -> None:
    file = built / "build/.store/steps.json"
    right = file.read_text()
    file.unlink()
    file.mkdir()
    build_here(built)
    assert file.read_text() == right


def test_the_command_tells_it_before_it_builds(
    built: Path, change: Change, capsys: pytest.CaptureFixture[str]
) -> None:
    change(CHAPTERS)
    again = "This is made again: chapters of 2 lessons."
    assert main(["build", str(built), "--dry-run"]) == 0
    assert again in capsys.readouterr().err
    assert main(["build", str(built), "--dry-run", "--json"]) == 0
    assert again in json.loads(capsys.readouterr().out)["notes"][0]["message"]
    assert main(["build", str(built), "--log", "json", "--jobs", "1"]) == 0
    first = json.loads(capsys.readouterr().err.splitlines()[0])
    assert first["event"] == "note" and again in first["message"]
