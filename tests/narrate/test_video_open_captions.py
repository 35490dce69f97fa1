from __future__ import annotations

import io

import numpy as np
import numpy.typing as npt
from PIL import Image

from narrate.layout import lay_out_lipreadable
from narrate.slides.themes import find_theme
from narrate.video.open_captions import draw_captions
from narrate.vocabulary import Cue

LAYOUT = lay_out_lipreadable()


def ink(data: bytes) -> npt.NDArray[np.bool_]:
    return np.asarray(np.asarray(Image.open(io.BytesIO(data)).convert("L")) > 128)


def heights(rows: npt.ArrayLike) -> npt.NDArray[np.int64]:
    edges = np.flatnonzero(np.diff(np.asarray(rows, int), prepend=0, append=0))
    return np.asarray(edges[1::2] - edges[::2])


def draw(*lines: str) -> tuple[npt.NDArray[np.bool_], tuple[str, ...]]:
    made = draw_captions(
        [Cue(0, 1, lines)], layout=LAYOUT, theme=find_theme("light"), language="en-US"
    )
    return ink(made.pictures[0]), tuple(f.rule for f in made.findings)


def test_two_lines_are_large_and_centred() -> None:
    picture, findings = draw("HHHHHHHHHH HHHHHHHHHH", "HHHHHHHHHHH")
    assert LAYOUT.captions is not None
    assert picture.shape == (LAYOUT.captions.height, LAYOUT.captions.width)
    assert findings == ()
    tall = heights(np.any(picture, axis=1))
    assert len(tall) == 2
    assert tall.min() >= 0.66 * 60 - 2  # capitals of a 60 px letter
    rows, columns = np.nonzero(picture)
    assert abs(columns.min() - (picture.shape[1] - 1 - columns.max())) <= 4
    assert abs(rows.min() - (picture.shape[0] - 1 - rows.max())) <= 12


def test_long_lines_shrink_to_48_pixels_and_then_are_a_finding() -> None:
    fits, findings = draw("H" * 46)
    assert findings == ()
    assert 0.66 * 48 - 2 <= heights(np.any(fits, axis=1)).max() < 0.66 * 60
    _, findings = draw("word " * 20)
    assert findings == ("caption-too-wide",)


def test_the_band_without_a_caption_is_plain() -> None:
    made = draw_captions(
        [Cue(0, 1, ("x",))], layout=LAYOUT, theme=find_theme("light"), language="en-US"
    )
    assert not ink(made.empty).any()


def test_equal_cues_have_one_picture_and_text_is_never_markup() -> None:
    cues = [Cue(0, 1, ('#panic() "x" \\',)), Cue(2, 3, ("b",)), Cue(4, 5, ('#panic() "x" \\',))]
    made = draw_captions(cues, layout=LAYOUT, theme=find_theme("dark"), language="en-US")
    assert made.pictures[0] == made.pictures[2] != made.pictures[1]
    assert (
        draw_captions([], layout=LAYOUT, theme=find_theme("dark"), language="en-US").pictures == ()
    )
