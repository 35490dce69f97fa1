"""Courses without a course.yaml, and files in courses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lessons.course import discovery
from lessons.course.discovery import find_project, locate_course
from lessons.course.found_files import find_lesson_files, natural_key
from lessons.course.reading import load_course, read_course
from lessons.course.repository import find_repository, walk_up
from lessons.dialects.base import Project
from lessons.errors import CourseError
from lessons.model import Course

Tree = Callable[..., Path]
TEXT = "# A title\n\nSome words are said.\n"


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Write files, each with a text or the usual one, below the folder `repo`."""

    def run(*names: str, **texts: str) -> Path:
        root = tmp_path / "repo"
        for name in (*names, *texts):
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(texts.get(name, TEXT))
        return root

    return run


@pytest.fixture
def projects(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[Path, Project]]:
    """Configurations by their folders, as a tool would have them."""
    known: dict[Path, Project] = {}
    monkeypatch.setattr(discovery, "find_project", lambda folder: known.get(folder))
    yield known


def paths_of(course: Course) -> list[str]:
    return [lesson.path for lesson in course.lessons]


def test_a_folder_of_lessons_is_a_course(tree: Tree) -> None:
    root = tree("10-c.md", "2-b.md", "1-a.markdown", "LICENSE.md", "CONTRIBUTING.md", "_part.md",
                ".hidden.md", "sub/x.md", "data.txt",
                **{"README.md": "# Light and *Sight*\n\nA course.\n"})  # fmt: skip
    course = load_course(root)
    assert (course.title, course.id) == ("Light and Sight", "repo")
    assert paths_of(course) == ["1-a.markdown", "2-b.md", "10-c.md"]
    assert course.root == root.resolve() and course.within == ""


def test_without_a_readme_the_folder_gives_the_title(tree: Tree) -> None:
    assert load_course(tree("a.md")).title == "Repo"
    assert load_course(tree("a.md", **{"README.md": "No heading here.\n"})).title == "Repo"


@pytest.mark.parametrize(
    ("readme", "title"),
    [
        ("# Light\n", "Light"),
        ("Light\n=====\n\nA course.\n", "Light"),
        ('<h1 align="center">Light</h1>\n\nA course.\n', "Light"),
        ("```\n# no heading\n```\n\n# Light\n", "Light"),
        ("# [Light](https://example.org) and `sight`\n", "Light and sight"),
        ("A course.\n\n## How it works\n\nWell.\n\n# Later\n", "Repo"),
        ("", "Repo"),
    ],
)
def test_the_readme_gives_the_title_if_it_begins_with_one(
    tree: Tree, readme: str, title: str
) -> None:
    assert load_course(tree("a.md", **{"README.md": readme})).title == title


def test_folders_are_searched_if_the_folder_has_no_lesson_itself(tree: Tree) -> None:
    root = tree("README.md", "day10/b.md", "day2/c.md", "day2/code/README.md", "day1/README.md",
                "day1/a.md", "node_modules/x/y.md", "build/z.md", "_drafts/d.md", ".git/e.md",
                "LICENSE.md")  # fmt: skip
    assert paths_of(load_course(root)) == ["day1/a.md", "day2/c.md", "day10/b.md"]
    assert paths_of(load_course(tree("index.md")))[0] == "index.md"  # it comes first


def test_most_lessons_below_the_folder_make_its_own_files_part_of_them(tree: Tree) -> None:
    root = tree("SETUP.md", "intro.md", "1/a.md", "2/b.md", "3/c.md", "README.md")
    course, findings = read_course(root)
    assert paths_of(course) == ["1/a.md", "2/b.md", "3/c.md", "intro.md"]
    assert ["SETUP.md" in f.message for f in findings if f.rule == "file-left-out"] == [True]
    (root / "course.yaml").write_text("title: Flat\n")  # so courses always were
    assert paths_of(load_course(root)) == ["intro.md", "SETUP.md"]


def test_a_readme_is_a_lesson_if_there_is_nothing_else(tree: Tree) -> None:
    root = tree("README.md", "LICENSE.md", "src/main.py")
    assert paths_of(load_course(root)) == ["README.md"]


def test_readmes_are_lessons_where_most_lessons_are_called_so(tree: Tree) -> None:
    root = tree("README.md", "b/README.md", "a/README.md", "extra/lab-1.md")
    assert paths_of(load_course(root)) == ["a/README.md", "b/README.md", "extra/lab-1.md"]
    assert [x.id for x in load_course(root).lessons] == ["a", "b", "lab-1"]


def test_other_languages_of_a_readme_are_no_lessons(tree: Tree) -> None:
    assert paths_of(load_course(tree("README.de.md", "readme-zh_cn.md", "readme2.md"))) == [
        "readme2.md"
    ]


def test_links_that_lead_out_are_not_followed(tree: Tree, tmp_path: Path) -> None:
    root = tree("week1/a.md")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "secret.md").write_text(TEXT)
    (root / "week2").symlink_to(tmp_path / "other")
    (root / "week1" / "b.md").symlink_to(tmp_path / "other" / "secret.md")
    (root / "loop").symlink_to(root)
    course, findings = read_course(root)
    assert paths_of(course) == ["week1/a.md"]
    assert [(f.rule, f.place.path) for f in findings] == [("lesson-unread", "week1/b.md")]


def test_deep_and_wide_trees_are_bounded(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tree("/".join("abcdefgh") + "/deep.md", "a/b/near.md", *(f"w/{n}.md" for n in range(30)))
    assert "a/b/near.md" in find_lesson_files(root).paths
    assert not any("deep" in path for path in find_lesson_files(root).paths)
    monkeypatch.setattr("lessons.course.found_files.MOST_LESSONS", 10)
    found = find_lesson_files(root)
    assert len(found.paths) == 10 and found.more
    _, findings = read_course(root)
    assert [f.rule for f in findings if f.severity == "note"] == ["file-left-out"]


def test_what_a_tool_made_of_a_lesson_is_left_out(tree: Tree) -> None:
    root = tree("a.qmd", "a.md", "b.md")
    found = find_lesson_files(root)
    suffixes = [Path(path).suffix for path in found.paths]
    if ".qmd" in suffixes:
        assert found.paths == ("a.qmd", "b.md") and found.left_out == ("a.md",)


def test_a_file_alone_is_a_course(tree: Tree) -> None:
    root = tree("a.md", "b.md", "README.md")
    course = load_course(root / "b.md")
    assert paths_of(course) == ["b.md"]
    assert (course.root, course.within) == (root.resolve(), "b.md")
    assert paths_of(load_course(root / "README.md")) == ["README.md"]  # it was asked for


def test_a_file_that_cannot_be_read_is_an_error(tree: Tree) -> None:
    root = tree("a.md", **{"empty.md": "\n"})
    with pytest.raises(Exception, match="empty"):
        load_course(root / "empty.md")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone", "There is no course folder 'gone'"),
        ("gone.md", "There is no lesson file 'gone.md'"),
        ("data.csv", "neither a course's folder nor a lesson"),
        ("empty", "no lesson in this folder"),
    ],
)
def test_what_is_no_course_is_told(tree: Tree, name: str, message: str) -> None:
    root = tree("a.md", "data.csv")
    (root / "empty").mkdir()
    with pytest.raises(CourseError, match=message):
        load_course(root / name)


def test_a_file_belongs_to_the_course_around_it(tree: Tree) -> None:
    course_file = "title: Optics\nlanguage: en-GB\nlessons: [w/a.md, v/a.md]\n"
    root = tree("w/a.md", "v/a.md", "w/extra.md", **{"course.yaml": course_file})
    (root / ".git").mkdir()
    course = load_course(root / "w" / "a.md")
    assert (course.root, course.title) == (root.resolve(), "Optics")
    assert [(x.path, x.id) for x in course.lessons] == [("w/a.md", "w-a")]
    assert course.lessons[0].settings.language == "en-GB"
    assert paths_of(load_course(root / "w" / "extra.md")) == ["w/extra.md"]
    assert paths_of(load_course(root / "v")) == ["v/a.md"]
    assert [x.id for x in load_course(root).lessons] == ["w-a", "v-a"]


def test_the_tool_s_configuration_gives_title_language_and_order(
    tree: Tree, projects: dict[Path, Project]
) -> None:
    root = tree("src/z.md", "src/a.md", "src/other.md", "README.md")
    projects[root.resolve()] = Project(
        root.resolve(), "x", "The Book", "es_MX", ("src/z.md", "src/a.md", "../out.md")
    )
    course = load_course(root)
    assert (course.title, course.settings.language) == ("The Book", "es-MX")
    assert paths_of(course) == ["src/z.md", "src/a.md"]
    assert {x.settings.language for x in course.lessons} == {"es-MX"}


def test_course_yaml_overrides_the_tool_s_configuration(
    tree: Tree, projects: dict[Path, Project]
) -> None:
    root = tree("a.md", "b.md", **{"course.yaml": "language: en-GB\n"})
    projects[root.resolve()] = Project(root.resolve(), "x", "The Book", "es", ("b.md",))
    course = load_course(root)
    assert (course.title, course.settings.language) == ("The Book", "en-GB")
    assert paths_of(course) == ["b.md"]
    (root / "course.yaml").write_text("title: Mine\nlessons: [a.md]\n")
    course = load_course(root)
    assert (course.title, course.settings.language, paths_of(course)) == ("Mine", "es", ["a.md"])


def test_a_file_belongs_to_the_project_that_has_it(
    tree: Tree, projects: dict[Path, Project]
) -> None:
    root = tree("docs/a.md", "examples/talk/deck.md").resolve()
    (root / ".git").mkdir()
    projects[root] = Project(root, "x", "A Program", "de", ("docs/a.md",))
    course = load_course(root / "docs" / "a.md")
    assert (course.root, course.title, course.within) == (root, "A Program", "docs/a.md")
    course = load_course(root / "docs")
    assert (course.root, course.within, paths_of(course)) == (root, "docs", ["docs/a.md"])
    talk = load_course(root / "examples" / "talk")  # not among the lessons of the program
    assert (talk.root, talk.title) == (root / "examples" / "talk", "Talk")
    assert talk.lessons[0].settings.language == "de"  # what is around it still holds


def test_a_folder_with_its_own_configuration_is_its_own_course(
    tree: Tree, projects: dict[Path, Project]
) -> None:
    root = tree("course.yaml", "deck/slides.md", **{"course.yaml": "title: Above\n"}).resolve()
    projects[root / "deck"] = Project(root / "deck", "x", "The Deck")
    assert load_course(root / "deck").title == "The Deck"
    assert load_course(root / "deck" / "slides.md").title == "Above"


def test_of_several_configurations_the_one_with_lessons_counts(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree("a.md")

    class Tool:
        def __init__(self, project: Project | None) -> None:
            self.project = project

        def find_project(self, folder: Path) -> Project | None:
            return self.project

    tools = {
        "site": Tool(Project(root, "site", "The Site", "fr")),
        "none": Tool(None),
        "book": Tool(Project(root, "book", lessons=("a.md",))),
    }
    monkeypatch.setattr(discovery, "DIALECTS", tools)
    found = find_project(root)
    assert found == Project(root, "book", "The Site", "fr", ("a.md",))


def test_nothing_is_looked_for_above_the_repository_or_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tmp_path = tmp_path.resolve()
    inner = tmp_path / "home" / "work" / "repo" / "a" / "b"
    inner.mkdir(parents=True)
    repo = inner.parent.parent
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert list(walk_up(inner)) == [inner, inner.parent, repo, repo.parent]
    (tmp_path / "home" / ".git").mkdir()  # some keep their settings in a repository
    assert find_repository(inner) is None
    (repo / ".git").write_text("gitdir: elsewhere\n")  # a work tree
    assert find_repository(inner) == repo
    assert list(walk_up(inner)) == [inner, inner.parent, repo]


def test_no_folder_that_anybody_may_write_is_looked_into(tmp_path: Path) -> None:
    inner = tmp_path.resolve() / "shared" / "mine"
    inner.mkdir(parents=True)
    inner.parent.chmod(0o777)
    (inner.parent / "course.yaml").write_text("title: Not mine\n")
    (inner / "a.md").write_text(TEXT)
    assert locate_course(inner / "a.md").root == inner


def test_names_are_sorted_as_people_count() -> None:
    names = ["b.md", "10.md", "2.md", "A.md", "x/3.md", "x/index.md", "index.md", "a/1.md", "2b.md"]
    assert sorted(names, key=natural_key) == [
        "index.md", "2.md", "2b.md", "10.md", "a/1.md", "A.md", "b.md", "x/index.md", "x/3.md",
    ]  # fmt: skip
