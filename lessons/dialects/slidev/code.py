"""Code in Slidev: files that it brings in, code that changes in steps, and diagrams."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from lessons.dialects.base import Context
from lessons.dialects.includes import read_included
from lessons.dialects.syntax.code_fences import find_fences, make_code, set_info
from lessons.dialects.syntax.file_parts import drop_lines, take_anchor
from lessons.dialects.syntax.scan import Line, scan_lines
from lessons.markdown.code_lines import read_line_marks
from lessons.markdown.markers import Parts, make_marker
from lessons.markdown.source import Edit, Source

_SNIPPET = re.compile(
    r"^[ \t]*<<<[ \t]+(?P<path>[^\s#{}\[\]]{1,300})(?:#(?P<region>[\w.-]{1,80}))?"
    r"[ \t]*(?:\[[^\]]*\])?[ \t]*(?P<info>\{[^}]*\}|)?[ \t]*(?P<language>[\w+#-]*)"
)
_MAGIC = re.compile(r"\bmagic-move\b")
_DIAGRAM = re.compile(r"(?:mermaid|plantuml)\b")
_STEPS = re.compile(r"^([ \t]*\$\$)[ \t]*\{[\d|,*\- \tal]+\}[^\n$]*$")


def rewrite_slidev_code(source: Source, context: Context) -> Source:
    """Put code blocks in the place of what shows code, and let nothing follow `mermaid`."""
    edits: list[Edit] = []
    lines = scan_lines(source.text)
    for line in lines:
        if line.kind == "text" and "<<<" in line.text and (found := _SNIPPET.match(line.text)):
            parts = _bring_in(source, context, line, found)
            edits.append(Edit(line.start, line.end, parts))
        elif line.kind == "math" and (steps := _STEPS.match(line.text)):
            edits.append(Edit(line.start + steps.end(1), line.end))
    for fence in find_fences(lines):
        if diagram := _DIAGRAM.match(fence.info):
            edits.append(set_info(fence, diagram[0]))
        elif _MAGIC.search(fence.info):
            inner = [x for x in fence.content if x.text.lstrip().startswith(("```", "~~~"))]
            # Every second of them opens one state of the code.
            edits += [Edit(x.start, x.start, make_marker("step")) for x in inner[2::2]]
            edits.append(Edit(fence.opening.start, fence.opening.end))
            if fence.closing is not None:
                edits.append(Edit(fence.closing.start, fence.closing.end))
    return source.edit(edits)


def _bring_in(source: Source, context: Context, line: Line, found: re.Match[str]) -> Parts:
    """The code block of a file that the deck brings in (`<<< @/snippets/a.ts#part {2|3} ts`)."""
    at = line.start
    path = found["path"]
    name = path.removeprefix("@").lstrip("/")
    file = read_included(context, name, source.find_place(at))
    if file is None:
        return ()
    code = Source.of(file.path, file.text)
    if found["region"]:
        region = re.escape(found["region"])
        opening = re.compile(rf"#region\s+{region}\s*(?:-->|\*/)?\s*$")
        code = take_anchor(code, opening, re.compile(r"#endregion\b"))
    code = drop_lines(code, re.compile(r"#(?:end)?region\b"))
    language = found["language"] or PurePosixPath(name).suffix.lstrip(".")
    code = source.insert_file(Source(code.text, code.pieces, file), at)
    marks = read_line_marks((found["info"] or "") + line.text[found.end() :])
    return (make_code(code, language + marks.write(), source, at),)
