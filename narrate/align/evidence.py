"""How well a few words fit a short sound, by Whisper: the probability of each of several given
texts, rather than the text that it would write itself."""

from __future__ import annotations

from collections.abc import Sequence

import ctranslate2
import numpy as np

from narrate.align.whisper import MEDIAN_WIDTH, Whisper, write_for
from narrate.vocabulary import Samples


def compute_text_log_probabilities(
    whisper: Whisper, samples: Samples, texts: Sequence[str], language: str
) -> list[float]:
    """The natural logarithm of the probability of each text, up to and including its end, given the
    sound (a few seconds at 16 kHz)."""
    window = whisper.encode(samples)
    tokenizer = whisper.tokenizer(language)
    ids = [[*tokenizer.encode(write_for(language, text.strip())), tokenizer.eot] for text in texts]
    encoding = np.repeat(np.array(window.encoding), len(ids), axis=0)
    results = whisper.model.model.align(
        ctranslate2.StorageView.from_array(np.ascontiguousarray(encoding)),
        tokenizer.sot_sequence,
        ids,
        window.frames,
        median_filter_width=MEDIAN_WIDTH,
    )
    return [
        float(np.log(np.maximum(np.array(r.text_token_probs, np.float64), 1e-12)).sum())
        for r in results
    ]
