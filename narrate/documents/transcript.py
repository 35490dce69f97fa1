"""The transcript of a lesson: all that is said, word for word, beside what the slides show.

A descriptive transcript in table form, as W3C WAI recommends (transcripts.md): it serves who can
neither see nor hear the video, so pictures stand there by their alternative text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lessons.model import (
    Code,
    Formula,
    Inline,
    ItemList,
    Lesson,
    ListItem,
    Paragraph,
    Picture,
    Quote,
    Run,
    Table,
    Visual,
)
from narrate.captions.formats.base import clean
from narrate.documents.outline import Row, Section, SlideTimes, lay_out
from narrate.templating import html_environment

VERSION = 2

TranscriptFormat = Literal["html", "md", "txt"]
TRANSCRIPT_FORMATS: tuple[TranscriptFormat, ...] = ("html", "md", "txt")

NO_ALT = "A picture without a description."
SILENT = "Nothing is said."


def write_transcript(
    lesson: Lesson,
    parts: Sequence[SlideTimes] = (),
    *,
    format: TranscriptFormat,
    language: str = "en-US",
    course_title: str = "",
) -> str:
    """The whole file. Without `parts`, or with parts without times, there are no time stamps."""
    sections = lay_out(lesson, parts)
    writers: dict[TranscriptFormat, Callable[[], str]] = {
        "html": lambda: _html(lesson, sections, language, course_title),
        "md": lambda: _markdown(lesson, sections, course_title),
        "txt": lambda: _plain(lesson, sections, course_title),
    }
    # Line ends and control characters of the script have no place in a page, but tabs and line
    # ends in code have: only what no text file can hold is replaced.
    return _UNFIT.sub("\ufffd", writers[format]())


_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def stamp(ms: int) -> str:
    """`1:02:03` or `2:03`."""
    seconds = ms // 1000
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def plain(content: Inline) -> str:
    """Inline content without its styles, formulas in readable form."""
    return clean("".join(_run_text(run) for run in content))


def show_formula(latex: str) -> str:
    """A formula as people read it in a line of text; LaTeX where that is not known."""
    from lessons.speakable.formula_text import show_formula

    return show_formula(latex)


def _run_text(run: Run) -> str:
    return show_formula(run.text) if run.style == "formula" else run.text


# HTML

_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


def direction(language: str) -> Literal["ltr", "rtl"]:
    return "rtl" if language.split("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"


def kind(visual: Visual) -> str:
    return type(visual).__name__.lower()


@dataclass(frozen=True, slots=True)
class Node:
    item: ListItem
    below: tuple[Node, ...]


def tree(items: Sequence[ListItem]) -> tuple[Node, ...]:
    """List items under those of a lower level before them."""
    nodes: list[Node] = []
    n = 0
    while n < len(items):
        end = n + 1
        while end < len(items) and items[end].level > items[n].level:
            end += 1
        nodes.append(Node(items[n], tree(items[n + 1 : end])))
        n = end
    return tuple(nodes)


def _html(lesson: Lesson, sections: Sequence[Section], language: str, course_title: str) -> str:
    template = html_environment().get_template("transcript.html.j2")
    return template.render(
        lesson=lesson,
        sections=sections,
        language=language,
        direction=direction(language),
        foreign=language.split("-")[0].lower() != "en",
        course_title=course_title,
        timed=any(section.start_ms is not None for section in sections),
        kind=kind,
        tree=tree,
        stamp=stamp,
        readable=show_formula,
        no_alt=NO_ALT,
        silent=SILENT,
    )


# Markdown

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~$&!])")
_BLOCK_START = re.compile(r"^(\s*)([-+=:]|\d{1,9}(?=[.)]))")


def _markdown(lesson: Lesson, sections: Sequence[Section], course_title: str) -> str:
    blocks = [f"# {_escaped(lesson.title)}"]
    if course_title:
        blocks.append(f"Transcript of a lesson from *{_escaped(course_title)}*.")
    for section in sections:
        time = f" ({stamp(section.start_ms)})" if section.start_ms is not None else ""
        blocks.append(f"## {section.number}. {_escaped(section.title)}{time}")
        for row in section.rows or [Row(None, (), ())]:
            if row.visuals:
                blocks.append("**Shown:**")
                blocks += map(_visual_markdown, row.visuals)
                blocks.append("**Spoken:**")
            blocks += [
                _escaped(" ".join(sentence.text for sentence in paragraph))
                for paragraph in row.paragraphs
            ] or [f"*{SILENT}*"]
    return "\n\n".join(blocks) + "\n"


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(r"\\\1", clean(text))
    return _BLOCK_START.sub(_escape_start, text).strip()


def _escape_start(match: re.Match[str]) -> str:
    return match[1] + (match[2] + "\\" if match[2].isdigit() else "\\" + match[2])


def _inline_markdown(content: Inline) -> str:
    return "".join(map(_run_markdown, content)).strip()


def _run_markdown(run: Run) -> str:
    text = clean(run.text)
    if run.style == "code":
        fence = _fence(text, 1)
        space = " " if text[:1] in ("`", " ") or text[-1:] in ("`", " ") else ""
        return f"{fence}{space}{text}{space}{fence}"
    if run.style == "formula":
        return f"${text}$"
    mark = {"strong": "**", "emphasis": "*"}.get(run.style, "")
    return mark + _SPECIAL.sub(r"\\\1", text) + mark if text.strip() else text


def _fence(text: str, least: int) -> str:
    runs = re.findall("`+", text)
    return "`" * max(least, 1 + max(map(len, runs), default=0))


def _visual_markdown(visual: Visual) -> str:
    match visual:
        case Paragraph():
            return _inline_markdown(visual.content)
        case Quote():
            return f"> {_inline_markdown(visual.content)}"
        case ItemList():
            return "\n".join(
                "    " * item.level
                + (f"{item.number}. " if item.number is not None else "- ")
                + _inline_markdown(item.content)
                for item in visual.items
            )
        case Picture():
            return f"*Picture:* {_escaped(visual.alt) or NO_ALT}"
        case Code():
            fence = _fence(visual.text, 3)
            return f"{fence}{_word(visual.language)}\n{visual.text.rstrip()}\n{fence}"
        case Formula():
            return f"$$\n{visual.latex.strip()}\n$$"
        case Table():
            rule = {"left": ":--", "center": ":-:", "right": "--:"}
            lines = [visual.header, *visual.rows]
            written = [_cells(line) for line in lines]
            written.insert(1, f"| {' | '.join(rule[side] for side in visual.align)} |")
            return "\n".join(written)


def _cells(cells: Sequence[Inline]) -> str:
    # A bar parts cells even inside code.
    texts = [_inline_markdown(cell).replace("\\|", "|").replace("|", "\\|") for cell in cells]
    return f"| {' | '.join(texts)} |"


def _word(text: str) -> str:
    return re.sub(r"[^\w+#.-]", "", text)


# Plain text


def _plain(lesson: Lesson, sections: Sequence[Section], course_title: str) -> str:
    title = clean(lesson.title)
    blocks = [f"{title}\n{'=' * max(len(title), 3)}"]
    if course_title:
        blocks.append(f"Transcript of a lesson from “{clean(course_title)}”.")
    for section in sections:
        time = f" [{stamp(section.start_ms)}]" if section.start_ms is not None else ""
        heading = f"{section.number}. {clean(section.title)}{time}"
        blocks.append(f"\n{heading}\n{'-' * len(heading)}")
        for row in section.rows or [Row(None, (), ())]:
            blocks += [f"[Shown] {_visual_plain(visual)}" for visual in row.visuals]
            blocks += [
                clean(" ".join(sentence.text for sentence in paragraph))
                for paragraph in row.paragraphs
            ] or [f"[{SILENT}]"]
    return "\n\n".join(blocks) + "\n"


def _visual_plain(visual: Visual) -> str:
    match visual:
        case Paragraph():
            return plain(visual.content)
        case Quote():
            return f"Quotation: {plain(visual.content)}"
        case ItemList():
            return "List:\n" + "\n".join(
                "  " * (item.level + 1)
                + (f"{item.number}. " if item.number is not None else "- ")
                + plain(item.content)
                for item in visual.items
            )
        case Picture():
            return f"Picture: {clean(visual.alt).strip() or NO_ALT}"
        case Code():
            lines = visual.text.rstrip().splitlines()
            return "Code:\n" + "\n".join("    " + line for line in lines)
        case Formula():
            return f"Formula: {clean(show_formula(visual.latex))}"
        case Table():
            rows = [visual.header, *visual.rows]
            return "Table:\n" + "\n".join("  " + " | ".join(map(plain, row)) for row in rows)
