"""One written English word by itself to what is said for it."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable

from lessons.speakable import (
    acronyms,
    amounts,
    chemistry,
    dates,
    identifiers,
    numbers,
    powers,
    units,
)
from lessons.speakable.abbreviations import ABBREVIATIONS, TITLES, WEEKDAYS
from lessons.speakable.symbols import (
    GREEK,
    NAMES,
    OPERATORS,
)

LONGEST_WORD = 120
"""Characters; what is longer is no word, and its letters and digits are read as they come."""

_NUM = numbers.PLAIN.pattern
_TIMES_POWER = re.compile(rf"[-−]?(?:{_NUM})[x×·⋅]10[⁻⁰¹²³⁴-⁹]+")
_HASH = re.compile(r"#(\d+|[^\W_]+)")
_APOSTROPHE = re.compile(r"([^'’]+)['’](s|S)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_HYPHENS = re.compile(r"[-‐‑–—\u2212]+")


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
    return " ".join(GREEK.get(part) or powers.letter(part) for part in parts)


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


def _applied(text: str) -> str | None:
    """A function in plain text: `f(x)`, `O(n`."""
    match = re.fullmatch(r"([a-zA-Z])\(([^()]+)\)?(?:\^(\d))?", text)
    if match is None:
        return None
    power = f" {powers.exponent(match[3])}" if match[3] else ""
    return f"{powers.letter(match[1])} of {say_word(match[2])}{power}"


def _scripts_alone(text: str) -> str | None:
    """As `powers.scripts`, for what is no amount, unit or compound of chemistry."""
    if text.isascii() or amounts.measure(text) or chemistry.chemical(text):
        return None
    if _TIMES_POWER.fullmatch(text):
        mantissa, _, power = (
            text.replace("x", "×").replace("·", "×").replace("⋅", "×").partition("×")
        )
        return f"{amounts.number(mantissa)} times {powers.scripts(power)}"
    return powers.scripts(text)


def _hash(text: str) -> str | None:
    match = _HASH.fullmatch(text)
    if match is None:
        return None
    return f"{'number' if match[1].isdecimal() else 'hash'} {say_word(match[1])}"


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


_EITHER = frozenset({"he/she", "she/he", "his/her", "him/her", "yes/no", "true/false", "on/off"})


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
        name = "or" if text.lower() in _EITHER else "slash"
    if sign in ("…", ",", ":", ";", "!", "?"):
        name = ""
    return " ".join(filter(None, (say_word(left), name, say_word(right))))


def _chemistry(text: str) -> str | None:
    return chemistry.chemical(text)


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
    amounts.number,
    identifiers.address,
    _abbreviation,
    _dotted_letters,
    dates.date,
    dates.time,
    units.money,
    amounts.ordinal,
    amounts.decade,
    amounts.version,
    amounts.phone,
    amounts.span,
    amounts.money_range,
    amounts.fraction,
    amounts.more,
    _applied,
    amounts.times,
    amounts.scientific,
    powers.power,
    amounts.measure,
    amounts.ratio,
    _hash,
    _chemistry,
    identifiers.file_name,
    _possessive,
    _identifier,
    _compound,
    _mixed,
    _joined,
)
