"""Configuration files of tools are read within bounds, and nothing of them runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.dialects.configuration import (
    is_page,
    list_pages,
    parse_yaml,
    read_json,
    read_toml,
    read_yaml,
    walk_texts,
)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("a: 1", {"a": 1}),
        ("a: !!python/name:os.system\nb: 2", {"a": None, "b": 2}),
        ("a: !!python/object/apply:os.system ['touch x']", {"a": None}),
        ("a: !ENV [X, y]\nb: !relative $docs", {"a": None, "b": None}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("a: [", None),
        ("[" * 5000, None),
        ("a: &a [*a]\n" + "b: *a\n" * 30, None),
        ("? [1]\n: 2", None),
        ("", None),
    ],
)
def test_yaml(text: str, right: object) -> None:
    assert parse_yaml(text) == right


def test_aliases_cannot_grow_without_bound() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    assert parse_yaml("\n".join(lines)) is None


def test_files(tmp_path: Path) -> None:
    assert read_yaml(tmp_path / "none.yml") is None
    assert read_toml(tmp_path / "none.toml") is None
    assert read_json(tmp_path / "none.json") is None
    (tmp_path / "a").write_text("- a list")
    assert (read_yaml(tmp_path / "a"), read_toml(tmp_path / "a")) == ({}, {})
    assert read_json(tmp_path / "a") == {}
    (tmp_path / "b").write_bytes(b"\xff\0")
    assert read_yaml(tmp_path / "b") == {}
    (tmp_path / "c").write_text('{"a": [1]}')
    assert read_json(tmp_path / "c") == {"a": [1]}
    (tmp_path / "d").mkdir()
    assert read_yaml(tmp_path / "d") is None


def test_pages_are_listed_with_the_index_first(tmp_path: Path) -> None:
    for name in ("docs/b.md", "docs/A.md", "docs/index.md", "docs/x/c.md", "docs/.h.md", "o.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a")
    (tmp_path / "docs" / "out.md").symlink_to(tmp_path / "o.md")
    assert list_pages(tmp_path, "docs") == [
        "docs/index.md", "docs/A.md", "docs/b.md", "docs/x/c.md",
    ]  # fmt: skip
    assert list_pages(tmp_path / "docs", "..") == []
    assert list_pages(tmp_path, "none") == []


@pytest.mark.parametrize(
    ("name", "right"),
    [("a.md", True), ("./a.md", True), ("b.md", False), ("../a.md", False), ("a\0.md", False),
     ("a.txt", False), ("/etc/passwd", False), ("", False)],
)  # fmt: skip
def test_a_page_is_a_file_inside(tmp_path: Path, name: str, right: bool) -> None:
    (tmp_path / "a.md").write_text("a")
    (tmp_path / "a.txt").write_text("a")
    assert is_page(tmp_path, name) is right


def test_texts_are_walked_in_order() -> None:
    assert list(walk_texts([{"a": "1"}, "2", {"b": ["3", 4, None]}])) == ["1", "2", "3"]
