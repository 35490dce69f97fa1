"""A recording that is cut into the narrations of its slides."""

from __future__ import annotations

import numpy as np
import pytest

from lessons.model import Slide, Token, Utterance
from narrate.clock import SAMPLE_RATE
from narrate.errors import VoiceError
from narrate.speech import open_voice, voice_version
from narrate.speech.narration import LEAD_MS, TAIL_MS
from narrate.speech.recorded_narration import Cut, cut_narrations, plan_cuts
from narrate.vocabulary import SpokenPhone, Word

STEP = 1600  # a frame at 30 a second
MS = SAMPLE_RATE // 1000


def slide(number: int, *sentences: str) -> Slide:
    utterances = tuple(
        Utterance(tuple(Token(w, w, 0, 1) for w in text.split()), 0, number, step=n)
        for n, text in enumerate(sentences)
    )
    return Slide(number, "", (), utterances, number, steps=max(1, len(sentences)))


def words_at(*times_ms: tuple[int, int, int, int]) -> list[Word]:
    """A word from its utterance, token, start and end in ms."""
    return [Word("w", a * MS, b * MS, u, t) for u, t, a, b in times_ms]


SLIDES = (slide(1, "one two"), slide(3, "three", "four"))
WORDS = words_at((0, 0, 2000, 2400), (0, 1, 2500, 3000), (1, 0, 5000, 5400), (2, 0, 6000, 6500))


def cut(
    words: list[Word], *, phones: tuple[SpokenPhone, ...] = (), total: int = 9000
) -> tuple[Cut, ...]:
    return plan_cuts(SLIDES, words, phones, total=total * MS, step=STEP)


def test_a_slide_begins_a_little_before_its_first_word() -> None:
    first, second = cut(WORDS)
    assert first.start == (2000 - LEAD_MS) * MS
    assert first.end == second.start
    assert second.start == pytest.approx((5000 - LEAD_MS) * MS, abs=STEP)
    assert second.end == pytest.approx((6500 + TAIL_MS) * MS, abs=STEP)
    assert (first.end - first.start) % STEP == 0 and (second.end - second.start) % STEP == 0


def test_words_are_in_slide_time_and_counted_from_their_slide() -> None:
    first, second = cut(WORDS)
    assert [w.start + first.start for w in first.words] == [2000 * MS, 2500 * MS]
    assert [(w.utterance, w.token) for w in second.words] == [(0, 0), (1, 0)]
    assert [w.start + second.start for w in second.words] == [5000 * MS, 6000 * MS]


def test_speech_that_is_not_in_the_script_is_kept_with_its_phones() -> None:
    hello = SpokenPhone("h", 500 * MS, 600 * MS)
    aside = SpokenPhone("ɑ", 3500 * MS, 3700 * MS)
    first, second = cut(WORDS, phones=(hello, aside))
    assert first.start == (500 - LEAD_MS) * MS  # the greeting before the first word
    assert [p.symbol for p in first.phones] == ["h", "ɑ"] and not second.phones


def test_words_that_follow_at_once_are_not_cut_into() -> None:
    words = words_at((0, 0, 1000, 1400), (0, 1, 1500, 2990), (1, 0, 3000, 3400), (2, 0, 4000, 4200))
    first, second = cut(words)
    assert second.start == pytest.approx(2990 * MS, abs=STEP)
    assert first.words[-1].end <= first.end - first.start


def test_a_slide_that_was_not_said_still_has_its_frame() -> None:
    words = words_at((0, 0, 3000, 3000), (0, 1, 3000, 3000), (1, 0, 3000, 3400), (2, 0, 4000, 4400))
    first, _ = cut(words)
    assert first.end - first.start >= STEP
    assert all(0 <= w.start <= w.end <= first.end - first.start for w in first.words)
    nothing = cut(words_at((0, 0, 0, 0), (0, 1, 0, 0), (1, 0, 0, 0), (2, 0, 0, 0)))
    assert all(c.end > c.start for c in nothing)


def test_slides_join_as_they_were_recorded() -> None:
    rng = np.random.default_rng(0)
    sound = (rng.standard_normal(9 * SAMPLE_RATE) * 0.02).astype(np.float32)
    cuts = cut(WORDS)
    made = list(cut_narrations(cuts, lambda: np.array_split(sound, 7), 0.0))
    assert [len(n.samples) for n in made] == [c.end - c.start for c in cuts]
    joined = np.concatenate([n.samples for n in made])
    original = sound[cuts[0].start : cuts[-1].end]
    inner = slice(SAMPLE_RATE // 10, -SAMPLE_RATE // 10)
    assert np.abs(joined - original)[inner].max() <= 1 / 32768
    assert joined[0] == 0 and abs(joined[-1]) < 1e-3  # the outer edges are faded
    assert made[1].steps[0] == 0 and 0 < made[1].steps[1] < made[1].words[1].start


def test_gain_is_held_under_full_scale() -> None:
    sound = np.full(9 * SAMPLE_RATE, 0.5, np.float32)
    sound[::2] *= -1
    made = list(cut_narrations(cut(WORDS), lambda: [sound], 20.0))
    assert max(np.abs(n.samples).max() for n in made) < 0.9


def test_a_recording_that_ends_early_is_filled_with_silence() -> None:
    sound = np.full(4 * SAMPLE_RATE, 0.1, np.float32)
    made = list(cut_narrations(cut(WORDS), lambda: [sound], 0.0))
    assert [len(n.samples) for n in made] == [c.end - c.start for c in cut(WORDS)]
    assert not made[1].samples.any()


def test_the_engine_has_a_version_and_never_speaks() -> None:
    assert voice_version("recording", "de-DE").startswith("recording")
    with pytest.raises(VoiceError, match="recording/x"):
        voice_version("recording/x", "en-US")
    with pytest.raises(VoiceError, match="cannot say"):
        open_voice("recording", "en-US")
