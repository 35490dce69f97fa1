from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from lessons.model import (
    Box,
    Code,
    Columns,
    Formula,
    Inline,
    ItemList,
    Lesson,
    ListItem,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Run,
    Slide,
    Table,
    Token,
    Utterance,
)
from narrate.documents import SlideTimes
from narrate.documents.sections import make_sections
from narrate.documents.transcript import (
    TRANSCRIPT_FORMATS,
    write_transcript,
)
from narrate.slides.themes import contrast
from narrate.words import find_words

WORDS = find_words("en")
NO_ALT, SILENT = WORDS["transcript.no_alt"], WORDS["transcript.silent"]


def utter(
    text: str, *, step: int = 0, pause: int = 350, language: str | None = None, ends: bool = False
) -> Utterance:
    tokens = tuple(Token(word, word, 0, 0) for word in text.split(" "))
    return Utterance(tokens, pause, 1, step, language=language, ends_paragraph=ends)


def text(words: str) -> Inline:
    return (Run(words),)


WAVES = Slide(
    1,
    "Waves & <colors>",
    (
        Paragraph((Run("Each color has a "), Run("wavelength", "strong"), Run("."))),
        Table(
            (text("Color"), text("Length")),
            ((text("Red | warm"), text("650 nm")),),
            ("left", "right"),
        ),
    ),
    (
        utter("Light is a wave.", pause=900),  # a pause does not end a paragraph
        utter("Red is long.", pause=300, ends=True),
        utter("Das Licht.", language="de-DE"),
    ),
    1,
)
EYE = Slide(
    2,
    "The eye",
    (
        ItemList(
            (
                ListItem(text("The cornea"), step=0),
                ListItem(text("The lens"), step=1),
                ListItem(text("with its muscle"), level=1, step=1),
            )
        ),
        Picture("media/eye.png", "An eye, cut open.", step=1),
        Picture("media/chip.png", " "),
        Code("if a < b:\n    print('```')\n", "python", step=2),
        Formula(r"\frac{1}{f} < x", step=2),
        Quote(text("See!"), step=2),
    ),
    (utter("Two parts."), utter("Behind it lies the lens.", step=1)),
    9,
    steps=3,
)
SILENCE = Slide(3, "", (), (), 20)
LESSON = Lesson("01-light", "Light *and* <sight>", "01-light.md", "deck", (WAVES, EYE, SILENCE))
TIMES = (
    SlideTimes(WAVES, 0, (300, 2000, 4000)),
    SlideTimes(EYE, 61_000, (61_300, 65_000)),
    SlideTimes(SILENCE, 3_661_000, ()),
)
VOID = frozenset({"meta", "br", "link", "img", "input", "hr"})


class Page(HTMLParser):
    """Checks that elements are nested correctly, and gathers text and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text = ""
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.text += data

    def values(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def test_what_is_shown_is_beside_what_is_said_at_the_same_time() -> None:
    _, eye, silence = make_sections(LESSON, TIMES)
    said = [[s.text for p in row.paragraphs for s in p.sentences] for row in eye.rows]
    assert said == [["Two parts."], ["Behind it lies the lens."], []]
    kinds = [[type(visual).__name__ for visual in row.visuals] for row in eye.rows]
    assert kinds == [["ItemList", "Picture"], ["ItemList", "Picture"], ["Code", "Formula", "Quote"]]
    assert [row.start_ms for row in eye.rows] == [61_300, 65_000, None]
    assert (silence.title, silence.rows) == ("Slide 3", ())


def test_phrases_that_were_chosen_from_what_is_said_are_not_repeated() -> None:
    chosen = ItemList((ListItem(text("Waves"), 0, 0),), chosen=True)
    slide = Slide(1, "Waves", (chosen,), (utter("Waves travel."),), 1)
    (section,) = make_sections(Lesson("01", "Prisms", "01.md", "script", (slide,)))
    assert [row.visuals for row in section.rows] == [()]


def test_paragraphs_are_those_of_the_script() -> None:
    waves = make_sections(LESSON)[0]
    assert [len(paragraph.sentences) for paragraph in waves.rows[0].paragraphs] == [2, 1]


@pytest.mark.parametrize("format", TRANSCRIPT_FORMATS)
def test_every_word_and_every_visual_is_in_the_transcript(format: str) -> None:
    written = write_transcript(
        LESSON, TIMES, format=format, language="en-US", course_title="Light & Sight"
    )
    if format == "html":
        written = Page(written).text
    elif format == "md":
        written = re.sub(r"\\([^\w\s])", r"\1", written)
    for expected in (
        "Light *and* <sight>",
        "Light & Sight",
        "Waves & <colors>",
        "Light is a wave. Red is long.",
        "Das Licht.",
        "Behind it lies the lens.",
        "wavelength",
        "650 nm",
        "Red | warm",
        "The cornea",
        "with its muscle",
        "An eye, cut open.",
        NO_ALT,
        "if a < b:\n",
        r"{f}" if format != "txt" else "f",
        "See!",
        "Slide 3",
        SILENT,
        "1:01:01",
        "1:01",
    ):
        assert expected in written, expected
    assert written.endswith("\n")


@pytest.mark.parametrize("format", TRANSCRIPT_FORMATS)
def test_a_lesson_that_was_not_built_has_no_times(format: str) -> None:
    written = write_transcript(LESSON, format=format, language="en-US")
    assert "Light is a wave." in written
    assert not re.search(r"\b\d:\d\d\b", written)
    assert written == write_transcript(
        LESSON, [SlideTimes(slide) for slide in LESSON.slides], format=format, language="en-US"
    )


def test_the_course_s_title_has_its_own_language() -> None:
    def write(language: str, of_title: str) -> str:
        return write_transcript(
            LESSON, format="html", language=language, course_title="A & B", title_language=of_title
        )

    assert 'cours <bdi lang="en-US">A &amp; B</bdi>' in write("fr", "en-US")
    assert "cours <bdi>A &amp; B</bdi>" in write("fr", "fr")
    assert 'course <bdi lang="ar">A &amp; B</bdi>' in write("ar", "ar")  # in English words
    assert '<bdi lang="he" dir="rtl">A &amp; B</bdi>' in write("en-US", "he")


def test_the_page_is_accessible_and_needs_no_network() -> None:
    html = write_transcript(LESSON, TIMES, format="html", language="en-GB", course_title="C")
    page = Page(html)
    assert html.startswith("<!doctype html>\n")
    assert ("html", "lang", "en-GB") in page.attributes
    assert ("span", "lang", "de-DE") in page.attributes
    assert html.count("<h1>") == 1 and html.count("<h2") == 1 + len(LESSON.slides)
    assert html.count("<main>") == 1 and "<title>" in html and 'name="viewport"' in html
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert set(page.values("aria-labelledby")) <= set(ids)
    assert {value.removeprefix("#") for value in page.values("href")} <= set(ids)
    assert all('scope="' in tag for tag in re.findall(r"<th\b[^>]*>", html))
    assert page.values("src") == [] and "url(" not in html and "://" not in html
    assert "<script" not in html and "@import" not in html
    assert page.values("data-start") == ["300", "2000", "4000", "61300", "65000"]


def test_pages_in_other_languages_mark_what_is_english() -> None:
    html = write_transcript(LESSON, format="html", language="ar")
    assert '<html lang="ar" dir="rtl">' in html
    assert '<th scope="col" role="columnheader"><bdi lang="en">What is said</bdi></th>' in html
    assert '<pre dir="ltr">' in html


def test_colours_have_enough_contrast_in_light_and_dark() -> None:
    html = write_transcript(LESSON, format="html", language="en-US")
    schemes = [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", html, re.DOTALL)[:2]
    ]
    assert len(schemes) == 2
    for colours in schemes:
        for ink in ("ink", "soft", "link", "mark", "error", "good"):
            for ground in ("page", "panel"):
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


NASTY = st.text(st.sampled_from("ab *_`[](){}<>#|~$&!\\-+=:.1)'\"/é界"), min_size=1, max_size=12)


@settings(max_examples=80, deadline=None)
@given(st.lists(NASTY, min_size=1, max_size=4), NASTY)
def test_markdown_is_read_back_as_the_spoken_text(words: list[str], title: str) -> None:
    tokens = tuple(Token("".join(word.split()) or "x", "", 0, 0) for word in words)
    slide = Slide(1, title, (), (Utterance(tokens, 0, 1),), 1)
    lesson = Lesson("a", "A", "a.md", "deck", (slide,))
    parsed = MarkdownIt("gfm-like", {"linkify": False}).parse(
        write_transcript(lesson, format="md", language="en-US")
    )
    inlines = [token for token in parsed if token.type == "inline"]
    texts = ["".join(child.content for child in token.children or []) for token in inlines]
    heading = " ".join(title.split()) or "Slide 1"
    assert [" ".join(found.split()) for found in texts] == ["A", f"1. {heading}", slide.written]
    assert all(
        child.type in ("text", "text_special")
        for token in inlines
        for child in token.children or []
    )


def test_markdown_blocks_are_read_back_as_the_same_blocks() -> None:
    parsed = MarkdownIt("gfm-like", {"linkify": False}).parse(
        write_transcript(LESSON, format="md", language="en-US", course_title="C")
    )
    fence = next(token for token in parsed if token.type == "fence")
    assert (fence.info, fence.content) == ("python", "if a < b:\n    print('```')\n")
    kinds = [token.type for token in parsed]
    assert kinds.count("table_open") == 1 and kinds.count("td_open") == 2
    assert kinds.count("heading_open") == 1 + len(LESSON.slides)
    assert kinds.count("bullet_list_open") == 3  # the second has one inside


def test_characters_that_no_file_can_hold_are_replaced() -> None:
    slide = Slide(1, "a\x00\ud800", (Code("x\ty\x1b\n"),), (utter("b\x07."),), 1)
    for format in TRANSCRIPT_FORMATS:
        written = write_transcript(
            Lesson("a", "A", "a.md", "deck", (slide,)), format=format, language="en-US"
        )
        written.encode("utf-8")
        assert "a\ufffd\ufffd" in written and "b\ufffd." in written and "x\ty\ufffd" in written


BOXES = Slide(
    1,
    "Prisms",
    (
        Box(
            "challenge",
            "Challenge",
            text("What is a *prism*?"),
            (
                ItemList((ListItem(text("Think")), ListItem(text("Answer"), step=1))),
                Box("hint", "", text("Hint"), (Paragraph((Run("Glass", "highlight"),)),)),
            ),
        ),
        Columns(
            ((Paragraph(text("Left")),), (Picture("a.png", "A prism."), Code("x = 1"))), (0.5, 0.5)
        ),
        Placeholder("Video", "https://example.com/v", "A beam that splits."),
        Placeholder("Picture", "gone.png", step=1),
    ),
    (utter("Look."), utter("And then.", step=1)),
    1,
    steps=2,
)
BOXED = Lesson("01", "Prisms", "01.md", "deck", (BOXES,))


def test_parts_of_boxes_are_shown_when_they_appear() -> None:
    (section,) = make_sections(BOXED)
    first, second = (row.visuals for row in section.rows)
    assert [type(v).__name__ for v in first] == ["Box", "Columns", "Placeholder"]
    (box, placeholder) = second
    assert isinstance(box, Box) and isinstance(placeholder, Placeholder)
    assert box.content == (ItemList((ListItem(text("Answer"), step=1),)),)


def test_nothing_in_a_box_appears_before_it() -> None:
    late = Box("note", "Note", (), (Paragraph(text("inside")),), step=1)
    slide = Slide(1, "A", (late,), (utter("One."), utter("Two.", step=1)), 1, steps=2)
    (section,) = make_sections(Lesson("01", "A", "01.md", "deck", (slide,)))
    assert [row.visuals for row in section.rows] == [(), (late,)]


def test_boxes_are_named_in_markdown() -> None:
    written = write_transcript(BOXED, format="md", language="en")
    assert (
        "> **Challenge: What is a \\*prism\\*?**\n>\n> - Think\n>\n> > **Hint**\n> >\n> > Glass"
        in written
    )
    assert "Left\n\n*Picture:* A prism.\n\n```\nx = 1\n```" in written
    assert "*Video:* A beam that splits." in written
    assert "*Picture:* gone.png" in written


def test_boxes_are_named_in_plain_text() -> None:
    written = write_transcript(BOXED, format="txt", language="en")
    assert "Challenge: What is a *prism*?:\n  List:\n    - Think\n  Hint:\n    Glass" in written
    assert "Left\nPicture: A prism.\nCode:\n    x = 1" in written
    assert "Video: A beam that splits." in written


def test_boxes_are_groups_with_a_name_in_html() -> None:
    page = Page(write_transcript(BOXED, format="html", language="en"))
    assert page.values("aria-label") == [
        "Challenge: What is a *prism*?", "Hint", "Challenge: What is a *prism*?"
    ]  # fmt: skip
    for words in ("A prism.", "A beam that splits.", "gone.png", "Glass", "x = 1"):
        assert page.text.count(words) == 1
    assert ("mark",) not in {(tag,) for tag in page.open}


def test_a_transcript_names_who_speaks_where_a_turn_begins() -> None:
    def say(speaker: str | None, text: str, ends: bool = True) -> Utterance:
        tokens = tuple(Token(word, word, 0, 0) for word in text.split())
        return Utterance(tokens, 0, 1, ends_paragraph=ends, speaker=speaker)

    talk = (
        say("A<b>", "One.", False), say("A<b>", "Two."), say("A<b>", "Three."),
        say("B", "Four.", False), say(None, "Five."), say("B", "Six."),
    )  # fmt: skip
    lesson = Lesson("01", "Talk", "01.md", "script", (Slide(1, "S", (), talk, 1),))

    def write(format: str) -> str:
        named = {None: "", "A<b>": "A<b>", "B": "B"}
        return write_transcript(
            lesson, format=format, language="en", name_speaker=lambda u: named[u.speaker]
        )

    assert "A<b>: One. Two.\n\nThree.\n\nB: Four.\n\n— Five.\n\nB: Six." in write("txt")
    assert "**A\\<b\\>:** One. Two." in write("md")
    assert '<strong class="speaker"><bdi>A&lt;b&gt;:</bdi></strong>' in write("html")
    unnamed = write_transcript(lesson, format="txt", language="en")
    assert "One. Two.\n\nThree.\n\nFour. Five.\n\nSix." in unnamed
