from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from foundation.problem import Place
from lessons.course import media
from lessons.errors import MediaError
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.model import Placeholder

PLACE = Place("a.md", 7, 3)


def png_header(width: int, height: int) -> bytes:
    """A PNG that says how large it is and holds nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IEND", b"")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "course"
    (root / "media").mkdir(parents=True)
    (root / "unit").mkdir()
    Image.new("RGB", (4, 4)).save(root / "media" / "a b.png")
    Image.new("RGB", (4, 4)).save(root / "unit" / "c.webp")
    Image.new("RGB", (4, 4)).save(tmp_path / "outside.png")
    return root


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("media/a b.png", "media/a b.png"),
        ("media/a%20b.png", "media/a b.png"),
        ("a b.png", "media/a b.png"),
        ("c.webp", "unit/c.webp"),
        ("../media/a b.png", "media/a b.png"),
    ],
)
def test_a_picture_is_found_beside_its_lesson_in_the_course_or_in_media(
    root: Path, name: str, path: str
) -> None:
    assert media.picture(root, name, PLACE, beside=root / "unit") == path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("https://example.com/a.png", "only files in the course"),
        ("//example.com/a.png", "only files in the course"),
        ("data:image/png;base64,AAAA", "only files in the course"),
        ("file:///etc/passwd", "only files in the course"),
        ("/etc/passwd", "no file"),
        ("C:/a.png", "inside the course"),
        ("..\\outside.png", "leads out"),
        ("../../etc/passwd", "leads out"),
        ("../outside.png", "leads out"),
        ("%2e%2e/outside.png", "leads out"),
        ("link.png", "leads out"),
        ("folder/outside.png", "leads out"),
        ("gone.png", "no file"),
        ("media", "no file"),
        ("", "empty"),
        ("a\0b.png", "empty"),
        ("x" * 2000, "empty"),
        ("x" * 300, "cannot be opened"),
        ("loop.png", "no file"),
    ],
)
def test_nothing_outside_the_course_is_named(root: Path, name: str, words: str) -> None:
    (root / "link.png").symlink_to(root.parent / "outside.png")
    (root / "folder").symlink_to(root.parent)
    (root / "loop.png").symlink_to(root / "loop.png")
    with pytest.raises(MediaError, match=r"a\.md:7 \(slide 3\)") as caught:
        media.picture(root, name, PLACE)
    assert words in str(caught.value) or name == "loop.png"


def find_missing(root: Path, markdown: str) -> tuple[Placeholder, str]:
    """The placeholder for a picture in a lesson, and what is said of it."""
    text = f"# A\n\nHello.\n\n{markdown}\n"
    lesson, (finding,) = read_lesson(text, "a.md", Surroundings(root))
    assert finding.rule == "picture-missing"
    (shown,) = lesson.slides[0].visuals
    assert isinstance(shown, Placeholder)
    assert lesson.slides[0].written == "Hello."
    return shown, finding.message


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "data:text/html,x", "javascript:x", "https://a.b/c.png"]
)
def test_an_address_of_any_kind_is_a_placeholder_and_not_read_aloud(
    root: Path, address: str
) -> None:
    shown, message = find_missing(root, f"![x]({address})")
    assert "is an address" in message and shown.alt == "x"


def test_a_message_shows_a_path_as_it_was_written(root: Path) -> None:
    assert "no file 'my cat.png'" in find_missing(root, "![x](<my cat.png>)")[1]


@pytest.mark.parametrize("name", ["/media/a b.png", "/a b.png", "\\\\media\\\\a b.png"])
def test_a_path_from_the_root_of_a_site_means_the_course(root: Path, name: str) -> None:
    name = name.replace("\\\\", "\\").lstrip("\\")
    assert media.picture(root, name, PLACE, beside=root / "unit") == "media/a b.png"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.png", b"no picture", "not a picture"),
        ("a.png", b"", "not a picture"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "not a picture"),
        ("a.bmp", b"BM" + bytes(60), "not a picture"),
        ("a.png", png_header(20_000, 20_000), "pixels"),
        ("a.png", png_header(2**31 - 1, 2**31 - 1), "pixels"),
        ("a.svg", b"<html/>", "not an SVG"),
        ("a.svg", b"<svg", "not an SVG"),
    ],
)
def test_a_decompression_bomb_or_a_file_that_is_not_a_picture_is_refused(
    root: Path, name: str, content: bytes, words: str
) -> None:
    (root / name).write_bytes(content)
    with pytest.raises(MediaError, match=words):
        media.picture(root, name, PLACE)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">{}</svg>'


def test_a_pointer_of_git_lfs_says_what_to_run(root: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    (root / "a.png").write_text(pointer)
    (root / "a.svg").write_text(pointer)
    for name in ("a.png", "a.svg"):
        with pytest.raises(MediaError, match="git lfs pull"):
            media.picture(root, name, PLACE)


def test_a_drawing_is_known_by_its_content(root: Path) -> None:
    (root / "a.png").write_text(SVG.format("<rect/>"))
    assert media.picture(root, "a.png", PLACE) == "a.png"


def test_a_plain_drawing_is_taken(root: Path) -> None:
    (root / "a.svg").write_text(SVG.format('<use href="#a"/><rect fill="url(#g)"/>'))
    assert media.picture(root, "a.svg", PLACE) == "a.svg"


def _bomb(levels: int, form: str) -> str:
    parts = ['<g id="a0"><rect width="1" height="1"/></g>']
    for level in range(1, levels):
        parts.append(f'<g id="a{level}">' + form.format(level - 1) * 10 + "</g>")
    return SVG.format("".join(parts))


@pytest.mark.parametrize(
    ("drawing", "says"),
    [
        (_bomb(9, '<use href="#a{}"/>'), "parts"),
        (_bomb(9, '<rect fill="url(#a{})"/>'), "parts"),
        (SVG.format('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'), "itself"),
        (SVG.format("<g>" * 900 + "</g>" * 900), "deeply"),
    ],
)
def test_a_drawing_that_unfolds_without_end_is_refused(root: Path, drawing: str, says: str) -> None:
    (root / "a.svg").write_text(drawing)
    with pytest.raises(MediaError, match=says):
        media.picture(root, "a.svg", PLACE)


def test_a_drawing_that_repeats_within_reason_is_kept(root: Path) -> None:
    gradient = '<linearGradient id="g"/><style>rect { fill: url(#g) }</style>'
    (root / "a.svg").write_text(
        _bomb(4, '<use href="#a{}"/>').replace("</svg>", gradient + "</svg>")
    )
    assert media.picture(root, "a.svg", PLACE) == "a.svg"
