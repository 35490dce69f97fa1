"""Compares a deck with the slides that its own tool makes of it, where the tool is installed.

The variable FOREIGN_ORACLES names the folder with the tools (see `oracles`). What is different on
purpose, or cannot be known to the tool, is made alike on both sides: a slide that only adds to the
one before it is a step of it, results of R are left out of titles, a heading in speaker notes
begins no slide, blank slides of Marp are none, and quotation marks are straight. Formulas in a
title may be written in any way.
"""

from __future__ import annotations

import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path

from lessons.model import Lesson

from .oracles import OracleError, OracleSlide, ask, fold
from .oracles.compare import compare
from .oracles.tools import FOLDER_VARIABLE

ORACLES = {
    "marp": "marp",
    "slidesonnet": "marp",
    "slidev": "slidev",
    "reveal": "reveal-md",
    "reveal-html": "reveal",
    "remark": "remark",
    "xaringan": "xaringan",
    "quarto": "quarto",
    "pandoc": "pandoc",
}
SECONDS = 60.0
_FRONT = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*\n", re.DOTALL)
_VERTICAL = re.compile(r"^(---v|--)$", re.MULTILINE)


def compare_deck(lesson: Lesson, tool: str, file: Path) -> dict[str, object]:
    """Whether a deck has as many slides as in its tool, and the same titles.

    Empty for a script, for a tool that cannot be asked, and where no tool is installed.
    """
    if lesson.shape != "deck" or tool not in ORACLES or not os.environ.get(FOLDER_VARIABLE):
        return {}
    try:
        slides = _ask(ORACLES[tool], file)
    except OracleError as error:
        return {"oracle_error": str(error)[-300:]}
    result = compare(_adapt(slides, tool, lesson), lesson)
    return {
        "same_count": result.same_count,
        "same_titles": result.same_titles,
        "difference": str(result)[:2000] if not result.same_titles else "",
    }


def _adapt(slides: list[OracleSlide], tool: str, lesson: Lesson) -> list[OracleSlide]:
    """The slides as they are compared. Marp does not know the comment `skip` of slideSonnet, and
    Slidev's parser no heading that is written in HTML or that its header hides with a blank title,
    though its slide shows it."""
    if tool in ("marp", "slidesonnet"):
        slides = [slide for slide in slides if not slide.blank]
    if tool == "slidesonnet":
        return [s for s in slides if "skip" not in (line.strip() for line in s.notes.split("\n"))]
    shown = fold(slides)
    if tool == "slidev" and len(shown) == len(lesson.slides):
        pairs = zip(shown, lesson.slides, strict=True)
        return [replace(told, title=told.title.strip() or read.title) for told, read in pairs]
    return slides


def _ask(tool: str, file: Path) -> list[OracleSlide]:
    text = file.read_text("utf-8-sig", errors="replace").replace("\r\n", "\n")
    changed = text
    if tool == "reveal-md":
        changed = _add_separator(text)
    if tool != "remark" and changed == text:
        return ask(tool, file, timeout=SECONDS)
    if tool == "remark" and ("<textarea" in text or "sourceUrl" in text):
        return ask(tool, file, timeout=SECONDS)
    with tempfile.TemporaryDirectory() as work:  # for remark: Markdown that a page loads
        copy = Path(work, "deck.md")
        copy.write_text(changed, "utf-8", newline="")
        return ask(tool, copy, timeout=SECONDS)


def _add_separator(text: str) -> str:
    """The separator that a deck's command line gives, if the deck shows it: `---v` or `--`."""
    front = _FRONT.match(text)
    if "erticalSeparator" in (front[0] if front else "") or not (sign := _VERTICAL.search(text)):
        return text
    keys = front[1] if front else ""
    setting = f'verticalSeparator: "\\\\r?\\\\n{sign[1]}\\\\r?\\\\n"\n'
    return f"---\n{keys}{setting}---\n{text[front.end() :] if front else text}"
