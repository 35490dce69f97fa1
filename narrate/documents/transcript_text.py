"""Transcripts as plain text."""

from __future__ import annotations

from lessons.model import (
    Box,
    Code,
    Columns,
    Diagram,
    Formula,
    ItemList,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Table,
    Visual,
)
from narrate.captions.formats.base import clean
from narrate.documents.sections import Row
from narrate.documents.transcript_parts import (
    Transcript,
    describe_placeholder,
    format_time,
    make_box_head,
    make_plain_text,
    make_readable,
    name_placeholder,
)
from narrate.words import Words


def write_plain_text(transcript: Transcript) -> str:
    """The transcript as plain text."""
    words = transcript.words
    title = clean(transcript.lesson.title)
    blocks = [f"{title}\n{'=' * max(len(title), 3)}"]
    if transcript.course_title:
        course_title = clean(transcript.course_title)
        blocks.append(words.fill("transcript.of_course_text", course=course_title))
    for section in transcript.sections:
        time = f" [{format_time(section.start_ms)}]" if section.start_ms is not None else ""
        heading = f"{section.number}. {clean(section.title)}{time}"
        blocks.append(f"\n{heading}\n{'-' * len(heading)}")
        for row in section.rows or [Row(None, (), ())]:
            texts = filter(None, (_write_visual(visual, words) for visual in row.visuals))
            blocks += [f"[{words['transcript.shown']}] {text}" for text in texts]
            blocks += [
                clean(f"{paragraph.label} {paragraph.text}".lstrip())
                for paragraph in row.paragraphs
            ] or [f"[{words['transcript.silent']}]"]
    return "\n\n".join(blocks) + "\n"


def _write_visual(visual: Visual, words: Words) -> str:
    def label_of(text: str) -> str:
        return words.fill("label", text=text)

    def label(key: str) -> str:
        return label_of(words[f"transcript.{key}"])

    match visual:
        case Paragraph():
            return make_plain_text(visual.content)
        case Quote():
            return f"{label('quotation')} {make_plain_text(visual.content)}"
        case ItemList():
            return f"{label('list')}\n" + "\n".join(
                "  " * (item.level + 1)
                + (f"{item.number}. " if item.number is not None else "- ")
                + make_plain_text(item.content)
                for item in visual.items
            )
        case Diagram(alt=about) if about:
            return f"{label('picture')} {clean(about).strip()}"
        case Picture():
            return f"{label('picture')} {clean(visual.alt).strip() or words['transcript.no_alt']}"
        case Code() | Diagram():  # a diagram that says nothing about itself
            lines = visual.text.rstrip().splitlines()
            return f"{label('code')}\n" + "\n".join("    " + line for line in lines)
        case Formula():
            return f"{label('formula')} {clean(make_readable(visual.latex))}"
        case Table():
            rows = [visual.header, *visual.rows]
            return f"{label('table')}\n" + "\n".join(
                "  " + " | ".join(map(make_plain_text, row)) for row in rows
            )
        case Placeholder():
            what = name_placeholder(visual, words)
            return f"{words.fill('label', text=what)} {describe_placeholder(visual, words)}"
        case Box():
            head = make_plain_text(make_box_head(visual, words)).strip()
            parts = list(filter(None, (_write_visual(part, words) for part in visual.content)))
            inside = "\n".join(f"  {line}".rstrip() for part in parts for line in part.split("\n"))
            return "\n".join(filter(None, [label_of(head) if head and inside else head, inside]))
        case Columns():
            texts = [_write_visual(v, words) for column in visual.columns for v in column]
            return "\n".join(filter(None, texts))
