"""Transcripts as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
    Table,
    Visual,
)
from narrate.captions.formats.base import clean
from narrate.documents.markdown_text import escape_block_start
from narrate.documents.sections import Row, Spoken
from narrate.documents.transcript_parts import (
    Transcript,
    describe_placeholder,
    format_time,
    make_box_head,
    name_placeholder,
)
from narrate.words import Words

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$&!])")


def write_markdown(transcript: Transcript) -> str:
    """The transcript as Markdown, in which nothing of the lesson is markup by accident."""
    words = transcript.words
    shown = words.fill("label", text=words["transcript.shown"])
    said = words.fill("label", text=words["transcript.said"])
    silent = words["transcript.silent"]
    blocks = [f"# {_escape(transcript.lesson.title)}"]
    if transcript.course_title:
        course_title = _escape(transcript.course_title)
        blocks.append(words.fill("transcript.of_course_text", course=f"*{course_title}*"))
    for section in transcript.sections:
        time = f" ({format_time(section.start_ms)})" if section.start_ms is not None else ""
        blocks.append(f"## {section.number}. {_escape(section.title)}{time}")
        for row in section.rows or [Row(None, (), ())]:
            if row.visuals:
                blocks.append(f"**{shown}**")
                blocks += filter(None, (_write_visual(visual, words) for visual in row.visuals))
                blocks.append(f"**{said}**")
            blocks += [_write_spoken(paragraph) for paragraph in row.paragraphs] or [f"*{silent}*"]
    return "\n\n".join(blocks) + "\n"


def _write_spoken(paragraph: Spoken) -> str:
    text = _escape(paragraph.text)
    return f"**{_escape(paragraph.label)}** {text}" if paragraph.label else text


def _escape(text: str) -> str:
    return escape_block_start(_SPECIAL.sub(r"\\\1", clean(text))).strip()


def _write_inline(content: Inline) -> str:
    return "".join(map(_write_run, content)).strip()


def _write_run(run: Run) -> str:
    text = clean(run.text)
    if run.style == "code":
        fence = _make_fence(text, 1)
        space = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
        return f"{fence}{space}{text}{space}{fence}"
    if run.style == "formula":
        return f"${text}$"
    mark = {"strong": "**", "emphasis": "*"}.get(run.style, "")
    return mark + _SPECIAL.sub(r"\\\1", text) + mark if text.strip() else text


def _make_fence(text: str, least: int) -> str:
    runs = re.findall("`+", text)
    return "`" * max(least, 1 + max(map(len, runs), default=0))


def _write_visual(visual: Visual, words: Words) -> str:
    match visual:
        case Paragraph():
            return _write_inline(visual.content)
        case Quote():
            return f"> {_write_inline(visual.content)}"
        case ItemList():
            return "\n".join(
                "    " * item.level
                + (f"{item.number}. " if item.number is not None else "- ")
                + _write_inline(item.content)
                for item in visual.items
            )
        case Diagram(alt=about) if about:
            return _write_picture(about, words)
        case Picture(alt=about):
            return _write_picture(about, words)
        case Code() | Diagram():  # a diagram that says nothing about itself
            fence = _make_fence(visual.text, 3)
            return (
                f"{fence}{_clean_language_name(visual.language)}\n{visual.text.rstrip()}\n{fence}"
            )
        case Formula():
            return f"$$\n{visual.latex.strip()}\n$$"
        case Table():
            rule = {"left": ":--", "center": ":-:", "right": "--:"}
            lines = [visual.header, *visual.rows]
            written = [_write_cells(line) for line in lines]
            written.insert(1, f"| {' | '.join(rule[side] for side in visual.align)} |")
            return "\n".join(written)
        case Placeholder():
            what = _escape(words.fill("label", text=name_placeholder(visual, words)))
            return f"*{what}* {_escape(describe_placeholder(visual, words))}"
        case Box():
            head = _write_inline(make_box_head(visual, words))
            parts = [
                f"**{head}**" if head else "",
                *(_write_visual(part, words) for part in visual.content),
            ]
            text = "\n\n".join(filter(None, parts))
            return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
        case Columns():
            parts = [_write_visual(v, words) for column in visual.columns for v in column]
            return "\n\n".join(filter(None, parts))


def _write_picture(about: str, words: Words) -> str:
    label = words.fill("label", text=words["transcript.picture"])
    return f"*{label}* {_escape(about) or words['transcript.no_alt']}"


def _write_cells(cells: Sequence[Inline]) -> str:
    # A bar separates cells even inside code.
    texts = [_write_inline(cell).replace("\\|", "|").replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(texts)} |"


def _clean_language_name(text: str) -> str:
    """Return the language of a code block without what does not belong after a fence."""
    return re.sub(r"[^\w+#.-]", "", text)
