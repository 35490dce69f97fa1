"""Rigs: everything that is computed once for a photo and a frame size.

rig = prepare(portrait, size=(840, 840))
save(rig, path)
rig = load(path, portrait)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from avatar.rig.rig import Rig

if TYPE_CHECKING:
    from avatar.consent import ApprovedPortrait

# The version of the file's form: a rig in another form is refused.
VERSION: Final = 3

__all__ = ["VERSION", "Rig", "load", "prepare", "save"]


def prepare(portrait: ApprovedPortrait, *, size: tuple[int, int], framing: str = "bust") -> Rig:
    """Prepare a portrait for frames of `size` (width, height) in pixels, each at least 64.

    The framing "bust" shows head and shoulders, "close" mostly the face. Raises PhotoError if the
    photo cannot be used, and RigError if the framing or size does not exist.
    """
    from avatar.consent import require
    from avatar.rig.preparation import make_rig

    portrait = require(portrait)
    return make_rig(
        portrait.pixels,
        photo_sha256=portrait.photo_sha256,
        record_id=portrait.record_id,
        size=size,
        framing=framing,
    )


def save(rig: Rig, path: Path) -> None:
    """Write the rig to a file, whole or not at all. The same rig gives the same bytes."""
    from avatar.rig.archive import write_rig

    write_rig(rig, path, VERSION)


def load(path: Path, portrait: ApprovedPortrait) -> Rig:
    """Read a rig. Raises RigError if it is damaged, or of another version, photo or consent
    record."""
    from avatar.consent import require
    from avatar.rig.archive import read_rig

    portrait = require(portrait)
    return read_rig(path, VERSION, portrait.photo_sha256, portrait.record_id)
