"""Lessons in the shape of a deck, as the tools for decks write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.course.settings import DEFAULTS
from lessons.markdown.lesson import MOST_SLIDES, Surroundings, read_lesson
from lessons.model import Columns, ItemList, Lesson, Paragraph, Run, Slide, walk_visuals

Parse = Callable[[str], Lesson]


def said(slide: Slide) -> list[tuple[str, int]]:
    return [(utterance.written, utterance.step) for utterance in slide.utterances]


def steps(slide: Slide) -> list[int]:
    return [i.step for v in walk_visuals(slide.visuals) if isinstance(v, ItemList) for i in v.items]


def test_marp(parse: Parse) -> None:
    lesson = parse(
        "---\nmarp: true\ntheme: gaia\n_class: lead\nbackgroundColor: '#fff'\n---\n\n"
        "<!-- paginate: true -->\n# <!-- fit --> Hello\n\nShown.\n\n![bg left:40%](media/a.png)\n\n"
        "<!--\nSaid on the first.\n\nAnd more.\n-->\n\n---\n\n<!-- _class: lead -->\n"
        "<style>h1 { color: red }</style>\n\n## Second\n\nText\n===\n\n***\n\n# Third\n"
    )
    assert lesson.shape == "deck" and lesson.title == "Hello"
    assert lesson.settings == DEFAULTS
    assert [slide.title for slide in lesson.slides] == ["Hello", "Second", "Third"]
    assert said(lesson.slides[0]) == [("Said on the first.", 0), ("And more.", 0)]
    (columns,) = lesson.slides[0].visuals
    assert isinstance(columns, Columns) and columns.widths == (0.4, 0.6)
    assert [getattr(column[0], "alt", None) for column in columns.columns] == ["", None]
    assert columns.columns[1] == (Paragraph((Run("Shown."),)),)
    assert not lesson.slides[1].utterances
    assert [slide.line for slide in lesson.slides] == [9, 26, 33]


def test_marp_heading_divider(parse: Parse) -> None:
    lesson = parse(
        "---\nmarp: true\nheadingDivider: 2\n---\n# A\n\na\n\n## B\n\n### c\n\n## D\n\nd\n"
    )
    assert [slide.title for slide in lesson.slides] == ["A", "B", "D"]


def test_slidev(parse: Parse) -> None:
    lesson = parse(
        "---\ntheme: seriph\nlayout: cover\nmdc: true\n---\n# Hi\n\n<!-- not a note -->\n\nText\n\n"
        "<!--\nThe last comment.\n-->\n\n---\nlayout: two-cols\ntitle: From the header\n---\n\n"
        '<v-clicks>\n\n- one\n- two\n\n</v-clicks>\n\n::right::\n\nRight <Comp :x="1"/>\n'
        "<!-- Intro [click] First. [click:2] Second. -->\n---\nhide: true\n---\n# Hidden\n\n---\n"
        "# Next\n---\n\n# Last\n"
    )
    assert [slide.title for slide in lesson.slides] == ["Hi", "From the header", "Next", "Last"]
    assert said(lesson.slides[0]) == [("The last comment.", 0)]
    assert said(lesson.slides[1]) == [("Intro", 0), ("First.", 1), ("Second.", 2)]
    assert steps(lesson.slides[1]) == [1, 2]


def test_reveal(parse: Parse) -> None:
    lesson = parse(
        "## One <!-- .element: class='fragment' -->\n\n- a\n\nNote: Said *here*.\n- and there\n\n"
        "---\n\n## Two\n\n<!-- .slide: data-background='#f00' -->\ntext\n\n--\n\n## Three\n\n"
        "Notes:\nThird.\n"
    )
    assert lesson.shape == "deck"
    assert [slide.title for slide in lesson.slides] == ["One", "Two", "Three"]
    assert [s.written for s in lesson.slides[0].utterances] == ["Said here.", "and there"]
    assert said(lesson.slides[2]) == [("Third.", 0)]


def test_slidesonnet(parse: Parse) -> None:
    lesson = parse(
        "---\nmarp: true\n---\n# Key\n\n<!-- remark, not said -->\n<!-- say: Intro. -->\n* First\n"
        "<!-- say(voice=alice): One. -->\n* Second\n<!-- say(2, pace=slow): never -->\n\n---\n\n"
        "# Title\n\n<!-- nonarration(5) -->\n\n---\n\n# Gone\n\n<!-- skip -->\n\n---\n\n"
        "# Two\n\n* A\n* B\n<!-- say(slide=1): Bare. -->\n<!-- say(slide=3): Both. -->\n"
    )
    assert [slide.title for slide in lesson.slides] == ["Key", "Title", "Two"]
    assert lesson.slides[0].utterances[1].voice in ("alice", None)
    assert lesson.slides[1].hold_ms == 5000 and not lesson.slides[1].utterances
    assert said(lesson.slides[2]) == [("Bare.", 0), ("Both.", 1)]
    assert steps(lesson.slides[2]) == [1, 1]


@pytest.mark.parametrize(
    ("body", "note_steps", "item_steps"),
    [
        ("- a\n- b\n\n<!-- x. -->", [0], [0, 0]),  # one note: all at once
        ("- a\n- b\n\n<!-- x. -->\n<!-- y. -->", [0, 1], [0, 1]),  # each reveals its item
        ("- a\n- b\n\n<!-- w. -->\n<!-- x. -->\n<!-- y. -->", [0, 1, 2], [1, 2]),  # the first opens
        ("<!-- x. -->\n\n* a\n\n<!-- y. -->\n\n* b\n\n<!-- z. -->", [0, 1, 2], [1, 2]),  # in turn
        ("- a\n- b\n- c\n\n<!-- x. -->\n<!-- y. -->", [0, 1], [0, 1, 1]),  # the rest with the last
        ("- a\n  - deep\n- b\n\n<!-- x. -->\n<!-- y. -->", [0, 1], [0, 0, 1]),  # with its parent
        (
            "- still\n\ntext\n\n1) a\n2) b\n\n<!-- w. -->\n<!-- x. -->\n<!-- y. -->",
            [0, 1, 2],
            [0, 1, 2],
        ),
        ("text\n\n<!-- x. -->\n<!-- y. -->", [0, 0], []),
    ],
)
def test_several_notes_reveal_the_list(
    parse: Parse, body: str, note_steps: list[int], item_steps: list[int]
) -> None:
    (slide,) = parse(f"---\nmarp: true\n---\n# S\n\n{body}\n").slides
    assert [utterance.step for utterance in slide.utterances] == note_steps
    assert steps(slide) == item_steps
    assert slide.steps == max(note_steps) + 1


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("# A\n\ntext\n\n---\n\n# B\n", "deck"),
        ("# A\n---\n# B\n", "deck"),
        ("# A\n\nunderlined\n---\n\nmore\n", "script"),
        ("# A\n\n```\n\n---\n```\n\nmore\n", "script"),
        ("# A\n\n***\n\nmore\n", "script"),
        ("# A\n\nNote: said\n", "script"),
        ("---\nshape: script\n---\n# A\n\ntext\n\n---\n\nmore\n", "script"),
        ("---\nshape: deck\n---\n# A\n\n<!-- said -->\n", "deck"),
        ("---\nmarp: true\n---\n# A\n", "deck"),
    ],
)
def test_the_content_of_a_file_decides_its_shape(parse: Parse, text: str, shape: str) -> None:
    assert parse(text).shape == shape


def test_separators_in_code_and_comments_are_ignored(parse: Parse) -> None:
    lesson = parse(
        "# A\n\n---\n\n# B\n\n```md\n\n---\n\nNote: x\n```\n\n<!--\n\n---\n\nsaid\n-->\n"
    )
    assert [slide.title for slide in lesson.slides] == ["A", "B"]


def test_an_ordinary_rule_does_not_open_a_header(parse: Parse) -> None:
    lesson = parse("# A\n\n---\nPlain text.\n\n---\n\n# C\n")
    assert [slide.title for slide in lesson.slides] == ["A", "", "C"]


@pytest.mark.parametrize(
    "note",
    [
        "Slide three shows it.",
        "Column one is the year.",
        "More of this later.",
        "Block diagrams help.",
        "Skip the details.",
        "Pause: breathe here.",
        "Title and author are on top.",
    ],
)
def test_ordinary_notes_are_not_taken_for_directives(parse: Parse, note: str) -> None:
    (slide,) = parse(f"---\nmarp: true\n---\n# S\n\n<!-- {note} -->\n").slides
    assert slide.utterances or note.startswith("Pause")


@pytest.mark.parametrize(
    "comment",
    ["_class: lead", "paginate: true", "prettier-ignore", "TODO say more", "fit", "toc", "***"],
)
def test_comments_for_tools_are_not_notes(parse: Parse, comment: str) -> None:
    (slide,) = parse(f"---\nmarp: true\n---\n# S\n\n<!-- {comment} -->\n").slides
    assert slide.written == "S"  # a deck without notes has its slides read


def test_vue_tags_are_ignored_and_imported_slides_left_out(parse: Parse) -> None:
    lesson = parse(
        '---\nlayout: cover\n---\n# Hi\n\n<div class="pt-12">\n  <span @click="a => b" x>\n'
        "    Press\n  </span>\n</div>\n\n---\nsrc: ./other.md\n---\n\n---\n\n# Bye\n"
    )
    assert [slide.title for slide in lesson.slides] == ["Hi", "Bye"]
    assert lesson.slides[0].visuals == (Paragraph((Run("Press"),)),)


def test_a_deck_of_thousands_of_slides_is_bounded(tmp_path: Path) -> None:
    text = "\n\n---\n\n".join(f"# S{n}" for n in range(MOST_SLIDES + 500))
    lesson, findings = read_lesson(text, "a.md", Surroundings(tmp_path))
    assert len(lesson.slides) == MOST_SLIDES
    (finding,) = (f for f in findings if f.rule == "lesson-long")
    assert finding.place.line == 4 * MOST_SLIDES + 1
