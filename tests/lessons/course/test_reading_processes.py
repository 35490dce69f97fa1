"""A large course is read in several processes, and the result is that of one."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.course import reading_processes
from lessons.course.discovery import locate_course
from lessons.course.lesson_reading import LessonReader, ReadLesson
from lessons.course.reading import read_course
from lessons.course.reading_processes import count_processes, read_lessons
from lessons.course.settings import DEFAULTS
from lessons.course.voice_map import keep_name
from lessons.model import Box, Columns, Lesson
from lessons.speakable import Lexicon

Make = Callable[..., Path]

LESSONS = {
    "a_md": "---\nlanguage: de\n---\n# Eins\n\nEs kostet 3 kg. ![](fehlt.png)\n",
    "b_md": "# Two\n\nHuygens met 5 cells in 1690.\n\n- $x^2$\n- **bold**\n\n> [!NOTE]\n> So.\n",
    "c_md": "\0",
    "d_md": "---\nspeed: 1.3\n---\n# Four\n\n<prosody rate='fast'>Fast <b>words</b></prosody>.\n",
    "e_md": "# Slide\n\n<!-- say: A note. -->\n\n---\n\n```python\nx\n```\n\n| a |\n| - |\n",
    "lexicon_yaml": "Huygens: HOY gens\nunused: never\n/\\d+ cells/: some cells\n",
}  # fmt: skip


@pytest.fixture
def in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_processes, "count_processes", lambda root, paths: 2)


def make_reader(root: Path, name_voice: Callable[[str, str], str] = keep_name) -> LessonReader:
    return LessonReader(locate_course(root), DEFAULTS, DEFAULTS, Lexicon(), name_voice, root)


def test_the_result_is_that_of_one_process(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make("title: Optics\nboxes: {note: {read: false}}\n", **LESSONS)
    told: list[tuple[int, int]] = []
    alone = read_course(root, tell=lambda done, lessons: told.append((done, lessons)))
    monkeypatch.setattr(reading_processes, "count_processes", lambda root, paths: 3)
    assert read_course(root, tell=lambda done, lessons: told.append((done, lessons))) == alone
    assert told == [(n, 5) for n in range(1, 6)] * 2
    course, findings = alone
    assert [lesson.path for lesson in course.lessons] == ["a.md", "b.md", "d.md", "e.md"]
    rules = {finding.rule for finding in findings}
    assert rules >= {"lesson-unread", "picture-missing", "lexicon-unused"}


def test_places_of_settings_are_sent_too(make: Make, in_two: None) -> None:
    course, _ = read_course(make(**LESSONS))
    place = course.lessons[2].settings.place_of("speed")
    assert (place.path, place.line) == ("d.md", 2)


def test_every_part_of_a_lesson_survives_being_sent(make: Make) -> None:
    root = make(**LESSONS)
    for lesson in read_course(root)[0].lessons:
        assert pickle.loads(pickle.dumps(lesson)) == lesson
    parts = (Box("note", "Note", (), ()), Columns(((),), (1.0,)))
    assert pickle.loads(pickle.dumps(parts)) == parts


def test_a_function_that_cannot_be_sent_is_called_here(make: Make, in_two: None) -> None:
    root = make(**LESSONS)
    here = make_reader(root, lambda name, language: f"own/{language}")
    read = dict(read_lessons(here, ["a.md", "d.md"]))
    assert isinstance(read["a.md"], ReadLesson) and isinstance(read["d.md"], ReadLesson)


def name_no_voice(name: str, language: str) -> str:
    """Not found where the other processes look."""
    return name


def test_what_a_process_fails_to_read_is_read_here(
    make: Make, in_two: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make(**LESSONS)
    alone = read_course(root, name_voice=name_no_voice)
    for start in ("raise SystemExit", reading_processes._START):
        monkeypatch.setattr(reading_processes, "_START", start)
        assert read_course(root, name_voice=name_no_voice) == alone


def test_processes_end_when_nobody_asks_for_more(make: Make, in_two: None) -> None:
    root = make(**LESSONS)
    lessons = read_lessons(make_reader(root), ["a.md", "b.md", "d.md"])
    path, read = next(lessons)
    assert path == "a.md" and isinstance(read, ReadLesson) and isinstance(read.lesson, Lesson)
    lessons.close()  # type: ignore[attr-defined]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="another system")
def test_processes_end_with_the_one_that_started_them(make: Make) -> None:
    root = make(**LESSONS)
    script = (
        "import pickle, sys, time\n"
        "from pathlib import Path\n"
        "from lessons.course import reading_processes as r\n"
        "from lessons.course.discovery import locate_course\n"
        "from lessons.course.lesson_reading import LessonReader\n"
        "from lessons.course.settings import DEFAULTS as D\n"
        "from lessons.course.voice_map import keep_name\n"
        "from lessons.speakable import Lexicon\n"
        "root = Path(sys.argv[1])\n"
        "reader = LessonReader(locate_course(root), D, D, Lexicon(), keep_name, root)\n"
        "process = r._Process(pickle.dumps(reader))\n"
        "process.read('a.md')\n"
        "print(process._process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(root)],
        stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as parent:  # fmt: skip
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    for _ in range(300):
        if not is_running(child):
            return
        time.sleep(0.1)
    pytest.fail("the process goes on")


def is_running(pid: int) -> bool:
    """Whether a process runs; one that has ended may be waiting for its parent."""
    status = Path(f"/proc/{pid}/stat")
    try:
        os.kill(pid, 0)
        return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("size", "processors", "memory", "expected"),
    [
        (10_000, 8, 16, 1),  # an ordinary course
        (1_000_000, 8, 16, 2),
        (3_000_000, 8, 16, 4),  # no more than there are lessons
        (3_000_000, 2, 16, 2),
        (3_000_000, 8, 1, 2),
        (3_000_000, 1, 16, 1),
    ],
)
def test_only_a_large_course_is_worth_processes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    processors: int,
    memory: int,
    expected: int,
) -> None:
    monkeypatch.setattr(reading_processes, "count_processors", lambda: processors)
    monkeypatch.setattr(reading_processes, "_count_memory", lambda: memory << 30)
    names = [f"{n}.md" for n in range(4)]
    for name in names:
        (tmp_path / name).write_bytes(b"a" * (size // 4))
    assert count_processes(tmp_path, [*names, "missing.md"][: len(names)]) == expected
    assert count_processes(tmp_path, ["missing.md"]) == 1
