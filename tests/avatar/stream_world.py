"""Phone timelines, and the rows that streams make of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np

from avatar.performance import (
    CHANNELS,
    INDEX,
    Controls,
    Stream,
    frame_times,
)
from avatar.performance.channels import Values
from avatar.performance.stream import LOOKAHEAD
from avatar.phone import Phone

R30 = Fraction(30)
STEPS = 1 / 4096
MOUTH = [i for n, i in INDEX.items() if n.startswith(("mouth", "jaw", "tongue", "teeth", "labio"))]
SYMBOLS = (*"pbmfvθsʃhnlɹjwɪæəɑuɝ", "tʃ", "aɪ", "oʊ")


def spoken(symbols: str, *, start: float = 0.6, length: float = 0.08) -> list[Phone]:
    """Phones of equal length; ' marks a stressed vowel, _ a pause of .6 s, . one of .18 s."""
    phones = []
    time = start
    for symbol in symbols.split():
        if symbol in "_.":
            time += 0.6 if symbol == "_" else 0.18
            continue
        stress = 1 if symbol.endswith("'") else 0
        phones.append(Phone(symbol.rstrip("'"), time, time + length, stress))
        time += length
    return phones


def talk(seed: int, seconds: float, *, start: float = 0.4) -> list[Phone]:
    """Random phrases of phones of natural lengths, with pauses."""
    rng = np.random.default_rng(seed)
    phones: list[Phone] = []
    time = start
    while time < seconds:
        for _ in range(int(rng.integers(8, 40))):
            length = float(rng.uniform(0.03, 0.16))
            symbol = str(rng.choice(SYMBOLS))
            phones.append(Phone(symbol, time, time + length, int(rng.integers(0, 2))))
            time += length
        # Every second pause is short.
        time += float(rng.uniform(0.13, 0.24) if len(phones) % 2 else rng.uniform(0.3, 0.8))
    return phones


def rows(*pieces: Iterable[Values]) -> Values:
    """(rows, channels); none gives an empty array of that width."""
    taken = [row for piece in pieces for row in piece]
    return np.array(taken, np.float32).reshape(-1, len(CHANNELS))


def streamed(
    phones: Sequence[Phone],
    rate: Fraction = R30,
    *,
    until: float | None = None,
    lookahead: float = LOOKAHEAD,
    **controls: Any,
) -> Values:
    stream = Stream(rate, Controls(**controls), lookahead=lookahead)
    return rows(stream.push(phones), stream.finish(until))


def away_from_the_ends(phones: Sequence[Phone], frames: int, rate: Fraction) -> slice:
    """The frames that no start or end of a clip reaches."""
    times = frame_times(frames, rate)
    first, last = np.searchsorted(times, [0.35, phones[-1].end - 0.3])
    return slice(int(first), int(last))
