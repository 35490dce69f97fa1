"""Settings as they are written in files and flags: read against their keys, and merged once.

Whatever is wrong with a layer is found in one run: every problem names its file, its line, its
key, what was expected and, where there is one, the nearest right word.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from foundation.problem import Place, Problem, ProblemError
from lessons.settings import CourseKeys, Expected, Keys, Layer, LessonKeys, Settings, layers_of
from lessons.yaml_mapping import YamlMapping, read_mapping

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
"""Of one file: what nobody reads to the end need not be found to the end."""

_NEAR = 0.6  # difflib's own cut-off for a close match


def read_layer(
    mapping: YamlMapping, keys: type[K], layer: Layer, *, foreign: Collection[str] = ()
) -> K:
    """The settings of a mapping, checked. Keys in `foreign` are another tool's and passed over.

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
            message = f"{name!r} cannot be set in {_NAMES[layer]}."
            problems.append(_problem(mapping, (name,), message, f"Set it in {_one_of(homes)}."))
        elif name not in foreign:
            if len(problems) > MOST_PROBLEMS:
                break
            problems.append(_unknown(mapping, (name,), allowed, mapping.path or _NAMES[layer]))
    found: K | None = None
    try:
        found = keys.model_validate(values, context={"layer": layer})
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        invalid = (_invalid(mapping, keys, layer, d["type"], d["loc"], d["input"]) for d in details)
        problems.extend(dict.fromkeys(invalid))
    if problems or found is None:
        told = sorted(problems, key=lambda problem: problem.place.line or 0)
        if len(told) > MOST_PROBLEMS:
            more = Problem("There are more problems like these.", "", Place(mapping.path))
            told[MOST_PROBLEMS:] = [more]
        raise mapping.error.of(told)
    found._places = {
        ".".join(path): Place(mapping.path, mapping.line_of(*path), key=".".join(path))
        for path in _written(values)
    }
    return found


def read_values(values: Mapping[str, object], path: str, error: type[ProblemError]) -> Settings:
    """Settings that a program gives, which are stronger than those of all files. `path` is what
    they are called in problems. Raises `error` with every problem that was found."""
    plain = {str(name): value for name, value in values.items()}
    return read_layer(YamlMapping(path, error, None, plain), Settings, Layer.FLAGS)


def read_flags(assignments: Sequence[str], path: str, error: type[ProblemError]) -> Settings:
    """Settings of a command line, each as `theme=dark` or `video.rate=25`. The value is YAML.

    `path` is what they are called in problems. Raises `error` with every problem that was found.
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        parts = name.strip().split(".")
        if not equals or not all(parts):
            message = f"{_brief(assignment)} does not set anything."
            problems.append(Problem(message, "Write key=value, such as theme=dark.", Place(path)))
            continue
        try:
            value = read_mapping(f"value: {text.strip()}", path=path, error=error).values
        except ProblemError as wrong:
            problems.extend(Problem(p.message, p.remedy, Place(path)) for p in wrong.problems)
            continue
        inner = values
        for part in parts[:-1]:
            nested = inner.setdefault(part, {})
            inner = nested if isinstance(nested, dict) else {}
        inner[parts[-1]] = value["value"]
    try:
        flags = read_values(values, path, error)
    except ProblemError as wrong:
        problems.extend(wrong.problems)
    if problems:
        raise error.of(problems)
    return flags


def allowed_keys(keys: type[Settings], layer: Layer) -> frozenset[str]:
    """The names of the settings that may be written in a layer."""
    return frozenset(name for name in keys.model_fields if layer in layers_of(name, keys))


def merge(*layers: Settings) -> Settings:
    """The settings of the layers, each stronger than those before it. Mappings such as `video` and
    `voices` are merged key by key."""
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
    """The known word that `word` was probably meant to be; empty if there is none."""
    if len(word) > 60:
        return ""
    by_case = {name.casefold(): name for name in known}
    near = difflib.get_close_matches(word.casefold(), sorted(by_case), n=1, cutoff=_NEAR)
    return by_case[near[0]] if near else ""


def _unknown(
    mapping: YamlMapping, path: tuple[str, ...], known: Collection[str], where: str
) -> Problem:
    near = find_near(path[-1], known)
    remedy = f"Did you mean {near!r}?" if near else f"Its keys are {', '.join(sorted(known))}."
    return _problem(mapping, path, f"{where} has the unknown key {_brief(path[-1])}.", remedy)


def _invalid(
    mapping: YamlMapping,
    keys: type[Settings],
    layer: Layer,
    kind: str,
    location: tuple[int | str, ...],
    value: object,
) -> Problem:
    """What pydantic found wrong, in plain English."""
    path = tuple(str(part) for part in location if not str(part).startswith("["))
    owner, field = _field_at(keys, path)
    name = ".".join(path)
    if kind == "extra_forbidden":
        outer = ".".join(path[:-1])
        return _unknown(mapping, path, owner.model_fields, repr(outer))
    if kind == "missing":
        where = mapping.path or _NAMES[layer]
        return _problem(mapping, path, f"{name!r} is missing in {where}.", f"Add '{path[-1]}: …'.")
    expected = _expected(field)
    near = ""
    if field is not None and isinstance(value, str):
        near = find_near(value, [str(choice) for choice in _choices(field.annotation)])
    remedy = f"Write {expected}." + (f" Did you mean {near!r}?" if near else "")
    return _problem(mapping, path, f"{name!r} cannot be {_brief(value)}.", remedy)


def _problem(mapping: YamlMapping, path: tuple[str, ...], message: str, remedy: str) -> Problem:
    return Problem(message, remedy, Place(mapping.path, mapping.line_of(*path), key=".".join(path)))


def _field_at(keys: type[Keys], path: Sequence[str]) -> tuple[type[Keys], FieldInfo | None]:
    """The innermost keys that hold the setting at a path, and its field as far as there is one."""
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
    """What a setting takes, for "Write …"."""
    if field is None:
        return "something else"
    told = [m.text for m in _metadata(field) if isinstance(m, Expected)]
    if told:
        return told[-1]
    if choices := [repr(choice) for choice in _choices(field.annotation)]:
        return _one_of(choices)
    if inner := _keys_in(field.annotation):
        return f"settings of its own: {', '.join(inner.model_fields)}"
    low = next((m.ge for m in field.metadata if getattr(m, "ge", None) is not None), None)
    high = next((m.le for m in field.metadata if getattr(m, "le", None) is not None), None)
    whole = int in _types_in(field.annotation)
    number = "a whole number" if whole else "a number"
    return number if low is None or high is None else f"{number} from {low} to {high}"


def _metadata(field: FieldInfo) -> Iterator[object]:
    """What is said of a field, and of the type inside an optional one."""
    for part in get_args(field.annotation):
        yield from getattr(part, "__metadata__", ())
    yield from field.metadata


def _written(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in values.items():
        yield (*above, name)
        if isinstance(value, Mapping):
            yield from _written(value, (*above, name))


def _one_of(names: Sequence[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _brief(value: object) -> str:
    if value is None:
        return "empty"
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"
