"""A slide as pictures: one PNG a reveal step, by Typst from a template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markupsafe import Markup

from foundation.problem import Place, Problem
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
from narrate.video.formulas import FormulaPicture, draw_formula
from narrate.video.layout import LEAST_TEXT, Layout
from narrate.video.layout import lecture as lecture_layout
from narrate.video.pictures import load_picture
from narrate.video.text import code_lines, language_of, one_line
from narrate.video.themes import Theme
from narrate.video.themes import theme as theme_named
from narrate.video.typesetting import (
    CODE_FONT,
    FALLBACK_FONTS,
    TEXT_FONT,
    missing_characters,
    typeset,
)

VERSION = 3

SUBTITLE = 90  # characters under the title of a first slide, which then is a title page
STATEMENT = 140  # characters of paragraphs that stand alone on a slide, and then are set large
WIDE_SHARE = 0.58  # of the width, for code, a table or a formula beside a picture
CROWDED = 0.7  # below 31 px of body text at 1080p


@dataclass(frozen=True, slots=True)
class DrawnSlide:
    """`pictures` holds a PNG for each reveal step; what comes later is hidden, its place kept."""

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
    """What the template needs of a visual; each kind uses its own fields."""

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
    """The files that a slide's document is given, as they are gathered."""

    theme: Theme
    course_root: Path
    within: tuple[int, int]
    columns: int  # characters of code in a line, at the least size
    files: dict[str, bytes] = field(default_factory=dict)

    def formula(self, latex: str, *, inline: bool) -> _Formula:
        drawn: FormulaPicture = draw_formula(latex, colour=self.theme.text, inline=inline)
        name = f"formula-{len(self.files)}.svg"
        self.files[name] = drawn.svg
        return _Formula(name, round(drawn.width, 4), round(drawn.height, 4), round(drawn.depth, 4))

    def runs(self, content: Inline) -> tuple[_Run, ...]:
        return tuple(
            _Run("", run.style, self.formula(run.text, inline=True))
            if run.style == "formula"
            else _Run(one_line(run.text), run.style)
            for run in content
        )


def draw_slide(
    slide: Slide,
    *,
    size: tuple[int, int] = (1920, 1080),
    theme: str | Theme = "light",
    course_root: Path,
    footer: str = "",
    total: int = 0,
    provenance: str = "",
    language: str = "en",
    layout: Layout | None = None,
    path: str = "",
) -> DrawnSlide:
    """Draw a slide into the places of a layout (without one, a lecture's without a presenter).

    `footer` is the course's title, `total` the number of slides (0: no number is shown),
    `provenance` the line that says who speaks, `path` the lesson's for errors.
    Text that does not fit is made smaller, down to 24 pixels at 1080p; what then still does not
    fit is cut, with the finding `slide-overflows`. Characters that no font has give the finding
    `missing-glyphs`.

    Raises:
        RenderError: a formula cannot be set.
        DecodingError: a picture cannot be used.
    """
    from narrate.templating import typst_environment

    places = layout if layout is not None else lecture_layout(size, has_presenter=False)
    look = theme if isinstance(theme, Theme) else theme_named(theme)
    material = _Material(look, course_root, places.size, _code_columns(slide, places))
    try:
        blocks = tuple(_block(visual, material) for visual in slide.visuals)
    except NarrateError as error:
        error.within(Place(path, slide.line, slide.number))
        raise
    title = one_line(slide.title)
    if any(block.kind == "code" for block in blocks):
        material.files["code.tmTheme"] = _code_theme(look)
    steps = max(slide.steps, 1)
    short = _length_of_paragraphs(blocks)
    source = typst_environment().get_template("slides/slide.typ.j2").render(
        unit=round(places.unit, 6),
        least=round(LEAST_TEXT * places.unit, 3),
        colours=_colours(look),
        width=places.size[0],
        height=places.size[1],
        fonts=font_list(TEXT_FONT),
        code_fonts=font_list(CODE_FONT),
        lang=language_of(language),
        title=title,
        title_only=bool(title) and (not blocks or (slide.number == 1 and 0 < short <= SUBTITLE)),
        statement=0 < short <= STATEMENT,
        picture_first=bool(blocks) and blocks[0].kind == "picture",
        narrow=places.narrow,
        blocks=blocks,
        steps=steps,
        title_box=places.title,
        content=places.content,
        foot_box=places.footer,
        foot_size=26,
        footer=one_line(footer),
        place_text=f"{slide.number} / {total}" if total else "",
        provenance=one_line(provenance),
        presenter=places.presenter,
        signer=places.signer,
        captions=places.captions,
        radius=places.radius,
        text_share=_text_share(blocks),
        kept=round(0.34 * min(sum(b.kind == "picture" for b in blocks), 2), 2),
    )  # fmt: skip
    pages, facts = typeset(source, material.files)
    if len(pages) != steps:
        raise AssertionError(f"{len(pages)} pages for {steps} steps")
    return DrawnSlide(pages, tuple(_findings(slide, facts, blocks, path)))


def _block(visual: Visual, material: _Material) -> _Block:
    match visual:
        case Paragraph(content, step):
            return _Block("paragraph", step, runs=material.runs(content))
        case Quote(content, step):
            return _Block("quote", step, runs=material.runs(content))
        case ItemList(items):
            drawn = tuple(
                _Item(
                    material.runs(item.content),
                    min(item.level, 5),
                    item.step,
                    None if item.number is None else f"{item.number}.",
                )
                for item in items
            )
            widest = max((len(i.number) for i in drawn if i.number), default=0)
            return _Block("list", items=drawn, marker=0.82 if not widest else 0.5 + 0.45 * widest)
        case Code(text, language, step):
            return _Block("code", step, text=code_lines(text, material.columns), language=language)
        case Formula(latex, step):
            return _Block("formula", step, formula=material.formula(latex, inline=False))
        case Table(header, rows, align, step):
            count = max([len(header), *(len(row) for row in rows)], default=0)
            return _Block(
                "table",
                step,
                columns=count,
                align=tuple([*align, *["left"] * count][:count]),
                header=_cells(header, count, material),
                rows=tuple(_cells(row, count, material) for row in rows),
            )
        case Picture(path, _, title, step, line):
            try:
                picture = load_picture(
                    material.course_root / path, root=material.course_root, within=material.within
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
                caption=one_line(title),
            )


def _cells(
    cells: Sequence[Inline], count: int, material: _Material
) -> tuple[tuple[_Run, ...], ...]:
    filled = [*cells, *[()] * count][:count]
    return tuple(material.runs(cell) for cell in filled)


def _length_of_paragraphs(blocks: Sequence[_Block]) -> int:
    """Characters on a slide that holds paragraphs alone; 0 for any other."""
    if not all(block.kind == "paragraph" for block in blocks):
        return 0
    return sum(len(run.text) or 4 for block in blocks for run in block.runs)


def _text_share(blocks: Sequence[_Block]) -> float:
    """How much of the width text gets beside a picture: code and tables need more than lists."""
    wide = any(block.kind in ("code", "table", "formula") for block in blocks)
    return WIDE_SHARE if wide else 0.5


def _findings(
    slide: Slide, facts: dict[str, object], blocks: Sequence[_Block], path: str
) -> Iterable[Finding]:
    place = Place(path, slide.line, slide.number)
    if facts.get("fits") is False:
        message = "The slide holds more than fits, even in the smallest text that can be read."
        remedy = "Split it into two slides, or shorten it."
        yield Finding("slide-overflows", "warning", Problem(message, remedy, place))
    elif isinstance(scale := facts.get("scale"), int | float) and scale < CROWDED and blocks:
        message = f"The slide's text is set at {scale:.0%} of its usual size to fit."
        remedy = "Split it into two slides, or shorten it."
        yield Finding("slide-crowded", "note", Problem(message, remedy, place))
    missing = missing_characters([slide.title, *_texts(blocks)])
    if missing:
        named = " ".join(f"{c} (U+{ord(c):04X})" for c in missing[:8])
        message = f"No font has {named}; an empty box is shown."
        yield Finding("missing-glyphs", "warning", Problem(message, "Use other characters.", place))


def _texts(blocks: Iterable[_Block]) -> Iterable[str]:
    for block in blocks:
        yield block.text
        yield block.caption
        for item in block.items:
            yield from (run.text for run in item.runs)
        for cells in ((block.runs,), block.header, *block.rows):
            for runs in cells:
                yield from (run.text for run in runs)


def _colours(theme: Theme) -> list[tuple[str, str]]:
    return [
        ("background", theme.background),
        ("text", theme.text),
        ("title", theme.title),
        ("muted", theme.muted),
        ("accent", theme.accent),
        ("panel", theme.panel),
        ("line", theme.line),
        ("captions", theme.captions),
        ("signer", theme.signer),
    ]


def _code_theme(theme: Theme) -> bytes:
    """The colours of code as a TextMate theme; the scopes are those of Sublime's grammars."""
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


def font_list(first: str) -> Markup:
    """A Typst array of font names: one's own first, then those that fill its gaps."""
    names = dict.fromkeys((first, *FALLBACK_FONTS))
    return Markup("(" + ", ".join(f'"{name}"' for name in names) + ")")


def _code_columns(slide: Slide, places: Layout) -> int:
    """How many characters of code fit in a line at the least size (the font's are .602 em)."""
    width = float(places.content.width)
    if any(isinstance(v, Picture) for v in slide.visuals) and not places.narrow:
        width *= WIDE_SHARE
    return int((width - 56 * places.unit) / (0.602 * LEAST_TEXT * places.unit)) - 1
