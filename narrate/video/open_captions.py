"""Open captions, which are part of the picture: all cues of a slide drawn by one Typst document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from foundation.languages import direction
from foundation.problem import Problem
from lessons.model import Finding
from narrate.captions.speakers import COLOURS
from narrate.layout import CAPTION_TEXT, LEAST_CAPTION_TEXT, Layout
from narrate.slides.direction import Direction, find_direction, find_line_space, keep_signs
from narrate.slides.printable import make_one_line
from narrate.slides.themes import Theme
from narrate.slides.typesetting import describe_script, typeset
from narrate.vocabulary import Cue


@dataclass(frozen=True, slots=True)
class CaptionPictures:
    """PNGs of the size of the layout's caption band: one for each cue in `pictures`, and `empty`,
    the band without a caption."""

    pictures: tuple[bytes, ...]
    empty: bytes
    findings: tuple[Finding, ...] = ()


def draw_captions(
    cues: Sequence[Cue], *, layout: Layout, theme: Theme, language: str
) -> CaptionPictures:
    """Draw cues for the caption band of a layout, which must have one.

    All captions of a slide have the same text size: 60 pixels at 1080p, or less if a line is too
    long, but at least 48. A line that is still too long wraps, with the finding `caption-too-wide`.
    """
    from narrate.templating import typst_environment

    band = layout.captions
    assert band is not None, "this layout has no place for captions"
    page = direction(language)
    texts = list(dict.fromkeys(_make_printable(cue, page) for cue in cues))
    margin = round(40 * layout.unit)
    sizes = [round(s * layout.unit, 2) for s in range(CAPTION_TEXT, LEAST_CAPTION_TEXT - 1, -4)]
    source = (
        typst_environment()
        .get_template("slides/captions.typ.j2")
        .render(
            width=band.width,
            height=band.height,
            background=theme.captions,
            colour=theme.captions_text,
            **describe_script(language),
            line_space=min(find_line_space(line for _, _, lines in texts for line in lines), 0.3),
            cues=[("", "ltr", ()), *texts],
            sizes=Markup("(" + ", ".join(map(str, sizes)) + ",)"),
            free=band.width - 2 * margin,
            margin=margin,
        )
    )
    pages, facts = typeset(source, {})
    drawn = dict(zip(texts, pages[1:], strict=True))
    findings: tuple[Finding, ...] = ()
    if facts.get("fits") is False:
        message = "A line of a caption is too long for the picture, so it wraps."
        remedy = "Choose a caption profile with shorter lines."
        findings = (Finding("caption-too-wide", "warning", Problem(message, remedy)),)
    return CaptionPictures(
        tuple(drawn[_make_printable(cue, page)] for cue in cues), pages[0], findings
    )


def _make_printable(cue: Cue, page: Direction) -> tuple[str, Direction, tuple[str, ...]]:
    """The colour of a caption, empty for the theme's, its direction, and its lines."""
    colour = COLOURS[cue.colour] if cue.colour not in ("", "white") else ""
    lines = tuple(keep_signs(make_one_line(line), page) for line in cue.shown_lines)
    return colour, find_direction("".join(lines), page), lines
