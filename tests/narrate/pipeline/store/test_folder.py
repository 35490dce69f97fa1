"""A store in a folder: what it keeps, what it says is missing, and what it holds under strain."""

from __future__ import annotations

import errno
import hashlib
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from trial_store import OURS, THEIRS, content, finish, name, start

from narrate.errors import ChangedError, StoreError
from narrate.pipeline.step import Artefact
from narrate.pipeline.store.course_files import name_file
from narrate.pipeline.store.folder import DROPPED_AFTER, FolderStore

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and limits of Unix")


def write(store: FolderStore, artefact: Artefact) -> Path:
    with store.writing([artefact]) as (path,):
        path.write_bytes(content(artefact))
    return store.path(artefact)


def seal_of(store: FolderStore, artefact: Artefact) -> Path:
    path = store.path(artefact)
    return path.with_name(path.name + ".seal")


def served(store: FolderStore, artefact: Artefact) -> bool:
    """Whether the store has an artefact. What it gives is right in any case."""
    path = store.fetch(artefact)
    if path is None:
        assert artefact in store.find_missing([artefact])
        return False
    assert path.read_bytes() == content(artefact)
    return True


def restore(files: dict[Path, bytes]) -> None:
    for path, data in files.items():
        path.write_bytes(data)


def list_left(store: FolderStore) -> list[Path]:
    return sorted((store.root / "new").glob("*"))


def test_what_was_written_is_served(store: FolderStore) -> None:
    one, two, three = name(1), name(2, ".png", "record"), name(3)
    with store.writing([one, two]) as paths:
        for path, artefact in zip(paths, (one, two), strict=True):
            assert path.suffix == artefact.suffix
            path.write_bytes(content(artefact))
        assert store.find_missing([one, two, three]) == {one, two, three}
    assert store.find_missing([one, two, three]) == {three}
    assert served(store, one) and served(store, two) and not served(store, three)
    assert store.take_notes() == () and not list_left(store)


def test_an_error_leaves_nothing(store: FolderStore) -> None:
    with pytest.raises(RuntimeError), store.writing([name(1)]) as (path,):
        path.write_bytes(b"half")
        raise RuntimeError
    assert not served(store, name(1)) and not list_left(store)
    write(store, name(1))
    assert served(store, name(1))


def test_another_process_or_machine_with_the_secret_reads_it(store: FolderStore) -> None:
    write(store, name(1))
    assert served(FolderStore(store.root, OURS), name(1))
    assert not served(FolderStore(store.root, THEIRS), name(1))


def test_an_artefact_that_is_dropped_is_missing(store: FolderStore) -> None:
    write(store, name(1))
    write(store, name(2))
    store.drop(name(1))
    store.drop(name(3))
    assert not served(store, name(1)) and served(store, name(2))


@pytest.mark.parametrize("kind", ["artefact", "seal"])
def test_a_file_that_is_cut_anywhere_is_not_served(store: FolderStore, kind: str) -> None:
    artefact = name(1)
    files = {path: path.read_bytes() for path in (write(store, artefact), seal_of(store, artefact))}
    target = list(files)[kind == "seal"]
    for length in range(len(files[target])):
        restore({**files, target: files[target][:length]})
        assert store.find_missing([artefact]) == {artefact}
        assert not served(store, artefact)
    restore(files)
    assert served(store, artefact)


@pytest.mark.parametrize("kind", ["artefact", "seal"])
def test_a_file_with_another_byte_anywhere_is_not_served(store: FolderStore, kind: str) -> None:
    artefact = name(1)
    files = {path: path.read_bytes() for path in (write(store, artefact), seal_of(store, artefact))}
    target = list(files)[kind == "seal"]
    whole = files[target]
    for place in range(len(whole)):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        restore({**files, target: changed})
        assert not served(store, artefact)
    restore(files)
    assert served(store, artefact)


def test_what_is_damaged_is_dropped_made_anew_and_told_once(store: FolderStore) -> None:
    artefact = name(1)
    write(store, artefact).write_bytes(b"short")
    for _ in range(2):
        assert not served(store, artefact)
    assert not store.path(artefact).exists()
    (note,) = store.take_notes()
    assert (
        note.message
        == "In the store, 1 artefact has other bytes than were sealed. It is made anew."
    )
    assert note.remedy
    write(store, artefact)
    assert served(store, artefact) and store.take_notes() == ()


def test_many_of_one_kind_are_one_note(store: FolderStore) -> None:
    artefacts = [name(n) for n in range(12)]
    theirs = FolderStore(store.root, THEIRS)
    for artefact in artefacts:
        write(theirs, artefact)
    assert store.find_missing(artefacts) == set(artefacts)
    assert store.find_missing(artefacts) == set(artefacts)
    (note,) = store.take_notes()
    assert note.message.startswith("In the store, 12 artefacts were sealed by another secret")
    assert "NARRATE_STORE_SECRET" in note.remedy
    assert theirs.find_missing(artefacts) == set()


WRITER = """
import sys, pathlib
from trial_store import OURS, content, name
from narrate.pipeline.store.folder import FolderStore
store = FolderStore(pathlib.Path(sys.argv[1]), OURS)
print("ready", flush=True)
number = 0
while True:
    both = [name(number % 40), name(number % 40, ".png")]
    with store.writing(both) as paths:
        for path, artefact in zip(paths, both):
            with path.open("wb") as file:
                for byte in content(artefact):
                    file.write(bytes([byte]))
                    file.flush()
    number += 1
"""


@posix
def test_a_writer_that_is_killed_at_any_moment_leaves_nothing_half(store: FolderStore) -> None:
    chance = random.Random(12)
    artefacts = [name(n, suffix) for n in range(40) for suffix in (".txt", ".png")]
    whole = 0
    for _ in range(12):
        writer = start(WRITER, store.root)
        assert writer.stdout and writer.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0, 0.08))
        writer.kill()
        writer.communicate()
        there = set(artefacts) - store.find_missing(artefacts)
        assert all(served(store, artefact) for artefact in there)
        whole += len(there)
        store.sweep()
        assert not list_left(store)
    assert whole
    assert store.take_notes() == ()


@posix
def test_two_processes_make_an_artefact_once(store: FolderStore, tmp_path: Path) -> None:
    program = """
import sys, pathlib, time
from trial_store import OURS, content, name
from narrate.pipeline.store.folder import FolderStore
store = FolderStore(pathlib.Path(sys.argv[1]), OURS)
for number in range(30):
    pair = [name(number), name(number + 1)]
    if sys.argv[2] == "1":
        pair.reverse()
    with store.lock(pair):
        for artefact in store.find_missing(pair):
            with store.writing([artefact]) as (path,):
                path.write_bytes(content(artefact))
            print(artefact.name)
"""
    both = [start(program, store.root, n) for n in range(2)]
    made = [line for process in both for line in finish(process).split()]
    assert len(made) == len(set(made)) == 31
    assert store.find_missing([name(n) for n in range(31)]) == set()


def test_a_full_disk_is_named_and_leaves_nothing(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = 0

    def refuse(descriptor: int) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    for calls in range(3):  # of the artefact, of its seal, and none
        left = calls
        with monkeypatch.context() as context:
            context.setattr(os, "fsync", refuse)
            if calls == 2:
                write(store, name(1))
                break
            with pytest.raises(StoreError, match="disk is full") as caught:
                write(store, name(1))
        assert "Free some space" in caught.value.remedy
        assert not served(store, name(1)) and not list_left(store)
    assert served(store, name(1))


@posix
def test_a_write_that_the_system_refuses_is_a_full_disk(store: FolderStore) -> None:
    import resource

    write(store, name(1))
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, usual[1]))
    try:
        with (
            pytest.raises(StoreError, match="disk is full"),
            store.writing([name(2)]) as (path,),
        ):
            path.write_bytes(b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert served(store, name(1)) and not served(store, name(2)) and not list_left(store)


@posix
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may do anything")
def test_a_folder_that_cannot_be_written_to_is_named(store: FolderStore) -> None:
    write(store, name(1))
    (store.root / "new").chmod(0o500)
    with pytest.raises(StoreError, match="cannot be written to"):
        write(store, name(2))
    (store.root / "new").chmod(0o700)


def test_a_place_for_no_folder_is_a_store_error() -> None:
    store = FolderStore(Path("/proc/none/store"), OURS)
    if not Path("/proc/self").exists():
        pytest.skip("there is no such place")
    with pytest.raises(StoreError, match="cannot be written to"):
        write(store, name(1))
    assert store.find_missing([name(1)]) == {name(1)} and store.fetch(name(1)) is None


@pytest.fixture
def picture(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "Photo.JPG"
    path.write_bytes(b"\xff\xd8 a picture" * 99)
    yield path


def test_a_file_of_the_course_is_taken_in_under_its_digest(
    store: FolderStore, picture: Path
) -> None:
    artefact = name_file(picture)
    assert artefact.key == hashlib.sha256(picture.read_bytes()).hexdigest()[:40]
    assert (artefact.suffix, artefact.consent) == (".jpg", "")
    store.add_file(picture, artefact)
    found = store.fetch(artefact)
    assert found and found.read_bytes() == picture.read_bytes()
    assert name_file(picture, "record") == replace(artefact, consent="record")


@pytest.mark.parametrize("suffix", ["", ".a b", ".ä", "." + "x" * 200, ".SEAL\n"])
def test_an_odd_suffix_is_not_kept(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"x{suffix}"
    path.write_bytes(b"1")
    assert name_file(path).suffix == ".file"


def test_a_file_that_changed_meanwhile_is_told(store: FolderStore, picture: Path) -> None:
    artefact = name_file(picture)
    picture.write_bytes(b"another")
    with pytest.raises(ChangedError, match="changed during the build") as caught:
        store.add_file(picture, artefact)
    assert caught.value.place.path == str(picture) and caught.value.remedy
    assert store.find_missing([artefact]) == {artefact} and not list_left(store)
    store.add_file(picture, name_file(picture))


def test_what_no_build_used_for_two_weeks_is_swept(store: FolderStore) -> None:
    for number in range(3):
        write(store, name(number))
    long_ago = time.time() - DROPPED_AFTER - 60
    for number in range(2):
        os.utime(seal_of(store, name(number)), (long_ago, long_ago))
    seal_of(store, name(1)).unlink()  # as a build that was killed leaves it: it is new
    store.touch([name(0), name(5)])
    assert store.sweep() == 0
    os.utime(seal_of(store, name(0)), (long_ago, long_ago))
    size = len(content(name(0))) + seal_of(store, name(0)).stat().st_size
    assert store.sweep() == size
    assert not served(store, name(0)) and served(store, name(2))
    assert store.path(name(1)).exists()


def test_files_of_processes_that_ended_are_swept(store: FolderStore) -> None:
    process = start(WRITER, store.root)
    assert process.stdout and process.stdout.readline()
    while not list_left(store):
        time.sleep(0.001)
    process.kill()
    process.communicate()
    mine = store.temporary("mine")
    mine.write_bytes(b"1")
    store.sweep()
    assert list_left(store) == [mine]


def test_finding_what_is_missing_takes_three_calls_for_each(
    store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So 40,000 artefacts take about a second, and a store that lacks them less."""
    artefacts = [name(n) for n in range(100)]
    for artefact in artefacts:
        write(store, artefact)
    calls = 0

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            return call(*arguments, **options)

        return wrapper

    with monkeypatch.context() as context:
        for each in ("open", "read", "stat", "lstat", "scandir", "listdir"):
            context.setattr(os, each, counted(getattr(os, each)))
        assert store.find_missing(artefacts) == set()
    assert calls <= 3 * len(artefacts) + 256
