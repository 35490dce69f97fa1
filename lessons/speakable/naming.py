"""Titles, references, streets, initials, models, and Roman numerals.

Each rule reads the word of a context, and its neighbours where they belong to it: it sets `said`
and removes what is not punctuation of the sentence. It returns whether it applied.
"""

from __future__ import annotations

import re

from lessons.speakable import numbers
from lessons.speakable.abbreviations import REFERENCES, STREETS, TITLES
from lessons.speakable.context import WordContext
from lessons.speakable.words import ATOM
from lessons.wordset import word_set

_FOUR_DIGITS = re.compile(r"\d{4}")
_ORDINAL = re.compile(r"([IVXL]{2,}|[VX])(?:th|st|nd|rd)?")
_ROMAN_RANGE = re.compile(r"([IVXL]+)[-–]([IVXL]+)")
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


def read_model(context: WordContext) -> bool:
    """Numbers of models and releases: `RTX 4090`, `ISO 8601`, `Python 3.11`."""
    word, before = context.word, context.before
    if before is None:
        return False
    if _FOUR_DIGITS.fullmatch(word.core) and re.fullmatch(r"[A-Z]{2,}", before.core):
        if numbers.could_be_year(word.core) and before.core not in ("ISO", "RFC", "IEEE", "DIN"):
            return False
        word.said = numbers.say_in_name(word.core)
        return True
    if before.lower in _VERSIONED and re.fullmatch(r"\d+\.\d+", word.core):
        word.said = " point ".join(numbers.say_number(part) for part in word.core.split("."))
        return True
    return False


def read_roman_numeral(context: WordContext) -> bool:
    word, before, after = context.word, context.before, context.after
    core = word.core.removesuffix("'s").removesuffix("’s")
    ending = "'s" if core != word.core else ""
    ordinal = _ORDINAL.fullmatch(core)
    century = after is not None and after.lower in ("century", "centuries", "c.")
    if ordinal and (century or core != ordinal[1]) and (value := numbers.parse_roman(ordinal[1])):
        word.said = numbers.say_ordinal(value) + ending
        return True
    if before is None:
        return False
    part = before.lower in _ROMAN_AFTER_PART or before.lower.removesuffix("s") in _ROMAN_AFTER_PART
    ends = _ROMAN_RANGE.fullmatch(core)
    if (
        ends
        and part
        and (low := numbers.parse_roman(ends[1]))
        and (high := numbers.parse_roman(ends[2]))
    ):
        word.said = f"{numbers.say_cardinal(low)} to {numbers.say_cardinal(high)}"
        return True
    value = numbers.parse_roman(core)
    if value is None or core in ("C", "D", "L", "M"):
        return False
    if part:
        following = context.look_ahead(1)
        pronoun = core == "I" and before.core.islower() and following is not None
        if pronoun and following is not None and following.lower not in _AFTER_TYPE:
            return False
        word.said = numbers.say_cardinal(value) + ending
    elif before.lower in _ROMAN_NAMES and before.core.istitle():
        word.said = f"the {numbers.say_ordinal(value)}{ending}"
    elif (
        len(core) > 1
        and before.core.istitle()
        and before.core.isalpha()
        and before.lower not in _NO_NAME
        and (not core.strip("IVX") or before.lower == "bowl")
    ):
        word.said = numbers.say_cardinal(value) + ending
    else:
        return False
    return True


def could_be_roman(core: str) -> bool:
    """Whether letters could be a Roman numeral, perhaps with the ending of an ordinal."""
    return _ORDINAL.fullmatch(core) is not None or numbers.parse_roman(core) is not None


def read_title(context: WordContext) -> bool:
    word, after = context.word, context.after
    name = TITLES.get(word.lower)
    if name is None or after is None or not after.core[:1].isupper():
        return False
    if word.lower == "dr" and not word.core[0].isupper():
        return False
    word.said = name
    return True


def read_street(context: WordContext) -> bool:
    """`Main St.`, `Elm Dr.`: the abbreviation comes after a name and not before one."""
    word, before, after = context.word, context.before, context.after
    name = STREETS.get(word.lower)
    if name is None or before is None or (after is not None and after.core[:1].isupper()):
        return False
    if not before.core[:1].isupper() and not re.fullmatch(r"\d+(?:st|nd|rd|th)", before.core):
        return False
    word.said = name
    return True


def read_reference(context: WordContext) -> bool:
    word, after = context.word, context.after
    name = REFERENCES.get(word.lower)
    if name is None:
        return False
    following = context.following
    numbered = (
        not word.trail
        and following is not None
        and (
            re.match(r"[\d(#]|[IVXLC]+$|[A-Z]?\d", following.lead + following.core) is not None
            or following.core == ATOM
        )
    )
    if numbered or word.lower in ("fig.", "figs.", "eq.", "eqs.", "eqn.", "thm.", "vols."):
        word.said = name
        return True
    if word.core.endswith("."):  # the word "no", and the stop of its sentence
        ends = after is None or not after.core[:1].islower()
        word.core, word.trail = word.core[:-1], ("." if ends else "") + word.trail
    return False


def read_initial(context: WordContext) -> bool:
    """`J. S. Bach`, `E. coli`: the full stop after an initial does not end a sentence."""
    word = context.word
    following = context.following
    if following is None or word.trail != "." or not re.fullmatch(r"[A-Z]", word.core):
        return False
    word.said, word.trail = word.core, ""
    return True


def read_article(context: WordContext) -> bool:
    """The article at the beginning of a sentence. A voice says a capital A as the letter."""
    word, after = context.word, context.after
    if word.core == "a" and word.lead[-1:] == "(" and word.trail[:1] == ")":
        word.said = "A"
        return True
    opens = word.core == "A" and context.before is None
    if opens and after is not None and re.match(r"[a-zé$€£¥\d]", after.core):
        word.said = "a"
        return True
    return False
