from __future__ import annotations

import base64
import contextlib
from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from lessons.course.drawings import MOST_OCTAVES, UnfitDrawingError, is_drawing, make_passive

AssertLinear = Callable[[Callable[[str], object], str], None]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">{}</svg>'
XHTML = 'xmlns="http://www.w3.org/1999/xhtml"'
PIXEL = "data:image/png;base64,AAAA"


def passive(inside: str) -> str:
    return make_passive(SVG.format(inside).encode()).svg.decode()


def shown_texts(svg: str) -> list[str]:
    return [e.text or "" for e in ElementTree.fromstring(svg).iter() if e.tag.endswith("}text")]


@pytest.mark.parametrize(
    ("inside", "gone"),
    [
        ("<script>steal()</script>", "steal"),
        ('<rect onload="steal()"/>', "steal"),
        ('<a href="javascript:steal()"><rect/></a>', "steal"),
        ('<image href="../../secret.png"/>', "secret"),
        ('<image x:href="http://example.com/a.png"/>', "example"),
        ('<use href="other.svg#part"/>', "other"),
        ('<rect fill="url(http://example.com/#a)"/>', "example"),
        ("<rect style=\"fill: url('other.svg#a')\"/>", "other"),
        ("<style>@import 'other.css';</style>", "other"),
        ("<style>rect { fill: url(other.svg#b) }</style>", "other"),
        ("<style>@font-face { font-family: F; src: url(other.woff) }</style>", "other"),
        ('<animate href="#a" attributeName="x"/>', "animate"),
        ('<foreignObject><iframe src="http://example.com"/></foreignObject>', "example"),
        ("<foreignObject><script>steal()</script></foreignObject>", "steal"),
    ],
)
def test_what_runs_or_is_fetched_is_dropped_and_the_rest_is_kept(inside: str, gone: str) -> None:
    made = passive(inside + '<circle r="4"/>')
    assert gone not in made
    assert "circle" in made


@pytest.mark.parametrize(
    "inside",
    ['<use href="#a"/>', '<rect fill="url(#g)"/>', f'<image href="{PIXEL}"/>',
     "<style>rect { fill: url(#g) }</style>"],
)  # fmt: skip
def test_what_a_drawing_holds_itself_stays(inside: str) -> None:
    value = inside.partition('href="')[2].partition('"')[0] or "url(#g)"
    assert value in passive(inside)


def test_a_drawing_in_a_drawing_is_made_passive_too() -> None:
    inner = base64.b64encode(SVG.format("<script>steal()</script><circle/>").encode()).decode()
    made = passive(f'<image href="data:image/svg+xml;base64,{inner}"/>')
    kept = base64.b64decode(made.partition("base64,")[2].partition('"')[0]).decode()
    assert "circle" in kept and "steal" not in kept


def test_pictures_that_are_left_out_are_named() -> None:
    inside = '<a href="http://example.com"><rect/></a><image href="logo.png"/>'
    assert make_passive(SVG.format(inside).encode()).missing == ["logo.png"]


DRAWIO = (
    "<switch><foreignObject requiredFeatures='http://www.w3.org/TR/SVG11/feature#Extensibility'>"
    f"<div {XHTML} style='width: 98px'>{{}}</div></foreignObject>"
    "<text x='60' y='44' font-size='12px'>{}</text></switch>"
)


def test_the_simpler_form_of_a_label_is_shown() -> None:
    assert shown_texts(passive(DRAWIO.format("Client", "Client"))) == ["Client"]


def test_a_label_that_was_cut_is_shown_whole() -> None:
    made = passive(DRAWIO.format("A server with a<br/>long name of many words", "A server wi..."))
    assert shown_texts(made) == ["A server with a", "long name of", "many words"]


def test_the_warning_of_drawio_is_not_shown() -> None:
    warning = "<switch><g requiredFeatures='x'/><a><text>Text is not SVG</text></a></switch>"
    assert shown_texts(passive(warning)) == []


def test_html_in_a_drawing_becomes_text() -> None:
    html = f"<div {XHTML}><p>Start <b>here</b></p><p>and on</p><style>p {{}}</style></div>"
    made = passive(f'<foreignObject x="10" y="20" width="100" height="40">{html}</foreignObject>')
    assert shown_texts(made) == ["Start here", "and on"]
    text = next(e for e in ElementTree.fromstring(made).iter() if e.tag.endswith("}text"))
    assert (text.get("x"), text.get("text-anchor")) == ("60", "middle")


@pytest.mark.parametrize("size", ['width="-1"', 'width="0" height="0px"', 'height="1e99"'])
def test_a_size_that_cannot_be_is_dropped(size: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 4 3"/>'
    root = ElementTree.fromstring(make_passive(svg.encode()).svg)
    assert set(root.attrib) == {"viewBox"}


@pytest.mark.parametrize("size", ["4", "40mm", "100%", "1.5e2", " .5in "])
def test_a_size_that_can_be_stays(size: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}"/>'
    assert ElementTree.fromstring(make_passive(svg.encode()).svg).get("width") == size


def test_noise_has_no_more_octaves_than_can_be_seen() -> None:
    made = passive('<filter><feTurbulence numOctaves="1000000"/></filter>')
    assert f'numOctaves="{MOST_OCTAVES}"' in made
    assert 'numOctaves="3"' in passive('<filter><feTurbulence numOctaves="3"/></filter>')


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_short_names_of_illustrator_are_replaced_in_every_encoding(encoding: str) -> None:
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE svg [<!ENTITY ns "é">]>'
    made = make_passive((head + SVG.format("<text>&ns;t&#233;</text>")).encode(encoding))
    assert shown_texts(made.svg.decode()) == ["été"]


@pytest.mark.parametrize(
    "subset",
    ['<!ENTITY a "x"><!ENTITY b "&a;&a;">', '<!ENTITY a SYSTEM "file:///etc/passwd">',
     '<!ENTITY % a "x">'],
)  # fmt: skip
def test_other_entities_are_refused(subset: str) -> None:
    with pytest.raises(UnfitDrawingError, match="entities"):
        make_passive((f"<!DOCTYPE svg [{subset}]>" + SVG.format("<text>&a;</text>")).encode())


def test_a_drawing_is_known_by_its_first_sign() -> None:
    assert is_drawing(b"\xef\xbb\xbf \n<svg/>")
    assert is_drawing("<svg/>".encode("utf-16"))
    assert not is_drawing(b"\x89PNG\r\n<svg/>")


@pytest.mark.parametrize(
    "drawing",
    [
        SVG.format("<style>" + "@font-face{" * 150_000 + "</style>"),
        SVG.format("<style>" + "url(x" * 300_000 + "</style>"),
        SVG.format('<rect fill="url(' + " " * 1_500_000 + 'x"/>'),
        "<!DOCTYPE" * 200_000,
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{"1" * 1_500_000}x"/>',
        SVG.format("<switch>" * 100_000 + "</switch>" * 100_000),
        f'<!DOCTYPE svg [<!ENTITY a "{"x" * 5000}">]>' + SVG.format("&a;" * 400_000),
    ],
    ids=str.__len__,
)
def test_no_drawing_takes_long_to_make_passive(assert_linear: AssertLinear, drawing: str) -> None:
    def make(text: str) -> None:
        with contextlib.suppress(UnfitDrawingError):
            make_passive(text.encode())

    assert_linear(make, drawing)
