"""Every format is read back by an independent reader, which must find the same text and times."""

from __future__ import annotations

import logging
from collections.abc import Callable
from xml.etree import ElementTree

import pysubs2
import pytest
import webvtt
from hypothesis import given, settings
from hypothesis import strategies as st
from ttconv.imsc import reader as imsc_reader
from ttconv.model import Br, ContentElement, P, Text

from narrate.captions.formats import CAPTION_FORMATS
from narrate.captions.formats.base import GUARD
from narrate.captions.formats.vtt import Vtt
from narrate.vocabulary import Cue

Read = list[tuple[int, int, tuple[str, ...]]]

NASTY = (
    Cue(0, 999, ("a < b && c > d", "x --> y <!-- z -->"), "Ada & <Co>"),
    Cue(1000, 2345, ("<b>bold</b> <i>", "{\\an8} {x} \\n \\N \\h \\{"), "Ada"),
    Cue(2345, 4001, ("שלום, עולם! (1)", "مرحبا بالعالم")),
    Cue(4001, 5007, ("光は波です。", "👩🏽‍🏫 teaches 🇫🇷 e\u0301 5\u00a0km")),
    Cue(5010, 5990, ("&amp; &lt; &#38; ]]>", "'single' \"double\" ‘’“”")),
    Cue(35_999_999, 36_000_042, ("NOTE none", "7")),
)


def read_vtt(text: str) -> Read:
    # webvtt-py keeps escapes in `raw_text` and strips them with the tags in `text`.
    found: Read = []
    for caption in webvtt.from_string(text).captions:
        start, end = (
            (t.hours * 3600 + t.minutes * 60 + t.seconds) * 1000 + t.milliseconds
            for t in (caption.start_time, caption.end_time)
        )
        plain = caption.text
        for escape, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
            plain = plain.replace(escape, character)
        found.append((start, end, tuple(plain.split("\n"))))
    return found


def read_srt(text: str) -> Read:
    document = pysubs2.SSAFile.from_string(text, format_="srt", keep_html_tags=True)
    return [
        (event.start, event.end, tuple(x.replace(GUARD, "") for x in event.text.split("\\N")))
        for event in document
    ]


def read_ass(text: str) -> Read:
    document = pysubs2.SSAFile.from_string(text, format_="ass")
    return [
        (
            event.start,
            event.end,
            tuple(event.plaintext.replace(GUARD, "").replace("｛", "{").split("\n")),
        )
        for event in document
    ]


def read_ttml(text: str) -> Read:
    tree = ElementTree.ElementTree(ElementTree.fromstring(text.encode()))
    document = imsc_reader.to_model(tree)
    assert document is not None
    found: Read = []

    def walk(element: ContentElement) -> None:
        if isinstance(element, P):
            begin, end = element.get_begin(), element.get_end()
            assert end is not None
            text = "".join(
                "\n" if isinstance(e, Br) else e.get_text() if isinstance(e, Text) else ""
                for e in element.dfs_iterator()
            )
            found.append((round((begin or 0) * 1000), round(end * 1000), tuple(text.split("\n"))))
        else:
            for child in element:
                walk(child)

    body = document.get_body()
    if body is not None:
        walk(body)
    return found


READERS: dict[str, Callable[[str], Read]] = {
    "vtt": read_vtt,
    "srt": read_srt,
    "ttml": read_ttml,
    "ass": read_ass,
}


def expected(cues: tuple[Cue, ...], name: str) -> Read:
    unit = 10 if name == "ass" else 1

    def rounded(ms: int) -> int:
        return (ms + unit // 2) // unit * unit

    return [(rounded(cue.start), rounded(cue.end), cue.lines) for cue in cues]


@pytest.fixture(autouse=True)
def watch_warnings(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)


@pytest.mark.parametrize("name", CAPTION_FORMATS)
def test_difficult_text_and_times_are_read_back(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    cues = NASTY[:-1] if name == "ass" else NASTY  # ASS ends at ten hours
    text = CAPTION_FORMATS[name].write(cues, language="en-US", title="A & B --> <C>")
    assert READERS[name](text) == expected(cues, name)
    assert "\r" not in text and not text.startswith("\ufeff") and text.endswith("\n")
    assert [record.getMessage() for record in caplog.records] == []


LINE = st.text(
    st.sampled_from("abc ABC0189.,:;-–<>&{}\\/'\"!?#*nNh()[]%=é界שﷺ\u0301👩\u200d🏫"), min_size=1
).map(lambda line: " ".join(line.split()) or "x")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(1, 5000), st.integers(10, 7000), st.lists(LINE, min_size=1, max_size=2)
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from(sorted(CAPTION_FORMATS)),
)
def test_any_text_is_read_back(parts: list[tuple[int, int, list[str]]], name: str) -> None:
    clock = 0
    cues = []
    for wait, span, lines in parts:
        cues.append(Cue(clock + wait, clock + wait + span, tuple(lines)))
        clock += wait + span
    text = CAPTION_FORMATS[name].write(cues, language="en")
    assert READERS[name](text) == expected(tuple(cues), name)


@pytest.mark.parametrize("name", CAPTION_FORMATS)
def test_characters_that_no_file_can_hold_are_replaced(name: str) -> None:
    cue = Cue(0, 1000, ("a\x00b\x1b\ud800\ufffe", "c\r\nd\u2028e"))
    text = CAPTION_FORMATS[name].write([cue], language="en", title="t\x00\n\nt")
    text.encode("utf-8")
    assert READERS[name](text) == [(0, 1000, ("a\ufffdb\ufffd\ufffd\ufffd", "c d e"))]


@pytest.mark.parametrize("name", CAPTION_FORMATS)
def test_no_captions_make_an_empty_file(name: str) -> None:
    text = CAPTION_FORMATS[name].write([], language="en")
    if text:  # a format without a header has nothing to write
        assert READERS[name](text) == []


def test_webvtt_is_written_exactly() -> None:
    cues = [Cue(1000, 2345, ("One & two", "<three>"), "Ada"), Cue(3_600_000, 3_600_900, ("Four",))]
    assert CAPTION_FORMATS["vtt"].write(cues, language="en-US", title="Light") == (
        "WEBVTT\nKind: captions\nLanguage: en-US\n\nNOTE Light\n\n"
        "1\n00:00:01.000 --> 00:00:02.345\n<v Ada>One &amp; two\n&lt;three&gt;</v>\n\n"
        "2\n01:00:00.000 --> 01:00:00.900\nFour\n"
    )
    assert "Kind: chapters" in Vtt().write([], language="en", kind="chapters")


def test_subrip_is_written_exactly() -> None:
    cues = [Cue(1000, 2345, ("One & two", "3 < 4"), "Ada"), Cue(3_600_000, 3_600_900, ("Four",))]
    assert CAPTION_FORMATS["srt"].write(cues, language="en-US") == (
        "1\n00:00:01,000 --> 00:00:02,345\nOne & two\n3 < 4\n\n"
        "2\n01:00:00,000 --> 01:00:00,900\nFour\n"
    )


def test_ttml_uses_only_what_ebu_tt_d_allows() -> None:
    text = CAPTION_FORMATS["ttml"].write(NASTY, language="en-US", title="T")
    root = ElementTree.fromstring(text.encode())
    tt, tts = "{http://www.w3.org/ns/ttml}", "{http://www.w3.org/ns/ttml#styling}"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en-US"
    assert root.get("{http://www.w3.org/ns/ttml#parameter}timeBase") == "media"
    paragraphs = list(root.iter(f"{tt}p"))
    assert len(paragraphs) == len(NASTY)
    for paragraph in paragraphs:
        assert paragraph.get("region") == "bottom" and paragraph.get("style") == "text"
        assert not (paragraph.text or "").strip()  # text is in spans
    body = root.find(f"{tt}body")
    assert body is not None
    for element in body.iter():
        assert not any(name.startswith(tts) for name in element.attrib)
    region = next(root.iter(f"{tt}region"))
    assert all(part.endswith("%") for part in region.get(f"{tts}extent", "").split())
    colours = [v for e in root.iter() for k, v in e.attrib.items() if k.lower().endswith("color")]
    assert colours and all(c.startswith("#") and len(c) in (7, 9) for c in colours)
