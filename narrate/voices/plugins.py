"""The engines of voice plug-ins. `narrate.speech` finds this module by its name."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib import import_module
from typing import Any, cast

from narrate.voices.calling import Caller
from narrate.voices.contract import VoicePlugin
from narrate.voices.contract_engine import ContractEngine, Source
from narrate.voices.discovery import FoundPlugin, find_plugins


def list_names(reserved: Collection[str]) -> list[str]:
    """The names of the plug-ins that can be used, beside engines with the names `reserved`."""
    return [plugin.name for plugin in find_plugins(reserved) if not plugin.problem]


def open_engine(name: str, reserved: Collection[str]) -> ContractEngine:
    """The engine of one of `list_names`. Imports nothing yet."""
    found = find_plugins(reserved)
    return _open(next(p for p in found if p.name == name and not p.problem))


@cache
def _open(plugin: FoundPlugin) -> ContractEngine:
    package = f"{plugin.distribution} {plugin.release}".strip()
    caller = Caller(
        f"The voice plug-in {plugin.name!r}",
        f"Run `narrate voices --test {plugin.name}`, and tell whoever made the package {package}, "
        "or choose another voice.",
    )
    return ContractEngine(Source(plugin.name, package, caller, lambda: _load(plugin.target)))


def _load(target: str) -> VoicePlugin:
    """The object that an entry point names, or what it makes if it is a class or a function."""
    module, _, attributes = target.partition(":")
    loaded: Any = import_module(module)
    for attribute in filter(None, attributes.split("[")[0].strip().split(".")):
        loaded = getattr(loaded, attribute)
    made = loaded if _is_plugin(loaded) else loaded()
    if not _is_plugin(made):
        raise TypeError(f"{target} is no voice plug-in: it needs version, voices and open")
    return cast(VoicePlugin, made)


def _is_plugin(thing: object) -> bool:
    if isinstance(thing, type):
        return False
    return all(hasattr(thing, name) for name in ("version", "voices", "open"))
