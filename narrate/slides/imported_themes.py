"""Makes themes of colours that another tool gives: a lesson's own, or those of an Office theme."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from foundation.problem import Place
from lessons.model import Finding, Palette
from narrate.errors import DecodingError
from narrate.slides.colours import is_dark
from narrate.slides.palettes import colour_theme, complete, correct, read_colours
from narrate.slides.theme import CoverPage, Theme, Typeface
from narrate.slides.theme_files import describe_corrections
from narrate.slides.theme_fonts import is_installed

LARGEST_OFFICE_FILE = 100_000_000
"""Bytes. A deck with many pictures; only a small part of it is read."""
_LARGEST_PART = 2_000_000  # bytes of theme1.xml, unpacked; a usual one has 10,000
_THEME_PARTS = ("ppt/theme/theme1.xml", "theme/theme/theme1.xml", "theme/theme1.xml")
_SCHEME = {"lt1": "background", "dk1": "text", "dk2": "title", "accent1": "accent"}
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def make_imported_theme(
    palette: Palette, themes: Mapping[str, Theme], typeface: Typeface | None = None
) -> tuple[Theme, tuple[Finding, ...]]:
    """The light or the dark theme with the colours of a palette, and a finding if they had to be
    changed to be readable."""
    given = ("background", "text", "title", "accent")
    written = {name: value for name in given if (value := getattr(palette, name))}
    base = themes["dark" if is_dark(written.get("background", "#ffffff")) else "light"]
    wanted = complete(read_colours(base), written)
    colours = correct(wanted, base.least_contrast)
    theme = replace(
        base, name=palette.name, title_page=CoverPage(rule="bar"), section=CoverPage(rule="bar"),
        typeface=typeface or base.typeface,
    )  # fmt: skip
    changed = [name for name in written if colours[name] != written[name]]
    if not changed:
        return colour_theme(theme, colours), ()
    problem = describe_corrections(changed, written, colours, base.least_contrast, palette.place)
    message = problem.message.replace("Colours of the theme", f"Colours of {palette.name}")
    remedy = "Choose a theme of narrate's, such as 'theme: light', or other colours."
    problem = replace(problem, message=message, remedy=remedy)
    return colour_theme(theme, colours), (Finding("theme-colours-corrected", "note", problem),)


def read_office_theme(data: bytes, name: str) -> tuple[Palette, Typeface | None]:
    """The colours of a PowerPoint file or an Office theme, and its fonts if they are installed.

    Raises DecodingError for what is neither.
    """
    remedy = "Save the theme again with PowerPoint or LibreOffice, as .thmx or .pptx."
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
            part = next((part for part in _THEME_PARTS if part in names), None)
            if part is None:
                raise DecodingError(f"The file {name} has no theme in it.", remedy=remedy)
            with archive.open(part) as file:
                text = file.read(_LARGEST_PART + 1)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError,
            EOFError) as error:  # fmt: skip
        message = f"The file {name} is not an Office theme."
        raise DecodingError(message, remedy=remedy) from error
    except Exception as error:  # of zlib and lzma, which have errors of their own
        if isinstance(error, DecodingError):
            raise
        raise DecodingError(f"The file {name} is damaged.", remedy=remedy) from error
    if len(text) > _LARGEST_PART:
        raise DecodingError(f"The theme in {name} is too large.", remedy=remedy)
    return _read_scheme(text, name, remedy)


def _read_scheme(text: bytes, name: str, remedy: str) -> tuple[Palette, Typeface | None]:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(text)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise DecodingError(f"The theme in {name} is damaged.", remedy=remedy) from error
    colours: dict[str, str] = {}
    scheme = root.find(f".//{_DRAWING}clrScheme")
    for child in scheme if scheme is not None else ():
        part = _SCHEME.get(str(child.tag).removeprefix(_DRAWING))
        value = child[0].get("lastClr") or child[0].get("val") if len(child) else None
        if part and value and len(value) == 6 and all(c in "0123456789abcdefABCDEF" for c in value):
            colours[part] = f"#{value.lower()}"
    if not colours:
        raise DecodingError(f"The theme in {name} has no colours.", remedy=remedy)
    fonts = {
        part: latin.get("typeface", "")
        for part, kind in (("title", "majorFont"), ("text", "minorFont"))
        if (latin := root.find(f".//{_DRAWING}{kind}/{_DRAWING}latin")) is not None
    }
    usable: dict[str, Any] = {
        part: family for part, family in fonts.items() if is_installed(family)
    }
    palette = Palette(f"the theme in {name}", **colours, place=Place(name))
    return palette, Typeface(**usable) if usable else None
