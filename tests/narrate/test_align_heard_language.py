"""Which language is heard: the longest spans count, each by its length."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from narrate.align import heard_language
from narrate.align.heard_language import MOST_SPANS, HeardLanguage, hear_language
from narrate.align.listen import SoundSpan
from narrate.align.whisper import RATE

Answers = list[list[tuple[str, float]]]


def hear(
    monkeypatch: pytest.MonkeyPatch, seconds: list[int], answers: Answers
) -> tuple[HeardLanguage | None, list[float]]:
    """What is heard in spans of so many seconds, the longest of which have these answers, and the
    seconds that the model was asked for."""
    asked: list[float] = []
    given = iter(answers)

    def answer(sound: np.ndarray, *, model: str | None) -> list[tuple[str, float]]:
        asked.append(len(sound) / RATE)
        return next(given)

    monkeypatch.setattr(heard_language, "_hear", answer)
    edges = np.cumsum([0, *seconds]) * RATE
    spans = [SoundSpan(int(a), int(b)) for a, b in pairwise(edges)]
    sound = np.zeros(int(edges[-1]), np.float32)
    return hear_language(sound, spans, None, map), asked


def test_longer_spans_count_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    heard, asked = hear(
        monkeypatch, [2, 8], [[("fr", 0.9), ("de", 0.1)], [("de", 0.8), ("fr", 0.2)]]
    )
    assert asked == [8, 2] and heard is not None
    assert heard.tag == "fr" and heard.probability == pytest.approx((0.9 * 8 + 0.2 * 2) / 10)


def test_only_the_longest_spans_are_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    _, asked = hear(monkeypatch, [1, 9, 2, 8, 3, 7, 4], [[("fr", 1.0)]] * MOST_SPANS)
    assert asked == [9, 8, 7, 4]


def test_nothing_is_heard_in_silence_and_by_a_model_of_one_language(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert hear(monkeypatch, [], [])[0] is None
    assert hear(monkeypatch, [5], [[]])[0] is None


@pytest.mark.parametrize(
    ("heard", "probability", "expected", "differs"),
    [
        ("fr", 0.9, "en-US", True), ("fr", 0.6, "en-US", False), ("fr", 0.9, "fr-CA", False),
        ("ur", 0.9, "hi", False), ("hi", 0.9, "ur-PK", False), ("ur", 0.9, "en", True),
    ],
)  # fmt: skip
def test_a_language_differs_if_it_is_surely_another(
    heard: str, probability: float, expected: str, differs: bool
) -> None:
    assert HeardLanguage(heard, probability).differs_from(expected) is differs
