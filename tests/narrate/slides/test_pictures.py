"""Pictures as small pixel maps: what a file's pixels mean is what a slide shows."""

from __future__ import annotations

import base64
import io
import json
import struct
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms, ImageDraw

from lessons.errors import MediaError
from narrate.errors import DecodingError
from narrate.slides.pictures.reading import SlidePicture, load_picture, reading_from

WITHIN = (640, 360)


def load(path: Path, part: str = "") -> SlidePicture:
    return load_picture(reading_from(path.parent)(path.name, part), path.name, within=WITHIN)


def pixels(picture: SlidePicture) -> npt.NDArray[np.int16]:
    shown = Image.open(io.BytesIO(picture.png)).convert("RGBA")
    assert shown.size == (picture.width, picture.height)
    return np.asarray(shown).astype(np.int16)


def map_of(path: Path) -> list[list[tuple[int, ...]]]:
    """The pixels of a picture, RGBA, each rounded to a multiple of 16."""
    rounded = np.minimum((pixels(load(path)) + 8) // 16 * 16, 255)
    return [[tuple(int(v) for v in pixel) for pixel in row] for row in rounded]


BLACK, WHITE, CLEAR = (0, 0, 0, 255), (255, 255, 255, 255), (0, 0, 0, 0)
GREY = (128, 128, 128, 255)


def test_grey_of_16_bits_is_scaled_and_not_clipped(tmp_path: Path) -> None:
    values = np.array([[0, 32768, 65535], [256, 49152, 65535]], np.uint16)
    Image.fromarray(values).save(tmp_path / "a.png")
    three_quarters = (192, 192, 192, 255)
    assert map_of(tmp_path / "a.png") == [[BLACK, GREY, WHITE], [BLACK, three_quarters, WHITE]]


def test_one_bit_is_black_and_white(tmp_path: Path) -> None:
    Image.fromarray(np.array([[0, 255]], np.uint8)).convert("1").save(tmp_path / "a.png")
    assert map_of(tmp_path / "a.png") == [[BLACK, WHITE]]


def test_grey_with_alpha_stays_transparent(tmp_path: Path) -> None:
    values = np.array([[[0, 255], [128, 255], [0, 0]]], np.uint8)
    Image.fromarray(values, "LA").save(tmp_path / "a.png")
    assert map_of(tmp_path / "a.png") == [[BLACK, GREY, CLEAR]]


def test_a_palette_with_alpha_stays_transparent(tmp_path: Path) -> None:
    picture = Image.new("P", (3, 1))
    picture.putpalette([255, 0, 0, 0, 0, 255, 0, 0, 0])
    picture.putdata([0, 1, 2])
    picture.save(tmp_path / "a.png", transparency=bytes([255, 255, 0]))
    assert map_of(tmp_path / "a.png") == [[(255, 0, 0, 255), (0, 0, 255, 255), CLEAR]]


def test_a_colour_that_counts_as_transparent_is(tmp_path: Path) -> None:
    picture = Image.new("RGB", (2, 1), (255, 0, 255))
    picture.putpixel((1, 0), (0, 255, 0))
    picture.save(tmp_path / "a.png", transparency=(255, 0, 255))
    assert [pixel[3] for pixel in map_of(tmp_path / "a.png")[0]] == [0, 255]


@pytest.mark.parametrize(
    ("ink", "shown"), [((0, 0, 0, 0), (255, 255, 255)), ((0, 255, 255, 0), (255, 0, 0))]
)
def test_inks_of_a_printed_picture_become_light(
    ink: tuple[int, ...], shown: tuple[int, ...], tmp_path: Path
) -> None:
    Image.new("CMYK", (16, 16), ink).save(tmp_path / "a.jpg", quality=100)
    middle = pixels(load(tmp_path / "a.jpg"))[8, 8, :3]
    assert np.abs(middle - shown).max() < 40


def test_the_first_frame_of_an_animation_is_shown(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    for name in ("a.gif", "a.webp", "a.png"):
        frames[0].save(tmp_path / name, save_all=True, append_images=frames[1:], duration=100)
        assert np.abs(pixels(load(tmp_path / name))[4, 4] - (255, 0, 0, 255)).max() < 8


@pytest.mark.parametrize("turn", range(1, 9))
def test_every_turn_of_a_camera_is_undone(turn: int, tmp_path: Path) -> None:
    """The same picture as each of the eight orientations stores it comes out upright."""
    upright = np.zeros((48, 96, 3), np.uint8)
    upright[:24, :48] = (255, 0, 0)
    upright[24:, 48:] = (0, 0, 255)
    undo = {2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
            4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
            6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
            8: Image.Transpose.ROTATE_270}  # fmt: skip
    stored = Image.fromarray(upright)
    if turn in undo:
        stored = stored.transpose(undo[turn])
    exif = Image.Exif()
    exif[0x0112] = turn
    stored.save(tmp_path / "a.jpg", exif=exif, quality=95)
    shown = pixels(load(tmp_path / "a.jpg"))
    assert shown.shape == (48, 96, 4)
    assert shown[8, 8, 0] > 200 and shown[40, 88, 2] > 200 and shown[8, 88].max(initial=0) == 255
    assert shown[8, 88, :3].max() < 60


def test_broken_camera_data_do_not_matter(tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "red").save(tmp_path / "a.jpg", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")
    assert pixels(load(tmp_path / "a.jpg"))[4, 4, 0] > 200


def swapped_profile() -> bytes:
    """An ICC profile of a space whose red is the green of sRGB, and the other way round."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for place in range(132, 132 + 12 * 40, 12):
        name = bytes(data[place : place + 4])
        if name in (b"rXYZ", b"gXYZ"):
            data[place : place + 4] = b"gXYZ" if name == b"rXYZ" else b"rXYZ"
    return (
        bytes(data).replace(b"sRGB", b"Mine").replace("sRGB".encode("utf-16-be"), b"\0M\0i\0n\0e")
    )


def test_colours_of_a_profile_become_those_of_srgb(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4), (255, 0, 0)).save(tmp_path / "a.png", icc_profile=swapped_profile())
    Image.new("RGB", (4, 4), (255, 0, 0)).save(tmp_path / "b.png")
    assert np.abs(pixels(load(tmp_path / "a.png"))[2, 2] - (0, 255, 0, 255)).max() < 8
    assert tuple(pixels(load(tmp_path / "b.png"))[2, 2]) == (255, 0, 0, 255)
    assert b"iCCP" not in load(tmp_path / "a.png").png


def test_a_broken_profile_does_not_matter(tmp_path: Path) -> None:
    Image.new("RGB", (4, 4), (255, 0, 0)).save(tmp_path / "a.png", icc_profile=b"nonsense" * 40)
    assert tuple(pixels(load(tmp_path / "a.png"))[2, 2]) == (255, 0, 0, 255)


def test_the_gamma_of_a_png_counts(tmp_path: Path) -> None:
    target = io.BytesIO()
    Image.new("L", (1, 1), 128).save(target, "PNG")
    body = b"gAMA" + struct.pack(">I", 100_000)  # linear light
    chunk = struct.pack(">I", 4) + body + struct.pack(">I", zlib.crc32(body))
    data = target.getvalue()
    (tmp_path / "a.png").write_bytes(data[:33] + chunk + data[33:])
    assert pixels(load(tmp_path / "a.png"))[0, 0, 0] == pytest.approx(186, abs=3)


def cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


@pytest.mark.parametrize(
    ("format", "mode"),
    [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "I;16")],
)
def test_most_of_a_picture_is_shown_and_the_rest_is_clear(
    format: str, mode: str, tmp_path: Path
) -> None:
    target = io.BytesIO()
    noise = Image.effect_noise((300, 300), 50)
    if mode == "I;16":
        noise = Image.fromarray(np.asarray(noise).astype(np.uint16) * 257)
    elif mode != "L":
        noise = noise.convert(mode)
    noise.save(target, format)
    (tmp_path / "a.bin").write_bytes(cut(target.getvalue(), 0.8))
    shown = load(tmp_path / "a.bin")
    alpha = pixels(shown)[:, 0, 3]
    assert (alpha[:200] == 255).all() and (alpha[280:] == 0).all()
    assert "cut off" in shown.missing and shown.remedy
    (tmp_path / "a.bin").write_bytes(cut(target.getvalue(), 0.3))
    with pytest.raises(DecodingError, match="damaged"):
        load(tmp_path / "a.bin")
    (tmp_path / "a.bin").write_bytes(target.getvalue())
    assert load(tmp_path / "a.bin").missing == ""


def test_a_cut_progressive_picture_is_shown_if_it_is_clear(tmp_path: Path) -> None:
    target = io.BytesIO()
    Image.effect_noise((300, 300), 50).convert("RGB").save(target, "JPEG", progressive=True)
    (tmp_path / "a.jpg").write_bytes(cut(target.getvalue(), 0.8))
    assert "cut off" in load(tmp_path / "a.jpg").missing
    (tmp_path / "a.jpg").write_bytes(cut(target.getvalue(), 0.05))
    with pytest.raises(DecodingError, match="damaged"):
        load(tmp_path / "a.jpg")


def test_pictures_are_only_made_smaller(tmp_path: Path) -> None:
    Image.new("RGB", (4000, 1000)).save(tmp_path / "large.png")
    Image.new("RGB", (40, 10)).save(tmp_path / "small.png")
    large, small = load(tmp_path / "large.png"), load(tmp_path / "small.png")
    assert (large.width, large.height) == (640, 160)
    assert (small.width, small.height) == (40, 10)


@pytest.mark.parametrize(
    ("colour", "ink"), [((0, 0, 0), "dark"), ((255, 255, 255), "light"), ((200, 80, 80), "")]
)
def test_it_is_known_on_which_ground_a_transparent_picture_is_seen(
    colour: tuple[int, int, int], ink: str, tmp_path: Path
) -> None:
    picture = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    picture.paste((*colour, 255), (5, 5, 15, 15))
    picture.save(tmp_path / "a.png")
    assert load(tmp_path / "a.png").ink == ink
    picture.convert("RGB").save(tmp_path / "b.png")
    assert load(tmp_path / "b.png").ink == ""


RED = (
    '<svg xmlns="http://www.w3.org/2000/svg" {}><rect width="40" height="20" fill="#f00"/>{}</svg>'
)


@pytest.mark.parametrize(
    "size", ['width="-1" viewBox="0 0 40 20"', 'width="40" height="20"', "", 'viewBox="0 0 40 20"']
)
def test_a_drawing_is_as_large_as_the_space_allows(size: str, tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text(RED.format(size, ""))
    shown = load(tmp_path / "a.svg")
    assert (shown.width, shown.height) == (640, 320)
    assert tuple(pixels(shown)[160, 320]) == (255, 0, 0, 255)


def test_a_drawing_without_what_it_shows_of_others_is_shown(tmp_path: Path) -> None:
    Image.new("RGB", (40, 20), (0, 0, 255)).save(tmp_path / "other.png")
    image = '<image href="other.png" width="40" height="20"/>'
    (tmp_path / "a.svg").write_text(RED.format('viewBox="0 0 40 20"', image))
    shown = load(tmp_path / "a.svg")
    assert tuple(pixels(shown)[160, 320]) == (255, 0, 0, 255)
    assert "other.png" in shown.missing


def test_a_drawing_that_shows_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 3"/>')
    with pytest.raises(DecodingError, match="shows nothing"):
        load(tmp_path / "a.svg")


@pytest.mark.parametrize("family", ["Helvetica", "'Courier New', monospace", "Times"])
def test_letters_of_a_drawing_have_a_font_that_fits(family: str, tmp_path: Path) -> None:
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99 40"{}>'
    letters = head + '<text y="30" {}>iiWW</text></svg>'
    drawn = []
    for name in (family, "Helvetica" if family != "Helvetica" else "Arial"):
        (tmp_path / "a.svg").write_text(letters.format("", f'font-family="{name}"'))
        drawn.append(load(tmp_path / "a.svg").png)
        (tmp_path / "a.svg").write_text(letters.format("", f'style="font-family: {name}; x: y"'))
        assert load(tmp_path / "a.svg").png == drawn[-1]
        (tmp_path / "a.svg").write_text(letters.format(f' font-family="{name}"', ""))
        assert load(tmp_path / "a.svg").png == drawn[-1]
    assert (drawn[0] == drawn[1]) is (family == "Helvetica")


def test_a_picture_of_a_notebook_is_loaded(tmp_path: Path) -> None:
    target = io.BytesIO()
    Image.new("RGB", (4, 2), (0, 0, 255)).save(target, "PNG")
    coded = base64.b64encode(target.getvalue()).decode()
    cells = [{"outputs": [{"data": {"image/png": coded}}]}]
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": cells}))
    shown = load(tmp_path / "n.ipynb", "0/0/image/png")
    assert tuple(pixels(shown)[0, 0]) == (0, 0, 255, 255)
    with pytest.raises(MediaError, match="holds no picture"):
        load(tmp_path / "n.ipynb", "1/0/image/png")


def draw_tree(line: tuple[int, int, int]) -> Image.Image:
    """Two orange circles with a line between them, on a transparent ground."""
    picture = Image.new("RGBA", (200, 100))
    pen = ImageDraw.Draw(picture)
    pen.line((20, 50, 180, 50), fill=(*line, 255), width=4)
    pen.ellipse((5, 35, 35, 65), fill=(255, 140, 0, 255))
    pen.ellipse((165, 35, 195, 65), fill=(255, 140, 0, 255))
    return picture


def test_light_lines_between_shapes_of_other_colours_count(tmp_path: Path) -> None:
    for name, line, ink in (("a", (255, 255, 255), "light"), ("b", (255, 140, 0), "")):
        draw_tree(line).save(tmp_path / f"{name}.png")
        assert load(tmp_path / f"{name}.png").ink == ink
    boxed = Image.new("RGBA", (200, 100))  # a light shape that has a dark edge needs no dark ground
    ImageDraw.Draw(boxed).rectangle((20, 20, 180, 80), fill="white", outline="black", width=4)
    boxed.save(tmp_path / "c.png")
    assert load(tmp_path / "c.png").ink == "dark"
