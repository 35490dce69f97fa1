"""English: each written word to what is said for it, in the light of its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lessons.speakable import calendar, dates, identifiers, latex, naming, quantities, signs
from lessons.speakable.abbreviations import WEEKDAYS
from lessons.speakable.compatibility import picture_name
from lessons.speakable.context import WordContext
from lessons.speakable.punctuation import BareWord, split_word
from lessons.speakable.single import say_word
from lessons.speakable.words import ATOM, Atom, WrittenWord
from lessons.wordset import word_set

_SUNS = frozenset({"Sun.", "Sat.", "Wed."})  # words, too
_BEFORE_DAY = word_set("on until till by every each next last this from")
_RULES = (
    quantities.phone,
    signs.interval,
    signs.dash,
    signs.operator,
    calendar.clock,
    signs.factorial,
    signs.coefficient,
    signs.plain_math,
    quantities.ratio,
    quantities.musical,
    naming.model,
    calendar.dated,
    calendar.era,
    quantities.grouped,
    quantities.mixed_fraction,
    quantities.hundreds,
    quantities.quantity,
    quantities.describing,
    quantities.money_sign,
    quantities.money_code,
    quantities.lone_unit,
    calendar.circa,
    naming.reference,
    naming.street,
    naming.title,
    naming.roman,
    naming.initial,
    calendar.year,
    naming.article,
)


def read(words: Sequence[WrittenWord], *, day_first: bool = False) -> list[BareWord]:
    """The words in pieces, each with what is said for it, without punctuation. `day_first` is the
    order of dates like 3/5/2024."""
    pieces = [split_word(word) for word in words]
    _part_suns_from_sundays(pieces)
    if day_first:
        for piece in pieces:
            piece.said = dates.slashed(piece.core, day_first=True)
    for position, piece in enumerate(pieces):
        if piece.said is None:
            _in_context(WordContext(pieces, position))
    if not any(piece.said for piece in pieces):
        for piece, word in zip(pieces, words, strict=True):
            piece.said = picture_name(word.text)  # a sentence of nothing else
    return pieces


def _part_suns_from_sundays(pieces: Sequence[BareWord]) -> None:
    """`the Sun.` ends a sentence; `on Sun.` and `Fri. and Sun.` name a day."""
    for position, piece in enumerate(pieces):
        if piece.core not in _SUNS:
            continue
        before = pieces[position - 1].core.lower() if position else ""
        following = pieces[position + 1].core if position + 1 < len(pieces) else ""
        others = any(p is not piece and p.core.lower() in WEEKDAYS for p in pieces)
        dated = following[:1].isdecimal() or dates.month(following) is not None
        if not (others or dated or before in _BEFORE_DAY):
            piece.core, piece.trail = piece.core[:-1], "." + piece.trail


def _in_context(place: WordContext) -> None:
    for rule in _RULES:
        if rule(place):
            return
    piece = place.piece
    piece.said = _whole(piece)
    following = place.pieces[place.at + 1] if place.at + 1 < len(place.pieces) else None
    if piece.trail == "." and following is not None and following.core[:1].islower():
        piece.trail = ""  # the full stop of an abbreviation


def _whole(piece: BareWord) -> str:
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
            return identifiers.code(atom.text)
        case "formula":
            return latex.say(atom.text)
        case "said":
            return atom.say.strip()
        case _:
            return " ".join(
                piece.said or "" for piece in read([WrittenWord(w) for w in atom.text.split()])
            )
