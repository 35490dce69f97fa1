from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from narrate import templating
from narrate.templating import (
    find_templates_folder,
    html_environment,
    typst_environment,
    typst_literal,
)

NASTY = 'a"b\\c\n#panic() $x$ [y] {z} \u2028 \x00 // /* */ é 界 👩🏽‍🏫'


def _unquote(literal: str) -> str:
    """Read a Typst string literal as Typst does."""
    assert literal[0] == literal[-1] == '"'
    simple = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}

    def replace(match: re.Match[str]) -> str:
        return chr(int(match[1], 16)) if match[1] else simple[match[2]]

    body = literal[1:-1]
    assert not re.search(r'(?<!\\)(?:\\\\)*"', body)
    return re.sub(r'\\(?:u\{([0-9a-f]+)\}|([nrt"\\]))', replace, body)


def test_the_find_templates_folder_exists() -> None:
    assert find_templates_folder().is_dir()


@given(st.text())
def test_a_typst_literal_represents_exactly_its_text(text: str) -> None:
    assert _unquote(typst_literal(text)) == text


def test_a_lone_surrogate_is_replaced_in_a_typst_literal() -> None:
    assert typst_literal("a\ud800b") == '"a\ufffdb"'


def test_typst_reads_a_literal_back() -> None:
    source = f"#metadata({typst_literal(NASTY)}) <value>"
    found = typst.query(source.encode(), "<value>", field="value", one=True)
    assert json.loads(found) == NASTY


def test_every_string_in_a_typst_template_becomes_a_literal() -> None:
    template = typst_environment().from_string(
        "{% macro box(x) %}#box({{ x }}){% endmacro %}"
        "{{ text }} {{ box(text) }} {{ width }}pt {{ on }} {{ nothing }}"
    )
    literal = typst_literal(NASTY)
    assert template.render(text=NASTY, width=1.5, on=True, nothing=None) == (
        f"{literal} #box({literal}) 1.5pt true none"
    )


def test_html_is_escaped_and_undefined_names_are_errors() -> None:
    assert html_environment().from_string("{{ x }}").render(x="<b>&\"'") == (
        "&lt;b&gt;&amp;&#34;&#39;"
    )
    for environment in (html_environment(), typst_environment()):
        with pytest.raises(UndefinedError):
            environment.from_string("{{ missing }}").render()


def test_a_digest_depends_on_every_file_with_its_prefixes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "page.html.j2").write_text("page")
    (tmp_path / "page.css").write_text("look")
    (tmp_path / "other.j2").write_text("other")
    monkeypatch.setattr(templating, "find_templates_folder", lambda: tmp_path)
    digest = templating.digest_templates.__wrapped__
    before = digest("page.html", "page.css")
    (tmp_path / "other.j2").write_text("changed")
    assert digest("page.html", "page.css") == before
    (tmp_path / "page.css").write_text("changed")
    assert digest("page.html", "page.css") != before
