"""Parses JSON from outside. Whatever it contains, the result is a value or a ValueError."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from foundation.files import read_bounded

LARGEST_BYTES = 64_000_000


def parse_json(text: str | bytes) -> Any:
    """The value of a JSON text in UTF-8. Raises ValueError, also if it is nested too deeply."""
    try:
        value: Any = json.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return value


def parse_object(text: str | bytes) -> dict[str, Any]:
    """Like `parse_json`, for a text that must be an object."""
    value = parse_json(text)
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")
    return value


def read_json(path: Path, limit: int = LARGEST_BYTES) -> Any:
    """The value of a JSON file. Raises OSError and ValueError."""
    return parse_json(read_bounded(path, limit))


def read_object(path: Path, limit: int = LARGEST_BYTES) -> dict[str, Any]:
    """Like `read_json`, for a file that must contain an object."""
    return parse_object(read_bounded(path, limit))
