"""Templates of the user's own stand in place of narrate's, and their faults name them."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation.problem import Place
from lessons.model import Paragraph, Run, Slide
from narrate.errors import SettingsError
from narrate.layout import lay_out_lecture
from narrate.slides.drawing import DrawnSlide, SlideLook, draw_slide
from narrate.slides.own_templates import OwnTemplates, list_template_names, read_own_templates
from narrate.slides.pictures.reading import reading_from
from narrate.templating import find_templates_folder

LAYOUT = lay_out_lecture((640, 360), has_presenter=False)
SLIDE = Slide(2, "Waves", (Paragraph((Run("Light is a wave."),)),), (), line=1)


def draw(templates: OwnTemplates, tmp_path: Path) -> DrawnSlide:
    look = SlideLook(LAYOUT, templates=templates)
    return draw_slide(SLIDE, look, read=reading_from(tmp_path), path="01.md")


def read_ours(name: str) -> str:
    return (find_templates_folder() / "slides" / name).read_text()


def test_a_template_stands_in_place_of_ours(tmp_path: Path) -> None:
    foot = read_ours("foot.typ.j2").replace("align(right, right-part)", "right-part")
    usual = draw((), tmp_path)
    assert draw((("foot.typ.j2", read_ours("foot.typ.j2")),), tmp_path) == usual
    changed = draw((("foot.typ.j2", foot + "\n#let edges = none\n"),), tmp_path)
    assert changed.findings == ()


FAULTS = {
    "Jinja": "{% if %}",
    "a name": "{{ nowhere }}",
    "Typst": "#let title-rule(",
    "a package": '#import "@preview/x:1.0.0": *',
    "a file": '#read("/etc/passwd")',
    "Python": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "pages": "#pagebreak()",
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS)
def test_a_fault_names_the_file_and_the_slide_is_drawn_with_ours(text: str, tmp_path: Path) -> None:
    good = ("foot.typ.j2", read_ours("foot.typ.j2"))
    drawn = draw((good, ("marks.typ.j2", text)), tmp_path)
    assert drawn.pictures == draw((), tmp_path).pictures
    (finding,) = drawn.findings
    assert finding.rule == "template-unusable" and "marks.typ.j2" in finding.message
    assert "marks.typ.j2" in finding.problem.remedy


def test_a_folder_holds_templates_of_the_same_names(tmp_path: Path) -> None:
    (tmp_path / "foot.typ.j2").write_text("x")
    (tmp_path / "README.md").write_text("y")
    assert read_own_templates(str(tmp_path), Place()) == (("foot.typ.j2", "x"),)
    assert "title_page.typ.j2" in list_template_names()


def test_other_names_and_missing_folders_are_errors(tmp_path: Path) -> None:
    (tmp_path / "fot.typ.j2").write_text("x")
    with pytest.raises(SettingsError, match="replaces none") as error:
        read_own_templates(str(tmp_path), Place("settings.yaml", 3))
    assert "'foot.typ.j2'" in error.value.remedy and error.value.place.line == 3
    with pytest.raises(SettingsError, match="cannot be opened"):
        read_own_templates(str(tmp_path / "none"), Place())
