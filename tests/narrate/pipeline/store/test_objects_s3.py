"""An object store against a real S3 server, which is not always there."""

from __future__ import annotations

import hashlib
import http.server
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from trial_s3 import BUCKET, CREDENTIALS, Line, serve_s3
from trial_store import OURS, THEIRS, content, finish, name, start

from narrate.errors import AddressError, RefusedError, UnreachableError
from narrate.pipeline.step import Artefact
from narrate.pipeline.store.cached import CachedStore
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.object_calls import PART, ObjectCalls
from narrate.pipeline.store.objects import ObjectStore
from narrate.pipeline.store.retention import SharedArtefacts, count_artefacts, prune, verify


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    with serve_s3() as port:
        yield port


@pytest.fixture
def line(server: int, monkeypatch: pytest.MonkeyPatch) -> Line:
    line = Line(server)
    for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    environment = {
        **CREDENTIALS,
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{line.port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_REGION": "us-east-1",
    }
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    return line


@pytest.fixture
def url(request: pytest.FixtureRequest) -> str:
    """A place of its own in the bucket for each test."""
    return f"s3://{BUCKET}/{hashlib.sha256(request.node.name.encode()).hexdigest()[:12]}"


def open_machine(url: str, folder: Path, patience: float = 20) -> CachedStore:
    """The store as a machine of its own opens it."""
    return CachedStore(ObjectStore(url, OURS, patience=patience), FolderStore(folder, OURS))


def write(store: CachedStore, artefact: Artefact, data: bytes | None = None) -> None:
    with store.writing([artefact]) as (path,):
        path.write_bytes(content(artefact) if data is None else data)


def test_what_one_machine_made_another_has(line: Line, url: str, tmp_path: Path) -> None:
    one, two = open_machine(url, tmp_path / "one"), open_machine(url, tmp_path / "two")
    artefacts = [name(n, ".png", "record") for n in range(40)]
    for artefact in artefacts[1:]:
        write(one, artefact)
    assert two.find_missing(artefacts) == {artefacts[0]}
    for artefact in artefacts[1:]:
        path = two.fetch(artefact)
        assert path and path.read_bytes() == content(artefact)
    assert two.fetch(artefacts[0]) is None
    picture = tmp_path / "photo.png"
    picture.write_bytes(b"picture")
    taken = Artefact(hashlib.sha256(b"picture").hexdigest()[:40], ".png")
    one.add_file(picture, taken)
    assert two.find_missing([taken]) == set() and two.fetch(taken)
    assert two.take_notes() == ()


def test_a_large_file_goes_and_comes_in_parts(line: Line, url: str, tmp_path: Path) -> None:
    data = bytes(range(256)) * (3 * PART // 256) + b"end"
    write(open_machine(url, tmp_path / "one"), name(1), data)
    path = open_machine(url, tmp_path / "two").fetch(name(1))
    assert path and path.read_bytes() == data


def test_a_listing_is_enough_to_find_what_is_missing(line: Line, url: str, tmp_path: Path) -> None:
    store = open_machine(url, tmp_path / "one")
    artefacts = [name(n) for n in range(200)]
    for artefact in artefacts[:20]:
        write(store, artefact)
    passed = line.passed
    assert store.find_missing(artefacts) == set(artefacts[20:])
    assert line.passed - passed < 30_000  # bytes of sixteen listings, of which most are empty


def test_a_store_that_is_away_for_some_seconds_is_waited_for(
    line: Line, url: str, tmp_path: Path
) -> None:
    one, two = open_machine(url, tmp_path / "one"), open_machine(url, tmp_path / "two")
    write(one, name(1))
    for use in (
        lambda: write(one, name(2)),
        lambda: two.find_missing([name(1), name(2)]),
        lambda: two.fetch(name(2)),
        lambda: one.drop(name(1)),
    ):
        line.cut_for(0.8)
        began = time.monotonic()
        use()
        assert time.monotonic() - began > 0.5
    assert two.find_missing([name(1), name(2)]) == {name(1)}


def test_a_line_that_is_cut_in_the_middle_of_a_file_harms_nothing(
    line: Line, url: str, tmp_path: Path
) -> None:
    data = bytes(range(256)) * (2 * PART // 256)
    write(open_machine(url, tmp_path / "one"), name(1), data)
    line.cut_after_bytes(PART // 2)
    path = open_machine(url, tmp_path / "two").fetch(name(1))
    assert line.cuts == 1
    assert path and path.read_bytes() == data


def test_a_writer_that_is_killed_leaves_nothing_half(line: Line, url: str, tmp_path: Path) -> None:
    program = """
import sys, pathlib
from trial_store import OURS, name
from narrate.pipeline.store.cached import CachedStore
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.objects import ObjectStore
store = CachedStore(ObjectStore(sys.argv[1], OURS), FolderStore(pathlib.Path(sys.argv[2]), OURS))
print("ready", flush=True)
for number in range(1000):
    with store.writing([name(number)]) as (path,):
        path.write_bytes(bytes([number % 256]) * 9_000_000)
"""
    for delay in (0.1, 0.4):
        writer = start(program, url, tmp_path / "one")
        assert writer.stdout and writer.stdout.readline() == "ready\n"
        time.sleep(delay)
        writer.kill()
        writer.communicate()
        for folder in ("one", f"two {delay}"):  # the cache of the killed one, and none
            store = open_machine(url, tmp_path / folder)
            artefacts = [name(number) for number in range(12)]
            for number in range(12):
                if artefacts[number] not in store.find_missing(artefacts):
                    path = store.fetch(artefacts[number])
                    assert path and path.read_bytes() == bytes([number]) * 9_000_000
            assert store.take_notes() == ()


def test_two_machines_may_make_the_same(line: Line, url: str, tmp_path: Path) -> None:
    program = """
import sys, pathlib
from trial_store import OURS, content, name
from narrate.pipeline.store.cached import CachedStore
from narrate.pipeline.store.folder import FolderStore
from narrate.pipeline.store.objects import ObjectStore
store = CachedStore(ObjectStore(sys.argv[1], OURS), FolderStore(pathlib.Path(sys.argv[2]), OURS))
for number in range(40):
    with store.writing([name(number)]) as (path,):
        path.write_bytes(content(name(number)))
    assert store.fetch(name((number * 7) % (number + 1)))
"""
    for process in [start(program, url, tmp_path / f"machine{n}") for n in range(2)]:
        finish(process)
    store = open_machine(url, tmp_path / "third")
    assert store.find_missing([name(n) for n in range(40)]) == set()
    assert count_artefacts(SharedArtefacts(store.objects)).all.number == 40


def test_a_store_that_is_not_there_is_named(line: Line, url: str, tmp_path: Path) -> None:
    line.cut()
    store = open_machine(url, tmp_path / "one", patience=0.3)
    with pytest.raises(UnreachableError, match="does not answer") as caught:
        store.find_missing([name(1)])
    assert caught.value.place.path == url and "kept" in caught.value.remedy
    with pytest.raises(UnreachableError):
        write(store, name(1))
    line.mend()
    assert store.find_missing([name(1)]) == {name(1)}
    write(store, name(1))


def test_a_bucket_that_is_not_there_is_named(line: Line, tmp_path: Path) -> None:
    store = open_machine("s3://nobodys/prefix", tmp_path / "one")
    for use in (
        lambda: store.find_missing([name(1)]),
        lambda: store.fetch(name(1)),
        lambda: write(store, name(1)),
    ):
        with pytest.raises(RefusedError, match="no such bucket"):
            use()


def test_http_that_was_not_allowed_is_refused(
    line: Line, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ALLOW_HTTP", "false")
    with pytest.raises(AddressError, match="not encrypted") as caught:
        open_machine(url, tmp_path / "one").find_missing([name(1)])
    assert "AWS_ALLOW_HTTP" in caught.value.remedy


class _Refusing(http.server.BaseHTTPRequestHandler):
    """A server that refuses whoever asks, as one with access control."""

    def do_GET(self) -> None:
        body = b"<Error><Code>SignatureDoesNotMatch</Code><Message>No.</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_PUT = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


def test_credentials_that_are_refused_are_named(
    line: Line, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        store = open_machine(url, tmp_path / "one")
        for use in (lambda: store.find_missing([name(1)]), lambda: write(store, name(1))):
            began = time.monotonic()
            with pytest.raises(RefusedError, match="refuses the credentials") as caught:
                use()
            assert "SignatureDoesNotMatch" in caught.value.message
            assert time.monotonic() - began < 10  # it is not asked again
        server.shutdown()


def test_a_proxy_is_used(
    server: int, line: Line, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The endpoint's name is known to the proxy alone."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed.getsockname()[1]}")
        # A request through a proxy names the whole address, which this server does not mind.
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{line.port}")
        before = line.connections
        store = open_machine(url, tmp_path / "one", patience=2)
        write(store, name(1))
        assert line.connections > before and store.find_missing([name(1)]) == set()
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with pytest.raises(UnreachableError):
            open_machine(url, tmp_path / "two", patience=1).find_missing([name(1)])


def test_what_others_put_into_the_bucket_is_not_served(
    line: Line, url: str, tmp_path: Path
) -> None:
    mine = open_machine(url, tmp_path / "one")
    theirs = CachedStore(ObjectStore(url, THEIRS), FolderStore(tmp_path / "theirs", THEIRS))
    shown = name(1, ".mp4", "now")
    write(theirs, shown, b"foreign")
    write(mine, name(1, ".mp4", "revoked"), b"replayed")
    write(mine, name(2), b"of another name")
    stranger = ObjectCalls(url)
    for sealed in list(mine.objects.list_all()):  # every seal under the name that is wanted
        seal = sealed.listed.path.rpartition("/")[2]
        stranger.write(f"{shown.key[0]}/{shown.name}/{seal}", b"forged")
    assert mine.find_missing([shown, name(2)]) == {shown}
    assert mine.fetch(shown) is None
    write(mine, shown)
    path = open_machine(url, tmp_path / "two").fetch(shown)
    assert path and path.read_bytes() == content(shown)


def test_retention_of_a_bucket(line: Line, url: str, tmp_path: Path) -> None:
    store = open_machine(url, tmp_path / "one")
    for number in range(6):
        write(store, name(number))
    time.sleep(1.1)  # the server's times are whole seconds
    store.touch([name(0)])
    artefacts = SharedArtefacts(store.objects)
    now = time.time()
    assert count_artefacts(artefacts, now=now).by_age["today"].number == 6
    assert count_artefacts(artefacts, now=now + 10 * 86400).by_age["this month"].number == 6
    assert verify(artefacts).wrong == ()
    assert prune(artefacts, older_than=2, now=now).deleted.number == 0
    size = len(content(name(0)))
    assert prune(artefacts, larger_than=2 * size, dry_run=True).deleted.number == 4
    assert prune(artefacts, larger_than=2 * size, now=now).left.number == 2
    assert name(0) not in store.find_missing([name(0)])
    assert prune(artefacts, older_than=0, now=now + 5).left.number == 0
    assert list(store.objects.list_uses()) == []
