"""The SSML element `say-as`: text that is read as the script asks.

The values of `interpret-as` follow the W3C note "SSML 1.0 say-as attribute values" (2005), with
additions that speech services have made:

characters, spell-out, verbatim    every letter, digit and sign by its name
digits                             digit by digit
cardinal, number; ordinal          a number; `format="digits"` as above
fraction                           3/4, 2 1/2, 2+1/2
date                               `format` mdy, dmy, ymd, ydm, md, dm, ym, my, d, m or y
time                               10:30, 9:05 pm, 2'30"; `format` hms12 or hms24
telephone                          in groups; `format` is the country code, which is said first
unit; currency                     9.81 m/s², 5 km; $5.20, 20 EUR (or `detail="EUR"`)
address                            house numbers and postal codes as people say them

In languages other than English: characters, digits, cardinal, ordinal.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import accumulate

from foundation.languages import is_english
from lessons.speakable import dates, numbers, say, units
from lessons.speakable.symbols import NAMES as SIGN_NAMES
from lessons.speakable.symbols import OPERATORS

INTERPRETATIONS = (
    "characters",
    "spell-out",
    "verbatim",
    "digits",
    "cardinal",
    "number",
    "ordinal",
    "fraction",
    "date",
    "time",
    "telephone",
    "unit",
    "currency",
    "address",
)
DATE_FORMATS = ("mdy", "dmy", "ymd", "ydm", "md", "dm", "ym", "my", "d", "m", "y")

_EVERYWHERE = frozenset(
    {"characters", "spell-out", "verbatim", "digits", "cardinal", "number", "ordinal"}
)
_LONGEST = 15  # digits; in most languages num2words can say no more

_SEPARATORS = re.compile(r"[^\w]+")
_MIXED = re.compile(r"(?:(\d+)[\s+\u202f]+)?(\d+)\s*[/⁄÷]\s*(\d+)")
_QUOTED_TIME = re.compile(r"(?:(\d{1,2})[h°]\s*)?(?:(\d{1,3})['′])?\s*(?:(\d{1,2})(?:[\"″]|′′))?")
_CODED = re.compile(r"([A-Z]{3})\s*([\d.,]+)|([\d.,]+)\s*([A-Z]{3})")
_ADDRESS_WORDS = {
    "st": "street", "ave": "avenue", "av": "avenue", "rd": "road", "blvd": "boulevard",
    "dr": "drive", "ln": "lane", "ct": "court", "pl": "place", "sq": "square", "hwy": "highway",
    "apt": "apartment", "ste": "suite", "fl": "floor", "no": "number", "n": "north",
    "s": "south", "e": "east", "w": "west", "ne": "northeast", "nw": "northwest",
    "se": "southeast", "sw": "southwest",
}  # fmt: skip


def is_known_in(interpretation: str, language: str) -> bool:
    """Whether text in a language can be read in this way."""
    return interpretation in (INTERPRETATIONS if is_english(language) else _EVERYWHERE)


def read_as(
    text: str, interpretation: str, language: str = "en-US", *, format: str = "", detail: str = ""
) -> str | None:
    """What is said for `text`; None if it cannot be read in this way, as a date with 40 days."""
    text = unicodedata.normalize("NFKC", text.replace("½", " 1/2").replace("¼", " 1/4"))
    text = " ".join(text.replace("⁄", "/").split())
    if not text or not is_known_in(interpretation, language):
        return None
    match interpretation:
        case "characters" | "spell-out" | "verbatim":
            return _say_characters(text, language)
        case "digits":
            return _say_digits(text, language)
        case "cardinal" | "number":
            if interpretation == "number" and format in ("digits", "ordinal", "telephone"):
                return read_as(text, format, language)
            return _say_number(text, language, ordinal=False)
        case "ordinal":
            return _say_number(text, language, ordinal=True)
        case "fraction":
            return _say_fraction(text)
        case "date":
            return _say_date(text, format.lower())
        case "time":
            return _say_time(text, format.lower())
        case "telephone":
            return _say_telephone(text, format)
        case "unit":
            said = say(text, language)
            return said if any(char.isalpha() for char in said) else None
        case "currency":
            return _say_currency(text, detail or format)
        case "address":
            return _say_address(text)
        case _:
            return None


def _say_characters(text: str, language: str) -> str | None:
    said = [_say_character(char, language) for char in text if not char.isspace()]
    return None if None in said else " ".join(filter(None, said))


def _say_character(char: str, language: str) -> str | None:
    if unicodedata.category(char).startswith("M"):
        return ""
    if char.isdecimal():
        return _spell_number(int(char), language, ordinal=False)
    if char.isalpha():
        return char.upper() if len(char.upper()) == 1 else char
    if not is_english(language):
        return None
    name = OPERATORS.get(char) or SIGN_NAMES.get(char) or unicodedata.name(char, "").lower()
    return {"solidus": "slash", "full stop": "dot", "hyphen-minus": "dash"}.get(name, name) or None


def _say_digits(text: str, language: str) -> str | None:
    parts = [part for part in _SEPARATORS.split(text) if part]
    if not parts or not all(part.isalnum() for part in parts):
        return None
    said = [_say_characters(part, language) for part in parts]
    return None if None in said else ", ".join(filter(None, said))


def _spell_number(number: int, language: str, *, ordinal: bool) -> str | None:
    if is_english(language):
        return numbers.say_ordinal(number) if ordinal else numbers.say_cardinal(number)
    from num2words import num2words

    try:
        name = language.replace("-", "_")
        return str(num2words(number, lang=name, to="ordinal" if ordinal else "cardinal"))
    except (NotImplementedError, ValueError, OverflowError, TypeError):
        return None


def _say_number(text: str, language: str, *, ordinal: bool) -> str | None:
    match = re.fullmatch(
        r"([-+\u2212]?)\s*(\d[\d,_'\u2019 ]*|)(\.\d+)?(?:st|nd|rd|th|\.|º|ª)?", text
    )
    if match is None and (value := numbers.parse_roman(text.upper())) is not None:
        return _spell_number(value, language, ordinal=ordinal)
    if match is None or not (match[2] or match[3]):
        return None
    whole = re.sub(r"\D", "", match[2])
    if len(whole) > _LONGEST or (match[3] and (ordinal or not is_english(language))):
        return None
    if match[3]:
        said: str | None = numbers.say_number(str(int(whole or 0)) + match[3])
    else:
        said = _spell_number(int(whole), language, ordinal=ordinal)
    if said is None or match[1] in ("", "+"):
        return said
    return f"minus {said}" if is_english(language) else None


def _say_fraction(text: str) -> str | None:
    match = _MIXED.fullmatch(text)
    if match is None or not int(match[3]) or max(map(len, match.groups(""))) > _LONGEST:
        return None
    said = numbers.say_fraction(int(match[2]), int(match[3]))
    if match[1] is None:
        return said
    head = numbers.say_cardinal(int(match[1]))
    part = "a" + said.removeprefix("one") if said in ("one half", "one quarter") else said
    return f"{head} and {part}"


def _say_date(text: str, format: str) -> str | None:
    if not format:
        said = dates.say_date(text) or say(text)
        return said if any(char.isalpha() for char in said) else None
    if format not in DATE_FORMATS:
        return None
    parts = _split_date(text, format)
    if parts is None:
        return None
    fields = {
        field: _say_date_field(field, part) for field, part in zip(format, parts, strict=True)
    }
    if None in fields.values():
        return None
    day, month, year = (fields.get(field) or "" for field in "dmy")
    if month and day:
        month_first = format.find("m") < format.find("d")
        both = f"{month} {day}" if month_first else f"the {day} of {month}"
        return f"{both}, {year}" if year else both
    if month:
        return f"{month} {year}".strip()
    return f"the {day}" if day else year


def _split_date(text: str, format: str) -> list[str] | None:
    """The parts of a date, one for each letter of its format."""
    parts = [part for part in re.split(r"[^\w]+", text) if part]
    if len(parts) == 1 and parts[0].isdecimal() and len(format) > 1:
        sizes = [4 if field == "y" else 2 for field in format]  # 19690720
        if len(text) != sum(sizes):
            return None
        ends = list(accumulate(sizes))
        parts = [text[end - size : end] for size, end in zip(sizes, ends, strict=True)]
    return parts if len(parts) == len(format) else None


def _say_date_field(field: str, part: str) -> str | None:
    """A year (y), month (m) or day (d) in words."""
    if field == "m":
        named = dates.find_month(part.capitalize()) or dates.find_month(part.capitalize() + ".")
        return named or _find_month(part)
    if field == "d":
        day = re.fullmatch(r"(\d+)(?:st|nd|rd|th)?", part)
        return numbers.say_ordinal(int(day[1])) if day and 1 <= int(day[1]) <= 31 else None
    if not part.isdecimal() or len(part) > 4:
        return None
    year = int(part)
    if len(part) == 2:
        year += 1900 if year > 40 else 2000
    return numbers.say_year(year)


def _find_month(part: str) -> str | None:
    value = int(part) if part.isdecimal() else 0
    return dates.MONTH_NAMES[value - 1] if 1 <= value <= 12 else None


def _say_time(text: str, format: str) -> str | None:
    if format not in ("", "hms12", "hms24", "hm", "h", "hms", "ms"):
        return None
    said = dates.say_time(text)
    if said is not None:
        return said
    match = _QUOTED_TIME.fullmatch(text)
    if match is None or not any(match.groups()):
        return None
    names = ("hour", "minute", "second")
    return " ".join(
        f"{numbers.say_cardinal(int(value))} {name}{'' if int(value) == 1 else 's'}"
        for value, name in zip(match.groups(), names, strict=True)
        if value
    )


def _say_telephone(text: str, code: str) -> str | None:
    bare, _, extension = re.sub(r"\s+", " ", text.lower()).partition("x")
    if not re.fullmatch(r"[+\d\s().\-/]+", bare.removesuffix("e").strip() or "?"):
        return None
    groups = re.findall(r"\d+", bare)
    if not groups or (extension and not re.search(r"\d", extension)):
        return None
    said = [numbers.say_digits(group) for group in groups]
    if bare.strip().startswith("+"):
        said[0] = f"plus {said[0]}"
    elif code.isdecimal():
        said.insert(0, f"plus {numbers.say_digits(code)}")
    if extension:
        said.append(f"extension {numbers.say_digits(extension)}")
    return ", ".join(said)


def _say_currency(text: str, detail: str) -> str | None:
    coded = _CODED.fullmatch(text)
    code, number = detail.upper(), text
    if coded:
        code, number = coded[1] or coded[4], coded[2] or coded[3]
    elif said := units.say_money(text.replace(" ", "")):
        return said
    names = units.find_currency_by_code(code) if code else None
    if names is None or not re.fullmatch(numbers.NUMBER, number):
        return None
    return f"{numbers.say_number(number)} {names[0] if units.is_one(number) else names[1]}"


def _say_address(text: str) -> str | None:
    said: list[str] = []
    for part in text.split():
        core = part.rstrip(".,")
        comma = "," if part.endswith(",") else ""
        word = _ADDRESS_WORDS.get(core.lower()) if said else None
        if core.isdecimal():
            word = (
                numbers.say_digits(core)
                if len(core) > 4 or core[0] == "0"
                else _say_house_number(core)
            )
        elif re.fullmatch(r"\d{5}-\d{4}", core):
            word = numbers.say_digits(core)
        elif re.fullmatch(r"[A-Z]{2}", core):
            word = word or " ".join(core)
        said.append((word or say(core)) + comma)
    return " ".join(filter(None, said)) or None


def _say_house_number(digits: str) -> str:
    """`221` two twenty-one, `1600` sixteen hundred, `10` ten."""
    if len(digits) < 3:
        return numbers.say_cardinal(int(digits))
    head, tail = digits[:-2], digits[-2:]
    if tail == "00":
        return f"{numbers.say_cardinal(int(head))} hundred"
    rest = (
        f"oh {numbers.say_cardinal(int(tail))}"
        if tail[0] == "0"
        else numbers.say_cardinal(int(tail))
    )
    return f"{numbers.say_cardinal(int(head))} {rest}"
