"""How the head of a box is read: its label and its title, after a silence."""

from __future__ import annotations

from lessons.box_kinds import find_kind
from lessons.markdown.blocks import Block
from lessons.markdown.containers import find_manner
from lessons.markdown.inline import Bit, make_plain_text
from lessons.markdown.slide_builder import SlideBuilder


def say_box(builder: SlideBuilder, block: Block) -> None:
    """Read the label and the title of a box that has just been opened: "Challenge. What is …?"."""
    marker = block.marker
    if marker is None or marker.name != "box" or not builder.shown.read:
        return
    manner = find_manner(find_kind(marker.words[0] if marker.words else ""), builder.context.boxes)
    title = make_plain_text(block.bits)
    label = manner.choose_label(title)
    builder.pause_before(manner.pause_ms)
    if label:
        text = label if label[-1] in ".?!:" else label + "."
        builder.say([Bit("text", text, block.start, block.start + 1)])
    if title:
        builder.say(block.bits)
