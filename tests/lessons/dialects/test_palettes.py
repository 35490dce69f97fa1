"""The colours that lessons of other tools have."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.dialects.palettes import find_palette, read_colour, read_style
from lessons.markdown.lesson import parse_lesson
from lessons.model import Palette


def read(text: str, root: Path, path: str = "a.md") -> Palette | None:
    return parse_lesson(text, path=path, root=root).palette


def marp(front: str, root: Path, rest: str = "") -> Palette | None:
    return read(f"---\nmarp: true\n{front}\n---\n{rest}\n# A\n\n<!-- Said. -->\n", root)


def test_a_marp_deck_has_the_colours_of_its_theme(tmp_path: Path) -> None:
    found = marp("theme: gaia", tmp_path)
    assert found and (found.background, found.text) == ("#fff8e1", "#455a64")
    assert found.name == "Marp's theme gaia" and found.place.path == "a.md"
    found = marp("theme: gaia\nclass: [lead, invert]", tmp_path)
    assert found and (found.background, found.text) == ("#455a64", "#fff8e1")


@pytest.mark.parametrize("front", ["", "theme: default", "theme: my-company", "paginate: true"])
def test_the_white_that_nobody_chose_is_not_taken_over(front: str, tmp_path: Path) -> None:
    assert marp(front, tmp_path) is None


def test_marps_own_colours_are_stronger_than_its_theme(tmp_path: Path) -> None:
    found = marp("theme: uncover\nbackgroundColor: navy\ncolor: '#fff'", tmp_path)
    assert found and (found.background, found.text, found.title) == ("#000080",) + ("#ffffff",) * 2
    style = "style: |\n  section { background-color: #123456; color: white }\n  h1 { color: gold }"
    found = marp(style, tmp_path)
    assert found == Palette("Marp's theme default", "#123456", "#ffffff", "#ffd700", "#0969da")


def test_comments_of_a_marp_deck_count_for_its_first_slide_alone(tmp_path: Path) -> None:
    found = marp("", tmp_path, "<!-- theme: gaia\nclass: invert -->")
    assert found and found.background == "#455a64"
    later = "# First\n\n---\n\n<!-- class: invert -->\n<!-- backgroundColor: red -->"
    found = marp("theme: gaia", tmp_path, later)
    assert found and found.background == "#fff8e1"


def test_a_theme_of_ours_in_a_marp_deck_is_ours(tmp_path: Path) -> None:
    lesson = parse_lesson(
        "---\nmarp: true\ntheme: paper\n---\n# A\n\n<!-- B. -->\n", path="a.md", root=tmp_path
    )
    assert lesson.settings.theme == "paper" and lesson.palette is None


def quarto(theme: str, root: Path) -> Palette | None:
    text = f"---\nformat:\n  revealjs:\n    theme: {theme}\n---\n## A\n\nB.\n"
    return read(text, root, "a.qmd")


def test_a_quarto_deck_has_the_colours_of_its_theme(tmp_path: Path) -> None:
    found = quarto("solarized", tmp_path)
    assert found and (found.background, found.accent) == ("#fdf6e3", "#268bd2")
    found = quarto("dark", tmp_path)
    assert found and found.background == "#191919"


def test_variables_of_a_quarto_style_sheet_are_read(tmp_path: Path) -> None:
    (tmp_path / "my.scss").write_text(
        "/*-- scss:defaults --*/\n$body-bg: #0b2545 !default; // night\n$body-color: #eef4ed;\n"
        "$presentation-heading-color: #f0c808;\n$link-color: lighten($body-bg, 40%);\n"
    )
    found = quarto("[default, my.scss]", tmp_path)
    assert found == Palette(
        "the theme default, my.scss", "#0b2545", "#eef4ed", "#f0c808", "#2a76dd"
    )


def test_style_sheets_are_not_read_outside_of_the_course(tmp_path: Path) -> None:
    root = tmp_path / "course"
    root.mkdir()
    (tmp_path / "my.scss").write_text("$body-bg: #123456;")
    (root / "link.scss").symlink_to(tmp_path / "my.scss")
    (root / "large.scss").write_text("$body-bg: #123456;\n" + " " * 1_000_000)
    (root / "folder.scss").mkdir()
    for name in (
        "../my.scss",
        "link.scss",
        "large.scss",
        "folder.scss",
        "none.scss",
        "/etc/passwd",
    ):
        assert quarto(f"[{name}]", root) is None


def test_a_quarto_document_is_no_deck(tmp_path: Path) -> None:
    assert read("---\nformat: html\ntheme: solarized\n---\n# A\n\nB.\n", tmp_path, "a.qmd") is None


def test_decks_for_reveal_have_its_themes(tmp_path: Path) -> None:
    text = "---\ntheme: moon\nrevealOptions: {}\n---\n# A\n\nB.\n"
    found = read(text, tmp_path)
    assert found and found.background == "#002b36"
    page = (
        '<html><link rel="stylesheet" href="dist/theme/sky.css"><div class="reveal">'
        '<div class="slides"><section><h2>A</h2><p>B</p></section></div></div></html>'
    )
    found = read(page, tmp_path, "a.html")
    assert found and found.background == "#e4f2f7"


@pytest.mark.parametrize(
    ("written", "colour"),
    [("#FfF", "#ffffff"), ("rgb(1, 2, 3)", "#010203"), ("rebeccapurple", "#663399"),
     ("#12345680", ""), ("url(x.png)", ""), ("var(--x)", ""), (None, ""), ({}, ""), (7, ""),
     ("x" * 1000, ""), ("hsl(1e999,1%,1%)", ""), ("rgb(" + "9" * 50 + ",0,0)", "#ff0000")],
)  # fmt: skip
def test_only_plain_colours_are_taken_over(written: object, colour: str) -> None:
    assert read_colour(written) == colour


@pytest.mark.parametrize(
    "text", ["{" * 200_000, "section" * 50_000, "section{color:" * 20_000, "/*" * 90_000]
)
def test_style_sheets_of_any_kind_are_read_quickly(text: str) -> None:
    assert read_style(text) == {}


def test_unknown_themes_have_no_colours() -> None:
    assert find_palette(("marp", "reveal"), "nothing") == {}
