"""Markers: the lines in which the rewritten text says what Markdown has no signs for.

A marker is a line of its own. It begins with a character that no lesson can hold, followed by its
name, its words, and its title, which is inline Markdown:

    MARK box tip MARK A *good* habit      a box of the kind `tip`; `end` closes it
    MARK columns                          columns; `end` closes them
    MARK column 60                        the next column, 60 % of the width (or no number)
    MARK notes                            what is spoken on this slide; `end` closes it
    MARK unread                           what is shown but never spoken; `end` closes it
    MARK steps                            lists whose items appear one by one; `end` closes it
    MARK step                             what follows appears later on the same slide
    MARK slide hidden MARK Its title      begins a slide; words: `hidden`, `repeats` (it shows what
                                          the slide before shows, and more), `named` (the
                                          title is only for a slide without a heading)
    MARK placeholder Video MARK its name  something that cannot be shown
    MARK end

Dialects write them with the functions below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from lessons.markdown.source import Source

MARK = "\ue001"
PRIVATE = re.compile(rf"{MARK}[^{MARK}\n]*{MARK}?|[\ue000\ue002-\ue00f]+")
"""What only the reader writes: the head of a marker, and characters that stand for others."""

MarkerName = Literal[
    "box", "columns", "column", "notes", "unread", "steps", "step", "slide", "placeholder", "end"
]
OPENING = frozenset({"box", "columns", "notes", "unread", "steps"})
"""Markers that `end` closes."""

Parts = tuple[str | Source, ...]

HIGHLIGHT = ("<narrate-highlight>", "</narrate-highlight>")
SMALL_CAPS = ("<narrate-smallcaps>", "</narrate-smallcaps>")
"""Tags around words in a style that Markdown does not have. They are shown and never spoken."""

LINE_END = "<narrate-line/>"
"""Where a line ends that a deck shows as one. It is no end of what is said."""

STRONG = ("<narrate-strong>", "</narrate-strong>")
EMPHASIS = ("<narrate-emphasis>", "</narrate-emphasis>")
"""What `**` and `*` mean, for words beside which those signs would not be read as such."""


def make_width(share: float) -> str:
    """The tag that follows a picture and says which share of the room it takes."""
    return f'<narrate-width share="{min(max(share, 0.05), 1):.3g}"/>'


@dataclass(frozen=True, slots=True)
class Marker:
    name: str
    words: tuple[str, ...]


def make_marker(name: MarkerName, *words: str, title: str | Source = "") -> Parts:
    """The line of a marker, with its line end. A title keeps its origin if it is a source."""
    head = " ".join([MARK + name, *("".join(w.split()) for w in words)])
    if isinstance(title, Source):
        line = title.text.find("\n")
        title = title if line < 0 else title[:line]
    else:
        title = " ".join(title.split())
    return (head + MARK, title, "\n") if len(title) else (head + "\n",)


END: Parts = (MARK + "end\n",)


def parse_marker(line: str) -> tuple[Marker, int] | None:
    """The marker in a line, and where in the line its title begins (its length if it has none)."""
    if not line.startswith(MARK):
        return None
    close = line.find(MARK, 1)
    head = line[1:] if close < 0 else line[1:close]
    words = head.split()
    if not words:
        return None
    return Marker(words[0], tuple(words[1:])), len(line) if close < 0 else close + 1


def remove_private(text: str) -> str:
    """A text, such as code, without markers that a tool and Markdown see in different places."""
    if not PRIVATE.search(text):
        return text
    lines = [(line, PRIVATE.sub("", line)) for line in text.split("\n")]
    return "\n".join(kept for line, kept in lines if kept.strip() or MARK not in line)
