from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from lessons.model import (
    Box,
    Code,
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
from narrate.errors import RenderError
from narrate.layout import Layout, lay_out_lecture, lay_out_lipreadable
from narrate.slides.drawing import DrawnSlide, SlideLook, draw_slide
from narrate.slides.pictures.reading import reading_from
from narrate.slides.themes import THEMES
from narrate.slides.typesetting import typeset

SMALL = SlideLook(lay_out_lecture((960, 540), has_presenter=False))
LARGE = SlideLook(lay_out_lecture(has_presenter=False))
LAYOUTS = [lay_out_lecture(), lay_out_lipreadable(), lay_out_lipreadable(signer="reserve")]


def slide(*visuals: Visual, title: str = "Title", steps: int = 1) -> Slide:
    return Slide(3, title, visuals, (), line=7, steps=steps)


def text(words: str) -> tuple[Run, ...]:
    return (Run(words),)


def pixels(data: bytes) -> npt.NDArray[np.int16]:
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB")).astype(np.int16)


def draw(one: Slide, root: Path, look: SlideLook = SMALL, *, path: str = "") -> DrawnSlide:
    return draw_slide(one, look, read=reading_from(root), path=path)


def ink(picture: npt.NDArray[np.int16]) -> npt.NDArray[np.bool_]:
    """Return where a picture differs from its background, the colour of a pixel in its margin."""
    ground = picture[picture.shape[0] // 2, picture.shape[1] // 40]
    return np.asarray(np.abs(picture - ground).max(axis=2) > 24)


KINDS: dict[str, tuple[Visual, ...]] = {
    "nothing": (),
    "paragraph": (Paragraph((Run("bold", "strong"), Run(" and "), Run("code()", "code"))),),
    "list": (
        ItemList((ListItem(text("a")), ListItem(text("b"), 1), ListItem(text("c"), 0, 0, 3))),
    ),
    "code": (Code("def f(x):\n    return x + 1  # more", "python"),),
    "table": (
        Table((text("a"), text("b")), ((text("1"), text("2")), (text("3"),)), ("left", "right")),
    ),
    "formula": (Formula(r"\frac{1}{2} + \sqrt{x}"),),
    "quote": (Quote((Run("said", "emphasis"), Run(" with "), Run("a link", "link"))),),
}


@pytest.mark.parametrize("visuals", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("look", THEMES)
def test_every_kind_is_drawn_at_its_size(
    visuals: tuple[Visual, ...], look: str, tmp_path: Path
) -> None:
    drawn = draw(slide(*visuals), tmp_path, replace(SMALL, theme=THEMES[look]))
    picture = pixels(drawn.pictures[0])
    assert picture.shape == (540, 960, 3)
    assert drawn.findings == ()
    assert 0.001 < ink(picture).mean() < 0.5


def test_later_steps_keep_their_places(tmp_path: Path) -> None:
    items = ItemList((ListItem(text("first"), step=0), ListItem(text("second"), step=1)))
    one, two = map(pixels, draw(slide(items, steps=2), tmp_path).pictures)
    changed = np.any(one != two, axis=2)
    assert changed.any()
    # What the second step adds was empty in the first; nothing else moved.
    assert not ink(one)[changed].any()


def test_ascenders_and_descenders_are_not_cut_off(tmp_path: Path) -> None:
    letters = ItemList(tuple(ListItem(text("lj")) for _ in range(3)))
    picture = pixels(draw(slide(letters), tmp_path, LARGE).pictures[0])
    box = lay_out_lecture(has_presenter=False).content
    rows = ink(picture)[box.y + 90 : box.bottom, box.x + 40 :].any(axis=1)
    edges = np.flatnonzero(np.diff(rows.astype(int), prepend=0, append=0))
    heights = edges[1::2] - edges[::2]
    assert len(heights) == 3
    assert np.ptp(heights) <= 1


def test_the_same_slide_gives_the_same_bytes(tmp_path: Path) -> None:
    one = slide(*KINDS["code"], *KINDS["formula"])
    assert draw(one, tmp_path).pictures == draw(one, tmp_path).pictures


HOSTILE = [
    '#import "@preview/x:1.0.0": *',
    "#panic()",
    '#read("/etc/passwd")',
    "`raw` ``` #x",
    "$x$ $ #x $",
    '"quoted" \\" \\',
    "*a* _b_ @ref <label> // c /* d */ = e",
    "{{ 7 * 7 }} {% raw %}",
    "\\u{41} \x00\x07\x1b[31m\x7f\u2028\ud800",
    "]] )) }} #{",
    "'\"><script>&amp;",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_text_is_never_markup(words: str, tmp_path: Path) -> None:
    """Text is drawn exactly as it is written. The amount of ink shows that nothing was run."""
    everywhere = slide(
        Paragraph(text(words)),
        Paragraph((Run(words, "code"), Run(words, "strong"), Run(words, "link"))),
        ItemList((ListItem(text(words)),)),
        Code(words, words),
        Table((text(words),), ((text(words),),), ("left",)),
        Quote(text(words)),
        title=words,
    )
    look = replace(SMALL, footer=words, provenance=words, language=words)
    drawn = draw(everywhere, tmp_path, look)
    assert len(drawn.pictures) == 1
    visible = "".join(c for c in words if c.isprintable() and not "\ud800" <= c <= "\udfff")
    plain = draw(slide(Paragraph(text(words))), tmp_path).pictures[0]
    same = draw(slide(Paragraph(text(visible))), tmp_path).pictures[0]
    more = draw(slide(Paragraph(text(visible + "x"))), tmp_path).pictures[0]
    assert plain == same or " " in words
    assert plain != more


@pytest.mark.parametrize(
    ("latex", "problem"),
    [
        (r"\frac{a}{b", "not closed"),
        (r"a}", "no matching {"),
        (r"\unheardof{x}", r"\\unheardof is not known"),
        (r"\frac{a}", "lacks an argument"),
        ("", "empty"),
        (r"\left( x", "left"),
        ("a & b", "outside a table"),
        ("{" * 900 + "}" * 900, "nested too deeply"),
        ("a+" * 20_000, "more than 2000"),
        ("x\x01", "cannot be typeset"),
    ],
)
def test_wrong_latex_is_shown_as_it_is_written(latex: str, problem: str, tmp_path: Path) -> None:
    drawn = draw(slide(Formula(latex), Paragraph(text("A phrase"))), tmp_path, path="01.md")
    (finding,) = [f for f in drawn.findings if f.rule == "formula-unshown"]
    assert re.search(problem, finding.message) and finding.remedy
    assert (finding.place.slide, finding.place.path) == (3, "01.md")
    assert latex[:70] in finding.message
    assert ink(pixels(drawn.pictures[0])).any()


def test_equations_are_aligned_by_either_environment(tmp_path: Path) -> None:
    lines = r"\begin{%s} a &= b \\ c &= d \end{%s}"
    one, other = (
        draw(slide(Formula(lines % (name, name))), tmp_path) for name in ("aligned", "split")
    )
    assert one.pictures == other.pictures


def test_the_smallest_text_has_24_pixels_at_1080p(tmp_path: Path) -> None:
    """The lines of a code block that does not fit are still as high as letters of 24 px need."""
    crowd = Code("\n".join("X" * 150 for _ in range(40)))
    drawn = draw(slide(crowd, title=""), tmp_path, LARGE)
    assert [f.rule for f in drawn.findings] == ["slide-divided"]
    picture = pixels(drawn.pictures[0])
    # Capitals of DejaVu Sans Mono are 0.729 em high: 17.5 px at 24.
    rows = ink(picture[110:900, 200:400]).any(axis=1)
    edges = np.flatnonzero(np.diff(rows.astype(int), prepend=0, append=0))
    assert np.median(edges[1::2] - edges[::2]) >= 17


@pytest.mark.parametrize("extra", [True, False])
def test_a_character_without_a_glyph_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extra: bool
) -> None:
    monkeypatch.setattr("narrate.slides.drawing.has_extra_fonts", lambda: extra)
    ordinary = draw(slide(Paragraph(text("é ß Ω ж → ≤ ∇ €"))), tmp_path)
    assert ordinary.findings == ()
    (finding,) = draw(slide(Paragraph(text("𗀀𗀁"))), tmp_path).findings
    assert finding.rule == "missing-glyphs"
    assert "U+17000" in finding.message
    assert ("narrate-lectures[fonts]" in finding.remedy) is not extra


@pytest.mark.parametrize("layout", LAYOUTS)
def test_text_never_overlaps_presenter_signer_or_captions(layout: Layout, tmp_path: Path) -> None:
    words = "many words that fill the slide to its very edge and then some "
    full = slide(
        Paragraph(text(words * 6)), Code("x" * 80, ""), ItemList((ListItem(text(words * 5)),)),
        title=words * 2,
    )  # fmt: skip
    bare = slide(title="")
    look = SlideLook(layout, footer=words, provenance="Synthetic")
    filled = pixels(draw(full, tmp_path, look).pictures[0])
    empty = pixels(draw(bare, tmp_path, look).pictures[0])
    changed = np.any(filled != empty, axis=2)
    assert changed.any()
    for box in (layout.presenter, layout.signer, layout.captions, layout.footer):
        if box is not None:
            assert not changed[box.y : box.bottom, box.x : box.right].any()


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_provenance_line_is_visible(layout: Layout, tmp_path: Path) -> None:
    look = SlideLook(layout, footer="A course " * 20)
    line = "Synthetic presenter · record ab12cd34"
    without = pixels(draw(slide(), tmp_path, look).pictures[0])
    with_it = pixels(draw(slide(), tmp_path, replace(look, provenance=line)).pictures[0])
    box = layout.footer
    changed = np.any(with_it != without, axis=2)
    inside = changed[box.y : box.bottom, box.x : box.right]
    assert inside.any()
    assert inside.sum() == changed.sum()
    columns = np.flatnonzero(inside.any(axis=0))
    assert columns.max() >= box.width - 30  # it is complete: it reaches the right edge


def test_pictures_are_shown_completely(tmp_path: Path) -> None:
    image = np.zeros((200, 400, 3), np.uint8)
    image[:, :200] = (255, 0, 0)
    image[:, 200:] = (0, 0, 255)
    Image.fromarray(image).save(tmp_path / "two.png")
    drawn = pixels(draw(slide(Picture("two.png", "two colours")), tmp_path).pictures[0])
    red = np.argwhere((drawn == (255, 0, 0)).all(axis=2))
    blue = np.argwhere((drawn == (0, 0, 255)).all(axis=2))
    (top, left), (bottom, right) = red.min(axis=0), red.max(axis=0)
    assert (right - left) / (bottom - top) == pytest.approx(1.0, abs=0.03)
    assert len(blue) == pytest.approx(len(red), rel=0.03)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("size", [(900, 300), (300, 900), (500, 500)])
@pytest.mark.parametrize("order", [1, -1])
def test_text_and_picture_are_both_shown(
    layout: Layout, size: tuple[int, int], order: int, tmp_path: Path
) -> None:
    Image.new("RGB", size, (255, 0, 0)).save(tmp_path / "p.png")
    words, other = Paragraph(text("A phrase, gjpqy")), Paragraph(text(" "))
    picture = Picture("p.png", "red")
    one, two = (
        pixels(draw(slide(*(paragraph, picture)[::order]), tmp_path, SlideLook(layout)).pictures[0])
        for paragraph in (words, other)
    )
    dark = (one.max(axis=2) < 90) & (two.min(axis=2) > 200)
    box = layout.content
    assert dark[box.y : box.bottom + 14, box.x : box.right].sum() > 800
    assert dark.sum() == dark[box.y : box.bottom + 14, box.x : box.right].sum()
    red = (one == (255, 0, 0)).all(axis=2)
    assert red.sum() > 0.1 * box.width * box.height


def test_pictures_are_turned_by_their_exif_data(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90° to the right
    Image.new("RGB", (300, 100), (0, 128, 0)).save(tmp_path / "t.jpg", exif=exif, quality=95)
    drawn = pixels(draw(slide(Picture("t.jpg", "tall"), title=""), tmp_path).pictures[0])
    rows, columns = np.nonzero(np.abs(drawn - (0, 128, 0)).max(axis=2) < 12)
    assert np.ptp(rows) > 2.5 * np.ptp(columns)


@pytest.mark.parametrize("shape", ['viewBox="0 0 40 20"', 'width="40mm" height="20mm"'])
def test_drawings_are_as_large_as_the_space_allows(shape: str, tmp_path: Path) -> None:
    (tmp_path / "d.svg").write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" {shape}>'
        '<rect width="100%" height="100%" fill="#ff0000"/></svg>'
    )
    drawn = pixels(draw(slide(Picture("d.svg", "red")), tmp_path).pictures[0])
    rows, columns = np.nonzero((drawn == (255, 0, 0)).all(axis=2))
    assert (np.ptp(columns) + 1) / (np.ptp(rows) + 1) == pytest.approx(2.0, abs=0.03)
    assert np.ptp(columns) > 500  # of 960


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1", "windows-1252"])
def test_drawings_are_read_in_the_encoding_that_they_declare(encoding: str, tmp_path: Path) -> None:
    (tmp_path / "d.svg").write_bytes(
        f'<?xml version="1.0" encoding="{encoding}"?><!-- Schüler -->'
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><title>Schüler</title>'
        '<rect width="40" height="20" fill="#ff0000"/></svg>'.encode(encoding)
    )
    drawn = pixels(draw(slide(Picture("d.svg", "red")), tmp_path).pictures[0])
    assert (drawn == (255, 0, 0)).all(axis=2).sum() > 100_000


def test_a_drawing_shows_no_other_file(tmp_path: Path) -> None:
    Image.new("RGB", (40, 20), (255, 0, 0)).save(tmp_path / "secret.png")
    (tmp_path / "d.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
        '<rect width="40" height="20" fill="#00f"/>'
        f'<image href="{tmp_path}/secret.png" width="40" height="20"/>'
        '<image href="secret.png" width="40" height="20"/></svg>'
    )
    drawn = draw(slide(Picture("d.svg", "blue")), tmp_path)
    assert [f.rule for f in drawn.findings] == ["picture-incomplete"]
    assert (pixels(drawn.pictures[0]) == (0, 0, 255)).all(axis=2).sum() > 100_000


def test_a_frame_takes_the_place_of_a_bad_picture(tmp_path: Path) -> None:
    root = tmp_path / "course"
    root.mkdir()
    (root / "no.png").write_bytes(b"this is not a picture")
    Image.new("RGB", (64, 64)).save(tmp_path / "outside.png")
    (root / "link.png").symlink_to(tmp_path / "outside.png")
    Image.new("1", (9000, 9000)).save(root / "bomb.png")
    whole = io.BytesIO()
    Image.effect_noise((200, 200), 50).save(whole, "PNG")
    (root / "no.svg").write_text("<html/>")
    (root / "unknown.svg").write_text('<?xml version="1.0" encoding="klingon"?><svg/>')
    (root / "large.svg").write_bytes(b"<" + b" " * 2_000_001)
    (root / "cut.png").write_bytes(whole.getvalue()[:5000])
    (root / "lfs.png").write_text("version https://git-lfs.github.com/spec/v1\n")
    words = Paragraph(text("A phrase beside it"))
    for name, problem in {
        "no.png": "not a picture",
        "missing.png": "cannot be read",
        "link.png": "outside the course",
        "../outside.png": "outside the course",
        "bomb.png": "9000×9000",
        "cut.png": "damaged",
        "no.svg": "not an SVG",
        "unknown.svg": "not an SVG",
        "large.svg": "2 MB",
        "lfs.png": "Git LFS pointer",
    }.items():
        drawn = draw(slide(words, Picture(name, "A prism", line=12)), root, path="02.md")
        (finding,) = drawn.findings
        assert (finding.rule, finding.severity) == ("picture-unshown", "error")
        assert re.search(problem, finding.message) and finding.remedy
        place = finding.place
        assert (place.path, place.line, place.slide) == ("02.md", 12, 3)
        shown = Placeholder("Picture", name.rpartition("/")[2], "A prism")
        assert drawn.pictures == draw(slide(words, shown), root).pictures


def test_a_slide_that_cannot_be_drawn_becomes_plain_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_for_lists(
        source: str, files: Mapping[str, bytes], fonts: tuple[bytes, ...]
    ) -> tuple[Any, Any]:
        if "accent, weight: 700" in source:
            raise RenderError("A page cannot be typeset: it is cursed.", remedy="Report it.")
        return typeset(source, files, fonts)

    monkeypatch.setattr("narrate.slides.drawing.typeset", fail_for_lists)
    items = ItemList((ListItem(text("one")), ListItem(text("two"), step=1, number=2)))
    drawn = draw(slide(items, Paragraph(text("three")), steps=2), tmp_path, path="01.md")
    plain = slide(
        Paragraph(text("• one")), Paragraph(text("2. two"), 1), Paragraph(text("three")), steps=2
    )
    assert drawn.pictures == draw(plain, tmp_path).pictures
    (finding,) = drawn.findings
    assert finding.rule == "slide-unshown" and "cursed" in finding.message
    assert (finding.place.path, finding.place.slide) == ("01.md", 3)


def test_boxes_that_never_end_become_plain_text(tmp_path: Path) -> None:
    inside: Visual = Paragraph(text("the core"))
    for _ in range(2000):
        inside = Box("note", "", (), (inside,))
    drawn = draw(slide(inside), tmp_path)
    assert [f.rule for f in drawn.findings] == ["slide-unshown"]
    assert drawn.pictures == draw(slide(Paragraph(text("the core"))), tmp_path).pictures


def test_an_error_of_plain_text_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(source: str, files: Mapping[str, bytes], fonts: object) -> tuple[Any, Any]:
        raise RenderError("A page cannot be typeset: all is cursed.", remedy="Report it.")

    monkeypatch.setattr("narrate.slides.drawing.typeset", fail)
    with pytest.raises(RenderError, match="all is cursed"):
        draw(slide(), tmp_path)
