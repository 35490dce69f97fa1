"""Without a course.yaml, texts come only from the project of a lesson; pictures, from its
repository: a stranger's lesson in one's own repository may not read it out."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from lessons.course.reading import read_course
from lessons.course.setting_layers import Assignments, read_any
from lessons.course.settings import Settings
from lessons.dialects.base import Context, Project
from lessons.dialects.myst.pages import PageTitles
from lessons.errors import CourseError
from lessons.model import Finding, Picture, walk_visuals

SECRET = "Swordfish opens everything"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One's own repository, into which a stranger's folder with lessons was unpacked."""
    root = tmp_path / "repo"
    (root / ".git").mkdir(parents=True)
    (root / "downloads" / "lesson").mkdir(parents=True)
    for name in ("secret.md", ".env", "downloads/lesson/.env", "downloads/lesson/.own.md"):
        (root / name).write_text(f"{SECRET}.\n")
    (root / "fig").mkdir()
    Image.new("RGB", (4, 4)).save(root / "fig" / "x.png")
    return root


def write(folder: Path, include: str, *, name: str = "a.md", dialect: str = "quarto") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    picture = "../../fig/x.png"
    path.write_text(
        f"---\ndialect: {dialect}\n---\n\n# One\n\nFirst.\n\n![A lens]({picture})\n\n{include}\n"
    )
    return path


def read(path: Path, root: str = "") -> tuple[str, int, list[Finding]]:
    """What the slides of a course say and show, the number of pictures, and the findings."""
    flags = read_any(Assignments((f"root={root}",)), CourseError) if root else Settings()
    course, findings = read_course(path, flags=flags)
    slides = [slide for lesson in course.lessons for slide in lesson.slides]
    visuals = [visual for slide in slides for visual in walk_visuals(slide.visuals)]
    pictures = [visual for visual in visuals if isinstance(visual, Picture)]
    words = " ".join([*(slide.written for slide in slides), *map(repr, visuals)])
    return words, len(pictures), [f for f in findings if f.rule == "include-missing"]


INCLUDES = [
    ("quarto", "{{{{< include {} >}}}}"),
    ("mdbook", "{{{{#include {}}}}}"),
    ("mkdocs", '--8<-- "{}"'),
    ("slidev", "<<< {}"),
    ("slidev", "<<< @/{}"),
    ("myst", "```{{include}} {}\n```"),
    ("myst", "```{{literalinclude}} {}\n```"),
    ("rmarkdown", '```{{r child="{}"}}\n```'),
    ("obsidian", "![[{}]]"),
]


@pytest.mark.parametrize("named", ["downloads/lesson/a.md", "downloads/lesson", "downloads"])
@pytest.mark.parametrize(("dialect", "sign"), INCLUDES)
def test_a_strangers_lesson_brings_in_no_text_of_the_repository(
    repository: Path, dialect: str, sign: str, named: str
) -> None:
    for target in ("../../secret.md", "../../.env", ".env", ".own.md", "../../../repo/secret.md"):
        write(repository / "downloads/lesson", sign.format(target), dialect=dialect)
        words, pictures, findings = read(repository / named)
        assert SECRET not in words
        assert pictures == 1
        assert len(findings) == 1 and findings[0].remedy


def test_what_is_refused_says_how_it_is_opened(repository: Path) -> None:
    path = write(repository / "downloads/lesson", "{{< include ../../secret.md >}}")
    (finding,) = read(path)[2]
    assert "--set root=.." in finding.remedy and "course.yaml" in finding.remedy
    assert SECRET in read(path, root="../..")[0]
    (path.parent / "course.yaml").write_text("title: Optics\nroot: ../..\n")
    assert SECRET in read(path)[0]
    (path.parent / "course.yaml").write_text("title: Optics\n")
    assert SECRET not in read(path)[0]


def test_a_hidden_file_stays_hidden_whatever_is_opened(repository: Path) -> None:
    path = write(repository / "downloads/lesson", "{{< include ../../.env >}}")
    words, _, (finding,) = read(path, root="../..")
    assert SECRET not in words and "dot" in finding.remedy


@pytest.mark.parametrize("to_folder", [False, True])
def test_no_link_leads_out(repository: Path, to_folder: bool) -> None:
    folder = repository / "downloads" / "lesson"
    target = repository if to_folder else repository / "secret.md"
    (folder / "link").symlink_to(target)
    path = write(folder, f"{{{{< include link{'/secret.md' if to_folder else ''} >}}}}")
    words, _, findings = read(path)
    assert SECRET not in words and len(findings) == 1


def test_a_lesson_brings_in_what_lies_in_its_folder(repository: Path) -> None:
    folder = repository / "downloads" / "lesson"
    (folder / "parts").mkdir()
    (folder / "parts" / "x.md").write_text("Its own words.\n")
    path = write(folder, "{{< include parts/x.md >}}")
    for named in (path, folder, folder.parent):
        assert "Its own words" in read(named)[0]


def test_lessons_in_the_named_folder_share_its_texts(repository: Path) -> None:
    (repository / "downloads" / "shared.md").write_text("Shared words.\n")
    path = write(repository / "downloads/lesson", "{{< include ../shared.md >}}")
    assert "Shared words" in read(repository / "downloads")[0]
    assert "Shared words" not in read(path)[0]


@pytest.mark.parametrize(
    ("configuration", "content"),
    [
        ("_quarto.yml", "project:\n  type: website\n"),
        ("_quarto.yml", "project:\n  render: [index.qmd]\n"),
        ("mkdocs.yml", "site_name: Optics\ndocs_dir: week1\nnav: [b.md]\n"),
        ("package.json", '{"devDependencies": {"@slidev/cli": "^52"}}'),
        ("optics.Rproj", "Version: 1.0\n"),
        ("publish.css", ""),
    ],
)
def test_a_lesson_of_a_project_brings_in_what_the_project_holds(
    repository: Path, configuration: str, content: str
) -> None:
    book = repository / "book"
    path = write(book / "week1", "{{< include ../parts/x.md >}}")
    for name, text in ((configuration, content), ("index.qmd", "# Start\n\nHello.\n")):
        (book / name).write_text(text)
    (book / "week1" / "b.md").write_text("# Two\n\nHello.\n")
    (book / "parts").mkdir()
    (book / "parts" / "x.md").write_text("Shared words.\n")
    words, pictures, findings = read(path)
    assert "Shared words" in words and pictures == 1 and not findings
    write(book / "week1", "{{< include ../../secret.md >}}")
    assert SECRET not in read(path)[0]


@pytest.mark.parametrize(
    ("configuration", "content"),
    [
        ("mkdocs.yml", "site_name: Mine\n"),
        ("_quarto.yml", "project:\n  render: [docs/own.qmd]\n"),
        ("book.toml", "[book]\nsrc = 'docs'\n"),
    ],
)
def test_a_configuration_at_the_top_does_not_make_a_strangers_lesson_its_own(
    repository: Path, configuration: str, content: str
) -> None:
    (repository / configuration).write_text(content)
    (repository / "docs").mkdir()
    (repository / "docs" / "SUMMARY.md").write_text("[Own](own.md)\n")
    for name in ("own.md", "own.qmd"):
        (repository / "docs" / name).write_text("# Own\n\nHello.\n")
    path = write(repository / "downloads/lesson", "{{< include ../../secret.md >}}")
    words, pictures, findings = read(path)
    assert SECRET not in words and pictures == 1 and len(findings) == 1


def test_a_repository_inside_a_repository_ends_what_is_opened(repository: Path) -> None:
    (repository / "_quarto.yml").write_text("project:\n  type: website\n")
    path = write(repository / "downloads/lesson", "{{< include ../../secret.md >}}")
    (path.parent / ".git").mkdir()
    words, pictures, findings = read(path)
    assert SECRET not in words and pictures == 0 and len(findings) == 1


def test_a_configuration_is_no_link_out_of_its_folder(repository: Path) -> None:
    folder = repository / "downloads" / "lesson"
    (repository / "secret.yml").write_text(f"title: x\npassword: {SECRET}\n")
    (folder / "_config.yml").symlink_to(repository / "secret.yml")
    path = write(folder, "{{ site.password }}", dialect="jekyll")
    assert SECRET not in read(path)[0]


def test_titles_are_read_only_of_pages_of_the_project(repository: Path) -> None:
    (repository / "notes.md").write_text(f"# {SECRET}\n")
    root = repository / "downloads" / "lesson"
    (root / ".own.md").write_text(f"# {SECRET}\n")
    project = Project(root, lessons=("../../notes.md",))
    titles = PageTitles(Context("a.md", root, project=project), "")
    for target in ("../../notes", "swordfish-opens-everything", ".own"):
        assert titles.find(target) == ""


def test_a_bibliography_of_a_tutorial_is_no_link_out_of_the_course(repository: Path) -> None:
    (repository / "mine.bib").write_text("@book{a, author={Swordfish}, year={2000}}\n")
    folder = repository / "downloads" / "lesson"
    (folder / "tutorial.bib").symlink_to(repository / "mine.bib")
    path = write(folder, "So says {% cite a %}.", dialect="galaxy")
    assert "Swordfish" not in read(path)[0]
    assert "Swordfish" in read(path, root="../..")[0]
