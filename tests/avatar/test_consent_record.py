"""The record: how it is read, and that every change to it is noticed."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from consent_world import COURSE, NOW, World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from avatar.consent import Record, Scope, Signer, Statement, check, load_trust
from avatar.consent.canonical import Json, NotStrictError, parse, write_canonical, write_pretty
from avatar.consent.record import as_json, from_json
from avatar.errors import ConsentError

# The file.


def test_the_file_is_readable_for_people(world: World) -> None:
    text = world.record.read_text(encoding="utf-8")
    assert '"subject": "Ada Example"' in text and text.endswith("}\n")
    assert list(world.document()) == ["record", "signature"]
    assert world.record.name == "ada.png.consent.json"


def test_the_same_grant_writes_the_same_bytes(world: World) -> None:
    first = world.record.read_bytes()
    world.grant()
    assert world.record.read_bytes() == first
    world.grant(record_id="zz12cd34-0000-4000-8000-000000000001")
    assert world.record.read_bytes() != first


# Every byte.


def test_no_single_byte_can_be_changed_unnoticed(world: World) -> None:
    """Each byte is replaced by several others, or removed: the meaning stays, or it is refused."""
    honest = world.record.read_bytes()
    trust = load_trust(world.root)
    meaning = world.approve().record
    same = 0
    for at, old in enumerate(honest):
        # A neighbouring value, the other case, nothing at all.
        for new in (bytes([old ^ 1]), bytes([old ^ 0x20]), b""):
            changed = honest[:at] + new + honest[at + 1 :]
            world.record.write_bytes(changed)
            try:
                found = check(world.photo, world.record, course=COURSE, trust=trust, now=NOW)
            except ConsentError as error:
                assert error.code in ("altered", "unreadable", "untrusted"), error
            else:
                same += changed != honest
                assert found == meaning
                assert json.loads(changed) == json.loads(honest)
    assert same > 0  # the white space: the test reaches files that pass as well


def test_a_truncated_file_does_not_pass(world: World) -> None:
    honest = world.record.read_bytes().rstrip()
    for end in range(0, len(honest), 7):
        world.record.write_bytes(honest[:end])
        assert world.code() in ("altered", "unreadable")


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_no_value_can_be_changed_unnoticed(world: World, data: st.DataObject) -> None:
    world.grant()
    document = world.document()
    place: Any = document["record"]
    while True:
        at = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else [0]))
        if not isinstance(place[at], (dict, list)):
            break
        place = place[at]
    other = data.draw(st.one_of(st.text(max_size=20), st.integers(-9, 9), st.booleans(), st.none()))
    if other == place[at] and type(other) is type(place[at]):
        return
    place[at] = other
    world.write(document)
    assert world.code() in ("altered", "unreadable")


def test_white_space_and_order_do_not_matter(world: World) -> None:
    document = world.document()
    turned = {"signature": document["signature"], "record": dict(
        reversed(document["record"].items()))}  # fmt: skip
    world.record.write_text(json.dumps(turned, indent=7).replace("{", " {\r\n\t"))
    assert world.approve().record_id == "ab12cd34-0000-4000-8000-000000000001"
    world.record.write_text(json.dumps(document, ensure_ascii=True).replace("A", "\\u0041"))
    world.approve()


# The schema, for records that a trusted key did sign.


@pytest.mark.parametrize(
    ("change", "names"),
    [
        ({"version": 2}, "version"),
        ({"version": True}, "version"),
        ({"version": "1"}, "version"),
        ({"id": "short"}, "id"),
        ({"id": "AB12CD34"}, "id"),
        ({"id": "ab12cd34--e"}, "id"),
        ({"id": "../../../etc"}, "id"),
        ({"photo_sha256": "AB" * 32}, "photo_sha256"),
        ({"subject": ""}, "subject"),
        ({"subject": " Ada"}, "subject"),
        ({"subject": "Ada\x1b[2J"}, "subject"),
        ({"subject": "Ada\u202egnidael"}, "subject"),
        ({"subject": "A" * 301}, "subject"),
        ({"subject": 7}, "subject"),
        ({"subject": None}, "subject"),
        ({"controller": None}, "controller"),
        ({"basis": "own_consent"}, "basis"),
        ({"statement": "yes"}, "statement"),
        ({"statement": {"text": "yes"}}, "language"),
        ({"statement": {"text": "yes", "language": "English please"}}, "language"),
        ({"statement": {"text": "yes", "language": "en", "x": 1}}, "statement.x"),
        ({"statement": {"text": "y" * 8001, "language": "en"}}, "statement.text"),
        ({"scope": {"courses": []}}, "courses"),
        ({"scope": {"courses": "optics-101"}}, "courses"),
        ({"scope": {"courses": [COURSE, COURSE]}}, "twice"),
        ({"scope": {"courses": [COURSE, 7]}}, "courses"),
        ({"scope": {"courses": ["*", COURSE]}}, "courses"),
        ({"scope": {"courses": ["*", COURSE]}, "basis": "synthetic-person"}, "as well as"),
        ({"scope": {"courses": [COURSE], "commercial": "no"}}, "commercial"),
        ({"scope": {"courses": [COURSE], "languages": ["en"]}}, "scope.languages"),
        ({"valid_from": "2030-02-30"}, "valid_from"),
        ({"valid_from": "2030-2-3"}, "valid_from"),
        ({"valid_from": "２０30-01-01"}, "valid_from"),
        ({"valid_until": "2029-12-31"}, "valid_until"),
        ({"valid_until": "2031-12-31T00:00:00Z"}, "valid_until"),
        ({"valid_until": 20311231}, "valid_until"),
        ({"issued": "2030-06-15T12:00:00+02:00"}, "issued"),
        ({"issued": "2030-06-15 12:00:00Z"}, "issued"),
        ({"issued": "2030-06-15T25:00:00Z"}, "issued"),
        ({"signer": "Ada"}, "signer"),
        ({"signer": {"name": "Ada", "role": "x"}}, "signer.verified"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_invalid_records_are_refused(world: World, change: dict[str, Json], names: str) -> None:
    world.sign_anew({**world.document()["record"], **change})
    error = world.refusal()
    assert error.code == "unreadable" and names in error.message


def test_no_member_can_be_left_out(world: World) -> None:
    record = world.document()["record"]
    world.sign_anew(record)
    world.approve()
    for name in record:
        world.sign_anew({key: value for key, value in record.items() if key != name})
        error = world.refusal()
        assert error.code == "unreadable" and name in error.message


@pytest.mark.parametrize(
    "data",
    [
        b"", b"null", b"[]", b'"x"', b"{", b"\xef\xbb\xbf{}", b"\xff\xfe{\0}\0", b"{} {}",
        b"[" * 100_000, b'{"record":' * 5_000, b'{"record": NaN, "signature": ""}',
        b'{"record": 1.0, "signature": ""}', b'{"record": 1e999, "signature": ""}',
        b'{"record": ' + b"9" * 100_000 + b"}", b'{"record": {}, "signature": "", "more": 1}',
        b'{"record": {}, "record": {}, "signature": ""}', b'{"record": "\\ud800"}',
        b" " * 200_000,
    ],
)  # fmt: skip
def test_files_that_are_not_records_are_refused(world: World, data: bytes) -> None:
    world.record.write_bytes(data)
    assert world.code() in ("unreadable", "altered")


def test_nothing_else_is_accepted_in_the_file(world: World) -> None:
    world.write({**world.document(), "note": "valid for everything"})
    error = world.refusal()
    assert error.code == "unreadable" and "note" in error.message


def test_a_member_twice_is_refused_even_if_equal(world: World) -> None:
    text = world.record.read_text()
    world.record.write_text(text.replace('"version": 1,', '"version": 1, "version": 1,'))
    error = world.refusal()
    assert error.code == "unreadable" and "twice" in error.message


def test_a_record_that_is_a_folder(world: World) -> None:
    world.record.unlink()
    world.record.mkdir()
    assert world.code() == "unreadable"


texts = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), min_size=1, max_size=30
).filter(lambda text: bool(text.strip()) and text == text.strip())
records = st.builds(
    Record,
    id=st.from_regex(r"\A[0-9a-z]{8,20}\Z"),
    photo_sha256=st.binary(min_size=32, max_size=32).map(bytes.hex),
    subject=texts,
    controller=st.none() | texts,
    basis=st.just("own-consent"),
    statement=st.builds(Statement, texts, st.sampled_from(["en", "pt-BR", "zh-Hans-CN"])),
    scope=st.builds(
        Scope,
        st.lists(texts.filter(lambda t: t != "*"), min_size=1, max_size=4, unique=True).map(tuple),
        st.none() | texts,
        st.none() | st.booleans(),
    ),
    valid_from=st.dates(max_value=date(2030, 1, 1)),
    valid_until=st.dates(min_value=date(2030, 1, 1)),
    signer=st.builds(Signer, texts, texts, texts),
    withdraw=texts,
    issued=st.just(NOW),
)


@settings(max_examples=60, deadline=None)
@given(records)
def test_a_record_reads_back_as_it_was_written(record: Record) -> None:
    value = as_json(record)
    assert from_json(value) == record
    assert from_json(parse(write_pretty(value))) == record
    assert parse(write_canonical(value)) == value


# Canonical JSON.


def test_nesting_is_bounded() -> None:
    assert parse(b"[" * 16 + b"]" * 16)
    for depth in (18, 900, 50_000):
        with pytest.raises(NotStrictError, match="deeply"):
            parse(b"[" * depth + b"]" * depth)


def test_the_canonical_form_is_that_of_rfc_8785() -> None:
    value: Json = {"b": [True, None, -3], "a": '€$\x0f\nA\'B"\\\\"/', "A": {}}
    assert write_canonical(value) == (
        '{"A":{},"a":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/","b":[true,null,-3]}'.encode()
    )


@pytest.mark.parametrize("value", [1.0, {"a": 0.5}, {"é": 1}, {1: 2}, b"x", ["\ud800"], 2**53])
def test_values_without_a_canonical_form_are_refused(value: Any) -> None:
    with pytest.raises(NotStrictError):
        write_canonical(value)


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=60) | st.text(alphabet='{}[]":,0123456789.eE-+\\u truefalsn', max_size=40)
)
def test_strict_reading_never_differs_from_the_usual(data: bytes | str) -> None:
    raw = data.encode() if isinstance(data, str) else data
    try:
        value = parse(raw)
    except NotStrictError:
        return
    assert value == json.loads(raw) and parse(write_canonical(value)) == value
