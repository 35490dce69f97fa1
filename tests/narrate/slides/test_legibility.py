"""Each measure is tested with what is right, and with what is wrong by a known amount."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from foundation.problem import Place
from lessons.model import Finding, Formula, Paragraph, Picture, Run, Slide
from narrate.layout import Layout, lay_out_lecture, lay_out_lipreadable
from narrate.slides.drawing import DrawnSlide, SlideLook, draw_slide
from narrate.slides.fonts import TEXT_FONT
from narrate.slides.legibility import Legibility, TextLine, count_characters, measure_page
from narrate.slides.legibility_rules import MIXED, find_illegible
from narrate.slides.pictures.reading import reading_from
from narrate.slides.themes import THEMES, contrast
from narrate.slides.typesetting import typeset

WORDS = "Light bends where it passes from air into glass, and each colour bends by itself. "
RULES = ("text-small", "text-contrast", "text-near", "lines-long", "picture-text-small")
BARE = lay_out_lecture(has_presenter=False)


def set_page(
    words: str,
    *,
    size: float = 40,
    colour: str = "#1d2430",
    ground: str = "#fbfaf7",
    at: tuple[int, int] = (88, 200),
    width: int = 1100,
) -> bytes:
    """A page of 1920×1080 with a text of a known size, colour and place."""
    source = (
        f'#set page(width: 1920pt, height: 1080pt, margin: 0pt, fill: rgb("{ground}"))\n'
        f'#set text(font: "{TEXT_FONT}", size: {size}pt, fill: rgb("{colour}"))\n'
        f"#place(top + left, dx: {at[0]}pt, dy: {at[1]}pt, block(width: {width}pt)[{words}])"
    )
    return typeset(source, {})[0][0]


def find_rules(page: Legibility, *, prose: bool = True, language: str = "en") -> dict[str, Finding]:
    found = find_illegible(
        [page], prose=[prose], names={}, language=language, place=Place("01.md", 1, 4)
    )
    return {finding.rule: finding for finding in found}


@pytest.mark.parametrize("size", [24, 31, 44, 70])
def test_letters_are_measured(size: float) -> None:
    page = measure_page(set_page(WORDS * 2, size=size, width=800), BARE)
    assert page.smallest_letter == pytest.approx(0.5 * size, rel=0.2)
    assert find_rules(page) == {}


def test_small_letters_are_found() -> None:
    found = find_rules(measure_page(set_page(WORDS * 3, size=13, width=500), BARE))
    assert set(found) == {"text-small"}
    finding = found["text-small"]
    assert (finding.place.slide, finding.remedy != "") == (4, True)
    assert re.search("only [678] pixels", finding.message)


@pytest.mark.parametrize("words", [". " * 60, "-" * 40, "– " * 40, "....." * 9, '"\'"\'"\'"'])
def test_dots_and_dashes_are_no_letters(words: str) -> None:
    assert find_rules(measure_page(set_page(words, size=30), BARE)) == {}


@pytest.mark.parametrize("ground", ["#ffffff", "#11161d", "#1f5fa8"])
@pytest.mark.parametrize("shade", ["#808080", "#b0b0b0", "#5a6575", "#e9edf2", "#1d2430"])
def test_contrast_is_measured(shade: str, ground: str) -> None:
    nominal = contrast(shade, ground)
    page = measure_page(set_page(WORDS * 2, size=30, colour=shade, ground=ground), BARE)
    if nominal < 1.5:  # it is hardly seen, and not by us either
        return
    assert page.lowest_contrast is not None
    assert MIXED * nominal - 0.1 <= page.lowest_contrast <= 1.02 * nominal


@pytest.mark.parametrize(
    ("colour", "size", "found"),
    [
        ("#6f6f6f", 30, False),  # 5.0:1
        ("#949494", 30, True),  # 3.0:1
        ("#949494", 60, False),  # large text may have that
        ("#b8b8b8", 60, True),  # 2.0:1
    ],
)
def test_text_with_little_contrast_is_found(colour: str, size: float, found: bool) -> None:
    page = measure_page(set_page(WORDS * 2, size=size, colour=colour, ground="#ffffff"), BARE)
    assert ("text-contrast" in find_rules(page)) == found


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_our_themes_have_enough_contrast(theme: object, tmp_path: Path) -> None:
    assert hard(draw(slide(Paragraph((Run(WORDS * 4),))), tmp_path)) == []


@pytest.mark.parametrize(
    "words", [WORDS, "Zwölf Boxkämpfer jagen Viktor quer über den Sylter Deich. "]
)
def test_characters_are_counted_by_the_width(words: str) -> None:
    page = measure_page(set_page(words.strip(), size=30, width=1700), BARE)
    (line,) = page.lines
    assert count_characters(line) == pytest.approx(len(words.strip()), rel=0.12)


def test_long_lines_are_found_in_running_text_only() -> None:
    page = measure_page(set_page(WORDS * 9, size=28, width=1740), BARE)
    assert set(find_rules(page)) == {"lines-long"}
    assert find_rules(page, prose=False) == {}
    narrow = measure_page(set_page(WORDS * 9, size=28, width=900), BARE)
    assert find_rules(narrow) == {}
    assert set(find_rules(narrow, language="ja")) == {"lines-long"}


@pytest.mark.parametrize(
    ("layout", "at", "what"),
    [
        (lay_out_lecture(), (1300, 700), "the presenter"),
        (lay_out_lipreadable(), (700, 200), "the presenter"),
        (lay_out_lipreadable(), (48, 850), "the captions"),
        (lay_out_lipreadable(signer="reserve"), (1180, 850), "the signer"),
        (BARE, (2, 500), "the edge"),
        (BARE, (400, 1050), "the edge"),
    ],
)
def test_text_that_is_too_near_is_found(layout: Layout, at: tuple[int, int], what: str) -> None:
    near = set_page("letters that stand there", size=40, at=at, width=900)
    assert what in " ".join(measure_page(near, layout).near)
    finding = find_rules(measure_page(near, layout))["text-near"]
    assert what in finding.message


@pytest.mark.parametrize("layout", [lay_out_lecture(), lay_out_lipreadable(signer="reserve")])
def test_a_slide_of_ours_is_near_to_nothing(layout: Layout, tmp_path: Path) -> None:
    full = slide(Paragraph((Run(WORDS * 12),)), title=WORDS)
    assert hard(draw(full, tmp_path, layout)) == []


def test_the_number_of_a_page_without_a_title_is_not_at_the_edge(tmp_path: Path) -> None:
    long = slide(Paragraph((Run(WORDS * 40),)), title="")
    drawn = draw(long, tmp_path, lay_out_lipreadable())
    pixels = np.asarray(Image.open(io.BytesIO(drawn.pictures[1])).convert("L")).astype(int)
    assert len(drawn.legibility) > 1
    assert np.ptp(pixels[:18]) == 0 and np.ptp(pixels[18:44]) > 100


def slide(*visuals: Paragraph | Picture | Formula, title: str = "Title") -> Slide:
    return Slide(4, title, visuals, (), line=7)


def draw(one: Slide, folder: Path, layout: Layout | None = None) -> DrawnSlide:
    look = SlideLook(layout or lay_out_lecture(), footer="A course", provenance="Synthetic")
    return draw_slide(one, look, read=reading_from(folder))


def hard(drawn: DrawnSlide) -> list[str]:
    return [finding.rule for finding in drawn.findings if finding.rule in RULES]


@pytest.fixture(name="screenshot")
def make_screenshot(tmp_path: Path) -> Iterator[Path]:
    """A picture of 1920×1080 with lines of text of 26 pixels."""
    path = tmp_path / "screen.png"
    path.write_bytes(set_page(WORDS * 26, size=26, at=(60, 60), width=1800))
    yield path


@pytest.mark.parametrize("share", [0.6, 0.35, 0.2])
def test_a_screenshot_that_is_shrunk_too_much_is_found(share: float, screenshot: Path) -> None:
    folder = screenshot.parent
    small = draw(slide(Picture("screen.png", "a screen", share=share)), folder)
    (finding,) = [f for f in small.findings if f.rule in RULES]
    assert finding.rule == "picture-text-small" and "screen.png" in finding.message
    assert finding.severity == "note" and finding.remedy


def test_a_screenshot_with_large_letters_is_right(screenshot: Path) -> None:
    large = draw(slide(Picture("screen.png", "a screen"), title=""), screenshot.parent, BARE)
    assert hard(large) == []
    ((shown, lines),) = large.legibility[0].in_pictures
    assert shown.box.width > 1500 and len(lines) >= 10


def test_a_picture_without_letters_has_none(tmp_path: Path) -> None:
    dice = np.random.default_rng(5)
    noise = dice.integers(0, 255, (300, 400, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    ramp = np.linspace(0, 255, 400 * 300).reshape(300, 400).astype(np.uint8)
    Image.fromarray(ramp).save(tmp_path / "ramp.png")
    for name in ("noise.png", "ramp.png"):
        assert hard(draw(slide(Picture(name, "")), tmp_path)) == []


@pytest.mark.parametrize(
    "latex",
    [
        "+".join(f"x_{{{n}}}" for n in range(90)),
        r"\begin{aligned}" + r" \\ ".join(["a &= b"] * 60) + r"\end{aligned}",
    ],
)
def test_a_formula_that_is_too_large_is_told(latex: str, tmp_path: Path) -> None:
    assert "text-small" in hard(draw(slide(Formula(latex)), tmp_path))


def test_a_formula_of_a_line_is_right(tmp_path: Path) -> None:
    for latex in ("a^2 + b^2 = c^2", "+".join(f"x_{{{n}}}" for n in range(16))):
        assert hard(draw(slide(Formula(latex)), tmp_path)) == []


def test_nothing_is_said_of_letters_in_a_tiny_picture(tmp_path: Path) -> None:
    drawn = draw(slide(Paragraph((Run(WORDS * 9),))), tmp_path, lay_out_lecture((640, 360)))
    assert drawn.legibility[0].lines == () and hard(drawn) == []


def test_a_line_knows_its_characters() -> None:
    box = BARE.content
    assert count_characters(TextLine(box, 9, box.width / 0.82 / 40, 7.0)) == 40
