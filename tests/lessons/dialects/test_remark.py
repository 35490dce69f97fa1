from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lesson_text import read, read_all, show

from lessons.dialects.remark.lexer import tokenize

AssertLinear = Callable[[Callable[[str], object], str], None]

HEAD = "class: center, middle\n\n# H\n\n???\n\nSaid.\n\n---\n\n"
FIRST = ["H", "> Said."]


def test_the_case_of_xaringan(tmp_path: Path) -> None:
    text = (
        "class: center, middle\n\n# Title\n\n???\n\nThese are notes.\n\n---\nlayout: false\n"
        ".pull-left[\nLeft text\n]\n.pull-right[\nRight text\n]\n\n--\n\nMore text\n\n???\n"
        "Second notes.\n"
    )
    lesson = read(tmp_path, text)
    assert lesson.dialect == "remark"
    assert show(lesson) == [
        ["Title", "> These are notes."],
        ["", "|0.5", "Left text", "|0.5", "Right text", "|", "More text", "> Second notes."],
    ]


@pytest.mark.parametrize(
    ("text", "slides"),
    [
        ("# A\n---\n# B\n", [["A"], ["B"]]),
        ("# A\n\n----\n\n- - -\n\n```\n---\n```\n", [["A", "code: ---"]]),
        ("# A\n\n.box[\n---\n]\n\n`a\n---\n`\n", [["A", "[callout", "]", "`a"], ["", "`"]]),
        ("exclude: true\n# A\n---\ncount: false\n# B\n", [["B"]]),
        (
            "name: t\nlayout: true\nfooter\n---\n# A\n---\nlayout: false\n# B\n",
            [["A", "footer"], ["B"]],
        ),
        ("name: t\nlayout: true\n# Top\n\n{{content}}\n\nend\n---\nmid\n", [["Top", "mid", "end"]]),
        ("name: t\n# T\n---\ntemplate: t\nown\n", [["T"], ["T", "own"]]),
        ("who: you\n# Hi {{who}}, \\{{who}}\n", [["Hi you, {{who}}"]]),
        ("background-image: url(a.png)\n# A\n", [["A", "picture a.png []"]]),
        ("<!-- name: x -->\n#Tight\n", [["Tight"]]),
        ("# A\n???\na\n???\nlast\n", [["A", "> last"]]),
    ],
)
def test_slides_and_their_properties(tmp_path: Path, text: str, slides: list[list[str]]) -> None:
    assert show(read(tmp_path, HEAD + text)) == [FIRST, *slides]


@pytest.mark.parametrize(
    ("layout", "shown"),
    [
        ('<div class="my-footer"><img src="a.png" style="height: 60px;"/></div>', []),
        ("![](a.png)\n\n{{content}}\n\n.footer[Ann, *2020*]", []),
        ("background-image: url(a.png)\n\n.logo-small[![](a.png)]", []),
        ("<img src='a.png'>\n\nrest", ["rest"]),
        ("`![](a.png)` is code", ["![](a.png) is code"]),
        (".left[\n\n{{content}}\n\n]\n.right[\n![](a.png)\n]", ["picture a.png []"]),
    ],
)
def test_the_decoration_of_a_layout_is_not_shown(
    tmp_path: Path, layout: str, shown: list[str]
) -> None:
    text = f"layout: true\n{layout}\n---\n# A\n\ntext\n\n???\nSaid.\n"
    slide = show(read(tmp_path, HEAD + text))[1]
    assert sorted(slide) == sorted(["A", "text", *shown, "> Said."])


def test_what_continues_a_slide_is_a_step(tmp_path: Path) -> None:
    text = "# A\n\n- a\n\n???\n\nOne.\n\n--\n\n- b\n\n???\n\nTwo.\n\n--\n\n- c\n\n???\n\nThree.\n"
    assert show(read(tmp_path, HEAD + text)) == [
        FIRST,
        ["A", "- a", "- b @1", "- c @2", "> One. Two. @1 Three. @2"],
    ]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("a .red[b .bold[c]] d", ["a b c d"]),
        (
            ".left-column[\nl\n]\n.right-column[\n- r\n]\nafter",
            ["|0.5", "l", "|0.5", "- r", "|", "after"],
        ),
        (".pull-left-60[\nl\n]\n--\n.pull-right-40[\nr\n]", ["|0.6", "l", "|0.4", "r", "|"]),
        (
            ".columns[.column[a].column[b].column[c]]",
            ["|0.33", "a", "|0.33", "b", "|0.33", "c", "|"],
        ),
        (".footnote[small]", ["small"]),
        (".tip[\nUse it.\n]", ["[tip", "Use it.", "]"]),
        (".center[![Alt](a.png)]", ["picture a.png [Alt]"]),
        ("![:scale 50%](a.png)", ["picture a.png [] 0.5"]),
        ("![:unknown x] text", ["text"]),
        ("\\.red[b] .red[open", [".red[b] .red[open"]),
        ("```java[name=x]\na.b[c]\n```", ["java: a.b[c]"]),
        ("`.red[x]` e.g. [a](http://b.example)", [".red[x] e.g. a"]),
    ],
)
def test_classes_and_macros(tmp_path: Path, body: str, shown: list[str]) -> None:
    assert show(read(tmp_path, f"{HEAD}# A\n\n{body}\n")) == [FIRST, ["A", *shown]]


def test_pages(tmp_path: Path) -> None:
    page = (
        '<html><body><textarea id="source">\n  # A\n\n  1 &lt; 2 &amp;amp; so\n\n  ---\n\n  # B\n\n'
        "  ???\n  Said.\n</textarea><script>remark.create();</script></body></html>"
    )
    assert show(read(tmp_path, page, "a.html")) == [["A", "1 < 2 & so"], ["B", "> Said."]]
    page = "<html><script>remark.create({sourceUrl: 'x.md'})</script></html>"
    assert show(read(tmp_path, page, "b.html", x_md="# C\n---\n# D\n???\nSaid.\n")) == [
        ["C"],
        ["D", "> Said."],
    ]


RMD = """---
title: "Optics"
subtitle: "Light"
author: ["Ada", "Bo"]
date: "`r Sys.Date()`"
output:
  xaringan::moon_reader:
    nature:
      ratio: "16:9"
---

```{r setup, include=FALSE}
library(x)
```

# A `r emo::ji("heart")`

```{r, echo=FALSE, out.width="50%", fig.cap="Alt"}
knitr::include_graphics("a.png")
```

---
class: inverse

# B

```{r plot, fig.width=4}
x <- "---"
---
```

???

Said of B.
"""


def test_xaringan(tmp_path: Path) -> None:
    lesson = read(tmp_path, RMD, "deck.Rmd")
    assert lesson.dialect == "xaringan"
    assert show(lesson) == [
        ["Optics", "Light", "Ada", "Bo"],
        ["A", "picture a.png [Alt] 0.5"],
        ["B", 'r: x <- "---"\n---', "> Said of B."],
    ]
    sealed = RMD.replace("    nature:", "    seal: false\n    nature:")
    assert [slide.title for slide in read(tmp_path, sealed, "deck.Rmd").slides] == ["A", "B"]


def test_a_macro_that_is_not_known_is_a_finding(tmp_path: Path) -> None:
    _, findings = read_all(tmp_path, f"{HEAD}# A\n\n![:youtube x]\n")
    assert [finding.rule for finding in findings] == ["shortcode-unknown"]


def test_a_class_ends_at_the_bracket_that_balances_it() -> None:
    tokens = tokenize(".a[x [y] .b[z]] .c[open")
    assert [(t.kind, t.classes) for t in tokens] == [
        ("class", ("a",)), ("class", ("b",)), ("end", ()), ("end", ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [".a[" * 5000 + "x" + "]" * 5000, ".a" * 200_000, "[" * 50_000, "```a\n" * 30_000,
     "layout: true\n" + "x" * 20_000 + "\n---\n" + "a\n---\n" * 3000, "a\n--\n" * 5000,
     ".pull-left[a]\n" * 10_000, "???\n" * 100_000],
)  # fmt: skip
def test_hostile_decks_take_linear_time(
    tmp_path: Path, text: str, assert_linear: AssertLinear
) -> None:
    assert_linear(lambda part: read(tmp_path, HEAD + part), text)


def test_a_bar_may_begin_a_row_with_an_empty_cell(tmp_path: Path) -> None:
    table = "  | Pre | Post\n:-:|:-:|:-:\nRow | 1 | 2\n| 3 | 4\n"
    usual = "| A | B |\n|---|---|\n| 1 | 2 |\n"
    (_, first, second) = show(read(tmp_path, f"{HEAD}# A\n\n{table}\n---\n\n# B\n\n{usual}"))
    assert first == ["A", " | Pre | Post", "Row | 1 | 2", " | 3 | 4"]
    assert second == ["B", "A | B", "1 | 2"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("so $x = `r f(1)`$ here", "so x = here"),
        ("so $`r f(1)` + x$ here", "so + x here"),
        ("so $x + `r f(1)` + y$ here", "so x +  + y here"),
        ("so $`r f(1)`$ here", "so here"),
        ("pay $`r f(1)` and $`r f(2)` now", "pay and now"),
    ],
)
def test_code_in_a_formula_leaves_a_formula(tmp_path: Path, text: str, shown: str) -> None:
    head = "---\ntitle: T\noutput: xaringan::moon_reader\n---\n\n"
    assert show(read(tmp_path, f"{head}# A\n\n{text}\n", "deck.Rmd"))[-1][:2] == ["A", shown]
