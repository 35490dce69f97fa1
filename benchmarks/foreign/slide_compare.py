"""Compares our slides with those that a deck's own tool shows, by eyes that do not know which is
which.

    export FOREIGN_ORACLES=FOLDER FOREIGN_PICTURES=FOLDER
    python -m benchmarks.foreign.slide_compare choose --out OUT [--use report] [--count 60]
    python -m benchmarks.foreign.slide_compare tool --out OUT
    python -m benchmarks.foreign.slide_compare ours --out OUT --name after
    python -m benchmarks.foreign.slide_compare sheets --out OUT --judge one [--names NAME ...]
    python -m benchmarks.foreign.slide_compare verdict --out OUT --judges one two

`choose` draws slides of decks at random and finds the same slides of the decks' tools
(OUT/plan.json); some more are drawn than are asked for, since not every picture can be made.

`tool` and `ours` make the pictures; those of `ours` go to OUT/NAME, and with a place for the
presenter to OUT/NAME-presenter.

`sheets` makes a sheet a slide of the pictures called NAME (before, after and tool if none is
given), with letters in an order of chance. OUT/keys/JUDGE.json tells whose they are; no judge may
see it. Some sheets have one letter more: a picture of ours that is spoilt on purpose, and has to
lose.

A judge writes a line a slide into OUT/verdicts/JUDGE.txt, with the letters from best to worst, and
those to be ashamed of:

    017, B > A = C, ashamed: C

FOREIGN_PICTURES is the folder that `oracles setup --pictures` filled. The browser finds what fonts
fontconfig finds; let FONTCONFIG_FILE name a file with fonts for emoji and for Chinese.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from foundation.problem import ProblemError
from lessons.model import Lesson, Slide
from narrate.layout import lay_out_lecture
from narrate.slides.drawing import SlideLook, draw_slide
from narrate.slides.pictures.reading import reading_from

from .blind_sheets import make_sheets
from .checkout import CACHE
from .corpus import USES, ForeignLesson, find_lessons
from .oracles import OracleError
from .oracles.tools import HERE
from .reading import read_foreign
from .tool_slides import ToolSlide, ask_tool, find_page, find_tool, make_page, match, number_shown
from .verdicts import print_verdicts

SPARE = 0.5  # of the slides asked for, drawn in addition
DECK_SECONDS = 600.0  # for the pictures of a deck
PRESENTER = "-presenter"  # what the folder with a place for the presenter is called in addition
Row = dict[str, Any]


def main() -> int:
    options = _read_options()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.command == "choose":
        choose(options)
    elif options.command == "tool":
        draw_with_tools(_read_plan(options.out), options)
    elif options.command == "ours":
        draw_ours(_read_plan(options.out), options)
    elif options.command == "sheets":
        rows = _read_plan(options.out)
        count = make_sheets(
            rows, options.out, options.judge, options.names, options.count, options.every
        )
        print(f"{count} sheets in {options.out / 'sheets' / options.judge}")
    else:
        print_verdicts(_read_plan(options.out), options.out, options.judges)
    return 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0] if __doc__ else "")
    commands = parser.add_subparsers(dest="command", required=True)
    chosen = commands.add_parser("choose")
    chosen.add_argument("--use", choices=USES, default="report")
    chosen.add_argument("--seed", type=int, default=14)
    tool, ours = commands.add_parser("tool"), commands.add_parser("ours")
    ours.add_argument("--name", default="after")
    sheets, verdict = commands.add_parser("sheets"), commands.add_parser("verdict")
    sheets.add_argument("--judge", required=True)
    sheets.add_argument("--names", nargs="+", default=["before", "after", "tool"])
    sheets.add_argument("--every", type=int, default=5, help="sheets for one that is spoilt")
    verdict.add_argument("--judges", nargs="+", required=True)
    for command in (chosen, tool, ours, sheets, verdict):
        command.add_argument("--out", type=Path, required=True)
        command.add_argument("--checkout", type=Path, default=CACHE)
        command.add_argument("--count", type=int, default=60)
    return parser.parse_args()


def _read_plan(out: Path) -> list[Row]:
    rows: list[Row] = json.loads((out / "plan.json").read_text("utf-8"))
    return rows


def choose(options: argparse.Namespace) -> None:
    """Draw the slides, and write which they are here and in the deck's tool."""
    rows: list[Row] = []
    skipped: Counter[str] = Counter()
    for source, lesson, at, shown, tool, count in _draw(options, skipped):
        told, reason = match(lesson, at, shown)
        if told is None:
            skipped[f"{tool}: {reason}"] += 1
            continue
        rows.append(_describe(len(rows), source, lesson, at, told) | {"oracle": tool, "of": count})
        if len(rows) >= options.count * (1 + SPARE):
            break
    (options.out / "plan.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False), "utf-8")
    (options.out / "skipped.json").write_text(json.dumps(skipped, indent=1), "utf-8")
    print(len(rows), "slides;", dict(Counter(row["oracle"] for row in rows)))
    print("skipped:", dict(skipped))


def _draw(
    options: argparse.Namespace, skipped: Counter[str]
) -> Iterator[tuple[ForeignLesson, Lesson, int, list[ToolSlide], str, int]]:
    """Slides at random: a deck first, then one of its slides; none of them twice."""
    lessons = [one for one in find_lessons(options.checkout, use=options.use) if one.file.exists()]
    dice = random.Random(options.seed)
    known: dict[Path, tuple[Lesson, list[ToolSlide], str, int] | None] = {}
    seen: set[tuple[Path, int]] = set()
    for _ in range(100 * options.count):
        source, place = dice.choice(lessons), dice.random()
        if source.file not in known:
            known[source.file] = _know(source, skipped)
        if not (deck := known[source.file]):
            continue
        lesson, shown, tool, count = deck
        at = int(place * len(lesson.slides))
        if (source.file, at) not in seen:
            seen.add((source.file, at))
            yield source, lesson, at, shown, tool, count


def _know(
    source: ForeignLesson, skipped: Counter[str]
) -> tuple[Lesson, list[ToolSlide], str, int] | None:
    """A deck and what its tool shows; None, which is counted, if there is none."""
    try:
        lesson, _ = read_foreign(source.root, source.path)
    except ProblemError:
        skipped[f"{source.tool}: deck not read"] += 1
        return None
    page = find_page(source.file) if source.tool.startswith("reveal") else None
    tool = find_tool(lesson, source.tool, page)
    if not tool or not lesson.slides:
        if lesson.shape == "deck":
            skipped[f"{source.tool}: deck without a tool"] += 1
        return None
    try:
        slides = ask_tool(tool, source.file, page)
    except (OracleError, OSError) as error:
        skipped[f"{tool}: deck refused by the tool"] += 1
        print(source.repository.name, source.path, str(error)[:200])
        return None
    hidden = tool == "slidev"  # whose pages have no hidden slides
    count = sum(not slide.hidden for slide in slides) if hidden else len(slides)
    return lesson, number_shown(slides, tool), tool, count


def _describe(at: int, source: ForeignLesson, lesson: Lesson, number: int, told: ToolSlide) -> Row:
    return {
        "at": at,
        "repository": source.repository.name,
        "path": source.path,
        "language": source.repository.language,
        "slide": number + 1,
        "slides": len(lesson.slides),
        "title": lesson.slides[number].title,
        "index": told.index,
    }


def draw_with_tools(rows: Sequence[Row], options: argparse.Namespace) -> None:
    """Draw the slides of a plan with the decks' own tools, deck by deck."""
    folder = options.out / "tool"
    folder.mkdir(exist_ok=True)
    sources = {(one.repository.name, one.path): one for one in find_lessons(options.checkout)}
    decks: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        decks[row["repository"], row["path"]].append(row)
    failed: Counter[str] = Counter()
    for deck, wanted in decks.items():
        pictures = {row["index"]: folder / f"{row['at']:03}-0.png" for row in wanted}
        missing = {index: file for index, file in pictures.items() if not file.exists()}
        if not missing:
            continue
        tool, source = wanted[0]["oracle"], sources[deck]
        for error in _ask_pictures(source, tool, wanted[0]["of"], missing, options.checkout):
            failed[tool] += 1
            print(*deck, error, flush=True)
    print("not drawn:", dict(failed))


def _ask_pictures(
    source: ForeignLesson, tool: str, count: int, pictures: dict[int, Path], checkout: Path
) -> list[str]:
    """Have a deck's tool draw its slides. Returns what went wrong, an entry a slide."""
    made = tool in ("quarto", "pandoc")
    styles = checkout / "yihui+xaringan/inst/rmarkdown/templates/xaringan/resources"
    job = {
        "kind": "html" if made else tool,
        "file": str(source.file.resolve()),
        "root": str(source.root.resolve()),
        "page": make_page(tool, source.file) if made else None,
        "xaringan": os.environ.get("XARINGAN_STYLES", str(styles)),
        "count": count,
        "slides": [
            {"index": index, "out": str(out.resolve())} for index, out in sorted(pictures.items())
        ],
    }
    command = ["node", str(HERE / "pictures.mjs")]
    given = json.dumps(job)
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, encoding="utf-8", timeout=DECK_SECONDS
        )
    except subprocess.TimeoutExpired:
        return ["took too long"] * len(pictures)
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    wrong = [f"{line['index']}: {line['error']}" for line in told if line["error"]]
    return wrong + [done.stderr.strip()[-600:]] * (len(pictures) - len(told))


def draw_ours(rows: Sequence[Row], options: argparse.Namespace) -> None:
    """Draw the slides of a plan with the code that runs, without and with a presenter."""
    sources = {(one.repository.name, one.path): one for one in find_lessons(options.checkout)}
    for row in rows:
        source = sources[row["repository"], row["path"]]
        lesson, _ = read_foreign(source.root, source.path)
        for has_presenter in (False, True):
            folder = options.out / (options.name + PRESENTER * has_presenter)
            folder.mkdir(exist_ok=True)
            if slide := find_slide(lesson, row):
                look = SlideLook(
                    lay_out_lecture(has_presenter=has_presenter),
                    language=source.repository.language,
                    footer=lesson.title,
                )
                _write_pages(slide, look, source, folder / f"{row['at']:03}")
        print(row["at"], row["repository"], row["path"], row["slide"], flush=True)


def find_slide(lesson: Lesson, row: Row) -> Slide | None:
    """The slide of a plan's row, by its number, or by its title if the deck is read otherwise."""
    if len(lesson.slides) == row["slides"]:
        return lesson.slides[int(row["slide"]) - 1]
    same = [slide for slide in lesson.slides if slide.title == row["title"]]
    return same[0] if len(same) == 1 else None


def _write_pages(slide: Slide, look: SlideLook, source: ForeignLesson, stem: Path) -> None:
    """Write the last picture of each page of a slide, and remove those of an earlier run."""
    for old in stem.parent.glob(f"{stem.name}-*.png"):
        old.unlink()
    drawn = draw_slide(slide, look, read=reading_from(source.root), path=source.path)
    for page, png in {frame.page: frame.png for frame in drawn.frames}.items():
        stem.with_name(f"{stem.name}-{page}.png").write_bytes(png)


if __name__ == "__main__":
    raise SystemExit(main())
