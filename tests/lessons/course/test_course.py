from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from lessons.course.reading import load_course, read_course
from lessons.course.settings import DEFAULTS
from lessons.errors import CourseError, LessonError, MediaError, ScriptError
from lessons.model import Course, Presenter

Load = Callable[..., Course]
Make = Callable[..., Path]

FULL = """\
title: Optics
id: optics-101
language: en-GB
voice: hibari/heart
captions: bbc
speed: 0.95
theme: dark
video: {size: 1280x720, rate: 30000/1001}
signer: reserve
pause: {sentence: 300, slide: 900}
portrait: {emotion: warm, seed: 3}
license: CC-BY-4.0
author: A. Teacher
publisher: A School
lessons: [b.md, a.md]
"""


def test_a_course_with_every_setting(load: Load) -> None:
    course = load(FULL, a_md="# A\n\nOne. Two.\n", b_md="# B\n\nx\n", c_md="not listed")
    assert (course.id, course.title) == ("optics-101", "Optics")
    assert [lesson.path for lesson in course.lessons] == ["b.md", "a.md"]
    assert course.settings.model_dump(exclude_unset=True) == {
        "language": "en-GB",
        "voice": "hibari/heart",
        "captions": "bbc",
        "speed": 0.95,
        "theme": "dark",
        "video": {"size": (1280, 720), "rate": "30000/1001"},
        "signer": "reserve",
        "pause": {"sentence": 300, "slide": 900},
        "portrait": {"emotion": "warm", "seed": 3},
        "license": "CC-BY-4.0",
        "author": "A. Teacher",
        "publisher": "A School",
    }
    assert course.lessons[1].slides[0].utterances[0].pause_ms == 300


def test_the_least_course(load: Load) -> None:
    course = load(**{"02-b_md": "# B\n\nx\n", "01-a_md": "# A\n\nx\n", "README_md": "no"})
    assert course.id == "optics-101"
    assert [lesson.id for lesson in course.lessons] == ["01-a", "02-b"]
    assert course.presenter is None and course.settings == DEFAULTS


@pytest.mark.parametrize(
    ("settings", "line", "words"),
    [
        ("title: {a: 1}", None, "text"),
        ("title: x\nlangauge: de\n", 2, "'language'"),
        ("title: x\nxyzzy: de\n", 2, "Choose from"),
        ("title: x\nvideo: {size: 10x10}\n", 2, "size"),
        ("title: x\nvideo: {size: 1921x1080}\n", 2, "even"),
        ("title: x\nvideo: {rate: 0}\n", 2, "rate"),
        ("title: x\nvideo: {rate: 1e99999999}\n", 2, "rate"),
        ("title: x\nvideo: {rate: 120/0}\n", 2, "rate"),
        ("title: x\nvideo: {sise: 1}\n", 2, "'size'"),
        (f"title: x\nspeed: 1{'0' * 400}\n", 2, "from 0.5 to 2"),
        ('title: "a\\0b"\n', 1, "control character"),
        ('title: x\nauthor: "\\uD800"\n', 2, "half a character"),
        ("title: x\nauthor: a\x07b\n", 2, "control character"),
        ("title: x\nspeed: .nan\n", 2, "number"),
        ("title: x\npause: {sentence: -1}\n", 2, "0 to"),
        ("title: x\nportrait: {clarity: 9}\n", 2, "0.5 to 1.5"),
        ("title: x\nid: a/b\n", 2, "id"),
        ("title: x\nlessons: [gone.md]\n", 2, "no file"),
        ("title: x\nlessons: [../x.md]\n", 2, "leads out"),
        ("title: x\nlessons: a.md\n", 2, "list"),
        ("title: x\nlessons: [a.md, a.md]\n", 2, "twice"),
        ("title: x\ntitle: y\n", 2, "given twice"),
        ("title: x\n  bad: y\n", 2, "not correct"),
        ("- x\n", 1, "key: value"),
        ("title: {a: 1}\n", 1, "text"),
        ("a: &a [x]\nb: [*a, *a]\n", 2, "aliases"),
    ],
)
def test_what_cannot_be_used_names_the_line(
    make: Make, settings: str, line: int | None, words: str
) -> None:
    with pytest.raises(CourseError) as caught:
        load_course(make(settings))
    assert caught.value.place.path == "course.yaml"
    assert caught.value.place.line == (line or 1)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("..md", "lesson"),
        (".store.md", "store"),
        ("Draft.md", "Draft-lesson"),
        ("manifest.json.md", "manifest.json-lesson"),
        ("report.html.md", "report.html-lesson"),
    ],
)
def test_no_lesson_takes_a_place_in_the_output_folder_that_is_another_s(
    make: Make, name: str, id: str
) -> None:
    root = make(f"title: x\nlessons: [{name!r}]\n".replace("'", '"'))
    (root / name).write_text("# A\n\nHello.\n")
    assert [lesson.id for lesson in load_course(root).lessons] == [id]


def test_a_lesson_s_file_name_can_be_shown(make: Make) -> None:
    for name in ("a\nb.md", os.fsdecode(b"\xff.md")):
        root = make()
        (root / name).write_text("# A\n\nHello.\n")
        _, findings = read_course(root)
        assert [(f.rule, f.remedy[:9]) for f in findings] == [("lesson-unread", "Rename it")]
        (root / name).unlink()


def test_no_course(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "gone"):
        with pytest.raises(CourseError, match="narrate init"):
            load_course(folder)


def test_a_course_without_lessons(tmp_path: Path) -> None:
    (tmp_path / "course.yaml").write_text("title: x\n")
    with pytest.raises(CourseError, match="no lesson"):
        load_course(tmp_path)


def test_a_lesson_that_is_not_text(make: Make) -> None:
    root = make()
    (root / "a.md").write_bytes(b"# A\n\n\xff\xfe\n")
    with pytest.raises(LessonError, match="UTF-8") as caught:
        load_course(root)
    assert (caught.value.place.path, caught.value.place.line) == ("a.md", 3)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32"])
def test_a_lesson_in_another_encoding(encoding: str, make: Make) -> None:
    root = make()
    (root / "a.md").write_bytes("# A\n\nOne two three.\n".encode(encoding))
    with pytest.raises(LessonError, match="not UTF-8") as caught:
        load_course(root)
    assert (caught.value.place.path, caught.value.place.line) == ("a.md", 1)


def test_a_lexicon_that_is_there_but_is_no_file_is_not_left_out(make: Make) -> None:
    for target in ("nowhere", "lexicon.yaml"):
        root = make()
        (root / "lexicon.yaml").unlink(missing_ok=True)
        (root / "lexicon.yaml").symlink_to(target)
        with pytest.raises(ScriptError, match="cannot be") as caught:
            load_course(root)
        assert [problem.place.path for problem in caught.value.problems] == ["lexicon.yaml"]


def test_a_lesson_that_cannot_be_read_does_not_hide_the_others(make: Make, tmp_path: Path) -> None:
    root = make(a_md="# A\n\nHello.\n", b_md="", c_md="# C\n\nHello.\n")
    (root / "d.md").symlink_to("nowhere")
    (root / "e.md").symlink_to("e.md")
    (root / "f.md").write_bytes(b"# F\n\n\xff\n")
    os.mkfifo(root / "g.md")
    (tmp_path / "secret.md").write_text("# Secret\n\nx\n")
    (root / "h.md").symlink_to(tmp_path / "secret.md")
    course, findings = read_course(root)
    assert [lesson.path for lesson in course.lessons] == ["a.md", "c.md"]
    assert course.lost == ()  # they were found, and nobody named them
    unread = {f.place.path: f for f in findings if f.rule == "lesson-unread"}
    assert list(unread) == ["b.md", "d.md", "e.md", "f.md", "g.md", "h.md"]
    assert {f.severity for f in unread.values()} == {"error"}
    assert "link that leads out" in unread["h.md"].message
    assert unread["f.md"].place.line == 3


def test_a_lesson_that_was_named_is_lost(make: Make) -> None:
    files = {"a_md": "# A\n\nHello.\n", "b_md": ""}
    root = make("title: x\nlessons: [a.md, b.md, gone.md]\n", **files)
    course, findings = read_course(root)
    assert course.lost == ("b.md", "gone.md")
    assert [str(f.place) for f in findings if f.rule == "lesson-unread"] == [
        "b.md:1", "course.yaml:2",
    ]  # fmt: skip


def test_a_folder_in_the_place_of_a_course_file(make: Make) -> None:
    root = make()
    (root / "course.yaml").unlink()
    (root / "course.yaml").mkdir()
    with pytest.raises(CourseError, match="cannot be read: Is a directory"):
        load_course(root)


def test_two_lessons_of_one_name(load: Load) -> None:
    course = load("title: x\nlessons: [a/x.md, b/X.md]\n", a__x_md="# A\n", b__X_md="# B\n")
    assert [lesson.id for lesson in course.lessons] == ["a-x", "b-X"]


def picture(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (4, 4)).save(path)


def test_the_only_picture_in_the_presenter_folder_is_the_presenter(make: Make) -> None:
    root = make()
    picture(root / "presenter" / "me.png")
    assert load_course(root).presenter == Presenter(
        "presenter/me.png", "presenter/me.png.consent.json"
    )
    picture(root / "presenter" / "you.png")
    assert load_course(root).presenter is None


def test_a_presenter_that_is_named(make: Make) -> None:
    root = make("title: x\npresenter: {photo: p/me.png, consent: c.json, name: Ada}\n")
    picture(root / "p" / "me.png")
    assert load_course(root).presenter == Presenter("p/me.png", "c.json", "Ada")
    root = make("title: x\npresenter: {photo: p/me.png, consent: c.json, engine: still}\n")
    picture(root / "p" / "me.png")
    assert load_course(root).presenter == Presenter("p/me.png", "c.json", engine="still")


@pytest.mark.parametrize(
    "presenter",
    [
        "{photo: /etc/hostname}",
        "{photo: p.png, consent: ../x}",
        "{photo: gone.png}",
        "{photo: a.md}",
    ],
)
def test_a_presenter_outside_the_course_or_no_picture(make: Make, presenter: str) -> None:
    root = make(f"title: x\npresenter: {presenter}\n")
    picture(root / "p.png")
    with pytest.raises(MediaError) as caught:
        load_course(root)
    assert (caught.value.place.path, caught.value.place.line) == ("course.yaml", 2)


def test_the_lexicon(load: Load, make: Make) -> None:
    course = load(a_md="# A\n\nHuygens.\n", lexicon_yaml="Huygens: {ipa: ˈhɔɪɡənz}\n")
    assert course.lessons[0].slides[0].utterances[0].tokens[0].phones == "ˈhɔɪɡənz"
    with pytest.raises(CourseError) as caught:
        load(lexicon_yaml="a: b\nc: 5\n")
    assert (caught.value.place.path, caught.value.place.line) == ("lexicon.yaml", 2)


def test_a_course_is_the_same_every_time(make: Make) -> None:
    root = make(a_md="# A\n\nHello $x^2$.\n\n- a\n- b\n")
    assert load_course(root) == load_course(root)
    assert os.fspath(load_course(root).root) == os.fspath(root.resolve())
