"""Builds of a course with something wrong in it: what stops a build, and what is a finding."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from build_trials import Edit, build_here, digests
from PIL import Image

from foundation.problem import ProblemError
from lessons.errors import ScriptError
from lessons.model import Slide
from narrate.errors import RenderError, UsageError, VoiceError
from narrate.pipeline.build import prepare
from narrate.pipeline.plan import Wanted
from narrate.pipeline.request import Request
from narrate.slides.drawing import DrawnSlide, draw_slide

# fmt: off
WRONG: list[tuple[str, str, str, type[Exception], str]] = [
    ("course.yaml", "voice: silent", "voice: nobody", VoiceError, "nobody"),
    (
        "course.yaml", "voice: silent", "voice: hibari/emma\nlanguage: en-GB", VoiceError,
        "models fetch",
    ),
    ("course.yaml", "id: small", "id: small\ncaptions: vogue", ScriptError, "vogue"),
    ("course.yaml", "id: small", "id: small\ntheme: mauve", ScriptError, "mauve"),
    ("course.yaml", "title", "titel", ScriptError, "title"),
]
# fmt: on


@pytest.mark.parametrize(("name", "old", "new", "kind", "says"), WRONG)
def test_bad_input_stops_before_anything_is_made(
    built: Path, edit: Edit, name: str, old: str, new: str, kind: type[Exception], says: str
) -> None:
    before = digests(built / "build")
    edit(built / name, old, new)
    with pytest.raises(kind) as caught:
        build_here(built)
    assert says in str(caught.value)
    assert digests(built / "build") == before


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("course.yaml", "id: small", "id: small\ntheme: mauve", "course.yaml:3: "),
        ("course.yaml", "id: small", "id: small\nportrait: {emotion: cross}", "course.yaml:3: "),
    ],
)
def test_a_setting_that_cannot_be_used_names_its_file(
    small_course: Path, edit: Edit, name: str, old: str, new: str, place: str
) -> None:
    edit(small_course / name, old, new)
    with pytest.raises(ProblemError) as caught:
        prepare(Request(small_course))
    assert place in str(caught.value)


def test_what_is_not_there_is_wrong_usage(small_course: Path) -> None:
    with pytest.raises(UsageError, match="2 02-second"):
        prepare(Request(small_course, lesson="third"))
    with pytest.raises(UsageError, match="1 to 3"):
        prepare(Request(small_course, Wanted(slide=9), "1"))


def test_one_bad_slide_does_not_stop_the_other_lesson(
    built: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_for_the_end(slide: Slide, *args: Any, **more: Any) -> DrawnSlide:
        if "The end is" in slide.written:
            raise RenderError("It cannot be drawn.", remedy="Do not.")
        return draw_slide(slide, *args, **more)

    monkeypatch.setattr("narrate.slides.drawing.draw_slide", fail_for_the_end)
    before = digests(built / "build")
    edit(built / "01-first.md", "The end comes", "The end is **near** and comes")
    edit(built / "02-second.md", "Another note", "A new note")
    result = build_here(built)
    assert [(f.problem.place.path, f.problem.place.slide, f.kind) for f in result.failures] == [
        ("01-first.md", 3, RenderError)
    ]
    after = digests(built / "build")
    assert after["01-first/lecture.mp4"] == before["01-first/lecture.mp4"]
    assert after["02-second/lecture.mp4"] != before["02-second/lecture.mp4"]


def test_a_bad_formula_or_picture_is_a_finding_and_everything_is_built(
    built: Path, edit: Edit
) -> None:
    before = digests(built / "build")
    whole = io.BytesIO()
    Image.effect_noise((90, 90), 50).save(whole, "JPEG")
    (built / "cut.jpg").write_bytes(whole.getvalue()[:900])  # `check` reads no further
    edit(built / "01-first.md", "## Last", "## Last\n\n$$\\frac{1$$\n\n![A prism](cut.jpg)\n")
    result = build_here(built)
    assert result.failures == ()
    found = {f.rule: f for f in result.findings}
    assert {"formula-unshown", "picture-unshown"} <= set(found)
    assert found["picture-unshown"].place.slide == 3
    after = digests(built / "build")
    assert after["01-first/lecture.mp4"] != before["01-first/lecture.mp4"]
    assert build_here(built).made == ()
    Image.new("RGB", (90, 90)).save(built / "cut.jpg")
    assert "picture-unshown" not in {f.rule for f in build_here(built).findings}


def test_a_picture_that_changes_meanwhile_is_not_kept_under_the_old_ones_name(
    small_course: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (40, 20), "red").save(small_course / "p.png")
    edit(small_course / "01-first.md", "## Last", "## Last\n\n![Red](p.png)\n")
    wanted = Wanted(parts=("lecture",))
    prepared = prepare(Request(small_course, wanted, "1"))
    Image.new("RGB", (40, 20), "blue").save(small_course / "p.png")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("narrate.pipeline.build.prepare", lambda *_: prepared)
        [failure] = build_here(small_course, wanted=wanted, lesson="1").failures
    assert (failure.problem.place.path, failure.problem.place.slide) == ("p.png", 3)
    assert "changed" in failure.problem.message
    assert build_here(small_course, wanted=wanted, lesson="1").failures == ()
