"""`python -m samples.presenter OUT.png`: paint the presenter and save the picture."""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image

from .paint import paint


def main() -> None:
    parser = argparse.ArgumentParser(description="Paint the sample course's presenter.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--scale", type=float, default=34.0, help="pixels per centimetre")
    parser.add_argument("--oversample", type=int, default=2)
    given = parser.parse_args()
    Image.fromarray(paint(given.scale, given.oversample)).save(given.out, optimize=True)


if __name__ == "__main__":
    main()
