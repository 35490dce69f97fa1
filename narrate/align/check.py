"""Are the times true, and was it said?

Each utterance is placed by Whisper's alignment of the known text, which confirms the engine's
times, and recognised freely; where the two texts sound different, and the model finds the script's
words improbable in this sound, there is a finding.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from lessons.model import Finding, Slide
from narrate.align.heard import Mismatch, mismatches, spread, words_of
from narrate.align.whisper import (
    MOST_TOKENS,
    RATE,
    WINDOW_SECONDS,
    Placed,
    Whisper,
    open_whisper,
    to_recognition_rate,
)
from narrate.clock import SAMPLE_RATE, samples_to_seconds, seconds_to_samples
from narrate.model import Narration, Samples, Word
from narrate.models import whisper_digest

VERSION = 2

# Whisper base places known words 62 ms off in the median and 150 ms at p90; an engine's times that
# differ by more than this are not the same times.
TOLERANCE_SECONDS = 0.35
CERTAIN = 0.5  # geometric mean of the probability of a sentence's words
# Sound taken around a window's words.
BEFORE_SECONDS, AFTER_SECONDS = 0.2, 0.4
# Chosen on sentences with and without planted errors (benchmarks/speech_check.py).
NEAR_DISTANCE = 0.15  # by phones, 0..1: spelling and accents
FAR_DISTANCE = 0.34  # up to here it may be a slip of the recogniser, and must be surer
FEWEST_PHONES = 3  # `a` and `the` are heard for each other
PLAUSIBLE = 0.2  # the script's words this probable were said, whatever was recognised
LEAST_SURE, LEAST_SURE_NEAR = 0.5, 0.9
# What was added takes time to say: nobody speaks 16 words a second. A decoder that goes round in
# circles adds sentences that the alignment can give no time to.
LEAST_WORD_SECONDS = 0.06


@dataclass(frozen=True, slots=True)
class Checked:
    """The words with the times to use, in slide time, and what a person should listen to."""

    words: tuple[Word, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words of one language in one window: indices `first`..`last` (exclusive) of the narration's
    words, between two samples."""

    first: int
    last: int
    start: int
    end: int
    language: str


def check_narration(
    slide: Slide,
    narration: Narration,
    *,
    language: str,
    model: str | None = None,
    recorded: bool = False,
) -> Checked:
    """Check the times of a slide's words and whether they were said.

    A digitally silent narration (a draft) and languages that the model does not know pass as they
    are. `model` is a path, or a name in the user's model folder; by default the embedded one.
    """
    words = narration.words
    if not words or not narration.samples.any():
        return Checked(words, ())
    whisper = open_whisper(model)
    sound = to_recognition_rate(narration.samples)
    out, findings = list(words), list[Finding]()
    for stretch in _stretches(slide, narration, language):
        if not whisper.knows(stretch.language):
            continue
        _check_stretch(slide, narration, stretch, sound, whisper, out, findings)
    return Checked(tuple(out), tuple(findings))


@lru_cache
def aligner_version(model: str | None = None) -> str:
    """What goes into cache keys; loads nothing."""
    from importlib.metadata import version

    packages = ", ".join(
        f"{name} {version(name)}"
        for name in ("faster-whisper", "ctranslate2", "hibari-tts", "num2words", "scipy")
    )
    return f"whisper {VERSION} {whisper_digest(model)[:16]} {packages}, int8, threads 1"


def _check_stretch(
    slide: Slide,
    narration: Narration,
    stretch: _Stretch,
    sound: Samples,
    whisper: Whisper,
    out: list[Word],
    findings: list[Finding],
) -> None:
    begin = max(0, stretch.start - seconds_to_samples(BEFORE_SECONDS))
    end = min(len(narration.samples), stretch.end + seconds_to_samples(AFTER_SECONDS))
    ratio = SAMPLE_RATE // RATE
    window = whisper.encode(sound[begin // ratio : end // ratio])
    indices = [i for i in range(stretch.first, stretch.last) if _spoken(slide, narration.words[i])]
    spoken = [_spoken(slide, narration.words[i]) for i in indices]
    placed = whisper.place(window, spoken, stretch.language)
    offset = samples_to_seconds(begin)
    for index, place in zip(indices, placed, strict=True):
        out[index] = replace(out[index], confidence=round(place.probability, 3))
    total = len(narration.samples)
    findings += _settle_times(slide, narration.words, indices, placed, offset, out, total)
    recognised = whisper.recognise(window, stretch.language).split()
    heard = [(word, at) for at, chunk in enumerate(recognised) for word in words_of(chunk)]
    pieces = [words_of(text) for text in spoken]
    expected = [word for piece in pieces for word in piece]
    owners = [at for at, piece in enumerate(pieces) for _ in piece]
    found = [
        m
        for m in mismatches(expected, [word for word, _ in heard], stretch.language)
        if m.distance > NEAR_DISTANCE and m.phones >= FEWEST_PHONES
    ]
    if not found:
        return
    chunks = whisper.place(window, recognised, stretch.language)
    heard_placed = [chunks[at] for _, at in heard]
    heard_words = [word for word, _ in heard]
    for mismatch in found:
        finding = _judge(
            slide, narration, indices, owners, placed, heard_words, heard_placed, mismatch
        )
        if finding is not None:
            findings.append(finding)


def _settle_times(
    slide: Slide,
    words: Sequence[Word],
    indices: Sequence[int],
    placed: Sequence[Placed],
    offset: float,
    out: list[Word],
    total: int,
) -> list[Finding]:
    """Keep the engine's times of each utterance if Whisper's agree for most of its words.

    Whisper's are taken where the engine has none (confidence 0), and, with a finding, where they
    disagree although the model is sure of the text.
    """
    findings = []
    for number in sorted({words[i].utterance for i in indices}):
        mine = [
            (i, place.start + offset, place.end + offset, place.probability)
            for i, place in zip(indices, placed, strict=True)
            if words[i].utterance == number
        ]
        timed = any(words[i].confidence > 0 for i, *_ in mine)
        apart = [abs(samples_to_seconds(words[i].start) - start) for i, start, _, _ in mine]
        if timed:
            certain = _mean([probability for *_, probability in mine]) >= CERTAIN
            if float(np.median(apart)) <= TOLERANCE_SECONDS or not certain:
                continue
            findings.append(
                Finding(
                    code="times-differ",
                    severity="warning",
                    message=f"The words of “{slide.utterances[number].written}” were found "
                    f"{float(np.median(apart)):.1f} s from where the voice put them.",
                    remedy="Look at the captions of this sentence.",
                    line=slide.utterances[number].line,
                    slide=slide.number,
                )
            )
        for i, start, end, _ in mine:
            first = min(seconds_to_samples(start), total)
            last = min(max(seconds_to_samples(end), first), total)
            out[i] = replace(out[i], start=first, end=last)
    return findings


def _judge(
    slide: Slide,
    narration: Narration,
    indices: Sequence[int],
    owners: Sequence[int],
    placed: Sequence[Placed],
    heard: Sequence[str],
    heard_placed: Sequence[Placed],
    mismatch: Mismatch,
) -> Finding | None:
    """A finding, if the model finds the script's words improbable here and its own probable."""
    tokens = sorted({owners[at] for at in range(mismatch.first, mismatch.last)})
    expected = _mean([placed[at].probability for at in tokens])
    instead = heard_placed[mismatch.heard_first : mismatch.heard_last]
    other = _mean([place.probability for place in instead]) if instead else 1.0
    if tokens and expected >= PLAUSIBLE:
        return None
    if not tokens and instead[-1].end - instead[0].start < LEAST_WORD_SECONDS * len(instead):
        return None
    sure = other * (1.0 - expected) if tokens else other
    if sure < (LEAST_SURE if mismatch.distance > FAR_DISTANCE else LEAST_SURE_NEAR):
        return None
    said = " ".join(heard[mismatch.heard_first : mismatch.heard_last])
    near = owners[min(mismatch.first, len(owners) - 1)]
    word = narration.words[indices[near]]
    seconds = samples_to_seconds(word.start)
    percent = f"{round(100 * sure)} % sure"
    if tokens:
        written = " ".join(narration.words[indices[at]].written for at in tokens)
        what = f"heard as “{said}”" if said else "not heard"
        message = f"“{written}” was {what} at {seconds:.1f} s ({percent})."
    else:
        message = f"“{said}” was heard before “{word.written}” at {seconds:.1f} s ({percent})."
    return Finding(
        code="not-said",
        severity="warning",
        message=message,
        remedy="Listen to it; if the voice misreads the word, give its pronunciation in "
        "lexicon.yaml, and if the recording differs, correct the one or the other.",
        line=slide.utterances[word.utterance].line,
        slide=slide.number,
    )


def _mean(probabilities: Sequence[float]) -> float:
    """Geometric mean; 0 of nothing."""
    if not probabilities:
        return 0.0
    return math.exp(float(np.mean([math.log(max(p, 1e-6)) for p in probabilities])))


def _spoken(slide: Slide, word: Word) -> str:
    return slide.utterances[word.utterance].tokens[word.token].spoken


def _stretches(slide: Slide, narration: Narration, language: str) -> Iterator[_Stretch]:
    """Whole utterances of one language packed into windows; a longer utterance is cut between
    words."""
    room = seconds_to_samples(WINDOW_SECONDS - BEFORE_SECONDS - AFTER_SECONDS - 0.1)
    words = narration.words
    counts = [sum(w.utterance == u for w in words) for u in range(len(slide.utterances))]
    runs: list[_Stretch] = []
    for (first, last), utterance in zip(spread(counts), slide.utterances, strict=True):
        tag = (utterance.language or language).replace("_", "-").split("-")[0].lower()
        start = first
        for at in range(first, last):
            # Half a token a character is more than any tokenizer makes of prose.
            if at > start and words[at].end - words[start].start > room:
                runs.append(_Stretch(start, at, words[start].start, words[at].start, tag))
                start = at
        if last > start:
            runs.append(_Stretch(start, last, words[start].start, words[last - 1].end, tag))
    packed: list[_Stretch] = []
    for run in runs:
        before = packed[-1] if packed else None
        if (
            before is not None
            and before.language == run.language
            and run.end - before.start <= room
            and run.last - before.first <= MOST_TOKENS // 3
        ):
            packed[-1] = replace(before, last=run.last, end=run.end)
        else:
            packed.append(run)
    yield from packed
