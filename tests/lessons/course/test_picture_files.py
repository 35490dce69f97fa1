from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from foundation.picture_limits import LARGEST_PICTURE_BYTES
from lessons.course.picture_files import read_picture_file
from lessons.errors import MediaError

DATA = b"\x89PNG the bytes of a picture"
CODED = base64.b64encode(DATA).decode()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    root.mkdir()
    output = {"data": {"image/png": CODED + "\n", "image/svg+xml": ["<svg>", "</svg>"]}}
    cells = [
        {"cell_type": "markdown", "attachments": {"a b.png": {"image/png": CODED}}},
        {"cell_type": "code", "outputs": [{"text": "x"}, output]},
    ]
    (root / "n.ipynb").write_text(json.dumps({"cells": cells, "nbformat": 4}))
    return root


@pytest.mark.parametrize(
    ("part", "data"),
    [
        ("1/1/image/png", DATA),
        ("1/1/image/svg+xml", b"<svg></svg>"),
        ("0/attachment:a b.png/image/png", DATA),
    ],
)
def test_a_notebook_holds_pictures(root: Path, part: str, data: bytes) -> None:
    assert read_picture_file(root / "n.ipynb", root=root, part=part) == data


@pytest.mark.parametrize(
    "part", ["", "1/0/image/png", "7/0/image/png", "1/1/image/gif", "1", "x/y/z", "data:0:4"]
)
def test_a_part_that_is_not_there_is_named(root: Path, part: str) -> None:
    if not part:
        assert read_picture_file(root / "n.ipynb", root=root).startswith(b"{")
        return
    with pytest.raises(MediaError, match=r"n\.ipynb holds no picture"):
        read_picture_file(root / "n.ipynb", root=root, part=part)


def test_a_notebook_that_changes_is_read_again(root: Path) -> None:
    path = root / "n.ipynb"
    assert read_picture_file(path, root=root, part="1/1/image/png") == DATA
    path.write_text(path.read_text().replace(CODED, base64.b64encode(b"other one").decode()))
    assert read_picture_file(path, root=root, part="1/1/image/png") == b"other one"


@pytest.mark.parametrize(
    ("uri", "data"),
    [
        (f"data:image/png;base64,{CODED}", DATA),
        ("data:image/svg+xml,%3Csvg/%3E", b"<svg/>"),
        ("data:image/svg+xml;utf8,<svg/>", b"<svg/>"),
    ],
)
def test_offsets_of_a_data_uri_count_characters(root: Path, uri: str, data: bytes) -> None:
    before = "# Schüler ∇\r\n\r\n![x]("
    (root / "a.md").write_bytes(f"{before}{uri})\n".encode())
    part = f"data:{len(before)}:{len(before) + len(uri)}"
    assert read_picture_file(root / "a.md", root=root, part=part) == data
    with pytest.raises(MediaError, match="holds no picture"):
        read_picture_file(root / "a.md", root=root, part="data:0:9")


def test_nothing_outside_the_course_is_read(root: Path) -> None:
    (root.parent / "secret.png").write_bytes(DATA)
    (root / "link.png").symlink_to(root.parent / "secret.png")
    for name in ("link.png", "../secret.png"):
        with pytest.raises(MediaError, match="outside the course"):
            read_picture_file(root / name, root=root)


def test_a_pointer_of_git_lfs_says_what_to_run(root: Path) -> None:
    (root / "a.png").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:1\n")
    with pytest.raises(MediaError, match="git lfs pull"):
        read_picture_file(root / "a.png", root=root)


def test_missing_and_too_large_files_are_named(root: Path) -> None:
    with pytest.raises(MediaError, match="cannot be read"):
        read_picture_file(root / "gone.png", root=root)
    with (root / "large.png").open("wb") as file:
        file.truncate(LARGEST_PICTURE_BYTES + 1)
    with pytest.raises(MediaError, match="larger than 60 MB"):
        read_picture_file(root / "large.png", root=root)
