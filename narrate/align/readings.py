"""The usual ways to say figures: 90210 as a count or digit by digit, 1987 as a year, 8:30 as half
past eight. A teacher who says any of them has said what is written."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from foundation.languages import primary

FIGURES = re.compile(r"\d{1,2}:\d\d(?!\d)|\d+(?:,\d{3})*(?:\.\d+)?(?:st|nd|rd|th)?")
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)$")
_NUMBER = re.compile(r"(\d+(?:,\d{3})*)(?:\.(\d+))?(st|nd|rd|th)?$")
_ALL_MINUTES = -1
# What is said of a time: from this minute of the hour on (or at every minute), with {h} the hour,
# {n} the next one, {m} the minutes and {r} those that remain.
_CLOCKS: Mapping[str, tuple[tuple[int, str], ...]] = {
    "en": (
        (_ALL_MINUTES, "{h} {m}"), (_ALL_MINUTES, "{h} oh {m}"), (0, "{h} o'clock"), (0, "{h}"),
        (30, "half past {h}"), (15, "quarter past {h}"), (15, "a quarter past {h}"),
        (45, "quarter to {n}"), (45, "a quarter to {n}"), (_ALL_MINUTES, "{m} past {h}"),
        (_ALL_MINUTES, "{r} to {n}"), (0, "{h} hundred"),
    ),
    "de": (
        (_ALL_MINUTES, "{h} Uhr {m}"), (0, "{h} Uhr"), (30, "halb {n}"), (15, "viertel nach {h}"),
        (15, "viertel {n}"), (45, "viertel vor {n}"), (45, "dreiviertel {n}"),
        (_ALL_MINUTES, "{m} nach {h}"), (_ALL_MINUTES, "{r} vor {n}"),
    ),
    "es": (
        (_ALL_MINUTES, "{h} y {m}"), (_ALL_MINUTES, "{h} {m}"), (0, "{h} en punto"), (0, "{h}"),
        (30, "{h} y media"), (15, "{h} y cuarto"), (45, "{n} menos cuarto"),
        (_ALL_MINUTES, "{n} menos {r}"),
    ),
    "fr": (
        (_ALL_MINUTES, "{h} heures {m}"), (0, "{h} heures"), (30, "{h} heures et demie"),
        (15, "{h} heures et quart"), (45, "{n} heures moins le quart"),
        (_ALL_MINUTES, "{n} heures moins {r}"),
    ),
    "it": (
        (_ALL_MINUTES, "{h} e {m}"), (_ALL_MINUTES, "{h} {m}"), (0, "{h}"), (30, "{h} e mezza"),
        (30, "{h} e mezzo"), (15, "{h} e un quarto"), (45, "{n} meno un quarto"),
        (_ALL_MINUTES, "{n} meno {r}"),
    ),
    "pt": (
        (_ALL_MINUTES, "{h} e {m}"), (_ALL_MINUTES, "{h} horas e {m} minutos"), (0, "{h} horas"),
        (30, "{h} e meia"), (45, "quinze para as {n}"), (_ALL_MINUTES, "{r} para as {n}"),
    ),
}  # fmt: skip
_ZEROS: Mapping[str, str] = {"en": "oh"}
"""What zero is also called in a row of digits."""
_READS_YEARS = frozenset({"en", "de"})  # otherwise than as a count
_LAST_OF_MONTH = 31  # larger numbers are not days
MOST_DIGITS = 12  # longer numbers are hardly read as a count


@lru_cache(maxsize=5_000)
def read_figures(figures: str, language: str) -> tuple[str, ...]:
    """The usual readings of a number or a time in figures, without punctuation, the plainest first.

    Empty if the text is neither, or if nobody here knows the numbers of the language (a primary
    language, as `en`)."""
    language = primary(language)
    try:
        found = [_tidy(reading) for reading in _read(figures, language)]
    except (NotImplementedError, ValueError, OverflowError, KeyError):
        return ()
    return tuple(dict.fromkeys(reading for reading in found if reading))


def find_readings(written: str, spoken: str, language: str) -> tuple[str, ...]:
    """The ways in which a token may be read: `spoken`, and others if it holds figures. What the
    script adds to the figures, as in `25 %`, stays around them."""
    plain = _tidy(spoken)
    found = [spoken]
    for figures in FIGURES.findall(written)[:1]:
        others = read_figures(figures, language)
        known = max((r for r in others if _holds(plain, r)), key=len, default="")
        if known:
            found += [f" {plain} ".replace(f" {known} ", f" {r} ", 1).strip() for r in others]
        elif FIGURES.sub("", written).strip(".,;:?!…()“”\"'") == "":
            found += others
    found += list(_read_money(plain))
    return tuple(dict.fromkeys(found))


def _holds(text: str, part: str) -> bool:
    return f" {part} " in f" {text} "


def _read_money(plain: str) -> Iterator[str]:
    """Three dollars and forty cents is also three dollars forty, and three forty."""
    match = re.fullmatch(r"(.+) (dollars?|pounds?|euros?) and (.+) (cents?|pence)", plain)
    if match:
        whole, unit, rest, _ = match.groups()
        yield f"{whole} {unit} {rest}"
        yield f"{whole} {rest}"


def _read(figures: str, language: str) -> Iterator[str]:
    if clock := _CLOCK.match(figures):
        yield from _read_clock(int(clock.group(1)), int(clock.group(2)), language)
        return
    match = _NUMBER.match(figures)
    if match is None:
        return
    digits, decimals, ending = match.group(1).replace(",", ""), match.group(2), match.group(3)
    if ending:
        yield _say(int(digits), language, "ordinal")
    elif decimals is not None:
        yield _say(float(f"{digits}.{decimals}"), language)
        point = _say(0.5, language).split()[1]
        yield f"{_say(int(digits), language)} {point} {_say(int(decimals), language)}"
    else:
        yield from _read_whole(digits, language, counted="," in figures)


def _read_whole(digits: str, language: str, *, counted: bool) -> Iterator[str]:
    number = int(digits)
    if len(digits) <= MOST_DIGITS:
        cardinal = _say(number, language)
        if language == "en":
            yield cardinal.replace(" and ", " ")
        yield cardinal
    if len(digits) == 4 and digits[0] != "0":
        if not counted and language in _READS_YEARS:
            yield _say(number, language, "year")
        if language == "en" and digits[1] != "0":
            yield from _read_hundreds(number // 100, number % 100)
    if not counted:
        yield from _read_row(digits, language)
        if 0 < number <= _LAST_OF_MONTH:
            yield _say(number, language, "ordinal")


def _read_hundreds(hundreds: int, rest: int) -> Iterator[str]:
    """Twelve hundred and fifty, twelve hundred fifty, twelve fifty."""
    named = _say(hundreds, "en")
    yield f"{named} hundred" + (f" {_say(rest, 'en')}" if rest else "")
    if rest:
        yield f"{named} hundred and {_say(rest, 'en')}"
        yield f"{named} {'' if rest > 9 else 'oh '}{_say(rest, 'en')}"


def _read_row(digits: str, language: str) -> Iterator[str]:
    """Digit by digit, and in pairs: nine oh two one oh, ninety two ten."""
    single = [_say(int(digit), language) for digit in digits]
    if len(single) > 1:
        yield " ".join(single)
        if language in _ZEROS and "0" in digits:
            zero = _ZEROS[language]
            yield " ".join(
                zero if digit == "0" else name for digit, name in zip(digits, single, strict=True)
            )
    for first in (0, 1):
        parts = [digits[:first], *(digits[at : at + 2] for at in range(first, len(digits), 2))]
        if 2 < len(digits) <= MOST_DIGITS:
            yield " ".join(_read_pair(part, language) for part in parts if part)


def _read_pair(digits: str, language: str) -> str:
    if len(digits) == 2 and digits[0] == "0":
        return " ".join((_ZEROS.get(language, _say(0, language)), _say(int(digits[1]), language)))
    return _say(int(digits), language)


def _read_clock(hour: int, minute: int, language: str) -> Iterator[str]:
    if hour > 24 or minute > 59 or language not in _CLOCKS:
        return
    for shown in dict.fromkeys((hour, hour - 12 if hour > 12 else hour)):
        following = shown % 12 + 1 if shown <= 12 else (shown + 1) % 24
        for at, template in _CLOCKS[language]:
            past, remains = "{m}" in template, "{r}" in template
            few = "oh {m}" in template
            if at not in (_ALL_MINUTES, minute) or (minute == 0 and (past or remains)):
                continue
            if (remains and minute <= 30) or (few and minute > 9):
                continue
            yield template.format(
                h=_say(shown, language),
                n=_say(following, language),
                m=_say(minute, language),
                r=_say(60 - minute, language),
            )


def _say(number: float, language: str, kind: str = "cardinal") -> str:
    from num2words import num2words

    return str(num2words(number, lang=language, to=kind))


def _tidy(text: str) -> str:
    """Without hyphens and punctuation, which readings of the same number place differently."""
    return " ".join(re.sub(r"[^\w\s'’]", " ", text).split())
