r"""Cross-references of Quarto (`@fig-x`), bookdown (`\@ref(fig:x)`) and pandoc-crossref (`@fig:x`).

What is referred to is numbered as the tools number it, and a reference reads as "Figure 2". A
section without a number is named by its title. Labels are taken out elsewhere: those in braces are
attributes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from lessons.course.text_files import read_text
from lessons.dialects.base import Context, as_text
from lessons.dialects.syntax.attributes import strip_braces
from lessons.dialects.syntax.code_cells import find_cells
from lessons.dialects.syntax.languages import get_words
from lessons.dialects.syntax.scan import Line, mask_code, scan_lines
from lessons.errors import LessonError
from lessons.markdown.front_matter import read_front_matter
from lessons.markdown.outline import clean_text
from lessons.markdown.source import Edit, Source

_KINDS = r"fig|tbl|eq|sec|lst|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|cha"
_NAME = r"[A-Za-z0-9][\w:./-]{0,100}?"
_BRACES = re.compile(rf"\{{#(?P<id>(?:{_KINDS})[-:]{_NAME})(?=[\s}}])[^{{}}\n]{{0,500}}\}}")
_HEADING = re.compile(r"^ {0,3}(?P<signs>#{1,6})[ \t]+(?P<text>\S(?:.*\S)?)[ \t]*$")
_EQUATION = re.compile(r"\(\\#(?P<id>eq:[\w:.-]{1,100})\)|\\label\{(?P<label>[\w:.-]{1,100})\}")
_CAPTIONED = re.compile(r"\(\\#(?P<id>(?:tab|fig):[\w:.-]{1,100})\)")
_REFERENCE = re.compile(
    rf"(?<![\w@\\/])(?P<minus>-?)@(?P<id>(?P<kind>{_KINDS}|(?:Fig|Tbl|Eq|Sec|Lst|Thm))"
    rf"(?P<sign>[-:])[\w](?:[\w:.-]{{0,100}}\w)?)"
)
_LARGEST_BOOK = 20_000_000  # characters of all chapters
_MOST_CHAPTERS = 300
_GROUP = re.compile(
    rf"\[(?P<inside>[^\[\]\n]{{0,300}}@(?:{_KINDS})[-:][^\[\]\n]{{0,300}})\](?![({{:])"
)
_BOOKDOWN = re.compile(r"\\@ref\((?P<id>[\w:.-]{1,100})\)")
_TABLED = re.compile(r"\b(?:kable|kbl)\s*\(.*?caption\s*=", re.DOTALL)


@dataclass(slots=True)
class Targets:
    """What can be referred to: numbers and titles by their ids.

    In a book, chapters and sections are `numbered`, and figures are numbered in each chapter.
    """

    numbered: bool = False
    numbers: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    chapter: int = 0
    sections: list[int] = field(default_factory=list)

    def add(self, identifier: str) -> None:
        """Number one more of the kind that the beginning of the id names."""
        kind = re.split(r"[-:]", identifier)[0]
        if identifier in self.numbers or kind in ("sec", "cha"):
            return
        self.counts[kind] = self.counts.get(kind, 0) + 1
        number = str(self.counts[kind])
        self.numbers[identifier] = f"{self.chapter}.{number}" if self.chapter else number

    def add_heading(self, level: int, names: Iterable[str], title: str, *, numbered: bool) -> None:
        number = ""
        if self.numbered and level == 1:
            self.counts, self.sections = {}, []
            self.chapter += numbered
            number = str(self.chapter) if numbered else ""
        elif self.numbered and numbered and self.chapter:
            depth = level - 1
            self.sections = [*self.sections, *[0] * depth][:depth]
            self.sections[-1] += 1
            number = ".".join(map(str, [self.chapter, *self.sections]))
        for name in names:
            if name not in self.titles:
                self.titles[name] = title
                if number:
                    self.numbers[name] = number


def find_targets(lines: Sequence[Line], targets: Targets | None = None) -> Targets:
    """The targets of a text, in the order in which they are numbered."""
    targets = targets or Targets()
    cells = {cell.first: cell for cell in find_cells(lines)}
    for line in lines:
        if line.number in cells:
            cell = cells[line.number]
            label = cell.label
            if re.match(rf"(?:{_KINDS})[-:]", label):
                targets.add(label)
            elif label and "fig-cap" in cell.options:
                targets.add(f"fig:{label}")
            elif label:
                code = "\n".join(x.text for x in lines[cell.code : min(cell.last, cell.code + 60)])
                if "caption" in code and _TABLED.search(code):
                    targets.add(f"tab:{label}")
        elif line.kind in ("text", "math", "fence"):
            _read_line(line, targets)
    return targets


def _read_line(line: Line, targets: Targets) -> None:
    text = line.text
    if "{" in text or "\\" in text:
        for found in _BRACES.finditer(text):
            targets.add(found["id"])
        for found in _EQUATION.finditer(text):
            targets.add(found["id"] or "eq:" + found["label"].removeprefix("eq:"))
        for found in _CAPTIONED.finditer(text):
            targets.add(found["id"])
    heading = _HEADING.match(text) if line.kind == "text" else None
    if heading is None:
        return
    bare, attributes = strip_braces(heading["text"])
    plain = re.sub(r"!?\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})?", r"\1", bare)
    plain = re.sub(r"[*`]|\\(?=[#*_`])", "", plain).strip()
    if plain.startswith(("(PART", "(APPENDIX")):
        return
    names = {attributes.identifier, make_identifier(plain)} - {""}
    numbered = "unnumbered" not in attributes.classes
    targets.add_heading(len(heading["signs"]), names, plain, numbered=numbered)


@lru_cache(maxsize=4)
def _read_book(root: Path, files: tuple[tuple[str, int], ...]) -> Targets:
    """The targets of all chapters. `files` are their paths, and when they were changed."""
    targets = Targets(numbered=True)
    size = 0
    for name, _ in files:
        try:
            text = read_text(root / name, name, LessonError)
        except LessonError:
            continue
        size += len(text)
        if size > _LARGEST_BOOK:
            break
        front = read_front_matter(clean_text(text), name)
        title = as_text(front.values.values.get("title"))
        if title and not name.lower().endswith("index.rmd"):
            targets.add_heading(1, (), title, numbered=True)
        find_targets(scan_lines(clean_text(text)[front.end :]), targets)
    return targets


def _find_book(context: Context) -> Targets | None:
    """The targets of the book in which the lesson is a chapter; None if it is not in a book."""
    project = context.project
    if project is None or not project.numbered or len(project.lessons) < 2:
        return None
    files: list[tuple[str, int]] = []
    home = project.root.resolve()
    for name in project.lessons[:_MOST_CHAPTERS]:
        try:
            path = (project.root / name).resolve()
            if path.is_relative_to(home) and path.suffix.lower() != ".ipynb":
                files.append((name, path.stat().st_mtime_ns))
        except (OSError, RuntimeError, ValueError):
            continue
    return _read_book(project.root, tuple(files))


def make_identifier(title: str) -> str:
    """The id that pandoc gives to a heading without one."""
    kept = re.sub(r"[^\w\s.-]", "", title.lower())
    return re.sub(r"^[^a-zà-ÿ]+", "", re.sub(r"\s+", "-", kept.strip()))


def rewrite_cross_references(source: Source, context: Context) -> Source:
    """Write references as what people call their target, and take out labels of equations."""
    if "@" not in source.text and "(\\#" not in source.text:
        return source
    lines = scan_lines(source.text)
    targets = find_targets(lines)
    if book := _find_book(context):
        targets.numbers.update(book.numbers)
        targets.titles = {**book.titles, **targets.titles}
    masked = mask_code(source.text)
    rewriter = _Rewriter(source, masked, targets, get_words(context))
    edits = [*rewriter.rewrite(), *_remove_labels(lines)]
    if rewriter.missing is not None:
        context.report(
            "reference-unresolved",
            f"Nothing in this lesson is called {rewriter.missing[1]!r}, so the reference has no "
            "number.",
            "Correct the name, or write what is meant.",
            source.find_place(rewriter.missing[0]),
            "note",
        )
    return source.edit(edits)


def _remove_labels(lines: Sequence[Line]) -> Iterator[Edit]:
    for line in lines:
        if line.kind in ("text", "math") and "(\\#" in line.text:
            for label in re.finditer(r"[ \t]*\(\\#[\w:.-]{1,100}\)[ \t]?", line.text):
                yield Edit(line.start + label.start(), line.start + label.end(), (" ",))


@dataclass(slots=True)
class _Rewriter:
    source: Source
    masked: str
    targets: Targets
    words: Mapping[str, str]
    missing: tuple[int, str] | None = None

    def rewrite(self) -> Iterator[Edit]:
        for group in _GROUP.finditer(self.masked):
            if text := self._rewrite_group(group["inside"], group.start()):
                yield Edit(group.start(), group.end(), (text,))
        for found in _REFERENCE.finditer(self.masked):
            text = self._name(found["id"], found.start(), bool(found["minus"]))
            yield Edit(found.start(), found.end(), (text,))
        for found in _BOOKDOWN.finditer(self.masked):
            text = self._number(found["id"], found.start())
            start = found.start()
            if not text and self.masked[start - 1 : start] in (" ", "~"):
                start -= 1
            yield Edit(start, found.end(), (text,))

    def _rewrite_group(self, inside: str, at: int) -> str:
        """`[@fig-a; @fig-b]`, `[Fig. @fig-a]`, `[-@fig-a]`; nothing if works are cited as well."""
        parts: list[str] = []
        for part in inside.split(";"):
            found = _REFERENCE.search(part)
            if found is None:
                return ""
            prefix, suffix = part[: found.start()].strip(), part[found.end() :].rstrip()
            text = self._name(found["id"], at, bool(found["minus"] or prefix))
            parts.append(f"{prefix} {text}{suffix}".strip())
        return ", ".join(parts)

    def _name(self, identifier: str, at: int, bare: bool) -> str:
        """What a reference reads as; only the number if it is `bare`."""
        kind = re.split(r"[-:]", identifier)[0].lower()
        word = self.words.get(kind, "")
        lowered = identifier[0].lower() + identifier[1:]
        number = self.targets.numbers.get(lowered, "")
        if kind in ("sec", "cha") and number:
            word = word if "." in number else self.words["cha"]
        elif kind in ("sec", "cha"):
            title = self.targets.titles.get(lowered, "")
            if not title:
                self._miss(at, identifier)
                return "" if bare else word
            return f"“{title}”" if bare else f"{word} “{title}”"
        if not number:
            self._miss(at, identifier)
        return number if bare else f"{word} {number}".rstrip()

    def _number(self, identifier: str, at: int) -> str:
        for name in (identifier, identifier.replace("tab:", "tbl:", 1), f"eq:{identifier}"):
            if name in self.targets.numbers:
                return self.targets.numbers[name]
        name = (
            identifier.removeprefix("sec:") if identifier not in self.targets.titles else identifier
        )
        if name in self.targets.titles:
            return f"“{self.targets.titles[name]}”"
        self._miss(at, identifier)
        return ""

    def _miss(self, at: int, identifier: str) -> None:
        if self.missing is None:
            self.missing = (at, identifier)
