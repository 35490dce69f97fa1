"""The base of all caption formats.

To add a format:
1. Write `formats/<name>.py` with a subclass of `Format` that sets `name`, which is also the
   extension of its files. Its `write` returns the whole file as text, with LF at the end of each
   line.
2. Times are integer milliseconds. Write them with `narrate.clock.format_timestamp`; if the format
   writes times in another way, give that function a parameter.
3. Escape whatever the format would read as markup. Pass text through `clean` first, which replaces
   what no caption file can hold. If the format has no escapes, put `GUARD` into what looks like
   markup.
4. Add an instance to `CAPTION_FORMATS` in `formats/__init__.py`. The build, the API and the
   command take the formats from there.
5. Add an independent reader to `READERS` in tests/narrate/test_captions_formats.py. It must read
   back the same text and times.
6. Name the format in README.md, in the table of commands and in what a build makes.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from foundation.unfit_characters import UNFIT_FOR_FILES
from narrate.vocabulary import Cue

GUARD = "\u2060"
"""The word joiner, which is invisible and has no width. It separates characters that together would
be read as markup."""

_LINE_END = re.compile("[\t\n\v\f\r\x85\u2028\u2029]+")


class Format(ABC):
    """A caption format. `write` takes the language as a BCP 47 tag and the lesson's title."""

    name: ClassVar[str]

    @abstractmethod
    def write(self, cues: Sequence[Cue], *, language: str, title: str = "") -> str: ...


def clean(text: str) -> str:
    """Put a text on one line, with U+FFFD for characters that a caption file cannot hold."""
    return replace_unfit(_LINE_END.sub(" ", text))


def replace_unfit(text: str) -> str:
    """Put U+FFFD for characters that no text file should hold; tabs and line ends are kept."""
    return UNFIT_FOR_FILES.sub("\ufffd", text)
