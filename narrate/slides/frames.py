"""The frames of a drawn slide, and when each of them is shown."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from narrate.clock import ms_to_samples
from narrate.vocabulary import Word

LEAST_SHOWN_MS = 1500
"""A page is shown for so long at least if there is time for all of them: WCAG gives no number, and
a viewer finds their place on a new page in about a second."""


@dataclass(frozen=True, slots=True)
class SlideFrame:
    """What is shown for a while: a page of the slide at a reveal step.

    `anchor` is the number of the utterance that introduces the page, and None if the script does
    not tell. `weight` is about how many characters the page has.
    """

    png: bytes
    step: int = 0
    page: int = 0
    anchor: int | None = None
    weight: int = 1


def find_utterance_starts(words: Sequence[Word]) -> tuple[int, ...]:
    """The sample at which each utterance begins; one without words begins with the next one."""
    count = 1 + max((word.utterance for word in words), default=-1)
    starts: list[int | None] = [None] * count
    for word in words:
        known = starts[word.utterance]
        starts[word.utterance] = word.start if known is None else min(known, word.start)
    following = max((word.end for word in words), default=0)
    for at in range(count - 1, -1, -1):
        following = starts[at] = following if (known := starts[at]) is None else known
    return tuple(start or 0 for start in starts)


def schedule_frames(
    frames: Sequence[SlideFrame],
    *,
    steps: Sequence[int],
    utterances: Sequence[int],
    total: int,
) -> tuple[int, ...]:
    """The sample at which each frame begins; the first begins at 0.

    `steps` are the samples at which the reveal steps begin, `utterances` those of the utterances,
    and `total` is the length of the slide. Pages of the same step share its time: each begins with
    the utterance that introduces it, if the script tells, and otherwise when the pages before it
    have had their share by weight.
    """
    starts: list[int] = []
    ends = [*steps[1:], total]
    for step, group in itertools.groupby(frames, key=lambda frame: frame.step):
        at = min(step, len(steps) - 1)
        starts += _share(list(group), steps[at], max(ends[at], steps[at]), utterances)
    return tuple(starts)


def _share(
    frames: Sequence[SlideFrame], first: int, end: int, utterances: Sequence[int]
) -> list[int]:
    """When each frame of a step begins that lasts from `first` to `end`."""
    known: dict[int, int] = {0: first, len(frames): end}
    before = first
    for at, (last, frame) in enumerate(itertools.pairwise(frames), 1):
        if frame.anchor is None or last.anchor is None or frame.anchor <= last.anchor:
            continue
        start = utterances[frame.anchor] if frame.anchor < len(utterances) else end
        if before < start < end:
            known[at] = before = start
    starts: list[int] = []
    for (at, start), (to, stop) in itertools.pairwise(sorted(known.items())):
        starts += _divide(frames[at:to], start, stop)
    least = ms_to_samples(LEAST_SHOWN_MS)
    short = any(b - a < least for a, b in itertools.pairwise([*starts, end]))
    if short and len(frames) > 1 and end - first >= least * len(frames):
        rest = end - first - least * len(frames)
        shares = _divide(frames, 0, rest)
        return [first + share + least * at for at, share in enumerate(shares)]
    return starts


def _divide(frames: Sequence[SlideFrame], start: int, stop: int) -> list[int]:
    """Begins of frames that share a time by their weight."""
    whole = sum(frame.weight for frame in frames) or 1
    before = itertools.accumulate((frame.weight for frame in frames[:-1]), initial=0)
    return [start + (stop - start) * weight // whole for weight in before]
