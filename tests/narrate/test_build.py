"""Builds of a small course: what is made, what is made again, and what is left alone."""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import narrate
from foundation.problem import ProblemError
from lessons.errors import ScriptError
from lessons.model import Slide
from narrate.captions.text import split_words
from narrate.errors import (
    NarrateError,
    RenderError,
    StoreError,
    UsageError,
    VoiceError,
)
from narrate.pipeline.build import BuildResult, Means, build, prepare
from narrate.pipeline.plan import Wanted
from narrate.pipeline.request import Request
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.secret import read_secret
from narrate.video.probe import probe
from narrate.video.slides import DrawnSlide, draw_slide

Edit = Callable[[Path, str, str], None]


def here(course: Path, **asked: object) -> BuildResult:
    return build(Request(course, **asked), means=Means(jobs=1))  # type: ignore[arg-type]


def digests(folder: Path) -> dict[str, str]:
    """Every file for people, with its bytes' digest."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and ".store" not in p.parts
    }


@pytest.fixture
def built(small_course: Path) -> Path:
    result = here(small_course)
    assert not result.failures
    return small_course


def test_a_course_becomes_the_files_that_the_manifest_lists(small_course: Path) -> None:
    result = here(small_course)
    assert result.failures == ()
    names = {o.path.rpartition("/")[2] for o in result.made}
    assert names == {
        "lecture.mp4",
        *(f"captions.{f}" for f in narrate.caption_formats()),
        *(f"chapters.{f}" for f in ("vtt", "json")),
        *(f"transcript.{f}" for f in narrate.transcript_formats()),
        *(f"report.{f}" for f in ("html", "json")),
    }
    assert [f.rule for f in result.findings if f.rule == "no-presenter"] == ["no-presenter"]
    out = small_course / "build"
    manifest = json.loads((out / "manifest.json").read_text())
    lessons = {o.path for o in result.made if o.kind != "report"}
    assert {o["path"] for o in manifest["outputs"]} == lessons
    for entry in manifest["outputs"]:
        data = (out / entry["path"]).read_bytes()
        assert entry["sha256"] == hashlib.sha256(data).hexdigest()
        assert entry["bytes"] == len(data)
    videos = [o for o in manifest["outputs"] if o["kind"] == "lecture"]
    assert [v["synthetic"] for v in videos] == [["voice"], ["voice"]]
    assert (out / "report.html").is_file()


def test_a_video_is_what_its_slides_say(built: Path) -> None:
    from lessons.course.reading import load_course

    found = probe(built / "build/01-first/lecture.mp4")
    lesson = load_course(built).lessons[0]
    assert found.size == (640, 360) and found.rate == Fraction(10)
    assert abs(found.video_seconds - found.audio_seconds) < 0.040
    assert [c.title for c in found.chapters] == [s.title for s in lesson.slides]
    said = split_words(" ".join(s.written for s in lesson.slides))
    assert split_words(" ".join(c.text for c in found.cues)) == said
    assert found.metadata["title"] == "First"
    assert "synthetic" in found.metadata["comment"]


def test_a_second_build_makes_nothing(built: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in (built / "build").rglob("*.mp4")}
    result = here(built)
    assert result.made == () and result.slides == 0
    outputs = {o.path for o in narrate.plan(built).outputs}
    assert {o.path for o in result.kept} == outputs and len(outputs) > 10
    assert {p: p.stat().st_mtime_ns for p in (built / "build").rglob("*.mp4")} == before


def test_one_changed_word_costs_its_slide_and_its_lesson(built: Path, edit: Edit) -> None:
    edit(built / "01-first.md", "a second one", "another one")
    tasks = prepare(Request(built)).tasks
    assert {(t.path, t.slide) for t in tasks if t.slide is not None} == {("01-first.md", 1)}
    assert {t.kind for t in tasks} == {  # its picture is the same
        *("speech", "check", "segment", "video", "captions", "chapters", "transcript", "report")
    }
    assert {t.path for t in tasks} == {"01-first.md", ""}
    made = {o.path for o in here(built).made}
    assert "01-first/lecture.mp4" in made and not any(p.startswith("02") for p in made)
    assert "another one" in (built / "build/01-first/captions.vtt").read_text()


def test_what_moves_in_the_file_is_not_made_again(built: Path, edit: Edit) -> None:
    edit(built / "01-first.md", "One short", "\n\n<!-- a remark -->\n\nOne short")
    # The report names lines.
    assert [t.kind for t in prepare(Request(built)).tasks] == ["report"]


def test_an_inserted_slide_leaves_the_others_alone(built: Path, edit: Edit) -> None:
    edit(built / "01-first.md", "## Last", "## New\n\nNew words.\n\n## Last")
    tasks = prepare(Request(built)).tasks
    assert {t.slide for t in tasks if t.slide is not None} == {3}


def test_the_slide_that_comes_first_is_drawn_as_a_title_page(built: Path, edit: Edit) -> None:
    edit(built / "01-first.md", "# First\n\nOne short sentence. And a second one.\n\n", "")
    assert {(t.kind, t.slide) for t in prepare(Request(built)).tasks} >= {("picture", 1)}


def test_findings_and_report_name_the_lines_as_they_are_now(built: Path, edit: Edit) -> None:
    edit(built / "01-first.md", "The end", "The \U0001f980 end **\U0001f980**")
    before = {f.rule: (f.place.line, f.place.slide) for f in here(built).findings}
    assert before["missing-glyphs"][1] == 3
    edit(built / "01-first.md", "# First", "# New\n\nNew words.\n\n# First")
    here(built)
    edit(built / "01-first.md", "# First", "\n\n# First")
    result = here(built)
    assert {o.kind for o in result.made} == {"report"}
    after = {f.rule: (f.place.line, f.place.slide) for f in result.findings}
    line = before["missing-glyphs"][0]
    assert line is not None and after["missing-glyphs"] == (line + 6, 4)
    report = json.loads((built / "build/report.json").read_text())
    told = {f["rule"]: f["line"] for x in report["lessons"] for f in x["findings"]}
    assert told["missing-glyphs"] == after["missing-glyphs"][0]


def test_a_lesson_that_is_gone_leaves_report_and_manifest(built: Path) -> None:
    (built / "02-second.md").unlink()
    here(built)
    report = json.loads((built / "build/report.json").read_text())
    manifest = json.loads((built / "build/manifest.json").read_text())
    assert [x["id"] for x in report["lessons"]] == ["01-first"]
    assert {o["lesson"] for o in manifest["outputs"]} == {"01-first"}


@pytest.mark.parametrize("damage", ["gone", "flip"])
def test_sound_lost_behind_finished_videos_is_spoken_again_for_the_report(
    built: Path, edit: Edit, damage: str
) -> None:
    for path in (built / "build/.store").glob("??/*.narration"):
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)
        if damage == "gone":
            path.unlink()
    edit(built / "01-first.md", "a second one", "another one")
    before = digests(built / "build")
    result = here(built)
    assert result.failures == ()
    after = digests(built / "build")
    assert after["02-second/lecture.mp4"] == before["02-second/lecture.mp4"]
    assert after["report.json"] != before["report.json"]
    assert here(built).made == ()


def test_a_release_that_draws_or_encodes_otherwise_is_not_taken_for_the_old_one(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from narrate.pipeline import step

    def kinds(package: str) -> set[str]:
        with monkeypatch.context() as other:
            other.setattr(
                step, "find_releases", lambda *names: tuple(f"{n} {n == package}" for n in names)
            )
            changed = _keys(built)
        return {kind for kind, keys in changed.items() if keys != before[kind]}

    monkeypatch.setattr(step, "find_releases", lambda *names: tuple(f"{n} False" for n in names))
    before = _keys(built)
    assert kinds("typst") == {"picture", "segment", "video", "report"}
    assert kinds("av") == {"segment", "video"}
    assert kinds("pysubs2") == {"captions"}


def _keys(course: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for task in prepare(Request(course)).plan.walk_tasks():
        found.setdefault(task.kind, set()).update(a.key for a in task.made)
    return found


def test_an_output_that_was_deleted_or_changed_is_made_again(built: Path) -> None:
    good = digests(built / "build")
    (built / "build/01-first/lecture.mp4").unlink()
    (built / "build/02-second/captions.vtt").write_text("mine")
    result = here(built)
    assert {o.path for o in result.made} >= {"01-first/lecture.mp4", "02-second/captions.vtt"}
    assert result.slides == 0  # joined from the store
    assert digests(built / "build") == good


@pytest.mark.parametrize("damage", ["cut", "flip", "unsealed"])
def test_a_damaged_store_mends_itself(built: Path, damage: str) -> None:
    good = digests(built / "build")
    for path in (built / "build/.store").glob("??/*"):
        if damage == "unsealed" and path.suffix == ".seal":
            path.unlink()
        elif damage != "unsealed" and path.suffix in (".mp4", ".narration", ".json"):
            data = bytearray(path.read_bytes())
            data[len(data) // 2] ^= 1
            path.write_bytes(data[: len(data) // 2] if damage == "cut" else data)
    (built / "build/01-first/lecture.mp4").unlink()
    (built / "build/02-second/captions.vtt").unlink()
    result = here(built)
    assert result.failures == ()
    assert digests(built / "build") == good


def test_workers_make_the_same_bytes(built: Path, tmp_path: Path) -> None:
    result = build(Request(built, out=tmp_path / "out"), means=Means(jobs=2))
    assert result.failures == ()
    assert digests(tmp_path / "out") == digests(built / "build")


def _build_in_child(course: str, out: str) -> None:
    result = build(Request(Path(course), out=Path(out)), means=Means(jobs=1))
    sys.exit(1 if result.failures else 0)


def test_two_builds_at_once_do_no_harm(built: Path, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    args = (str(built), str(tmp_path / "out"))
    both = [context.Process(target=_build_in_child, args=args) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(120)
        assert process.exitcode == 0
    assert digests(tmp_path / "out") == digests(built / "build")


def test_a_killed_build_goes_on_to_the_same_bytes(built: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-c", "import sys; from narrate.cli import main; sys.exit(main())"]
    command += ["build", str(built), "--out", str(out), "--jobs", "2", "--json"]
    for seconds in (1.5, 2.5, 3.5):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        time.sleep(seconds)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    result = here(built, out=out)
    assert result.failures == ()
    assert digests(out) == digests(built / "build")


def test_what_killed_builds_left_is_cleared_and_nothing_else(built: Path) -> None:
    store = FolderStore(built / "build/.store", read_secret())
    mine = store.temporary("mine")
    mine.write_text("being written")
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    machine, _, rest = mine.name.split("-", 2)
    left = mine.with_name(f"{machine}-{ended.pid}-{rest}")
    left.write_text("half")
    elsewhere = mine.with_name(f"00000000-{ended.pid}-{rest}")
    elsewhere.write_text("being written on another machine")
    store.sweep()
    assert sorted(p.name for p in mine.parent.iterdir()) == sorted([mine.name, elsewhere.name])


def test_only_what_is_asked_for_is_made(small_course: Path) -> None:
    result = here(small_course, lesson="2", wanted=Wanted(parts=("captions",), formats=("vtt",)))
    assert {o.path for o in result.made} == {
        "02-second/captions.vtt", "02-second/chapters.vtt", "02-second/chapters.json"
    }  # fmt: skip
    assert not list((small_course / "build").rglob("*.mp4"))


def test_a_picture_that_changes_meanwhile_is_not_kept_under_the_old_ones_name(
    small_course: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    Image.new("RGB", (40, 20), "red").save(small_course / "p.png")
    edit(small_course / "01-first.md", "## Last", "## Last\n\n![Red](p.png)\n")
    wanted = Wanted(parts=("lecture",))
    prepared = prepare(Request(small_course, wanted, "1"))
    Image.new("RGB", (40, 20), "blue").save(small_course / "p.png")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("narrate.pipeline.build.prepare", lambda *_: prepared)
        [failure] = here(small_course, wanted=wanted, lesson="1").failures
    assert (failure.problem.place.path, failure.problem.place.slide) == ("p.png", 3)
    assert "changed" in failure.problem.message
    assert here(small_course, wanted=wanted, lesson="1").failures == ()


def test_one_slide_alone_is_a_video_of_its_own(small_course: Path) -> None:
    wanted = Wanted(parts=("lecture",), slide=2)
    result = here(small_course, lesson="01-first", wanted=wanted)
    assert [o.path for o in result.made] == ["01-first/slide-02/lecture.mp4"]
    assert [c.title for c in probe(result.out / result.made[0].path).chapters] == ["List"]


def test_a_draft_stands_beside_the_real_thing(built: Path) -> None:
    before = digests(built / "build")
    result = here(built, draft=True)
    assert result.out == built / "build/draft"
    after = digests(built / "build")
    assert {p: d for p, d in after.items() if not p.startswith("draft/")} == before
    assert probe(result.out / "01-first/lecture.mp4").size == (960, 540)


def test_a_draft_makes_no_voice_even_where_a_note_names_one(small_course: Path, edit: Edit) -> None:
    edit(small_course / "02-second.md", "<!-- A note", "<!-- say(voice=parrot): A note")
    findings = prepare(Request(small_course)).findings
    assert ["parrot" in f.message for f in findings if f.rule == "voice-missing"] == [True]
    plan = prepare(Request(small_course, draft=True)).plan
    assert {u.voice for s in plan.slides for u in s.slide.utterances} == {None}
    assert {s.settings.voice for s in plan.slides} == {"silent"}


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
        here(built)
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


@pytest.mark.parametrize("link", ["build", "build/01-first", "build/.store"])
def test_no_link_in_a_course_leads_its_outputs_out_of_it(
    small_course: Path, tmp_path: Path, link: str
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (small_course / link).parent.mkdir(exist_ok=True)
    (small_course / link).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="--out"):
        here(small_course)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    if link == "build":  # asked for, it may lie anywhere
        prepare(Request(small_course, out=small_course / "build"))


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

    monkeypatch.setattr("narrate.video.slides.draw_slide", fail_for_the_end)
    before = digests(built / "build")
    edit(built / "01-first.md", "The end comes", "The end is **near** and comes")
    edit(built / "02-second.md", "Another note", "A new note")
    result = here(built)
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
    result = here(built)
    assert result.failures == ()
    found = {f.rule: f for f in result.findings}
    assert {"formula-unshown", "picture-unshown"} <= set(found)
    assert found["picture-unshown"].place.slide == 3
    after = digests(built / "build")
    assert after["01-first/lecture.mp4"] != before["01-first/lecture.mp4"]
    assert here(built).made == ()
    Image.new("RGB", (90, 90)).save(built / "cut.jpg")
    assert "picture-unshown" not in {f.rule for f in here(built).findings}


def test_a_full_disk_is_said_and_loses_nothing(
    built: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests(built / "build")
    edit(built / "01-first.md", "a second one", "another one")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        try:
            failures = [str(f) for f in here(built).failures]
        except NarrateError as error:
            failures = [str(error)]
    assert failures and all("disk is full" in f for f in failures)
    assert digests(built / "build") == before
    assert here(built).failures == ()


def test_an_output_folder_that_is_a_file_is_reported(small_course: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    try:
        said = [str(f) for f in here(small_course, out=tmp_path / "taken").failures]
    except NarrateError as error:
        said = [str(error)]
    assert said and all("cannot be written to" in s and "--out" in s for s in said)


def test_a_photo_without_consent_is_refused(small_course: Path, edit: Edit) -> None:
    from PIL import Image

    from avatar.errors import ConsentError

    (small_course / "presenter").mkdir()
    Image.new("RGB", (600, 800), "grey").save(small_course / "presenter/me.png")
    edit(small_course / "course.yaml", "id:", "presenter: {photo: presenter/me.png}\nid:")
    with pytest.raises(ConsentError, match="consent grant") as caught:
        prepare(Request(small_course))
    assert caught.value.code == "missing"


@pytest.mark.parametrize("name", ["report.html", "report.json"])
@pytest.mark.parametrize("content", [b"", b"[]", b"half"])
def test_a_damaged_report_is_written_again(built: Path, name: str, content: bytes) -> None:
    path = built / "build" / name
    good = path.read_bytes()
    path.write_bytes(content)
    here(built)
    assert path.read_bytes() == good
