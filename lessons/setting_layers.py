"""Reads settings from files and flags, checks them, and merges their layers.

All problems of a layer are found in one run. Each names its file, its line, its key, what was
expected and, if there is one, the nearest valid word.
"""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from foundation.problem import Place, Problem, ProblemError
from lessons.settings import CourseKeys, ExpectedValue, Keys, Layer, LessonKeys, Settings, layers_of
from lessons.yaml_mapping import DEEPEST, LARGEST_SETTINGS, YamlMapping, read_mapping

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

K = TypeVar("K", bound=Settings)

KEYS: Mapping[Layer, type[Settings]] = {
    Layer.USER: Settings,
    Layer.COURSE: CourseKeys,
    Layer.LESSON: LessonKeys,
    Layer.FLAGS: Settings,
}
_NAMES: Mapping[Layer, str] = {
    Layer.USER: "your own settings",
    Layer.COURSE: "course.yaml",
    Layer.LESSON: "a lesson's front matter",
    Layer.FLAGS: "--set",
}
MOST_PROBLEMS = 100
"""Problems that are reported for one file. Nobody reads more, and finding them takes time."""

_KEY = "[key]"  # pydantic's mark for an error in a key of a mapping, rather than in its value
_NEAR = 0.6  # difflib's own cut-off for a close match
_LONGEST_WORD = 60  # characters; for anything longer no near word is looked for


def read_layer(
    mapping: YamlMapping, keys: type[K], layer: Layer, *, foreign: Collection[str] = ()
) -> K:
    """Check the settings of a mapping. Keys in `foreign` belong to other tools and are ignored.

    Raises the mapping's error with every problem that was found.
    """
    allowed = allowed_keys(keys, layer)
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, value in mapping.values.items():
        if name in allowed:
            values[name] = value
        elif name in keys.model_fields:
            homes = sorted(_NAMES[home] for home in layers_of(name, keys))
            where = mapping.path if layer is Layer.FLAGS else _NAMES[layer]
            message = f"{name!r} cannot be set in {where}."
            problems.append(_problem(mapping, (name,), message, f"Set it in {_one_of(homes)}."))
        elif name not in foreign:
            if len(problems) > MOST_PROBLEMS:
                break
            problems.append(_unknown(mapping, (name,), allowed))
    found, invalid = _validate(mapping, values, keys, layer)
    problems.extend(invalid)
    if problems or found is None:
        raise mapping.error.of(_bounded(problems))
    found._places = {
        ".".join(path): Place(mapping.path, mapping.line_of(*path), key=".".join(path))
        for path in _written(values)
    }
    return found


def read_values(values: Mapping[str, object], path: str, error: type[ProblemError]) -> Settings:
    """Check settings that a program gives; they override those of all files. `path` is their name
    in problems. Raises `error` with every problem that was found."""
    plain = {name if isinstance(name, str) else brief(name): v for name, v in values.items()}
    return read_layer(YamlMapping(path, error, None, plain), Settings, Layer.FLAGS)


def recheck(settings: Settings, path: str, error: type[ProblemError]) -> None:
    """Check a settings object that a program may have made without validation. `path` is its name
    in problems. Raises `error` with every problem that was found."""
    values = {name: getattr(settings, name) for name in Settings.model_fields}
    plain = {
        name: value.model_dump(warnings=False) if isinstance(value, Keys) else value
        for name, value in values.items()
        if name in settings.model_fields_set
    }
    mapping = YamlMapping(path, error, None, plain)
    _, problems = _validate(mapping, plain, Settings, Layer.FLAGS)
    if problems:
        raise error.of(_bounded(problems))


def read_flags(assignments: Sequence[str], path: str, error: type[ProblemError]) -> Settings:
    """Read settings of a command line, each as `theme=dark` or `video.rate=25`. A value is YAML.

    `path` is their name in problems. Raises `error` with every problem that was found.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        parts = name.strip().split(".")
        if not equals or not all(parts):
            message = f"{brief(assignment)} does not set anything."
            problems.append(Problem(message, "Write key=value, such as theme=dark.", Place(path)))
            continue
        try:
            value = read_mapping(
                f"value: {text.strip()}", path=path, error=error, limit=LARGEST_SETTINGS
            ).values
        except ProblemError as wrong:
            place = Place(path, key=".".join(parts))
            problems.extend(Problem(p.message, p.remedy, place) for p in wrong.problems)
            continue
        if len(parts) > DEEPEST or set(value) != {"value"} or not _assign(values, parts, value):
            message = f"{brief(assignment)} cannot be combined with the other settings."
            remedy = "Give each key once, such as video.rate=25."
            problems.append(Problem(message, remedy, Place(path, key=".".join(parts[:DEEPEST]))))
    try:
        flags = read_values(values, path, error)
    except ProblemError as wrong:
        problems.extend(wrong.problems)
    if problems:
        raise error.of(problems)
    return flags


def _assign(values: dict[str, Any], parts: Sequence[str], value: Mapping[str, Any]) -> bool:
    """Put a value where `parts` lead to; whether that is possible."""
    inner = values
    for part in parts[:-1]:
        nested = inner.setdefault(part, {})
        if not isinstance(nested, dict):
            return False
        inner = nested
    inner[parts[-1]] = value["value"]
    return True


def allowed_keys(keys: type[Settings], layer: Layer) -> frozenset[str]:
    """The names of the settings that may be written in a layer."""
    return frozenset(name for name in keys.model_fields if layer in layers_of(name, keys))


def merge(*layers: Settings) -> Settings:
    """Merge layers of settings, each of which overrides those before it. Mappings such as `video`
    and `voices` are merged key by key."""
    values: dict[str, Any] = {}
    places: dict[str, Place] = {}
    for layer in layers:
        for name in layer.model_fields_set & Settings.model_fields.keys():
            values[name] = _merge_values(values.get(name), getattr(layer, name))
        own = layer._places.items()
        places.update((k, p) for k, p in own if k.partition(".")[0] in Settings.model_fields)
    merged = Settings.model_construct(_fields_set=set(values), **values)
    merged._places = places
    return merged


def _merge_values(old: object, new: object) -> object:
    if isinstance(new, Keys) and type(old) is type(new):
        assert isinstance(old, Keys)
        written = {name: getattr(old, name) for name in old.model_fields_set}
        written.update((name, getattr(new, name)) for name in new.model_fields_set)
        return type(new).model_construct(_fields_set=set(written), **written)
    if isinstance(new, Mapping) and isinstance(old, Mapping):
        return {**old, **new}
    return new


def find_near(word: str, known: Collection[str]) -> str:
    """The known word that `word` probably stands for; empty if there is none.

    Case, full-width letters and other variants of the same letter do not count.
    """
    if len(word) > _LONGEST_WORD:
        return ""
    by_case = {name.casefold(): name for name in known}
    plain = unicodedata.normalize("NFKC", word).casefold()
    near = difflib.get_close_matches(plain, sorted(by_case), n=1, cutoff=_NEAR)
    return by_case[near[0]] if near else ""


def _validate(
    mapping: YamlMapping, values: Mapping[str, Any], keys: type[K], layer: Layer
) -> tuple[K | None, list[Problem]]:
    """The settings that the values give, or the first problems of them in the order of lines."""
    try:
        return keys.model_validate(values, context={"layer": layer}), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
    details.sort(key=lambda detail: mapping.line_of(*map(str, detail["loc"])) or 0)
    problems: dict[Problem, None] = {}
    for detail in details:
        problems[_invalid(mapping, keys, detail)] = None
        if len(problems) > MOST_PROBLEMS:
            break
    return None, list(problems)


def _bounded(problems: Iterable[Problem]) -> list[Problem]:
    """The problems in the order of lines, and no more of them than anybody reads."""
    found = sorted(problems, key=lambda problem: problem.place.line or 0)
    if len(found) > MOST_PROBLEMS:
        message, place = "There are more problems like these.", found[MOST_PROBLEMS].place
        found[MOST_PROBLEMS:] = [Problem(message, "Correct those above first.", place)]
    return found


def _unknown(mapping: YamlMapping, path: tuple[str, ...], known: Collection[str]) -> Problem:
    near = find_near(path[-1], known)
    remedy = f"Did you mean {near!r}?" if near else f"Choose from {', '.join(sorted(known))}."
    return _problem(mapping, path, f"There is no setting {brief('.'.join(path))}.", remedy)


def _invalid(mapping: YamlMapping, keys: type[Settings], detail: ErrorDetails) -> Problem:
    """One of pydantic's errors in plain English."""
    kind, location, value = detail["type"], detail["loc"], detail["input"]
    path = tuple(str(part) for part in location if part != _KEY)
    owner, field = _field_at(keys, path)
    name = ".".join(path)
    if kind in ("extra_forbidden", "invalid_key"):
        return _unknown(mapping, path, owner.model_fields)
    if kind == "missing":
        return _problem(mapping, path, f"{name!r} is missing.", f"Add '{path[-1]}: …'.")
    expected = _expected(field)
    if location[-1] == _KEY:
        message = f"{'.'.join(path[:-1])!r} cannot have the key {brief(value)}."
        return _problem(mapping, path, message, f"Write {expected}.")
    near = ""
    if field is not None and isinstance(value, str):
        near = find_near(value, [str(choice) for choice in _choices(field.annotation)])
    remedy = f"Write {expected}." + (f" Did you mean {near!r}?" if near else "")
    return _problem(mapping, path, f"{name!r} cannot be {brief(value)}.", remedy)


def _problem(mapping: YamlMapping, path: tuple[str, ...], message: str, remedy: str) -> Problem:
    key = ".".join(path)
    return Problem(message, remedy, Place(mapping.path, mapping.line_of(*path), key=key))


def _field_at(keys: type[Keys], path: Sequence[str]) -> tuple[type[Keys], FieldInfo | None]:
    """The innermost class of keys on the way to a setting, and the setting's field if any."""
    owner, field = keys, None
    for part in path:
        inner = _keys_in(field.annotation) if field is not None else owner
        if inner is None:
            break  # inside a mapping such as `voices`: its field says what is expected
        owner, field = inner, inner.model_fields.get(part)
    return owner, field


def _keys_in(annotation: object) -> type[Keys] | None:
    if isinstance(annotation, type) and issubclass(annotation, Keys):
        return annotation
    found = (_keys_in(part) for part in get_args(annotation))
    return next((keys for keys in found if keys is not None), None)


def _types_in(annotation: object) -> Iterator[object]:
    yield annotation
    for part in get_args(annotation):
        yield from _types_in(part)


def _choices(annotation: object) -> Iterator[object]:
    """The values of a Literal, or of those inside a union."""
    for part in get_args(annotation):
        if isinstance(part, str):
            yield part
        elif get_args(part):
            yield from _choices(part)


def _expected(field: FieldInfo | None) -> str:
    """What a setting accepts, to be put after "Write "."""
    if field is None:
        return "something else"
    told = [m.text for m in _metadata(field) if isinstance(m, ExpectedValue)]
    if told:
        return told[-1]
    if choices := [repr(choice) for choice in _choices(field.annotation)]:
        return _one_of(choices)
    if inner := _keys_in(field.annotation):
        return f"keys of its own: {', '.join(inner.model_fields)}"
    low = next((m.ge for m in field.metadata if getattr(m, "ge", None) is not None), None)
    high = next((m.le for m in field.metadata if getattr(m, "le", None) is not None), None)
    whole = int in _types_in(field.annotation)
    number = "a whole number" if whole else "a number"
    return number if low is None or high is None else f"{number} from {low} to {high}"


def _metadata(field: FieldInfo) -> Iterator[object]:
    """The annotations of a field, and those of the type inside an optional one."""
    for part in get_args(field.annotation):
        yield from getattr(part, "__metadata__", ())
    yield from field.metadata


def _written(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every key, at any depth."""
    for name, value in values.items():
        yield (*above, name)
        if isinstance(value, Mapping):
            yield from _written(value, (*above, name))


def _one_of(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def brief(value: object) -> str:
    """A value as messages show it: on one line, and short."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | bytes | list | tuple):
        value = value[:_LONGEST_WORD]  # the whole could take seconds to show
    try:
        shown = repr(value)
    except Exception:  # a program's own object, or a number of more digits than Python writes
        shown = f"a value of the type {type(value).__name__}"
    shown = "".join(c if c.isprintable() else " " for c in shown)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
