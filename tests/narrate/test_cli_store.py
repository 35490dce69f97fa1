"""`narrate store`: what it prints, and how it ends."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest
from trial_store import THEIRS, content, name

from narrate.cli.app import run
from narrate.pipeline.build import build
from narrate.pipeline.plan import Wanted
from narrate.pipeline.request import Request
from narrate.pipeline.store import opening
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.secret import read_secret


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a store of three artefacts, where a course's build would have one."""
    for variable in ("NARRATE_STORE_SECRET", "NARRATE_STORE_SECRET_FILE"):
        monkeypatch.delenv(variable, raising=False)
    for kind in ("DATA", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    monkeypatch.setattr(opening, "_open", {})
    store = open_store(tmp_path / "course")
    for number, suffix in enumerate((".png", ".png", ".mp4")):
        with store.writing([name(number, suffix)]) as (path,):
            path.write_bytes(content(name(number, suffix)) * 100)
    return tmp_path / "course"


def open_store(course: Path) -> FolderStore:
    return FolderStore(course / "build" / ".store", read_secret())


def call(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str]:
    status = run(["store", *map(str, arguments)])
    return status, capsys.readouterr().out


def call_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, Any]:
    status, printed = call(capsys, *arguments, "--json")
    return status, json.loads(printed)


@pytest.mark.parametrize("inner", ["", "build", "build/.store"])
def test_a_store_is_found_by_the_course_or_its_output_folder(
    course: Path, capsys: pytest.CaptureFixture[str], inner: str
) -> None:
    status, printed = call(capsys, "stat", course / inner)
    assert status == 0
    assert printed.startswith(f"{course / 'build' / '.store'}: 3 artefacts (29.")
    assert ".png" in printed and "today" in printed and "longer ago" not in printed


def test_stat_for_programs(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, found = call_json(capsys, "stat", course)
    assert status == 0 and found["artefacts"] == 3
    assert found["by_suffix"][".png"]["artefacts"] == 2
    assert found["by_age"]["today"] == {"artefacts": 3, "bytes": found["bytes"]}


def test_a_shared_store_is_named_by_its_address(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "share").mkdir()
    status, printed = call(capsys, "stat", (course / "share").as_uri())
    assert status == 0 and "0 artefacts (0 B)" in printed


def test_what_is_no_store_is_refused(
    tmp_path: Path, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = tmp_path / "documents"
    (documents / "aa").mkdir(parents=True)
    (documents / "aa" / "letter").write_text("Dear …")
    for command in ("stat", "verify", "prune --older-than 0"):
        for place in (documents, tmp_path / "nothing", "https://bucket.example"):
            assert run(["store", *command.split(), str(place)]) != 0
    assert (documents / "aa" / "letter").exists()
    told = capsys.readouterr().err
    assert "There is no store here." in told and "s3://bucket/prefix" in told


def test_prune_deletes_what_is_old(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(course)
    long_ago = time.time() - 40 * 86400
    seal = store.path(name(0, ".png")).with_suffix(".png.seal")
    os.utime(seal, (long_ago, long_ago))
    arguments = ("prune", course, "--older-than", 30)
    status, printed = call(capsys, *arguments, "--dry-run")
    assert status == 0 and printed.startswith("Would delete 1 artefact (")
    assert store.find_missing([name(0, ".png")]) == set()
    status, found = call_json(capsys, *arguments)
    assert found["deleted"]["artefacts"] == 1 and found["left"]["artefacts"] == 2
    assert store.find_missing([name(0, ".png"), name(1, ".png")]) == {name(0, ".png")}
    status, printed = call(capsys, "prune", course, "--larger-than", "10 kB")
    assert status == 0 and "Left: 1 artefact (" in printed


@pytest.mark.parametrize(
    "wrong", [(), ("--larger-than", "much"), ("--older-than", "-1"), ("--older-than", "old")]
)
def test_prune_has_to_be_told_what(
    course: Path, capsys: pytest.CaptureFixture[str], wrong: tuple[str, ...]
) -> None:
    assert run(["store", "prune", str(course), *wrong]) == 2
    assert len(list((course / "build" / ".store").glob("??/*.seal"))) == 3


def test_verify_finds_what_is_wrong(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, printed = call(capsys, "verify", course)
    assert status == 0 and "Read 3 artefacts" in printed and "Nothing is wrong." in printed
    store = open_store(course)
    path = store.path(name(0, ".png"))
    path.write_bytes(path.read_bytes()[::-1])
    with FolderStore(store.root, THEIRS).writing([name(1, ".png")]) as (forged,):
        forged.write_bytes(b"forged")
    status, found = call_json(capsys, "verify", course)
    assert status == 1
    assert {w["name"]: w["fault"] for w in found["wrong"]} == {
        name(0, ".png").name: "damaged",
        name(1, ".png").name: "foreign",
    }
    status, printed = call(capsys, "verify", course)
    assert status == 1 and "has other bytes than were sealed" in printed and "--mend" in printed
    assert call(capsys, "verify", course, "--mend")[0] == 1
    assert call(capsys, "verify", course)[0] == 0
    assert call_json(capsys, "stat", course)[1]["artefacts"] == 1


def test_verify_reads_the_finished_files_too(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = tmp_path / "talk"
    lesson.mkdir()
    (lesson / "01.md").write_text("# One\n\nA sentence.\n")
    (lesson / "course.yaml").write_text("title: Talk\nid: talk\nvoice: silent\n")
    request = Request(lesson, Wanted(parts=("captions", "transcript")))
    made = build(request).made
    assert made
    status, found = call_json(capsys, "verify", lesson)
    assert status == 0 and found["outputs"]["read"] >= len(made)

    path = lesson / "build" / made[0].path
    facts, data = path.stat(), path.read_bytes()
    path.unlink()
    path.write_bytes(data[::-1])
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))  # it looks unchanged
    status, found = call_json(capsys, "verify", lesson)
    assert status == 1 and found["outputs"]["changed"] == [made[0].path]
    status, printed = call(capsys, "verify", lesson, "--mend")
    assert status == 1 and f"{made[0].path} was changed after it was built" in printed
    assert [o.path for o in build(request).made] == [made[0].path]
    assert path.read_bytes() == data
    assert call(capsys, "verify", lesson)[0] == 0
