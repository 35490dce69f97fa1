"""Keys, and which of them are trusted."""

from __future__ import annotations

import json
import os
import stat
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from consent_world import NOW, World, isolate

from avatar.consent import (
    SigningKey,
    add_keys,
    course_keys_path,
    create_key,
    load_key,
    load_trust,
    trust_path,
)
from avatar.consent.revocation import Revocation
from avatar.consent.signing_keys import config_folder, key_path, public_as_json
from avatar.consent.trust import add_revocation, read_keys, read_trust_file
from avatar.errors import ConsentError

OTHER = "zz12cd34-0000-4000-8000-000000000009"


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return isolate(tmp_path, monkeypatch)


@pytest.fixture
def stranger(tmp_path: Path) -> SigningKey:
    return create_key(tmp_path / "stranger" / "key.json", name="Stranger")


# Trust.


def test_without_a_users_file_the_courses_keys_count(world: World) -> None:
    trust = load_trust(world.root)
    assert trust.source == "course" and trust.path == course_keys_path(world.root)
    assert [key.name for key in trust.keys] == ["Ada"]
    assert world.code() is None
    course_keys_path(world.root).unlink()
    assert load_trust(world.root).keys == ()
    assert world.code() == "untrusted"


def test_only_the_users_file_decides(world: World, stranger: SigningKey) -> None:
    add_keys(trust_path(), (stranger.public,))
    assert load_trust(world.root).source == "outside"
    assert world.code() == "untrusted"
    add_keys(trust_path(), (world.key.public,))
    assert world.code() is None
    course_keys_path(world.root).unlink()
    assert world.code() is None


def test_an_empty_list_trusts_nobody(world: World) -> None:
    trust_path().parent.mkdir(parents=True)
    trust_path().write_text('{"keys": []}')
    assert load_trust(world.root).source == "outside"
    assert world.code() == "untrusted"


def test_a_named_trust_file_must_exist(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = tmp_path / "named.json"
    monkeypatch.setenv("NARRATE_TRUST", str(named))
    assert world.code() == "missing"
    add_keys(named, (world.key.public,))
    assert trust_path() == named and world.code() is None
    with pytest.raises(ConsentError) as caught:
        load_trust(world.root, tmp_path / "another.json")
    assert caught.value.code == "missing"
    assert load_trust(None, named).keys == (world.key.public,)


@pytest.mark.parametrize("place", ["outside", "course"])
@pytest.mark.parametrize(
    "change",
    [
        lambda d: None,
        lambda d: [],
        lambda d: {},
        lambda d: {**d, "more": 1},
        lambda d: {"keys": d["keys"][0]},
        lambda d: {"keys": [{**d["keys"][0], "kid": "A" * 43}]},
        lambda d: {"keys": [{**d["keys"][0], "x": d["keys"][0]["x"][:-1]}]},
        lambda d: {"keys": [{**d["keys"][0], "kty": "oct", "k": "AAAA"}]},
        lambda d: {"keys": [{**d["keys"][0], "crv": "Ed448"}]},
        lambda d: {"keys": [{**d["keys"][0], "d": "A" * 43}]},
        lambda d: {"keys": [{k: v for k, v in d["keys"][0].items() if k != "kid"}]},
        lambda d: {**d, "revoked": "none"},
        lambda d: {**d, "revoked": [OTHER]},
        lambda d: {**d, "revoked": [{"id": OTHER, "reason": "", "at": "2030-01-01T00:00:00Z"}]},
        lambda d: {**d, "revoked": [{"id": OTHER, "reason": "x", "at": "yesterday"}]},
    ],
)
def test_a_damaged_file_trusts_nobody(world: World, place: str, change: Any) -> None:
    honest = {"keys": [public_as_json(world.key.public)]}
    add_keys(trust_path(), (world.key.public,))
    path = trust_path() if place == "outside" else course_keys_path(world.root)
    path.write_text(json.dumps(honest))
    assert world.code() is None
    path.write_text(json.dumps(change(honest)))
    assert world.code() == "unreadable"
    for cut in (b"", path.read_bytes()[:-3], b"\xff"):
        path.write_bytes(cut)
        assert world.code() == "unreadable"
        with pytest.raises(ConsentError):  # and the damage is not overwritten
            add_keys(path, (world.key.public,))


def test_a_course_cannot_use_keys_from_outside_its_folder(world: World, tmp_path: Path) -> None:
    inside = course_keys_path(world.root)
    target = tmp_path / "keys-elsewhere.json"
    inside.rename(target)
    inside.symlink_to(target)
    assert world.code() == "unreadable"
    inside.unlink()
    inside.symlink_to(tmp_path / "nothing.json")
    assert world.code() == "unreadable"


def test_a_link_to_nothing_is_not_the_same_as_no_file(world: World) -> None:
    trust_path().parent.mkdir(parents=True)
    trust_path().symlink_to("gone.json")
    assert world.code() == "unreadable"


def test_added_keys_are_trusted(world: World, stranger: SigningKey) -> None:
    path = trust_path()
    assert add_keys(path, (world.key.public, world.key.public)) == (world.key.public,)
    assert add_keys(path, (world.key.public, stranger.public)) == (stranger.public,)
    assert add_keys(path, (stranger.public,)) == ()
    assert read_keys(path) == (world.key.public, stranger.public)
    assert list(json.loads(path.read_text())) == ["keys"]
    with pytest.raises(ConsentError, match="no public keys"):
        read_keys(path.with_name("none.json"))


@pytest.mark.skipif(sys.platform == "win32", reason="no folder locks there")
def test_no_key_is_lost_when_many_are_added_at_once(world: World, tmp_path: Path) -> None:
    ids = [f"record-{n:03d}" for n in range(24)]

    def add(identity: str) -> None:
        add_revocation(trust_path(), Revocation(identity, "x", NOW))

    threads = [threading.Thread(target=add, args=(identity,)) for identity in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = read_trust_file(trust_path())
    assert found is not None and sorted(entry.id for entry in found.revoked) == ids


# Keys.


def test_only_the_owner_can_read_a_private_key(config: Path) -> None:
    key = create_key(key_path(), name="Ada")
    assert load_key() == key
    if os.name == "posix":
        assert stat.S_IMODE(key_path().stat().st_mode) == 0o600
        key_path().chmod(0o644)
        with pytest.raises(ConsentError, match="others") as caught:
            load_key()
        assert caught.value.code == "unreadable" and "chmod 600" in caught.value.remedy


def test_a_private_key_is_never_overwritten(config: Path) -> None:
    first = create_key(key_path())
    with pytest.raises(ConsentError) as caught:
        create_key(key_path())
    assert caught.value.code == "exists" and load_key() == first
    assert create_key(key_path().with_name("second.json")).public != first.public


def test_the_key_is_in_the_settings_folder_or_in_narrate_keys(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert key_path().parent == config
    monkeypatch.setenv("NARRATE_KEYS", str(tmp_path / "safe"))
    assert key_path().parent == tmp_path / "safe"
    with pytest.raises(ConsentError) as caught:
        load_key()
    assert caught.value.code == "missing" and "narrate consent key" in caught.value.remedy


def test_the_settings_folder_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    if sys.platform != "linux":
        pytest.skip("XDG folders are Linux's")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert config_folder() == tmp_path / "narrate"


@pytest.mark.parametrize("change", [{"d": "A" * 43}, {"d": "A"}, {"d": None}, {"x": "A" * 43},
                                    {"kid": "x"}, {"more": 1}])  # fmt: skip
def test_a_damaged_private_key_is_refused(config: Path, change: dict[str, Any]) -> None:
    create_key(key_path())
    value = json.loads(key_path().read_text())
    key_path().write_text(json.dumps({**value, **change}))
    with pytest.raises(ConsentError) as caught:
        load_key()
    assert caught.value.code == "unreadable" and value["d"] not in str(caught.value)


def test_a_key_needs_a_name_that_can_be_shown(tmp_path: Path) -> None:
    with pytest.raises(ConsentError) as caught:
        create_key(tmp_path / "k.json", name="Ada\x1b[31m")
    assert caught.value.code == "invalid"
