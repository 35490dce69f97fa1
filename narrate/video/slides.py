"""Draws a slide with Typst from a template: one PNG for each reveal step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from foundation.problem import Place, Problem
from lessons.course.settings import DEFAULTS
from lessons.model import (
    Code,
    Finding,
    Formula,
    Inline,
    ItemList,
    Paragraph,
    Picture,
    Quote,
    Slide,
    Table,
    Visual,
)
from narrate.errors import NarrateError
from narrate.video.formula_pictures import FormulaPicture, draw_formula
from narrate.video.layout import LEAST_TEXT, Layout
from narrate.video.pictures import load_picture
from narrate.video.printable import make_one_line, wrap_code
from narrate.video.themes import THEMES, Theme
from narrate.video.typesetting import (
    CODE_FONT,
    TEXT_FONT,
    find_missing_characters,
    list_fonts,
    typeset,
    typst_language,
)

VERSION = 3

SUBTITLE = 90  # characters under the title of the first slide that still make it a title page
STATEMENT = 140  # characters of paragraphs that are set large if nothing else is on the slide
WIDE_SHARE = 0.58  # of the width, for code, a table or a formula beside a picture
CROWDED = 0.7  # of the usual size; body text then has 31 px at 1080p

# The colours of a theme that the template uses by name.
_COLOURS = (
    *("background", "text", "title", "muted", "accent", "panel", "line"),
    *("captions", "signer"),
)


@dataclass(frozen=True, slots=True)
class DrawnSlide:
    """A drawn slide. `pictures` has a PNG for each reveal step, in which later parts are hidden but
    keep their places."""

    pictures: tuple[bytes, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Formula:
    file: str
    width: float
    height: float
    depth: float


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    style: str
    formula: _Formula | None = None


@dataclass(frozen=True, slots=True)
class _Item:
    runs: tuple[_Run, ...]
    level: int
    step: int
    number: str | None


@dataclass(frozen=True, slots=True)
class _Block:
    """What the template needs to know about a visual. Each kind uses its own fields."""

    kind: str
    step: int = 0
    runs: tuple[_Run, ...] = ()
    items: tuple[_Item, ...] = ()
    marker: float = 0.0
    text: str = ""
    language: str = ""
    formula: _Formula | None = None
    columns: int = 0
    align: tuple[str, ...] = ()
    header: tuple[tuple[_Run, ...], ...] = ()
    rows: tuple[tuple[tuple[_Run, ...], ...], ...] = ()
    file: str = ""
    width: int = 0
    height: int = 0
    caption: str = ""


@dataclass(slots=True)
class _Material:
    """Gathers the files that a slide's document needs, with what is needed to make them."""

    theme: Theme
    course_root: Path
    opened: Path
    within: tuple[int, int]
    columns: int  # characters of code in a line, at the smallest size
    files: dict[str, bytes] = field(default_factory=dict)

    def add_formula(self, latex: str, *, inline: bool) -> _Formula:
        drawn: FormulaPicture = draw_formula(latex, colour=self.theme.text, inline=inline)
        name = f"formula-{len(self.files)}.svg"
        self.files[name] = drawn.svg
        return _Formula(name, round(drawn.width, 4), round(drawn.height, 4), round(drawn.depth, 4))

    def add_runs(self, content: Inline) -> tuple[_Run, ...]:
        return tuple(
            _Run("", run.style, self.add_formula(run.text, inline=True))
            if run.style == "formula"
            else _Run(make_one_line(run.text), run.style)
            for run in content
        )


@dataclass(frozen=True, slots=True)
class SlideLook:
    """How the slides of a lesson look, apart from their contents.

    `footer` is the course's title. `provenance` is the line that says who speaks. `language` is a
    BCP 47 tag.
    """

    layout: Layout
    theme: Theme = THEMES[DEFAULTS.theme]
    language: str = DEFAULTS.language
    footer: str = ""
    provenance: str = ""


def draw_slide(
    slide: Slide,
    look: SlideLook,
    *,
    course_root: Path,
    opened: Path | None = None,
    path: str = "",
) -> DrawnSlide:
    """Draw a slide into the boxes of a layout.

    `course_root` is the folder to which the paths of pictures are relative, and `opened` the one
    out of which none is read: by default the same. `path` is the lesson's
    file, for errors and findings. Text that does not fit is made smaller, down to 24 pixels at
    1080p. What still does not fit is cut, with the finding `slide-overflows`. Characters that no
    font has give the finding `missing-glyphs`.

    Raises:
        RenderError: a formula cannot be typeset.
        DecodingError: a picture cannot be used.
    """
    from narrate.templating import typst_environment

    columns = _count_code_columns(slide, look.layout)
    material = _Material(look.theme, course_root, opened or course_root, look.layout.size, columns)
    try:
        blocks = tuple(_make_block(visual, material) for visual in slide.visuals)
    except NarrateError as error:
        error.within(Place(path, slide.line, slide.number))
        raise
    if any(block.kind == "code" for block in blocks):
        material.files["code.tmTheme"] = _write_code_theme(look.theme)
    template = typst_environment().get_template("slides/slide.typ.j2")
    source = template.render(**_describe_look(look), **_describe_content(slide, blocks))
    pages, facts = typeset(source, material.files)
    steps = max(slide.steps, 1)
    if len(pages) != steps:
        raise AssertionError(f"{len(pages)} pages for {steps} steps")
    return DrawnSlide(pages, tuple(_find_problems(slide, facts, blocks, path)))


def _describe_look(look: SlideLook) -> dict[str, object]:
    """Return what the template needs to know about the layout and the theme."""
    layout = look.layout
    return {
        "unit": round(layout.unit, 6),
        "least": round(LEAST_TEXT * layout.unit, 3),
        "width": layout.size[0],
        "height": layout.size[1],
        "narrow": layout.narrow,
        "title_box": layout.title,
        "content": layout.content,
        "foot_box": layout.footer,
        "foot_size": 26,
        "presenter": layout.presenter,
        "signer": layout.signer,
        "captions": layout.captions,
        "radius": layout.radius,
        "colours": [(name, getattr(look.theme, name)) for name in _COLOURS],
        "fonts": list_fonts(TEXT_FONT),
        "code_fonts": list_fonts(CODE_FONT),
        "lang": typst_language(look.language),
        "footer": make_one_line(look.footer),
        "provenance": make_one_line(look.provenance),
    }


def _describe_content(slide: Slide, blocks: Sequence[_Block]) -> dict[str, object]:
    """Return what the template needs to know about the slide's contents."""
    title = make_one_line(slide.title)
    short = _count_paragraph_characters(blocks)
    is_title_page = not blocks or (slide.number == 1 and 0 < short <= SUBTITLE)
    pictures = sum(block.kind == "picture" for block in blocks)
    return {
        "title": title,
        "title_only": bool(title) and is_title_page,
        "statement": 0 < short <= STATEMENT,
        "picture_first": bool(blocks) and blocks[0].kind == "picture",
        "blocks": blocks,
        "steps": max(slide.steps, 1),
        "text_share": _choose_text_share(blocks),
        "kept": round(0.34 * min(pictures, 2), 2),
    }


def _make_block(visual: Visual, material: _Material) -> _Block:
    match visual:
        case Paragraph(content, step):
            return _Block("paragraph", step, runs=material.add_runs(content))
        case Quote(content, step):
            return _Block("quote", step, runs=material.add_runs(content))
        case ItemList(items):
            drawn = tuple(
                _Item(
                    material.add_runs(item.content),
                    min(item.level, 5),
                    item.step,
                    None if item.number is None else f"{item.number}.",
                )
                for item in items
            )
            widest = max((len(i.number) for i in drawn if i.number), default=0)
            return _Block("list", items=drawn, marker=0.82 if not widest else 0.5 + 0.45 * widest)
        case Code(text, language, step):
            return _Block("code", step, text=wrap_code(text, material.columns), language=language)
        case Formula(latex, step):
            return _Block("formula", step, formula=material.add_formula(latex, inline=False))
        case Table(header, rows, align, step):
            count = max([len(header), *(len(row) for row in rows)], default=0)
            return _Block(
                "table",
                step,
                columns=count,
                align=tuple([*align, *["left"] * count][:count]),
                header=_make_cells(header, count, material),
                rows=tuple(_make_cells(row, count, material) for row in rows),
            )
        case Picture(path, _, title, step, line):
            try:
                picture = load_picture(
                    material.course_root / path, root=material.opened, within=material.within
                )
            except NarrateError as error:
                error.within(Place(line=line or None))
                raise
            name = f"picture-{len(material.files)}.png"
            material.files[name] = picture.png
            return _Block(
                "picture",
                step,
                file=name,
                width=picture.width,
                height=picture.height,
                caption=make_one_line(title),
            )


def _make_cells(
    cells: Sequence[Inline], count: int, material: _Material
) -> tuple[tuple[_Run, ...], ...]:
    filled = [*cells, *[()] * count][:count]
    return tuple(material.add_runs(cell) for cell in filled)


def _count_paragraph_characters(blocks: Sequence[_Block]) -> int:
    """Count the characters on a slide that has only paragraphs; 0 for any other slide."""
    if not all(block.kind == "paragraph" for block in blocks):
        return 0
    return sum(len(run.text) or 4 for block in blocks for run in block.runs)


def _choose_text_share(blocks: Sequence[_Block]) -> float:
    """Return the share of the width for text beside a picture: code and tables need more."""
    wide = any(block.kind in ("code", "table", "formula") for block in blocks)
    return WIDE_SHARE if wide else 0.5


def _find_problems(
    slide: Slide, facts: Mapping[str, object], blocks: Sequence[_Block], path: str
) -> Iterable[Finding]:
    place = Place(path, slide.line, slide.number)
    if facts.get("fits") is False:
        message = "The slide has more content than fits, even in the smallest readable text."
        remedy = "Split the slide in two, or shorten it."
        yield Finding("slide-overflows", "warning", Problem(message, remedy, place))
    elif isinstance(scale := facts.get("scale"), int | float) and scale < CROWDED and blocks:
        message = f"The slide's text had to be reduced to {scale:.0%} of its usual size."
        remedy = "Split the slide in two, or shorten it."
        yield Finding("slide-crowded", "note", Problem(message, remedy, place))
    missing = find_missing_characters([slide.title, *_find_texts(blocks)])
    if missing:
        named = " ".join(f"{c} (U+{ord(c):04X})" for c in missing[:8])
        message = f"No font has the characters {named}, so empty boxes are shown."
        yield Finding("missing-glyphs", "warning", Problem(message, "Use other characters.", place))


def _find_texts(blocks: Iterable[_Block]) -> Iterable[str]:
    for block in blocks:
        yield block.text
        yield block.caption
        for item in block.items:
            yield from (run.text for run in item.runs)
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


def _count_code_columns(slide: Slide, layout: Layout) -> int:
    """Return how many characters of code fit in a line at the smallest size.

    Each character of the font is 0.602 em wide.
    """
    width = float(layout.content.width)
    if any(isinstance(v, Picture) for v in slide.visuals) and not layout.narrow:
        width *= WIDE_SHARE
    return int((width - 56 * layout.unit) / (0.602 * LEAST_TEXT * layout.unit)) - 1
