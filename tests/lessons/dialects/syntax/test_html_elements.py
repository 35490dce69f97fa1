from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.dialects.base import Context
from lessons.dialects.syntax.html_elements import (
    convert_html,
    rewrite_html,
)
from lessons.markdown.markers import EMPHASIS, HIGHLIGHT, MARK, STRONG
from lessons.markdown.source import Source

AssertLinear = Callable[[Callable[[str], object], str], None]


def rewrite(text: str) -> str:
    """The rewritten text without blank lines, with § for the sign of markers."""
    return show(rewrite_html(Source.of("l.md", text), Context("l.md", Path())))


def show(source: Source) -> str:
    text = source.text.replace(MARK, "§")
    for tags, sign in ((STRONG, "**"), (EMPHASIS, "*"), (HIGHLIGHT, "==")):
        text = text.replace(tags[0], sign).replace(tags[1], sign)
    return "\n".join(line.rstrip() for line in text.split("\n") if line.strip(" >"))


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a <b>x</b> c", "a **x** c"),
        ("a<i>(b)</i>c", "a*(b)*c"),
        ("<b> x</b>", "**x**"),
        ("a<b> x</b>", "a **x**"),
        ("<b></b>a", "a"),
        ("<b>open", "open"),
        ("shut</b>", "shut"),
        ("<b>one\n\ntwo</b>", "one\ntwo"),
        ("H<sub>2</sub>O, 10<sup>-3</sup>", "H₂O, 10⁻³"),
        ("1<sup>st</sup>", "1st"),
        ('<sub alias="x">y</sub>', '<sub alias="x">y</sub>'),
        ("<mark>m</mark>", "==m=="),
        ('<mark name="m"/>a', '<mark name="m"/>a'),
        ('a <break time="1s"/> b', 'a <break time="1s"/> b'),
        ('a <prosody rate="slow">b</prosody>', 'a <prosody rate="slow">b</prosody>'),
        ("<kbd>Ctrl</kbd>+<kbd>C</kbd>", "`Ctrl`+`C`"),
        ("<code>a &lt; b</code>", "`a < b`"),
        ("<code>[a](b)</code>", "[a](b)"),
        ('<a href="http://x.y/">link</a>', "[link](<http://x.y/>)"),
        ('<a name="x"></a>a', "a"),
        ("a<br>b", "a b"),
        ("a<br><br>b", "a\nb"),
        ("   <br>    b", "   b"),
        ("   <br>    |  a\n---|---\n<br> | b", "   | |  a\n---|---\n| | b"),
        ('<abbr title="World">W</abbr> <u>u</u> <small>s</small>', "W u s"),
        ("<q>q</q>", "“q”"),
        ("<unknown-tag x='1'>stays</unknown-tag>", "stays"),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", "漢 (かん)"),
        ("a < b and c > d <https://x.y> <me@x.y>", "a < b and c > d <https://x.y> <me@x.y>"),
        ("<!-- <b>x</b> -->", "<!-- <b>x</b> -->"),
        ("`<b>x</b>` and $a<b>c$", "`<b>x</b>` and $a<b>c$"),
        ("```\n<b>x</b>\n```", "```\n<b>x</b>\n```"),
        ("text\n\n    <b>x</b>", "text\n    <b>x</b>"),
    ],
)
def test_elements_in_a_line(text: str, made: str) -> None:
    assert rewrite(text) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("<div>\n    <p>a</p>\n        <p>b</p>\n</div>", "a\nb"),
        ("<center><h2>A <i>b</i>\n c</h2></center>", "## A *b* c"),
        ("<section>\n\n# A\n\n</section>", "# A"),
        ("- a\n  <p>b</p>\n  c\n\nd", "- a\n  b\n  c\nd"),
        ("> <p>a</p>\n> b", "> a\n> b"),
        ("<ul><li>a<li>b</ul>", "- a\n- b"),
        ("<ol start=3><li>a\n b</li><li>c</li></ol>", "3. a\n   b\n4. c"),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", "- a\n  1. b"),
        ("<ul><li>\n\n**a**\n\n</li></ul>", "- **a**"),
        ("<blockquote><p>a</p></blockquote>", "> a"),
        ("<dl><dt>A</dt><dd>b</dd><dt>C<dd>d</dl>", "- **A**: b\n- **C**: d"),
        ("a\n\n<hr>\n\nb", "a\nb"),
        ("<details><summary>A <b>b</b></summary>\n\nc\n\n</details>",
         "§box details§A **b**\nc\n§end"),
        ("<details>a", "a"),
        ("<details><summary>a</summary>b", "**a**\nb"),
        ('<div class="alert alert-info">a</div>', "§box info\na\n§end"),
        ('<div class="admonition tip"><p class="admonition-title">T</p>a</div>',
         "§box tip§T\na\n§end"),
        ('<aside class="notes">a</aside>', "§notes\na\n§end"),
        ('<aside class="notes">a', "a"),
        ('<pre><code class="language-py">\nx &lt; <b>1</b>\n</code></pre>', "```py\nx < 1\n```"),
        ("<pre>```</pre>", "````\n```\n````"),
        ("<style>a {}</style><script>b()</script>c", "c"),
        ("<script>a", "a"),
        ("<button>a</button><input value=b>c", "c"),
        ("<svg width=16 height=16><path/></svg>a", "a"),
    ],
)  # fmt: skip
def test_blocks(text: str, made: str) -> None:
    assert rewrite(text) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("<table><tr><th>A<th>B</tr><tr><td>1|2</td><td>x\ny</td></tr></table>",
         "| A | B |\n| --- | --- |\n| 1\\|2 | x y |"),
        ("<table><tr><td colspan=2>a</td></tr><tr><td rowspan=2>b<td>c<tr><td>d</table>",
         "| a | |\n| --- | --- |\n| b | c |\n| | d |"),
        ("<table><tr><td>\n\n```\na\n```\n\n</td><td>b</td></tr></table>",
         "§columns\n§column\n```\na\n```\n§column\nb\n§end"),
        ("| a | b |\n|---|---|\n| <ul><li>x</li></ul> | l<br>m |",
         "| a | b |\n|---|---|\n|   x  | l m |"),
        ("<table>stray<tr><td>a</table>", "stray\na"),
    ],
)  # fmt: skip
def test_tables(text: str, made: str) -> None:
    assert rewrite(text) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ('<img src="a b.png" width="50%" alt="A [b]">',
         '![A \\[b\\]](<a b.png>)<narrate-width share="0.5"/>'),
        ('<img src=a.png style="width: 480px">', '![](<a.png>)<narrate-width share="0.5"/>'),
        ('<figure><img src=a.png alt=A><figcaption>The <b>cap</b></figcaption></figure>',
         '![A](<a.png> "The cap")'),
        ('<object data="a.svg"></object>', "![](<a.svg>)"),
        ('<iframe src="https://www.youtube.com/embed/1" title="T"></iframe>',
         "§placeholder Video§T"),
        ('<video controls><source src="v/a.mp4">No video.</video>', "§placeholder Video§a.mp4"),
        ('<audio controls src="a.mp3"></audio>', "§placeholder Sound§a.mp3"),
        ('<iframe src="https://a.org/x"></iframe>', "§placeholder Page§a.org"),
        ('<svg viewBox="0 0 300 200"><title>T</title><text>t</text></svg>',
         "§placeholder Drawing§T"),
    ],
)  # fmt: skip
def test_pictures_and_what_cannot_be_shown(text: str, made: str) -> None:
    assert rewrite(text) == made


def test_what_cannot_be_shown_is_told_with_its_line() -> None:
    context = Context("l.md", Path())
    rewrite_html(Source.of("l.md", 'a\n\n<iframe src="https://a.org/x"></iframe>'), context)
    assert [(f.rule, f.problem.place.line) for f in context.findings] == [("embed-placeholder", 3)]


def test_words_keep_their_origin() -> None:
    text = "<div>\n  <p>a <b>word</b></p>\n</div>"
    made = rewrite_html(Source.of("l.md", text), Context("l.md", Path()))
    assert made.find_offset(made.text.index("word")) == text.index("word")


def test_text_of_a_document_is_not_markdown() -> None:
    text = "<p>a_b_ *c* \\(x_1\\) [d](e)</p><pre>\n*f*</pre>"
    made = show(convert_html(Source.of("l.html", text), Context("l.html", Path())))
    assert made == "a\\_b\\_ \\*c\\* $x_1$ \\[d\\](e)\n```\n*f*\n```"


@pytest.mark.parametrize(
    "text",
    [
        "<" * 50_000, "<div>" * 5000, "<blockquote>" * 2000 + "</blockquote>" * 2000,
        "<ul><li>" * 5000, "<table><tr><td>" * 3000 + "</td></tr></table>" * 3000,
        "<a " + ' x="y"' * 20_000 + ">t</a>", '<a =" ' * 10_000, "<pre>`" * 5000,
        "<table>" + "<tr><td colspan=30 rowspan=30>x" * 3000 + "</table>", "a <!--" * 10_000,
    ],
)  # fmt: skip
def test_hostile_text_takes_linear_time(text: str, assert_linear: AssertLinear) -> None:
    assert_linear(rewrite, text)
    assert_linear(
        lambda part: convert_html(Source.of("l.html", part), Context("l.html", Path())), text
    )


def test_the_end_of_another_heading_ends_a_heading() -> None:
    assert rewrite("<h3>A</h2>\n<div>Text</div>") == "### A\nText"
