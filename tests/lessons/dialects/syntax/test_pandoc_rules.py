"""The rules for the signs of pandoc's Markdown, each on its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from foundation.frozen_mapping import FrozenMapping
from lessons.dialects.base import Context
from lessons.dialects.syntax.citations import rewrite_citations
from lessons.dialects.syntax.cross_references import rewrite_cross_references
from lessons.dialects.syntax.dashes import rewrite_dashes
from lessons.dialects.syntax.definition_lists import rewrite_definition_lists
from lessons.dialects.syntax.fancy_lists import rewrite_fancy_lists, rewrite_line_blocks
from lessons.dialects.syntax.figures import make_plain, rewrite_figures
from lessons.dialects.syntax.knitr import rewrite_knitr
from lessons.dialects.syntax.latex_commands import rewrite_latex, rewrite_raw
from lessons.dialects.syntax.layouts import share_layout
from lessons.dialects.syntax.metadata_blocks import take_metadata
from lessons.dialects.syntax.slide_levels import separate_by_headings
from lessons.dialects.syntax.superscripts import rewrite_superscripts
from lessons.dialects.syntax.text_tables import rewrite_text_tables
from lessons.markdown.markers import MARK
from lessons.markdown.source import Source

Rule = Callable[[Source, Context], Source]


def apply(rule: Rule, text: str, folder: Path = Path(), **front: object) -> list[str]:
    """The lines that are not blank, with `@` for the sign of a marker."""
    context = Context("a.md", folder, FrozenMapping(front))
    source = rule(Source.of("a.md", text), context)
    return [line.rstrip() for line in source.text.replace(MARK, "@").split("\n") if line.strip()]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("x^2^ and H~2~O", "x² and H₂O"),
        ("the 2^nd^ one", "the 2nd one"),
        ("a^b c^d", "a^b c^d"),
        ("~~gone~~ `x^2^` $x^2^$", "~~gone~~ `x^2^` $x^2^$"),
        (r"a^b\ c^", "ab c"),
    ],
)
def test_superscripts(text: str, right: str) -> None:
    assert apply(rewrite_superscripts, text) == [right]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("\\newpage", ""),
        ("A \\textbf{b \\emph{c}} d", "A **b *c*** d"),
        ("\\LaTeX{} and \\TeX is", "LaTeX and TeX is"),
        ("A\\index{a word or two} b", "A b"),
        ("`a`\\index{b}", "`a`"),
        ("\\textcolor{red}{A} \\footnote{B}", "A ^[B]"),
        ("\\unknown{Some words are kept} A", "Some words are kept A"),
        ("\\unknown{x} A", "A"),
        ("A\n\n\\pause\n\nB", "A|@step|B"),
        ("see \\ref{a} \\cite{b,c}", "see \\@ref(a) [@b; @c]"),
        ("$\\alpha$ and `\\x`", "$\\alpha$ and `\\x`"),
        ("\\begin{align}\na\n\\end{align}", "\\begin{align}|a|\\end{align}"),
        ("\\begin{tikzpicture}\n\\draw\n\\end{tikzpicture}", "@placeholder Diagram"),
        ("\\begin{theorem}[T]\nA\n\\end{theorem}", "@box theorem@T|A|@end"),
        ("\\begin{center}\nA\n\\end{center}", "A"),
        ("\\begin{itemize}\n\\item A\n\\end{itemize}", "- A"),
        ("\\begin{verbatim}\n\\a\n\\end{verbatim}", "```|\\a|```"),
    ],
)
def test_latex(text: str, right: str) -> None:
    assert apply(rewrite_latex, text) == [line for line in right.split("|") if line]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("`<b>`{=html}A`</b>`{=html}", "<b>A</b>"),
        ("`\\x`{=latex}A", "A"),
        ("```{=latex}\n\\x\n```\nA", "A"),
        ("```{=html}\n<p>A</p>\n```", "<p>A</p>"),
    ],
)
def test_raw(text: str, right: str) -> None:
    assert apply(rewrite_raw, text) == [right]


def test_simple_table() -> None:
    text = """
 Right Left
------ ------
    12 a|b
     1 c

: Caption
"""
    table = ["| Right | Left |", "| ---: | --- |", "| 12 | a\\|b |", "| 1 | c |", "Caption"]
    assert apply(rewrite_text_tables, text) == table


def test_multiline_table() -> None:
    text = """
-----------------
 A       B
------- ---------
 one     two
         lines

 three   four
-----------------
"""
    right = ["| A | B |", "| --- | --- |", "| one | two lines |", "| three | four |"]
    assert [row.replace(":---:", "---").replace("---:", "---") for row in
            apply(rewrite_text_tables, text)] == right  # fmt: skip


def test_grid_table() -> None:
    text = """
+---+------+
| A | B    |
+===+:====:+
| a | b    |
|   | more |
+---+------+
"""
    right = ["| A | B |", "| --- | :---: |", "| a | b more |"]
    assert apply(rewrite_text_tables, text) == right


@pytest.mark.parametrize("text", ["A\n---", "# A\n\n----\n\nB", "---\n\nA", "a -- b\n\n- c"])
def test_no_table(text: str) -> None:
    assert apply(rewrite_text_tables, text) == [line for line in text.split("\n") if line]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Term\n\n:   Meaning\n    more\n\n    Second", "**Term**|Meaning|more|Second"),
        ("A\n: b\n: c\n\nD\n: e", "**A**|b|c|**D**|e"),
        ("*T*\n: b", "*T*|b"),
        ("A line\nand more\n: no", "A line|and more|: no"),
        ("- item\n: no", "- item|: no"),
    ],
)
def test_definitions(text: str, right: str) -> None:
    assert apply(rewrite_definition_lists, text) == right.split("|")


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("(@a) One\n(@) Two\n\nSee (@a).", "1. One|2. Two|See (1)."),
        ("#. One\n#. Two", "1. One|1. Two"),
        ("a) One\nb) Two", "1. One|2. Two"),
        ("(iv) One", "4. One"),
        ("word\na) no", "word|a) no"),
    ],
)
def test_fancy_lists(text: str, right: str) -> None:
    assert apply(rewrite_fancy_lists, text) == right.split("|")


def test_line_blocks() -> None:
    assert apply(rewrite_line_blocks, "| A\n| B") == ["A\\", "B"]
    assert apply(rewrite_line_blocks, "| A | B |\n| --- | --- |") == ["| A | B |", "| --- | --- |"]


def test_dashes() -> None:
    assert apply(rewrite_dashes, "pages 3--5 and a---b -- c") == ["pages 3–5 and a—b – c"]
    assert apply(rewrite_dashes, "use --help\n\n| --- |") == ["use --help", "| --- |"]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("![A *b*](c.png)", '![A *b*](c.png "A b")'),
        ("![A](c.png){fig-alt='D [e]'}", "![D \\[e\\]](c.png \"A\"){fig-alt='D [e]'}"),
        ('![A](c.png "T")', '![A](c.png "T")'),
        ("In ![A](c.png) text", "In ![A](c.png) text"),
        ("![](c.png)", "![](c.png)"),
    ],
)
def test_figures(text: str, right: str) -> None:
    assert apply(rewrite_figures, text) == [right]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("![A](a){#fig-a}\n\nSee @fig-a, [-@fig-a].", "See Figure 1, 1."),
        ("$$\nx\n$$ {#eq-a}\n\nBy @eq-a", "By Equation 1"),
        ("# One {#sec-a}\n\nIn @sec-a", "In Section “One”"),
        ("```{r}\n#| label: fig-a\n```\n\n@fig-a and @fig-b", "Figure 1 and Figure"),
        ("```{r a, fig.cap='x'}\n```\n\nFigure \\@ref(fig:a)", "Figure 1"),
        ("# A *b* c\n\nSection \\@ref(a-b-c)", "Section “A b c”"),
        ("see \\@ref(nothing).", "see."),
        ("a@fig-b.org", "a@fig-b.org"),
    ],
)
def test_cross_references(text: str, right: str) -> None:
    assert apply(rewrite_cross_references, text)[-1] == right


BIBLIOGRAPHY = """
@article{a, author = {Ada Lovelace}, year = 1843, title = {Notes}}
@book{b, title={On {X}}, author = "M{\\"u}ller, Jan and de Vries, An", date = {2020-01}}
@misc{c, author = {A, B and C, D and E, F}, year = {2001}}
@misc{d, title = {No One}}
"""


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Text [@a].", "Text (Lovelace, 1843)."),
        ("Text [see @a, p. 3; @b].", "Text (see Lovelace, 1843, p. 3; Müller and de Vries, 2020)."),
        ("Ada [-@a] says", "Ada (1843) says"),
        ("@a says", "Lovelace (1843) says"),
        ("@a [p. 3] says", "Lovelace (1843, p. 3) says"),
        ("[@c]", "(A et al., 2001)"),
        ("[@d]", "(“No One”, n.d.)"),
        ("Text [@nobody].", "Text."),
        ("me@a.org and `[@a]`", "me@a.org and `[@a]`"),
        ("[text](@a)", "[text](@a)"),
    ],
)
def test_citations(tmp_path: Path, text: str, right: str) -> None:
    (tmp_path / "works.bib").write_text(BIBLIOGRAPHY)
    assert apply(rewrite_citations, text, tmp_path, bibliography="works.bib") == [right]


def test_citations_in_other_forms(tmp_path: Path) -> None:
    (tmp_path / "w.json").write_text(
        '[{"id": "a", "author": [{"family": "Noether"}], "issued": {"date-parts": [[1918]]}}]'
    )
    assert apply(rewrite_citations, "[@a]", tmp_path, bibliography="w.json") == ["(Noether, 1918)"]
    inline = [{"id": "a", "author": [{"literal": "WHO"}], "issued": 2020}]
    assert apply(rewrite_citations, "[@a]", tmp_path, references=inline) == ["(WHO, 2020)"]
    german = apply(
        rewrite_citations, "[@b]", tmp_path, lang="de",
        references=[{"id": "b", "author": [{"family": "A"}, {"family": "B"}], "issued": 1999}],
    )  # fmt: skip
    assert german == ["(A und B, 1999)"]


def test_without_bibliography_a_citation_is_not_read(tmp_path: Path) -> None:
    context = Context("a.md", tmp_path)
    source = rewrite_citations(Source.of("a.md", "A [@x, p. 2] b [@y]. @user"), context)
    assert source.text == "A b. @user"
    assert [finding.rule for finding in context.findings] == ["citation-unresolved"]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("```{r, echo=TRUE}\nx\n```", "```r|x|```"),
        ("```{python}\n#| echo: true\nx\n```", "```python|x|```"),
        ("```{r, include=FALSE}\nx\n```", ""),
        ("```{r, echo=FALSE}\nx\n```", ""),
        ("```{r, echo=F, fig.cap='A, b'}\nplot(x)\n```", "@placeholder Figure@A, b"),
        ("```{r, echo=F, fig.cap='A', out.width='50%'}\nknitr::include_graphics('a b.png')\n```",
         '![A](a%20b.png "A")<narrate-width share="0.5"/>'),
        ("```{r echo=FALSE}\ninclude_graphics(here::here('x', 'a.png'))\n```", "![](x/a.png)"),
        ('```{block, type="rmdwarning"}\nA *b*\n```', "@box warning|A *b*|@end"),
        ('```{theorem, name="T"}\nA\n```', "@box theorem@T|A|@end"),
        ("```{mermaid}\na-->b\n```", "```mermaid|a-->b|```"),
        ("We have `r nrow(x)` rows, `r 3` columns.", "We have rows, 3 columns."),
        ("It costs $`r x`, or `r y`%.", "It costs, or."),
        ("Write `` `r x` ``.", "Write `` `r x` ``."),
        ("(ref:a) Text\n\n```{r, echo=FALSE, fig.cap='(ref:a)'}\nplot(x)\n```",
         "@placeholder Figure@Text"),
    ],
)  # fmt: skip
def test_knitr(text: str, right: str) -> None:
    assert apply(rewrite_knitr, text) == [line for line in right.split("|") if line]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("# A\n\nx\n\n## B\n\ny", "@slide|# A|x|## B|y"),
        ("# A\n\n## B\n\ny\n\n### C\n\nz", "@slide|# A|@slide|## B|y|### C|z"),
        ("# A\n\nx\n\n---\n\ny", "@slide|# A|x|@slide|y"),
        ("A\n===\n\nx", "@slide|A|===|x"),
        ("# A {visibility=hidden}\n\nx", "@slide hidden|# A {visibility=hidden}|x"),
        ("# {background-image='a.png'}\n\n# B\n\nx",
         "@slide|# {background-image='a.png'}|![](a.png)|@slide|# B|x"),
        ("```\n# A\n---\n```", "```|# A|---|```"),
    ],
)  # fmt: skip
def test_slide_levels(text: str, right: str) -> None:
    assert apply(lambda source, context: separate_by_headings(source), text) == right.split("|")


def test_layouts() -> None:
    assert share_layout({"layout-ncol": "2"}, 3) == [[0, 0], [0]]
    assert share_layout({"layout-nrow": "2"}, 4) == [[0, 0], [0, 0]]
    assert share_layout({"layout": "[70,30]"}, 2) == [[0.7, 0.3]]
    assert share_layout({"layout": "[[40,-20,40],[100]]"}, 3) == [[0.5, 0.5], [1.0]]
    assert share_layout({"layout": "[" * 5000}, 3) == []


def test_metadata() -> None:
    source, values = take_metadata(Source.of("a.md", "% T\n% A; B\n\nText\n\n---\nlang: de\n---\n"))
    assert source.text.split() == ["Text"]
    assert values == {"title": "T", "author": ["A", "B"], "lang": "de"}
    source, values = take_metadata(Source.of("a.md", "A\n\n---\n\nB: c\n\n---\n"))
    assert values == {}
    assert source.text == "A\n\n---\n\nB: c\n\n---\n"


def test_cells_of_a_grid_keep_code_and_headings_apart() -> None:
    text = (
        "+-------------+-----------+\n"
        "|     # One   | # One     |\n"
        "+-------------+-----------+\n"
        "|     `x`     | x         |\n"
        "+-------------+-----------+\n"
    )
    assert apply(rewrite_text_tables, text)[2:] == ["| `# One` | **One** |", "| `` `x` `` | x |"]


def test_captions_of_cells_are_plain_text() -> None:
    text = (
        "(ref:a) The `read` *function*.\n\n"
        '```{r, fig.cap = "(ref:a)", echo = FALSE}\nknitr::include_graphics("a.png")\n```\n'
    )
    assert apply(rewrite_knitr, text) == ['![The read function.](a.png "The read function.")']


def test_texts_of_pictures_are_plain() -> None:
    written = "How `f()` *grows* for <em>p</em> <0.05 and q> 2 in [a](b) _c_ and my_name"
    assert make_plain(written) == "How f() grows for p <0.05 and q> 2 in a c and my_name"
