"""English: each written word to what is said for it, in the light of its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.speakable import calendar, dates, identifiers, latex, naming, quantities, signs
from lessons.speakable.abbreviations import WEEKDAYS
from lessons.speakable.compatibility import say_pictures
from lessons.speakable.context import WordContext
from lessons.speakable.punctuation import BareWord, split_word
from lessons.speakable.single import say_word
from lessons.speakable.words import ATOM, Atom, WrittenWord
from lessons.wordset import word_set

_DAYS_OR_WORDS = frozenset({"Sun.", "Sat.", "Wed."})  # words, too
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
    """The words in pieces, each with what is said for it, without punctuation. `day_first` is the
    order of dates like 3/5/2024."""
    pieces = [split_word(word) for word in words]
    _tell_sun_from_sunday(pieces)
    if day_first:
        for piece in pieces:
            piece.said = dates.say_slashed_date(piece.core, day_first=True)
    for position, piece in enumerate(pieces):
        if piece.said is None:
            _read_in_context(WordContext(pieces, position))
    if not any(piece.said for piece in pieces):
        for piece, word in zip(pieces, words, strict=True):
            piece.said = say_pictures(word.text)  # a sentence of nothing else
    return pieces


def _tell_sun_from_sunday(pieces: Sequence[BareWord]) -> None:
    """`the Sun.` ends a sentence; `on Sun.` and `Fri. and Sun.` name a day."""
    for position, piece in enumerate(pieces):
        if piece.core not in _DAYS_OR_WORDS:
            continue
        before = pieces[position - 1].core.lower() if position else ""
        following = pieces[position + 1].core if position + 1 < len(pieces) else ""
        others = any(p is not piece and p.core.lower() in WEEKDAYS for p in pieces)
        dated = following[:1].isdecimal() or dates.find_month(following) is not None
        if not (others or dated or before in _BEFORE_DAY):
            piece.core, piece.trail = piece.core[:-1], "." + piece.trail


def _read_in_context(place: WordContext) -> None:
    for rule in _RULES:
        if rule(place):
            return
    piece = place.piece
    piece.said = _say_alone(piece)
    following = place.pieces[place.at + 1] if place.at + 1 < len(place.pieces) else None
    if piece.trail == "." and following is not None and following.core[:1].islower():
        piece.trail = ""  # the full stop of an abbreviation


def _say_alone(piece: BareWord) -> str:
    """A word by itself, its atoms in their places."""
    if ATOM not in piece.core:
        return say_word(piece.core)
    said: list[str] = []
    atoms = iter(piece.atoms[piece.lead.count(ATOM) :])
    for part in re.split(f"({ATOM})", piece.core):
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
            return identifiers.say_code(atom.text)
        case "formula":
            return latex.say_formula(atom.text)
        case "said":
            return atom.say.strip()
        case _:
            return " ".join(
                piece.said or ""
                for piece in read_sentence([WrittenWord(w) for w in atom.text.split()])
            )
