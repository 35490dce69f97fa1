"""Code cells of knitr, R Markdown and Quarto: their engine and their options.

A cell is a code block whose first line names an engine in braces: ```{r, echo=FALSE}. Options stand
there, as arguments of R, or in comments at the beginning of the code (`#| echo: false`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lessons.course.yaml_mapping import LARGEST_SETTINGS, read_mapping
from lessons.dialects.syntax.scan import Line
from lessons.errors import LessonError

_OPENING = re.compile(
    r"^(?P<indent>[ \t>]*)(?P<fence>`{3,}|~{3,})[ \t]*\{[ \t]*(?P<engine>[A-Za-z][\w+-]*)"
    r"(?P<rest>[ \t,][^\n]*|)\}[ \t]*$"
)
_OPTION_LINE = re.compile(r"^[ \t]*(?:#|//|%%|--|;;)\|[ \t]?(?P<text>.*)$")
_KEY = re.compile(r"^[ \t]*(?P<key>[A-Za-z][\w.-]*)[ \t]*=(?P<value>.*)$", re.DOTALL)
_QUOTED = re.compile(r"""^(["'])(?P<text>.*)\1$""", re.DOTALL)
_TRUTH = {"true": True, "t": True, "yes": True, "false": False, "f": False, "no": False}


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell. `first` and `last` are the numbers of the lines with its fences, and `code` is
    that of the first line behind the options. Keys of options are written with hyphens
    (`fig-cap`)."""

    first: int
    code: int
    last: int
    engine: str
    indent: str
    options: Mapping[str, object]

    @property
    def label(self) -> str:
        return self.get_text("label") or self.get_text("id")

    def get_text(self, key: str) -> str:
        """An option that is text, or the first text of a list; empty otherwise."""
        value = self.options.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        return " ".join(value.split()) if isinstance(value, str) else ""

    def get_texts(self, key: str) -> list[str]:
        value = self.options.get(key)
        return [x for x in (value if isinstance(value, list) else [value]) if isinstance(x, str)]

    def is_on(self, key: str, default: bool) -> bool:
        """Whether an option is true; what is neither true nor false is taken to be true."""
        value = self.options.get(key)
        if value is None:
            return default
        if isinstance(value, str):
            return _TRUTH.get(value.strip().lower(), True)
        return bool(value)


def find_cells(lines: Sequence[Line]) -> Iterator[Cell]:
    """The cells of a text, in order."""
    number = 0
    while number < len(lines):
        line = lines[number]
        opened = _OPENING.match(line.text) if line.kind == "fence" else None
        last = number + 1
        while line.kind == "fence" and last < len(lines) and lines[last].kind == "code":
            last += 1
        if opened is not None:
            last = min(last, len(lines) - 1)
            yield _read_cell(lines, number, last, opened)
        number = last + 1 if line.kind == "fence" else number + 1


def _read_cell(lines: Sequence[Line], first: int, last: int, opened: re.Match[str]) -> Cell:
    options = read_arguments(opened["rest"])
    code = first + 1
    written: list[str] = []
    while code < last and (found := _OPTION_LINE.match(lines[code].text)):
        written.append(found["text"])
        code += 1
    options.update(_read_option_lines(written))
    return Cell(first, code, last, opened["engine"].lower(), opened["indent"], options)


def _read_option_lines(written: Sequence[str]) -> dict[str, object]:
    text = "\n".join(written)
    if not text.strip():
        return {}
    if _KEY.match(text.split("\n")[0]) and not re.match(r"\s*[\w.-]+:", text):
        return read_arguments(text)
    try:
        values = read_mapping(
            text, path="", error=LessonError, limit=LARGEST_SETTINGS, keep_problems=True
        ).values
    except LessonError:
        values = {}
        for line in written:
            key, colon, value = line.partition(":")
            if colon and re.fullmatch(r"[\w.-]+", key.strip()):
                values[key.strip()] = _read_value(value.strip())
    return {str(key).replace(".", "-"): value for key, value in values.items()}


def read_arguments(text: str) -> dict[str, object]:
    """The arguments of an R call without its parentheses; one without a name is the label."""
    options: dict[str, object] = {}
    for part in split_arguments(text):
        named = _KEY.match(part)
        if named is not None:
            options[named["key"].replace(".", "-")] = _read_value(named["value"].strip())
        elif part.strip() and "label" not in options:
            options["label"] = part.strip().strip("\"'")
    return options


def split_arguments(text: str) -> list[str]:
    """The parts of a text between commas that are not in quotes or parentheses."""
    parts: list[str] = []
    start, depth, quote = 0, 0, ""
    skip = False
    for at, char in enumerate(text):
        if skip:
            skip = False
        elif quote:
            skip = char == "\\"
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth <= 0:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return parts


def _read_value(text: str) -> object:
    """A value of R: text, true or false, a vector of texts; anything else as it is written."""
    quoted = _QUOTED.match(text)
    if quoted is not None:
        return re.sub(r"\\(.)", r"\1", quoted["text"])
    if text.lower() in _TRUTH:
        return _TRUTH[text.lower()]
    if text.startswith("c(") and text.endswith(")"):
        return [_read_value(part.strip()) for part in split_arguments(text[2:-1]) if part.strip()]
    return text
