from __future__ import annotations

from pathlib import Path

import pytest
from lesson_text import read, read_all, show

from lessons.markdown.lesson import Surroundings, read_lesson

HEAD = "---\nmarp: true\n---\n"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("# A\n\n---\n\n# B\n\n***\n\n# C\n\n- - -\n\n# D\n", ["A", "B", "C", "D"]),
        ("Title\n---\n\ntext\n\n   ___\n\n# B\n", ["Title", "B"]),
        ("# A\n\n- x\n\n  ---\n\n> ---\n\n```\n---\n```\n\n<!--\n---\n-->\n", ["A"]),
        ("# A\n- x\n---\n# B\n", ["A", "B"]),
        ("---\n\n# A\n\n---\n\n---\n\n# B\n\n---\n", ["A", "B"]),  # empty slides are left out
        (
            "# A\n\n## B\n<!-- headingDivider: 1 -->\n<!-- headingDivider: [2] -->\n## C\n",
            ["A", "B", "C"],
        ),
        ("# A\n\n## B\n\n<!--\nheadingDivider: 2\n-->\n\n### C\n", ["A", "B"]),
        ("# A\n\n## B\n\n<!-- headingDivider: false -->\n", ["A"]),
    ],
)
def test_slides_are_cut_where_marp_cuts_them(tmp_path: Path, text: str, titles: list[str]) -> None:
    assert [slide.title for slide in read(tmp_path, HEAD + text).slides] == titles


@pytest.mark.parametrize(
    ("comment", "said"),
    [
        ("Say this. And: that.", "Say this. And: that."),
        ("note: a mapping without a key of Marp", "note: a mapping without a key of Marp"),
        ("class: lead", ""),
        ("\n# sizes\n_class: lead\n_footer: ''\n", ""),
        ("_color: #fff", ""),
        ("fit", ""),
        ("TODO: check the numbers", ""),
        ("references_", ""),
        ("Welcome!", "Welcome!"),
        ("大家好，欢迎来到这门课", "大家好，欢迎来到这门课"),
    ],
)
def test_comments_are_notes_unless_they_are_directives_or_remarks(
    tmp_path: Path, comment: str, said: str
) -> None:
    lesson = read(
        tmp_path, f"{HEAD}# A\n\n<!-- {comment} -->\n\n---\n\n# B\n\n<!-- So it is. -->\n"
    )
    assert lesson.slides[0].written == said
    assert lesson.slides[1].written == "So it is."


def test_remarks_for_the_author_cost_one_finding(tmp_path: Path) -> None:
    text = f"{HEAD}# A\n\n<!-- TODO: x -->\n\n<!-- later -->\n\n<!-- Spoken here. -->\n"
    lesson, findings = read_all(tmp_path, text)
    assert show(lesson) == [["A", "> Spoken here."]]
    (finding,) = findings
    assert finding.rule == "comment-unspoken" and "'TODO: x', 'later'" in finding.problem.message


def test_what_only_names_a_path_is_not_spoken_either(tmp_path: Path) -> None:
    text = (
        f"{HEAD}# A\n\n<!-- Hello there -->\n\n<!-- Source to slide(s) -->\n"
        "<!-- ../bricks/a-b.md -->\n\n---\n\n"
        "# B\n\n<!-- Look at this! -->\n<!-- a.svg -->\n\n---\n\n# C\n\n"
        "<!-- What is said -->\n\nText\n\n<!-- https://a.org/x -->\n"
    )
    lesson, findings = read_all(tmp_path, text)
    assert [slide.written for slide in lesson.slides] == [
        "Hello there", "Look at this!", "What is said",
    ]  # fmt: skip
    assert [f.rule for f in findings].count("comment-unspoken") == 1


def test_the_end_of_a_line_breaks_it(tmp_path: Path) -> None:
    text = (
        f"{HEAD}# A\n\nJane Doe\nUniversity of X\nand more\n\n- One\n  Two\n\n> Here: a\n"
        "> There: b\n\n<div>\nWrapped\nText\n</div>\n"
    )
    lesson = read(tmp_path, text)
    assert show(lesson)[0][:-1] == [
        "A", "Jane Doe", "University of X and more", "- One Two", '"Here: a There: b"',
        "Wrapped Text",
    ]  # fmt: skip
    assert [u.written for u in lesson.slides[0].utterances] == [
        "A", "Jane Doe", "University of X and more", "One", "Two", "Here: a", "There: b",
        "Wrapped Text",
    ]  # fmt: skip


def test_codes_of_emoji_are_emoji_in_notes_too(tmp_path: Path) -> None:
    text = f"{HEAD}# A :bulb:\n\n<!--\n:bulb: The address\n- `:bulb:` x\n-->\n"
    lesson = read(tmp_path, text)
    assert [u.written for u in lesson.slides[0].utterances] == ["💡 The address", ":bulb: x"]
    assert lesson.slides[0].title == "A 💡"


def test_comments_inside_html_are_no_notes(tmp_path: Path) -> None:
    text = f"{HEAD}# A\n\n<div>\n<!-- not a note of Marp -->\nx\n</div>\n\n<!-- A note. -->\n"
    assert show(read(tmp_path, text)) == [["A", "x", "> A note."]]


def test_comments_make_columns(tmp_path: Path) -> None:
    text = (
        "# One\n\n- a\n\n<!-- spoken note -->\n\n---\n\n# Two\n\n<!-- colstart -->\nleft\n\n"
        "<!-- col -->\nright\n\n<!-- colend -->\nbelow\n"
    )
    assert show(read(tmp_path, text)) == [
        ["One", "- a", "> spoken note"],
        ["Two", "|0.5", "left", "|0.5", "right", "|", "below"],
    ]


def test_backgrounds_are_pictures_and_those_of_one_side_stand_beside_the_text(
    tmp_path: Path,
) -> None:
    text = (
        f"{HEAD}# A\n\ntext\n\n![bg right:40% Alt](a.png)\n\n---\n\n![bg fit](a.png)\n\n---\n\n"
        "<!-- _backgroundImage: url('a.png') -->\n# C\n\n---\n\n# D\n\n![w:640 Half](a.png)\n\n"
        "`![bg left](a.png)`\n\n<!-- Said. -->\n"
    )
    assert show(read(tmp_path, text)) == [
        ["A", "|0.6", "text", "|0.4", "picture a.png [Alt]", "|"],
        ["", "picture a.png []"],
        ["C", "picture a.png []"],
        ["D", "picture a.png [Half] 0.5", "![bg left](a.png)", "> Said."],
    ]


def test_what_a_slide_leaves_open_ends_with_it(tmp_path: Path) -> None:
    text = f"{HEAD}# A\n\n<div>\nx\n\n---\n\n# B\n\n$$\n\n---\n\n# C\n"
    assert [slide.title for slide in read(tmp_path, text).slides] == ["A", "B", "C"]


def test_slidesonnet_speaks_say_comments_only(tmp_path: Path) -> None:
    text = (
        f"{HEAD}# A\n\n<!-- a remark for later -->\n<!-- say: Hello. -->\n* one\n"
        "<!-- say(pace=slow): First. -->\n\n---\n\n# B\n\n<!-- nonarration(2) -->\n\n---\n\n"
        "# C\n\n<!-- skip -->\n\n---\n\n# D\n\nno comment\n"
    )
    lesson = read(tmp_path, text)
    assert lesson.dialect == "slidesonnet"
    assert show(lesson) == [["A", "- one @1", "> Hello. First. @1"], ["B"], ["D", "no comment"]]


def test_signs_for_voices_that_act_are_not_said(tmp_path: Path) -> None:
    text = (
        "---\nmarp: true\n---\n# A [draft]\n\n"
        "<!-- say(voice=sam): [excited] Look at [this](a.md)! [dry humor] Well. -->\n"
    )
    lesson, _ = read_lesson(text, "a.md", Surroundings(tmp_path))
    assert lesson.dialect == "slidesonnet" and lesson.slides[0].title == "A [draft]"
    assert lesson.slides[0].written == "Look at this! Well."
    first = lesson.slides[0].utterances[0].tokens[0]
    assert text[first.start : first.end] == "Look"


@pytest.mark.parametrize("end", ["--> -->", "-->-->", "-->\n"])
def test_a_second_end_of_a_comment_is_not_shown(tmp_path: Path, end: str) -> None:
    text = f"---\nmarp: true\n---\n\n# A\n\ntext --> more\n\n<!--\nSaid here.\n{end}\n\nlast\n"
    assert show(read(tmp_path, text)) == [["A", "text --> more", "last", "> Said here."]]
