"""Reads Jupyter notebooks (`.ipynb`, formats 3 and 4) as Markdown.

Cells of text stay as they are, and cells of code become code with their stored outputs; nothing is
run. Pictures stay in the notebook: `notebook-part:3/0/image/png` names the output 0 of the cell 3.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from foundation.problem import Place, Problem
from lessons.dialects.jupyter.outputs import MOST_LINES, write_outputs
from lessons.errors import LessonError
from lessons.markdown.markers import END, Parts, make_marker
from lessons.markdown.outline import clean_text
from lessons.markdown.source import Edit, Piece, Source, SourceFile, join_sources
from lessons.model import Finding
from lessons.wordset import word_set

MOST_CELLS = 5000
_CELL = re.compile(r'"cell_type"\s*:')
_ATTACHED = re.compile(r"\]\(\s*<?attachment:([^)\s>]{1,200})>?")
_OPTION = re.compile(r"^#\|\s*([\w-]+)\s*:\s*(.*)$")
_NO_INPUT = word_set("hide-input hide_input remove-input remove_input hide_code remove_code")
_NO_OUTPUT = word_set("hide-output hide_output remove-output remove_output hide_outputs")
_NO_CELL = word_set("remove-cell remove_cell hide-cell hide_cell")
_SLIDES = word_set("slide subslide fragment")


@dataclass(slots=True)
class _Cell:
    """A cell, its number in the notebook, and the part of the file in which it is written."""

    number: int
    kind: str
    text: Source
    outputs: Sequence[Any]
    metadata: Mapping[str, Any]
    attachments: Mapping[str, Any]
    level: int = 1

    @property
    def tags(self) -> frozenset[str]:
        tags = self.metadata.get("tags")
        return frozenset(str(tag) for tag in tags) if isinstance(tags, list) else frozenset()

    @property
    def slide_type(self) -> str:
        show = self.metadata.get("slideshow")
        return str(show.get("slide_type", "")) if isinstance(show, dict) else ""


def read_notebook(path: str, text: str) -> tuple[Source, tuple[Finding, ...]]:
    """The Markdown of a notebook, and what was noticed. Raises LessonError for a file that is not
    a notebook."""
    notebook = _parse(path, text)
    reader = _Reader(path, text, notebook)
    return reader.read(), tuple(reader.findings)


def _parse(path: str, text: str) -> dict[str, Any]:
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise LessonError(
            "The notebook is damaged, so it cannot be read.",
            remedy="Open it with Jupyter and save it again.",
            place=Place(path, line),
        ) from error
    if not isinstance(notebook, dict) or not _list_cells(notebook):
        raise LessonError(
            "The notebook has no cells.",
            remedy="Open it with Jupyter, write something, and save it again.",
            place=Place(path, 1),
        )
    return notebook


def _list_cells(notebook: Mapping[str, Any]) -> list[Any]:
    cells = notebook.get("cells")
    if not isinstance(cells, list):  # format 3
        sheets = notebook.get("worksheets")
        sheets = sheets if isinstance(sheets, list) else []
        cells = [
            cell
            for sheet in sheets
            if isinstance(sheet, dict) and isinstance(sheet.get("cells"), list)
            for cell in sheet["cells"]
        ]
    return [cell for cell in cells if isinstance(cell, dict)]


def join_lines(value: object) -> str:
    """A text that notebooks write as one string or as a list of lines."""
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


@dataclass(slots=True)
class _Reader:
    path: str
    text: str
    notebook: Mapping[str, Any]
    findings: list[Finding] = field(default_factory=list)
    shortened: int = 0  # outputs that were too long
    first_shortened: int = 0

    def read(self) -> Source:
        file = SourceFile(self.path, self.text)
        empty = Source("", [Piece(0, 0, exact=False)], file)
        cells = list(self._read_cells(file))
        deck = any(cell.slide_type in _SLIDES for cell in cells)
        language = self._find_language()
        parts: list[str | Source] = []
        for cell in cells:
            parts += self._write_cell(cell, language, deck=deck)
        self._report()
        return join_sources(parts, empty)

    def _find_language(self) -> str:
        metadata = self.notebook.get("metadata")
        metadata = metadata if isinstance(metadata, dict) else {}
        for key, name in (("language_info", "name"), ("kernelspec", "language")):
            found = metadata.get(key)
            if isinstance(found, dict) and isinstance(found.get(name), str):
                return re.sub(r"[^\w+#-]", "", found[name]).lower()
        return "python"

    def _read_cells(self, file: SourceFile) -> Iterator[_Cell]:
        """The cells with text, which keeps its place in the file."""
        starts = [found.start() for found in _CELL.finditer(self.text)]
        for number, cell in enumerate(_list_cells(self.notebook)[:MOST_CELLS]):
            kind = str(cell.get("cell_type", ""))
            begin = starts[number] if number < len(starts) else len(self.text)
            end = starts[number + 1] if number + 1 < len(starts) else len(self.text)
            written = cell.get("source", cell.get("input", ""))
            text = self._locate(written, begin, end, file)
            outputs, metadata = cell.get("outputs"), cell.get("metadata")
            attachments = cell.get("attachments")
            level = cell.get("level")
            yield _Cell(
                number, kind, text,
                outputs if isinstance(outputs, list) else [],
                metadata if isinstance(metadata, dict) else {},
                attachments if isinstance(attachments, dict) else {},
                level if isinstance(level, int) and 1 <= level <= 6 else 1,
            )  # fmt: skip

    def _locate(self, written: object, begin: int, end: int, file: SourceFile) -> Source:
        """The text of a cell, each line with its place between two offsets of the file."""
        lines = join_lines(written).splitlines(keepends=True)
        at, misses = min(begin, max(len(self.text) - 1, 0)), 0
        pieces: list[Piece] = []
        parts: list[str] = []
        length = 0
        for line in lines:
            bare = line.rstrip("\r\n")
            exact = False
            if bare and misses < 3:
                found, exact = self._find_line(bare, at, end)
                if found < 0:
                    misses += 1
                else:
                    at = found
            pieces.append(Piece(length, at, exact))
            clean = clean_text(bare) + "\n"
            if exact:
                pieces.append(Piece(length + len(bare), at + len(bare), False))
                at += len(bare)
            parts.append(clean)
            length += len(clean)
        if not pieces:
            pieces = [Piece(0, at, False)]
        return Source("".join(parts), pieces, file)

    def _find_line(self, line: str, begin: int, end: int) -> tuple[int, bool]:
        """Where a line is written in the file, and whether it is written there as it is."""
        for ascii_only in (False, True):
            encoded = json.dumps(line, ensure_ascii=ascii_only)[1:-1]
            found = self.text.find(encoded, begin, end)
            if found >= 0:
                return found, encoded == line
        return -1, False

    def _write_cell(self, cell: _Cell, language: str, *, deck: bool) -> Parts:
        if cell.tags & _NO_CELL or (deck and cell.slide_type == "skip"):
            return ()
        content = self._write_content(cell, language)
        if not deck:
            return content
        match cell.slide_type:
            case "slide" | "subslide":
                return ("\n", *make_marker("slide"), "\n", *content)
            case "fragment":
                return ("\n", *make_marker("step"), "\n", *content)
            case "notes":
                return ("\n", *make_marker("notes"), "\n", cell.text, "\n", *END)
            case _:
                return content

    def _write_content(self, cell: _Cell, language: str) -> Parts:
        match cell.kind:
            case "markdown":
                return (self._attach(cell), "\n\n")
            case "heading":
                return ("#" * cell.level, " ", cell.text, "\n\n")
            case "html":
                return (cell.text, "\n\n")
            case "code":
                return self._write_code(cell, language)
            case "raw" if cell.number == 0 and cell.text.text.startswith("---\n"):
                return (cell.text, "\n")  # front matter, as Quarto has it
            case _:
                return ()

    def _attach(self, cell: _Cell) -> Source:
        """The text of a cell with names for its attachments."""
        edits: list[Edit] = []
        for found in _ATTACHED.finditer(cell.text.text) if cell.attachments else ():
            held = cell.attachments.get(found[1], cell.attachments.get(unquote(found[1])))
            mimes = [m for m in held if m.startswith("image/")] if isinstance(held, dict) else []
            if mimes:
                part = f"{cell.number}/attachment:{unquote(found[1])}/{mimes[0]}"
                name = f"](notebook-part:{quote(part, safe='/:%')}"
                edits.append(Edit(found.start(), found.end(), (name,)))
        return cell.text.edit(edits)

    def _write_code(self, cell: _Cell, language: str) -> Parts:
        metadata = cell.metadata.get("jupyter")
        hidden = metadata if isinstance(metadata, dict) else {}
        code, options = _take_options(cell.text)
        no_input = bool(
            cell.tags & _NO_INPUT
            or hidden.get("source_hidden")
            or cell.metadata.get("hide_input")
            or options.get("echo") == "false"
        )
        parts: list[str | Source] = []
        if code.text.strip() and not no_input and options.get("include") != "false":
            fence = "`" * max(3, 1 + _longest_run(code.text))
            magic = re.match(r"\s*%%(bash|sh|html|javascript|latex|R|perl|ruby|sql)\b", code.text)
            name = magic[1].lower() if magic else language
            parts += [fence, name, "\n", code, "\n", fence, "\n\n"]
        if not (
            cell.tags & _NO_OUTPUT
            or hidden.get("outputs_hidden")
            or options.get("output") == "false"
            or options.get("include") == "false"
        ):
            written, shortened = write_outputs(cell.number, cell.outputs)
            parts += written
            if shortened:
                self.shortened += shortened
                at = code.find_offset(0)
                self.first_shortened = self.first_shortened or SourceFile("", self.text).line_of(at)
        return tuple(parts)

    def _report(self) -> None:
        if self.shortened:
            many = f"{self.shortened} outputs are" if self.shortened > 1 else "One output is"
            problem = Problem(
                f"{many} longer than {MOST_LINES} lines, so only the beginning is shown.",
                "Print less where the rest matters.",
                Place(self.path, self.first_shortened),
            )
            self.findings.append(Finding("output-shortened", "note", problem))


def _take_options(text: Source) -> tuple[Source, dict[str, str]]:
    """The code of a cell without its options (`#| echo: false`), and the options."""
    options: dict[str, str] = {}
    end = 0
    for line in text.text.split("\n"):
        found = _OPTION.match(line)
        if found is None:
            break
        options[found[1]] = found[2].strip().strip("\"'").lower()
        end += len(line) + 1
    code = text[min(end, len(text)) :]
    bare = code.text.rstrip("\n")
    return code[: len(bare)], options


def _longest_run(code: str) -> int:
    return max((len(run) for run in re.findall(r"`{3,}", code)), default=0)
