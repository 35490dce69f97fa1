"""Checks that a narration says its script, and at the times that it claims.

The known text of each utterance is aligned by Whisper, which confirms the engine's times. It is
compared with the words that Whisper recognises and those that PocketSphinx finds, and there is a
finding wherever something else was more probably said. Words in another language than their
sentence are not checked, nor are formulas of which only the voice knows how it reads them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

import numpy as np

from foundation.languages import same_language
from foundation.problem import Place, Problem
from lessons.model import Finding, Slide, Token
from narrate.align.expected import Expected, expect, has_unread_signs
from narrate.align.phonetic_distance import make_ranges
from narrate.align.reading_choice import CONTEXT_WORDS, ReadingPlace, choose_reading
from narrate.align.readings import find_readings
from narrate.align.scoring import ScoredHypothesis, WindowScores, compare
from narrate.align.speech_findings import WindowContext, make_finding, make_missing_sentence_finding
from narrate.align.whisper import (
    MOST_TOKENS,
    RATE,
    WINDOW_SECONDS,
    PlacedWord,
    Whisper,
    find_language_code,
    open_whisper,
    settings_version,
    to_recognition_rate,
)
from narrate.clock import SAMPLE_RATE, samples_to_seconds, seconds_to_samples
from narrate.models import compute_whisper_digest
from narrate.speech.model_files import describe_releases
from narrate.vocabulary import Narration, Samples, Word

# Whisper base is 62 ms off for known words in the median and 150 ms at p90. An engine's times that
# differ by more than this are wrong.
TOLERANCE_SECONDS = 0.35
CERTAIN = 0.5  # least geometric mean of the probabilities of a sentence's words
# The sound around a window's words that is checked with them.
BEFORE_SECONDS, AFTER_SECONDS = 0.2, 0.4
# The least probability of a finding. It is low, since a missed error is worse than a false finding:
# on the set CHOOSING of benchmarks/speech_check.py there were 11 false findings in 5,248 words.
# Below 0.5 a finding is a note.
LEAST_SURE = 0.25


@dataclass(frozen=True, slots=True)
class Checked:
    """The words with the times to use, in slide time, the findings to be checked by ear, and the
    tokens (utterance, token) that a recording leaves out."""

    words: tuple[Word, ...]
    findings: tuple[Finding, ...]
    left_out: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class _LanguageSpan:
    """A window of words in one language: `first`..`last` (exclusive) of the narration's words,
    between two of its samples. `language` is Whisper's code."""

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
    """Check the times of a slide's words, and whether they were said.

    Digital silence (a draft) and languages that the model does not know are not checked. `model` is
    a path, or a name in the user's model folder; the embedded model by default. `recorded` is for a
    teacher's recording and not a synthetic voice: its remedies differ, and its utterances
    that were not found (no length, confidence 0) already have a finding. Raises `ModelError`.
    """
    words = narration.words
    if not words or not narration.samples.any():
        return Checked(words, ())
    left_out = _find_left_out(slide, words, language) if recorded else frozenset()
    whisper = open_whisper(model)
    sound = to_recognition_rate(narration.samples)
    out, findings = list(words), list[Finding]()
    for span in _make_windows(slide, narration, language):
        if not whisper.knows(span.language) or not _is_heard(narration, span):
            continue
        _check_window(slide, narration, span, sound, whisper, recorded, out, findings)
    return Checked(tuple(out), tuple(findings), left_out)


def _find_left_out(
    slide: Slide, words: Sequence[Word], language: str
) -> frozenset[tuple[int, int]]:
    """The tokens of the sentences that were not found in a recording of this language. Sentences
    in other languages were not looked for, and may have been said."""
    missing = {
        n
        for n in _find_known_missing(words)
        if same_language(slide.utterances[n].language or language, language)
        and any(any(c.isalnum() for c in t.spoken) for t in slide.utterances[n].tokens)
    }
    return frozenset((w.utterance, w.token) for w in words if w.utterance in missing)


def _is_heard(narration: Narration, span: _LanguageSpan) -> bool:
    """Whether there is any sound: where no voice speaks a language, there is digital silence."""
    words = narration.words[span.first : span.last]
    return bool(narration.samples[words[0].start : words[-1].end].any())


@lru_cache
def aligner_version(model: str | None = None) -> str:
    """All that may change the result, for cache keys. Loads no model."""
    packages = describe_releases(
        "faster-whisper", "ctranslate2", "pocketsphinx", "hibari-tts", "num2words", "numpy", "scipy"
    )
    return f"whisper {compute_whisper_digest(model)[:16]} {packages}, {settings_version()}"


def _check_window(
    slide: Slide,
    narration: Narration,
    span: _LanguageSpan,
    sound: Samples,
    whisper: Whisper,
    recorded: bool,
    out: list[Word],
    findings: list[Finding],
) -> None:
    words = narration.words
    begin = max(0, span.start - seconds_to_samples(BEFORE_SECONDS))
    end = min(len(narration.samples), span.end + seconds_to_samples(AFTER_SECONDS))
    ratio = SAMPLE_RATE // RATE
    part = sound[begin // ratio : end // ratio]
    known = _find_known_missing(words[span.first : span.last]) if recorded else frozenset()
    indices = [
        i
        for i in range(span.first, span.last)
        if words[i].utterance not in known and _find_token(slide, words[i]).spoken.strip()
    ]
    spoken = [_find_token(slide, words[i]).spoken for i in indices]
    if recorded:
        timed = [
            (samples_to_seconds(words[i].start), samples_to_seconds(words[i].end)) for i in indices
        ]
        spoken = _choose_readings(slide, [words[i] for i in indices], timed, sound, span.language)
    expected = expect(
        spoken,
        [words[i].written for i in indices],
        span.language,
    )
    if not expected.words:
        return
    window = whisper.encode(part)
    chunks = whisper.place(window, expected.chunks, span.language)
    owner = [indices[token] for token in expected.token_of]
    numbers = [words[i].utterance for i in owner]
    sentences = make_ranges([len(list(group)) for _, group in groupby(numbers)])
    tags = [_find_token(slide, words[i]).language or span.language for i in owner]
    foreign = frozenset(
        at
        for at, tag in enumerate(tags)
        if find_language_code(tag) != span.language
        or has_unread_signs(_find_token(slide, words[owner[at]]).spoken, span.language)
    )
    compared = compare(part, window, expected, sentences, chunks, whisper, span.language, foreign)
    placed = _find_token_times(expected, chunks, len(indices))
    for index, place in zip(indices, placed, strict=True):
        out[index] = replace(out[index], confidence=round(place.probability, 3))
    offset = samples_to_seconds(begin)
    total = len(narration.samples)
    spans = _find_token_spans(expected, compared, len(indices))
    findings += _settle_times(slide, words, indices, placed, spans, offset, out, total)
    for number, share in compared.missing.items():
        first = sentences[number][0]
        before = [span[1] for span in compared.spans[:first] if span is not None]
        at = offset + max(before, default=0.0)
        utterance = words[owner[first]].utterance
        findings.append(
            make_missing_sentence_finding(slide, utterance, at, share, recorded=recorded)
        )
    where = WindowContext(slide, words, owner, expected, offset)
    for scored in _choose_believed(compared.scored):
        findings.append(make_finding(where, scored, span.language, recorded=recorded))


def _choose_readings(
    slide: Slide,
    words: Sequence[Word],
    timed: Sequence[tuple[float, float]],
    sound: Samples,
    language: str,
) -> list[str]:
    """What is said for each word of a recording, in the reading that is heard. `timed` are the
    seconds between which each is said."""
    tokens = [_find_token(slide, word) for word in words]
    spoken = [token.spoken for token in tokens]
    for at, token in enumerate(tokens):
        readings = () if token.phones else find_readings(token.written, token.spoken, language)
        if len(readings) > 1:
            a, b = max(at - CONTEXT_WORDS, 0), min(at + CONTEXT_WORDS + 1, len(tokens))
            place = ReadingPlace(
                readings,
                tuple(spoken[a:at]),
                tuple(spoken[at + 1 : b]),
                timed[a][0],
                timed[b - 1][1],
            )
            spoken[at] = choose_reading(sound, place, language)
    return spoken


def _choose_believed(scored: Sequence[ScoredHypothesis]) -> list[ScoredHypothesis]:
    """The hypotheses to report, in order; of those about the same words the most probable."""
    kept: list[ScoredHypothesis] = []
    for one in sorted(scored, key=lambda w: -w.sure):
        if one.sure >= LEAST_SURE and not any(one.hypothesis.touches(w.hypothesis) for w in kept):
            kept.append(one)
    return sorted(kept, key=lambda w: w.hypothesis.first)


def _find_known_missing(words: Sequence[Word]) -> frozenset[int]:
    """The utterances without any word that was found."""
    found = {w.utterance for w in words if w.end > w.start or w.confidence > 0}
    return frozenset(w.utterance for w in words) - found


def _find_token_times(
    expected: Expected, chunks: Sequence[PlacedWord], count: int
) -> list[PlacedWord]:
    """The time of each token, from its chunks. A token without words is placed after the one
    before."""
    placed: list[PlacedWord] = []
    for token in range(count):
        mine = sorted({expected.chunk_of[w] for w, t in enumerate(expected.token_of) if t == token})
        if mine:
            probability = _compute_mean([chunks[at].probability for at in mine])
            placed.append(PlacedWord(chunks[mine[0]].start, chunks[mine[-1]].end, probability))
        else:
            here = placed[-1].end if placed else 0.0
            placed.append(PlacedWord(here, here, 1.0))
    return placed


def _find_token_spans(
    expected: Expected, compared: WindowScores, count: int
) -> list[tuple[float, float] | None]:
    """When each token was said, from those of its words that were found."""
    spans: list[tuple[float, float] | None] = [None] * count
    for token, span in zip(expected.token_of, compared.spans, strict=True):
        before = spans[token]
        if span is not None:
            spans[token] = span if before is None else (before[0], span[1])
    return spans


def _settle_times(
    slide: Slide,
    words: Sequence[Word],
    indices: Sequence[int],
    placed: Sequence[PlacedWord],
    spans: Sequence[tuple[float, float] | None],
    offset: float,
    out: list[Word],
    total: int,
) -> list[Finding]:
    """Keep the engine's times of an utterance if Whisper's agree for most of its words.

    The times in `spans` are used instead where the engine has none (confidence 0), and, with a
    finding, where Whisper disagrees although it is sure of the text.
    """
    findings = []
    for number in sorted({words[i].utterance for i in indices}):
        mine = [
            (i, place, span)
            for i, place, span in zip(indices, placed, spans, strict=True)
            if words[i].utterance == number
        ]
        timed = any(words[i].confidence > 0 for i, *_ in mine)
        if timed:
            apart = float(
                np.median(
                    [abs(samples_to_seconds(words[i].start) - p.start - offset) for i, p, _ in mine]
                )
            )
            certain = _compute_mean([place.probability for _, place, _ in mine]) >= CERTAIN
            if apart <= TOLERANCE_SECONDS or not certain:
                continue
            findings.append(
                Finding(
                    "times-differ",
                    "warning",
                    Problem(
                        f"The words of “{slide.utterances[number].written}” were found "
                        f"{apart:.1f} s from where the voice put them.",
                        "Check the captions of this sentence.",
                        Place(line=slide.utterances[number].line, slide=slide.number),
                    ),
                )
            )
        known = [span for *_, span in mine if span is not None]
        here = known[0][0] if known else mine[0][1].start
        for i, _, span in mine:
            start, end = span or (here, here)
            here = end
            first = min(seconds_to_samples(start + offset), total)
            last = min(max(seconds_to_samples(end + offset), first), total)
            out[i] = replace(out[i], start=first, end=last)
    return findings


def _compute_mean(probabilities: Sequence[float]) -> float:
    """The geometric mean; 0 if there are no probabilities."""
    if not probabilities:
        return 0.0
    return math.exp(float(np.mean([math.log(max(p, 1e-6)) for p in probabilities])))


def _find_token(slide: Slide, word: Word) -> Token:
    return slide.utterances[word.utterance].tokens[word.token]


def _make_windows(slide: Slide, narration: Narration, language: str) -> Iterator[_LanguageSpan]:
    """Whole utterances of one language, packed into windows. An utterance that is longer than a
    window is cut between words."""
    longest = seconds_to_samples(WINDOW_SECONDS - BEFORE_SECONDS - AFTER_SECONDS - 0.1)
    words = narration.words
    counts = [sum(w.utterance == u for w in words) for u in range(len(slide.utterances))]
    runs: list[_LanguageSpan] = []
    for (first, last), utterance in zip(make_ranges(counts), slide.utterances, strict=True):
        tag = find_language_code(utterance.language or language)
        start = first
        for at in range(first, last):
            if at > start and words[at].end - words[start].start > longest:
                runs.append(_LanguageSpan(start, at, words[start].start, words[at].start, tag))
                start = at
        if last > start:
            runs.append(_LanguageSpan(start, last, words[start].start, words[last - 1].end, tag))
    packed: list[_LanguageSpan] = []
    for run in runs:
        before = packed[-1] if packed else None
        if (
            before is not None
            and before.language == run.language
            and run.end - before.start <= longest
            and run.last - before.first <= MOST_TOKENS // 3
        ):
            packed[-1] = replace(before, last=run.last, end=run.end)
        else:
            packed.append(run)
    yield from packed
