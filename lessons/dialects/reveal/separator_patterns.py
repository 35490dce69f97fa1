"""Separators of slides that a deck gives as regular expressions of JavaScript.

A stranger's expression is not run as it is: it could take for ever. The small part of the syntax
that separators are written in is read and rewritten with bounds.
"""

from __future__ import annotations

import re

MOST_CHARACTERS = 100
_MOST_REPEATED = 4  # parts that may be repeated or have a choice; each multiplies the time
_MOST_OPTIONAL = 8  # each may double the time
_LONGEST_REPEAT = 20
_PART = re.compile(
    r"(?P<part>\\[A-Za-z]|\\.|\[\^?(?:\\.|[^\]\\])+\]|[^\\\[\](){}*+?|^$])"
    r"(?P<count>\?|\*|\+|\{\d{1,3}(?:,\d{0,3})?\})?\??"
    r"|(?P<sign>[|^$])"
    r"|\((?:\?:)?(?P<group>(?:\\.|[^()\[\]*+{}\\])+)\)(?P<optional>\??)",
    re.DOTALL,
)
_IN_GROUP = re.compile(r"(?P<part>\\.|[^|?^$\\])(?P<count>\??)|(?P<sign>\|)", re.DOTALL)
_CLASSES = {"s": r"[ \t\r\n]", "S": r"[^ \t\r\n]", "d": "[0-9]", "w": "[A-Za-z0-9_]", "t": r"\t",
            "n": r"\n", "r": r"\r", "b": r"\b"}  # fmt: skip


def translate(text: str, *, carriage_returns: bool) -> str | None:
    """The expression as one of Python that takes bounded time; None if it is not understood.

    `carriage_returns` tells that lines ended with one, for which the text now has a space.
    """
    if not text or len(text) > MOST_CHARACTERS:
        return None
    parts: list[str] = []
    at = repeated = optional = 0
    while at < len(text):
        found = _PART.match(text, at)
        if found is None:
            return None
        at = found.end()
        if found["sign"]:
            end = r"(?=[ ]?$)" if carriage_returns else "$"
            parts.append(end if found["sign"] == "$" else found["sign"])
        elif found["group"]:
            group, choices, doubts = _translate_group(found["group"], carriage_returns)
            repeated += choices
            optional += doubts + bool(found["optional"])
            if group is None or repeated > _MOST_REPEATED or optional > _MOST_OPTIONAL:
                return None
            parts.append(f"(?:{group}){found['optional']}")
        else:
            part = _translate_part(found["part"], carriage_returns=carriage_returns)
            count = _bound(found["count"] or "")
            repeated += count not in ("", "?")
            optional += count == "?"
            if part is None or repeated > _MOST_REPEATED or optional > _MOST_OPTIONAL:
                return None
            parts.append(part + count)
    made = "".join(parts)
    try:
        re.compile(made)
    except re.error:
        return None
    return made


def _translate_group(text: str, carriage_returns: bool) -> tuple[str | None, int, int]:
    """What is inside of a group, or None; how many choices and optional parts there are in it."""
    parts: list[str] = []
    at = choices = optional = 0
    while at < len(text):
        found = _IN_GROUP.match(text, at)
        if found is None:
            return None, 0, 0
        at = found.end()
        if found["sign"]:
            choices += 1
            parts.append("|")
            continue
        part = _translate_part(found["part"], carriage_returns=carriage_returns)
        if part is None:
            return None, 0, 0
        optional += bool(found["count"])
        parts.append(part + found["count"])
    return "".join(parts), choices, optional


def _translate_part(part: str, *, carriage_returns: bool) -> str | None:
    if part in ("\\r", "\r"):
        return "[ \\r]" if carriage_returns else "\\r"
    if part == ".":
        return "[^\\n]"
    if part.startswith("\\") and part[1].isalnum():
        return _CLASSES.get(part[1])
    if part.startswith("["):
        return part if "[" not in part[1:] else None
    return re.escape(part.removeprefix("\\"))


def _bound(count: str) -> str:
    if count in ("", "?"):
        return count
    if count in ("*", "+"):
        return f"{{{int(count == '+')},{_LONGEST_REPEAT}}}"
    least, comma, most = count.strip("{}").partition(",")
    if not comma:
        return f"{{{min(int(least), 100)}}}"
    return f"{{{min(int(least), 100)},{min(int(most or 100), 100)}}}"
