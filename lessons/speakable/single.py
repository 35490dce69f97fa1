"""One written English word by itself to what is said for it."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

from lessons.speakable import acronyms, dates, identifiers, numbers, units
from lessons.speakable.abbreviations import ABBREVIATIONS, TITLES, WEEKDAYS
from lessons.speakable.symbols import (
    FROM_SUBSCRIPT,
    FROM_SUPERSCRIPT,
    GREEK,
    NAMES,
    OPERATORS,
)

LONGEST_WORD = 120
"""Characters; what is longer is no word, and its letters and digits are read as they come."""

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
_TIMES_POWER = re.compile(rf"[-−]?(?:{_NUM})[x×·⋅]10[⁻⁰¹²³⁴-⁹]+")
_POWER_OF = re.compile(rf"({_NUM}|[^\W\d_])\^\(?\{{?([-−]?\d+|[^\W\d_])\}}?\)?")
_VERSION = re.compile(r"[vV]?(\d+(?:\.\d+){2,3})|[vV](\d+(?:\.\d+)*)")
_HASH = re.compile(r"#(\d+|[^\W_]+)")
_APOSTROPHE = re.compile(r"([^'’]+)['’](s|S)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_HYPHENS = re.compile(r"[-‐‑–—\u2212]+")
_PHONE = re.compile(r"\+?\d{1,3}[-.]\d{3}[-.]\d{3,4}(?:[-.]\d{4})?|\d{3}-\d{4}")
_SECTION = re.compile(r"\d{1,2}\.\d{1,2}\.\d{1,2}")
_VULGAR_WORDS = {"¼": "a quarter", "½": "a half", "¾": "three quarters"}

_RAISED = "".join(FROM_SUPERSCRIPT)
_LOWERED = "".join(FROM_SUBSCRIPT)
_SCRIPTED = re.compile(
    rf"([a-zA-Z\u0370-\u03ff]|\d+|\))([{re.escape(_LOWERED)}]*)([{re.escape(_RAISED)}]*)"
)


@functools.lru_cache(maxsize=16384)
def say_word(text: str) -> str:
    """What is said for `text`, a word without the punctuation around it."""
    text = text.replace("‘", "'").replace("’", "'").strip("\u200b\u200d\ufeff")
    if not text:
        return ""
    if len(text) > LONGEST_WORD:
        return _characters(text)
    for read in _READERS:
        said = read(text)
        if said is not None:
            return said
    return _characters(text)


def _plain(text: str) -> str | None:
    """An ordinary word: most are."""
    if not _WORD.fullmatch(text) or not text.replace("'", "").isalpha():
        return None
    lowered = text.lower()
    if lowered in acronyms.RESPELLED and (not text.islower() or lowered not in _AMBIGUOUS):
        return acronyms.RESPELLED[lowered]
    if lowered in ABBREVIATIONS and lowered not in ("et", "al"):
        return ABBREVIATIONS[lowered]
    if text.islower() or text[1:].islower():
        return _greek(text) or text
    if len(text) == 1:
        return GREEK.get(text, text)
    if (said := _greek(text)) is not None:
        return said
    if (said := acronyms.initialism(text)) is not None:
        return said
    if text.isupper():
        return text.lower() if text in acronyms.AS_WORDS or len(text) > 1 else text
    core = text.removesuffix("'s")
    if core != text:
        return say_word(core) + "'s"
    return acronyms.mixed(text) or text


def _greek(text: str) -> str | None:
    """Greek letters as symbols: `λ`, `ΔT`, `μs`; a Greek word stays a word."""
    if text.isascii() or len(text) > 4 or not any(char in GREEK for char in text):
        return None
    if len(text) > 2 and all(char in GREEK for char in text):
        return None
    parts = re.findall(r"[^\W\d_a-zA-Z]|[a-zA-Z]+", text)
    return " ".join(GREEK.get(part) or _letter(part) for part in parts)


_AMBIGUOUS = frozenset({"ph", "ide", "ok", "latex", "ios"})


def _abbreviation(text: str) -> str | None:
    lowered = text.lower()
    return (
        ABBREVIATIONS.get(lowered)
        or (WEEKDAYS.get(lowered) if text[:1].isupper() else None)
        or (TITLES.get(lowered) if lowered in ("mr.", "mrs.", "ms.", "dr.", "prof.") else None)
        or acronyms.RESPELLED.get(lowered)
        or (dates.month(text) if text.endswith(".") else None)
    )


def _dotted_letters(text: str) -> str | None:
    return acronyms.letters(text) if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]?", text) else None


def _number(text: str) -> str | None:
    match = _SIGNED.fullmatch(text)
    return _SIGNS[match[1]] + numbers.read(match[2]) if match else None


def _ordinal(text: str) -> str | None:
    match = _ORDINAL.fullmatch(text)
    return numbers.ordinal(int(match[1].replace(",", ""))) if match else None


def _decade(text: str) -> str | None:
    match = _DECADE.fullmatch(text)
    if match is None:
        return None
    value = int(match[1])
    if value < 100:
        return numbers.plural(numbers.cardinal(value)) if value % 10 == 0 and value > 10 else None
    return numbers.decade(value) if value >= 1000 else None


def _measure(text: str) -> str | None:
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


_NOT_ATTACHED = frozenset({"A", "B", "C", "F", "T", "H", "M", "b", "t", "N", "J", "K", "L"})
"""Sizes and names rather than units when they touch a number: 4K, 5G, 3B."""


def _range(text: str) -> str | None:
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


def _money_range(text: str) -> str | None:
    match = re.fullmatch(rf"([{re.escape(units.SIGNS)}])({_NUM})[-–]\1?({_NUM}\w?)", text)
    if match is None:
        return None
    high = units.money(match[1] + match[3])
    return f"{numbers.read(match[2])} to {high}" if high else None


def _fraction(text: str) -> str | None:
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


def _times(text: str) -> str | None:
    if match := _TIMES.fullmatch(text):
        sides = [part for part in match.groups() if part]
        pixels = all(part.isdecimal() for part in sides)
        read = acronyms.model_number if pixels else numbers.read
        return " by ".join(read(part) for part in sides)
    if match := _FACTOR.fullmatch(text):
        return numbers.read(match[1]) + " times"
    return None


def _ratio(text: str) -> str | None:
    match = _RATIO.fullmatch(text)
    return f"{numbers.read(match[1])} to {numbers.read(match[2])}" if match else None


def _scientific(text: str) -> str | None:
    match = _SCIENTIFIC.fullmatch(text)
    if match is None:
        return None
    sign = "minus " if match[1] else ""
    below = "minus " if match[3] in ("-", "−") else ""
    power = numbers.ordinal(int(match[4])) if not below else below + numbers.read(match[4])
    return f"{sign}{numbers.read(match[2])} times ten to the {power}"


def _power(text: str) -> str | None:
    match = _POWER_OF.fullmatch(text)
    if match is None:
        return None
    base = numbers.read(match[1]) if match[1][0].isdecimal() else _letter(match[1])
    return f"{base} {_exponent(match[2].replace('−', '-'))}"


def _exponent(text: str) -> str:
    if text in ("2", "3"):
        return "squared" if text == "2" else "cubed"
    if text.isdecimal():
        return f"to the {numbers.ordinal(int(text))}"
    if text.startswith("-") and text[1:].isdecimal():
        return f"to the minus {numbers.read(text[1:])}"
    return f"to the {' '.join(_letter(char) for char in text if char.isalnum())}"


def _scripts(text: str) -> str | None:
    """Raised and lowered characters: `x²`, `10⁻³`, `a₁`, `mc²`."""
    if not any(char in FROM_SUPERSCRIPT or char in FROM_SUBSCRIPT for char in text):
        return None
    said: list[str] = []
    at = 0
    while at < len(text):
        match = _SCRIPTED.match(text, at)
        if match is None:
            char = text[at]
            said.append(GREEK.get(char) or OPERATORS.get(char) or NAMES.get(char, ""))
            at += 1
            continue
        base, below, above = match.groups()
        if base != ")":
            said.append(numbers.read(base) if base.isdecimal() else _letter(base))
        if below:
            inner = "".join(FROM_SUBSCRIPT[char] for char in below)
            said.append(f"sub {_simple(inner)}")
        if above:
            inner = "".join(FROM_SUPERSCRIPT[char] for char in above)
            said.append("transpose" if inner == "T" else _exponent(inner))
        at = match.end()
    return " ".join(filter(None, said))


def _scripts_alone(text: str) -> str | None:
    """As `_scripts`, for what is no amount, unit or compound of chemistry."""
    if text.isascii() or _measure(text) or acronyms.chemical(text):
        return None
    if _TIMES_POWER.fullmatch(text):
        mantissa, _, power = (
            text.replace("x", "×").replace("·", "×").replace("⋅", "×").partition("×")
        )
        return f"{_number(mantissa)} times {_scripts(power)}"
    return _scripts(text)


def _simple(text: str) -> str:
    return " ".join(
        numbers.read(part) if part.isdecimal() else _letter(part) if part.isalpha() else "plus"
        for part in re.findall(r"\d+|[^\W\d_]|[+]", text)
    )


def _letter(text: str) -> str:
    return GREEK.get(text) or ("A" if text == "a" else text)


def _version(text: str) -> str | None:
    match = _VERSION.fullmatch(text)
    if match is None:
        return None
    said = " point ".join(numbers.read(part) for part in (match[1] or match[2]).split("."))
    return f"version {said}" if text[0] in "vV" else said


def _hash(text: str) -> str | None:
    match = _HASH.fullmatch(text)
    if match is None:
        return None
    return f"{'number' if match[1].isdecimal() else 'hash'} {say_word(match[1])}"


def _phone(text: str) -> str | None:
    if not _PHONE.fullmatch(text):
        return None
    return ", ".join(numbers.digits(group) for group in re.findall(r"\d+", text))


def _compound(text: str) -> str | None:
    """Words joined by hyphens, each by itself; ordinary ones stay joined."""
    if not _HYPHENS.search(text):
        return None
    parts = [part for part in _HYPHENS.split(text) if part]
    if not parts:
        return ""
    said = [say_word(part) for part in parts]
    joint = " " if re.search("[–—]", text) else "-"
    ordinary = all(re.fullmatch(r"[^\W\d_]+(?:'[^\W\d_]+)*", part) for part in said)
    if said == parts or (ordinary and [s.lower() for s in said] == [p.lower() for p in parts]):
        return joint.join(said)
    return " ".join(filter(None, said))


def _joined(text: str) -> str | None:
    """Parts joined by slashes, ampersands and the like."""
    match = re.fullmatch(
        r"(.+?)(\+/-|[/&|+=<>~→←⇒·×÷±≈≠≤≥@*:;,…()\[\]{}\"!?\u00a0\u202f]+)(.+)", text
    )
    if match is None:
        return None
    left, sign, right = match.groups()
    if sign == "/" and left.lower() == "and" and right.lower() == "or":
        return "and or"
    name = {"/": "slash", "&": "and", "+": "plus", "|": "or", "*": "times", "@": "at"}.get(sign)
    if name is None:
        name = OPERATORS.get(sign) or NAMES.get(sign, "")
    if sign == "/" and _WORD.fullmatch(left) and _WORD.fullmatch(right) and len(left) > 1:
        name = "or" if left.islower() and right.islower() else "slash"
    if sign in ("…", ",", ":", ";", "!", "?"):
        name = ""
    return " ".join(filter(None, (say_word(left), name, say_word(right))))


def _chemistry(text: str) -> str | None:
    return acronyms.chemical(text)


def _mixed(text: str) -> str | None:
    if re.fullmatch(r"[^\W_]+", text) and any(char.isalpha() for char in text):
        return acronyms.pieces(text)
    return None


def _possessive(text: str) -> str | None:
    match = _APOSTROPHE.fullmatch(text)
    return say_word(match[1]) + "'s" if match else None


def _identifier(text: str) -> str | None:
    if re.fullmatch(r"[^\W\d]\w*(?:[._]\w+)+(?:\(\))?|_+\w+|\w+\(\)", text):
        return identifiers.code(text)
    return None


def _characters(text: str) -> str:
    """What no rule reads: letters and digits are kept, signs named, the rest is silent."""
    said: list[str] = []
    for part in re.findall(r"\d+|[^\W\d_]+|.", text, re.DOTALL):
        if part.isdecimal():
            said.append(numbers.read("".join(str(int(char)) for char in part)))
        elif part.isnumeric():
            folded = unicodedata.normalize("NFKC", part)
            said.append(numbers.read(folded) if folded.isdecimal() and folded.isascii() else "")
        elif part[0].isalpha():
            said.append(say_letters(part))
        else:
            said.append(GREEK.get(part) or OPERATORS.get(part) or NAMES.get(part, ""))
    return " ".join(filter(None, said))


def say_letters(part: str) -> str:
    if part in GREEK:
        return GREEK[part]
    if part in NAMES:
        return NAMES[part]
    return "".join(char for char in part if char.isalpha())


_READERS: tuple[Callable[[str], str | None], ...] = (
    _scripts_alone,
    _plain,
    _number,
    identifiers.address,
    _abbreviation,
    _dotted_letters,
    dates.date,
    dates.time,
    units.money,
    _ordinal,
    _decade,
    _version,
    _phone,
    _range,
    _money_range,
    _fraction,
    _times,
    _scientific,
    _power,
    _measure,
    _ratio,
    _hash,
    _chemistry,
    identifiers.file_name,
    _possessive,
    _identifier,
    _compound,
    _mixed,
    _joined,
)
