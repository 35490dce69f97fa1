"""Draws a slide with Typst from templates: a PNG for each page at each reveal step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any

from foundation.languages import direction
from foundation.problem import Place, Problem, ProblemError
from lessons.course.settings import DEFAULTS
from lessons.model import Finding, Slide
from narrate.layout import LEAST_TEXT, Box, Layout
from narrate.slides.block_model import Block, count_picture_rows, walk_blocks
from narrate.slides.blocks import EDGE, GUTTER, PADDING, TALLEST_FORMULA, Material
from narrate.slides.bounds import bound_slide
from narrate.slides.code_lines import LETTER
from narrate.slides.direction import find_direction, find_line_space
from narrate.slides.fonts import CODE_FONT, CODE_TOP, TEXT_FONT, list_fonts
from narrate.slides.frames import SlideFrame
from narrate.slides.legibility import Legibility, ShownPicture, measure_page
from narrate.slides.legibility_rules import find_illegible
from narrate.slides.own_templates import find_fault
from narrate.slides.pictures.reading import ReadPicture
from narrate.slides.plain_slide import make_plain_slide
from narrate.slides.printable import make_one_line
from narrate.slides.script_fonts import INSTALL, has_extra_fonts
from narrate.slides.theme_pages import add_logo, choose_cover_page
from narrate.slides.themes import THEMES, Theme
from narrate.slides.typesetting import describe_script, find_missing_characters, typeset
from narrate.typography import keep_spaces

STATEMENT = 140  # characters of paragraphs that are set large if nothing else is on the slide
CROWDED = 0.7  # of the usual size; body text then has 31 px at 1080p
MOST_PAGES = 40  # of a slide; the rest is cut

# The colours of a theme that the template uses by name.
_COLOURS = (
    *("background", "text", "title", "muted", "accent", "panel", "line", "border"),
    *("captions", "signer", "highlight", "highlight_text"),
)


@dataclass(frozen=True, slots=True)
class DrawnSlide:
    """A drawn slide: its frames in the order in which they are shown. Each reveal step has one or
    more, as many as there are pages on which something appears at it. What appears later is hidden
    but keeps its place. `legibility` has the measures of each page."""

    frames: tuple[SlideFrame, ...]
    findings: tuple[Finding, ...] = ()
    legibility: tuple[Legibility, ...] = ()

    @property
    def pictures(self) -> tuple[bytes, ...]:
        """The PNGs of the frames."""
        return tuple(frame.png for frame in self.frames)


@dataclass(frozen=True, slots=True)
class SlideLook:
    """How the slides of a lesson look, apart from their contents.

    `footer` is the course's title. `provenance` is the line that says who speaks. `language` is a
    BCP 47 tag. `fonts` are the theme's own font files, and `templates` those of the user, each with
    its name, which stand in place of narrate's own.
    """

    layout: Layout
    theme: Theme = THEMES[DEFAULTS.theme]
    language: str = DEFAULTS.language
    footer: str = ""
    provenance: str = ""
    fonts: tuple[bytes, ...] = ()
    templates: tuple[tuple[str, str], ...] = ()


def draw_slide(
    slide: Slide,
    look: SlideLook,
    *,
    read: ReadPicture,
    path: str = "",
) -> DrawnSlide:
    """Draw a slide into the boxes of a layout.

    `read` gives the bytes of the course's pictures;
    `narrate.slides.pictures.reading.reading_from` reads them in a folder. `path` is the lesson's
    file, for errors and findings. Text that does not fit is made smaller, down to 24 pixels at
    1080p, and then divided over several pages (`slide-divided`). What fits on none is cut, with the
    finding `slide-overflows`. Characters that no font has give the finding `missing-glyphs`, and
    what is hard to read those of `narrate.slides.legibility_rules`.

    A picture that cannot be used gives the finding `picture-unshown`, and a frame with its
    alternative text takes its place. A formula that cannot be typeset is shown as LaTeX, with the
    finding `formula-unshown`. A slide that cannot be drawn at all becomes its title and plain text,
    with the finding `slide-unshown`.

    Raises:
        RenderError: not even plain text can be drawn.
    """
    place = Place(path, slide.line, slide.number)
    if look.templates:
        return _draw_with_own_templates(slide, look, read, place)
    try:
        return _draw(slide, look, read, place)
    except (ProblemError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        reason = "The slide is nested too deeply." if deep else str(error.args[0])
        drawn = _draw(make_plain_slide(slide), look, read, place)
    message = f"{reason} The slide is shown as its title and plain text."
    problem = Problem(message, "Simplify the slide, or split it in two.", place)
    finding = Finding("slide-unshown", "error", problem)
    return replace(drawn, findings=(finding, *drawn.findings))


def _draw_with_own_templates(
    slide: Slide, look: SlideLook, read: ReadPicture, place: Place
) -> DrawnSlide:
    try:
        return _draw(slide, look, read, place)
    except Exception:  # a template can raise anything
        plain = replace(look, templates=())
        drawn = draw_slide(slide, plain, read=read, path=place.path)
    finding = find_fault(
        look.templates, lambda own: _draw(slide, replace(look, templates=own), read, place)
    )
    return replace(drawn, findings=(finding, *drawn.findings))


def _draw(slide: Slide, look: SlideLook, read: ReadPicture, place: Place) -> DrawnSlide:
    from narrate.templating import own_typst_environment, typst_environment

    slide, cuts = bound_slide(slide, place)
    cover_page = choose_cover_page(slide, look.theme)
    look = replace(look, theme=look.theme.for_page(cover_page))
    material = Material(look.theme, read, look.layout, place, look.language)
    logo = add_logo(material)
    width = float(look.layout.content.width)
    parts = [material.make_parts(visual, width) for visual in slide.visuals]
    blocks = tuple(block for part in parts for block in part)
    visual_of = [number for number, part in enumerate(parts) for _ in part]
    visual_of += [visual_of[at] for at, block in enumerate(blocks) for _ in block.below]
    if any(block.kind == "code" for block in walk_blocks(blocks)):
        material.files["code.tmTheme"] = _write_code_theme(look.theme)
    own = own_typst_environment(look.templates) if look.templates else typst_environment()
    template = own.get_template("slides/slide.typ.j2")
    source = template.render(
        **_describe_look(look),
        **_describe_content(slide, blocks, look),
        logo=logo,
        title_only=cover_page is not None,
        is_section=slide.number > 1,
        on_cover=cover_page is not None and cover_page.ground == "cover",
        cover_page=cover_page or look.theme.title_page,
    )
    pages, facts = typeset(source, material.files, look.fonts)
    found = (*cuts, *material.findings, *_find_problems(slide, facts, blocks, place))
    frames = tuple(_make_frames(slide, pages, facts, visual_of))
    legibility = _measure_pages(frames, facts, look.layout, material)
    hard = find_illegible(
        legibility,
        prose=facts.get("prose", ()),
        names=material.names,
        language=look.language,
        place=place,
    )
    return DrawnSlide(frames, tuple(dict.fromkeys((*found, *hard))), legibility)


def _measure_pages(
    frames: Sequence[SlideFrame], facts: Mapping[str, Any], layout: Layout, material: Material
) -> tuple[Legibility, ...]:
    """Measure the last frame of each page, on which everything has appeared."""
    last = {frame.page: at for at, frame in enumerate(frames)}
    shown: dict[int, list[ShownPicture]] = {}
    for row in facts.get("shown", ()):
        box = Box(*(round(row[side]) for side in ("x", "y", "w", "h")))
        picture = ShownPicture(row["file"], box, material.files[row["file"]], row["scale"])
        shown.setdefault(row["frame"], []).append(picture)
    return tuple(
        measure_page(frames[at].png, layout, shown.get(at, ())) for _, at in sorted(last.items())
    )


def _make_frames(
    slide: Slide, pages: Sequence[bytes], facts: Mapping[str, Any], visual_of: Sequence[int]
) -> Iterator[SlideFrame]:
    for png, (step, page, block, weight) in zip(pages, facts["frames"], strict=True):
        anchor = slide.anchors[visual_of[block]] if slide.anchors and visual_of else None
        yield SlideFrame(png, step, page, anchor, max(weight, 1))


def _describe_look(look: SlideLook) -> dict[str, object]:
    """Return what the template needs to know about the layout and the theme."""
    layout, typeface = look.layout, look.theme.typeface
    footer = look.theme.footer or look.footer
    return {
        "unit": round(layout.unit, 6),
        "least": round(LEAST_TEXT * layout.unit, 3),
        "width": layout.size[0],
        "height": layout.size[1],
        "narrow": layout.narrow,
        "title_box": layout.title,
        "content": layout.content,
        "above": layout.above,
        "aside": layout.aside,
        "foot_box": layout.footer,
        "foot_size": 26,
        "presenter": layout.presenter,
        "signer": layout.signer,
        "captions": layout.captions,
        "radius": layout.radius,
        "colours": [(name, getattr(look.theme, name)) for name in _COLOURS],
        "tones": look.theme.tones,
        "gutter": GUTTER,
        "padding": PADDING,
        "edge": EDGE,
        "tallest_formula": TALLEST_FORMULA,
        "typeface": typeface,
        "shape": look.theme.shape,
        **describe_script(look.language),
        "fonts": list_fonts(typeface.text, TEXT_FONT, language=look.language),
        "title_fonts": list_fonts(typeface.title, typeface.text, TEXT_FONT, language=look.language),
        "code_fonts": list_fonts(typeface.code, CODE_FONT, language=look.language),
        "code_top": CODE_TOP,
        "letter": LETTER,
        "footer": keep_spaces(make_one_line(footer), look.language),
        "provenance": keep_spaces(make_one_line(look.provenance), look.language),
    }


def _describe_content(slide: Slide, blocks: Sequence[Block], look: SlideLook) -> dict[str, object]:
    """Return what the template needs to know about the slide's contents."""
    title = keep_spaces(make_one_line(slide.title), look.language)
    short = _count_paragraph_characters(blocks)
    pictures = sum(block.kind == "picture" for block in blocks)
    nested = [block for block in blocks if block.kind != "picture"]
    below = [inner for block in blocks for inner in block.below]
    starts = list(accumulate((len(block.below) for block in blocks), initial=len(blocks)))
    return {
        "title": title,
        "title_direction": find_direction(title, direction(look.language)),
        "line_space": find_line_space((title, *_find_texts(blocks))),
        "statement": 0 < short <= STATEMENT,
        "picture_first": bool(blocks) and blocks[0].kind == "picture",
        "blocks": [*blocks, *below],
        "count": len(blocks),
        "below": [starts[at : at + 2] for at in range(len(blocks))],
        "steps": max(slide.steps, 1),
        "most_pages": MOST_PAGES,
        "picture_rows": count_picture_rows(nested, narrow=look.layout.narrow),
        "kept": round(0.34 * min(pictures, 2), 2),
    }


def _count_paragraph_characters(blocks: Sequence[Block]) -> int:
    """Count the characters on a slide that has only paragraphs; 0 for any other slide."""
    if not all(block.kind == "paragraph" for block in blocks):
        return 0
    return sum(len(run.text) or 4 for block in blocks for run in block.runs)


def _find_problems(
    slide: Slide, facts: Mapping[str, Any], blocks: Sequence[Block], place: Place
) -> Iterable[Finding]:
    yield from tuple(_find_overflow(facts, place)) or _find_crowding(facts, blocks, place)
    missing = find_missing_characters([slide.title, *_find_texts(blocks)])
    if missing:
        named = " ".join(f"{c} (U+{ord(c):04X})" for c in missing[:8])
        message = f"No font has the characters {named}, so empty boxes are shown."
        remedy = "Use other characters, or a picture of them."
        if not has_extra_fonts():
            remedy = f"Get the fonts of more scripts: {INSTALL}. Or use other characters."
        yield Finding("missing-glyphs", "warning", Problem(message, remedy, place))


def _find_overflow(facts: Mapping[str, Any], place: Place) -> Iterator[Finding]:
    if short := facts.get("short"):
        pages = facts.get("pages", 1)
        where = f"page {', '.join(map(str, short[:8]))} of the slide" if pages > 1 else "the slide"
        message = (
            f"More is on {where} than fits, even in the smallest readable text, so the end of it "
            "is cut off. The transcript has all of it."
        )
        remedy = "Split the slide in two, or shorten it."
        yield Finding("slide-overflows", "warning", Problem(message, remedy, place))
    if facts.get("cut"):
        message = (
            f"The slide needs more than {MOST_PAGES} pages, so what comes after them is left out. "
            "The transcript has all of it."
        )
        remedy = "Split the slide into several."
        yield Finding("slide-overflows", "warning", Problem(message, remedy, place))


def _find_crowding(
    facts: Mapping[str, Any], blocks: Sequence[Block], place: Place
) -> Iterator[Finding]:
    if facts.get("pages", 1) > 1:
        message = f"The slide's content is shown on {facts['pages']} pages, one after another."
        remedy = "If that is too much for what is said, split the slide in two, or shorten it."
        yield Finding("slide-divided", "note", Problem(message, remedy, place))
    elif isinstance(scale := facts.get("scale"), int | float) and scale < CROWDED and blocks:
        message = f"The slide's text had to be reduced to {scale:.0%} of its usual size."
        remedy = "Split the slide in two, or shorten it."
        yield Finding("slide-crowded", "note", Problem(message, remedy, place))


def _find_texts(blocks: Iterable[Block]) -> Iterable[str]:
    for block in walk_blocks(blocks):
        yield from (block.text, block.caption, block.label)
        for item in block.items:
            yield from (run.text for run in item.runs)
        yield from (line.text for line in block.lines)
        for cells in ((block.runs,), block.header, *block.rows):
            for runs in cells:
                yield from (run.text for run in runs)


def _write_code_theme(theme: Theme) -> bytes:
    """Write the colours of code as a TextMate theme. The scopes are those of Sublime's grammars."""
    from narrate.templating import html_environment

    scopes = [
        ("comment", theme.code_comment, "italic"),
        ("string, constant.character.escape", theme.code_string, ""),
        ("constant.numeric, constant.language, constant.other", theme.code_number, ""),
        ("keyword, storage, keyword.operator.word, variable.language", theme.code_keyword, ""),
        ("keyword.operator", theme.text, ""),
        ("entity.name, support.function, support.type, support.class", theme.code_name, ""),
        ("entity.other.attribute-name", theme.code_name, ""),
        ("entity.name.tag", theme.code_keyword, ""),
    ]
    template = html_environment().get_template("slides/code.tmTheme.j2")
    return template.render(theme=theme, scopes=scopes).encode()
