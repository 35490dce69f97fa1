"""Boxes, columns and the other markers, from the rewritten text to slides and speech."""

from __future__ import annotations

from pathlib import Path

import pytest

from foundation.frozen_mapping import FrozenMapping
from lessons.box_kinds import BOX_KINDS, THINKING_MS, find_kind
from lessons.course.settings import BoxManner
from lessons.dialects.base import Context, Dialect, Reading, Sample
from lessons.markdown import lesson as reading
from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.markdown.markers import MARK, make_marker, parse_marker
from lessons.markdown.source import Source
from lessons.model import (
    Box,
    Columns,
    ItemList,
    Lesson,
    ListItem,
    Paragraph,
    Placeholder,
    Run,
    Shape,
)


class Plain(Dialect):
    """Takes `@` at the start of a line for the sign of a marker."""

    name = "plain"

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def score(self, sample: Sample) -> int:
        return 1

    def read(self, source: Source, context: Context) -> Reading:
        text = source.text.replace("@", MARK)
        return Reading(Source.of(source.file.path, text), self.shape, comments_are_notes=True)


def read(
    text: str, monkeypatch: pytest.MonkeyPatch, shape: Shape = "script", **boxes: BoxManner
) -> Lesson:
    monkeypatch.setattr(reading, "find_dialect", lambda *_: Plain(shape))
    around = Surroundings(Path())
    settings = around.settings.model_copy(update={"boxes": FrozenMapping(boxes)})
    return read_lesson(text, "a.md", Surroundings(Path(), settings))[0]


def said(lesson: Lesson) -> list[str]:
    return [u.written for slide in lesson.slides for u in slide.utterances]


def text(words: str) -> tuple[Run, ...]:
    return (Run(words),)


@pytest.mark.parametrize(
    ("line", "name", "words", "title"),
    [
        (f"{MARK}box tip", "box", ("tip",), ""),
        (f"{MARK}box tip{MARK}A *b*", "box", ("tip",), "A *b*"),
        (f"{MARK}column 60", "column", ("60",), ""),
    ],
)
def test_a_marker_is_read_as_it_was_written(
    line: str, name: str, words: tuple[str, ...], title: str
) -> None:
    found = parse_marker(line)
    assert found is not None
    assert (found[0].name, found[0].words, line[found[1] :]) == (name, words, title)
    made = make_marker(name, *words, title=title)  # type: ignore[arg-type]
    assert "".join(str(part) for part in made) == line + "\n"


def test_a_box_is_shown_and_read_with_its_label_and_title(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = read(
        "# A\n\nBefore.\n\n@box challenge@What is *light*?\nTry **it**.\n\n- one\n@end\nAfter.\n",
        monkeypatch,
    )
    (slide,) = lesson.slides
    (box,) = slide.visuals
    assert isinstance(box, Box)
    assert (box.kind, box.label, box.step) == ("challenge", "Challenge", 1)
    assert box.title == (Run("What is "), Run("light", "emphasis"), Run("?"))
    assert box.content == (
        Paragraph((Run("Try "), Run("it", "strong"), Run(".")), 2),
        ItemList((ListItem(text("one"), step=3),)),
    )
    assert said(lesson) == [
        "Before.", "Challenge.", "What is light?", "Try it.", "one", "After."
    ]  # fmt: skip


def test_the_prose_of_a_long_box_is_spoken_and_not_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    short, long = "word " * 44 + "**end**.", "word " * 45 + "**end**."
    lesson = read(f"# A\n\n@box note\n{short}\n@end\n@box note\n{long}\n@end\n", monkeypatch)
    first, second = lesson.slides[0].visuals
    assert isinstance(first, Box) and isinstance(second, Box)
    assert [len(p.content) for p in first.content if isinstance(p, Paragraph)] == [3]
    assert [p.content for p in second.content if isinstance(p, Paragraph)] == [
        (Run("end", "strong"),)
    ]
    assert said(lesson)[1].split()[-1] == said(lesson)[3].split()[-1] == "end."


def test_a_solution_comes_after_time_to_think(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = read("# A\n\nWhy?\n\n@box solution\nSo.\n@end\n", monkeypatch)
    first, label, _ = lesson.slides[0].utterances
    assert (first.pause_ms, label.written) == (THINKING_MS, "Solution.")


def test_the_title_of_a_note_stands_for_its_label(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = read("# A\n\n@box tip@Save often\nYes.\n@end\n@box tip\nNo.\n@end\n", monkeypatch)
    first, second = lesson.slides[0].visuals
    assert isinstance(first, Box) and isinstance(second, Box)
    assert (first.label, second.label) == ("", "Tip")
    assert said(lesson) == ["Save often", "Yes.", "Tip.", "No."]


def test_the_course_chooses_the_manner_of_a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "# A\n\nX.\n\n@box solution\nSo.\n@end\n@box challenge\nDo.\n@end\n"
    lesson = read(
        source,
        monkeypatch,
        solution=BoxManner(shown=False, read=False),
        challenge=BoxManner(label="Your turn!", pause=900),
    )
    (box,) = lesson.slides[0].visuals
    assert isinstance(box, Box) and box.label == "Your turn!"
    assert said(lesson) == ["X.", "Your turn!", "Do."]
    assert lesson.slides[0].utterances[0].pause_ms == 900


def test_what_is_for_instructors_is_neither_shown_nor_read(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = read("# A\n\nX.\n\n@box instructor\nSecret.\n\n- x\n@end\n", monkeypatch)
    assert said(lesson) == ["X."] and not lesson.slides[0].visuals


def test_a_heading_in_a_box_begins_no_slide(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = read("# A\n\n@box note\n## Inside\n\nText.\n@end\n\n# B\n\nText.\n", monkeypatch)
    assert [slide.title for slide in lesson.slides] == ["A", "B"]
    assert said(lesson) == ["Note.", "Inside", "Text.", "Text."]


@pytest.mark.parametrize("shape", ["script", "deck"])
def test_columns_stand_side_by_side(monkeypatch: pytest.MonkeyPatch, shape: Shape) -> None:
    source = "# A\n\n@columns\n@column 60\n- left\n@column\n- right\n\n![x](x.png)\n@end\n"
    (slide,) = read(source, monkeypatch, shape).slides
    (columns,) = slide.visuals
    assert isinstance(columns, Columns) and columns.widths == (0.6, 0.4)
    left, right = columns.columns
    assert [type(v) for v in left] == [ItemList]
    assert [type(v) for v in right] == [ItemList, Placeholder]


def test_one_column_is_no_column(monkeypatch: pytest.MonkeyPatch) -> None:
    (slide,) = read("# A\n\n@columns\n@column\n- x\n@end\n", monkeypatch).slides
    assert [type(v) for v in slide.visuals] == [ItemList]


def test_what_is_not_closed_ends_with_its_slide(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = read("@slide\n# A\n\n@box note\nX.\n@slide\n# B\n\n@end\nY.\n", monkeypatch, "deck")
    assert [slide.title for slide in lesson.slides] == ["A", "B"]
    assert isinstance(lesson.slides[0].visuals[0], Box)
    assert lesson.slides[1].visuals == (Paragraph(text("Y.")),)


def test_boxes_are_bounded_in_depth(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "# A\n\n" + "@box note\n" * 3000 + "Deep.\n" + "@end\n" * 3000 + "After.\n"
    lesson = read(source, monkeypatch, "deck")
    assert said(lesson)[-2:] == ["Deep.", "After."]
    assert lesson.slides[0].visuals[-1] == Paragraph(text("After."))


def test_notes_are_spoken_in_a_deck_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "@slide\n# A\n\nShown.\n\n@notes\nSaid *so*.\n\n    not code\n@end\n<!-- no note -->\n"
    lesson = read(source, monkeypatch, "deck")
    assert said(lesson) == ["Said so.", "not code"]
    assert lesson.slides[0].visuals == (Paragraph(text("Shown.")),)


def test_what_is_unread_is_shown_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    lesson = read("# A\n\nSaid.\n\n@unread\nShown.\n@end\n", monkeypatch)
    assert said(lesson) == ["Said."]
    assert lesson.slides[0].visuals == (Paragraph(text("Shown.")),)


def test_steps_follow_the_notes_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "# A\n\none\n\n<!-- 1 -->\n\n@step\ntwo\n\n<!-- 2 -->\n\n@step\nthree\n\n<!-- 3 -->\n"
    (slide,) = read(source, monkeypatch, "deck").slides
    assert [v.step for v in slide.visuals if isinstance(v, Paragraph)] == [0, 1, 2]
    assert [u.step for u in slide.utterances] == [0, 1, 2] and slide.steps == 3


def test_steps_without_notes_of_their_own_are_shown_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (slide,) = read("# A\n\none\n\n@step\ntwo\n\n<!-- all -->\n", monkeypatch, "deck").slides
    assert slide.steps == 1


def test_hidden_slides_and_titles_of_markers(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "@slide hidden\n# No\n\n@slide@From *it*\ntext\n@slide\n# Own\n"
    lesson = read(source, monkeypatch, "deck")
    assert [slide.title for slide in lesson.slides] == ["From it", "Own"]


def test_a_placeholder_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    (slide,) = read("# A\n\nX.\n\n@placeholder Video@How it works\n", monkeypatch).slides
    assert slide.visuals == (Placeholder("Video", "How it works", line=5),)


def test_a_deck_without_notes_has_its_slides_read(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "# A\n\n- one\n\n@box tip\ntwo\n@end\n\n@slide\n# B\n\n@unread\nno\n@end\n"
    assert said(read(source, monkeypatch, "deck")) == ["A", "one", "Tip.", "two", "B"]
    noted = source + "\n<!-- A note. -->\n"
    assert said(read(noted, monkeypatch, "deck")) == ["A note."]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("callout-tip", "tip"),
        (".challenge", "challenge"),
        ("hands_on", "hands-on"),
        ("Prereq", "prerequisites"),
        ("instructor-note", "instructor"),
        ("whatever", "plain"),
    ],
)
def test_names_of_boxes(name: str, kind: str) -> None:
    assert find_kind(name) == kind
    assert kind in BOX_KINDS
