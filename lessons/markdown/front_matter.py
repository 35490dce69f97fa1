"""The front matter of a lesson: settings in YAML, TOML or JSON before the text."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from foundation.problem import Place, Problem, ProblemError
from lessons.course.yaml_mapping import LARGEST_SETTINGS, YamlMapping, read_mapping
from lessons.errors import LessonError
from lessons.markdown.outline import clean_text

_DEEPEST = 50  # lists and mappings inside each other
_BLANK = re.compile(r"\ufeff?(?:[ \t]{0,100}\n){1,100}(?=---[ \t]*\n|\+\+\+[ \t]*\n)")
_KEY = re.compile(r"^[A-Za-z_$][\w.$-]*[ \t]*:(?:[ \t]|$)")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The `values` of the front matter, and the offset at which the text begins after it.

    `problems` say what in it could not be read; the rest of the values is there.
    """

    values: YamlMapping
    end: int = 0
    problems: tuple[Problem, ...] = ()


def read_front_matter(text: str, path: str) -> FrontMatter:
    """The front matter of a file. It is never fatal: what cannot be read is a problem."""
    front = _read(text, path)
    if "\\" not in text[: front.end]:
        return front
    values = {str(_clean(key)): _clean(value) for key, value in front.values.values.items()}
    return replace(front, values=replace(front.values, values=values))


def _read(text: str, path: str) -> FrontMatter:
    blank = _BLANK.match(text)
    if blank is None:
        return _read_at_start(text, path)
    front = _read_at_start(text[blank.end() :], path, blank[0].count("\n"))
    # Some tools skip blank lines. A `---` behind them may be a rule as well.
    if text.startswith("-", blank.end()) and (not front.values.values or front.problems):
        return FrontMatter(_empty(path))
    return replace(front, end=blank.end() + front.end)


def _read_at_start(text: str, path: str, above: int = 0) -> FrontMatter:
    """The front matter in a text, which has some lines `above`."""
    lines = text.split("\n", 2000)
    first = lines[0].removeprefix("\ufeff").rstrip()
    if first == "---" and len(lines) > 1 and lines[1].strip():
        return _read_yaml(text, lines, path, above)
    if first == "+++":
        return _read_toml(text, lines, path, above)
    if first.startswith("{") and len(first) < 3 and '"' in (lines[1] if len(lines) > 1 else ""):
        return _read_json(text, path)
    return FrontMatter(_empty(path))


def _empty(path: str) -> YamlMapping:
    return YamlMapping(path, LessonError, 1)


def _find_end(lines: list[str], closing: tuple[str, ...]) -> int | None:
    return next((n for n, line in enumerate(lines) if n and line.rstrip() in closing), None)


def _read_yaml(text: str, lines: list[str], path: str, above: int) -> FrontMatter:
    last = _find_end(lines, ("---", "..."))
    if last is None:
        if not _KEY.match(lines[1]):
            return FrontMatter(_empty(path))
        problem = Problem(
            "The front matter that begins here is not closed, so it is read as text.",
            "End it with a line that holds only '---'.",
            Place(path, 1 + above),
        )
        return FrontMatter(_empty(path), 0, (problem,))
    written = "\n".join(lines[1:last])
    end = sum(len(line) + 1 for line in lines[: last + 1])
    if not any(
        _KEY.match(line) or line.lstrip().startswith(("#", '"', "'")) for line in lines[1:last]
    ):
        return FrontMatter(_empty(path))
    try:
        values = read_mapping(
            written, path=path, error=LessonError, first_line=2 + above, limit=LARGEST_SETTINGS,
            keep_problems=True,
        )  # fmt: skip
    except ProblemError as error:
        return FrontMatter(_empty(path), min(end, len(text)), error.problems)
    kept = replace(values, problems=())
    return FrontMatter(kept, min(end, len(text)), values.problems)


def _read_toml(text: str, lines: list[str], path: str, above: int) -> FrontMatter:
    last = _find_end(lines, ("+++",))
    if last is None:
        return FrontMatter(_empty(path))
    end = min(sum(len(line) + 1 for line in lines[: last + 1]), len(text))
    written = "\n".join(lines[1:last])
    try:
        if len(written) > LARGEST_SETTINGS:
            raise ValueError("it is too long")
        values = tomllib.loads(written)
    except (ValueError, RecursionError) as error:
        problem = Problem(
            f"The front matter is not valid TOML: {error}.", "Correct it, or take it out.",
            Place(path, 1 + above),
        )  # fmt: skip
        return FrontMatter(_empty(path), end, (problem,))
    return FrontMatter(replace(_empty(path), values=_plain(values)), end)


def _read_json(text: str, path: str) -> FrontMatter:
    try:
        values, end = json.JSONDecoder().raw_decode(text[:LARGEST_SETTINGS])
    except (ValueError, RecursionError):
        return FrontMatter(_empty(path))
    if not isinstance(values, dict):
        return FrontMatter(_empty(path))
    return FrontMatter(replace(_empty(path), values=_plain(values)), end)


def _plain(values: dict[str, object]) -> dict[str, object]:
    """Values as YAML files have them: dates as text."""
    return {
        key: str(value) if isinstance(value, date | datetime | time) else value
        for key, value in values.items()
    }


def _clean(value: object, depth: int = 0) -> object:
    """A value whose text holds no reserved characters, which escapes in it may have meant."""
    if isinstance(value, str):
        return clean_text(value)
    if depth < _DEEPEST and isinstance(value, list):
        return [_clean(part, depth + 1) for part in value]
    if depth < _DEEPEST and isinstance(value, dict):
        return {str(_clean(key)): _clean(part, depth + 1) for key, part in value.items()}
    return value
