"""Who speaks: the named voices of a course, and who of them is its presenter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lessons.course.setting_types import LONGEST_SPEAKER_NAME
from lessons.course.settings import Settings

if TYPE_CHECKING:
    from lessons.model import Lesson, Presenter, Utterance

_NAME = re.compile(r"[^\W\d_]+(?:(?:['’-]|\.? )[^\W\d_]+)*\.?(?: \d{1,2})?")
_VENDOR = re.compile(r"[A-Za-z]{2,3}[-_][A-Z]{2}[-_]")  # en-US-JennyNeural


@dataclass(frozen=True, slots=True)
class Speaker:
    """`name` is what people see; `voice` is None for one that the course does not declare."""

    name: str
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Speakers:
    """The speakers that a lesson's settings declare, by their names without case, and further
    names that the lesson itself uses for them."""

    declared: Mapping[str, Speaker] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, undeclared: Iterable[str] = ()) -> Speakers:
        """The speakers of a lesson, those of `settings` before those that only its text names."""
        known = {fold_name(name): Speaker(show_name(name)) for name in undeclared}
        for name, voice in settings.speakers.items():
            known[fold_name(name)] = Speaker(show_name(name), voice)
        return cls(known)

    def find(self, name: str) -> Speaker | None:
        return self.declared.get(fold_name(name))


NOBODY = Speakers()


def fold_name(name: str) -> str:
    """A name as names are compared: without case, and with single spaces."""
    return " ".join(name.split()).casefold()


def show_name(name: str) -> str:
    """A name as people see it: `teacher` is shown as Teacher."""
    name = " ".join(name.split())
    return name[:1].upper() + name[1:] if name == name.lower() else name


def looks_like_name(text: str) -> bool:
    """Whether a text that should name a voice names a person or a role, such as `alex` or
    `Dr Chen`, and not a voice of some service, such as `en-US-JennyNeural`."""
    if len(text) > LONGEST_SPEAKER_NAME or _VENDOR.match(text):
        return False
    return _NAME.fullmatch(text) is not None


def find_presenter_name(lesson: Lesson, presenter: Presenter | None, settings: Settings) -> str:
    """The name under which the presenter speaks in a lesson; empty if the presenter only speaks
    what has no name.

    That is the speaker that `presenter` names, the one who is called like the presenter, or else
    the first that is declared. Where none is declared, and everything has a name, it is the first
    who speaks.
    """
    speakers = Speakers.of(settings)
    if presenter is not None and presenter.speaker:
        named = speakers.find(presenter.speaker)
        return named.name if named else show_name(presenter.speaker)
    if presenter is not None and (same := speakers.find(presenter.name)):
        return same.name
    if settings.speakers:
        return show_name(next(iter(settings.speakers)))
    names = [u.speaker for slide in lesson.slides for u in slide.utterances]
    return names[0] or "" if names and all(names) else ""


def is_presented(utterance: Utterance, name: str) -> bool:
    """Whether the presenter of that name says an utterance. What has no name is the presenter's."""
    return utterance.speaker is None or fold_name(utterance.speaker) == fold_name(name)


def list_speakers(lesson: Lesson, unnamed: str = "") -> tuple[str, ...]:
    """The names of all who speak in a lesson, in the order in which they begin. `unnamed` stands
    for who speaks what has no name; it may be empty, and then still counts as somebody."""
    names = (u.speaker for slide in lesson.slides for u in slide.utterances if u.tokens)
    return tuple(dict.fromkeys(unnamed if name is None else name for name in names))
