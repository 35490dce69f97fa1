"""Seals: what they bind, and what is read in their place."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from trial_store import OURS, THEIRS, name

from narrate.pipeline.store.seals import LARGEST_SEAL, Fault, make_seal, parse_seal

SHOWN = name(1, ".mp4", "record-1")
SEAL = make_seal(OURS, SHOWN, 7, "ab" * 32)


def test_a_seal_is_read_as_it_was_written() -> None:
    assert parse_seal(SEAL.encode()) == SEAL
    assert SEAL.find_fault(OURS, SHOWN) is None


def test_a_seal_is_canonical_json() -> None:
    fields = json.loads(SEAL.encode())
    assert list(fields) == ["bytes", "consent", "mac", "sha256"]
    assert json.dumps(fields, separators=(",", ":")).encode() == SEAL.encode()


def test_a_seal_binds_everything() -> None:
    for other in (
        replace(SEAL, size=8),
        replace(SEAL, sha256="cd" * 32),
        replace(SEAL, consent=""),
        replace(SEAL, consent="record-2"),
        replace(SEAL, mac=""),
        replace(SEAL, mac=SEAL.mac.upper()),
    ):
        assert other.find_fault(OURS, SHOWN) is Fault.FOREIGN
    assert SEAL.find_fault(THEIRS, SHOWN) is Fault.FOREIGN
    assert SEAL.find_fault(OURS, name(2, ".mp4", "record-1")) is Fault.FOREIGN
    assert SEAL.find_fault(OURS, name(1, ".png", "record-1")) is Fault.FOREIGN
    assert SEAL.find_fault(OURS, name(1, ".mp4", "record-2")) is Fault.CONSENT
    assert SEAL.find_fault(OURS, name(1, ".mp4")) is Fault.CONSENT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 2000,
        "[]",
        "null",
        "{}",
        "\ufeff{}",
        '{"bytes": true, "sha256": "", "consent": "", "mac": ""}',
        '{"bytes": 1.0, "sha256": "", "consent": "", "mac": ""}',
        '{"bytes": -1, "sha256": "", "consent": "", "mac": ""}',
        '{"bytes": NaN, "sha256": "", "consent": "", "mac": ""}',
        '{"bytes": 1e999, "sha256": "", "consent": "", "mac": ""}',
        '{"bytes": %s, "sha256": "", "consent": "", "mac": ""}' % ("9" * 1000),
        '{"bytes": %s, "sha256": "", "consent": "", "mac": ""}' % (1 << 63),
        '{"bytes": 1, "sha256": null, "consent": "", "mac": ""}',
        '{"bytes": 1, "sha256": "", "consent": [], "mac": ""}',
        '{"bytes": 1, "sha256": "", "consent": ""}',
    ],
)
def test_what_is_no_seal_is_a_value_error(text: str) -> None:
    with pytest.raises(ValueError):
        parse_seal(text.encode())


def test_a_seal_that_is_too_large_is_not_parsed() -> None:
    padded = SEAL.encode() + b" " * LARGEST_SEAL
    assert parse_seal(padded[:LARGEST_SEAL]) == SEAL
    with pytest.raises(ValueError):
        parse_seal(padded)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_seal_or_a_value_error(data: bytes) -> None:
    try:
        found = parse_seal(data)
    except ValueError:
        return
    assert found.find_fault(OURS, SHOWN) is Fault.FOREIGN
