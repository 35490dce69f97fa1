"""YAML mappings with the line of every key: course.yaml, front matter, lexicon.yaml.

Only plain data is read. Tags, aliases and repeated keys are refused: a few bytes of aliases can
stand for gigabytes, and of two equal keys one would be ignored without a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from foundation.problem import Place, Problem, ProblemError
from foundation.shortening import brief
from foundation.unfit_characters import UNFIT_FOR_NAMES

LARGEST_CHARACTERS = 1_000_000
LARGEST_SETTINGS = 200_000
"""Characters of settings alone, which are read by every command. PyYAML reads some 70,000 a
second; a course of a thousand lessons needs 40,000."""

DEEPEST = 12
"""Levels of nesting; nothing in a course needs more than four."""

MOST_NODES = 100_000
"""Keys and values; a lexicon of 1 MB has some 80,000."""

LONGEST_KEY = 1000  # characters; an expression of a lexicon has at most 200

MOST_PROBLEMS = 100

_BROKEN = "Check indentation, colons and quotes; put quotes around text that holds ': ' or '#'."
_LEFT_OVER = (
    "Take out what follows the end of the settings, such as a line '...' or a stray bracket."
)
_PLAIN_WORDS: tuple[tuple[str, str, str], ...] = (
    (r"character '\\t'", "a tab is used for spacing", "Use spaces instead of tabs."),
    (r"character ('.') that cannot start", "a value begins with {}", "Put quotes around the text."),
    (r"unexpected (?:end of stream|document separator)", "a quote is opened and never closed",
     "Close the quote."),
    (r"mapping values are not allowed", "a second ': ' is in this line",
     "Put quotes around the text, or start a new line for the key."),
    (r"sequence entries are not allowed", "a list begins in a line that holds something else",
     "Begin the list on a new line, or put quotes around text that begins with '- '."),
    (r"mapping keys are not allowed", "a value begins with '? '", "Put quotes around the text."),
    (r"expected <block end>", "this line is indented wrongly or does not belong here", _BROKEN),
    (r"could not find expected ':'", "a key has no ':' after it", "Write 'key: value'."),
    (r"expected ',' or '[\]}]'", "a list or mapping in brackets is never closed",
     "Close the bracket, and put commas between its entries."),
    (r"node content, but found '<(?:stream end|document)", "a bracket is opened and never closed",
     "Close the bracket, or put quotes around text that begins with one."),
    (r"node content, but found ('[\]},]')", "a value is missing before {}",
     "Write the value, or put quotes around text that holds brackets or commas."),
    (r"expected the node content", "a value is missing in this line", _BROKEN),
    (r"expected a single document", "a second document begins", "Take out the line '---'."),
    (r"expected '<document start>'", "this line does not belong to the settings", _LEFT_OVER),
    (r"scanning an anchor|duplicate anchor", "a value begins with '&'",
     "Put quotes around the text."),
    (r"(?:scanning|parsing) a tag|undefined tag handle", "a value begins with '!'",
     "Put quotes around the text."),
    (r"directive|incompatible YAML document|duplicate tag handle", "a line begins with '%'",
     "Take out the line, or put quotes around text that begins with '%'."),
    (r"undefined alias|aliases|scanning an alias", "aliases (*name) are not allowed here",
     "Write the value out, or put quotes around text that begins with '*'."),
    (r"scanning a block scalar", "text follows '|' or '>' in the same line",
     "Begin the text on the next line, or put quotes around text that begins with '|' or '>'."),
    (r"escape", "a text in double quotes holds a '\\' that stands for nothing",
     "Write '\\\\' for a backslash, or put the text in single quotes."),
    (r"", "this line cannot be read", _BROKEN),
)  # fmt: skip
"""PyYAML's messages in plain English, with what to do: pattern, message, remedy. The first pattern
that is found counts; the last one fits whatever PyYAML may say, so that its own words are never
shown."""
_PLAIN = "Write plain text, numbers, lists and mappings."
_TAG = "tag:yaml.org,2002:"
_BOOLEANS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}

Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """The plain Python values of a mapping, by their keys.

    `path` is the file; `line` is the first line of the mapping in it, or None where there is no
    file. `lines` holds the line of every key at any depth, by the keys that lead to it, and `texts`
    what was written for numbers and booleans. `problems` are those that were found while the file
    was read, where the reader asked to keep them. `error` is the class of error that is raised for
    a wrong value.
    """

    path: str
    error: type[ProblemError]
    line: int | None
    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[Keys, int] = field(default_factory=dict)
    texts: dict[Keys, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

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
    text: str,
    *,
    path: str,
    error: type[ProblemError],
    first_line: int = 1,
    limit: int = LARGEST_CHARACTERS,
    keep_problems: bool = False,
) -> YamlMapping:
    """Parse one YAML mapping of at most `limit` characters; an empty text is an empty mapping.

    `first_line` is the line of the file at which `text` begins. Raises `error` with all problems
    and their lines. With `keep_problems`, those of single keys are kept in the mapping instead, so
    that whoever checks its values reports all of them together.
    """
    if len(text) > limit:
        raise error(
            f"The YAML has {len(text)} characters, which is too many.",
            remedy=f"Keep it under {limit}.",
            place=Place(path, first_line),
        )
    node = _compose(text, path, error, first_line)
    if node is None:
        return YamlMapping(path, error, first_line)
    if not isinstance(node, yaml.MappingNode):
        raise error(
            "Settings must be written as 'key: value' lines.",
            remedy="Write each setting on its own line, as 'key: value'.",
            place=Place(path, first_line + node.start_mark.line),
        )
    reader = _Reader(path, first_line)
    values = reader.read_mapping(node, ())
    if reader.problems and not keep_problems:
        raise error.of(reader.problems)
    problems = tuple(reader.problems)
    return YamlMapping(path, error, first_line, values, reader.lines, reader.texts, problems)


class _TooDeepError(Exception):
    pass


class _TooManyError(Exception):
    pass


class _Loader(yaml.SafeLoader):
    """Refuses aliases, and texts that would take too long or too much stack to read."""

    depth = 0
    count = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                None, None, "aliases (*name) are not allowed here", event.start_mark
            )
        self.count += 1
        if self.count > MOST_NODES:
            raise _TooManyError
        if self.depth > 2 * DEEPEST:
            raise _TooDeepError
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def _compose(text: str, path: str, error: type[ProblemError], first_line: int) -> yaml.Node | None:
    """The nodes of a YAML text. Raises `error` for a text that is not YAML."""
    loader: _Loader | None = None

    def refuse(message: str, remedy: str, line: int) -> ProblemError:
        return error(message, remedy=remedy, place=Place(path, first_line + line))

    try:
        loader = _Loader(text)
        return loader.get_single_node()
    except yaml.reader.ReaderError as problem:
        position = problem.position if isinstance(problem.position, int) else 0
        raise refuse(
            "The YAML holds a control character.",
            "Delete it; it may be invisible.",
            text.count("\n", 0, position),
        ) from problem
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        what, remedy = _in_plain_words(problem)
        line = mark.line if mark else 0
        raise refuse(f"The YAML is not correct: {what}.", remedy, line) from problem
    except (_TooDeepError, RecursionError) as problem:
        line = loader.line if loader else 0
        remedy = f"Use at most {DEEPEST} levels."
        raise refuse("The YAML is nested too deeply.", remedy, line) from problem
    except _TooManyError as problem:
        line = loader.line if loader else 0
        remedy = f"Use at most {MOST_NODES}."
        raise refuse("The YAML has too many keys and values.", remedy, line) from problem
    except (ValueError, OverflowError) as problem:  # an escape beyond Unicode
        line = loader.line if loader else 0
        raise refuse("The YAML names a character that does not exist.", _BROKEN, line) from problem
    finally:
        if loader is not None:
            loader.dispose()


def _in_plain_words(problem: yaml.YAMLError) -> tuple[str, str]:
    """What PyYAML found, and the remedy."""
    # Sometimes only the context tells what is wrong, such as "expected a single document".
    parts = (getattr(problem, "context", None), getattr(problem, "problem", None))
    told = ": ".join(filter(None, parts))
    return next(
        (message.format(*found.groups()), remedy)
        for pattern, message, remedy in _PLAIN_WORDS
        if (found := re.search(pattern, told))
    )


class _Reader:
    """Turns YAML nodes into plain values and collects what is wrong with them in `problems`."""

    def __init__(self, path: str, first_line: int) -> None:
        self.path = path
        self.first_line = first_line
        self.lines: dict[Keys, int] = {}
        self.texts: dict[Keys, str] = {}
        self.problems: list[Problem] = []

    def read_mapping(self, node: yaml.MappingNode, above: Keys) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                message = "A list or a mapping cannot be a key."
                self._refuse(key_node, above, message, "Write 'key: value'.")
                continue
            key = key_node.value
            if not self._is_clean(key_node, above):
                continue
            if len(key) > LONGEST_KEY:
                message = f"A key has {len(key)} characters."
                self._refuse(key_node, above, message, f"Keep it under {LONGEST_KEY}.")
                continue
            if key in values:
                message = f"The key {brief(key, 60)} is given twice."
                self._refuse(key_node, (*above, key), message, "Keep one of the two.")
                continue
            self.lines[*above, key] = self.first_line + key_node.start_mark.line
            values[key] = self._read(value_node, (*above, key))
        return values

    def _read(self, node: yaml.Node, above: Keys) -> Any:
        if len(above) > DEEPEST:
            remedy = f"Use at most {DEEPEST} levels."
            self._refuse(node, above, "The YAML is nested too deeply.", remedy)
            return None
        if isinstance(node, yaml.MappingNode):
            self._check_tag(node, above, "map")
            return self.read_mapping(node, above)
        if isinstance(node, yaml.SequenceNode):
            self._check_tag(node, above, "seq")
            return [self._read(child, (*above, "")) for child in node.value]
        assert isinstance(node, yaml.ScalarNode)
        return self._read_scalar(node, above) if self._is_clean(node, above) else None

    def _read_scalar(self, node: yaml.ScalarNode, above: Keys) -> Any:
        """The value of a scalar. What is not written as its tag demands stays text."""
        text = node.value
        self.texts[above] = text
        match node.tag.removeprefix(_TAG):
            case "null":
                return None if text.lower() in ("", "~", "null") else text
            case "bool":
                return _BOOLEANS.get(text.lower(), text)
            case "int":
                try:
                    return int(text.replace("_", ""))
                except ValueError:
                    return text  # 0x10, 1:30: nothing in a course means these as numbers
            case "float":
                try:
                    return float(text.replace("_", ""))
                except ValueError:
                    return text
            case "str" | "timestamp" | "merge" | "value":
                return text
            case _:
                self._check_tag(node, above, "str")
                return None

    def _is_clean(self, node: yaml.ScalarNode, above: Keys) -> bool:
        if not UNFIT_FOR_NAMES.search(node.value):
            return True
        message = "A text holds a control character or half a character."
        self._refuse(node, above, message, "Remove escapes such as \\0 or \\e.")
        return False

    def _check_tag(self, node: yaml.Node, above: Keys, usual: str) -> None:
        if node.tag != _TAG + usual:
            message = f"The YAML tag {brief(node.tag, 60)} is not allowed here."
            self._refuse(node, above, message, _PLAIN)

    def _refuse(self, node: yaml.Node, keys: Keys, message: str, remedy: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            line = self.first_line + node.start_mark.line
            place = Place(self.path, line, key=".".join(filter(None, keys)))
            self.problems.append(Problem(message, remedy, place))
