"""What others put into a store's folder: none of it is served, and nothing outside is touched."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from trial_store import OURS, THEIRS, content, name

from narrate.pipeline.step import Artefact
from narrate.pipeline.store.folder import DROPPED_AFTER, FolderStore
from narrate.pipeline.store.retention import FolderArtefacts, prune, verify
from narrate.pipeline.store.seals import make_seal

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes of Unix")

TARGET, CONTROL, OTHER = name(1, ".mp4", "now"), name(2, ".mp4", "now"), name(3, ".mp4", "now")
FORGED = b"a foreign video"


def write(store: FolderStore, artefact: Artefact, data: bytes | None = None) -> Path:
    with store.writing([artefact]) as (path,):
        path.write_bytes(content(artefact) if data is None else data)
    return store.path(artefact)


def seal_of(store: FolderStore, artefact: Artefact) -> Path:
    path = store.path(artefact)
    return path.with_name(path.name + ".seal")


def forge_by_another_secret(store: FolderStore, outside: Path) -> None:
    write(FolderStore(store.root, THEIRS), TARGET, FORGED)


def replace_bytes_in_the_same_size(store: FolderStore, outside: Path) -> None:
    store.path(TARGET).write_bytes(FORGED.ljust(len(content(TARGET))))


def copy_another_artefact_with_its_seal(store: FolderStore, outside: Path) -> None:
    shutil.copy(write(store, OTHER), store.path(TARGET))
    shutil.copy(seal_of(store, OTHER), seal_of(store, TARGET))


def copy_the_seal_of_another_kind(store: FolderStore, outside: Path) -> None:
    other = Artefact(TARGET.key, ".png", TARGET.consent)
    shutil.copy(write(store, other, FORGED), store.path(TARGET))
    shutil.copy(seal_of(store, other), seal_of(store, TARGET))


def replay_what_another_consent_allowed(store: FolderStore, outside: Path) -> None:
    write(store, Artefact(TARGET.key, TARGET.suffix, "revoked"), FORGED)


def replay_and_rename_the_consent(store: FolderStore, outside: Path) -> None:
    write(store, Artefact(TARGET.key, TARGET.suffix, "revoked"), FORGED)
    seal = seal_of(store, TARGET)
    seal.write_bytes(seal.read_bytes().replace(b"revoked", b"now"))


def replay_what_needed_no_consent(store: FolderStore, outside: Path) -> None:
    write(store, Artefact(TARGET.key, TARGET.suffix), FORGED)


def seal_with_an_empty_secret(store: FolderStore, outside: Path) -> None:
    from narrate.pipeline.store.secret import Secret

    write(FolderStore(store.root, Secret(b"")), TARGET, FORGED)


def seal_without_a_mac(store: FolderStore, outside: Path) -> None:
    write(FolderStore(store.root, THEIRS), TARGET, FORGED)
    seal = make_seal(THEIRS, TARGET, len(FORGED), "0" * 64)
    seal_of(store, TARGET).write_bytes(seal.encode().replace(seal.mac.encode(), b""))


def link_the_artefact_elsewhere(store: FolderStore, outside: Path) -> None:
    (outside / "file").write_bytes(content(TARGET))
    store.path(TARGET).unlink()
    store.path(TARGET).symlink_to(outside / "file")


def link_the_folder_elsewhere(store: FolderStore, outside: Path) -> None:
    shutil.copytree(store.path(TARGET).parent, outside / "folder")
    shutil.rmtree(store.path(TARGET).parent)
    store.path(TARGET).parent.symlink_to(outside / "folder")


def link_to_itself(store: FolderStore, outside: Path) -> None:
    store.path(TARGET).unlink()
    store.path(TARGET).symlink_to(store.path(TARGET).name)


def put_a_file_for_the_folder(store: FolderStore, outside: Path) -> None:
    shutil.rmtree(store.path(TARGET).parent)
    store.path(TARGET).parent.write_bytes(FORGED)


def put_a_folder_for_the_artefact(store: FolderStore, outside: Path) -> None:
    store.path(TARGET).unlink()
    (store.path(TARGET) / "inner").mkdir(parents=True)


def put_a_folder_for_the_seal(store: FolderStore, outside: Path) -> None:
    seal_of(store, TARGET).unlink()
    (seal_of(store, TARGET) / "inner").mkdir(parents=True)


def put_a_pipe_for_the_artefact(store: FolderStore, outside: Path) -> None:
    store.path(TARGET).unlink()
    os.mkfifo(store.path(TARGET))


def put_a_pipe_for_the_seal(store: FolderStore, outside: Path) -> None:
    seal_of(store, TARGET).unlink()
    os.mkfifo(seal_of(store, TARGET))


def nest_the_seal_deeply(store: FolderStore, outside: Path) -> None:
    seal_of(store, TARGET).write_bytes(b"[" * 200_000)


def make_the_seal_huge(store: FolderStore, outside: Path) -> None:
    with seal_of(store, TARGET).open("r+b") as file:
        file.truncate(1 << 40)  # it uses no disk


def make_the_artefact_huge(store: FolderStore, outside: Path) -> None:
    with store.path(TARGET).open("r+b") as file:
        file.truncate(1 << 40)


def number_the_size_absurdly(store: FolderStore, outside: Path) -> None:
    text = b'{"bytes":%s,"consent":"now","mac":"","sha256":""}' % (b"9" * 1500)
    seal_of(store, TARGET).write_bytes(text)


ATTACKS: list[Callable[[FolderStore, Path], None]] = [
    forge_by_another_secret,
    replace_bytes_in_the_same_size,
    copy_another_artefact_with_its_seal,
    copy_the_seal_of_another_kind,
    replay_what_another_consent_allowed,
    replay_and_rename_the_consent,
    replay_what_needed_no_consent,
    seal_with_an_empty_secret,
    seal_without_a_mac,
    link_the_artefact_elsewhere,
    link_the_folder_elsewhere,
    link_to_itself,
    put_a_file_for_the_folder,
    put_a_folder_for_the_artefact,
    put_a_folder_for_the_seal,
    put_a_pipe_for_the_artefact,
    put_a_pipe_for_the_seal,
    nest_the_seal_deeply,
    make_the_seal_huge,
    make_the_artefact_huge,
    number_the_size_absurdly,
]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "ab.seal").write_text("somebody's")
    os.utime(folder / "ab.seal", (0, 0))
    return folder


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.__name__))
def test_nothing_that_others_put_there_is_served(
    store: FolderStore, outside: Path, attack: Callable[[FolderStore, Path], None]
) -> None:
    write(store, TARGET)
    write(store, CONTROL)
    attack(store, outside)
    before = snapshot(outside)
    fresh = FolderStore(store.root, OURS)
    # What has the right size under a true seal is found out by its digest alone.
    if attack is not replace_bytes_in_the_same_size:
        assert fresh.find_missing([TARGET, CONTROL]) == {TARGET}
    assert fresh.fetch(TARGET) is None
    assert fresh.find_missing([TARGET, CONTROL]) == {TARGET}
    control = fresh.fetch(CONTROL)
    assert control and control.read_bytes() == content(CONTROL)

    path = write(fresh, TARGET)
    assert fresh.fetch(TARGET) == path and path.read_bytes() == content(TARGET)
    assert not path.is_symlink() and not path.parent.is_symlink()
    assert fresh.take_notes()
    fresh.drop(TARGET)
    assert snapshot(outside) == before


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: str(attack.__name__))
def test_retention_tells_of_it_and_touches_nothing_outside(
    store: FolderStore, outside: Path, attack: Callable[[FolderStore, Path], None]
) -> None:
    write(store, TARGET)
    write(store, CONTROL)
    attack(store, outside)
    before = snapshot(outside)
    artefacts = FolderArtefacts(FolderStore(store.root, OURS))
    not_seen = (link_the_folder_elsewhere, put_a_file_for_the_folder)
    # They lie there under the seal of another consent record, which is a true one.
    true = (replay_what_another_consent_allowed, replay_what_needed_no_consent)
    wrong = [entry.name for entry, _ in verify(artefacts, mend=True).wrong]
    assert wrong == ([] if attack in (*not_seen, *true) else [TARGET.name])
    assert verify(artefacts).wrong == ()
    assert store.fetch(CONTROL)
    prune(artefacts, older_than=0)
    assert store.fetch(CONTROL) is None
    assert snapshot(outside) == before


def test_a_lock_that_is_a_link_empties_no_file(store: FolderStore, outside: Path) -> None:
    victim = outside / "victim"
    victim.write_text("precious")
    write(store, CONTROL)
    lock = store.root / "locks" / f"{TARGET.key[:16]}.lock"
    for put in (lock.symlink_to, lock.hardlink_to):
        lock.parent.mkdir(exist_ok=True)
        lock.unlink(missing_ok=True)
        put(victim)
        with store.lock([TARGET]):
            pass
        assert victim.read_text() == "precious"
    lock.unlink(missing_ok=True)
    lock.mkdir()
    with store.lock([TARGET]):
        pass
    assert len(store.take_notes()) == 3


@pytest.mark.parametrize("folder", ["new", "locks", "aside", "all three"])
def test_a_folder_of_ours_that_is_a_link_is_not_followed(
    store: FolderStore, outside: Path, folder: str
) -> None:
    store.root.mkdir()
    names = ("new", "locks", "aside") if folder == "all three" else (folder,)
    for each in names:
        (store.root / each).symlink_to(outside)
    before = snapshot(outside)
    with store.lock([TARGET]):
        path = write(store, TARGET)
    path.unlink()
    path.mkdir()
    write(store, TARGET)
    store.sweep()
    assert snapshot(outside) == before and store.fetch(TARGET)
    assert store.take_notes()


def test_a_file_in_place_of_the_store_is_moved_aside(store: FolderStore) -> None:
    store.root.write_text("precious")
    assert store.find_missing([TARGET]) == {TARGET} and store.fetch(TARGET) is None
    write(store, TARGET)
    assert store.fetch(TARGET)
    (note,) = store.take_notes()
    assert Path(note.place.path).read_text() == "precious"


def test_what_is_moved_aside_is_kept_and_named_once(store: FolderStore) -> None:
    path = write(store, TARGET)
    watching = FolderStore(store.root, OURS)  # another process, which tells people
    path.unlink()
    path.mkdir()
    (path / "inner").write_text("precious")
    write(store, TARGET)
    (note,) = watching.take_notes()
    assert (Path(note.place.path) / "inner").read_text() == "precious"
    assert note.remedy and watching.take_notes() == ()
    assert FolderStore(store.root, OURS).take_notes() == ()


def test_sweeping_deletes_nothing_through_links(store: FolderStore, outside: Path) -> None:
    write(store, TARGET)
    long_ago = time.time() - DROPPED_AFTER - 60
    for each in (store.path(TARGET), seal_of(store, TARGET)):
        os.utime(each, (long_ago, long_ago))
    (store.root / "zz").symlink_to(outside)
    before = snapshot(outside)
    store.sweep()
    assert store.fetch(TARGET) is None and snapshot(outside) == before


def test_the_root_may_be_a_link_of_its_owner(tmp_path: Path) -> None:
    (tmp_path / "large disk").mkdir()
    (tmp_path / "store").symlink_to(tmp_path / "large disk")
    store = FolderStore(tmp_path / "store", OURS)
    write(store, TARGET)
    assert store.fetch(TARGET) and store.take_notes() == ()
