"""A lesson with translations in a course: settings, order, lists, and other people's folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.course.reading import read_course
from lessons.model import Course

TEXT = "# {title}\n\nThis is a lesson about light, and it has a few words that can be read.\n"


def write(root: Path, *names: str, **texts: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(TEXT.format(title=name), "utf-8")
    for name, text in texts.items():
        (root / f"{name}.yaml").write_text(text, "utf-8")


def read(root: Path) -> Course:
    return read_course(root)[0]


def list_paths(course: Course) -> list[str]:
    return [lesson.path for lesson in course.lessons]


def test_front_matter_holds_for_translations_unless_they_say_otherwise(tmp_path: Path) -> None:
    front = "---\ntitle: T\nvoice: hibari\ntheme: dark\nspeed: 0.8\nshape: deck\n---\n"
    (tmp_path / "a.md").write_text(front + "# A\n\n---\n\n# B\n\nNote: c.\n")
    (tmp_path / "a.fr.md").write_text("---\ntheme: contrast\n---\n# C\n\n---\n\n# D\n")
    original, french = read(tmp_path).lessons
    assert original.settings.theme == "dark"
    assert (french.settings.theme, french.settings.speed) == ("contrast", 0.8)
    assert french.shape == "deck" and french.title == "C"
    assert "voice" not in french.settings.model_fields_set


def test_a_translation_has_the_voice_of_its_language(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "a.fr.md", "a.es.md",
          course="voice: hibari/heart\nvoices: {fr: espeak/fr}\n")  # fmt: skip
    original, spanish, french = read(tmp_path).lessons
    assert original.settings.voice == "hibari/heart"
    assert french.settings.voice == "espeak/fr"
    assert "voice" not in spanish.settings.model_fields_set


def test_a_translation_may_say_its_language_itself(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "a.fr.md")
    (tmp_path / "a.fr.md").write_text("---\nlanguage: fr-CA\n---\n" + TEXT.format(title="A"))
    assert [x.settings.language for x in read(tmp_path).lessons] == ["en-US", "fr-CA"]


def test_a_course_need_not_list_its_translations(tmp_path: Path) -> None:
    write(tmp_path, "b.md", "a.md", "b.fr.md", "c.md", "c.fr.md", course="lessons: [b.md, a.md]\n")
    assert list_paths(read(tmp_path)) == ["b.md", "b.fr.md", "a.md"]


def test_a_single_file_stays_single_and_still_shares(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "a.fr.md")
    (tmp_path / "a.md").write_text("---\ntheme: dark\n---\n# A\n\nB.\n")
    french = read(tmp_path / "a.fr.md")
    assert list_paths(french) == ["a.fr.md"]
    assert french.lessons[0].settings.theme == "dark" and french.lessons[0].original == "a"
    assert list_paths(read(tmp_path / "a.md")) == ["a.md"]
    assert [track.id for track in french.tracks[0]] == ["a", "a.fr"]


def test_an_original_that_cannot_be_read_leaves_the_translation(tmp_path: Path) -> None:
    write(tmp_path, "a.fr.md", "b.md")
    (tmp_path / "a.md").write_bytes(b"\xff\xfe\0")
    assert list_paths(read(tmp_path)) == ["a.fr.md", "b.md"]


@pytest.mark.parametrize(
    ("names", "paths"),
    [
        (("index.md", "index.fr.md", "b.md", "b.fr.md"),
         ["index.md", "index.fr.md", "b.md", "b.fr.md"]),
        (("README.md", "README.zh-CN.md", "CHANGELOG.fr.md"), ["README.md", "README.zh-CN.md"]),
        (("01.md", "01.py.md", "01.old.md"), ["01.md", "01.old.md", "01.py.md"]),
        (("what.is.md", "other.md"), ["other.md", "what.is.md"]),
        (("content/a/index.md", "content/a/index.de.md", "content/b/index.md"),
         ["content/a/index.md", "content/a/index.de.md", "content/b/index.md"]),
    ],
)  # fmt: skip
def test_other_peoples_folders(tmp_path: Path, names: tuple[str, ...], paths: list[str]) -> None:
    write(tmp_path, *names)
    assert list_paths(read(tmp_path)) == paths


def test_a_translation_outside_the_course_is_not_read(tmp_path: Path) -> None:
    root = tmp_path / "course"
    write(root, "a.md")
    (tmp_path / "secret.md").write_text("# Secret\n\nA secret.\n")
    (root / "a.fr.md").symlink_to(tmp_path / "secret.md")
    _, findings = read_course(root)
    assert not any("Secret" in f.message for f in findings)
    assert all(lesson.title != "Secret" for lesson in read(root).lessons)


def test_a_course_has_a_title_in_each_language(tmp_path: Path) -> None:
    write(tmp_path, "a.md", course="title: Light\ntitles: {fr: La lumière}\n")
    course = read(tmp_path)
    titles = [course.find_title(tag) for tag in ("en", "fr", "fr-CA", "es")]
    assert titles == ["Light", "La lumière", "La lumière", "Light"]


@pytest.mark.parametrize(
    ("course", "languages"),
    [
        ("title: Light\n", ["en-US", "en-US"]),
        ("title: Licht\nlanguage: de\n", ["de", "de"]),
        ("title: Light\ntitles: {fr: La lumière}\n", ["en-US", "fr"]),
    ],
)
def test_the_title_of_a_course_has_a_language(
    tmp_path: Path, course: str, languages: list[str]
) -> None:
    write(tmp_path, "a.md", "a.fr.md", course=course)
    found = read(tmp_path)
    assert [found.find_title_language(lesson) for lesson in found.lessons] == languages


@pytest.mark.parametrize("course", ["title: x\n", "lessons: [01.md]\n"])
def test_two_files_of_one_language_are_named(tmp_path: Path, course: str) -> None:
    write(tmp_path, "01.md", "01.pt-BR.md", "01.pt_br.md", "02.md", "02.pt-BR.md", course=course)
    read, findings = read_course(tmp_path)
    (finding,) = [f for f in findings if f.rule == "translation-repeated"]
    assert "'01.pt-BR.md' and '01.pt_br.md' are both named as" in finding.message
    assert "Portuguese (pt-BR) of '01.md'" in finding.message and finding.remedy
    assert finding.place.path == "01.pt_br.md"
    assert read.lessons[1].path == "01.pt-BR.md" and read.lessons[1].original == "01"
