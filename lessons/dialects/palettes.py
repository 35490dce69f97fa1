"""The colours that a lesson's own tool gives it: by the name of a theme, or in its style sheets.

Only plain colours are taken over. Nothing of a style sheet is run or fetched.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from foundation.files import read_bounded
from foundation.problem import Place
from lessons.dialects.base import Context, as_text
from lessons.model import Palette

LARGEST_STYLE = 200_000  # bytes of a style sheet
_FILE = Path(__file__).with_name("palettes.toml")
_PARTS = ("background", "text", "title", "accent")
_VALUE = r"\s*:\s*([#\w][^;{}\n!]{0,60})"
_RULE = re.compile(r"([^{};]{1,200})\{([^{}]{0,2000})\}")
_VARIABLES: tuple[tuple[str, str], ...] = (
    (r"\$body-bg|\$backgroundColor|--r-background-color|--color-background", "background"),
    (r"\$body-color|\$mainColor|--r-main-color|--color-foreground", "text"),
    (r"\$presentation-heading-color|\$headingColor|--r-heading-color", "title"),
    (r"\$link-color|\$linkColor|--r-link-color|--color-highlight", "accent"),
)
"""Variables of Quarto's, reveal.js's and Marp's themes."""
_PAGES = frozenset({"section", ":root", "body", ".reveal", ".reveal-viewport", "section.lead"})
_HEADINGS = frozenset({"h1", "h2", "section h1", "section h2", ".reveal h1", ".reveal h2"})
_LINKS = frozenset({"a", "section a", ".reveal a"})


def find_palette(tools: Iterable[str], name: str, variant: str = "usual") -> dict[str, str]:
    """The colours of a tool's theme; nothing if it is not known."""
    for tool in tools:
        known = _read_palettes().get(tool, {}).get(name.lower())
        if known is not None:
            return dict(known.get(variant) or known["usual"])
    return {}


@cache
def _read_palettes() -> Mapping[str, Mapping[str, Mapping[str, Mapping[str, str]]]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def read_style(text: str) -> dict[str, str]:
    """The colours that a style sheet (CSS or SCSS) gives to pages, headings and links."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text[:LARGEST_STYLE], flags=re.DOTALL)
    found: dict[str, str] = {}
    for names, part in _VARIABLES:
        if match := re.search(f"(?:{names}){_VALUE}", text):
            _put(found, part, match[1])
    for rule in _RULE.finditer(text):
        selectors = {" ".join(selector.split()) for selector in rule[1].split(",")}
        if selectors & _PAGES:
            _put_declared(found, "background", rule[2], "background(?:-color)?")
            _put_declared(found, "text", rule[2], "color")
        if selectors & _HEADINGS:
            _put_declared(found, "title", rule[2], "color")
        if selectors & _LINKS:
            _put_declared(found, "accent", rule[2], "color")
    return found


def _put_declared(found: dict[str, str], part: str, declarations: str, name: str) -> None:
    if match := re.search(rf"(?:^|[;\s])(?:{name}){_VALUE}", declarations):
        _put(found, part, match[1])


def _put(found: dict[str, str], part: str, written: str) -> None:
    if colour := read_colour(written):
        found[part] = colour


def read_colour(written: object) -> str:
    """A colour of CSS as `#rrggbb`; empty for what is none, or is seen through."""
    from PIL import ImageColor

    text = as_text(written).strip().removesuffix("!default").strip().strip("\"'")
    if not text or len(text) > 60 or "\n" in text:
        return ""
    try:
        parts = ImageColor.getrgb(text)
    except (ValueError, OverflowError):
        return ""
    if len(parts) == 4 and parts[3] < 255:
        return ""
    return "#" + "".join(f"{min(max(part, 0), 255):02x}" for part in parts[:3])


def read_style_file(name: str, context: Context) -> dict[str, str]:
    """The colours of a style sheet beside the lesson; nothing for one that cannot be read or is
    outside the course."""
    try:
        path = (context.folder / name).resolve(strict=True)
        if not path.is_relative_to(context.root.resolve()):
            return {}
        return read_style(read_bounded(path, LARGEST_STYLE).decode("utf-8", "replace"))
    except (OSError, ValueError, RuntimeError):
        return {}


def make_palette(name: str, colours: Mapping[str, str], context: Context) -> Palette | None:
    """What a lesson says of its colours; None if it says nothing that can be taken over."""
    if not colours:
        return None
    known = {part: colours[part] for part in _PARTS if part in colours}
    return Palette(name, **known, place=Place(context.path, 1))


def make_marp_palette(values: Mapping[str, object], context: Context) -> Palette | None:
    """The colours of a Marp deck. `values` are its directives for all slides."""
    written = ("theme", "class", "style", "backgroundColor", "color")
    if not any(values.get(name) for name in written):
        return None
    classes = values.get("class")
    named = " ".join(map(str, classes)) if isinstance(classes, list) else as_text(classes)
    variant = next((word for word in named.split() if word in ("invert", "gaia")), "usual")
    theme = as_text(values.get("theme")) or "default"
    colours = find_palette(("marp",), theme, variant)
    colours.update(read_style(as_text(values.get("style"))))
    for key, part in (("backgroundColor", "background"), ("color", "text")):
        if colour := read_colour(values.get(key)):
            colours[part] = colour
            if part == "text":
                colours["title"] = colour
    if not colours or (theme == "default" and colours == find_palette(("marp",), theme)):
        return None  # Marp's white, which is nobody's choice
    return make_palette(f"Marp's theme {theme}", colours, context)


def make_reveal_palette(
    themes: Iterable[object], context: Context, tools: tuple[str, ...] = ("reveal",)
) -> Palette | None:
    """The colours of a deck for reveal.js. `themes` are names and style sheets, in order."""
    colours: dict[str, str] = {}
    names: list[str] = []
    for theme in map(as_text, themes):
        name = theme.rpartition("/")[2].lower()
        found = (
            read_style_file(theme, context)
            if name.endswith((".css", ".scss"))
            else find_palette(tools, name)
        )
        if name.endswith(".css") and not found:
            found = find_palette(tools, name.removesuffix(".css"))
        if found:
            names.append(name)
            colours.update(found)
    return make_palette(f"the theme {', '.join(names)}", colours, context)
