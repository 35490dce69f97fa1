"""What knitr does with a text: code cells, and code in running text (`` `r x` ``).

Nothing is run. A cell is shown as the code that it is; pictures that it only brings in are shown,
and where its output would be a figure or a table, a placeholder stands for it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from urllib.parse import quote

from lessons.box_kinds import find_kind
from lessons.dialects.base import Context
from lessons.dialects.includes import MOST_DEPTH, read_included
from lessons.dialects.syntax.attributes import parse_length
from lessons.dialects.syntax.code_cells import Cell, find_cells, split_arguments
from lessons.dialects.syntax.figures import make_plain
from lessons.dialects.syntax.scan import MATH_SPAN, Line, find_code_spans, scan_lines
from lessons.markdown.code_lines import LineMarks, read_line_marks
from lessons.markdown.front_matter import read_front_matter
from lessons.markdown.markers import END, Parts, make_marker, make_width
from lessons.markdown.source import Edit, Source

_DIAGRAMS = frozenset({"mermaid", "dot", "graphviz", "plantuml", "tikz", "diagrammer", "d2"})
_DRAWN = frozenset({"mermaid", "dot", "graphviz", "plantuml"})
_STATEMENTS = frozenset(
    {"theorem", "lemma", "corollary", "proposition", "conjecture", "definition", "example",
     "exercise", "proof", "remark", "solution", "hypothesis"}
)  # fmt: skip
"""Engines of bookdown whose cells hold Markdown."""
_PICTURES = re.compile(r"\b(?:include_graphics|image_read|draw_image)\(")
_IMAGE = re.compile(r"\bImage\(\s*(?:filename\s*=\s*|url\s*=\s*)?[\"']([^\"'\n]+)[\"']")
_EMBEDS = re.compile(r"\b(?:include_url|include_app|embed_url|embed_youtube|YouTubeVideo|IFrame|"
                     r"HTML5Video|Video)\(\s*[\"']([^\"'\n]+)[\"']")  # fmt: skip
_HERE = re.compile(r"^(?:here::)?(?:here|file\.path)\((.*)\)$", re.DOTALL)
_TEXT = re.compile(r"""^(?:path\s*=\s*)?(["'])([^"'\n]*)\1$""")
_DRAWS = re.compile(
    r"\b(?:ggplot|qplot|plot|hist|barplot|boxplot|pairs|curve|plt\.\w+|sns\.\w+|autoplot|"
    r"geom_\w+|leaflet|ggmap|px\.\w+|alt\.Chart)\s*\("
)
_TABULATES = re.compile(r"\b(?:kable|kbl|gt|datatable|flextable|huxtable|tbl_summary|tabyl)\s*\(")
_SILENT = re.compile(r"^(?:library|require|source|set\.seed|options|knitr::opts_chunk\$set)\b")
_ECHO_OFF = re.compile(r"opts_chunk\$set\([^)]*\becho\s*=\s*(?:FALSE|F)\b")
_INLINE = re.compile(r"^`(?:r[ \t\n]+|\{[A-Za-z]\w*\}[ \t\n]+)(?P<code>[^`]*)`$")
_REFERENCE = re.compile(r"^\(ref:([\w-]+)\)[ \t]+(\S[^\n]*)$")
_CALLED = re.compile(r"\(ref:([\w-]+)\)")


def rewrite_knitr(source: Source, context: Context, *, echo: bool = True) -> Source:
    """Rewrite code cells and code in running text. `echo` tells whether cells show their code if
    neither they nor the lesson say so."""
    echo = echo and not _ECHO_OFF.search(source.text)
    source = insert_children(source, context)
    lines = scan_lines(source.text)
    rewriter = _Rewriter(source, context, lines, echo)
    edits = [*rewriter.rewrite_cells(), *rewriter.rewrite_spans()]
    rewriter.report()
    return source.edit(edits)


def insert_children(source: Source, context: Context) -> Source:
    """Bring in the documents that cells name as their children, and their children."""
    for _ in range(MOST_DEPTH):
        lines = scan_lines(source.text)
        edits: list[Edit] = []
        for cell in find_cells(lines) if "child" in source.text else ():
            names = cell.get_texts("child")
            if not names:
                continue
            start, end = lines[cell.first].start, lines[cell.last].end
            parts: list[str | Source] = []
            for name in names:
                included = read_included(context, name, source.find_place(start))
                if included is not None:
                    text = Source.of(included.path, included.text)
                    parts += ["\n", source.insert_file(skip_header(text), start), "\n"]
            edits.append(Edit(start, end, tuple(parts)))
        if not edits:
            break
        source = source.edit(edits)
    return source


def skip_header(text: Source) -> Source:
    """An included text without its front matter."""
    return text[read_front_matter(text.text, text.file.path).end :]


@dataclass(slots=True)
class _Rewriter:
    source: Source
    context: Context
    lines: Sequence[Line]
    echo: bool
    references: dict[str, str] = field(default_factory=dict)
    missing: int | None = None  # where the first output is that is missing

    def rewrite_cells(self) -> Iterator[Edit]:
        yield from self._find_references()
        for cell in find_cells(self.lines):
            first, last = self.lines[cell.first], self.lines[cell.last]
            yield Edit(first.start, last.end, self._rewrite_cell(cell))

    def _find_references(self) -> Iterator[Edit]:
        """Captions that stand in a paragraph of their own (`(ref:name) text`)."""
        for line in self.lines:
            found = _REFERENCE.match(line.text) if line.kind == "text" else None
            if found is not None:
                self.references[found[1]] = found[2]
                yield Edit(line.start, line.end)

    def _read_caption(self, cell: Cell, *keys: str) -> str:
        for key in keys:
            if text := cell.get_text(key):
                return self._resolve_caption(text)
        return ""

    def _resolve_caption(self, text: str) -> str:
        return make_plain(_CALLED.sub(lambda m: self.references.get(m[1], ""), text))

    def _rewrite_cell(self, cell: Cell) -> Parts:
        start = self.lines[cell.code].start if cell.code < len(self.lines) else 0
        code = self.source[start : max(self.lines[cell.last].start - 1, start)]
        if self.lines[cell.last].kind == "code":  # it is not closed
            code = self.source[start : self.lines[cell.last].end]
        if cell.engine == "comment" or not cell.is_on("include", True):
            return ()
        if cell.engine == "asis":
            return (code,) if cell.is_on("echo", True) else ()
        if cell.engine in ("block", "block2") or cell.engine in _STATEMENTS:
            return self._make_box(cell, code)
        if cell.engine in _DIAGRAMS:
            return self._make_diagram(cell, code)
        shown: Parts = ()
        if code.text.strip() and cell.is_on("echo", self.echo):
            info = cell.engine + _read_line_marks(cell).write()
            shown = (cell.indent, _make_fence(code.text), info, "\n", code, "\n",
                     cell.indent, _make_fence(code.text), "\n")  # fmt: skip
        return (*shown, *self._make_output(cell, code))

    def _make_box(self, cell: Cell, code: Source) -> Parts:
        kind = cell.engine if cell.engine in _STATEMENTS else cell.get_text("type")
        kind = kind.lower().removeprefix("rmd").removeprefix("alert-")
        title = cell.get_text("name") or cell.get_text("title")
        return (*make_marker("box", find_kind(kind), title=title), "\n", code, "\n\n", *END)

    def _make_diagram(self, cell: Cell, code: Source) -> Parts:
        if cell.engine in _DRAWN and code.text.strip():
            return self._draw_diagram(cell, code)
        name = self._read_caption(cell, "fig-cap", "fig-alt") or cell.label.removeprefix("fig-")
        parts: Parts = make_marker("placeholder", "Diagram", title=name)
        if cell.is_on("echo", False) and code.text.strip():
            fence = _make_fence(code.text)
            parts = (fence, cell.engine, "\n", code, "\n", fence, "\n\n", *parts)
        at = self.lines[cell.first].start
        self.context.report(
            "embed-placeholder",
            "A diagram that is written as code is not drawn, so a placeholder stands for it.",
            "Draw it with its own tool, and show the picture.",
            self.source.find_place(at),
        )
        return ("\n", *parts, "\n")

    def _draw_diagram(self, cell: Cell, code: Source) -> Parts:
        """The code block that is drawn later, with its caption and description as options."""
        fence = _make_fence(code.text)
        texts = ((key, self._read_caption(cell, key)) for key in ("fig-cap", "fig-alt"))
        options = [f"%%| {key}: {text}\n" for key, text in texts if text]
        if cell.engine != "mermaid":
            options = [option.replace("%%|", "//|", 1) for option in options]
        parts: Parts = (cell.indent, fence, cell.engine, "\n", *options, code, "\n", fence, "\n")
        return ("\n", *parts, "\n")

    def _make_output(self, cell: Cell, code: Source) -> Parts:
        """Pictures that the code brings in, or a placeholder for what it would put out."""
        if not cell.is_on("eval", True):
            return ()
        pictures = self._find_pictures(cell, code.text)
        if pictures:
            return pictures
        output = cell.is_on("output", True) and cell.get_text("results") != "hide"
        if not output or cell.get_text("fig-show") == "hide" or not code.text.strip():
            return ()
        caption = self._read_caption(cell, "fig-cap", "tbl-cap", "fig-alt", "lst-cap")
        lines = [x for x in code.text.split("\n") if x.strip() and not x.lstrip().startswith("#")]
        if lines and not all(_SILENT.match(x.lstrip()) for x in lines) and self.missing is None:
            self.missing = self.lines[cell.first].start
        label = cell.label
        if label.startswith("tbl-") or cell.get_text("tbl-cap") or _TABULATES.search(code.text):
            what = "Table"
        elif label.startswith("fig-") or caption or _DRAWS.search(code.text):
            what = "Figure"
        else:
            return ()
        if not caption and cell.is_on("echo", self.echo):
            return ()  # the code tells what it would be
        return ("\n", *make_marker("placeholder", what, title=caption), "\n")

    def _find_pictures(self, cell: Cell, code: str) -> Parts:
        names = [
            name for call in _PICTURES.finditer(code) for name in _read_paths(code, call.end())
        ]
        names += _IMAGE.findall(code)
        captions = cell.get_texts("fig-cap")
        alternatives = cell.get_texts("fig-alt")
        share = parse_length(cell.get_text("out-width") or cell.get_text("width"))
        parts: list[str] = []
        for number, name in enumerate(names[:50]):
            caption = captions[min(number, len(captions) - 1)] if captions else ""
            caption = self._resolve_caption(caption)
            if number >= len(captions) and number:
                caption = ""
            alternative = alternatives[min(number, len(alternatives) - 1)] if alternatives else ""
            parts.append(make_picture(name, make_plain(alternative) or caption, caption))
            parts.append(make_width(share) if share else "")
            parts.append("\n\n")
        for name in _EMBEDS.findall(code)[:50]:
            title = PurePosixPath(name.partition("?")[0]).name
            parts += [str(x) for x in make_marker("placeholder", "Embedded-page", title=title)]
        return ("\n\n", *parts) if parts else ()

    def rewrite_spans(self) -> Iterator[Edit]:
        """Take out code in running text, whose value is not known; a text or number is known."""
        if "`r" not in self.source.text and "`{" not in self.source.text:
            return
        text = self.source.text
        found_spans = list(find_code_spans(text, self.lines))
        formulas = _Formulas(text, [span.span() for span in found_spans if _INLINE.match(span[0])])
        for span in found_spans:
            found = _INLINE.match(span[0])
            if found is None:
                continue
            code = found["code"].strip()
            known = re.fullmatch(r"""(["'])([^"'\\]*)\1|(\d+(?:\.\d+)?)""", code)
            if known is not None:
                value = known[2] if known[2] is not None else known[3]
                yield Edit(span.start(), span.end(), (value,) if value else ())
                continue
            if self.missing is None:
                self.missing = span.start()
            yield Edit(*(formulas.widen(*span.span()) or _widen(text, *span.span())))

    def report(self) -> None:
        if self.missing is not None:
            self.context.report(
                "output-missing",
                "The code of this lesson is not run, so its output is missing here and below.",
                "Run the lesson with its own tool, and show pictures of the output where they "
                "matter.",
                self.source.find_place(self.missing),
                "note",
            )


class _Formulas:
    """The formulas of a text that have code in them."""

    def __init__(self, text: str, spans: Sequence[tuple[int, int]]) -> None:
        self.text = text
        parts: list[str] = []
        at = 0
        for start, end in spans:  # a digit stands for what R would compute
            parts += [text[at:start], "0" * (end - start)]
            at = end
        filled = "".join([*parts, text[at:]])
        found = MATH_SPAN.finditer(filled) if spans and "$" in text else ()
        self.places = [match.span() for match in found]

    def widen(self, start: int, end: int) -> tuple[int, int] | None:
        """The stretch to take out for the code in a formula, with the space that must not stand
        beside its signs; None if the code is in none."""
        position = bisect_right(self.places, (start, len(self.text))) - 1
        if position < 0 or self.places[position][1] < end:
            return None
        first, last = self.places[position]
        head, tail = self.text[first + 1 : start], self.text[end : last - 1]
        if not head.strip() and not tail.strip():
            return first, last
        if not tail.strip():
            return first + 1 + len(head.rstrip()), last - 1
        return (first + 1, last - 1 - len(tail.lstrip())) if not head.strip() else (start, end)


def _widen(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch that is taken out, with the unit of a number and a space beside it."""
    if text[max(start - 2, 0) : start] == "\\$":
        start -= 2
    elif text[start - 1 : start] in ("$", "€", "£") and start:
        start -= 1
    if text[end : end + 1] == "%":
        end += 1
    elif text[end : end + 2] == "\\%":
        end += 2
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    if before in ("", " ", "\n") and after == " ":
        return start, end + 1
    if before == " " and after in (".", ",", ";", ":", ")"):
        return start - 1, end
    return start, end


def _read_line_marks(cell: Cell) -> LineMarks:
    """What the options of a cell say of its lines: those of Quarto, and the attributes that knitr
    gives to the code block."""
    written = [*cell.get_texts("class-source"), *cell.get_texts("attr-source")]
    words = " ".join(f".{x}" if re.fullmatch(r"[\w-]+", x) else x for x in written)
    numbers = cell.options.get("code-line-numbers")
    if isinstance(numbers, bool | int | str):
        words += f' code-line-numbers="{numbers}"'
    return read_line_marks(words)


def _read_paths(code: str, at: int) -> list[str]:
    """The paths in a call whose parentheses open before `at`."""
    depth, end = 1, at
    for end in range(at, min(at + 3000, len(code))):
        depth += (code[end] == "(") - (code[end] == ")")
        if depth == 0:
            break
    arguments = split_arguments(code[at:end])
    first = arguments[0].strip() if arguments else ""
    vector = re.match(r"^c\((.*)\)$", first, re.DOTALL)
    names = []
    for part in split_arguments(vector[1]) if vector else [first]:
        here = _HERE.match(part.strip())
        pieces = [_TEXT.match(x.strip()) for x in (split_arguments(here[1]) if here else [part])]
        if pieces and all(pieces):
            names.append("/".join(piece[2] for piece in pieces if piece))
    return names


def make_picture(name: str, alternative: str, title: str = "") -> str:
    """A picture in Markdown. Its texts are plain."""
    alternative = re.sub(r"([\[\]\\`*_<$])", r"\\\1", " ".join(alternative.split()))
    title = re.sub(r'(["\\])', r"\\\1", " ".join(title.split()))
    target = quote(name, safe="/:?#=&%+,;@~!$'*[]") if re.search(r"[\s()<>]", name) else name
    return f'![{alternative}]({target} "{title}")' if title else f"![{alternative}]({target})"


def _make_fence(code: str) -> str:
    longest = max((len(run) for run in re.findall(r"`{3,}", code)), default=0)
    return "`" * max(longest + 1, 3)
