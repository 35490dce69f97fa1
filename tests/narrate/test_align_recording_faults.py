"""Faulty recordings: quiet, noisy or clipped ones, and people who say more, less or otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from lessons.markdown.lesson import parse_lesson
from lessons.model import Slide
from narrate.align import check_narration
from narrate.align.clipping import find_clipping
from narrate.align.recording_alignment import Aligned, align_recording
from narrate.align.speech_check import Checked
from narrate.align.speech_edges import raise_level
from narrate.align.whisper import RATE, to_recognition_rate
from narrate.clock import SAMPLE_RATE, ms_to_samples
from narrate.limiter import limit_peaks
from narrate.speech import open_voice
from narrate.speech.recorded_narration import cut_narrations, plan_cuts
from narrate.vocabulary import Narration, Samples

SCRIPT = (
    "How far can a whale hear another one?",
    "Sound travels quickly in cold water.",
    "Nobody believed him until the second experiment.",
)
ASIDE = "My telephone is ringing, I will just switch it off."
FIRST_MS = 800  # of silence before the first word


def _make_slide(sentences: Sequence[str]) -> Slide:
    text = "# T\n\n" + "\n\n".join(sentences) + "\n"
    return parse_lesson(text, path="lesson.md", root=Path()).slides[0]


def _record(said: Sequence[str], voice: str = "hibari") -> Samples:
    speaker = open_voice(voice, "en-US")
    pieces = [np.zeros(ms_to_samples(FIRST_MS), np.float32)]
    for utterance in _make_slide(said).utterances:
        pieces += [speaker.speak(utterance).samples, np.zeros(SAMPLE_RATE // 2, np.float32)]
    return np.concatenate(pieces)


def _hum(sound: Samples, db: float) -> Samples:
    """The sound in the noise of a room at a level in dB of full scale."""
    noise = np.random.default_rng(3).normal(0, 10 ** (db / 20), len(sound))
    return (sound + noise).astype(np.float32)


def _listen(sound: Samples, script: Sequence[str] = SCRIPT) -> tuple[Aligned, Narration, Checked]:
    slide = _make_slide(script)
    found = align_recording(slide.utterances, to_recognition_rate(sound), language="en-US", jobs=1)
    cuts = plan_cuts(
        [slide],
        found.words,
        found.phones,
        total=len(sound),
        step=1600,
        added=found.added,
        speech=found.speech,
    )
    gain = 20 * np.log10(0.2 / np.abs(sound).max())
    (narration,) = cut_narrations(cuts, lambda: [sound], gain)
    return found, narration, check_narration(slide, narration, language="en-US", recorded=True)


@pytest.fixture(scope="module")
def clean() -> Samples:
    return _record(SCRIPT)


@pytest.mark.parametrize("db", [-45, -60])
def test_a_quiet_recording_keeps_its_first_word(clean: Samples, db: float) -> None:
    loud = float(np.sqrt(np.mean(clean[clean != 0] ** 2)))
    quiet = _hum(clean * np.float32(10 ** (db / 20) / loud), db - 40)
    found, narration, checked = _listen(quiet)
    assert found.speech is not None
    assert found.speech[0] < ms_to_samples(FIRST_MS + 30)
    before = found.words[0].start - narration.words[0].start  # where the lecture begins
    assert before < ms_to_samples(FIRST_MS - 200)
    assert abs(found.words[0].start - ms_to_samples(FIRST_MS)) < ms_to_samples(60)
    assert not found.findings and not checked.findings


def test_speech_begins_with_its_sound_even_if_its_first_word_is_not_recognised(
    clean: Samples,
) -> None:
    sound = _hum(np.concatenate((_record(["Mhm."]), clean)), -70)
    script_without_it = _listen(sound)
    found, narration, _ = script_without_it
    assert found.speech is not None and found.speech[0] < ms_to_samples(FIRST_MS + 40)
    assert len(narration.samples) > len(sound) - ms_to_samples(FIRST_MS + 300)


def test_noise_makes_no_findings(clean: Samples) -> None:
    power = float(np.mean(clean[np.abs(clean) > 0.01] ** 2))
    found, _, checked = _listen(_hum(clean, 10 * np.log10(power) - 10))
    assert not found.findings and not checked.findings and not checked.left_out
    assert found.words[0].end > found.words[0].start  # the very first word was found


def test_what_was_left_out_is_not_shown_and_what_was_added_is() -> None:
    sound = _hum(_record((ASIDE, SCRIPT[0], SCRIPT[2])), -70)
    found, narration, checked = _listen(sound)
    assert {u for u, _ in checked.left_out} == {1}
    (added,) = narration.added
    text = " ".join(word.written for word in added.words)
    assert "telephone is ringing" in text
    assert (added.words[0].utterance, added.words[0].token) == (0, 0)
    assert all(a.end <= b.start for a, b in zip(added.words, added.words[1:], strict=False))
    assert added.words[-1].end <= narration.words[0].start
    rules = {finding.rule: finding for finding in found.findings}
    assert set(rules) == {"not-said", "not-in-script"}
    assert f"before “{SCRIPT[0]}”" in rules["not-in-script"].remedy


FIGURES = ("The code is 90210, we meet at 8:30.", "It cost $1,250 in total.")


@pytest.mark.parametrize(
    "said",
    [
        FIGURES,
        (
            "The code is nine oh two one oh, we meet at half past eight.",
            "It cost twelve hundred and fifty dollars in total.",
        ),
        (
            "The code is nine zero two one zero, we meet at eight thirty.",
            "It cost one thousand two hundred and fifty dollars in total.",
        ),
    ],
)
def test_every_usual_reading_counts_as_said(said: Sequence[str]) -> None:
    found, _, checked = _listen(_hum(_record(said), -70), FIGURES)
    assert not found.findings and not checked.findings


def test_another_number_is_found() -> None:
    said = ("The code is nine oh two one oh, we meet at half past nine.", FIGURES[1])
    _, _, checked = _listen(_hum(_record(said), -70), FIGURES)
    assert any("8:30" in finding.message for finding in checked.findings)


@pytest.mark.parametrize("db", [12, 20, 30])
def test_a_clipped_recording_is_reported(clean: Samples, db: float) -> None:
    full = clean / np.abs(clean).max()
    clipped = np.clip(full * 10 ** (db / 20), -1, 1).astype(np.float32) / 3
    (finding,) = find_clipping(to_recognition_rate(clipped), 7)
    assert (finding.rule, finding.place.line) == ("recording-clipped", 7)
    assert "peaks are cut off" in finding.message and "level" in finding.remedy


def test_loud_and_limited_recordings_are_not_called_clipped(clean: Samples) -> None:
    full = (clean / np.abs(clean).max()).astype(np.float32)
    limited = np.concatenate(list(limit_peaks([full], 12.0, -1.5)))
    for sound in (full, limited, _hum(full, -20), np.zeros(RATE, np.float32)):
        assert find_clipping(to_recognition_rate(sound), 1) == ()


def test_quiet_sound_is_raised_and_silence_is_not() -> None:
    tone = np.sin(np.arange(RATE) * 0.2).astype(np.float32)
    raised = raise_level(tone * np.float32(1e-3))
    assert 0.02 < np.abs(raised).max() <= 1.0
    assert raise_level(tone) is tone
    assert not raise_level(np.zeros(RATE, np.float32)).any()
    assert len(raise_level(np.zeros(0, np.float32))) == 0
