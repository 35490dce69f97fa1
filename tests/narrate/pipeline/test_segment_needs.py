"""What rendering asks of a machine: a share of a GPU only where the engine draws on one."""

from __future__ import annotations

import pytest

from lessons.course.settings import Portrait
from narrate.pipeline.steps.segment import GPU_SHARE, Face, _find_gpu_share


@pytest.mark.parametrize(
    ("version", "share"),
    [("torch 2.13.0 on cuda", GPU_SHARE), ("torch 2.13.0 on cpu", 0.0), ("opencv", 0.0)],
)
def test_the_share_of_a_gpu(version: str, share: float) -> None:
    assert 0 < GPU_SHARE <= 1
    assert _find_gpu_share(Face("warp", version, 1, Portrait())) == share
    assert _find_gpu_share(None) == 0.0
