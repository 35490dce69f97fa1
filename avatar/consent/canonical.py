"""JSON that can be read in one way only, and its one spelling for a signature."""

from __future__ import annotations

import json
from collections.abc import Iterable

Json = str | int | bool | None | list["Json"] | dict[str, "Json"]
"""JSON without fractions: a float has no single spelling, so none is signed."""

LARGEST_INT = 2**53 - 1  # RFC 8785, appendix D: what every JSON reader holds exactly
DEEPEST = 16  # our deepest file nests 4 levels


class NotStrictError(ValueError):
    """The bytes are not JSON, or are JSON that two readers could read differently."""


def parse(data: bytes) -> Json:
    """Read strict JSON: UTF-8 without a byte order mark, no name twice, no fraction, no lone
    surrogate.

    Raises NotStrictError with what is wrong. The error never quotes the data.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotStrictError(f"it is not UTF-8 at byte {error.start}") from None
    try:
        value: Json = json.loads(
            text,
            object_pairs_hook=_collect_unique,
            parse_float=_refuse_fraction,
            parse_constant=_refuse_fraction,
            parse_int=_read_integer,
        )
    except json.JSONDecodeError as error:
        # msg is one of the decoder's own sentences and holds nothing of the file.
        raise NotStrictError(f"it is not JSON at line {error.lineno}: {error.msg}") from None
    except RecursionError:
        raise NotStrictError("it is nested too deeply") from None
    _check(value, 0)
    return value


def write_canonical(value: Json) -> bytes:
    """Write RFC 8785 for JSON without fractions: sorted ASCII names, no spaces, UTF-8.

    Raises NotStrictError for anything that has no canonical form here.
    """
    _check(value, 0)
    return json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    ).encode("utf-8")


def write_pretty(value: Json) -> bytes:
    """Write JSON for people to read: indented, in the given order, with a final newline."""
    _check(value, 0)
    return (json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2) + "\n").encode("utf-8")


def _collect_unique(pairs: Iterable[tuple[str, Json]]) -> dict[str, Json]:
    members: dict[str, Json] = {}
    for name, value in pairs:
        if name in members:
            raise NotStrictError(f"{name[:40]!a} is in it twice")
        members[name] = value
    return members


def _refuse_fraction(text: str) -> int:
    raise NotStrictError("it holds a number that is not an integer")


def _read_integer(text: str) -> int:
    # The length first: a million digits would take quadratic time.
    if len(text) > 17 or text == "-0" or abs(int(text)) > LARGEST_INT:
        raise NotStrictError("it holds an integer that is too large")
    return int(text)


def _check(value: object, depth: int) -> None:
    if depth > DEEPEST:
        raise NotStrictError("it is nested too deeply")
    if isinstance(value, dict):
        for name, member in value.items():
            # Sorting by code point equals RFC 8785's sorting by UTF-16 unit on ASCII alone.
            if not isinstance(name, str) or not name.isascii():
                raise NotStrictError("it holds a name that is not plain ASCII")
            _check(member, depth + 1)
    elif isinstance(value, list):
        for member in value:
            _check(member, depth + 1)
    elif isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise NotStrictError("it holds half a surrogate pair")
    elif isinstance(value, int):
        if abs(value) > LARGEST_INT:
            raise NotStrictError("it holds an integer that is too large")
    elif value is not None:
        raise NotStrictError(f"it holds a {type(value).__name__}")
