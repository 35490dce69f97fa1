from __future__ import annotations

import langcodes
import pytest

from foundation.languages import (
    COMMON_TAGS,
    direction,
    is_english,
    is_tag,
    normalize_tag,
    primary,
    same_language,
    three_letter_code,
)


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en_us", "en-US"),
        ("EN-gb", "en-GB"),
        ("de", "de"),
        ("deu", "de"),
        ("zh-hans-cn", "zh-Hans-CN"),
        (" pt_BR ", "pt-BR"),
        ("iw", "he"),
    ],
)
def test_a_tag_is_written_as_the_standard_writes_it(written: str, tag: str) -> None:
    assert normalize_tag(written) == tag


@pytest.mark.parametrize("text", ["", "english", "*", "e", "xx", "en-", "12", "de DE", "\0"])
def test_a_text_that_is_not_a_language_tag_is_refused(text: str) -> None:
    assert not is_tag(text)
    with pytest.raises(ValueError, match="tag"):
        normalize_tag(text)


def test_languages_are_compared_without_region_and_script() -> None:
    assert primary("en-GB") == primary("EN_us") == "en"
    assert same_language("pt-BR", "pt-PT") and not same_language("de", "nl")
    assert is_english("en-AU") and not is_english("fr") and not is_english("enm")
    assert primary("*") == "*"


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("fa", "rtl"), ("ur", "rtl"), ("az-Arab", "rtl"),
     ("az", "ltr"), ("en", "ltr"), ("ja", "ltr"), ("?", "ltr")],
)  # fmt: skip
def test_direction_follows_the_script(tag: str, expected: str) -> None:
    assert direction(tag) == expected


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-US", "eng"), ("de", "deu"), ("yue-HK", "yue"), ("zh-Hant", "zho"), ("x", "und"),
     ("qq", "und"), ("", "und"), ("x-a", "und")],
)  # fmt: skip
def test_every_tag_has_a_three_letter_code(tag: str, code: str) -> None:
    assert three_letter_code(tag) == code


@pytest.mark.parametrize("tag", sorted(COMMON_TAGS))
def test_common_tags_are_what_langcodes_makes_of_them(tag: str) -> None:
    assert langcodes.standardize_tag(tag) == tag and langcodes.tag_is_valid(tag)
    for spelling in (tag, tag.upper(), tag.lower(), f" {tag.replace('-', '_')} "):
        assert normalize_tag(spelling) == tag
