"""What a slide shows that would show nothing but its heading."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from lessons.course.settings import Settings
from lessons.markdown.key_phrases import choose_key_phrases
from lessons.markdown.lesson import parse_lesson
from lessons.markdown.phrase_words import get_phrase_words
from lessons.markdown.phrases import Phrase, split_sentences
from lessons.model import ItemList, Lesson, Run
from lessons.translations.facts import digest_slide, find_facts

Parse = Callable[[str], Lesson]
AssertLinear = Callable[[Callable[[str], object], str], None]


def choose(*paragraphs: str, title: str = "Light", language: str = "en") -> list[str]:
    phrases = choose_key_phrases([(Run(text),) for text in paragraphs], title, language)
    return ["".join(run.text for run in phrase.content) for phrase in phrases]


def test_each_paragraph_gives_a_phrase_that_appears_when_it_is_spoken(parse: Parse) -> None:
    slide = parse(
        "# Light\n\nLight is a wave. It carries energy.\n\nGlass `bends` it by $n$ degrees. So do "
        "lenses.\n\nA mirror reflects *all* colours!\n"
    ).slides[0]
    (shown,) = slide.visuals
    assert isinstance(shown, ItemList) and shown.chosen
    assert [(item.content, item.step) for item in shown.items] == [
        ((Run("Light is a wave"),), 0),
        (
            (Run("Glass "), Run("bends", "code"), Run(" it by "), Run("n", "formula"),
             Run(" degrees")), 1,
        ),
        ((Run("A mirror reflects "), Run("all", "emphasis"), Run(" colours")), 2),
    ]  # fmt: skip
    assert [u.step for u in slide.utterances] == [0, 0, 1, 1, 2]
    assert (slide.steps, slide.anchors) == (3, (0,))


@pytest.mark.parametrize(
    "other",
    [
        "- a list",
        "> a quote",
        "```\ncode\n```",
        "![a](media/a.png)",
        "Some **bold** words.",
        "$$x$$",
    ],
)
def test_slides_that_show_something_stay_as_they_are(parse: Parse, other: str) -> None:
    slide = parse(f"# Light\n\nLight is a wave.\n\n{other}\n").slides[0]
    assert not any(isinstance(v, ItemList) and v.chosen for v in slide.visuals)


def test_a_setting_turns_them_off_and_nothing_spoken_changes(parse: Parse) -> None:
    text = "# Light\n\nLight is a wave. It is fast.\n\nGlass bends light.\n"
    plain = parse(f"---\nkey_phrases: false\n---\n{text}").slides[0]
    shown = parse(text).slides[0]
    assert plain.visuals == () and shown.visuals
    assert [u.tokens for u in parse("\n\n\n" + text).slides[0].utterances] != []
    said = [(u.written, u.spoken, u.pause_ms) for u in plain.utterances]
    assert said == [(u.written, u.spoken, u.pause_ms) for u in shown.utterances]


def test_decks_silent_slides_and_hidden_boxes_show_none(parse: Parse) -> None:
    silent = parse("# A\n\n<!-- silent -->\n\nLight is a wave.\n").slides[0]
    assert silent.visuals == ()
    hidden = parse_lesson(
        "# A\n\n> [!TIP]\n> Light is a wave.\n",
        path="a.md",
        root=Path(),
        settings=Settings.model_validate({"boxes": {"tip": {"shown": False}}}),
    )
    assert hidden.slides[0].visuals == ()


def test_a_translation_may_show_other_phrases(parse: Parse) -> None:
    text = "# Light\n\nLight is a wave.\n"
    shown, plain = parse(text).slides[0], parse(f"---\nkey_phrases: false\n---\n{text}").slides[0]
    assert find_facts(shown) == find_facts(plain)
    assert digest_slide(shown) == digest_slide(plain)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Light is a wave.", ["Light is a wave"]),
        ("Lastly, light is fast.", ["Light is fast"]),
        ("Is light a wave? Waves bend around corners.", ["Waves bend around corners"]),
        ("Light is a wave. However, it is also made of particles.", ["Light is a wave"]),
        ("Let's look at the exercises of this chapter.", []),
        ("Yes, absolutely!", []),
        ("Glass does not absorb light.", ["Glass does not absorb light"]),
        ("See https://example.org/a/b.", []),
        # Cut only where the rest is true by itself.
        ("Light that enters a drop of water is bent at its surface; how far it is bent depends on "
         "its colour alone.", ["Light that enters a drop of water is bent at its surface"]),
        ("Open source refers to software whose code is made available to the public, allowing "
         "anyone to view, use, modify and share it.",
         ["Open source refers to software whose code is made available to the public"]),
        ("You can delete every file in the folder of a course without asking your teacher, unless "
         "somebody else still needs some of them.", []),
        ("Open source software is used in industry, and many well-known technology companies, such "
         "as Google and IBM, actively support its development.", []),
        ("If the angle between the ray of light and the surface of the drop is too large, then "
         "the light is reflected instead of bent.", []),
        ("Rainbows come in two flavours: primary rainbows, which everybody has seen before, and "
         "secondary rainbows that are rarely seen.", []),
        ("The Hubble Space Telescope (HST, launched in April 1990 by a space shuttle) sees "
         "ultraviolet light.", ["The Hubble Space Telescope sees ultraviolet light"]),
    ],
)  # fmt: skip
def test_a_phrase_can_stand_alone(text: str, shown: list[str]) -> None:
    assert choose(text, title="Physics") == shown


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("zh", "函数是一块可重复使用的代码。它很有用。", "函数是一块可重复使用的代码"),
        ("ja", "虹は光が曲がって見えます。なぜ丸いのでしょうか？", "虹は光が曲がって見えます"),
        ("hi", "इंद्रधनुष में सात रंग होते हैं। यह गोल है।", "इंद्रधनुष में सात रंग होते हैं"),
        ("ar", "الضوء موجة كهرومغناطيسية. هل هو سريع؟", "الضوء موجة كهرومغناطيسية"),
        ("de", "Licht ist eine Welle. Sie ist schnell.", "Licht ist eine Welle"),
        ("sv", "Ljus är en våg. Den är snabb.", "Ljus är en våg"),
    ],
)  # fmt: skip
def test_it_works_in_any_language(language: str, text: str, shown: str) -> None:
    assert choose(text, title="", language=language)[0] == shown


def test_a_slide_shows_at_most_five_phrases_and_sixty_words() -> None:
    sentence = "Light of the colour {} travels through glass at a speed of its own kind."
    many = choose(*[sentence.format(name) for name in "abcdefgh"])
    assert len(many) == 4 and sum(len(text.split()) for text in many) <= 60
    assert len(choose(*[f"Light {name} is fast." for name in "abcdefgh"])) == 5


def test_terms_are_shown_where_no_sentence_will_do(parse: Parse) -> None:
    slide = parse(
        "# Stacking\n\nUsing the functions `repeat`, `tile`, `vstack` and `hstack` we can create "
        "larger vectors and also larger matrices from much smaller ones that we already have:\n"
    ).slides[0]
    (shown,) = slide.visuals
    assert isinstance(shown, ItemList)
    assert [item.content[0].text for item in shown.items] == ["repeat", "tile", "vstack", "hstack"]


def test_sentences_end_where_speech_says_so_and_not_inside_code() -> None:
    runs = (Run("See Dr. X at 3.5 km. Use "), Run("a. B", "code"), Run(" here. 好。是的"))
    sentences = [phrase.text for phrase in split_sentences(Phrase(runs))]
    assert sentences == ["See Dr. X at 3.5 km.", " Use a. B here.", " 好。", "是的"]


def test_the_words_of_every_language_are_found_in_texts() -> None:
    for language in ("en", "de", "fr", "es", "pt", "it", "ru", "uk", "zh", "ja"):
        words = get_phrase_words(language)
        assert words.dangling and words.talk and words.subordinate and words.copulas
        assert all(words.dangles(f"{word} x") for word in words.dangling if "_" not in word)


@pytest.mark.parametrize("text", ["a, and ", "a. ", "(", "( a) ", "a ", "; ", "a — ", "`a` "])
def test_phrases_are_chosen_in_linear_time(text: str, assert_linear: AssertLinear) -> None:
    def work(prose: str) -> None:
        choose_key_phrases([(Run(prose),)], prose[:100], "en")

    assert_linear(work, "Light " + text * 6_000)


def test_thousands_of_paragraphs_take_linear_time(
    parse: Parse, assert_linear: AssertLinear
) -> None:
    assert_linear(lambda prose: parse("# A\n\n" + prose), "Light is a *wave* of `x`.\n\n" * 600)
