"""Titles, references, streets, initials, models, and Roman numerals."""

from __future__ import annotations

import re

from lessons.speakable import dates, numbers
from lessons.speakable.abbreviations import REFERENCES, STREETS, TITLES
from lessons.speakable.context import WordContext
from lessons.speakable.words import ATOM
from lessons.wordset import word_set

_VERSIONED = word_set(
    "python ios version java android ubuntu release django php ruby usb bluetooth http html"
)
_ROMAN_AFTER_PART = word_set(
    "chapter part section volume book act scene type phase figure table war appendix article "
    "level stage class division unit lesson grade group title mark step"
)
_AFTER_TYPE = word_set("error errors diabetes collagen supernova civilization hypersensitivity")
_ROMAN_NAMES = word_set(
    "henry louis charles elizabeth george edward richard james william john paul pius benedict "
    "francis philip alexander catherine peter nicholas frederick ferdinand napoleon ramesses "
    "ramses ptolemy leo gregory innocent urban clement boniface ivan gustav christian haakon "
    "umberto victor alfonso mehmed selim murad darius xerxes artaxerxes otto mary margaret robert "
    "david harold carlos juan felipe pedro wilhelm friedrich"
)
_NO_NAME = word_set(
    "a an the this that these those in on at of to from by for with and or but not no if as is are "
    "was it its we you he she they i my our your his her their use using via per each every some"
)


def read_model(place: WordContext) -> bool:
    """Numbers of models and releases: `RTX 4090`, `ISO 8601`, `Python 3.11`."""
    piece, before = place.piece, place.before
    if before is None:
        return False
    if re.fullmatch(r"\d{4}", piece.core) and re.fullmatch(r"[A-Z]{2,}", before.core):
        if dates.could_be_year(piece.core) and before.core not in ("ISO", "RFC", "IEEE", "DIN"):
            return False
        piece.said = numbers.say_in_name(piece.core)
        return True
    if before.lower in _VERSIONED and re.fullmatch(r"\d+\.\d+", piece.core):
        piece.said = " point ".join(numbers.say_number(part) for part in piece.core.split("."))
        return True
    return False


def read_roman_numeral(place: WordContext) -> bool:
    piece, before, after = place.piece, place.before, place.after
    core = piece.core.removesuffix("'s").removesuffix("’s")
    ending = "'s" if core != piece.core else ""
    ordinal = re.fullmatch(r"([IVXL]{2,}|[VX])(?:th|st|nd|rd)?", core)
    century = after is not None and after.lower in ("century", "centuries", "c.")
    if ordinal and (century or core != ordinal[1]) and (value := numbers.parse_roman(ordinal[1])):
        piece.said = numbers.say_ordinal(value) + ending
        return True
    if before is None:
        return False
    part = before.lower in _ROMAN_AFTER_PART or before.lower.removesuffix("s") in _ROMAN_AFTER_PART
    ends = re.fullmatch(r"([IVXL]+)[-–]([IVXL]+)", core)
    if (
        ends
        and part
        and (low := numbers.parse_roman(ends[1]))
        and (high := numbers.parse_roman(ends[2]))
    ):
        piece.said = f"{numbers.say_cardinal(low)} to {numbers.say_cardinal(high)}"
        return True
    value = numbers.parse_roman(core)
    if value is None or core in ("C", "D", "L", "M"):
        return False
    if part:
        following = place.ahead(1)
        pronoun = core == "I" and before.core.islower() and following is not None
        if pronoun and following is not None and following.lower not in _AFTER_TYPE:
            return False
        piece.said = numbers.say_cardinal(value) + ending
    elif before.lower in _ROMAN_NAMES and before.core.istitle():
        piece.said = f"the {numbers.say_ordinal(value)}{ending}"
    elif (
        len(core) > 1
        and before.core.istitle()
        and before.core.isalpha()
        and before.lower not in _NO_NAME
        and (not core.strip("IVX") or before.lower == "bowl")
    ):
        piece.said = numbers.say_cardinal(value) + ending
    else:
        return False
    return True


def read_title(place: WordContext) -> bool:
    piece, after = place.piece, place.after
    name = TITLES.get(piece.lower)
    if name is None or after is None or not after.core[:1].isupper():
        return False
    if piece.lower == "dr" and not piece.core[0].isupper():
        return False
    piece.said = name
    return True


def read_street(place: WordContext) -> bool:
    """`Main St.`, `Elm Dr.`: after a name, and not before one."""
    piece, before, after = place.piece, place.before, place.after
    name = STREETS.get(piece.lower)
    if name is None or before is None or (after is not None and after.core[:1].isupper()):
        return False
    if not before.core[:1].isupper() and not re.fullmatch(r"\d+(?:st|nd|rd|th)", before.core):
        return False
    piece.said = name
    return True


def read_reference(place: WordContext) -> bool:
    piece, after = place.piece, place.after
    name = REFERENCES.get(piece.lower)
    if name is None:
        return False
    following = place.pieces[place.at + 1] if place.at + 1 < len(place.pieces) else None
    numbered = (
        not piece.trail
        and following is not None
        and (
            re.match(r"[\d(#]|[IVXLC]+$|[A-Z]?\d", following.lead + following.core) is not None
            or following.core == ATOM
        )
    )
    if numbered or piece.lower in ("fig.", "figs.", "eq.", "eqs.", "eqn.", "thm.", "vols."):
        piece.said = name
        return True
    if piece.core.endswith("."):  # the word "no", and the stop of its sentence
        ends = after is None or not after.core[:1].islower()
        piece.core, piece.trail = piece.core[:-1], ("." if ends else "") + piece.trail
    return False


def read_initial(place: WordContext) -> bool:
    """`J. S. Bach`, `E. coli`: the full stop after an initial parts no sentence."""
    piece = place.piece
    following = place.pieces[place.at + 1] if place.at + 1 < len(place.pieces) else None
    if following is None or piece.trail != "." or not re.fullmatch(r"[A-Z]", piece.core):
        return False
    piece.said, piece.trail = piece.core, ""
    return True


def read_article(place: WordContext) -> bool:
    """The article is said small; a capital A that is left stands for the letter."""
    piece, after = place.piece, place.after
    if piece.core == "a" and piece.lead[-1:] == "(" and piece.trail[:1] == ")":
        piece.said = "A"
        return True
    opens = piece.core == "A" and place.before is None
    if opens and after is not None and re.match(r"[a-zé$€£¥\d]", after.core):
        piece.said = "a"
        return True
    return False
