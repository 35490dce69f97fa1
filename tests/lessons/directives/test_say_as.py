from __future__ import annotations

import pytest

from lessons.directives.phone_alphabets import possessive, to_ipa
from lessons.directives.say_as import INTERPRETATIONS, read_as

CASES = """
characters | NASA | N A S A
characters | H2O | H two O
spell-out | a-1/é | A dash one slash É
verbatim | x@y.z | X at Y dot Z
digits | 1234 | one two three four
digits | 12-34 | one two, three four
cardinal | 1,234.5 | one thousand two hundred thirty-four point five
cardinal | -5 | minus five
number | 007 | seven
cardinal | XIV | fourteen
ordinal | XIV | fourteenth
ordinal | 3 | third
ordinal | 21st | twenty-first
fraction | 3/4 | three quarters
fraction | 5/16 | five sixteenths
fraction | 2 1/2 | two and a half
fraction | 2½ | two and a half
fraction | 3+1/4 | three and a quarter
time | 10:30 pm | ten thirty P M
time | 2'30" | two minutes thirty seconds
telephone | +49 30 12345 | plus four nine, three zero, one two three four five
telephone | (555) 010-1234 ext. 5 | five five five, zero one zero, one two three four, extension five
unit | 9.81 m/s² | nine point eight one meters per second squared
currency | $5.20 | five dollars and twenty cents
currency | 20 EUR | twenty euros
address | 1600 Pennsylvania Ave. NW, Washington, DC 20500 | sixteen hundred Pennsylvania avenue northwest, Washington, D C two zero five zero zero
address | 221 Baker St. | two twenty-one Baker street
address | 305 Elm Rd. | three oh five Elm road
date | 5 May 2024 | the fifth of May twenty twenty-four
date dmy | 3/5/2024 | the third of May, twenty twenty-four
date mdy | 3/5/2024 | March fifth, twenty twenty-four
date ymd | 2024-03-05 | March fifth, twenty twenty-four
date ymd | 19690720 | July twentieth, nineteen sixty-nine
date md | May 5 | May fifth
date dm | 5.5 | the fifth of May
date my | 05/24 | May twenty twenty-four
date y | 1905 | nineteen oh five
date d | 21 | the twenty-first
date mdy | 13/45/2000 | -
date y | 21st | -
date dmy | 1/2 | -
cardinal | abc | -
fraction | 1/0 | -
telephone | call me | -
time | noon | -
digits | 1 + 2 = 3 | one, two, three
"""  # noqa: E501


@pytest.mark.parametrize("case", [row for row in CASES.splitlines() if row])
def test_english(case: str) -> None:
    kind, text, spoken = (part.strip() for part in case.split("|"))
    name, _, format = kind.partition(" ")
    assert read_as(text, name, format=format) == (None if spoken == "-" else spoken)


def test_every_interpretation_has_a_case() -> None:
    tried = {row.split("|")[0].split()[0] for row in CASES.splitlines() if row}
    assert tried == set(INTERPRETATIONS)


@pytest.mark.parametrize(
    ("language", "kind", "text", "spoken"),
    [
        ("fr", "cardinal", "21", "vingt et un"),
        ("de-AT", "ordinal", "21", "einundzwanzigste"),
        ("de", "characters", "A1", "A eins"),
        ("fr", "digits", "42", "quatre deux"),
        ("fr", "date", "5/3/2024", None),
        ("fr", "characters", "a/b", None),
        ("xx", "cardinal", "21", None),
    ],
)
def test_other_languages(language: str, kind: str, text: str, spoken: str | None) -> None:
    assert read_as(text, kind, language) == spoken


def test_phonetic_alphabets() -> None:
    assert to_ipa('t@"mA:toU', "x-sampa") == "təˈmɑːtoʊ"
    assert to_ipa("HH OY1 G AH0 N Z", "arpabet") == "hˈɔɪɡənz"
    assert to_ipa(" /ˈhɔɪ/ ") == "ˈhɔɪ" and to_ipa("h4") is None
    assert to_ipa("QQ", "arpabet") is None
    owned = [possessive(ipa, "en-GB") for ipa in ("fizo", "lɪft", "hɔɪɡənz", "bɒʃ")]
    assert owned == ["fizoz", "lɪfts", "hɔɪɡənzɪz", "bɒʃɪz"]
    assert possessive("lɪçt", "de") == "lɪçt"
