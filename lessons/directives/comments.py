"""What the comments of a lesson ask for: what to say, when to pause, which slide to skip."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from foundation.languages import is_tag, normalize_tag
from lessons.directives.ssml import parse_duration_ms
from lessons.markdown.outline import Comment, SourceSpan

DirectiveKind = Literal["say", "note", "pause", "hold", "silent", "skip", "nothing", "bad"]

_SAY = re.compile(r"\s*say\s*(?:\(((?:[^()]|\([^()]*\))*)\)\s*)?:\s*", re.IGNORECASE)
_ORDER = re.compile(
    r"\s*(pause|hold|silent|silence|nonarration|skip)\s*(?:\(([^)]*)\)\s*|:(.*))?",
    re.IGNORECASE | re.DOTALL,
)
_CLICK = re.compile(r"\[click(?::[^\]\n]{0,20})?\]")

PACES = {"slow": 0.85, "normal": 1.0, "medium": 1.0, "fast": 1.15}
"""The names of paces, as factors on the speed of the lesson."""


@dataclass(frozen=True, slots=True)
class Directive:
    """What a comment asks for.

    `text` is what is said, and the comment spans the offsets from `at` to `end`. `reveal` is the
    reveal step (from 0) that a note names. `ms` is the duration of a pause or hold. `problem` says
    what is wrong with a directive that cannot be used. A note is `marked` if it is one by the
    tool's own sign for notes, and not just a comment.
    """

    kind: DirectiveKind
    at: int
    end: int
    text: SourceSpan
    voice: str | None = None
    rate: float = 1.0
    language: str | None = None
    reveal: int | None = None
    ms: int | None = None
    problem: str = ""
    marked: bool = False


def read_directive(comment: Comment) -> Directive:
    inside = comment.inside
    at, end = comment.start, comment.end
    if comment.kind == "note":
        return Directive("note", at, end, inside, marked=True)
    said = _SAY.match(inside.text)
    if said:
        rest = SourceSpan(inside.text[said.end() :], inside.start + said.end())
        return _read_parameters(Directive("say", at, end, rest), said[1] or "")
    order = _ORDER.fullmatch(inside.text)
    if order:
        return _read_order(Directive("nothing", at, end, inside), order)
    if not any(char.isalnum() for char in inside.text):
        return Directive("nothing", at, end, inside)
    return Directive("note", at, end, inside)


def split_clicks(directive: Directive) -> list[Directive]:
    """The parts of a note: a `[click]` splits it where the next item is revealed."""
    text, start = directive.text.text, directive.text.start
    parts: list[Directive] = []
    at = 0
    for click in [*_CLICK.finditer(text), None]:
        stop = click.start() if click else len(text)
        if text[at:stop].strip() or (not parts and click):
            stretch = SourceSpan(text[at:stop], start + at)
            parts.append(replace(directive, kind="note", text=stretch))
        at = click.end() if click else stop
    return parts if len(parts) > 1 else [directive]


def _read_order(blank: Directive, order: re.Match[str]) -> Directive:
    name = order[1].lower()
    value = (order[2] or order[3] or "").strip()
    place = (blank.at, blank.end, blank.text)
    if name == "skip":
        return Directive("skip" if not value else "note", *place)
    if name in ("pause", "hold"):
        if not value:
            return blank  # a pause without a duration waits for the teacher
        ms = parse_duration_ms(value)
        if ms is None:
            return Directive("bad", *place, problem=f"{value!r} is not a duration")
        return Directive("pause" if name == "pause" else "hold", *place, ms=ms)
    return Directive("silent", *place, ms=parse_duration_ms(value) if value else None)


def _read_parameters(directive: Directive, text: str) -> Directive:
    voice, rate, language, reveal, problem = None, 1.0, None, None, ""
    for part in filter(None, (part.strip() for part in text.split(","))):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        value = value.strip("\"'")
        if not equals and key.isdecimal():
            key, value = "slide", key
        match key.lower():
            case "voice" if value:
                voice = value
            case "slide" | "step" if re.fullmatch(r"0{0,9}[1-9]\d{0,2}", value):
                reveal = int(value) - 1
            case "pace" if value.lower() in PACES:
                rate = PACES[value.lower()]
            case "rate" | "speed":
                try:
                    rate = float(value)
                except ValueError:
                    rate = 0.0
                if not 0.25 <= rate <= 4:
                    rate, problem = 1.0, f"the rate {value!r} is not a number from 0.25 to 4"
            case "lang" | "language" if is_tag(value):
                language = normalize_tag(value)
            case _:
                problem = f"{part!r} is not understood"
    return Directive(
        directive.kind,
        directive.at,
        directive.end,
        directive.text,
        voice,
        rate,
        language,
        reveal,
        problem=problem,
    )
