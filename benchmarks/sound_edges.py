"""Where a sound begins, ends and changes, by its samples alone. This checks times independently of
all models and of `narrate.speech`.

Pause: 150 ms or more in which no 20 ms are louder than −40 dBFS.
Onset after a pause: the first sample from which the RMS of 2 ms stays for 5 ms at least 15 dB above
the pause's own noise (its median over the middle half of the pause, and at least −66 dBFS). The end
before a pause is found in the same way, backwards.
Landmark: where the level of a band, over 8 ms, crosses the middle between its medians 15 to 45 ms
before and after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, sosfiltfilt

from narrate.clock import SAMPLE_RATE, samples_to_seconds
from narrate.vocabulary import Samples, Speech, SpokenPhone

Levels = npt.NDArray[np.float64]

STILL_DB, PAUSE_MS = -40.0, 150
MARGIN_DB, HOLD_MS, NOISE_DB = 15.0, 5, -66.0
NEAR_MS, FAR_MS = 15, 45
STEP_DB = 8.0  # a smaller change is not a landmark
VOICED_HZ, HISS_HZ = (80.0, 1000.0), (3500.0, 12_000.0)


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of the sound; `off` is how many ms later our time is."""

    kind: str
    symbol: str
    off: float


def _ms(samples: float) -> float:
    return 1000 * samples_to_seconds(round(samples))


def rms_db(samples: Samples, ms: int) -> Levels:
    """The RMS of `ms` milliseconds around each sample, in dBFS."""
    size = SAMPLE_RATE * ms // 1000
    power = np.pad(samples.astype(np.float64) ** 2, (size // 2, size - size // 2 - 1))
    total = np.concatenate(([0.0], np.cumsum(power)))
    mean = np.maximum((total[size:] - total[:-size]) / size, 1e-12)
    return np.asarray(10 * np.log10(mean))


def pauses(samples: Samples) -> list[tuple[int, int]]:
    """The pauses inside a sound, as samples."""
    still = np.concatenate(([False], rms_db(samples, 20) < STILL_DB, [False]))
    spans = np.flatnonzero(still[1:] != still[:-1]).reshape(-1, 2)
    least = PAUSE_MS * SAMPLE_RATE // 1000
    return [(int(a), int(b)) for a, b in spans if a > 0 and b < len(samples) and b - a >= least]


def edges(speech: Speech) -> list[Edge]:
    """The first and last phones between pauses of an utterance, compared with the sound."""
    found: list[Edge] = []
    fine, size = rms_db(speech.samples, 2), len(speech.samples)
    phones = speech.phones
    spans = [(0, 0), *pauses(speech.samples), (size, size)]
    for number, (start, end) in enumerate(spans):
        middle = (start + end) // 2
        quarter = (end - start) // 4
        inner = fine[start + quarter : end - quarter]
        noise = max(float(np.median(inner)) if len(inner) else NOISE_DB, NOISE_DB)
        loud = fine > noise + MARGIN_DB
        inside = 0 < number < len(spans) - 1
        after = [p for p in phones if p.start >= middle]
        if number < len(spans) - 1 and after:
            onset = _first_run(loud[middle:])
            if onset is not None:
                kind = "after a pause" if inside else "at the start"
                found.append(Edge(kind, after[0].symbol, _ms(after[0].start - middle - onset)))
        before = [p for p in phones if p.start < middle]
        if number and before:
            last = _first_run(loud[:middle][::-1])
            if last is not None:
                kind = "before a pause" if inside else "at the end"
                found.append(Edge(kind, before[-1].symbol, _ms(before[-1].end - middle + last)))
    return found


def _first_run(mask: npt.NDArray[np.bool_]) -> int | None:
    hold = HOLD_MS * SAMPLE_RATE // 1000
    total = np.concatenate(([0], np.cumsum(mask)))
    full = np.flatnonzero(total[hold:] - total[:-hold] == hold)
    return int(full[0]) if len(full) else None


@cache
def _band(low: float, high: float) -> Any:
    return butter(4, (low, high), "band", fs=SAMPLE_RATE, output="sos")


# The band whose rise (+1) or fall (-1) is the start of a phone, for a phone and the one before it.
_VOWELS = "aɑæʌɔɛeɪioʊuəɚɝɜ"
_KINDS = (
    ("hiss after a vowel", _VOWELS, "sʃ", HISS_HZ, 1),
    ("vowel after a hiss", "sʃ", _VOWELS, VOICED_HZ, 1),
    ("closure after a vowel", _VOWELS, "ptk", VOICED_HZ, -1),
    ("vowel after a stop", "ptkbdɡ", _VOWELS, VOICED_HZ, 1),
    ("f, θ or h after a vowel", _VOWELS, "fθh", VOICED_HZ, -1),
)


def landmarks(
    speech: Speech, others: Sequence[tuple[SpokenPhone, float]]
) -> list[tuple[Edge, Edge]]:
    """Phone starts at which the sound changes suddenly: ours and another source's, compared with
    the sound.

    `others` are phones of `speech` with their starts by the other source, in seconds. A landmark is
    searched around the middle of both starts, so that neither source has an advantage.
    """
    sound = speech.samples.astype(np.float64)
    if len(sound) < SAMPLE_RATE // 10:
        return []
    bands = {
        band: rms_db(np.asarray(sosfiltfilt(_band(*band), sound), np.float32), 8)
        for band in (VOICED_HZ, HISS_HZ)
    }
    theirs = {phone: second * SAMPLE_RATE for phone, second in others}
    found = []
    for left, phone in zip(speech.phones, speech.phones[1:], strict=False):
        if phone not in theirs or phone.start > left.end:
            continue
        for kind, before, after, band, way in _KINDS:
            if left.symbol[-1:] not in before or phone.symbol[0] not in after:
                continue
            if len(phone.symbol.rstrip("ː")) > 1 and phone.symbol[0] in "td":
                continue  # an affricate
            at = _crossing(way * bands[band], round((phone.start + theirs[phone]) / 2))
            if at is not None:
                found.append(
                    (
                        Edge(kind, phone.symbol, _ms(phone.start - at)),
                        Edge(kind, phone.symbol, _ms(theirs[phone] - at)),
                    )
                )
    return found


def _crossing(level: Levels, near: int) -> int | None:
    """The crossing of the middle that is nearest to `near`."""
    close, far = NEAR_MS * SAMPLE_RATE // 1000, FAR_MS * SAMPLE_RATE // 1000
    if near < far or near + far > len(level):
        return None
    low = float(np.median(level[near - far : near - close]))
    high = float(np.median(level[near + close : near + far]))
    if high - low < STEP_DB:
        return None
    above = level[near - far : near + far] > (low + high) / 2
    rises = np.flatnonzero(above[1:] & ~above[:-1]) + 1 - far
    return near + int(rises[np.argmin(np.abs(rises))]) if len(rises) else None
