"""`import narrate`, as a program uses it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import narrate
from lessons.course.settings import DEFAULTS
from narrate.errors import UsageError

Edit = Callable[[Path, str, str], None]
pytestmark = pytest.mark.usefixtures("settings_elsewhere")


def test_importing_loads_nothing_and_every_name_is_there() -> None:
    code = (
        "import sys, json, narrate\n"
        "before = [m for m in sys.modules if m.startswith(('narrate.', 'lessons', 'avatar'))]\n"
        "named = [type(getattr(narrate, name)).__name__ for name in narrate.__all__]\n"
        "print(json.dumps([before, len(named), set(narrate.__all__) <= set(dir(narrate))]))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    before, named, listed = json.loads(ended.stdout)
    assert before == [] and named == len(narrate.__all__) and listed
    with pytest.raises(AttributeError, match="no attribute 'bild'"):
        narrate.bild  # noqa: B018


def test_every_name_is_what_type_checkers_take_it_for() -> None:
    tree = ast.parse(Path(narrate.__file__).read_text())
    checked = next(n for n in tree.body if isinstance(n, ast.If))
    homes = {
        a.name: n.module for n in checked.body if isinstance(n, ast.ImportFrom) for a in n.names
    }
    assert set(homes) == set(narrate.__all__)
    for name, home in homes.items():
        assert getattr(narrate, name) is getattr(import_module(str(home)), name), name


def test_a_course_is_loaded_with_its_settings_merged(small_course: Path) -> None:
    course = narrate.load_course(small_course, settings={"theme": "dark", "video": {"rate": 25}})
    assert [lesson.id for lesson in course.lessons] == ["01-first", "02-second"]
    settings = course.lessons[0].settings
    assert (settings.theme, settings.video.size) == ("dark", (640, 360))
    assert settings.video.rate == Fraction(25)
    assert settings.voice == "silent" and settings.captions == "bbc"
    assert narrate.load_course(course, settings=settings) is not None


def test_flags_are_stronger_than_a_lesson(small_course: Path, edit: Edit) -> None:
    edit(small_course / "01-first.md", "title: First", "title: First\ntheme: dark")
    first, second = narrate.load_course(small_course).lessons
    assert (first.settings.theme, second.settings.theme) == ("dark", "light")
    course = narrate.load_course(small_course, settings={"theme": "contrast"})
    assert {lesson.settings.theme for lesson in course.lessons} == {"contrast"}


def test_check_plan_and_build(small_course: Path) -> None:
    checked = narrate.check(small_course)
    assert checked.course.title == "Small & Whole"
    assert {finding.rule for finding in checked.findings} >= {"slide-silent", "no-presenter"}
    planned = narrate.plan(small_course, only=["captions", "transcript"])
    assert planned.tasks and not (small_course / "build").exists()
    told: list[narrate.Progress] = []
    result = narrate.build(
        small_course, only=["captions", "transcript"], jobs=1, progress=told.append
    )
    assert not result.failures
    assert {o.path for o in result.made} == {o.path for o in planned.outputs}
    assert all((result.out / o.path).is_file() for o in result.made)
    shares = [progress.share for progress in told]
    assert shares[0] == 0 and shares[-1] == pytest.approx(1) and shares == sorted(shares)
    assert any("speaking 01-first, slide 1" in progress.doing for progress in told)
    told.clear()
    again = narrate.build(
        small_course, only=["captions", "transcript"], jobs=1, progress=told.append
    )
    assert told == [narrate.Progress(1.0, (), 0.0)]
    assert not again.made and len(again.kept) == len(result.made)


def test_a_slide_is_previewed_with_sound(small_course: Path, tmp_path: Path) -> None:
    result = narrate.preview(small_course / "01-first.md", slide=2, out=tmp_path / "out")
    assert [o.path for o in result.made] == ["01-first/slide-02/lecture.mp4"]


def test_captions_and_transcripts_are_exported_alone(small_course: Path) -> None:
    assert {"vtt", "srt", "ttml", "ass"} <= set(narrate.caption_formats())
    result = narrate.export(small_course, "captions", formats=["srt"], lesson=1, jobs=1)
    assert {o.path for o in result.made if o.kind == "captions"} == {"01-first/captions.srt"}
    result = narrate.export(small_course, "transcript", lesson="02-second", jobs=1)
    formats = {o.format for o in result.made}
    assert formats == set(narrate.transcript_formats())


def test_a_progress_callback_can_end_a_build(small_course: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(progress: narrate.Progress) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        narrate.build(small_course, only=["captions"], jobs=1, progress=stop)


def test_an_error_of_the_callback_inside_a_task_is_no_failure_of_the_task(
    small_course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class StoppedError(Exception):
        pass

    def move(task: object, store: object, moved: Callable[[float], None]) -> None:
        moved(0.5)

    def stop(progress: narrate.Progress) -> None:
        if progress.share > 0:
            raise StoppedError

    monkeypatch.setattr("narrate.pipeline.work.do_task", move)
    with pytest.raises(StoppedError):
        narrate.build(small_course, only=["captions"], jobs=1, progress=stop)


def test_every_documented_error_is_public() -> None:
    for name in ("ConsentError", "ScriptError", "SettingsError", "StoreError", "UsageError",
                 "VoiceError"):  # fmt: skip
        assert issubclass(getattr(narrate, name), narrate.ProblemError)


class _Odd:
    def __repr__(self) -> str:
        raise RuntimeError

    def __fspath__(self) -> str:
        raise RuntimeError


HUGE = 10**5000
ODD: Any = _Odd()
HOSTILE: dict[str, Callable[[Path], object]] = {
    "course None": lambda c: narrate.load_course(None),  # type: ignore[arg-type]
    "course odd": lambda c: narrate.load_course(ODD),
    "course bytes": lambda c: narrate.load_course(b"/tmp"),  # type: ignore[arg-type]
    "course empty": lambda c: narrate.load_course(""),
    "course with NUL": lambda c: narrate.load_course("a\0b"),
    "course of half a character": lambda c: narrate.load_course("\ud800"),
    "course too long": lambda c: narrate.load_course("a" * 5000),
    "course is a file": lambda c: narrate.load_course(c / "course.yaml"),
    "course below a file": lambda c: narrate.load_course(c / "course.yaml" / "x"),
    "settings odd": lambda c: narrate.check(c, settings=ODD),
    "settings nested": lambda c: narrate.check(c, settings={"video": {"rate": [ODD]}}),
    "settings not validated": lambda c: narrate.plan(
        c, settings=DEFAULTS.model_copy(update={"theme": 3, "video": 4})
    ),
    "settings with half a character": lambda c: narrate.check(c, settings={"author": "\ud800"}),
    "only number": lambda c: narrate.build(c, only=3),  # type: ignore[arg-type]
    "only bytes": lambda c: narrate.build(c, only=b"captions"),  # type: ignore[arg-type]
    "only odd": lambda c: narrate.build(c, only=[ODD]),
    "only long": lambda c: narrate.build(c, only=["x" * 1_000_000]),
    "lesson huge": lambda c: narrate.plan(c, lesson=HUGE),
    "lesson of digits": lambda c: narrate.plan(c, lesson="9" * 10_000),
    "lesson odd": lambda c: narrate.plan(c, lesson=ODD),
    "lesson with NUL": lambda c: narrate.plan(c, lesson="a\0"),
    "slide huge": lambda c: narrate.plan(c, lesson=1, slide=HUGE),
    "slide odd": lambda c: narrate.plan(c, lesson=1, slide=ODD),
    "jobs odd": lambda c: narrate.build(c, jobs=ODD),
    "jobs huge": lambda c: narrate.build(c, jobs=HUGE),
    "out odd": lambda c: narrate.build(c, out=ODD),
    "out empty": lambda c: narrate.build(c, out=""),
    "out with NUL": lambda c: narrate.build(c, out="a\0b"),
    "out too long": lambda c: narrate.build(c, out="a" * 5000),
    "progress": lambda c: narrate.build(c, progress=3),  # type: ignore[arg-type]
    "preview with NUL": lambda c: narrate.preview("a\0b"),
    "preview too long": lambda c: narrate.preview("a" * 5000),
    "export odd": lambda c: narrate.export(c, ODD),
    "formats": lambda c: narrate.export(c, "captions", formats=3),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("what", list(HOSTILE))
def test_a_hostile_call_is_an_error_of_the_tree(small_course: Path, what: str) -> None:
    with pytest.raises(narrate.ProblemError) as caught:
        HOSTILE[what](small_course)
    for problem in caught.value.problems:
        assert problem.message and problem.remedy and len(problem.message) < 300
    assert not (small_course / "build").exists()


A_FOLDER = "The file cannot be read: Is a directory."
A_LOOP = "'{}' cannot be opened: it is a link that leads to itself."
NO_RECORDING = "The voice is 'recording', but there is no recording of this slide."


@pytest.mark.parametrize(
    ("name", "of_folder", "of_link"),
    [
        ("course.yaml", A_FOLDER, A_LOOP),
        ("01-first.md", None, None),  # a lesson that is left out
        ("lexicon.yaml", A_FOLDER, A_LOOP),
        ("presenter", None, None),
        ("media/recordings", NO_RECORDING, A_LOOP),
    ],
)  # fmt: skip
@pytest.mark.parametrize("link", [False, True])
def test_a_folder_for_a_file_or_a_link_to_itself_is_an_error_or_ignored(
    small_course: Path, name: str, of_folder: str | None, of_link: str | None, link: bool
) -> None:
    path = small_course / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if link:
        path.symlink_to(path.name)
    else:
        path.mkdir()
    settings = {"voice": "recording"} if name == "media/recordings" else {}
    message = of_link if link else of_folder
    if message is None:
        planned = narrate.plan(small_course, settings=settings)
        assert len(planned.course.lessons) == (1 if name == "01-first.md" else 2)
        return
    with pytest.raises(narrate.ProblemError) as caught:
        narrate.plan(small_course, settings=settings)
    assert caught.value.message == message.format(name) and caught.value.remedy


def test_an_output_folder_that_is_a_file_is_a_failure_with_a_remedy(
    small_course: Path, tmp_path: Path
) -> None:
    file = tmp_path / "out"
    file.write_text("mine")
    result = narrate.build(small_course, only=["captions"], jobs=1, out=file)
    assert result.failures and all(f.problem.remedy for f in result.failures)
    assert file.read_text() == "mine"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("manifest.json", '{"outputs": 3}'),
        ("manifest.json", '{"outputs": [3, {"path": []}]}'),
        ("manifest.json", "[" * 100_000),
        (".store/published.json", '{"../x": 3}'),
        (".store/published.json", "[" * 100_000),
        (".store/published.json", '{"x": {"key": "", "mac": "\\ud800"}}'),
        (".store/published.json", '{"x": {"key": 1, "kind": 2, "lesson": [], "bytes": "", '
         '"mtime_ns": null, "sha256": 3, "duration_ms": {}}}'),
    ],
)  # fmt: skip
def test_damaged_notes_about_outputs_are_made_again(
    small_course: Path, name: str, text: str
) -> None:
    file = small_course / "build" / name
    file.parent.mkdir(parents=True)
    file.write_text(text)
    result = narrate.build(small_course, only=["captions"], jobs=1)
    assert not result.failures and json.loads(file.read_text())


WRONG: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (lambda c: narrate.load_course(c / "none"), "There is no course folder"),
    "not a path": (lambda c: narrate.check(3), "is given as 3 (int)"),  # type: ignore[arg-type]
    "unknown part": (lambda c: narrate.build(c, only=["lectur"]), "Did you mean 'lecture'?"),
    "no part": (lambda c: narrate.build(c, only=[]), "No part is named"),
    "unhashable part": (lambda c: narrate.build(c, only=[[]]), "no part []"),  # type: ignore[list-item]
    "unknown lesson": (lambda c: narrate.plan(c, lesson="third"), "1 01-first, 2 02-second"),
    "lesson zero": (lambda c: narrate.plan(c, lesson=0), "no lesson '0'"),
    "lesson of a kind": (lambda c: narrate.plan(c, lesson=1.5), "1.5 (float)"),  # type: ignore[arg-type]
    "slide alone": (lambda c: narrate.plan(c, slide=1), "without its lesson"),
    "slide zero": (lambda c: narrate.plan(c, lesson=1, slide=0), "counts from 1"),
    "slide too far": (lambda c: narrate.plan(c, lesson=1, slide=99), "1 to 3"),
    "jobs": (lambda c: narrate.build(c, jobs=-1), "cannot be -1"),
    "kind": (lambda c: narrate.export(c, "video"), "kind of export 'video'"),  # type: ignore[arg-type]
    "format": (lambda c: narrate.export(c, "captions", formats=["stt"]), "caption format 'stt'"),
    "no lesson file": (lambda c: narrate.preview(c / "none.md"), "There is no lesson"),
    "lesson outside": (lambda c: narrate.preview(__file__), "is neither a course's folder"),
    "setting": (lambda c: narrate.build(c, settings={"theme": "drak"}), "Did you mean 'dark'?"),
    "no settings": (lambda c: narrate.check(c, settings=["theme"]), "given as ['theme']"),  # type: ignore[arg-type]
    "setting of another layer": (
        lambda c: narrate.check(c, settings={"title": "x"}), "'title' cannot be overridden"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", list(WRONG))
def test_a_wrong_call_is_an_error_of_the_tree(small_course: Path, what: str) -> None:
    call, says = WRONG[what]
    with pytest.raises(narrate.ProblemError) as caught:
        call(small_course)
    assert says in str(caught.value)
    assert all(problem.message and problem.remedy for problem in caught.value.problems)
    assert not (small_course / "build").exists()


def test_problems_of_every_layer_are_found_in_one_run(
    small_course: Path, edit: Edit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = tmp_path / "mine.yaml"
    user.write_text("them: dark\n")
    monkeypatch.setenv("NARRATE_SETTINGS", str(user))
    edit(small_course / "course.yaml", "voice: silent", "voice: silent\nspeed: 9\nbogus: 1")
    with pytest.raises(narrate.ProblemError) as caught:
        narrate.check(small_course)
    assert [(p.place.path, p.place.line) for p in caught.value.problems] == [
        (str(user), 1), ("course.yaml", 4), ("course.yaml", 5),
    ]  # fmt: skip
    edit(small_course / "course.yaml", "speed: 9\nbogus: 1\n", "")
    user.write_text("")
    edit(small_course / "01-first.md", "title: First", "title: First\ntheme: drak")
    edit(small_course / "02-second.md", "# Slide one", "---\nspeed: fast\n---\n\n# Slide one")
    found = [f for f in narrate.check(small_course).findings if f.rule == "setting-unusable"]
    assert [(f.place.path, f.place.line) for f in found] == [
        ("01-first.md", 3),
        ("02-second.md", 2),
    ]


def test_unknown_voices_of_several_lessons_are_found_in_one_run(
    small_course: Path, edit: Edit
) -> None:
    edit(small_course / "01-first.md", "title: First", "title: First\nvoice: nobody")
    edit(small_course / "02-second.md", "# Slide one", "---\nvoice: noone\n---\n\n# Slide one")
    found = [f for f in narrate.check(small_course).findings if f.rule == "voice-missing"]
    assert [str(f.place) for f in found] == ["01-first.md:3", "02-second.md:2"]
    edit(small_course / "course.yaml", "voice: silent", "voices: {de: nobody, fr: noone}")
    found = [f for f in narrate.check(small_course).findings if f.rule == "voice-missing"]
    assert {"voices.de", "voices.fr"} <= {f.place.key for f in found}


def test_usage_errors_are_of_the_tree() -> None:
    assert issubclass(UsageError, narrate.ProblemError)


def test_a_wrong_flag_and_a_wrong_course_do_not_hide_what_is_wrong_elsewhere(
    small_course: Path, edit: Edit
) -> None:
    edit(small_course / "course.yaml", "voice: silent", "voice: silent\ntheme: drak")
    (small_course / "lexicon.yaml").write_text("Huygens: 3\n")
    (small_course / "01-first.md").write_text("")
    with pytest.raises(narrate.ProblemError) as caught:
        narrate.check(small_course, settings={"captions": "bcb"})
    assert [(p.place.path, p.place.key) for p in caught.value.problems] == [
        ("settings", "captions"),
        ("course.yaml", "theme"),
        ("lexicon.yaml", "Huygens"),
        ("01-first.md", ""),
    ]


def test_a_loaded_course_keeps_its_settings(small_course: Path) -> None:
    course = narrate.load_course(small_course, settings={"theme": "dark", "author": "Ada"})
    again = narrate.check(course, settings={"theme": "contrast"}).course
    assert (again.settings.theme, again.settings.author) == ("contrast", "Ada")
    assert narrate.plan(course, only=["captions"]).course.settings.theme == "dark"


def test_submodules_are_found_by_name() -> None:
    code = "import narrate; print(narrate.api.build.__doc__[:5])"
    assert subprocess.run([sys.executable, "-c", code], check=True).returncode == 0
