from __future__ import annotations

import itertools

import pytest

from narrate.layout import (
    Box,
    Layout,
    find_crop,
    find_portrait_size,
    lay_out_lecture,
    lay_out_lipreadable,
)

SIZES = [(1920, 1080), (1280, 720), (854, 480), (1440, 1080), (3840, 2160)]
LAYOUTS = [
    pytest.param(layout, id=f"{name}-{size[0]}x{size[1]}")
    for size in SIZES
    for name, layout in {
        "lecture": lay_out_lecture(size),
        "lecture-left": lay_out_lecture(size, corner="lower left"),
        "lecture-upper-left": lay_out_lecture(size, corner="upper left"),
        "lecture-upper-right": lay_out_lecture(size, corner="upper right"),
        "lecture-alone": lay_out_lecture(size, has_presenter=False),
        "lipreadable": lay_out_lipreadable(size),
        "lipreadable-signer": lay_out_lipreadable(size, signer="reserve"),
        "lipreadable-alone": lay_out_lipreadable(size, signer="video", has_presenter=False),
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
def test_nothing_overlaps(layout: Layout) -> None:
    for (_, one), (_, other) in itertools.combinations(places(layout).items(), 2):
        assert not one.overlaps(other)
    for name in ("presenter", "signer", "captions", "footer"):
        box = places(layout).get(name)
        assert box is None or not box.overlaps(layout.title)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_edges_are_even_and_inside_the_picture(layout: Layout) -> None:
    for box in [*places(layout).values(), layout.title]:
        assert not any(n % 2 for n in (box.x, box.y, box.width, box.height))
        assert box.x >= 0 and box.y >= 0 and box.width > 0 and box.height > 0
        assert box.right <= layout.size[0] and box.bottom <= layout.size[1]


def test_the_lip_readable_face_is_large() -> None:
    face = lay_out_lipreadable().presenter
    assert face is not None
    # In a head-and-shoulders view a mouth is at least 12 % of the panel's width.
    assert face.width * 0.12 >= 100
    assert face.height >= 0.75 * 1080


@pytest.mark.parametrize("size", SIZES)
def test_a_signer_has_a_third_of_the_width_and_the_height_above_the_captions(
    size: tuple[int, int],
) -> None:
    layout = lay_out_lipreadable(size, signer="reserve")
    assert layout.signer is not None and layout.captions is not None
    assert layout.signer.width * 3 >= size[0]
    assert layout.signer.y == 0 and layout.signer.bottom == layout.captions.y
    assert layout.signer.width * layout.signer.height * 6 >= size[0] * size[1]  # Ofcom


def test_the_portrait_is_rendered_for_the_largest_panel() -> None:
    assert find_portrait_size([lay_out_lecture(), lay_out_lipreadable()]) == (840, 840)
    assert find_portrait_size([lay_out_lecture()]) == (440, 440)
    assert find_portrait_size([lay_out_lecture(has_presenter=False)]) is None


def test_a_crop_keeps_the_proportions_and_the_upper_part() -> None:
    assert find_crop((840, 840), (440, 440)) == Box(0, 0, 840, 840)
    cut = find_crop((616, 840), (440, 440))
    assert cut.size == (616, 616)
    assert cut.y < (840 - cut.height) / 2
