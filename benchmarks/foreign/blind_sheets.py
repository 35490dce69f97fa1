"""Sheets for judges: the pictures of a slide below each other, with letters that tell nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

SIZE = (960, 540)
LABEL = 34  # pixels of a line with the letter
GAP = 12
MOST_PAGES = 4  # of a slide on a sheet
SPOILT = "spoilt"
SMALLER = 0.6  # the size of text on a spoilt picture
CUT = 0.6  # the share of its height that is left of it
GROUND, INK = "#707070", "#ffffff"


def make_sheets(
    rows: Sequence[Mapping[str, Any]],
    out: Path,
    judge: str,
    names: Sequence[str],
    count: int,
    every: int,
) -> int:
    """Make the sheets of a judge and the key. Returns how many.

    The first `count` slides are taken of which all `names` have pictures. Each `every`-th sheet,
    taken by chance, has a spoilt picture too; the same sheets for all judges.
    """
    folder, keys = out / "sheets" / judge, out / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    keys.mkdir(exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    whole = [row for row in rows if all(_find_pages(out, name, row["at"]) for name in names)][
        :count
    ]
    spoilt = set(random.Random(len(rows)).sample(range(len(whole)), len(whole) // every))
    dice = random.Random(judge)
    key: dict[str, dict[str, str]] = {}
    for number, row in enumerate(whole):
        shown = [*names, SPOILT] if number in spoilt else [*names]
        dice.shuffle(shown)
        letters = dict(zip("ABCDEFGH", shown, strict=False))
        pictures = {letter: _read(out, name, row["at"]) for letter, name in letters.items()}
        draw_sheet(f"{row['at']:03}", pictures).save(folder / f"{row['at']:03}.png")
        key[f"{row['at']:03}"] = letters
    (keys / f"{judge}.json").write_text(json.dumps(key, indent=1), "utf-8")
    return len(whole)


def _find_pages(out: Path, name: str, at: int) -> list[Path]:
    files = (out / name).glob(f"{at:03}-*.png")
    return sorted(files, key=lambda file: int(file.stem.partition("-")[2]))


def _read(out: Path, name: str, at: int) -> list[Image.Image]:
    """The pages of a slide; those of our newest pictures, spoilt, for a control."""
    source = "after" if name == SPOILT else name
    folder = source if (out / source).is_dir() else "after-presenter"
    pages = [Image.open(file).convert("RGB") for file in _find_pages(out, folder, at)]
    return [spoil(pages[0])] if name == SPOILT else pages


def spoil(picture: Image.Image) -> Image.Image:
    """A picture with smaller text that is cut at the bottom, which nobody may prefer."""
    width, height = picture.size
    small = picture.resize((round(width * SMALLER), round(height * SMALLER)))
    small = small.crop((0, 0, small.width, round(small.height * CUT)))
    ground = Image.new("RGB", picture.size, picture.getpixel((8, 8)))
    ground.paste(small, (0, 0))
    return ground


def draw_sheet(name: str, pictures: Mapping[str, Sequence[Image.Image]]) -> Image.Image:
    """The pages of each letter in a row, or in two if there are more than two."""
    tiles: list[tuple[int, int, str, Image.Image]] = []
    row = 0
    for letter, pages in pictures.items():
        for at, page in enumerate(pages[:MOST_PAGES]):
            more = f", {len(pages) - MOST_PAGES} more" if len(pages) > MOST_PAGES else ""
            part = f", page {at + 1} of {len(pages)}{more}" if len(pages) > 1 else ""
            tiles.append((row + at // 2, at % 2, letter + part, page))
        row += (min(len(pages), MOST_PAGES) + 1) // 2
    columns = 1 + max(column for _, column, _, _ in tiles)
    step = (SIZE[0] + GAP, SIZE[1] + LABEL + GAP)
    sheet = Image.new("RGB", (columns * step[0] + GAP, row * step[1] + GAP), GROUND)
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(26)
    for line, column, label, page in tiles:
        x, y = GAP + column * step[0], GAP + line * step[1]
        draw.text((x, y), f"{name}  {label}", fill=INK, font=font)
        sheet.paste(fit(page), (x, y + LABEL))
    return sheet


def fit(picture: Image.Image) -> Image.Image:
    """A picture at the size of a sheet's tiles."""
    return picture.resize(SIZE, Image.Resampling.LANCZOS)
