"""MDX: Markdown with JSX. Modules and expressions vanish, components become what they show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lessons.box_kinds import find_kind
from lessons.dialects.base import Context
from lessons.dialects.syntax.code_fences import make_code
from lessons.dialects.syntax.embeds import escape_inline, make_placeholder, name_embedded
from lessons.dialects.syntax.html_tags import HTML, HtmlTag, find_tags
from lessons.dialects.syntax.scan import Line, mask_code, scan_lines
from lessons.markdown.code_lines import read_line_marks
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

LONGEST = 5000
"""Characters of an expression in braces; one that is longer is text."""

_MODULE = re.compile(
    r"^(?:import\s+(?:[\w*{][^\n]*\sfrom\s*[\"']|[\"'][^\n]*[\"'];?\s*$|\{[^}\n]*$)"
    r"|export\s+(?:(?:const|let|var|function|default|async|class)\s|[{*]))"
)
_TEXT = re.compile(r"\{\s*(?:\"([^\"\n{}]*)\"|'([^'\n{}]*)'|`([^`{}$]*)`)\s*\}")
_COMMENT = re.compile(r"\{\s*/\*")
_NAME = re.compile(r"</?([A-Za-z][\w.]*)")
_REQUIRED = re.compile(
    r"=\{\s*(?:require\(\s*)?(?:useBaseUrl\(\s*)?[\"'`]([^\"'`\n{}$]{1,500})[\"'`]\s*\)?\s*\)?"
    r"(?:\.default)?\s*\}"
)
_DIVISION = re.compile(r"^[ \t>]*:{3,}[ \t]*[\w-]+(\[)([^\n]*)\][ \t]*(?:\{[^{}\n]*\})?[ \t]*$")
_TABS = word_set("tabitem tab tabpanel tab.item codetab")
_BOXES = word_set("admonition callout alert note tip info warning danger caution important aside "
                  "message hint")  # fmt: skip
_FOLDED = word_set("details accordion accordionitem collapsible expandable collapse spoiler "
                   "accordionpanel toggle")  # fmt: skip
_CODE = word_set("codeblock code.block")
_VIDEOS = word_set("youtube video reactplayer player liteyoutubeembed youtubeembed vimeo iframe "
                   "youtubevideo videoplayer muxplayer")  # fmt: skip
_TITLES = ("label", "title", "name", "header", "heading", "summary", "value")
_STEPS = word_set("step card cardtitle")


def rewrite_mdx(source: Source, context: Context) -> Source:
    """Rewrite what MDX adds to Markdown; HTML elements are left to `rewrite_html`."""
    source = _remove_modules(source)
    source = _rewrite_values(source)
    source = _rewrite_braces(source)
    source = _dedent(source)
    source = _rewrite_components(source, context)
    return _strip_titles(source)


def _remove_modules(source: Source) -> Source:
    """Take out imports and exports: from their line up to a blank line or the end of the
    statement."""
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        above = lines[number - 1].text if number else ""
        begins = line.kind == "text" and _MODULE.match(line.text)
        if not begins or (above.strip() and not edits):
            number += 1
            continue
        if above.strip() and (not edits or edits[-1].end < line.start):
            number += 1
            continue
        last = _find_statement_end(lines, number)
        edits.append(Edit(line.start, min(lines[last].end + 1, len(source))))
        number = last + 1
    return source.edit(edits)


def _find_statement_end(lines: Sequence[Line], number: int) -> int:
    """The last line of a statement: where its brackets are closed."""
    depth = 0
    for last in range(number, min(number + 60, len(lines))):
        text = lines[last].text
        depth += sum(text.count(sign) for sign in "({[") - sum(text.count(sign) for sign in ")}]")
        following = lines[last + 1].text if last + 1 < len(lines) else ""
        if depth <= 0 and (not following.strip() or text.rstrip().endswith((";", "}", "'", '"'))):
            return last
    return number


def _rewrite_values(source: Source) -> Source:
    """Give attributes whose value is a plain text in braces that text: `src={require('x')}`."""
    if "={" not in source.text:
        return source
    return source.edit(
        Edit(m.start(), m.end(), ('="', source[m.start(1) : m.end(1)], '"'))
        for m in _REQUIRED.finditer(mask_code(source.text))
    )


def _rewrite_braces(source: Source) -> Source:
    """Take out comments and expressions; plain texts stay."""
    if "{" not in source.text:
        return source
    masked = mask_code(source.text)
    return source.edit(_find_braces(source, masked))


def _find_braces(source: Source, masked: str) -> Iterator[Edit]:
    text = source.text
    at = masked.find("{")
    while at >= 0:
        following = at + 1
        end = _find_closing(text, at)
        if end is not None and not (at and text[at - 1] == "\\"):
            following = end
            before = text[max(at - 1, 0) : at]
            plain = _TEXT.fullmatch(text, at, end)
            if before == "=":
                name = re.search(r"[\w-]*$", text[max(at - 60, 0) : at - 1])
                yield Edit(at - 1 - (len(name[0]) if name else 0), end)
            elif plain:
                group = next(g for g in (1, 2, 3) if plain[g] is not None)
                yield Edit(at, end, (source[plain.start(group) : plain.end(group)],))
            elif text.startswith(("{#", "{:", "{{"), at) and "\n" not in text[at:end]:
                if re.match(r"\{#[\w-]+\}", text[at:end]):
                    yield Edit(at - (before == " "), end)
            else:
                yield Edit(at, end)
        at = masked.find("{", following)


def _find_closing(text: str, at: int) -> int | None:
    """The offset behind the brace that closes the one at `at`."""
    if _COMMENT.match(text, at):
        end = text.find("*/", at, at + LONGEST)
        close = text.find("}", end, end + 20) if end >= 0 else -1
        return close + 1 if close >= 0 else None
    depth = 0
    for sign in re.finditer(r"[{}]|\n[ \t]*\n", text[at : at + LONGEST]):
        if sign[0] == "{":
            depth += 1
            if depth > 30:
                return None
        elif sign[0] == "}":
            depth -= 1
            if depth == 0:
                return at + sign.end()
        elif depth < 2 and text[at - 1 : at] != "=":
            return None
    return None


def _find_components(source: Source) -> list[HtmlTag]:
    return list(find_tags(source.text, mask_code(source.text)))


def _dedent(source: Source) -> Source:
    """Move what is inside of components to the left: MDX knows no code by indentation."""
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    removed: list[tuple[int, int]] = []  # of each open component: its indentation, what is removed
    in_list = False
    fence = 0
    for line in lines:
        bare = line.text.lstrip(" \t")
        indent = len(line.text) - len(bare)
        if line.kind == "comment" or not bare:
            continue
        closing = _NAME.match(bare) if bare.startswith("</") else None
        if closing and removed and line.kind == "text":
            removed.pop()
        extra = removed[-1][1] if removed else 0
        if removed and extra < 0:  # the first line inside tells the indentation
            extra = min(indent, removed[-1][0] + 8) if not in_list else 0
            removed[-1] = (removed[-1][0], extra)
        if line.kind == "fence" and not fence:
            fence = indent if removed and indent > 3 and not in_list else extra
            fence = max(fence, 0)
        cut = fence if line.kind in ("fence", "code") else extra
        if line.kind == "text":
            fence = 0
            in_list = bool(re.match(r"[-*+][ ]|\d+[.)][ ]", bare)) or (in_list and indent > extra)
        if cut and indent:
            edits.append(Edit(line.start, line.start + min(cut, indent)))
        if line.kind == "text" and _opens(bare) and len(removed) < 60:
            removed.append((indent, -1))
    return source.edit(edits)


def _opens(bare: str) -> bool:
    """Whether a line holds a start tag alone, whose end tag is to come."""
    if not bare.startswith("<") or not (name := _NAME.match(bare)) or bare.startswith("</"):
        return False
    end = bare.rstrip()
    return (
        end.endswith(">")
        and not end.endswith("/>")
        and f"</{name[1]}" not in bare
        and (name[1].lower() not in ("br", "hr", "img", "input", "meta", "link", "source"))
    )


def _rewrite_components(source: Source, context: Context) -> Source:
    tags = [tag for tag in _find_components(source) if _is_component(tag)]
    pairs: dict[int, int] = {}
    opened: dict[str, list[int]] = {}
    for number, tag in enumerate(tags):
        if tag.closing and opened.get(tag.name):
            pairs[opened[tag.name].pop()] = number
        elif not tag.closing and not tag.empty:
            opened.setdefault(tag.name, []).append(number)
    edits: list[Edit] = []
    ends: dict[int, Parts] = {}
    done = 0
    for number, tag in enumerate(tags):
        if tag.start < done:
            continue
        if tag.closing:
            if number in ends:
                edits.append(Edit(tag.start, tag.end, ends[number]))
            continue
        partner = tags[pairs[number]] if number in pairs else None
        made = _replace(source, context, tag, partner)
        if made is None:
            continue
        parts, ending, whole = made
        done = partner.end if whole and partner is not None else tag.end
        edits.append(Edit(tag.start, done, parts))
        if partner is not None and ending:
            ends[pairs[number]] = ending
    return source.edit(edits)


def _is_component(tag: HtmlTag) -> bool:
    written = tag.text[2:3] if tag.closing else tag.text[1:2]
    return written.isupper() or (tag.name not in HTML and not tag.spoken)


def _replace(
    source: Source, context: Context, tag: HtmlTag, partner: HtmlTag | None
) -> tuple[Parts, Parts, bool] | None:
    """What comes in the place of a component and of its end tag; None to let its tags vanish."""
    values = tag.read_attributes()
    title = next((values[name] for name in _TITLES if values.get(name)), "")
    if tag.name in _VIDEOS:
        target = (
            values.get("src")
            or values.get("url")
            or values.get("id")
            or (values.get("videoid") or values.get("youtubeid", ""))
        )
        kind, name = name_embedded(target, values.get("title", ""), "Video")
        return ("\n\n", *make_placeholder(context, source, tag.start, kind, name)), (), True
    if partner is None:
        shown = values.get("title") or values.get("text") or values.get("label", "")
        return (escape_inline(shown),) if shown and " " in shown else (), (), False
    if tag.name in _TABS:
        return _box("plain", title)
    if tag.name in _BOXES:
        kind = find_kind(values.get("type") or values.get("kind") or tag.name)
        return _box(kind, values.get("title", ""))
    if tag.name in _FOLDED:
        return _box("details", title)
    if tag.name in _CODE:
        code = source[tag.end : partner.start]
        bare = code.text.strip().strip("`").strip("\n")
        begin = code.text.find(bare) if bare else 0
        numbered = " showLineNumbers" if "showlinenumbers" in tag.read_attributes() else ""
        marks = read_line_marks(values.get("metastring", "") + numbered)
        info = values.get("language", "") + marks.write()
        fence = make_code(code[begin : begin + len(bare)], info, source, tag.start)
        return ("\n\n", fence, "\n"), (), True
    if tag.name in _STEPS and values.get("title"):
        return (f"\n\n**{escape_inline(values['title'])}**\n\n",), ("\n",), False
    return None


def _box(kind: str, title: str) -> tuple[Parts, Parts, bool]:
    opening = make_marker("box", kind, title=escape_inline(title))
    return ("\n\n", *opening, "\n"), ("\n\n", *END, "\n"), False


def _strip_titles(source: Source) -> Source:
    """Write `:::tip[Title]` as `:::tip Title`."""
    edits: list[Edit] = []
    for line in scan_lines(source.text):
        if line.kind != "text" or ":::" not in line.text:
            continue
        titled = _DIVISION.match(line.text)
        if titled is not None:
            start = line.start + titled.start(1)
            edits.append(Edit(start, start + 1, (" ",)))
            edits.append(Edit(line.start + titled.end(2), line.end))
    return source.edit(edits)
