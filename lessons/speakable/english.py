"""English: what is said for each word of a sentence, with regard to its neighbours."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence

from lessons.speakable import calendar, dates, naming, quantities, signs, units
from lessons.speakable.abbreviations import REFERENCES, STREETS, TITLES, WEEKDAYS
from lessons.speakable.code import say_code
from lessons.speakable.compatibility import say_pictures
from lessons.speakable.context import WordContext
from lessons.speakable.formulas import say_formula
from lessons.speakable.punctuation import BareWord, split_word
from lessons.speakable.single import say_word
from lessons.speakable.words import ATOM, Atom, WrittenWord
from lessons.wordset import word_set

_DAYS_OR_WORDS = frozenset({"Sun.", "Sat.", "Wed."})
"""Abbreviated days that are ordinary words at the end of a sentence, too."""

Rule = Callable[[WordContext], bool]
_BEFORE_DAY = word_set("on until till by every each next last this from")
# The first rule that applies reads the word, and with it often its neighbours. A rule must come
# before every rule that would take one of its words for something simpler.
_RULES: tuple[Rule, ...] = (
    quantities.read_phone_number,  # "+1 555 123 4567" would be a number in groups of digits
    signs.read_interval,  # "[0, 1)" would be two numbers in brackets
    signs.read_dash,  # "5 - 3" would be two numbers with a pause
    signs.read_operator,  # "a → b" would be "a arrow b"
    calendar.read_clock,  # "3 pm" would be three picometers
    signs.read_factorial,  # "n!" would end a sentence
    signs.read_coefficient,  # "2x + 1" would be "two times plus one"
    signs.read_plain_math,  # "sin(x)" would be two words
    quantities.read_ratio,  # "a ratio of 1:10" would be a time of day
    quantities.read_time_signature,  # "3/4 time" would be a fraction
    naming.read_model,  # "RTX 4090" and "Python 3.11" would be plain numbers
    calendar.read_date,  # "5 May" would be a plain number before a word
    calendar.read_era,  # "1066 AD" would be a plain number
    quantities.read_digit_groups,  # "299 792 458 m/s" would be three numbers
    quantities.read_mixed_fraction,  # "2 1/2 cups" would be two numbers
    quantities.read_hundreds,  # "100s of stars" would be a hundred seconds
    quantities.read_quantity,  # "a $5 million loan" would be "a five dollar million loan"
    quantities.read_describing_amount,  # "a $10 bill" would be "ten dollars"
    quantities.read_currency_sign,  # "€ 5" would be "euro five"
    quantities.read_currency_code,  # "EUR 30" would be spelled out
    quantities.read_lone_unit,  # "in kg" would be the word "kg"
    calendar.read_circa,  # "c. 1500" would be a letter and a year
    naming.read_reference,  # "No. 5" would be the word "no"
    naming.read_street,  # "Main St.": only where no name follows
    naming.read_title,  # "St. Paul": only where a name follows
    naming.read_roman_numeral,  # "Henry V. died" would be an initial
    naming.read_initial,  # "J. S. Bach": its full stop does not end the sentence
    calendar.read_year,  # "in 1905" would be a cardinal number
    naming.read_article,  # "A" that is left is the letter, unless it begins a sentence
)

# Most words consist of the letters a to z, and most others of digits. Every rule asks something of
# the word itself, whatever its neighbours are, and most ask for a sign or for both. Those that can
# read letters are here, each with what the letters must be, and those that can read digits, with
# how many there must be; otherwise a rule returns False and changes nothing.
# `tests/lessons/speakable/test_find_rules.py` compares this with the rules themselves.
_MAY_READ_LETTERS: dict[Rule, Callable[[str], bool]] = {
    signs.read_interval: lambda core: len(core) == 1,
    signs.read_operator: lambda core: core == "x",
    signs.read_factorial: lambda core: len(core) == 1,
    signs.read_coefficient: signs.could_be_product,
    calendar.read_date: lambda core: dates.find_month(core) is not None,
    calendar.read_era: lambda core: core == "AD",
    quantities.read_currency_sign: lambda core: units.find_currency_by_sign(core) is not None,
    quantities.read_currency_code: lambda core: units.find_currency_by_code(core) is not None,
    quantities.read_lone_unit: lambda core: core in quantities.LONE_UNITS,
    calendar.read_circa: lambda core: core == "c",
    naming.read_reference: lambda core: core.lower() in REFERENCES,
    naming.read_street: lambda core: core.lower() in STREETS,
    naming.read_title: lambda core: core.lower() in TITLES,
    naming.read_roman_numeral: naming.could_be_roman,
    naming.read_initial: lambda core: len(core) == 1,
    naming.read_article: lambda core: core in ("a", "A"),
}
_LETTERS_READ_BY = tuple(
    (rule, _MAY_READ_LETTERS[rule]) for rule in _RULES if rule in _MAY_READ_LETTERS
)
_MOST_DIGITS = 10
_DIGITS_READ_BY: dict[Rule, range] = {
    quantities.read_phone_number: range(3, 4),
    signs.read_interval: range(1, _MOST_DIGITS),
    calendar.read_clock: range(1, 3),
    signs.read_factorial: range(1, 4),
    naming.read_model: range(4, 5),
    calendar.read_date: range(1, 3),
    calendar.read_era: range(1, 5),
    quantities.read_digit_groups: range(1, 4),
    quantities.read_mixed_fraction: range(1, 4),
    quantities.read_quantity: range(1, _MOST_DIGITS),
    calendar.read_year: range(4, 5),
}
"""The rules that can read a word of so many digits. Words of more digits are tried on all rules."""

_RULES_FOR_DIGITS = tuple(
    tuple(rule for rule in _RULES if digits in _DIGITS_READ_BY.get(rule, ()))
    for digits in range(_MOST_DIGITS)
)


def find_rules(core: str) -> tuple[Rule, ...]:
    """The rules that may read a word without its punctuation, in order; for most words none."""
    if not core.isascii():
        return _RULES
    if core.isalpha():
        return _find_rules_for_letters(core)
    return _RULES_FOR_DIGITS[len(core)] if len(core) < _MOST_DIGITS and core.isdecimal() else _RULES


@functools.lru_cache(maxsize=16384)
def _find_rules_for_letters(core: str) -> tuple[Rule, ...]:
    return tuple(rule for rule, may_read in _LETTERS_READ_BY if may_read(core))


@functools.lru_cache(maxsize=16384)
def _say_unruled(core: str) -> str | None:
    """What is said for a word that no rule may read; None for any other word."""
    return None if ATOM in core or find_rules(core) else say_word(core)


def read_sentence(words: Sequence[WrittenWord], *, day_first: bool = False) -> list[BareWord]:
    """The words without their punctuation, each with what is said for it.

    `day_first` tells whether a date like 3/5/2024 begins with the day.
    """
    bare_words = [split_word(word) for word in words]
    _tell_sun_from_sunday(bare_words)
    if day_first:
        for bare in bare_words:
            bare.said = dates.say_slashed_date(bare.core, day_first=True)
    for position, bare in enumerate(bare_words):
        if bare.said is None:
            _read_in_context(bare_words, position)
    if not any(bare.said for bare in bare_words):  # nothing but pictures
        for bare, word in zip(bare_words, words, strict=True):
            bare.said = say_pictures(word.text)
    return bare_words


def _tell_sun_from_sunday(words: Sequence[BareWord]) -> None:
    """Move the full stop of "the Sun." out of the word: there it ends the sentence. In "on Sun."
    and in "Fri. and Sun." it belongs to the name of the day, and stays."""
    for position, word in enumerate(words):
        if word.core not in _DAYS_OR_WORDS:
            continue
        before = words[position - 1].core.lower() if position else ""
        following = words[position + 1].core if position + 1 < len(words) else ""
        others = any(p is not word and p.core.lower() in WEEKDAYS for p in words)
        dated = following[:1].isdecimal() or dates.find_month(following) is not None
        if not (others or dated or before in _BEFORE_DAY):
            word.core, word.trail = word.core[:-1], "." + word.trail


def _read_in_context(words: list[BareWord], position: int) -> None:
    word = words[position]
    word.said = _say_unruled(word.core)
    if word.said is None:
        context = WordContext(words, position)
        for rule in find_rules(word.core):
            if rule(context):
                return
        word.said = _say_alone(word)
    ends = position + 1 == len(words)
    if word.trail == "." and not ends and words[position + 1].core[:1].islower():
        word.trail = ""  # the full stop of an abbreviation


def _say_alone(word: BareWord) -> str:
    """What is said for a word without regard to its neighbours, with its atoms in place."""
    if ATOM not in word.core:
        return say_word(word.core)
    said: list[str] = []
    atoms = iter(word.atoms[word.lead.count(ATOM) :])
    for part in re.split(f"({ATOM})", word.core):
        if part == ATOM:
            atom = next(atoms, None)
            said.append(say_atom(atom) if atom else "")
        elif part in ("s", "'s", "’s") and said and said[-1]:
            said[-1] += "'s"
        elif part in ("th", "-th") and said and said[-1]:
            said[-1] += "th"
        elif part:
            said.append(say_word(part.strip("-–")) if part.strip("-–") else "")
    return " ".join(filter(None, said))


def say_atom(atom: Atom) -> str:
    match atom.kind:
        case "code":
            return say_code(atom.text)
        case "formula":
            return say_formula(atom.text)
        case "said":
            return atom.reading.strip()
        case "sound":
            return ""
        case _:
            return " ".join(
                word.said or ""
                for word in read_sentence([WrittenWord(w) for w in atom.text.split()])
            )
