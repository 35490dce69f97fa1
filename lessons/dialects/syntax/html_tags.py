"""The HTML tags of a text, with their positions, and what kinds of elements there are."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lessons.wordset import word_set

_TAG = re.compile(
    r"<(/?)([A-Za-z][\w:.-]*+)(?=[\s/>])"
    r"((?:[^<>\"'=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')|[=\"'])*+)>"
)
_BROKEN = re.compile(r"<(/?)([A-Za-z][\w:.-]*+)(?=[\s/>])([^<>\n]{0,2000})>")
"""A tag whose quotes do not match. It ends where a browser would guess that it ends."""
_BLANK_LINE = re.compile(r"\n[ \t>]*\n")
_ATTRIBUTE = re.compile(r"([^\s\"'<>/={}]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|\{[^{}]*\}|[^\s\"'<>]+))?")
_VENDOR = re.compile(r"(?:amazon|mstts|google|apple|ibm|xai):")

SPOKEN = word_set(
    "break phoneme say-as emphasis prosody lang voice s token w lexicon lookup metadata"
)
"""Elements of SSML that are not those of HTML; speech reads them (`lessons.directives.ssml`)."""

BLOCK = word_set(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main "
    "menu nav noscript ol p pre search section summary table tbody td tfoot th thead tr ul"
)
"""Elements that begin on a line of their own, and end the paragraph before them."""

VOID = word_set("area base br col embed hr img input link meta param source track wbr")

HTML = (
    BLOCK
    | VOID
    | word_set(
        "a abbr acronym audio b bdi bdo big button canvas cite code data datalist del dfn em font "
        "form head i iframe ins kbd label map mark math meter object optgroup option output "
        "picture progress q rp rt ruby s samp script select small span strike strong style sub "
        "sup svg template textarea time title tt u var video"
    )
)


@dataclass(frozen=True, slots=True)
class HtmlTag:
    """A tag. `text` is what is written, and `name` is in lower case."""

    start: int
    end: int
    name: str
    closing: bool
    empty: bool
    text: str

    def read_attributes(self) -> dict[str, str]:
        """The attributes by their names in lower case, with entities decoded. One without a value
        has the value ""."""
        head = len(self.name) + 1 + self.closing
        found: dict[str, str] = {}
        for match in _ATTRIBUTE.finditer(self.text, head, len(self.text) - 1):
            value = match[2] or ""
            if value[:1] in ("'", '"', "{"):
                value = value[1:-1].strip("'\"`") if value[0] == "{" else value[1:-1]
            found.setdefault(match[1].lower(), html.unescape(value))
        return found

    def read_classes(self) -> list[str]:
        attributes = self.read_attributes()
        return (attributes.get("class") or attributes.get("classname", "")).split()

    @property
    def spoken(self) -> bool:
        """Whether speech reads the tag: it is SSML or one of our own."""
        name = self.name
        if name in SPOKEN or name.startswith("narrate-") or _VENDOR.match(name):
            return True
        if name == "sub":
            return "alias" in self.read_attributes()
        if name == "mark":
            return "name" in self.read_attributes()
        return name == "meta" and not self.text[5:].strip(" />")


def find_tags(text: str, masked: str) -> Iterator[HtmlTag]:
    """The tags of a text, in order. `masked` is the text with what holds no tags hidden. Takes
    time in proportion to the length of the text."""
    at = masked.find("<")
    while at >= 0:
        if text[max(at - 3, 0) : at].endswith(("](", "]: ")):  # the target of a link
            at = masked.find("<", at + 1)
            continue
        found = _TAG.match(masked, at)
        if found is not None and _BLANK_LINE.search(found[3]):
            found = None
        if found is None:
            found = _BROKEN.match(masked, at)
            if found is not None and found[2].lower() not in HTML:
                found = None
        if found is not None and found[2].endswith(":"):
            found = None  # an address, <https://…>
        if found is None:
            at = masked.find("<", at + 1)
            continue
        written = text[found.start() : found.end()]
        name = found[2].lower()
        empty = written.endswith("/>") or name in VOID
        yield HtmlTag(found.start(), found.end(), name, bool(found[1]), empty, written)
        at = masked.find("<", found.end())
