"""Slides that a lesson gets by its settings `agenda` and `closing`, besides those of its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from foundation.problem import Problem
from foundation.shortening import shorten
from lessons.box_kinds import BOX_KINDS
from lessons.course.settings import BoxManner, Settings
from lessons.markdown.inline import Bit
from lessons.markdown.slide_builder import LessonContext, SlideBuilder
from lessons.model import Finding, ItemList, ListItem, Run

MOST_ENTRIES = 9
"""More do not fit on a slide in a size that can be read."""
_LONGEST_ENTRY = 80  # characters
_LONGEST_OPENING = 3  # sentences that are said on a page that only begins a section

RECORDED = "recording"


def add_framing(
    builders: list[SlideBuilder], context: LessonContext, settings: Settings
) -> list[SlideBuilder]:
    """The slides with an agenda after the first one, and with a closing page at the end.

    Both are spoken, since not everybody sees them. A lesson that its teacher recorded gets none:
    nobody says them in the recording.
    """
    if not builders or not (settings.agenda or settings.closing):
        return builders
    if settings.voice == RECORDED:
        message = "A recorded lesson gets no agenda and no closing page: they are not recorded."
        place = settings.place_of("agenda", "closing")
        problem = Problem(message, "Write these slides yourself, and record them.", place)
        context.findings.append(Finding("setting-unusable", "note", problem))
        return builders
    made = list(builders)
    entries = list_entries(builders) if settings.agenda else []
    if len(entries) > 1:
        for builder in made[1:]:
            builder.number += 1
        context.findings[:] = [_shift(finding, context.path) for finding in context.findings]
        made.insert(1, _make_agenda(entries, context, builders[0].start))
    if settings.closing:
        closing = SlideBuilder(context, len(made) + 1, builders[-1].start, settings.closing)
        _say(closing, settings.closing)
        made.append(closing)
    return made


def list_entries(builders: Sequence[SlideBuilder]) -> list[str]:
    """What an agenda lists: the pages that begin sections, which show a title and nothing else and
    say little; without two of them, the titles of all slides after the first."""
    rest = [builder for builder in builders[1:] if builder.title]
    sections = [b.title for b in rest if b.shown.empty and len(b.utterances) <= _LONGEST_OPENING]
    titles = sections if len(sections) > 1 else [b.title for b in rest]
    listed = [shorten(title, _LONGEST_ENTRY) for title in dict.fromkeys(titles)]
    return listed if len(listed) <= MOST_ENTRIES else [*listed[: MOST_ENTRIES - 1], "…"]


def _make_agenda(entries: Sequence[str], context: LessonContext, start: int) -> SlideBuilder:
    kind = context.boxes.get("agenda", BoxManner()).apply(BOX_KINDS["agenda"])
    builder = SlideBuilder(context, 2, start, kind.label)
    items = (ListItem((Run(entry),)) for entry in entries)
    builder.visuals.append(ItemList(tuple(items)))
    for text in (kind.label, *entries):
        _say(builder, text)
    return builder


def _say(builder: SlideBuilder, text: str) -> None:
    if any(map(str.isalnum, text)):
        builder.say([Bit("text", text, builder.start, builder.start + 1)])


def _shift(finding: Finding, path: str) -> Finding:
    place = finding.place
    if place.path != path or place.slide is None or place.slide < 2:
        return finding
    place = replace(place, slide=place.slide + 1)
    return replace(finding, problem=replace(finding.problem, place=place))
