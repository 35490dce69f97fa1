"""The script as a grammar that PocketSphinx follows in the sound: every word may be left out, or
said again.

It knows no language beyond this, so it does not mend what was said, as Whisper does. English only;
sound is mono at 16 kHz, times are seconds in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from narrate.align import sphinx
from narrate.align.sphinx import DITHER, FRAME_LEAD_SECONDS, FRAME_SECONDS, SETTINGS
from narrate.vocabulary import Samples

# Chosen on the first set of benchmarks/speech_check_texts.py. What is followed is still judged, so
# they are large: of 26 dropped words none was missed, and one word in 150 was wrongly left out.
SKIP, AGAIN = 1e-2, 1e-2
SKIP_SENTENCE = 1e-4
SHORTEST_SENTENCE = 3  # words


@dataclass(frozen=True, slots=True)
class FollowedWord:
    """Word `index` of the text was said from `start` to `end`."""

    index: int
    start: float
    end: float


def follow(
    samples: Samples, words: Sequence[str], sentences: Sequence[tuple[int, int]] = ()
) -> list[FollowedWord]:
    """Which of `words` were said, in order; `sentences` are ranges that may be left out whole.

    Empty where the sound does not fit the text at all, or no word has a pronunciation.
    """
    arcs: list[tuple[Any, ...]] = []
    names: dict[str, tuple[str, ...]] = {}
    for at, word in enumerate(words):
        phones = find_pronunciations(word)
        if not phones:
            arcs.append((at, at + 1, 1.0))
            continue
        # No dictionary word has a full stop before its last letter.
        name = f"{word}.{at}"
        names[name] = phones
        arcs += [(at, at + 1, 0.9, name), (at, at + 1, SKIP), (at + 1, at + 1, AGAIN, name)]
    arcs += [(a, b, SKIP_SENTENCE) for a, b in sentences if b - a >= SHORTEST_SENTENCE]
    if not names:
        return []
    decoder = _decoder(names)
    decoder.add_fsg("script", decoder.create_fsg("script", 0, len(words), arcs))
    decoder.activate_search("script")
    noise = np.random.default_rng(0).normal(0, DITHER[0], len(samples))
    pcm = (np.clip(samples + noise, -1, 1) * 32767).astype("<i2").tobytes()
    decoder.start_utt()
    decoder.process_raw(pcm, full_utt=True)
    decoder.end_utt()
    if decoder.hyp() is None:
        return []
    return [
        FollowedWord(
            int(segment.word.partition("(")[0].rpartition(".")[2]),
            segment.start_frame * FRAME_SECONDS + FRAME_LEAD_SECONDS,
            (segment.end_frame + 1) * FRAME_SECONDS + FRAME_LEAD_SECONDS,
        )
        for segment in decoder.seg() or ()
        if not segment.word.startswith(("<", "[", "("))
    ]


def fit(samples: Samples, words: Sequence[str]) -> float | None:
    """How well the sounds of exactly these words fit, in nats under the likeliest sounds there;
    None if they do not."""
    aligned = sphinx.align(samples, words)
    if aligned is None:
        return None
    return sum(phone.score * (phone.end - phone.start) / FRAME_SECONDS for phone in aligned.phones)


def find_pronunciations(word: str) -> tuple[str, ...]:
    """A word as ARPAbet, the usual way first; one of figures or with a hyphen is put together."""
    parts = [sphinx.find_pronunciations(part) for part in sphinx.split_into_dictionary_words(word)]
    if len(parts) == 1:
        return parts[0]
    return (" ".join(part[0] for part in parts),) if parts and all(parts) else ()


def _decoder(names: Mapping[str, tuple[str, ...]]) -> Any:
    import pocketsphinx

    model = Path(pocketsphinx.get_model_path()) / "en-us" / "en-us"
    decoder = pocketsphinx.Decoder(hmm=str(model), **SETTINGS)
    for name, phones in names.items():
        for number, sounds in enumerate(phones, start=1):
            decoder.add_word(name if number == 1 else f"{name}({number})", sounds, False)
    return decoder
