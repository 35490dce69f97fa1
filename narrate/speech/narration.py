"""The sound of a slide: its utterances in order, with the pauses between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from foundation.problem import Place
from lessons.model import Slide, Utterance
from narrate.clock import ms_to_samples
from narrate.errors import PluginError, UnreadableError, VoiceError
from narrate.speech.base import Voice
from narrate.speech.language_runs import speak
from narrate.speech.level import limit, round_to_16_bits
from narrate.speech.silent import SilentVoice
from narrate.speech.voice_levels import level_voices
from narrate.vocabulary import Narration, Samples, Speech, SpokenPhone, Unread, Word

LEAD_MS = 300  # so that a new slide is seen before it is spoken about
TAIL_MS = 500
# A reveal comes this much before its first word, since the eye needs about 200 ms to find it.
REVEAL_MS = 200
USUAL_SPEED = 0.9
"""At its own speed the default voice speaks the sample course at 185 to 193 words a minute,
pauses included; captions can be read at 160 to 180 (BBC subtitle guidelines §4.1)."""
LEAST_RATE, MOST_RATE = 0.5, 2.0  # beyond these, voices become unclear


def narrate_slide(
    slide: Slide,
    voice_for: Callable[[Utterance], Voice],
    *,
    speed: float | None = 1.0,
    lead_ms: int = LEAD_MS,
    tail_ms: int = TAIL_MS,
    skip_unreadable: bool = False,
) -> Narration:
    """Speak a slide. `voice_for` gives the voice of each utterance, and of each run of words in
    another language (`narrate.speech.language_runs`).

    The `pause_ms` of an utterance is measured from its last sound to the first sound of the next
    one; after the last utterance it is at least `tail_ms`. A slide on which nothing is said is
    silent for `hold_ms`. Words and phones are in slide time. `speed` None stands for `USUAL_SPEED`
    if a voice's rate can be changed, and for the voice's own speed otherwise. With
    `skip_unreadable`, an utterance with a word that its voice cannot read, or whose voice plug-in
    fails, is silent for as long as it takes to read it; else it raises UnreadableError or
    PluginError. Raises VoiceError.
    """
    if not slide.utterances:
        total = ms_to_samples(slide.hold_ms)
        steps = tuple(total * step // slide.steps for step in range(slide.steps))
        return Narration(np.zeros(total, np.float32), (), (), steps)
    parts: list[Samples] = []
    here, silence = 0, ms_to_samples(lead_ms)
    words: list[Word] = []
    phones: list[SpokenPhone] = []
    spans: list[tuple[int, int]] = []
    spoken: list[Speech] = []
    unread: list[Unread] = []
    for utterance in slide.utterances:
        try:
            spoken.append(_speak(voice_for, utterance, speed, slide))
        except (UnreadableError, PluginError) as error:
            if not skip_unreadable:
                raise
            failed = isinstance(error, PluginError)
            unread.append(Unread(len(spoken), error.message, error.remedy, failed))
            spoken.append(SilentVoice().speak(utterance))
    speeches = level_voices(slide.utterances, spoken)
    for index, (utterance, speech) in enumerate(zip(slide.utterances, speeches, strict=True)):
        before, after = _measure_edges(speech)
        parts += [np.zeros(max(silence - before, 0), np.float32), speech.samples]
        here += len(parts[-2])
        words += [
            Word(w.written, w.start + here, w.end + here, index, w.token, w.confidence)
            for w in speech.words
        ]
        phones += [
            SpokenPhone(p.symbol, p.start + here, p.end + here, p.stress) for p in speech.phones
        ]
        last = index == len(slide.utterances) - 1
        pause = max(utterance.pause_ms, tail_ms) if last else utterance.pause_ms
        spans.append((here, here + len(speech.samples)))
        here += len(speech.samples)
        silence = ms_to_samples(pause) - after
    parts.append(np.zeros(max(silence, 0), np.float32))
    samples = round_to_16_bits(limit(np.concatenate(parts)))
    steps = compute_reveal_steps(slide, spans)
    return Narration(samples, tuple(words), tuple(phones), steps, unread=tuple(unread))


def _measure_edges(speech: Speech) -> tuple[int, int]:
    """The samples before the first word of a speech and after its last one. Engines keep a little
    silence around faint sounds, and it is part of a pause."""
    said = [w for w in speech.words if w.end > w.start]
    if not said:
        return 0, 0
    return said[0].start, len(speech.samples) - said[-1].end


def _speak(
    voice_for: Callable[[Utterance], Voice], utterance: Utterance, speed: float | None, slide: Slide
) -> Speech:
    pace = speed
    if pace is None:
        voice = voice_for(utterance)
        pace = USUAL_SPEED if "rate" in voice.info.capabilities else 1.0
    rate = pace * utterance.rate
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise VoiceError(
            f"The speed {rate:g} is not between {LEAST_RATE:g} and {MOST_RATE:g}.",
            remedy="Change `speed`, or the `rate` of this sentence.",
            place=Place(line=utterance.line, slide=slide.number),
        )
    try:
        return speak(utterance, voice_for, pace)
    except VoiceError as error:
        error.within(Place(line=utterance.line, slide=slide.number))
        raise


def compute_reveal_steps(slide: Slide, spans: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    """The sample at which each reveal step begins: a little before its first utterance, but not
    before the utterance before has ended. A step without an utterance begins with the next step, or
    after the last word if there is none. `spans` are the samples of each utterance."""
    early = ms_to_samples(REVEAL_MS)
    starts: list[int | None] = [None] * slide.steps
    for index, (utterance, (start, _)) in enumerate(zip(slide.utterances, spans, strict=True)):
        step = min(max(utterance.step, 0), slide.steps - 1)
        if starts[step] is None:
            before = spans[index - 1][1] if index else 0
            starts[step] = max(start - early, before, 0)
    starts[0] = 0
    following = spans[-1][1]
    for step in range(slide.steps - 1, 0, -1):
        known = starts[step]
        following = following if known is None else min(known, following)
        starts[step] = following
    return tuple(start or 0 for start in starts)
