"""The files that a lesson brings in are bounded in number and size."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation.problem import Place
from lessons.dialects import includes
from lessons.dialects.base import Context
from lessons.dialects.includes import read_included

HERE = Place("a.md", 3)


@pytest.mark.parametrize(("name", "most"), [("MOST_INCLUDES", 2), ("LARGEST_INCLUDED", 7)])
def test_what_is_beyond_the_limit_is_left_out_and_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, most: int
) -> None:
    monkeypatch.setattr(includes, name, most)
    (tmp_path / "b.md").write_text("text")
    context = Context("a.md", tmp_path)
    read = [read_included(context, "b.md", HERE) for _ in range(4)]
    assert [file.text if file else "" for file in read] == ["text", "text", "", ""]
    assert [(f.rule, f.place.line) for f in context.findings] == [("include-missing", 3)]


def test_a_file_outside_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "secret.md").write_text("text")
    context = Context("a.md", tmp_path / "course")
    assert read_included(context, "../secret.md", HERE) is None
    assert "leads out" in context.findings[0].message
