"""When each word of a script is said in a recording of any length, and where the two differ.

The recording is recognised span by span (`listen`), the recognised words are matched with the
script by their sound (`matching`, `takes`), and the known text is aligned with its spans
(`forced_alignment`). Speech that is not in the script is found first, so that its time is not
given to the words around it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

import numpy as np

from lessons.model import Finding, Utterance
from narrate.align import forced_alignment, listen, takes
from narrate.align.clipping import find_clipping
from narrate.align.forced_alignment import KnownText, PlacedWindow
from narrate.align.heard_language import hear_language
from narrate.align.listen import RecognisedWord, SoundSpan
from narrate.align.readings import find_readings
from narrate.align.recording_findings import (
    ReadScript,
    find_sounding_utterances,
    make_findings,
    make_wrong_recording_finding,
)
from narrate.align.speech_edges import find_speech_edges, raise_level
from narrate.align.takes import FoundTakes, Passage
from narrate.align.whisper import RATE, to_recognition_rate
from narrate.clock import SAMPLE_RATE
from narrate.vocabulary import AddedSpeech, Samples, SpokenPhone, Word

# If a smaller share of the sentences is found, the recording is of something else.
LEAST_FOUND = 0.2
RESAMPLED_SECONDS = 60  # at a time


@dataclass(frozen=True, slots=True)
class Aligned:
    """The result of an alignment, in samples of the recording at SAMPLE_RATE.

    `words` has exactly one word for each token of each utterance, in order; a word that was not
    said has `start == end` and confidence 0. `phones` include those of speech that is not in the
    script, whose words are `added`. `forced` is the share of words whose times are PocketSphinx's;
    the others are Whisper's. `speech` are the first and the last sample of all speech, whether its
    words were recognised or not; None if there is none.
    """

    words: tuple[Word, ...]
    phones: tuple[SpokenPhone, ...]
    findings: tuple[Finding, ...]
    forced: float
    added: tuple[AddedSpeech, ...] = ()
    speech: tuple[int, int] | None = None


def align_recording(
    utterances: Sequence[Utterance],
    samples: Samples,
    *,
    language: str,
    model: str | None = None,
    jobs: int = 2,
    rate: int = RATE,
) -> Aligned:
    """When the words of a script are said in a recording, mono at `rate` Hz (RATE or SAMPLE_RATE).

    The result does not depend on `jobs`, the number of processes. An hour of sound at 16 kHz is
    230 MB; with it, this process took 1.4 GB and each of the others 1.0 GB
    (benchmarks/recording_times.py). Of all memory only the matching of words grows with the
    recording: one byte for each pair of a script's and a recognised word. In languages that
    PocketSphinx does not know, times are Whisper's, and phones are spread over their words. Raises
    `ModelError`, `VoiceError` and `WorkerError`.
    """
    recorded = samples if rate == RATE else _resample(samples)
    clipping = find_clipping(recorded, utterances[0].line if utterances else 1)
    sound = raise_level(recorded)
    tokens = [
        (u, t) for u, utterance in enumerate(utterances) for t in range(len(utterance.tokens))
    ]
    spoken = [utterances[u].tokens[t].spoken for u, t in tokens]
    windows = listen.find_spans(sound)
    with listen.start_workers(min(jobs, len(windows))) as spread:
        heard_by_window = list(listen.recognise_spans(sound, windows, language, model, spread))
        heard = [word for words in heard_by_window for word in words]
        window_of = [at for at, words in enumerate(heard_by_window) for _ in words]
        found = takes.find_takes(spoken, [u for u, _ in tokens], heard, language)
        wrong = _is_of_another_script(found, utterances)
        language_heard = hear_language(sound, windows, model, spread) if wrong else None
        if wrong:
            everything = [(0, len(heard) - 1)] if heard else []
            found = FoundTakes(
                [Passage((), tuple(range(len(heard))), False)] if heard else [],
                list(range(len(utterances))),
                extras=everything,
            )
        plan = list(
            _assign_to_spans(found.passages, windows, window_of, heard, [u for u, _ in tokens])
        )
        texts = [
            tuple(_make_text(passage, utterances, tokens, heard, language) for passage in passages)
            for _, passages in plan
        ]
        placed: Iterator[PlacedWindow] = spread(
            partial(_place, language=language, model=model),
            (
                (sound[windows[at].start : windows[at].end], text)
                for (at, _), text in zip(plan, texts, strict=True)
            ),
        )
        times = _Times(tokens, found.candidates)
        for (at, passages), window in zip(plan, placed, strict=True):
            times.add(windows[at].start, passages, window)
    words = times.words(utterances)
    script = ReadScript(utterances, found, heard, times.refused, words, language)
    findings = (
        (make_wrong_recording_finding(script, language_heard),) if wrong else make_findings(script)
    )
    share = times.forced / max(times.timed, 1)
    speech = find_speech_edges(sound, windows)
    added = _make_added(script, times.heard)
    return Aligned(words, times.phones(), (*clipping, *findings), share, added, speech)


def _make_added(
    script: ReadScript, placed: Mapping[int, tuple[int, int]]
) -> tuple[AddedSpeech, ...]:
    """The recognised words of all that is heard and not written, takes that are not used among
    them. `placed` has the first and the last sample of those that were aligned."""
    repeats = [(take.first, take.last) for take in script.takes.repeats]
    sounding = [w for w in script.words if w.end > w.start]
    added = []
    for first, last in sorted([*script.additions, *repeats]):
        own = range(first, last + 1)
        begin = placed.get(first, (round(script.heard[first].start * SAMPLE_RATE), 0))[0]
        after = next((w for w in sounding if w.start >= begin), None)
        u, t = (after.utterance, after.token) if after else (len(script.utterances), 0)
        added.append(
            AddedSpeech(tuple(_make_word(script.heard[w], placed.get(w), u, t) for w in own))
        )
    return tuple(added)


def _make_word(
    word: RecognisedWord, placed: tuple[int, int] | None, utterance: int, token: int
) -> Word:
    recognised = (round(word.start * SAMPLE_RATE), round(word.end * SAMPLE_RATE))
    start, end = placed or recognised
    return Word(word.text, start, max(start, end), utterance, token, round(word.probability, 3))


def _resample(samples: Samples) -> Samples:
    """Resampled from SAMPLE_RATE to RATE minute by minute, since all at once would take several
    times the memory of the recording."""
    size = RESAMPLED_SECONDS * SAMPLE_RATE
    edge = SAMPLE_RATE // 10  # longer than the filter
    ratio = SAMPLE_RATE // RATE
    out = np.empty(-(-len(samples) // ratio), np.float32)
    for start in range(0, len(samples), size):
        first = max(start - edge, 0)
        piece = to_recognition_rate(samples[first : start + size + edge])
        piece = piece[(start - first) // ratio :][: size // ratio]
        out[start // ratio : start // ratio + len(piece)] = piece
    return out


def _is_of_another_script(found: FoundTakes, utterances: Sequence[Utterance]) -> bool:
    """Whether the recording is of another script."""
    sounding = len(find_sounding_utterances(utterances))
    return sounding > 0 and sounding - len(found.missing) < LEAST_FOUND * sounding


def _assign_to_spans(
    passages: Sequence[Passage],
    windows: Sequence[SoundSpan],
    window_of: Sequence[int],
    heard: Sequence[RecognisedWord],
    utterance_of: Sequence[int],
) -> Iterator[tuple[int, list[Passage]]]:
    """The passages of each span of sound, in order. A passage that goes on in the next span is cut
    in two."""
    placed: list[tuple[int, Passage]] = []
    last: Passage | None = None  # the last passage in which words were recognised
    for at, passage in enumerate(passages):
        if passage.heard:
            placed += _cut(passage, window_of)
            last = passage
            continue
        # No words were recognised for it: it goes with its sentence, or else where there is time.
        later = next((p for p in passages[at + 1 :] if p.heard), None)
        if later is None and last is None:
            continue
        if later is None or last is None:
            known = later or last
            assert known is not None
            placed.append((window_of[known.heard[0 if last is None else -1]], passage))
            continue
        before, after = last.heard[-1], later.heard[0]
        own = utterance_of[passage.tokens[0]]
        ends = own in [utterance_of[t] for t in last.tokens]
        begins = own in [utterance_of[t] for t in later.tokens]
        here, there = window_of[before], window_of[after]
        if ends == begins:
            time_here = windows[here].end / RATE - heard[before].start
            time_there = heard[after].start - windows[there].start / RATE
            begins = time_there > time_here
        placed.append((there if begins else here, passage))
    for window, own_passages in groupby(placed, key=lambda item: item[0]):
        yield window, [passage for _, passage in own_passages]


def _cut(passage: Passage, window_of: Sequence[int]) -> Iterator[tuple[int, Passage]]:
    groups = [list(own) for _, own in groupby(passage.heard, key=lambda word: window_of[word])]
    if len(groups) == 1 or len(passage.tokens) == 1:
        yield window_of[passage.heard[0]], passage
        return
    done = 0
    for number, own in enumerate(groups, start=1):
        upto = sum(len(group) for group in groups[:number])
        last = round(len(passage.tokens) * upto / len(passage.heard))
        tokens = passage.tokens[done:last]
        yield window_of[own[0]], Passage(tokens, tuple(own), passage.sure)
        done = last


def _make_text(
    passage: Passage,
    utterances: Sequence[Utterance],
    tokens: Sequence[tuple[int, int]],
    heard: Sequence[RecognisedWord],
    language: str,
) -> KnownText:
    recognised = tuple(heard[word].text for word in passage.heard)
    if not passage.tokens:
        return KnownText(recognised, (None,) * len(recognised), (), True)
    own = [utterances[u].tokens[t] for u, t in (tokens[at] for at in passage.tokens)]
    return KnownText(
        tuple(token.spoken for token in own),
        tuple(token.phones for token in own),
        recognised,
        passage.sure,
        tuple(
            () if token.phones else find_readings(token.written, token.spoken, language)
            for token in own
        ),
    )


def _place(
    item: tuple[Samples, tuple[KnownText, ...]], *, language: str, model: str | None
) -> PlacedWindow:
    sound, texts = item
    return forced_alignment.place(sound, texts, language, model)


class _Times:
    """Collects the times of tokens and phones, span by span, in samples of the recording."""

    def __init__(self, tokens: Sequence[tuple[int, int]], candidates: Sequence[int]) -> None:
        self._tokens, self._candidates = tokens, frozenset(candidates)
        self._spans: dict[int, tuple[int, int, float]] = {}
        self._phones: list[SpokenPhone] = []
        self.refused: list[Passage] = []  # candidates in whose place something else is said
        self.heard: dict[int, tuple[int, int]] = {}  # the samples of recognised words
        self.timed = self.forced = 0

    def add(self, offset: int, passages: Sequence[Passage], window: PlacedWindow) -> None:
        """Add the times of one span of sound; `offset` is its first sample at RATE."""

        def at(seconds: float) -> int:
            return round((seconds + offset / RATE) * SAMPLE_RATE)

        for passage, text in zip(passages, window.texts, strict=True):
            if passage.tokens and text.words:
                self.timed += len(text.words)
                self.forced += text.forced
            if not passage.tokens or text.refused:
                for heard, word in zip(passage.heard, text.words, strict=False):
                    self.heard[heard] = (at(word.start), at(word.end))
            if not text.refused:
                for token, word in zip(passage.tokens, text.words, strict=False):
                    self._put(token, at(word.start), at(word.end), word.probability)
            elif self._tokens[passage.tokens[0]][0] in self._candidates:
                if passage.heard:
                    self.refused.append(passage)
            elif text.words:  # other words were said in their place
                edges = np.linspace(
                    text.words[0].start, text.words[-1].end, len(passage.tokens) + 1
                )
                for token, start, end in zip(passage.tokens, edges, edges[1:], strict=False):
                    self._put(token, at(start), at(end), text.words[0].probability)
        self._phones += [
            SpokenPhone(p.symbol, at(p.start), at(p.end), p.stress) for p in window.phones
        ]

    def _put(self, token: int, start: int, end: int, confidence: float) -> None:
        if end > start:
            self._spans[token] = (start, end, max(round(confidence, 3), 0.001))

    def words(self, utterances: Sequence[Utterance]) -> tuple[Word, ...]:
        """One word for each token. A token without a time is placed at the end of the one
        before."""
        here = min((start for start, _, _ in self._spans.values()), default=0)
        words = []
        for token, (u, t) in enumerate(self._tokens):
            start, end, confidence = self._spans.get(token, (here, here, 0.0))
            start = max(start, here)
            here = end = max(end, start)
            sure = confidence if end > start else 0.0
            words.append(Word(utterances[u].tokens[t].written, start, end, u, t, sure))
        return tuple(words)

    def phones(self) -> tuple[SpokenPhone, ...]:
        """All phones, in order and without overlaps."""
        out: list[SpokenPhone] = []
        for phone in sorted(self._phones, key=lambda p: (p.start, p.end)):
            start = max(phone.start, out[-1].end) if out else phone.start
            if phone.end > start:
                out.append(replace(phone, start=start))
        return tuple(out)
