"""Lines of code that are set off and numbered, in the notations of many tools."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.markdown.code_lines import mark_code, read_line_marks
from lessons.markdown.lesson import parse_lesson
from lessons.model import Code, Lesson, walk_visuals

Parse = Callable[[str], Lesson]
AssertLinear = Callable[[Callable[[str], object], str], None]

TEN = "\n".join(f"line {number}" for number in range(1, 11))


@pytest.mark.parametrize(
    ("info", "marked", "first"),
    [
        ("py", (), 0),
        ("py {1,3-5}", (1, 3, 4, 5), 0),
        ("js{1,3}", (1, 3), 0),
        ("ts {2,3|5}", (2, 3, 5), 0),
        ("ts {all|1-3|4-6|*}", (1, 2, 3, 4, 5, 6), 0),
        ("ts {all|1-3|4-10}", (), 0),
        ("ts {none|2|hide}", (2,), 0),
        ("ts {*}", (), 0),
        ("ts {1-10}", (), 0),
        ("ts {1-7}", (1, 2, 3, 4, 5, 6, 7), 0),
        ("ts {6,7}{lines:true,startLine:5}", (2, 3), 5),
        ("ts {monaco}", (), 0),
        ("ts {2}{maxHeight:'100px'}", (2,), 0),
        ('jsx {2} title="a{3}.js" showLineNumbers', (2,), 1),
        ("jsx showLineNumbers={7}", (), 7),
        ("js [2-3|5]", (2, 3, 5), 1),
        ("js [12: 2]", (2,), 12),
        ("ts [config2.ts]", (), 0),
        ('py hl_lines="2 3-4"', (2, 3, 4), 0),
        ('{.py hl_lines="2 3-4" linenums="5"}', (2, 3, 4), 5),
        ('py linenums="0"', (), 0),
        ('go {hl_lines=[1,"3-4"],linenos=table,linenostart=3}', (1, 3, 4), 3),
        ('js {linenos=table,hl_lines=["8-9"],linenostart=1}', (8, 9), 1),
        ("go {hl_lines=3,lineNos=false}", (3,), 0),
        ("go linenos=table,hl_lines=8 9-10,linenostart=199", (8, 9, 10), 199),
        ('{.python .numberLines startFrom="10"}', (), 10),
        ("{.python .number-lines}", (), 1),
        ("{.python .line-numbers}", (), 1),
        ('{.r code-line-numbers="2,3"}', (2, 3), 1),
        ('{.r code-line-numbers="|2|3"}', (2, 3), 1),
        ('{.r code-line-numbers="true"}', (), 1),
        ('{.r code-line-numbers="false"}', (), 0),
        ("ruby linenos", (), 1),
        ('ruby linenos mark_lines="1 2"', (1, 2), 1),
        ("py {0,3,99}", (3,), 0),
        ("py {1-999999999}", (), 0),
        ("py {9-999999999999999999}", (9, 10), 0),
        ("py {8-}", (8, 9, 10), 0),
        ("py {5-2}", (), 0),
        ('py linenums="999999999"', (), 1),
        ('py startFrom="9999999999999999999999"', (), 1),
    ],
)
def test_every_notation_says_which_lines_and_which_numbers(
    info: str, marked: tuple[int, ...], first: int
) -> None:
    marks = read_line_marks(info)
    code = mark_code(TEN, marks)
    assert (code.marked, code.first) == (marked, first)
    kept = read_line_marks("py" + marks.write())
    assert mark_code(TEN, kept) == code, "the normal form means the same"


@pytest.mark.parametrize(
    ("code", "text", "marked"),
    [
        ("a #<<\nb", "a\nb", (1,)),
        ("// highlight-next-line\na\nb", "a\nb", (1,)),
        ("a\n# highlight-start\nb\nc\n# highlight-end\nd", "a\nb\nc\nd", (2, 3)),
        ("<!-- highlight-next-line -->\na\nb", "a\nb", (1,)),
        ("a\nb // [!code highlight]", "a\nb", (2,)),
        ("a [!code highlight]\nb", "a [!code highlight]\nb", ()),
        ("// highlight-next-line", "", ()),
        ("a << b\nb", "a << b\nb", ()),
    ],
)
def test_comments_in_the_code_set_lines_off(code: str, text: str, marked: tuple[int, ...]) -> None:
    found = mark_code(code, read_line_marks("js"))
    assert (found.text, found.marked) == (text, marked)


def test_lines_that_are_removed_shift_the_numbers() -> None:
    code = mark_code("\n\na\n// highlight-next-line\nb\nc\n\n", read_line_marks("js {3}"))
    assert (code.text, code.marked) == ("a\nb\nc", (1, 2))
    assert mark_code("\n\na\nb", read_line_marks('py linenums="5"')).first == 7


def find_code(text: str, path: str, folder: Path = Path()) -> Code:
    lesson = parse_lesson(text, path=path, root=folder)
    visuals = (v for slide in lesson.slides for v in walk_visuals(slide.visuals))
    return next(visual for visual in visuals if isinstance(visual, Code))


THREE = "a = 1\nb = 2\nc = 3"


@pytest.mark.parametrize(
    ("dialect", "text", "first"),
    [
        ("markdown", f"```py {{2}}\n{THREE}\n```", 0),
        ("slidev", f"```py {{2}}{{lines:true}}\n{THREE}\n```", 1),
        ("slidev", f"```py {{all|2|all}}\n{THREE}\n```", 0),
        ("mkdocs", f'```py hl_lines="2"\n{THREE}\n```', 0),
        ("mkdocs", f'``` {{ .py hl_lines="2" linenums="4" }}\n{THREE}\n```', 4),
        ("hugo", f"```py {{hl_lines=[2],linenos=inline,linenostart=9}}\n{THREE}\n```", 9),
        ("hugo", '{{< highlight py "hl_lines=2,linenos=table" >}}\n' + THREE
         + "\n{{< /highlight >}}", 1),
        ("jekyll", '{% highlight py linenos mark_lines="2" %}\n' + THREE
         + "\n{% endhighlight %}", 1),
        ("pandoc", f'```{{.py .numberLines startFrom="3" hl_lines="2"}}\n{THREE}\n```', 3),
        ("quarto", f'```{{.py code-line-numbers="2"}}\n{THREE}\n```', 1),
        ("quarto", f'```{{python}}\n#| echo: true\n#| code-line-numbers: "2"\n{THREE}\n```', 1),
        ("rmarkdown", "```{r, class.source='numberLines'}\na = 1\nb = 2 #<<\nc = 3\n```", 1),
        ("reveal", f'<pre><code class="language-py" data-line-numbers="2">{THREE}</code></pre>', 1),
        ("reveal", f"```py [2]\n{THREE}\n```", 1),
        ("myst", f"```{{code-block}} py\n:emphasize-lines: 2\n:lineno-start: 6\n{THREE}\n```", 6),
        ("myst", f"```{{code-cell}} py\n:linenos:\n:emphasize-lines: 2\n\n{THREE}\n```", 1),
        ("docusaurus", f"```py {{2}} title=\"x.py\" showLineNumbers\n{THREE}\n```", 1),
        ("docusaurus", "```py\na = 1\n# highlight-next-line\nb = 2\nc = 3\n```", 0),
        ("remark", "highlightLines: true\n\n```py\na = 1\n*b = 2\nc = 3\n```", 0),
        ("xaringan", "```{r}\na = 1\nb = 2 #<<\nc = 3\n```", 0),
    ],
)  # fmt: skip
def test_dialects_keep_what_is_said_of_lines(dialect: str, text: str, first: int) -> None:
    code = find_code(f"---\ndialect: {dialect}\n---\n# A\n\n{text}\n\nHello.\n", "a.md")
    assert code.text.replace(" b", "b") == THREE
    assert (code.marked, code.first) == ((2,), first)


def test_a_star_sets_lines_off_only_where_the_deck_says_so() -> None:
    front = "---\noutput:\n  xaringan::moon_reader:\n    nature:\n      highlightLines: {}\n---\n"
    deck = "# A\n\n```r\na\n* b\nc\n```\n"
    code = find_code(front.format("true") + deck, "a.Rmd")
    assert (code.text, code.marked) == ("a\n  b\nc", (2,))
    code = find_code(front.format("false") + deck, "a.Rmd")
    assert (code.text, code.marked) == ("a\n* b\nc", ())


@pytest.mark.parametrize(
    "text",
    ["{1-9,", "a {1|", "hl_lines=", "[1: ", "a #<<\n", "// highlight-start\n", " ", "[!code "],
)
def test_marks_are_read_in_linear_time(text: str, assert_linear: AssertLinear) -> None:
    def read(code: str) -> None:
        mark_code(code, read_line_marks(code[: len(code) // 2]))
        mark_code("a" + code + "x", read_line_marks("py {1-999999999,1-999999999}"))

    assert_linear(read, text * 8000)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("\t\tx = 0\n\n\t\twhile x:\n\t\t\tx -= 1\n\t", "x = 0\n\nwhile x:\n\tx -= 1"),
        ("    a\n      b\n", "a\n  b"),
        ("\ta\n        b\n", "a\n    b"),
        ("a\n  b\n", "a\n  b"),
        ("  a\nb\n", "  a\nb"),
    ],
)
def test_the_indentation_of_all_lines_is_not_shown(code: str, text: str) -> None:
    assert mark_code(code, read_line_marks("py")).text == text
    assert mark_code(code, read_line_marks("py {1}")).marked == (1,)
