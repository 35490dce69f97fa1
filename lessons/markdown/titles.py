"""Titles that metadata gives: as plain text, without the markup that tools allow in them."""

from __future__ import annotations

import html
import re

_BREAK = re.compile(r"<br\s{0,10}/?>", re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:a|abbr|b|big|center|code|em|font|i|img|kbd|mark|p|q|s|small|span|strong|sub|sup|u)\b"
    r"(?:\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")
_PAIRS = (
    re.compile(r"(?<!`)(`{1,2})([^`]{1,300})\1(?!`)"),
    re.compile(r"(?<![\w*\\])(\*{1,3})(?=[^\s*])([^*]{1,300})(?<=[^\s*])\1(?![\w*])"),
    re.compile(r"(?<![\w\\])(_)(?=[^\W_])([^_]{1,300})(?<=[^\W_])\1(?!\w)"),
)


def make_plain_title(text: str) -> str:
    """A title without tags of HTML, character references, and marks of code and emphasis."""
    text = _TAG.sub("", _BREAK.sub(" ", text))
    for pair in _PAIRS:
        text = pair.sub(r"\2", text)
    return " ".join(_ENTITY.sub(lambda match: html.unescape(match[0]), text).split())
