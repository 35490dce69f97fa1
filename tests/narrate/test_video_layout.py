from __future__ import annotations

import itertools

import pytest

from narrate.errors import SettingsError
from narrate.video.layout import Box, Layout, crop_for, lecture, lipreadable, portrait_size

SIZES = [(1920, 1080), (1280, 720), (854, 480), (1440, 1080), (3840, 2160)]
LAYOUTS = [
    pytest.param(make(size), id=f"{name}-{size[0]}x{size[1]}")
    for size in SIZES
    for name, make in {
        "lecture": lecture,
        "lecture-alone": lambda s: lecture(s, has_presenter=False),
        "lipreadable": lipreadable,
        "lipreadable-signer": lambda s: lipreadable(s, signer="reserve"),
        "lipreadable-alone": lambda s: lipreadable(s, signer="video", has_presenter=False),
    }.items()
]


def places(layout: Layout) -> dict[str, Box]:
    boxes = {
        "content": layout.content,
        "footer": layout.footer,
        "presenter": layout.presenter,
        "signer": layout.signer,
        "captions": layout.captions,
    }
    return {name: box for name, box in boxes.items() if box is not None}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_nothing_stands_over_anything(layout: Layout) -> None:
    for (_, one), (_, other) in itertools.combinations(places(layout).items(), 2):
        assert not one.meets(other)
    for name in ("presenter", "signer", "captions", "footer"):
        box = places(layout).get(name)
        assert box is None or not box.meets(layout.title)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_edges_are_even_and_inside(layout: Layout) -> None:
    for box in [*places(layout).values(), layout.title]:
        assert not any(n % 2 for n in (box.x, box.y, box.width, box.height))
        assert box.x >= 0 and box.y >= 0 and box.width > 0 and box.height > 0
        assert box.right <= layout.size[0] and box.bottom <= layout.size[1]


def test_lipreadable_face_is_large() -> None:
    face = lipreadable().presenter
    assert face is not None
    # At bust framing a mouth is at least 12 % of the panel's width.
    assert face.width * 0.12 >= 100
    assert face.height >= 0.75 * 1080


@pytest.mark.parametrize("size", SIZES)
def test_signer_has_a_third_of_the_width_and_all_height_above_captions(
    size: tuple[int, int],
) -> None:
    layout = lipreadable(size, signer="reserve")
    assert layout.signer is not None and layout.captions is not None
    assert layout.signer.width * 3 >= size[0]
    assert layout.signer.y == 0 and layout.signer.bottom == layout.captions.y
    assert layout.signer.width * layout.signer.height * 6 >= size[0] * size[1]  # Ofcom


@pytest.mark.parametrize("size", [(1921, 1080), (100, 100), (1080, 1920), (8000, 4000)])
def test_impossible_sizes_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(SettingsError, match=f"{size[0]}x{size[1]}"):
        lecture(size)


def test_portrait_is_rendered_at_the_largest_panel() -> None:
    assert portrait_size([lecture(), lipreadable()]) == (840, 840)
    assert portrait_size([lecture()]) == (440, 440)
    assert portrait_size([lecture(has_presenter=False)]) is None


def test_crop_keeps_proportions_and_the_upper_part() -> None:
    assert crop_for((840, 840), (440, 440)) == Box(0, 0, 840, 840)
    cut = crop_for((616, 840), (440, 440))
    assert cut.size == (616, 616)
    assert cut.y < (840 - cut.height) / 2
