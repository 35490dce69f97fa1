"""Draws slides of others' lessons, taken at random, and measures their pictures.

    python -m benchmarks.foreign.slide_pictures --out FOLDER [--use choose|mend|report]
        [--count 60] [--seed 14] [--every] [--checkout FOLDER] [--layout lecture|lipreadable]

A lesson is taken at random, then one of its slides; with `--every`, all slides are drawn, and only
measured. For each slide there are a PNG of its last step and a line in slides.json:

- `fill`: the share of the room for title and content that is within 40 pixels of what is drawn;
- `reach`: the share of that room's height between the first and the last thing drawn;
- `ms`: milliseconds to draw it, pictures decoded; `again`: the same once more;
- `letter`, `contrast`, `line`: of the slide's own text on all of its pages, the smallest height of
  an x in pixels, the lowest contrast, and the characters of the longest line;
- `picture_letter`: the smallest height of an x in its pictures;
- `overflow`: pages on which something is cut; `tofu`: characters that no font has.

The sheets show twelve slides each. The summary names the slowest slides, and those that overflow or
cannot be drawn.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw

from foundation.problem import ProblemError
from lessons.model import Lesson, Slide
from narrate.layout import Layout, lay_out_lecture, lay_out_lipreadable
from narrate.slides.drawing import DrawnSlide, SlideLook, draw_slide
from narrate.slides.pictures.reading import reading_from

from .checkout import CACHE
from .corpus import USES, ForeignLesson, find_lessons
from .reading import read_foreign

NEAR = 40  # pixels at 1080p around what is drawn that count as used
SHEET = (3, 4)  # columns and rows
SLOWEST = 10  # slides that are named
LEGIBILITY = ("letter", "contrast", "line", "picture_letter")
LAYOUTS = {"lecture": lay_out_lecture(), "lipreadable": lay_out_lipreadable()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--use", choices=USES, default="")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--seed", type=int, default=14)
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--checkout", type=Path, default=CACHE)
    parser.add_argument("--layout", choices=sorted(LAYOUTS), default="lecture")
    arguments = parser.parse_args()
    lessons = [
        lesson
        for lesson in find_lessons(arguments.checkout, use=arguments.use)
        if lesson.file.exists()
    ]
    layout = LAYOUTS[arguments.layout]
    arguments.out.mkdir(parents=True, exist_ok=True)
    chosen = walk_all(lessons) if arguments.every else choose(lessons, arguments)
    rows: list[dict[str, Any]] = []
    for at, (source, lesson, slide) in enumerate(chosen):
        row, png = measure(source, lesson, slide, layout, again=not arguments.every)
        rows.append(row)
        if not arguments.every:
            (arguments.out / f"{at:03}.png").write_bytes(png)
            print(at, source.repository.name, source.path, slide.number, row["fill"], flush=True)
    (arguments.out / "slides.json").write_text(json.dumps(rows, indent=1, ensure_ascii=False))
    if not arguments.every:
        draw_sheets(arguments.out, len(rows))
    print_summary(rows)
    return 0


def choose(
    lessons: Sequence[ForeignLesson], arguments: argparse.Namespace
) -> Iterator[tuple[ForeignLesson, Lesson, Slide]]:
    """Slides at random: the same ones for the same seed, as long as lessons have as many slides."""
    dice = random.Random(arguments.seed)
    found = 0
    while found < arguments.count:
        source, place = dice.choice(lessons), dice.random()
        try:
            lesson, _ = read_foreign(source.root, source.path)
        except ProblemError:
            continue
        if lesson.slides:
            found += 1
            yield source, lesson, lesson.slides[int(place * len(lesson.slides))]


def walk_all(
    lessons: Sequence[ForeignLesson],
) -> Iterator[tuple[ForeignLesson, Lesson, Slide]]:
    for source in lessons:
        try:
            lesson, _ = read_foreign(source.root, source.path)
        except ProblemError:
            continue
        for slide in lesson.slides:
            yield source, lesson, slide


def measure(
    source: ForeignLesson, lesson: Lesson, slide: Slide, layout: Layout, *, again: bool
) -> tuple[dict[str, Any], bytes]:
    """What can be said of a slide, and the PNG of its last step."""
    look = SlideLook(layout, language=source.repository.language, footer=lesson.title)

    def draw() -> tuple[DrawnSlide, float]:
        begun = time.perf_counter()
        drawn = draw_slide(slide, look, read=reading_from(source.root), path=source.path)
        return drawn, round(1000 * (time.perf_counter() - begun), 1)

    drawn, first = draw()
    row: dict[str, Any] = {
        "repository": source.repository.name,
        "path": source.path,
        "slide": slide.number,
        "title": slide.title,
        "frames": len(drawn.frames),
        "pages": 1 + max(frame.page for frame in drawn.frames),
        "findings": [f"{f.severity} {f.rule}: {f.message}" for f in drawn.findings],
        "rules": sorted({f.rule for f in drawn.findings}),
        **measure_legibility(drawn),
        "ms": first,
        "again": draw()[1] if again else None,
    }
    first_page = [frame.png for frame in drawn.frames if frame.page == 0][-1]
    return row | measure_ink(first_page, layout), draw_pages(drawn)


def measure_legibility(drawn: DrawnSlide) -> dict[str, Any]:
    """The worst measures of a slide's pages; None where there is nothing to measure."""
    pages = drawn.legibility
    letters = [page.smallest_letter for page in pages if page.smallest_letter is not None]
    contrasts = [page.lowest_contrast for page in pages if page.lowest_contrast is not None]
    within = [
        line.letter / page.unit for page in pages for _, lines in page.in_pictures for line in lines
    ]
    named = [f for f in drawn.findings if f.rule == "missing-glyphs"]
    return {
        "letter": min(letters, default=None),
        "contrast": min(contrasts, default=None),
        "line": max((page.longest_line for page in pages), default=0) or None,
        "picture_letter": min(within, default=None),
        "overflow": sum(f.rule == "slide-overflows" for f in drawn.findings),
        "tofu": sum(f.message.count("U+") for f in named),
    }


def draw_pages(drawn: DrawnSlide) -> bytes:
    """The PNG of the last step; of a slide with several pages, up to four of them in one."""
    shown = {frame.page: frame.png for frame in drawn.frames}
    if len(shown) == 1:
        return drawn.pictures[-1]
    pages = [Image.open(io.BytesIO(png)).convert("RGB") for png in list(shown.values())[:4]]
    width, height = pages[0].size
    whole = Image.new("RGB", (width, height), "#888888")
    for at, page in enumerate(pages):
        row, column = divmod(at, 2)
        small = page.resize((width // 2 - 4, height // 2 - 4))
        whole.paste(small, (column * width // 2, row * height // 2))
    out = io.BytesIO()
    whole.save(out, "PNG")
    return out.getvalue()


def measure_ink(png: bytes, layout: Layout) -> dict[str, float]:
    """The shares of a content box that are used."""
    pixels = np.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)
    ground = np.median(pixels[: layout.title.y // 2].reshape(-1, 3), axis=0)
    ink = (np.abs(pixels - ground).max(axis=2) > 24).astype(np.uint8)
    free = np.zeros_like(ink)
    for box in (layout.content, layout.above or layout.content):
        free[box.y : box.bottom, box.x : box.right] = 1
    ink &= free
    if not ink.any():
        return {"fill": 0.0, "reach": 0.0}
    side = 2 * round(NEAR * layout.unit) + 1
    near = cv2.dilate(ink, np.ones((side, side), np.uint8)) & free
    rows = np.flatnonzero(ink.any(axis=1))
    return {
        "fill": round(float(near.sum() / free.sum()), 3),
        "reach": round((rows[-1] - rows[0] + 1) / layout.content.height, 3),
    }


def draw_sheets(folder: Path, count: int) -> None:
    """Contact sheets of the PNGs in a folder, with their numbers."""
    columns, rows = SHEET
    size = (640, 360)
    for first in range(0, count, columns * rows):
        sheet = Image.new("RGB", (columns * (size[0] + 8), rows * (size[1] + 8)), "#888888")
        for at in range(first, min(first + columns * rows, count)):
            picture = Image.open(folder / f"{at:03}.png").convert("RGB").resize(size)
            ImageDraw.Draw(picture).text((4, 2), str(at), fill="#ff0000")
            row, column = divmod(at - first, columns)
            sheet.paste(picture, (column * (size[0] + 8), row * (size[1] + 8)))
        sheet.save(folder / f"sheet-{first // (columns * rows)}.png")


def print_summary(rows: Sequence[dict[str, Any]]) -> None:
    rules = Counter(
        rule for row in rows for rule in {found.partition(":")[0] for found in row["findings"]}
    )
    print(f"{len(rows)} slides")
    for name in ("fill", "reach", *LEGIBILITY, "ms", "again"):
        values = sorted(row[name] for row in rows if row.get(name) is not None)
        if values:
            tenth = values[len(values) // 10], values[len(values) * 9 // 10]
            print(f"{name}: median {statistics.median(values)}, 10 % {tenth[0]}, 90 % {tenth[1]}")
    for rule, number in rules.most_common():
        print(f"{number:5} {rule}")
    for name in ("overflow", "tofu"):
        print(f"{name}: {sum(row[name] > 0 for row in rows)} slides")
    broken = [row for row in rows if {"slide-overflows", "slide-unshown"} & set(row["rules"])]
    slow = sorted(rows, key=lambda row: -float(row["ms"]))[:SLOWEST]
    for what, some in (("overflows or unshown", broken), ("slowest", slow)):
        for row in some:
            at = f"{row['repository']} {row['path']} {row['slide']}"
            print(f"{what}: {at}: {row['ms']:.0f} ms, {row['pages']} pages, {row['rules']}")


if __name__ == "__main__":
    raise SystemExit(main())
