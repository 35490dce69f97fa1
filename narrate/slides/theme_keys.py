"""What a theme file may hold: every key with its type, its limits and its meaning.

`narrate schema theme` prints it as a JSON Schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, PlainSerializer, WithJsonSchema

from foundation.frozen_mapping import FrozenMapping
from lessons.box_kinds import Tone
from lessons.course.setting_types import ExpectedValue, Number, Text, Whole
from lessons.course.settings import Keys, key
from narrate.layout import Corner
from narrate.slides.theme import Align, Border, Emphasis, Ground, Marker, Rule, TableStyle

LONGEST_FOOTER = 120  # characters; more do not fit beside the line that says who speaks

_COLOUR = "#([0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})"
_FAMILY = re.compile(r"[\w .&+-]{1,60}")
_FONT_FILE = re.compile(r".+\.(?:ttf|otf)", re.IGNORECASE)
_LOGO_FILE = re.compile(r".+\.(?:svg|png|jpe?g|webp)", re.IGNORECASE)
_LONGEST_PATH = 200


def is_font_file(name: str) -> bool:
    """Whether the name of a font is that of a file."""
    return _FONT_FILE.fullmatch(name) is not None


def _as_colour(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(_COLOUR, value.strip()):
        raise ValueError
    digits = value.strip()[1:].lower()
    return "#" + (digits if len(digits) == 6 else "".join(2 * digit for digit in digits))


def _as_footer(value: str) -> str:
    if len(value) > LONGEST_FOOTER:
        raise ValueError
    return value


def _as_font(value: str) -> str:
    if len(value) > _LONGEST_PATH or not (is_font_file(value) or _FAMILY.fullmatch(value)):
        raise ValueError
    return value


def _as_logo(value: str) -> str:
    if len(value) > _LONGEST_PATH or not _LOGO_FILE.fullmatch(value):
        raise ValueError
    return value


_PATH_SCHEMA = {"type": "string", "minLength": 1, "maxLength": _LONGEST_PATH}

Colour = Annotated[
    str,
    BeforeValidator(_as_colour),
    WithJsonSchema({"type": "string", "pattern": f"^{_COLOUR}$"}),
    ExpectedValue('a colour, such as "#1f5fa8"'),
]
Font = Annotated[
    Text,
    AfterValidator(_as_font),
    WithJsonSchema(_PATH_SCHEMA),
    ExpectedValue("the name of an installed font, or of a .ttf or .otf file beside the theme"),
]
Logo = Annotated[
    Text,
    AfterValidator(_as_logo),
    WithJsonSchema(_PATH_SCHEMA),
    ExpectedValue("the name of an SVG, PNG, JPEG or WebP file beside the theme"),
]
Footer = Annotated[
    Text,
    AfterValidator(_as_footer),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": LONGEST_FOOTER}),
    ExpectedValue(f"a text of at most {LONGEST_FOOTER} characters"),
]


class ColourKeys(Keys):
    """The colours of slides. What is not written is taken from `base`, or follows from the
    background and the text."""

    background: Colour | None = key(None, "The colour of the slide.")
    text: Colour | None = key(None, "Ordinary text.")
    title: Colour | None = key(None, "Titles; by default as text.")
    muted: Colour | None = key(None, "What is less important: captions of pictures, the footer.")
    accent: Colour | None = key(None, "Rules, markers and links.")
    panel: Colour | None = key(None, "The background of code, formulas and rows of tables.")
    line: Colour | None = key(None, "Thin lines, such as those of tables.")
    border: Colour | None = key(None, "What is at the edges of the slide; by default as accent.")
    highlight: Colour | None = key(None, "The background of marked text.")
    highlight_text: Colour | None = key(None, "Marked text.")
    captions: Colour | None = key(None, "The band of captions in the lip-readable video.")
    captions_text: Colour | None = key(None, "The captions in it.")
    signer: Colour | None = key(None, "The space for an interpreter in the lip-readable video.")


class CodeKeys(Keys):
    """The colours of code, on `colours.panel`."""

    keyword: Colour | None = key(None, "Words of the programming language.")
    string: Colour | None = key(None, "Texts.")
    number: Colour | None = key(None, "Numbers and constants.")
    name: Colour | None = key(None, "Names of functions and types.")
    comment: Colour | None = key(None, "Comments.")


class CoverKeys(Keys):
    """The colours of title and section pages whose ground is `cover`."""

    background: Colour | None = key(None, "The colour of the page.")
    text: Colour | None = key(None, "Ordinary text.")
    title: Colour | None = key(None, "The title; by default as text.")
    muted: Colour | None = key(None, "What is less important.")
    accent: Colour | None = key(None, "Rules and links.")
    panel: Colour | None = key(None, "The background of code in a subtitle.")
    line: Colour | None = key(None, "Thin lines, such as the frame of the presenter.")


class ToneKeys(Keys):
    """The colours of boxes of one kind."""

    edge: Colour | None = key(None, "The edge of the box.")
    fill: Colour | None = key(None, "The background of the box.")
    label: Colour | None = key(None, "What the box is called.")


class FontKeys(Keys):
    """The fonts: names of installed ones, or files beside the theme."""

    title: Font | None = key(None, "The font of titles; by default that of text.")
    text: Font | None = key(None, "The font of all other text.")
    code: Font | None = key(None, "The font of code, whose letters must be of the same width.")
    files: Annotated[
        tuple[Font, ...] | None,
        ExpectedValue('a list of at most 8 font files, such as ["School-Bold.ttf"]'),
    ] = key(None, "Further font files, such as the bold and the italic.", max_length=8)
    text_weight: Whole | None = key(None, "How bold text is; 400 is regular.", ge=300, le=600)
    title_weight: Whole | None = key(None, "How bold titles are; 400 is regular.", ge=100, le=900)
    title_size: Number | None = key(None, "The size of titles: 1 is the usual.", ge=0.7, le=1.4)
    size: Number | None = key(None, "The size of all other text: 1 is the usual.", ge=0.85, le=1.25)
    leading: Number | None = key(None, "The space between lines: 1 is the usual.", ge=0.7, le=1.8)
    tracking: Number | None = key(
        None, "The space between letters of titles, in em.", ge=-0.04, le=0.12
    )
    emphasis: Emphasis | None = key(None, "How emphasised text is set.")


class ShapeKeys(Keys):
    """Corners and lines."""

    radius: Number | None = key(None, "How round cards and boxes are, in pixels.", ge=0, le=40)
    rule: Rule | None = key(None, "The line below titles.")
    marker: Marker | None = key(None, "The mark before the items of a list.")
    border: Border | None = key(None, "What is at the edges of the slide.")
    table: TableStyle | None = key(None, "How the rows of tables are told apart.")


class PageKeys(Keys):
    """A page with a title alone."""

    align: Align | None = key(None, "Where the title is.")
    ground: Ground | None = key(None, "Whether it has the colours of [cover].")
    rule: Rule | None = key(None, "The line at the title.")


class ThemeKeys(Keys):
    """What a theme file holds. All of it may be left out."""

    base: Text | None = key(
        None, "The built-in theme whose values hold where nothing is written; by default light or "
        "dark, as the background is.",
    )  # fmt: skip
    contrast: Number | None = key(
        None, "The least contrast of text with its background.", ge=4.5, le=7
    )
    footer: Footer | None = key(None, "The text at the foot, in place of the course's title.")
    logo: Logo | None = key(None, "The picture at the foot and on the title page.")
    presenter: Corner | None = key(None, "The corner of the presenter in a lecture.")
    colours: ColourKeys = key(ColourKeys(), "The colours of slides.")
    code: CodeKeys = key(CodeKeys(), "The colours of code.")
    cover: CoverKeys = key(CoverKeys(), "The colours of title and section pages.")
    tones: Annotated[
        Mapping[Tone, ToneKeys], AfterValidator(FrozenMapping), PlainSerializer(dict)
    ] = key(FrozenMapping({}), "The colours of boxes, by their kind.")
    fonts: FontKeys = key(FontKeys(), "The fonts and their sizes.")
    shape: ShapeKeys = key(ShapeKeys(), "Corners and lines.")
    title_page: PageKeys = key(PageKeys(), "The title page.")
    section: PageKeys = key(PageKeys(), "Pages between sections, which have a title alone.")


def list_written_colours(keys: ThemeKeys) -> dict[str, str]:
    """The colours that a theme file names, by their names in `narrate.slides.palettes`."""
    found: dict[str, str] = {}
    groups = [("", keys.colours), ("code.", keys.code), ("cover.", keys.cover)]
    groups += [(f"tones.{tone}.", tone_keys) for tone, tone_keys in keys.tones.items()]
    for prefix, group in groups:
        for name in type(group).model_fields:
            if (colour := getattr(group, name)) is not None:
                found[prefix + name] = colour
    return found
