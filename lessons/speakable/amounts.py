"""Numbers as one word of prose: with signs, units, ranges, fractions, versions.

Each function returns what is said for a word, or None if the word is of another kind.
"""

from __future__ import annotations

import re
import unicodedata

from lessons.speakable import numbers, units

_NUM = numbers.NUMBER.pattern
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
_PLURAL_DENOMINATOR = re.compile(r"(\d{1,2})/(\d{1,2})(?:ths?|rds?|nds?)")
_LIST = re.compile(r"\d+(?:,\d+)+")
_ANGLE = re.compile(
    r"(\d+(?:\.\d+)?)°(?:(\d+(?:\.\d+)?)[′'])?(?:(\d+(?:\.\d+)?)(?:[″\"]|''))?([NSEW])?"
)
_FEET = re.compile(r"(\d+)['′](\d+(?:\.\d+)?)[\"″]?")
_PRIME = re.compile(r"(\d+)(′+|'+)")
_INCHES = re.compile(r"(\d+(?:\.\d+)?)″")
_POINTS = {"N": "north", "S": "south", "E": "east", "W": "west"}
_ORDINAL = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:st|nd|rd|th)", re.IGNORECASE)
_MEASURE = re.compile(rf"([-−–+±~≈<>≤≥]?)({_NUM})[-\u202f\u00a0]?([^\d\s.,].*)")
_RANGE = re.compile(rf"({_NUM})([-–—±])({_NUM})(.*)")
_FRACTION = re.compile(r"([-−]?)(\d{1,3})[/⁄](\d{1,3})")
_SEASON = re.compile(r"(\d{4})/(\d{2})")
_VULGAR = re.compile(r"(\d*)([¼-¾⅐-⅞])")
_TIMES = re.compile(rf"({_NUM})[x×]({_NUM})(?:[x×]({_NUM}))?")
_FACTOR = re.compile(rf"({_NUM})[x×]")
_DECADE = re.compile(r"['’]?(\d{2}|\d{3}0)(?:['’])?s")
_RATIO = re.compile(r"(\d{1,4}):(\d{1,3}(?:,\d{3})+|\d{1,4})")
_SCIENTIFIC = re.compile(rf"([-−]?)({_NUM})[eE]([-+−]?)(\d{{1,3}})")
_VERSION = re.compile(r"[vV]?(\d+(?:\.\d+){2,3})|[vV](\d+(?:\.\d+)*)")
_PHONE = re.compile(r"\+?\d{1,3}[-.]\d{3}[-.]\d{3,4}(?:[-.]\d{4})?|\d{3}-\d{4}")
_ATTACHED_MAGNITUDES = {"k": "thousand", "K": "K", "M": "million", "bn": "billion"}
_NOT_ATTACHED = frozenset({"A", "B", "C", "F", "T", "H", "M", "b", "t", "N", "J", "K", "L"})
"""Letters that are not units when they touch a number: 4K, 5G, 3B."""


def say_number(text: str) -> str | None:
    match = _SIGNED.fullmatch(text)
    return _SIGNS[match[1]] + numbers.say_number(match[2]) if match else None


def say_ordinal(text: str) -> str | None:
    match = _ORDINAL.fullmatch(text)
    return numbers.say_ordinal(int(match[1].replace(",", ""))) if match else None


def say_decade(text: str) -> str | None:
    match = _DECADE.fullmatch(text)
    if match is None:
        return None
    value = int(match[1])
    if value < 100:
        return (
            numbers.make_plural(numbers.say_cardinal(value))
            if value % 10 == 0 and value > 10
            else None
        )
    return numbers.say_decade(value) if value >= 1000 else None


def say_measure(text: str, *, one: bool = False) -> str | None:
    """A number with its unit in one word: `10km`, `25%`, `5GB`, `20°C`, `100-m`. With `one` the
    unit is in the singular, as before a noun."""
    match = _MEASURE.fullmatch(text)
    if match is None:
        return None
    sign, number, rest = match.groups()
    for end, ending in (("-", ""), ("s", "")):
        if rest.endswith(end) and units.say_unit(rest) is None:
            rest = rest[: -len(end)] + ending
    if not rest:
        return None
    if rest in _ATTACHED_MAGNITUDES:
        return f"{_SIGNS[sign]}{numbers.say_number(number)} {_ATTACHED_MAGNITUDES[rest]}"
    name = units.say_unit(rest, one=one or units.is_one(number) or "-" in text[1:])
    if name is None:
        return None
    if rest in ("s", "m", "A", "b") and len(number) > 3 and text[-2].isdecimal():
        return None  # 1990s is a decade; 1050m is rare
    if rest in _NOT_ATTACHED:
        return None
    return f"{_SIGNS[sign]}{numbers.say_number(number)} {name}"


def say_range(text: str) -> str | None:
    """`10–20`, `1914–18`, `5±0.2`, `20–25kg`."""
    match = _RANGE.fullmatch(text)
    if match is None:
        return None
    first, joint, second, rest = match.groups()
    if numbers.could_be_year(first) and not rest and joint != "±":
        low = numbers.say_year(int(first))
        if numbers.could_be_year(second):
            return f"{low} to {numbers.say_year(int(second))}"
        if len(second) == 2 and second.isdecimal():
            return f"{low} to {numbers.say_cardinal(int(second))}"
    ending = ""
    if rest:
        name = units.say_unit(rest.strip("-"))
        if name is None:
            return None
        ending = " " + name
    word = "plus or minus" if joint == "±" else "to"
    return f"{numbers.say_number(first)} {word} {numbers.say_number(second)}{ending}"


def say_money_range(text: str) -> str | None:
    match = re.fullmatch(rf"([{re.escape(units.SIGNS)}])({_NUM})[-–]\1?({_NUM}\w?)", text)
    if match is None:
        return None
    high = units.say_money(match[1] + match[3])
    return f"{numbers.say_number(match[2])} to {high}" if high else None


def say_fraction(text: str) -> str | None:
    if match := _PLURAL_DENOMINATOR.fullmatch(text):
        return numbers.say_fraction(int(match[1]), int(match[2])) if int(match[2]) > 1 else None
    if match := _SEASON.fullmatch(text):
        first, second = int(match[1]), int(match[2])
        if numbers.could_be_year(match[1]) and second == (first + 1) % 100:
            return f"{numbers.say_year(first)} to {numbers.say_cardinal(second)}"
    match = _FRACTION.fullmatch(text)
    if match:
        above, below = int(match[2]), int(match[3])
        sign = "minus " if match[1] else ""
        if above > 0 and 1 < below <= 20 and above < 100:
            return sign + numbers.say_fraction(above, below)
        return f"{sign}{numbers.say_cardinal(above)} over {numbers.say_cardinal(below)}"
    vulgar = _VULGAR.fullmatch(text)
    if vulgar is None:
        return None
    parts = unicodedata.normalize("NFKC", vulgar[2]).split("⁄")
    if len(parts) != 2 or not all(part.isdecimal() for part in parts):
        return None
    if vulgar[1]:
        small = say_small_fraction(int(parts[0]), int(parts[1]))
        return f"{numbers.say_number(vulgar[1])} and {small}"
    return numbers.say_fraction(int(parts[0]), int(parts[1] or 1))


def say_small_fraction(above: int, below: int) -> str:
    """A fraction after a whole number: a half, three quarters."""
    words = numbers.say_fraction(above, below)
    return words.replace("one ", "a ", 1) if above == 1 and below in (2, 4) else words


def say_number_list(text: str) -> str | None:
    """`3,5`."""
    return ", ".join(map(numbers.say_number, text.split(","))) if _LIST.fullmatch(text) else None


def say_angle(text: str) -> str | None:
    """`40°42′46″N`, `6′2″`, `5′`."""
    if match := _FEET.fullmatch(text):
        feet, inches = numbers.say_number(match[1]), numbers.say_number(match[2])
        return (
            f"{feet} {'foot' if match[1] == '1' else 'feet'} "
            f"{inches} {'inch' if match[2] == '1' else 'inches'}"
        )
    if match := _PRIME.fullmatch(text):
        return f"{numbers.say_number(match[1])} {'double ' if len(match[2]) > 1 else ''}prime"
    if match := _INCHES.fullmatch(text):
        return f"{numbers.say_number(match[1])} {'inch' if match[1] == '1' else 'inches'}"
    match = _ANGLE.fullmatch(text)
    if match is None:
        return None
    names = ("degree", "minute", "second")
    said = [
        f"{numbers.say_number(part)} {name}{'' if part == '1' else 's'}"
        for part, name in zip(match.groups()[:3], names, strict=True)
        if part
    ]
    return " ".join(filter(None, [*said, _POINTS.get(match[4] or "")]))


def say_digit_groups(text: str) -> str:
    """Digits one by one, with a pause between groups."""
    return ", ".join(numbers.say_digits(group) for group in re.findall(r"\d+", text))


def say_open_number(text: str) -> str | None:
    """`10,000+`."""
    match = re.fullmatch(rf"({_NUM})\+", text)
    return f"{numbers.say_number(match[1])} plus" if match else None


def say_dimensions(text: str) -> str | None:
    if match := _TIMES.fullmatch(text):
        sides = [part for part in match.groups() if part]
        pixels = all(part.isdecimal() for part in sides)
        read = numbers.say_in_name if pixels else numbers.say_number
        return " by ".join(read(part) for part in sides)
    if match := _FACTOR.fullmatch(text):
        return numbers.say_number(match[1]) + " times"
    return None


def say_ratio(text: str) -> str | None:
    match = _RATIO.fullmatch(text)
    return f"{numbers.say_number(match[1])} to {numbers.say_number(match[2])}" if match else None


def say_scientific(text: str) -> str | None:
    match = _SCIENTIFIC.fullmatch(text)
    if match is None:
        return None
    sign = "minus " if match[1] else ""
    below = "minus " if match[3] in ("-", "−") else ""
    power = (
        numbers.say_ordinal(int(match[4])) if not below else below + numbers.say_number(match[4])
    )
    return f"{sign}{numbers.say_number(match[2])} times ten to the {power}"


def say_version(text: str) -> str | None:
    match = _VERSION.fullmatch(text)
    if match is None:
        return None
    said = " point ".join(numbers.say_number(part) for part in (match[1] or match[2]).split("."))
    return f"version {said}" if text[0] in "vV" else said


def say_phone_number(text: str) -> str | None:
    if not _PHONE.fullmatch(text):
        return None
    return say_digit_groups(text)
