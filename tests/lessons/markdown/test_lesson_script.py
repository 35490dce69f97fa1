"""Lessons in the shape of a script."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from lessons.course.picture_files import read_picture_file
from lessons.course.settings import Settings
from lessons.errors import LessonError
from lessons.markdown.lesson import Surroundings, parse_lesson, read_lesson
from lessons.model import (
    Code,
    Formula,
    ItemList,
    Lesson,
    ListItem,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Run,
    Table,
)

Parse = Callable[[str], Lesson]

SCRIPT = """\
# Waves

## What a wave is

A wave carries **energy**, not matter. It moves at *speed* `v`.

- It has a crest,
- and a trough.

![A wave](media/a.png "Water")

$$v = f\\lambda$$

```python
v = 3
```

| a | b |
|--:|:-:|
| 1 | $x$ |

> A wave is a wave.

## The end

That is all.
"""


def test_headings_start_slides_and_prose_is_spoken(parse: Parse) -> None:
    lesson = parse(SCRIPT)
    assert (lesson.shape, lesson.title, lesson.id) == ("script", "Waves", "lesson")
    assert [slide.title for slide in lesson.slides] == ["What a wave is", "The end"]
    assert [slide.line for slide in lesson.slides] == [3, 24]
    assert [utterance.written for utterance in lesson.slides[0].utterances] == [
        "A wave carries energy, not matter.",
        "It moves at speed v.",
        "It has a crest,",
        "and a trough.",
        "v\u202f=\u202ffλ",
        "A wave is a wave.",
    ]
    assert [utterance.line for utterance in lesson.slides[0].utterances] == [5, 5, 7, 8, 12, 22]


def test_the_slide_shows_bold_words_and_everything_but_prose(parse: Parse) -> None:
    visuals = parse(SCRIPT).slides[0].visuals
    assert visuals == (
        Paragraph((Run("energy", "strong"),)),
        ItemList(
            (ListItem((Run("It has a crest,"),), step=1), ListItem((Run("and a trough."),), step=2))
        ),
        Picture("media/a.png", "A wave", "Water", 0, 10),
        Formula("v = f\\lambda"),
        Code("v = 3", "python"),
        Table(
            ((Run("a"),), (Run("b"),)),
            (((Run("1"),), (Run("x", "formula"),)),),
            ("right", "center"),
        ),
        Quote((Run("A wave is a wave."),), step=3),
    )


def test_each_item_appears_when_it_is_said(parse: Parse) -> None:
    slide = parse("# S\n\nFirst.\n\n1. one\n2. two\n   - deep\n\nLast.\n").slides[0]
    assert [(u.written, u.step) for u in slide.utterances] == [
        ("First.", 0),
        ("one", 1),
        ("two", 2),
        ("deep", 3),
        ("Last.", 3),
    ]
    (items,) = slide.visuals
    assert isinstance(items, ItemList)
    assert [(i.number, i.level, i.step) for i in items.items] == [
        (1, 0, 1),
        (2, 0, 2),
        (None, 1, 3),
    ]
    assert slide.steps == 4


def test_a_list_that_opens_the_slide_shows_its_first_item_at_once(parse: Parse) -> None:
    slide = parse("# S\n\n- one\n- two\n").slides[0]
    assert [u.step for u in slide.utterances] == [0, 1]
    assert slide.steps == 2


def test_tokens_know_their_position_in_the_file(parse: Parse) -> None:
    text = (
        "# S\r\n\r\n> Some **bo**ld &amp; `a b` [link *x*](u) \\* $E=mc^2$, <b>ok</b>\r\n"
        "> next.\r\n"
    )
    utterance = parse(text).slides[0].utterances[0]
    assert [(t.written, text[t.start : t.end]) for t in utterance.tokens] == [
        ("Some", "Some"),
        ("bold", "bo**ld"),
        ("&", "&amp;"),
        ("a\u202fb", "`a b`"),
        ("link", "link"),
        ("x", "x"),
        ("*", "\\*"),
        ("E\u202f=\u202fmc²,", "$E=mc^2$,"),
        ("ok", "ok"),
        ("next.", "next."),
    ]


@pytest.mark.parametrize(
    ("text", "titles", "title"),
    [
        ("# A\n\nHello.\n\n## B\n\nBye.\n", ["A", "B"], "A"),  # prose makes a title slide
        ("# A\n\nHello.\n\n# B\n\nBye.\n", ["A", "B"], "A"),
        ("Hello.\n\n# B\n\nBye.\n", ["B", "B"], "B"),
        ("---\ntitle: T\n---\nHello.\n", ["T"], "T"),
        ("---\ntitle: T\n---\n# A\n\nHello.\n\n## B\n\nx\n", ["A", "B"], "T"),
        ("Hello.\n", ["lesson"], "lesson"),
        ("# Energy $E=mc^2$\n\nHello.\n", ["Energy E = mc²"], "Energy E = mc²"),
    ],
)
def test_titles(parse: Parse, text: str, titles: list[str], title: str) -> None:
    lesson = parse(text)
    assert [slide.title for slide in lesson.slides] == titles
    assert lesson.title == title


def test_directives_in_comments(parse: Parse) -> None:
    text = (
        "# S\n\nOne. <!-- pause: 2s --> Two.\n\n<!-- say: Three, *loud*. -->\n\n"
        "```\ncode <!-- x -->\n```\n\n<!-- just a remark -->\n\n# Gone\n\nx <!-- skip -->\n\n"
        "# Still\n\n<!-- hold: 6s -->\n"
        "\n# Odd\n\n<!-- say(voice=hibari/heart, pace=slow, lang=de): Vier. -->\n"
    )
    slides = parse(text).slides
    assert [slide.title for slide in slides] == ["S", "Still", "Odd"]
    assert [slide.number for slide in slides] == [1, 2, 3]
    assert [(u.written, u.pause_ms) for u in slides[0].utterances] == [
        ("One.", 2000),
        ("Two.", 600),
        ("Three, loud.", 600),
    ]
    assert slides[0].visuals == (Code("code <!-- x -->"),)
    assert slides[1].hold_ms == 6000 and not slides[1].utterances
    (four,) = slides[2].utterances
    assert (four.voice, four.rate, four.language) == ("hibari/heart", 0.85, "de")


def test_pauses(parse: Parse) -> None:
    slide = parse("# S\n\nOne. Two.\n\nThree. Four\n").slides[0]
    assert [u.pause_ms for u in slide.utterances] == [350, 600, 350, 600]
    assert [u.ends_paragraph for u in slide.utterances] == [False, True, False, True]


def test_ssml(tmp_path: Path) -> None:
    text = (
        '# S\n\nThe <sub alias="World Wide Web">WWW</sub> is <break time="500ms"/> big,\n'
        'says <phoneme ph="təˈmeɪtoʊ">tomato</phoneme> and <emphasis level="strong">me</emphasis>. '
        "H<sub>2</sub>O.\n"
    )
    lesson, findings = read_lesson(text, "l.md", Surroundings(tmp_path))
    said = lesson.slides[0].utterances
    assert [u.written for u in said] == ["The WWW is", "big, says tomato and me.", "H₂O."]
    assert [u.pause_ms for u in said] == [500, 350, 600]
    assert said[0].spoken == "The World Wide Web is"
    assert [t.phones for t in said[1].tokens] == [None, None, "təˈmeɪtoʊ", None, None]
    assert said[2].spoken == "H two O."
    assert [t.emphasis for t in said[1].tokens] == ["", "", "", "", "strong"]
    assert not findings


def test_comments_and_markup_never_reach_captions(parse: Parse) -> None:
    text = "# S\n\nA<!-- x -->B [^1] <span class='c'>C</span> ~~D~~<br>E\n\n[^1]: note\n"
    assert parse(text).slides[0].utterances[0].written == "AB C D E"


@pytest.mark.parametrize("text", ["", "\n\n<!-- skip -->\n"])
def test_a_lesson_without_slides_is_an_error(parse: Parse, text: str) -> None:
    with pytest.raises(LessonError, match="empty") as caught:
        parse(text)
    assert (caught.value.place.path, caught.value.place.line) == ("lesson.md", 1)


@pytest.mark.parametrize(
    ("text", "rule", "line", "words"),
    [
        ("# S\n\n<!-- oh\n", "comment-open", 3, "not closed"),
        ("---\ntitle: x\n", "setting-unusable", 1, "not closed"),
        ("---\ntitle: x\nvioce: y\n---\n# S\n", "setting-unknown", 3, "'voice'"),
        ("---\ntitle: x\nminutes: 5\n---\n# S\n", "setting-foreign", 3, "minutes"),
        ("---\ntitle: x\ntitle: y\n---\n# S\n", "setting-unusable", 3, "given twice"),
        ("---\ntitle: [x\n---\n# S\n", "setting-unusable", 2, "not correct"),
        ("---\ntitle: *x\n---\n# S\n", "setting-unusable", 2, "aliases"),
        ("---\ntitle: !!python/name:os x\n---\n# S\n", "setting-unusable", 2, "tag"),
        ("---\nspeed: fast\n---\n# S\n", "setting-unusable", 2, "number"),
        ("---\nspeed: 99\n---\n# S\n", "setting-unusable", 2, "0.5 to 2"),
        ("---\nshape: cube\n---\n# S\n", "setting-unusable", 2, "shape"),
        ("---\nlanguage: '!'\n---\n# S\n", "setting-unusable", 2, "language"),
        ("---\nvideo: {rate: 25}\n---\n# S\n", "setting-unusable", 2, "course.yaml"),
        ("---\nlexicon: [\n---\n# S\n", "setting-unusable", 2, "bracket"),
    ],
)
def test_front_matter_is_never_fatal(
    tmp_path: Path, text: str, rule: str, line: int, words: str
) -> None:
    lesson, findings = read_lesson(text, "lesson.md", Surroundings(tmp_path))
    (finding,) = (f for f in findings if f.rule == rule)
    assert (finding.place.path, finding.place.line) == ("lesson.md", line)
    assert words in str(finding.problem)
    assert lesson.slides


@pytest.mark.parametrize(
    ("text", "title", "said"),
    [
        ("\n\n---\ntitle: T\nspeed: 1.2\n---\n# S\n\nText.\n", "T", ["Text."]),
        (" \n+++\n\ntitle = 'T'\n\n+++\n\n# S\n\nText.\n", "T", ["Text."]),
        ("\ufeff\n---\ntitle: T\n---\n# S\n\nText.\n", "T", ["Text."]),
        ("\n---\nMind: [this\n---\n# S\n\nText.\n", "Mind: [this", ["Mind: [this", "S", "Text."]),
        ("\n---\n\ntitle: T\n\n---\n\nText.\n", "lesson", ["title: T", "Text."]),
    ],
)
def test_blank_lines_may_stand_above_front_matter(
    tmp_path: Path, text: str, title: str, said: list[str]
) -> None:
    lesson, _ = read_lesson(text, "lesson.md", Surroundings(tmp_path))
    assert lesson.title == title
    assert [u.written for slide in lesson.slides for u in slide.utterances] == said


def test_all_of_a_front_matter_is_told_in_one_run(tmp_path: Path) -> None:
    text = "---\nminutes: 5\nspeed: fast\nvioce: x\nlevel: 2\ntheme: drak\n---\n# A\n\nText.\n"
    _, findings = read_lesson(text, "lesson.md", Surroundings(tmp_path))
    told = {f.rule: str(f.problem) for f in findings}
    assert set(told) == {"setting-unusable", "setting-unknown", "setting-foreign"}
    assert "minutes, level" in told["setting-foreign"]
    assert sum(f.rule == "setting-unusable" for f in findings) == 2


def test_a_picture_that_is_not_there_is_a_placeholder(tmp_path: Path) -> None:
    text = "# A\n\nx\n\n# B\n\nSome text\n![a map](../a.png)\n\nMore.\n"
    lesson, (finding,) = read_lesson(text, "lesson.md", Surroundings(tmp_path))
    assert lesson.slides[1].visuals == (Placeholder("Picture", "a.png", "a map", 0, 8),)
    assert [u.written for u in lesson.slides[1].utterances] == ["Some text", "More."]
    place = finding.place
    assert finding.rule == "picture-missing"
    assert (place.path, place.line, place.slide) == ("lesson.md", 8, 2)


def test_settings_of_the_front_matter(parse: Parse) -> None:
    lesson = parse("---\nvoice: silent\nspeed: 0.9\nportrait: {clarity: 1.2}\n---\n# S\n\nx\n")
    assert lesson.settings.model_dump(exclude_unset=True) == {
        "voice": "silent",
        "speed": 0.9,
        "portrait": {"clarity": 1.2},
    }


def test_the_lexicon_and_language_of_the_course_reach_the_tokens(tmp_path: Path) -> None:
    lesson = parse_lesson(
        "# S\n\nKapitel 21.\n", path="l.md", root=tmp_path, settings=Settings(language="de")
    )
    assert lesson.slides[0].utterances[0].spoken == "Kapitel einundzwanzig."


def test_a_picture_that_the_file_holds_is_a_part_of_it(tmp_path: Path) -> None:
    image = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(image, "PNG")
    address = "data:image/png;base64," + base64.b64encode(image.getvalue()).decode()
    (tmp_path / "a.md").write_text(f"# A\r\n\r\nLook.\r\n\r\n![a square]({address})\r\n")
    text = (tmp_path / "a.md").read_bytes().decode()
    lesson, findings = read_lesson(text, "a.md", Surroundings(tmp_path))
    (picture,) = lesson.slides[0].visuals
    assert isinstance(picture, Picture) and picture.alt == "a square" and not findings
    assert (
        read_picture_file(tmp_path / picture.path, root=tmp_path, part=picture.part)
        == image.getvalue()
    )
