"""The file with the frames of a drawn slide."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from foundation.json_text import parse_object
from narrate.slides.frames import SlideFrame


def save_frames(path: Path, frames: Sequence[SlideFrame]) -> None:
    """Write the frames of a drawn slide."""
    head = [[len(f.png), f.step, f.page, f.anchor, f.weight] for f in frames]
    path.write_bytes(
        json.dumps({"frames": head}).encode() + b"\n" + b"".join(frame.png for frame in frames)
    )


def load_frames(path: Path) -> tuple[SlideFrame, ...]:
    """Read what `save_frames` wrote."""
    head, _, rest = path.read_bytes().partition(b"\n")
    frames: list[SlideFrame] = []
    for size, step, page, anchor, weight in parse_object(head)["frames"]:
        frames.append(SlideFrame(rest[:size], step, page, anchor, weight))
        rest = rest[size:]
    return tuple(frames)
