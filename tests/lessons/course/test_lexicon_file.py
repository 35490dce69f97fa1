"""The lexicon: which entries match, which of them wins, and which are refused."""

from __future__ import annotations

import time

import pytest

from lessons.course.lexicon_file import find_unused, parse_lexicon
from lessons.course.voice_map import VoiceMap
from lessons.errors import CourseError
from lessons.markdown.line import read_line
from lessons.speakable import LexiconEntry, Reader, WrittenWord
from lessons.speakable import lexicon as matching


def said(lexicon: str, text: str, language: str = "en-US", voice: str = "") -> list[str]:
    """What is said for each word: its IPA in slashes, or its spoken words."""
    reader = Reader(language, parse_lexicon(lexicon, path="lexicon.yaml"), voice)
    read = reader.read([WrittenWord(word) for word in text.split()])
    return [f"/{one.phones}/" if one.phones else one.spoken for one in read]


def test_respellings_and_alphabets() -> None:
    lexicon = "A1: HOY gens\nB1: {ipa: fizo}\nC1: {x-sampa: 'fi:zoU'}\nD1: {arpabet: F IY1 Z OW0}\n"
    assert said(lexicon, "A1 B1 C1 D1") == ["hoy gens", "/fizo/", "/fiːzoʊ/", "/fˈizoʊ/"]


def test_case_matters_if_an_entry_has_capitals() -> None:
    assert said("polish: POLL ish\nPolish: POH lish\n", "polish POLISH Polish") == [
        "poll ish", "poll ish", "poh lish",
    ]  # fmt: skip
    assert said("Polish: POH lish\n", "polish") == ["polish"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Huygens's", ["hoy gens's"]),
        ("Huygens’", ["hoy gens"]),
        ("“Huygens’s”", ["hoy gens's"]),
        ("Fizeau’s,", ["/fizoz/"]),
        ("speed of light’s", ["see's", "", ""]),
        ("Huygensian", ["Huygensian"]),
    ],
)
def test_possessives_are_forms_of_a_word(text: str, words: list[str]) -> None:
    lexicon = "Huygens: HOY gens\nFizeau: {ipa: fizo}\nspeed of light: see\n"
    assert said(lexicon, text) == words


def test_the_most_specific_entry_wins() -> None:
    lexicon = """
light: all
speed of light: phrase
/li.../: expression
de: {light: language}
de-AT: {light: region}
kokoro:
  light: engine
  de: {light: engine and language}
kokoro/af_heart: {light: voice}
"""
    assert said(lexicon, "light") == ["all"]
    assert said(lexicon, "lidht") == ["expression"]
    assert said(lexicon, "speed of light") == ["phrase", "", ""]
    assert said(lexicon, "light", "de") == ["language"]
    assert said(lexicon, "light", "de-AT") == ["region"]
    assert said("de_at: {light: region}\n", "light", "de-AT") == ["region"]
    assert said(lexicon, "light", voice="kokoro/am_adam") == ["engine"]
    assert said(lexicon, "light", "de", voice="kokoro/am_adam") == ["engine and language"]
    assert said(lexicon, "light", "de", voice="kokoro/af_heart") == ["voice"]
    assert said(lexicon, "speed of light", voice="kokoro/af_heart") == ["phrase", "", ""]
    assert said(lexicon, "light", voice="hibari/heart") == ["all"]


def test_expressions_and_their_groups() -> None:
    lexicon = r"""
/v(\d+)\.(\d+)/: version \1 point \2
/(?P<who>[A-Z][a-z]+)gate/: \g<who> gate
/Fig (\d+)/: figure \1
/[A-Z]{2}-\d/: {ipa: hʌ}
"""
    text = "v12.3, Watergate Fig 7 AB-1 AB-12"
    assert said(lexicon, text) == [
        "version twelve point three,", "Water gate", "figure", "seven", "/hʌ/",
        *said("", "AB-12"),
    ]  # fmt: skip


def test_an_expression_whose_groups_are_empty_leaves_the_word() -> None:
    assert said("/a(bc)?/: \\1\n", "abc a") == ["bc", "a"]


def test_the_script_wins_over_the_lexicon() -> None:
    lexicon = parse_lexicon("Huygens: HOY gens\n", path="lexicon.yaml")
    text = '<sub alias="him">Huygens</sub> <phoneme ph="h">Huygens</phoneme> Huygens'
    line = read_line(text, VoiceMap(), lexicon)
    tokens = line.utterances[0].tokens
    assert [t.spoken for t in tokens] == ["him", "Huygens", "hoy gens"]
    assert [entry.key for entry in line.entries.values()] == ["Huygens"]
    assert list(line.entries) == [tokens[2].start]


def test_an_entry_can_give_a_sign_its_only_reading() -> None:
    assert said("☞: {ipa: lʊk}\n✈: plane\n", "☞ ✈") == ["/lʊk/", "plane"]


def test_a_voice_named_in_a_note_has_its_own_entries() -> None:
    lexicon = parse_lexicon("hibari/heart: {light: heart}\nsilent: {light: none}\n", path="l")
    full = VoiceMap("hibari", name_voice=lambda name, language: f"{name}/heart")
    assert read_line("light", full, lexicon).utterances[0].spoken == "heart"
    assert read_line("light", VoiceMap("silent"), lexicon).utterances[0].spoken == "none"


def test_unused_entries_are_noted() -> None:
    lexicon = parse_lexicon("a: b\nde:\n  c: d\n", path="lexicon.yaml")
    used: set[LexiconEntry] = {lexicon.entries[0]}
    (finding,) = find_unused(lexicon, used)
    assert (finding.severity, finding.place.path, finding.place.line) == ("note", "lexicon.yaml", 3)
    assert "'c' in de" in finding.message


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: b\nc: 5\n", 2, "'c'"),
        ("a: b\nde:\n  c: d\n  e: [1]\n", 4, "'e'"),
        ("kokoro:\n  de:\n    c: {ipa: '12'}\n", 3, "'c'"),
        ("kokoro:\n  de:\n    fr:\n      c: d\n", 3, "'fr'"),
        ("fizeau: {phoneme: fizo}\n", 1, "'phoneme'"),
        ("fizeau: {ipa: fizo, say: x}\n", 1, "'fizeau'"),
        ("Fizeau: {ipaa: fizo}\n", 1, "'ipaa'"),
        ("' ': x\n", 1, "no word"),
        ("a a a a a a a a a a a a a: x\n", 1, "too many words"),
        ("x: y\n/(/: x\n", 2, "broken"),
        ("/(a+)+/: x\n", 1, "repeat inside a repeat"),
        ("/(a|aa)+/: x\n", 1, "alternatives inside a repeat"),
        ("/(a*)(a*)(a*)(a*)b/: x\n", 1, "too many ways"),
        (f"/{'a?' * 30}/: x\n", 1, "too many ways"),
        ("/(a)\\1/: x\n", 1, "refers back"),
        ("/a*/: x\n", 1, "nothing at all"),
        ("/a/: x\\2\n", 1, "no group"),
        ("/[[a]/: x\n", 1, "broken"),
        ("/a/: x\\n\n", 1, "stray"),
        (f"/{'a' * 300}/: x\n", 1, "300 characters"),
    ],
)
def test_an_error_names_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(CourseError) as caught:
        parse_lexicon(text, path="lexicon.yaml")
    assert (caught.value.place.path, caught.value.place.line) == ("lexicon.yaml", line)
    assert words in caught.value.message


@pytest.mark.parametrize(
    "expression", [r"(\d{3},)+\d{3}", r"[A-Z]+-?\d*", r"(?i)kb|mb|gb", r"(ab|cd){2}", r"a++b"]
)
def test_ordinary_expressions_are_accepted(expression: str) -> None:
    parse_lexicon(f"'/{expression}/': x\n", path="lexicon.yaml")


def test_the_worst_accepted_expression_takes_polynomial_time() -> None:
    lexicon = parse_lexicon("/(a*)(a*)(a*)b/: x\n", path="lexicon.yaml")

    def seconds(length: int) -> float:
        reader = Reader("en-US", lexicon)
        started = time.process_time()
        reader.read([WrittenWord("a" * length)])
        return time.process_time() - started

    seconds(5)
    assert seconds(matching.LONGEST_MATCHED) < 200 * max(seconds(10), 1e-4)


def test_expressions_have_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_SECONDS", -1.0)
    with pytest.raises(CourseError) as caught:
        said("/a+/: x\n", "aaa")
    assert caught.value.place.path == "lexicon.yaml"


def test_the_voice_map_finds_a_speaker_for_each_language() -> None:
    voice_map = VoiceMap("hibari", "en-US", {"fr": "espeak", "de-AT": "piper/x"})
    assert voice_map.speaker() == "hibari" and voice_map.speaker("en-US") == "hibari"
    assert voice_map.speaker("fr") == voice_map.speaker("fr-CA") == "espeak"
    assert voice_map.speaker("de-AT") == voice_map.speaker("de") == "piper/x"
    assert voice_map.speaker("de-DE") == "hibari" and voice_map.speaker("fr", "silent") == "silent"


def test_all_entries_that_cannot_be_used_are_found_in_one_run() -> None:
    text = "Huygens: 3\nde:\n  Licht: [x]\nFizeau: fizo\nhibari:\n  /(/: x\n"
    with pytest.raises(CourseError) as caught:
        parse_lexicon(text, path="lexicon.yaml")
    assert [p.place.line for p in caught.value.problems] == [1, 3, 6]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a: b\na: c\nHuygens: 12\n", [2, 3]),
        ("Huygens: 12\nde:\n  c: d\n  c: e\n[x]: y\n", [1, 4, 5]),
        ("a: !x b\nde:\n  Licht: {ipa: !x c}\nHuygens: 12\n", [1, 3, 4]),
    ],
)
def test_problems_of_the_yaml_are_told_with_those_of_the_entries(
    text: str, lines: list[int]
) -> None:
    with pytest.raises(CourseError) as caught:
        parse_lexicon(text, path="lexicon.yaml")
    assert [p.place.line for p in caught.value.problems] == lines
    assert all(p.message and p.remedy and p.place.path for p in caught.value.problems)


def test_too_many_expressions_are_told_with_the_other_problems() -> None:
    text = "".join(f"/a{i}/: x\n" for i in range(201)) + "Huygens: 12\n"
    with pytest.raises(CourseError) as caught:
        parse_lexicon(text, path="lexicon.yaml")
    assert [p.place.line for p in caught.value.problems] == [201, 202]


def test_no_more_problems_are_told_than_anybody_reads() -> None:
    text = "a: b\n" * 150 + "".join(f"Huygens{i}: 12\n" for i in range(150))
    with pytest.raises(CourseError) as caught:
        parse_lexicon(text, path="lexicon.yaml")
    assert len(caught.value.problems) == 100


@pytest.mark.parametrize(
    ("entry", "message", "remedy"),
    [
        ("{iap: x}", "There is no alphabet 'iap'.", "Did you mean 'ipa'?"),
        ("{IPA: fizo}", "There is no alphabet 'IPA'.", "Did you mean 'ipa'?"),
        ("{x-cmu: QQ}", "There is no alphabet 'x-cmu'.", "Did you mean 'arpabet'?"),
        ("{phoneme: x}", "There is no alphabet 'phoneme'.", "Choose from say, ipa, x-sampa"),
        ("{ipa: x, note: y}", "There is no alphabet 'note'.", "Choose from say, ipa, x-sampa"),
        ("{ipa: 123}", "123 is not IPA.", "Write IPA in quotes, like {ipa: "),
        ("{ipa: }", "empty is not IPA.", "Write IPA in quotes, like {ipa: "),
        ("{arpabet: QQ}", "'QQ' is not ARPAbet.", "Write ARPAbet in quotes, like {arpabet: "),
        ("{x-sampa: '<'}", "'<' is not X-SAMPA.", "Write X-SAMPA in quotes, like {x-sampa: "),
        ("{ipa: x, arpabet: Y}", "more than one pronunciation: ipa, arpabet.", "Keep one of them."),
        ("{ipa: x, say: y}", "more than one pronunciation: ipa, say.", "Keep one of them."),
        ("{say: 12}", "does not say how 'Huygens' is pronounced.", "Write a respelling"),
        ("{one: x}", "does not say how 'Huygens' is pronounced.", "Write a respelling"),
    ],
)
def test_each_way_to_miss_a_pronunciation_has_its_own_message(
    entry: str, message: str, remedy: str
) -> None:
    with pytest.raises(CourseError) as caught:
        parse_lexicon(f"a: b\nHuygens: {entry}\n", path="lexicon.yaml")
    (problem,) = caught.value.problems
    assert problem.message.endswith(message) and problem.remedy.startswith(remedy)
    assert problem.place.line == 2 and problem.place.key == "Huygens"


@pytest.mark.parametrize("alphabet", ["ipa", "x-sampa", "arpabet"])
def test_the_example_in_a_remedy_can_be_used(alphabet: str) -> None:
    with pytest.raises(CourseError) as caught:
        parse_lexicon(f"Huygens: {{{alphabet}: 12}}\n", path="lexicon.yaml")
    example = caught.value.remedy.partition("like ")[2].removesuffix(".")
    parse_lexicon(f"Huygens: {example}\n", path="lexicon.yaml")
