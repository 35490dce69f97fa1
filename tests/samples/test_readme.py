"""What the README and the course template say is true: settings, commands, options, rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from lessons.course.setting_layers import allowed_keys, merge, read_layer
from lessons.course.setting_types import Layer
from lessons.course.settings import CourseKeys, LessonKeys, Settings
from lessons.course.yaml_mapping import read_mapping
from lessons.errors import CourseError
from narrate.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def read_block(text: str) -> CourseKeys:
    mapping = read_mapping(text, path="README.md", error=CourseError)
    return read_layer(mapping, CourseKeys, Layer.COURSE)


def test_the_settings_that_it_shows_are_accepted() -> None:
    (block,) = [b for b in re.findall(r"```yaml\n(.*?)```", README, re.S) if "title:" in b]
    shown = read_block(block)
    left_out = allowed_keys(CourseKeys, Layer.COURSE) - shown.model_fields_set
    assert left_out == {"recording", "pause", "whisper", "author", "license", "publisher",
                        "lessons", "dialect", "root"}  # fmt: skip
    for name in ("language", "voice", "captions", "theme", "video", "signer"):
        assert getattr(shown, name) == getattr(Settings(), name)


def test_the_settings_that_a_new_course_shows_are_the_defaults() -> None:
    template = (ROOT / "templates/course/course.yaml.j2").read_text("utf-8")
    lines = re.findall(r"^# ([a-z]+: *\S.*)$", template, re.M)
    shown = read_block("\n".join(["title: x", *lines]))
    examples = {"presenter", "dialect", "boxes"}
    assert examples <= shown.model_fields_set
    named = (shown.model_fields_set & Settings.model_fields.keys()) - examples
    shown = shown.model_copy(update={n: getattr(CourseKeys(), n) for n in examples})
    assert {"language", "voice", "captions", "theme", "video", "signer"} <= named
    assert merge(shown) == merge(
        shown.model_copy(update={n: getattr(Settings(), n) for n in named})
    )


def test_what_a_lesson_may_override_is_told() -> None:
    (told,) = re.findall(r"A lesson's front matter may override ([^.]*)\.", README)
    overridden = set(re.findall(r"`(\w+)`", told))
    assert overridden == allowed_keys(LessonKeys, Layer.LESSON) - {"shape"}


def command_names() -> set[str]:
    found: set[str] = set()
    waiting = [("", get_command(app))]
    while waiting:
        name, command = waiting.pop()
        found.add(name)
        for inner, sub in getattr(command, "commands", {}).items():
            waiting.append((f"{name} {inner}".strip(), sub))
    return found - {""}


@pytest.mark.parametrize("name", sorted(command_names()))
def test_every_command_is_in_it(name: str) -> None:
    first, _, second = name.partition(" ")
    pattern = rf"\b{first}\b" + (rf"[^\n]*\b{second}\b" if second else "")
    assert re.search(pattern, README), name


def test_every_command_in_it_exists() -> None:
    known = command_names()
    for first, second in re.findall(r"`?narrate ([a-z]+)(?: ([a-z]+)\b)?", README):
        assert first in known or first in {"is"}, first
        group = [name for name in known if name.startswith(f"{first} ")]
        assert not (group and second) or f"{first} {second}" in known, (first, second)


def test_every_option_in_it_exists() -> None:
    options: set[str] = set()
    waiting = [get_command(app)]
    while waiting:
        command = waiting.pop()
        options |= {option for param in command.params for option in param.opts}
        waiting.extend(getattr(command, "commands", {}).values())
    told = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README))
    told -= {"--force-reinstall", "--head", "--port"}  # of pip and Ray
    assert told <= options, told - options
