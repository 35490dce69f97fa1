"""What a caption format is.

To add one:
1. Write `formats/<name>.py` with a subclass of `Format` that sets `name`, `extension` and
   `media_type` and whose `write` returns the whole file as text, lines ended by LF.
2. Times come as integer milliseconds: take them apart with `clock_parts`, never as floats.
3. Escape what the format takes for markup. Text goes through `clean` first, which removes what no
   caption file can hold. Where a format has no escape, put `GUARD` into what looks like markup.
4. Add an instance to `FORMATS` in `formats/__init__.py`.
5. Add the format to the tests with an independent reader: text and times must come back.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from narrate.vocabulary import Cue

GUARD = "\u2060"
"""Word joiner: invisible, without width. It parts characters that would be markup together."""

# C0 but for tab, C1, lone surrogates and non-characters: XML 1.0 forbids them, UTF-8 or players
# stumble over the rest.
_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")


class Format(ABC):
    """`language` is a BCP 47 tag; `title` is the lesson's."""

    name: ClassVar[str]
    extension: ClassVar[str]
    media_type: ClassVar[str]

    @abstractmethod
    def write(self, cues: Sequence[Cue], *, language: str, title: str = "") -> str: ...


def clean(text: str) -> str:
    """Text on one line, with U+FFFD for what a caption file cannot hold."""
    return _UNFIT.sub("\ufffd", _LINE_END.sub(" ", text))


def clock_parts(ms: int) -> tuple[int, int, int, int]:
    """Hours, minutes, seconds, milliseconds."""
    seconds, milliseconds = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return hours, minutes, seconds, milliseconds
