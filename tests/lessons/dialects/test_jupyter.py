"""Notebooks: their text is spoken, and their code and stored outputs are shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lessons.errors import LessonError
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.model import Code, Finding, Formula, Lesson, Picture, Placeholder, Table


def markdown(text: str, **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": text.splitlines(keepends=True), **more}


def code(text: str, *outputs: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code", "source": text, "outputs": list(outputs), "metadata": metadata,
    }  # fmt: skip


def show(**data: Any) -> dict[str, Any]:
    named = {key.replace("__", "/").replace("_xml", "+xml"): value for key, value in data.items()}
    return {"output_type": "display_data", "data": named}


def read(folder: Path, *cells: dict[str, Any]) -> tuple[Lesson, tuple[Finding, ...]]:
    text = json.dumps({"nbformat": 4, "metadata": {}, "cells": list(cells)}, indent=1)
    (folder / "n.ipynb").write_text(text)
    return read_lesson(text, "n.ipynb", Surroundings(folder))


def slide(kind: str) -> dict[str, Any]:
    return {"metadata": {"slideshow": {"slide_type": kind}}}


def test_a_notebook_is_a_script(tmp_path: Path) -> None:
    lesson, findings = read(
        tmp_path,
        markdown("# Title\n\nProse with $x$ one."),
        code("1 + 1", {"output_type": "execute_result", "data": {"text/plain": "2"}}),
        code("plot()", show(image__png="AA==", text__plain="<Figure size 1x1>")),
        code("print()", {"output_type": "stream", "name": "stdout", "text": ["a\n", "b\n"]}),
        code("f()", show(text__latex="$\\displaystyle x^2$")),
        code("g()", show(text__plain="<matplotlib.lines.Line2D at 0x7f>")),
        code("1/0", {"output_type": "error", "ename": "ZeroDivisionError", "evalue": "by zero"}),
    )
    assert lesson.shape == "script"
    assert lesson.slides[0].written.startswith("Prose with")
    assert findings == ()
    assert [v.text for v in lesson.slides[0].visuals if isinstance(v, Code)] == [
        "1 + 1", "2", "plot()", "print()", "a\nb", "f()", "g()", "1/0",
        "ZeroDivisionError: by zero",
    ]  # fmt: skip
    pictures = [v for v in lesson.slides[0].visuals if isinstance(v, Picture)]
    assert [(p.path, p.part) for p in pictures] == [("n.ipynb", "2/0/image/png")]
    assert [v.latex for v in lesson.slides[0].visuals if isinstance(v, Formula)] == ["x^2"]


def test_places_are_those_of_the_file(tmp_path: Path) -> None:
    lesson, _ = read(tmp_path, markdown("# One\n\nSome words."), markdown('# Two\n\nÜber "it".'))
    text = (tmp_path / "n.ipynb").read_text()
    token = lesson.slides[0].utterances[0].tokens[0]
    assert text[token.start : token.end] == "Some"
    lines = text.split("\n")
    assert "# Two" in lines[lesson.slides[1].line - 1]
    assert "ber" in lines[lesson.slides[1].utterances[0].line - 1]


def test_a_table_and_what_cannot_be_shown(tmp_path: Path) -> None:
    html = "<style>x</style><table><tr><th></th><th>a|b</th></tr><tr><td>0</td><td>1</td></tr>"
    lesson, _ = read(
        tmp_path,
        markdown("# T\n\nP."),
        code("x", show(text__html=html + "</table>", text__plain="a")),
        code("y", show(text__html="<iframe src='https://www.youtube.com/x'></iframe>")),
        code("z", {"output_type": "display_data", "data": {"application/vnd.plotly.v1+json": {}}}),
    )
    tables = [v for v in lesson.slides[0].visuals if isinstance(v, Table)]
    assert [run.text for run in tables[0].header[1]] == ["a|b"]
    places = [v.what for v in lesson.slides[0].visuals if isinstance(v, Placeholder)]
    assert places == ["Video", "Interactive output"]


def test_attachments_and_hidden_cells(tmp_path: Path) -> None:
    lesson, _ = read(
        tmp_path,
        markdown("# T\n\n![alt](attachment:a.png)", attachments={"a.png": {"image/png": "AA=="}}),
        code("gone", tags=["remove-cell"]),
        code("no input", show(text__plain="out"), tags=["hide-input"]),
        code("no output", show(text__plain="none"), tags=["remove-output"]),
        code("#| echo: false\nquiet", show(text__plain="loud")),
    )
    visuals = lesson.slides[0].visuals
    assert [v.part for v in visuals if isinstance(v, Picture)] == ["0/attachment:a.png/image/png"]
    assert [v.text for v in visuals if isinstance(v, Code)] == ["out", "no output", "loud"]


def test_slides_of_a_notebook(tmp_path: Path) -> None:
    lesson, _ = read(
        tmp_path,
        markdown("# One", **slide("slide")),
        markdown("Say *one*.", **slide("notes")),
        markdown("left out", **slide("skip")),
        markdown("## Two", **slide("subslide")),
        markdown("More", **slide("fragment")),
        markdown("Say two.", **slide("notes")),
    )
    assert lesson.shape == "deck"
    assert [s.title for s in lesson.slides] == ["One", "Two"]
    assert [s.written for s in lesson.slides] == ["Say one.", "Say two."]


def test_long_outputs_are_shortened(tmp_path: Path) -> None:
    output = {"output_type": "stream", "text": "line\n" * 200_000}
    lesson, findings = read(tmp_path, markdown("# T"), code("x", output))
    assert [v.text.count("\n") for v in lesson.slides[0].visuals if isinstance(v, Code)] == [0, 14]
    assert [finding.rule for finding in findings] == ["output-shortened"]


def test_lines_of_outputs_end_as_in_a_file_and_long_ones_are_folded(tmp_path: Path) -> None:
    words = " ".join(f"w{number}" for number in range(60))
    output = {"output_type": "stream", "text": f"a\r\nb\r\n10%\r100%\r\n{words}\n{'x' * 250}\n"}
    lesson, _ = read(tmp_path, markdown("# A"), code("run()", output))
    shown = [v.text for v in lesson.slides[0].visuals if isinstance(v, Code)][1]
    assert shown.startswith("a\nb\n100%\nw0 w1")
    lines = shown.split("\n")[3:]
    assert max(map(len, lines)) == 120
    assert "".join(lines).replace(" ", "").startswith(words.replace(" ", ""))


def test_notebooks_of_format_3(tmp_path: Path) -> None:
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Old"},
        {"cell_type": "code", "input": "1", "outputs": [{"output_type": "pyout", "text": "1"}]},
    ]
    text = json.dumps({"nbformat": 3, "worksheets": [{"cells": cells}]})
    lesson, _ = read_lesson(text, "n.ipynb", Surroundings(tmp_path))
    assert lesson.slides[0].title == "Old"
    assert [v.text for v in lesson.slides[0].visuals if isinstance(v, Code)] == ["1", "1"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"cells": 3}', "[" * 100_000, '{"cells": []}', "no JSON", "9" * 5000]
)
def test_a_damaged_notebook_is_one_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(LessonError) as caught:
        read_lesson(text, "n.ipynb", Surroundings(tmp_path))
    assert caught.value.problem.place.path == "n.ipynb"


def test_odd_cells_are_left_out(tmp_path: Path) -> None:
    odd: list[Any] = [
        3, {}, {"cell_type": 5}, {"cell_type": "code", "source": 7, "outputs": [3, {}],
         "metadata": [], "attachments": 1},
        code("x", {"output_type": "display_data", "data": {"image/png": {}, "text/plain": 5}}),
        markdown("# Here"),
    ]  # fmt: skip
    lesson, _ = read(tmp_path, *odd)
    assert "Here" in [s.title for s in lesson.slides]
