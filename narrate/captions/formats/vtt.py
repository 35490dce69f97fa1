"""WebVTT (w3.org/TR/webvtt1)."""

from __future__ import annotations

from collections.abc import Sequence

from narrate.captions.formats.base import Format, clean
from narrate.clock import format_timestamp
from narrate.vocabulary import Cue

_CLASSES = {"yellow": ".yellow", "cyan": ".cyan", "green": ".lime"}
"""The default classes of WebVTT (§5.1) for the colours of speakers; white needs none."""


class Vtt(Format):
    name = "vtt"

    def write(
        self, cues: Sequence[Cue], *, language: str, title: str = "", kind: str = "captions"
    ) -> str:
        """Write a WebVTT file. `kind` is a value of the `kind` attribute of HTML's `<track>`."""
        blocks = [f"WEBVTT\nKind: {kind}\nLanguage: {_escape(language)}"]
        if title:
            blocks.append(f"NOTE {_escape(title)}")
        for number, cue in enumerate(cues, 1):
            times = f"{format_timestamp(cue.start)} --> {format_timestamp(cue.end)}"
            text = "\n".join(map(_escape, cue.shown_lines))
            if cue.speaker:
                text = f"<v{_CLASSES.get(cue.colour, '')} {_escape(cue.speaker)}>{text}</v>"
            blocks.append(f"{number}\n{times}\n{text}")
        return "\n\n".join(blocks) + "\n"


def _escape(text: str) -> str:
    """§4.2.2: `&` and `<` must be escaped. `>` is escaped too, so that no `-->` remains."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
