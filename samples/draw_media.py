"""Draw the sample course's diagrams: `python samples/draw_media.py samples/course/media`."""

from __future__ import annotations

import argparse
import math
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1600, 900
FINE = 3  # pictures are drawn larger by this factor and then reduced, for smooth edges

PAPER = "#fbfaf7"
INK = "#1d2430"
MUTED = "#586273"
RAINBOW = ("#7a4fc4", "#2f6fd6", "#2a9a62", "#d9a400", "#d8402f")
BLUE, RED, SUN = "#2f6fd6", "#d8402f", "#f2b21c"

Point = tuple[float, float]


class Board:
    """A drawing in picture pixels, which is kept `FINE` times larger."""

    def __init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * FINE, HEIGHT * FINE), PAPER)
        self.draw = ImageDraw.Draw(self.image)

    def line(self, points: list[Point], colour: str, width: float) -> None:
        self.draw.line(
            [(x * FINE, y * FINE) for x, y in points], colour, round(width * FINE), joint="curve"
        )
        for x, y in points:  # round joints and ends
            self.disc((x, y), width / 2, colour)

    def disc(self, at: Point, radius: float, colour: str) -> None:
        x, y = at
        box = [(x - radius) * FINE, (y - radius) * FINE, (x + radius) * FINE, (y + radius) * FINE]
        self.draw.ellipse(box, colour)

    def shape(self, points: list[Point], colour: str) -> None:
        self.draw.polygon([(x * FINE, y * FINE) for x, y in points], colour)

    def arrow(self, start: Point, end: Point, colour: str, width: float, head: float) -> None:
        angle = math.atan2(end[1] - start[1], end[0] - start[0])
        back = (end[0] - 0.8 * head * math.cos(angle), end[1] - 0.8 * head * math.sin(angle))
        self.line([start, back], colour, width)
        self.head(end, angle, colour, head)

    def head(self, tip: Point, angle: float, colour: str, size: float) -> None:
        sides = [
            (tip[0] + size * math.cos(angle + turn), tip[1] + size * math.sin(angle + turn))
            for turn in (math.pi - 0.42, math.pi + 0.42)
        ]
        self.shape([tip, *sides], colour)

    def label(self, at: Point, text: str, colour: str, size: int = 54, style: str = "Bold") -> None:
        """Text with its middle at `at`."""
        name = f"AtkinsonHyperlegible-{style}.ttf"
        data = (files("fontpkg_atkinson_hyperlegible") / "files" / name).read_bytes()
        font = ImageFont.truetype(BytesIO(data), size * FINE)
        self.draw.text((at[0] * FINE, at[1] * FINE), text, colour, font, anchor="mm")

    def save(self, path: Path) -> None:
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
        small.quantize(255, dither=Image.Dither.NONE).save(path, optimize=True)


def wave(start: Point, angle: float, length: float, period: float, swing: float) -> list[Point]:
    """A sine wave that grows from zero and ends on its axis."""
    t = np.linspace(0, length, 160)
    rise = np.clip(np.minimum(t, length - t) / (0.6 * period), 0, 1)
    off = swing * rise * np.sin(2 * math.pi * t / period)
    x = start[0] + t * math.cos(angle) - off * math.sin(angle)
    y = start[1] + t * math.sin(angle) + off * math.cos(angle)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def draw_scattering() -> Board:
    board = Board()
    middle = 440.0
    sun = (215.0, middle)
    for k in range(16):
        turn = 2 * math.pi * k / 16
        inner, outer = 112, 142 + 16 * (k % 2)
        board.line(
            [(sun[0] + r * math.cos(turn), middle + r * math.sin(turn)) for r in (inner, outer)],
            SUN,
            10,
        )
    board.disc(sun, 92, SUN)
    # the beam: five colours side by side; violet and blue end at the molecules
    molecules = (700.0, 930.0, 1160.0)
    ends = (molecules[0], molecules[1], 1330.0, 1345.0, 1360.0)
    for k, (colour, end) in enumerate(zip(RAINBOW, ends, strict=True)):
        y = middle - 44 + 22 * k
        board.line([(400, y), (end, y)], colour, 13)
    board.head((1470, middle + 22), 0, RED, 105)
    for number, x in enumerate(molecules):
        for turn in (-1.92, -1.22, 1.22, 1.92):
            reach = 150 - 22 * number
            start = (x + 62 * math.cos(turn), middle + 62 * math.sin(turn))
            board.line(wave(start, turn, reach, 37.5, 13), BLUE, 8)
            tip = (
                start[0] + (reach + 34) * math.cos(turn),
                middle + (62 + reach + 34) * math.sin(turn),
            )
            board.head(tip, turn, BLUE, 40)
        board.disc((x - 19, middle), 34, MUTED)
        board.disc((x + 19, middle), 34, INK)
    board.label((sun[0], middle + 250), "sunlight", INK)
    board.label((930, 92), "blue goes everywhere", BLUE)
    board.label((930, 790), "molecules of air", INK)
    board.label((1410, middle + 150), "red goes on", RED)
    return board


def draw_sunset() -> Board:
    """Not to scale: the air is drawn far too thick."""
    board = Board()
    middle, ground, air = (800.0, 1560.0), 1000.0, 1150.0
    for k in range(24):  # the air thins out upwards
        share = k / 23
        tint = [
            round(a + (b - a) * share)
            for a, b in zip((214, 232, 248), (150, 194, 240), strict=True)
        ]
        board.disc(middle, air - 150 * share, "#{:02x}{:02x}{:02x}".format(*tint))
    board.disc(middle, ground, "#587549")
    you = (middle[0], middle[1] - ground)
    # noon: from above
    board.disc((800, 64), 46, SUN)
    board.arrow((800, 128), (800, you[1] - 92), "#e9b84a", 16, 62)
    board.label((980, 64), "noon", INK)
    # evening: level with the ground, redder step by step
    y = you[1] - 40
    board.disc((96, y), 46, SUN)
    steps = 40
    for k in range(steps):
        share = k / (steps - 1)
        colour = "#{:02x}{:02x}{:02x}".format(
            *(
                round(a + (b - a) * share)
                for a, b in zip((242, 190, 60), (214, 50, 38), strict=True)
            )
        )
        left = 165 + (you[0] - 110 - 165) * share
        board.line([(left, y), (left + 16, y)], colour, 16)
    board.head((you[0] - 44, y), 0, RED, 62)
    board.label((130, y - 96), "evening", INK)
    board.label((440, y - 62), "long way", RED)
    board.label((945, 370), "short way", INK)
    # the observer
    board.disc((you[0], y - 14), 17, INK)
    board.line([(you[0], y + 8), (you[0], y + 42)], INK, 18)
    board.label((you[0], you[1] + 70), "you", "#ffffff")
    board.label((1040, you[1] - 42), "air", "#1f5fa8")
    return board


def draw_lens() -> Board:
    board = Board()
    axis, centre = 400.0, 820.0
    candle, screen = 200.0, 1340.0
    a, b = centre - candle, screen - centre
    tall = 190.0
    small = tall * b / a
    board.line([(70, axis), (1530, axis)], "#c9d0d8", 4)
    # screen and lens
    board.line([(screen, axis - 260), (screen, axis + 260)], INK, 10)
    bulge = [
        (centre + side * 46 * (1 - (t / 250) ** 2), axis + t)
        for side, ts in ((1, range(-250, 251, 5)), (-1, range(250, -251, -5)))
        for t in ts
    ]
    board.shape(bulge, "#d5e6f6")
    board.line([*bulge, bulge[0]], "#1f5fa8", 5)
    # candle and its picture
    _draw_candle(board, candle, axis, tall)
    _draw_candle(board, screen, axis, -small)
    # light from the tip
    tip, spot = (candle, axis - tall), (screen, axis + small)
    for y, colour in ((axis - 205, "#e08a00"), (axis, "#e08a00"), (axis + 190, "#e08a00")):
        board.line([tip, (centre, y), spot], colour, 7)
        half = (tip[0] + 0.55 * (centre - tip[0]), tip[1] + 0.55 * (y - tip[1]))
        board.head(half, math.atan2(y - tip[1], centre - tip[0]), colour, 36)
        half = (centre + 0.5 * (spot[0] - centre), y + 0.5 * (spot[1] - y))
        board.head(half, math.atan2(spot[1] - y, spot[0] - centre), colour, 36)
    board.disc(spot, 13, "#e08a00")
    # measures
    low = axis + 330
    for left, right, name in ((candle, centre, "a"), (centre, screen, "b")):
        middle = (left + right) / 2
        board.arrow((middle - 40, low), (left + 10, low), INK, 5, 30)
        board.arrow((middle + 40, low), (right - 10, low), INK, 5, 30)
        board.label((middle, low - 6), name, INK, 66, "BoldItalic")
    for x in (candle, centre, screen):
        board.line([(x, low - 34), (x, low + 34)], INK, 5)
    board.label((candle, low + 92), "candle", INK)
    board.label((centre, low + 92), "lens", INK)
    board.label((screen, low + 92), "screen", INK)
    return board


def _draw_candle(board: Board, x: float, axis: float, tall: float) -> None:
    """Draw a candle from the axis to the tip of its flame; upside down for a negative height."""
    up = -tall
    wide = abs(tall) * 0.12
    board.shape(
        [
            (x - wide, axis),
            (x + wide, axis),
            (x + wide, axis + 0.6 * up),
            (x - wide, axis + 0.6 * up),
        ],
        "#8fa3b8",
    )
    board.line([(x, axis + 0.6 * up), (x, axis + 0.7 * up)], INK, 5)
    t = np.linspace(0, 2 * math.pi, 60)
    flame = [
        (
            x + float(wide * 0.85 * math.sin(k) * (1 + 0.45 * math.cos(k))),
            axis + up * (0.82 - 0.18 * math.cos(k)),
        )
        for k in t
    ]
    board.shape(flame, SUN)


def main() -> None:
    parser = argparse.ArgumentParser(description="Draw the sample course's diagrams.")
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    draw_scattering().save(folder / "scattering.png")
    draw_sunset().save(folder / "sunset.png")
    draw_lens().save(folder / "lens.png")


if __name__ == "__main__":
    main()
