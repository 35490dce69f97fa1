"""YAML mappings with the line of every key: course.yaml, front matter, lexicon.yaml.

Only plain data is read: no tags, no aliases (a few bytes of them can stand for gigabytes), no
key twice.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from foundation.problem import Place
from lessons.errors import ScriptError

LARGEST_BYTES = 1_000_000
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""What no title or name may hold: it cannot be written to a video or a terminal."""

DEEPEST = 12
"""Nesting; nothing in a course needs more than four."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """Plain Python values by key, and the line in the file of each key. `deeper` are the lines of
    keys inside mappings, by all keys that lead there."""

    path: str
    error: type[ScriptError]
    line: int
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    deeper: dict[tuple[str, ...], int] = field(default_factory=dict)

    def inner(self, key: str) -> Mapping:
        """The mapping that a key holds."""
        below = {keys[1:]: line for keys, line in self.deeper.items() if keys[0] == key}
        lines = {keys[0]: line for keys, line in below.items() if len(keys) == 1}
        deeper = {keys: line for keys, line in below.items() if len(keys) > 1}
        line = self.lines.get(key, self.line)
        return Mapping(self.path, self.error, line, self.values[key], lines, deeper)

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def refuse(self, key: str | None, problem: str, remedy: str) -> ScriptError:
        line = self.lines.get(key, self.line) if key is not None else self.line
        return self.error(problem, remedy=remedy, place=Place(self.path, line))

    def check_keys(self, known: Iterable[str], what: str) -> None:
        """Raises for the first key that is not known, with the nearest that is."""
        names = sorted(known)
        for key in self.values:
            if key not in names:
                near = difflib.get_close_matches(key, names, n=1, cutoff=0.5)
                remedy = (
                    f"Did you mean {near[0]!r}?" if near else f"{what} knows {', '.join(names)}."
                )
                raise self.refuse(key, f"{what} has the unknown key {key!r}.", remedy)


def read_mapping(text: str, *, path: str, error: type[ScriptError], first_line: int = 1) -> Mapping:
    """Parse one YAML mapping; an empty text is an empty mapping. `first_line` is the line of the
    file at which `text` begins. Raises `error` with the line of what is wrong."""

    def refuse(problem: str, remedy: str, line: int) -> ScriptError:
        return error(problem, remedy=remedy, place=Place(path, line))

    if len(text) > LARGEST_BYTES:
        raise refuse("The YAML is too large.", "Keep it under 1 MB.", first_line)
    try:
        node = _compose(text)
    except yaml.reader.ReaderError as problem:
        position = problem.position if isinstance(problem.position, int) else 0
        raise refuse(
            "The YAML holds a control character.",
            "Delete it; it may be invisible.",
            first_line + text.count("\n", 0, position),
        ) from problem
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        what = getattr(problem, "problem", None) or "it cannot be read"
        raise refuse(
            f"The YAML is broken: {what}.",
            "Check indentation, colons and quotes; put quotes around text that holds ': ' or '#'.",
            first_line + (mark.line if mark else 0),
        ) from problem
    except (RecursionError, ValueError, OverflowError) as problem:
        raise refuse("The YAML cannot be read.", "Simplify it.", first_line) from problem
    if node is None:
        return Mapping(path, error, first_line)
    if not isinstance(node, yaml.MappingNode):
        raise refuse(
            "Settings must be written as 'key: value' lines.",
            "Write each setting on a line of its own, as 'key: value'.",
            first_line + node.start_mark.line,
        )
    try:
        deeper: dict[tuple[str, ...], int] = {}
        values = _construct_mapping(node, deeper, ())
    except _BadNodeError as bad:
        raise refuse(bad.problem, bad.remedy, first_line + bad.line) from bad
    lines = {keys[0]: first_line + at for keys, at in deeper.items() if len(keys) == 1}
    inside = {keys: first_line + at for keys, at in deeper.items() if len(keys) > 1}
    return Mapping(path, error, first_line, values, lines, inside)


class _NoAliases(yaml.SafeLoader):
    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                None, None, "aliases (*name) are not allowed here", event.start_mark
            )
        return super().compose_node(parent, index)


def _compose(text: str) -> yaml.Node | None:
    loader = _NoAliases(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


class _BadNodeError(Exception):
    def __init__(self, problem: str, remedy: str, line: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy
        self.line = line


def _construct_mapping(
    node: yaml.MappingNode, lines: dict[tuple[str, ...], int], path: tuple[str, ...]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line
        if not isinstance(key_node, yaml.ScalarNode):
            raise _BadNodeError("A key must be a plain word.", "Write 'key: value'.", line)
        key = key_node.value
        if key in values:
            raise _BadNodeError(
                f"The key {key!r} stands here a second time.", "Keep one of the two.", line
            )
        lines[*path, key] = line
        values[key] = _construct(value_node, lines, (*path, key))
    return values


def _construct(node: yaml.Node, lines: dict[tuple[str, ...], int], path: tuple[str, ...]) -> Any:
    if len(path) > DEEPEST:
        raise _BadNodeError("The YAML is nested too deeply.", "Simplify it.", node.start_mark.line)
    if isinstance(node, yaml.MappingNode):
        return _construct_mapping(node, lines, path)
    if isinstance(node, yaml.SequenceNode):
        return [_construct(child, lines, (*path, "")) for child in node.value]
    assert isinstance(node, yaml.ScalarNode)
    if _UNFIT.search(node.value):
        raise _BadNodeError(
            "A text holds a control character or half a character.",
            "Take escapes such as \\0 or \\e out of it.",
            node.start_mark.line,
        )
    match node.tag:
        case "tag:yaml.org,2002:null":
            return None
        case "tag:yaml.org,2002:bool":
            return node.value.lower() in ("yes", "true", "on")
        case "tag:yaml.org,2002:int":
            try:
                return int(node.value.replace("_", ""))
            except ValueError:
                return node.value  # 0x10, 1:30: nothing in a course means these as numbers
        case "tag:yaml.org,2002:float":
            try:
                return float(node.value.replace("_", ""))
            except ValueError:
                return node.value
        case "tag:yaml.org,2002:str" | "tag:yaml.org,2002:timestamp" | "tag:yaml.org,2002:merge":
            return node.value
        case _:
            raise _BadNodeError(
                f"The YAML tag {node.tag!r} is not allowed here.",
                "Write plain text, numbers, lists and mappings.",
                node.start_mark.line,
            )
