"""YAML mappings with the line of every key: course.yaml, front matter, lexicon.yaml.

Only plain data is read: no tags, no aliases (a few bytes of them can stand for gigabytes), no
key twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from foundation.problem import Place, Problem, ProblemError

LARGEST_CHARACTERS = 1_000_000
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Characters that no title or name may hold: they cannot be written to a video or a terminal."""

DEEPEST = 12
"""Levels of nesting; nothing in a course needs more than four."""

MOST_PROBLEMS = 100

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """Plain Python values by key. `line` is the mapping's first line in the file at `path` (None
    where there is no file), `lines` those of all keys in it, by the keys that lead there. What is
    wrong with a value is raised as an `error`."""

    path: str
    error: type[ProblemError]
    line: int | None
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Keys, int] = field(default_factory=dict)

    def inner(self, key: str) -> YamlMapping:
        """The mapping that a key holds."""
        lines = {keys[1:]: line for keys, line in self.lines.items() if keys[0] == key and keys[1:]}
        return YamlMapping(self.path, self.error, self.line_of(key), self.values[key], lines)

    def line_of(self, *keys: str) -> int | None:
        """The line of a key, or of the nearest mapping around it whose line is known."""
        for length in range(len(keys), 0, -1):
            if keys[:length] in self.lines:
                return self.lines[keys[:length]]
        return self.line

    def __contains__(self, key: str) -> bool:
        return key in self.values

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def refuse(self, key: str | None, message: str, remedy: str) -> ProblemError:
        """The error for the value of a key, or for the whole mapping."""
        line = self.line_of(key) if key is not None else self.line
        return self.error(message, remedy=remedy, place=Place(self.path, line, key=key or ""))


def read_mapping(
    text: str, *, path: str, error: type[ProblemError], first_line: int = 1
) -> YamlMapping:
    """Parse one YAML mapping; an empty text is an empty mapping. `first_line` is the line of the
    file at which `text` begins. Raises `error` with the lines of all that is wrong."""

    def refuse(message: str, remedy: str, line: int) -> ProblemError:
        return error(message, remedy=remedy, place=Place(path, line))

    if len(text) > LARGEST_CHARACTERS:
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
        return YamlMapping(path, error, first_line)
    if not isinstance(node, yaml.MappingNode):
        raise refuse(
            "Settings must be written as 'key: value' lines.",
            "Write each setting on its own line, as 'key: value'.",
            first_line + node.start_mark.line,
        )
    reader = _Reader(path, first_line)
    values = reader.read_mapping(node, ())
    if reader.problems:
        raise error.of(reader.problems)
    return YamlMapping(path, error, first_line, values, reader.lines)


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


class _Reader:
    """Makes plain values of YAML's nodes; `problems` grows with what is wrong with them."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.lines: dict[Keys, int] = {}
        self.problems: list[Problem] = []

    def read_mapping(self, node: yaml.MappingNode, above: Keys) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, "A key must be a plain word.", "Write 'key: value'.")
                continue
            key = key_node.value
            if key in values:
                message = f"The key {key!r} is here a second time."
                self._refuse(key_node, message, "Keep one of the two.")
                continue
            self.lines[*above, key] = self.first_line + key_node.start_mark.line
            values[key] = self._read(value_node, (*above, key))
        return values

    def _read(self, node: yaml.Node, above: Keys) -> Any:
        if len(above) > DEEPEST:
            self._refuse(node, "The YAML is nested too deeply.", "Simplify it.")
            return None
        if isinstance(node, yaml.MappingNode):
            return self.read_mapping(node, above)
        if isinstance(node, yaml.SequenceNode):
            return [self._read(child, (*above, "")) for child in node.value]
        assert isinstance(node, yaml.ScalarNode)
        if _UNFIT.search(node.value):
            self._refuse(
                node,
                "A text holds a control character or half a character.",
                "Remove escapes such as \\0 or \\e.",
            )
        return self._read_scalar(node)

    def _read_scalar(self, node: yaml.ScalarNode) -> Any:
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
            case (
                "tag:yaml.org,2002:str" | "tag:yaml.org,2002:timestamp" | "tag:yaml.org,2002:merge"
            ):
                return node.value
            case _:
                self._refuse(
                    node,
                    f"The YAML tag {node.tag!r} is not allowed here.",
                    "Write plain text, numbers, lists and mappings.",
                )

    def _refuse(self, node: yaml.Node, message: str, remedy: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            place = Place(self.path, self.first_line + node.start_mark.line)
            self.problems.append(Problem(message, remedy, place))
