"""The words of a lesson as its own tool shows it, which pandoc's reading stands for.

Formulas, citations and addresses are left out: they are said and shown in other words.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from lessons.wordset import word_set

from .includes import included_texts
from .source_rules import prepare
from .text_rules import drop_dollars, drop_formulas, drop_notebook_contents

SECONDS = 60
_PANDOC = "markdown-citations+lists_without_preceding_blankline+autolink_bare_uris-smart"
_READERS = {
    "reveal-html": "html",
    "rmarkdown": _PANDOC,
    "quarto": _PANDOC,
    "pandoc": _PANDOC,
    "carpentries": _PANDOC + "-blank_before_header-blank_before_blockquote",
    "jekyll": _PANDOC + "-blank_before_header-blank_before_blockquote",
    "galaxy": _PANDOC + "-blank_before_header-blank_before_blockquote",
    "gfm": "gfm+emoji",
}
_OTHERS = "commonmark_x-smart-emoji"
_APART = word_set(
    "Para Plain Header CodeBlock LineBlock BlockQuote BulletList OrderedList DefinitionList Table "
    "Div Figure HorizontalRule LineBreak SoftBreak Space Note Image"
)
_UNSHOWN = word_set("instructor")
"""Boxes that learners do not see: the instructors' notes of Carpentries."""
_UNREAD = ("script", "style", "template", "head", "svg")
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


class _PageText(HTMLParser):
    """The text of a page, with the alternative texts of its pictures."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._unread: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread.append(tag)
        self.parts += [" ", dict(attrs).get("alt") or "" if tag == "img" else "", " "]

    def handle_endtag(self, tag: str) -> None:
        if tag in self._unread:
            self._unread.remove(tag)
        self.parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.parts.append(data)


def read_page(text: str) -> str:
    parser = _PageText()
    parser.feed(text)
    parser.close()
    return "".join(parser.parts)


def reference_text(text: str, tool: str, folder: Path) -> str:
    """What the lesson's tool shows of it, as plain text. `folder` is the lesson's."""
    if tool == "jupyter":
        return "\n\n".join(_notebook(json.loads(text)))
    parts = [_plain(prepare(text, tool), _READERS.get(tool, _OTHERS))]
    inside = "reveal" if tool == "reveal-html" else tool
    for included in included_texts(text, tool, folder):
        parts.append(_plain(prepare(included, inside), _READERS.get(inside, _OTHERS)))
    return "\n\n".join(parts)


def _notebook(notebook: dict[str, Any]) -> Iterator[str]:
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            yield source
            yield from (_output(output) for output in cell.get("outputs", ()))
        elif cell["cell_type"] == "markdown":
            source = drop_notebook_contents(source)
            yield _plain(drop_formulas(source), _OTHERS)


def _output(output: dict[str, Any]) -> str:
    """What a notebook shows of a result: its table or its text, but no text beside a picture or a
    formula."""
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    data = {"text/plain": output["text"]} if "text" in output else output.get("data", {})
    if any(kind.startswith("image/") for kind in data):
        return ""
    if "text/latex" in data:
        return ""
    if "text/html" in data:
        return read_page("".join(data["text/html"]))
    return _ANSI.sub("", "".join(data.get("text/plain", ())))


def _plain(text: str, reader: str) -> str:
    command = [find_pandoc(), "--from", reader, "--to", "json", "--quiet"]
    done = subprocess.run(
        command, input=text.encode(), capture_output=True, check=True, timeout=SECONDS
    )
    return "".join(_texts(json.loads(done.stdout)["blocks"]))


def _texts(node: Any) -> Iterator[str]:
    """The texts in pandoc's tree, with spaces where words end."""
    if isinstance(node, list):
        for part in node:
            yield from _texts(part)
    if not isinstance(node, dict):
        return
    kind: str = node.get("t", "")
    content: Any = node.get("c", ())
    match kind:
        case "Str":
            yield str(content)
        case "Code" | "CodeBlock":
            yield f" {content[1]} " if kind == "CodeBlock" else str(content[1])
        case "RawBlock" | "RawInline":
            if content[0] == "html":
                yield (
                    drop_dollars(read_page(content[1])) if kind == "RawBlock" else _alt(content[1])
                )
        case "Math" | "Cite":
            yield " "
        case "Div" if _UNSHOWN & {*content[0][1]}:
            yield " "
        case _:
            yield " " if kind in _APART else ""
            yield from _texts(content)
            yield " " if kind in _APART else ""


def _alt(tag: str) -> str:
    """The alternative text in a tag; a space where a line ends."""
    found = re.search(r"<img\b[^>]*\balt=[\"']([^\"']*)", tag)
    if found:
        return f" {html.unescape(found[1])} "
    return " " if re.match(r"</?(?:br|p|div|li|td|th|h\d|tr|summary|details|hr)\b", tag) else ""


@cache
def find_pandoc() -> str:
    """The pandoc that the optional packages `foreign` bring."""
    import pypandoc

    path = pypandoc.get_pandoc_path()
    assert isinstance(path, str) and Path(path).exists()
    return path
