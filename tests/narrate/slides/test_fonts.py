from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from narrate.slides.fonts import CODE_FONT, TEXT_FONT, choose_cjk_region, list_fonts
from narrate.slides.script_fonts import EXTRA_FONTS, find_folder, has_extra_fonts
from narrate.slides.typesetting import describe_script, find_missing_characters, typeset
from narrate.templating import typst_environment

BASE = {
    "Latin": "ĉşžʃəʕȟ", "Greek": "Ωἀψ", "Cyrillic": "Жђқ", "Hebrew": "שלום", "Arabic": "مرحباپچ",
    "Devanagari": "क्षत्रिय", "Bengali": "বাংলা", "Gurmukhi": "ਪੰਜਾਬੀ", "Gujarati": "ગુજરાતી",
    "Odia": "ଓଡ଼ିଆ", "Tamil": "தமிழ்", "Telugu": "తెలుగు", "Kannada": "ಕನ್ನಡ", "Malayalam": "മലയാളം",
    "Sinhala": "සිංහල", "Thai": "ภาษาไทย", "Lao": "ພາສາລາວ", "Myanmar": "မြန်မာ", "Khmer": "ខ្មែរ",
    "Georgian": "ქართული", "Armenian": "Հայերեն", "Ethiopic": "አማርኛ", "emoji": "😀🇩🇪👩🏽‍🔬",
    "mathematics": "𝔸𝒜∮∀⊗", "boxes": "┌─╬█", "keys": "⌘⌥⇧⏎", "dingbats": "✂✔❶", "small": "₁ᵃ²",
}  # fmt: skip
EXTRA = {
    "Chinese": "简体中文繁體", "Japanese": "日本語ひらカタ", "Korean": "한국어", "Tibetan": "བོད་སྐད",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ", "Cherokee": "ᏣᎳᎩ", "N'Ko": "ߒߞߏ", "Syriac": "ܣܘܪܝܝܐ", "Yi": "ꆈꌠ",
}  # fmt: skip
extra = pytest.mark.skipif(not has_extra_fonts(), reason="without the extra 'fonts'")


def draw(text: str, language: str = "en") -> npt.NDArray[np.int16]:
    """The page of a text, in 32 points."""
    template = typst_environment().from_string(
        "#set page(width: 400pt, height: auto, margin: 8pt)\n"
        '#set text(font: {{ fonts }}, size: 32pt)\n{% include "slides/scripts.typ.j2" %}\n\n' + text
    )
    source = template.render(**describe_script(language), line_space=0.0)
    with Image.open(io.BytesIO(typeset(source, {})[0][0])) as page:
        return np.asarray(page.convert("RGB")).astype(np.int16)


@pytest.mark.parametrize("script", BASE)
def test_the_base_install_draws(script: str) -> None:
    assert find_missing_characters([BASE[script]]) == ""


@extra
@pytest.mark.parametrize("script", EXTRA)
def test_the_extra_draws(script: str) -> None:
    assert find_missing_characters([EXTRA[script]]) == ""


def test_what_nobody_assigned_is_missing() -> None:
    assert find_missing_characters(["a\u0378b\u00ad\u200d\ufe0f"]) == "\u0378"


def test_the_language_chooses_the_shapes_of_chinese_characters() -> None:
    tags = ["ja", "ko", "zh", "zh-CN", "zh-TW", "zh-Hant", "zh-Hans-TW", "zh-HK", "yue", "en"]
    assert [choose_cjk_region(tag) for tag in tags] == (
        ["JP", "KR", "SC", "SC", "TC", "TC", "TC", "HK", "HK", "SC"]
    )


@extra
def test_each_language_gets_its_own_shape() -> None:
    drawn = {tag: draw("直骨角刃", tag).tobytes() for tag in ("ja", "ko", "zh", "zh-TW")}
    assert len(set(drawn.values())) >= 3  # Korea and Taiwan write these alike, but for details


@extra
@pytest.mark.parametrize("text", ["漢字", "한국어"])
def test_bold_and_emphasis_can_be_seen_without_italics(text: str) -> None:
    plain, bold, emphasis = (np.sum(draw(t) < 128) for t in (text, f"*{text}*", f"_{text}_"))
    assert plain * 1.1 < emphasis < bold


@pytest.mark.parametrize("text", ["नमस्ते", "مرحبا", "שלום", "ქართული"])
def test_base_scripts_have_weights(text: str) -> None:
    plain, bold = (np.sum(draw(t) < 128) for t in (text, f"*{text}*"))
    assert bold > plain * 1.1


@pytest.mark.parametrize("text", ["Xg नमस्ते", "Xg مرحبا", "Xg 😀", "Xg ខ្មែរ", "Xg ∮"])
def test_a_word_in_another_script_does_not_push_lines_apart(text: str) -> None:
    assert draw(text).shape == draw("Xg").shape


def test_arabic_letters_join_and_indic_ones_combine() -> None:
    joined, apart = draw("بيت", "ar"), draw("ب\u200cي\u200cت", "ar")
    assert np.sum(joined < 128) != np.sum(apart < 128)
    conjunct, spelt = draw("क्ष", "hi"), draw("क\u094d\u200cष", "hi")
    assert np.sum(conjunct < 128) < np.sum(spelt < 128)


@extra
def test_emoji_have_colours_and_signs_have_that_of_the_text() -> None:
    def is_coloured(text: str) -> bool:
        page = draw(text)
        return bool((page.max(axis=2) - page.min(axis=2)).max() > 60)

    assert is_coloured("😀") and is_coloured("❤\ufe0f") and is_coloured("1\ufe0f\u20e3")
    assert not is_coloured("✔ ▶ ☎ 1")


def test_the_first_choice_is_first_and_nothing_is_named_that_is_not_here() -> None:
    for first in (TEXT_FONT, CODE_FONT):
        assert list_fonts(first, "en").startswith(f'("{first}", ')
    without = "Noto Sans CJK JP" not in list_fonts(TEXT_FONT, "ja")
    assert without is not bool(find_folder(EXTRA_FONTS[0]))
