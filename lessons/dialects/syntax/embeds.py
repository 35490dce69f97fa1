"""What a slide cannot show: videos, sounds and pages of other sites, each shown by its name."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from foundation.shortening import shorten
from lessons.course.media import name_kind, shorten_name
from lessons.dialects.base import Context
from lessons.markdown.markers import Parts, make_marker
from lessons.markdown.source import Source

_VIDEO = re.compile(
    r"(?:^|\.)(?:youtube(?:-nocookie)?\.com|youtu\.be|vimeo\.com|dailymotion\.com|loom\.com"
    r"|wistia\.(?:com|net)|bilibili\.com|peertube\.\S+|asciinema\.org|panopto\.\S+|kaltura\.com"
    r"|ted\.com|twitch\.tv)$"
)
_SOUND = re.compile(r"(?:^|\.)(?:soundcloud\.com|spotify\.com|libsyn\.com|podbean\.com)$")


def find_host(address: str) -> str:
    """The host of an address, without `www.`; empty if it has none."""
    try:
        host = urlsplit(address if "//" in address else "").hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")


def name_embedded(address: str, title: str = "", usual: str = "Page") -> tuple[str, str]:
    """What an embedded thing is ("Video", "Sound", "Page"), and its name: its title, or else the
    file's name or the host."""
    host = find_host(address)
    kind = name_kind(address)
    if _VIDEO.search(host):
        kind = "Video"
    elif _SOUND.search(host):
        kind = "Sound"
    elif kind == "Picture":
        kind = usual
    name = " ".join(title.split())
    if not name and re.search(r"\.\w{2,5}$", shorten_name(address)) and kind != "Page":
        name = shorten_name(address)
    name = name or host or shorten_name(address)
    return kind, shorten(unquote(name), 80)


def make_placeholder(context: Context, source: Source, at: int, what: str, name: str) -> Parts:
    """The line of a placeholder, and a finding that tells of it."""
    named = f" {name!r}" if name else ""
    context.report(
        "embed-placeholder",
        f"The {what.lower()}{named} cannot be shown, so the slide shows only its name.",
        "Show a picture of it that is saved in the course, and say what is to be seen in it.",
        source.find_place(at),
    )
    return make_marker("placeholder", what.replace(" ", "-"), title=escape_inline(name))


def escape_inline(text: str) -> str:
    """Text that Markdown reads as it is."""
    return re.sub(r"([\\`*_\[\]<>&$~])", r"\\\1", " ".join(text.split()))
