"""Sentences put together: pauses between sounds, joins without clicks, equal bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import butter, sosfiltfilt

from lessons.course.reading import load_course
from lessons.model import Slide, Token, Utterance
from narrate.clock import SAMPLE_RATE, ms_to_samples
from narrate.speech import VoiceInfo, narrate_slide, open_voice
from narrate.vocabulary import Samples, Speech, SpokenPhone, Word

ROOM_BEFORE, ROOM_AFTER, SOUND = ms_to_samples(20), ms_to_samples(35), ms_to_samples(200)

# Runs in another process and prints one digest of the sound and times of a lesson's slides.
ELSEWHERE = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_speech_level import digest_of
print(digest_of(Path(sys.argv[2]), 0.9))
"""


class Humming:
    """A voice that leaves silence around what it says."""

    info = VoiceInfo("humming", "humming", ("en-US",), "MIT", SAMPLE_RATE)
    version = "1"

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        sound = np.zeros(ROOM_BEFORE + SOUND + ROOM_AFTER, np.float32)
        sound[ROOM_BEFORE : ROOM_BEFORE + SOUND] = 0.1
        end = ROOM_BEFORE + SOUND
        words = (Word(utterance.tokens[0].written, ROOM_BEFORE, end),)
        return Speech(sound, words, (SpokenPhone("m", ROOM_BEFORE, end),))


def _slide(pauses: Sequence[int]) -> Slide:
    said = tuple(Utterance((Token("Hum.", "Hum.", 0, 4),), ms, 1) for ms in pauses)
    return Slide(1, "", (), said, 1)


def _silences(sound: Samples) -> list[float]:
    """The spans of digital silence, in ms."""
    edges = np.flatnonzero(np.diff(np.concatenate(([True], sound == 0, [True])).astype(int)))
    bounds = np.concatenate(([0], edges, [len(sound)])).reshape(-1, 2)
    return [float(b - a) * 1000 / SAMPLE_RATE for a, b in bounds]


def test_pauses_are_measured_from_sound_to_sound() -> None:
    said = narrate_slide(_slide([350, 600, 0, 30, 100]), lambda _: Humming())
    # The silence that the voice itself leaves is the shortest pause.
    assert _silences(said.samples) == [300, 350, 600, 55, 55, 500]
    for word in said.words:
        assert (said.samples[word.start : word.end] > 0).all()
        assert said.samples[word.start - 1] == 0 == said.samples[word.end]
    assert [p.start for p in said.phones] == [w.start for w in said.words]


def _high(sound: Samples) -> Samples:
    """The sound above 5 kHz, where jumps are heard."""
    sections = butter(4, 5000, "high", fs=SAMPLE_RATE, output="sos")
    return np.abs(np.asarray(sosfiltfilt(sections, sound.astype(np.float64)), np.float32))


def test_no_click_where_a_sentence_meets_silence() -> None:
    voice = open_voice("hibari", "en-US")
    words = tuple(Token(w, w, 0, 0) for w in ["All", "in", "a", "row."])
    utterance = Utterance(words, 350, 1)
    said = narrate_slide(Slide(1, "", (), (utterance, utterance), 1), lambda _: voice)
    speech = voice.speak(utterance)
    near = ms_to_samples(2)
    begin = said.words[0].start - speech.words[0].start
    for join in (begin, begin + len(speech.samples)):
        assert _high(said.samples)[join - near : join + near].max() < 0.001
    cut = said.samples.copy()
    loudest = int(np.argmax(np.abs(cut)))
    cut[loudest:] = 0  # the value of a join without a fade
    assert _high(cut)[loudest - near : loudest + near].max() > 0.01


@pytest.fixture
def spoken_course(small_course: Path) -> Path:
    path = small_course / "course.yaml"
    path.write_text(path.read_text().replace("voice: silent", "voice: hibari"))
    (small_course / "02-second.md").unlink()
    return small_course


def digest_of(course: Path, speed: float) -> str:
    voice = open_voice("hibari", "en-US")
    digest = hashlib.sha256()
    for slide in load_course(course).lessons[0].slides:
        said = narrate_slide(slide, lambda _: voice, speed=speed)
        digest.update(said.samples.tobytes() + repr((said.words, said.phones, said.steps)).encode())
    return digest.hexdigest()


def test_the_same_script_gives_the_same_bytes_in_every_process(spoken_course: Path) -> None:
    here = digest_of(spoken_course, 0.9)
    assert digest_of(spoken_course, 0.95) != here
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE, str(Path(__file__).parent), str(spoken_course)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "77"},
    )
    assert done.stdout.strip() == here
