"""Object stores: what they keep and do not believe, in memory and in a shared folder."""

from __future__ import annotations

import hashlib
import re
import shutil
import sys
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from trial_store import OURS, THEIRS, content, name

from narrate.errors import AddressError, RefusedError, StoreError, UnreachableError
from narrate.pipeline.step import Artefact
from narrate.pipeline.store.object_calls import PART, ObjectCalls, require_address
from narrate.pipeline.store.object_errors import explain_error
from narrate.pipeline.store.objects import ObjectStore
from narrate.pipeline.store.seals import Fault

posix = pytest.mark.skipif(sys.platform == "win32", reason="links of Unix")


@pytest.fixture
def share(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def objects(share: Path) -> ObjectStore:
    return ObjectStore(share.as_uri(), OURS, patience=1)


def put(store: ObjectStore, artefact: Artefact, tmp_path: Path, data: bytes | None = None) -> None:
    file = tmp_path / "made"
    file.write_bytes(content(artefact) if data is None else data)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    store.put(artefact, file, file.stat().st_size, digest)


def fetch(store: ObjectStore, artefact: Artefact) -> bytes | None:
    file = BytesIO(b"what was there before, and is longer than what will be" * 9)
    return file.getvalue() if store.fetch(artefact, file) else None


def delete_all(store: ObjectStore) -> None:
    for sealed in store.list_all():
        store.delete(sealed.listed)


def find_object(share: Path, artefact: Artefact) -> Path:
    (found,) = (share / artefact.key[0] / artefact.name).iterdir()
    return found


def test_what_was_put_is_found_and_fetched(objects: ObjectStore, tmp_path: Path) -> None:
    artefacts = [name(n, ".png", "record" if n % 2 else "") for n in range(60)]
    for artefact in artefacts[:-1]:
        put(objects, artefact, tmp_path)
    assert objects.find(artefacts) == set(artefacts[:-1])
    for some in (artefacts[:1], artefacts[-2:], []):
        assert objects.find(some) == set(some) - {artefacts[-1]}
    for store in (objects, ObjectStore(objects.url, OURS)):
        assert fetch(store, artefacts[7]) == content(artefacts[7])
        assert fetch(store, artefacts[-1]) is None
    assert objects.take_notes() == ()


def test_a_store_in_memory_does_the_same(tmp_path: Path) -> None:
    objects = ObjectStore("memory:///", OURS)
    put(objects, name(1), tmp_path)
    assert objects.find([name(1), name(2)]) == {name(1)}
    assert fetch(objects, name(1)) == content(name(1))
    objects.drop(name(1))
    assert objects.find([name(1)]) == set() and fetch(objects, name(1)) is None


@pytest.mark.parametrize("size", [0, 1, PART - 1, PART, PART + 1, 2 * PART])
def test_any_size_comes_back(objects: ObjectStore, tmp_path: Path, size: int) -> None:
    data = bytes(size)
    put(objects, name(size), tmp_path, data)
    assert fetch(objects, name(size)) == data


def test_an_object_that_is_cut_anywhere_is_not_fetched(
    objects: ObjectStore, share: Path, tmp_path: Path
) -> None:
    put(objects, name(1), tmp_path)
    path = find_object(share, name(1))
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(whole[:length])
        assert ObjectStore(objects.url, OURS).find([name(1)]) == set()
        # It was found while it was whole, and was cut since.
        assert fetch(objects, name(1)) is None
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(whole)
        assert objects.find([name(1)]) == {name(1)}
    assert fetch(objects, name(1)) == whole


def test_other_bytes_of_the_same_size_are_dropped(
    objects: ObjectStore, share: Path, tmp_path: Path
) -> None:
    put(objects, name(1), tmp_path)
    put(objects, name(2), tmp_path)
    path = find_object(share, name(1))
    path.write_bytes(path.read_bytes()[::-1])
    assert fetch(objects, name(1)) is None and not path.exists()
    assert fetch(objects, name(2)) == content(name(2))
    (note,) = objects.take_notes()
    assert note.message.startswith("In the store, 1 artefact has other bytes")
    put(objects, name(1), tmp_path)
    assert fetch(objects, name(1)) == content(name(1))


def test_another_good_object_stands_in_for_a_damaged_one(
    objects: ObjectStore, share: Path, tmp_path: Path
) -> None:
    """As where two machines made it at once, with other bytes."""
    put(objects, name(1), tmp_path, b"first")
    put(objects, name(1), tmp_path, b"second")
    first, second = sorted(
        (share / name(1).key[0] / name(1).name).iterdir(), key=lambda path: path.read_bytes()
    )
    assert fetch(objects, name(1)) in (b"first", b"second")
    first.write_bytes(b"tsrif")
    assert fetch(objects, name(1)) == b"second"
    assert second.exists()


def test_what_others_sealed_neither_counts_nor_is_in_the_way(
    objects: ObjectStore, tmp_path: Path
) -> None:
    theirs = ObjectStore(objects.url, THEIRS)
    put(theirs, name(1), tmp_path, b"foreign")
    assert objects.find([name(1)]) == set() and fetch(objects, name(1)) is None
    (note,) = objects.take_notes()
    assert "sealed by another secret" in note.message
    put(objects, name(1), tmp_path)
    assert fetch(objects, name(1)) == content(name(1))
    assert fetch(theirs, name(1)) == b"foreign"
    objects.drop(name(1))
    assert theirs.find([name(1)]) == {name(1)}


@pytest.mark.parametrize("consent", ["", "other", "Größe/../\n", "x" * 500, "record_1", "."])
def test_an_artefact_of_another_consent_is_not_found(
    objects: ObjectStore, tmp_path: Path, consent: str
) -> None:
    shown = name(1, ".mp4", consent)
    put(objects, shown, tmp_path)
    assert objects.find([shown]) == {shown} and fetch(objects, shown) == content(shown)
    for other in ("record", f"{consent}x", consent.upper() + "y"):
        asked = replace(shown, consent=other)
        assert objects.find([asked]) == set() and fetch(objects, asked) is None
    (note,) = objects.take_notes()[:1]
    assert "another consent record" in note.message


def test_an_object_under_another_name_is_not_found(
    objects: ObjectStore, share: Path, tmp_path: Path
) -> None:
    put(objects, name(1), tmp_path)
    path = find_object(share, name(1))
    for asked in (name(2), replace(name(1), suffix=".png")):
        folder = share / asked.key[0] / asked.name
        folder.mkdir(parents=True)
        shutil.copy(path, folder / path.name)
        assert objects.find([asked]) == set() and fetch(objects, asked) is None
    assert fetch(objects, name(1)) == content(name(1))


def test_many_that_are_used_are_several_lists(
    objects: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("narrate.pipeline.store.objects._LISTED_AT_ONCE", 4)
    artefacts = [name(n) for n in range(10)]
    objects.touch(artefacts)
    lists = [names for _, names in objects.list_uses()]
    assert sorted(map(len, lists)) == [2, 4, 4]
    assert frozenset().union(*lists) == {artefact.name for artefact in artefacts}


def test_strange_names_are_passed_over(objects: ObjectStore, share: Path, tmp_path: Path) -> None:
    put(objects, name(1), tmp_path)
    folder = share / name(1).key[0]
    for strange in ("a", f"{name(1).name}/x", f"{name(1).name}/a.b.c", "ä b%2F", "x" * 200):
        path = folder / strange
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("strange")
    assert objects.find([name(n) for n in range(30)]) == {name(1)}
    assert [sealed.name for sealed in objects.list_all()] == [name(1).name]


@posix
def test_nothing_is_written_or_deleted_through_links(
    objects: ObjectStore, share: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    artefact = name(1)
    put(objects, artefact, tmp_path)
    shutil.copytree(share / artefact.key[0], outside)
    before = {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()}
    shutil.rmtree(share / artefact.key[0])
    (share / artefact.key[0]).symlink_to(outside)
    calls: list[Callable[[], None]] = [
        lambda: put(objects, artefact, tmp_path),
        lambda: delete_all(objects),
        lambda: objects.drop(artefact),
    ]
    for call in calls:
        with pytest.raises(StoreError, match="link"):
            call()
    assert {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()} == before


def test_what_builds_use_is_noted(
    objects: ObjectStore, share: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects.touch([name(1), name(2)])
    objects.touch([name(2), name(1)])
    objects.touch([name(3)])
    lists = [names for _, names in objects.list_uses()]
    assert sorted(map(len, lists)) == [1, 2]
    assert frozenset().union(*lists) == {name(n).name for n in (1, 2, 3)}
    monkeypatch.setattr("narrate.pipeline.store.objects._LARGEST_LIST", 10_000)
    (share / "used" / "damaged").write_bytes(b"no list")
    (share / "used" / "bomb").write_bytes(zlib.compress(bytes(1_000_000)))
    (share / "used" / "huge").write_bytes(bytes(10_001))
    assert max(len(name) for _, names in objects.list_uses() for name in names) <= 10_000
    assert frozenset().union(*(names for _, names in objects.list_uses())) >= lists[0] | lists[1]
    objects.forget_uses(float("inf"))
    assert list(objects.list_uses()) == []


@pytest.mark.parametrize(
    "url",
    [
        "s3://",
        "s3:///prefix",
        "ftp://host/x",
        "https://bucket.example/x",
        "s3://[",
        "file://",
        "file://host/share",
        "s3://key:secret@bucket/prefix",
        "s3://bucket/prefix?token=secret",
        "s3://bucket/prefix#secret",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(AddressError) as caught:
        require_address(url)
    assert "secret" not in str(caught.value) and caught.value.remedy


@pytest.mark.parametrize("url", ["s3://b", "gs://b/p/q", "az://c/p", "file:///x", "memory:///"])
def test_addresses_are_accepted(url: str) -> None:
    require_address(url)


def test_a_shared_folder_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    """It would be made where a share is not mounted."""
    with pytest.raises(AddressError, match="no such folder") as caught:
        ObjectStore((tmp_path / "share").as_uri(), OURS)
    assert "Mount" in caught.value.remedy and not (tmp_path / "share").exists()


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "obstore.store", None)
    with pytest.raises(AddressError, match="not installed") as caught:
        ObjectStore("s3://bucket", OURS)
    assert "pip install 'narrate-lectures[cluster]'" in caught.value.remedy


class _NamedError(Exception):
    """An error of the library, which are told apart by their names."""


def make_error(kind: str, text: str) -> Exception:
    error: Exception = type(kind, (_NamedError,), {})(text)
    return error


S3 = "Server returned non-2xx status code: {}: <Error><Code>{}</Code><Token>hidden</Token></Error>"


@pytest.mark.parametrize(
    ("kind", "text", "expected", "said"),
    [
        (
            "GenericError",
            S3.format("503 Unavailable", "SlowDown"),
            UnreachableError,
            "503 SlowDown",
        ),
        ("GenericError", S3.format("429 Many", "SlowDown"), UnreachableError, "429"),
        ("GenericError", "HTTP error: error sending request", UnreachableError, "not answer"),
        (
            "GenericError",
            S3.format("404 Not Found", "NoSuchBucket"),
            RefusedError,
            "no such bucket",
        ),
        ("GenericError", S3.format("403 Forbidden", "AccessDenied"), RefusedError, "AccessDenied"),
        ("PermissionDeniedError", "whatever", RefusedError, "credentials"),
        ("UnauthenticatedError", S3.format("401 No", "Expired"), RefusedError, "401 Expired"),
        ("GenericError", "GET http://169.254.169.254/latest", RefusedError, "No credentials"),
        ("GenericError", S3.format("301 Moved", "PermanentRedirect"), RefusedError, "region"),
        ("GenericError", S3.format("400 Bad", "InvalidArgument"), RefusedError, "400"),
        ("GenericError", "builder error kind: BadScheme", AddressError, "not encrypted"),
        ("UnknownConfigurationKeyError", "aws_x", AddressError, "settings"),
    ],
)
def test_errors_say_what_to_do(kind: str, text: str, expected: type[StoreError], said: str) -> None:
    told = explain_error(make_error(kind, text), "s3://bucket")
    assert type(told) is expected and said in told.message
    assert told.remedy and "hidden" not in str(told)


@pytest.mark.parametrize(
    ("number", "expected", "said"),
    [(28, StoreError, "full"), (13, StoreError, "Permission"), (116, UnreachableError, "Stale")],
)
@posix
def test_errors_of_a_shared_folder_say_what_to_do(
    number: int, expected: type[StoreError], said: str
) -> None:
    error = make_error("GenericError", f"Unable to write: failed (os error {number})")
    told = explain_error(error, "file:///share")
    assert type(told) is expected and said in told.message and told.remedy


class Moody:
    """A store of the library that fails a few times."""

    def __init__(self, remote: Any, errors: list[Exception]) -> None:
        self.remote = remote
        self.errors = errors

    def __getattr__(self, method: str) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            if self.errors:
                raise self.errors.pop(0)
            return getattr(self.remote, method)(*arguments, **options)

        return call


def test_what_may_pass_is_tried_again_and_nothing_else(
    objects: ObjectStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    calls: ObjectCalls = objects._calls
    busy = [make_error("GenericError", "error sending request") for _ in range(6)]
    calls._remote = Moody(calls._remote, busy)  # type: ignore[assignment]
    put(objects, name(1), tmp_path)
    assert fetch(objects, name(1)) == content(name(1))
    assert len(waits) == 6 and waits[0] < waits[5] <= 3
    busy += [make_error("PermissionDeniedError", "no"), make_error("GenericError", "later")]
    with pytest.raises(RefusedError):
        objects.find([name(1)])
    assert len(waits) == 6 and len(busy) == 1


def test_patience_ends(objects: ObjectStore, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0

    def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(time, "monotonic", lambda: now)
    endless = [make_error("GenericError", "error sending request") for _ in range(10_000)]
    objects._calls._remote = Moody(None, endless)  # type: ignore[assignment]
    objects._calls._patience = 120
    with pytest.raises(UnreachableError, match="does not answer") as caught:
        objects.find([name(1)])
    assert 120 < now < 124 and re.search("kept", caught.value.remedy)


def test_examining_reads_everything(objects: ObjectStore, share: Path, tmp_path: Path) -> None:
    for number in range(3):
        put(objects, name(number, ".mp4", "any"), tmp_path)
    put(ObjectStore(objects.url, THEIRS), name(3), tmp_path)
    path = find_object(share, name(1, ".mp4"))
    path.write_bytes(path.read_bytes()[::-1])
    faults = {sealed.name: objects.examine(sealed) for sealed in objects.list_all()}
    assert faults == {
        name(0, ".mp4").name: None,
        name(1, ".mp4").name: Fault.DAMAGED,
        name(2, ".mp4").name: None,
        name(3).name: Fault.FOREIGN,
    }
