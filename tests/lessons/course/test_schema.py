"""The schemas that editors get: they accept what the reader accepts, and refuse what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from setting_values import VALUES

from lessons.course.schema import json_schema
from lessons.course.setting_layers import KEYS, allowed_keys, read_layer
from lessons.course.setting_types import Layer
from lessons.course.settings import CourseKeys
from lessons.course.yaml_mapping import read_mapping
from lessons.errors import CourseError
from lessons.markdown.lesson import Surroundings, read_lesson

FILES = [Layer.COURSE, Layer.LESSON, Layer.USER]
ROOT = Path(__file__).resolve().parents[3]


def validator(layer: Layer) -> jsonschema.Draft202012Validator:
    schema = json_schema(layer)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def accepts(layer: Layer, document: dict[str, Any]) -> bool:
    return bool(validator(layer).is_valid(document))


@pytest.mark.parametrize("layer", FILES)
@pytest.mark.parametrize("name", list(VALUES))
def test_the_schema_knows_every_setting_where_it_may_be_written(name: str, layer: Layer) -> None:
    good, _ = VALUES[name]
    document = {"title": "x"} if layer is Layer.COURSE else {}
    allowed = name in allowed_keys(KEYS[layer], layer)
    found = accepts(layer, {**document, name: yaml.safe_load(good)})
    # Other tools use this name in front matter, so there it is passed over.
    assert found is (allowed or (layer is Layer.LESSON and name == "author"))
    described = json_schema(layer)["properties"]
    assert bool(described.get(name)) is allowed
    assert not allowed or described[name]["description"]


@pytest.mark.parametrize("name", list(VALUES))
def test_the_schema_of_a_lesson_refuses_what_the_reader_cannot_use_there(
    name: str, tmp_path: Path
) -> None:
    good, _ = VALUES[name]
    text = f"---\n{name}: {good}\n---\n\n# One\n\nHello.\n"
    _, findings = read_lesson(text, "a.md", Surroundings(tmp_path))
    used = not any(f.rule == "setting-unusable" and f.place.key == name for f in findings)
    assert accepts(Layer.LESSON, {name: yaml.safe_load(good)}) is used


def test_the_schema_of_a_lesson_accepts_the_keys_of_other_tools() -> None:
    assert accepts(Layer.LESSON, {"marp": True, "layout": "cover", "author": "Ada"})


@pytest.mark.parametrize(
    "wrong",
    ["theme: drak", "speed: 9", "speed: fast", "video: {rat: 3}", "portrait: {clarity: 2}",
     "captions: BBC", "lessons: a.md", "presenter: {name: x}", "bogus: 1", "pause: {slide: -1}"],
)  # fmt: skip
def test_the_schema_refuses_what_the_reader_refuses(wrong: str) -> None:
    assert not accepts(Layer.COURSE, {"title": "x", **yaml.safe_load(wrong)})
    assert accepts(Layer.COURSE, yaml.safe_load("theme: dark"))  # a title can be found


NOT_IN_A_SCHEMA = {"whisper", "publisher"}
"""Settings with rules that a schema cannot say in a way that helps an editor's user."""


def test_the_schema_refuses_a_wrong_value_of_every_setting() -> None:
    accepted = set()
    for layer in (Layer.COURSE, Layer.LESSON):
        for name, (_, bad) in VALUES.items():
            document = {"title": "x", name: yaml.safe_load(bad)}
            if name in allowed_keys(KEYS[layer], layer) and accepts(layer, document):
                accepted.add(name)
    assert accepted <= NOT_IN_A_SCHEMA


@pytest.mark.parametrize("wrong", ["language: 5", "presenter: true"])
def test_the_schema_refuses_other_wrong_types(wrong: str) -> None:
    assert not accepts(Layer.COURSE, {"title": "x", **yaml.safe_load(wrong)})


@pytest.mark.parametrize(
    "wrong",
    ["voice: '  '", "author: ' '", "voices: {fr: ' '}", "presenter: ' '", "presenter: {photo: ' '}",
     "video: {size: 1281x720}", "video: {size: 1280x721}", "video: {size: [1280, 721]}",
     "video: {size: [1280]}", "id: -5"],
)  # fmt: skip
def test_the_schema_and_the_reader_refuse_the_same_texts_and_sizes(wrong: str) -> None:
    assert not accepts(Layer.COURSE, {"title": "x", **yaml.safe_load(wrong)})
    mapping = read_mapping(f"title: x\n{wrong}\n", path="course.yaml", error=CourseError)
    with pytest.raises(CourseError):
        read_layer(mapping, CourseKeys, Layer.COURSE)


@pytest.mark.parametrize(
    "right",
    ["language: de_DE", "language: zh-Hant-TW", "signer: me.mp4", "voices: {fr_CA: espeak}",
     "presenter: false", "presenter: none", "presenter: me.jpg", "id: 101",
     "presenter: null", "id: true", "video: {size: [1280, 720]}", "video: {size: 1280 x 720}"],
)  # fmt: skip
def test_the_schema_accepts_every_way_to_write_a_value(right: str) -> None:
    document = {"title": "x", **yaml.safe_load(right)}
    assert accepts(Layer.COURSE, document)
    mapping = read_mapping(yaml.safe_dump(document), path="course.yaml", error=CourseError)
    read_layer(mapping, CourseKeys, Layer.COURSE)


def test_the_sample_course_is_valid() -> None:
    text = (ROOT / "samples/course/course.yaml").read_text()
    assert accepts(Layer.COURSE, yaml.safe_load(text))


def test_the_schema_has_no_keys_that_only_this_program_uses() -> None:
    assert "'layers':" not in str(json_schema(Layer.COURSE))
