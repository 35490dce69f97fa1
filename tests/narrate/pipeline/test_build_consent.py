"""Builds with a presenter: nothing is planned or made without consent."""

from __future__ import annotations

from pathlib import Path

import pytest
from build_trials import Edit
from PIL import Image

from avatar.errors import ConsentError
from narrate.pipeline.build import prepare
from narrate.pipeline.request import Request


def test_a_photo_without_consent_is_refused(small_course: Path, edit: Edit) -> None:
    (small_course / "presenter").mkdir()
    Image.new("RGB", (600, 800), "grey").save(small_course / "presenter/me.png")
    edit(small_course / "course.yaml", "id:", "presenter: {photo: presenter/me.png}\nid:")
    with pytest.raises(ConsentError, match="consent grant") as caught:
        prepare(Request(small_course))
    assert caught.value.code == "missing"
