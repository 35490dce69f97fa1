from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from lessons.course.reading import load_course, read_course
from lessons.course.setting_layers import Assignments, read_any
from lessons.course.settings import Settings
from lessons.errors import CourseError
from lessons.model import Picture, Placeholder


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course below a folder with a picture, which its lesson shows."""
    folder = tmp_path / "repo" / "courses" / "optics"
    folder.mkdir(parents=True)
    (folder / "course.yaml").write_text("title: Optics\n")
    (folder / "a.md").write_text("# One\n\n![A lens](../../media/lens.png)\n\nIt bends light.\n")
    picture = tmp_path / "repo" / "media" / "lens.png"
    picture.parent.mkdir()
    Image.new("RGB", (4, 4)).save(picture)
    return folder


def set_root(value: str) -> Settings:
    return read_any(Assignments((f"root={value}",)), CourseError)


def shown(course: Path, flags: Settings | None = None) -> object:
    read, _ = read_course(course, flags=flags or Settings())
    return read.lessons[0].slides[0].visuals[0]


def test_a_course_uses_nothing_above_it_by_default(course: Path) -> None:
    assert isinstance(shown(course), Placeholder)
    _, findings = read_course(course)
    assert [f.rule for f in findings if "root" in f.remedy] == ["picture-missing"]


def test_a_course_may_open_its_own_repository(course: Path) -> None:
    (course.parent.parent / ".git").mkdir()
    (course / "course.yaml").write_text("title: Optics\nroot: ../..\n")
    picture = shown(course)
    assert isinstance(picture, Picture) and picture.path == "../../media/lens.png"
    assert load_course(course).opened == course.parent.parent.resolve()


@pytest.mark.parametrize("written", ["..", "../..", "../../..", "/"])
def test_a_course_may_open_no_other_folder(course: Path, written: str) -> None:
    (course / ".git").mkdir()
    (course / "course.yaml").write_text(f"title: Optics\nroot: {written}\n")
    with pytest.raises(CourseError, match="own repository") as caught:
        load_course(course)
    assert f"--set root={written}" in caught.value.remedy
    assert (caught.value.place.path, caught.value.place.line) == ("course.yaml", 2)


def test_the_command_line_may_open_any_folder_above(course: Path) -> None:
    assert isinstance(shown(course, set_root("../..")), Picture)
    assert isinstance(shown(course, set_root(str(course.parent.parent))), Picture)


@pytest.mark.parametrize("value", ["gone", "a.md", "../../media"])
def test_what_is_no_folder_above_the_course_cannot_be_opened(course: Path, value: str) -> None:
    with pytest.raises(CourseError, match="not a folder above"):
        read_course(course, flags=set_root(value))


def test_without_a_course_file_the_repository_is_open(course: Path) -> None:
    (course / "course.yaml").unlink()
    assert isinstance(shown(course), Placeholder)
    (course.parent.parent / ".git").mkdir()
    assert isinstance(shown(course), Picture)


def test_no_hidden_file_above_the_course_is_opened(course: Path) -> None:
    repository = course.parent.parent
    (repository / ".git").mkdir()
    (repository / "media" / "lens.png").rename(repository / ".git" / "lens.png")
    (course / "a.md").write_text("# One\n\n![A lens](../../.git/lens.png)\n\nIt bends light.\n")
    assert isinstance(shown(course, set_root("../..")), Placeholder)
