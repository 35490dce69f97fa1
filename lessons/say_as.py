"""SSML's `say-as`: text that is read in a way that the script names.

After the W3C note "SSML 1.0 say-as attribute values" (2005) and what speech services have added:

characters, spell-out, verbatim    every letter, digit and sign by its name
digits                             digit by digit
cardinal, number; ordinal          a number; `format="digits"` as above
fraction                           3/4, 2 1/2, 2+1/2
date                               `format` mdy, dmy, ymd, ydm, md, dm, ym, my, d, m or y
time                               10:30, 9:05 pm, 2'30"; `format` hms12 or hms24
telephone                          in groups; `format` the country's code, said first
unit; currency                     9.81 m/s², 5 km; $5.20, 20 EUR (or `detail="EUR"`)
address                            house numbers and codes as one says them

In other languages than English: characters, digits, cardinal, ordinal.
"""

from __future__ import annotations

import re
import unicodedata

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
_LONGEST = 15  # digits; num2words knows no more in most languages

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
    """Whether text in a language can be read so."""
    english = language.lower().partition("-")[0] == "en"
    return interpretation in (INTERPRETATIONS if english else _EVERYWHERE)


def read_as(
    text: str, interpretation: str, language: str = "en-US", *, format: str = "", detail: str = ""
) -> str | None:
    """What is said for `text`; None if it cannot be read so, as a date with 40 days."""
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
    if language.lower().partition("-")[0] != "en":
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
    if language.lower().partition("-")[0] == "en":
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
    if len(whole) > _LONGEST or (match[3] and (ordinal or language[:2].lower() != "en")):
        return None
    if match[3]:
        said: str | None = numbers.say_number(str(int(whole or 0)) + match[3])
    else:
        said = _spell_number(int(whole), language, ordinal=ordinal)
    if said is None or match[1] in ("", "+"):
        return said
    return f"minus {said}" if language[:2].lower() == "en" else None


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
    parts = [part for part in re.split(r"[^\w]+", text) if part]
    if len(parts) == 1 and parts[0].isdecimal() and len(format) > 1:
        sizes = {"y": 4, "m": 2, "d": 2}  # 19690720
        if len(text) != sum(sizes[field] for field in format):
            return None
        parts, at = [], 0
        for field in format:
            parts.append(text[at : at + sizes[field]])
            at += sizes[field]
    if len(parts) != len(format):
        return None
    day = month = year = ""
    for field, part in zip(format, parts, strict=True):
        if field == "m":
            named = dates.find_month(part.capitalize()) or dates.find_month(part.capitalize() + ".")
            month = named or _find_month(part)
            if not month:
                return None
        elif (
            not part.removesuffix("th")
            .removesuffix("st")
            .removesuffix("nd")
            .removesuffix("rd")
            .isdecimal()
        ):
            return None
        elif field == "d":
            value = int(re.sub(r"\D", "", part))
            if not 1 <= value <= 31:
                return None
            day = numbers.say_ordinal(value)
        else:
            if len(part) > 4:
                return None
            value = int(part)
            if len(part) == 2:
                value += 1900 if value > 40 else 2000
            year = numbers.say_year(value)
    if month and day:
        said = f"{month} {day}" if format.find("m") < format.find("d") else f"the {day} of {month}"
        return f"{said}, {year}" if year else said
    if month:
        return f"{month} {year}".strip()
    return f"the {day}" if day else year


def _find_month(part: str) -> str:
    value = int(part) if part.isdecimal() else 0
    return dates.MONTH_NAMES[value - 1] if 1 <= value <= 12 else ""


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
    """221 two twenty-one, 1600 sixteen hundred, 10 ten."""
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
