"""The output folder: what in it counts as up to date, and what is not believed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from foundation.problem import Place
from narrate.pipeline.outputs import OutputFolder
from narrate.pipeline.plan import Output
from narrate.pipeline.step import Artefact
from narrate.pipeline.store.secret import Secret

OURS, THEIRS = Secret(b"ours"), Secret(b"theirs")


def make_output(name: str = "one", key: str = "", consent: str = "") -> Output:
    path = f"01-first/{name}.txt"
    return Output(path, "captions", "txt", "01-first", Artefact(key or name * 10, ".txt", consent))


ONE, TWO, THREE = make_output("one"), make_output("two"), make_output("three")
ALL = (ONE, TWO, THREE)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"


def open_folder(out: Path, secret: Secret = OURS) -> OutputFolder:
    """As each build opens it anew."""
    return OutputFolder(out, secret)


def publish(folder: OutputFolder, outputs: Iterable[Output], text: str = "made") -> None:
    for output in outputs:
        with folder.own.writing([output.artefact]) as (path,):
            path.write_text(f"{text} {output.path}")
        made = folder.own.fetch(output.artefact)
        assert made is not None
        folder.publish(output, made, 1200)


@pytest.fixture
def published(out: Path) -> Path:
    folder = open_folder(out)
    publish(folder, ALL)
    folder.flush()
    return out


def find_current(out: Path, *outputs: Output, sample: int = 0, secret: Secret = OURS) -> set[str]:
    return open_folder(out, secret).find_current(outputs or ALL, sample=sample)


def read_ledger(out: Path) -> dict[str, dict[str, Any]]:
    ledger: dict[str, dict[str, Any]] = json.loads((out / ".store/published.json").read_text())
    return ledger


def write_ledger(out: Path, ledger: object) -> None:
    (out / ".store/published.json").write_text(json.dumps(ledger))


def change_secretly(path: Path) -> None:
    """Change a file, and put its size and time back."""
    before = path.stat()
    data = path.read_bytes()
    path.unlink()  # the store has the same file under another name
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert (path.stat().st_size, path.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)


def test_what_was_published_is_up_to_date_for_the_next_build(published: Path) -> None:
    assert find_current(published) == {o.path for o in ALL}
    assert find_current(published, ONE, make_output("four")) == {ONE.path}
    assert (published / ONE.path).read_text() == f"made {ONE.path}"


def test_what_is_made_of_something_else_is_not_up_to_date(published: Path) -> None:
    assert find_current(published, make_output("one", key="other")) == set()
    assert find_current(published, make_output("one", consent="a record")) == set()


@pytest.mark.parametrize("links", [True, False])
def test_an_output_is_the_stores_own_file_where_that_can_be(
    out: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*paths: object) -> None:
        raise OSError("another file system")

    if not links:
        monkeypatch.setattr(os, "link", refuse)
    folder = open_folder(out)
    publish(folder, [ONE])
    folder.flush()
    assert (out / ONE.path).samefile(folder.own.path(ONE.artefact)) is links
    assert (out / ONE.path).read_bytes() == folder.own.path(ONE.artefact).read_bytes()
    assert find_current(out, ONE) == {ONE.path}


def test_a_new_version_leaves_the_old_one_in_the_store_as_it_was(published: Path) -> None:
    folder = open_folder(published)
    newer = make_output("one", key="newer")
    publish(folder, [newer], "newly made")
    folder.flush()
    assert (published / ONE.path).read_text() == f"newly made {ONE.path}"
    old = folder.own.fetch(ONE.artefact)
    assert old is not None and old.read_text() == f"made {ONE.path}"
    assert find_current(published, newer, TWO) == {ONE.path, TWO.path}


FORGED: dict[str, tuple[object, Output]] = {
    "key": ("other", make_output("one", key="other")),
    "consent": ("a record", make_output("one", consent="a record")),
    "kind": ("lecture", ONE),
    "lesson": ("02-second", ONE),
    "duration_ms": (9, ONE),
    "looked": (1_000_000, ONE),  # so that its turn never comes
    "mac": ("0" * 64, ONE),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_entry_counts_as_none(published: Path, name: str) -> None:
    value, asked = FORGED[name]
    ledger = read_ledger(published)
    write_ledger(published, ledger)
    assert ONE.path in find_current(published)
    assert ledger[ONE.path][name] != value
    ledger[ONE.path][name] = value
    write_ledger(published, ledger)
    assert find_current(published, asked, TWO) == {TWO.path}


def test_a_foreign_file_is_not_entered_with_its_own_size_time_and_digest(published: Path) -> None:
    path, ledger = published / ONE.path, read_ledger(published)
    path.unlink()
    foreign = open_folder(published.with_name("foreign"), THEIRS)
    publish(foreign, [ONE], "foreign")
    foreign.flush()
    path.write_bytes((foreign.out / ONE.path).read_bytes())
    entry = read_ledger(foreign.out)[ONE.path]
    os.utime(path, ns=(entry["mtime_ns"], entry["mtime_ns"]))
    for mac in (ledger[ONE.path]["mac"], entry["mac"]):
        write_ledger(published, {**ledger, ONE.path: {**entry, "mac": mac}})
        assert find_current(published) == {TWO.path, THREE.path}
    assert find_current(published, secret=THEIRS) == {ONE.path}


def test_the_entry_of_another_file_does_not_fit(published: Path) -> None:
    ledger = read_ledger(published)
    (published / ONE.path).unlink()
    os.link(published / TWO.path, published / ONE.path)
    write_ledger(published, {**ledger, ONE.path: ledger[TWO.path]})
    assert find_current(published, make_output("one", key=TWO.key), TWO) == {TWO.path}


def test_what_another_secret_sealed_is_published_anew(published: Path) -> None:
    assert find_current(published, secret=THEIRS) == set()
    theirs = open_folder(published, THEIRS)
    publish(theirs, ALL)
    theirs.flush()
    assert find_current(published, secret=THEIRS) == {o.path for o in ALL}
    assert find_current(published) == set()


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.unlink(),
        lambda path: path.write_text("mine"),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: (path.rename(path.with_name("moved")), path.symlink_to("moved")),
    ],
    ids=["gone", "other", "folder", "link"],
)
def test_a_file_that_is_not_what_it_was_is_published_anew(
    published: Path, damage: Callable[[Path], object]
) -> None:
    damage(published / ONE.path)
    assert find_current(published) == {TWO.path, THREE.path}


def test_a_file_that_was_touched_or_copied_back_is_still_the_same(published: Path) -> None:
    path = published / ONE.path
    os.utime(path, ns=(1, 1))
    assert find_current(published) == {o.path for o in ALL}
    data = path.read_bytes()
    path.unlink()
    path.write_bytes(data)
    assert find_current(published) == {o.path for o in ALL}
    path.unlink()
    path.write_bytes(data[:-1] + b"?")
    assert find_current(published) == {TWO.path, THREE.path}


@pytest.mark.parametrize("changed", ALL, ids=[o.path for o in ALL])
def test_a_change_with_size_and_time_put_back_is_found_within_a_few_builds(
    published: Path, changed: Output
) -> None:
    everything = {o.path for o in ALL}
    for _ in range(4):  # one file at each build
        assert find_current(published, sample=1) == everything
    change_secretly(published / changed.path)
    assert find_current(published) == everything  # nobody reads it
    found = [find_current(published, sample=1) for _ in ALL]
    assert [current for current in found if current != everything] == [
        everything - {changed.path}
    ] * (len(ALL) - found.index(everything - {changed.path}))


def test_a_large_sample_reads_everything_at_once(published: Path) -> None:
    for output in (ONE, THREE):
        change_secretly(published / output.path)
    assert find_current(published, sample=1 << 20) == {TWO.path}


def test_files_that_are_made_again_and_again_do_not_take_the_turns_of_others(
    published: Path,
) -> None:
    change_secretly(published / THREE.path)
    seen = []
    for n in range(3):
        folder = open_folder(published)
        edited = [make_output("one", key=f"edit {n}"), make_output("two", key=f"edit {n}")]
        seen.append(THREE.path in folder.find_current([*edited, THREE], sample=1))
        publish(folder, edited, f"edit {n}")
        folder.flush()
    assert not all(seen)


def test_the_ledger_is_written_in_batches(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("narrate.pipeline.outputs.time.monotonic", lambda: now[0])
    folder = open_folder(out)
    publish(folder, [ONE, TWO])
    assert find_current(out) == set()  # a build that is killed now publishes them again
    now[0] += 60
    publish(folder, [THREE])
    assert find_current(out) == {o.path for o in ALL}
    newer = make_output("one", key="newer")
    publish(folder, [newer])
    assert find_current(out, newer) == set()
    folder.flush()
    assert find_current(out, newer, TWO) == {ONE.path, TWO.path}


def test_a_folder_in_the_place_of_a_file_is_moved_aside_and_named(published: Path) -> None:
    path = published / ONE.path
    path.unlink()
    path.mkdir()
    (path / "mine").write_text("mine")
    folder = open_folder(published)
    publish(folder, [ONE])
    folder.flush()
    [note] = folder.notes
    [aside] = path.parent.glob("one.txt-aside-*")
    assert note.place == Place(str(aside)) and "'one.txt'" in note.message and note.remedy
    assert (aside / "mine").read_text() == "mine"
    assert path.is_file() and find_current(published) == {o.path for o in ALL}


def test_a_folder_in_the_place_of_the_ledger_is_moved_aside_and_named(published: Path) -> None:
    ledger = published / ".store/published.json"
    ledger.unlink()
    (ledger / "mine").mkdir(parents=True)
    folder = open_folder(published)
    assert folder.find_current(ALL, sample=1 << 20) == set()
    publish(folder, ALL)
    folder.flush()
    assert ["'published.json'" in note.message for note in folder.notes] == [True]
    assert find_current(published) == {o.path for o in ALL}


@pytest.mark.parametrize(
    "entry",
    [3, None, [], {}, {"key": 1}, {"looked": "often"}, {"bytes": True}, {"mtime_ns": 1e300},
     {"mac": "\ud800"}, {"more": 1}],
)  # fmt: skip
def test_an_absurd_entry_counts_as_none(published: Path, entry: object) -> None:
    ledger = read_ledger(published)
    whole = {**ledger[ONE.path], **entry} if isinstance(entry, dict) and entry else entry
    write_ledger(published, {**ledger, ONE.path: whole})
    assert find_current(published, sample=1) == {TWO.path, THREE.path}
    folder = open_folder(published)
    publish(folder, [ONE])
    folder.flush()
    assert find_current(published) == {o.path for o in ALL}
