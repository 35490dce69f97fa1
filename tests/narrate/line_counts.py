"""Counts the lines of Python that a call runs: a measure of work that no other load disturbs."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def count_lines(function: Callable[[], object], *files: str) -> int:
    """How many lines of the files with these names a call runs."""
    count = 0

    def local(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += event == "line"
        return local

    def watch(frame: FrameType, event: str, argument: Any) -> Any:
        return local if frame.f_code.co_filename.rpartition("/")[2] in files else None

    before = sys.gettrace()
    sys.settrace(watch)
    try:
        function()
    finally:
        sys.settrace(before)
    return count
