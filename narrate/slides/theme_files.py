"""Reads theme files (TOML). What cannot be used of one is left out, and a finding names it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from foundation.near_words import find_near
from foundation.problem import Place, Problem
from foundation.shortening import brief, shorten
from lessons.course.setting_declarations import (
    KEY_MARK,
    describe_expected,
    find_declaration,
    find_keys,
)
from lessons.course.settings import Keys
from lessons.model import Finding
from narrate.slides.colours import contrast, is_dark
from narrate.slides.palettes import Colours, colour_theme, complete, correct, list_pairs
from narrate.slides.palettes import read_colours as read_all
from narrate.slides.theme import Theme
from narrate.slides.theme_keys import ThemeKeys, is_font_file, list_written_colours

LARGEST_CHARACTERS = 50_000
"""Of a theme file; one that says everything has 3000."""
MOST_FINDINGS = 20
FONT_PARTS = ("title", "text", "code")

_BROKEN_PLACE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


@dataclass(frozen=True, slots=True)
class ThemeText:
    """The keys of a theme file, and what could not be used of it."""

    keys: ThemeKeys
    findings: tuple[Finding, ...] = ()


def parse_theme(text: str, path: str) -> ThemeText:
    """Read the text of a theme file. `path` is its name in findings. Raises nothing."""
    if len(text) > LARGEST_CHARACTERS:
        message = f"The theme file has more than {LARGEST_CHARACTERS} characters."
        return _refuse(message, "Keep only the keys of a theme in it.", Place(path))
    try:
        values = tomllib.loads(text)
    except RecursionError:
        message = "The theme file is nested too deeply."
        return _refuse(message, "Write no more than tables of keys and values.", Place(path))
    except ValueError as error:  # TOMLDecodeError is one, and so is a number that is too long
        where = _BROKEN_PLACE.search(str(error))
        line = int(where[1]) if where and where[1] else None
        message = f"The theme file is not TOML: {shorten(_BROKEN_PLACE.sub('', str(error)), 120)}."
        remedy = 'Write lines such as background = "#ffffff", with quotes around text.'
        return _refuse(message, remedy, Place(path, line))
    return _check(values, text, path)


def _refuse(message: str, remedy: str, place: Place) -> ThemeText:
    return ThemeText(
        ThemeKeys(), (Finding("theme-unusable", "warning", Problem(message, remedy, place)),)
    )


def _check(values: dict[str, Any], text: str, path: str) -> ThemeText:
    """The keys that can be used; each other one is left out, with a finding."""
    findings: list[Finding] = []
    while True:
        try:
            return ThemeText(ThemeKeys.model_validate(values), tuple(findings))
        except ValidationError as error:
            details = error.errors(include_url=False, include_context=False)
        for detail in details:
            keys = tuple(str(part) for part in detail["loc"] if part != KEY_MARK)
            if len(findings) < MOST_FINDINGS:
                place = Place(path, find_line(text, keys), key=".".join(keys))
                problem = _describe(detail["type"], detail["loc"], detail["input"], place)
                findings.append(Finding("theme-value-ignored", "warning", problem))
            _remove(values, keys)


def _describe(kind: str, location: Sequence[int | str], value: object, place: Place) -> Problem:
    keys = [str(part) for part in location if part != KEY_MARK]
    name = brief(".".join(keys))
    if kind == "extra_forbidden":
        owner = find_keys(find_declaration(ThemeKeys, keys[:-1])[0]) or ThemeKeys
        known = owner.model_fields
        near = find_near(keys[-1], known)
        remedy = f"Did you mean {near!r}?" if near else f"Choose from {', '.join(known)}."
        return Problem(f"There is no key {name} in a theme, so it is ignored.", remedy, place)
    expected = describe_expected(*find_declaration(ThemeKeys, location))
    if location[-1] == KEY_MARK:
        message = f"There is no key {name} in a theme, so it is ignored."
        return Problem(message, f"Write {expected}.", place)
    message = f"{name} cannot be {brief(value)}, so it is ignored."
    return Problem(message, f"Write {expected}.", place)


def _remove(values: dict[str, Any], keys: Sequence[str]) -> None:
    """Take out the value that these keys lead to, or the nearest around it."""
    inner = values
    for key, following in pairwise(keys):
        if not isinstance(inner.get(key), dict) or following not in inner[key]:
            inner.pop(key, None)
            return
        inner = inner[key]
    inner.pop(keys[-1], None)


def find_line(text: str, keys: Sequence[str]) -> int | None:
    """The line of a key in a TOML text, or of the table that it is in."""
    table: tuple[str, ...] = ()
    best, deepest = None, 0
    for number, line in enumerate(text.splitlines(), 1):
        if head := re.match(r"\s*\[\s*([\w.\- \"']{1,200}?)\s*\]", line):
            table = tuple(part.strip(" \"'") for part in head[1].split("."))
            written = table
        elif name := re.match(r"\s*([\w.\-\"']{1,200})\s*=", line):
            written = (*table, *(part.strip("\"'") for part in name[1].split(".")))
        else:
            continue
        if written == tuple(keys):
            return number
        if written == tuple(keys[: len(written)]) and len(written) > deepest:
            best, deepest = number, len(written)
    return best


def make_theme(
    read: ThemeText, name: str, path: str, text: str, themes: Mapping[str, Theme]
) -> tuple[Theme, tuple[Finding, ...]]:
    """The theme that a file describes, with colours that can be read, and the findings.

    `themes` are the built-in ones, of which one is the base.
    """
    keys, findings = read.keys, list(read.findings)
    written = list_written_colours(keys)
    base = themes.get(keys.base or "")
    if base is None:
        if keys.base:
            place = Place(path, find_line(text, ("base",)), key="base")
            near = find_near(keys.base, themes)
            remedy = f"Did you mean {near!r}?" if near else f"Choose from {', '.join(themes)}."
            message = f"There is no theme {brief(keys.base)} to begin with, so 'light' is taken."
            findings.append(
                Finding("theme-value-ignored", "warning", Problem(message, remedy, place))
            )
        base = themes["dark" if is_dark(written.get("background", "#ffffff")) else "light"]
    theme = replace(_apply(base, keys), name=name)
    wanted = complete(read_all(base), written)
    colours = correct(wanted, theme.least_contrast)
    findings.extend(_report_corrections(written, colours, theme.least_contrast, path, text))
    return colour_theme(theme, colours), tuple(findings)


def build_theme(keys: ThemeKeys, name: str, base: Theme) -> Theme:
    """A built-in theme: its colours are taken as they are written."""
    colours = complete(read_all(base), list_written_colours(keys))
    return colour_theme(replace(_apply(base, keys), name=name), colours)


def _apply(base: Theme, keys: ThemeKeys) -> Theme:
    """The base with all that is written and is no colour."""
    changed: dict[str, Any] = {
        part: replace(getattr(base, part), **_written(getattr(keys, part)))
        for part in ("shape", "title_page", "section")
    }
    fonts = _written(keys.fonts)
    changed["font_files"] = _list_font_files(fonts.pop("files", ()), fonts)
    if "text" in fonts and "title" not in fonts:
        fonts["title"] = fonts["text"]
    changed["typeface"] = replace(base.typeface, **fonts)
    for name in ("footer", "logo", "presenter"):
        if (value := getattr(keys, name)) is not None:
            changed[name] = value
    if keys.contrast is not None:
        changed["least_contrast"] = keys.contrast
    return replace(base, **changed)


def _list_font_files(files: Iterable[str], fonts: Mapping[str, Any]) -> tuple[str, ...]:
    """The files among the fonts, each once."""
    named = (fonts[part] for part in FONT_PARTS if part in fonts)
    return tuple(dict.fromkeys(name for name in (*named, *files) if is_font_file(name)))


def _written(group: Keys) -> dict[str, Any]:
    return {k: v for k, v in group if v is not None}


def _report_corrections(
    written: Colours, colours: Colours, least: float, path: str, text: str
) -> Iterable[Finding]:
    """A finding about the colours that were written and cannot be used as they are."""
    changed = [name for name in written if colours[name] != written[name]]
    if not changed:
        return
    yield Finding("theme-colours-corrected", "warning", describe_corrections(
        changed, written, colours, least,
        Place(path, find_line(text, _find_keys(changed[0])), key=".".join(_find_keys(changed[0]))),
    ))  # fmt: skip


def describe_corrections(
    changed: Sequence[str], written: Colours, colours: Colours, least: float, place: Place
) -> Problem:
    """What was changed of colours, and why."""
    told = ", ".join(f"{n} from {written[n]} to {colours[n]}" for n in changed[:4])
    more = f" and {len(changed) - 4} more" if len(changed) > 4 else ""
    worst = min(
        (
            contrast({**colours, **written}[p.colour], {**colours, **written}[p.ground])
            for p in list_pairs(least)
            if p.colour in changed or p.ground in changed
        ),
        default=1.0,
    )
    message = (
        f"Colours of the theme cannot be read (contrast {worst:.1f}:1 instead of {least:g}:1), so "
        f"they were changed: {told}{more}."
    )
    return Problem(message, "Write these colours, or others that differ more.", place)


def _find_keys(colour: str) -> tuple[str, ...]:
    """The keys under which a colour is written."""
    parts = tuple(colour.split("."))
    return ("colours", *parts) if len(parts) == 1 else parts
