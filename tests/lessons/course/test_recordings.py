"""Which recording a slide is spoken in."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.course.reading import load_course
from lessons.course.recordings import find_recordings
from lessons.errors import MediaError
from lessons.model import Lesson, Recording


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "course.yaml").write_text("title: A talk\nvoice: recording\n")
    (tmp_path / "01-talk.md").write_text("## One\n\nFirst.\n\n## Still\n\n## Two\n\nSecond.\n")
    return tmp_path


def lesson(course: Path) -> Lesson:
    return load_course(course).lessons[0]


def put(course: Path, *names: str) -> None:
    for name in names:
        path = course / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sound")


def test_one_file_holds_the_lesson(course: Path) -> None:
    put(course, "media/recordings/01-talk.mp3", "media/recordings/02-other.mp3")
    assert find_recordings(course, lesson(course)) == (
        Recording("media/recordings/01-talk.mp3", (1, 3)),
    )


@pytest.mark.parametrize("names", [("1.wav", "03-two.flac"), ("slide-01.wav", "slide_3.m4a")])
@pytest.mark.parametrize("folder", ["media/recordings/01-talk", "media/recordings"])
def test_one_file_a_slide(course: Path, folder: str, names: tuple[str, str]) -> None:
    put(course, *(f"{folder}/{name}" for name in names), f"{folder}/.hidden.wav", f"{folder}/x.txt")
    assert find_recordings(course, lesson(course)) == (
        Recording(f"{folder}/{names[0]}", (1,)),
        Recording(f"{folder}/{names[1]}", (3,)),
    )


def test_a_file_and_a_folder_are_named(course: Path) -> None:
    put(course, "talk.mp4", "takes/1.wav", "takes/3.wav", "media/other.ogg")
    assert find_recordings(course, lesson(course), "talk.mp4")[0].path == "talk.mp4"
    assert find_recordings(course, lesson(course), "other.ogg")[0].path == "media/other.ogg"
    assert [r.path for r in find_recordings(course, lesson(course), "takes")] == [
        "takes/1.wav",
        "takes/3.wav",
    ]


def test_a_slide_without_a_recording_is_named_with_its_place(course: Path) -> None:
    put(course, "media/recordings/01-talk/1.wav")
    with pytest.raises(MediaError) as refused:
        find_recordings(course, lesson(course))
    assert str(refused.value.place) == "01-talk.md:7 (slide 3)"
    assert "media/recordings/01-talk/03.wav" in refused.value.remedy


def test_two_recordings_of_one_slide_are_refused(course: Path) -> None:
    put(course, "media/recordings/01-talk/1.wav", "media/recordings/01-talk/01-again.wav")
    with pytest.raises(MediaError, match="two recordings of slide 1"):
        find_recordings(course, lesson(course))
    put(course, "media/recordings/01-talk.wav", "media/recordings/01-talk.mp3")
    with pytest.raises(MediaError, match="two recordings of this lesson"):
        find_recordings(course, lesson(course))


@pytest.mark.parametrize(
    ("setting", "problem"),
    [
        ("../outside.wav", "leads out"),
        ("../", "are outside"),
        ("/etc/passwd.wav", "no file"),
        ("https://example.com/a.wav", "only files in the course"),
        ("absent.wav", "no file"),
        ("01-talk.md", "not have the name of a sound"),
    ],
)
def test_a_setting_that_does_not_name_a_recording_of_the_course_is_refused(
    course: Path, setting: str, problem: str
) -> None:
    (course.parent / "outside.wav").write_bytes(b"sound")
    with pytest.raises(MediaError, match=problem):
        find_recordings(course, lesson(course), setting)


def test_a_link_that_leaves_the_course_is_refused(course: Path) -> None:
    outside = course.parent / "outside.wav"
    outside.write_bytes(b"sound")
    folder = course / "media/recordings"
    folder.mkdir(parents=True)
    (folder / "01-talk.wav").symlink_to(outside)
    with pytest.raises(MediaError, match="leads out"):
        find_recordings(course, lesson(course))
    (folder / "01-talk.wav").unlink()
    (folder / "01-talk").symlink_to(course.parent)
    with pytest.raises(MediaError, match=r"no recording of this slide|leads out"):
        find_recordings(course, lesson(course))


def test_a_silent_lesson_needs_none(tmp_path: Path) -> None:
    (tmp_path / "course.yaml").write_text("title: A talk\nvoice: recording\n")
    (tmp_path / "01-still.md").write_text("## One\n\n## Two\n")
    assert find_recordings(tmp_path, lesson(tmp_path)) == ()
