"""Bibliographies: who wrote what and when, as BibTeX (`.bib`) and CSL JSON or YAML files have it.

Only what a short citation needs is read: the names, the year and the title of each entry.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lessons.course.yaml_mapping import read_mapping
from lessons.dialects.base import Context, as_text
from lessons.dialects.includes import read_included
from lessons.errors import LessonError
from lessons.markdown.source import Source

MOST_ENTRIES = 20_000
_MOST_FILES = 10
_ENTRY = re.compile(r"@(?P<type>[A-Za-z]+)\s*[{(]\s*(?P<key>[^\s,{}()\"]{1,200})\s*,")
_FIELD = re.compile(
    r"(?:^|,)\s*(?P<name>author|editor|year|date|title|shorttitle|organization|institution|"
    r"publisher)\s*=\s*",
    re.IGNORECASE | re.MULTILINE,
)
_ACCENT = re.compile(r"\{?\\(?P<accent>[`'^\"~=.cvuHk])\s*\{?(?P<letter>\\?[A-Za-z])\}?\}?")
_COMBINING = {"`": "\u0300", "'": "\u0301", "^": "\u0302", '"': "\u0308", "~": "\u0303",
              "=": "\u0304", ".": "\u0307", "c": "\u0327", "v": "\u030c", "u": "\u0306",
              "H": "\u030b", "k": "\u0328"}  # fmt: skip
_LETTERS = {r"\ss": "ß", r"\o": "ø", r"\O": "Ø", r"\aa": "å", r"\AA": "Å", r"\ae": "æ",
            r"\AE": "Æ", r"\l": "ł", r"\L": "Ł", r"\i": "i", r"\&": "&"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """A work that is cited: the family names of its authors, its year and its title."""

    authors: tuple[str, ...]
    year: str = ""
    title: str = ""


def read_bibliography(context: Context, source: Source) -> dict[str, Work] | None:
    """The works of all bibliographies that the lesson and its project name, by their keys; None if
    they name none that can be read."""
    front = context.front
    named = front.get("bibliography")
    if isinstance(named, Mapping):
        named = list(named.values())
    names = [as_text(name) for name in (named if isinstance(named, list) else [named])]
    if context.project is not None:
        names += context.project.bibliography
    works: dict[str, Work] = {}
    found = False
    if not any(names) and not isinstance(front.get("references"), list):
        names = _find_files(context)
    for name in list(dict.fromkeys(filter(None, names)))[:_MOST_FILES]:
        file = read_included(context, name, source.find_place(0))
        if file is not None:
            found = True
            works.update(read_works(name, file.text))
    references = front.get("references")
    if isinstance(references, list):
        found = True
        works.update(_read_csl(references))
    return works if found else None


def _find_files(context: Context) -> list[str]:
    """The bibliographies beside a lesson, or in the folder of the course, if there are few: the
    command that runs the tool often names them, and not the lesson."""
    for folder in (context.folder, context.root):
        try:
            found = sorted(path.name for path in folder.glob("*.bib"))
        except OSError:
            continue
        if 0 < len(found) <= 3:
            return found
    return []


def read_works(name: str, text: str) -> dict[str, Work]:
    """The works in a file; nothing of one that cannot be read."""
    suffix = name.rpartition(".")[2].lower()
    try:
        if suffix == "json":
            return _read_csl(json.loads(text))
        if suffix in ("yaml", "yml"):
            values = read_mapping(text, path=name, error=LessonError, keep_problems=True).values
            return _read_csl(values.get("references"))
    except (ValueError, RecursionError, LessonError):
        return {}
    return _read_bibtex(text)


def _read_bibtex(text: str) -> dict[str, Work]:
    works: dict[str, Work] = {}
    entries = list(_ENTRY.finditer(text))[:MOST_ENTRIES]
    for number, entry in enumerate(entries):
        end = entries[number + 1].start() if number + 1 < len(entries) else len(text)
        fields = dict(_read_fields(text[entry.end() : min(end, entry.end() + 20_000)]))
        names = fields.get("author") or fields.get("editor") or ""
        authors = tuple(
            _find_family(name) for name in re.split(r"\s+and\s+", names) if name.strip()
        )
        if not authors:
            for key in ("organization", "institution", "publisher"):
                if fields.get(key):
                    authors = (_clean(fields[key]),)
                    break
        year = re.search(r"\d{4}", fields.get("year") or fields.get("date") or "")
        title = _clean(fields.get("shorttitle") or fields.get("title") or "")
        works.setdefault(entry["key"], Work(authors, year[0] if year else "", title))
    return works


def _read_fields(text: str) -> Iterator[tuple[str, str]]:
    """The fields of an entry; `text` begins behind its key."""
    for field in _FIELD.finditer(text):
        value = _read_value(text, field.end())
        yield field["name"].lower(), value


def _read_value(text: str, at: int) -> str:
    opening = text[at : at + 1]
    if opening not in ("{", '"'):
        bare = re.compile(r"[^,\s}]{1,100}").match(text, at)
        return bare[0] if bare else ""
    depth = 0
    for position in range(at, min(at + 4000, len(text))):
        char = text[position]
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
        closed = (
            depth == 0 and char == "}"
            if opening == "{"
            else (char == '"' and position > at and depth == 0)
        )
        if closed:
            return text[at + 1 : position]
    return ""


def _find_family(name: str) -> str:
    """The family name of a person as BibTeX writes it: "Family, Given" or "Given Family"."""
    name = " ".join(name.split())
    if name.startswith("{") and name.endswith("}"):
        return _clean(name)
    if "," in name:
        return _clean(name.partition(",")[0])
    words = name.split()
    particles = next(
        (n for n, word in enumerate(words[:-1]) if n and word[:1].islower()), len(words) - 1
    )
    return _clean(" ".join(words[particles:]))


def _clean(text: str) -> str:
    """Text without the commands and braces of LaTeX."""

    def accent(match: re.Match[str]) -> str:
        return match["letter"].lstrip("\\") + _COMBINING[match["accent"]]

    for command, letter in _LETTERS.items():
        text = re.sub(re.escape(command) + r"(?![A-Za-z])\s?(?:\{\})?", letter, text)
    text = unicodedata.normalize("NFC", _ACCENT.sub(accent, text))
    text = re.sub(r"\\[A-Za-z]+\s*", "", text)
    return " ".join(re.sub(r"[{}\\*`_\[\]$]", "", text).replace("~", " ").split())


def _read_csl(entries: object) -> dict[str, Work]:
    """The works in a list as the Citation Style Language has it."""
    works: dict[str, Work] = {}
    if not isinstance(entries, list):
        return works
    for entry in entries[:MOST_ENTRIES]:
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str | int):
            continue
        people = entry.get("author") or entry.get("editor")
        authors = tuple(
            filter(None, map(_find_csl_name, people if isinstance(people, list) else []))
        )
        works[str(entry["id"])] = Work(
            authors, _find_csl_year(entry.get("issued")), _clean(as_text(entry.get("title")))
        )
    return works


def _find_csl_name(person: object) -> str:
    if not isinstance(person, Mapping):
        return as_text(person)
    return _clean(as_text(person.get("family")) or as_text(person.get("literal")))


def _find_csl_year(issued: object) -> str:
    if isinstance(issued, Mapping):
        parts = issued.get("date-parts") or issued.get("year") or issued.get("raw")
        while isinstance(parts, list) and parts:
            parts = parts[0]
        issued = parts
    elif isinstance(issued, list) and issued and isinstance(issued[0], Mapping):
        issued = issued[0].get("year")
    year = re.search(r"\d{4}", as_text(issued))
    return year[0] if year else ""
