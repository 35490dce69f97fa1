"""What a label of a speaker looks like: a name and a colon, `Teacher: …`, `**Teacher:** …`,
`**Teacher**: …`.

A colon counts where white space or the end of the line follows it, since `teacher:x` is an address
or code; the full-width one always does.
"""

from __future__ import annotations

import re

from lessons.course.setting_types import LONGEST_SPEAKER_NAME
from lessons.course.speakers import Speaker, Speakers

COLONS = (":", "：")
_SPACE = r"[ \t\u00a0\u202f]*"
_NAME = rf"[^*_\n:：]{{1,{LONGEST_SPEAKER_NAME}}}?"
_BEGIN = r"\s*(?:>\s*)?"

_PLAIN = re.compile(
    rf"{_SPACE}([^:：\n]{{1,{LONGEST_SPEAKER_NAME}}}?){_SPACE}(?::(?=\s|$)|：)[ \t]*"
)
_COLON = re.compile(rf"{_SPACE}[:：][ \t]*")
_BOLD_LINE = re.compile(
    rf"{_BEGIN}(?:\*\*|__)({_NAME})\s*(?:[:：]\s*(?:\*\*|__)|(?:\*\*|__)\s*[:：])"
)
_QUOTE = re.compile(_BEGIN)


def match_label(text: str, speakers: Speakers) -> tuple[Speaker, int] | None:
    """The speaker whose label a text without styles begins with, and where the label ends."""
    found = _PLAIN.match(text)
    speaker = speakers.find(found[1]) if found else None
    return None if found is None or speaker is None else (speaker, found.end())


def match_colon(text: str) -> int | None:
    """Where the colon at the beginning of a text ends, with the spaces around it."""
    found = _COLON.match(text)
    return found.end() if found else None


def read_line_label(line: str, speakers: Speakers) -> str:
    """The name in the label of a line of Markdown: any name in bold, and the name of one of the
    speakers as it is; empty if there is none."""
    bold = _BOLD_LINE.match(line)
    if bold:
        return bold[1].strip()
    begin = _QUOTE.match(line)
    plain = _PLAIN.match(line, begin.end() if begin else 0)
    return plain[1] if plain and speakers.find(plain[1]) else ""
