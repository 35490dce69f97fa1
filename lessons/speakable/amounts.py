"""Numbers as they stand in prose: with signs, units, ranges, fractions, versions."""

from __future__ import annotations

import re
import unicodedata

from lessons.speakable import dates, numbers, units

_NUM = numbers.PLAIN.pattern
_SIGNED = re.compile(rf"([-−–+±~≈<>≤≥]?)({_NUM})")
_SIGNS = {
    "": "",
    "-": "minus ",
    "−": "minus ",
    "–": "minus ",
    "+": "plus ",
    "±": "plus or minus ",
    "~": "about ",
    "≈": "about ",
    "<": "less than ",
    ">": "more than ",
    "≤": "at most ",
    "≥": "at least ",
}
_ORDINAL = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)", re.IGNORECASE)
_MEASURE = re.compile(rf"([-−–+±~≈<>≤≥]?)({_NUM})[-\u202f\u00a0]?([^\d\s.,].*)")
_RANGE = re.compile(rf"({_NUM})[-–—]({_NUM})(.*)")
_FRACTION = re.compile(r"(\d{1,3})[/⁄](\d{1,3})")
_VULGAR = re.compile(r"(\d*)([¼-¾⅐-⅞])")
_TIMES = re.compile(rf"({_NUM})[x×]({_NUM})(?:[x×]({_NUM}))?")
_FACTOR = re.compile(rf"({_NUM})[x×]")
_DECADE = re.compile(r"['’]?(\d{2}|\d{3}0)(?:['’])?s")
_RATIO = re.compile(r"(\d{1,4}):(\d{1,4})")
_SCIENTIFIC = re.compile(rf"([-−]?)({_NUM})[eE]([-+−]?)(\d{{1,3}})")
_VERSION = re.compile(r"[vV]?(\d+(?:\.\d+){2,3})|[vV](\d+(?:\.\d+)*)")
_PHONE = re.compile(r"\+?\d{1,3}[-.]\d{3}[-.]\d{3,4}(?:[-.]\d{4})?|\d{3}-\d{4}")
_VULGAR_WORDS = {"¼": "a quarter", "½": "a half", "¾": "three quarters"}
_NOT_ATTACHED = frozenset({"A", "B", "C", "F", "T", "H", "M", "b", "t", "N", "J", "K", "L"})
"""Sizes and names rather than units when they touch a number: 4K, 5G, 3B."""


def number(text: str) -> str | None:
    match = _SIGNED.fullmatch(text)
    return _SIGNS[match[1]] + numbers.read(match[2]) if match else None


def ordinal(text: str) -> str | None:
    match = _ORDINAL.fullmatch(text)
    return numbers.ordinal(int(match[1].replace(",", ""))) if match else None


def decade(text: str) -> str | None:
    match = _DECADE.fullmatch(text)
    if match is None:
        return None
    value = int(match[1])
    if value < 100:
        return numbers.plural(numbers.cardinal(value)) if value % 10 == 0 and value > 10 else None
    return numbers.decade(value) if value >= 1000 else None


def measure(text: str) -> str | None:
    """A number and its unit in one: `10km`, `25%`, `5GB`, `20°C`, `100-m`."""
    match = _MEASURE.fullmatch(text)
    if match is None:
        return None
    sign, number, rest = match.groups()
    for end, ending in (("-", ""), ("s", "")):
        if rest.endswith(end) and units.unit(rest) is None:
            rest = rest[: -len(end)] + ending
    if not rest:
        return None
    name = units.unit(rest, one=units.is_one(number) or text[len(sign + number)] == "-")
    if name is None:
        magnitude = {"k": "thousand", "K": "K", "M": "million", "bn": "billion"}.get(rest)
        if magnitude is None:
            return None
        return f"{_SIGNS[sign]}{numbers.read(number)} {magnitude}"
    if rest in ("s", "m", "A", "b") and len(number) > 3 and text[-2].isdecimal():
        return None  # 1990s was read before; 1050m is rare
    if rest in _NOT_ATTACHED:
        return None
    return f"{_SIGNS[sign]}{numbers.read(number)} {name}"


def span(text: str) -> str | None:
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    first, second, rest = match.groups()
    if dates.could_be_year(first) and not rest:
        low = numbers.year(int(first))
        if dates.could_be_year(second):
            return f"{low} to {numbers.year(int(second))}"
        if len(second) == 2 and second.isdecimal():
            return f"{low} to {numbers.cardinal(int(second))}"
    ending = ""
    if rest:
        name = units.unit(rest.strip("-"))
        if name is None:
            return None
        ending = " " + name
    return f"{numbers.read(first)} to {numbers.read(second)}{ending}"


def money_range(text: str) -> str | None:
    match = re.fullmatch(rf"([{re.escape(units.SIGNS)}])({_NUM})[-–]\1?({_NUM}\w?)", text)
    if match is None:
        return None
    high = units.money(match[1] + match[3])
    return f"{numbers.read(match[2])} to {high}" if high else None


def fraction(text: str) -> str | None:
    match = _FRACTION.fullmatch(text)
    if match:
        above, below = int(match[1]), int(match[2])
        if above > 0 and 1 < below <= 20 and above < 100:
            return numbers.fraction(above, below)
        return f"{numbers.cardinal(above)} over {numbers.cardinal(below)}"
    vulgar = _VULGAR.fullmatch(text)
    if vulgar is None:
        return None
    parts = unicodedata.normalize("NFKC", vulgar[2]).split("⁄")
    if len(parts) != 2 or not all(part.isdecimal() for part in parts):
        return None
    if vulgar[1]:
        small = _VULGAR_WORDS.get(vulgar[2]) or numbers.fraction(int(parts[0]), int(parts[1]))
        return f"{numbers.read(vulgar[1])} and {small}"
    return numbers.fraction(int(parts[0]), int(parts[1]))


def more(text: str) -> str | None:
    """`10,000+`."""
    match = re.fullmatch(rf"({_NUM})\+", text)
    return f"{numbers.read(match[1])} plus" if match else None


def times(text: str) -> str | None:
    if match := _TIMES.fullmatch(text):
        sides = [part for part in match.groups() if part]
        pixels = all(part.isdecimal() for part in sides)
        read = numbers.in_name if pixels else numbers.read
        return " by ".join(read(part) for part in sides)
    if match := _FACTOR.fullmatch(text):
        return numbers.read(match[1]) + " times"
    return None


def ratio(text: str) -> str | None:
    match = _RATIO.fullmatch(text)
    return f"{numbers.read(match[1])} to {numbers.read(match[2])}" if match else None


def scientific(text: str) -> str | None:
    match = _SCIENTIFIC.fullmatch(text)
    if match is None:
        return None
    sign = "minus " if match[1] else ""
    below = "minus " if match[3] in ("-", "−") else ""
    power = numbers.ordinal(int(match[4])) if not below else below + numbers.read(match[4])
    return f"{sign}{numbers.read(match[2])} times ten to the {power}"


def version(text: str) -> str | None:
    match = _VERSION.fullmatch(text)
    if match is None:
        return None
    said = " point ".join(numbers.read(part) for part in (match[1] or match[2]).split("."))
    return f"version {said}" if text[0] in "vV" else said


def phone(text: str) -> str | None:
    if not _PHONE.fullmatch(text):
        return None
    return ", ".join(numbers.digits(group) for group in re.findall(r"\d+", text))
