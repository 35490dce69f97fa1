"""Makes an SVG drawing passive: what could run or be fetched is dropped, and the rest is kept.

HTML in a drawing (`foreignObject`), as draw.io and Mermaid write it, becomes text.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes
from xml.etree import ElementTree

from foundation.picture_limits import LARGEST_SVG_BYTES
from foundation.shortening import shorten
from lessons.course.foreign_text import choose_branch, make_text, name_of

LARGEST_DRAWING = 200_000
"""Elements of an SVG after every `use` and pattern is expanded: a few lines can make 10^9."""
MOST_OCTAVES = 9
"""Of noise (`feTurbulence`): each has half the strength of the last, so more cannot be seen."""

_ACTIVE = frozenset(
    {"script", "iframe", "object", "embed", "audio", "video", "handler", "listener", "animate",
     "animatemotion", "animatetransform", "animatecolor", "set", "discard", "meta", "link", "base"}
)  # fmt: skip
_SHOWS_NOTHING = frozenset({"a", "metadata"})
"""Elements whose references show nothing."""
_NAMED = re.compile(r"^\s*#(\S+)|url\(\s*[\"']?#([^)\"']+)")
_LENGTH = re.compile(r"\s*(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?\s*(?:[a-z]{2,4}|%)?\s*", re.IGNORECASE)
_DATA = re.compile(r"\s*data:image/(?:png|jpe?g|gif|webp);", re.IGNORECASE)
_DATA_SVG = re.compile(r"data:image/svg\+xml(?:;charset=[\w-]+)?(;base64)?,", re.IGNORECASE)
_MOST_DRAWINGS = 2  # inside each other
_IMPORT = re.compile(r"@import\b[^;]*(?:;|$)", re.IGNORECASE)
_FONT_FACE = re.compile(r"@font-face\s*\{[^{}]*\}", re.IGNORECASE)
_URL = re.compile(r"url\(([^()]*)\)", re.IGNORECASE)
_RUNS = re.compile(r"javascript:|expression\(|behavior\s*:", re.IGNORECASE)
_DECLARATION = re.compile(r"\A\s*<\?xml\b[^>]*\?>")
_ENCODING = re.compile(rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w.-]+)")
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*(?:\[(?P<subset>[^\]]*)\]\s*)?>")
_ENTITY = re.compile(r"<!ENTITY\s+([\w.:-]+)\s+(\"[^\"&%<]*\"|'[^'&%<]*')\s*>")
_LONGEST_SUBSET = 20_000  # characters of the names that a drawing declares
_LONGEST_LENGTH = 40  # characters of a width or height
_DEEPEST = 300
_SVG = "http://www.w3.org/2000/svg"


class UnfitDrawingError(ValueError):
    """A drawing cannot be used. `problem` ends a sentence about it; `remedy` says what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy


@dataclass(slots=True)
class PassiveDrawing:
    """A drawing that runs and fetches nothing, and the names of the pictures that it lacks now."""

    svg: bytes
    missing: list[str] = field(default_factory=list)


def is_drawing(data: bytes) -> bool:
    """Whether the bytes are those of an SVG or another XML file, and not of a raster picture."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return True
    return data[:1000].removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"<"


def make_passive(data: bytes) -> PassiveDrawing:
    """The drawing in UTF-8, without anything that could run or be fetched.

    Raises UnfitDrawingError for a file that is not an SVG, is too large, or unfolds without end.
    """
    return _make_passive(data, _MOST_DRAWINGS)


def _make_passive(data: bytes, inner: int) -> PassiveDrawing:
    root = _parse(data)
    made = PassiveDrawing(b"")
    waiting = [root]
    while waiting:
        element = waiting.pop()
        _clean(element, made.missing, inner)
        waiting.extend(element)
    for side in ("width", "height"):
        value = root.get(side)
        if value is not None and not _is_length(value):
            del root.attrib[side]  # the view box says how large it is
    _check_size(root)
    if not root.tag.startswith("{"):
        root.set("xmlns", _SVG)
    ElementTree.register_namespace("", _SVG)
    made.svg = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def _parse(data: bytes) -> ElementTree.Element:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if len(data) > LARGEST_SVG_BYTES:
        limit = f"{LARGEST_SVG_BYTES / 1e6:.0f} MB"
        raise UnfitDrawingError(
            f"is larger than {limit}.", "Simplify the drawing, or save it as PNG."
        )
    try:
        root: ElementTree.Element = fromstring(_expand_entities(_decode(data)))
    except DefusedXmlException as error:
        raise UnfitDrawingError(
            "is a drawing that uses entities.", "Save it as a plain SVG, or as PNG."
        ) from error
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnfitDrawingError("is not an SVG drawing.", "Save it as SVG, PNG or JPEG.") from error
    if name_of(root) != "svg":
        raise UnfitDrawingError("is not an SVG drawing.", "Save it as SVG, PNG or JPEG.")
    level, depth = [root], 0
    while level:
        depth += 1
        level = [child for element in level for child in element]
    if depth > _DEEPEST:
        raise UnfitDrawingError("is nested too deeply.", "Save it as PNG.")
    return root


def _decode(data: bytes) -> str:
    """The text of an SVG, from the encoding that it declares."""
    named = _ENCODING.match(data)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        encoding = named[1].decode("ascii") if named else "utf-8-sig"
    if codecs.lookup(encoding).name == "utf-8":
        encoding = "utf-8-sig"
    return _DECLARATION.sub("", data.decode(encoding).removeprefix("\ufeff"))


def _expand_entities(text: str) -> str:
    """The text with short names for plain text replaced, as Illustrator declares them."""
    begin = text.find("<!DOCTYPE")
    doctype = _DOCTYPE.match(text, begin) if begin >= 0 else None
    if not doctype or not doctype["subset"] or len(doctype["subset"]) > _LONGEST_SUBSET:
        return text
    entities = _ENTITY.findall(doctype["subset"])
    if not entities or _ENTITY.sub("", doctype["subset"]).strip():
        return text  # the parser refuses all others
    known = {name: value[1:-1] for name, value in entities}
    body = text[doctype.end() :]
    if body.count("&") * max(map(len, known.values())) > 4 * LARGEST_SVG_BYTES:
        return text
    return re.sub(r"&([\w.:-]+);", lambda found: known.get(found[1], found[0]), body)


def _is_length(value: str) -> bool:
    number = re.match(r"\s*[\d.e+-]+", value[:_LONGEST_LENGTH], re.IGNORECASE)
    if len(value) > _LONGEST_LENGTH or not _LENGTH.fullmatch(value) or not number:
        return False
    try:
        return 0 < float(number[0]) < 1e6
    except ValueError:
        return True


def _clean(element: ElementTree.Element, missing: list[str], inner: int) -> None:
    """Drop what could run or be fetched from an element and from its list of children."""
    if name_of(element) == "switch":
        chosen = choose_branch(element)
        element[:] = [chosen] if chosen is not None else []
        element.tag = f"{{{_SVG}}}g"
    for place, child in enumerate(list(element)):
        if name_of(child) == "foreignobject":
            element[place] = make_text(child)
    element[:] = [child for child in element if not _is_active(child)]
    if name_of(element) == "style":
        element.text = _clean_style(element.text or "")
    for key, value in list(element.attrib.items()):
        attribute = key.rpartition("}")[2].lower()
        if attribute.startswith("on") or _RUNS.search(value):
            del element.attrib[key]
        elif attribute in ("href", "src"):
            kept = _keep_reference(value, inner)
            if kept:
                element.set(key, kept)
            else:
                del element.attrib[key]
                if name_of(element) not in _SHOWS_NOTHING:
                    missing.append(shorten(value.strip()))
        elif "url(" in value.lower():
            element.set(key, _URL.sub(_keep_url, value))
    if name_of(element) == "feturbulence" and _count(element.get("numOctaves", "")) > MOST_OCTAVES:
        element.set("numOctaves", str(MOST_OCTAVES))


def _keep_reference(value: str, inner: int) -> str:
    """The reference if it is to something in the drawing; empty for any other."""
    value = value.strip()
    if value.startswith("#") or _DATA.match(value):
        return value
    found = _DATA_SVG.match(value)
    if not found or not inner:
        return ""
    try:
        content = unquote_to_bytes(value[found.end() :])
        content = base64.b64decode(content) if found[1] else content
        made = _make_passive(content, inner - 1)
    except (ValueError, binascii.Error):
        return ""
    return "data:image/svg+xml;base64," + base64.b64encode(made.svg).decode()


def _keep_url(found: re.Match[str]) -> str:
    inside = found[1].strip().strip("\"'").strip()
    return found[0] if inside.startswith("#") else "none"


def _is_active(element: ElementTree.Element) -> bool:
    return not isinstance(element.tag, str) or name_of(element) in _ACTIVE


def _clean_style(sheet: str) -> str:
    for active in (_FONT_FACE, _IMPORT, _RUNS):
        sheet = active.sub("", sheet)
    return _URL.sub(_keep_url, sheet)


def _count(value: str) -> int:
    digits = re.match(r"\s*\+?(\d{1,12})", value)
    return int(digits[1]) if digits else 0


def _check_size(root: ElementTree.Element) -> None:
    """Raise UnfitDrawingError for references that expand to too many parts, or to themselves."""
    known = {e.get("id", ""): e for e in root.iter() if e.get("id")}
    sizes: dict[ElementTree.Element, int] = {}

    def find_parts(element: ElementTree.Element) -> Iterator[ElementTree.Element]:
        yield from element
        for value in element.attrib.values():
            for direct, url in _NAMED.findall(value):
                if (direct or url) in known:
                    yield known[direct or url]

    def count_parts(element: ElementTree.Element, within: frozenset[ElementTree.Element]) -> int:
        if element in within:
            raise UnfitDrawingError("is a drawing that contains itself.", "Save it as PNG.")
        if element not in sizes:
            inside = within | {element}
            sizes[element] = 1 + sum(count_parts(part, inside) for part in find_parts(element))
        return sizes[element]

    try:
        size = count_parts(root, frozenset())
    except RecursionError as error:
        raise UnfitDrawingError("is nested too deeply.", "Save it as PNG.") from error
    if size > LARGEST_DRAWING:
        raise UnfitDrawingError(
            f"is a drawing of {size:.1e} parts, more than {LARGEST_DRAWING}.", "Save it as PNG."
        )
