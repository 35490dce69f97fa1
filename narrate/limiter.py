"""The limiter, which keeps true peaks (ITU-R BS.1770-5, annex 2) below a ceiling. It works in
chunks, so an hour needs no more memory than a minute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt

from narrate.clock import SAMPLE_RATE
from narrate.vocabulary import Samples

_PIECE = 65_536
_LOOKAHEAD = SAMPLE_RATE // 200  # 5 ms, too short to be heard before a plosive
_OVERSAMPLING = 4  # BS.1770-5, annex 2
_REACH = 64  # samples on each side that the oversampling filter needs
_BETWEEN_DB = 6.0  # a true peak exceeds its samples by more only in test signals


def true_peak(chunks: Iterable[Samples]) -> float:
    """The highest true peak in dBTP; −inf if all is silence."""
    highest = 0.0
    for _, peaks in _add_peaks(split_evenly(chunks), 0.0):
        highest = max(highest, float(peaks.max(initial=0.0)))
    return 20 * float(np.log10(highest)) if highest > 0 else -np.inf


def limit_peaks(chunks: Iterable[Samples], gain: float, ceiling: float) -> Iterator[Samples]:
    """The sound, made `gain` dB louder, with its true peaks limited to `ceiling` dBTP.

    The gain falls along a smooth curve in the 5 ms before a peak and rises in the 5 ms after it, so
    nothing is clipped.
    """
    factor = np.float32(10 ** (gain / 20))
    most = 10 ** (ceiling / 20)
    louder = (piece * factor for piece in split_evenly(chunks))
    width = 2 * _LOOKAHEAD + 1
    window = np.hanning(width + 2)[1:-1]
    window /= window.sum()
    # A chunk can be finished once the needed gain is known for 2·lookahead samples after it.
    sound = np.zeros(0, np.float32)
    needed = np.ones(2 * _LOOKAHEAD)
    for piece, peaks in _add_peaks(louder, 10 ** ((ceiling - _BETWEEN_DB) / 20)):
        sound = np.concatenate([sound, piece])
        needed = np.concatenate([needed, np.minimum(1.0, most / np.maximum(peaks, most))])
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
    """Limit `sound`. `needed` is the gain for each sample, and for two lookaheads before and after
    it."""
    if needed.min() >= 1.0:
        return sound
    from scipy.ndimage import minimum_filter1d

    lowest = minimum_filter1d(needed, len(window), mode="nearest")[_LOOKAHEAD:-_LOOKAHEAD]
    curve = np.convolve(lowest, window, mode="valid")
    return np.asarray(sound * curve, dtype=np.float32)


def _add_peaks(
    sounds: Iterable[Samples], quiet: float
) -> Iterator[tuple[Samples, npt.NDArray[np.float64]]]:
    """Each chunk with the oversampled magnitude at each of its samples, one chunk late.

    Chunks below `quiet` are not oversampled; the magnitude of their samples is given.
    """
    from scipy.signal import firwin, upfirdn

    taps = firwin(2 * _REACH * _OVERSAMPLING // 4 + 1, 1 / _OVERSAMPLING, window=("kaiser", 8.0))
    taps = taps * _OVERSAMPLING
    delay = (len(taps) - 1) // 2
    before = np.zeros(_REACH, np.float32)
    held: Samples | None = None

    def measured(piece: Samples, after: Samples) -> npt.NDArray[np.float64]:
        magnitude = np.abs(piece.astype(np.float64))
        if magnitude.max(initial=0.0) < quiet:
            return magnitude
        whole = np.concatenate([before, piece, after]).astype(np.float64)
        fine = np.abs(upfirdn(taps, whole, up=_OVERSAMPLING))[delay:]
        fine = fine[: len(whole) * _OVERSAMPLING].reshape(-1, _OVERSAMPLING)
        here = fine[len(before) : len(before) + len(piece)].max(axis=1)
        return np.asarray(np.maximum(magnitude, here))

    for piece in sounds:
        if held is not None:
            yield held, measured(held, piece[:_REACH])
            before = np.concatenate([before, held])[-_REACH:]
        held = piece
    if held is not None:
        yield held, measured(held, np.zeros(_REACH, np.float32))


def split_evenly(chunks: Iterable[Samples]) -> Iterator[Samples]:
    """The same sound in chunks of equal length, except the last, so that results do not depend on
    how the sound was cut."""
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
