"""How long artefacts are kept, in a folder and in a shared store alike."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from trial_store import OURS, THEIRS, content, name

from narrate.pipeline.step import Artefact
from narrate.pipeline.store.cached import CachedStore
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.objects import ObjectStore
from narrate.pipeline.store.opening import open_artefacts
from narrate.pipeline.store.retention import (
    DAY,
    Artefacts,
    FolderArtefacts,
    SharedArtefacts,
    Total,
    count_artefacts,
    prune,
    verify,
)
from narrate.pipeline.store.seals import Fault

NOW = time.time()
AGES = (0.5, 3, 20, 40, 100)  # days
Made = tuple[FolderStore | CachedStore, Artefacts, Callable[[int], Path]]


def age(path: Path, days: float) -> None:
    os.utime(path, (NOW - days * DAY, NOW - days * DAY))


@pytest.fixture(params=["folder", "shared"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Made:
    """A store with five artefacts, last used so many days ago, and where their bytes lie."""
    store: FolderStore | CachedStore
    artefacts: Artefacts
    if request.param == "folder":
        folder = FolderStore(tmp_path / "store", OURS)
        store, artefacts = folder, FolderArtefacts(folder)

        def place(number: int) -> Path:
            return folder.path(named(number))

    else:
        (tmp_path / "share").mkdir()
        objects = ObjectStore((tmp_path / "share").as_uri(), OURS)
        store = CachedStore(objects, FolderStore(tmp_path / "cache", OURS))
        artefacts = SharedArtefacts(objects)

        def place(number: int) -> Path:
            artefact = named(number)
            (found,) = (tmp_path / "share" / artefact.key[0] / artefact.name).iterdir()
            return found

    for number, days in enumerate(AGES):
        with store.writing([named(number)]) as (path,):
            path.write_bytes(content(named(number)))
        age(place(number), days)
        if isinstance(store, FolderStore):
            age(place(number).with_name(place(number).name + ".seal"), days)
    return store, artefacts, place


def named(number: int) -> Artefact:
    return name(number, ".png" if number < 2 else ".mp4")


def left(store: FolderStore | CachedStore) -> list[int]:
    every = [named(number) for number in range(len(AGES))]
    missing = store.find_missing(every)
    return [number for number, artefact in enumerate(every) if artefact not in missing]


def test_it_is_counted_by_kind_and_age(made: Made) -> None:
    _, artefacts, _ = made
    found = count_artefacts(artefacts, now=NOW)
    assert found.all.number == 5 and found.all.size >= 5 * len(content(named(0)))
    assert {kind: total.number for kind, total in found.by_suffix.items()} == {
        ".mp4": 3,
        ".png": 2,
    }
    assert {when: total.number for when, total in found.by_age.items()} == {
        "today": 1,
        "this week": 1,
        "this month": 1,
        "longer ago": 2,
    }
    assert sum(total.size for total in found.by_age.values()) == found.all.size


def test_what_is_old_is_deleted(made: Made) -> None:
    store, artefacts, _ = made
    asked = prune(artefacts, older_than=30, dry_run=True, now=NOW)
    assert left(store) == [0, 1, 2, 3, 4] and asked.deleted.number == 2
    assert prune(artefacts, older_than=30, now=NOW) == asked
    assert left(store) == [0, 1, 2]
    assert count_artefacts(artefacts).all == asked.left
    assert prune(artefacts, older_than=30, now=NOW).deleted == Total()


def test_what_is_too_much_is_deleted_beginning_with_what_was_not_used_for_longest(
    made: Made,
) -> None:
    store, artefacts, _ = made
    size = count_artefacts(artefacts).all.size // 5
    assert prune(artefacts, larger_than=5 * size, now=NOW).deleted.number == 0
    assert prune(artefacts, larger_than=3 * size, now=NOW).deleted == Total(2, 2 * size)
    assert left(store) == [0, 1, 2]
    assert prune(artefacts, older_than=10, larger_than=10 * size, now=NOW).left.number == 2
    prune(artefacts, larger_than=0, now=NOW)
    assert left(store) == []


def test_what_a_build_uses_is_as_new(made: Made) -> None:
    store, artefacts, _ = made
    store.touch([named(3)])
    prune(artefacts, older_than=10, now=NOW + 60)
    assert left(store) == [0, 1, 3]


def test_what_may_be_in_use_is_kept(made: Made) -> None:
    store, artefacts, _ = made
    prune(artefacts, larger_than=0, unless_used_within=5 * DAY, now=NOW)
    assert left(store) == [0, 1]


def test_what_is_wrong_is_found_and_deleted_only_to_mend(made: Made) -> None:
    store, artefacts, place = made
    whole = verify(artefacts)
    assert whole.read.number == 5 and whole.wrong == ()
    path = place(1)
    path.write_bytes(path.read_bytes()[::-1])
    for mend in (False, True):
        ((entry, fault),) = verify(artefacts, mend=mend).wrong
        assert entry.name == named(1).name and fault is Fault.DAMAGED
    assert left(store) == [0, 2, 3, 4]
    assert verify(artefacts).wrong == ()


def test_what_others_sealed_is_wrong(made: Made) -> None:
    store, _, _ = made
    assert left(store) == [0, 1, 2, 3, 4]
    theirs: Artefacts
    if isinstance(store, FolderStore):
        theirs = FolderArtefacts(FolderStore(store.root, THEIRS))
    else:
        theirs = SharedArtefacts(ObjectStore(store.objects.url, THEIRS))
    assert [fault for _, fault in verify(theirs).wrong] == [Fault.FOREIGN] * 5


def test_half_of_an_artefact_is_told(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "store", OURS)
    for number in range(3):
        with store.writing([name(number)]) as (path,):
            path.write_bytes(b"1")
    store.path(name(0)).unlink()
    store.path(name(1)).with_suffix(".txt.seal").unlink()
    faults = {e.name: fault for e, fault in verify(FolderArtefacts(store), mend=True).wrong}
    assert faults == {name(0).name: Fault.INCOMPLETE, name(1).name: Fault.INCOMPLETE}
    assert count_artefacts(FolderArtefacts(store)).all.number == 1


def test_an_empty_store_has_nothing(tmp_path: Path) -> None:
    for url in (str(tmp_path / "nothing"), "memory:///"):
        artefacts = open_artefacts(url)
        assert count_artefacts(artefacts).all == Total()
        assert prune(artefacts, older_than=0, larger_than=0).deleted == Total()
        assert verify(artefacts).read == Total()
    assert not (tmp_path / "nothing").exists()
