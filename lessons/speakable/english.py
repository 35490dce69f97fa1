"""English: what is said for each word of a sentence, with regard to its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.speakable import calendar, dates, naming, quantities, signs
from lessons.speakable.abbreviations import WEEKDAYS
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

_BEFORE_DAY = word_set("on until till by every each next last this from")
_RULES = (
    quantities.read_phone_number,
    signs.read_interval,
    signs.read_dash,
    signs.read_operator,
    calendar.read_clock,
    signs.read_factorial,
    signs.read_coefficient,
    signs.read_plain_math,
    quantities.read_ratio,
    quantities.read_time_signature,
    naming.read_model,
    calendar.read_date,
    calendar.read_era,
    quantities.read_digit_groups,
    quantities.read_mixed_fraction,
    quantities.read_hundreds,
    quantities.read_quantity,
    quantities.read_describing_amount,
    quantities.read_currency_sign,
    quantities.read_currency_code,
    quantities.read_lone_unit,
    calendar.read_circa,
    naming.read_reference,
    naming.read_street,
    naming.read_title,
    naming.read_roman_numeral,
    naming.read_initial,
    calendar.read_year,
    naming.read_article,
)


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
            _read_in_context(WordContext(bare_words, position))
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


def _read_in_context(context: WordContext) -> None:
    for rule in _RULES:
        if rule(context):
            return
    word = context.word
    word.said = _say_alone(word)
    following = context.following
    if word.trail == "." and following is not None and following.core[:1].islower():
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
        case _:
            return " ".join(
                word.said or ""
                for word in read_sentence([WrittenWord(w) for w in atom.text.split()])
            )
