"""The stored outputs of a notebook's cells, as Markdown."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import dropwhile
from typing import Any

from lessons.markdown.markers import make_marker
from lessons.markdown.outline import clean_text

MOST_LINES = 15
"""Lines of text that an output shows; a slide has no room for more."""

_MOST_OUTPUTS = 30  # of one cell
_LONGEST_LINE = 200
_FOLDED = 120  # what a line that was too long is folded to
_LARGEST_HTML = 60_000
_MOST_ROWS = 12
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml", "image/gif", "image/webp")
_OLD_NAMES = {"png": "image/png", "jpeg": "image/jpeg", "svg": "image/svg+xml",
              "text": "text/plain", "html": "text/html", "latex": "text/latex"}  # fmt: skip
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NAMELESS = re.compile(
    r"^\s*[\[({]*<[\w.]+(?: \w+)* at 0x[0-9a-fA-F]+>|^\s*<Figure size"
    r"|^\s*[\[(]*<[\w.]+ (?:object|of)\b|^\s*<IPython\.|^\s*(?:Axes|Text)\w*\("
    r"|^\s*\[?<matplotlib\.|^\s*alt\.\w*Chart\(|^Figure\("
)
"""What Python prints for a thing that has no text of its own, such as a drawing."""
_OPENING = re.compile(r"(?:\$+|\\\[|\\\()\s*(?:\\displaystyle\s*)?")
_SCRIPT = re.compile(r"<(/?)(?:style|script)\b[^<>]*>", re.IGNORECASE)
_TABLE = re.compile(r"<(/?)table\b[^<>]*>", re.IGNORECASE)
_ROW = re.compile(r"<(/?)tr\b[^<>]*>", re.IGNORECASE)
_CELL = re.compile(r"<(/?)t[hd]\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_VIDEO = re.compile(r"<iframe\b[^<>]*(?:youtu|vimeo)|<video\b", re.IGNORECASE)


def write_outputs(number: int, outputs: Sequence[Any]) -> tuple[list[str], int]:
    """The outputs of the cell with this number, and how many of them were shortened."""
    parts: list[str] = []
    shortened = 0
    stream = ""
    for position, output in enumerate([*outputs[:_MOST_OUTPUTS], None]):
        kind = str(output.get("output_type", "")) if isinstance(output, dict) else ""
        if isinstance(output, dict) and kind == "stream":
            stream += _join(output.get("text"))
            continue
        if stream:
            text, cut = _write_text(stream)
            parts.append(text)
            shortened += cut
            stream = ""
        if not isinstance(output, dict):
            continue
        if kind in ("error", "pyerr"):
            said = f"{output.get('ename', '')}: {output.get('evalue', '')}"
            parts.append(_write_text(said)[0])
            continue
        text, cut = _write_data(f"{number}/{position}", output)
        parts.append(text)
        shortened += cut
    return parts, shortened


def _join(value: object) -> str:
    if isinstance(value, list):
        return "".join(line for line in value if isinstance(line, str))
    return value if isinstance(value, str) else ""


def _write_data(part: str, output: Mapping[str, Any]) -> tuple[str, int]:
    """The richest form of an output that can be shown."""
    held = output.get("data")
    old = not isinstance(held, dict)
    data: Mapping[str, Any] = (
        held
        if isinstance(held, dict)
        else {mime: output[name] for name, mime in _OLD_NAMES.items() if name in output}
    )
    plain = _join(data.get("text/plain"))
    picture = next((mime for mime in _PICTURES if data.get(mime)), "")
    if picture:
        if old:
            return _hold_place("Picture"), 0
        return f"\n![](notebook-part:{part}/{picture})\n\n", 0
    if markdown := _join(data.get("text/markdown")):
        return clean_text(markdown[:20_000]) + "\n\n", 0
    if latex := _join(data.get("text/latex")):
        formula = _read_formula(latex)
        if formula:
            return f"\n$$\n{formula}\n$$\n\n", 0
    html = _join(data.get("text/html"))
    if html:
        text, cut = _write_html(html)
        if text:
            return text, cut
    if any("widget" in mime or "plotly" in mime or "vega" in mime for mime in data):
        return _hold_place("Interactive-output"), 0
    if not plain.strip() or _NAMELESS.match(plain):
        return (_hold_place("Output"), 0) if html.strip() else ("", 0)
    return _write_text(plain)


def _hold_place(what: str) -> str:
    return "\n" + "".join(str(part) for part in make_marker("placeholder", what)) + "\n"


def _write_text(text: str) -> tuple[str, int]:
    """Plain text as code without a language, and 1 if it was shortened."""
    text = _ESCAPES.sub("", text[:200_000])
    lines = [line.rstrip("\r").rsplit("\r", 1)[-1] for line in text.rstrip().split("\n")]
    lines = [part for line in lines for part in _fold(clean_text(_CONTROL.sub("", line)))]
    lines = list(dropwhile(lambda line: not line.strip(), lines))
    if not lines:
        return "", 0
    cut = len(lines) > MOST_LINES
    if cut:
        lines = [*lines[: MOST_LINES - 1], "…"]
    longest = max((len(run) for line in lines for run in re.findall(r"`{3,}", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n" + "\n".join(lines) + f"\n{fence}\n\n", int(cut)


def _fold(line: str) -> Iterator[str]:
    """A line that is too long for a slide in several, which end between words where they can."""
    width = _FOLDED if len(line) > _LONGEST_LINE else _LONGEST_LINE
    while len(line) > width:
        at = line.rfind(" ", width // 2, width) + 1 or width
        yield line[:at].rstrip()
        line = line[at:]
    yield line


def _read_formula(latex: str) -> str:
    bare = clean_text(latex.strip())[:5000]
    if opening := _OPENING.match(bare):
        bare = bare[opening.end() :]
    bare = (bare[:-2] if bare.endswith(("\\]", "\\)")) else bare.rstrip("$")).rstrip()
    if "$" in bare or "\\begin{tab" in bare:
        return ""
    return "\n".join(line for line in bare.split("\n") if line.strip())


def _write_html(html: str) -> tuple[str, int]:
    """A table as rows between bars; a placeholder for what else a page would show."""
    if _VIDEO.search(html[:_LARGEST_HTML]):
        return _hold_place("Video"), 0
    bare = _remove_scripts(html[:_LARGEST_HTML])
    table = next(_find_contents(bare, _TABLE), None)
    if table is None:
        if "<script" in html.lower() or "<iframe" in html.lower():
            return _hold_place("Interactive-output"), 0
        return "", 0
    rows = [
        [_read_cell(bare[slice(*cell)]) for cell in _find_contents(bare, _CELL, *row)]
        for row in _find_contents(bare, _ROW, *table)
    ]
    rows = [row for row in rows if row]
    if not rows:
        return "", 0
    cut = len(rows) > _MOST_ROWS + 1
    width = max(len(row) for row in rows)
    padded = [row + [""] * (width - len(row)) for row in rows[: _MOST_ROWS + 1]]
    lines = ["| " + " | ".join(row) + " |" for row in padded]
    lines.insert(1, "|" + " --- |" * width)
    return "\n" + "\n".join(lines) + "\n\n", int(cut)


def _find_contents(
    html: str, tag: re.Pattern[str], at: int = 0, stop: int = _LARGEST_HTML
) -> Iterator[tuple[int, int]]:
    """Where the contents of elements begin and end; those that are not closed are left out."""
    begin = -1
    for found in tag.finditer(html, at, stop):
        if not found[1]:
            begin = found.end() if begin < 0 else begin
        elif begin >= 0:
            yield begin, found.start()
            begin = -1


def _remove_scripts(html: str) -> str:
    """HTML in which scripts and styles are empty."""
    parts, at = [], 0
    for begin, end in _find_contents(html, _SCRIPT):
        parts.append(html[at:begin])
        at = end
    return "".join([*parts, html[at:]])


def _read_cell(html: str) -> str:
    text = " ".join(entities.unescape(_TAG.sub(" ", html)).split())
    return re.sub(r"([\\`*_|<\[\]$~^{}])", r"\\\1", clean_text(text)[:300])
