"""Liquid, the language of Jekyll's templates: `{% tag %}` and `{{ value }}`.

Values that the page or the site's configuration give are put in; of alternatives the first is
taken; what only the site could make vanishes, with one finding for the tags that are not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from lessons.box_kinds import find_kind
from lessons.dialects.base import Context, as_text
from lessons.dialects.includes import read_included
from lessons.dialects.syntax.code_fences import make_code
from lessons.dialects.syntax.embeds import escape_inline, make_placeholder, name_embedded
from lessons.dialects.syntax.figures import make_plain
from lessons.dialects.syntax.html_media import make_picture, read_share
from lessons.dialects.syntax.liquid_parser import LONGEST, Blocks, LiquidTag, find_liquid
from lessons.dialects.syntax.scan import HiddenLines, Line, scan_lines
from lessons.markdown.code_lines import read_line_marks
from lessons.markdown.front_matter import read_front_matter
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

MOST_CAPTURED = 50
MOST_DEPTH = 8

_END_TAG = re.compile(r"\{%-?[ \t]{0,20}(end\w{1,40})")
_PAIR = re.compile(r"([\w-]+)\s*[:=]\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s,\"']+))")
_OUTPUT = re.compile(r"\{\{([^{}\n]{0,300})\}\}")
_QUOTED = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)')\s*")
_FILTER_TEXT = re.compile(r"\|\s*(?:append|prepend)\s*:\s*(?:\"([^\"]*)\"|'([^']*)')")
_PICTURE_NAME = re.compile(r"\.(?:png|jpe?g|gif|svg|webp)(?:[?#]\S*)?$", re.IGNORECASE)
_BOXED = word_set("note tip info important warning caution danger alert callout notice hint")
_VIDEOS = word_set("youtube vimeo video youtubePlayer youtube_player vimeoPlayer iframe embed")
_SILENT = word_set(
    "toc seo feed_meta increment decrement cycle layout jekyll_version cached include_cached break "
    "continue bibliography cite tabs figure render liquid echo gist_noscript endcache cache"
)


TagHandler = Callable[["Liquid", LiquidTag, Source], "Parts | None"]
"""Gives what comes in the place of a tag; None for a tag that it does not know."""


@dataclass(slots=True)
class Liquid:
    """Rewrites the Liquid of a lesson. `tags` are those of the site's own."""

    context: Context
    tags: Mapping[str, TagHandler] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    unknown: list[tuple[str, int]] = field(default_factory=list)
    parameters: Mapping[str, str] = field(default_factory=dict)
    depth: int = 0
    captured: dict[str, Source] = field(default_factory=dict)
    open_boxes: list[str] = field(default_factory=list)
    end_tags: frozenset[str] = frozenset()

    def rewrite(self, source: Source) -> Source:
        if "{%" not in source.text and "{{" not in source.text:
            return source
        self.end_tags = frozenset(_END_TAG.findall(source.text))
        lines = scan_lines(source.text)
        edits = list(self._find_edits(source, lines))
        made = source.edit(edits)
        if self.unknown and not self.depth:
            at = self.unknown[0][1]
            names = ", ".join(dict.fromkeys(name for name, _ in self.unknown[:20]))
            self.context.report(
                "shortcode-unknown",
                f"Tags of the site's templates are not known here and are left out: {names}.",
                "Write what they would show into the lesson, if it is needed.",
                source.find_place(at),
                "note",
            )
        return made

    def _find_edits(self, source: Source, lines: Sequence[Line]) -> Iterator[Edit]:
        opened = Blocks()
        raw: LiquidTag | None = None
        skipped = -1  # what is left out begins here, if it is not -1
        code = HiddenLines(source.text, lines)
        for tag in find_liquid(source.text):
            if raw is not None:
                if tag.name == f"end{raw.name}":
                    yield from _close_raw(self.context, source, raw, tag)
                    raw = None
                continue
            if code.hold(tag.start):
                if tag.name == "raw":
                    raw = tag
                elif tag.name == "endraw":
                    yield Edit(tag.start, tag.end)
                elif not tag.name:
                    value = self.find_value(tag.words)
                    if value or self._is_known_to_be_empty(tag.words):
                        yield Edit(tag.start, tag.end, (value,))
                continue
            if tag.name in _RAW and skipped < 0:
                raw = tag
                continue
            before = opened.kept
            if opened.follow(tag):
                after = opened.kept
                if before and after:
                    yield _remove(source, tag)
                elif before:
                    skipped = tag.start
                elif after and skipped >= 0:
                    if tag.name == "endcapture":
                        self._keep_captured(source, skipped, tag.start)
                    yield Edit(skipped, tag.end)
                    skipped = -1
                continue
            if before:
                yield self._replace(source, tag)
        if raw is not None:
            yield Edit(raw.start, raw.end)
        if skipped >= 0:  # a block without an end: only its tag vanishes
            yield Edit(skipped, source.text.find("}", skipped) + 2)

    def _replace(self, source: Source, tag: LiquidTag) -> Edit:
        if not tag.name:
            return Edit(tag.start, tag.end, self._write_value(source, tag))
        handler = self.tags.get(tag.name) or _TAGS.get(tag.name)
        parts = handler(self, tag, source) if handler is not None else None
        if parts is None:
            if tag.name not in _SILENT and not tag.name.startswith("end"):
                self.unknown.append((tag.name, tag.start))
            return _remove(source, tag)
        return Edit(tag.start, tag.end, parts) if parts else _remove(source, tag)

    def _keep_captured(self, source: Source, start: int, end: int) -> None:
        """Remember the text of a `capture`, which begins at `start`, for where it is put out."""
        begin = source.text.find("%}", start) + 2
        name = source.text[start:begin].strip("{}%- ").removeprefix("capture").strip(" \"'")
        if name and len(self.captured) < MOST_CAPTURED and self.depth < MOST_DEPTH:
            text = source[begin:end]
            inner = replace(self, captured=dict(self.captured), depth=self.depth + 1)
            self.captured[name] = inner.rewrite(text)
            self.values[name] = " ".join(self.captured[name].text.split())[:LONGEST]

    def _write_value(self, source: Source, tag: LiquidTag) -> Parts:
        captured = self.captured.pop(tag.words.split("|")[0].strip(), None)
        if captured is not None:
            return ("\n\n", captured, "\n\n") if "\n" in captured.text else (captured,)
        value = self.find_value(tag.words)
        before = source.text[max(tag.start - 200, 0) : tag.start]
        if re.search(r"(?:\]\(<?|\b(?:src|href|url)=[\"']?)[^\s)\"'>]*$", before):
            return (value.replace(" ", "%20"),) if value else ()
        return (escape_inline(value),) if value else ()

    def find_value(self, expression: str) -> str:
        """The value of an expression; empty if only the site knows it."""
        head = expression.split("|")[0].strip()
        quoted = _QUOTED.fullmatch(head)
        if quoted:
            value = quoted[1] if quoted[1] is not None else quoted[2]
        elif head in self.values:
            value = self.values[head]
        else:
            value = self._look_up(head.split("."))
        for added in _FILTER_TEXT.finditer(expression):
            value += added[1] if added[1] is not None else added[2]
        return value

    def _is_known_to_be_empty(self, expression: str) -> bool:
        """Whether an expression without a value has none on the site either: braces in code may be
        of another language."""
        first = expression.split(".")[0].strip()
        return (first == "site" and self.context.project is not None) or (
            first == "include" and self.depth > 0
        )

    def _look_up(self, names: list[str]) -> str:
        first, *rest = names
        if first == "include" and len(rest) == 1:
            return self.parameters.get(rest[0], "")
        project = self.context.project
        value: object = None
        if first == "page":
            value = self.context.front
        elif first == "site" and project is not None and rest not in (["baseurl"], ["url"]):
            value = project.values
        for name in rest:
            value = value.get(name) if isinstance(value, Mapping) else None
        return as_text(value)

    def read_words(self, words: str) -> dict[str, str]:
        """The parameters of a tag (`key="value"`), with values put in."""
        found: dict[str, str] = {}
        for match in _PAIR.finditer(words):
            quoted = match[2] if match[2] is not None else match[3]
            if quoted is not None:
                value = _OUTPUT.sub(lambda inner: self.find_value(inner[1]), quoted)
            else:
                value = self.find_value(match[4]) or match[4]
            found[match[1].lower()] = value
        return found

    def include(self, tag: LiquidTag, source: Source, name: str, folder: str) -> Parts:
        """The text of another file of the site, in a folder under its root."""
        if self.depth >= MOST_DEPTH:
            return ()
        root = self.context.project.root if self.context.project else self.context.root
        file = read_included(self.context, name, source.find_place(tag.start), beside=root / folder)
        if file is None:
            return ()
        front = read_front_matter(file.text, file.path)
        inner = Liquid(
            self.context, self.tags, self.values, self.unknown, self.read_words(tag.words),
            self.depth + 1,
        )  # fmt: skip
        text = inner.rewrite(Source.of(file.path, file.text.rstrip())[front.end :])
        before = source.text[source.text.rfind("\n", 0, tag.start) + 1 : tag.start]
        if before.strip() == "" or not before.strip(" \t>"):
            lines = (Edit(m.end(), m.end(), (before,)) for m in re.finditer(r"\n(?!$)", text.text))
            text = text.edit(lines) if before else text
        return (source.insert_file(text, tag.start),)


def _remove(source: Source, tag: LiquidTag) -> Edit:
    """Take out a tag, and its line if it stands alone there."""
    text = source.text
    start = text.rfind("\n", 0, tag.start) + 1
    end = text.find("\n", tag.end)
    end = len(text) if end < 0 else end
    if not text[start : tag.start].strip() and not text[tag.end : end].strip():
        return Edit(start, end)
    if text[tag.start - 1 : tag.start] == " " and text[tag.end : tag.end + 1] in ".,;:)!? \n":
        return Edit(tag.start - 1, tag.end)
    return Edit(tag.start, tag.end)


_RAW = word_set("raw comment highlight codeblock mermaid katex")
"""Tags in whose content no other tag is looked for."""


def _close_raw(
    context: Context, source: Source, opened: LiquidTag, closed: LiquidTag
) -> Iterator[Edit]:
    """What stands in a pair of `_RAW`."""
    content = source[opened.end : closed.start]
    bare = content.text.strip()
    if opened.name == "raw":
        yield Edit(opened.start, opened.end)
        yield Edit(closed.start, closed.end)
    elif opened.name == "comment":
        yield Edit(opened.start, closed.end)
    elif opened.name == "mermaid":
        code = make_code(bare, "mermaid", source, opened.start)
        yield Edit(opened.start, closed.end, ("\n\n", code, "\n"))
    elif opened.name == "katex":
        begin = content.text.find(bare)
        formula = content[begin : begin + len(bare)]
        first, last = ("\n\n$$\n", "\n$$\n\n") if "display" in opened.words else ("$", "$")
        yield Edit(opened.start, closed.end, (first, formula, last) if bare else ())
    else:
        language = (opened.words.split() or [""])[0].removeprefix("lang:")
        begin = len(content.text) - len(content.text.lstrip("\n"))
        code = content[begin : len(content.text.rstrip())]
        before = source.text[source.text.rfind("\n", 0, opened.start) + 1 : opened.start]
        indent = before if not before.strip() else ""
        info = language + read_line_marks(opened.words.partition(" ")[2]).write()
        fence = make_code(code, info, source, opened.start)
        yield Edit(opened.start, closed.end, ("\n" + indent, fence, indent))


# Tags of Jekyll and of widely used plugins


def _assign(liquid: Liquid, tag: LiquidTag, source: Source) -> Parts | None:
    name, _, value = tag.words.partition("=")
    if len(liquid.values) < 200:
        liquid.values[name.strip()] = liquid.find_value(value.strip())[:1000]
    return ()


def _link(liquid: Liquid, tag: LiquidTag, source: Source) -> Parts | None:
    return (tag.words.strip("\"'").replace(" ", "%20"),)


def _include(liquid: Liquid, tag: LiquidTag, source: Source) -> Parts | None:
    name, _, _ = tag.words.partition(" ")
    name = name.strip("\"'").split("\n")[0]
    stem = name.rpartition("/")[2].partition(".")[0].lower()
    values = liquid.read_words(tag.words)
    shown = show_parameters(liquid.context, source, tag, stem, values)
    if shown is not None:
        return shown
    if name.endswith((".md", ".markdown", ".txt")):
        folder = "" if tag.name == "include_relative" else "_includes"
        return liquid.include(tag, source, name, folder)
    return None if stem not in _SILENT else ()


def show_parameters(
    context: Context, source: Source, tag: LiquidTag, stem: str, values: Mapping[str, str]
) -> Parts | None:
    """What an include of a site's own shows, as far as its parameters tell: a picture, something
    embedded, or a box; None if they do not tell."""
    names = ("url", "src", "file", "image_path", "image", "path", "img", "filename")
    target = next((values[name] for name in names if values.get(name)), "")
    caption = values.get("caption") or values.get("title", "")
    if _PICTURE_NAME.search(target):
        caption = make_plain(caption)
        alt = make_plain(values.get("alt", "")) or caption
        share = read_share(values.get("width", ""))
        return ("\n\n", *make_picture(target, alt, caption, share), "\n\n")
    if stem in _VIDEOS or "video" in stem or "youtube" in stem:
        target = target or values.get("id", "") or values.get("video", "")
        kind, name = name_embedded(target, caption, "Video")
        kind = "Video" if stem != "iframe" and stem != "embed" else kind
        return ("\n\n", *make_placeholder(context, source, tag.start, kind, name), "\n")
    text = values.get("content") or values.get("text") or values.get("message", "")
    kind = find_kind(values.get("type", "") or stem)
    if text and (kind != "plain" or stem in _BOXED):
        title = values.get("title", "")
        return ("\n\n", *make_marker("box", kind, title=title), text, "\n\n", *END, "\n")
    return ("\n\n", text, "\n\n") if text else None


def _embed(liquid: Liquid, tag: LiquidTag, source: Source) -> Parts | None:
    values = liquid.read_words(tag.words)
    words = tag.words.split()
    named = values.get("title", "")
    target = values.get("src") or values.get("url") or (words[0].strip("\"'") if words else "")
    kind, name = name_embedded(target, named, "Video" if tag.name != "gist" else "Page")
    name = name if "." in name or named else f"{tag.name} {name}".strip()
    return ("\n\n", *make_placeholder(liquid.context, source, tag.start, kind, name), "\n")


def _open_box(liquid: Liquid, tag: LiquidTag, source: Source) -> Parts | None:
    """A box, if its end tag is there. Its words are its title; those of a tab begin with the name
    of the group."""
    if f"end{tag.name}" not in liquid.end_tags or len(liquid.open_boxes) > MOST_CAPTURED:
        return None
    liquid.open_boxes.append(tag.name)
    words = tag.words.partition(" ")[2] if tag.name == "tab" else tag.words
    kind = "quote" if tag.name == "blockquote" else tag.name
    title = words.strip("\"' ")
    return ("\n\n", *make_marker("box", find_kind(kind), title=title), "\n")


def _close_box(liquid: Liquid, tag: LiquidTag, source: Source) -> Parts | None:
    if tag.name.removeprefix("end") not in liquid.open_boxes[-1:]:
        return ()
    liquid.open_boxes.pop()
    return ("\n\n", *END, "\n")


_BOX_TAGS = word_set(
    "details note tip info warning danger important caution alert callout tab blockquote"
)
_TAGS: Mapping[str, TagHandler] = {
    **dict.fromkeys(_BOX_TAGS, _open_box),
    **dict.fromkeys((f"end{name}" for name in _BOX_TAGS), _close_box),
    "assign": _assign, "link": _link, "post_url": _link, "include": _include,
    "include_relative": _include, "include_cached": _include, "comment-empty": lambda *_: (),
    **dict.fromkeys(("youtube", "vimeo", "video", "gist", "tweet", "twitter"), _embed),
}  # fmt: skip
