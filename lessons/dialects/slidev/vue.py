"""Vue in Markdown, as Slidev writes it: components, directives in tags, and `{{ values }}`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lessons.dialects.base import Context, as_text
from lessons.dialects.syntax.attributes import rewrite_attributes
from lessons.dialects.syntax.scan import hide_escaped_tags, mask_code, remove_in_prose
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_TAG = re.compile(
    r"<(?P<close>/?)(?P<name>[A-Za-z][\w.:-]*)"
    r"(?P<rest>(?:\"[^\"]{0,5000}\"|'[^']{0,5000}'|[^<>\"'])*)>"
)
_ATTRIBUTE = re.compile(
    r"""([@:#A-Za-z_][\w@:.#\[\]()-]*)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>/]+))?"""
)
_VALUE = re.compile(r"\{\{([^{}\n]{1,300})\}\}")
_QUOTED = re.compile(r"\s*(['\"`])([^'\"`$]*)\1\s*")
_FROM_HEADER = re.compile(r"\s*\$(?:frontmatter|slidev\.configs|slidev\.themeConfigs)\.(\w+)\s*")
_MDC_INLINE = re.compile(
    r"(?<![\w:]):[A-Za-z][\w-]{0,60}(?:\[([^\]\n]{0,500})\](?:\{[^{}\n]{0,500}\})?|\{[^{}\n]{0,500}\})"
)
_MDC_BLOCK = re.compile(
    r"^[ \t]*:{2,}[ \t]*(?:[A-Za-z][\w-]*[ \t]*(?:\{[^{}\n]*\})?)?[ \t]*$", re.M
)
_MDC_ATTRIBUTES = re.compile(
    r"(?<=[^\s{])[ \t]?\{(?:[.#][\w-]+[ \t]+)*[A-Za-z][\w-]*=\"[^\"{}\n]*\"[^{}\n]*\}"
)
"""Attributes behind words. Their quotes tell them from other braces."""
_MDC_OPENING = re.compile(r"^::[a-z][\w-]{0,60}[ \t]*(?:\{[^{}\n]*\})?[ \t]*$", re.M)
_MDC_END = re.compile(r"^::[ \t]*$", re.M)

_HTML = word_set(
    "a abbr address area article aside audio b base bdi bdo blockquote body br button canvas "
    "caption center cite code col colgroup data datalist dd del details dfn dialog div dl dt em "
    "embed fieldset figcaption figure font footer form h1 h2 h3 h4 h5 h6 head header hgroup hr "
    "html i iframe img input ins kbd label legend li link main map mark marquee math menu meta "
    "meter nav noscript object ol optgroup option output p param picture pre progress q rp rt ruby "
    "s samp script search section select small source span strike strong style sub summary sup "
    "svg table tbody td textarea tfoot th thead time title tr track tt u ul var video wbr "
    "path circle rect g line polygon polyline ellipse text tspan defs use marker pattern "
    "phoneme say-as speak break prosody emphasis lang voice desc audio "
    "narrate-highlight narrate-smallcaps narrate-width"
)
"""Elements that are no components: those of HTML, SVG and SSML."""
_SILENT = word_set(
    "toc toclist slidecurrentno slidestotal poweredbyslidev arrow vdragarrow titlerenderer "
    "starport slidevlogo"
)
"""Components that show nothing that a slide of a video needs."""
_EMBEDS: Mapping[str, str] = {
    "tweet": "Post", "bluesky": "Post", "youtube": "Video", "slidevvideo": "Video",
    "vimeo": "Video", "iframe": "Web-page", "excalidraw": "Diagram", "plantuml": "Diagram",
    "mermaid": "Diagram", "monaco": "Editor",
}  # fmt: skip
SHOWN_OTHERWISE = _SILENT | _EMBEDS.keys()
"""Components that have a placeholder of their own, or need none."""
_ICONS = re.compile(
    r"(?:i-)?(?:akar-icons|ant-design|bi|bxs?|carbon|ci[bfl]?|circle-flags|codicon|devicon(?:-plain)?"
    r"|emojione|eva|fa(?:6)?(?:-(?:solid|regular|brands))?|fe|feather|file-icons|flag|flat-color-icons"
    r"|fluent(?:-emoji)?(?:-flat)?|fontisto|game-icons|gg|heroicons(?:-(?:outline|solid))?|ic|icon-park"
    r"|iconoir|ion|jam|la|line-md|logos|lucide|majesticons|maki|material-symbols|mdi(?:-light)?|mi"
    r"|mingcute|noto(?:-v1)?|octicon|openmoji|ph|pixelarticons|prime|radix-icons|ri|simple-icons"
    r"|simple-line-icons|skill-icons|solar|streamline(?:-emojis)?|svg-spinners|tabler|teenyicons"
    r"|token|twemoji|typcn|ui[lmst]|unjs|vaadin|vs|vscode-icons|wi|zondicons)[:-][a-z0-9:-]+"
)
"""Icons by the name of their collection, as unplugin-icons has them."""
_STANDARD = word_set(
    "class style src alt title href width height type start value open colspan rowspan"
)


@dataclass(slots=True)
class _Components:
    """What is found of components in a text."""

    source: Source
    context: Context
    edits: list[Edit] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)  # where each name stands first
    skipped_to: int = 0


def rewrite_vue(source: Source, context: Context) -> Source:
    """Take out what Vue would replace, and keep what it would show."""
    source = _remove_elements(source, ("style", "script"))
    found = _Components(source, context)
    masked = hide_escaped_tags(mask_code(source.text))
    if "<" in masked:
        for match in _TAG.finditer(masked):
            if match.start() >= found.skipped_to:
                _rewrite_tag(found, masked, match)
    _report_unknown(found)
    source = source.edit(found.edits)
    source = _rewrite_values(source, context)
    if _has_mdc(source, context):
        source = remove_in_prose(source, _MDC_INLINE)
        source = remove_in_prose(source, _MDC_BLOCK)
        source = rewrite_attributes(source, context)
        source = remove_in_prose(source, _MDC_ATTRIBUTES)
    return source


def _has_mdc(source: Source, context: Context) -> bool:
    """Whether the text has MDC, as its header tells. A file that another deck brings in does not
    tell, but has its signs."""
    told = context.front.get("mdc", context.front.get("comark"))
    if told is not None:
        return told is True
    if '="' not in source.text and "\n::" not in source.text:
        return False
    masked = mask_code(source.text)
    blocks = _MDC_OPENING.search(masked) is not None and _MDC_END.search(masked) is not None
    return blocks or _MDC_ATTRIBUTES.search(masked) is not None


def _remove_elements(source: Source, names: tuple[str, ...]) -> Source:
    """The source without these elements and what is in them."""
    masked = mask_code(source.text).lower()
    edits: list[Edit] = []
    for name in names:
        at = 0
        while (begin := masked.find("<" + name, at)) >= 0:
            end = masked.find(f"</{name}", begin)
            if end < 0:
                break
            at = end + len(name) + 2
            close = masked.find(">", at)
            at = close + 1 if 0 <= close < at + 20 else at
            if not masked[begin + len(name) + 1 : begin + len(name) + 2].isalnum():
                edits.append(Edit(begin, at))
    return source.edit(edits)


def _read_attributes(rest: str) -> dict[str, str]:
    return {name: value.strip("\"'") for name, value in _ATTRIBUTE.findall(rest)}


def _rewrite_tag(found: _Components, masked: str, match: re.Match[str]) -> None:
    name, closing = match["name"], bool(match["close"])
    kind = name.lower().replace("-", "")
    attributes = {} if closing else _read_attributes(match["rest"])
    head = masked[max(match.start() - 300, 0) : match.start()]
    begins_line = not head.rpartition("\n")[2].strip()
    step: Parts = ("\n\n", *make_marker("step")) if begins_line and not closing else ()
    place = (match.start(), match.end())
    if kind in ("vclicks", "vclickgroup"):
        found.edits.append(Edit(*place, ("\n\n", *(END if closing else make_marker("steps")))))
    elif kind == "vclick":
        found.edits.append(Edit(*place, step))
    elif kind == "template":
        _rewrite_template(found, masked, match, attributes)
    elif name.lower() in _HTML and (name.islower() or name.isupper()):
        _clean_html(found, match, attributes, step)
    elif kind in _EMBEDS and not closing:
        found.edits.append(Edit(*place, _make_embed(found, match, attributes, _EMBEDS[kind])))
    else:
        if not closing and kind not in SHOWN_OTHERWISE and not _ICONS.fullmatch(name):
            empty = match["rest"].rstrip().endswith("/")
            if empty and not name.lower().startswith(("v", "link")):
                found.unknown.setdefault(name, match.start())
        text = attributes.get("title", "") if kind == "link" and match["rest"].endswith("/") else ""
        shown = step if "v-click" in attributes else ()
        found.edits.append(Edit(*place, (*shown, text) if text else shown))


def _rewrite_template(
    found: _Components, masked: str, match: re.Match[str], attributes: Mapping[str, str]
) -> None:
    """A part of a component: a state of `<v-switch>` is a step, and of light and dark the light
    one is shown."""
    slot = next((n.lstrip("#") for n in attributes if n.startswith(("#", "v-slot:"))), "")
    slot = slot.removeprefix("v-slot:")
    if slot == "dark":
        end = masked.find("</template", match.end())
        close = masked.find(">", end)
        if end >= 0 and close >= 0:
            found.edits.append(Edit(match.start(), close + 1))
            found.skipped_to = close + 1
            return
    step = make_marker("step") if slot[:1].isdecimal() else ()
    found.edits.append(Edit(match.start(), match.end(), ("\n\n", *step)))


def _clean_html(
    found: _Components, match: re.Match[str], attributes: Mapping[str, str], step: Parts
) -> None:
    """An HTML tag without the attributes that Vue would follow."""
    if not any(name.startswith(("@", ":", "#", "v-")) for name in attributes):
        return
    source, offset = found.source, match.start("rest")
    kept: list[str | Source] = []
    for part in _ATTRIBUTE.finditer(match["rest"]):
        if part[1].lower() in _STANDARD or part[1].lower().startswith(("data-", "aria-")):
            kept += [" ", source[offset + part.start() : offset + part.end()]]
    tail = "/>" if match["rest"].rstrip().endswith("/") else ">"
    shown = step if "v-click" in attributes else ()
    found.edits.append(Edit(match.start(), match.end(), (*shown, "<" + match["name"], *kept, tail)))


def _make_embed(
    found: _Components, match: re.Match[str], attributes: Mapping[str, str], kind: str
) -> Parts:
    name = attributes.get("title") or attributes.get("id") or attributes.get("src") or ""
    found.context.report(
        "embed-placeholder",
        f"<{match['name']}> is shown as a placeholder, because it needs a browser.",
        "Show a picture in its place.",
        found.source.find_place(match.start()),
    )
    return ("\n\n", *make_marker("placeholder", kind, title=name), "\n")


def _report_unknown(found: _Components) -> None:
    if not found.unknown:
        return
    names = ", ".join(f"<{name[:40]}>" for name in list(found.unknown)[:8])
    more = f" and {len(found.unknown) - 8} more" if len(found.unknown) > 8 else ""
    found.context.report(
        "shortcode-unknown",
        f"Components whose content is not known are left out: {names}{more}.",
        "Show a picture or write the text in their place.",
        found.source.find_place(next(iter(found.unknown.values()))),
    )


def _rewrite_values(source: Source, context: Context) -> Source:
    """Put the value in the place of `{{ … }}` where it is known."""
    masked = mask_code(source.text) if "{{" in source.text else ""
    edits = list(_find_values(masked, context))
    unknown = [edit for edit in edits if not edit.parts]
    if unknown:
        context.report(
            "reference-unresolved",
            f"Values that only Slidev can compute are left out ({len(unknown)}), such as "
            f"{source.text[unknown[0].start : unknown[0].end][:60]!r}.",
            "Write the value itself.",
            source.find_place(unknown[0].start),
        )
    return source.edit(edits)


def _find_values(masked: str, context: Context) -> Iterator[Edit]:
    for match in _VALUE.finditer(masked):
        quoted = _QUOTED.fullmatch(match[1])
        named = _FROM_HEADER.fullmatch(match[1])
        value = quoted[2] if quoted else as_text(context.front.get(named[1])) if named else ""
        yield Edit(match.start(), match.end(), (value,) if value else ())
