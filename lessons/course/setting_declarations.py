"""What the types of settings say of them: which values they accept, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import get_args, get_origin

from annotated_types import Ge, Le
from pydantic.fields import FieldInfo

from lessons.course.setting_types import ExpectedValue
from lessons.course.settings import Keys

KEY_MARK = "[key]"
"""pydantic's mark for an error in a key of a mapping, rather than in its value."""


def find_declaration(
    keys: type[Keys], location: Sequence[int | str]
) -> tuple[object, tuple[object, ...]]:
    """The type of the value at a location, and what its declaration says of it. A location that
    ends with `KEY_MARK` is that of a key of a mapping."""
    of_key = bool(location) and location[-1] == KEY_MARK
    annotation: object = keys
    metadata: tuple[object, ...] = ()
    for part in location[:-2] if of_key else location:
        inner, types = find_keys(annotation), list_mapping_types(annotation)
        if inner is not None and str(part) in inner.model_fields:
            field = inner.model_fields[str(part)]
            annotation, metadata = field.annotation, tuple(_metadata(field))
        elif types:
            annotation, metadata = _split(types[1])
        else:
            break  # inside a list: its field says what is expected
    if of_key and (types := list_mapping_types(annotation)):
        return _split(types[0])
    return annotation, metadata


def list_mapping_types(annotation: object) -> tuple[object, ...]:
    """The types of the keys and the values of a mapping; nothing for any other type."""
    return get_args(annotation) if get_origin(annotation) is Mapping else ()


def _split(annotation: object) -> tuple[object, tuple[object, ...]]:
    metadata = getattr(annotation, "__metadata__", ())
    return (get_args(annotation)[0] if metadata else annotation), metadata


def find_keys(annotation: object) -> type[Keys] | None:
    """The group of settings that a type is, or that is inside it."""
    if isinstance(annotation, type) and issubclass(annotation, Keys):
        return annotation
    found = (find_keys(part) for part in get_args(annotation))
    return next((keys for keys in found if keys is not None), None)


def _types_in(annotation: object) -> Iterator[object]:
    yield annotation
    for part in get_args(annotation):
        yield from _types_in(part)


def list_choices(annotation: object) -> Iterator[object]:
    """The values of a Literal, or of those inside a union."""
    for part in get_args(annotation):
        if isinstance(part, str):
            yield part
        elif get_args(part):
            yield from list_choices(part)


def describe_expected(annotation: object, metadata: Sequence[object]) -> str:
    """What a setting accepts, to be put after "Write "."""
    told = [m.text for m in metadata if isinstance(m, ExpectedValue)]
    if told:
        return told[-1]
    if choices := [repr(choice) for choice in list_choices(annotation)]:
        return join_choices(choices)
    if inner := find_keys(annotation):
        return "{" + ", ".join(f"{name}: …" for name in inner.model_fields) + "}"
    low = next((m.ge for m in metadata if isinstance(m, Ge)), None)
    high = next((m.le for m in metadata if isinstance(m, Le)), None)
    number = "a whole number" if int in _types_in(annotation) else "a number"
    return number if low is None or high is None else f"{number} from {low} to {high}"


def _metadata(field: FieldInfo) -> Iterator[object]:
    """The annotations of a field, and those of the type inside an optional one."""
    for part in get_args(field.annotation):
        yield from getattr(part, "__metadata__", ())
    yield from field.metadata


def join_choices(names: Sequence[str]) -> str:
    """`a, b or c`."""
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
