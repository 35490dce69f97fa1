"""The JSON Schema of a settings file, for editors that complete and check YAML."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from foundation.frozen_mapping import FrozenMapping
from lessons.course.setting_layers import KEYS, allowed_keys
from lessons.course.setting_types import Layer
from lessons.course.settings import Keys

_TITLES = {
    Layer.USER: "A user's own settings",
    Layer.COURSE: "A course's course.yaml",
    Layer.LESSON: "The front matter of a lesson",
}


_OF_OTHER_TOOLS = frozenset({"author"})
"""Settings of other layers whose names other tools use in front matter, where they are ignored."""


def json_schema(layer: Layer) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of the settings that may be written in a layer.

    A lesson's front matter may have the keys of other tools, but not the settings of other layers.
    Elsewhere, an unknown key is an error.
    """
    keys = KEYS[layer]
    whole = keys.model_json_schema(mode="validation", schema_generator=_Generator)
    allowed = allowed_keys(keys, layer)
    properties = {name: prop for name, prop in whole["properties"].items() if name in allowed}
    found: dict[str, Any] = {
        "$schema": _Generator.schema_dialect,
        "title": _TITLES.get(layer, "Settings"),
        "type": "object",
        "properties": properties,
        "additionalProperties": layer is Layer.LESSON,
    }
    if layer is Layer.LESSON:
        properties.update(dict.fromkeys(_settings_of_other_layers(allowed), False))
    if required := [name for name in whole.get("required", []) if name in allowed]:
        found["required"] = required
    if used := _definitions(properties, whole.get("$defs", {})):
        found["$defs"] = used
    return found


def keys_schema(keys: type[Keys], title: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a file that holds these keys and no others."""
    made = keys.model_json_schema(mode="validation", schema_generator=_Generator)
    return {"$schema": _Generator.schema_dialect, **made, "title": title}


def _settings_of_other_layers(allowed: Collection[str]) -> list[str]:
    """The settings that the reader refuses in a lesson, because their place is elsewhere."""
    known = {name for keys in KEYS.values() for name in keys.model_fields}
    return sorted(known.difference(allowed, _OF_OTHER_TOOLS))


class _Generator(GenerateJsonSchema):
    """Leaves out the keys that only this program uses, and writes defaults as YAML files do."""

    def generate(self, schema: Any, mode: Any = "validation") -> dict[str, Any]:
        made: dict[str, Any] = _cleaned(super().generate(schema, mode))
        return made

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, tuple) and len(dft) == 2:
            return f"{dft[0]}x{dft[1]}"
        if isinstance(dft, FrozenMapping):
            return dict(dft)
        return super().encode_default(dft)


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        # The defaults of a mapping are those of its keys.
        left_out = {"layers", "default"} if "$ref" in value else {"layers"}
        kept = {k: v for k, v in value.items() if k not in left_out and not _is_title(k, v)}
        return {k: _cleaned(v) for k, v in kept.items()}
    if isinstance(value, list):
        return [_cleaned(item) for item in value]
    return value


def _is_title(key: str, value: object) -> bool:
    """Whether this is a title that pydantic made from a key's name. It adds no information."""
    return key == "title" and isinstance(value, str)


def _definitions(schema: Any, known: dict[str, Any]) -> dict[str, Any]:
    """The known definitions that a schema refers to, directly or through other definitions."""
    found: dict[str, Any] = {}
    waiting = [schema]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            name = str(part.get("$ref", "")).removeprefix("#/$defs/")
            if name in known and name not in found:
                found[name] = known[name]
                waiting.append(known[name])
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return dict(sorted(found.items()))
