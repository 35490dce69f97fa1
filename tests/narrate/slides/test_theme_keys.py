"""The JSON Schema of theme files agrees with what is read."""

from __future__ import annotations

import tomllib

import jsonschema
import pytest

from lessons.course.schema import keys_schema
from narrate.slides.theme_keys import ThemeKeys
from narrate.slides.themes import THEMES, read_look

SCHEMA = keys_schema(ThemeKeys, "A theme file")


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", THEMES)
def test_built_in_themes_fit_the_schema(name: str) -> None:
    jsonschema.validate(tomllib.loads(read_look(name)), SCHEMA)


@pytest.mark.parametrize(
    "text",
    ["x = 1", '[colours]\ntext = "blue"', "[shape]\nradius = 99", "[tones.x]\nedge = '#fff'"],
)
def test_what_is_ignored_does_not_fit_it(text: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), SCHEMA)
