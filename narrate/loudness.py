"""The loudness of speech, measured and normalised by ITU-R BS.1770-5 and EBU R 128. It works in
chunks, so an hour needs no more memory than a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrate import limiter
from narrate.clock import SAMPLE_RATE
from narrate.limiter import split_evenly
from narrate.vocabulary import Samples

Chunks = Callable[[], Iterable[Samples]]
"""Gives the same sound, in chunks, each time it is called."""

TARGET = -16.0  # LUFS: AES TD1008 and podcast platforms for speech on mobile devices
TRUE_PEAK = -3.0
"""In dBTP, before encoding. It must be below −1.5 afterwards, and AAC at 128 kb/s overshoots by
0.7 dB in an hour of the default voice (benchmarks/speech_hour.py)."""

LOUDEST_GAIN = 40.0  # dB; silence with a little noise is not raised to the level of speech
_BLOCK = SAMPLE_RATE // 10  # the hop of gating blocks, 400 ms that overlap by 75 % (BS.1770-5)

# BS.1770-5, annex 1, tables 1 and 2: the K weighting at 48 kHz.
_SHELF = (
    np.array([1.53512485958697, -2.69169618940638, 1.19839281085285]),
    np.array([1.0, -1.69065929318241, 0.73248077421585]),
)
_HIGHPASS = (np.array([1.0, -2.0, 1.0]), np.array([1.0, -1.99004745483398, 0.99007225036621]))


@dataclass(frozen=True, slots=True)
class Normalisation:
    """How a sound is normalised: by a gain in dB and then the limiter. `before` and `after` are its
    loudness in LUFS."""

    gain: float
    before: float
    after: float


def loudness(chunks: Iterable[Samples]) -> float:
    """The integrated loudness of mono sound in LUFS; −inf for silence or less than 400 ms."""
    from scipy.signal import lfilter

    energies: list[float] = []
    shelf = np.zeros(2)
    highpass = np.zeros(2)
    rest = np.zeros(0)
    for piece in split_evenly(chunks):
        weighted, shelf = lfilter(*_SHELF, piece.astype(np.float64), zi=shelf)
        weighted, highpass = lfilter(*_HIGHPASS, weighted, zi=highpass)
        rest = np.concatenate([rest, weighted])
        count = len(rest) // _BLOCK
        if count:
            energies.extend(np.mean(rest[: count * _BLOCK].reshape(count, _BLOCK) ** 2, axis=1))
            rest = rest[count * _BLOCK :]
    hops = np.array(energies)
    if len(hops) < 4:
        return -np.inf
    blocks = (hops[:-3] + hops[1:-2] + hops[2:-1] + hops[3:]) / 4
    audible = blocks[_compute_lufs(blocks) > -70.0]
    if not len(audible):
        return -np.inf
    loud = audible[_compute_lufs(audible) > _compute_lufs(audible.mean()) - 10.0]
    return float(_compute_lufs(loud.mean()))


def plan_normalisation(chunks: Chunks, target: float = TARGET) -> Normalisation:
    """Find the gain that brings a sound to the target loudness after the limiter.

    The limiter makes the sound softer, so the gain is corrected until the result is within 0.1 LU.
    """
    before = loudness(chunks())
    if before == -np.inf:
        return Normalisation(0.0, before, before)
    gain = min(target - before, LOUDEST_GAIN)
    after = before + gain
    for _ in range(4):
        after = loudness(limit_loudness(chunks(), gain))
        if abs(after - target) < 0.1 or gain >= LOUDEST_GAIN:
            break
        gain = min(gain + target - after, LOUDEST_GAIN)
    return Normalisation(gain, before, after)


def limit_loudness(chunks: Iterable[Samples], gain: float) -> Iterator[Samples]:
    """The sound, made `gain` dB louder, with its true peaks limited to `TRUE_PEAK`."""
    return limiter.limit_peaks(chunks, gain, TRUE_PEAK)


def _compute_lufs(energy: npt.NDArray[np.float64] | np.floating) -> npt.NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(energy, 1e-12)))
