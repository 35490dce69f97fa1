"""Revocations: no change to the list makes the consent valid again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from consent_world import NOW, World

from avatar.consent import (
    SigningKey,
    add_keys,
    course_keys_path,
    create_key,
    load_trust,
    revoke,
    trust_path,
)
from avatar.consent.revocation import Revocation, list_path, read_list
from avatar.consent.trust import add_revocation
from avatar.errors import ConsentError

OTHER = "zz12cd34-0000-4000-8000-000000000009"


@pytest.fixture
def stranger(tmp_path: Path) -> SigningKey:
    return create_key(tmp_path / "stranger" / "key.json", name="Stranger")


def test_revoked_in_both_places(world: World) -> None:
    done = revoke(world.photo, reason="Changed my mind", key=world.key, now=NOW)
    assert done.beside == list_path(world.record) and done.trust_file == trust_path()
    assert done.beside.name == "ada.png.revoked.json"
    with pytest.raises(ConsentError) as caught:
        world.approve()
    assert caught.value.code == "revoked" and "Changed my mind" in caught.value.message
    assert "narrate consent grant" in caught.value.remedy
    # This does not change whose keys count.
    assert load_trust(world.root).source == "course"


@pytest.mark.parametrize("kept", ["beside", "outside"])
def test_a_revocation_in_either_place_is_enough(world: World, kept: str) -> None:
    done = revoke(world.photo, reason="x", key=world.key)
    assert done.beside is not None
    (trust_path() if kept == "beside" else done.beside).unlink()
    assert world.code() == "revoked"


def test_a_course_can_carry_revocations_with_its_keys(world: World) -> None:
    add_revocation(course_keys_path(world.root), Revocation(world.document()["record"]["id"],
                                                            "x", NOW))  # fmt: skip
    assert world.code() == "revoked"
    add_keys(trust_path(), (world.key.public,))
    assert world.code() == "revoked"  # even though the user's file decides about keys


def test_only_the_record_that_was_named_is_stopped(world: World) -> None:
    revoke(world.photo, reason="x", key=world.key)
    assert world.code() == "revoked"
    world.grant(record_id=OTHER)
    assert world.code() is None


def test_without_a_key_the_record_is_stopped_on_this_machine(world: World) -> None:
    done = revoke(world.photo, reason="x", key=None)
    assert done.beside is None and not list_path(world.record).exists()
    assert world.code() == "revoked"


def test_a_lost_record_can_be_revoked_by_its_id(world: World) -> None:
    honest = world.record.read_bytes()
    world.record.unlink()
    with pytest.raises(ConsentError) as caught:
        revoke(world.photo, reason="x", key=world.key)
    assert caught.value.code == "missing"
    revoke(world.photo, reason="x", key=world.key,
           record_id="ab12cd34-0000-4000-8000-000000000001")  # fmt: skip
    world.record.write_bytes(honest)
    assert world.code() == "revoked"


def test_an_altered_record_can_be_revoked(world: World) -> None:
    document = world.document()
    document["record"]["subject"] = "Somebody"
    world.write(document)
    revoke(world.photo, reason="x", key=world.key)
    world.grant()
    assert world.code() == "revoked"


@pytest.mark.parametrize("reason", ["", "a\nb", "\x1b[2J", "r" * 301])
def test_a_reason_that_cannot_be_shown(world: World, reason: str) -> None:
    with pytest.raises(ConsentError) as caught:
        revoke(world.photo, reason=reason, key=world.key)
    assert caught.value.code == "invalid" and world.code() is None


def entries(world: World) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(list_path(world.record).read_text())
    return value


@pytest.mark.parametrize("signature", ["", None, "a..b", 7])
def test_an_entry_stops_its_record_whoever_signed_it(world: World, signature: object) -> None:
    """Removing the signature does not undo the revocation."""
    revoke(world.photo, reason="x", key=world.key)
    trust_path().unlink()
    value = entries(world)
    value["revocations"][0]["signature"] = signature
    list_path(world.record).write_text(json.dumps(value))
    assert world.code() in ("revoked", "unreadable")


@pytest.mark.parametrize(
    "change",
    [
        lambda v: {},
        lambda v: {"revocations": []},
        lambda v: {"revocations": None},
        lambda v: {**v, "more": 1},
        lambda v: {"revocations": [{"revocation": v["revocations"][0]["revocation"]}]},
        lambda v: {"revocations": [{"signature": v["revocations"][0]["signature"]}]},
    ],
)
def test_a_garbled_list_stops_the_record(world: World, change: Any) -> None:
    """The list is about another record, so an honest one would let this one pass."""
    revoke(world.photo, reason="x", key=world.key, record_id=OTHER)
    assert world.code() is None
    value = entries(world)
    path = list_path(world.record)
    path.write_text(json.dumps(change(value)))
    assert world.code() == "unreadable"
    for data in (b"", b"\0", b"{", json.dumps(value).encode()[:-2]):
        path.write_bytes(data)
        assert world.code() == "unreadable"
    path.unlink()
    path.mkdir()
    assert world.code() == "unreadable"
    path.rmdir()
    path.symlink_to("gone")
    assert world.code() == "unreadable"


def test_no_byte_of_a_revocation_can_be_changed_to_undo_it(world: World) -> None:
    revoke(world.photo, reason="x", key=world.key)
    trust_path().unlink()
    path = list_path(world.record)
    honest = path.read_bytes()
    trust = load_trust(world.root)
    for at, old in enumerate(honest):
        for new in (bytes([old ^ 1]), b""):
            path.write_bytes(honest[:at] + new + honest[at + 1 :])
            with pytest.raises(ConsentError) as caught:
                world.approve(trust=trust)
            assert caught.value.code in ("revoked", "unreadable", "altered", "untrusted")


def test_an_entry_by_a_stranger_about_another_record(world: World, stranger: SigningKey) -> None:
    """It is not known whether the entry was once about this record."""
    revoke(world.photo, reason="x", key=stranger, record_id=OTHER)
    assert world.code() == "untrusted"
    add_keys(course_keys_path(world.root), (stranger.public,))
    assert world.code() is None
    value = entries(world)
    value["revocations"][0]["revocation"]["id"] = "yy12cd34"
    list_path(world.record).write_text(json.dumps(value))
    assert world.code() == "altered"


def test_a_damaged_list_is_not_overwritten_but_the_record_is_revoked(world: World) -> None:
    list_path(world.record).write_text("{")
    with pytest.raises(ConsentError) as caught:
        revoke(world.photo, reason="x", key=world.key)
    assert caught.value.code == "unreadable" and "The record is revoked in" in caught.value.message
    assert list_path(world.record).read_text() == "{"
    list_path(world.record).unlink()
    assert world.code() == "revoked"


def test_a_new_file_at_a_named_place_trusts_nobody(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Revoking must not allow more than before: the named file was missing, so everything was
    refused."""
    monkeypatch.setenv("NARRATE_TRUST", str(tmp_path / "named.json"))
    assert world.code() == "missing"
    revoke(world.photo, reason="x", key=None, record_id=OTHER)
    assert world.code() == "untrusted"


def test_a_record_may_be_in_another_place(world: World) -> None:
    place = world.root / "presenter" / "consent"
    assert list_path(place).name == "consent.revoked.json"
    assert read_list(list_path(place)) == ()
