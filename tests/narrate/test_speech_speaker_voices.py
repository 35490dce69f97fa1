"""The voices of speakers, with engines that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_speech_voice_fallback import ENGLISH, Engine, read, settle

from lessons.model import Finding, Lesson

MANY = Engine("kokoro", "en", "en-AU", "en-GB")  # the last two with an accent
DECK = "# One\n\nHello.\n\n<!-- say(voice=alex): I am. -->\n\n<!-- say(voice=Bo): And I. -->\n"


def voices(lesson: Lesson) -> list[tuple[str | None, str | None]]:
    return [(u.speaker, u.voice) for slide in lesson.slides for u in slide.utterances]


def rules(findings: list[Finding]) -> list[str]:
    return [finding.rule for finding in findings]


def test_declared_speakers_keep_their_voices(tmp_path: Path) -> None:
    course = "title: x\nspeakers: {a: hibari, b: kokoro/en}\n"
    lesson = read(tmp_path, "# One\n\nA: Hello.\n\nB: Hello.\n\nHello.\n", course)
    settled, _, findings = settle(lesson, ENGLISH, MANY)
    assert settled is lesson and findings == []
    assert voices(settled) == [("A", "hibari"), ("B", "kokoro/en"), (None, None)]


def test_an_undeclared_name_gets_a_voice_that_nobody_has(tmp_path: Path) -> None:
    settled, _, findings = settle(read(tmp_path, DECK), ENGLISH, MANY)
    assert voices(settled) == [(None, None), ("Alex", "kokoro/en"), ("Bo", "kokoro/en-au")]
    assert rules(findings) == ["speaker-undeclared", "speaker-undeclared"]
    first = findings[0]
    assert "'Alex'" in first.message and "'kokoro/en' reads these lines" in first.message
    assert "'speakers: {alex: kokoro/en}' in course.yaml" in first.remedy
    assert (first.place.path, first.place.line) == ("a.md", 5)


def test_the_voice_of_a_declared_speaker_is_taken(tmp_path: Path) -> None:
    text = DECK.replace("Hello.", "C: Hello.")
    lesson = read(tmp_path, text, "title: x\nspeakers: {c: kokoro/en}\n")
    settled, _, _ = settle(lesson, ENGLISH, MANY)
    assert voices(settled)[1:] == [("Alex", "kokoro/en-au"), ("Bo", "kokoro/en-gb")]


def test_where_voices_do_not_suffice_they_come_again(tmp_path: Path) -> None:
    notes = "".join(f"\n<!-- say(voice=p{c}): Hi. -->\n" for c in "abcdef")
    settled, _, findings = settle(read(tmp_path, f"# One\n\nHello.\n{notes}"), ENGLISH, MANY)
    chosen = [voice for _, voice in voices(settled)[1:]]
    assert len(set(chosen[:3])) == 3 and set(chosen) == set(chosen[:3])
    assert "hibari/en-us" not in chosen and len(findings) == 6


def test_where_there_is_only_one_voice_it_reads_all(tmp_path: Path) -> None:
    settled, _, findings = settle(read(tmp_path, DECK), ENGLISH)
    assert voices(settled) == [(None, None), ("Alex", None), ("Bo", None)]
    assert "the lesson's own voice reads these lines" in findings[0].message


def test_the_same_person_in_two_engines_is_one_voice(tmp_path: Path) -> None:
    copy = Engine("kokoro", "en-US")
    settled, _, _ = settle(read(tmp_path, DECK), ENGLISH, copy)  # hibari/en-us, kokoro/en-us
    assert voices(settled)[1] == ("Alex", None)


@pytest.mark.parametrize("voice", ["kokoro/nobody", "nothere", "far"])
def test_a_declared_voice_that_is_missing_costs_the_voice_only(tmp_path: Path, voice: str) -> None:
    lesson = read(tmp_path, "# One\n\nA: Hi.\n\nB: Hi.\n", f"title: x\nspeakers: {{a: {voice}}}\n")
    far = Engine("far", "en-US", missing="Install it.")
    settled, _, (finding,) = settle(lesson, ENGLISH, MANY, far)
    assert voices(settled)[0] == ("A", "kokoro/en")
    assert (finding.rule, finding.place.path) == ("voice-missing", "course.yaml")
    assert "reads the lines of 'A' in en-US" in finding.message
    assert "another voice for 'A'" in finding.remedy


def test_a_speaker_in_a_lesson_of_another_language(tmp_path: Path) -> None:
    text = "---\nlanguage: de\n---\n# Licht\n\nA: Das Licht ist eine Welle.\n"
    lesson = read(tmp_path, text, "title: x\nspeakers: {a: hibari}\n")
    settled, settings, findings = settle(lesson, ENGLISH, Engine("german", "de", "de-AT"))
    assert settings.voice == "german/de" and voices(settled) == [("A", "german/de-at")]
    assert rules(findings) == ["voice-missing"] and "the lines of 'A' in de" in findings[0].message


def test_a_sentence_in_another_language_is_for_the_voice_of_that_language(tmp_path: Path) -> None:
    text = '# One\n\nA: Hello. <lang xml:lang="fr">Bonjour.</lang>\n'
    course = "title: x\nspeakers: {a: hibari}\nvoices: {fr: french}\n"
    settled, _, findings = settle(read(tmp_path, text, course), ENGLISH, Engine("french", "fr"))
    assert voices(settled) == [("A", "hibari"), ("A", None)] and findings == []


@pytest.mark.parametrize("voice", ["hibari", "hibari/en-us", "hibary", "en-US-Zira"])
def test_the_name_of_a_voice_is_no_speaker(tmp_path: Path, voice: str) -> None:
    lesson = read(tmp_path, f"# One\n\nHello.\n\n<!-- say(voice={voice}): Hi. -->\n")
    settled, _, findings = settle(lesson, ENGLISH, MANY)
    assert {speaker for speaker, _ in voices(settled)} == {None}
    assert "speaker-undeclared" not in rules(findings)


def test_two_hundred_undeclared_speakers_are_counted_and_not_listed(tmp_path: Path) -> None:
    names = [f"n{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(200)]
    notes = "".join(f"\n<!-- say(voice={name}): Hi. -->\n" for name in names)
    settled, _, findings = settle(read(tmp_path, f"# One\n\nHello.\n{notes}"), ENGLISH, MANY)
    assert all(voice for _, voice in voices(settled)[1:])
    assert len(findings) == 11 and "200 speakers" in findings[-1].message


def test_a_recorded_dialogue_needs_no_voices(tmp_path: Path) -> None:
    course = "title: x\nvoice: recording\nspeakers: {a: kokoro/nobody}\n"
    settled, _, findings = settle(read(tmp_path, "# One\n\nA: Hi.\n", course), ENGLISH)
    assert voices(settled) == [("A", "kokoro/nobody")] and findings == []
