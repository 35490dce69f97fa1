"""The command: `setup`, `ask`, `compare` and `edges`."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from foundation.problem import ProblemError
from lessons.course.reading import load_course
from lessons.model import Lesson

from .compare import compare
from .edges import read_edges
from .setup import set_up, set_up_pictures
from .slides import OracleError
from .tools import TOOLS, ask


def main() -> int:
    """Run the command. Returns 1 if a deck could not be read or is not the same."""
    options = _read_options()
    if options.command == "setup":
        set_up(options.into, options.remark)
        if options.pictures:
            set_up_pictures(options.pictures)
        return 0
    try:
        if options.command == "edges":
            return _check_edges(options.tool)
        slides = ask(options.tool, options.file)
        if options.command == "ask":
            print(json.dumps({"slides": [asdict(s) for s in slides]}, ensure_ascii=False, indent=1))
            return 0
        result = compare(slides, _read_lesson(options.file), steps=options.steps)
    except (OracleError, ProblemError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(result)
    return 0 if result.same_titles and not result.notes else 1


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.foreign.oracles")
    commands = parser.add_subparsers(dest="command", required=True)
    setup = commands.add_parser("setup", help="install the tools")
    setup.add_argument(
        "--into", type=Path, required=True, help="a folder outside of the repository"
    )
    setup.add_argument("--remark", type=Path, help="the git folder of a clone of gnab/remark")
    setup.add_argument("--pictures", type=Path, help="another, for what pictures of slides need")
    for name, what in (("ask", "print the slides"), ("compare", "compare with the lesson")):
        command = commands.add_parser(name, help=what)
        command.add_argument("tool", choices=sorted(TOOLS))
        command.add_argument("file", type=Path)
        if name == "compare":
            command.add_argument("--steps", action="store_true", help="count a slide's steps too")
    edges = commands.add_parser("edges", help="ask about the small decks whose reading is known")
    edges.add_argument("tool", choices=sorted(TOOLS), nargs="?", help="one tool only")
    return parser.parse_args()


def _check_edges(tool: str | None) -> int:
    """Print the small decks that tools read otherwise than noted. Returns 1 if there are any."""
    others = 0
    wanted = read_edges(tool)
    for edge in wanted:
        with tempfile.TemporaryDirectory() as work:
            file = Path(work, "deck.md")
            file.write_text(edge.text, "utf-8", newline="")
            slides = tuple(ask(edge.tool, file))
        if slides != edge.slides:
            others += 1
            print(f"{edge.tool}, {edge.name}: {slides}")
    print(f"{len(wanted)} decks, {others} read otherwise")
    return 1 if others else 0


def _read_lesson(file: Path) -> Lesson:
    """The deck as the only lesson of a course, with the files beside it."""
    with tempfile.TemporaryDirectory() as work:
        root = Path(work, "course")
        shutil.copytree(file.resolve().parent, root, ignore=shutil.ignore_patterns("course.yaml"))
        lessons = json.dumps([file.name])
        (root / "course.yaml").write_text(f"title: Deck\nlessons: {lessons}\n", "utf-8")
        return load_course(root).lessons[0]


if __name__ == "__main__":
    sys.exit(main())
