from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lesson_text import read, read_all, show

from lessons.dialects.reveal.separator_patterns import translate
from lessons.model import Paragraph

AssertLinear = Callable[[Callable[[str], object], str], None]

HEAD = "---\nrevealOptions: {}\n---\n"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("# A\n\n---\n\n# B\n\n----\n\n# C\n", "ABC"),
        ("# A\ntext\n---\n# B\n", "AB"),  # also directly under text
        ("```\n---\n# B\n", ["", "B"]),  # also in code, which ends with the slide
        ("# A\n\n --- \n\n***\n\n-----\n\ntext\n", "A"),  # only exactly ---
        ("# A\n\n--\n\n# B\n\n---v\n\n# C\n", "ABC"),  # signs of vertical slides in other decks
        ("# A\r\n\r\n---\r\n\r\n# B\r\n", "AB"),
        ("# A\n\n---\n\n---\n\n# B\n\n---\n", "AB"),  # empty slides are left out
        ("#Old\n\n---\n\n#hashtags and `#x`\n", ["Old", "hashtags and #x"]),
    ],
)
def test_slides_are_cut_where_reveal_cuts_them(tmp_path: Path, text: str, titles: str) -> None:
    lesson = read(tmp_path, HEAD + text)
    assert lesson.dialect == "reveal"
    assert [slide.title for slide in lesson.slides] == list(titles)


def test_the_case_of_notes(tmp_path: Path) -> None:
    text = (
        "# One\n\n- a point\n\nNote: say this.\n\n---\n\n# Two\n\ntext\n\n"
        'note: lower-case note\n\n----\n\n# Three\n\n<aside class="notes">Aside notes.</aside>\n'
    )
    assert show(read(tmp_path, text)) == [
        ["One", "- a point", "> say this."],
        ["Two", "text", "> lower-case note"],
        ["Three", "> Aside notes."],
    ]


def test_two_notes_signs_are_no_notes(tmp_path: Path) -> None:
    text = f"{HEAD}# A\n\nNote: one\n\nNotes: two\n\n---\n\n# B\n\nNotes:\n- said\n"
    assert show(read(tmp_path, text)) == [["A", "Note: one", "Notes: two"], ["B", "> said"]]


def test_comments_set_attributes_and_are_no_notes(tmp_path: Path) -> None:
    text = (
        f'{HEAD}<!-- .slide: data-background-image="a.png" -->\n# A\n\n<!-- not said -->\n\n---\n\n'
        '<!-- .slide: data-visibility="hidden" -->\n# X\n\n---\n\n'
        '<!-- .slide: data-notes="From the attribute." -->\n# B\n'
    )
    assert show(read(tmp_path, text)) == [
        ["A", "picture a.png []"],
        ["B", "> From the attribute."],
    ]


def test_fragments_are_steps(tmp_path: Path) -> None:
    sign = '<!-- .element: class="fragment" -->'
    text = (
        f"{HEAD}# A\n\n- a {sign}\n- b {sign}\n\nlast {sign}\n\n"
        "Note: One. [click] Two. [click] Three.\n"
    )
    assert show(read(tmp_path, text)) == [
        ["A", "- a", "- b @1", "last @2", "> One. Two. @1 Three. @2"]
    ]


def test_front_matter_and_pages_name_separators(tmp_path: Path) -> None:
    front = '---\nseparator: <!--s-->\nverticalSeparator: <!--v-->\nnotesSeparator: "Say:"\n---\n'
    assert show(read(tmp_path, front + "# A\n<!--s-->\n# B\n\nSay: this\n<!--v-->\n# C\n")) == [
        ["A"], ["B", "> this"], ["C"],
    ]  # fmt: skip
    page = (
        '<div class="reveal"><div class="slides"><section data-markdown="md/x.md" '
        'data-separator="^-\\n-\\n" data-separator-vertical="^-\\n" data-separator-notes="^Note:">'
        "</section></div></div>"
    )
    text = "# A\n-\n-\n# B\n-\n# C\n\n- item\n\nNote: said\n"
    lesson = read(tmp_path, text, "md/x.md", index_html=page, md__x_md=text)
    assert show(lesson) == [["A"], ["B"], ["C", "- item", "> said"]]


def test_a_separator_that_is_not_understood_is_a_finding(tmp_path: Path) -> None:
    lesson, findings = read_all(
        tmp_path, "---\nseparator: '(a+)+$'\n---\n# A\n\n---\n\n# B\n\nNote: x\n"
    )
    assert [slide.title for slide in lesson.slides] == ["A", "B"]
    assert [finding.rule for finding in findings] == ["setting-unusable"]


PAGE = """<!doctype html><html><body><div class="reveal"><div class="slides">
<section><h1>A</h1><p>text</p><aside class="notes">Said of A.</aside></section>
<section><h2>Stack</h2>
  <section><h2>B</h2><ul><li class="fragment">a</li><li class="fragment">b</li></ul>
    <aside class="notes">One.</aside><aside class="notes">Two.</aside></section>
  <section data-visibility="hidden"><h2>X</h2></section>
  <section data-visibility="uncounted"><h2>C</h2>
    <pre><code class="language-python" data-trim>
def f():
    return 1 &lt; 2
</code></pre>
    <img src="a.png" alt="Alt"></section>
</section>
<!-- <section><h2>Y</h2></section> -->
<section data-markdown data-separator="^---$"><textarea data-template>
  ## D

  - 1 &lt; 2

  Note: Said of D.
  ---
  ## E
</textarea></section>
<section data-markdown><script type="text/template">
    ## F

    *text*
</script></section>
<section data-markdown="more.md" data-separator="^\\n\\n\\n"></section>
<section data-markdown="missing.md"></section>
</div></div></body></html>
"""


def test_what_stands_beside_slides_is_on_the_first_of_them(tmp_path: Path) -> None:
    page = (
        '<div class="reveal"><div class="slides">\n'
        "<section><h2>Stack</h2><section hidden data-visibility='hidden'>x</section>\n"
        "<section><p>one</p></section><section><h2>B</h2>two</section><p>below</p></section>\n"
        "<section><p>top</p><section data-markdown>## C\n\n---\n\n## D</section></section>\n"
        "</div></div>"
    )
    lesson = read(tmp_path, page, "index.html")
    assert show(lesson) == [
        ["Stack", "one", "below", "> Stack one below"],
        ["B", "two", "> B two"],
        ["C", "top", "> C top"],
        ["D", "> D"],
    ]


def put_on_page(inside: str) -> str:
    return f'<div class="reveal"><div class="slides"><section>{inside}</section></div></div>'


@pytest.mark.parametrize(
    ("inside", "shown"),
    [
        ("<h2>A</h2><p>- b\n+ c\n1) d *e* # f</p>", ["A", "- b + c 1) d *e* # f"]),
        ("<h2>A</h2><p>a `<b>b</b>` c</p>", ["A", "a `b` c"]),
        ("<h2>A</h2><p>Title\n---\n===</p>", ["A", "Title --- ==="]),
        ("<h2>A</h2><p>\n\\[\\begin{aligned}\n a_1 &amp;= b \\\\\n c &lt; d\n\\end{aligned}\\]</p>",
         ["A", "$\\begin{aligned} a_1 &= b \\\\ c < d \\end{aligned}$"]),
        ("<h2>A</h2><p>so \\(a_b\\) and $c_d$, but $5 and $6</p>",
         ["A", "so a_b and c_d, but $5 and $6"]),
        ("<h2>A</h2><pre><code>x = \\(y_z\\) $a_b$</code></pre>",
         ["A", "code: x = \\(y_z\\) $a_b$"]),
        ("<h2>A</h2><pre><code data-trim><script type='text/template'>\na < b && '<i>'\n</script>"
         "</code></pre>", ["A", "code: a < b && '<i>'"]),
        ("<div data-markdown>\n## A\n\n- *b* &amp; c\n</div>", ["A", "- b & c"]),
    ],
)  # fmt: skip
def test_signs_in_the_text_of_a_page(tmp_path: Path, inside: str, shown: list[str]) -> None:
    page = put_on_page(inside + "<aside class='notes'>x</aside>")
    assert show(read(tmp_path, page, "index.html")) == [[*shown, "> x"]]


def test_notes_of_a_page_may_be_markdown(tmp_path: Path) -> None:
    page = put_on_page("<h2>A</h2><aside class='notes' data-markdown>Say *this*.\n\n- b</aside>")
    assert show(read(tmp_path, page, "index.html")) == [["A", "> Say this. b"]]


def test_a_picture_behind_a_slide_of_a_page_is_shown(tmp_path: Path) -> None:
    page = (
        '<div class="reveal"><div class="slides"><section data-background-image="a.png">\n'
        "\t<h2>A</h2>\n\t</section></div></div>"
    )
    assert show(read(tmp_path, page, "index.html")) == [["A", "picture a.png []", "> A"]]


def test_pages(tmp_path: Path) -> None:
    lesson, findings = read_all(
        tmp_path, PAGE, "index.html", more_md="## G\n\n\n\n## H\n\nNote: Said of H.\n"
    )
    assert lesson.dialect == "reveal"
    assert show(lesson) == [
        ["A", "text", "> Said of A."],
        ["B", "- a", "- b @1", "Stack", "> One. Two. @1"],
        ["C", "python: def f():\n    return 1 < 2", "picture a.png [Alt]"],
        ["D", "- 1 < 2", "> Said of D."],
        ["E"],
        ["F", "text"],
        ["G"],
        ["H", "> Said of H."],
    ]
    assert [finding.rule for finding in findings] == ["include-missing"]


@pytest.mark.parametrize(
    ("written", "matches", "does_not"),
    [
        (r"^\r?\n---\r?\n$", "\n---\n", "---"),
        (r"^---$", "---", "----"),
        (r"\n-{3}\s*\n", "\n---\n", "\n--\n"),
        (r"<!--\s*slide\s*-->", "<!-- slide -->", "<!-- -->"),
        (r"^\*\*\*$|^===", "===", "=="),
        (r"^[-*]{3}", "*-*", "a"),
        (r"^(\r\n?|\n)---(\r\n?|\n)$", "a\n\n---\n\nb", "a\n---\nb"),
        (r"^(?:--|==)$", "==", "="),
    ],
)
def test_separators_of_javascript(written: str, matches: str, does_not: str) -> None:
    made = translate(written, carriage_returns=False)
    assert made is not None
    assert re.search(made, matches, re.MULTILINE) and not re.search(made, does_not, re.MULTILINE)


@pytest.mark.parametrize(
    "written", ["(a+)+", "a" * 200, r"(?=x)", "[a", r"a*b*c*d*e*", "\\", "(a|a)" * 5, "a?" * 9]
)
def test_separators_that_could_take_for_ever_are_refused(written: str) -> None:
    assert translate(written, carriage_returns=False) is None


@pytest.mark.parametrize(
    "text",
    ["# A\n\nNote: x\n\n---\n\n" * 1000, "<section>" * 10_000, "<!-- a\n" * 10_000,
     '- a <!-- .element: class="fragment" -->\n' * 2000, "<div data-markdown>x" * 3000,
     "<code><script type='text/template'>" * 2000, "\\[ x " * 3000, "<p>$x &amp; " * 3000],
)  # fmt: skip
def test_hostile_decks_take_linear_time(
    tmp_path: Path, text: str, assert_linear: AssertLinear
) -> None:
    def read_page(part: str) -> object:
        page = f'<div class="slides"><section>A</section><section>{part}</section></div>'
        return read(tmp_path, page, "x.html")

    assert_linear(lambda part: read(tmp_path, HEAD + "# A\n\n" + part), text)
    assert_linear(read_page, text)


def test_separators_of_a_page_may_have_choices(tmp_path: Path) -> None:
    page = (
        '<div class="reveal"><div class="slides"><section data-markdown="./deck.md"'
        r' data-separator="^(\r\n?|\n)---(\r\n?|\n)$"'
        r' data-separator-vertical="^(\r\n?|\n)----(\r\n?|\n)$"></section></div></div>'
    )
    text = "# A\n\n----\n\n# B\n\n---\n\n# C\n"
    lesson, findings = read_all(tmp_path, text, index_html=page)
    assert [slide.title for slide in lesson.slides] == ["A", "B", "C"]
    assert not [finding for finding in findings if finding.rule == "setting-unusable"]


def test_a_vertical_separator_that_is_not_understood_leaves_the_usual_ones(tmp_path: Path) -> None:
    head = '---\nrevealOptions: {}\nverticalSeparator: "(?=x)"\n---\n'
    lesson, findings = read_all(tmp_path, head + "# A\n\n----\n\n# B\n")
    assert [slide.title for slide in lesson.slides] == ["A", "B"]
    assert [finding.rule for finding in findings if "separator" in finding.problem.message]


def test_a_formula_may_have_blanks_beside_its_dollars(tmp_path: Path) -> None:
    text = "# A\n\nIf $ a_1 \\to b_1 $ holds for $ 5 or $ 6.\n\nNote: Said.\n\n---\n\n# B\n"
    slide = read(tmp_path, text).slides[0]
    (paragraph,) = slide.visuals
    assert isinstance(paragraph, Paragraph)
    formulas = [run.text for run in paragraph.content if run.style == "formula"]
    assert formulas == [r"a_1 \to b_1"]
