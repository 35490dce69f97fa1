from __future__ import annotations

import pytest

from lessons.course.lesson_ids import make_lesson_ids


@pytest.mark.parametrize(
    ("paths", "ids"),
    [
        (["01-light.md", "b/02-eye.md"], ["01-light", "02-eye"]),
        (["a/index.md", "b/index.md"], ["a", "b"]),
        (["index.md", "a/index.md", "b/c/README.md"], ["index", "a", "README"]),
        (["x.md", "x.ipynb"], ["x", "x-ipynb"]),
        (["a/x.md", "b/x.md", "b/x.qmd"], ["a-x", "b-x", "b-x-qmd"]),
        (["a/x.md", "b/X.md"], ["a-x", "b-X"]),
        (["a/x.md", "b/x.md", "a-x.md"], ["a-x-md", "b-x", "a-x"]),
        (["a.b/x.md", "a/b/x.md", "a-b/x.md"], ["a.b-x", "a-b-x", "a-b-x-md"]),
        (["../up/x.md", "x.md"], ["up-x", "x"]),
        (["draft.md", "Draft-lesson.md"], ["draft-lesson-md", "Draft-lesson"]),
    ],
)
def test_each_lesson_has_an_id_of_its_own(paths: list[str], ids: list[str]) -> None:
    found = make_lesson_ids(paths)
    assert list(found) == paths
    assert len({id.casefold() for id in found.values()}) == len(paths)
    if "draft.md" not in paths:
        assert list(found.values()) == ids


def test_an_id_of_many_folders_is_not_too_long_for_a_folder() -> None:
    deep = "/".join(["folder-with-a-name"] * 30)
    found = make_lesson_ids([f"{deep}/a/x.md", f"{deep}/b/x.md", f"{deep}/b/x.ipynb"])
    assert max(map(len, found.values())) <= 130
    assert len(set(found.values())) == 3
