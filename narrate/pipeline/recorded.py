"""The stage that listens to a recording: it finds the words and cuts the slides' narrations."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from foundation.files import file_digest
from lessons.model import Finding
from narrate.clock import SAMPLE_RATE, frames_to_samples
from narrate.loudness import LOUDEST_GAIN, TARGET, loudness
from narrate.pipeline.plan import Listening, SlidePlan
from narrate.pipeline.stages import WorkerContext, make_changed_error
from narrate.pipeline.store import Store
from narrate.speech.sound_file import read_sound, sound_chunks
from narrate.vocabulary import Samples

_MOST_JOBS = 4  # threads; all other tasks wait for this one, but more threads are no faster


def listen(context: WorkerContext, part: SlidePlan) -> None:
    """Find the words of a whole recording and cut it into the narrations of its slides."""
    from narrate.align.recording_alignment import align_recording
    from narrate.align.whisper import RATE
    from narrate.speech.narration_file import save_narration
    from narrate.speech.recorded_narration import cut_narrations, plan_cuts

    listening = part.listening
    assert listening is not None
    store, path = Store(context.store), context.course_root / listening.recording.path
    with store.lock(listening.findings):
        if all(store.find_verified(a) is not None for a in listening.artefacts):
            return
        utterances = tuple(u for s in listening.slides for u in s.utterances)
        heard = read_sound(path, RATE)
        found = align_recording(
            utterances,
            heard,
            language=part.settings.language,
            model=part.settings.whisper or None,
            jobs=min(_MOST_JOBS, os.cpu_count() or 1),
        )
        cuts = plan_cuts(
            listening.slides,
            found.words,
            found.phones,
            total=len(heard) * (SAMPLE_RATE // RATE),
            step=frames_to_samples(1, part.settings.video.rate),
        )
        level = loudness(_cut_sound(path, cuts[0].start, cuts[-1].end))
        gain = min(TARGET - level, LOUDEST_GAIN) if level > -70 else 0.0
        with store.writing(*listening.artefacts) as (notes, *paths):
            made = cut_narrations(cuts, lambda: sound_chunks(path), gain)
            for out, narration in zip(paths, made, strict=True):
                save_narration(narration, out)
            notes.write_text(json.dumps(_group_by_slide(listening, found.findings)), "utf-8")
            if file_digest(path) != listening.sha256:
                raise make_changed_error("The recording", listening.recording.path)


def _cut_sound(path: Path, start: int, end: int) -> Iterator[Samples]:
    """The recording's sound between two samples. Noise before and after the words must not change
    the loudness that is measured."""
    here = 0
    for chunk in sound_chunks(path):
        piece = chunk[max(start - here, 0) : max(end - here, 0)]
        here += len(chunk)
        if len(piece):
            yield piece


def _group_by_slide(listening: Listening, findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Findings as `stages.read_listening_findings` reads them. They name the slide by its position
    in the recording and the sentence by its position in the slide, since slide numbers and lines
    may change. A finding that belongs to no sentence is given to the first slide."""
    places = {
        u.line: (at, n)
        for at, slide in reversed(list(enumerate(listening.slides)))
        for n, u in reversed(list(enumerate(slide.utterances)))
    }
    rows = []
    for finding in findings:
        slide, sentence = places.get(finding.place.line or 0, (0, None))
        rows.append({**finding.as_data(), "line": sentence, "slide": slide})
    return rows
