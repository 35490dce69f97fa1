"""Attacks on the gate by somebody who has a copy of a course."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from consent_world import COURSE, NOW, World, make_world, picture_bytes

from avatar.consent import (
    Revocation,
    add_keys,
    approve,
    course_keys_path,
    load_trust,
    record_path,
    revoke,
    trust_path,
)
from avatar.consent.canonical import write_canonical
from avatar.consent.revocation import list_path
from avatar.consent.signature import verify
from avatar.consent.signing_keys import _SMALL_ORDER, PublicKey, b64encode
from avatar.consent.trust import add_revocation
from avatar.errors import ConsentError, PhotoError


def test_the_scope_cannot_be_left_out(world: World) -> None:
    for course in (None, 0, b"optics-101", [COURSE]):
        with pytest.raises(TypeError, match="course"):
            world.approve(course=course)


def test_a_record_moved_to_another_name_keeps_its_list(world: World) -> None:
    revoke(world.photo, reason="x", key=world.key)
    trust_path().unlink()
    copy = world.record.with_name("copy.json")
    shutil.copy(world.record, copy)
    with pytest.raises(ConsentError) as caught:
        approve(world.photo, copy, course=COURSE, trust=load_trust(world.root), now=NOW)
    assert caught.value.code == "revoked"


def test_the_list_is_beside_a_record_in_another_place(world: World) -> None:
    place = world.root / "consent" / "ada.consent.json"
    place.parent.mkdir()
    shutil.move(world.record, place)
    trust = load_trust(world.root)
    assert approve(world.photo, place, course=COURSE, trust=trust, now=NOW)
    revoke(world.photo, reason="x", key=world.key, record=place)
    with pytest.raises(ConsentError) as caught:
        approve(world.photo, place, course=COURSE, trust=trust, now=NOW)
    assert caught.value.code == "revoked"


def test_a_photo_under_another_name_is_stopped_by_the_users_file(world: World) -> None:
    """Photo, record and keys are copied into another course, without the list of revocations."""
    revoke(world.photo, reason="x", key=world.key)
    thief = world.root.parent / "thief"
    (thief / "presenter").mkdir(parents=True)
    photo = thief / "presenter" / "me.png"
    shutil.copy(world.photo, photo)
    shutil.copy(world.record, record_path(photo))
    shutil.copy(course_keys_path(world.root), course_keys_path(thief))
    with pytest.raises(ConsentError) as caught:
        approve(photo, record_path(photo), course=COURSE, trust=load_trust(thief), now=NOW)
    assert caught.value.code == "revoked"


def test_a_course_cannot_widen_the_users_trust(world: World, tmp_path: Path) -> None:
    """The user trusts Ada; the course has a key of its own and a record signed with it."""
    add_keys(trust_path(), (world.key.public,))
    world.approve()
    mallory = make_world(tmp_path / "m").key
    add_keys(course_keys_path(world.root), (mallory.public,))
    world.grant(key=mallory, subject="Mallory")
    assert world.code() == "untrusted"


def test_a_course_cannot_undo_a_revocation_of_the_user(world: World) -> None:
    identity = world.document()["record"]["id"]
    add_revocation(trust_path(), Revocation(identity, "x", NOW))
    course_keys_path(world.root).write_text(
        json.dumps({**json.loads(course_keys_path(world.root).read_text()), "revoked": []})
    )
    assert world.code() == "revoked"


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links")
@pytest.mark.parametrize("place", ["keys.json", "ada.png", "ada.png.consent.json",
                                   "ada.png.revoked.json"])  # fmt: skip
def test_loops_pipes_and_devices_are_refused_at_once(world: World, place: str) -> None:
    """A loop, a pipe, a device and a folder each end at once, with one of our errors."""
    path = world.photo.with_name(place)

    def trial() -> None:
        with pytest.raises((ConsentError, PhotoError)) as caught:
            world.approve()
        assert caught.value.remedy

    path.unlink(missing_ok=True)
    path.symlink_to(path.name)
    trial()
    path.unlink()
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)
        trial()
        path.unlink()
    for device in ("/dev/zero", "/dev/null"):
        if Path(device).exists():
            path.symlink_to(device)
            trial()
            path.unlink()
    path.mkdir()
    trial()


def test_a_name_with_a_nul_is_refused(world: World) -> None:
    bad = world.photo.with_name("a\0.png")
    trust = load_trust(world.root)
    with pytest.raises(PhotoError):
        approve(bad, world.record, course=COURSE, trust=trust, now=NOW)
    with pytest.raises(ConsentError):
        approve(world.photo, bad, course=COURSE, trust=trust, now=NOW)


def test_a_record_cannot_be_replaced_together_with_its_photo(world: World, tmp_path: Path) -> None:
    """The attacker's own photo and record, valid by themselves, replace the real ones."""
    mallory = make_world(tmp_path / "m")
    mallory.photo.write_bytes(picture_bytes(seed=5))
    mallory.grant(subject="Ada Example")
    shutil.copy(mallory.photo, world.photo)
    shutil.copy(mallory.record, world.record)
    assert world.code() == "untrusted"


def test_a_list_of_another_course_cannot_release_a_record(world: World) -> None:
    """A validly signed list about other records replaces the one that revokes."""
    revoke(world.photo, reason="x", key=world.key, record_id="other-record-1")
    innocent = list_path(world.record).read_bytes()
    revoke(world.photo, reason="x", key=world.key)
    list_path(world.record).write_bytes(innocent)
    assert world.code() == "revoked"  # because the user's file contains the revocation
    trust_path().unlink()
    # Without that file an older list by the same signer releases the record. This is the known
    # limit of a list that the attacker controls.
    assert world.code() is None


# Keys under which anybody can sign.

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


def x_of(y: int) -> int:
    """The x of an edwards25519 point (RFC 8032, 5.1.3)."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert (x * x - square) % P == 0
    return x


def double(point: tuple[int, int]) -> tuple[int, int]:
    x, y = point
    t = D * x * x * y * y % P
    return 2 * x * y * pow(1 + t, -1, P) % P, (y * y + x * x) * pow(1 - t, -1, P) % P


def test_the_small_order_keys_are_complete() -> None:
    orders = []
    for y in _SMALL_ORDER:
        point, order = (x_of(y % P), y % P), 1
        while point != (0, 1):
            point, order = double(point), order * 2
            assert order <= 8
        orders.append(order)
    # y = 1 and p + 1; -1; 0 and p, each for two points; two of order 8, each for two points.
    assert sorted(orders) == [1, 1, 2, 4, 4, 8, 8]


def test_a_key_with_which_anybody_can_sign_is_refused(world: World) -> None:
    neutral = PublicKey(b64encode((1).to_bytes(32, "little")))
    record = world.document()["record"]
    header = b64encode(
        json.dumps({"alg": "EdDSA", "kid": neutral.kid, "typ": "narrate-consent"}).encode()
    )
    universal = b64encode((1).to_bytes(32, "little") + bytes(32))
    token = f"{header}..{universal}"
    assert verify(token, record, "narrate-consent", [neutral]) == neutral  # the attack is real
    assert write_canonical(record)
    world.write({"record": record, "signature": token})
    course_keys_path(world.root).write_text(
        json.dumps({"keys": [{"kty": "OKP", "crv": "Ed25519", "x": neutral.x, "kid": neutral.kid}]})
    )
    error = world.refusal()
    assert error.code == "unreadable" and "anybody" in error.message
