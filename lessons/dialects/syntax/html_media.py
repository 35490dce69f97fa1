"""Elements of HTML that show something else than text: pictures, figures, embedded things."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from lessons.dialects.syntax.embeds import escape_inline, make_placeholder, name_embedded
from lessons.dialects.syntax.figures import make_plain
from lessons.dialects.syntax.html_tags import HtmlTag
from lessons.dialects.syntax.html_writer import Handler, HtmlWriter
from lessons.markdown.markers import Parts, make_width

PAGE_WIDTH = 960
"""Pixels of the column of text for which authors give the widths of pictures."""

_LENGTH = re.compile(r"\s*(\d{1,5}(?:\.\d{1,3})?)\s*(px|%|vw|em|rem)?\s*(?:;|!|$)")
_STYLE_WIDTH = re.compile(r"(?:^|[;\s{])(?:max-)?width\s*:([^;}]*)")
_UNITS = {"": PAGE_WIDTH, "px": PAGE_WIDTH, "%": 100, "vw": 100, "em": PAGE_WIDTH / 16,
          "rem": PAGE_WIDTH / 16}  # fmt: skip
_INNER = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")
_SOURCE = re.compile(r"<(?:source|embed|param|img)\b[^<>]{0,2000}>", re.IGNORECASE)
_ADDRESS = re.compile(r"""\b(?:src|data|value|href)\s*=\s*["']?([^"'\s<>]+)""", re.IGNORECASE)
_PICTURE_SUFFIX = re.compile(r"\.(?:svg|png|jpe?g|gif|webp)(?:[?#].*)?$", re.IGNORECASE)
_LEAST_DRAWING = 100
"""Pixels of the side of a drawing; what is smaller is an icon."""


def make_picture(target: str, alt: str = "", title: str = "", share: float = 0.0) -> Parts:
    """A picture in Markdown. `alt` and `title` are plain text; `share` is its part of the width, 0
    if none is asked for."""
    target = "".join(target.split("\n")).strip().replace("<", "%3C").replace(">", "%3E")
    titled = ""
    if bare := " ".join(title.split()):
        bare = re.sub(r'([\\"&])', r"\\\1", bare)
        titled = f' "{bare}"'
    width = (make_width(share),) if 0 < share < 1 else ()
    return (f"![{escape_inline(alt)}](<{target}>{titled})", *width)


def read_share(width: str) -> float:
    """Which share of the page a width is; 0 for one that cannot be used."""
    found = _LENGTH.match(width)
    if found is None:
        return 0.0
    share = float(found[1]) / _UNITS[found[2] or ""]
    return share if 0 < share < 1 else 0.0


def _find_share(attributes: Mapping[str, str]) -> float:
    share = read_share(attributes.get("width", ""))
    style = _STYLE_WIDTH.search(attributes.get("style", ""))
    return read_share(style[1]) if style and not share else share


def _image(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    attributes = tag.read_attributes()
    target = attributes.get("src") or attributes.get("data-src") or ""
    alt, title = attributes.get("alt", ""), attributes.get("title", "")
    title = writer.captions.get(index, title)
    if not target:
        writer.replace(tag.start, tag.end, escape_inline(alt))
        return True
    parts = make_picture(target, alt, title, _find_share(attributes))
    if writer.tables and writer.tables[-1].piped:
        parts = tuple(p.replace("|", "\\|") if isinstance(p, str) else p for p in parts)
    writer.fresh = False
    writer.replace(tag.start, tag.end, *parts)
    return True


def _figure(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    """The caption of a figure is the title of its picture."""
    figure = writer.structure.figures.get(index)
    if figure is not None and figure.caption is not None and figure.picture >= 0:
        opened, closed = figure.caption
        begin, end = writer.tags[opened], writer.tags[closed]
        caption = _INNER.sub(" ", writer.source.text[begin.end : end.start])
        writer.captions[figure.picture] = make_plain(html.unescape(caption))
        writer.dropped.add(opened)
    return False


def _caption(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    partner = writer.find_partner(index)
    if index not in writer.dropped or partner is None:
        return False
    writer.replace(tag.start, writer.skip_space(partner.end), writer.make_break())
    return True


def _embedded(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    """A video, a sound, or a page: a placeholder. What it holds is for browsers that cannot show
    it."""
    attributes = tag.read_attributes()
    partner = writer.find_partner(index)
    end = partner.end if partner else tag.end
    inside = writer.source.text[tag.end : partner.start] if partner else ""
    if tag.name == "audio" and _is_speech(writer, attributes):
        writer.fresh = False
        return True
    address = next((v for n in ("src", "data", "data-src") if (v := attributes.get(n, ""))), "")
    if not address and (source := _SOURCE.search(inside)) and (named := _ADDRESS.search(source[0])):
        address = named[1]
    title = attributes.get("title") or attributes.get("aria-label", "")
    if tag.name in ("object", "embed") and _PICTURE_SUFFIX.search(address):
        writer.fresh = False
        writer.replace(tag.start, end, *make_picture(address, title, "", _find_share(attributes)))
        return True
    usual = {"video": "Video", "audio": "Sound"}.get(tag.name, "Page")
    what, name = name_embedded(address, title, usual)
    if usual != "Page":
        what = usual
    if not address and not title:
        writer.replace(tag.start, end)
        return True
    place_embedded(writer, tag, end, what, name)
    return True


def _is_speech(writer: HtmlWriter, attributes: Mapping[str, str]) -> bool:
    """Whether `<audio>` stands in the middle of a sentence and is that of SSML."""
    if writer.fresh or writer.row.kind == "html" or writer.in_line:
        return False
    return attributes.keys() <= {"src"} and "src" in attributes


def place_embedded(writer: HtmlWriter, tag: HtmlTag, end: int, what: str, name: str) -> None:
    """Put a placeholder in the place of an element."""
    parts = make_placeholder(writer.context, writer.source, tag.start, what, name)
    if writer.in_line:
        writer.replace(tag.start, end, escape_inline(f"{what}: {name}" if name else what))
        return
    writer.replace(tag.start, writer.skip_space(end), *writer.make_line(parts))


def _drawing(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    partner = writer.find_partner(index)
    end = partner.end if partner else tag.end
    attributes = tag.read_attributes()
    sides = [attributes.get("width", ""), attributes.get("height", "")]
    if not any(side.strip("px ").replace(".", "", 1).isdecimal() for side in sides):
        sides = attributes.get("viewbox", "").replace(",", " ").split()[2:]
    numbers = [side.strip("px ") for side in sides]
    large = [float(n) for n in numbers if len(n) < 8 and n.replace(".", "", 1).isdecimal()]
    if partner is None or not large or min(large) < _LEAST_DRAWING:
        writer.replace(tag.start, end)
        return True
    inside = writer.source.text[tag.end : partner.start]
    title = re.search(r"<title[^<>]*>([^<]*)</title", inside)
    place_embedded(
        writer, tag, end, "Drawing", attributes.get("aria-label", title[1] if title else "")
    )
    return True


def _formula(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    """MathML: its LaTeX, if it holds that."""
    partner = writer.find_partner(index)
    if partner is None:
        return False
    inside = writer.source.text[tag.end : partner.start]
    found = re.search(r"<annotation[^<>]*x-tex[^<>]*>([^<]{1,5000})</annotation", inside)
    attributes = tag.read_attributes()
    latex = " ".join((found[1] if found else attributes.get("alttext", "")).split())
    shown = f"${latex}$" if latex and "$" not in latex else _INNER.sub("", inside)
    writer.fresh = False
    writer.replace(tag.start, partner.end, shown)
    return True


def _drop(writer: HtmlWriter, index: int, tag: HtmlTag) -> bool:
    """What holds no text of a lesson: styles, scripts, controls."""
    partner = writer.find_partner(index)
    writer.replace(tag.start, partner.end if partner else tag.end)
    return True


MEDIA: Mapping[str, Handler] = {
    **dict.fromkeys(("iframe", "video", "audio", "object", "embed"), _embedded),
    **dict.fromkeys(
        ("style", "script", "template", "button", "select", "textarea", "datalist", "noscript",
         "canvas", "rp", "head", "title"),
        _drop,
    ),
    "img": _image, "figure": _figure, "figcaption": _caption, "svg": _drawing, "math": _formula,
}  # fmt: skip
