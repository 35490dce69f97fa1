"""WebVTT (w3.org/TR/webvtt1)."""

from __future__ import annotations

from collections.abc import Sequence

from narrate.captions.formats.base import Format, clean, clock_parts
from narrate.vocabulary import Cue


class Vtt(Format):
    name = "vtt"
    extension = ".vtt"
    media_type = "text/vtt"

    def write(
        self, cues: Sequence[Cue], *, language: str, title: str = "", kind: str = "captions"
    ) -> str:
        """`kind` is what the file is for, in the words of HTML's `<track>`."""
        blocks = [f"WEBVTT\nKind: {kind}\nLanguage: {escape(language)}"]
        if title:
            blocks.append(f"NOTE {escape(title)}")
        for number, cue in enumerate(cues, 1):
            text = "\n".join(map(escape, cue.lines))
            if cue.speaker:
                text = f"<v {escape(cue.speaker)}>{text}</v>"
            blocks.append(f"{number}\n{timestamp(cue.start)} --> {timestamp(cue.end)}\n{text}")
        return "\n\n".join(blocks) + "\n"


def escape(text: str) -> str:
    """§4.2.2: `&` and `<` must be escaped; with `>` there is no `-->` either."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def timestamp(ms: int) -> str:
    hours, minutes, seconds, milliseconds = clock_parts(ms)
    return f"{hours:02}:{minutes:02}:{seconds:02}.{milliseconds:03}"
