from __future__ import annotations

from pathlib import Path

import pytest

from lessons.dialects.base import Context
from lessons.dialects.syntax.callouts import rewrite_callouts
from lessons.dialects.syntax.emoji_codes import rewrite_emoji_codes
from lessons.dialects.syntax.tables_of_contents import remove_badges, remove_contents
from lessons.markdown.markers import MARK
from lessons.markdown.source import Source


def show(source: Source) -> str:
    return "\n".join(x for x in source.text.replace(MARK, "§").split("\n") if x.strip())


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("> [!NOTE]\n> a\n> b\n\nc", "§box note\na\nb\n§end\nc"),
        ("> [!tip]- A *t*\n> b", "§box tip§A *t*\nb\n§end"),
        ("> [!odd one]\n> b", "§box plain§Odd one\nb\n§end"),
        ("> [!NOTE]\n> a\n> > [!WARNING]\n> > b", "§box note\na\n§box warning\nb\n§end\n§end"),
        ("> [!NOTE]\n> ```\n> a\n> ```", "§box note\n```\na\n```\n§end"),
        ("- x\n  > [!NOTE]\n  > a", "- x\n  §box note\n  a\n§end"),
        ("> [!NOTE] text", "§box note§text\n§end"),
        ("> [link] a", "> [link] a"),
        ("```\n> [!NOTE]\n```", "```\n> [!NOTE]\n```"),
    ],
)
def test_callouts(text: str, made: str) -> None:
    assert show(rewrite_callouts(Source.of("l.md", text), Context("l.md", Path()))) == made


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a :smile: b :tada:", "a 😄 b 🎉"),
        (":+1: :white_check_mark:", "👍 ✅"),
        ("at 10:30:45, file.md:100: x", "at 10:30:45, file.md:100: x"),
        ("`:smile:` ::smile:: a:smile:b :odd_one:", "`:smile:` ::smile:: a:smile:b :odd_one:"),
        ("a :octocat:", "a "),
        ("a :wave::skin-tone-4: b", "a 👋 b"),
    ],
)  # fmt: skip
def test_emoji_codes(text: str, made: str) -> None:
    assert rewrite_emoji_codes(Source.of("l.md", text), Context("l.md", Path())).text == made


@pytest.mark.parametrize("text", ["[TOC]", "[[toc]]", "[[_TOC_]]", "* TOC\n{:toc}", "1. x\n{:toc}"])
def test_places_of_tables_of_contents_vanish(text: str) -> None:
    made = remove_contents(Source.of("l.md", f"a\n\n{text}\n\nb"), Context("l.md", Path()))
    assert made.text.split() == ["a", "b"]


def test_a_defined_link_is_no_table_of_contents() -> None:
    text = "[toc]\n\n[toc]: http://x.y"
    assert remove_contents(Source.of("l.md", text), Context("l.md", Path())).text == text


def test_badges_cost_one_finding() -> None:
    text = "[![a](https://img.shields.io/a)](b) ![c](https://x.y/badge.svg) ![d](https://x.y/d.png)"
    context = Context("l.md", Path())
    made = remove_badges(Source.of("l.md", text), context)
    assert made.text.strip() == "![d](https://x.y/d.png)"
    assert [f.rule for f in context.findings] == ["badges-omitted"]
