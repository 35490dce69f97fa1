"""Open captions as bitmaps: all cues of a slide in one Typst document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from foundation.problem import Problem
from lessons.model import Finding
from narrate.video.layout import CAPTION_TEXT, LEAST_CAPTION_TEXT, Layout
from narrate.video.slides import font_list
from narrate.video.text import language_of, one_line
from narrate.video.themes import Theme
from narrate.video.typesetting import TEXT_FONT, typeset
from narrate.vocabulary import Cue

VERSION = 1


@dataclass(frozen=True, slots=True)
class CaptionPictures:
    """`pictures[i]` is the PNG of the i-th cue, as large as the layout's caption band; `empty` is
    the band without a caption."""

    pictures: tuple[bytes, ...]
    empty: bytes
    findings: tuple[Finding, ...] = ()


def draw_captions(
    cues: Sequence[Cue], *, layout: Layout, theme: Theme, language: str = "en"
) -> CaptionPictures:
    """Draw cues for the caption band of a layout, which must have one.

    The letters of one slide have one size: 60 pixels at 1080p, less if a line is too long, never
    under 48. A line that is still too long wraps, with the finding `caption-too-wide`.
    """
    from narrate.templating import typst_environment

    band = layout.captions
    assert band is not None, "this layout has no place for captions"
    texts = list(dict.fromkeys(tuple(one_line(line) for line in cue.lines) for cue in cues))
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
            fonts=font_list(TEXT_FONT),
            lang=language_of(language),
            cues=[(), *texts],
            sizes=Markup("(" + ", ".join(map(str, sizes)) + ",)"),
            free=band.width - 2 * margin,
            margin=margin,
        )
    )
    pages, facts = typeset(source, {})
    place = dict(zip(texts, pages[1:], strict=True))
    findings = (
        ()
        if facts.get("fits") is not False
        else (
            Finding(
                "caption-too-wide",
                "warning",
                Problem(
                    "A caption's line is too long for the picture and wraps.",
                    "Use a captions profile with shorter lines.",
                ),
            ),
        )
    )
    return CaptionPictures(
        tuple(place[tuple(one_line(line) for line in cue.lines)] for cue in cues),
        pages[0],
        findings,
    )
