"""Engines render frames from a rig and channel values."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from avatar.errors import RigError
from foundation.near_words import find_near

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from avatar.engines.base import Engine
    from avatar.rig.rig import Rig

# name -> "module:Class". A module is loaded when its engine is opened, so that listing costs
# nothing.
ENGINES: Final[dict[str, str]] = {
    "warp": "avatar.engines.warp:WarpEngine",
    "still": "avatar.engines.still:StillEngine",
}
GROUP: Final = "narrate.engines"


def find_engine_class(name: str) -> type[Engine]:
    """Find the class of an engine, built in or from a plug-in. Raises RigError if there is none."""
    target = ENGINES.get(name)
    if target is None:
        from importlib.metadata import entry_points

        for entry in entry_points(group=GROUP, name=name):
            return _load_plugin(entry)
        known = sorted({*ENGINES, *(entry.name for entry in entry_points(group=GROUP))})
        near = find_near(name, known)
        raise RigError(
            f"The portrait engine {name!r} does not exist.",
            remedy=(f"Did you mean {near!r}? " if near else "") + f"Use one of {', '.join(known)}.",
        )
    module, _, attribute = target.partition(":")
    found: type[Engine] = getattr(import_module(module), attribute)
    return found


def open_engine(name: str, rig: Rig) -> Engine:
    """Open an engine that is ready to render the rig's frames."""
    return find_engine_class(name)(rig)


def _load_plugin(entry: EntryPoint) -> type[Engine]:
    """Load a plug-in's class. Whatever error its import raises is for its authors to fix."""
    try:
        loaded: type[Engine] = entry.load()
        loaded.version()
    except Exception as error:
        raise RigError(
            f"The portrait engine {entry.name!r} ({entry.value}) cannot be used: {error!r}.",
            remedy="Update or remove the package that provides it, or choose another engine.",
        ) from error
    return loaded
