"""Dates and times of day.

Each function returns what is said for a word, or None if the word is of another kind.
"""

from __future__ import annotations

import re

from lessons.speakable import numbers
from lessons.speakable.abbreviations import MONTHS

MONTH_NAMES = tuple(dict.fromkeys(MONTHS.values()))

_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:T(\d{2}:\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?"
)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s?([AaPp])\.?[Mm]\.?)?")
_HOUR = re.compile(r"(\d{1,2})([AaPp])\.?[Mm]\.?")


def find_month(text: str) -> str | None:
    """The month that a word names, in full or abbreviated."""
    bare = text.rstrip(".")
    for name in MONTH_NAMES:
        if bare == name:
            return name
    if text.endswith(".") or (bare[:1].isupper() and bare.lower() not in ("may", "mar", "jan")):
        return MONTHS.get(bare.lower()) if bare[:1].isupper() else None
    return None


def say_date(text: str) -> str | None:
    """`2024-03-05`, `3/5/2024` (month first), `5.3.2024` (day first)."""
    if match := _ISO.fullmatch(text):
        said = _say_day(int(match[1]), int(match[2]), int(match[3]))
        if said and match[4]:
            seconds = f":{match[5]}" if match[5] and match[5] != "00" else ""
            said += f" at {say_time(match[4] + seconds)}{_say_time_zone(match[6] or '')}"
        return said
    if match := _DOTTED.fullmatch(text):
        return _say_day(int(match[3]), int(match[2]), int(match[1]))
    return say_slashed_date(text)


def say_slashed_date(text: str, *, day_first: bool = False) -> str | None:
    """`3/5/2024`: the month comes first, as in America, unless it is too large for a month."""
    match = _SLASHED.fullmatch(text)
    if match is None:
        return None
    first, second, year = int(match[1]), int(match[2]), match[3]
    full = int(year) if len(year) == 4 else int(("19" if int(year) > 40 else "20") + year)
    if day_first:
        first, second = second, first
    return _say_day(full, first, second) or _say_day(full, second, first)


def _say_time_zone(text: str) -> str:
    if not text or text == "Z":
        return " U T C" if text else ""
    hours, minutes = int(text[1:3]), int(text[-2:])
    sign = "plus" if text[0] == "+" else "minus"
    rest = f" {numbers.say_cardinal(minutes)}" if minutes else ""
    return f" U T C {sign} {numbers.say_cardinal(hours)}{rest}"


def _say_day(year: int, month_number: int, day: int) -> str | None:
    if not (1 <= month_number <= 12 and 1 <= day <= 31):
        return None
    name = MONTH_NAMES[month_number - 1]
    return f"{name} {numbers.say_ordinal(day)}, {numbers.say_year(year)}"


def say_time(text: str) -> str | None:
    """`10:30`, `9:05 am`, `14:00`, `5pm`."""
    if match := _HOUR.fullmatch(text):
        hour = int(match[1])
        return f"{numbers.say_cardinal(hour)} {match[2].upper()} M" if 0 < hour <= 12 else None
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    hour, minute = int(match[1]), int(match[2])
    if hour > 24 or minute > 59 or int(match[3] or 0) > 59:
        return None
    said = numbers.say_cardinal(hour)
    if hour in (0, 24) and minute == 0 and not match[3] and not match[4]:
        return "midnight"
    if minute == 0:
        said += "" if match[4] or match[3] else " o'clock" if 0 < hour <= 12 else " hundred hours"
    elif minute < 10:
        said += f" oh {numbers.say_cardinal(minute)}"
    else:
        said += f" {numbers.say_cardinal(minute)}"
    if match[3]:
        seconds = int(match[3])
        said += f" and {numbers.say_cardinal(seconds)} {'second' if seconds == 1 else 'seconds'}"
    if match[4]:
        said += f" {match[4].upper()} M"
    return said
