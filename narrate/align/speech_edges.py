"""Where the speech of a recording begins and ends, by its sound: words that were not recognised are
speech too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from narrate.align.listen import SoundSpan
from narrate.align.whisper import RATE
from narrate.clock import SAMPLE_RATE
from narrate.vocabulary import Samples

HOP = RATE // 100
LOUD_DB = -26.0  # the level that speech is raised to, of its loudest tenth
LOUDEST_PERCENTILE = 90
SILENCE_DB = -100.0  # nothing is raised that is quieter
# A first sound, such as an h, may be 40 dB below the vowels. It is speech if it is so much above
# the noise (steady noise varies by 10 dB from one hundredth of a second to the next), and goes on
# until the speech that the detector found.
ABOVE_NOISE_DB, ABOVE_NOISE_SHARE = 10.0, 0.25
NOISE_PERCENTILE = 5
STANDS_OUT_DB = 20.0  # with less between noise and speech, levels do not tell
UNSURE_SECONDS = 0.1  # in noise, the detector is so late
FURTHEST_SECONDS = 0.4  # a word's first consonants and a breath are no longer
GAP_SECONDS = 0.06  # the closure of a stop


def raise_level(samples_16k: Samples) -> Samples:
    """Sound at RATE with its speech at the level that models expect: the detector of speech and the
    aligner hear a recording at -45 dB badly. Loud sound is returned as it is."""
    level = measure_level(samples_16k)
    loud = float(np.percentile(level, LOUDEST_PERCENTILE)) if level.size else SILENCE_DB
    if loud >= LOUD_DB or loud <= SILENCE_DB:
        return samples_16k
    gain = np.float32(10 ** ((LOUD_DB - loud) / 20))
    return np.asarray(np.clip(samples_16k * gain, -1.0, 1.0), np.float32)


def find_speech_edges(samples_16k: Samples, spans: Sequence[SoundSpan]) -> tuple[int, int] | None:
    """The first and the last sample of speech, at `clock.SAMPLE_RATE`. `spans` are those of
    `listen.find_spans`."""
    spoken = [span for span in spans if span.speech[1] > span.speech[0]]
    if not spoken:
        return None
    level = measure_level(samples_16k)
    noise, loud = np.percentile(level, (NOISE_PERCENTILE, LOUDEST_PERCENTILE))
    first, last = spoken[0].speech[0] // HOP, min(spoken[-1].speech[1] // HOP, len(level)) - 1
    if loud - noise < STANDS_OUT_DB:
        unsure = round(UNSURE_SECONDS * RATE) // HOP
        first, last = max(first - unsure, 0), last + unsure
    else:
        sounding = level > noise + max(ABOVE_NOISE_DB, ABOVE_NOISE_SHARE * (loud - noise))
        first, last = _extend(sounding, first, -1), _extend(sounding, last, 1)
    ratio = SAMPLE_RATE // RATE
    return first * HOP * ratio, min((last + 1) * HOP, len(samples_16k)) * ratio


def measure_level(samples_16k: Samples) -> npt.NDArray[np.float64]:
    """The level of each 10 ms, in dB of full scale."""
    frames = samples_16k[: len(samples_16k) // HOP * HOP].reshape(-1, HOP)
    # No copy: an hour of sound is 230 MB.
    power = np.einsum("ij,ij->i", frames, frames) / HOP
    return np.asarray(10 * np.log10(power + 1e-12), np.float64)


def _extend(sounding: npt.NDArray[np.bool_], at: int, step: int) -> int:
    """The frame farthest from `at` in one direction that is reached without a longer silence than
    `GAP_SECONDS`."""
    best, silent = at, 0
    for _ in range(round(FURTHEST_SECONDS * 100)):
        at += step
        if not 0 <= at < len(sounding):
            break
        silent = 0 if sounding[at] else silent + 1
        if silent > GAP_SECONDS * 100:
            break
        if sounding[at]:
            best = at
    return best
