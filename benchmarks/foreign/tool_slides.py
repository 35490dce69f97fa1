"""Which picture of a deck's own tool shows the same slide as one of ours."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lessons.model import Lesson

from .decks import ORACLES, SECONDS
from .oracles import OracleSlide, ask
from .oracles.compare import plain_title
from .oracles.quarto import read_quarto
from .oracles.tools import FOLDER_VARIABLE, HERE, PANDOC, run

_CELL = re.compile(r"^(\s*)(`{3,})\{(\w+)[^}\n]*\}[ \t]*\n(.*?)^\1\2[ \t]*\n?", re.M | re.S)
_OPTION = re.compile(r"^\s*#\|.*\n", re.M)
_UNSEEN = re.compile(r"^\s*#\|\s*(?:echo|include):\s*false", re.M | re.I)
_QUARTO_LOOK = """<style>
.reveal { font-size: 40px; } .reveal .slides { text-align: left; }
.reveal h1 { font-size: 2.5em; } .reveal h2 { font-size: 1.6em; } .reveal h3 { font-size: 1.3em; }
.reveal h1, .reveal h2, .reveal h3 { text-transform: none; letter-spacing: 0; line-height: 1.2; }
.reveal ul, .reveal ol { display: block; margin-left: 1em; }
.reveal #title-slide { text-align: center; } .reveal pre { width: 100%; font-size: 0.55em; }
</style>"""
"""Quarto's own style sheets come only with Quarto; these are the sizes that its guide names."""


@dataclass(frozen=True, slots=True)
class ToolSlide:
    """A slide of a tool: its number from 0 among those it shows, the steps of a slide counted."""

    index: int
    title: str


def find_tool(lesson: Lesson, tool: str, page: Path | None) -> str:
    """What pictures are asked of for a lesson; empty if it is no deck or the tool is not there."""
    if lesson.shape != "deck" or tool not in ORACLES or not os.environ.get(FOLDER_VARIABLE):
        return ""
    if tool == "reveal" and page:
        return "reveal"
    return ORACLES[tool]


def ask_tool(tool: str, file: Path, page: Path | None) -> list[OracleSlide]:
    """The slides that a tool tells of. `page` shows a Markdown file of reveal.js, if there is one.

    Raises OracleError if the tool cannot be asked.
    """
    text = file.read_text("utf-8-sig", errors="replace").replace("\r\n", "\n")
    if tool == "reveal" and page:
        return ask(tool, page, timeout=SECONDS)
    if tool == "quarto":
        with tempfile.TemporaryDirectory() as work:
            copy = Path(work, "deck.html")
            copy.write_text(make_page(tool, file), "utf-8")
            return ask("reveal", copy, timeout=SECONDS)
    if tool == "remark" and not ("<textarea" in text or "sourceUrl" in text):
        with tempfile.TemporaryDirectory() as work:
            copy = Path(work, "deck.md")
            copy.write_text(text, "utf-8", newline="")
            return ask(tool, copy, timeout=SECONDS)
    return ask(tool, file, timeout=SECONDS)


def find_page(file: Path) -> Path | None:
    """The page in a Markdown file's folder that shows it with reveal.js."""
    if file.suffix.lower() in {".html", ".htm"}:
        return file
    wanted = re.compile(rf"data-markdown=[\"'](?:\./)?{re.escape(file.name)}[\"']")
    for page in sorted(file.parent.glob("*.htm*")):
        if wanted.search(page.read_text("utf-8", errors="replace")):
            return page
    return None


def number_shown(slides: Sequence[OracleSlide], tool: str) -> list[ToolSlide]:
    """The slides that the tool shows. A slide with steps is counted once, as its last step."""
    shown: list[ToolSlide] = []
    index = -1
    for slide in slides:
        if slide.hidden and tool == "slidev":
            continue
        index += 1
        if slide.hidden or (tool == "marp" and slide.blank):
            continue
        if slide.continues and shown:
            shown.pop()
        shown.append(ToolSlide(index, slide.title))
    return shown


def match(lesson: Lesson, number: int, shown: Sequence[ToolSlide]) -> tuple[ToolSlide | None, str]:
    """The tool's slide that is our slide `number`, counted from 0, or why there is none."""
    title = plain_title(lesson.slides[number].title)
    if len(shown) == len(lesson.slides):
        told = shown[number]
        if not plain_title(told.title) or not title or _is_like(plain_title(told.title), title):
            return told, ""
    same = [slide for slide in shown if _is_like(plain_title(slide.title), title)]
    ours = [slide for slide in lesson.slides if plain_title(slide.title) == title]
    if title and len(same) == len(ours) == 1:
        return same[0], ""
    return None, "no slide with that title" if not same else "several slides with that title"


def make_page(tool: str, file: Path) -> str:
    """The page that pandoc makes, as Quarto would ask for it, without what code computes."""
    home = Path(os.environ[FOLDER_VARIABLE])
    options: Sequence[str] = (f"--lua-filter={HERE / 'pandoc.lua'}",)
    text = file.read_text("utf-8-sig", errors="replace")
    look: Mapping[str, str] = {}
    if tool == "quarto":
        deck = read_quarto(file, prepare=_show_cells)
        options, text = deck.options, deck.text
        look = {"theme": "white", "width": "1050", "height": "700", "center": "false"}
    variables = [f"--variable={name}:{value}" for name, value in look.items()]
    command = [str(home / PANDOC), "--from=markdown", "--to=revealjs", "--standalone", "--mathjax"]
    command += [*options, *variables, "--variable=revealjs-url:/_npm/reveal.js"]
    page = run(command, home, SECONDS, text)
    return page.replace("</head>", _QUARTO_LOOK + "</head>") if tool == "quarto" else page


def _show_cells(text: str) -> str:
    """Cells of code without their options, and without those that are not shown."""

    def show(cell: re.Match[str]) -> str:
        if _UNSEEN.search(cell[4]):
            return ""
        code = _OPTION.sub("", cell[4])
        return f"{cell[1]}{cell[2]}{cell[3]}\n{code}{cell[1]}{cell[2]}\n" if code.strip() else ""

    return _CELL.sub(show, text)


def _is_like(told: str, read: str) -> bool:
    return re.sub(r"\W", "", told).lower() == re.sub(r"\W", "", read).lower()
