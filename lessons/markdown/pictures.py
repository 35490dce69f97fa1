"""The pictures in a text, found among the files of the course."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from lessons.course import media
from lessons.errors import MediaError
from lessons.markdown.inline import Bit, parse_tag
from lessons.model import Finding, Picture, Placeholder

if TYPE_CHECKING:
    from lessons.markdown.slide_builder import LessonContext


@dataclass(frozen=True, slots=True)
class FoundPicture:
    """A picture, or what stands for it. `begun` tells whether words stand before it."""

    visual: Picture | Placeholder
    begun: bool


def find_pictures(
    bits: Sequence[Bit], step: int, context: LessonContext, slide: int
) -> Iterator[FoundPicture]:
    """The pictures of a slide's text, in order. One that is missing costs a finding."""
    begun = False
    for position, bit in enumerate(bits):
        name, alt, title = bit.target, bit.text, bit.title
        if bit.kind == "html" and bit.text[:4].lower() == "<img":
            tag = parse_tag(bit.text)
            values = tag.attributes if tag else {}
            name, alt = values.get("src", ""), values.get("alt", "")
            title = values.get("title", "")
        elif bit.kind != "picture":
            begun = begun or (bit.kind != "html" and bool(bit.text.strip()))
            continue
        following = bits[position + 1] if position + 1 < len(bits) else None
        wanted = Picture(name, alt, title, step, 0, "", _read_share(following))
        yield FoundPicture(_find_picture(wanted, bit.start, context, slide), begun)


def _find_picture(
    wanted: Picture, at: int, context: LessonContext, slide: int
) -> Picture | Placeholder:
    """The picture whose path is still as the text names it."""
    place = replace(context.source.find_place(at), slide=slide)
    line = context.find_line(at)
    name, alt = wanted.path, " ".join(wanted.alt.split())
    try:
        path, part = _find_inline_picture(name, at, context) or media.find_picture(
            context.folders, name, place
        )
    except MediaError as error:
        what = media.name_kind(name)
        context.findings.append(Finding("picture-missing", "warning", error.problem))
        about = _join_descriptions(alt, wanted.title)
        return Placeholder(what, media.shorten_name(name), about, wanted.step, line)
    return replace(wanted, path=path, alt=alt, part=part, line=line)


def _find_inline_picture(name: str, at: int, context: LessonContext) -> tuple[str, str] | None:
    """The path and the part of a picture that the lesson's file itself holds as a `data:` address;
    None for any other picture."""
    if name[:11].lower() != "data:image/":
        return None
    source = context.source
    start = source.file.text.find(name, source.find_offset(at))
    return None if start < 0 else (context.path, f"data:{start}:{start + len(name)}")


def _join_descriptions(alt: str, title: str) -> str:
    """The text in the place of a picture that is missing: its alternative text and its caption,
    unless one of them says the other too."""
    if alt in title or title in alt:
        return max(alt, title, key=len)
    return f"{alt}{'' if alt.endswith(('.', '!', '?', ':')) else '.'} {title}"


def _read_share(bit: Bit | None) -> float:
    """The width that a private tag behind a picture asks for; 0 if there is none."""
    if bit is None or bit.kind != "html" or not bit.text.startswith("<narrate-width"):
        return 0.0
    tag = parse_tag(bit.text)
    try:
        share = float(tag.attributes["share"]) if tag else 0.0
    except (KeyError, ValueError):
        return 0.0
    return share if 0 < share <= 1 else 0.0
