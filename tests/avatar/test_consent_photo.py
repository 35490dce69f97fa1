"""Photos: how they are decoded, and what is refused before it can do harm."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from consent_world import picture_bytes
from PIL import Image

from avatar.consent import photo
from avatar.consent.photo import decode, read_photo
from avatar.errors import PhotoError
from foundation import files

HERE = Path("presenter/ada.png")
# 3 wide, 2 high, each pixel another colour, so that every turn can be told.
MAP = np.array(
    [[[255, 0, 0], [0, 255, 0], [0, 0, 255]], [[255, 255, 0], [0, 255, 255], [255, 0, 255]]],
    np.uint8,
)


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def refused(data: bytes, match: str) -> PhotoError:
    with pytest.raises(PhotoError, match=match) as caught:
        decode(data, HERE)
    assert caught.value.remedy and caught.value.place.path == str(HERE)
    return caught.value


@pytest.mark.parametrize(("kind", "options"), [("PNG", {}), ("WEBP", {"lossless": True})])
def test_lossless_pictures_are_decoded_exactly(kind: str, options: dict[str, object]) -> None:
    assert np.array_equal(decode(saved(Image.fromarray(MAP), kind, **options), HERE), MAP)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_lossy_pictures_are_decoded_nearly_exactly(kind: str) -> None:
    big = np.kron(MAP, np.ones((16, 16, 1), np.uint8))
    shown = decode(saved(Image.fromarray(big), kind, quality=95), HERE)
    assert shown.shape == big.shape
    assert np.abs(shown[8::16, 8::16].astype(int) - MAP).max() < 12


@pytest.mark.parametrize(
    ("orientation", "upright"),
    [
        (1, MAP), (2, MAP[:, ::-1]), (3, MAP[::-1, ::-1]), (4, MAP[::-1]),
        (5, MAP.transpose(1, 0, 2)), (6, np.rot90(MAP, -1)),
        (7, MAP[::-1, ::-1].transpose(1, 0, 2)), (8, np.rot90(MAP)),
    ],
)  # fmt: skip
def test_the_exif_orientation_is_applied(orientation: int, upright: np.ndarray) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    for kind in ("PNG", "WEBP"):
        data = saved(Image.fromarray(MAP), kind, exif=exif, lossless=True)
        assert np.array_equal(decode(data, HERE), upright)


def test_transparent_pixels_become_white() -> None:
    rgba = np.dstack([MAP, np.array([[0, 255, 255], [255, 255, 0]], np.uint8)])
    shown = decode(saved(Image.fromarray(rgba)), HERE)
    expected = MAP.copy()
    expected[0, 0] = expected[1, 2] = 255
    assert np.array_equal(shown, expected)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK"])
def test_other_colour_models_become_rgb(mode: str) -> None:
    image = Image.new("RGB", (4, 3), "white").convert(mode)
    data = saved(image, "JPEG" if mode == "CMYK" else "PNG")
    shown = decode(data, HERE)
    assert shown.shape == (3, 4, 3) and shown.min() > 250


def test_sixteen_bit_grey_is_scaled_not_clipped() -> None:
    grey = np.array([[0, 0x4000, 0x8000, 0xFFFF]], np.uint16)
    shown = decode(saved(Image.fromarray(grey)), HERE)
    assert shown[0, :, 0].tolist() == [0, 0x40, 0x80, 0xFF]


def test_a_file_that_is_not_a_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"abc")
    with pytest.raises(PhotoError, match="PNG, JPEG or WebP"):
        read_photo(path)
    path.write_bytes(picture_bytes())
    assert read_photo(path) == picture_bytes()


# Hostile pictures.


def png_of_size(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(
            ">I", zlib.crc32(kind + body))  # fmt: skip

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def jpeg_of_size(width: int, height: int) -> bytes:
    data = bytearray(picture_bytes(kind="JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def webp_of_size(width: int, height: int) -> bytes:
    data = bytearray(saved(Image.new("RGBA", (8, 8), (1, 2, 3, 4)), "WEBP"))
    body = b"\x10\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    if data[12:16] != b"VP8X":
        data[12:12] = b"VP8X" + struct.pack("<I", 10) + body
    else:
        data[20:30] = body
    data[4:8] = struct.pack("<I", len(data) - 8)
    return bytes(data)


@pytest.mark.parametrize("make", [png_of_size, jpeg_of_size, webp_of_size])
@pytest.mark.parametrize("size", [(10_000, 5_001), (16_383, 16_383), (20_001, 1)])
def test_too_many_pixels_are_refused(
    make: object, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The header is enough to refuse it; nothing is decoded."""
    assert callable(make)
    data = make(*size)
    if make is webp_of_size:
        # Pillow must not even open it: its WebP reader allocates the canvas at once.
        monkeypatch.setattr(Image, "open", lambda *a, **k: pytest.fail("opened"))
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    error = refused(data, "pixels")
    assert error.measured in (None, size[0] * size[1])
    assert error.limit == photo.LARGEST_PICTURE


def test_the_size_limits_let_large_pictures_through() -> None:
    data = saved(Image.new("L", (6000, 4000), 200))
    assert decode(data, HERE).shape == (4000, 6000, 3)


def test_a_file_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(picture_bytes())
    monkeypatch.setattr(photo, "LARGEST_FILE", path.stat().st_size)
    read_photo(path)
    monkeypatch.setattr(photo, "LARGEST_FILE", path.stat().st_size - 1)
    with pytest.raises(PhotoError, match="larger than"):
        read_photo(path)


def test_a_file_that_grows_while_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"x" * 10)
    real = os.fstat

    def smaller(descriptor: int) -> object:
        status = real(descriptor)
        return os.stat_result((*status[:6], 5, *status[7:10]))

    monkeypatch.setattr(os, "fstat", smaller)
    with pytest.raises(files.TooLargeError):
        files.read_bounded(path, 5)


def test_a_jpeg_with_too_many_scans_is_refused() -> None:
    data = saved(Image.new("RGB", (16, 16), "red"), "JPEG", progressive=True)
    decode(data, HERE)
    scan = data[data.rindex(b"\xff\xda") : -2]
    refused(data[:-2] + scan * 200 + b"\xff\xd9", "scans")


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_animations_are_refused(kind: str) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    data = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
    refused(data, "animated")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_every_damaged_picture_raises_a_photo_error(kind: str) -> None:
    honest = picture_bytes(kind=kind)
    decode(honest, HERE)
    random = np.random.default_rng(1)
    kept = refusals = 0
    for _ in range(300):
        data = bytearray(honest)
        for at in random.integers(12, len(data), 3):
            data[at] = random.integers(256)
        cut = data[: random.integers(1, len(data) + 1)] if random.random() < 0.3 else data
        try:
            shown = decode(bytes(cut), HERE)
        except PhotoError:
            refusals += 1
        else:
            kept += 1
            assert shown.ndim == 3 and shown.dtype == np.uint8
    assert refusals > 20


@pytest.mark.parametrize(
    "data",
    [b"", b"x", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF0000WEBP", b"RIFF0000WEBPVP8X",
     b"RIFF0000WEBPXXXX" + bytes(20)],
)  # fmt: skip
def test_truncated_headers_are_refused(data: bytes) -> None:
    with pytest.raises(PhotoError):
        decode(data, HERE)
