"""Signs in brackets: those that speech services know, and everything else in brackets."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.markdown.lesson import Surroundings, read_lesson
from lessons.model import Finding, Utterance


def read(body: str) -> tuple[tuple[Utterance, ...], tuple[Finding, ...]]:
    lesson, findings = read_lesson(f"# One\n\n{body}\n", "a.md", Surroundings(Path()))
    return lesson.slides[0].utterances, findings


@pytest.mark.parametrize(
    ("sign", "ms"),
    [
        ("[pause]", 500), ("[short pause]", 250), ("[Long  pause]", 1000), ("[pause: 5s]", 5000),
        ("[pause:500ms]", 500), ("[Pause = 1,5 s]", 1500), ("[pause 2 seconds]", 2000),
        ("[pause 2secs]", 2000), ("[2s pause]", 2000), ("[3 second pause]", 3000),
        ("[3-second pause]", 3000), ("[pause: 900s]", 60_000), ("[pause: 2]", 2000),
    ],
)  # fmt: skip
def test_a_pause_is_silent(sign: str, ms: int) -> None:
    (first, second), findings = read(f"Think of it. {sign} Here it is.")
    assert (first.pause_ms, first.written) == (ms, "Think of it.")
    assert second.written == "Here it is." and not findings


def test_a_pause_before_all_words_is_nothing() -> None:
    (only,), findings = read("[pause] Here it is.")
    assert only.written == "Here it is." and not findings


@pytest.mark.parametrize("sign", ["[laughs]", "[sighs]", "[applause]", "[Coughs]"])
def test_a_sound_is_captioned_where_it_stands_and_not_spoken(sign: str) -> None:
    (first, second), findings = read(f"That was odd. {sign} So we go on.")
    assert first.written == f"That was odd. {sign}" and first.spoken == "That was odd."
    assert second.written == "So we go on." and not findings


def test_a_sound_of_several_words_is_one_word_of_the_captions() -> None:
    (only,), _ = read("Well, [clears throat] yes.")
    assert [t.written for t in only.tokens] == ["Well,", "[clears\u202fthroat]", "yes."]
    assert only.spoken == "Well, yes."


def test_a_sound_alone_stands_long_enough_to_be_read() -> None:
    (_, alone, _), findings = read("One.\n\n[applause]\n\nTwo.")
    assert (alone.written, alone.spoken) == ("[applause]", "") and alone.pause_ms >= 1500
    assert not findings


def test_a_pace_is_that_of_its_sentence() -> None:
    utterances, findings = read("One two. [slowly] Three four. Five. Six, [quickly] seven.")
    assert [u.rate for u in utterances] == [1.0, 0.85, 1.0, 1.15]
    assert not any("[" in u.written for u in utterances) and not findings


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("That is great [excited]!", ["That is great!"]),
        ("[excited]! Great.", ["Great."]),
        ("Wow! [excited]! Great.", ["Wow!", "Great."]),
        ("Yes [slowly], and no [pause]. So.", ["Yes, and no.", "So."]),
        ("“It is [excited]!” she said.", ["“It is!” she said."]),
        ("Oui [excited] ! Non.", ["Oui !", "Non."]),
        ("He said [laughs], and went.", ["He said [laughs], and went."]),
    ],
)
def test_punctuation_behind_a_sign_ends_the_word_before_it(text: str, written: list[str]) -> None:
    utterances, _ = read(text)
    assert [u.written for u in utterances] == written


@pytest.mark.parametrize("sign", ["[excited: 0.8]", "[excited 80%]", "[laughs: 2]"])
def test_a_strength_is_not_read_aloud(sign: str) -> None:
    utterances, _ = read(f"One two. {sign} Three four.")
    assert [u.spoken for u in utterances] == ["One two.", "Three four."]


def test_a_manner_that_no_voice_has_is_left_out_with_one_note() -> None:
    utterances, findings = read("[excited] One. [whispers] Two.\n\n[sarcastically] Three.")
    assert [u.written for u in utterances] == ["One.", "Two.", "Three."]
    assert [(f.rule, f.severity, f.place.line) for f in findings] == [("tag-manner", "note", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "[pause: for effect] x", "[theorem 3] [3 pages]",
        "As shown [1] and [sic] here.", "An array[pause] of x.", "Write \\[laughs\\] so.",
        "[x] done, [ ] open.", "The [theorem] holds.", "See [applause](https://a.example).",
        "A [pause][ref] link.\n\n[ref]: https://a.example", "`[laughs]` is code.",
        "It is [happy to be] so.", "[5] [a] [b]", "[[laughs]] is a page.", "![sighs](x.png) a",
    ],
)  # fmt: skip
def test_other_brackets_are_text(text: str) -> None:
    marked, _ = read(text)
    plain, _ = read(text.replace("laughs", "boats").replace("applause", "boats"))
    assert sum(len(u.tokens) for u in marked) == sum(len(u.tokens) for u in plain)
    said = " ".join(u.spoken for u in marked)
    for word in ("pause", "laughs", "applause"):
        assert (word in text.split("(")[0].split("\n")[0]) == (word in said)


def test_the_lexicon_has_no_say_in_sounds(tmp_path: Path) -> None:
    from lessons.course.reading import read_course

    (tmp_path / "lexicon.yaml").write_text("laughs: ha ha\n")
    (tmp_path / "a.md").write_text("# One\n\nOh. [laughs] She laughs.\n")
    lesson = read_course(tmp_path)[0].lessons[0]
    assert [u.spoken for u in lesson.slides[0].utterances] == ["Oh.", "She ha ha."]


def test_slidesonnet_has_the_same_signs_and_drops_what_is_not_known() -> None:
    text = (
        "---\nmarp: true\n---\n# One\n\n<!-- say: [confidently] Hello. [laughs] [pause] Bye. -->\n"
    )
    lesson, _ = read_lesson(text, "a.md", Surroundings(Path()))
    assert lesson.dialect == "slidesonnet"
    assert [(u.written, u.pause_ms) for u in lesson.slides[0].utterances] == [
        ("Hello. [laughs]", 500), ("Bye.", 600),
    ]  # fmt: skip
