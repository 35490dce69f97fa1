"""The order of a site's pages: what their front matter says of it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from lessons.dialects.configuration import parse_yaml

_MOST_READ = 40_000  # bytes; longer front matter is not that of a lesson


def read_page_front(path: Path) -> Mapping[str, object]:
    """The front matter of a page; empty if it has none or it cannot be read."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_READ).decode("utf-8", "replace")
    except (OSError, ValueError):
        return {}
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").lstrip()
    for sign in ("---", "+++"):
        if not text.startswith(sign + "\n"):
            continue
        end = text.find(f"\n{sign}", len(sign))
        if end < 0:
            return {}
        written = text[len(sign) + 1 : end + 1]
        try:
            value = tomllib.loads(written) if sign == "+++" else parse_yaml(written)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}
    return {}


def has_text(path: Path) -> bool:
    """Whether a page holds more than its front matter."""
    try:
        with path.open("rb") as file:
            text = file.read(_MOST_READ).decode("utf-8", "replace").removeprefix("\ufeff").lstrip()
    except (OSError, ValueError):
        return False
    sign = text[:3]
    if sign in ("---", "+++"):
        end = text.find(f"\n{sign}", 3)
        text = text[end + 4 :] if end > 0 else text
    return bool(text.strip())


def read_number(value: object) -> float | None:
    """A number in front matter, which may be written as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e9 else None
    if isinstance(value, str) and len(value) < 12:
        try:
            return float(value)
        except ValueError:
            return None
    return None


Weigh = Callable[[str], tuple[object, ...]]
"""Gives what a page or folder is sorted by among those beside it."""


def order_tree(names: Iterable[str], weigh: Weigh) -> list[str]:
    """Paths in the order of a tree, whose pages and folders are sorted by what `weigh` gives for
    their paths. A folder's path ends with `/`."""
    keys: dict[str, tuple[object, ...]] = {}

    def key_of(name: str) -> tuple[tuple[object, ...], ...]:
        parts = name.split("/")
        found = []
        for depth in range(1, len(parts) + 1):
            path = "/".join(parts[:depth]) + ("/" if depth < len(parts) else "")
            if path not in keys:
                keys[path] = weigh(path)
            found.append(keys[path])
        return tuple(found)

    return sorted(names, key=key_of)
