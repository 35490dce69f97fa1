from __future__ import annotations

import json

import pytest
import webvtt

from lessons.model import Slide
from narrate.documents import SlideTimes
from narrate.documents.chapters import make_chapters, write_chapters_json, write_chapters_vtt
from narrate.errors import RenderError
from narrate.vocabulary import Chapter


def slide(number: int, title: str) -> Slide:
    return Slide(number, title, (), (), number)


PARTS = (
    SlideTimes(slide(1, "Light & <waves>"), 0),
    SlideTimes(slide(2, "Scattering"), 10_033),
    SlideTimes(slide(3, "Scattering"), 20_000),
    SlideTimes(slide(4, " "), 3_605_001),
)


def test_chapters_follow_the_slides_without_a_gap() -> None:
    assert make_chapters(PARTS, 3_700_000) == (
        Chapter(0, 10_033, "Light & <waves>"),
        Chapter(10_033, 3_605_001, "Scattering"),
        Chapter(3_605_001, 3_700_000, "Slide 4"),
    )


def test_chapters_need_times() -> None:
    with pytest.raises(RenderError, match="times"):
        make_chapters([SlideTimes(slide(1, "Light"))], 1000)


def test_webvtt_chapters_are_read_back() -> None:
    text = write_chapters_vtt(make_chapters(PARTS, 3_700_000), language="en-US")
    assert "Kind: chapters\nLanguage: en-US\n" in text
    assert "Light &amp; &lt;waves&gt;" in text
    assert [(c.start, c.end) for c in webvtt.from_string(text).captions] == [
        ("00:00:00.000", "00:00:10.033"),
        ("00:00:10.033", "01:00:05.001"),
        ("01:00:05.001", "01:01:40.000"),
    ]


def test_json_chapters_are_in_the_podcasting_format() -> None:
    text = write_chapters_json(make_chapters(PARTS, 3_700_000), title="Blue")
    assert json.loads(text) == {
        "version": "1.2.0",
        "title": "Blue",
        "chapters": [
            {"startTime": 0, "endTime": 10.033, "title": "Light & <waves>"},
            {"startTime": 10.033, "endTime": 3605.001, "title": "Scattering"},
            {"startTime": 3605.001, "endTime": 3700, "title": "Slide 4"},
        ],
    }
