"""A course's own theme: its fonts and its logo are used, and nothing outside of the course is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from lessons.course.setting_layers import read_values
from lessons.course.settings import DEFAULTS, Settings
from lessons.model import Palette
from narrate.errors import SettingsError, UsageError
from narrate.pipeline.course_files import CourseFiles
from narrate.pipeline.lesson_themes import LessonTheme, ThemeFinder, sample_theme
from narrate.pipeline.request import Request, plan_request
from narrate.slides.theme_fonts import find_font_folders
from narrate.slides.themes import THEMES

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 10">'
    '<rect width="30" height="10"/></svg>'
)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    (root / "themes").mkdir(parents=True)
    (root / "themes/logo.svg").write_text(SVG)
    folder = dict(find_font_folders())["Atkinson Hyperlegible"]
    for path in Path(folder).glob("*Bold.ttf"):
        shutil.copy(path, root / "themes/bold.ttf")
    return root


def find(
    root: Path, text: str, name: str = "themes/school.toml"
) -> tuple[LessonTheme, ThemeFinder]:
    path = root / name
    if not path.is_symlink():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    finder = ThemeFinder(root, root, CourseFiles(root))
    return finder.find(read_values({"theme": name}, "x", UsageError)), finder


def test_a_theme_brings_its_fonts_and_its_logo(course: Path) -> None:
    found, finder = find(course, 'logo = "logo.svg"\n[fonts]\ntitle = "bold.ttf"\n')
    assert finder.findings == []
    assert found.theme.typeface.title == "Atkinson Hyperlegible" and len(found.fonts) == 1
    assert found.logo and found.logo.file and found.theme.logo == found.logo.path


def test_a_built_in_theme_needs_no_file(course: Path) -> None:
    finder = ThemeFinder(course, course, CourseFiles(course))
    assert finder.find(DEFAULTS) == LessonTheme(THEMES["light"])
    assert finder.findings == []


def test_colours_of_another_tool_are_used_unless_a_setting_names_a_theme(course: Path) -> None:
    finder = ThemeFinder(course, course, CourseFiles(course))
    palette = Palette("x", "#101820", "#ffffff")
    assert finder.find(DEFAULTS, palette).theme.background == "#101820"
    chosen = read_values({"theme": "paper"}, "x", UsageError)
    assert finder.find(chosen, palette) == LessonTheme(THEMES["paper"])


OUTSIDE = ["../secret.ttf", "/etc/passwd.ttf", "link.ttf", "none.ttf", "folder.ttf", "broken.ttf"]


@pytest.mark.parametrize("name", OUTSIDE)
def test_fonts_that_cannot_be_used_are_replaced(course: Path, name: str) -> None:
    shutil.copy(course / "themes/bold.ttf", course.parent / "secret.ttf")
    (course / "themes/link.ttf").symlink_to(course.parent / "secret.ttf")
    (course / "themes/folder.ttf").mkdir()
    (course / "themes/broken.ttf").write_bytes(b"\0\1\0\0" + b"x" * 1000)
    if name.startswith("../"):
        name = "../../secret.ttf"
    found, finder = find(course, f'[colours]\naccent = "#0b5d61"\n[fonts]\ntext = "{name}"\n')
    assert {f.rule for f in finder.findings} == {"theme-font-unusable"}
    assert {f.place.line for f in finder.findings} == {4} and finder.findings[0].problem.remedy
    assert found.fonts == () and found.theme.typeface.text == "Atkinson Hyperlegible"
    assert found.theme.accent == "#0b5d61"


@pytest.mark.parametrize("name", ["../../secret.svg", "none.svg", "link.svg", "broken.svg"])
def test_logos_that_cannot_be_used_are_left_out(course: Path, name: str) -> None:
    (course.parent / "secret.svg").write_text(SVG)
    (course / "themes/link.svg").symlink_to(course.parent / "secret.svg")
    (course / "themes/broken.svg").write_text("<svg")
    found, finder = find(course, f'logo = "{name}"\n')
    assert [f.rule for f in finder.findings] == ["theme-logo-unusable"]
    assert found.logo is None and found.theme.logo == ""


def make_link(root: Path) -> None:
    (root.parent / "other.toml").write_text('footer = "secret"')
    (root / "themes/link.toml").symlink_to(root.parent / "other.toml")


def test_a_theme_that_cannot_be_read_is_replaced_by_the_light_one(course: Path) -> None:
    make_link(course)
    (course / "folder.toml").mkdir()
    (course / "large.toml").write_bytes(b"#" * 10_000_000)
    (course / "utf16.toml").write_text("footer = 'x'", encoding="utf-16")
    (course / "loop.toml").symlink_to(course / "loop.toml")
    (course / "a.pptx").write_bytes(b"PK")
    for name in ("themes/link.toml", "folder.toml", "large.toml", "utf16.toml", "loop.toml",
                 "none.toml", "a.pptx", "none.thmx"):  # fmt: skip
        finder = ThemeFinder(course, course, CourseFiles(course))
        found = finder.find(read_values({"theme": name}, "x", UsageError))
        assert found.theme.background == THEMES["light"].background and not found.theme.footer, name
        assert [f.rule for f in finder.findings] == ["theme-unusable"], name
        assert finder.findings[0].problem.remedy


@pytest.mark.parametrize(
    "name", ["../x.toml", "/etc/x.toml", "~/x.toml", "a/../../x.toml", "C:x.toml"]
)
def test_a_course_cannot_name_a_theme_elsewhere(small_course: Path, name: str) -> None:
    with (small_course / "course.yaml").open("a") as file:
        file.write(f"theme: {name}\n")
    with pytest.raises(Exception, match="'theme' cannot be"):
        plan_request(Request(small_course))


def test_a_lesson_may_have_a_theme_of_its_own(small_course: Path) -> None:
    path = small_course / "01-first.md"
    path.write_text("---\ntheme: my.toml\n---\n" + path.read_text())
    (small_course / "my.toml").write_text('presenter = "upper left"\nlogo = "none.png"\n')
    planned = plan_request(Request(small_course))
    pictures = [t.settings for t in planned.plan.walk_tasks() if t.kind == "picture"]
    assert {settings.theme.name for settings in pictures} == {"my", "light"}
    assert "theme-logo-unusable" in {finding.rule for finding in planned.findings}


def test_a_marp_deck_keeps_its_colours(small_course: Path) -> None:
    deck = "---\nmarp: true\ntheme: gaia\nclass: invert\n---\n# A\n\n<!-- One. -->\n"
    (small_course / "01-first.md").write_text(deck)
    planned = plan_request(Request(small_course))
    pictures = [t.settings.theme for t in planned.plan.walk_tasks() if t.kind == "picture"]
    assert {theme.background for theme in pictures} == {"#455a64", THEMES["light"].background}


def test_the_users_templates_reach_the_slides(small_course: Path, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/foot.typ.j2").write_text("x")
    settings = Settings.model_validate({"templates": str(tmp_path / "own")})
    planned = plan_request(Request(small_course, settings=settings))
    pictures = [t.settings for t in planned.plan.walk_tasks() if t.kind == "picture"]
    assert pictures[0].templates == (("foot.typ.j2", "x"),)


def test_a_course_cannot_name_templates(small_course: Path) -> None:
    with (small_course / "course.yaml").open("a") as file:
        file.write("templates: own\n")
    with pytest.raises(Exception, match=r"cannot be set in course\.yaml"):
        plan_request(Request(small_course))


def test_a_theme_file_can_be_sampled(course: Path) -> None:
    (course / "themes/a.toml").write_text('logo = "logo.svg"\n[fonts]\ntext = "bold.ttf"\n')
    sampled, findings = sample_theme(str(course / "themes/a.toml"))
    assert len(sampled.fonts) == 1 and sampled.logo == SVG.encode() and findings == ()
    (course / "a.thmx").write_bytes(b"PK")
    sampled, (finding,) = sample_theme(str(course / "a.thmx"))
    assert sampled.theme.name == "light" and finding.rule == "theme-unusable"
    with pytest.raises(SettingsError, match="no theme file"):
        sample_theme("none.toml")
