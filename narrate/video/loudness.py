"""Loudness of speech after ITU-R BS.1770-5 and EBU R 128, in chunks: an hour needs no more memory
than a minute."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from narrate.clock import SAMPLE_RATE
from narrate.model import Samples

VERSION = 1

Chunks = Callable[[], Iterable[Samples]]
"""Gives the same sound, in pieces, each time it is called."""

TARGET = -16.0  # LUFS: AES TD1008 and podcast platforms for speech on mobile devices
TRUE_PEAK = -2.5
"""dBTP before encoding. What is asked for is −1.5 after it; AAC at 128 kb/s overshoots by up to
about 1 dB."""

_LOUDEST_GAIN = 40.0  # dB: silence with a little noise is not brought up to speech
_BLOCK = SAMPLE_RATE // 10  # hop of the gating blocks: 400 ms overlapping by 75 % (BS.1770-5)
_PIECE = 65_536

# BS.1770-5, annex 1, tables 1 and 2: the K weighting at 48 kHz.
_SHELF = (
    np.array([1.53512485958697, -2.69169618940638, 1.19839281085285]),
    np.array([1.0, -1.69065929318241, 0.73248077421585]),
)
_HIGHPASS = (np.array([1.0, -2.0, 1.0]), np.array([1.0, -1.99004745483398, 0.99007225036621]))

_LOOKAHEAD = SAMPLE_RATE // 200  # 5 ms: short enough to be unheard before a plosive
_OVERSAMPLING = 4  # BS.1770-5, annex 2
_REACH = 64  # samples on each side that the oversampling filter needs


@dataclass(frozen=True, slots=True)
class Normalisation:
    """What is done to a sound: a gain in dB, then a limiter. `before` and `after` are LUFS."""

    gain: float
    before: float
    after: float


def loudness(chunks: Iterable[Samples]) -> float:
    """Integrated loudness in LUFS of mono sound; −inf for silence or less than 400 ms."""
    from scipy.signal import lfilter

    energies: list[float] = []
    shelf = np.zeros(2)
    highpass = np.zeros(2)
    rest = np.zeros(0)
    for piece in _pieces(chunks):
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
    audible = blocks[_lufs(blocks) > -70.0]
    if not len(audible):
        return -np.inf
    loud = audible[_lufs(audible) > _lufs(audible.mean()) - 10.0]
    return float(_lufs(loud.mean()))


def true_peak(chunks: Iterable[Samples]) -> float:
    """The highest true peak in dBTP; −inf for silence."""
    highest = 0.0
    for _, peaks in _with_peaks(_pieces(chunks)):
        highest = max(highest, float(peaks.max(initial=0.0)))
    return 20 * float(np.log10(highest)) if highest > 0 else -np.inf


def plan_normalisation(chunks: Chunks, target: float = TARGET) -> Normalisation:
    """Find the gain that brings a sound to the target once it is limited.

    The limiter takes loudness away, so the gain is corrected until the result is within 0.1 LU.
    """
    before = loudness(chunks())
    if before == -np.inf:
        return Normalisation(0.0, before, before)
    gain = min(target - before, _LOUDEST_GAIN)
    after = before + gain
    for _ in range(4):
        after = loudness(limited(chunks(), gain))
        if abs(after - target) < 0.1 or gain >= _LOUDEST_GAIN:
            break
        gain = min(gain + target - after, _LOUDEST_GAIN)
    return Normalisation(gain, before, after)


def limited(chunks: Iterable[Samples], gain: float) -> Iterator[Samples]:
    """The sound, `gain` dB louder, its true peaks held at `TRUE_PEAK`.

    The gain falls 5 ms before a peak and rises 5 ms after it, along a smooth curve, so that
    nothing is clipped.
    """
    factor = np.float32(10 ** (gain / 20))
    ceiling = 10 ** (TRUE_PEAK / 20)
    louder = (piece * factor for piece in _pieces(chunks))
    width = 2 * _LOOKAHEAD + 1
    window = np.hanning(width + 2)[1:-1]
    window /= window.sum()
    # A piece can be finished once the needed gain is known for 2·lookahead samples after it.
    sound = np.zeros(0, np.float32)
    needed = np.ones(2 * _LOOKAHEAD)
    for piece, peaks in _with_peaks(louder):
        sound = np.concatenate([sound, piece])
        needed = np.concatenate([needed, np.minimum(1.0, ceiling / np.maximum(peaks, ceiling))])
        ready = len(needed) - 4 * _LOOKAHEAD
        if ready > 0:
            yield _limit(sound[:ready], needed[: ready + 4 * _LOOKAHEAD], window)
            sound, needed = sound[ready:], needed[ready:]
    if len(sound):
        needed = np.concatenate([needed, np.ones(2 * _LOOKAHEAD)])
        yield _limit(sound, needed[: len(sound) + 4 * _LOOKAHEAD], window)


def _limit(
    sound: Samples, needed: npt.NDArray[np.float64], window: npt.NDArray[np.float64]
) -> Samples:
    """`needed` reaches two lookaheads beyond `sound` on each side."""
    if needed.min() >= 1.0:
        return sound
    from scipy.ndimage import minimum_filter1d

    lowest = minimum_filter1d(needed, len(window), mode="nearest")[_LOOKAHEAD:-_LOOKAHEAD]
    curve = np.convolve(lowest, window, mode="valid")
    return np.asarray(sound * curve, dtype=np.float32)


def _with_peaks(
    pieces: Iterable[Samples],
) -> Iterator[tuple[Samples, npt.NDArray[np.float64]]]:
    """Each piece with the oversampled magnitude at each of its samples, one piece late.

    Quiet pieces are not oversampled: their magnitude stands for itself. A true peak exceeds the
    samples by 6 dB at most in anything but test signals.
    """
    from scipy.signal import firwin, upfirdn

    taps = firwin(2 * _REACH * _OVERSAMPLING // 4 + 1, 1 / _OVERSAMPLING, window=("kaiser", 8.0))
    taps = taps * _OVERSAMPLING
    delay = (len(taps) - 1) // 2
    before = np.zeros(_REACH, np.float32)
    held: Samples | None = None
    quiet = 10 ** ((TRUE_PEAK - 6) / 20)

    def measured(piece: Samples, after: Samples) -> npt.NDArray[np.float64]:
        magnitude = np.abs(piece.astype(np.float64))
        if magnitude.max(initial=0.0) < quiet:
            return magnitude
        whole = np.concatenate([before, piece, after]).astype(np.float64)
        fine = np.abs(upfirdn(taps, whole, up=_OVERSAMPLING))[delay:]
        fine = fine[: len(whole) * _OVERSAMPLING].reshape(-1, _OVERSAMPLING)
        here = fine[len(before) : len(before) + len(piece)].max(axis=1)
        return np.asarray(np.maximum(magnitude, here))

    for piece in pieces:
        if held is not None:
            yield held, measured(held, piece[:_REACH])
            before = np.concatenate([before, held])[-_REACH:]
        held = piece
    if held is not None:
        yield held, measured(held, np.zeros(_REACH, np.float32))


def _pieces(chunks: Iterable[Samples]) -> Iterator[Samples]:
    """The same sound in pieces of one length, except the last: results do not depend on how the
    sound was cut."""
    waiting: list[Samples] = []
    length = 0
    for chunk in chunks:
        waiting.append(chunk)
        length += len(chunk)
        if length >= _PIECE:
            whole = np.concatenate(waiting)
            end = length - length % _PIECE
            for start in range(0, end, _PIECE):
                yield whole[start : start + _PIECE]
            waiting, length = [whole[end:]], length - end
    if length:
        yield np.concatenate(waiting)


def _lufs(energy: npt.NDArray[np.float64] | np.floating) -> npt.NDArray[np.float64]:
    return np.asarray(-0.691 + 10 * np.log10(np.maximum(energy, 1e-12)))
