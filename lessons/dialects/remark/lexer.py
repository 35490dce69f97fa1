"""The tokens of remark's Markdown: what separates slides and notes, classes, and macros.

It follows remark's own lexer (gnab/remark 0.15, `src/remark/lexer.js`), in which code hides
separators, and `.class[…]` ends at the bracket that balances it, wherever that is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["separator", "notes", "class", "end", "macro"]

_CODE = r"(?P<code>(?: {4}[^\n]+\n*)+)"
_INLINE = r"(?P<inline>`[^`][^\n]*?`)"
_CLASS = r"(?P<class>\\?(?P<names>(?:\.[a-zA-Z_-][a-zA-Z0-9_-]{0,80}){1,20})\[)"
_FENCE = r"(?P<fence> *(?P<run>`{3,}|~{3,}) *(?:[^\s]{1,200})?(?: narrate-[^\s]{1,600}){0,2} *\n)"
_MACRO = (
    r"(?P<macro>!\[:(?P<name>[^\] \n]{1,60})(?P<args>[^\]\n]{0,300})\]"
    r"(?:\((?P<target>[^)\n]{0,500})\))?)"
)
_SEPARATOR = r"(?:(?P<separator>---|<!--\s{0,20}break\s{0,20}-->)(?:\n|\Z))"
_STEP = r"(?P<step>--)(?![^\n])"
_NOTES = r"(?P<notes>\?{3})(?:\n|\Z)"


def _build(before_code: str, before: str, *, inline: bool) -> re.Pattern[str]:
    parts = [before_code + _CODE, _INLINE, _CLASS, before + _FENCE, _MACRO]
    if not inline:
        parts += [before + _SEPARATOR, before + _STEP, before + _NOTES]
    return re.compile("|".join(f"(?:{part})" for part in parts))


# Where the rest of the text begins, what needs a line of its own needs no line end before it.
_HERE = {inline: _build(r"(?:|\n\n)", r"\n?", inline=inline) for inline in (False, True)}
_LATER = {inline: _build(r"\n\n", r"\n", inline=inline) for inline in (False, True)}
_CLOSING = re.compile(r"(?P<run>`{3,}|~{3,}) *(?:\n+|\Z)")
_DIVIDERS: tuple[tuple[str, TokenKind], ...] = (
    ("separator", "separator"),
    ("step", "separator"),
    ("notes", "notes"),
)
_LONGEST_RUN = 12  # longer runs of fence characters are not told apart


@dataclass(frozen=True, slots=True)
class Token:
    """What stands from `start` to `end`. A class's token is what opens it, and `close` the offset
    of the bracket that closes it; `block` says that there is a line end between them."""

    kind: TokenKind
    start: int
    end: int
    text: str = ""
    classes: tuple[str, ...] = ()
    close: int = 0
    block: bool = False
    args: str = ""
    target: str = ""


def tokenize(text: str, *, inline: bool = False) -> list[Token]:
    """The tokens of a text in order. With `inline`, nothing separates slides or notes."""
    return list(_Lexer(text).read(inline))


class _Lexer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.brackets = _match_brackets(text)
        self.line_ends = [match.start() for match in re.finditer("\n", text)]
        self.closings: dict[tuple[str, int], list[int]] = {}
        for match in _CLOSING.finditer(text):
            run = match["run"]
            for length in range(3, min(len(run), _LONGEST_RUN) + 1):
                self.closings.setdefault((run[0], length), []).append(match.end() - len(match[0]))

    def read(self, inline: bool) -> Iterator[Token]:
        at, stops = 0, [len(self.text)]
        while stops:
            stop = stops[-1]
            found = self._find(at, stop, inline or len(stops) > 1)
            if found is None:
                stops.pop()
                if stops:
                    yield Token("end", stop, stop + 1)
                at = stop + 1
                continue
            match, end = found
            at = end
            if match["class"] is not None:
                close = self.brackets.get(match.end() - 1)
                if close is None or close > stop:
                    continue
                start = match.start("class")
                if match["class"].startswith("\\"):
                    at = close + 1
                    continue
                names = tuple(match["names"][1:].split("."))
                position = bisect_left(self.line_ends, match.end())
                block = position < len(self.line_ends) and self.line_ends[position] < close
                yield Token("class", start, match.end(), "", names, close, block)
                stops.append(close)
            elif match["macro"] is not None:
                args, target = match["args"] or "", match["target"] or ""
                yield Token(
                    "macro", match.start("macro"), end, match["name"], (), 0, False, args, target
                )
            elif not (inline or len(stops) > 1):
                for name, kind in _DIVIDERS:
                    if match[name] is not None:
                        yield Token(kind, match.start(), end, match[name])

    def _find(self, at: int, stop: int, inline: bool) -> tuple[re.Match[str], int] | None:
        """The next match from `at` to `stop`, and where it ends."""
        here, later = _HERE[inline], _LATER[inline]
        match = here.match(self.text, at, stop)
        search = at
        while True:
            if match is None:
                match = later.search(self.text, search, stop)
            if match is None:
                return None
            if match["fence"] is None:
                return match, match.end()
            end = self._find_fence_end(match, stop)
            if end is not None:
                return match, end
            search = match.start("run") + (match.start() == match.start("run"))
            match = None

    def _find_fence_end(self, match: re.Match[str], stop: int) -> int | None:
        run = match["run"]
        runs = self.closings.get((run[0], min(len(run), _LONGEST_RUN)), [])
        position = bisect_left(runs, match.end() + 1)
        if position >= len(runs):
            return None
        closing = _CLOSING.match(self.text, runs[position], stop)
        return closing.end() if closing is not None and closing.end() <= stop else None


def _match_brackets(text: str) -> dict[int, int]:
    """For each opening bracket that is balanced, the offset of the one that closes it."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for match in re.finditer(r"[\[\]]", text):
        if match[0] == "[":
            opened.append(match.start())
        elif opened:
            pairs[opened.pop()] = match.start()
    return pairs
