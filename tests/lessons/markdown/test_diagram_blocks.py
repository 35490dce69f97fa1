from __future__ import annotations

from pathlib import Path

import pytest

from lessons.markdown.diagrams import find_diagram_kind, read_diagram
from lessons.markdown.lesson import parse_lesson
from lessons.model import Diagram, DiagramKind


@pytest.mark.parametrize(
    ("kind", "text", "alt", "title"),
    [
        ("mermaid", "graph TD\naccDescr: Rain falls\na-->b", "Rain falls", ""),
        ("mermaid", "graph TD\n  accTitle: Rain\na-->b", "Rain", ""),
        (
            "mermaid",
            "graph TD\naccTitle: R\naccDescr {\n  Rain\n  falls\n}\na-->b",
            "Rain falls",
            "",
        ),
        ("mermaid", '%%| fig-cap: "A cycle"\n%%| fig-alt: Rain\ngraph TD', "Rain", "A cycle"),
        ("mermaid", "%%| fig-cap: A cycle\ngraph TD", "A cycle", "A cycle"),
        ("dot", 'digraph {\n tooltip="Rain falls";\n a [tooltip="x"]\n}', "Rain falls", ""),
        ("dot", 'digraph {\n a [tooltip="x"]\n}', "", ""),
        ("plantuml", "@startuml\ntitle Rain falls\na->b", "Rain falls", ""),
        ("mermaid", "graph TD\na-->b", "", ""),
    ],
)
def test_a_diagram_says_what_it_shows(kind: DiagramKind, text: str, alt: str, title: str) -> None:
    found = read_diagram(text, kind, 0, 1)
    assert (found.alt, found.title) == (alt, title)


def test_fences_become_diagrams(tmp_path: Path) -> None:
    text = (
        "# A\n\nWords.\n\n```mermaid\ngraph TD\na-->b\n```\n\n"
        "~~~dot\ngraph { a }\n~~~\n\n```c\nx\n```\n"
    )
    (slide,) = parse_lesson(text, path="a.md", root=tmp_path).slides
    kinds = [v.kind if isinstance(v, Diagram) else type(v).__name__ for v in slide.visuals]
    assert kinds == ["mermaid", "dot", "Code"]
    assert isinstance(slide.visuals[0], Diagram) and slide.visuals[0].line == 5


def test_other_languages_are_code() -> None:
    assert find_diagram_kind("PUML") == "plantuml"
    assert find_diagram_kind("python") is None and find_diagram_kind("") is None
