"""Pictures that pandoc sets as figures: alone in a paragraph, with their text as the caption."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessons.dialects.base import Context
from lessons.dialects.syntax.attributes import find_target_end, read_attributes
from lessons.dialects.syntax.scan import mask_code
from lessons.markdown.source import Edit, Source
from lessons.speakable.formula_text import show_formula

_BREAK = re.compile(r"<br\s{0,10}/?>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\s\"[^\"]*\")?\)|\{[^{}]*\})")
_INLINE_SIGN = re.compile(
    r"\\([^\w\s])|(?<!\w)[*_]{1,3}(?=\S)|(?<=\S)[*_]{1,3}(?!\w)|`|</?[A-Za-z][^<>]{0,100}>"
)
_FORMULA = re.compile(
    r"(?<!\\)\$\$([^$]{1,1000})\$\$|(?<![\\$])\$(?![\s$])((?:[^$\\]|\\.){1,500}?)(?<!\s)\$(?![\d$])"
    r"|\\{1,2}\((.{1,1000}?)\\{1,2}\)"
)
_TITLED = re.compile(r"""\s["'(][^\n]*["')]\s*\)$""")


def rewrite_figures(source: Source, context: Context) -> Source:
    """Give figures their caption as a title, and pictures the alternative text that their
    attributes name."""
    if "![" not in source.text:
        return source
    return source.edit(_find_figures(source))


def _find_figures(source: Source) -> Iterator[Edit]:
    masked = mask_code(source.text)
    opened: list[int] = []
    for sign in re.finditer(r"\\.|\[|\]|\n[ \t]*\n", masked):
        if sign[0] == "[":
            opened.append(sign.start())
        elif sign[0].startswith("\n"):
            opened.clear()
        elif sign[0] == "]" and opened:
            start = opened.pop()
            if start and masked[start - 1] == "!" and masked[sign.end() : sign.end() + 1] == "(":
                yield from _rewrite_figure(source, masked, start, sign.start())


def _rewrite_figure(source: Source, masked: str, start: int, end: int) -> Iterator[Edit]:
    """The edits of the picture whose text stands in the brackets at `start` and `end`."""
    target = find_target_end(masked, end + 1)
    if not target:
        return
    found = read_attributes(masked, target)
    stop = found[1] if found else target
    values = found[0].values if found else {}
    caption = source.text[start + 1 : end]
    described = values.get("fig-alt") or values.get("alt") or ""
    if described:
        described = re.sub(r"([\[\]\\`*_<$])", r"\\\1", make_plain(described))
        yield Edit(start + 1, end, (described,))
    titled = _TITLED.search(source.text[end + 1 : target])
    if caption.strip() and not titled and _is_alone(source.text, start - 1, stop):
        plain = re.sub(r'(["\\])', r"\\\1", make_plain(caption))
        yield Edit(target - 1, target - 1, (f' "{plain}"',))


def _is_alone(text: str, start: int, end: int) -> bool:
    """Whether a stretch of a text is a paragraph of its own."""
    before = text[text.rfind("\n", 0, start) + 1 : start]
    newline = text.find("\n", end)
    after = text[end : newline if newline >= 0 else len(text)]
    return not before.strip(" \t>") and not after.strip(" \t\\")


def make_plain(text: str) -> str:
    """Inline Markdown as plain text, for titles of pictures. Formulas become a line of characters,
    since these titles hold nothing else."""
    text = _LINK.sub(r"\1", " ".join(_BREAK.sub(" ", text).split()))
    made: list[str] = []
    at = 0
    for found in _FORMULA.finditer(text):
        made += [_remove_signs(text[at : found.start()]), show_formula(found[found.lastindex or 0])]
        at = found.end()
    return "".join([*made, _remove_signs(text[at:])])


def _remove_signs(text: str) -> str:
    return _INLINE_SIGN.sub(lambda sign: sign[1] or "", text)
