"""All colours of a theme by name, and how they are completed and corrected until they are readable.

A colour is named as in a theme file: `text`, `code.keyword`, `tones.info.fill`, `cover.title`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from lessons.box_kinds import BOX_KINDS
from narrate.slides.colours import BLACK, WHITE, contrast, is_dark, make_readable, mix
from narrate.slides.theme import Cover, Theme, ToneColours

Colours = Mapping[str, str]

LEAST_EDGE_CONTRAST = 3.0  # WCAG 1.4.11
LEAST_CAPTION_CONTRAST = 7.0  # WCAG 1.4.6: captions are read while they change

PAGE = ("background", "text", "title", "muted", "accent", "panel", "line", "border")
MARKS = ("highlight", "highlight_text", "captions", "captions_text", "signer")
CODE = ("keyword", "string", "number", "name", "comment")
COVER = ("background", "text", "title", "muted", "accent", "panel", "line")
TONES = tuple(dict.fromkeys(kind.tone for kind in BOX_KINDS.values()))
TONE_PARTS = ("edge", "fill", "label")


@dataclass(frozen=True, slots=True)
class Pair:
    """Something that is seen on a ground: the names of both colours, and the contrast that they
    must have."""

    colour: str
    ground: str
    least: float


def list_names() -> Iterator[str]:
    """The names of all colours of a theme."""
    yield from PAGE
    yield from MARKS
    yield from (f"code.{part}" for part in CODE)
    yield from (f"cover.{part}" for part in COVER)
    yield from (f"tones.{tone}.{part}" for tone in TONES for part in TONE_PARTS)


def list_pairs(least: float) -> Iterator[Pair]:
    """All that is seen on something else in a theme whose text must have at least this contrast."""
    for name in ("text", "title", "muted", "accent"):
        yield Pair(name, "background", least)
        yield Pair(f"cover.{name}", "cover.background", least)
    for name in ("text", "muted", "accent"):
        yield Pair(name, "panel", least)
        yield Pair(f"cover.{name}", "cover.panel", least)
    for name in CODE:
        yield Pair(f"code.{name}", "panel", least)
    for name in ("line", "border"):
        yield Pair(name, "background", LEAST_EDGE_CONTRAST)
    yield Pair("cover.line", "cover.background", LEAST_EDGE_CONTRAST)
    for tone in TONES:
        for ground in ("background", f"tones.{tone}.fill"):
            for name in ("text", "muted", "accent", f"tones.{tone}.label"):
                yield Pair(name, ground, least)
            yield Pair(f"tones.{tone}.edge", ground, LEAST_EDGE_CONTRAST)
    yield Pair("highlight_text", "highlight", least)
    yield Pair("captions_text", "captions", LEAST_CAPTION_CONTRAST)


def read_colours(theme: Theme) -> dict[str, str]:
    """All colours of a theme by name."""
    found = {name: getattr(theme, name) for name in (*PAGE, *MARKS)}
    found.update((f"code.{part}", getattr(theme, f"code_{part}")) for part in CODE)
    found.update((f"cover.{part}", getattr(theme.cover, part)) for part in COVER)
    for tone, colours in theme.tones.items():
        found.update((f"tones.{tone}.{part}", getattr(colours, part)) for part in TONE_PARTS)
    return found


def colour_theme(theme: Theme, colours: Colours) -> Theme:
    """The theme with these colours, which must be all."""
    plain: dict[str, Any] = {name: colours[name] for name in (*PAGE, *MARKS)}
    plain.update((f"code_{part}", colours[f"code.{part}"]) for part in CODE)
    tones = {
        tone: ToneColours(*(colours[f"tones.{tone}.{part}"] for part in TONE_PARTS))
        for tone in TONES
    }
    cover = Cover(*(colours[f"cover.{part}"] for part in COVER))
    return replace(theme, **plain, cover=cover, tones=tones)


def make_colourless_theme() -> Theme:
    """A theme that is black on black, which is given all of its colours."""
    black: dict[str, Any] = dict.fromkeys(
        (*PAGE, *MARKS, *(f"code_{part}" for part in CODE)), BLACK
    )
    return Theme(name="", **black, tones={}, cover=Cover(*[BLACK] * len(COVER)))


def find_least_contrast(theme: Theme) -> float:
    """The lowest contrast of any text of the theme with its ground."""
    colours = read_colours(theme)
    pairs = [p for p in list_pairs(theme.least_contrast) if p.least > LEAST_EDGE_CONTRAST]
    return min(contrast(colours[p.colour], colours[p.ground]) for p in pairs)


def complete(base: Colours, written: Colours) -> dict[str, str]:
    """The colours of `base` with those that were written, and what follows from these: on another
    background, panels and lines have other colours too."""
    found = {**base, **written}
    if "text" in written and "title" not in written:
        found["title"] = written["text"]
    if "accent" in written and "border" not in written:
        found["border"] = written["accent"]
    if "background" in written and written["background"] != base["background"]:
        found.update({k: v for k, v in _derive(found).items() if k not in written})
    if not any(name.startswith("cover.") for name in written):
        if {"background", "text", "title", "accent"} & written.keys():
            found.update((f"cover.{part}", found[part]) for part in COVER)
    else:
        found.update({k: v for k, v in _derive_cover(found).items() if k not in written})
    return found


def _derive(colours: Colours) -> dict[str, str]:
    """The colours that belong to a background and a text."""
    ground = colours["background"]
    text = make_readable(colours["text"], [ground], 4.5)
    tones = {
        f"tones.{tone}.fill": mix(ground, colours[f"tones.{tone}.edge"], 0.1) for tone in TONES
    }
    return {
        "panel": mix(ground, text, 0.06),
        "muted": mix(text, ground, 0.25),
        "line": mix(ground, text, 0.45),
        "captions": mix(ground, BLACK, 0.8) if is_dark(ground) else colours["captions"],
        **tones,
    }


def _derive_cover(colours: Colours) -> dict[str, str]:
    ground = colours["cover.background"]
    text = make_readable(colours["cover.text"], [ground], 4.5)
    return {
        "cover.title": text,
        "cover.muted": mix(text, ground, 0.25),
        "cover.panel": mix(ground, text, 0.1),
        "cover.line": mix(ground, text, 0.5),
    }


def correct(colours: Colours, least: float) -> dict[str, str]:
    """The colours, changed as little as possible until all pairs have their contrast."""
    found = dict(colours)
    pairs = list(list_pairs(least))
    for text, ground in (("text", "background"), ("cover.text", "cover.background")):
        if contrast(found[text], found[ground]) < least:  # and then so that it is read easily
            found[text] = make_readable(found[text], [found[ground]], 7.0)
    for title, text in (("title", "text"), ("cover.title", "cover.text")):
        if colours[title] == colours[text]:
            found[title] = found[text]
    for pair in pairs:  # all that text stands on agrees with the background
        text, sheet = ("cover.text", "cover.background") if "cover" in pair.colour else (
            "text", "background"
        )  # fmt: skip
        if pair.colour == text:
            found[pair.ground] = _make_ground(found[pair.ground], found[sheet], found[text], least)
    seen_on: dict[str, list[Pair]] = {}
    for pair in pairs:
        seen_on.setdefault(pair.colour, []).append(pair)
    for colour, on in seen_on.items():
        wanted = max(pair.least for pair in on)
        grounds = [found[pair.ground] for pair in on]
        made = make_readable(found[colour], grounds, wanted)
        if min(contrast(made, ground) for ground in grounds) < wanted and colour not in (
            "highlight_text", "captions_text",
        ):  # fmt: skip
            made = found["cover.text" if colour.startswith("cover.") else "text"]
        found[colour] = made
    if contrast(found["captions_text"], found["captions"]) < LEAST_CAPTION_CONTRAST:
        found["captions"] = WHITE if is_dark(found["captions_text"]) else BLACK
    return found


def _make_ground(ground: str, sheet: str, text: str, least: float) -> str:
    """The ground, or the nearest towards the background on which the text can be read."""
    for step in range(21):
        tried = mix(ground, sheet, step / 20)
        if contrast(text, tried) >= least:
            return tried
    return sheet
