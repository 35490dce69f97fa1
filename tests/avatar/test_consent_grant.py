"""Writing a consent record: whole, or not at all."""

from __future__ import annotations

import errno
import os
from datetime import UTC, datetime
from typing import Any

import pytest
from consent_world import NOW, World, picture_bytes

from avatar.errors import ConsentError

unprivileged = pytest.mark.skipif(
    os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere"
)


def test_a_record_is_replaced_only_with_force(world: World) -> None:
    before = world.record.read_bytes()
    with pytest.raises(ConsentError) as caught:
        world.grant(subject="Bob", force=False)
    assert caught.value.code == "exists" and "--force" in caught.value.remedy
    assert world.record.read_bytes() == before


def test_consent_is_not_written_for_a_file_that_is_not_a_picture(world: World) -> None:
    from avatar.errors import PhotoError

    world.photo.write_bytes(picture_bytes()[:40])
    with pytest.raises(PhotoError):
        world.grant()


@pytest.mark.parametrize(
    "changes",
    [{"subject": ""}, {"courses": []}, {"statement": "a\0b"}, {"record_id": "x"},
     {"language": "?"}, {"valid_until": NOW.date().replace(year=2001)}, {"basis": "mine"},
     {"valid_from": datetime(2030, 1, 1, tzinfo=UTC).date().replace(year=2040)}],
)  # fmt: skip
def test_a_record_that_the_gate_would_refuse_is_not_written(
    world: World, changes: dict[str, Any]
) -> None:
    before = world.record.read_bytes()
    with pytest.raises(ConsentError) as caught:
        world.grant(**changes)
    assert caught.value.code == "invalid" and world.record.read_bytes() == before


@pytest.mark.parametrize(
    ("number", "says"),
    [(errno.ENOSPC, "disk is full"), (errno.EROFS, "cannot be written to"), (errno.EIO, "Check")],
)
def test_a_failed_write_leaves_what_was_there(
    world: World, monkeypatch: pytest.MonkeyPatch, number: int, says: str
) -> None:
    before = world.record.read_bytes()

    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(ConsentError) as caught:
        world.grant(subject="Bob")
    assert caught.value.code == "unwritable" and says in str(caught.value)
    assert world.record.read_bytes() == before
    assert sorted(path.name for path in world.photo.parent.iterdir()) == [
        "ada.png", "ada.png.consent.json", "keys.json",
    ]  # fmt: skip


@unprivileged
def test_a_folder_that_cannot_be_written(world: World) -> None:
    world.photo.parent.chmod(0o500)
    try:
        with pytest.raises(ConsentError) as caught:
            world.grant(subject="Bob")
    finally:
        world.photo.parent.chmod(0o700)
    assert caught.value.code == "unwritable" and "permission" in caught.value.remedy
