"""Reads the configuration files of tools: bounded, without running anything, and never fatal."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from lessons.course.text_files import read_text
from lessons.errors import LessonError

LARGEST_CONFIGURATION = 300_000  # characters; those of large sites have some 50,000
MOST_PAGES = 2000
_DEEPEST = 12
_DEEPEST_YAML = 40  # levels of nesting; the side bar of a large web site has about ten


class _Loader(yaml.SafeLoader):
    """Takes a value with a tag of a tool's own (`!!python/name:…`, `!ENV`) as nothing, and refuses
    aliases inside of aliases: a few bytes of them can stand for gigabytes."""

    aliases = 0
    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            self.aliases += 1
            if self.aliases > 20:
                raise yaml.YAMLError("too many aliases")
        self.depth += 1
        if self.depth > _DEEPEST_YAML:
            raise yaml.YAMLError("nested too deeply")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _skip(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> None:
    return None


_Loader.add_multi_constructor("!", _skip)
_Loader.add_multi_constructor("tag:", _skip)


def parse_yaml(text: str) -> object:
    """The value in a YAML text; None if it cannot be read."""
    if len(text) > LARGEST_CONFIGURATION:
        return None
    try:
        loader = _Loader(text)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except (yaml.YAMLError, RecursionError, ValueError, TypeError, AttributeError):
        return None


def read_yaml(path: Path) -> Mapping[str, object] | None:
    """The mapping in a YAML file; None if there is no file, and empty if it cannot be read."""
    text = read_file(path)
    return None if text is None else _as_mapping(parse_yaml(text))


def read_toml(path: Path) -> Mapping[str, object] | None:
    """The mapping in a TOML file; None if there is no file, and empty if it cannot be read."""
    text = read_file(path)
    if text is None:
        return None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}


def read_json(path: Path) -> Mapping[str, object] | None:
    """The mapping in a JSON file; None if there is no file, and empty if it cannot be read."""
    text = read_file(path)
    if text is None:
        return None
    try:
        return _as_mapping(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def read_file(path: Path) -> str | None:
    """The text of a configuration file; None if there is none, and empty if it cannot be read.

    One that is a link out of its folder is none: a stranger's project may not show what is there.
    """
    try:
        inside = path.resolve().is_relative_to(path.parent.resolve())
        if not inside or not path.is_file():
            return None
    except (OSError, RuntimeError, ValueError):
        return None
    try:
        text = read_text(path, path.name, LessonError)
    except LessonError:
        return ""
    return text if len(text) <= LARGEST_CONFIGURATION else ""


def _as_mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def get_mapping(values: Mapping[str, object], key: str) -> Mapping[str, object]:
    """The mapping that a key holds; empty if it holds something else."""
    return _as_mapping(values.get(key))


def list_pages(root: Path, folder: str, suffixes: tuple[str, ...] = (".md",)) -> list[str]:
    """The files of a folder and those below it, relative to `root`, in the order in which tools
    show them: the index first, then by name. Hidden ones are left out."""
    found: list[str] = []
    _collect(root.resolve(), (root / folder).resolve(), suffixes, found, 0)
    return found


def _collect(
    root: Path, folder: Path, suffixes: tuple[str, ...], found: list[str], depth: int
) -> None:
    if depth > _DEEPEST or not folder.is_relative_to(root):
        return
    try:
        entries = sorted(folder.iterdir(), key=lambda path: path.name.lower())
    except (OSError, ValueError):
        return
    index = ("index", "readme")
    entries.sort(key=lambda path: path.stem.lower() not in index)
    for entry in entries:
        if len(found) >= MOST_PAGES:
            return
        if entry.name.startswith((".", "_")) or entry.is_symlink():
            continue
        if entry.is_dir():
            _collect(root, entry, suffixes, found, depth + 1)
        elif entry.suffix.lower() in suffixes:
            found.append(entry.relative_to(root).as_posix())


def walk_texts(value: object, depth: int = 0) -> Iterator[str]:
    """The texts in nested lists and mappings, in their order, without the keys."""
    if isinstance(value, str):
        yield value
    elif depth > _DEEPEST:
        return
    elif isinstance(value, list):
        for part in value[:MOST_PAGES]:
            yield from walk_texts(part, depth + 1)
    elif isinstance(value, dict):
        for part in value.values():
            yield from walk_texts(part, depth + 1)


def is_page(root: Path, name: str, suffixes: tuple[str, ...] = (".md",)) -> bool:
    """Whether a name in a configuration is that of a file inside `root`."""
    try:
        path = (root / name).resolve()
        inside = path.is_relative_to(root.resolve())
        return inside and path.suffix.lower() in suffixes and path.is_file()
    except (OSError, ValueError, RuntimeError):
        return False


def read_configuration(root: Path, name: str) -> Mapping[str, object]:
    """The mapping in the YAML file `name` of a folder; empty if there is none in it."""
    path = root / name
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            return {}
    except (OSError, RuntimeError, ValueError):
        return {}
    return read_yaml(path) or {}
