"""Which language is spoken in a recording, by Whisper."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from foundation.languages import primary, same_language
from narrate.align.listen import SoundSpan
from narrate.align.whisper import find_tag, open_whisper
from narrate.vocabulary import Samples

# The longest spans are asked: with less than three seconds, the model guesses.
MOST_SPANS = 4
# Of 27 recordings in nine languages, none was called another language with half this probability.
SURE = 0.7
_SOUNDS_LIKE_URDU = frozenset({"ur", "hi"})  # one spoken language in two scripts


@dataclass(frozen=True, slots=True)
class HeardLanguage:
    """A language (a BCP 47 tag without a region) and how probable it is, in 0..1."""

    tag: str
    probability: float

    def differs_from(self, language: str) -> bool:
        """Whether it is surely another language than the one that was expected."""
        alike = {self.tag, primary(language)} <= _SOUNDS_LIKE_URDU
        return self.probability >= SURE and not alike and not same_language(self.tag, language)


def hear_language(
    samples_16k: Samples,
    spans: Sequence[SoundSpan],
    model: str | None,
    spread: Callable[..., Iterator[Any]],
) -> HeardLanguage | None:
    """The most probable language of a recording; None if nothing is said in it, or if the model
    knows only one. `spread` is a `map` (`listen.start_workers`)."""
    chosen = sorted(spans, key=lambda span: -span.seconds)[:MOST_SPANS]
    weights: defaultdict[str, float] = defaultdict(float)
    sounds = (samples_16k[span.start : span.end] for span in chosen)
    for span, found in zip(chosen, spread(partial(_hear, model=model), sounds), strict=True):
        for tag, probability in found:
            weights[tag] += probability * span.seconds
    if not weights:
        return None
    best = max(weights, key=weights.__getitem__)
    return HeardLanguage(best, weights[best] / sum(span.seconds for span in chosen))


def _hear(samples_16k: Samples, *, model: str | None) -> list[tuple[str, float]]:
    whisper = open_whisper(model)
    found = whisper.detect_languages(whisper.encode(samples_16k))
    return [(find_tag(code), probability) for code, probability in found]
