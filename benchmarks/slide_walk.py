"""How far a slide walks: from the command to the rendering of its segment, and back.

    python -m benchmarks.slide_walk

A course of one slide is built in this process. Counted are the functions of ours, each once, that
are called on the way to `render_slide` and after it, those that do not return before it is called
(the depth of the walk), and the files that they stand in. What reads the script, speaks, draws and
encodes is not counted: the walk is the command and the pipeline.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
COUNTED = tuple(
    str(ROOT / "narrate" / part)
    for part in ("cli", "pipeline", "api.py", "arguments.py", "progress.py", "workers.py")
)
GOAL = "render_slide"


class Walk:
    """Listens to the calls of functions."""

    def __init__(self) -> None:
        self.there: set[CodeType] = set()
        self.back: set[CodeType] = set()
        self.depth: list[CodeType] = []
        self._arrived = False

    def listen(self, frame: FrameType, event: str, argument: Any) -> None:
        if event != "call":
            return
        code = frame.f_code
        if code.co_name == GOAL and not self._arrived:
            self._arrived = True
            self.depth = list(_walk_up(frame))
        elif code.co_filename.startswith(COUNTED) and not code.co_name.startswith("<"):
            (self.back if self._arrived else self.there).add(code)


def _walk_up(frame: FrameType | None) -> Iterable[CodeType]:
    while frame is not None:
        if frame.f_code.co_filename.startswith(COUNTED) and frame.f_code.co_name[0] != "<":
            yield frame.f_code
        frame = frame.f_back


def main() -> None:
    from narrate.cli import main as command

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "course"
        root.mkdir()
        (root / "course.yaml").write_text("title: Walk\nid: walk\nvoice: silent\n")
        (root / "01.md").write_text("# One\n\nA sentence.\n")
        os.environ |= {"XDG_CONFIG_HOME": folder, "XDG_DATA_HOME": folder}
        asked = ["build", str(root), "--only", "lecture", "--jobs", "1", "--json"]
        asked += ["--set", "video.size=640x360"]
        walk = Walk()
        sys.setprofile(walk.listen)
        try:
            status = command(asked)
        finally:
            sys.setprofile(None)
    assert status == 0 and walk.depth
    for name, codes in (("there", walk.there), ("back", walk.back), ("open", set(walk.depth))):
        files = {code.co_filename for code in codes}
        print(f"{name}: {len(codes)} functions in {len(files)} files", file=sys.stderr)


if __name__ == "__main__":
    main()
