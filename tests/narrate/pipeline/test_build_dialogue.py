"""A lesson with two speakers, from its text to its captions, transcript and videos."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from build_trials import build_here

from lessons.course.settings import Portrait
from narrate.clock import SAMPLE_RATE
from narrate.pipeline.plan import Plan
from narrate.pipeline.request import Request, plan_request
from narrate.pipeline.steps.segment import Face, find_listening, perform_slide
from narrate.vocabulary import Narration, SpokenPhone, Word

SAMPLE = Path(__file__).resolve().parents[3] / "samples/dialogue/01-why-the-sky-is-blue.md"
COURSE = """\
title: Light
id: light-and-sight
voice: silent
speakers: {teacher: silent, student: silent}
video: {size: 640x360, rate: 10}
"""


@pytest.fixture
def dialogue(tmp_path: Path, settings_elsewhere: None) -> Path:
    (tmp_path / "course.yaml").write_text(COURSE)
    (tmp_path / "01-sky.md").write_text(SAMPLE.read_text("utf-8"), "utf-8")
    return tmp_path


def test_a_dialogue_is_built_with_the_names_of_its_speakers(dialogue: Path) -> None:
    result = build_here(dialogue)
    assert not result.failures and not [f for f in result.findings if "speaker" in f.rule]
    folder = dialogue / "build" / "01-sky"
    assert (folder / "lecture.mp4").stat().st_size > 10_000
    vtt = (folder / "captions.vtt").read_text()
    assert "<v Teacher>Every color" in vtt and "<v.yellow Student>I think" in vtt
    assert "[laughs]" in vtt and "pause" not in vtt and "Teacher:" not in vtt
    srt = (folder / "captions.srt").read_text()
    assert srt.count("TEACHER:") == 3 and srt.count("STUDENT:") == 3
    txt = (folder / "transcript.txt").read_text()
    assert "\nTeacher: Every color" in txt and "\nStudent: Then a sunset is red" in txt
    assert "**Student:** So why" in (folder / "transcript.md").read_text()
    html = (folder / "transcript.html").read_text()
    assert '<strong class="speaker"><bdi>Student:</bdi></strong> <span' in html


def test_a_lesson_of_one_speaker_names_nobody(dialogue: Path) -> None:
    text = (dialogue / "01-sky.md").read_text().replace("Student:", "Teacher:")
    (dialogue / "01-sky.md").write_text(text)
    build_here(dialogue)
    for path in (dialogue / "build" / "01-sky").glob("[ct]*.*"):
        if path.suffix in (".vtt", ".srt", ".ttml", ".md", ".txt", ".html"):
            assert "eacher" not in path.read_text(), path.name


def find_others(plan: Plan) -> list[tuple[int, ...]]:
    tasks = [slide.segment for slide in plan.slides]
    return [task.settings.any.face.others for task in tasks if task]


@pytest.mark.parametrize(
    ("speaker", "others"),
    [
        ("", [(2, 3), (0, 2)]),
        (", speaker: Student", [(0, 1, 4, 5), (1,)]),
        (", speaker: nobody", [(0, 1, 2, 3, 4, 5), (0, 1, 2)]),
    ],
)
def test_the_presenter_listens_to_the_others(
    presented_course: Path, speaker: str, others: list[tuple[int, ...]]
) -> None:
    presenter = f"presenter: {{photo: presenter/presenter.png{speaker}}}\n"
    (presented_course / "course.yaml").write_text(COURSE + presenter)
    (presented_course / "02-how-an-eye-focuses.md").unlink()
    (presented_course / "01-why-the-sky-is-blue.md").write_text(SAMPLE.read_text())
    assert find_others(plan_request(Request(presented_course)).plan) == others


def narrate(*utterances: tuple[float, float]) -> Narration:
    """Utterances from a second to a second, of one word and of open vowels."""
    spans = [(int(a * SAMPLE_RATE), int(b * SAMPLE_RATE)) for a, b in utterances]
    words = tuple(Word("a", start, end, n) for n, (start, end) in enumerate(spans))
    phones = tuple(
        SpokenPhone("ɑ", at, at + SAMPLE_RATE // 10, 1)
        for start, end in spans
        for at in range(start, end, SAMPLE_RATE // 10)
    )
    return Narration(np.zeros(10 * SAMPLE_RATE, np.float32), words, phones)


def test_spans_of_others_join_over_the_pause_between_them() -> None:
    narration = narrate((0.3, 2.0), (2.5, 4.0), (4.5, 6.0), (6.5, 8.0))
    assert find_listening(narration, {1, 2}) == ((2.5, 6.0),)
    assert find_listening(narration, {0, 2}) == ((0.3, 2.0), (4.5, 6.0))
    assert find_listening(narration, ()) == ()


def test_the_lines_of_others_do_not_move_the_presenters_lips() -> None:
    narration = narrate((0.5, 3.0), (4.0, 8.0))

    def open_jaw(others: tuple[int, ...]) -> np.ndarray:
        face = Face("warp", "1", 1, Portrait(), others)
        return perform_slide(face, narration, Fraction(25), 250).channel("jawOpen")

    others = slice(int(4.3 * 25), int(7.7 * 25))
    assert open_jaw((1,))[others].max() == 0.0 and open_jaw(())[others].max() > 0.2
    assert open_jaw((1,))[:80].max() > 0.2


def test_a_recorded_dialogue_is_not_refused_for_its_voices(dialogue: Path) -> None:
    import wave

    folder = dialogue / "media" / "recordings"
    folder.mkdir(parents=True)
    with wave.open(str(folder / "01-sky.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(64_000))
    text = (dialogue / "course.yaml").read_text().replace("voice: silent", "voice: recording")
    (dialogue / "course.yaml").write_text(text)
    assert len(plan_request(Request(dialogue)).plan.slides) == 2
