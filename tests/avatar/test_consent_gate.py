"""The gate: what passes, what is refused, and that nothing else makes a portrait."""

from __future__ import annotations

import copy
import dataclasses
import gc
import hashlib
import os
import pickle
import shutil
import subprocess
import sys
import weakref
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, cast
from unittest.mock import Mock

import numpy as np
import pytest
from consent_world import COURSE, NOW, World, make_world, picture_bytes
from PIL import Image

import avatar.consent.photo
from avatar.consent import (
    ApprovedPortrait,
    Trust,
    approve,
    check,
    load_trust,
    make_disclosure,
    make_metadata,
    require,
)
from avatar.consent.disclosure import LONGEST
from avatar.errors import ConsentError, PhotoError
from foundation.files import read_bounded


def refused(world: World, code: str, **changes: object) -> ConsentError:
    with pytest.raises(ConsentError) as caught:
        world.approve(**changes)
    assert caught.value.code == code, caught.value
    assert "narrate consent " in caught.value.remedy
    return caught.value


def test_a_valid_record_lets_its_photo_through(world: World) -> None:
    portrait = world.approve()
    data = world.photo.read_bytes()
    assert portrait.photo_sha256 == hashlib.sha256(data).hexdigest()
    assert np.array_equal(portrait.pixels, np.asarray(Image.open(world.photo)))
    assert portrait.pixels.dtype == np.uint8
    assert portrait.record_id == "ab12cd34-0000-4000-8000-000000000001"
    assert (portrait.subject, portrait.basis) == ("Ada Example", "own-consent")
    assert portrait.path == world.photo
    assert portrait.name == "Ada Example"
    assert world.approve(name="Dr. Ada").name == "Dr. Ada"
    assert portrait.record.scope.courses == (COURSE, "optics-102")


# What is refused. Each case starts from the record that passes above.


def test_a_missing_record_is_refused(world: World) -> None:
    world.record.unlink()
    error = refused(world, "missing")
    assert f"narrate consent grant {world.photo}" in error.remedy


def test_another_photo_is_refused(world: World) -> None:
    world.photo.write_bytes(picture_bytes(seed=1))
    refused(world, "foreign-photo")
    world.photo.write_bytes(picture_bytes())
    world.approve()


def test_the_same_picture_in_other_bytes_is_refused(world: World) -> None:
    world.photo.write_bytes(world.photo.read_bytes() + b"\0")
    refused(world, "foreign-photo")


def test_a_record_of_another_photo_is_refused(world: World) -> None:
    other = world.photo.with_name("bob.png")
    other.write_bytes(picture_bytes(seed=2))
    with pytest.raises(ConsentError) as caught:
        approve(other, world.record, course=COURSE, trust=load_trust(world.root), now=NOW)
    assert caught.value.code == "foreign-photo"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (datetime(2029, 12, 31, 23, 59, 59, tzinfo=UTC), "not-yet-valid"),
        (datetime(2030, 1, 1, tzinfo=UTC), None),
        (datetime(2031, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), None),
        (datetime(2032, 1, 1, tzinfo=UTC), "expired"),
        # The same moments in other time zones: UTC counts.
        (datetime(2032, 1, 1, 5, tzinfo=timezone(timedelta(hours=14))), None),
        (datetime(2031, 12, 31, 20, tzinfo=timezone(timedelta(hours=-12))), "expired"),
    ],
)
def test_a_record_is_valid_from_its_first_to_its_last_day(
    world: World, now: datetime, code: str | None
) -> None:
    if code is None:
        world.approve(now=now)
    else:
        refused(world, code, now=now)


def test_a_time_without_a_zone_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="time zone"):
        world.approve(now=datetime(2030, 6, 15))


def test_the_current_time_is_the_default(world: World) -> None:
    today = datetime.now(UTC).date()
    for first, last, code in [(-1, 1, None), (-9, -2, "expired"), (2, 9, "not-yet-valid")]:
        world.grant(
            valid_from=today + timedelta(days=first), valid_until=today + timedelta(days=last)
        )
        if code is None:
            world.approve(now=None)
        else:
            refused(world, code, now=None)


@pytest.mark.parametrize(
    ("course", "allowed"),
    [("optics-101", True), ("optics-102", True), ("optics-1", False), ("OPTICS-101", False),
     ("optics-101 ", False), ("*", False), ("", False)],
)  # fmt: skip
def test_only_courses_in_the_scope_are_allowed(world: World, course: str, allowed: bool) -> None:
    if allowed:
        world.approve(course=course)
    else:
        refused(world, "out-of-scope", course=course)


def test_only_pictures_of_no_living_person_are_for_any_course(world: World) -> None:
    for basis in ("synthetic-person", "public-domain-artwork"):
        world.grant(basis=basis, courses=["*"])
        world.approve(course="anything-at-all")
    with pytest.raises(ConsentError) as caught:
        world.grant(courses=["*"])
    assert caught.value.code == "invalid"
    # Not even a trusted signer can write it by hand.
    record = world.document()["record"]
    world.sign_anew({**record, "basis": "own-consent"})
    refused(world, "unreadable")


def test_an_untrusted_key_is_refused(world: World) -> None:
    stranger = make_world(world.root.parent / "elsewhere").key
    world.grant(key=stranger)
    error = refused(world, "untrusted")
    assert stranger.public.kid in error.message
    world.approve(trust=Trust(keys=(stranger.public,)))
    refused(world, "untrusted", trust=Trust())


# Nothing else makes an ApprovedPortrait, and an ApprovedPortrait cannot be changed.


@pytest.mark.parametrize(
    "forge",
    [
        lambda _: cast(Any, ApprovedPortrait)(),
        lambda p: ApprovedPortrait(p),
        lambda p: copy.copy(p),
        lambda p: copy.deepcopy(p),
        lambda p: pickle.dumps(p),
        lambda p: dataclasses.replace(p, subject="Bob"),
        lambda _: type("Mine", (ApprovedPortrait,), {}),
        lambda p: type(p)(p),
    ],
)
def test_only_the_gate_makes_a_portrait(
    world: World, forge: Callable[[ApprovedPortrait], object]
) -> None:
    with pytest.raises(TypeError):
        forge(world.approve())


def test_an_object_made_without_the_gate_has_no_data(world: World) -> None:
    real = world.approve()
    fake = object.__new__(ApprovedPortrait)
    for name in ("pixels", "record", "photo_sha256", "record_id", "subject", "basis", "path"):
        assert getattr(real, name) is not None
        with pytest.raises(TypeError, match="approve"):
            getattr(fake, name)
        with pytest.raises(AttributeError):
            object.__setattr__(fake, name, getattr(real, name))
        with pytest.raises(AttributeError):
            setattr(real, name, None)
    assert not hasattr(real, "__dict__")


def test_require_cannot_be_deceived(world: World) -> None:
    real = world.approve()
    assert require(real) is real
    for fake in (object.__new__(ApprovedPortrait), Mock(spec=real), Mock(), None, "photo.png"):
        with pytest.raises(TypeError, match="approve"):
            require(fake)


def test_pixels_cannot_be_written(world: World) -> None:
    portrait = world.approve()
    with pytest.raises(ValueError, match="read-only"):
        portrait.pixels[0, 0, 0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        portrait.pixels.setflags(write=True)
    base = portrait.pixels.base
    while base is not None and isinstance(base, np.ndarray):
        assert not base.flags.writeable
        base = base.base
    assert isinstance(base, bytes)


def test_an_approval_ends_with_its_object(world: World) -> None:
    portrait = world.approve()
    gone = weakref.ref(portrait)
    del portrait
    gc.collect()
    assert gone() is None


def test_the_hashed_bytes_are_the_decoded_bytes(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another picture replaces the photo as soon as it has been read."""
    shown = world.approve().pixels
    read = read_bounded

    def swapping(path: Path, limit: int, **options: bool) -> bytes:
        data: bytes = read(path, limit, **options)
        if path == world.photo:
            path.write_bytes(picture_bytes(seed=9))
        return data

    monkeypatch.setattr(avatar.consent.photo, "read_bounded", swapping)
    assert np.array_equal(world.approve().pixels, shown)
    assert world.photo.read_bytes() == picture_bytes(seed=9)


# check: the same verdict without decoding.


def test_check_gives_the_record_and_refuses_alike(world: World) -> None:
    trust = load_trust(world.root)
    found = check(world.photo, world.record, course=COURSE, trust=trust, now=NOW)
    assert found == world.approve().record
    assert check(world.photo, world.record, course=None, trust=trust, now=NOW) == found
    with pytest.raises(ConsentError):
        check(world.photo, world.record, course="other", trust=trust, now=NOW)
    with pytest.raises(ConsentError):
        check(world.photo, world.record, course=None, trust=Trust(), now=NOW)


# Pictures.


def test_a_file_that_is_not_a_picture_does_not_pass_the_gate(world: World) -> None:
    world.photo.write_bytes(b"GIF89a not ours")
    with pytest.raises(PhotoError, match="PNG, JPEG or WebP"):
        world.approve()
    world.photo.unlink()
    with pytest.raises(PhotoError, match="photo does not exist"):
        world.approve()


def test_a_photo_that_is_a_folder_or_a_pipe(world: World) -> None:
    world.photo.unlink()
    world.photo.mkdir()
    with pytest.raises(PhotoError, match="cannot be read"):
        world.approve()
    if hasattr(os, "mkfifo"):
        world.photo.rmdir()
        os.mkfifo(world.photo)  # opening it without care would wait for ever
        with pytest.raises(PhotoError, match="cannot be read"):
            world.approve()


# What viewers are told.


@pytest.mark.parametrize(
    ("basis", "words"),
    [("own-consent", "a photograph with consent"),
     ("public-domain-artwork", "a public-domain artwork"),
     ("synthetic-person", "no real person")],
)  # fmt: skip
def test_the_statement_and_the_metadata_are_those_of_the_record(
    world: World, basis: str, words: str
) -> None:
    world.grant(basis=basis)
    portrait = world.approve()
    line = make_disclosure(portrait)
    assert line.startswith("Synthetic presenter") and words in line
    assert line.endswith("· record ab12cd34")
    assert len(line) < LONGEST and "\n" not in line
    tags = make_metadata(portrait)
    assert tags["consent_record"] == portrait.record_id
    assert tags["consent_photo_sha256"] == portrait.photo_sha256
    assert tags["digital_source_type"].endswith("/compositeWithTrainedAlgorithmicMedia")
    assert "Ada" not in " ".join(tags.values())
    assert make_disclosure(portrait.record) == line and make_metadata(portrait.record) == tags


# Types and cost.


def test_the_wrong_order_does_not_type_check(tmp_path: Path) -> None:
    mypy = shutil.which("mypy", path=str(Path(sys.executable).parent))
    if mypy is None:
        pytest.skip("mypy is not installed")
    snippet = tmp_path / "snippet.py"
    snippet.write_text(
        "from avatar.consent import ApprovedPortrait, Record\n"
        "def animate(portrait: ApprovedPortrait) -> None: ...\n"
        "def good(portrait: ApprovedPortrait) -> None: animate(portrait)\n"
        "def wrong(record: Record) -> None: animate(record)\n"
        "def made() -> None: ApprovedPortrait()\n"
        "def forged(it: Record) -> None: ApprovedPortrait(it)\n"
        "class Mine(ApprovedPortrait): ...\n"
    )
    # Only the package's own files: following numpy and Pillow would take ten seconds.
    files = [f"avatar/consent/{name}.py" for name in ("__init__", "gate", "record")]
    done = subprocess.run(
        [mypy, "--config-file=", "--follow-imports=skip", f"--cache-dir={tmp_path}",
         str(snippet), *files],
        capture_output=True, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    errors = [line for line in done.stdout.splitlines() if ": error:" in line]
    lines = {int(line.split(":")[1]) for line in errors if "snippet.py" in line}
    assert lines == {4, 5, 6, 7}, done.stdout + done.stderr


def test_importing_consent_loads_nothing_heavy() -> None:
    code = (
        "import sys; import avatar.consent; "
        "print([m for m in ('PIL', 'joserfc', 'cryptography', 'platformdirs', 'cv2') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
