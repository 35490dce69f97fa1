from __future__ import annotations

import base64
import json
from pathlib import Path

from narrate.pipeline.media_digests import digest_media

from lessons.model import Box, Columns, Picture, Slide, Visual
from narrate.pipeline.keys import visible_content


def slide(*visuals: Visual) -> Slide:
    return Slide(1, "A", visuals, (), 1)


def boxed(*visuals: Visual) -> Visual:
    return Box("note", "Note", (), (Columns((visuals,), (1.0,)),))


def write_notebook(path: Path, first: bytes, second: bytes) -> None:
    outputs = [{"data": {"image/png": base64.b64encode(d).decode()}} for d in (first, second)]
    path.write_text(json.dumps({"cells": [{"outputs": outputs}]}))


def test_pictures_in_boxes_count(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"one")
    before = digest_media(tmp_path, slide(boxed(Picture("a.png", "x"))))
    assert [path for path, _ in before] == ["a.png"]
    (tmp_path / "a.png").write_bytes(b"two")
    assert digest_media(tmp_path, slide(boxed(Picture("a.png", "x")))) != before


def test_only_the_part_that_is_shown_counts(tmp_path: Path) -> None:
    shown = slide(Picture("n.ipynb", "x", part="0/0/image/png"))
    write_notebook(tmp_path / "n.ipynb", b"one", b"two")
    before = digest_media(tmp_path, shown)
    write_notebook(tmp_path / "n.ipynb", b"one", b"another")
    assert digest_media(tmp_path, shown) == before
    write_notebook(tmp_path / "n.ipynb", b"new", b"two")
    assert digest_media(tmp_path, shown) != before


def test_a_picture_that_is_gone_has_no_digest_and_no_error(tmp_path: Path) -> None:
    assert digest_media(tmp_path, slide(Picture("a.png", "x"))) == (("a.png", "unreadable"),)


def test_lines_of_pictures_in_boxes_do_not_count_and_all_else_does() -> None:
    one = visible_content(slide(boxed(Picture("a.png", "x", line=3))))
    assert one == visible_content(slide(boxed(Picture("a.png", "x", line=9))))
    assert one != visible_content(slide(boxed(Picture("a.png", "y", line=3))))
    assert one != visible_content(slide(boxed(Picture("a.png", "x", share=0.5))))
