r"""LaTeX between Markdown: commands (`\newpage`), environments, and raw parts (`{=html}`).

Commands for looks become Markdown or vanish. Formulas are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from lessons.box_kinds import find_kind
from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import Line, find_code_spans, mask_code, scan_lines
from lessons.markdown.markers import END, SMALL_CAPS, Parts, make_marker
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_RAW_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[ \t]*\{[ \t]*=(?P<format>[\w+-]+)[ \t]*\}[ \t]*$")
_RAW_SPAN = re.compile(r"\{=(?P<format>[\w+-]+)\}")
_HTML = frozenset({"html", "html4", "html5", "revealjs", "slidy", "markdown"})
_COMMAND = re.compile(r"\\(?P<name>[A-Za-z]+)\*?")
_BEGIN = re.compile(r"^[ \t]*\\(?P<what>begin|end)\{(?P<name>[A-Za-z]{1,30}\*?)\}(?P<rest>.*)$")
_MATH = word_set(
    "align alignat aligned array cases displaymath dmath eqnarray equation flalign gather gathered "
    "math matrix multline split subequations bmatrix pmatrix vmatrix Bmatrix Vmatrix smallmatrix"
)
_CODE = word_set("verbatim lstlisting minted Verbatim alltt")
_DRAWN = {
    "tikzpicture": "Diagram", "pgfpicture": "Diagram", "picture": "Diagram", "forest": "Diagram",
    "tikzcd": "Diagram", "circuitikz": "Diagram", "tabular": "Table", "tabularx": "Table",
    "longtable": "Table", "table": "Table", "algorithm": "Algorithm",
}  # fmt: skip
_COMMENTS = word_set("comment hidden")
_STYLES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "textbf": ("**", "**"), "alert": ("**", "**"), "structure": ("**", "**"),
        "textit": ("*", "*"), "emph": ("*", "*"), "textsl": ("*", "*"), "underline": ("*", "*"),
        "texttt": ("`", "`"), "textsc": SMALL_CAPS, "footnote": ("^[", "]"),
        "sout": ("~~", "~~"), "st": ("~~", "~~"), "section": ("\n\n# ", "\n\n"),
        "subsection": ("\n\n## ", "\n\n"), "subsubsection": ("\n\n### ", "\n\n"),
        "caption": ("\n\n", "\n\n"), "url": ("<", ">"), "part": ("\n\n# ", "\n\n"),
        "chapter": ("\n\n# ", "\n\n"), "frametitle": ("\n\n## ", "\n\n"),
    }
)  # fmt: skip
"""What stands in Markdown around the argument of a command."""
_SECOND = word_set("textcolor colorbox fcolorbox scalebox resizebox parbox raisebox rotatebox")
"""Commands whose last argument is text, and whose other ones are not."""
_KEEP = word_set(
    "mbox text textrm textsf textnormal textup textmd makebox fbox boxed uppercase lowercase "
    "MakeUppercase centerline center framebox hbox vbox small footnotesize scriptsize tiny large "
    "Large LARGE huge Huge normalsize bfseries itshape em bf it only onslide uncover visible item"
)
_DROP = word_set(
    "index label todo vspace hspace setlength setcounter addtocounter addtocontents hypersetup "
    "usepackage input include newcommand renewcommand providecommand def markboth markright "
    "glossary bibliography bibliographystyle pagestyle thispagestyle usetheme phantomsection "
    "newenvironment definecolor rule graphicspath addcontentsline marginnote pagenumbering"
)
"""Commands whose arguments are not text of the lesson."""
_REFERENCES = word_set("ref eqref autoref cref Cref pageref nameref vref")
_CITATIONS = word_set("cite citep citet autocite textcite parencite footcite citeauthor citeyear")
_SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "LaTeX": "LaTeX", "TeX": "TeX", "ldots": "…", "dots": "…", "textbackslash": "\\\\",
        "copyright": "©", "S": "§", "P": "¶", "textrightarrow": "→", "textleftarrow": "←",
        "rightarrow": "→", "Rightarrow": "⇒", "leftarrow": "←", "to": "→", "textdegree": "°",
        "textregistered": "®", "texttrademark": "™", "euro": "€", "pounds": "£", "ss": "ß",
        "textasciitilde": "\\~", "textasciicircum": "^", "quad": " ", "qquad": " ", "newline": " ",
        "textendash": "–", "textemdash": "—", "textbar": "\\|", "checkmark": "✓",
        "textgreater": "\\>", "textless": "\\<", "times": "×", "alpha": "α", "beta": "β",
    }
)  # fmt: skip


def rewrite_raw(source: Source, context: Context) -> Source:
    """Keep raw parts for web pages, and take out those for other outputs."""
    if "{=" not in source.text:
        return source
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    number = 0
    while number < len(lines):
        line = lines[number]
        opened = _RAW_FENCE.match(line.text) if line.kind == "fence" else None
        last = number + 1
        while line.kind == "fence" and last < len(lines) and lines[last].kind == "code":
            last += 1
        if opened is not None:
            last = min(last, len(lines) - 1)
            kept: Parts = ()
            if opened["format"] in _HTML:
                stop = lines[last].start - 1 if lines[last].kind == "fence" else lines[last].end
                kept = ("\n", source[line.end + 1 : max(stop, line.end + 1)], "\n")
            edits.append(Edit(line.start, lines[last].end, kept))
        number = last + 1 if line.kind == "fence" else number + 1
    for span in find_code_spans(source.text, lines):
        raw = _RAW_SPAN.match(source.text, span.end())
        if raw is not None:
            ticks = len(span[1])
            inside = source[span.start() + ticks : span.end() - ticks]
            edits.append(Edit(span.start(), raw.end(), (inside,) if raw["format"] in _HTML else ()))
    return source.edit(edits)


def rewrite_latex(source: Source, context: Context) -> Source:
    """Rewrite environments and commands outside formulas and code."""
    if "\\" not in source.text:
        return source
    if "\\begin{" in source.text:
        source = _rewrite_environments(source, context)
    masked = mask_code(source.text)
    return source.edit(_CommandRewriter(source, masked).rewrite())


def _rewrite_environments(source: Source, context: Context) -> Source:
    lines = scan_lines(source.text)
    edits: list[Edit] = []
    number = 0
    boxes: list[str] = []
    never: set[str] = set()  # environments that are not closed from here on
    while number < len(lines):
        line = lines[number]
        found = _BEGIN.match(line.text) if line.kind == "text" else None
        number += 1
        if found is None:
            continue
        name, what = found["name"].rstrip("*"), found["what"]
        if name in _MATH:
            number = max(number, _find_end(lines, number, found["name"], never) or number)
        elif what == "begin" and (name in _DRAWN or name in _CODE or name in _COMMENTS):
            after = _find_end(lines, number, found["name"], never)
            last = lines[after - 1] if after else line
            edits.append(Edit(line.start, last.end, _replace_whole(source, line, last, name)))
            if name in _DRAWN and after:
                _report_drawing(context, source, line, name)
            number = after or number
        else:
            edits += _unwrap(source, line, found, boxes)
    for line in lines:
        if line.kind == "text" and (item := re.match(r"^[ \t]*\\item\b[ \t]*", line.text)):
            edits.append(Edit(line.start, line.start + item.end(), ("- ",)))
    return source.edit(edits)


def _find_end(lines: Sequence[Line], number: int, name: str, never: set[str]) -> int | None:
    """The number of the line behind the end of an environment; None if there is no end."""
    if name in never:
        return None
    for line in lines[max(number - 1, 0) :]:
        if f"\\end{{{name}}}" in line.text:
            return line.number + 1
    never.add(name)
    return None


def _replace_whole(source: Source, first: Line, last: Line, name: str) -> Parts:
    if first is last or name in _COMMENTS:
        return ()
    inside = source[first.end + 1 : max(last.start - 1, first.end + 1)]
    if name in _CODE:
        language = re.search(r"language=(\w+)|\{minted\}.*?\{(\w+)\}", first.text)
        word = (language[1] or language[2]) if language else ""
        return ("\n```", word.lower(), "\n", inside, "\n```\n")
    caption = re.search(r"\\caption\{([^{}\n]{1,500})\}", inside.text)
    return ("\n", *make_marker("placeholder", _DRAWN[name], title=caption[1] if caption else ""))


def _report_drawing(context: Context, source: Source, line: Line, name: str) -> None:
    context.report(
        "embed-placeholder",
        f"LaTeX's {name} is not drawn, so a placeholder stands for it.",
        "Show a picture of it, or write it in Markdown.",
        source.find_place(line.start),
    )


def _unwrap(source: Source, line: Line, found: re.Match[str], boxes: list[str]) -> Iterator[Edit]:
    """Take out the lines around what an environment holds; a theorem or a block is a box."""
    name = found["name"].rstrip("*")
    rest = found["rest"]
    title = re.match(r"^[ \t]*(?:<[^<>]*>)?[ \t]*[\[{]([^\[\]{}]*)[\]}]", rest)
    kind = {"block": "callout", "alertblock": "warning", "exampleblock": "example"}.get(
        name, find_kind(name)
    )
    parts: Parts = ("\n",)
    if found["what"] == "begin":
        boxes.append(name)
        if kind != "plain":
            parts = ("\n", *make_marker("box", kind, title=title[1] if title else ""))
        elif name == "frame" and title and title[1].strip():
            parts = ("\n\n## ", title[1], "\n")
        elif title is None and rest.strip():
            parts = ("\n", source[line.start + found.start("rest") : line.end])
    elif boxes and boxes[-1] == name:
        boxes.pop()
        if kind != "plain":
            parts = ("\n", *END)
    yield Edit(line.start, line.end, parts)


@dataclass(slots=True)
class _CommandRewriter:
    """Rewrites commands with their arguments in one pass."""

    source: Source
    masked: str
    closing: dict[int, int] = field(default_factory=dict)

    def rewrite(self) -> list[Edit]:
        self._match_braces()
        edits: list[Edit] = []
        for found in _COMMAND.finditer(self.masked):
            at = found.start()
            if at and self.masked[at - 1] == "\\":
                continue
            edits += self._rewrite_command(found)
        return edits

    def _match_braces(self) -> None:
        opened: list[int] = []
        for sign in re.finditer(r"\\.|[{}]|\n[ \t]*\n", self.masked):
            if sign[0] == "{":
                opened.append(sign.start())
            elif sign[0] == "}" and opened:
                self.closing[opened.pop()] = sign.start()
            elif sign[0].startswith("\n"):
                opened.clear()

    def _find_arguments(self, at: int) -> tuple[list[tuple[int, int]], int]:
        """The arguments in braces from an offset on, and where they end. Those in square brackets
        and in angle brackets are options."""
        arguments: list[tuple[int, int]] = []
        for _ in range(6):
            option = re.compile(r"\[[^\[\]\n{}]{0,300}\]|<[\d,+-]{1,20}>").match(self.masked, at)
            if option is not None:
                at = option.end()
            elif self.masked[at : at + 1] == "{" and at in self.closing:
                arguments.append((at, self.closing[at]))
                at = self.closing[at] + 1
            else:
                break
        return arguments, at

    def _rewrite_command(self, found: re.Match[str]) -> Iterator[Edit]:
        name, start = found["name"], found.start()
        arguments, end = self._find_arguments(found.end())
        if name in _MATH or name in ("begin", "end"):
            if arguments and self.masked[arguments[0][0] + 1 : arguments[0][1]].strip("*") in _MATH:
                return
            yield Edit(start, end)
        elif name == "pause":
            yield Edit(start, end, ("\n\n", *make_marker("step"), "\n"))
        elif name in _SIGNS:
            empty = end if arguments else found.end()
            yield Edit(start, empty, (_SIGNS[name],))
        elif name == "includegraphics" and arguments:
            yield Edit(start, end, ("![](", self._inside(arguments[-1]), ")"))
        elif name == "href" and len(arguments) > 1:
            target, text = arguments[0], arguments[1]
            yield Edit(start, end, ("[", self._inside(text), "](", self._inside(target), ")"))
        elif name in _REFERENCES and arguments:
            yield Edit(start, end, ("\\@ref(", self._inside(arguments[0]), ")"))
        elif name in _CITATIONS and arguments:
            keys = self.masked[arguments[-1][0] + 1 : arguments[-1][1]].split(",")
            yield Edit(start, end, ("[" + "; ".join("@" + key.strip() for key in keys) + "]",))
        elif name in _STYLES and arguments:
            before, after = _STYLES[name]
            yield Edit(start, arguments[-1][0] + 1, (before,))
            yield Edit(arguments[-1][1], end, (after,))
        elif (
            arguments
            and name not in _DROP
            and (name in _SECOND or name in _KEEP or self._holds_prose(arguments))
        ):
            yield Edit(start, arguments[-1][0] + 1)
            yield Edit(arguments[-1][1], end)
        else:
            following = self.masked[end : end + 1]
            before = self.masked[start - 1 : start]
            yield Edit(start, end + (following == " " and before in ("", " ", "\n")))

    def _holds_prose(self, arguments: list[tuple[int, int]]) -> bool:
        """Whether the last argument of a command that is not known is text."""
        if not arguments:
            return False
        inside = self.masked[arguments[-1][0] + 1 : arguments[-1][1]]
        return len(inside) < 5000 and len(re.findall(r"[^\W\d_]{2,}", inside)) > 2

    def _inside(self, argument: tuple[int, int]) -> Source:
        return self.source[argument[0] + 1 : argument[1]]
