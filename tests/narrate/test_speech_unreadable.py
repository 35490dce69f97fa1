"""A sentence that its voice cannot read stands in silence, and the others are spoken."""

from __future__ import annotations

from pathlib import Path

import pytest

from lessons.course.reading import read_course
from lessons.model import Finding, Slide, Utterance
from lessons.speakable.reader import has_other_script
from narrate.errors import UnreadableError
from narrate.pipeline.steps.check import _tell_of_unread
from narrate.speech import narrate_slide
from narrate.speech.base import make_unreadable_error
from narrate.speech.silent import SilentVoice
from narrate.vocabulary import Speech

TEXT = "# One\n\nAll is well. The rune ᚠᚢ is old.\n\nThe end is near.\n"


class Picky(SilentVoice):
    """A voice that hums, and reads no runes."""

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        for token in utterance.tokens:
            if has_other_script(token.spoken):
                raise make_unreadable_error(token, "picky", utterance.line)
        speech = super().speak(utterance, rate=rate)
        return Speech(speech.samples + 0.1, speech.words, speech.phones)


@pytest.fixture
def slide(tmp_path: Path) -> Slide:
    (tmp_path / "a.md").write_text(TEXT)
    return read_course(tmp_path)[0].lessons[0].slides[0]


def test_the_other_sentences_are_spoken(slide: Slide) -> None:
    said = narrate_slide(slide, lambda _: Picky(), skip_unreadable=True)
    assert [u.utterance for u in said.unread] == [1]
    assert "cannot read 'ᚠᚢ'" in said.unread[0].message and "<sub>" in said.unread[0].remedy
    words = {index: [w for w in said.words if w.utterance == index] for index in range(3)}
    assert [len(words[index]) for index in range(3)] == [3, 5, 4]
    loud = [abs(said.samples[w[0].start : w[-1].end]).max() > 0 for w in words.values()]
    assert loud == [True, False, True]
    assert words[1][-1].end - words[1][0].start > 24_000  # as long as it takes to read it


def test_who_speaks_a_line_is_told_at_once(slide: Slide) -> None:
    with pytest.raises(UnreadableError):
        narrate_slide(slide, lambda _: Picky())


def test_the_finding_says_why_and_not_that_nothing_was_heard(slide: Slide) -> None:
    said = narrate_slide(slide, lambda _: Picky(), skip_unreadable=True)

    def heard(line: int) -> Finding:
        told = next(iter(_tell_of_unread(slide, said.unread, ())))
        place = type(told.place)(line=line, slide=1)
        return Finding("sentence-not-said", "warning", told.problem).at(place)

    lines = [u.line for u in slide.utterances]
    found = list(_tell_of_unread(slide, said.unread, (heard(lines[1]), heard(lines[2]))))
    assert [f.rule for f in found] == ["word-unreadable", "sentence-not-said"]
    assert found[0].place.line == lines[1] and "not spoken" in found[0].message
