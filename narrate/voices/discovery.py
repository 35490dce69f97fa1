"""Which voice plug-ins are installed: the entry points of the group `narrate.voices`.

A plug-in is code of the user's own environment; a course cannot bring one. Finding them imports
none of them.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points

GROUP = "narrate.voices"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class FoundPlugin:
    """A plug-in by the name that courses use. `target` is what its entry point names, and
    `distribution` and `release` are of the package that has it. `problem` says why its name cannot
    be used; empty if it can."""

    name: str
    target: str
    distribution: str
    release: str
    problem: str = ""


def find_plugins(reserved: Collection[str]) -> tuple[FoundPlugin, ...]:
    """All plug-ins, by name. Those in `reserved` are the engines of the program itself, which a
    plug-in never replaces; of two plug-ins with one name, that of the first package is used."""
    return _find(tuple(sys.path), frozenset(reserved))


@cache
def _find(path: tuple[str, ...], reserved: frozenset[str]) -> tuple[FoundPlugin, ...]:
    found = [_describe(point) for point in entry_points(group=GROUP)]
    found.sort(key=lambda plugin: (plugin.name, plugin.distribution, plugin.target))
    plugins: list[FoundPlugin] = []
    taken = dict.fromkeys(reserved, "a built-in engine")
    for plugin in dict.fromkeys(found):
        problem = ""
        if not _NAME.fullmatch(plugin.name):
            problem = "its name is not made of small letters, digits, '-' and '_'"
        elif plugin.name in taken:
            problem = f"its name is that of {taken[plugin.name]}"
        else:
            taken[plugin.name] = f"the plug-in of {plugin.distribution}"
        plugins.append(
            FoundPlugin(plugin.name, plugin.target, plugin.distribution, plugin.release, problem)
        )
    return tuple(plugins)


def _describe(point: EntryPoint) -> FoundPlugin:
    distribution = point.dist
    name = (distribution.metadata["Name"] if distribution else "") or "an unknown package"
    release = distribution.version if distribution else ""
    return FoundPlugin(point.name, point.value, name, release)
