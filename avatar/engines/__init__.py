"""Engines turn a rig and channel values into frames."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from avatar.errors import RigError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from avatar.engines.base import Engine
    from avatar.rig.rig import Rig

# name -> "module:Class"; loaded when opened, so that listing them costs nothing.
ENGINES: Final[dict[str, str]] = {
    "warp": "avatar.engines.warp:WarpEngine",
    "still": "avatar.engines.still:StillEngine",
}
GROUP: Final = "narrate.engines"


def engine_class(name: str) -> type[Engine]:
    """The class of an engine, ours or a plug-in's. RigError: there is none of that name."""
    target = ENGINES.get(name)
    if target is None:
        from importlib.metadata import entry_points

        for entry in entry_points(group=GROUP, name=name):
            return _loaded(entry)
        known = sorted({*ENGINES, *(entry.name for entry in entry_points(group=GROUP))})
        raise RigError(
            f"There is no portrait engine {name!r}.", remedy=f"Use one of {', '.join(known)}."
        )
    module, _, attribute = target.partition(":")
    found: type[Engine] = getattr(import_module(module), attribute)
    return found


def open_engine(name: str, rig: Rig) -> Engine:
    """An engine ready to render the rig's frames."""
    return engine_class(name)(rig)


def _loaded(entry: EntryPoint) -> type[Engine]:
    """A plug-in's class. Whatever it does while it is imported is its makers' to mend."""
    try:
        loaded: type[Engine] = entry.load()
        loaded.version()
    except Exception as error:
        raise RigError(
            f"The portrait engine {entry.name!r} ({entry.value}) cannot be used: {error!r}.",
            remedy="Update or remove the package that brings it, or choose another engine.",
        ) from error
    return loaded
