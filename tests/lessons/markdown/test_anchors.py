"""Which utterance each part of a slide belongs to."""

from __future__ import annotations

from collections.abc import Callable

from lessons.model import Lesson

Parse = Callable[[str], Lesson]


def test_what_is_spoken_belongs_to_its_own_words_and_the_rest_to_the_paragraph_before(
    parse: Parse,
) -> None:
    slide = parse(
        "# Light\n\nIt is fast. Very fast.\n\n```py\nc = 3e8\n```\n\nNow a list.\n\n"
        "- One thing. Two.\n- Another\n\n> Let there be light.\n\n$$E = mc^2$$\n\n"
        "This is **key**.\n\n| a |\n|---|\n| 1 |\n"
    ).slides[0]
    kinds = [type(visual).__name__ for visual in slide.visuals]
    assert kinds == ["Code", "ItemList", "Quote", "Formula", "Paragraph", "Table"]
    said = [slide.utterances[at].written for at in slide.anchors]
    assert said == [
        "It is fast.",
        "One thing.",
        "Let there be light.",
        "Let there be light.",
        "This is key.",
        "This is key.",
    ]


def test_pictures_belong_to_the_words_before_them(parse: Parse) -> None:
    slide = parse(
        "# ![a](media/a.png) Light\n\n![b](media/a.png)\n\nFirst.\n\n![c](media/a.png)\n\n"
        "Second, see ![d](media/a.png) here.\n\n![e](media/a.png) Third.\n"
    ).slides[0]
    assert slide.anchors == (0, 0, 0, 1, 1)


def test_boxes_and_columns_have_one_anchor(parse: Parse) -> None:
    slide = parse(
        "---\ndialect: quarto\n---\n# Light\n\nFirst.\n\n::: {.callout-tip title='Hint'}\n"
        "Inside. More.\n\n```\nx\n```\n:::\n\nLast.\n\n"
        ":::: {.columns}\n::: {.column}\n- a\n:::\n::: {.column}\n- b\n:::\n::::\n"
    ).slides[0]
    assert [type(v).__name__ for v in slide.visuals] == ["Box", "Columns"]
    said = [slide.utterances[at].written for at in slide.anchors]
    assert said == [slide.utterances[1].written, "a"]
    assert slide.anchors[0] == 1


def test_a_formula_that_ends_a_sentence_belongs_to_its_paragraph(parse: Parse) -> None:
    slide = parse("# A\n\nIt is\n\n$$x = 1$$\n\n$$y = 2$$\n").slides[0]
    assert slide.anchors[0] == 0
    assert slide.anchors[1] == 0


def test_decks_and_silent_slides_have_no_anchors(parse: Parse) -> None:
    deck = parse("---\nshape: deck\n---\n# A\n\n- one\n\n<!-- say: Hello. -->\n")
    assert deck.slides[0].anchors == ()
    silent = parse("# A\n\n<!-- silent -->\n\n- one\n")
    assert silent.slides[0].visuals and silent.slides[0].anchors == ()
    unsaid = parse("# A\n\n```\nx\n```\n\n# B\n\nHello.\n")
    assert unsaid.slides[0].anchors == ()


def test_a_part_behind_which_nothing_is_said_belongs_to_what_was_said_last(parse: Parse) -> None:
    slide = parse("# A\n\nHello.\n\n- ![](media/a.png)\n\n> <!-- x -->$\\,$\n").slides[0]
    assert len(slide.anchors) == len(slide.visuals)
    assert all(0 <= at < len(slide.utterances) for at in slide.anchors)
