"""Who says which part of a paragraph: a name and a colon at the start of a line begin a turn.

`Teacher: …` counts where `teacher` is one of the speakers, and so do `**Teacher:** …` and
`**Teacher**: …`. The label is neither spoken nor captioned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lessons.course.settings import LONGEST_SPEAKER_NAME
from lessons.course.speakers import Speaker, Speakers
from lessons.markdown.inline import Bit, split_bits

_PLAIN_LABEL = re.compile(
    rf"[ \t\u00a0\u202f]*([^:：\n]{{1,{LONGEST_SPEAKER_NAME}}}?)[ \t\u00a0\u202f]*"
    r"(?::(?=\s|$)|：)[ \t]*"
)
_COLON = re.compile(r"[ \t\u00a0\u202f]*[:：][ \t]*")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says; `speaker` is None where no name stands before it. `label` is the
    offset of the label in the file."""

    bits: tuple[Bit, ...]
    speaker: Speaker | None = None
    label: int = 0

    @property
    def empty(self) -> bool:
        return not any(bit.kind != "break" and bit.text.strip() for bit in self.bits)


def split_turns(bits: Sequence[Bit], speakers: Speakers) -> list[Turn]:
    """The turns of a paragraph, in order; there is one for all that has no label before it."""
    if not speakers.declared:
        return [Turn(tuple(bits))]
    turns: list[Turn] = []
    for line in _split_at_breaks(bits):
        found = _find_label(line, speakers)
        if found is not None:
            speaker, rest = found
            turns.append(Turn(tuple(rest), speaker, line[0].start))
        elif turns:
            turns[-1] = Turn((*turns[-1].bits, *line), turns[-1].speaker, turns[-1].label)
        else:
            turns.append(Turn(tuple(line)))
    return [turn for turn in turns if turn.speaker is not None or not turn.empty] or turns[:1]


def remove_labels(bits: Sequence[Bit], speakers: Speakers) -> tuple[Bit, ...]:
    """The bits without the labels of speakers."""
    return tuple(bit for turn in split_turns(bits, speakers) for bit in turn.bits)


def _split_at_breaks(bits: Sequence[Bit]) -> Iterator[list[Bit]]:
    """The lines of the source, each after the first with the break before it."""
    line: list[Bit] = []
    for bit in bits:
        if bit.kind == "break" and line:
            yield line
            line = []
        line.append(bit)
    if line:
        yield line


def _find_label(line: Sequence[Bit], speakers: Speakers) -> tuple[Speaker, Sequence[Bit]] | None:
    """The speaker whom the label at the start of a line names, and the bits after the label."""
    rest = [bit for bit in line if bit.kind != "break"]
    if not rest or rest[0].kind != "text":
        return None
    first = rest[0]
    if not (first.strong or first.emphasis):
        found = _PLAIN_LABEL.match(first.text) if first.plain else None
        speaker = speakers.find(found[1]) if found else None
        if found is None or speaker is None:
            return None
        return speaker, _cut_start(rest, first.start + found.end())
    head = []
    for bit in rest:
        if bit.kind != "text" or not (bit.strong or bit.emphasis):
            break
        head.append(bit)
    name = "".join(bit.text for bit in head).strip()
    after: Sequence[Bit] = rest[len(head) :]
    if name.endswith((":", "：")):
        speaker = speakers.find(name[:-1])
    elif after and after[0].plain and (colon := _COLON.match(after[0].text)):
        speaker = speakers.find(name)
        after = _cut_start(after, after[0].start + colon.end())
    else:
        return None
    return None if speaker is None else (speaker, after)


def _cut_start(bits: Sequence[Bit], at: int) -> tuple[Bit, ...]:
    return split_bits(bits, at)[1]
