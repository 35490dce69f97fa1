"""Citations (`[@key, p. 3]`, `@key`): they read as the author and the year.

Without a bibliography, a citation in brackets is taken out: its key says nothing to a listener.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lessons.dialects.base import Context
from lessons.dialects.bibliography import Work, read_bibliography
from lessons.dialects.syntax.languages import get_words
from lessons.dialects.syntax.scan import mask_code
from lessons.markdown.source import Edit, Source

_KEY = r"@(?:\{(?P<braced>[^{}\s]{1,200})\}|(?P<key>\w(?:[\w:.#$%&+?~/-]{0,150}[\w/])?))"
_CITED = re.compile(rf"(?<![\w@\\/])(?<!\]\()(?P<minus>-?){_KEY}")
_GROUP = re.compile(
    r"(?<![\\\]!])\[(?P<inside>[^\[\]\n]{0,1000}(?:\n[^\[\]\n]{1,1000}){0,5})\](?![(:{])"
)
_LOCATOR = re.compile(r"[ ]\[(?P<locator>[^\[\]\n@]{1,100})\](?![(:{])")


def rewrite_citations(source: Source, context: Context) -> Source:
    """Write citations as author and year, or take them out if the work is not known."""
    if "@" not in source.text:
        return source
    masked = mask_code(source.text)
    if not _CITED.search(masked):
        return source
    works = read_bibliography(context, source)
    rewriter = _Rewriter(source, masked, works, get_words(context))
    edits = list(rewriter.rewrite())
    if rewriter.missing is not None:
        known = works is not None
        context.report(
            "citation-unresolved",
            f"The work {rewriter.missing[1]!r} is not in the bibliography, so it is not cited here."
            if known
            else "The lesson cites works, but has no bibliography, so its citations are left out.",
            "Add the work to the bibliography, or correct its key."
            if known
            else "Name the file in the front matter, such as bibliography: works.bib.",
            source.find_place(rewriter.missing[0]),
            "note",
        )
    return source.edit(edits)


@dataclass(slots=True)
class _Rewriter:
    source: Source
    masked: str
    works: Mapping[str, Work] | None
    words: Mapping[str, str]
    missing: tuple[int, str] | None = None  # the first key that is not known
    done: int = 0  # what is before this offset has been rewritten
    groups: list[tuple[int, int]] = field(default_factory=list)

    def rewrite(self) -> Iterator[Edit]:
        for group in _GROUP.finditer(self.masked):
            if "@" in group["inside"] and _CITED.search(group["inside"]):
                text = self._rewrite_group(group["inside"], group.start())
                start = group.start()
                if not text and self.masked[start - 1 : start] in (" ", "\n") and start:
                    start -= 1
                self.groups.append((start, group.end()))
                yield Edit(start, group.end(), (text,) if text else ())
        if self.works is not None:
            yield from self._rewrite_prose()

    def _find(self, key: str, at: int) -> Work | None:
        work = self.works.get(key) if self.works else None
        if work is None and self.missing is None:
            self.missing = (at, key)
        return work

    def _rewrite_group(self, inside: str, at: int) -> str:
        """What stands in the place of `[…]`; nothing if none of its works is known."""
        cited: list[str] = []
        for part in inside.replace("\n", " ").split(";"):
            found = _CITED.search(part)
            if found is None:
                continue
            work = self._find(found["braced"] or found["key"], at)
            if work is None:
                continue
            prefix, suffix = part[: found.start()].strip(), part[found.end() :].rstrip()
            text = name_work(work, self.words, with_names=not found["minus"])
            suffix = re.sub(r"\{([^{}]*)\}", r"\1", suffix)
            if suffix and not suffix.startswith((",", " ")):
                suffix = " " + suffix
            cited.append(f"{prefix} {text}{suffix}".strip())
        return f"({'; '.join(cited)})" if cited else ""

    def _rewrite_prose(self) -> Iterator[Edit]:
        """Citations in running text: `@key says`, `@key [p. 3] says`."""
        position = 0
        for found in _CITED.finditer(self.masked):
            while position < len(self.groups) and self.groups[position][1] <= found.start():
                position += 1
            if position < len(self.groups) and self.groups[position][0] <= found.start():
                continue
            key = found["braced"] or found["key"]
            work = self.works.get(key) if self.works else None
            if work is None:
                continue  # it may be the name of an account
            end = found.end()
            locator = _LOCATOR.match(self.masked, end)
            more = f", {locator['locator']}" if locator else ""
            if locator:
                end = locator.end()
            names = join_names(work, self.words)
            yield Edit(
                found.start(), end, (f"{names} ({work.year or self.words['no date']}{more})",)
            )


def join_names(work: Work, words: Mapping[str, str]) -> str:
    """The names of the authors: up to two of them, else the first one "and others"."""
    names = [name for name in work.authors if name.lower() != "others"]
    if not names:
        return f"“{work.title}”" if work.title else words["unknown"]
    if len(work.authors) > 2 or len(names) < len(work.authors):
        return f"{names[0]} {words['others']}"
    return f" {words['and']} ".join(names)


def name_work(work: Work, words: Mapping[str, str], *, with_names: bool = True) -> str:
    year = work.year or words["no date"]
    return f"{join_names(work, words)}, {year}" if with_names else year
