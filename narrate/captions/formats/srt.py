"""SubRip: UTF-8 without a byte order mark, LF, a comma before the milliseconds.

The format has no standard and no escapes, but players read some HTML tags and ASS overrides in
it, and take a line of digits for the next caption's number. A guard inside what looks like one of
these keeps a lesson on HTML or LaTeX whole on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from narrate.captions.formats.base import GUARD, Format, clean, clock_parts
from narrate.vocabulary import Cue

_MARKUP = re.compile(r"<(?=[A-Za-z/!])|\{(?=\\)|\\(?=[Nnh])|--(?=>)|^\d+$")


class Srt(Format):
    name = "srt"
    extension = ".srt"
    media_type = "application/x-subrip"

    def write(self, cues: Sequence[Cue], *, language: str, title: str = "") -> str:
        """Language, title and speakers have no place in SubRip."""
        blocks = []
        for number, cue in enumerate(cues, 1):
            text = "\n".join(_MARKUP.sub(r"\g<0>" + GUARD, clean(line)) for line in cue.lines)
            blocks.append(f"{number}\n{timestamp(cue.start)} --> {timestamp(cue.end)}\n{text}\n")
        return "\n".join(blocks)


def timestamp(ms: int) -> str:
    hours, minutes, seconds, milliseconds = clock_parts(ms)
    return f"{hours:02}:{minutes:02}:{seconds:02},{milliseconds:03}"
