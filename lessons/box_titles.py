"""What a box is called, on the slide and in the transcript."""

from __future__ import annotations

from lessons.model import Box


def choose_label(box: Box) -> str:
    """The label to put before a box's title; empty if the title already begins with it."""
    title = "".join(run.text for run in box.title).strip().casefold()
    label = box.label.strip()
    rest = title.removeprefix(label.casefold())
    repeated = len(rest) < len(title) and not rest[:1].isalpha()
    return "" if repeated else label
