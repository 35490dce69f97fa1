"""What the directives of MyST become: boxes, pictures, code, tables, formulas, placeholders."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from lessons.box_kinds import BOX_KINDS, find_kind
from lessons.dialects.base import Context
from lessons.dialects.includes import MOST_DEPTH, read_included
from lessons.dialects.myst.directives import Directive, find_directives
from lessons.dialects.syntax.admonitions import make_box
from lessons.dialects.syntax.attributes import parse_length
from lessons.dialects.syntax.code_fences import make_code, make_code_title
from lessons.dialects.syntax.data_tables import make_table, read_csv, read_list_table
from lessons.dialects.syntax.file_parts import dedent, find_ranges, take_parts
from lessons.markdown.code_lines import LineMarks, read_options
from lessons.markdown.markers import END, Parts, make_marker, make_width
from lessons.markdown.source import Edit, Source, join_sources
from lessons.wordset import word_set

_DEEPEST = 12

GONE = word_set(
    "toctree tableofcontents contents index bibliography meta highlight todo tocmetatree "
    "sectionauthor codeauthor default-domain currentmodule module py:module py:currentmodule "
    "sectnum ifslides tabularcolumns role default-role exerciselist todolist nb-exec-table "
    "ifnotslides genindex header footer post postlist seealso-end numbered title"
)
_BARE = word_set(
    "tab-set tabs grid grid-item container div hlist only ifconfig compound centered rst- "
    "class cssclass columns column panels class wrap line-block start-slides md-tab-set card- "
    "carousel table-wrapper subfigure iftoc topic-list image-group"
)
_TITLED = word_set(
    "admonition dropdown tab-item tab group-tab tabbed md-tab-item card grid-item-card "
    "sidebar margin topic toggle details callout aside figure-md block marginnote"
)
_CODE = word_set(
    "code code-block sourcecode code-cell code-tab parsed-literal prompt console doctest "
    "ipython terminal termynal thebe-button literal testcode testoutput command-output exec- "
    "code codeblock highlight-code output"
)
_DIAGRAMS = word_set(
    "mermaid graphviz digraph graph uml plantuml kroki drawio-image drawio-figure blockdiag "
    "seqdiag tikz svgbob bokeh-plot"
)
_DRAWN = {"mermaid": "mermaid", "graphviz": "dot", "uml": "plantuml", "plantuml": "plantuml"}
"""Those that are drawn from their content."""
_EMBEDDED: Mapping[str, str] = MappingProxyType(
    {
        "youtube": "Video", "vimeo": "Video", "video": "Video", "iframe": "Page", "embed": "Page",
        "audio": "Sound", "glue": "Result", "glue:figure": "Result", "glue:any": "Result",
        "glue:math": "Result", "glue:md": "Result", "plot": "Picture", "widget": "Widget",
        "anywidget": "Widget", "asciinema": "Video", "pdf-include": "Page", "quizdown": "Quiz",
        "eval-rst": "reStructuredText", "raw-pdf": "Page", "jupyter-execute": "Result",
        "plotly": "Picture", "altair-plot": "Picture", "replite": "Widget", "jupyterlite": "Widget",
        "altair": "Picture", "exec_code": "Result", "include-notebook": "Page",
    }
)  # fmt: skip
_QUOTES = word_set("epigraph pull-quote highlights blockquote")
_VERSIONS: Mapping[str, str] = MappingProxyType(
    {
        "versionadded": "New in version {}", "versionchanged": "Changed in version {}",
        "deprecated": "Deprecated since version {}", "versionremoved": "Removed in version {}",
    }
)  # fmt: skip
_LANGUAGES = {"ipython3": "python", "ipython": "python", "ipython2": "python", "python3": "python",
              "default": "", "none": ""}  # fmt: skip
_HIDDEN_TAGS = ("remove-cell", "remove-input", "remove_cell", "remove_input")
_CARD_RULE = re.compile(r"^[ \t]*(?:\^{3,}|\+{3,})[ \t]*$", re.MULTILINE)
_PLAIN = (
    (re.compile(r"\{[\w:+-]{1,40}\}`([^`<>]{0,300}?)[ ]?(?:<[^`<>]*>)?`"), r"\1"),
    (re.compile(r"!?\[([^\[\]]{0,500})\]\([^()\s]{0,500}\)"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]{1,500})>"), r"\1"),
    (re.compile(r"\[\^[^\]\s]{1,60}\]"), ""),
    (re.compile(r"^[ \t]*>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"[`*\\]"), ""),
)


def make_plain(text: str) -> str:
    """Inline Markdown as plain text, for titles and alternative texts."""
    for pattern, replacement in _PLAIN:
        text = pattern.sub(replacement, text)
    return " ".join(text.split())


class BlockWriter:
    """Writes what comes in the place of directives. `resolve` finds the title of a label."""

    def __init__(self, context: Context, resolve: Callable[[str], str]) -> None:
        self.context = context
        self.resolve = resolve
        self.told: set[str] = set()
        self.within: list[str] = []  # the files whose text is being brought in
        self.tasks = 0  # exercises and solutions that are open until their `-end`

    def rewrite(self, source: Source, depth: int = 0, folder: Path | None = None) -> Source:
        """A source whose directives are rewritten, and those inside them."""
        folder = folder or self.context.folder
        if depth > _DEEPEST:
            return source
        edits = [
            Edit(d.start, d.end, (self._write(source, d, depth, folder),))
            for d in find_directives(source)
        ]
        return source.edit(edits)

    def _write(self, source: Source, directive: Directive, depth: int, folder: Path) -> Source:
        parts = self._make(source, directive, depth, folder)
        made = join_sources(list(parts), source, directive.start)
        if made.text and not made.text.endswith("\n"):
            made = join_sources([made, "\n"], source, directive.start)
        if not made.text.strip():
            return join_sources([directive.head.rstrip(" "), "\n"], source, directive.start)
        first, rest = True, directive.indent
        edits: list[Edit] = []
        at = 0
        for line in made.text.split("\n")[:-1]:
            if line or first:
                edits.append(Edit(at, at, (directive.head if first else rest,)))
            first = False
            at += len(line) + 1
        return made.edit(edits) if directive.head or rest else made

    def _make(self, source: Source, directive: Directive, depth: int, folder: Path) -> Parts:
        name = directive.name.lower().removeprefix("{").rpartition(":")[2]
        whole = directive.name.lower()
        if not name or name in GONE or whole in GONE:
            return ()
        if name in _CODE:
            return self._make_code(source, directive)
        if name in ("figure", "image", "carousel-image"):
            return self._make_picture(directive, depth, folder)
        if name == "math":
            return self._make_formula(directive)
        if name in ("table", "list-table", "csv-table"):
            return self._make_table(source, directive, depth, folder)
        if name in ("literalinclude", "include"):
            return self._include(source, directive, depth, folder)
        if name == "raw":
            html = directive.argument.text.strip().lower() == "html"
            return ("\n", directive.body, "\n") if html else ()
        if name in _DRAWN and directive.body.text.strip():
            return ("\n", make_code(directive.body, _DRAWN[name], source, directive.start), "\n")
        if name in _DIAGRAMS:
            return self._hold_place(source, directive, "Diagram", "")
        what = _EMBEDDED.get(whole) or _EMBEDDED.get(name)
        if what is not None:
            return self._hold_place(source, directive, what, directive.argument.text)
        return self._make_container(source, directive, name, depth, folder)

    def _make_container(
        self, source: Source, directive: Directive, name: str, depth: int, folder: Path
    ) -> Parts:
        argument, body = directive.argument, self._clean_card(directive, name)
        inside = self.rewrite(body, depth + 1, folder)
        if name == "only" and re.search(r"\bnot\s+html\b|^\s*(?:latex|epub)\b", argument.text):
            return ()
        if name in _BARE:
            return ("\n", inside, "\n")
        if name == "rubric":
            return ("\n**", argument, "**\n\n", inside)
        if name == "glossary":
            return ("\n", _list_terms(inside), "\n")
        if name in _QUOTES:
            return (*make_marker("box", "quote"), *_lead(argument), inside, "\n", *END)
        if name in _VERSIONS:
            version, _, rest = argument.text.partition(" ")
            title = _VERSIONS[name].format(version)
            said = argument[len(argument) - len(rest) : len(argument)] if rest else ""
            return (*make_marker("box", "version", title=title), said, "\n\n", inside, "\n", *END)
        if name in ("button-link", "button-ref"):
            return ("\n", inside, "\n") if inside.text.strip() else ()
        if name in ("exercise-end", "solution-end"):
            opened, self.tasks = self.tasks, max(self.tasks - 1, 0)
            return END if opened else ()
        if name in ("exercise-start", "solution-start"):
            return self._open_task(directive, name.removesuffix("-start"), inside)
        return self._make_box(source, directive, name, inside)

    def _open_task(self, directive: Directive, kind: str, inside: Source) -> Parts:
        """Exercises and solutions whose content stands between two directives."""
        title = "" if kind == "solution" else directive.argument
        self.tasks += 1
        return (*make_marker("box", kind, title=title), inside, "\n")

    def _make_box(self, source: Source, directive: Directive, name: str, inside: Source) -> Parts:
        argument = directive.argument
        names = [name]
        if name in _TITLED:
            classes = directive.get("class").replace(",", " ").split()
            known = [c for c in classes if find_kind(c) != "plain"]
            names = known[:1] or ([name] if name in ("dropdown", "toggle", "details") else [])
        elif find_kind(name) == "plain" and name not in ("demo", "typealong", "type-along"):
            self._tell_unknown(source, directive, name)
        if find_kind(name) == "solution" and _is_label(argument.text):
            argument = argument[0:0]
        if not inside.text.strip() and argument.text.strip() and name not in _TITLED:
            return (*make_box(names or ["plain"]), argument, "\n", *END)
        title = argument if argument.text.strip() else None
        if not names:
            kind = "callout" if name in ("admonition", "sidebar", "margin", "topic") else "plain"
            return (*make_marker("box", kind, title=argument), inside, "\n", *END)
        return (*make_box(names, title), inside, "\n", *END)

    def _clean_card(self, directive: Directive, name: str) -> Source:
        """The body of a card without the lines that set its header and footer apart."""
        body = directive.body
        if "card" not in name:
            return body
        lines = _CARD_RULE.finditer(body.text)
        return body.edit(Edit(m.start(), m.end(), ("\n",)) for m in lines)

    def _tell_unknown(self, source: Source, directive: Directive, name: str) -> None:
        if name in self.told or name in BOX_KINDS:
            return
        self.told.add(name)
        self.context.report(
            "shortcode-unknown",
            f"The directive {name[:40]!r} is not known, so its content is shown in a plain box.",
            "Check how it looks; use a note or an admonition if it is one.",
            source.find_place(directive.start),
            "note",
        )

    def _hold_place(self, source: Source, directive: Directive, what: str, name: str) -> Parts:
        self.context.report(
            "embed-placeholder",
            f"What the directive '{directive.name[:40]}' shows is made by the site, so a "
            "placeholder is shown.",
            "Save it as a picture in the course, and show that.",
            source.find_place(directive.start),
        )
        caption = directive.get("caption") or directive.get("alt")
        shown = make_plain(caption or name.rstrip("/").rpartition("/")[2])
        return make_marker("placeholder", what, title=shown)

    def _make_code(self, source: Source, directive: Directive) -> Parts:
        tags = directive.get("tags")
        if any(tag in tags for tag in _HIDDEN_TAGS):
            return ()
        words = directive.argument.text.split()
        language = words[0].lower() if words else ""
        if directive.name in ("prompt", "console", "terminal", "termynal"):
            language = "console"
        code = _strip_blank(directive.body)
        if not code.text.strip():
            return ()
        title = make_code_title(make_plain(directive.get("caption") or directive.get("filename")))
        language = _LANGUAGES.get(language, language) + _read_line_marks(directive).write()
        return (*title, make_code(code, language, source, directive.start))

    def _make_picture(self, directive: Directive, depth: int, folder: Path) -> Parts:
        name = "".join(directive.argument.text.split())
        caption = self.rewrite(directive.body, depth + 1, folder)
        if not name:
            return ("\n", caption, "\n")
        plain = make_plain(re.split(r"\n[ \t]*\n", directive.body.text.strip())[0])
        alt = make_plain(directive.get("alt")) or plain
        share = parse_length(directive.get("width") or directive.get("scale") + "%")
        target = f"<{name}>" if re.search(r"[()\s]", name) else name
        shown = plain.replace('"', "”")
        picture = f"![{_escape_alt(alt)}]({target}" + (f' "{shown}")' if shown else ")")
        width = make_width(share) if share else ""
        return ("\n", picture, width, "\n\n", caption, "\n")

    def _make_formula(self, directive: Directive) -> Parts:
        body = directive.body
        text = re.sub(r"\n[ \t]*(?=\n)", "", f"{directive.argument.text}\n{body.text}").strip()
        return ("\n$$\n", text, "\n$$\n\n") if text else ()

    def _make_table(self, source: Source, directive: Directive, depth: int, folder: Path) -> Parts:
        title = directive.argument
        lead: Parts = (title, "\n\n") if title.text.strip() else ()
        name = directive.name.lower()
        if name == "table":
            return ("\n", *lead, self.rewrite(directive.body, depth + 1, folder), "\n")
        headers = directive.get("header-rows")
        count = int(headers) if headers.isdecimal() and len(headers) < 4 else 0
        if name == "list-table":
            return ("\n", *lead, make_table(read_list_table(directive.body.text), count), "\n")
        text = directive.body.text
        if directive.get("file"):
            place = source.find_place(directive.start)
            file = read_included(self.context, directive.get("file"), place, beside=folder)
            text = file.text if file else ""
        delimiter = {"tab": "\t", "space": " "}.get(directive.get("delim"), directive.get("delim"))
        rows = read_csv(text, delimiter[:1])
        if directive.get("header"):
            rows = [*read_csv(directive.get("header"), delimiter[:1]), *rows]
            count += 1
        return ("\n", *lead, make_table(rows, count), "\n")

    def _include(self, source: Source, directive: Directive, depth: int, folder: Path) -> Parts:
        place = source.find_place(directive.start)
        name = directive.argument.text.strip()
        file = (
            read_included(self.context, name, place, beside=folder) if depth < MOST_DEPTH else None
        )
        if file is None or file.path in self.within or file.path == self.context.path:
            return ()
        text = _cut_file(Source.of(file.path, file.text), directive)
        literal = directive.name.lower() == "literalinclude"
        if literal or "literal" in directive.options or "code" in directive.options:
            language = directive.get("language") or directive.get("code")
            language = language or Path(file.path).suffix.lstrip(".")
            title = make_code_title(make_plain(directive.get("caption")))
            info = _LANGUAGES.get(language, language) + _read_line_marks(directive).write()
            code = make_code(text, info, text, 0)
            return (*title, source.insert_file(code, directive.start))
        if file.path.endswith((".rst", ".rest")):
            return self._hold_place(source, directive, "Page", name)
        self.within.append(file.path)
        text = self.rewrite(text, depth + 1, (self.context.root / file.path).parent)
        self.within.pop()
        return ("\n", source.insert_file(text, directive.start), "\n")


def _read_line_marks(directive: Directive) -> LineMarks:
    """What the options of a directive say of its lines. An option without a value is on."""
    options = {name: value.strip() for name, value in directive.options.items()}
    numbered = bool({"linenos", "number-lines"} & options.keys())
    return read_options(options, numbered=numbered)


def _lead(argument: Source) -> Parts:
    return (argument, "\n") if argument.text.strip() else ()


def _escape_alt(text: str) -> str:
    return re.sub(r"([\[\]<>])", r"\\\1", text)


def _is_label(text: str) -> bool:
    """Whether the argument of a solution is the label of its exercise, and not a title."""
    bare = text.strip()
    return (
        bool(bare)
        and " " not in bare
        and re.fullmatch(r"[\w:.-]*[_:\d-][\w:.-]*", bare) is not None
    )


def _strip_blank(body: Source) -> Source:
    """A body without the blank lines around it."""
    text = body.text
    start = 0
    while (
        start < len(text) and (end := text.find("\n", start)) >= 0 and not text[start:end].strip()
    ):
        start = end + 1
    return body[start : len(text.rstrip())]


def _list_terms(body: Source) -> Source:
    """The terms of a glossary as a list."""
    edits: list[Edit] = []
    at = 0
    for line in body.text.split("\n"):
        bare = line.strip()
        if bare and not line.startswith((" ", "\t", "-", "*", ":")):
            edits.append(Edit(at, at, ("- **",)))
            edits.append(Edit(at + len(line.rstrip()), at + len(line), ("**:",)))
        elif bare and line.startswith(":"):
            edits.append(Edit(at, at + 1, (" ",)))
        at += len(line) + 1
    return body.edit(edits)


def _cut_file(text: Source, directive: Directive) -> Source:
    """The part of a file that the options of a directive ask for."""
    start, end = 0, len(text)
    for option, keep in (("start-after", False), ("start-at", True)):
        if (wanted := directive.get(option)) and (found := text.text.find(wanted)) >= 0:
            line = text.text.rfind("\n", 0, found) + 1
            after = text.text.find("\n", found) + 1
            start = line if keep else (after or len(text))
    for option, keep in (("end-before", False), ("end-at", True)):
        if (wanted := directive.get(option)) and (found := text.text.find(wanted, start)) >= 0:
            line = text.text.rfind("\n", 0, found) + 1
            after = text.text.find("\n", found) + 1
            end = (after or len(text)) if keep else line
    part = text[start : max(start, end)]
    if directive.get("lines"):
        part = join_sources(list(take_parts(part, find_ranges(directive.get("lines")))), text)
    for option in ("start-line", "end-line"):
        if directive.get(option).isdecimal():
            starts = [0, *(m.end() for m in re.finditer("\n", part.text))]
            at = starts[min(int(directive.get(option)[:6]), len(starts) - 1)]
            part = part[at : len(part)] if option == "start-line" else part[0:at]
    if "dedent" in directive.options:
        part = dedent(part)
    return part[0 : len(part.text.rstrip("\n"))]
