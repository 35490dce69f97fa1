"""How captions say who speaks, by profile and by format."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pysubs2
import pytest

from lessons.model import Slide, Token, Utterance
from narrate.captions import PROFILES, assign_colours, check_cues, hold_all_words, make_cues
from narrate.captions.formats import CAPTION_FORMATS
from narrate.captions.speakers import COLOURS, NOBODY, CaptionSpeakers, write_label
from narrate.captions.text import count_columns
from narrate.clock import ms_to_samples
from narrate.vocabulary import Cue, Word

TALK = (
    ("Teacher", "Every color of light has a wavelength of its own, and red has the longest."),
    ("Teacher", "Do you know why?"),
    ("Student", "I think that I do."),
    (None, "Then tell us."),
    ("Student", "It is because of its energy, which is lower than that of blue light."),
)
SPEAKERS = assign_colours(("Teacher", "Student"), "Teacher")


def slide_of(talk: tuple[tuple[str | None, str], ...]) -> Slide:
    utterances = tuple(
        Utterance(
            tuple(Token(w, w, 0, 0) for w in text.split()), 400, n + 1, voice=name, speaker=name
        )
        for n, (name, text) in enumerate(talk)
    )
    return Slide(1, "Light", (), utterances, 1)


def caption(
    profile: str = "bbc",
    speakers: CaptionSpeakers = SPEAKERS,
    talk: tuple[tuple[str | None, str], ...] = TALK,
) -> tuple[Cue, ...]:
    slide, clock, words = slide_of(talk), 300, []
    for u, utterance in enumerate(slide.utterances):
        for t, token in enumerate(utterance.tokens):
            words.append(
                Word(token.written, ms_to_samples(clock), ms_to_samples(clock + 420), u, t)
            )
            clock += 420
        clock += 900
    return make_cues(
        slide,
        words,
        profile=PROFILES[profile],
        total=ms_to_samples(clock),
        language="en-US",
        speakers=speakers,
    )


@pytest.mark.parametrize("profile", PROFILES)
def test_a_caption_holds_the_words_of_one_speaker_and_all_words(profile: str) -> None:
    cues = caption(profile)
    names = [(name or "Teacher", text) for name, text in TALK]
    for cue in cues:
        said = {name for name, text in names if cue.lines[0].split()[0] in text.split()}
        assert cue.speaker in said
    for before, after in pairwise(cues):
        assert (before.speaker != after.speaker) == bool(after.label)
    assert hold_all_words(cues, [slide_of(TALK)])
    assert [f for f in check_cues(cues, PROFILES[profile]) if "line" in f.rule] == []


@pytest.mark.parametrize("profile", PROFILES)
def test_where_one_person_speaks_nobody_is_named(profile: str) -> None:
    for cue in caption(profile, NOBODY):
        assert (cue.speaker, cue.label, cue.colour) == ("", "", "")
    assert assign_colours(("Teacher",), "Teacher") == NOBODY


@pytest.mark.parametrize(
    ("profile", "first"),
    [
        ("bbc", "STUDENT: I think that I do."),
        ("dcmp", "(Student)\nI think that I do."),
        ("netflix", "[Student] I think that I do."),
    ],
)
def test_a_turn_begins_with_the_name_as_the_profile_writes_it(profile: str, first: str) -> None:
    shown = ["\n".join(cue.labelled_lines) for cue in caption(profile)]
    assert first in shown
    assert sum("eacher" in text.title() for text in shown) == 2  # at the start, and once again


def test_the_bbc_tells_speakers_apart_by_colours() -> None:
    colours = {cue.speaker: cue.colour for cue in caption("bbc")}
    assert colours == {"Teacher": "white", "Student": "yellow"}
    assert all(cue.shown_lines == cue.lines for cue in caption("bbc"))
    assert {cue.colour for cue in caption("netflix")} == {""}


def test_who_has_no_colour_left_has_a_name() -> None:
    speakers = assign_colours(("A", "B", "C", "D", "E"), "C")
    assert dict(speakers.colours) == {
        "C": "white", "A": "yellow", "B": "cyan", "D": "green", "E": "",
    }  # fmt: skip
    (cue,) = caption("bbc", speakers, (("E", "Hello there."),))
    assert cue.shown_lines == ("E: Hello there.",)


def test_the_colours_can_be_read_on_the_box_of_captions() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    box = luminance("#404040")  # 75 % black over white
    assert min((luminance(c) + 0.05) / (box + 0.05) for c in COLOURS.values()) > 4.5


@pytest.mark.parametrize("name", ["Al", "A name of many words", "n" * 40, "漢字" * 10])
@pytest.mark.parametrize("profile", PROFILES)
def test_long_names_leave_room_for_words(profile: str, name: str) -> None:
    rules = PROFILES[profile]
    assert count_columns(write_label(name, rules)) <= rules.columns / 2 + 1
    talk = ((name, "Incomprehensibilities " * 3), ("B", "w" * 80))
    cues = caption(profile, assign_colours((name, "B"), "B"), talk)
    assert max(count_columns(line) for cue in cues for line in cue.labelled_lines) <= rules.columns
    assert max(len(cue.labelled_lines) for cue in cues) <= rules.lines


HOSTILE = assign_colours(("A & <i>B</i> --> {\\b1}, c", "B"), "B")


def test_webvtt_names_speakers_in_voice_spans() -> None:
    text = CAPTION_FORMATS["vtt"].write(caption(), language="en")
    assert "<v Teacher>Every" in text and "<v.yellow Student>I think" in text
    hostile = ((HOSTILE.colours[1][0], "Hi there."), ("B", "Oh."))
    written = CAPTION_FORMATS["vtt"].write(caption("netflix", HOSTILE, hostile), language="en")
    assert "<v A &amp; &lt;i&gt;B&lt;/i&gt; --&gt; {\\b1}, c>" in written


def test_subrip_names_speakers_in_the_text() -> None:
    for profile, label in (("bbc", "STUDENT: I"), ("dcmp", "(Student)\nI"), ("netflix", "[Stu")):
        assert label in CAPTION_FORMATS["srt"].write(caption(profile), language="en")


def test_ttml_and_ass_have_styles_for_the_colours_that_are_used() -> None:
    root = ElementTree.fromstring(CAPTION_FORMATS["ttml"].write(caption(), language="en"))
    space = "{http://www.w3.org/ns/ttml}"
    styles = {s.get("{http://www.w3.org/XML/1998/namespace}id") for s in root.iter(space + "style")}
    assert styles == {"text", "box", "yellow"}
    assert {s.get("style") for s in root.iter(space + "span")} == {"box", "yellow"}
    document = pysubs2.SSAFile.from_string(CAPTION_FORMATS["ass"].write(caption(), language="en"))
    assert {(e.name, e.style) for e in document} == {("Teacher", "Default"), ("Student", "Yellow")}
    assert document.styles["Yellow"].primarycolor == pysubs2.Color(255, 255, 0)
    plain = CAPTION_FORMATS["ttml"].write(caption("netflix"), language="en")
    assert "yellow" not in plain and "[Student] I think" in plain


def test_a_slide_depends_only_on_who_speaks_on_it() -> None:
    many = assign_colours(("Teacher", "Student", "Guest"), "Teacher")
    assert many.of_slide(slide_of(TALK)) == SPEAKERS.of_slide(slide_of(TALK))
    assert caption("bbc", many.of_slide(slide_of(TALK))) == caption("bbc", SPEAKERS)


@pytest.mark.parametrize("profile", PROFILES)
def test_somebody_without_a_name_is_told_from_the_speaker_before(profile: str) -> None:
    speakers = assign_colours(("", "B"), "")
    cues = caption(profile, speakers, (("B", "Hello there."), (None, "Hello to you.")))
    assert cues[1].labelled_lines[0].startswith(">> Hello")
    assert cues[1].speaker == "" and cues[0].speaker == "B"
