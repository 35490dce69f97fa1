"""Slides that try to break the drawing: text of any length in any field, and pictures of any shape.

Each case is a function of the folder in which it may put its pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from lessons.model import (
    Box,
    Code,
    Columns,
    Formula,
    ItemList,
    ListItem,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Run,
    Slide,
    Table,
    Visual,
)

WORDS = "some words to read of which there are far too many for a slide to show "
ZALGO = "".join(letter + "\u0301\u0327\u0332\u0489" * 12 for letter in "combining marks")
BIDI = "abc \u202eright to left\u202c \u2066שלום 123\u2069 \u200fمرحبا\u200e \u202d\u202bx" * 8
ZERO_WIDTH = "zero\u200b\u200c\u200d\u2060\ufeffwidth\u00ad" * 20
CONTROLS = "".join(map(chr, range(0x20))) + "\x7f\x85\u2028\u2029\ud800\udfff\ufffe\uffff tail"
WIDE = "\U0001f468\u200d\U0001f469\u200d\U0001f467 \ufdfd ⸻ \u3000 漢字仮名交じり文" * 12

Make = Callable[[Path], Slide]


def text(words: str, style: str = "plain") -> tuple[Run, ...]:
    return (Run(words, style),)  # type: ignore[arg-type]


def slide(*visuals: Visual, title: str = "Title", steps: int = 1) -> Slide:
    return Slide(3, title, visuals, (), line=7, steps=steps)


def items(count: int, words: str, level: int = 0) -> ItemList:
    return ItemList(tuple(ListItem(text(words), level) for _ in range(count)))


def table(columns: int, rows: int, cell: str = "cell") -> Table:
    row = tuple(text(f"{cell} {n}") for n in range(columns))
    return Table(row, (row,) * rows, ())


def nest(depth: int, inside: Visual) -> Visual:
    for _ in range(depth):
        inside = Box("note", "Note", text("A box"), (inside,))
    return inside


def nest_columns(depth: int, inside: Visual) -> Visual:
    for _ in range(depth):
        inside = Columns(((inside,), (Paragraph(text("beside")),)), (0.5, 0.5))
    return inside


def picture(folder: Path, width: int, height: int, name: str = "") -> Picture:
    file = folder / (name or f"{width}x{height}.png")
    if not file.exists():
        pixels = np.full((height, width, 3), (200, 30, 30), np.uint8)
        Image.fromarray(pixels).save(file)
    return Picture(file.name, f"A picture of {width} by {height}", title="A caption below it")


def everywhere(words: str) -> Slide:
    """A slide with the same text in every field."""
    return slide(
        Paragraph(text(words)),
        Paragraph((Run(words, "code"), Run(words, "strong"), Run(words, "link"))),
        ItemList((ListItem(text(words)), ListItem(text(words), 3, number=10**9))),
        Code(words, words),
        Table(text_row(words), (text_row(words),), ("left", "right")),
        Quote(text(words)),
        Placeholder(words, words, words),
        Box("warning", words, text(words), (Paragraph(text(words)),)),
        title=words,
    )


def text_row(words: str) -> tuple[tuple[Run, ...], ...]:
    return (text(words), text(words))


def pictures(folder: Path, count: int) -> list[Visual]:
    return [picture(folder, 300 + 7 * n, 200, f"{n}.png") for n in range(count)]


def alternate(parts: Sequence[Visual]) -> list[Visual]:
    return [visual for part in parts for visual in (Paragraph(text(WORDS)), part)]


LONG_WORD = "x" * 10_000

TEXTS: dict[str, str] = {
    "control characters": CONTROLS,
    "zero width": ZERO_WIDTH,
    "mixed directions": BIDI,
    "marks on marks": ZALGO * 3,
    "wide": WIDE,
    "spaces": " \t\u00a0" * 120,
    "nothing": "",
    "long word": "x" * 900,
    "many words": WORDS * 12,
}

CASES: dict[str, Make] = {
    **{f"everywhere: {name}": lambda _, words=words: everywhere(words)  # type: ignore[misc]
       for name, words in TEXTS.items()},
    "title of 5,000 characters": lambda _: slide(Paragraph(text("Text")), title=WORDS * 70),
    "title of one word": lambda _: slide(Paragraph(text("Text")), title=LONG_WORD),
    "long title alone": lambda _: slide(title=WORDS * 70),
    "title of 400 characters": lambda _: slide(items(4, WORDS), title=WORDS * 6),
    "paragraph of one word": lambda _: slide(Paragraph(text(LONG_WORD))),
    "paragraph of 30,000 characters": lambda _: slide(Paragraph(text(WORDS * 400))),
    "one sentence in bold": lambda _: slide(Paragraph(text(WORDS * 70, "strong"))),
    "inline code of 5,000 characters": lambda _: slide(Paragraph(text("f(x)+" * 1000, "code"))),
    "quote of 7,000 characters": lambda _: slide(Quote(text(WORDS * 100))),
    "items of 5,000 characters": lambda _: slide(items(4, WORDS * 70)),
    "2,000 items": lambda _: slide(items(2000, "an item")),
    "items at level 40": lambda _: slide(items(30, WORDS, 40)),
    "numbers of items": lambda _: slide(ItemList((ListItem(text("a"), number=10**30),))),
    "code of 5,000 lines": lambda _: slide(Code("x = f(1)\n" * 5000, "python")),
    "lines of 10,000 characters": lambda _: slide(Code(("y" * 10_000 + "\n") * 2)),
    "code in an unknown language": lambda _: slide(Code("\t" * 300 + "a\n" * 40, "no language")),
    "table of 60 columns": lambda _: slide(table(60, 4)),
    "table of 1,000 rows": lambda _: slide(table(4, 1000)),
    "table with a giant cell": lambda _: slide(
        Table((text("a"), text("b")), ((text("1"), text(WORDS * 120)),), ("left", "left"))
    ),
    "table with a giant header": lambda _: slide(
        Table((text(WORDS * 60), text("b")), (text_row("1"),) * 5, ("left", "left"))
    ),
    "ragged table": lambda _: slide(
        Table((text("a"),), ((), text_row("b"), (*text_row("c"),) * 5), ("right",))
    ),
    "empty table": lambda _: slide(Table((), (), ()), Table((), ((), ()), ())),
    "empty everything": lambda _: slide(
        Paragraph(()), Quote(()), ItemList(()), Code(""), Formula(""), Table((), (), ()),
        Box("", "", (), ()), Columns((), ()), Columns(((), ()), (0.5, 0.5)),
        Placeholder("", "", ""), title="",
    ),
    "boxes in boxes": lambda _: slide(nest(12, Paragraph(text(WORDS)))),
    "60 boxes in boxes": lambda _: slide(nest(60, Paragraph(text(WORDS)))),
    "columns in columns": lambda _: slide(nest_columns(8, Paragraph(text(WORDS)))),
    "lists in boxes in columns": lambda _: slide(nest_columns(2, nest(2, items(30, WORDS)))),
    "a column that is too tall": lambda _: slide(
        Columns(((items(60, WORDS),), (Code("x = 1\n" * 90),)), (0.5, 0.5))
    ),
    "20 columns": lambda _: slide(Columns(((Paragraph(text(WORDS)),),) * 20, ())),
    "a box with a giant title": lambda _: slide(
        Box("tip", WORDS * 20, text(WORDS * 60), (Paragraph(text("inside")),))
    ),
    "60 formulas": lambda _: slide(*[Formula(rf"\frac{{{n}}}{{x}}") for n in range(60)]),
    "wrong formulas": lambda _: slide(*[Formula(r"\frac{" * n) for n in range(1, 9)]),
    "a wide formula": lambda _: slide(Formula("+".join(f"x_{{{n}}}" for n in range(120)))),
    "a tall formula": lambda _: slide(
        Formula(r"\begin{aligned}" + r" \\ ".join(["a &= b"] * 60) + r"\end{aligned}")
    ),
    "60 steps": lambda _: Slide(
        3, "Steps", (ItemList(tuple(ListItem(text(WORDS), step=n) for n in range(60))),), (),
        line=7, steps=60,
    ),
    "1 × 10,000": lambda folder: slide(picture(folder, 1, 10_000)),
    "10,000 × 1": lambda folder: slide(picture(folder, 10_000, 1)),
    "1 × 1": lambda folder: slide(picture(folder, 1, 1)),
    "thin pictures and text": lambda folder: slide(
        Paragraph(text(WORDS * 3)), picture(folder, 1, 10_000), picture(folder, 10_000, 1)
    ),
    "thin pictures in columns": lambda folder: slide(
        Columns(((picture(folder, 1, 10_000),), (picture(folder, 10_000, 1),)), (0.5, 0.5))
    ),
    "60 pictures": lambda folder: slide(*pictures(folder, 60)),
    "60 pictures and text": lambda folder: slide(*alternate(pictures(folder, 60))),
    "60 pictures in a box": lambda folder: slide(Box("note", "", (), tuple(pictures(folder, 60)))),
    "a picture with a giant caption": lambda folder: slide(
        Picture(picture(folder, 400, 300).path, "alt", title=WORDS * 60)
    ),
    "a placeholder with a giant text": lambda _: slide(Placeholder("Video", "x", WORDS * 100)),
}  # fmt: skip
