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
    text = json.dumps([_as_json(p) for p in parts], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]


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


def _as_json(value: object) -> object:
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, Keyed):
        return value.digest
    if isinstance(value, Fraction):
        return ["fraction", value.numerator, value.denominator]
    if isinstance(value, bytes):
        return ["bytes", value.hex()]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: _as_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {"": type(value).__name__, **fields}
    if isinstance(value, Mapping):
        return {str(k): _as_json(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(v) for v in value]
    if isinstance(value, set | frozenset):
        return sorted(json.dumps(_as_json(v), sort_keys=True) for v in value)
    raise TypeError(f"{type(value).__name__} cannot be part of a key")
