"""Loudness and pitch of a recording, for each frame of the video."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from avatar.arrays import Floats32, Floats64
from avatar.performance.frames import frame_times

LOWEST, HIGHEST = 65.0, 450.0  # Hz: from a low man's voice to a child's excited one
# Three periods of the lowest pitch, so that its autocorrelation has a peak to find.
PITCH_WINDOW: Final = 0.046
LOUDNESS_WINDOW: Final = 0.05
# Voiced: the normalised autocorrelation peak is above this (Boersma 1993 uses .45).
VOICED: Final = 0.45
FLOOR: Final = -60.0  # dB under the speech level: silence
# Frames this far under the loudest 5 % do not count towards the speech level.
GATE: Final = 25.0
PITCH_RATE: Final = 8000  # Hz: enough for four harmonics of the highest pitch, and cheap
BLOCK: Final = 2048  # frames at once, so that an hour's memory stays small


@dataclass(frozen=True, eq=False, slots=True)
class Prosody:
    """Loudness (dB relative to the speech level) and pitch (Hz, 0 unvoiced), float32 per frame."""

    loudness: Floats32
    pitch: Floats32


def measure_prosody(samples: Floats32, sample_rate: int, rate: Fraction, frames: int) -> Prosody:
    """Measure loudness and pitch at the centres of `frames` video frames at `rate`.

    `samples` is mono, -1..1. Loudness is the level of 50 ms in dB relative to the mean speech
    level, and not below -60. Pitch is the peak of the autocorrelation, corrected for that of the
    window (Boersma 1993), 0 where unvoiced, with single octave jumps removed.
    """
    if frames <= 0:
        return Prosody(np.zeros(0, np.float32), np.zeros(0, np.float32))
    wave: Floats64 = samples.astype(np.float64)
    times = frame_times(frames, rate)
    loudness = _measure_loudness(wave, sample_rate, times)
    pitch = _measure_pitch(wave, sample_rate, times)
    pitch[loudness < -30.0] = 0.0
    return Prosody(loudness.astype(np.float32), _remove_jumps(pitch).astype(np.float32))


def _measure_loudness(samples: Floats64, sample_rate: int, times: Floats64) -> Floats64:
    energy = np.concatenate([[0.0], np.cumsum(samples**2)])
    half = LOUDNESS_WINDOW / 2 * sample_rate
    centre = times * sample_rate
    first = np.clip(np.round(centre - half), 0, len(samples)).astype(int)
    last = np.clip(np.round(centre + half), 0, len(samples)).astype(int)
    power = np.maximum(energy[last] - energy[first], 0.0) / (2 * half)
    level = 10.0 * np.log10(power + 1e-12)
    loud = level > np.quantile(level, 0.95) - GATE
    speech = 10.0 * np.log10(np.mean(power[loud]) + 1e-12)
    if speech < -90.0:  # digital silence has no speech level
        return np.full(len(times), FLOOR)
    relative: Floats64 = np.maximum(level - speech, FLOOR)
    return relative


def _measure_pitch(samples: Floats64, sample_rate: int, times: Floats64) -> Floats64:
    from scipy.signal import resample_poly

    common = int(np.gcd(PITCH_RATE, sample_rate))
    low = resample_poly(samples, PITCH_RATE // common, sample_rate // common)
    width = round(PITCH_WINDOW * PITCH_RATE)
    window = np.hanning(width)
    size = 1 << (2 * width - 1).bit_length()
    own = np.fft.irfft(np.abs(np.fft.rfft(window, size)) ** 2)
    shortest, longest = int(PITCH_RATE / HIGHEST), int(PITCH_RATE / LOWEST)
    lags = np.arange(shortest - 1, longest + 2)
    own = own[lags] / own[0]
    padded = np.pad(low, width)
    start = np.clip(np.round(times * PITCH_RATE).astype(int) + width // 2, 0, len(padded) - width)
    pitch = np.zeros(len(times))
    for block in range(0, len(times), BLOCK):
        at = start[block : block + BLOCK, None] + np.arange(width)
        pieces = padded[at]
        pieces = (pieces - pieces.mean(1, keepdims=True)) * window
        spectrum = np.abs(np.fft.rfft(pieces, size)) ** 2
        correlation = np.fft.irfft(spectrum)
        peak = correlation[:, lags] / np.maximum(correlation[:, :1], 1e-12) / own
        # A longer lag needs a clearly higher peak, or a low octave would win.
        cost = peak - 0.02 * np.log2(lags / shortest)
        best = 1 + np.argmax(cost[:, 1:-1], axis=1)
        rows = np.arange(len(best))
        left, top, right = (peak[rows, best + k] for k in (-1, 0, 1))
        bend = np.where(left - 2 * top + right < -1e-9, left - 2 * top + right, -1e-9)
        lag = lags[best] + np.clip(0.5 * (left - right) / bend, -0.5, 0.5)
        pitch[block : block + BLOCK] = np.where(top > VOICED, PITCH_RATE / lag, 0.0)
    return pitch


def _remove_jumps(pitch: Floats64) -> Floats64:
    """Make a value unvoiced if it is half an octave from the median of its voiced neighbours."""
    result = pitch.copy()
    for i in np.flatnonzero(pitch):
        near = pitch[max(0, i - 4) : i + 5]
        near = near[near > 0]
        if len(near) < 2 or abs(np.log2(pitch[i] / np.median(near))) > 0.5:
            result[i] = 0.0
    return result
