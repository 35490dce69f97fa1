"""The sample course builds as it is: its script, its presenter, its consent."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from avatar.consent import approve, load_trust
from lessons.checks.script import check_course
from lessons.course.reading import load_course
from lessons.model import Code, Course, Formula, ItemList, Picture, Table

ROOT = Path(__file__).resolve().parents[2]
COURSE = ROOT / "samples" / "course"
PORTRAIT = COURSE / "presenter" / "presenter.png"


@pytest.fixture(scope="module")
def course() -> Course:
    return load_course(COURSE)


@pytest.fixture(scope="module")
def portrait() -> npt.NDArray[np.uint8]:
    return np.asarray(Image.open(PORTRAIT).convert("RGB"))


def _package(name: str, folder: Path) -> ModuleType:
    """A package of the samples, which are not installed."""
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def test_a_script_and_a_deck_of_three_minutes_without_a_finding(course: Course) -> None:
    assert [lesson.shape for lesson in course.lessons] == ["script", "deck"]
    assert check_course(course) == []
    spoken = sum(
        len(utterance.spoken.split())
        for lesson in course.lessons
        for slide in lesson.slides
        for utterance in slide.utterances
    )
    assert 400 <= spoken <= 540  # some three minutes at 150 words a minute


def test_every_kind_of_visual_is_shown(course: Course) -> None:
    visuals = [v for lesson in course.lessons for s in lesson.slides for v in s.visuals]
    for kind in (ItemList, Table, Code, Formula, Picture):
        assert any(isinstance(visual, kind) for visual in visuals), kind
    assert all(len(v.alt) > 40 for v in visuals if isinstance(v, Picture))
    assert any(slide.steps > 2 for lesson in course.lessons for slide in lesson.slides)


def test_what_a_voice_cannot_read_is_spelled_out(course: Course) -> None:
    tokens = [
        token
        for lesson in course.lessons
        for slide in lesson.slides
        for utterance in slide.utterances
        for token in utterance.tokens
    ]
    said = {token.written.strip(".,"): token.spoken.strip(".,") for token in tokens}
    assert said["S\u202f∝\u202f1/λ⁴"] == "S is proportional to one over lambda to the fourth"
    assert said["4.35"] == "four point three five"
    assert said["UV"] == "U V"
    assert all(token.spoken.isascii() for token in tokens)


def test_the_gate_lets_the_presenter_into_this_course_alone(course: Course) -> None:
    from avatar.errors import ConsentError

    assert course.presenter is not None
    photo, record = COURSE / course.presenter.photo, COURSE / course.presenter.consent
    trust = load_trust(COURSE)
    if trust.source == "outside":
        pytest.skip("this user trusts keys of their own")
    approved = approve(photo, record, course=course.id, trust=trust)
    assert approved.basis == "synthetic-person"
    with pytest.raises(ConsentError) as refused:
        approve(photo, record, course="another", trust=trust)
    assert refused.value.code == "out-of-scope"


def test_the_program_paints_the_committed_portrait(portrait: npt.NDArray[np.uint8]) -> None:
    import cv2

    _package("narrate_sample_presenter", ROOT / "samples" / "presenter")
    paint = importlib.import_module("narrate_sample_presenter.paint").paint

    again = paint(scale=7, oversample=2)
    height, width = again.shape[:2]
    there = np.asarray(
        cv2.resize(portrait, (width, height), interpolation=cv2.INTER_AREA), np.uint8
    )

    def apart(one: npt.NDArray[np.uint8], other: npt.NDArray[np.uint8]) -> tuple[float, float]:
        # Strands of hair are thinner than these pixels, so blurred pictures are compared.
        off = cv2.GaussianBlur(one, (0, 0), 2).astype(int) - cv2.GaussianBlur(other, (0, 0), 2)
        return float(np.abs(off).mean()), float(np.percentile(np.abs(off), 99))

    mean, most = apart(again, there)
    assert mean < 1.6
    assert most < 20
    moved, _ = apart(
        again, np.roll(there, 3, axis=1)
    )  # the difference that another picture would have
    assert moved > 2 * mean


def test_the_tracker_finds_a_frontal_face_on_the_painted_features(
    portrait: npt.NDArray[np.uint8],
) -> None:
    from mediapipe.python.solutions.face_mesh import FaceMesh

    with FaceMesh(static_image_mode=True, refine_landmarks=True, max_num_faces=1) as tracker:
        found = tracker.process(portrait).multi_face_landmarks
    assert found is not None
    height, width = portrait.shape[:2]
    points = np.array([(p.x * width, p.y * height, p.z * width) for p in found[0].landmark])
    assert len(points) == 478
    across = points[454] - points[234]
    assert across[0] >= 420  # face width
    # She looks straight ahead; the tracker reads uneven hair as a slight turn.
    assert abs(np.degrees(np.arctan2(across[2], across[0]))) < 4  # yaw
    assert abs(np.degrees(np.arctan2(across[1], across[0]))) < 2  # roll
    mouth = np.linalg.norm(points[291, :2] - points[61, :2])
    assert mouth >= 150
    assert np.linalg.norm(points[14, :2] - points[13, :2]) < 0.02 * mouth  # lips closed
    for iris in (468, 473):  # the pupils are the darkest places of the eyes
        x, y = points[iris, :2].round().astype(int)
        assert portrait[y - 2 : y + 3, x - 2 : x + 3].mean() < 45
