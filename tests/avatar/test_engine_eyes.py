"""Eyes and lids: a blink shows skin and lashes, the iris turns as a whole, its highlight stays."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
import skimage.data
from engine_world import PRESENTER, rig_of, row
from PIL import Image

from avatar.arrays import Floats32, Floats64, Mask, Pixels
from avatar.engines.eye_painter import EYEBALL_CM, EyePainter
from avatar.rig import Rig
from avatar.rig.eye_layers import separate_eye
from avatar.rig.light import estimate_light
from avatar.rig.margins import find_margins
from avatar.rig.rig import Eye
from avatar.rig.topology import EYES

SIDES = (0, 1)


@dataclass(frozen=True)
class Case:
    """One eye, its painter and the photo under it."""

    eye: Eye
    painter: EyePainter
    photo: Pixels

    def at(self, **channels: float) -> Floats64:
        painted = self.painter.paint(self.photo, row(**channels))
        return (self.photo if painted is None else painted).astype(np.float64)


def case_of(rest: Pixels, points: Floats32, scale: float, which: int) -> Case:
    eye = separate_eye(rest, points, which)
    x0, y0, x1, y1 = (int(v) for v in eye.box)
    return Case(eye, EyePainter(eye, scale), np.ascontiguousarray(rest[y0:y1, x0:x1]))


@pytest.fixture(scope="module")
def rigs() -> dict[str, Rig]:
    return {
        "painted": rig_of(np.asarray(Image.open(PRESENTER).convert("RGB")), 512),
        "photo": rig_of(np.asarray(skimage.data.astronaut()), 512),
    }


@pytest.fixture(scope="module", params=["painted", "photo"])
def cases(request: pytest.FixtureRequest, rigs: dict[str, Rig]) -> list[Case]:
    rig = rigs[request.param]
    return [case_of(rig.rest, rig.points, rig.mouth.scale, k) for k in SIDES]


SKIN = (206, 160, 138)
WHITE = (226, 222, 218)
IRIS = (92, 62, 40)
HAIR = (40, 28, 24)


def draw(
    rig: Rig, *, lashes: bool = True, lamp: bool = False, aside: float = 0.0, mole: bool = False
) -> Pixels:
    """The painted face with a left eye of plain shapes: `aside` shifts its iris by so many radii,
    `lamp` is a small light on it, `mole` a dark spot on the lower lid."""
    p, index = rig.points[:, :2].astype(np.float64), EYES[0]
    upper, lower = p[list(index["upper"])], p[list(index["lower"])]
    width = float(np.linalg.norm(upper[0] - upper[-1]))
    middle = (upper.mean(0) + lower.mean(0)) / 2
    centre, rim = p[index["iris"][0]], p[list(index["iris"][1:])]
    radius = float(np.linalg.norm(rim - centre, axis=1).mean())
    fine = 8

    def dot(at: Floats64) -> tuple[int, int]:
        x, y = np.round((at + 0.5) * fine).astype(int)
        return int(x), int(y)

    image = cv2.resize(rig.rest, None, fx=fine, fy=fine, interpolation=cv2.INTER_LINEAR)
    axes = (int(1.0 * width * fine), int(0.6 * width * fine))
    cv2.ellipse(image, dot(middle + np.array([0, 0.1 * width])), axes, 0, 0, 360, SKIN, -1)
    outline = np.array([dot(q) for q in np.concatenate([upper, lower[::-1]])])
    ball = np.full_like(image, WHITE)
    where = centre + np.array([aside * radius, 0])
    cv2.circle(ball, dot(where), int(radius * fine), IRIS, -1)
    cv2.circle(ball, dot(where), int(0.4 * radius * fine), (14, 12, 12), -1)
    if lamp:
        cv2.circle(ball, dot(where + 0.25 * radius), int(0.2 * radius * fine), (255, 255, 255), -1)
    inside = cv2.fillPoly(np.zeros(image.shape[:2], np.uint8), [outline], 1) > 0
    image[inside] = ball[inside]
    if lashes:
        line = np.array([dot(q) for q in upper])
        cv2.polylines(image, [line], False, HAIR, int(0.05 * width * fine), cv2.LINE_AA)
        for x in np.linspace(upper[0, 0], upper[-1, 0], 16)[1:-1]:
            foot = np.array([x, np.interp(x, upper[:, 0], upper[:, 1])])
            tip = foot + np.array([0.2 * (x - middle[0]), -0.13 * width])
            cv2.line(image, dot(foot), dot(tip), HAIR, int(0.02 * width * fine), cv2.LINE_AA)
    if mole:
        at = lower[len(lower) // 2] + np.array([0, 0.10 * width])
        cv2.circle(image, dot(at), int(0.025 * width * fine), HAIR, -1)
    size = (rig.rest.shape[1], rig.rest.shape[0])
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def drawn(rig: Rig, **what: Any) -> Case:
    return case_of(draw(rig, **what), rig.points, rig.mouth.scale, 0)


def grey(image: npt.NDArray[np.generic]) -> Floats64:
    return np.asarray(image.astype(np.float64) @ np.array([0.299, 0.587, 0.114]))


def rows_of(image: npt.NDArray[np.generic]) -> Floats64:
    return np.arange(len(image), dtype=np.float64)[:, None]


def lid_mask(eye: Eye, image: npt.NDArray[np.generic]) -> Mask:
    """Where the open eye was, clear of the lashes of a shut one."""
    y, span = rows_of(image), eye.lower - eye.upper
    wide = span > 0.6 * span.max()
    return np.asarray((y > eye.upper) & (y < eye.lower - 0.45 * span) & wide)


def skin_masks(eye: Eye, image: Floats64) -> tuple[Mask, Mask]:
    """Skin above the crease, and below the lower lashes."""
    y, w, span = rows_of(image), eye.aperture, eye.lower - eye.upper
    wide = span > 0.6 * span.max()
    over = (y < eye.crease - 0.05 * w) & (y > eye.crease - 0.15 * w) & wide
    under = (y > eye.lower + 0.14 * w) & (y < eye.lower + 0.30 * w) & wide
    return np.asarray(over), np.asarray(under)


def strangeness(eye: Eye, photo: Pixels, shut: Floats64) -> float:
    """By how much the lid's mean colour lies outside what the skin above and below spans, in
    levels of the worst channel."""
    over, under = (photo[mask].mean(0) for mask in skin_masks(eye, shut))
    lid = shut[lid_mask(eye, shut)].mean(0)
    low, high = np.minimum(over, under), np.maximum(over, under)
    return float(np.maximum(low - lid, lid - high).max())


def border(eye: Eye, photo: Pixels, shut: Floats64) -> float:
    """The step of brightness across the lid's upper border, in steps of the skin just above it."""
    y, w, span = rows_of(shut), eye.aperture, eye.lower - eye.upper
    wide = span > 0.6 * span.max()

    def level(image: Floats64, share: float) -> Floats64:
        band = np.abs(y - eye.crease - share * w) < 0.03 * w
        return np.array([image[band[:, x], x].mean() for x in np.flatnonzero(wide)])

    lid, skin = grey(shut), grey(photo)
    step = np.abs(level(lid, 0.08) - level(lid, 0.0)).mean()
    own = max(np.abs(level(skin, -0.08 - k) - level(skin, -k)).mean() for k in (0.02, 0.06, 0.1))
    return float(step / max(own, 2.0))


def test_a_closed_lid_is_skin_without_a_border(cases: list[Case]) -> None:
    for case in cases:
        eye, shut, y = case.eye, case.at(eyeBlink=1), rows_of(case.photo)
        assert strangeness(eye, case.photo, shut) < 28
        assert border(eye, case.photo, shut) < 0.7
        # The measures see a lid that is a third darker, and an eye that is not shut.
        darker = shut.copy()
        darker[(y > eye.crease + 0.04 * eye.aperture) & (y < eye.lower)] *= 0.67
        for other in (darker, case.photo.astype(np.float64)):
            assert strangeness(eye, case.photo, other) > 56
            assert border(eye, case.photo, other) > 1.1


def test_a_blink_hides_the_iris(cases: list[Case]) -> None:
    for case in cases:
        y, x = np.mgrid[0 : case.photo.shape[0], 0 : case.photo.shape[1]]
        away = np.hypot(x - case.eye.centre[0], y - case.eye.centre[1])
        near = lid_mask(case.eye, case.photo) & (away < 0.8 * case.eye.radius)
        assert near.sum() > 20
        open_, half, shut = (grey(case.at(eyeBlink=b))[near].min() for b in (0, 0.3, 1))
        assert shut > open_ + 60
        assert half < open_ + 20


@pytest.mark.parametrize("side", [96, 128])
def test_tiny_eyes_shut_and_turn_too(side: int) -> None:
    rig = rig_of(np.asarray(Image.open(PRESENTER).convert("RGB")), side)
    for which in SIDES:
        case = case_of(rig.rest, rig.points, rig.mouth.scale, which)
        y, x = (round(float(v)) for v in case.eye.centre[::-1])
        skin = np.median(
            [grey(case.photo)[mask].mean() for mask in skin_masks(case.eye, case.at())]
        )
        open_, turned, shut = (
            grey(image)[y : y + 2, x - 1 : x + 2].mean()
            for image in (case.at(), case.at(gazeX=4), case.at(eyeBlink=1))
        )
        assert open_ < 0.6 * skin
        assert turned < 0.7 * skin
        assert shut > 0.75 * skin


def line_of(case: Case) -> float:
    """Darkest row along the line of a shut eye, against the skin around; 1 is none."""
    shut = case.at(eyeBlink=1)
    eye, light = case.eye, grey(shut)
    _, upper, _ = case.painter.lids(row(eyeBlink=1))
    span = eye.lower - eye.upper
    columns = np.flatnonzero(span > 0.6 * span.max())
    reach = np.linspace(-0.06, 0.10, 17) * eye.aperture
    along = [np.mean([light[round(float(upper[x] + r)), x] for x in columns]) for r in reach]
    skin = np.mean([light[mask].mean() for mask in skin_masks(eye, shut)])
    return float(min(along) / skin)


def test_lashes_close_with_the_lid_where_the_picture_has_any(
    rigs: dict[str, Rig], cases: list[Case]
) -> None:
    for case in cases:
        assert line_of(case) < 0.7
    assert line_of(drawn(rigs["painted"], lashes=True)) < 0.6
    bare = drawn(rigs["painted"], lashes=False)
    assert line_of(bare) > 0.82
    assert bare.eye.lashes.min() > 0.8


def test_lashes_turn_down(rigs: dict[str, Rig]) -> None:
    case = drawn(rigs["painted"])
    eye, w = case.eye, case.eye.aperture
    columns = np.flatnonzero(eye.lower - eye.upper > 0.6 * (eye.lower - eye.upper).max())

    def dark(image: Floats64, curve: Floats32, low: float, high: float) -> float:
        light = grey(image) / grey(np.array(SKIN))
        rows = np.linspace(low, high, 8) * w
        return float(
            np.mean([1 - light[round(float(curve[x] + r)), x] for x in columns for r in rows])
        )

    shut, (_, upper, _) = case.at(eyeBlink=1), case.painter.lids(row(eyeBlink=1))
    photo = case.photo.astype(np.float64)
    # Hairs are above the margin of the open eye, and below that of the shut one, not above it.
    assert dark(photo, eye.upper, -0.12, -0.06) > 0.12
    assert dark(shut, upper, 0.05, 0.10) > 0.08
    assert dark(shut, upper, -0.12, -0.06) < 0.6 * dark(photo, eye.upper, -0.12, -0.06)


def test_the_lower_lid_rises_a_little(rigs: dict[str, Rig], cases: list[Case]) -> None:
    for case in cases:
        span = case.eye.lower - case.eye.upper
        _, upper, lower = case.painter.lids(row(eyeBlink=1))
        rise = (case.eye.lower - lower) / span.max()
        assert rise.min() >= 0
        assert 0.05 < rise[span > 0.5 * span.max()].mean() < 0.25
        # The lids meet.
        assert (upper >= lower - 0.01).all()
    case = drawn(rigs["painted"], lashes=False, mole=True)
    x = int(case.eye.centre[0])

    def mole(image: Floats64) -> float:
        dark = np.clip(0.75 * grey(np.array(SKIN)) - grey(image), 0, None)[:, x - 6 : x + 7]
        rows = rows_of(dark)
        # Below the rest of the iris.
        dark = dark * (rows > case.eye.lower[x] + 0.02 * case.eye.aperture)
        return float((dark * rows).sum() / dark.sum())

    ahead, blink = mole(case.at()), mole(case.at(eyeBlink=1))
    assert 0.4 < ahead - blink < 0.2 * float((case.eye.lower - case.eye.upper).max())


def test_the_highlight_stays_behind_when_the_iris_turns(rigs: dict[str, Rig]) -> None:
    rig = rigs["painted"]
    case = drawn(rig, lamp=True)

    y, x = np.mgrid[0 : case.photo.shape[0], 0 : case.photo.shape[1]]

    def column(weight: Floats64, aside: float, reach: float) -> float:
        where = case.eye.centre + aside * case.eye.radius
        weight = np.clip(weight, 0, None)
        weight = weight * (np.hypot(x - where[0], y - where[1]) < reach * case.eye.radius)
        return float((weight * x).sum() / weight.sum())

    ahead, turned = grey(case.at()), grey(case.at(gazeX=8))
    pupil = column(30 - turned, 0, 0.85) - column(30 - ahead, 0, 0.85)
    lamp = column(turned - 110, 0.25, 0.55) - column(ahead - 110, 0.25, 0.55)
    assert pupil == pytest.approx(EYEBALL_CM * rig.mouth.scale * np.sin(np.radians(8)), abs=0.4)
    assert 0.25 * pupil < lamp < 0.65 * pupil


def test_the_iris_turns_whole_and_the_white_stays(rigs: dict[str, Rig]) -> None:
    case = drawn(rigs["painted"])
    y, x = np.mgrid[0 : case.photo.shape[0], 0 : case.photo.shape[1]]
    gx, gy = case.painter.gaze(row(gazeX=-8))
    turned = case.at(gazeX=-8)
    _, upper, lower = case.painter.lids(row(gazeX=-8))
    inner = (y > upper + 0.06 * case.eye.aperture) & (y < lower - 0.04 * case.eye.aperture)
    inner &= (x > case.eye.left + 4) & (x < case.eye.right - 4)
    away = np.hypot(x - case.eye.centre[0] - gx, y - case.eye.centre[1] - gy) / case.eye.radius
    assert np.abs(turned[inner & (away > 0.55) & (away < 0.8)] - IRIS).mean() < 10
    assert np.abs(turned[inner & (away > 1.2)] - WHITE).mean() < 8
    # White is visible where the iris was.
    before = np.hypot(x - case.eye.centre[0], y - case.eye.centre[1]) / case.eye.radius
    bared = inner & (away > 1.15) & (before < 0.95)
    assert bared.sum() >= 3
    assert np.abs(turned[bared] - WHITE).mean() < 20
    assert np.abs(case.photo[bared].astype(float) - WHITE).mean() > 80


def test_the_upper_lid_follows_the_gaze(cases: list[Case]) -> None:
    for case in cases:
        down, ahead, up = (case.painter.lids(row(gazeY=g)) for g in (-8, 0, 8))
        middle = int(case.eye.centre[0])
        assert down[1][middle] - ahead[1][middle] > 0.5
        assert ahead[1][middle] - up[1][middle] > 0.4
        assert np.array_equal(down[2], ahead[2])


def steps(frames: list[Floats64]) -> Floats64:
    return np.array([np.sqrt(((a - b) ** 2).mean()) for a, b in pairwise(frames)])


@pytest.mark.parametrize(
    ("channel", "end"), [("eyeBlink", 1.0), ("gazeX", 6.0), ("gazeY", -6.0), ("eyeWide", 1.0)]
)
def test_nothing_jumps(channel: str, end: float, cases: list[Case]) -> None:
    for case in cases:
        frames = [case.at(**{channel: float(v)}) for v in np.linspace(0, end, 81)]
        assert np.array_equal(frames[0], case.photo)
        sizes = steps(frames)
        assert sizes.max() < 2.5 * np.median(sizes)
        # Three frames left out would be found.
        assert steps(frames[:40] + frames[43:]).max() > 2.5 * np.median(sizes)


def test_the_same_photo_gives_the_same_eye(rigs: dict[str, Rig]) -> None:
    rig = rigs["photo"]
    one, two = (case_of(rig.rest, rig.points, rig.mouth.scale, 1) for _ in range(2))
    values = [{"eyeBlink": 0.3}, {"gazeX": 4.0, "eyeBlink": 0.7}, {"eyeSquint": 1.0}, {}]
    forth = [one.at(**v) for v in values]
    back = [two.at(**v) for v in reversed(values)]
    for a, b in zip(forth, reversed(back), strict=True):
        assert np.array_equal(a, b)
    assert one.painter.paint(one.photo, row()) is None
    # Each eye has channels of its own.
    assert one.painter.paint(one.photo, row(eyeBlinkRight=1)) is None
    assert one.painter.paint(one.photo, row(eyeBlinkLeft=1)) is not None


def test_corners_are_where_the_white_ends(rigs: dict[str, Rig]) -> None:
    found = {}
    for name, rig in rigs.items():
        for which in SIDES:
            m = find_margins(rig.rest, rig.points, which)
            tracked = rig.points[list(EYES[which]["upper"]), 0] - m.box[0]
            found[name, which] = (tracked.min() - m.left, m.right - tracked.max(), m.width)
    # The presenter's eyes are drawn longer than the tracker believes, at their outer corners.
    assert found["painted", 0][0] > 0.05 * found["painted", 0][2]
    assert found["painted", 1][1] > 0.05 * found["painted", 1][2]
    for which in SIDES:
        left, right, _ = found["photo", which]
        assert left == 0 and right == 0


@pytest.mark.parametrize("aside", [-0.2, 0.0, 0.2])
def test_the_iris_is_found_where_it_is_drawn(aside: float, rigs: dict[str, Rig]) -> None:
    rig = rigs["painted"]
    m = find_margins(draw(rig, aside=aside), rig.points, 0)
    tracked = rig.points[EYES[0]["iris"][0], :2] - m.box[:2]
    rim = rig.points[list(EYES[0]["iris"][1:]), :2] - rig.points[EYES[0]["iris"][0], :2]
    radius = float(np.linalg.norm(rim, axis=1).mean())
    assert float(m.centre[0] - tracked[0]) == pytest.approx(aside * radius, abs=0.07 * radius)
    assert m.radius == pytest.approx(radius, rel=0.08)


def test_light_is_found_on_the_side_that_is_lit(rigs: dict[str, Rig]) -> None:
    rig = rigs["photo"]
    ramp = np.linspace(-0.3, 0.3, rig.rest.shape[1])[None, :, None]

    def lit(sign: int) -> Floats64:
        return estimate_light(
            np.clip(rig.rest * (1 + sign * ramp), 0, 255).astype(np.uint8), rig.points
        )

    left, plain, right = lit(-1)[0], lit(0)[0], lit(1)[0]
    assert left < plain - 0.02 < plain + 0.02 < right
    above = (
        estimate_light(rig.rest, rig.points)[1]
        - estimate_light(
            np.clip(rig.rest * (1 + ramp.transpose(1, 0, 2)), 0, 255).astype(np.uint8), rig.points
        )[1]
    )
    assert above < -0.02
