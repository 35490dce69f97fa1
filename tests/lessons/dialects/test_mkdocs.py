"""Sites of MkDocs with Material."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.dialects.base import Context, Project, Sample
from lessons.dialects.mkdocs.dialect import MkDocs
from lessons.markdown.markers import HIGHLIGHT, MARK
from lessons.markdown.source import Source

AssertLinear = Callable[[Callable[[str], object], str], None]


def rewrite(root: Path, text: str, project: Project | None = None) -> str:
    """The lines that are not blank, with `@` for the sign of a marker and `|` between lines."""
    context = Context("docs/a.md", root, project=project)
    made = MkDocs().read(Source.of("docs/a.md", text), context).source.text
    made = made.replace(MARK, "@").replace(HIGHLIGHT[0], "«").replace(HIGHLIGHT[1], "»")
    return "|".join(line.rstrip() for line in made.split("\n") if line.strip())


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "code.py").write_text(
        "import os\n# --8<-- [start:main]\nrun()\n# --8<-- [end:main]\n"
    )
    (tmp_path / "docs" / "part.md").write_text("*Part*\n")
    return tmp_path


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("!!! note\n\n    A\n\n    B\n\nC", "@box note|A|B|@end|C"),
        ('!!! tip "A *title*"\n    A\nC', "@box tip@A *title*|A|@end|C"),
        ('!!! note ""\n    A', "@box callout|A|@end"),
        ('!!! danger highlight blink "X"\n    A', "@box danger@X|A|@end"),
        ('!!! info inline end "X"\n    A', "@box info@X|A|@end"),
        ('??? question "X"\n    A', "@box question@X|A|@end"),
        ("???+ tip\n    A", "@box tip|A|@end"),
        ('???- question "Answer"\n    A', "@box question@Answer|A|@end"),
        ("!!! pied-piper\n    A", "@box plain@Pied piper|A|@end"),
        ("!!! quote\n    A", "@box quote@Quote|A|@end"),
        ("!!! a\n!!! b\n    A", "@box plain@A|@end|@box plain@B|A|@end"),
        ("!!! note\n    A\n\n    !!! tip\n        B\n\n    C",
         "@box note|A|@box tip|B|@end|C|@end"),
        ("!!! note\n    ```py\n    a = 1\n\n        b\n    ```",
         "@box note|```py|a = 1|    b|```|@end"),
        ("- a\n\n    !!! note\n\n        B\n\n- c", "- a|    @box note|    B|@end|- c"),
        ("-   !!! note\n\n        B", "-   @box note|    B|@end"),
        (":   !!! note\n\n        B", "@box note|B|@end"),
        ("Term\n\n:   !!! note\n\n        B", "**Term**|@box note|B|@end"),
        ('=== "C"\n\n    ``` c\n    int\n    ```\n\n=== "C++"\n\n    B',
         "@box plain@C|``` c|int|```|@end|@box plain@C++|B|@end"),
        ("!!! not a box", "@box plain@Not|@end"),
        ("```\n!!! note\n\n    ```\n    a\n    ```\n\n    b\n```\n\nA[^1]: c\n\n[^1]: d",
         "```|!!! note|    ```|    a|    ```|    b|```|A: c|@unread|¹ d|@end"),
        ("Wow!!! Really", "Wow!!! Really"),
        ("/// note | Title\n    open: true\n\nA\n///\nB", "@box note@Title|A|@end|B"),
        ("//// tip\n/// details | X\nA\n///\n////", "@box tip|@box details@X|A|@end|@end"),
        ("/// html | div.x\nA\n///", "A"),
        ("/// tab | X\nA\n///", "@box plain@X|A|@end"),
    ],
)  # fmt: skip
def test_boxes_and_tabs(tmp_path: Path, text: str, right: str) -> None:
    assert rewrite(tmp_path, text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Press ++ctrl+alt+del++.", "Press Ctrl+Alt+Del."),
        ('++"My Key"+arrow-up++', "My Key+Up"),
        ("C++ and C++", "C++ and C++"),
        ("A ==mark== is", "A «mark» is"),
        ("a == b == c", "a == b == c"),
        ("^^in^^ and ~~out~~", "in and ~~out~~"),
        ("{++add++}{--gone--}{~~old~>new~~}{==hit==}{>>why<<}", "addnew«hit»"),
        ("[Go :octicons-arrow-right-24:](x.md){ .md-button }", "[Go](x.md)"),
        (":material-check:{ .big } Yes", "Yes"),
        (":fontawesome-brands-python: Yes", "Yes"),
        ("# A { #id data-toc-label='B' }", "# A"),
        ("# A {: .x }\n\nText\n{: .y }", "# A|Text"),
        ("# A { data-search-exclude }", "# A"),
        ("*[HTML]: Hyper Text\nHTML", "HTML"),
        ("[TOC]\n\nA", "A"),
        ("Text (1) goes on (2).\n{ .annotate }\n\n1. One\n2. Two",
         "Text goes on.|1. One|2. Two"),
        ("```py\na # (1)!\n```", "```py|a # (1)|```"),
        ('``` { .yaml .annotate title="a.yml" hl_lines="1 2" }\na\n```',
         "@unread|`a.yml`|@end|```yaml narrate-lines=1,2|a|```"),
        ('```py title="My file" linenums="1"\na\n```',
         "@unread|My file|@end|```py narrate-first=1|a|```"),
        ("`#!python range(3)`", "`range(3)`"),
        ("[`x`][pkg.x] and [y][z]\n\n[z]: http://a.b", "`x` and [y][z]|[z]: http://a.b"),
        ("a[i][j]", "a[i][j]"),
        ("```mermaid\na-->b\n```", "```mermaid|a-->b|```"),
        ("`++ctrl++` `==a==`\n\n```\n!!! note\n    ++ctrl++\n```",
         "`++ctrl++` `==a==`|```|!!! note|    ++ctrl++|```"),
    ],
)  # fmt: skip
def test_inline_signs_and_code(tmp_path: Path, text: str, right: str) -> None:
    assert rewrite(tmp_path, text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ('--8<-- "part.md"', "*Part*"),
        ("    --8<-- 'part.md'", "    *Part*"),
        ('```py\n--8<-- "code.py:main"\n```', "```py|run()|```"),
        ('```py\n--8<-- "code.py"\n```', "```py|import os|run()|```"),
        ('```py\n--8<-- "code.py:1:1"\n```', "```py|import os|```"),
        ("--8<--\npart.md\n; no.md\n--8<--", "*Part*"),
        (';--8<-- "part.md"', '--8<-- "part.md"'),
        ('A\n\n--8<-- "../../x.md"', "A"),
    ],
)
def test_snippets(site: Path, text: str, right: str) -> None:
    (site.parent / "x.md").write_text("secret")
    assert rewrite(site, text) == right


def test_a_missing_snippet_is_one_finding(site: Path) -> None:
    context = Context("docs/a.md", site)
    MkDocs().read(Source.of("docs/a.md", 'A\n\n--8<-- "none.md"\n'), context)
    assert [(f.rule, f.place.line) for f in context.findings] == [("include-missing", 3)]


CONFIGURATION = """\
site_name: Kurs
theme: {name: material, language: de}
nav:
  - Start: index.md
  - Part:
    - sessions/b.md
    - Link: https://x.y/
    - sessions/a.md
    - gone.md
    - ../outside.md
markdown_extensions:
  - pymdownx.snippets: {base_path: [snippets, !relative $docs_dir]}
  - pymdownx.superfences:
      custom_fences:
        - {name: mermaid, class: mermaid, format: !!python/name:os.system }
  - pymdownx.emoji: {emoji_index: !!python/object/apply:os.system [touch hacked]}
plugins: [search, macros]
extra: {term: Autumn, deep: {er: "*2*"}}
"""


def test_the_configuration_is_read_and_nothing_of_it_runs(site: Path) -> None:
    (site / "mkdocs.yml").write_text(CONFIGURATION)
    for name in ("index", "sessions/a", "sessions/b"):
        path = site / "docs" / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text("# A\n")
    (site / "snippets").mkdir()
    (site / "snippets" / "s.md").write_text("Snip {{ term }}.")
    project = MkDocs().find_project(site)
    assert project is not None
    assert (project.title, project.language) == ("Kurs", "de")
    assert project.lessons == ("docs/index.md", "docs/sessions/b.md", "docs/sessions/a.md")
    assert not (site / "hacked").exists()
    assert rewrite(site, '--8<-- "s.md"', project) == "Snip Autumn."
    assert (
        rewrite(site, "{{ deep.er }} {{ page.x }} {% if a %}b{% endif %}", project) == "\\*2\\*  b"
    )
    assert rewrite(site, "$HOME and $PATH", project) == "\\$HOME and \\$PATH"


def test_without_a_nav_the_pages_come_by_name(site: Path) -> None:
    (site / "mkdocs.yml").write_text("site_name: S\nmarkdown_extensions: [pymdownx.arithmatex]\n")
    (site / "docs" / "index.md").write_text("A")
    (site / "docs" / ".hidden.md").write_text("A")
    project = MkDocs().find_project(site)
    assert project is not None
    assert project.lessons == ("docs/index.md", "docs/part.md")
    assert rewrite(site, "$a$", project) == "$a$"


@pytest.mark.parametrize("text", ["[", "nav: 3", "", "a: &a [*a, *a]", "- a", "docs_dir: [1]"])
def test_a_damaged_configuration_is_an_empty_one(site: Path, text: str) -> None:
    (site / "mkdocs.yml").write_text(text)
    project = MkDocs().find_project(site)
    assert project is not None
    assert project.title == ""


def test_pages_are_known_by_their_signs() -> None:
    score = MkDocs().score
    assert score(Sample("a.md", "!!! note\n\n    A")) == 70
    assert score(Sample("a.md", '=== "A"\n\n    B')) == 60
    assert score(Sample("a.md", ":material-check: A")) == 70
    assert score(Sample("a.md", "Hey!!! you\n\n    code")) == 0


@pytest.mark.parametrize(
    "text",
    ["!!! a\n" * 5_000, "".join(f"{' ' * (n % 80)}!!! a\n" for n in range(5_000)),
     "++a" * 20_000, "==a" * 20_000, "{++" * 20_000, "{>>" * 20_000, ":material-" * 10_000,
     "{{ " * 20_000, "[a][" * 20_000, '!!! "' * 10_000, "!!! " + "a " * 50_000,
     "/// a\n" * 5_000, "(1) " * 20_000 + "\n{ .annotate }", "{ " * 30_000, "$" * 20_000,
     '--8<-- "' * 10_000, "^^a" * 20_000, ": a\n" * 10_000],
)  # fmt: skip
def test_hostile_pages_take_linear_time(site: Path, text: str, assert_linear: AssertLinear) -> None:
    (site / "mkdocs.yml").write_text("plugins: [macros]\n")
    project = MkDocs().find_project(site)
    assert_linear(lambda part: rewrite(site, part, project), text)
