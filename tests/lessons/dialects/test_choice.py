"""Which dialect reads a lesson: the surest of those that read such files."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.course.discovery import find_project
from lessons.dialects import DIALECTS, find_dialect
from lessons.dialects.base import Project, Sample

REMARK = "class: center\n\n# A\n\n---\n\n.red[b]\n\n???\n\nSaid.\n"


def choose(path: str, text: str, project: str = "", **front: object) -> str:
    around = Project(Path(), project) if project else None
    return find_dialect(Sample(path, text, front, around)).name


@pytest.mark.parametrize(
    ("path", "text", "project", "name"),
    [
        ("a.md", "# A\n\nWords.", "", "markdown"),
        ("a.markdown", "# A\n\nWords.", "", "markdown"),
        ("a.txt", "# A\n\nWords.", "", "markdown"),
        ("a.md", "# A\n\nWords.", "mkdocs", "mkdocs"),
        ("a.html", REMARK, "mkdocs", "remark"),
        ("a.md", "# A\n\nWords.", "quarto", "quarto"),
        ("a.qmd", "# A\n\nWords.", "mkdocs", "quarto"),
        ("a.ipynb", "# A\n\nWords.", "", "jupyter"),
        ("a.ipynb", "# A\n\n{ref}`b`", "myst", "myst"),
        ("a.Rmd", "# A\n\nWords.", "", "rmarkdown"),
        ("a.Rmd", "# A\n\nWords.", "carpentries", "carpentries"),
        ("a.md", "Words.\n\n{: .b}", "", "jekyll"),
        ("a.md", "Words.\n\n::: challenge\n\nb\n\n:::", "quarto", "quarto"),
    ],
)
def test_the_surest_dialect_reads_it(path: str, text: str, project: str, name: str) -> None:
    assert choose(path, text, project) == name


def test_a_dialect_may_be_named() -> None:
    sample = Sample("a.md", "# A", {"marp": "true"})
    assert find_dialect(sample).name == "marp"
    assert find_dialect(sample, "slidev").name == "slidev"
    assert find_dialect(sample, "unknown").name == "marp"


def test_a_shared_configuration_is_of_the_tool_that_adds_to_it(tmp_path: Path) -> None:
    (tmp_path / "_config.yml").write_text("title: A\n")
    project = find_project(tmp_path)
    assert project is not None and project.dialect == "jekyll"
    tutorial = tmp_path / "topics" / "a" / "tutorials" / "b" / "tutorial.md"
    tutorial.parent.mkdir(parents=True)
    tutorial.write_text("---\nlayout: tutorial_hands_on\n---\n# A\n")
    project = find_project(tmp_path)
    assert project is not None and project.dialect == "galaxy"
    assert project.lessons == ("topics/a/tutorials/b/tutorial.md",)


def test_dialects_are_in_alphabetical_order() -> None:
    """Their order means nothing, so that a new one has one place to stand."""
    assert list(DIALECTS) == sorted(DIALECTS)


def test_a_layout_alone_is_no_sign_of_a_deck() -> None:
    assert choose("a.md", "# A\n\n---\n\n# B", layout="default") == "markdown"
    assert choose("a.md", "# A\n\n---\n\n# B", layout="default", theme="seriph") == "slidev"
