"""The slides that a witness tells of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace


class OracleError(Exception):
    """A witness is not installed, did not understand the deck, or took too long."""


@dataclass(frozen=True, slots=True)
class OracleSlide:
    """A slide as its tool shows it.

    `hidden` is true if the tool knows of the slide but does not show it. `continues` is true if the
    slide repeats the one before it and adds something, as remark's `--` does. It is `blank` if it
    is known to show and say nothing of its own.
    """

    title: str
    notes: str = ""
    hidden: bool = False
    continues: bool = False
    blank: bool = field(default=False, compare=False)


def visible(slides: Iterable[OracleSlide]) -> list[OracleSlide]:
    """The slides that the tool shows, with each step of a slide as a slide of its own."""
    return [slide for slide in slides if not slide.hidden]


def fold(slides: Iterable[OracleSlide]) -> list[OracleSlide]:
    """The slides that the tool shows, with the slides that continue another as a part of it.

    Their notes follow each other, without what they repeat.
    """
    folded: list[OracleSlide] = []
    for slide in visible(slides):
        if not slide.continues or not folded:
            folded.append(slide)
            continue
        before = folded[-1].notes
        added = slide.notes.removeprefix(before).strip() if before else slide.notes
        notes = "\n\n".join(filter(None, [before, added]))
        folded[-1] = replace(slide, notes=notes, continues=False)
    return folded
