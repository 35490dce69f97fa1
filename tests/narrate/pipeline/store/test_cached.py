"""The cache in front of a shared store: what comes from it, and how large it becomes."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from trial_store import OURS, THEIRS, content, name

from narrate.errors import ChangedError, SettingsError, StoreError
from narrate.pipeline.step import Artefact
from narrate.pipeline.store.cached import CachedStore, cache_folder, cache_size
from narrate.pipeline.store.course_files import name_file
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.objects import ObjectStore


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


def open_machine(share: Path, folder: Path, bound: int = 1 << 30) -> CachedStore:
    """A machine's store. Nothing in its cache counts as in use."""
    objects = ObjectStore(share.as_uri(), OURS, patience=1)
    return CachedStore(objects, FolderStore(folder, OURS), bound=bound, in_use=0)


def write(store: CachedStore, artefact: Artefact, data: bytes | None = None) -> None:
    with store.writing([artefact]) as (path,):
        path.write_bytes(content(artefact) if data is None else data)


def empty(share: Path) -> None:
    for path in sorted(share.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()


def test_what_was_fetched_once_comes_from_the_cache(share: Path, tmp_path: Path) -> None:
    write(open_machine(share, tmp_path / "one"), name(1))
    two = open_machine(share, tmp_path / "two")
    first = two.fetch(name(1))
    assert first and first.is_relative_to(tmp_path / "two")
    empty(share)
    again = two.fetch(name(1))
    assert again and again.read_bytes() == content(name(1))
    # Others would ask the shared store.
    assert two.find_missing([name(1)]) == {name(1)}


def test_what_was_made_here_is_not_fetched(share: Path, tmp_path: Path) -> None:
    one = open_machine(share, tmp_path / "one")
    write(one, name(1))
    empty(share)
    assert one.fetch(name(1))


@pytest.mark.parametrize("damage", ["other bytes", "short", "foreign", "link"])
def test_a_hit_that_is_not_what_was_sealed_is_fetched_anew(
    share: Path, tmp_path: Path, damage: str
) -> None:
    one = open_machine(share, tmp_path / "one")
    write(one, name(1))
    path = one.cache.path(name(1))
    if damage == "other bytes":
        path.write_bytes(content(name(1))[::-1])
    elif damage == "short":
        path.write_bytes(b"short")
    elif damage == "foreign":
        with FolderStore(one.cache.root, THEIRS).writing([name(1)]) as (forged,):
            forged.write_bytes(b"forged")
    else:
        path.unlink()
        path.symlink_to(share)
    found = one.fetch(name(1))
    assert found == path and path.read_bytes() == content(name(1)) and not path.is_symlink()
    assert one.take_notes() == ()  # of a cache nobody needs to know


def test_the_cache_keeps_within_its_bound(share: Path, tmp_path: Path) -> None:
    bound = 100_000
    one = open_machine(share, tmp_path / "one", bound)
    for number in range(40):
        write(one, name(number), bytes(10_000))
        used = sum(path.stat().st_size for path in one.cache.root.rglob("*") if path.is_file())
        assert used <= bound
        os.utime(one.cache.path(name(number)).with_suffix(".txt.seal"), (number, number))
    assert one.find_missing([name(n) for n in range(40)]) == set()
    kept = [n for n in range(40) if one.cache.path(name(n)).exists()]
    assert kept == list(range(40 - len(kept), 40)) and len(kept) >= 7  # those used last


def test_what_is_used_again_stays(share: Path, tmp_path: Path) -> None:
    one = open_machine(share, tmp_path / "one", 100_000)
    for number in range(30):
        write(one, name(number), bytes(10_000))
        assert one.fetch(name(0))
        for other in range(1, number + 1):
            seal = one.cache.path(name(other)).with_suffix(".txt.seal")
            if seal.exists():
                os.utime(seal, (other, other))
    empty(share)
    assert one.fetch(name(0)) and not one.fetch(name(1))


def test_what_may_be_in_use_stays_although_it_is_too_much(share: Path, tmp_path: Path) -> None:
    objects = ObjectStore(share.as_uri(), OURS)
    one = CachedStore(objects, FolderStore(tmp_path / "one", OURS), bound=1000)
    for number in range(5):
        write(one, name(number), bytes(10_000))
    assert all(one.cache.path(name(n)).exists() for n in range(5))
    long_ago = time.time() - 7200
    for number in range(4):
        os.utime(one.cache.path(name(number)).with_suffix(".txt.seal"), (long_ago, long_ago))
    one.sweep()
    assert [n for n in range(5) if one.cache.path(name(n)).exists()] == [4]


def test_a_cache_that_others_filled_is_trimmed_at_the_first_write(
    share: Path, tmp_path: Path
) -> None:
    write(open_machine(share, tmp_path / "one"), name(1), bytes(50_000))
    write(open_machine(share, tmp_path / "one", 10_000), name(2), bytes(100))
    assert not (FolderStore(tmp_path / "one", OURS).path(name(1))).exists()


def test_a_file_of_the_course_is_taken_in(share: Path, tmp_path: Path) -> None:
    one, two = open_machine(share, tmp_path / "one"), open_machine(share, tmp_path / "two")
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"picture")
    artefact = name_file(picture)
    one.add_file(picture, artefact)
    path = two.fetch(artefact)
    assert path and path.read_bytes() == b"picture"
    picture.write_bytes(b"changed")
    with pytest.raises(ChangedError):
        two.add_file(picture, artefact)
    assert not list((tmp_path / "two" / "new").iterdir())


def test_an_error_uploads_nothing(share: Path, tmp_path: Path) -> None:
    one = open_machine(share, tmp_path / "one")
    with pytest.raises(RuntimeError), one.writing([name(1)]) as (path,):
        path.write_bytes(b"half")
        raise RuntimeError
    assert one.find_missing([name(1)]) == {name(1)} and one.fetch(name(1)) is None
    assert not list(share.iterdir())


def test_what_is_dropped_is_gone_here_and_there(share: Path, tmp_path: Path) -> None:
    one = open_machine(share, tmp_path / "one")
    write(one, name(1))
    one.drop(name(1))
    assert one.find_missing([name(1)]) == {name(1)} and one.fetch(name(1)) is None


def test_a_disk_that_is_full_tells_of_the_cache(
    share: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    one = open_machine(share, tmp_path / "one")

    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as context, pytest.raises(StoreError, match="full") as caught:
        context.setattr(os, "fsync", refuse)
        write(one, name(1))
    assert "NARRATE_STORE_CACHE" in caught.value.remedy
    assert not list((tmp_path / "one" / "new").iterdir())


def test_where_and_how_large_it_is_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert cache_folder().is_relative_to(tmp_path) and cache_size() == 20_000_000_000
    monkeypatch.setenv("NARRATE_STORE_CACHE", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("NARRATE_STORE_CACHE_SIZE", "1.5 GiB")
    assert cache_folder() == tmp_path / "elsewhere" and cache_size() == 3 << 29
    monkeypatch.setenv("NARRATE_STORE_CACHE_SIZE", "much")
    with pytest.raises(SettingsError, match="is not a size"):
        cache_size()
