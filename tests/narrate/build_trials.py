"""Builds a course in this process, and compares what comes of it: for tests of builds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from narrate.pipeline.build import BuildResult, Means, build
from narrate.pipeline.request import Request

Edit = Callable[[Path, str, str], None]


def build_here(course: Path, **asked: object) -> BuildResult:
    return build(Request(course, **asked), means=Means(jobs=1))  # type: ignore[arg-type]


def digests(folder: Path) -> dict[str, str]:
    """Every file for people, with its bytes' digest."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file() and ".store" not in p.parts
    }
