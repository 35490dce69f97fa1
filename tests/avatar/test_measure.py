"""Statistics and geometry of the measures, each with a negative control that must fail."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from avatar.measure import Command, Share, assess_track, compute_command, measure_features
from avatar.measure.command import find_closures, find_labiodentals, find_roundings
from avatar.measure.features import (
    EYE_CORNERS,
    LOWER_LIP_INNER,
    MOUTH_CORNERS,
    RIGID,
    SEAM_ENDS,
    UPPER_LIP_INNER,
    remove_head_motion,
)
from avatar.measure.statistics import blinks, correlation, find_spans, jitter, lag
from avatar.measure.tracking import Track
from avatar.performance import Performance, perform
from avatar.phone import Phone

R30 = Fraction(30)
FACE = 100.0  # pixels between the eyes' outer corners
CM = FACE / 9.0


def speech() -> list[Phone]:
    phones: list[Phone] = []
    time = 0.6
    line = "b ɑ p ɑ m æ f ɑ v ɛ t u s u b ɪ w ɑ m ɑ f aɪ v _ p ɑ b ɛ w i f æ m p ɔ l i u t ɑ p"
    for symbol in line.split() * 2:
        if symbol == "_":
            time += 0.8
            continue
        phones.append(Phone(symbol, time, time + 0.09, 1))
        time += 0.09
    return phones


def neutral() -> np.ndarray:
    """A face of 468 points: the lips' marks in their places, the others scattered around."""
    points = np.random.default_rng(5).uniform(-60, 60, (468, 3)).astype(np.float32)
    places: dict[int, tuple[float, float]] = {
        2: (0, 40),
        61: (-28, 62),
        291: (28, 62),
        78: (-28, 62),
        308: (28, 62),
        33: (-50, 0),
        263: (50, 0),
        1: (0, 32),
    }
    places |= {82: (-8, 62), 13: (0, 62), 312: (8, 62), 87: (-8, 62.5), 14: (0, 62.5)}
    places |= {317: (8, 62.5), 84: (-8, 70), 17: (0, 71), 314: (8, 70), 10: (0, -60), 152: (0, 95)}
    places |= {159: (-35, -5), 145: (-35, 5), 386: (35, -5), 374: (35, 5), 133: (-20, 0)}
    places |= {362: (20, 0), 234: (-65, 15), 454: (65, 15)}
    for mark, place in places.items():
        points[mark] = (*place, 0)
    return points


def shown(
    performance: Performance, *, noise: float = 0.15, gap: float = 0.0, touch: float = 1.0
) -> Track:
    """The face that an ideal engine would show, with a tracker's noise, but for the `gap` in cm
    that it leaves at closures and how far (`touch`) it lifts the lower lip at labiodentals."""
    asked = compute_command(performance)
    asked.opening[:] = np.maximum(asked.opening, gap * performance.channel("mouthClose"))
    labiodental = performance.channel("labiodental")
    n = len(performance)
    points = np.repeat(neutral()[None], n, 0)
    for upper, lower in zip(UPPER_LIP_INNER, LOWER_LIP_INNER, strict=True):
        points[:, lower, 1] += asked.opening * CM
        points[:, upper, 1] -= 2.0 * touch * labiodental
    for mark in (84, 17, 314):
        points[:, mark, 1] += asked.opening * CM - 2.5 * touch * labiodental
    for mark, side in zip((*MOUTH_CORNERS, *SEAM_ENDS), (-0.5, 0.5) * 2, strict=True):
        points[:, mark, 0] += side * asked.width * CM
    shut = performance.channel("eyeBlinkLeft")
    for upper in (159, 386):
        points[:, upper, 1] += 9.5 * shut
    points += np.random.default_rng(1).normal(0, noise, points.shape)
    return Track("attention", points.astype(np.float32))


@pytest.fixture(scope="module")
def performance() -> Performance:
    phones = speech()
    return perform(phones, frames=int((phones[-1].end + 0.6) * 30), rate=R30)


def test_a_good_performance_measures_well(performance: Performance) -> None:
    seen = assess_track(
        shown(performance), R30, command=compute_command(performance), phones=speech()
    )
    a = seen.articulation
    assert a is not None
    assert a.opening_r > 0.99 and a.width_r > 0.97
    assert abs(a.lag) < 0.1
    for share in (a.closures, a.labiodentals, a.roundings):
        assert share.value == 1.0 and share.of >= 8
    assert seen.found.value == 1.0


def test_sloppy_bilabials_are_found(performance: Performance) -> None:
    track = shown(performance, gap=0.5)
    a = assess_track(track, R30, command=compute_command(performance), phones=speech()).articulation
    assert a is not None
    assert a.closures.value == 0.0
    assert a.labiodentals.value == 1.0


def test_lips_parted_at_rest_must_still_meet(performance: Performance) -> None:
    track = shown(performance)
    parted = track.points.copy()
    # A photo with parted lips: the closures close only as far as the photo's lips.
    for lower in LOWER_LIP_INNER:
        parted[:, lower, 1] += 6.0
    command, phones = compute_command(performance), speech()
    a = assess_track(Track("base", parted), R30, command=command, phones=phones).articulation
    assert a is not None and a.closures.value == 0.0


def test_missing_labiodentals_are_found(performance: Performance) -> None:
    track = shown(performance, touch=0.0)
    a = assess_track(track, R30, command=compute_command(performance), phones=speech()).articulation
    assert a is not None
    assert a.labiodentals.value < 0.3 and a.closures.value == 1.0


def test_missing_rounding_is_found(performance: Performance) -> None:
    track = shown(performance)
    points = track.points.copy()
    for mark in (*MOUTH_CORNERS, *SEAM_ENDS):
        points[:, mark] = neutral()[mark]
    a = assess_track(
        Track("base", points), R30, command=compute_command(performance), phones=speech()
    ).articulation
    assert a is not None
    assert a.roundings.value < 0.2


@pytest.mark.parametrize("shift", [-3, 1, 3])
def test_a_shift_is_measured_as_lag(performance: Performance, shift: int) -> None:
    points = np.roll(shown(performance).points, shift, axis=0)
    seen = assess_track(
        Track("base", points), R30, command=compute_command(performance), phones=speech()
    )
    assert seen.articulation is not None
    assert seen.articulation.lag == pytest.approx(shift, abs=0.2)
    assert seen.articulation.opening_r < 0.97


def test_a_lost_face_is_counted_and_skipped(performance: Performance) -> None:
    track = shown(performance)
    track.points[40:44] = np.nan
    seen = assess_track(track, R30, command=compute_command(performance), phones=speech())
    assert seen.found.met == seen.found.of - 4
    assert seen.found.missed == (40, 41, 42, 43)
    assert seen.articulation is not None and seen.articulation.opening_r > 0.98


def test_jitter_sees_shaking_but_not_the_head() -> None:
    n = 60
    still = np.repeat(neutral()[None], n, 0)
    marks = (*MOUTH_CORNERS, *RIGID)
    quiet = np.ones(n, bool)
    assert jitter(remove_head_motion(still, marks), quiet) < 1e-3
    t = np.arange(n) / 30
    angle = np.radians(7 * np.sin(2 * np.pi * t))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    moved = still.copy()
    moved[..., :2] = np.einsum("ijn,nkj->nki", turn, still[..., :2]) * (1 + 0.1 * t)[:, None, None]
    assert jitter(remove_head_motion(moved, marks), quiet) < 1e-2
    shaken = still.copy()
    shaken[::2, MOUTH_CORNERS[0], 1] += 1.0
    assert jitter(remove_head_motion(shaken, marks), quiet) > 2.0


def test_features_do_not_depend_on_pose_or_size() -> None:
    base = neutral()
    angle = np.radians(12)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    other = base.copy()
    other[:, :2] = 1.7 * base[:, :2] @ turn.T + [400, 300]
    features = measure_features(np.stack([base, other]))
    for name in ("opening", "width", "bite", "eyes"):
        a, b = getattr(features, name)
        assert a == pytest.approx(b, abs=1e-5)
    assert features.opening[0] == pytest.approx(0.005, abs=1e-4)
    assert features.width[0] == pytest.approx(0.56, abs=1e-4)
    assert features.roll[1] - features.roll[0] == pytest.approx(12, abs=0.1)
    assert base[EYE_CORNERS[1], 0] - base[EYE_CORNERS[0], 0] == FACE


def test_blinks_are_counted(performance: Performance) -> None:
    shut = performance.channel("eyeBlinkLeft") == 1.0
    asked = int(np.count_nonzero(shut[1:] & ~shut[:-1]))
    assert asked >= 2
    assert blinks(measure_features(shown(performance).points).eyes) == asked
    assert blinks(np.full(100, 0.3)) == 0
    assert blinks(np.full(0, 0.3)) == 0


def test_curves_that_do_not_vary_have_no_correlation_and_no_lag() -> None:
    flat, wave = np.zeros(50), np.sin(np.arange(50) / 3)
    assert np.isnan(correlation(flat, wave))
    assert np.isnan(lag(flat, wave))
    assert np.isnan(lag(wave[:10], wave[:10]))
    assert correlation(wave, 2 * wave + 1) == pytest.approx(1.0)


def test_spans_hold_at_least_the_nearest_frame() -> None:
    times = (np.arange(30) + 0.5) / 30
    assert find_spans(times, [(0.1, 0.2), (0.51, 0.512)]) == [(3, 6), (15, 16)]


def test_which_phones_are_judged() -> None:
    symbols = ["p", "ə", "m̩", "f", "u", "w", "oʊ", "ʃ", "v"]
    phones = [Phone(s, i * 0.1, i * 0.1 + 0.1) for i, s in enumerate(symbols)]
    assert [t.symbol for t in find_closures(phones)] == ["p", "m̩"]
    assert [t.symbol for t in find_labiodentals(phones)] == ["f", "v"]
    assert [p.symbol for p in find_roundings(phones)] == ["u", "w"]


def test_command_closes_and_narrows(performance: Performance) -> None:
    asked = compute_command(performance)
    closed = performance.channel("mouthClose") == 1.0
    assert not asked.opening[closed].any()
    assert asked.opening.max() > 1.0
    assert asked.width.min() < -1.0 < 0.2 < asked.width.max()
    assert asked.still[:10].all() and 0.02 < asked.still.mean() < 0.5


def test_share_of_nothing_is_not_a_number() -> None:
    assert np.isnan(Share(0, 0).value)
    assert Share(3, 4, (1,)).value == 0.75
    command = Command(np.zeros(5), np.zeros(5), np.ones(5, bool), R30)
    track = Track("base", np.repeat(neutral()[None], 5, 0))
    seen = assess_track(track, R30, command=replace(command), phones=[])
    assert seen.articulation is not None and np.isnan(seen.articulation.opening_r)
    json.dumps(seen.articulation.closures.of)
