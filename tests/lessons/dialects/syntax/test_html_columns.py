from __future__ import annotations

from pathlib import Path

import pytest
from lesson_text import read, show

HALVES = ["|0.5", "A", "|0.5", "B", "|"]
TWO = "<div>\n\nA\n\n</div>\n<div>\n\nB\n\n</div>"


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        (f'<div class="two-columns">\n{TWO}\n</div>', HALVES),
        (f'<div class="columns">\n\n{TWO}\n\n</div>\n\nafter', [*HALVES, "after"]),
        (f"<div class='grid grid-cols-2 gap-4'>{TWO}</div>", HALVES),
        (f'<div class="row mt-2">{TWO}</div>', HALVES),
        (
            '<div class="row"><div class="col-4">A</div><div class="col-md-8">B</div></div>',
            ["|0.33", "A", "|0.67", "B", "|"],
        ),
        (
            f'<div style="display: grid; grid-template-columns: 3fr 1fr">{TWO}</div>',
            ["|0.75", "A", "|0.25", "B", "|"],
        ),
        (
            f'<div class="cols-2">{TWO}<div>C</div><div>D</div></div>',
            [*HALVES, "|0.5", "C", "|0.5", "D", "|"],
        ),
        (
            '<div style="float:left; width:40%">\n\nA\n\n</div>\n'
            '<div style="float:right; width:60%">\n\nB\n\n</div>\n',
            ["|0.4", "A", "|0.6", "B", "|"],
        ),
        ('<div class="left">A</div>\n<div class="right">B</div>', HALVES),
        (
            f'<div class="columns"><div>A</div><div><div class="columns">{TWO}</div></div></div>',
            ["|0.5", "A", "|0.5", *HALVES, "|"],
        ),
        (f'<div class="flex flex-col">{TWO}</div>', ["A", "B"]),
        ('<div class="columns">words\n<div>A</div><div>B</div></div>', ["words", "A", "B"]),
        ('<div class="left">A</div>\n\nbetween\n', ["A", "between"]),
        (f'<div class="plain">{TWO}</div>', ["A", "B"]),
    ],
)
@pytest.mark.parametrize("head", ["marp: true\n", "dialect: reveal\n"])
def test_divisions_that_stand_side_by_side_in_decks(
    tmp_path: Path, head: str, html: str, shown: list[str]
) -> None:
    lesson = read(tmp_path, f"---\n{head}---\n\n# T\n\n{html}\n\n<!-- say: Said. -->\n")
    assert show(lesson)[0] == ["T", *shown, "> Said."]


def test_a_heading_in_a_row_of_a_script_begins_a_slide(tmp_path: Path) -> None:
    row = '<div class="row">\n<div>\n\n## One\n\ntext\n\n</div>\n<div>B</div>\n</div>'
    slides = read(tmp_path, f"# T\n\nWords.\n\n{row}\n").slides
    assert [slide.title for slide in slides] == ["T", "One"]
