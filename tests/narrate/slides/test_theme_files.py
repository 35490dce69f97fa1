"""What theme files may hold: what can be used is used, and the rest is named."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons.model import Finding
from narrate.slides.colours import contrast
from narrate.slides.palettes import find_least_contrast
from narrate.slides.theme import Theme
from narrate.slides.theme_files import MOST_FINDINGS, find_line, make_theme, parse_theme
from narrate.slides.themes import THEMES

SCHOOL = """\
base = "paper"
footer = "Riverside School"
presenter = "lower left"

[colours]
background = "#fff"
text = "#112233"
accent = "#a01020"

[fonts]
title = "Lora"
title_weight = 500

[shape]
radius = 0
rule = "double"

[title_page]
ground = "cover"

[cover]
background = "#102040"
text = "#ffffff"
"""


def make(text: str) -> tuple[Theme, tuple[Finding, ...]]:
    return make_theme(parse_theme(text, "school.toml"), "school", "school.toml", text, THEMES)


def test_a_file_changes_what_it_says_and_nothing_else() -> None:
    theme, findings = make(SCHOOL)
    assert findings == ()
    assert (theme.background, theme.text, theme.title) == ("#ffffff", "#112233", "#112233")
    assert (theme.footer, theme.presenter) == ("Riverside School", "lower left")
    assert (theme.shape.radius, theme.shape.rule) == (0, "double")
    assert theme.shape.marker == THEMES["paper"].shape.marker
    assert (theme.typeface.title, theme.typeface.title_weight) == ("Lora", 500)
    assert theme.cover.background == "#102040" and theme.cover.title == "#ffffff"
    assert theme.title_page.ground == "cover" and theme.title_page.align == "centre"


def test_the_example_in_the_readme_can_be_used() -> None:
    readme = (Path(__file__).resolve().parents[3] / "README.md").read_text()
    (example,) = re.findall(r"```toml\n(base = .*?)```", readme, re.DOTALL)
    theme, findings = make(example)
    assert findings == () and theme.accent == "#0b5d61" and theme.logo == "logo.svg"


def test_an_empty_file_is_the_light_theme() -> None:
    theme, findings = make("")
    assert theme.background == THEMES["light"].background and not findings


def test_a_dark_background_begins_with_the_dark_theme() -> None:
    theme, findings = make('[colours]\nbackground = "#101418"\n')
    assert theme.text == THEMES["dark"].text and not findings


def test_colours_that_cannot_be_read_are_corrected_and_named() -> None:
    theme, (finding,) = make('[colours]\nbackground = "#ffffff"\ntext = "#dddddd"\n')
    assert finding.rule == "theme-colours-corrected" and finding.place.line == 3
    assert contrast(theme.text, "#ffffff") >= 4.5 and "#dddddd" in finding.message


MISTAKES = [
    ('fotter = "x"', "theme-value-ignored", 1, "Did you mean 'footer'?"),
    ('\n[colours]\nacent = "#fff"', "theme-value-ignored", 3, "Did you mean 'accent'?"),
    ('[colours]\ntext = "blue"', "theme-value-ignored", 2, '"#1f5fa8"'),
    ("[colours]\ntext = 3", "theme-value-ignored", 2, '"#1f5fa8"'),
    ('[shape]\nrule = "wavy"', "theme-value-ignored", 2, "'chalk'"),
    ("[shape]\nradius = 1e9", "theme-value-ignored", 2, "from 0 to 40"),
    ("[shape]\nradius = inf", "theme-value-ignored", 2, "from 0 to 40"),
    ("[shape]\nradius = nan", "theme-value-ignored", 2, "from 0 to 40"),
    ("[fonts]\ntitle_weight = 99999999999999999999", "theme-value-ignored", 2, "100 to 900"),
    ("[fonts]\nsize = -1", "theme-value-ignored", 2, "0.85 to 1.25"),
    ("[fonts]\ntext = '\"); #panic(\"'", "theme-value-ignored", 2, "font"),
    ("[fonts]\nfiles = [" + '"a.ttf",' * 9 + "]", "theme-value-ignored", 2, "at most 8"),
    ("colours = 3", "theme-value-ignored", 1, "background"),
    ("[tones.shiny]\nedge = '#fff'", "theme-value-ignored", 1, "'info'"),
    ('logo = "a.exe"', "theme-value-ignored", 1, "SVG"),
    ("footer = '" + "x" * 500 + "'", "theme-value-ignored", 1, "at most 120"),
    ('presenter = "middle"', "theme-value-ignored", 1, "'lower right'"),
    ('base = "drak"', "theme-value-ignored", 1, "Did you mean 'dark'?"),
    ("background = #fff", "theme-unusable", 1, "quotes"),
    ("x = " + "[" * 5000, "theme-unusable", None, ""),
    ("x = " + "9" * 5000, "theme-unusable", None, ""),
    ("a = 1\na = 2", "theme-unusable", None, ""),
    ("# " + "x" * 60_000, "theme-unusable", None, ""),
    ("\x00", "theme-unusable", 1, ""),
]


@pytest.mark.parametrize(("text", "rule", "line", "remedy"), MISTAKES)
def test_what_cannot_be_used_is_left_out_and_named(
    text: str, rule: str, line: int | None, remedy: str
) -> None:
    theme, findings = make(text)
    assert [finding.rule for finding in findings] == [rule]
    assert findings[0].place.path == "school.toml" and findings[0].place.line == line
    assert remedy in findings[0].problem.remedy and findings[0].problem.remedy
    assert theme.background in {t.background for t in THEMES.values()}


def test_thousands_of_mistakes_take_no_time() -> None:
    began = time.process_time()
    _, findings = make("".join(f"k{n} = {n}\n" for n in range(4000)))
    assert len(findings) == MOST_FINDINGS and time.process_time() - began < 2


def test_all_mistakes_of_a_file_are_found_and_the_rest_is_used() -> None:
    theme, findings = make('presenter = 1\n[colours]\ntext = 1\naccent = "#0b5d61"\nwhite = "#fff"')
    assert {f.place.key for f in findings} == {"presenter", "colours.text", "colours.white"}
    assert theme.accent == "#0b5d61"


PIECES = [
    "1e999", "\'\'\'", '"' * 3, "[[", "]]", "\n[colours]\n", "#", "\\u0000", "={", "nan", "9" * 400,
    "1979-05-27", "[tones]\n", "\n=", "\u202e", "\x00",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_no_text_raises_an_error_or_makes_a_theme_that_cannot_be_read(data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(SCHOOL)))
    end = data.draw(st.integers(at, min(at + 30, len(SCHOOL))))
    inserted = data.draw(st.text(max_size=20) | st.sampled_from(PIECES))
    theme, findings = make(SCHOOL[:at] + inserted + SCHOOL[end:])
    assert find_least_contrast(theme) >= 4.5
    assert all(finding.problem.remedy for finding in findings)


def test_a_line_is_that_of_a_key_in_its_table() -> None:
    text = 'text = 1\n[fonts]\n"text" = 2\n[ colours ]\ntext = 3\n[tones]\ninfo = { edge = 1 }\n'
    assert find_line(text, ("colours", "text")) == 5
    assert find_line(text, ("fonts", "text")) == 3
    assert find_line(text, ("tones", "info", "edge")) == 7
    assert find_line(text, ("cover", "text")) is None
