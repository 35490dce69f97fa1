"""What is said for a written English word without regard to its neighbours.

Each rule returns what is said for a word, or None if it does not recognize the word.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from lessons.speakable import (
    acronyms,
    addresses,
    amounts,
    chemistry,
    dates,
    identifiers,
    letters,
    numbers,
    powers,
    units,
)
from lessons.speakable.abbreviations import ABBREVIATIONS, MONTHS, TITLES, WEEKDAYS
from lessons.speakable.characters import say_characters, say_signs
from lessons.speakable.compatibility import normalize_characters
from lessons.speakable.symbols import GREEK, NAMES, OPERATORS
from lessons.wordset import word_set

LONGEST_WORD = 120
"""Characters. Anything longer is not a word; its letters and digits are read as they come."""

_NUM = numbers.NUMBER.pattern
_TIMES_POWER = re.compile(rf"[-−]?(?:{_NUM})[x×·⋅]10[⁻⁰¹²³⁴-⁹]+")
_HASH = re.compile(r"#(\d+|[^\W_]+)")
_APOSTROPHE = re.compile(r"([^'’]+)['’](s|S)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_FOOTNOTE = re.compile(r"([^\W\d_]{3,}|.*\))(?:[¹²³⁴-⁹⁰]+|[*†‡]+)|(.+)[™®℠]+")
_PREFIXED = re.compile(r"([§¶№©∠△∀∃¬∂∇√])(.+)")
_PER = word_set(
    "second minute hour day week month year person capita student unit item page night head"
)
_RANGED = re.compile(r"[$€£¥]?\d[^-–]*|[A-Z]|\d+(?:st|nd|rd|th)")
_RAISED_RANGE = re.compile(r"[-–]")
_HYPHENS = re.compile(r"[-‐‑–—\u2212]+")


@functools.lru_cache(maxsize=16384)
def say_word(text: str) -> str:
    """What is said for a word without the punctuation around it."""
    text = normalize_characters(text).replace("‘", "'").replace("’", "'")
    if not text:
        return ""
    if len(text) > LONGEST_WORD:
        return say_characters(text)
    for rule in _RULES:
        said = rule(text)
        if said is not None:
            return said
    return say_characters(text)


def _say_plain_word(text: str) -> str | None:
    """An ordinary word, as most words are."""
    if not _WORD.fullmatch(text) or not text.replace("'", "").isalpha():
        return None
    lowered = text.lower()
    if lowered in acronyms.RESPELLED and (not text.islower() or lowered not in _AMBIGUOUS):
        return acronyms.RESPELLED[lowered]
    if lowered in ABBREVIATIONS and lowered not in ("et", "al"):
        return ABBREVIATIONS[lowered]
    if text.islower() or text[1:].islower():
        return letters.say_greek(text) or text
    if len(text) == 1:
        return GREEK.get(text, text)
    if (said := letters.say_greek(text)) is not None:
        return said
    if (said := acronyms.say_initialism(text)) is not None:
        return said
    if text.isupper():
        return text.lower() if text in acronyms.AS_WORDS or len(text) > 1 else text
    core = text.removesuffix("'s")
    if core != text:
        return say_word(core) + "'s"
    return acronyms.say_mixed_name(text) or text


_AMBIGUOUS = frozenset({"ph", "ide", "ok", "latex", "ios", "nan", "iot", "hela"})
"""Respelled names that are read as plain words when they are written in small letters."""


def _say_without_footnote_mark(text: str) -> str | None:
    """Marks of footnotes (`word¹`) and trademarks (`Word™`) are not read."""
    match = _FOOTNOTE.fullmatch(text)
    if match is None or (match[1] and (match[1] in _RAISED or not match[1][-1:].islower())):
        return None
    if units.say_unit(text) is not None:
        return None
    return say_word(match[1] or match[2])


_RAISED = frozenset({"sin", "cos", "tan", "log", "sec", "cot"})


def _say_prefixed(text: str) -> str | None:
    """`§5`, `©2024`, `∠ABC`."""
    match = _PREFIXED.fullmatch(text)
    if match is None or not match[2][0].isalnum():
        return None
    rest = match[2]
    if match[1] == "©" and numbers.could_be_year(rest):
        return f"copyright {numbers.say_year(int(rest))}"
    said = acronyms.spell_letters(rest) if match[1] in "∠△" and rest.isupper() else say_word(rest)
    return f"{NAMES[match[1]]} {said}"


def _say_rate(text: str) -> str | None:
    """`$3/kg`, `$100/month`, `days/week`."""
    left, slash, right = text.rpartition("/")
    if not slash or not left:
        return None
    amount = units.say_money(left) or amounts.say_measure(left)
    below = units.say_unit(right, one=True) or (right if right in _PER else None)
    if below and (amount or (right in _PER and _WORD.fullmatch(left))):
        return f"{amount or say_word(left)} per {below}"
    return None


def _say_numbered_name(text: str) -> str | None:
    """`HTTP/2`."""
    match = re.fullmatch(r"([A-Z]{2,})/(\d(?:\.\d)?)|(C\+\+|C#)(\d+)", text)
    if match is None:
        return None
    name, number = match[1] or match[3], match[2] or match[4]
    return f"{say_word(name)} {numbers.say_number(number)}"


def _say_range(text: str) -> str | None:
    """`5%–10%`, `9am–5pm`, `Mon–Fri`, `A–Z`, `1st–3rd`."""
    parts = _RAISED_RANGE.split(text)
    if len(parts) != 2 or not all(parts):
        return None
    first, second = parts
    named = [_find_calendar_name(part) for part in parts]
    if all(named):
        return " to ".join(name for name in named if name)
    both = all(_RANGED.fullmatch(part) for part in parts)
    if not both or (first.isupper() and "-" in text):
        return None
    if first.isdecimal() and second.isdecimal():
        return None
    return f"{say_word(first)} to {say_word(second)}"


def _find_calendar_name(text: str) -> str | None:
    weekday = WEEKDAYS.get(f"{text.lower()}.") if text[:1].isupper() else None
    month = MONTHS.get(text.lower()) if text[:1].isupper() else None
    return weekday or month or (text if text in dates.MONTH_NAMES else None)


def _say_abbreviation(text: str) -> str | None:
    lowered = text.lower()
    if lowered in _AMBIGUOUS or lowered in ("et", "al"):
        return None
    return (
        ABBREVIATIONS.get(lowered)
        or (WEEKDAYS.get(lowered) if text[:1].isupper() else None)
        or (TITLES.get(lowered) if lowered in ("mr.", "mrs.", "ms.", "dr.", "prof.") else None)
        or acronyms.RESPELLED.get(lowered)
        or (dates.find_month(text) if text.endswith(".") else None)
    )


def _say_known_name(text: str) -> str | None:
    """A name that could also be a chemical compound: NaN, HeLa."""
    return acronyms.RESPELLED.get(text.lower()) if text[:1].isupper() else None


def _say_marked_name(text: str) -> str | None:
    """`CD4+`, `A*`."""
    if text[-1] not in "+*" or len(text) < 2 or not text[:-1].isalnum():
        return None
    return f"{say_word(text[:-1])} {'plus' if text[-1] == '+' else 'star'}"


def _say_applied_function(text: str) -> str | None:
    """A function in plain text: `f(x)`, `O(n`, `χ²(3)`."""
    match = re.fullmatch(r"([a-zA-Zα-ω][²³]?)\(([^()]+)\)?(?:\^(\d))?", text)
    if match is None or text.endswith("(s)"):
        return None
    power = f" {powers.say_exponent(match[3])}" if match[3] else ""
    base = powers.say_letter(match[1]) if len(match[1]) == 1 else say_word(match[1])
    return f"{base} of {say_word(match[2])}{power}"


def _say_scripts(text: str) -> str | None:
    """Like `powers.say_scripts`, for text that is not an amount, a unit or a compound."""
    if text.isascii() or amounts.say_measure(text) or chemistry.say_compound(text):
        return None
    if _TIMES_POWER.fullmatch(text):
        mantissa, _, power = (
            text.replace("x", "×").replace("·", "×").replace("⋅", "×").partition("×")
        )
        return f"{amounts.say_number(mantissa)} times {powers.say_scripts(power)}"
    return powers.say_scripts(text)


def _say_hash(text: str) -> str | None:
    match = _HASH.fullmatch(text)
    if match is None:
        return None
    return f"{'number' if match[1].isdecimal() else 'hash'} {say_word(match[1])}"


def _say_hyphenated(text: str) -> str | None:
    """Words joined by hyphens. Ordinary words stay joined; others are read one by one."""
    if not _HYPHENS.search(text):
        return None
    parts = [part for part in _HYPHENS.split(text) if part]
    if not parts:
        return ""
    said = [
        numbers.say_in_name(part)
        if part.isdecimal() and 2 < len(part) < 5 and position and parts[position - 1].isalpha()
        else say_word(part)
        for position, part in enumerate(parts)
    ]
    joint = " " if re.search("[–—]", text) else "-"
    ordinary = all(re.fullmatch(r"[^\W\d_]+(?:'[^\W\d_]+)*", part) for part in said)
    if any(len(part) == 1 for part in parts):
        joint, ordinary = " ", False
    if said == parts or (ordinary and [s.lower() for s in said] == [p.lower() for p in parts]):
        return joint.join(said)
    return " ".join(filter(None, said))


_EITHER = frozenset({"he/she", "she/he", "his/her", "him/her", "yes/no", "true/false", "on/off"})
"""Words between which a slash means "or"."""

_JOINTS = {
    "/": "slash",
    "&": "and",
    "+": "plus",
    "|": "or",
    "*": "times",
    "@": "at",
    ":=": "is defined as",
    "±": "plus or minus",
}


def _say_joined(text: str) -> str | None:
    """Parts joined by slashes, ampersands and other signs."""
    match = re.fullmatch(
        r"(.+?)(\+/-|[/&|+=<>~→←⇒·×÷±≈≠≤≥@*:;,…()\[\]{}\"!?\u00a0\u202f]+)(.+)", text
    )
    if match is None:
        return None
    left, sign, right = match.groups()
    if sign == "/" and left.lower() == "and" and right.lower() == "or":
        return "and or"
    name = _JOINTS.get(sign)
    if name is None:
        name = OPERATORS.get(sign) or NAMES.get(sign) or say_signs(sign)
    if sign == "/" and _WORD.fullmatch(left) and _WORD.fullmatch(right) and len(left) > 1:
        name = "or" if text.lower() in _EITHER else "slash"
    if sign in ("…", ",", ":", ";", "!", "?"):
        name = ""
    if sign in ("·", "*", "+", "=", "×", "^", "−"):
        sides = [
            powers.say_letter(side) if len(side) == 1 and side.isalpha() else say_word(side)
            for side in (left, right)
        ]
    else:
        sides = [say_word(left), say_word(right)]
    return " ".join(filter(None, (sides[0], name, sides[1])))


def _say_mixed(text: str) -> str | None:
    readable = all(char.isalpha() or char.isdecimal() or char in "₀₁₂₃₄₅₆₇₈₉" for char in text)
    if readable and any(char.isalpha() for char in text):
        return acronyms.say_name_parts(text)
    return None


def _say_possessive(text: str) -> str | None:
    match = _APOSTROPHE.fullmatch(text)
    return say_word(match[1]) + "'s" if match else None


def _say_identifier(text: str) -> str | None:
    if re.fullmatch(r"[^\W\d]\w*(?:[._]\w+)+(?:\(\))?|_+\w+|\w+\(\)", text):
        return identifiers.say_expression(text)
    return None


# The first rule that recognizes a word reads it. Rules for special words come first, and rules that
# accept almost anything come last; the comments name what a later rule would make of the example.
_RULES: tuple[Callable[[str], str | None], ...] = (
    letters.say_accented_variable,  # ŷ: an ordinary word
    letters.say_sound,  # /θ/: a path
    _say_abbreviation,  # e.g.: dotted letters; w/o: "w slash o"; 24/7: a fraction
    _say_without_footnote_mark,  # word¹: "to the first"; word*: "word star"
    _say_known_name,  # NaN: sodium and nitrogen
    chemistry.say_compound,  # NaOH: mixed case; 2H2: two henries squared; Na+: "plus" after a name
    _say_applied_function,  # O(n²): letters with powers; f(x): two words
    _say_scripts,  # a₁, 2ⁿ: letters and digits without their position
    _say_plain_word,  # most words end here, and no rule below looks at them
    letters.say_nth,  # n-th: two words
    amounts.say_number,  # 1,000: a list of numbers; -5: a hyphen
    addresses.say_address,  # https://a.org: parts around signs
    letters.say_dotted_letters,  # Z.B: parts around a full stop
    dates.say_date,  # 09.11.1989: a version; 2023-10-01: hyphens
    dates.say_time,  # 5pm: five picometers; 14:30: a ratio
    units.say_money,  # -$5: a hyphen; $1,234.56: parts around a comma
    amounts.say_ordinal,  # 22nd: digits and letters
    amounts.say_decade,  # 90s: ninety seconds; 1950's: a possessive
    amounts.say_version,  # v2.0: a name in code
    amounts.say_phone_number,  # 555-1234: a range
    amounts.say_range,  # 1914-18: hyphens
    amounts.say_money_range,  # $5–$10: "five dollars to ten dollars"
    amounts.say_fraction,  # 2/3: "two slash three"
    amounts.say_open_number,  # 10,000+: parts around a comma
    amounts.say_angle,  # 6′2″: feet and inches without their names
    amounts.say_number_list,  # 3,5: "three five"
    _say_rate,  # $20/hour: "slash"
    amounts.say_dimensions,  # 3×3: "times"
    amounts.say_scientific,  # 1e-9: a range
    powers.say_power,  # 10^-9: a range
    letters.say_greek_product,  # 2πr: digits and letters
    amounts.say_measure,  # 100-m: hyphens; 8bn: digits and letters
    amounts.say_ratio,  # 16:9: "sixteen nine"
    _say_hash,  # #topic: "number topic"
    _say_prefixed,  # ©2024: a plain number after a sign
    _say_numbered_name,  # HTTP/2: "slash"
    addresses.say_file_name,  # ../img.png: parts around slashes
    _say_possessive,  # GPT4's: letters with a sign between them
    _say_identifier,  # get_name: parts around underscores
    _say_range,  # A–Z: hyphens
    _say_hyphenated,  # well-known
    _say_mixed,  # GPT4: letters and digits
    _say_marked_name,  # CD4+
    _say_joined,  # anything with a sign in the middle
)
