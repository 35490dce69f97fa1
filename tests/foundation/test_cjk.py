"""Text without spaces is cut where clauses end, and joined as it was."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.cjk import CLAUSE_MARKS, is_cjk, join_texts, split_clauses


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("光は波です。", ["光は波です。"]),
        (
            "その結果、向きが変わります。屈折です。",
            ["その結果、", "向きが変わります。", "屈折です。"],
        ),
        ("「なぜ？」と聞く。", ["「なぜ？」", "と聞く。"]),
        ("8：30に、始まる", ["8：30に、", "始まる"]),
        ("本当！？すごい", ["本当！？", "すごい"]),
        ("hello, world.", ["hello, world."]),
        ("", [""]),
    ],
)
def test_clauses_end_with_their_punctuation(text: str, clauses: list[str]) -> None:
    assert split_clauses(text) == clauses


@given(st.text(st.sampled_from("光は波aé1" + CLAUSE_MARKS + "」）"), max_size=30))
def test_no_character_is_lost(text: str) -> None:
    assert "".join(split_clauses(text)) == text


@pytest.mark.parametrize(
    ("texts", "joined"),
    [
        (["光は", "波です。", "赤い"], "光は波です。赤い"),
        (["老师说：", "“你好”", "吗？"], "老师说：“你好”吗？"),
        (["约", "450", "纳米"], "约 450 纳米"),
        (["빛은", "파동이다."], "빛은 파동이다."),
        (["Light", "is"], "Light is"),
        (["光", "😀"], "光 😀"),
        ([], ""),
    ],
)
def test_only_what_is_written_without_spaces_is_joined_so(texts: list[str], joined: str) -> None:
    assert join_texts(texts) == joined


def test_korean_and_symbols_are_not_written_without_spaces() -> None:
    assert [is_cjk(c) for c in "光アあ。「１"] == [True] * 6
    assert [is_cjk(c) for c in "빛a😀“é"] == [False] * 5
