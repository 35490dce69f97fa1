"""Books of mdBook, as scripts and as courses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.dialects.base import Context, Project, Sample
from lessons.dialects.mdbook import MdBook
from lessons.markdown.lesson import Surroundings, parse_lesson, read_lesson
from lessons.markdown.markers import MARK
from lessons.markdown.source import Source
from lessons.model import Code, Paragraph

AssertLinear = Callable[[Callable[[str], object], str], None]

COURSE = "[book]\ntitle = 'C'\n[preprocessor.course]\n"


def rewrite(root: Path, text: str, project: Project | None = None) -> str:
    """The lines that are not blank, with `@` for the sign of a marker and `|` between lines."""
    context = Context("src/a.md", root, project=project)
    made = MdBook().read(Source.of("src/a.md", text), context).source.text
    return "|".join(line for line in made.replace(MARK, "@").split("\n") if line.strip())


@pytest.fixture
def book(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "listings").mkdir()
    (tmp_path / "listings" / "a.rs").write_text(
        "use std::io;\n// ANCHOR: main\nfn main() {\n    go();\n}\n// ANCHOR_END: main\n// end\n"
    )
    (tmp_path / "src" / "part.md").write_text("*Part* {{#include deeper.md}}\n")
    (tmp_path / "src" / "deeper.md").write_text("and deeper.\n")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("```rust\n{{#include ../listings/a.rs}}\n```",
         "```rust|use std::io;|fn main() {|    go();|}|// end|```"),
        ("```rust,ignore\n{{#rustdoc_include ../listings/a.rs:main}}\n```",
         "```rust|fn main() {|    go();|}|```"),
        ("```rust\n{{#include ../listings/a.rs:1}}\n```", "```rust|use std::io;|```"),
        ("```rust\n{{#include ../listings/a.rs:3:4}}\n```",
         "```rust|fn main() {|    go();|```"),
        ("```rust\n{{#include ../listings/a.rs::1}}\n```", "```rust|use std::io;|```"),
        ("```rust\n{{#include ../listings/a.rs:5:}}\n```", "```rust|}|// end|```"),
        ("{{#include part.md}}", "*Part* and deeper."),
        ("{{#playground ../listings/a.rs editable}}",
         "```rust|use std::io;|fn main() {|    go();|}|// end|```"),
        ("{{#title My title}}\n# A", "# A"),
        ("\\{{#include part.md}}", "{{#include part.md}}"),
        ("{{%segment outline}}\n\nA", "A"),
        ("A\n\n{{#include ../none.md}}", "A"),
        ("```rust\n{{#include ../none.rs}}\n```\nA", "A"),
        ("```rust,editable\n# use x;\n#\nfn a() {}\n    # let b;\n#[test]\n## c\n```",
         "```rust|fn a() {}|#[test]|# c|```"),
        ("```console\n# ls\n```", "```console|# ls|```"),
        ("```should_panic\na\n```", "```rust|a|```"),
        ("```admonish tip title=\"A *good* one\" collapsible=true\nB\n```",
         "@box tip@A *good* one|B|@end"),
        ("```admonish\nB\n```", "@box note|B|@end"),
        ("````admonish warning\n```sh\nls\n```\n````", "@box warning|```sh|ls|```|@end"),
        ("- a\n  ```admonish info \"T\"\n  b\n  ```", "- a|  @box info@T|  b|  @end"),
        ("```mermaid\na-->b\n```", "```mermaid|a-->b|```"),
        ('<Listing number="1-1" file-name="src/main.rs" caption="The `a`">\n\n```rust\na\n```\n\n'
         "</Listing>\nB",
         "@unread|Filename: src/main.rs|@end|```rust|a|```|Listing 1-1: The `a`|B"),
        ("# Words { #words }", "# Words"),
    ],
)  # fmt: skip
def test_signs_of_mdbook_become_markdown(book: Path, text: str, right: str) -> None:
    assert rewrite(book, text) == right


def test_an_include_that_leads_out_or_is_missing_is_a_finding(book: Path) -> None:
    (book.parent / "other.md").write_text("secret")
    context = Context("src/a.md", book)
    text = "# Inc\n\nText.\n\n{{#include ../../other.md}}\n\n{{%segment outline}}\n"
    made = MdBook().read(Source.of("src/a.md", text), context)
    assert made.source.text.strip() == "# Inc\n\nText."
    assert [f.rule for f in context.findings] == ["include-missing"]
    assert context.findings[0].place.line == 5


def test_a_file_that_includes_itself_ends(book: Path) -> None:
    (book / "src" / "a.md").write_text("x {{#include a.md}}")
    assert rewrite(book, "{{#include a.md}}").startswith("x x x")


def test_dollars_are_formulas_only_where_the_book_says_so(book: Path) -> None:
    assert MdBook().find_project(book) is None
    (book / "book.toml").write_text("[book]\ntitle = 'B'\n")
    plain = MdBook().find_project(book)
    assert rewrite(book, "$HOME and $PATH", plain) == "\\$HOME and \\$PATH"
    (book / "book.toml").write_text("[output.html]\nmathjax-support = true\n")
    maths = MdBook().find_project(book)
    assert rewrite(book, "$5 \\\\( a^2 \\\\) b", maths) == "\\$5 $a^2$ b"
    (book / "book.toml").write_text("[preprocessor.katex]\n")
    assert rewrite(book, "$a$", MdBook().find_project(book)) == "$a$"


def test_the_summary_gives_the_order(book: Path) -> None:
    (book / "book.toml").write_text('[book]\ntitle = "Béton"\nlanguage = "fr"\n')
    (book / "src" / "SUMMARY.md").write_text(
        "# Summary\n\n[Intro](deeper.md)\n\n# Part one\n\n- [`if` [x]](./part.md)\n"
        "  - [Draft]()\n  - [Gone](gone.md)\n  - [Out](../../x.md)\n- [Twice](part.md)\n"
    )
    project = MdBook().find_project(book)
    assert project is not None
    assert (project.title, project.language) == ("Béton", "fr")
    assert project.lessons == ("src/deeper.md", "src/part.md")


@pytest.mark.parametrize("text", ["[book", "book = 1", "", "[book]\nsrc = 3\n"])
def test_a_damaged_configuration_is_an_empty_one(book: Path, text: str) -> None:
    (book / "book.toml").write_text(text)
    project = MdBook().find_project(book)
    assert project is not None
    assert (project.title, project.lessons) == ("", ())


def test_in_a_course_details_are_spoken(book: Path) -> None:
    (book / "book.toml").write_text(COURSE)
    text = (
        "# Threads\n\nShown, see [`a`].\n\n<details>\n\n- Said.\n\n## More\n\nTold [`b`].\n\n"
        "[`a`]: http://x.y\n\n</details>\n\n## Next\n\n<details>\nLast.\n</details>\n\n"
        "[`b`]: c.md\n"
    )
    lesson, _ = read_lesson(
        text, "src/a.md", Surroundings(book, project=MdBook().find_project(book))
    )
    assert lesson.shape == "deck"
    assert [s.title for s in lesson.slides] == ["Threads", "Next"]
    assert lesson.slides[0].written == "Said. More Told b."
    (shown,) = lesson.slides[0].visuals
    assert isinstance(shown, Paragraph)
    assert [run.text for run in shown.content] == ["Shown, see ", "a", "."]
    assert lesson.slides[1].written == "Last."


def test_details_that_are_not_closed_lose_nothing(book: Path) -> None:
    (book / "book.toml").write_text(COURSE)
    text = "# A\n\nSee [x][0].\n\n<details>\n\nSaid.\n\n</detail>\n\n[0]: http://a.b\n"
    lesson, _ = read_lesson(
        text, "src/a.md", Surroundings(book, project=MdBook().find_project(book))
    )
    assert lesson.slides[0].written == "Said."
    (shown,) = lesson.slides[0].visuals
    assert isinstance(shown, Paragraph)
    assert [run.text for run in shown.content] == ["See ", "x", "."]


def test_a_footnote_in_what_is_spoken_is_not_read(book: Path) -> None:
    (book / "book.toml").write_text(COURSE)
    text = "# A\n\nShown.\n\n<details>\n\nSaid[^1].\n\n[^1]: A note.\n\n</details>\n"
    lesson, _ = read_lesson(
        text, "src/a.md", Surroundings(book, project=MdBook().find_project(book))
    )
    assert lesson.slides[0].written == "Said."


def test_in_a_book_details_are_read_in_order(book: Path) -> None:
    (book / "book.toml").write_text("[book]\ntitle = 'B'\n")
    text = (
        "# A\n\nFirst.\n\n<details>\n<summary>More</summary>\n\nSecond.\n\n</details>\n\nThird.\n"
    )
    lesson, _ = read_lesson(
        text, "src/a.md", Surroundings(book, project=MdBook().find_project(book))
    )
    assert lesson.shape == "script"
    assert lesson.slides[0].written == "First. More Second. Third."


def test_a_page_without_a_book_is_known_by_its_signs(tmp_path: Path) -> None:
    score = MdBook().score
    assert score(Sample("a.md", "{{#include b.md}}")) == 70
    assert score(Sample("a.md", "A\n\n{{%segment outline}}\n")) == 70
    assert score(Sample("a.md", "```admonish\nB\n```")) == 70
    assert score(Sample("a.md", "{{% notice %}}\nB\n{{% /notice %}}")) == 0
    assert score(Sample("a.md", "# A")) == 0
    lesson = parse_lesson("# A\n\n```rust,ignore\n# x\ny\n```\n\n{{#title T}}\n\nB.", path="a.md",
                          root=tmp_path)  # fmt: skip
    assert lesson.dialect == "mdbook"
    assert lesson.slides[0].visuals == (Code("y", "rust"),)


@pytest.mark.parametrize(
    "text",
    ["{{#" * 30_000, "{{#include " * 10_000, "<details>\n\n" * 5_000, "```admonish\n" * 5_000,
     "<Listing a=\"" * 8_000, "[" * 50_000, "`" * 50_000, "{{%" * 30_000, "# a {#" * 20_000],
)  # fmt: skip
def test_hostile_pages_take_linear_time(book: Path, text: str, assert_linear: AssertLinear) -> None:
    (book / "book.toml").write_text(COURSE)
    project = MdBook().find_project(book)
    assert_linear(lambda part: rewrite(book, part, project), text)
