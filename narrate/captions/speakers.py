"""How captions say who speaks: by a colour or by a name, as the profile wants it.

Where only one person speaks, captions name nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from foundation.shortening import shorten
from lessons.model import Slide, Utterance
from narrate.captions.profiles import Profile
from narrate.captions.text import count_columns

Colour = Literal["", "white", "yellow", "cyan", "green"]

COLOURS: Mapping[str, str] = MappingProxyType(
    {"white": "#FFFFFF", "yellow": "#FFFF00", "cyan": "#00FFFF", "green": "#00FF00"}
)
"""The BBC's colours for speakers in their order (subtitle guidelines, "Identifying speakers"). On
75 % black all have a contrast of more than 4.5:1 (WCAG 1.4.3)."""

CHANGE = ">>"
"""Marks that somebody else speaks where that person has no name, as captions of live programmes do
it. It is the same in every language."""

LONGEST_LABEL = 0.5
"""The share of a line that a name may take; a longer one is shortened."""


@dataclass(frozen=True, slots=True)
class CaptionSpeakers:
    """Who speaks in a lesson, and in which colour each is captioned where a profile wants colours.
    It is empty, and false, if only one person speaks.

    `colours` has one for each name; "" stands for none of its own. `unnamed` is the name of who
    says what has no speaker; it may be empty.
    """

    colours: tuple[tuple[str, Colour], ...] = ()
    unnamed: str = ""

    def __bool__(self) -> bool:
        return bool(self.colours)

    def find_name(self, utterance: Utterance) -> str:
        """Who says an utterance; empty if nobody is named."""
        if not self.colours:
            return ""
        return self.unnamed if utterance.speaker is None else utterance.speaker

    def find_colour(self, name: str, profile: Profile) -> Colour:
        return dict(self.colours).get(name, "") if profile.speakers == "colour" else ""

    def of_slide(self, slide: Slide) -> CaptionSpeakers:
        """The part of this that one slide depends on."""
        names = {self.find_name(utterance) for utterance in slide.utterances}
        return replace(self, colours=tuple(pair for pair in self.colours if pair[0] in names))


NOBODY = CaptionSpeakers()


def assign_colours(names: Sequence[str], presenter: str) -> CaptionSpeakers:
    """The colours of all who speak in a lesson: white for the presenter, and the others in the
    order in which they begin. `presenter` also says what has no speaker."""
    if len(names) < 2:
        return NOBODY
    ordered = sorted(names, key=lambda name: name != presenter)
    free: list[Colour] = ["white", "yellow", "cyan", "green"]
    if presenter not in names:
        free.remove("white")
    return CaptionSpeakers(
        tuple((name, free.pop(0) if free else "") for name in ordered), presenter
    )


def write_label(name: str, profile: Profile) -> str:
    """How the text of a caption names a speaker, at most half a line long."""
    if not name:
        return CHANGE
    limit = max(int(profile.columns * LONGEST_LABEL) - 2, 1)
    while count_columns(name) > limit:
        name = shorten(name, min(len(name) - 1, limit))
    match profile.speakers:
        case "colour":
            return f"{name.upper()}:"
        case "above":
            return f"({name})"
        case "bracket":
            return f"[{name}]"
