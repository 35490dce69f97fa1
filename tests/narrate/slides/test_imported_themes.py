"""Colours of other tools become themes that can be read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foundation.problem import Place
from lessons.dialects.palettes import find_palette
from lessons.model import Palette
from narrate.errors import DecodingError
from narrate.slides.colours import contrast
from narrate.slides.imported_themes import make_imported_theme, read_office_theme
from narrate.slides.palettes import find_least_contrast
from narrate.slides.themes import THEMES

COLOURS = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@pytest.mark.parametrize(
    ("tool", "name", "variant", "kept"),
    [
        ("marp", "default", "invert", True),
        ("marp", "gaia", "usual", False),  # its highlight has 3.9:1 on its background
        ("reveal", "dracula", "usual", True),
        ("reveal", "solarized", "usual", False),  # its text has 4.1:1
        ("reveal", "league", "usual", True),
    ],
)
def test_colours_that_can_be_read_are_kept(tool: str, name: str, variant: str, kept: bool) -> None:
    found = find_palette((tool,), name, variant)
    palette = Palette(name, **found, place=Place("a.md", 1))
    theme, findings = make_imported_theme(palette, THEMES)
    assert theme.background == found["background"]
    if kept:
        assert (theme.text, theme.title, theme.accent) == (
            found["text"], found["title"], found["accent"],
        )  # fmt: skip
        assert findings == ()
    else:
        (finding,) = findings
        assert finding.rule == "theme-colours-corrected" and finding.place.path == "a.md"
        assert name in finding.message and finding.problem.remedy


@settings(max_examples=60, deadline=None)
@given(COLOURS, COLOURS, COLOURS, COLOURS)
def test_every_palette_becomes_a_theme_that_can_be_read(
    background: str, text: str, title: str, accent: str
) -> None:
    theme, _ = make_imported_theme(Palette("x", background, text, title, accent), THEMES)
    assert theme.background == background
    assert find_least_contrast(theme) >= 4.5


def test_a_dark_background_alone_makes_a_dark_theme() -> None:
    theme, findings = make_imported_theme(Palette("x", "#102030"), THEMES)
    assert contrast(theme.text, "#102030") > 7 and findings == ()


SCHEME = """<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements>
<a:clrScheme name="x"><a:dk1><a:sysClr val="windowText" lastClr="101820"/></a:dk1>
<a:lt1><a:srgbClr val="FFFEF5"/></a:lt1><a:dk2><a:srgbClr val="203864"/></a:dk2>
<a:lt2><a:srgbClr val="EEEEEE"/></a:lt2><a:accent1><a:srgbClr val="C00000"/></a:accent1>
</a:clrScheme><a:fontScheme name="y"><a:majorFont><a:latin typeface="Lora"/></a:majorFont>
<a:minorFont><a:latin typeface="Calibri"/></a:minorFont></a:fontScheme></a:themeElements></a:theme>
"""


def pack(text: str, name: str = "ppt/theme/theme1.xml", *, times: int = 1) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text * times)
    return buffer.getvalue()


@pytest.mark.parametrize("name", ["ppt/theme/theme1.xml", "theme/theme/theme1.xml"])
def test_an_office_theme_gives_its_colours(name: str) -> None:
    palette, _ = read_office_theme(pack(SCHEME, name), "school.thmx")
    assert palette == Palette(
        "the theme in school.thmx", "#fffef5", "#101820", "#203864", "#c00000"
    )
    theme, findings = make_imported_theme(palette, THEMES)
    assert (theme.background, theme.title) == ("#fffef5", "#203864") and not findings


HOSTILE: dict[str, Callable[[], bytes]] = {
    "no zip": lambda: b"PK\x03\x04" + b"\0" * 50,
    "empty": lambda: b"",
    "no theme": lambda: pack(SCHEME, "other.xml"),
    "bomb": lambda: pack(" " * 1_000_000, times=5),
    "no xml": lambda: pack("<a:theme"),
    "entities": lambda: pack('<!DOCTYPE x [<!ENTITY e "a">]><x>&e;</x>'),
    "a file": lambda: pack('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
    "no colours": lambda: pack("<x/>"),
    "wrong colours": lambda: pack(SCHEME.replace("val=", "x=").replace("lastClr=", "y=")),
    "deep": lambda: pack("<x>" * 50_000),
    "cut off": lambda: pack(SCHEME)[:-40],
    "damaged": lambda: pack(SCHEME).replace(b"\x9c", b"\x00").replace(b"\x4f", b"\xff"),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_hostile_office_files_are_refused_with_a_remedy(make: Callable[[], bytes]) -> None:
    with pytest.raises(DecodingError) as error:
        read_office_theme(make(), "school.thmx")
    assert "school.thmx" in error.value.message and error.value.remedy
