"""Counts work instead of measuring time, which depends on what else a machine does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import PurePath
from types import FrameType
from typing import Any


def count_lines(function: Callable[[], object], *files: str) -> int:
    """How many lines of the files of these names are run by a function."""
    count = 0

    def count_line(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return count_line

    def enter(frame: FrameType, event: str, argument: Any) -> Any:
        return count_line if PurePath(frame.f_code.co_filename).name in files else None

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        function()
    finally:
        sys.settrace(before)
    return count
