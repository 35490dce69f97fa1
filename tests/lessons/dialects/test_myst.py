"""Lessons in MyST: Jupyter Book, mystmd, Sphinx, CodeRefinery."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from lessons.course.discovery import find_project
from lessons.dialects.base import Context, Project, Sample
from lessons.dialects.myst.dialect import Myst
from lessons.markdown.lesson import parse_lesson
from lessons.markdown.markers import MARK
from lessons.markdown.source import Source
from lessons.model import Box, Code, Diagram, Formula

AssertLinear = Callable[[Callable[[str], object], str], None]


def rewrite(
    root: Path,
    text: str,
    front: Mapping[str, object] | None = None,
    project: Project | None = None,
) -> str:
    """The lines that are not blank, with `@` for the sign of a marker and `|` between lines."""
    context = Context("content/a.md", root, front or {}, project)
    made = Myst().read(Source.of("content/a.md", text), context).source.text
    return "|".join(line.rstrip() for line in made.replace(MARK, "@").split("\n") if line.strip())


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "code.py").write_text("import os\n\n\ndef a():\n    go()\n\n# end\n")
    (tmp_path / "content" / "t.csv").write_text('x,"y, z"\n1,a|b\n')
    (tmp_path / "content" / "part.md").write_text("# Part `one`\n\n```{tip}\nIn *it*.\n```\n")
    (tmp_path / "content" / "b.md").write_text("(far)=\n## Far *away*\n\n# No title\n")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("```{note}\nA\n```", "@box note|A|@end"),
        (":::{admonition} A *title*\n:class: tip\nA\n:::", "@box tip@A *title*|A|@end"),
        ("```{admonition} T\n---\nclass: warning\n---\nA\n```", "@box warning@T|A|@end"),
        ("```{warning} All of it.\n```", "@box warning|All of it.|@end"),
        (":::{note} T\n:name: x\nA\n:::", "@box note@T|A|@end"),
        ("```{dropdown} T\n:open:\nA\n```", "@box details@T|A|@end"),
        ("````{exercise} T\nA\n```{solution}\nB\n```\n````",
         "@box exercise@T|A|@box solution|B|@end|@end"),
        ("::::{exercise}\nA\n:::{solution} ex-1\nB\n:::\n::::",
         "@box exercise|A|@box solution|B|@end|@end"),
        (":::{note}\nA\n:::{tip}\nB\n:::\n:::\nC", "@box note|A|@box tip|B|@end|@end|C"),
        ("```{exercise-start}\n:label: x\n```\nA\n```{exercise-end}\n```\nB",
         "@box exercise|A|@end|B"),
        ("```{solution-start} x\n:class: dropdown\n```\nA\n```{solution-end}\n```\n"
         "```{solution-end}\n```", "@box solution|A|@end"),
        (":::{instructor-note}\nA\n:::", "@box instructor|A|@end"),
        (":::{type-along}\nA\n:::", "@box plain@Type along|A|@end"),
        (":::{keypoints}\n- A\n:::", "@box keypoints|- A|@end"),
        ("```{prf:theorem} Pythagoras\n:label: t\nA\n```", "@box theorem@Pythagoras|A|@end"),
        ("```{versionadded} 3.5 It is new.\n```",
         "@box version@New in version 3.5|It is new.|@end"),
        ("```{sidebar} T\nA\n```", "@box callout@T|A|@end"),
        ("```{epigraph}\nA\n```", "@box quote|A|@end"),
        ("- a\n  ```{note}\n  A\n  ```\n- b", "- a|  @box note|  A|  @end|- b"),
        ("1. ```{note}\n   A\n   ```", "1. @box note|   A|   @end"),
        (":::::{tabs}\n  ::::{group-tab} X\n    A\n\n    ```sh\n    ls\n    ```\n  ::::\n:::::",
         "@box plain@X|  A|  ```sh|  ls|  ```|@end"),
        ("````{tab-set}\n```{tab-item} X\nA\n```\n````", "@box plain@X|A|@end"),
        ("::::{grid} 2\n:::{grid-item-card} T\n:link: x\nHead\n^^^\nA\n+++\nFoot\n:::\n::::",
         "@box plain@T|Head|A|Foot|@end"),
        ("```{toctree}\na\nb\n```\n```{bibliography}\n```\n```{index} x\n```\nA", "A"),
        ("```{glossary}\nTerm\n  What it is.\n```", "- **Term**:|  What it is."),
        ("```{rubric} T\n```", "**T**"),
        ("```{raw} html\n<b>A</b>\n```", "**A**"),
        ("```{raw} latex\n\\a\n```\nA", "A"),
        ("```{only} html\nA\n```\n```{only} latex\nB\n```", "A"),
        ("```{mermaid}\na-->b\n```", "```mermaid|a-->b|```"),
        ("```{youtube} abc\n```", "@placeholder Video@abc"),
        ("```{made-up} x\nA\n```", "@box plain@x|A|@end"),
        (":::{}\nNot now.\n:::\nA", "A"),
        ("```{note}\nA", "@box note|A|@end"),
    ],
)  # fmt: skip
def test_directives_become_boxes(book: Path, text: str, right: str) -> None:
    made = rewrite(book, text)
    assert made.replace("<narrate-strong>", "**").replace("</narrate-strong>", "**") == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("```{figure} a.png\n:alt: An alt\n:width: 40%\nA *cap* by [x](y).\n\nMore.\n```",
         '![An alt](a.png "A cap by x.")<narrate-width share="0.4"/>|A *cap* by [x](y).|More.'),
        ("```{figure} a.png\nCap.\n```", '![Cap.](a.png "Cap.")|Cap.'),
        ("```{image} a b.png\n:alt: x\n```", "![x](ab.png)"),
        ("```{code-cell} ipython3\n:tags: [hide-input]\n\nprint(1)\n```", "```python|print(1)|```"),
        ("```{code-cell}\n---\ntags: [remove-cell]\n---\nprint(1)\n```\nA", "A"),
        ("```{code-block} sh\n:caption: My `file`\n:linenos:\nls\n```",
         "@unread|My file|@end|```sh narrate-first=1|ls|```"),
        ("- a\n  ```{code-block} sh\n  ---\n  emphasize-lines: 1\n  ---\n  ls\n    b\n  ```",
         "- a|  ```sh narrate-lines=1|  ls|    b|  ```"),
        ("````{code-block} md\n```{note}\n```\n````", "````md|```{note}|```|````"),
        ("```{literalinclude} code.py\n:language: python\n:lines: 1,4-5\n```",
         "```python|import os|def a():|    go()|```"),
        ("```{literalinclude} code.py\n:start-at: def\n:end-before: end\n```",
         "```py|def a():|    go()|```"),
        ("```{literalinclude} code.py\n:lines: 5\n:dedent:\n```", "```py|go()|```"),
        ("```{include} part.md\n```", "# Part `one`|@box tip|In *it*.|@end"),
        ("```{include} ../../x.md\n```\nA", "A"),
        ("```{math}\n:label: e\na^2\n```", "$$|a^2|$$"),
        ("```{list-table} T\n:header-rows: 1\n* - a\n  - b\n* - c\n  - d|e\n```",
         "T|| a | b ||| --- | --- ||| c | d\\|e |"),
        ("```{csv-table} T\n:header: p, q\n:delim: ;\n1;2\n```",
         "T|| p, q |  ||| --- | --- ||| 1 | 2 |"),
        ("```{csv-table}\n:file: t.csv\n:header-rows: 1\n```",
         "| x | y, z ||| --- | --- ||| 1 | a\\|b |"),
        ("```{table} T\n| a |\n|---|\n| b |\n```", "T|| a ||---||| b |".replace("||---", "|||---")),
    ],
)  # fmt: skip
def test_directives_become_pictures_code_and_tables(book: Path, text: str, right: str) -> None:
    assert rewrite(book, text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("(here)=\n# Here *it* is\n\nSee {ref}`here`, {ref}`words <here>`.",
         "# Here *it* is|See Here *it* is, words."),
        ("See {doc}`part`, [](part.md), {doc}`b <part>`, [](#x-y) and <project:part.md>.",
         "See Part `one`, Part `one`, b, x y and Part `one`."),
        ("{math}`a^2` {term}`Word <w>` {kbd}`Ctrl+C` {abbr}`IP (Internet Protocol)`",
         "$a^2$ Word Ctrl+C IP"),
        ("{func}`~os.path.join` {class}`int` {code}`x` {index}`a <single: b>`",
         "`join()` `int` `x` a"),
        ("{numref}`Figure %s <f>` {fa}`check` {made}`up` {eval}`x`", "Figure  up"),
        ("(a)=\n$$x$$ (e1)\n\n{eq}`e1`", "$$x$$|(1)"),
        ("A {cite}`key2020`. By {cite:t}`b`.", "A. By ."),
        ("% comment\nA\n+++ {\"x\": 1}\n(l)=\nB\n{#id .c}\nC", "A|B|C"),
        ("100 % of +++ x", "100 % of +++ x"),
        ("`` {ref}`x` `` and `{note}`", "`` {ref}`x` `` and `{note}`"),
        ("```md\n{ref}`x`\n% y\n```", "```md|{ref}`x`|% y|```"),
        ("{{ name }} and {{ none }}", "*Ann* and"),
        ("$$\nx\n$$ (e2)\n\nA `{code}` and {code}`b`.", "$$|x|$$|A `{code}` and `b`."),
        (":::{tip} The `x`\nA\n:::", "@box tip@The `x`|A|@end"),
        ("H{sub}`2`O", "H2O"),
    ],
)  # fmt: skip
def test_roles_and_labels(book: Path, text: str, right: str) -> None:
    assert rewrite(book, text, {"myst": {"substitutions": {"name": "*Ann*"}}}) == right


def test_the_small_lesson_of_the_list_is_right(tmp_path: Path) -> None:
    text = (
        "(label-one)=\n# MyST\n\n```{note}\nThis is a note.\n```\n\n"
        ":::{admonition} Title\n:class: tip\nAn admonition.\n:::\n\n"
        "See {ref}`label-one` and {doc}`other`, {math}`a^2`, {cite}`key2020`.\n\n"
        "```{code-cell} ipython3\n:tags: [hide-input]\nprint(1)\n```\n\n"
        "```{math}\nb\n```\n\n```{mermaid}\na\n```\n"
    )
    lesson = parse_lesson(text, path="a.md", root=tmp_path)
    assert (lesson.dialect, lesson.shape, lesson.title) == ("myst", "script", "MyST")
    (slide,) = lesson.slides
    assert slide.written.startswith(
        "Note. This is a note. Title An admonition. See MyST and other, a²,."
    )
    assert [type(v) for v in slide.visuals] == [Box, Box, Code, Formula, Diagram]
    assert slide.visuals[2] == Code("print(1)", "python")


def test_a_jupyter_book_gives_the_order(book: Path) -> None:
    (book / "_config.yml").write_text("title: B\nsphinx: {config: {language: de}}\n")
    (book / "_toc.yml").write_text(
        "format: jb-book\nroot: content/part\nparts:\n- caption: X\n  chapters:\n"
        "  - file: content/b\n    sections:\n    - file: content/a.md\n  - file: gone\n"
        "  - url: http://x.y\n"
    )
    (book / "content" / "a.md").write_text("A")
    project = Myst().find_project(book)
    assert project is not None
    assert (project.title, project.language) == ("B", "de")
    assert project.lessons == ("content/part.md", "content/b.md", "content/a.md")
    assert rewrite(book, "See {ref}`far`, [](b.md) and {doc}`/content/part`.", None, project) == (
        "See Far *away*, Far *away* and Part `one`."
    )
    (book / "_toc.yml").write_text("- file: content/b\n  sections:\n  - file: content/part\n")
    project = Myst().find_project(book)
    assert project is not None
    assert project.lessons == ("content/b.md", "content/part.md")


def test_mystmd_gives_the_order(book: Path) -> None:
    (book / "myst.yml").write_text(
        "project:\n  title: M\n  bibliography: [r.bib]\n  toc:\n  - file: content/b.md\n"
        "  - title: T\n    children:\n    - file: content/part.md\n"
    )
    project = Myst().find_project(book)
    assert project is not None
    assert (project.title, project.bibliography) == ("M", ("r.bib",))
    assert project.lessons == ("content/b.md", "content/part.md")


def test_sphinx_gives_the_order_of_its_toctrees_and_nothing_runs(book: Path) -> None:
    (book / "content" / "conf.py").write_text(
        "project = 'Git intro'\nlanguage = \"fi\"\nextensions = ['myst_parser']\n"
        "open('hacked', 'w')\n"
    )
    (book / "content" / "index.md").write_text(
        "# I\n\n```{toctree}\n:maxdepth: 1\n\nTitle <part>\nmore/x\nhttp://a.b\n```\n"
    )
    (book / "content" / "more").mkdir()
    (book / "content" / "more" / "x.rst").write_text(
        "X\n=\n\n.. toctree::\n   :caption: C\n\n   ../b\n\nText\n"
    )
    project = Myst().find_project(book)
    assert project is not None
    assert (project.title, project.language) == ("Git intro", "fi")
    assert project.lessons == ("content/index.md", "content/part.md", "content/b.md")
    assert rewrite(book, "$HOME $PATH $$x$$", None, project) == "\\$HOME \\$PATH $$x$$"
    assert not (book / "hacked").exists()


def test_lessons_are_known_by_their_signs() -> None:
    score = Myst().score
    assert score(Sample("a.md", "(label)=\n# A")) == 75
    assert score(Sample("a.md", "See {ref}`x`.")) == 75
    assert score(Sample("a.md", "```{note}\nA\n```")) == 70
    assert score(Sample("a.md", ":::{note}\nA\n:::")) == 70
    assert score(Sample("a.md", "```{r echo=FALSE}\nx\n```")) == 0
    assert score(Sample("a.md", "```{r}\nx\n```")) == 0
    assert score(Sample("a.md", "# A")) == 0


@pytest.mark.parametrize(
    "text",
    ["```{note}\n" * 10_000, ":::{note}\n" * 4_000, "{ref}`" * 20_000, "{ref}`a" * 20_000,
     "(a)=\n" * 20_000, "".join(f"{':' * (3 + n % 60)}{{note}}\n" for n in range(4_000)),
     "- " * 20_000 + "```{note}", "{{ a" * 20_000, "[](a " * 20_000, "% a\n" * 20_000,
     ("- a\n" + "  ```{note}\n  b\n  ```\n" * 20) * 100, "```{include} a.md\n```\n" * 2_000,
     ":::{list-table}\n" + "* - a\n" * 20_000, "```{math}\n" + "\n" * 30_000 + "```"],
)  # fmt: skip
def test_hostile_lessons_take_linear_time(
    book: Path, text: str, assert_linear: AssertLinear
) -> None:
    (book / "content" / "a.md").write_text(text)
    assert_linear(lambda part: rewrite(book, part), text)


def test_a_jupyter_book_is_not_taken_for_a_jekyll_site(book: Path) -> None:
    (book / "_config.yml").write_text("title: B\n")
    (book / "_toc.yml").write_text("format: jb-book\nroot: content/part\n")
    project = find_project(book)
    assert project is not None
    assert project.dialect == "myst"
