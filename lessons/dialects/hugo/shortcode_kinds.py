"""What the short codes of Hugo's widely used themes show, by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lessons.box_kinds import find_kind
from lessons.dialects.base import Context, as_text
from lessons.dialects.hugo.shortcodes import MOST_DEPTH, Handlers, Made, ShortCode, ShortCodes
from lessons.dialects.includes import read_included
from lessons.dialects.syntax.code_fences import make_code
from lessons.dialects.syntax.embeds import escape_inline, make_placeholder, name_embedded
from lessons.dialects.syntax.figures import make_plain
from lessons.dialects.syntax.html_media import make_picture, read_share
from lessons.dialects.syntax.scan import mask_code, scan_lines
from lessons.markdown.code_lines import read_line_marks
from lessons.markdown.front_matter import read_front_matter
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|avif)(?:[?#]\S*)?$", re.IGNORECASE)
_MEDIA = re.compile(
    r"\.(?:mp4|webm|mov|m4v|ogv|mp3|wav|ogg|m4a|pdf|cast)(?:[?#]\S*)?$", re.IGNORECASE
)
_NEXT_COLUMN = re.compile(r"[ \t]*<--->[ \t]*\n?")
_TAB_LINE = re.compile(r"^[ \t]*===\[\[(.+?)\]\]===[ \t]*$")

BOXES = word_set(
    "notice callout hint alert admonition note tip info warning danger caution important success "
    "error attention box quote question exercise example solution abstract todo bug failure "
    "admonish panel message infobox tipbox warningbox objectives prerequisites keypoints "
    "challenge discussion definition theorem proof lemma summary aside reminder blocks/alert"
)
FOLDED = word_set(
    "details expand collapse spoiler accordion accordion-item toggle hidden reveal fold"
)
TABS = word_set("tab tab-item tabitem codetab pane md-tab")
GROUPS = word_set("tabs tabpane tabgroup codetabs md-tabs cards card-group steps step rawhtml raw "
                  "html center mdblock markdown md section fragment block group wrap div span "
                  "figure-group pageinfo lead cardpane blocks/section blocks/cover blocks/lead "
                  "blocks/link-down main column-wrapper multicol lang")  # fmt: skip
VIDEOS = word_set("youtube vimeo video bilibili youtube-enhanced yt youtubepl loom mp4 webm "
                  "youtube-lite lite-youtube peertube asciinema player dailymotion")  # fmt: skip
EMBEDDED = word_set("tweet x twitter instagram gist codepen iframe embed spotify soundcloud audio "
                    "slideshare speakerdeck pdf google-map openstreetmap gallery figma jsfiddle "
                    "mastodon facebook tiktok reddit qr swagger redoc replit stackblitz "
                    "codesandbox sandpack chart plotly map file mentimeter")  # fmt: skip
SILENT = word_set("toc icon fa fas badge anchor br clear newline vspace hspace nl clearfix more "
                  "children list-children section-index recent pages contributors page-info "
                  "swatches timer slide pagebreak table-of-contents comments list_tags "
                  "cite")  # fmt: skip
_PICTURES = word_set("figure img image imgproc picture imgcap fig imagefig resize-image "
                     "bundle-image lightbox responsive-image")  # fmt: skip
_NOTES = word_set("speaker_note speaker-note speakernotes notes")
_COLUMNS = word_set("columns cols row two-columns flex split")
_COLUMN = word_set("column col")
_CODES = word_set("highlight code code-toggle codeblock prism command terminal code-block console")
_INCLUDED = word_set(
    "include readfile include-file includemd snippet md-include readmd include-md import"
)


def rewrite_short_codes(source: Source, context: Context, *, deck: bool = False) -> Source:
    """Rewrite the short codes of a lesson, or of a deck."""
    return ShortCodes(context, (*_DECK_HANDLERS, *_HANDLERS) if deck else _HANDLERS).rewrite(source)


def _inside(source: Source, code: ShortCode, closing: ShortCode) -> Source:
    return source[code.end : closing.start]


def _box(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    """A box. Without an end tag, its text is a parameter."""
    named = code.get("type", "kind", "style", "color", "level", "class", "context", "variant")
    words = [code.name.rpartition("/")[2], named, *code.plain[:1]]
    kinds = [(word, find_kind(word)) for word in words if word]
    special = [kind for word, kind in kinds if kind != "plain" and word not in _GENERAL]
    kind = special[-1] if special else "note"
    title = code.get("title", "heading", "header", "summary", "name")
    if not title and code.plain:
        first = code.plain[0]
        titles = code.plain[1:] if find_kind(first) != "plain" else code.plain
        title = next((word for word in titles if word), "")
    if closing is None:
        text = code.get("text", "content", "body", "message") or title
        if not text:
            return (), (), False
        title = "" if text == title else title
        return (*make_marker("box", kind, title=title), text, "\n\n", *END), (), False
    return make_marker("box", kind, title=title), ("\n", *END), False


_GENERAL = word_set("notice callout hint alert admonition box admonish panel message infobox")


def _folded(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    if closing is None:
        return (), (), False
    title = code.get("title", "summary", "name", "label", "header", "text", position=0)
    return make_marker("box", "details", title=title), ("\n", *END), False


def _tab(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    if closing is None:
        return (), (), False
    title = code.get("name", "title", "header", "label", "tabname", position=0)
    language = code.get("lang", "language", "codelang")
    content = _inside(source, code, closing)
    opening = make_marker("box", "plain", title=title)
    if language and not code.markdown and "```" not in content.text:
        fence = make_code(_strip(content), language, source, code.start)
        return (*opening, fence, *END), (), True
    return opening, ("\n", *END), False


def _tabs(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    """Tabs whose content is divided by lines `===[[Title]]===`."""
    if closing is None or "===[[" not in source.text[code.end : closing.start]:
        return (), (), False
    content = codes.rewrite_inside(_inside(source, code, closing))
    edits: list[Edit] = []
    for line in scan_lines(content.text):
        titled = _TAB_LINE.match(line.text) if line.kind == "text" else None
        if titled is not None:
            title = content[line.start + titled.start(1) : line.start + titled.end(1)]
            ended: Parts = ("\n", *END) if edits else ()
            stop = min(line.end + 1, len(content))
            edits.append(
                Edit(line.start, stop, (*ended, *make_marker("box", "plain", title=title)))
            )
    return (content.edit(edits), "\n", *(END if edits else ()), "\n"), (), True


def _strip(content: Source) -> Source:
    begin = len(content.text) - len(content.text.lstrip("\n"))
    return content[begin : max(len(content.text.rstrip()), begin)]


def _group(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    title = code.get("title", "heading", "header")
    if title and closing is not None:
        return (f"**{escape_inline(title)}**\n\n",), (), False
    return (), (), False


def _silent(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    return (), (), False


def _picture(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    target = code.get("src", "link", "url", "path", "file", "image", "name", position=0)
    texts = dict.fromkeys(make_plain(code.get(name)) for name in ("title", "caption", "attr"))
    caption = " ".join(_end(text) for text in texts if text).removesuffix(".")
    alt = make_plain(code.get("alt", "label")) or caption
    if not target:
        return _unknown(codes, source, code, closing)
    parts = make_picture(target, alt, caption, read_share(code.get("width", "w")))
    return parts, (), False


def _end(text: str) -> str:
    return text if text[-1] in ".!?:;,…。" else text + "."


def _embedded(
    codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None
) -> Made:
    target = code.get("src", "url", "id", "file", "path", "link", position=0)
    if closing is not None and not target:
        target = source.text[code.end : closing.start].strip().split("\n")[0][:300]
    title = code.get("title", "caption", "name", "alt")
    kind, name = name_embedded(target, title, "Video" if code.name in VIDEOS else "Page")
    if not title and "." not in name:
        name = f"{code.name} {name}".strip()
    return make_placeholder(codes.context, source, code.start, kind, name), (), True


def _code(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    if closing is None:
        return (), (), False
    content = _strip(_inside(source, code, closing))
    if "```" in content.text:
        return (), (), False
    language = code.get("lang", "language", "type", "lexer") or (
        code.plain[0] if code.plain and "." not in code.plain[0] else ""
    )
    if code.name == "code-toggle":
        language = "yaml"
    said = [*code.plain[1:], *(f'{name}="{value}"' for name, value in code.named.items())]
    info = language + read_line_marks(" ".join(said)).write()
    return (make_code(content, info, source, code.start),), (), True


def _diagram(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    text = _strip(_inside(source, code, closing)) if closing is not None else None
    if text is None or not text.text.strip() or code.name not in ("mermaid", "plantuml"):
        return make_placeholder(codes.context, source, code.start, "Diagram", ""), (), True
    return ("\n\n", make_code(text, code.name, source, code.start), "\n"), (), True


def _formula(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    if closing is None:
        return (), (), False
    content = _inside(source, code, closing)
    bare = content.text.strip()
    begin = content.text.find(bare) if bare else 0
    formula = content[begin : begin + len(bare)]
    if bare.startswith(("$", "\\(", "\\[")) or not bare:
        return (formula,), (), True
    shown = "display" in code.plain or "\n" in content.text
    return (("$$\n", formula, "\n$$\n") if shown else ("$", formula, "$")), (), True


def _reference(
    codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None
) -> Made:
    """`ref` and `relref`: an address in a link, else the name of the page."""
    target = code.get("path", "to", position=0)
    if source.text[max(code.start - 3, 0) : code.start].rstrip().endswith(("(", "(<", '"', "=")):
        return (target.replace(" ", "%20") or "#",), (), False
    name = target.partition("#")[0].strip("/").rpartition("/")[2].removesuffix(".md")
    return (escape_inline(name.replace("-", " ")),), (), False


def _value(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    names = (code.get("name", position=0)).split(".")
    project = codes.context.project
    for values in (codes.context.front, project.values if project else {}):
        value: object = values
        for name in names:
            value = value.get(name) if isinstance(value, Mapping) else None
        if text := as_text(value):
            return (escape_inline(text),), (), False
    params = project.values.get("params") if project else None
    found = as_text(params.get(names[0])) if isinstance(params, Mapping) else ""
    return (escape_inline(found),) if found else (), (), False


def _include(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    name = code.get("file", "src", "path", "name", position=0)
    if not name or codes.depth >= MOST_DEPTH:
        return (), (), False
    file = read_included(codes.context, name, source.find_place(code.start))
    if file is None:
        return (), (), False
    front = read_front_matter(file.text, file.path)
    text = Source.of(file.path, file.text)[front.end :]
    if code.get("code") == "true" or not name.endswith((".md", ".markdown")):
        text = make_code(text, code.get("lang", "language"), text, 0)
    else:
        text = codes.rewrite_inside(text)
    return (source.insert_file(text, code.start), "\n"), (), False


def _columns(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    if closing is None:
        return (), (), False
    content = codes.rewrite_inside(_inside(source, code, closing))
    edits = [
        Edit(found.start(), found.end(), ("\n\n", *make_marker("column")))
        for found in _NEXT_COLUMN.finditer(mask_code(content.text))
    ]
    first = make_marker("column") if edits else ()
    return (*make_marker("columns"), *first, content.edit(edits), "\n", *END), (), True


def _column(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    return make_marker("column"), ("\n",), False


def _notes(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    if closing is None:
        return (), (), False
    return make_marker("notes"), ("\n", *END), False


def _comment(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    return (), (), True


def _fragment(
    codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None
) -> Made:
    """`frag`, whose text is a parameter."""
    text = code.get("c", position=0)
    return ((text,) if text else ()), (), False


def _slide(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    """What says how a slide looks: a picture behind it is shown."""
    target = code.get("background-image", "background")
    return (make_picture(target, "", "") if _PICTURE.search(target) else ()), (), False


def _card(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    """A card without an end tag: its title and its texts."""
    if closing is not None:
        return _group(codes, source, code, closing)
    title = code.get("title", "name", "header")
    texts = (code.get(name) for name in ("subtitle", "text", "content", "description", "tag"))
    head = f"**{escape_inline(title)}**" if title else ""
    shown = " ".join(text for text in (head, *texts) if text)
    return (f"\n\n{shown}\n\n",) if shown else (), (), False


def _choice(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    """A question with answers to choose from."""
    question = code.get("question", "text", "title")
    answers = [x.strip() for x in code.get("answers", "options", "choices").split("|")]
    items = "".join(f"- {answer}\n" for answer in answers[:20] if answer)
    if not question and not items:
        return (), (), False
    return (*make_marker("box", "question"), f"{question}\n\n{items}\n", *END), (), False


def _tooltip(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    """The word; what explains it is shown by a site only when it is pointed at."""
    title = code.get("title", "term", "text", "tooltip", position=0)
    if closing is None:
        return (escape_inline(title),) if title else (), (), False
    content = source.text[code.end : closing.start].strip()
    if not title:
        return (), (), False
    begin = code.end + source.text[code.end : closing.start].find(content)
    return (escape_inline(title), " (", source[begin : begin + len(content)], ")"), (), True


def _unknown(codes: ShortCodes, source: Source, code: ShortCode, closing: ShortCode | None) -> Made:
    """What a short code shows as far as its parameters tell: the content of a pair stays."""
    values = [*code.named.values(), *code.plain]
    target = next((value for value in values if _PICTURE.search(value)), "")
    if target and closing is None:
        caption = code.get("caption", "title", "alt")
        return make_picture(target, code.get("alt") or caption, caption), (), False
    media = next((value for value in values if _MEDIA.search(value)), "")
    if (media or code.named.get("src", "").startswith("http")) and closing is None:
        kind, name = name_embedded(media or code.named["src"], code.get("title", "caption"))
        return make_placeholder(codes.context, source, code.start, kind, name), (), False
    codes.unknown.append((code.name, code.start))
    text = code.get("text", "title", "content", "label", "heading", "cta_text", "button_text")
    if (
        text
        and closing is None
        and (" " in text or code.get("text", "label", "cta_text", "button_text"))
    ):
        return (escape_inline(text),), (), False
    if text and closing is not None:
        return make_marker("box", find_kind(code.name), title=text), ("\n", *END), False
    return (), (), False


_DECK_HANDLERS: Handlers = (
    (word_set("note"), _notes),
    (word_set("frag"), _fragment),
    (word_set("slide"), _slide),
)
_HANDLERS: Handlers = (
    (_PICTURES, _picture),
    (BOXES, _box),
    (FOLDED, _folded),
    (word_set("tabs"), _tabs),
    (TABS, _tab),
    (_COLUMNS, _columns),
    (_COLUMN, _column),
    (GROUPS, _group),
    (VIDEOS | EMBEDDED, _embedded),
    (_CODES, _code),
    (word_set("mermaid plantuml diagram drawio graph markmap goat"), _diagram),
    (word_set("katex math latex mathjax"), _formula),
    (word_set("ref relref"), _reference),
    (word_set("param site-param _param var siteparam"), _value),
    (_INCLUDED, _include),
    (_NOTES, _notes),
    (word_set("multiple-choice quiz mcq"), _choice),
    (word_set("tooltip glossary-term abbr term hover glossary_tooltip"), _tooltip),
    (word_set("card"), _card),
    (word_set("comment"), _comment),
    (SILENT, _silent),
    (frozenset(), _unknown),
)
