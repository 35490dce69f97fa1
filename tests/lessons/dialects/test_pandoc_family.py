"""Lessons for pandoc, Quarto and R Markdown, as they are shown and spoken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from lessons.course.settings import DEFAULTS
from lessons.dialects import DIALECTS, find_dialect
from lessons.dialects.base import Context, Project, Sample
from lessons.markdown.front_matter import read_front_matter
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.markdown.source import Source
from lessons.model import Box, Code, Columns, Finding, Lesson, Paragraph, Picture, Placeholder

AssertLinear = Callable[[Callable[[str], object], str], None]


def read(
    folder: Path, text: str, name: str = "lesson.md", project: Project | None = None
) -> tuple[Lesson, tuple[Finding, ...]]:
    return read_lesson(text, name, Surroundings(folder, DEFAULTS, project=project))


def titles(lesson: Lesson) -> list[str]:
    return [slide.title for slide in lesson.slides]


def spoken(lesson: Lesson) -> list[str]:
    return [slide.written for slide in lesson.slides]


@pytest.mark.parametrize(
    ("name", "text", "dialect"),
    [
        ("a.qmd", "# A", "quarto"),
        ("a.md", "---\nformat: revealjs\n---\n# A", "quarto"),
        ("a.md", "---\nformat:\n  html: default\n---\n# A", "quarto"),
        ("a.Rmd", "# A", "rmarkdown"),
        ("a.md", "---\noutput: html_document\n---\n# A", "rmarkdown"),
        ("a.Rmd", "---\noutput:\n  xaringan::moon_reader: default\n---\n# A", "xaringan"),
        ("a.ipynb", "x", "jupyter"),
        ("a.md", "% Title\n\nText", "pandoc"),
        ("a.md", "# A\n\n. . .\n\n::: notes\nB\n:::", "pandoc"),
        ("a.md", "# A\n\nText", "markdown"),
    ],
)
def test_dialect_is_recognised(name: str, text: str, dialect: str) -> None:
    front = read_front_matter(text, name)
    sample = Sample(name, text[front.end :], front.values.values)
    assert find_dialect(sample).name == dialect


def test_a_quarto_deck(tmp_path: Path) -> None:
    lesson, _ = read(
        tmp_path,
        """---
title: "Q"
author: A. Person
format: revealjs
---

## First

- point

::: {.notes}
Spoken note one.
:::

---

![](x.png)

## Second

:::: {.columns}
::: {.column width="60%"}
Left
:::
::: {.column width="40%"}
Right
:::
::::

::: {.notes}
Spoken note two.
:::

## {background-image="y.png"}
""",
        "deck.qmd",
    )
    assert lesson.shape == "deck"
    assert titles(lesson) == ["Q", "First", "", "Second", ""]
    assert spoken(lesson) == ["", "Spoken note one.", "", "Spoken note two.", ""]
    columns = lesson.slides[3].visuals[0]
    assert isinstance(columns, Columns)
    assert columns.widths == (0.6, 0.4)
    assert isinstance(lesson.slides[4].visuals[0], Placeholder)


def test_a_quarto_document(tmp_path: Path) -> None:
    (tmp_path / "_part.qmd").write_text("---\ntitle: no\n---\nBrought in.\n")
    (tmp_path / "works.bib").write_text("@book{k, author={Knuth, Donald}, year=1984}")
    Image.new("RGB", (4, 4)).save(tmp_path / "a.png")
    lesson, findings = read(
        tmp_path,
        """---
title: A document
subtitle: Its subtitle
bibliography: works.bib
---

## Part one {#sec-one}

{{< include _part.qmd >}}

See @fig-a in @sec-one [@k].{{< pagebreak >}} {{< meta subtitle >}}.

![A caption](a.png){#fig-a width=50% fig-alt="What it shows"}

```{r}
#| label: setup
#| echo: true
x <- 1
```

{{< video https://example.org/v.mp4 >}}

::: {.callout-tip}
## A tip
Do *this*.
:::

{{< unknown-thing x >}}
""",
        "doc.qmd",
    )
    assert lesson.shape == "script"
    assert titles(lesson) == ["Part one"]
    assert spoken(lesson) == [
        "Brought in. See Figure 1 in Section “Part one” (Knuth, 1984). Its subtitle. A tip Do this."
    ]
    picture, code, placeholder, box = lesson.slides[0].visuals
    assert isinstance(picture, Picture)
    assert (picture.path, picture.alt, picture.title) == ("a.png", "What it shows", "A caption")
    assert (picture.share, picture.line) == (0.5, 13)
    assert isinstance(code, Code) and (code.language, code.text) == ("r", "x <- 1")
    assert isinstance(placeholder, Placeholder) and placeholder.name == "v.mp4"
    assert isinstance(box, Box) and box.kind == "tip"
    assert sorted({finding.rule for finding in findings}) == ["output-missing", "shortcode-unknown"]


def test_included_files_that_bring_in_each_other(tmp_path: Path) -> None:
    (tmp_path / "_a.qmd").write_text("A. {{< include _b.qmd >}}\n\n{{< include _b.qmd >}}\n")
    (tmp_path / "_b.qmd").write_text("B.\n\n{{< include _a.qmd >}}\n\n{{< include _b.qmd >}}\n")
    lesson, findings = read(tmp_path, "# T\n\n{{< include _a.qmd >}}\n", "a.qmd")
    assert lesson.slides[0].title == "T"
    assert "include-missing" in {finding.rule for finding in findings}


def test_a_pandoc_deck(tmp_path: Path) -> None:
    lesson, _ = read(
        tmp_path,
        """% The title
% Ada; Bob
% 2024

# Part

## One

A

. . .

B

::: notes
Say one.
:::

## Two

\\begin{center}
\\textbf{Bold} word
\\end{center}

::: notes
## Three {.unlisted}

Say three.

```java
int x;
```
:::
""",
    )
    assert titles(lesson) == ["The title", "Part", "One", "Two", "Three"]
    assert spoken(lesson) == ["", "", "Say one.", "", "Say three."]
    assert [type(visual) for visual in lesson.slides[4].visuals] == [Code]
    first = lesson.slides[0].visuals[0]
    assert isinstance(first, Paragraph) and first.content[0].text == "Ada, Bob"


def test_a_pandoc_deck_without_notes_is_read(tmp_path: Path) -> None:
    text = "---\nslide-level: 2\n---\n# A\n\n## B\n\nText.\n\n---\n\nC.\n"
    lesson, findings = read(tmp_path, text)
    assert spoken(lesson) == ["A", "B Text.", "C."]
    assert [finding.rule for finding in findings] == ["deck-unspoken"]


def test_boxes_of_documents(tmp_path: Path) -> None:
    lesson, _ = read(
        tmp_path,
        """# Fences

:::::: objectives

- Learn one thing.

::::::

Some prose here.

::: {.callout-note}
A note in Quarto.
:::

[A span]{.smallcaps} and a picture size {width=50%}.
""",
    )
    assert spoken(lesson) == [
        "Objectives. Learn one thing. Some prose here. Note. A note in Quarto. A span and a "
        "picture size."
    ]
    assert [box.kind for box in lesson.slides[0].visuals if isinstance(box, Box)] == [
        "objectives",
        "note",
    ]


def test_a_heading_in_a_box_begins_no_slide(tmp_path: Path) -> None:
    lesson, _ = read(
        tmp_path,
        "---\ntitle: A\n---\n\nIntro prose.\n\n## 1\\. First part\n\nProse one.\n\n"
        "## 2\\. Second part\n\nProse two.\n\n:::: challenge\n\n## Not a slide?\n\nProse three.\n\n"
        "::::\n",
    )
    assert titles(lesson) == ["A", "1. First part", "2. Second part"]
    assert spoken(lesson)[2] == "Prose two. Challenge. Not a slide? Prose three."


def test_r_markdown_in_a_script(tmp_path: Path) -> None:
    lesson, findings = read(
        tmp_path,
        """# R lesson

We computed `r nrow(x)` rows [@key2020, p. 3] and see Figure \\@ref(fig:a).

```{r, echo=FALSE, fig.cap="A"}
plot(1)
```

\\newpage

A footnote[^1] here.

[^1]: The note text.
""",
        "lesson.Rmd",
    )
    assert spoken(lesson) == ["We computed rows and see Figure. A footnote here."]
    assert [type(visual) for visual in lesson.slides[0].visuals] == [Placeholder, Paragraph]
    assert sorted({finding.rule for finding in findings}) == [
        "citation-unresolved",
        "output-missing",
        "reference-unresolved",
    ]


def test_an_ioslides_deck(tmp_path: Path) -> None:
    text = """---
title: T
output: ioslides_presentation
---

## One | And more

> - a

<div class="notes">
Say this.
</div>

----

Plain.
"""
    lesson, _ = read(tmp_path, text, "deck.Rmd")
    assert titles(lesson) == ["T", "One", ""]
    assert spoken(lesson) == ["", "Say this.", ""]


SPACES = " " * 20_000


@pytest.mark.parametrize("dialect", ["pandoc", "quarto", "rmarkdown"])
@pytest.mark.parametrize(
    "text",
    [
        f":::{SPACES}x", f"# a{SPACES}x", f"::: tip a{SPACES}x", f"```{{r, a={SPACES}x}}\n```",
        f"---\na{SPACES}x\n---", f"{{{{< include {SPACES}", "-" * 20_000 + "x\n: b",
        f"# a {{{SPACES}", "+--+\n" * 3000, "-----\na\n-- --\n" * 2000, "\\a{" * 5000,
        "\\begin{tikzpicture}\n" * 3000, "![a](" * 3000, "[@a; " * 3000, "{{< a " * 2000,
        "a\n: b\n" * 2000, "::: columns\n::: column\n" * 1500, "$$ {#eq-" * 3000,
        "---\na: b\n\n" * 1500, "<div class=notes>\n" * 1000,
    ],
)  # fmt: skip
def test_hostile_texts_take_linear_time(
    tmp_path: Path, dialect: str, text: str, assert_linear: AssertLinear
) -> None:
    def read(part: str) -> object:
        return DIALECTS[dialect].read(Source.of("a.md", part), Context("a.md", tmp_path))

    assert_linear(read, text)


def test_projects_of_quarto(tmp_path: Path) -> None:
    (tmp_path / "_quarto.yml").write_text(
        "project: {type: book}\nlang: fr\nbibliography: w.bib\nbook:\n  title: B\n  chapters:\n"
        "    - index.qmd\n    - part: P\n      chapters: [two.qmd, ../out.qmd, none.qmd]\n"
    )
    for name in ("index.qmd", "two.qmd"):
        (tmp_path / name).write_text("# A {#sec-a}\n")
    project = DIALECTS["quarto"].find_project(tmp_path)
    assert project is not None
    assert (project.title, project.language) == ("B", "fr")
    assert project.lessons == ("index.qmd", "two.qmd")
    assert project.bibliography == ("w.bib",)


@pytest.mark.parametrize(
    "text", ["", ":", "- a", "a: *b", "a: !x {b: c}", "[" * 5000, "\0", "b: &a"]
)
def test_damaged_projects(tmp_path: Path, text: str) -> None:
    for name in ("_quarto.yml", "_bookdown.yml", "defaults.yaml"):
        (tmp_path / name).write_text(text)
    for name in ("quarto", "rmarkdown", "pandoc"):
        DIALECTS[name].find_project(tmp_path)


def test_a_book_of_bookdown_numbers_its_chapters(tmp_path: Path) -> None:
    (tmp_path / "_bookdown.yml").write_text("rmd_files: [index.Rmd, a.Rmd, b.Rmd]\n")
    (tmp_path / "index.Rmd").write_text("---\ntitle: Book\nlang: en\n---\n\n# Preface {-}\n\nP.\n")
    (tmp_path / "a.Rmd").write_text(
        "# First {#first}\n\n## Part {#part}\n\n```{r f, fig.cap='x'}\nplot(1)\n```\n"
    )
    text = "# Second\n\nSee chapter \\@ref(first), section \\@ref(part), figure \\@ref(fig:f).\n"
    (tmp_path / "b.Rmd").write_text(text)
    project = DIALECTS["rmarkdown"].find_project(tmp_path)
    assert project is not None
    assert (project.title, project.lessons) == ("Book", ("index.Rmd", "a.Rmd", "b.Rmd"))
    lesson, _ = read(tmp_path, text, "b.Rmd", project)
    assert spoken(lesson) == ["See chapter 1, section 1.1, figure 1.1."]
