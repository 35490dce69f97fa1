from __future__ import annotations

from pathlib import Path

import pytest

from foundation.json_text import parse_json, parse_object, read_object


def test_json_gives_its_value(tmp_path: Path) -> None:
    assert parse_json('[1, null, "ä"]') == [1, None, "ä"]
    (tmp_path / "a.json").write_text('{"a": 1}')
    assert read_object(tmp_path / "a.json") == {"a": 1}


@pytest.mark.parametrize("text", ["", "{", "[" * 200_000, b"\xff", '{"a": 1} x'])
def test_anything_else_is_a_value_error(text: str | bytes) -> None:
    with pytest.raises(ValueError):
        parse_json(text)


def test_an_object_is_asked_for() -> None:
    with pytest.raises(ValueError, match="not a JSON object"):
        parse_object("[]")
