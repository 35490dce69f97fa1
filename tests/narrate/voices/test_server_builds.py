"""Courses that speech servers speak: what is asked, what is kept, and how much it may be."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from trial_speech_server import TrialServer

from foundation.problem import ProblemError
from lessons.course.settings import SpeechServer
from narrate.errors import VoiceError
from narrate.pipeline.build import Means, build, prepare
from narrate.pipeline.plan import Wanted
from narrate.pipeline.request import Request
from narrate.voices.servers.server import MOST_PER_DAY, NamedServer
from narrate.voices.servers.usage import Usage, usage_path

Configure = Callable[..., None]
TEXT = "# One\n\nLight bends in water.\n\n# Two\n\nThat is why a straw looks broken. Yes.\n"
CHARACTERS = len("Light bends in water.") + len("That is why a straw looks broken.") + len("Yes.")


# The recogniser does not know Esperanto, and so does not listen to tones.
@pytest.fixture
def course(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    root.mkdir()
    (root / "course.yaml").write_text(
        "title: Light\nid: light\nvoice: server/studio\nlanguage: eo\n"
        "video: {size: 640x360, rate: 10}\n"
    )
    (root / "01-light.md").write_text(TEXT)
    return root


def request(course: Path, *parts: str) -> Request:
    return Request(course, wanted=Wanted(parts=parts or ("captions",)))


@pytest.mark.parametrize(("runner", "jobs"), [("here", 1), ("processes", 2)])
def test_each_sentence_is_asked_for_once(
    runner: str, jobs: int, course: Path, server: TrialServer, configure: Configure
) -> None:
    means = Means(jobs=jobs, runner=runner)
    result = build(request(course), means=means)
    assert not result.failures and len(result.made) == 6
    said = sorted(asked["input"] for asked in server.asked)
    assert said == ["Light bends in water.", "That is why a straw looks broken.", "Yes."]
    again = build(request(course, "captions", "transcript"), means=means)
    assert not again.failures and len(server.asked) == 3


def test_a_changed_slide_is_asked_for_and_no_other(
    course: Path, server: TrialServer, configure: Configure
) -> None:
    build(request(course))
    server.asked.clear()
    path = course / "01-light.md"
    path.write_text(path.read_text().replace("Light bends", "All light bends"))
    configure(url=server.url.replace("127.0.0.1", "localhost"))  # the same voices elsewhere
    assert not build(request(course)).failures
    assert [asked["input"] for asked in server.asked] == ["All light bends in water."]


def test_the_words_are_timed_by_a_step_of_their_own(
    course: Path, server: TrialServer, configure: Configure
) -> None:
    plan = prepare(request(course)).plan
    kinds = [task.kind for task in plan.walk_tasks()]
    assert kinds.count("timing") == 2
    for slide in plan.slides:
        assert slide.timing is not None and slide.narration in slide.timing.made
        assert slide.speech.made[0] in slide.timing.taken
    (course / "course.yaml").write_text("title: Light\nid: light\nvoice: silent\n")
    silent = prepare(request(course)).plan
    assert "timing" not in [task.kind for task in silent.walk_tasks()]
    assert all(slide.narration == slide.speech.made[0] for slide in silent.slides)


def test_a_video_has_the_server_s_sound(
    course: Path, server: TrialServer, configure: Configure
) -> None:
    result = build(request(course, "lecture", "captions"))
    assert not result.failures
    assert (result.out / "01-light/lecture.mp4").stat().st_size > 1000


@pytest.mark.parametrize("setting", ["most_per_build", "most_per_day"])
def test_a_build_that_is_too_dear_does_not_begin(
    setting: str, course: Path, server: TrialServer, configure: Configure
) -> None:
    configure(**{setting: CHARACTERS - 1, "price": 1_000_000})
    with pytest.raises(VoiceError) as caught:
        build(request(course))
    assert f"{CHARACTERS} characters" in caught.value.message
    assert f"cost {CHARACTERS:.2f}" in caught.value.message
    assert setting in caught.value.remedy
    assert server.asked == []
    configure(**{setting: CHARACTERS})
    assert not build(request(course)).failures


def test_what_is_made_already_costs_nothing(
    course: Path, server: TrialServer, configure: Configure
) -> None:
    configure(most_per_build=CHARACTERS, most_per_day=10_000)
    build(request(course))
    configure(most_per_build=len("Yes, indeed.") + 40, most_per_day=10_000)
    path = course / "01-light.md"
    path.write_text(path.read_text().replace("Yes.", "Yes, indeed."))
    assert not build(request(course)).failures


def test_a_day_s_limit_holds_over_builds(
    course: Path, server: TrialServer, configure: Configure, tmp_path: Path
) -> None:
    configure(most_per_day=CHARACTERS + 10)
    build(request(course))
    (course / "02-more.md").write_text("# More\n\nAnd one more sentence.\n")
    with pytest.raises(VoiceError, match="today"):
        build(request(course))
    counts = json.loads(usage_path().read_text())
    usage_path().write_text(json.dumps({**counts, "day": "2001-01-01"}))  # that was another day
    assert not build(request(course)).failures


def test_requests_that_are_paid_for_twice_count_twice(
    course: Path, server: TrialServer, configure: Configure, waits: list[float]
) -> None:
    """While it runs, a build stops at the limit, whatever was planned."""
    configure(most_per_build=CHARACTERS, timeout=30)
    cut = b"x" * 100
    # A connection that breaks off: the server may have done the work.
    server.usual = lambda asked: (200, {"Transfer-Encoding": "chunked"}, cut)
    result = build(request(course), means=Means(jobs=1, runner="here"))
    sent = sum(len(asked["input"]) for asked in server.asked)
    assert result.failures and sent <= CHARACTERS
    assert any("a build" in failure.problem.message for failure in result.failures)


def test_what_the_server_refused_is_given_back(
    course: Path, server: TrialServer, configure: Configure, waits: list[float]
) -> None:
    configure(most_per_day=CHARACTERS)
    server.replies = [(503, {}, b""), (429, {}, b""), (500, {}, b"")]
    assert not build(request(course), means=Means(jobs=1, runner="here")).failures
    assert Usage.of_this_process().read_today() == {"studio": CHARACTERS}


def test_counts_are_kept_by_many_at_once(tmp_path: Path) -> None:
    usage = Usage(tmp_path / "usage.json", "1")
    settings = SpeechServer(url="https://example.org/v1", voices=("a",), most_per_day=1000)
    server = NamedServer("far", settings)

    def reserve(_: int) -> bool:
        try:
            usage.reserve(server, 30)
        except VoiceError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(reserve, range(50))) == 33
    assert usage.read_today() == {"far": 990}


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"day": 3}', '{"day": "x", "today": {"a": "b"}, "builds": []}']
)
def test_a_damaged_count_begins_at_nothing(content: str, tmp_path: Path) -> None:
    path = tmp_path / "usage.json"
    path.write_text(content)
    assert Usage(path, "1").read_today() == {}


def test_nothing_is_sent_that_cannot_be_counted(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    server = NamedServer("far", SpeechServer(url="https://example.org/v1", voices=("a",)))
    with pytest.raises(VoiceError, match="nothing is sent"):
        Usage(tmp_path / "file/usage.json", "1").reserve(server, 1)


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://localhost:8880/v1", True),
        ("http://127.0.0.1/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://[::1]:80/v1", True),
        ("http://tts.localhost/v1", True),
        ("http://localhost.example.org/v1", False),
        ("http://127.0.0.1.example.org/v1", False),
        ("http://192.168.1.4/v1", False),
        ("http://0.0.0.0/v1", False),
        ("https://example.org/v1", False),
    ],
)
def test_only_loopback_is_this_machine(url: str, here: bool) -> None:
    server = NamedServer("a", SpeechServer(url=url, voices=("a",)))
    assert server.is_here == here
    assert server.most_per_day == (None if here else MOST_PER_DAY)


def test_a_course_names_no_server(
    course: Path, server: TrialServer, configure: Configure, waits: list[float]
) -> None:
    configure(url="http://127.0.0.1:1/v1")
    named = f"speech_servers: {{studio: {{url: '{server.url}', voices: [alloy]}}}}\n"
    settings, lesson = course / "course.yaml", course / "01-light.md"
    text = settings.read_text()
    settings.write_text(text + named)
    with pytest.raises(ProblemError, match="'speech_servers' cannot be set"):
        build(request(course))
    settings.write_text(text)
    lesson.write_text(f"---\n{named}---\n{lesson.read_text()}")
    assert build(request(course), means=Means(jobs=1, runner="here")).failures
    assert server.asked == []
