"""Roles of MyST (`{name}`text``), labels, comments, and links whose text the site fills in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from lessons.dialects.base import Context
from lessons.dialects.bibliography import Work, read_bibliography
from lessons.dialects.syntax.citations import join_names
from lessons.dialects.syntax.code_fences import escape
from lessons.dialects.syntax.languages import get_words
from lessons.dialects.syntax.scan import (
    HIDDEN,
    mask_code,
    remove_in_prose,
    replace_in_prose,
    scan_lines,
)
from lessons.markdown.markers import SMALL_CAPS, Parts
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

ROLE = re.compile(
    r"\{(?P<name>[A-Za-z][\w:.+-]{0,60})\}`(?!`)(?P<text>(?:[^`\n]|\n(?![ \t]*\n)){1,2000})`(?!`)"
)
_TARGETED = re.compile(r"^(?P<title>.*?)[ \t\n]*<(?P<target>[^<>]*)>$", re.DOTALL)
_LABEL = re.compile(r"^[ \t]*\([^()\n]{1,200}\)=[ \t]*$\n?", re.MULTILINE)
_COMMENT = re.compile(r"^[ ]{0,3}%(?!%)[^\n]*$\n?", re.MULTILINE)
_BREAK = re.compile(r"^\+{3}(?:[ \t][^\n]*)?$\n?", re.MULTILINE)
_BLOCK_ATTRIBUTES = re.compile(r"^[ ]{0,3}\{[#.][^{}\n]{0,300}\}[ \t]*$\n?", re.MULTILINE)
_EMPTY_LINK = re.compile(
    r"(?<!!)\[\]\((?:<([^<>\n]{1,300})>|([^()\s]{1,300}))(?:[ \t]+\"[^\"\n]*\")?\)"
)
_ADDRESS = re.compile(r"<(?:project|doc|path|inv)(?::[\w.*-]+)*:([^<>\s]{1,300})>")
_STRAY_COLONS = re.compile(r"^[ \t]*:{3,}[ \t]*$\n?", re.MULTILINE)

_TITLES = word_set(
    "ref doc any term numref download pageref std:ref std:doc std:term std:numref hoverxref"
)
_CODE = word_set(
    "code command option envvar program file keyword token literal class func meth mod attr "
    "exc data obj const type samp envvar regexp mailheader makevar src py c cpp js rst"
)
_CALLED = word_set("func meth")
_ICONS = word_set(
    "fa fas fab far fa-solid octicon material-regular material-outlined material-round "
    "material-sharp material-twotone bdg-icon icon"
)
_MADE = word_set("eval glue glue:text glue:any ipython evaluate")


class RoleWriter:
    """Writes what comes in the place of roles. `resolve` finds the title of a label or page."""

    def __init__(
        self, context: Context, resolve: Callable[[str], str], equations: dict[str, int]
    ) -> None:
        self.context = context
        self.resolve = resolve
        self.equations = equations
        self.told: set[int] = set()
        self.works: dict[str, Work] | None = None  # those of the bibliography, once it is read

    def rewrite(self, source: Source) -> Source:
        """The source without roles, labels and comments."""
        for pattern in (_LABEL, _COMMENT, _BREAK, _BLOCK_ATTRIBUTES):
            source = remove_in_prose(source, pattern)
        if "}`" in source.text:
            source = source.edit(self._find_roles(source))
        source = replace_in_prose(source, _EMPTY_LINK, self._name_link)
        source = replace_in_prose(source, _ADDRESS, self._name_address)
        return remove_in_prose(source, _STRAY_COLONS)

    def _find_roles(self, source: Source) -> Iterator[Edit]:
        masked = mask_code(source.text)
        lines = "\n".join(
            line.text if line.kind == "text" else HIDDEN * len(line.text)
            for line in scan_lines(source.text)
        )
        at = 0
        while (match := ROLE.search(lines, at)) is not None:
            at = match.start() + 1
            if masked[match.start()] == "{":
                at = match.end()
                yield Edit(match.start(), at, self._write(match, source))

    def _write(self, match: re.Match[str], source: Source) -> Parts:
        name = match["name"].lower()
        short = name.rpartition(":")[2] if not name.startswith("cite") else name
        inside = source[match.start("text") : match.end("text")]
        text = " ".join(inside.text.split())
        targeted = _TARGETED.match(inside.text)
        shown = inside
        if targeted and targeted["title"].strip():
            shown = inside[0 : targeted.end("title")]
        if name.startswith(("cite", "footcite")):
            return self._cite(name, text, source)
        if short in _ICONS or short in ("exec", "download-icon"):
            return ()
        if name in _MADE:
            return self._leave_out(match, source)
        if short == "eq":
            number = self.equations.get(text)
            return (f"({number})",) if number else ("the equation",)
        if name in _TITLES or short in ("ref", "doc", "numref", "any", "prf:ref"):
            return self._refer(short, shown, targeted, text)
        if short == "math":
            return ("$", inside, "$")
        if short in _CODE:
            if text.startswith("~"):
                text = text[1:].rpartition(".")[2]
            called = "()" if short in _CALLED and not text.endswith(")") else ""
            plain = text if not targeted else " ".join(shown.text.split())
            return (f"`{plain.lstrip('!')}{called}`",)
        if short == "abbr":
            return (
                source[match.start("text") : match.start("text") + len(text.partition(" (")[0])],
            )
        if short in ("sc", "smallcaps"):
            return (SMALL_CAPS[0], inside, SMALL_CAPS[1])
        if short == "strong":
            return ("**", inside, "**")
        if short == "emphasis":
            return ("*", inside, "*")
        if short == "del":
            return ("~~", inside, "~~")
        if short == "rfc":
            return ("RFC ", shown)
        if short == "pep":
            return ("PEP ", shown)
        return (shown,)

    def _cite(self, name: str, text: str, source: Source) -> Parts:
        """A citation as pandoc writes it; one that is part of a sentence as author and year."""
        keys = [key.strip() for key in text.split(",") if re.fullmatch(r"[^{}\s]+", key.strip())]
        if not name.endswith((":t", ":ts", "citet", ":author", ":year")):
            return ("[", "; ".join(f"@{{{key}}}" for key in keys), "]") if keys else ()
        if self.works is None:
            self.works = read_bibliography(self.context, source) or {}
        words = get_words(self.context)
        named: list[str] = []
        for key in keys:
            if (work := self.works.get(key)) is None:
                continue
            names, year = join_names(work, words), work.year or words["no date"]
            short = {"author": names, "year": year}.get(name.rpartition(":")[2])
            named.append(short or f"{names} ({year})")
        return (escape(f" {words['and']} ".join(named)),) if named else ()

    def _refer(
        self,
        short: str,
        shown: Source,
        targeted: re.Match[str] | None,
        text: str,
    ) -> Parts:
        """A reference by the words that it gives, or by the title of what it points to."""
        if targeted is not None and targeted["title"].strip():
            return (source_without_number(shown),)
        target = targeted["target"] if targeted is not None else text
        if short in ("term", "download"):
            return (shown,)
        title = self.resolve(target.lstrip("~!"))
        if title:
            return (title,)
        return (escape(name_target(target)),)

    def _leave_out(self, match: re.Match[str], source: Source) -> Parts:
        place = source.find_place(match.start())
        if place.line not in self.told:
            self.told.add(place.line or 0)
            self.context.report(
                "reference-unresolved",
                "A value that is computed when the site is built is left out.",
                "Write the value itself in its place if learners need it.",
                place,
            )
        return ()

    def _name_link(self, match: re.Match[str], source: Source) -> Parts:
        target = match[1] or match[2]
        title = self.resolve(target.lstrip("#"))
        return (title or escape(name_target(target)),)

    def _name_address(self, match: re.Match[str], source: Source) -> Parts:
        return (self.resolve(match[1].lstrip("#")) or escape(name_target(match[1])),)


def source_without_number(shown: Source) -> Source:
    """The words of a reference without the place of a number (`Figure %s`)."""
    found = re.search(r"[ \t]*(?:%s|\{number\}|\{name\})", shown.text)
    return shown if found is None else shown.edit([Edit(found.start(), found.end())])


def name_target(target: str) -> str:
    """A label or path as words, where nothing tells its title."""
    bare = target.strip().lstrip("#").rstrip("/").rpartition("/")[2]
    bare = re.sub(r"\.(?:md|ipynb|rst|html)(?:#.*)?$", "", bare)
    return " ".join(re.split(r"[\s_:#-]+", bare)).strip()
