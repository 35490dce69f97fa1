"""Makes the keys of artefacts: digests of everything that an artefact is made from.

A key depends on a stage, the versions of its code, the keys of its inputs, and its settings.
Nothing else decides what is out of date. Places in the script (offsets, line and slide numbers) are
left out unless the result shows them, so that an edit makes its own slide again and no other.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from lessons.model import Slide, Utterance

KEY_LENGTH = 40  # hex digits: 160 bits, beyond any accident


def make_key(stage: str, *parts: object) -> str:
    """The key of an artefact. `parts` may be text, numbers, booleans, None, fractions, frozen
    dataclasses, and mappings or sequences of these. Raises TypeError for anything else."""
    text = json.dumps([stage, *(_as_json(p) for p in parts)], sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY_LENGTH]


@cache
def find_releases(*packages: str) -> tuple[str, ...]:
    """The versions of packages whose release changes the result of a stage; "none" for a package
    that is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for name in packages:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} none")
    return tuple(found)


def spoken_content(utterance: Utterance) -> tuple[object, ...]:
    """What is heard or captioned of an utterance, without its place in the file."""
    tokens = [
        (t.written, t.spoken, t.phones, t.rate, t.emphasis, t.language) for t in utterance.tokens
    ]
    return (
        tokens,
        utterance.pause_ms,
        utterance.step,
        utterance.voice,
        utterance.language,
        utterance.rate,
    )


def visible_content(slide: Slide) -> tuple[object, ...]:
    """What is seen of a slide, without its place in the file."""
    visuals = [_without_lines(_as_json(v)) for v in slide.visuals]
    return (slide.title, visuals, slide.steps)


def _without_lines(value: object) -> object:
    """A visual as JSON, without its line and those of the visuals inside it."""
    if isinstance(value, dict):
        return {k: _without_lines(v) for k, v in value.items() if k != "line"}
    if isinstance(value, list):
        return [_without_lines(v) for v in value]
    return value


def _as_json(value: object) -> object:
    if value is None or isinstance(value, str | int | float | bool):
        return value
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
