"""Fonts are tried in the process that decodes pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from narrate.errors import DecodingError
from narrate.slides.pictures.process import PictureLimits, try_font
from narrate.slides.theme_fonts import find_font_folders


@pytest.fixture(scope="module")
def font() -> bytes:
    folder = dict(find_font_folders())["Atkinson Hyperlegible"]
    return next(p for p in sorted(Path(folder).iterdir()) if "Regular" in p.name).read_bytes()


def test_a_font_says_its_family(font: bytes) -> None:
    assert try_font(font, "a.ttf") == "Atkinson Hyperlegible"


@pytest.mark.parametrize("data", [b"", b"\0" * 100, b"<html>", b"OTTO" + b"\xff" * 5000])
def test_what_is_no_font_is_refused(data: bytes) -> None:
    with pytest.raises(DecodingError, match=r"not a font") as error:
        try_font(data, "a.ttf")
    assert error.value.remedy


def test_damaged_fonts_end_no_program(font: bytes) -> None:
    for at in range(0, len(font), len(font) // 12):
        damaged = font[:at] + b"\xff" * 64 + font[at + 64 :]
        try:
            try_font(damaged, "a.ttf")
        except DecodingError as error:
            assert error.remedy
    for length in (12, 400, len(font) // 2):
        try:
            try_font(font[:length], "a.ttf")
        except DecodingError as error:
            assert error.remedy


def test_a_font_gets_no_more_than_its_time(font: bytes) -> None:
    with pytest.raises(DecodingError, match="too much"):
        try_font(font, "a.ttf", PictureLimits(clock_seconds=0.0))
