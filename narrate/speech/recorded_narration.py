"""The teacher's own recording in place of a synthetic voice.

`narrate.align` finds when each word of the script is said in it. Here the recording is cut into the
narrations of its slides; a slide changes shortly before its first word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lessons.model import Slide
from narrate.clock import SAMPLE_RATE, ms_to_samples
from narrate.errors import VoiceError
from narrate.speech.base import CAPABILITIES, Voice, VoiceInfo
from narrate.speech.level import fade_edges, limit, round_to_16_bits
from narrate.speech.narration import LEAD_MS, TAIL_MS, compute_reveal_steps
from narrate.vocabulary import AddedSpeech, Narration, Samples, SpokenPhone, Word

_INFO = VoiceInfo(
    id="recording",
    engine="recording",
    languages=("*",),
    licence="the teacher's own",
    sample_rate=SAMPLE_RATE,
    capabilities=CAPABILITIES,  # how words are said was decided when they were recorded
    times="recognition",
)


class RecordingEngine:
    """The engine. It is listed and has a version like the others, but never speaks."""

    name = "recording"

    def voices(self) -> list[VoiceInfo]:
        return [_INFO]

    def version(self, voice: str, language: str) -> str:
        if voice:
            raise VoiceError(
                f"There is no voice 'recording/{voice}'.",
                remedy="Write 'voice: recording', and the name of the file as 'recording: …'.",
            )
        return "recording"

    def open(self, voice: str, language: str) -> Voice:
        raise VoiceError(
            "A recording cannot say anything new.",
            remedy="Choose another voice for text that was not recorded.",
        )


@dataclass(frozen=True, slots=True)
class Cut:
    """A slide's part of a recording: the samples `start` to `end`, which may be a little beyond the
    recording, and its words and phones in slide time."""

    slide: Slide
    start: int
    end: int
    words: tuple[Word, ...]
    phones: tuple[SpokenPhone, ...]
    added: tuple[AddedSpeech, ...] = ()


def plan_cuts(
    slides: Sequence[Slide],
    words: Sequence[Word],
    phones: Sequence[SpokenPhone],
    *,
    total: int,
    step: int,
    added: Sequence[AddedSpeech] = (),
    speech: tuple[int, int] | None = None,
) -> tuple[Cut, ...]:
    """Plan where a recording of `total` samples is cut into the slides that are spoken in it.

    `words` are in recording time, one for each token, and their `utterance` counts through all
    slides, as it does in `added`; `phones` include those of speech that is not in the script. A
    slide begins LEAD_MS before its first word, or directly after the last word of the slide before
    if that is later. The first slide begins before all `speech` (its first and last sample), since
    the first word may not have been recognised, and the last one ends after it. All lengths are
    multiples of `step` samples (a video frame), so that slides join without silence.
    """
    owners = [n for n, slide in enumerate(slides) for _ in slide.utterances]
    sounding = [w for w in words if w.end > w.start]
    heard = [(w.start, w.end) for w in sounding] + [(p.start, p.end) for p in phones]
    heard += [speech] if speech else []
    begin = min((a for a, _ in heard), default=0) - ms_to_samples(LEAD_MS)
    finish = max((b for _, b in heard), default=total) + ms_to_samples(TAIL_MS)
    begin, finish = max(begin, 0), min(max(finish, step), total + ms_to_samples(TAIL_MS))
    edges = [begin]
    for n in range(1, len(slides)):
        first = next((w.start for w in sounding if owners[w.utterance] >= n), finish)
        before = max((w.end for w in sounding if owners[w.utterance] < n), default=begin)
        want = max(first - ms_to_samples(LEAD_MS), min(before, first))
        edges.append(edges[-1] + max(1, round((want - edges[-1]) / step)) * step)
    edges.append(edges[-1] + max(1, -(-(finish - edges[-1]) // step)) * step)
    cuts = []
    offset = 0
    for n, slide in enumerate(slides):
        start, end = edges[n], edges[n + 1]

        def here(at: int, start: int = start, end: int = end) -> int:
            return min(max(at, start), end) - start

        own = tuple(
            replace(w, start=here(w.start), end=here(w.end), utterance=w.utterance - offset)
            for w in words
            if owners[w.utterance] == n
        )
        said = tuple(
            replace(p, start=here(p.start), end=here(p.end))
            for p in phones
            if start < p.end and p.start < end and here(p.end) > here(p.start)
        )
        last = n + 1 == len(slides)
        more = tuple(
            _move_added(a, start, end, offset, len(slide.utterances))
            for a in added
            if (start <= a.words[0].start or not n) and (a.words[0].start < end or last)
        )
        cuts.append(Cut(slide, start, end, own, said, more))
        offset += len(slide.utterances)
    return tuple(cuts)


def cut_narrations(
    cuts: Sequence[Cut], chunks: Callable[[], Iterable[Samples]], gain_db: float
) -> Iterator[Narration]:
    """The narration of each cut, in order. `chunks` gives the recording at SAMPLE_RATE, in
    pieces."""
    gain = np.float32(10 ** (gain_db / 20))
    for n, (cut, sound) in enumerate(zip(cuts, _cut_sound(cuts, chunks()), strict=True)):
        # Slides that follow each other in the recording are joined without a fade.
        joined = n and cuts[n - 1].end == cut.start
        joins = n + 1 < len(cuts) and cuts[n + 1].start == cut.end
        faded = fade_edges(sound, SAMPLE_RATE)
        half = len(sound) // 2
        sound = np.concatenate(
            (sound[:half] if joined else faded[:half], sound[half:] if joins else faded[half:])
        )
        yield Narration(
            round_to_16_bits(limit(sound * gain)),
            cut.words,
            cut.phones,
            compute_reveal_steps(cut.slide, _find_spans(cut)),
            cut.added,
        )


def _move_added(
    added: AddedSpeech, start: int, end: int, offset: int, utterances: int
) -> AddedSpeech:
    """Added speech in the time of its slide, which begins at the sample `start` and whose first
    utterance is the one with the index `offset`."""
    words = []
    for word in added.words:
        number, token = word.utterance - offset, word.token
        if number >= utterances:
            number, token = utterances, 0  # the next word is on another slide
        a, b = (min(max(at, start), end) - start for at in (word.start, word.end))
        words.append(replace(word, start=a, end=b, utterance=max(number, 0), token=token))
    return AddedSpeech(tuple(words))


def _find_spans(cut: Cut) -> list[tuple[int, int]]:
    """The samples of each utterance, from its first word to its last."""
    spans = []
    for index in range(len(cut.slide.utterances)):
        own = [w for w in cut.words if w.utterance == index]
        spans.append((min(w.start for w in own), max(w.end for w in own)))
    return spans


def _cut_sound(cuts: Sequence[Cut], chunks: Iterable[Samples]) -> Iterator[Samples]:
    """The sound of each cut, with silence where it is beyond the recording."""
    waiting = np.zeros(0, np.float32)
    here = 0  # the index of the first sample of `waiting`
    stream = iter(chunks)
    for cut in cuts:
        pieces, got = [waiting], len(waiting)
        while here + got < cut.end and (piece := next(stream, None)) is not None:
            pieces.append(piece)
            got += len(piece)
        waiting = np.concatenate(pieces)
        sound = waiting[max(cut.start - here, 0) : max(cut.end - here, 0)]
        yield np.pad(sound, (0, cut.end - cut.start - len(sound)))
        keep = min(max(cut.end - here, 0), len(waiting))
        waiting, here = waiting[keep:], here + keep
