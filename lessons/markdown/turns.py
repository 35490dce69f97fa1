"""Who says which part of a paragraph: a name and a colon at the start of a line begin a turn.

`Teacher: …` counts where `teacher` is one of the speakers, and so do `**Teacher:** …` and
`**Teacher**: …`. The label is neither spoken nor captioned. The text of a link is none. Of two
labels before the same words, the second one counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lessons.course.speakers import Speaker, Speakers
from lessons.markdown.inline import Bit, split_bits
from lessons.markdown.speaker_labels import COLONS, match_colon, match_label


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
        labels = list(_find_labels(line, speakers))
        if labels:
            turns += [Turn((), speaker, at) for speaker, at, _ in labels[:-1]]
            speaker, at, rest = labels[-1]
            turns.append(Turn(tuple(rest), speaker, at))
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


def _find_labels(
    line: Sequence[Bit], speakers: Speakers
) -> Iterator[tuple[Speaker, int, Sequence[Bit]]]:
    """The labels at the start of a line: each with its speaker, its offset in the file, and the
    bits after it."""
    rest: Sequence[Bit] = [bit for bit in line if bit.kind != "break"]
    while rest and (found := _find_label(rest, speakers)) is not None:
        speaker, after = found
        yield speaker, rest[0].start, after
        rest = after


def _find_label(rest: Sequence[Bit], speakers: Speakers) -> tuple[Speaker, Sequence[Bit]] | None:
    """The speaker whom the label at the start of some bits names, and the bits after the label."""
    first = rest[0]
    if first.kind != "text" or first.link:
        return None
    if not (first.strong or first.emphasis):
        found = match_label(first.text, speakers) if first.plain else None
        return (found[0], _cut_start(rest, first.start + found[1])) if found else None
    head = []
    for bit in rest:
        if bit.kind != "text" or not (bit.strong or bit.emphasis) or bit.link:
            break
        head.append(bit)
    name = "".join(bit.text for bit in head).strip()
    after: Sequence[Bit] = rest[len(head) :]
    colon = None
    if not name.endswith(COLONS):
        colon = match_colon(after[0].text) if after and after[0].plain else None
        if colon is None:
            return None
    if first.plain and (found := match_label(first.text, speakers)):  # of two in bold
        return found[0], _cut_start(rest, first.start + found[1])
    speaker = speakers.find(name.rstrip("".join(COLONS)))
    if colon is not None:
        after = _cut_start(after, after[0].start + colon)
    return None if speaker is None else (speaker, after)


def _cut_start(bits: Sequence[Bit], at: int) -> tuple[Bit, ...]:
    return split_bits(bits, at)[1]
