"""Makes keys: digests of plain values, dataclasses, mappings and sequences."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)

KEY_LENGTH = 40  # hex digits: 160 bits, beyond any accident


@dataclasses.dataclass(frozen=True, slots=True)
class Keyed(Generic[T_co]):
    """A value of which `digest` stands in a key: the digest of that in it on which results depend.

    So a slide can be given to a step as a whole, while the key leaves out its place in the file;
    and what several tasks share is digested once.
    """

    value: T_co
    digest: str


def make_key(*parts: object) -> str:
    """The digest of `parts`: text, numbers, booleans, None, bytes, fractions, dataclasses, and
    mappings, sequences and sets of these. Raises TypeError for anything else."""
    return hashlib.sha256(_encode(_as_json(parts)).encode()).hexdigest()[:KEY_LENGTH]


@cache
def find_releases(*packages: str) -> tuple[str, ...]:
    """The versions of packages whose release changes the result of a step; "none" for a package
    that is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for name in packages:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} none")
    return tuple(found)


_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=True).encode
_PLAIN = frozenset({str, int, float, bool, type(None)})
"""The types of most values, by which they are known at once."""


def _as_json(value: object) -> object:
    if type(value) in _PLAIN or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list | tuple):
        return value if _PLAIN.issuperset(map(type, value)) else [_as_json(v) for v in value]
    if isinstance(value, Keyed):
        return value.digest
    if isinstance(value, Fraction):
        return ["fraction", value.numerator, value.denominator]
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {name: _as_json(getattr(value, name)) for name in _list_fields(type(value))}
        return {"": type(value).__name__, **fields}
    if isinstance(value, Mapping):
        return {str(k): _as_json(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(json.dumps(_as_json(v), sort_keys=True) for v in value)
    raise TypeError(f"{type(value).__name__} cannot be part of a key")


@cache
def _list_fields(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))
