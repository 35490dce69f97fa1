"""The process that decodes pictures is limited, and its end does not matter."""

from __future__ import annotations

import io
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from narrate.errors import DecodingError
from narrate.slides.pictures import process as picture_process
from narrate.slides.pictures.process import PictureLimits, decode_picture, stop_worker

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the limits are those of POSIX")

WITHIN = (640, 360)
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300">{}</svg>'
FILTER = '<filter id="f">{}</filter><rect width="400" height="300" filter="url(#f)"/>'
ENDLESS = SVG.format(FILTER.format('<feMorphology operator="dilate" radius="2000"/>' * 90))


def red() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (4, 2), "red").save(target, "PNG")
    return target.getvalue()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    stop_worker()
    yield
    stop_worker()


def number_of_process() -> int:
    assert picture_process._worker is not None
    return picture_process._worker._process.pid


def test_one_process_decodes_all_pictures() -> None:
    decode_picture(red(), "a.png", WITHIN)
    first = number_of_process()
    with pytest.raises(DecodingError, match="not a picture"):
        decode_picture(b"nonsense", "b.png", WITHIN)
    decode_picture(red(), "c.png", WITHIN)
    assert number_of_process() == first != os.getpid()


@pytest.mark.parametrize(
    "limits", [PictureLimits(processor_seconds=1), PictureLimits(clock_seconds=1.5)]
)
def test_a_drawing_that_never_ends_is_given_up(limits: PictureLimits) -> None:
    started = time.monotonic()
    with pytest.raises(DecodingError, match=r"a\.svg takes too long") as caught:
        decode_picture(ENDLESS.encode(), "a.svg", WITHIN, limits)
    assert caught.value.remedy
    assert time.monotonic() - started < 30
    assert decode_picture(red(), "b.png", WITHIN).width == 4


def test_a_picture_that_takes_all_memory_is_given_up() -> None:
    large = io.BytesIO()
    Image.new("RGB", (7000, 7000)).save(large, "PNG")
    with pytest.raises(DecodingError, match=r"a\.png needs too much memory"):
        decode_picture(large.getvalue(), "a.png", WITHIN, PictureLimits(memory=250_000_000))
    assert decode_picture(red(), "b.png", WITHIN).width == 4
    assert decode_picture(large.getvalue(), "a.png", WITHIN).width == 360  # within usual limits


def test_a_process_that_was_killed_is_started_again() -> None:
    decode_picture(red(), "a.png", WITHIN)
    killed = number_of_process()
    os.kill(killed, signal.SIGKILL)
    assert decode_picture(red(), "a.png", WITHIN).width == 4
    assert number_of_process() != killed


def test_a_module_of_the_folder_that_one_is_in_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("narrate", "lessons", "json"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("open('ran', 'w')\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert decode_picture(red(), "a.png", WITHIN).width == 4
    assert not (tmp_path / "ran").exists()
