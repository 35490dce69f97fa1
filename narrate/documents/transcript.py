"""The transcript of a lesson: every spoken word, beside what the slides show.

It is a descriptive transcript in the form of a table, as W3C WAI recommends (transcripts.md). It is
also for people who can neither see nor hear the video, so pictures are represented by their
alternative text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from foundation.cjk import meets_without_space
from foundation.languages import direction
from lessons.model import (
    Box,
    Code,
    Columns,
    Diagram,
    Formula,
    ItemList,
    Lesson,
    ListItem,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Table,
    Visual,
)
from narrate.captions.formats.base import replace_unfit
from narrate.documents.sections import NameSpeaker, SlideTimes, make_sections, name_nobody
from narrate.documents.transcript_markdown import write_markdown
from narrate.documents.transcript_parts import (
    OtherLanguage,
    Transcript,
    describe_placeholder,
    format_time,
    make_box_head,
    make_readable,
    name_placeholder,
)
from narrate.documents.transcript_text import write_plain_text
from narrate.templating import html_environment
from narrate.typography import NO_BREAK, belong_together, keep_spaces
from narrate.words import find_own_name, find_words


def write_transcript(
    lesson: Lesson,
    parts: Sequence[SlideTimes] = (),
    *,
    format: str,
    language: str,
    course_title: str = "",
    title_language: str = "",
    others: tuple[OtherLanguage, ...] = (),
    name_speaker: NameSpeaker = name_nobody,
) -> str:
    """Write the whole file in one of `TRANSCRIPT_FORMATS`.

    It has no times if `parts` is empty or its slides have none. `title_language` is the tag of the
    course's title, if that is not in the language of the page. `others` are the same lesson's
    pages in other languages, and `name_speaker` names who says an utterance.
    """
    sections = make_sections(lesson, parts, language, name_speaker)
    words = find_words(language)
    foreign = title_language if title_language.lower() != language.lower() else ""
    transcript = Transcript(lesson, sections, language, course_title, words, others, foreign)
    return replace_unfit(TRANSCRIPT_FORMATS[format](transcript))


_KINDS: dict[type[Visual], str] = {
    Paragraph: "paragraph",
    Quote: "quote",
    ItemList: "itemlist",
    Picture: "picture",
    Diagram: "code",
    Code: "code",
    Formula: "formula",
    Table: "table",
    Placeholder: "placeholder",
    Box: "box",
    Columns: "columns",
}
"""The names by which the template knows the classes of visuals."""


def _find_kind(visual: Visual) -> str:
    if isinstance(visual, Diagram) and visual.alt:
        return "picture"
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
    language, words = transcript.language, transcript.words
    template = html_environment().get_template("transcript.html.j2")
    return template.render(
        lesson=transcript.lesson,
        sections=transcript.sections,
        others=transcript.others,
        language=language,
        direction=direction(language),
        direction_of=direction,
        words=words,
        foreign="" if words.serves(language) else words.language,
        keep=partial(keep_spaces, language=language),
        name_language=find_own_name,
        course_title=transcript.course_title,
        title_language=transcript.title_language,
        timed=any(section.start_ms is not None for section in transcript.sections),
        kind=_find_kind,
        nest=_nest,
        head=partial(make_box_head, words=words),
        described=partial(describe_placeholder, words=words),
        what=partial(name_placeholder, words=words),
        between=partial(_find_space, language=language),
        clock=format_time,
        readable=make_readable,
    )


def _find_space(before: str, after: str, language: str) -> str:
    """What stands between two texts: nothing in Chinese and Japanese, and a space that does not
    break before French punctuation."""
    if meets_without_space(before, after):
        return ""
    return NO_BREAK if belong_together(before, after, language) else " "


TRANSCRIPT_FORMATS: MappingProxyType[str, Callable[[Transcript], str]] = MappingProxyType(
    {"html": _write_html, "md": write_markdown, "txt": write_plain_text}
)
"""The writer of each format."""
