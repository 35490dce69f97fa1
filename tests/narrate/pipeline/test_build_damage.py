"""Builds after damage: files that are lost or changed, and builds that are killed or disturbed."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from build_trials import Edit, build_here, digests

from narrate.errors import NarrateError, StoreError
from narrate.pipeline.build import Means, build, prepare
from narrate.pipeline.request import Request
from narrate.pipeline.runners.base import Failure
from narrate.pipeline.schedule import Quiet
from narrate.pipeline.step import Artefact, Task
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.secret import read_secret


def test_an_output_that_was_deleted_or_changed_is_made_again(built: Path) -> None:
    good = digests(built / "build")
    (built / "build/01-first/lecture.mp4").unlink()
    (built / "build/02-second/captions.vtt").write_text("mine")
    result = build_here(built)
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
    result = build_here(built)
    assert result.failures == ()
    assert digests(built / "build") == good


def test_a_store_by_another_secret_is_made_anew_with_a_note_and_by_the_same_one_is_used(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = digests(built / "build")
    monkeypatch.setenv("NARRATE_STORE_SECRET", "c0ffee" * 6)
    [foreign] = [n.message for n in prepare(Request(built)).store.take_notes()]
    assert "sealed by another secret" in foreign
    result = build_here(built)
    assert result.failures == () and {o.path for o in result.made} == good.keys() - {
        "manifest.json"
    }
    assert digests(built / "build") == good
    for moved in (built, Path(shutil.copytree(built, tmp_path / "moved"))):  # as a CI restores it
        again = build_here(moved)
        assert again.made == () and again.notes == ()
    monkeypatch.setenv("NARRATE_STORE_SECRET", "decade" * 6)
    result = build_here(built)
    assert ["sealed by another secret" in n.message for n in result.notes] == [True]


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
    result = build_here(built)
    assert result.failures == ()
    after = digests(built / "build")
    assert after["02-second/lecture.mp4"] == before["02-second/lecture.mp4"]
    assert after["report.json"] != before["report.json"]
    assert build_here(built).made == ()


@pytest.mark.parametrize("name", ["report.html", "report.json"])
@pytest.mark.parametrize("content", [b"", b"[]", b"half"])
def test_a_damaged_report_is_written_again(built: Path, name: str, content: bytes) -> None:
    path = built / "build" / name
    good = path.read_bytes()
    path.write_bytes(content)
    build_here(built)
    assert path.read_bytes() == good


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
    result = build_here(built, out=out)
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
            failures = [str(f) for f in build_here(built).failures]
        except NarrateError as error:
            failures = [str(error)]
    assert failures and all("disk is full" in f for f in failures)
    assert digests(built / "build") == before
    assert build_here(built).failures == ()


def test_an_output_folder_that_is_a_file_is_reported(small_course: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    try:
        said = [str(f) for f in build_here(small_course, out=tmp_path / "taken").failures]
    except NarrateError as error:
        said = [str(error)]
    assert said and all("cannot be written to" in s and "--out" in s for s in said)


@pytest.mark.parametrize("link", ["build", "build/01-first", "build/.store"])
def test_no_link_in_a_course_leads_its_outputs_out_of_it(
    small_course: Path, tmp_path: Path, link: str
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (small_course / link).parent.mkdir(exist_ok=True)
    (small_course / link).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="--out"):
        build_here(small_course)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    if link == "build":  # asked for, it may lie anywhere
        prepare(Request(small_course, out=small_course / "build"))


def flip(path: Path) -> None:
    """Change a byte of a file in the store, and leave its size."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.unlink()  # it may be an output's second name
    path.write_bytes(data)


def test_damaged_findings_of_a_single_lesson_are_found_again(built: Path, edit: Edit) -> None:
    edit(built / "01-first.md", "The end", "The \U00017000 end **\U00017000**")
    before = build_here(built, lesson="1")
    assert "missing-glyphs" in {f.rule for f in before.findings}  # which drawing alone finds
    report = before.plan.report.output("json")
    flip(FolderStore(built / "build/.store", read_secret()).path(report))
    after = build_here(built, lesson="1")
    assert after.failures == () and after.findings == before.findings


def test_a_store_that_gives_nothing_back_is_said(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (built / "build/01-first/captions.vtt").unlink()
    usual = FolderStore.fetch

    def fetch(self: FolderStore, artefact: Artefact) -> Path | None:
        return None if artefact.suffix == ".vtt" else usual(self, artefact)

    monkeypatch.setattr(FolderStore, "fetch", fetch)
    [failure] = build_here(built).failures
    assert failure.problem.place.path == "01-first/captions.vtt"
    assert "--store" in failure.problem.remedy


def test_a_stopped_build_remembers_what_it_published(small_course: Path) -> None:
    class Stopping(Quiet):
        def ended(self, task: Task, failure: Failure | None) -> None:
            if task.kind == "video":
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(Request(small_course), Stopping(), Means(jobs=1))
    prepared = prepare(Request(small_course))
    made = {o.path for o in prepared.outputs} - {o.path for o in prepared.stale}
    assert "01-first/lecture.mp4" in made or "02-second/lecture.mp4" in made


def test_what_an_old_manifest_claims_of_other_lessons_is_not_believed(built: Path) -> None:
    manifest = built / "build/manifest.json"
    good = json.loads(manifest.read_text())
    forged = json.loads(manifest.read_text())
    for entry in forged["outputs"]:
        entry |= {"synthetic": [], "consent_record": "forged", "sha256": "0" * 64}
    manifest.write_text(json.dumps(forged))
    build_here(built, lesson="1")
    assert json.loads(manifest.read_text()) == good
