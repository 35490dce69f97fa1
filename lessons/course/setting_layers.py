"""Reads settings from files and flags, checks them, and merges their layers.

All problems of a layer are found in one run. Each names its file, its line, its key, what was
expected and, if there is one, the nearest valid word.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from foundation.frozen_mapping import FrozenMapping
from foundation.near_words import find_near
from foundation.problem import Place, Problem, ProblemError
from foundation.shortening import brief
from lessons.course.setting_declarations import (
    KEY_MARK,
    describe_expected,
    find_declaration,
    find_keys,
    join_choices,
    list_choices,
    list_mapping_types,
)
from lessons.course.setting_types import ExpectedValue, Layer, WrittenText
from lessons.course.settings import DEFAULTS, CourseKeys, Keys, LessonKeys, Settings, layers_of
from lessons.course.text_files import COURSE_FILE
from lessons.course.yaml_mapping import DEEPEST, LARGEST_SETTINGS, YamlMapping, read_mapping

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

K = TypeVar("K", bound=Settings)
KeyPath = tuple[str, ...]

KEYS: Mapping[Layer, type[Settings]] = {
    Layer.USER: Settings,
    Layer.COURSE: CourseKeys,
    Layer.LESSON: LessonKeys,
    Layer.FLAGS: Settings,
}
_NAMES: Mapping[Layer, str] = {
    Layer.USER: "your own settings",
    Layer.COURSE: COURSE_FILE,
    Layer.LESSON: "a lesson's front matter",
    Layer.FLAGS: "--set",
}
MOST_PROBLEMS = 100
"""Problems that are reported for one file. Nobody reads more, and finding them takes time."""


def read_layer(
    mapping: YamlMapping, keys: type[K], layer: Layer, *, foreign: Collection[str] = ()
) -> K:
    """Check the settings of a mapping. Keys in `foreign` belong to other tools and are ignored.

    Raises the mapping's error with every problem that was found.
    """
    allowed = allowed_keys(keys, layer)
    problems = list(mapping.problems)
    values: dict[str, Any] = {}
    for name, value in mapping.values.items():
        if name in allowed:
            values[name] = _as_written(mapping, value, keys, (name,))
        elif name in foreign:
            continue
        elif homes := _homes_of(name):
            message = f"{name!r} cannot be set in {_NAMES[layer]}."
            if layer is Layer.FLAGS:
                message = f"{name!r} cannot be overridden."
            problems.append(
                _problem(mapping, (name,), message, f"Set it in {join_choices(homes)}.")
            )
        else:
            if len(problems) > MOST_PROBLEMS:
                break
            problems.append(_unknown(mapping, (name,), allowed))
    found, invalid = _validate(mapping, values, keys, layer)
    unread = {problem.place.key for problem in mapping.problems}
    problems.extend(problem for problem in invalid if problem.place.key not in unread)
    if problems or found is None:
        raise mapping.error.of(_bounded(problems))
    found._places = _find_places(mapping, values)
    return found


@dataclass(frozen=True, slots=True)
class FittingKeys:
    """What can be used of a mapping that was written for several programs. `wrong` are values of
    our keys that cannot be used, and keys whose place is elsewhere; `unknown` are other keys."""

    keys: LessonKeys
    wrong: tuple[Problem, ...] = ()
    unknown: tuple[str, ...] = ()


def read_what_fits(mapping: YamlMapping, *, foreign: Collection[str] = ()) -> FittingKeys:
    """Read the settings of a lesson, leaving out what cannot be used. Keys in `foreign` belong to
    another tool: they are used if they fit, and otherwise left out without a word."""
    layer = Layer.LESSON
    allowed = allowed_keys(LessonKeys, layer)
    wrong: list[Problem] = []
    values: dict[str, Any] = {}
    unknown: list[str] = []
    for name, value in mapping.values.items():
        if name in allowed:
            values[name] = _as_written(mapping, value, LessonKeys, (name,))
        elif name in foreign:
            continue
        elif homes := _homes_of(name):
            message = f"{name!r} cannot be set in {_NAMES[layer]}."
            wrong.append(_problem(mapping, (name,), message, f"Set it in {join_choices(homes)}."))
        else:
            unknown.append(name)
    found, invalid = _validate(mapping, values, LessonKeys, layer)
    while found is None:
        wrong += [p for p in invalid if p.place.key.partition(".")[0] not in foreign]
        kept = values
        for problem in invalid:
            kept = _without(kept, problem.place.key)
        values = kept if kept != values else {}
        found, invalid = _validate(mapping, values, LessonKeys, layer)
    found._places = _find_places(mapping, values)
    return FittingKeys(found, tuple(_bounded(wrong)), tuple(unknown))


def _without(values: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The values without the one at fault: of a mapping such as `speakers`, without its entry."""
    name, _, entry = key.partition(".")
    value = values.get(name)
    rest = {k: v for k, v in values.items() if k != name}
    if not (entry and isinstance(value, Mapping) and entry in value):
        return rest
    return {**rest, name: {k: v for k, v in value.items() if k != entry}}


def _find_places(mapping: YamlMapping, values: Mapping[str, Any]) -> dict[str, Place]:
    return {
        ".".join(path): Place(mapping.path, mapping.line_of(*path), key=".".join(path))
        for path in _written(values)
    }


@dataclass(frozen=True, slots=True)
class Assignments:
    """Settings of a command line, each as `theme=dark` or `video.rate=25`."""

    texts: tuple[str, ...]


Values = Mapping[str, object] | Settings | Assignments | None


def read_any(values: Values, error: type[ProblemError]) -> Settings:
    """Check settings that override those of all files, in whatever form a program has them.

    Raises `error` with every problem that was found.
    """
    match values:
        case None:
            return DEFAULTS
        case Settings():
            recheck(values, "settings", error)
            return values
        case Assignments(texts):
            return read_flags(texts, "--set", error)
        case Mapping():
            return read_values(values, "settings", error)
    raise error(
        f"The settings are given as {brief(values)}.",
        remedy="Give a mapping, such as {'theme': 'dark'}.",
        place=Place("settings"),
    )


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
    texts: dict[tuple[str, ...], str] = {}
    problems: list[Problem] = []
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        parts = name.strip().split(".")
        if not equals or not all(parts):
            message = f"{brief(assignment)} does not set anything."
            problems.append(Problem(message, "Write key=value, such as theme=dark.", Place(path)))
            continue
        try:
            read = read_mapping(
                f"value: {text.strip()}", path=path, error=error, limit=LARGEST_SETTINGS
            )
        except ProblemError as wrong:
            place = Place(f"{path} {brief(assignment)}", key=".".join(parts))
            problems.extend(Problem(p.message, p.remedy, place) for p in wrong.problems)
            continue
        value = read.values
        if len(parts) > DEEPEST or set(value) != {"value"} or not _assign(values, parts, value):
            message = f"{brief(assignment)} cannot be combined with the other settings."
            remedy = "Give each key once, such as video.rate=25."
            problems.append(Problem(message, remedy, Place(path, key=".".join(parts[:DEEPEST]))))
            continue
        texts.update(((*parts, *keys[1:]), written) for keys, written in read.texts.items())
    try:
        mapping = YamlMapping(path, error, None, values, texts=texts)
        flags = read_layer(mapping, Settings, Layer.FLAGS)
    except ProblemError as wrong:
        problems.extend(wrong.problems)
    if problems:
        raise error.of(problems)
    return flags


def _assign(values: dict[str, Any], parts: Sequence[str], value: Mapping[str, Any]) -> bool:
    """Put a value where `parts` lead to; whether that is possible. A key that is set already stays
    as it is: of two values, one would be lost without a word."""
    inner = values
    for part in parts[:-1]:
        nested = inner.setdefault(part, {})
        if not isinstance(nested, dict):
            return False
        inner = nested
    if parts[-1] in inner:
        return False
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
    if isinstance(new, FrozenMapping) and isinstance(old, FrozenMapping):
        return FrozenMapping({**old, **new})
    return new


def _validate(
    mapping: YamlMapping, values: Mapping[str, Any], keys: type[K], layer: Layer
) -> tuple[K | None, list[Problem]]:
    """The settings that the values give, or the first problems of them in the order of lines."""
    try:
        return keys.model_validate(values, context={"layer": layer}), []
    except ValidationError as error:
        details = _innermost(error.errors(include_url=False, include_context=False))
    details.sort(key=lambda detail: mapping.line_of(*map(str, detail["loc"])) or 0)
    problems: dict[Problem, None] = {}
    for detail in details:
        problems[_invalid(mapping, keys, detail)] = None
        if len(problems) > MOST_PROBLEMS:
            break
    return None, list(problems)


def _innermost(details: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """The errors without those of a value in which another error was found. pydantic takes a list
    whose entries are wrong for one that is too short."""
    places = {d["loc"][:-1] if d["loc"][-1:] == (KEY_MARK,) else d["loc"] for d in details}
    around = {place[:length] for place in places for length in range(len(place))}
    return [detail for detail in details if detail["loc"] not in around]


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
    path = tuple(str(part) for part in location if part != KEY_MARK)
    name = ".".join(path)
    if kind in ("extra_forbidden", "invalid_key"):
        owner = find_keys(find_declaration(keys, location[:-1])[0]) or keys
        return _unknown(mapping, path, owner.model_fields)
    if kind == "missing":
        return _problem(mapping, path, f"{name!r} is missing.", f"Add '{path[-1]}: …'.")
    annotation, metadata = find_declaration(keys, location)
    remedy = f"Write {describe_expected(annotation, metadata)}."
    if location[-1] == KEY_MARK:
        message = f"{'.'.join(path[:-1])!r} cannot have the key {brief(value)}."
        return _problem(mapping, path, message, remedy)
    words = [word for m in metadata if isinstance(m, ExpectedValue) for word in m.words]
    words += [str(choice) for choice in list_choices(annotation)]
    if isinstance(value, str) and (near := find_near(value, words)):
        remedy += f" Did you mean {near!r}?"
    named = repr(name)
    last, around = location[-1], find_declaration(keys, location[:-1])[0]
    if isinstance(last, int) and not list_mapping_types(around):
        named = f"Entry {last + 1} of {'.'.join(path[:-1])!r}"  # people count from one
    return _problem(mapping, path, f"{named} cannot be {brief(value)}.", remedy)


def _problem(mapping: YamlMapping, path: tuple[str, ...], message: str, remedy: str) -> Problem:
    key = ".".join(path)
    return Problem(message, remedy, Place(mapping.path, mapping.line_of(*path), key=key))


def _as_written(mapping: YamlMapping, value: object, keys: type[Keys], path: KeyPath) -> object:
    """A value in which texts are as they are written, where YAML reads numbers or booleans."""
    if isinstance(value, dict):
        return {k: _as_written(mapping, v, keys, (*path, k)) for k, v in value.items()}
    if isinstance(value, bool | int | float) and path in mapping.texts:
        _, metadata = find_declaration(keys, path)
        if any(isinstance(m, WrittenText) for m in metadata):
            return mapping.texts[path]
    return value


def _homes_of(name: str) -> list[str]:
    """The names of the files in which there is a setting of that name."""
    layers = {
        layer
        for keys in set(KEYS.values())
        if name in keys.model_fields
        for layer in layers_of(name, keys)
    }
    return sorted(_NAMES[layer] for layer in layers)


def _written(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every key, at any depth."""
    for name, value in values.items():
        yield (*above, name)
        if isinstance(value, Mapping):
            yield from _written(value, (*above, name))
