"""What the writers of transcripts have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.cjk import is_cjk
from lessons.model import Box, Inline, Lesson, Placeholder, Run
from narrate.captions.formats.base import clean
from narrate.clock import format_clock, ms_to_seconds
from narrate.documents.sections import Section
from narrate.words import Words


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """The transcript of the same lesson in another language: the language's tag, and the page's
    address beside this one."""

    language: str
    address: str


@dataclass(frozen=True, slots=True)
class Transcript:
    """The content of a transcript, in any format. `language` is a BCP 47 tag, and `words` are what
    the page itself says. `title_language` is that of the course's title; empty if it is the
    page's."""

    lesson: Lesson
    sections: Sequence[Section]
    language: str
    course_title: str
    words: Words
    others: tuple[OtherLanguage, ...] = ()
    title_language: str = ""


def make_plain_text(content: Inline) -> str:
    """Return inline content without its styles, with formulas in readable form."""
    return clean("".join(_make_run_text(run) for run in content))


def make_readable(latex: str) -> str:
    """Return a formula as people read it in a line of text, or its LaTeX if that is not known."""
    from lessons.speakable.formula_text import show_formula

    return show_formula(latex)


def _make_run_text(run: Run) -> str:
    return make_readable(run.text) if run.style == "formula" else run.text


def make_box_head(box: Box, words: Words) -> Inline:
    """The label and the title of a box, such as "Challenge: What is a prism?"; may be empty."""
    if not box.label or not box.title:
        return (Run(box.label),) if box.label else box.title
    label = words.fill("label", text=box.label)
    return (Run(label if is_cjk(label[-1]) else f"{label} "), *box.title)


def describe_placeholder(placeholder: Placeholder, words: Words) -> str:
    """What stands in for a placeholder: its description, or what it is called."""
    described = clean(placeholder.alt).strip() or clean(placeholder.name).strip()
    return described or words["transcript.no_alt"]


def name_placeholder(placeholder: Placeholder, words: Words) -> str:
    """What a placeholder stands for, such as "Video"."""
    return words.name_placeholder(clean(placeholder.what).strip() or "Picture")


def format_time(ms: int) -> str:
    return format_clock(ms_to_seconds(ms))
