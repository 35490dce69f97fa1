"""Builds of a small course: what is made, and what is left as it is."""

from __future__ import annotations

import hashlib
import json
from fractions import Fraction
from pathlib import Path

import pytest
from build_trials import Edit, build_here, digests

import narrate
from narrate.captions.text import split_words
from narrate.pipeline.build import Means, build, prepare
from narrate.pipeline.plan import Wanted
from narrate.pipeline.request import Request
from narrate.video.probe import probe


def test_a_course_becomes_the_files_that_the_manifest_lists(small_course: Path) -> None:
    result = build_here(small_course)
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
    assert "Synthetic voice" in found.metadata["comment"]


def test_a_second_build_makes_nothing(built: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in (built / "build").rglob("*.mp4")}
    result = build_here(built)
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
    made = {o.path for o in build_here(built).made}
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
    edit(built / "01-first.md", "The end", "The \U00017000 end **\U00017000**")
    before = {f.rule: (f.place.line, f.place.slide) for f in build_here(built).findings}
    assert before["missing-glyphs"][1] == 3
    edit(built / "01-first.md", "# First", "# New\n\nNew words.\n\n# First")
    build_here(built)
    edit(built / "01-first.md", "# First", "\n\n# First")
    result = build_here(built)
    assert {o.kind for o in result.made} == {"report"}
    after = {f.rule: (f.place.line, f.place.slide) for f in result.findings}
    line = before["missing-glyphs"][0]
    assert line is not None and after["missing-glyphs"] == (line + 6, 4)
    report = json.loads((built / "build/report.json").read_text())
    told = {f["rule"]: f["line"] for x in report["lessons"] for f in x["findings"]}
    assert told["missing-glyphs"] == after["missing-glyphs"][0]


def test_a_lesson_that_is_gone_leaves_report_and_manifest(built: Path) -> None:
    (built / "02-second.md").unlink()
    build_here(built)
    report = json.loads((built / "build/report.json").read_text())
    manifest = json.loads((built / "build/manifest.json").read_text())
    assert [x["id"] for x in report["lessons"]] == ["01-first"]
    assert {o["lesson"] for o in manifest["outputs"]} == {"01-first"}


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
    assert kinds("scipy") == set(before) - {"picture"}
    assert kinds("pysubs2") == {"captions"}


def _keys(course: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for task in prepare(Request(course)).plan.walk_tasks():
        found.setdefault(task.kind, set()).update(a.key for a in task.made)
    return found


def test_workers_make_the_same_bytes(built: Path, tmp_path: Path) -> None:
    result = build(Request(built, out=tmp_path / "out"), means=Means(jobs=2))
    assert result.failures == ()
    assert digests(tmp_path / "out") == digests(built / "build")


def test_only_what_is_asked_for_is_made(small_course: Path) -> None:
    result = build_here(
        small_course, lesson="2", wanted=Wanted(parts=("captions",), formats=("vtt",))
    )
    assert {o.path for o in result.made} == {
        "02-second/captions.vtt", "02-second/chapters.vtt", "02-second/chapters.json"
    }  # fmt: skip
    assert not list((small_course / "build").rglob("*.mp4"))


def test_one_slide_alone_is_a_video_of_its_own(small_course: Path) -> None:
    wanted = Wanted(parts=("lecture",), slide=2)
    result = build_here(small_course, lesson="01-first", wanted=wanted)
    assert [o.path for o in result.made] == ["01-first/slide-02/lecture.mp4"]
    assert [c.title for c in probe(result.out / result.made[0].path).chapters] == ["List"]


def test_a_draft_stands_beside_the_real_thing(built: Path) -> None:
    before = digests(built / "build")
    result = build_here(built, draft=True)
    assert result.out == built / "build/draft"
    after = digests(built / "build")
    assert {p: d for p, d in after.items() if not p.startswith("draft/")} == before
    assert probe(result.out / "01-first/lecture.mp4").size == (960, 540)


def test_a_draft_makes_no_voice_even_where_a_note_names_one(small_course: Path, edit: Edit) -> None:
    edit(small_course / "02-second.md", "<!-- A note", "<!-- say(voice=parrot): A note")
    findings = prepare(Request(small_course)).findings
    assert ["Parrot" in f.message for f in findings if f.rule == "speaker-undeclared"] == [True]
    plan = prepare(Request(small_course, draft=True)).plan
    assert {u.voice for s in plan.slides for u in s.slide.utterances} == {None}
    assert {s.settings.voice for s in plan.slides} == {"silent"}
