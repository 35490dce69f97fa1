"""From an approved portrait to a rig: everything that is computed once a photo and frame size.

rig = prepare(portrait, size=(840, 840))
save(rig, path); rig = load(path, portrait)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from avatar.rig.rig import Rig

if TYPE_CHECKING:
    from avatar.consent import ApprovedPortrait

# Raised whenever a rig would change.
VERSION: Final = 3

__all__ = ["VERSION", "Rig", "load", "prepare", "save"]


def prepare(portrait: ApprovedPortrait, *, size: tuple[int, int], framing: str = "bust") -> Rig:
    """Rig the portrait for frames of `size` (width, height) in pixels, each at least 64.

    `framing`: "bust" shows head and shoulders, "close" mostly the face. PhotoError: the photo
    will not do.
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
    """Write the rig beside `path` and rename it there. The same rig gives the same bytes."""
    from avatar.rig.archive import write

    write(rig, path, VERSION)


def load(path: Path, portrait: ApprovedPortrait) -> Rig:
    """Read a rig back. RigError: damaged, of another version, or of another photo or consent."""
    from avatar.consent import require
    from avatar.rig.archive import read

    portrait = require(portrait)
    return read(path, VERSION, portrait.photo_sha256, portrait.record_id)
