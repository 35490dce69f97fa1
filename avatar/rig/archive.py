"""Stores a rig as a NumPy archive of plain arrays, without pickle."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np

from avatar.errors import RigError
from avatar.rig import rig
from avatar.rig.rig import Eye, Rig
from foundation.files import replacing
from foundation.problem import Place

_AGAIN = "Delete it; the next build prepares the portrait again."


def write_rig(rig: Rig, path: Path, version: int) -> None:
    """Write the rig to a file, whole or not at all."""
    arrays: dict[str, Any] = {"version": np.int64(version)}
    _flatten("", rig, arrays)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        np.savez(file, **arrays)


def read_rig(path: Path, version: int, photo_sha256: str, record_id: str) -> Rig:
    """Read and check a rig. Raises RigError with what does not fit."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            if int(archive["version"]) != version:
                raise _make_error(path, "The rig was made by another version of this program.")
            if str(archive["photo_sha256"]) != photo_sha256:
                raise _make_error(path, "The rig belongs to another photo.")
            if str(archive["record_id"]) != record_id:
                raise _make_error(path, "The rig was made under another consent record.")
            arrays = {key: archive[key] for key in archive.files}
        return Rig(**_restore("", Rig, arrays))
    except RigError:
        raise
    except Exception as error:  # a damaged archive makes NumPy raise errors of many kinds
        raise _make_error(path, f"The rig cannot be read ({error}).") from error


def _make_error(path: Path, problem: str) -> RigError:
    return RigError(problem, remedy=_AGAIN, place=Place(str(path)))


def _flatten(prefix: str, value: Any, into: dict[str, Any]) -> None:
    for field in fields(value):
        name, part = prefix + field.name, getattr(value, field.name)
        if is_dataclass(part):
            _flatten(name + ".", part, into)
        elif isinstance(part, tuple):
            for i, item in enumerate(part):
                _flatten(f"{name}{i}.", item, into)
        else:
            into[name] = np.asarray(part)


def _restore(prefix: str, kind: type, arrays: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind, vars(rig))
    out: dict[str, Any] = {}
    for name, hint in hints.items():
        key = prefix + name
        if name == "eyes":
            out[name] = tuple(Eye(**_restore(f"{key}{i}.", Eye, arrays)) for i in range(2))
        elif is_dataclass(hint):
            assert isinstance(hint, type)
            out[name] = hint(**_restore(key + ".", hint, arrays))
        elif hint in (int, float, str):
            out[name] = hint(arrays[key].item())
        else:
            out[name] = arrays[key]
    return out
