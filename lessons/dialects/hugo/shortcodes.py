"""The short codes of Hugo: `{{< name … >}}` and `{{% name … %}}`, alone or in pairs.

What a short code shows is told by its name where it is a usual one, and by its parameters where
they name a picture, a video or a text. What a pair encloses always stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import HiddenLines, Line, scan_lines
from lessons.markdown.markers import Parts
from lessons.markdown.source import Edit, Source

LONGEST = 4000
MOST_DEPTH = 8

_CODE = re.compile(r"\{\{([<%])(/\*)?")
_WORD = re.compile(
    r"([\w.-]+)\s*=\s*(?:\"((?:[^\"\\]|\\.)*)\"|`([^`]*)`|'([^']*)'|(\S+))"
    r"|\"((?:[^\"\\]|\\.)*)\"|`([^`]*)`|(\S+)"
)


@dataclass(frozen=True, slots=True)
class ShortCode:
    """A short code. `named` and `plain` are its parameters with and without a name."""

    start: int
    end: int
    name: str
    closing: bool
    empty: bool  # `{{< name />}}`
    markdown: bool  # with `%`
    named: Mapping[str, str]
    plain: tuple[str, ...]
    shown: bool = False  # a comment `{{</* name */>}}`, which shows the short code

    def get(self, *names: str, position: int = -1) -> str:
        """The first parameter there is of these names, or else that at a position."""
        found = next((self.named[name] for name in names if self.named.get(name)), "")
        if not found and 0 <= position < len(self.plain):
            found = self.plain[position]
        return found


def find_short_codes(text: str) -> Iterator[ShortCode]:
    """The short codes of a text, in order."""
    at = 0
    for match in _CODE.finditer(text):
        if match.start() < at:
            continue
        closing = (">" if match[1] == "<" else "%") + "}}"
        end = text.find(closing, match.end(), match.end() + LONGEST)
        if end < 0:
            continue
        at = end + 3
        inside = text[match.end() : end]
        if match[2]:
            yield ShortCode(match.start(), at, "", False, False, False, {}, (), shown=True)
            continue
        bare = inside.strip()
        closes = bare.startswith("/")
        empty = bare.endswith("/") and not closes
        bare = bare.strip("/ \t\n") if closes or empty else bare
        name, named, plain = _read_words(bare)
        yield ShortCode(
            match.start(), at, name, closes, empty, match[1] == "%", named, tuple(plain)
        )


def _read_words(text: str) -> tuple[str, dict[str, str], list[str]]:
    head = re.match(r"[^\s\"'`=]+", text)
    named: dict[str, str] = {}
    plain: list[str] = []
    for match in _WORD.finditer(text, head.end() if head else 0):
        if match[1]:
            values = match[2], match[3], match[4], match[5]
            value = next((v for v in values if v is not None), "")
            named.setdefault(match[1].lower(), value.replace('\\"', '"'))
        else:
            plain.append(next((v for v in match.groups()[5:] if v is not None), ""))
    return (head[0].lower().removesuffix(".md").removesuffix(".html") if head else ""), named, plain


@dataclass(slots=True)
class ShortCodes:
    """Rewrites the short codes of a lesson. `unknown` collects those that no handler knows."""

    context: Context
    handlers: Handlers
    unknown: list[tuple[str, int]] = field(default_factory=list)
    depth: int = 0

    def rewrite(self, source: Source) -> Source:
        if "{{<" not in source.text and "{{%" not in source.text:
            return source
        made = source.edit(self._find_edits(source, scan_lines(source.text)))
        if self.unknown and not self.depth:
            names = ", ".join(dict.fromkeys(name for name, _ in self.unknown[:20]))
            self.context.report(
                "shortcode-unknown",
                f"Short codes that are not known here are left out: {names}. What they enclose is "
                "kept.",
                "Write what they would show into the lesson, if it is needed.",
                source.find_place(self.unknown[0][1]),
                "note",
            )
        return made

    def rewrite_inside(self, content: Source) -> Source:
        """The content of a pair with its own short codes rewritten."""
        if self.depth >= MOST_DEPTH:
            return content
        inner = ShortCodes(self.context, self.handlers, self.unknown, self.depth + 1)
        return inner.rewrite(content)

    def _find_edits(self, source: Source, lines: Sequence[Line]) -> Iterator[Edit]:
        codes = list(find_short_codes(source.text))
        partners = _pair(codes)
        hidden = HiddenLines(source.text, lines)
        done = 0
        ends: dict[int, Parts] = {}
        for number, code in enumerate(codes):
            if code.start < done or (hidden.hold(code.start) and not code.shown):
                continue
            if code.shown:
                yield from _uncover(source, code, in_code=hidden.hold(code.start))
            elif code.closing:
                if number in partners:
                    yield self._place(source, code, ends.get(number, ()))
                else:
                    yield self._place(source, code, ())
            else:
                partner = partners.get(number)
                closing = codes[partner] if partner is not None else None
                opening, ending, whole = self._replace(source, code, closing)
                stop = closing.end if whole and closing is not None else code.end
                yield self._place(source, code, opening, stop)
                done = stop
                if partner is not None and ending:
                    ends[partner] = ending

    def _place(self, source: Source, code: ShortCode, parts: Parts, stop: int = 0) -> Edit:
        """The edit that puts parts in the place of a short code. Lines of their own are kept apart
        from what stands before them, and take its indentation."""
        text, stop = source.text, stop or code.end
        start = text.rfind("\n", 0, code.start) + 1
        before = text[start : code.start]
        if not parts:
            end = text.find("\n", stop)
            end = len(text) if end < 0 else end
            if not before.strip() and not text[stop:end].strip():
                return Edit(start, end)
            return Edit(code.start, stop)
        if "\n" in "".join(p if isinstance(p, str) else p.text for p in parts):
            if before.strip(" \t>"):
                return Edit(code.start, stop, ("\n\n", *parts))
            return Edit(start, stop, ("\n", before.rstrip() if ">" in before else "", *parts))
        return Edit(code.start, stop, parts)

    def _replace(
        self, source: Source, code: ShortCode, closing: ShortCode | None
    ) -> tuple[Parts, Parts, bool]:
        """What comes in the place of a short code, and of its end tag; and whether the first stands
        for all that the pair encloses."""
        for names, handler in self.handlers:
            if code.name in names or not names:
                return handler(self, source, code, closing)
        return (), (), False


def _pair(codes: list[ShortCode]) -> dict[int, int]:
    """The index of the end tag of each short code that has one, and the other way round."""
    opened: dict[str, list[int]] = {}
    pairs: dict[int, int] = {}
    for number, code in enumerate(codes):
        if code.closing and opened.get(code.name):
            begin = opened[code.name].pop()
            pairs[begin], pairs[number] = number, begin
        elif not code.closing and not code.empty and not code.shown:
            opened.setdefault(code.name, []).append(number)
    return pairs


def _uncover(source: Source, code: ShortCode, *, in_code: bool) -> Iterator[Edit]:
    """Show a short code that is written as a comment; it is code."""
    sign = "" if in_code or "`" in source.text[code.start : code.end] else "`"
    yield Edit(code.start, code.start, (sign,))
    yield Edit(code.start + 3, code.start + 5)
    end = source.text.rfind("*/", code.start + 5, code.end)
    if end > 0:
        yield Edit(end, end + 2)
    yield Edit(code.end, code.end, (sign,))


Made = tuple[Parts, Parts, bool]
Handler = Callable[[ShortCodes, Source, ShortCode, "ShortCode | None"], Made]

Handlers = Sequence[tuple[frozenset[str], Handler]]
"""Handlers by the names of the short codes; one without names takes all the rest."""
