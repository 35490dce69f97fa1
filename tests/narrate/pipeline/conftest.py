from __future__ import annotations

from pathlib import Path

import pytest
from build_trials import build_here


@pytest.fixture
def built(small_course: Path) -> Path:
    """The small course with all of its outputs."""
    result = build_here(small_course)
    assert not result.failures
    return small_course
