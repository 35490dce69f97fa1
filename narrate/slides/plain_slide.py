"""A slide as plain text, for when it cannot be drawn as it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lessons.model import (
    Box,
    Code,
    Columns,
    Diagram,
    Formula,
    Inline,
    ItemList,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Run,
    Slide,
    Table,
    Visual,
)


def make_plain_slide(slide: Slide) -> Slide:
    """The slide with its text as paragraphs and code, without formulas, pictures and nesting."""
    plain: list[Visual] = []
    waiting: list[Visual] = list(reversed(slide.visuals))
    while waiting:  # not recursive, since the nesting may be what is wrong
        visual = waiting.pop()
        match visual:
            case Code(text=text, step=step) | Diagram(text=text, step=step):
                plain.append(Code(text, "", step))
            case Formula(latex, step):
                plain.append(Code(latex, "", step))
            case Box(_, label, title, content, step):
                plain.extend(_make_paragraph(f"{label} {_read(title)}", step))
                waiting.extend(reversed(content))
            case Columns(columns):
                waiting.extend(
                    visual for column in reversed(columns) for visual in reversed(column)
                )
            case _:
                plain.extend(_write_paragraphs(visual))
    return replace(slide, visuals=tuple(plain), anchors=())


def _write_paragraphs(visual: Visual) -> Iterator[Paragraph]:
    match visual:
        case Paragraph(content, step) | Quote(content, step):
            yield from _make_paragraph(_read(content), step)
        case ItemList(items):
            for item in items:
                mark = "•" if item.number is None else f"{item.number}."
                yield from _make_paragraph(f"{mark} {_read(item.content)}", item.step)
        case Table(header, rows, _, step):
            for row in (header, *rows):
                yield from _make_paragraph(" | ".join(map(_read, row)), step)
        case Picture(alt=alt, step=step) | Placeholder(alt=alt, step=step):
            yield from _make_paragraph(alt, step)
        case _:
            pass


def _make_paragraph(text: str, step: int) -> Iterator[Paragraph]:
    if text.strip():
        yield Paragraph((Run(text.strip()),), step)


def _read(content: Inline) -> str:
    return "".join(run.text for run in content)
