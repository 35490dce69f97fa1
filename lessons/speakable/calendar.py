"""Days, months, years, eras and times of day in a sentence.

Each rule reads the word of a context, and its neighbours where they belong to it: it sets `said`
and removes what is not punctuation of the sentence. It returns whether it applied.
"""

from __future__ import annotations

import re

from lessons.speakable import dates, numbers
from lessons.speakable.context import WordContext
from lessons.speakable.punctuation import BareWord
from lessons.wordset import word_set

_YEAR_AFTER = word_set(
    "in since by of from until till before after during around circa year years between summer "
    "winter spring autumn fall early late mid ca. c. to and copyright © ad class"
) | {name.lower() for name in dates.MONTH_NAMES}
_COUNTED = re.compile(r"[a-z]{3,}s$")
_OWNERS = frozenset({"the", "this", "his", "her", "their", "its", "our", "my"})
_ERA = re.compile(r"(B\.?C\.?(?:E\.?)?|C\.?E\.?|A\.?D\.?)")
_MONTH_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_DAYS = re.compile(rf"{_MONTH_DAY}(?:[-–]{_MONTH_DAY})?")
_YEARS = re.compile(r"(\d{1,4})(?:[-–](\d{1,4}))?")
_EARLY_YEAR = re.compile(r"10\d\d")
_HOUR = re.compile(r"\d{1,2}")
_HALF_OF_DAY = re.compile(r"[ap]\.?m\.?")
_SPAN = re.compile(r"([\d:]+)[-–]([\d:]+)")


def read_clock(context: WordContext) -> bool:
    """`3 pm`, `10:30 a.m.`, `8:30–9:15 am`"""
    word, after = context.word, context.after
    if after is None or not _HALF_OF_DAY.fullmatch(after.lower):
        return False
    span = _SPAN.fullmatch(word.core)
    ends = span.groups() if span else (word.core,)
    said = [_say_hour(end) for end in ends]
    if any(one is None for one in said):
        return False
    word.said = " to ".join(one for one in said if one)
    after.said = f"{after.core[0].upper()} M"
    return True


def _say_hour(text: str) -> str | None:
    if _HOUR.fullmatch(text) and 0 < int(text) <= 12:
        return numbers.say_cardinal(int(text))
    said = dates.say_time(f"{text} am")
    return said.removesuffix(" A M") if said else None


def _find_days(text: str) -> list[int] | None:
    match = _DAYS.fullmatch(text)
    days = [int(day) for day in match.groups() if day] if match else []
    return days if days and all(1 <= day <= 31 for day in days) else None


def read_date(context: WordContext) -> bool:
    """`May 5`, `5 May`, `Sept. 1987`, `May 3–5`, `the 5th of May`."""
    word, before, after = context.word, context.before, context.after
    name = dates.find_month(word.core)
    if name and after is not None:
        if (days := _find_days(after.core)) is not None:
            word.said = name
            after.said = " to ".join(numbers.say_ordinal(day) for day in days)
            return True
        if numbers.could_be_year(after.core):
            word.said, after.said = name, numbers.say_year(int(after.core))
            return True
    days = _find_days(word.core)
    if days and after is not None and (name := dates.find_month(after.core)):
        the = before is not None and before.lower == "the"
        said = " to the ".join(numbers.say_ordinal(day) for day in days)
        word.said = said if the else f"the {said} of"
        after.said = name
        following = context.look_ahead(2)
        if following is not None and numbers.could_be_year(following.core):
            following.said = numbers.say_year(int(following.core))
        return True
    if name and word.core.endswith(".") and name != word.core:
        word.said = name
        return True
    return False


def read_era(context: WordContext) -> bool:
    """`44 BC`, `509–27 BCE`, `AD 79`."""
    word, after = context.word, context.after
    if after is None:
        return False
    if re.fullmatch(r"A\.?D\.?", word.core) and re.fullmatch(r"\d{1,4}", after.core):
        word.said, after.said = "A D", numbers.say_year(int(after.core))
        return True
    match = _YEARS.fullmatch(word.core)
    if match is None or not _ERA.fullmatch(after.core):
        return False
    word.said = " to ".join(numbers.say_year(int(year)) for year in match.groups() if year)
    after.said = " ".join(char for char in after.core if char.isalpha())
    return True


def read_circa(context: WordContext) -> bool:
    """`c. 1500`."""
    word = context.word
    following = context.following
    if word.core != "c" or word.trail != "." or following is None:
        return False
    years = re.fullmatch(r"(\d{3,4})(?:[-–](\d{3,4}))?", following.core)
    if years is None:
        return False
    word.said, word.trail = "circa", ""
    following.said = " to ".join(numbers.say_year(int(one)) for one in years.groups() if one)
    return True


def read_year(context: WordContext) -> bool:
    """Four digits that are a year because of the word before them. Before a counted noun they are a
    number."""
    word, before, after = context.word, context.before, context.after
    early = _EARLY_YEAR.fullmatch(word.core) and before is not None and before.lower == "in"
    if not numbers.could_be_year(word.core) and not early:
        return False
    plain = context.before is not None and context.before.lower == "the" and int(word.core) % 10
    counted = (
        not plain
        and after is not None
        and (_COUNTED.match(after.core) is not None or after.lower in ("people", "children", "men"))
    )
    if counted or not (_suggests_year(before, after) or word.lead.startswith("(")):
        return False
    word.said = numbers.say_year(int(word.core))
    return True


def _suggests_year(before: BareWord | None, after: BareWord | None) -> bool:
    if before is None:
        return True
    if re.fullmatch(r"Q[1-4]|H[12]|FY", before.core):
        return True
    owned = before.lower in _OWNERS or before.core.endswith(("'s", "’s"))
    if owned:
        return after is not None and after.core[:1].islower()
    return (
        before.lower in _YEAR_AFTER
        or before.said == "of"
        or dates.find_month(before.core) is not None
    )
