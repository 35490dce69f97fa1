"""SubRip: UTF-8 without a byte order mark, LF at line ends, a comma before the milliseconds.

The format has no standard and no escapes. Players nevertheless interpret some HTML tags and ASS
overrides in it, and read a line of digits as the number of the next caption. `GUARD` is put into
anything that looks like one of these, so that a lesson about HTML or LaTeX is shown completely.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from narrate.captions.formats.base import GUARD, Format, clean
from narrate.clock import format_timestamp
from narrate.vocabulary import Cue

_MARKUP = re.compile(r"<(?=[A-Za-z/!])|\{(?=\\)|\\(?=[Nnh])|--(?=>)|^\d+$")


class Srt(Format):
    name = "srt"

    def write(self, cues: Sequence[Cue], *, language: str, title: str = "") -> str:
        """Write a SubRip file. The format has no place for the language and the title. Speakers are
        named in the text, since it has no colours either that all players know."""
        blocks = []
        for number, cue in enumerate(cues, 1):
            text = "\n".join(
                _MARKUP.sub(r"\g<0>" + GUARD, clean(line)) for line in cue.labelled_lines
            )
            start, end = (format_timestamp(ms, separator=",") for ms in (cue.start, cue.end))
            blocks.append(f"{number}\n{start} --> {end}\n{text}\n")
        return "\n".join(blocks)
