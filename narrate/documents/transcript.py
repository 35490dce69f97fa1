"""The transcript of a lesson: every spoken word, beside what the slides show.

It is a descriptive transcript in the form of a table, as W3C WAI recommends (transcripts.md). It is
also for people who can neither see nor hear the video, so pictures are represented by their
alternative text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from foundation.languages import direction, is_english
from lessons.model import (
    Box,
    Code,
    Columns,
    Formula,
    Inline,
    ItemList,
    Lesson,
    ListItem,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Run,
    Table,
    Visual,
)
from narrate.captions.formats.base import clean, replace_unfit
from narrate.clock import format_clock, ms_to_seconds
from narrate.documents.markdown_text import escape_block_start
from narrate.documents.sections import (
    NameSpeaker,
    Row,
    Section,
    SlideTimes,
    Spoken,
    make_sections,
    name_nobody,
)
from narrate.templating import html_environment

NO_ALT = "This picture has no description."
SILENT = "Nothing is said."
SHOWN, SAID = "On the slide", "What is said"


@dataclass(frozen=True, slots=True)
class Transcript:
    """The content of a transcript, in any format. `language` is a BCP 47 tag."""

    lesson: Lesson
    sections: Sequence[Section]
    language: str
    course_title: str


def write_transcript(
    lesson: Lesson,
    parts: Sequence[SlideTimes] = (),
    *,
    format: str,
    language: str,
    course_title: str = "",
    name_speaker: NameSpeaker = name_nobody,
) -> str:
    """Write the whole file in one of `TRANSCRIPT_FORMATS`.

    `name_speaker` names who says an utterance. The file has no times if `parts` is empty or its
    slides have none.
    """
    sections = make_sections(lesson, parts, name_speaker)
    transcript = Transcript(lesson, sections, language, course_title)
    return replace_unfit(TRANSCRIPT_FORMATS[format](transcript))


def _make_plain_text(content: Inline) -> str:
    """Return inline content without its styles, with formulas in readable form."""
    return clean("".join(_make_run_text(run) for run in content))


def _make_readable(latex: str) -> str:
    """Return a formula as people read it in a line of text, or its LaTeX if that is not known."""
    from lessons.speakable.formula_text import show_formula

    return show_formula(latex)


def _make_run_text(run: Run) -> str:
    return _make_readable(run.text) if run.style == "formula" else run.text


def make_box_head(box: Box) -> Inline:
    """The label and the title of a box, such as "Challenge: What is a prism?"; may be empty."""
    if not box.label or not box.title:
        return (Run(box.label),) if box.label else box.title
    return (Run(f"{box.label}: "), *box.title)


def _describe_placeholder(placeholder: Placeholder) -> str:
    """What stands in for a placeholder: its description, or what it is called."""
    return clean(placeholder.alt).strip() or clean(placeholder.name).strip() or NO_ALT


def _format_time(ms: int) -> str:
    return format_clock(ms_to_seconds(ms))


# HTML


_KINDS: dict[type[Visual], str] = {
    Paragraph: "paragraph",
    Quote: "quote",
    ItemList: "itemlist",
    Picture: "picture",
    Code: "code",
    Formula: "formula",
    Table: "table",
    Placeholder: "placeholder",
    Box: "box",
    Columns: "columns",
}
"""The names by which the template knows the classes of visuals."""


def _find_kind(visual: Visual) -> str:
    return _KINDS[type(visual)]


@dataclass(frozen=True, slots=True)
class NestedItem:
    """A list item and the items below it."""

    item: ListItem
    below: tuple[NestedItem, ...]


def _nest(items: Sequence[ListItem]) -> tuple[NestedItem, ...]:
    """Put each list item below the last one before it that has a lower level."""
    nested: list[NestedItem] = []
    n = 0
    while n < len(items):
        end = n + 1
        while end < len(items) and items[end].level > items[n].level:
            end += 1
        nested.append(NestedItem(items[n], _nest(items[n + 1 : end])))
        n = end
    return tuple(nested)


def _write_html(transcript: Transcript) -> str:
    language = transcript.language
    template = html_environment().get_template("transcript.html.j2")
    return template.render(
        lesson=transcript.lesson,
        sections=transcript.sections,
        language=language,
        direction=direction(language),
        foreign=not is_english(language),
        course_title=transcript.course_title,
        timed=any(section.start_ms is not None for section in transcript.sections),
        kind=_find_kind,
        nest=_nest,
        head=make_box_head,
        described=_describe_placeholder,
        clock=_format_time,
        readable=_make_readable,
        no_alt=NO_ALT,
        silent=SILENT,
        shown=SHOWN,
        said=SAID,
    )


# Markdown

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$&!])")


def _write_markdown(transcript: Transcript) -> str:
    blocks = [f"# {_escape(transcript.lesson.title)}"]
    if transcript.course_title:
        course_title = _escape(transcript.course_title)
        blocks.append(f"Transcript of a lesson from the course *{course_title}*.")
    for section in transcript.sections:
        time = f" ({_format_time(section.start_ms)})" if section.start_ms is not None else ""
        blocks.append(f"## {section.number}. {_escape(section.title)}{time}")
        for row in section.rows or [Row(None, (), ())]:
            if row.visuals:
                blocks.append(f"**{SHOWN}:**")
                blocks += filter(None, map(_write_visual_markdown, row.visuals))
                blocks.append(f"**{SAID}:**")
            blocks += [_write_spoken_markdown(paragraph) for paragraph in row.paragraphs] or [
                f"*{SILENT}*"
            ]
    return "\n\n".join(blocks) + "\n"


def _write_spoken_markdown(paragraph: Spoken) -> str:
    text = _escape(paragraph.text)
    return f"**{_escape(paragraph.label)}** {text}" if paragraph.label else text


def _escape(text: str) -> str:
    return escape_block_start(_SPECIAL.sub(r"\\\1", clean(text))).strip()


def _write_inline_markdown(content: Inline) -> str:
    return "".join(map(_write_run_markdown, content)).strip()


def _write_run_markdown(run: Run) -> str:
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


def _write_visual_markdown(visual: Visual) -> str:
    match visual:
        case Paragraph():
            return _write_inline_markdown(visual.content)
        case Quote():
            return f"> {_write_inline_markdown(visual.content)}"
        case ItemList():
            return "\n".join(
                "    " * item.level
                + (f"{item.number}. " if item.number is not None else "- ")
                + _write_inline_markdown(item.content)
                for item in visual.items
            )
        case Picture():
            return f"*Picture:* {_escape(visual.alt) or NO_ALT}"
        case Code():
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
            return (
                f"*{_escape(visual.what) or 'Picture'}:* {_escape(_describe_placeholder(visual))}"
            )
        case Box():
            head = _write_inline_markdown(make_box_head(visual))
            parts = [f"**{head}**" if head else "", *map(_write_visual_markdown, visual.content)]
            text = "\n\n".join(filter(None, parts))
            return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))
        case Columns():
            parts = [_write_visual_markdown(v) for column in visual.columns for v in column]
            return "\n\n".join(filter(None, parts))


def _write_cells(cells: Sequence[Inline]) -> str:
    # A bar separates cells even inside code.
    texts = [_write_inline_markdown(cell).replace("\\|", "|").replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(texts)} |"


def _clean_language_name(text: str) -> str:
    """Return the language of a code block without what does not belong after a fence."""
    return re.sub(r"[^\w+#.-]", "", text)


# Plain text


def _write_plain_text(transcript: Transcript) -> str:
    title = clean(transcript.lesson.title)
    blocks = [f"{title}\n{'=' * max(len(title), 3)}"]
    if transcript.course_title:
        course_title = clean(transcript.course_title)
        blocks.append(f"Transcript of a lesson from the course “{course_title}”.")
    for section in transcript.sections:
        time = f" [{_format_time(section.start_ms)}]" if section.start_ms is not None else ""
        heading = f"{section.number}. {clean(section.title)}{time}"
        blocks.append(f"\n{heading}\n{'-' * len(heading)}")
        for row in section.rows or [Row(None, (), ())]:
            texts = filter(None, map(_write_visual_text, row.visuals))
            blocks += [f"[{SHOWN}] {text}" for text in texts]
            blocks += [clean(_name_spoken(paragraph)) for paragraph in row.paragraphs] or [
                f"[{SILENT}]"
            ]
    return "\n\n".join(blocks) + "\n"


def _name_spoken(paragraph: Spoken) -> str:
    return f"{paragraph.label} {paragraph.text}" if paragraph.label else paragraph.text


def _write_visual_text(visual: Visual) -> str:
    match visual:
        case Paragraph():
            return _make_plain_text(visual.content)
        case Quote():
            return f"Quotation: {_make_plain_text(visual.content)}"
        case ItemList():
            return "List:\n" + "\n".join(
                "  " * (item.level + 1)
                + (f"{item.number}. " if item.number is not None else "- ")
                + _make_plain_text(item.content)
                for item in visual.items
            )
        case Picture():
            return f"Picture: {clean(visual.alt).strip() or NO_ALT}"
        case Code():
            lines = visual.text.rstrip().splitlines()
            return "Code:\n" + "\n".join("    " + line for line in lines)
        case Formula():
            return f"Formula: {clean(_make_readable(visual.latex))}"
        case Table():
            rows = [visual.header, *visual.rows]
            return "Table:\n" + "\n".join(
                "  " + " | ".join(map(_make_plain_text, row)) for row in rows
            )
        case Placeholder():
            what = clean(visual.what).strip() or "Picture"
            return f"{what}: {_describe_placeholder(visual)}"
        case Box():
            head = _make_plain_text(make_box_head(visual)).strip()
            parts = list(filter(None, map(_write_visual_text, visual.content)))
            inside = "\n".join(f"  {line}".rstrip() for part in parts for line in part.split("\n"))
            return "\n".join(filter(None, [f"{head}:" if head and inside else head, inside]))
        case Columns():
            texts = [_write_visual_text(v) for column in visual.columns for v in column]
            return "\n".join(filter(None, texts))


TRANSCRIPT_FORMATS: MappingProxyType[str, Callable[[Transcript], str]] = MappingProxyType(
    {"html": _write_html, "md": _write_markdown, "txt": _write_plain_text}
)
"""The writer of each format."""
