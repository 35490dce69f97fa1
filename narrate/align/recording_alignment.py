"""A script and a recording of it, of any length -> when each word is said, and what differs.

The recording is recognised window by window (`listen`), the recognised words are matched with the
script by their sound (`matching`, `takes`), and the known text is placed in its windows
(`placing`). What is not in the script is found first, so that it takes no time from its
neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

import numpy as np

from foundation.problem import Place, Problem
from lessons.model import Finding, Utterance
from narrate.align import forced_alignment, listen, sphinx, takes
from narrate.align.forced_alignment import KnownText, PlacedWindow
from narrate.align.listen import RecognisedWord, SoundSpan
from narrate.align.takes import FoundTakes, Passage
from narrate.align.whisper import RATE, to_recognition_rate
from narrate.clock import SAMPLE_RATE
from narrate.vocabulary import Samples, SpokenPhone, Word

# The first number is this file's, and that of `takes` and `matching`.
VERSION = (2, listen.VERSION, forced_alignment.VERSION, sphinx.VERSION)

# Of all sentences: fewer found, and the recording is of something else.
LEAST_FOUND = 0.2
QUOTED_WORDS = 14
RESAMPLED_SECONDS = 60  # at once


@dataclass(frozen=True, slots=True)
class Aligned:
    """`words` has exactly one word a token of every utterance, in order, in samples of the
    recording at SAMPLE_RATE; one that was not said has `start == end` at its place and confidence
    0. `phones` cover also what is not in the script. `forced` is the share of the words whose times
    are PocketSphinx's; the others' are Whisper's."""

    words: tuple[Word, ...]
    phones: tuple[SpokenPhone, ...]
    findings: tuple[Finding, ...]
    forced: float


def align_recording(
    utterances: Sequence[Utterance],
    samples: Samples,
    *,
    language: str,
    model: str | None = None,
    jobs: int = 2,
    rate: int = RATE,
) -> Aligned:
    """When the words of a script are said in a recording, mono at `rate` Hz: RATE, or SAMPLE_RATE.

    The same, whatever `jobs` is. An hour of sound at 16 kHz is 230 MB; with it, this process took
    1.4 GB and each of `jobs` others 1.0 GB (benchmarks/recording_times.py). Windows hold at most
    30 s, so what grows with the recording is its words' match: a byte for each pair of them. In
    languages that PocketSphinx does not know, times are Whisper's, and phones are spread over their
    words. Raises `ModelError`, `WorkerError`.
    """
    sound = samples if rate == RATE else _at_recognition_rate(samples)
    tokens = [
        (u, t) for u, utterance in enumerate(utterances) for t in range(len(utterance.tokens))
    ]
    spoken = [utterances[u].tokens[t].spoken for u, t in tokens]
    windows = listen.find_spans(sound)
    with listen.start_workers(min(jobs, len(windows))) as spread:
        heard_by_window = list(listen.recognise_spans(sound, windows, language, model, spread))
        heard = [word for words in heard_by_window for word in words]
        window_of = [at for at, words in enumerate(heard_by_window) for _ in words]
        reading = takes.find_takes(spoken, [u for u, _ in tokens], heard, language)
        wrong = _is_another(reading, utterances)
        if wrong:
            everything = [(0, len(heard) - 1)] if heard else []
            reading = FoundTakes(
                [Passage((), tuple(range(len(heard))), False)] if heard else [],
                list(range(len(utterances))),
                extras=everything,
            )
        plan = list(_by_window(reading.pieces, windows, window_of, heard, [u for u, _ in tokens]))
        texts = [
            tuple(_text(piece, utterances, tokens, heard) for piece in pieces) for _, pieces in plan
        ]
        placed: Iterator[PlacedWindow] = spread(
            partial(_place, language=language, model=model),
            (
                (sound[windows[at].start : windows[at].end], text)
                for (at, _), text in zip(plan, texts, strict=True)
            ),
        )
        times = _Times(tokens, reading.candidates)
        for (at, pieces), window in zip(plan, placed, strict=True):
            times.add(windows[at].start, pieces, window)
    words = times.words(utterances)
    findings = _findings(utterances, reading, heard, times.refused, words, wrong, language)
    share = times.forced / max(times.timed, 1)
    return Aligned(words, times.phones(), tuple(findings), share)


def _at_recognition_rate(samples: Samples) -> Samples:
    """From SAMPLE_RATE to RATE piece by piece: all at once would take several times its size."""
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


def _sounding(utterances: Sequence[Utterance]) -> list[int]:
    return [
        n
        for n, utterance in enumerate(utterances)
        if any(any(c.isalnum() for c in token.spoken) for token in utterance.tokens)
    ]


def _is_another(reading: FoundTakes, utterances: Sequence[Utterance]) -> bool:
    """Whether the recording is of another script."""
    sounding = len(_sounding(utterances))
    return sounding > 0 and sounding - len(reading.missing) < LEAST_FOUND * sounding


def _by_window(
    pieces: Sequence[Passage],
    windows: Sequence[SoundSpan],
    window_of: Sequence[int],
    heard: Sequence[RecognisedWord],
    utterance_of: Sequence[int],
) -> Iterator[tuple[int, list[Passage]]]:
    """The pieces of each window, in order; one that goes over its edge is cut there."""
    placed: list[tuple[int, Passage]] = []
    last: Passage | None = None  # with words that were heard
    for at, piece in enumerate(pieces):
        if piece.heard:
            placed += _cut(piece, window_of)
            last = piece
            continue
        # Nothing was heard for it: it goes with its sentence, and else to where there is time.
        later = next((p for p in pieces[at + 1 :] if p.heard), None)
        if later is None and last is None:
            continue
        if later is None or last is None:
            known = later or last
            assert known is not None
            placed.append((window_of[known.heard[0 if last is None else -1]], piece))
            continue
        before, after = last.heard[-1], later.heard[0]
        own = utterance_of[piece.tokens[0]]
        ends = own in [utterance_of[t] for t in last.tokens]
        begins = own in [utterance_of[t] for t in later.tokens]
        here, there = window_of[before], window_of[after]
        if ends == begins:
            time_here = windows[here].end / RATE - heard[before].start
            time_there = heard[after].start - windows[there].start / RATE
            begins = time_there > time_here
        placed.append((there if begins else here, piece))
    for window, own_pieces in groupby(placed, key=lambda item: item[0]):
        yield window, [piece for _, piece in own_pieces]


def _cut(piece: Passage, window_of: Sequence[int]) -> Iterator[tuple[int, Passage]]:
    groups = [list(own) for _, own in groupby(piece.heard, key=lambda word: window_of[word])]
    if len(groups) == 1 or len(piece.tokens) == 1:
        yield window_of[piece.heard[0]], piece
        return
    done = 0
    for number, own in enumerate(groups, start=1):
        upto = sum(len(group) for group in groups[:number])
        last = round(len(piece.tokens) * upto / len(piece.heard))
        tokens = piece.tokens[done:last]
        yield window_of[own[0]], Passage(tokens, tuple(own), piece.sure)
        done = last


def _text(
    piece: Passage,
    utterances: Sequence[Utterance],
    tokens: Sequence[tuple[int, int]],
    heard: Sequence[RecognisedWord],
) -> KnownText:
    recognised = tuple(heard[word].text for word in piece.heard)
    if not piece.tokens:
        return KnownText(recognised, (None,) * len(recognised), (), True)
    own = [utterances[u].tokens[t] for u, t in (tokens[at] for at in piece.tokens)]
    return KnownText(
        tuple(token.spoken for token in own),
        tuple(token.phones for token in own),
        recognised,
        piece.sure,
    )


def _place(
    item: tuple[Samples, tuple[KnownText, ...]], *, language: str, model: str | None
) -> PlacedWindow:
    sound, texts = item
    return forced_alignment.place(sound, texts, language, model)


class _Times:
    """Gathers the times of tokens and phones, window by window, in samples of the recording."""

    def __init__(self, tokens: Sequence[tuple[int, int]], candidates: Sequence[int]) -> None:
        self._tokens, self._candidates = tokens, frozenset(candidates)
        self._spans: dict[int, tuple[int, int, float]] = {}
        self._phones: list[SpokenPhone] = []
        self.refused: list[Passage] = []  # of candidates: what was heard is something else
        self.timed = self.forced = 0

    def add(self, offset: int, pieces: Sequence[Passage], window: PlacedWindow) -> None:
        """`offset` is the window's first sample at RATE."""

        def at(seconds: float) -> int:
            return round((seconds + offset / RATE) * SAMPLE_RATE)

        for piece, text in zip(pieces, window.texts, strict=True):
            if piece.tokens and text.words:
                self.timed += len(text.words)
                self.forced += text.forced
            if not text.refused:
                for token, word in zip(piece.tokens, text.words, strict=False):
                    self._put(token, at(word.start), at(word.end), word.probability)
            elif self._tokens[piece.tokens[0]][0] in self._candidates:
                if piece.heard:
                    self.refused.append(piece)
            elif text.words:  # other words in their place
                edges = np.linspace(text.words[0].start, text.words[-1].end, len(piece.tokens) + 1)
                for token, start, end in zip(piece.tokens, edges, edges[1:], strict=False):
                    self._put(token, at(start), at(end), text.words[0].probability)
        self._phones += [
            SpokenPhone(p.symbol, at(p.start), at(p.end), p.stress) for p in window.phones
        ]

    def _put(self, token: int, start: int, end: int, confidence: float) -> None:
        if end > start:
            self._spans[token] = (start, end, max(round(confidence, 3), 0.001))

    def words(self, utterances: Sequence[Utterance]) -> tuple[Word, ...]:
        """One word a token; a token without a time stands at the end of the one before it."""
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
        """In order, without overlaps."""
        out: list[SpokenPhone] = []
        for phone in sorted(self._phones, key=lambda p: (p.start, p.end)):
            start = max(phone.start, out[-1].end) if out else phone.start
            if phone.end > start:
                out.append(replace(phone, start=start))
        return tuple(out)


def _findings(
    utterances: Sequence[Utterance],
    reading: FoundTakes,
    heard: Sequence[RecognisedWord],
    refused: Sequence[Passage],
    words: Sequence[Word],
    wrong: bool,
    language: str,
) -> Iterator[Finding]:
    """What differs, in the order of the recording."""
    sounding = _sounding(utterances)
    said = {word.utterance for word in words if word.end > word.start}
    missing = [n for n in sounding if n not in said]
    if wrong:
        found = len(sounding) - len(reading.missing)
        message = (
            f"This is not a recording of the script: of its {len(sounding)} sentences, "
            f"{found} {'was' if found == 1 else 'were'} found in it."
        )
        remedy = "Name the recording of this lesson, or record it."
        place = Place(line=utterances[sounding[0]].line)
        yield Finding("not-said", "error", Problem(message, remedy, place))
        return
    begins = {n: next(w.start for w in words if w.utterance == n) / SAMPLE_RATE for n in sounding}
    told: list[tuple[float, Finding]] = []
    foreign = {n for n in missing if _is_foreign(utterances[n], language)}
    for n in missing:
        if n in foreign:
            told.append((begins[n], _not_looked_for(utterances[n])))
            continue
        message = f"“{_quote(utterances[n].written)}” is not in the recording"
        remedy = f"Record it (it belongs at {clock(begins[n])}), or take it out of the script."
        told.append((begins[n], _finding("not-said", message + ".", remedy, utterances[n].line)))
    extras = sorted([*reading.extras, *((p.heard[0], p.heard[-1]) for p in refused)])
    for first, last in _joined(extras):
        start, end = heard[first].start, heard[last].end
        near = max((n for n in said if begins[n] <= start), default=sounding[0])
        following = next((n for n in sounding if n > near), None)
        if following in foreign or near in foreign:
            continue  # the words of another language, as this one hears them
        what = _quote(" ".join(word.text for word in heard[first : last + 1]))
        message = f"From {clock(start)} to {clock(end)} the recording says “{what}”, which is not "
        remedy = "Cut it out of the recording, or write it into the script after this sentence."
        told.append(
            (
                start,
                _finding(
                    "not-in-script", message + "in the script.", remedy, utterances[near].line
                ),
            )
        )
    for repeat in reading.repeats:
        start, end = heard[repeat.first].start, heard[repeat.last].end
        what = _quote(" ".join(word.text for word in heard[repeat.first : repeat.last + 1]))
        message = (
            f"“{what}” at {clock(start)} is said again; the take at "
            f"{clock(begins[repeat.utterance])} is used."
        )
        remedy = (
            f"Cut {clock(start)} to {clock(end)} out of the recording, or write into the script "
            "what is to be said twice."
        )
        told.append(
            (start, _finding("repeated", message, remedy, utterances[repeat.utterance].line))
        )
    for _, finding in sorted(told, key=lambda item: item[0]):
        yield finding


def _is_foreign(utterance: Utterance, language: str) -> bool:
    """Whether a sentence is in another language than the recording is taken to be in."""
    own = (utterance.language or language).replace("_", "-").partition("-")[0].lower()
    return own != language.replace("_", "-").partition("-")[0].lower()


def _not_looked_for(utterance: Utterance) -> Finding:
    message = (
        f"“{_quote(utterance.written)}” is in another language ({utterance.language}) than its "
        "recording: it was not looked for."
    )
    remedy = "Listen whether it is said, and whether its caption comes in time."
    return Finding("not-checked", "note", Problem(message, remedy, Place(line=utterance.line)))


def _finding(rule: str, message: str, remedy: str, line: int) -> Finding:
    return Finding(rule, "warning", Problem(message, remedy, Place(line=line)))


def _joined(spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans of words, those that touch joined."""
    before: tuple[int, int] | None = None
    for first, last in spans:
        if before is not None and first <= before[1] + 1:
            before = (before[0], max(last, before[1]))
            continue
        if before is not None:
            yield before
        before = (first, last)
    if before is not None:
        yield before


def _quote(text: str) -> str:
    words = text.split()
    return " ".join(words[:QUOTED_WORDS]) + (" …" if len(words) > QUOTED_WORDS else "")


def clock(seconds: float) -> str:
    """`m:ss`, as players show it."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
