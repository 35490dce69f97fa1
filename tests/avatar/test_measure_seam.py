"""What the pixels between the lips show, on painted mouths."""

from __future__ import annotations

import numpy as np
import pytest

from avatar.measure import Track
from avatar.measure.assessment import count_quiet_lips
from avatar.measure.features import EYE_CORNERS, MOUTH_CORNERS, RIGID
from avatar.measure.seam import (
    INCISORS,
    SLACK,
    Between,
    find_palette,
    measure_between,
    measure_teeth,
    read_seam,
)

FACE = 200.0  # pixels between the eyes' outer corners
SIZE = 320
SEAM = 220  # the row at which closed lips meet
SKIN, LIP, TOOTH, DARK = (205, 160, 135), (190, 90, 95), (225, 215, 205), (35, 12, 14)
# The lower lip on the edge of the upper teeth, and a mouth that is open for a vowel.
EDGE = SEAM + round(0.015 * FACE)
OPEN = SEAM + round(0.1 * FACE)


def face() -> np.ndarray:
    """468 points: the bones, the eyes, the corners and the outer edges of the lips."""
    points = np.random.default_rng(3).uniform(60, 260, (468, 3)).astype(np.float32)
    for mark, place in zip((*EYE_CORNERS, *MOUTH_CORNERS, 0, 17, 1), (
        (60, 100), (260, 100), (100, SEAM), (220, SEAM), (160, SEAM - 16), (160, SEAM + 26),
        (160, 170),
    ), strict=True):  # fmt: skip
        points[mark] = (*place, 0)
    assert not set(RIGID) & {0, 17}
    return points


def mouth(
    upper: int = SEAM, lower: int = SEAM, *, teeth: int = 0, colours: tuple[int, ...] = LIP
) -> np.ndarray:
    """A face whose lips end at two rows, with so many rows of upper teeth between them."""
    pixels = np.full((SIZE, SIZE, 3), SKIN, np.uint8)
    pixels[SEAM - 16 : lower + 26, 100:220] = colours
    pixels[upper : max(lower, upper + 1), 100:220] = DARK
    pixels[upper : min(upper + teeth, lower), 100:220] = TOOTH
    return pixels


def shown(frames: list[np.ndarray]) -> Track:
    points = np.repeat(face()[None], len(frames), 0)
    for place, pixels in zip(points, frames, strict=True):
        rows = np.flatnonzero((pixels[:, 160] != SKIN).any(1))
        place[17, 1] = rows[-1] + 1
    seams = np.stack([read_seam(f, p) for f, p in zip(frames, points, strict=True)])
    return Track("base", points, seams)


REST = [mouth()] * 20
# An open vowel shows where the upper teeth end.
VOWEL = [mouth(SEAM - 6, OPEN, teeth=EDGE - SEAM + 6)] * 12


def seen(*frames: np.ndarray, rest: list[np.ndarray] = REST) -> Between:
    """The frames after a rest and a vowel, of which only they are returned."""
    track = shown([*rest, *VOWEL, *frames])
    assert track.seams is not None
    still = np.arange(len(track.points)) < len(rest)
    whole = measure_between(track.seams, track.points, still)
    first = len(track.points) - len(frames)
    return Between(whole.gap[first:], whole.teeth[first:], whole.lower[first:], whole.incisors)


def test_closed_lips_meet_and_a_dark_gap_is_seen() -> None:
    lips = seen(mouth(), mouth(SEAM, SEAM + 2), mouth(SEAM - 2, SEAM + 8))
    assert lips.gap[0] <= SLACK / 2
    assert lips.gap[1] == pytest.approx(1 / FACE, abs=0.006)
    assert lips.gap[2] == pytest.approx(9 / FACE, abs=0.006) and lips.gap[2] > 2 * SLACK
    assert not (lips.teeth[:3] > 0).any()


def test_a_gap_full_of_teeth_is_a_gap() -> None:
    smiling = mouth(SEAM - 4, SEAM + 6, teeth=10)
    lips = seen(mouth(), smiling)
    assert lips.gap[0] <= SLACK < lips.gap[1] / 3
    assert lips.teeth[1] == pytest.approx(10 / FACE, abs=0.006)
    # A smiling photo, whose lips meet in speech: its rest must not be taken for closed.
    lips = seen(mouth(), smiling, *[mouth()] * 4, rest=[smiling] * 20)
    assert lips.gap[0] <= SLACK < lips.gap[1]
    # One whose lips never meet: its narrowest frames are not closed just because they are the
    # narrowest.
    lips = seen(*[mouth(SEAM - 2, SEAM + 4, teeth=6)] * 6, rest=[smiling] * 20)
    assert (lips.gap > SLACK).all()


def test_a_tongue_in_a_gap_is_not_counted_as_lip() -> None:
    open_ = mouth(SEAM - 4, SEAM + 12)
    tongue = open_.copy()
    tongue[SEAM - 2 : SEAM + 10, 110:210] = LIP
    lips = seen(open_, tongue)
    assert lips.gap[1] == pytest.approx(lips.gap[0], abs=0.006) and lips.gap[1] > 5 * SLACK


def test_a_lip_on_the_teeth_differs_from_one_below_them_and_from_closed_lips() -> None:
    touching = mouth(SEAM - 5, EDGE, teeth=20)
    below = mouth(SEAM - 5, EDGE + 7, teeth=EDGE - SEAM + 5)
    lips = seen(touching, below, mouth(), mouth(SEAM - 5, EDGE))
    assert lips.incisors >= INCISORS
    assert lips.on_teeth[0] <= 1.0 < lips.on_teeth[1]
    assert lips.on_teeth[2] > 1.0  # a closure
    assert lips.on_teeth[3] > 1.0  # a dark gap: no teeth to touch


def test_the_teeth_may_end_lower() -> None:
    deep = SEAM + round(0.04 * FACE)
    vowel = [mouth(SEAM - 6, OPEN, teeth=deep - SEAM + 6)] * 12
    track = shown([*REST, *vowel, mouth(SEAM - 5, deep, teeth=40)])
    assert track.seams is not None
    lips = measure_between(track.seams, track.points, np.arange(len(track.points)) < 20)
    assert lips.on_teeth[-1] <= 1.0 < seen(mouth(SEAM - 5, deep, teeth=40)).on_teeth[0]


def test_dark_lips_and_a_lost_face() -> None:
    dark = (95, 30, 38)
    rest = [mouth(colours=dark)] * 20
    lips = seen(mouth(colours=dark), mouth(SEAM - 3, SEAM + 6, colours=dark), rest=rest)
    assert lips.gap[0] <= SLACK < lips.gap[1]
    track = shown([*REST, *VOWEL])
    assert track.seams is not None
    track.points[5] = np.nan
    track.seams[5] = np.nan
    lips = measure_between(track.seams, track.points, np.ones(len(track.points), bool))
    assert np.isnan(lips.gap[5]) and np.isfinite(np.delete(lips.gap, 5)).all()
    nobody = np.full_like(track.points, np.nan), np.full_like(track.seams, np.nan)
    assert np.isnan(measure_between(nobody[1], nobody[0], np.ones(len(nobody[0]), bool)).gap).all()


def test_teeth_in_silence_are_found_except_the_photos_own() -> None:
    bared = mouth(SEAM - 3, SEAM + 5, teeth=8)
    silent = np.zeros(50, bool)
    silent[:20] = silent[32:] = True
    still = np.arange(50) < 20
    hidden = count_quiet_lips(shown([*REST, *VOWEL, *[mouth()] * 18]), still, silent)
    assert hidden.met == hidden.of == 38
    shows = shown([*REST, *VOWEL, *[mouth()] * 9, *[bared] * 9])
    assert count_quiet_lips(shows, still, silent).missed == tuple(range(41, 50))
    assert count_quiet_lips(shows, still, silent, shown([mouth()])).met == 29
    # What the photo shows is allowed, but no more.
    assert count_quiet_lips(shows, still, silent, shown([bared])).met == 38
    more = shown([*REST, *VOWEL, *[mouth(SEAM - 6, SEAM + 9, teeth=15)] * 18])
    assert count_quiet_lips(more, still, silent, shown([bared])).met == 20


def test_teeth_are_recognised_by_colour() -> None:
    track = shown([*REST, *VOWEL])
    assert track.seams is not None
    palette = find_palette(track.seams, np.arange(32) < 20)
    assert DARK[0] < palette.dark < 120
    heights = measure_teeth(track.seams, track.points, palette)
    assert heights[0] == 0 and heights[-1] == pytest.approx((EDGE - SEAM + 6) / FACE, abs=0.006)


def test_a_smile_at_rest_does_not_tint_the_lips() -> None:
    # There are nearly as many teeth as lips, and the lips are paler in places.
    smiling, rest = mouth(SEAM - 6, SEAM + 12, teeth=18), mouth()
    for pixels in (smiling, rest):
        pale = pixels[::3]
        pale[(pale == LIP).all(2)] = (200, 120, 115)
    track = shown([*[smiling] * 20, *VOWEL])
    closed = shown([*[rest] * 20, *VOWEL])
    assert track.seams is not None and closed.seams is not None
    still = np.arange(32) < 20
    own, usual = find_palette(track.seams, still), find_palette(closed.seams, still)
    assert own.pale == pytest.approx(usual.pale, rel=0.1)


def test_the_seam_of_a_face_at_the_pictures_edge() -> None:
    points = face()
    points[:, 1] += 95
    assert np.isfinite(read_seam(mouth(), points)).all()
    points[:, 1] += 400
    assert np.isnan(read_seam(mouth(), points)).all()
