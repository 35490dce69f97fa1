"""Languages other than English: numbers, units, currencies and signs in words.

German, French, Spanish and Italian have tables here; elsewhere num2words says whole numbers, and
signs and what it cannot say are passed on to the voice as they are written.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from lessons.speakable.compatibility import normalize_characters
from lessons.speakable.locales import LOCALES, Locale
from lessons.speakable.symbols import FROM_SUPERSCRIPT, GREEK
from lessons.speakable.words import WrittenWord
from lessons.wordset import word_set

PASSED_ON = frozenset("%‰€$£¥+=<>×÷±°§&@#²³½¼¾/−√π∞0123456789")
"""Kept for voices of languages without a table."""

LONGEST_WORD = 120
"""Characters; what is longer is left to the voice."""

_LEADING = "([{\"'“”‘«‹„‚¿¡<"
_TRAILING = ")]}\"'”“’»›.,;:!?…"
_NUMBER = r"\d{1,3}(?:[.\u00a0\u202f ’']\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_AMOUNT = re.compile(rf"([-−–+±~≈<>≤≥]?)([€$£¥]?)({_NUMBER})(\D.*)?")
_RANGE = re.compile(rf"({_NUMBER})[-–]({_NUMBER})(\D.*)?")
_CLOCK = re.compile(r"(\d{1,2})[:h](\d{2})")
_ORDINAL = re.compile(r"(\d{1,4})(?:\.?([ºª°])|(er|re|ère|e|è|ème|nd|nde))")
_FRACTIONS = {"½": 0, "¼": 1, "¾": 2}


def find_locale(language: str) -> Locale | None:
    return LOCALES.get(language.partition("-")[0].lower())


def read_sentence(words: Sequence[WrittenWord], tongue: Locale) -> list[tuple[str, bool]]:
    """What is said for the text of each word, and whether a full stop after it is one of the
    sentence."""
    cores = [_strip_punctuation(word.text) for word in words]
    said: list[str | None] = [None] * len(words)
    for at in range(len(cores)):
        if said[at] is None:
            _read_in_context(cores, said, at, tongue)
    last = len(cores) - 1
    return [
        (one or "", at == last or not _keeps_full_stop(cores, at, tongue))
        for at, one in enumerate(said)
    ]


def _keeps_full_stop(cores: list[str], at: int, tongue: Locale) -> bool:
    """Whether the full stop after a word belongs to an abbreviation or an ordinal."""
    core, following = cores[at].lower(), cores[at + 1]
    before = cores[at - 1].lower() if at else ""
    return (
        core in tongue.abbreviations
        or (core, following.lower()) in tongue.pairs
        or (before, core) in tongue.pairs
        or (core.isdecimal() and (following in _GERMAN_MONTHS or following[:1].islower()))
    )


def _strip_punctuation(text: str) -> str:
    text = normalize_characters(text)
    rest = text.lstrip(_LEADING)
    bare = rest.rstrip(_TRAILING) or text
    return bare


def _read_in_context(cores: list[str], said: list[str | None], at: int, tongue: Locale) -> None:
    core = cores[at]
    following = cores[at + 1] if at + 1 < len(cores) else ""
    pair = tongue.pairs.get((core.lower(), following.lower()))
    if pair is not None:
        said[at], said[at + 1] = pair
        return
    if core in tongue.currencies and _is_number(following):  # $ 10
        said[at] = say_number(following, tongue)
        said[at + 1] = tongue.currencies[core][following != "1"]
        return
    if _is_number(core):
        joined, size = _join_digit_groups(cores, at)
        if size > 1:
            said[at + 1 : at + size] = [""] * (size - 1)
            following = cores[at + size] if at + size < len(cores) else ""
        if following in tongue.currencies and "," in joined:
            said[at] = _say_money(joined, following, tongue)
            said[at + size] = ""
            return
        name = say_unit(following, tongue, one=joined.strip("+-−–") == "1")
        if name is not None:
            said[at], said[at + size] = say_number(joined, tongue), name
            return
        before = cores[at - 1].lower() if at else ""
        if tongue.code == "de" and (day := _say_german_day(joined, before, following)):
            said[at] = day
            return
        said[at] = say_number(joined, tongue)
        return
    clock = _CLOCK.fullmatch(core)
    if clock and int(clock[1]) < 25 and int(clock[2]) < 60:
        said[at] = tongue.clock.format(say_cardinal(int(clock[1]), tongue), "").strip()
        if int(clock[2]):
            hour, minute = say_cardinal(int(clock[1]), tongue), say_cardinal(int(clock[2]), tongue)
            said[at] = tongue.clock.format(hour, minute)
        if following in ("Uhr", "h"):
            said[at + 1] = ""
        return
    said[at] = say_word(core, tongue)


def _join_digit_groups(cores: list[str], at: int) -> tuple[str, int]:
    """`10 000` in two words: the number and how many words it takes."""
    size = 1
    if re.fullmatch(r"\d{1,3}", cores[at]):
        while at + size < len(cores) and re.fullmatch(r"\d{3}(?:,\d+)?", cores[at + size]):
            size += 1
    if size == 2 and not cores[at + 1].startswith("0"):
        size = 1
    return "".join(cores[at : at + size]), size


_OBLIQUE = frozenset({"am", "dem", "den", "im", "vom", "zum", "beim", "des", "ab", "bis", "seit"})
_GERMAN_MONTHS = word_set(
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
)


def _say_german_day(core: str, before: str, following: str) -> str | None:
    if not re.fullmatch(r"\d{1,2}", core) or following not in _GERMAN_MONTHS:
        return None
    return _say_ordinal(int(core), "de") + ("n" if before in _OBLIQUE else "")


def _is_number(core: str) -> bool:
    return re.fullmatch(rf"[-−–+±]?(?:{_NUMBER})", core) is not None


@functools.lru_cache(maxsize=8192)
def say_word(core: str, tongue: Locale) -> str:
    """A word by itself."""
    known = tongue.signs.get(core) or tongue.abbreviations.get(core.lower())
    if known is not None:
        return known
    if not core or (core.isalpha() and not _is_greek(core)) or len(core) > LONGEST_WORD:
        return core
    if _is_greek(core):
        return GREEK[core].removeprefix("capital ")
    if ordinal := _ORDINAL.fullmatch(core):
        number_said = _say_ordinal(int(ordinal[1]), tongue.code)
        feminine = ordinal[2] == "ª" or ordinal[3] in ("re", "ère", "nde")
        return _make_feminine(number_said, tongue.code) if feminine else number_said
    if core in _FRACTIONS:
        return tongue.fractions[_FRACTIONS[core]]
    if ranged := _RANGE.fullmatch(core):
        ending = say_unit(ranged[3] or "", tongue) or (ranged[3] or "")
        low, high = say_number(ranged[1], tongue), say_number(ranged[2], tongue)
        return " ".join(filter(None, (low, tongue.to, high, ending)))
    amount = _AMOUNT.fullmatch(core)
    if amount is not None and not _ORDINAL.fullmatch(core):
        sign, currency, digits, rest = amount.groups()
        words = [tongue.signs.get(sign, "") if sign else "", say_number(digits, tongue)]
        if currency:
            return " ".join(filter(None, (words[0], _say_money(digits, currency, tongue), rest)))
        if rest:
            if rest in tongue.currencies:
                return " ".join(filter(None, (words[0], _say_money(digits, rest, tongue))))
            words.append(
                say_unit(rest.lstrip("\u00a0\u202f-"), tongue, one=digits == "1")
                or _say_mixed(rest, tongue)
            )
        return " ".join(filter(None, words))
    return _say_mixed(core, tongue)


def _is_greek(core: str) -> bool:
    return len(core) == 1 and core in GREEK


_LETTERS = r"(?:(?![²³¹⁰-₟½¼¾])[^\W\d_])+"
_PARTS = re.compile(rf"\d+|{_LETTERS}(?:['’-]{_LETTERS})*|.", re.DOTALL)


def _say_mixed(core: str, tongue: Locale) -> str:
    """Letters as they are, digits as numbers, signs by name."""
    said: list[str] = []
    for part in _PARTS.findall(core):
        if part.isdecimal():
            said.append(
                say_cardinal(int(part), tongue) if len(part) < 16 else _say_digits(part, tongue)
            )
        elif part in tongue.signs:
            said.append(tongue.signs[part])
        elif part in FROM_SUPERSCRIPT:
            power = FROM_SUPERSCRIPT[part]
            said.append(tongue.powers.format(_say_power(power, tongue)))
        else:
            said.append(GREEK.get(part) or part)
    return " ".join(said)


def _say_power(text: str, tongue: Locale) -> str:
    return say_cardinal(int(text), tongue) if text.isdecimal() else tongue.signs.get(text, text)


def say_number(text: str, tongue: Locale) -> str:
    """`1.000`, `3,14`, `-5`."""
    sign = text[0] if text[:1] in "+-−–±" else ""
    bare = text[len(sign) :]
    if re.fullmatch(r"\d{1,3}(?:[.\u00a0\u202f ’']\d{3})+(?:,\d+)?", bare):
        bare = re.sub(r"[^\d,]", "", bare)
    whole, point, decimals = bare.replace(".", ",").partition(",")
    if len(whole) > 15 or (len(whole) > 1 and whole[0] == "0"):
        said = _say_digits(whole, tongue)
    elif tongue.code == "de" and not point and re.fullmatch(r"1[1-9]\d\d", text):
        said = _say_german_year(int(whole))
    else:
        said = say_cardinal(int(whole), tongue)
    if point and decimals:
        paired = tongue.pairs_decimals and decimals[0] != "0" and len(decimals) < 3
        rest = say_cardinal(int(decimals), tongue) if paired else _say_digits(decimals, tongue)
        said += f" {tongue.point} {rest}"
    return f"{tongue.signs[sign]} {said}" if sign else said


def _say_digits(text: str, tongue: Locale) -> str:
    return " ".join(say_cardinal(int(char), tongue) for char in text)


def _say_money(digits: str, currency: str, tongue: Locale) -> str:
    one, many = tongue.currencies[currency]
    whole, _, cents = digits.replace(".", ",").partition(",")
    if len(cents) != 2:
        return f"{say_number(digits, tongue)} {one if digits == '1' else many}"
    rest = f" {say_cardinal(int(cents), tongue)}" if int(cents) else ""
    return f"{say_cardinal(int(whole), tongue)} {one if whole == '1' else many}{rest}"


def say_unit(symbol: str, tongue: Locale, *, one: bool = False) -> str | None:
    """`km`, `km/h`, `m²`, `%`, `€`."""
    if symbol in tongue.units:
        return tongue.units[symbol][not one]
    if symbol in tongue.currencies:
        return tongue.currencies[symbol][not one]
    above, slash, below = symbol.partition("/")
    if slash and above and below:
        first, second = say_unit(above, tongue, one=one), say_unit(below, tongue, one=True)
        return f"{first} {tongue.per} {second}" if first and second else None
    if symbol[-1:] in ("²", "³") and symbol[:-1] in tongue.units:
        name = tongue.units[symbol[:-1]][not one]
        return tongue.squared[symbol[-1] == "³"].format(name)
    return None


@functools.lru_cache(maxsize=4096)
def _say_numeral(value: int, code: str, form: str) -> str:
    from num2words import num2words

    return str(num2words(value, lang=code, to=form))


def say_cardinal(value: int, tongue: Locale) -> str:
    return _say_numeral(value, tongue.code, "cardinal")


def _say_german_year(value: int) -> str:
    return _say_numeral(value, "de", "year")


def _say_ordinal(value: int, code: str) -> str:
    return _say_numeral(value, code, "ordinal")


def _make_feminine(said: str, code: str) -> str:
    if code == "fr":
        return "première" if said == "premier" else said
    return said[:-1] + "a" if said.endswith("o") else said


@functools.lru_cache(maxsize=4096)
def say_without_locale(text: str, language: str) -> str:
    """A word of a language without a table: whole numbers in words where num2words knows how."""
    return " ".join(
        _say_whole_number(part, language) if part.isdecimal() else part
        for part in re.findall(r"\d+|\D+", normalize_characters(text))
    )


def _say_whole_number(digits: str, language: str) -> str:
    plain = "".join(str(int(char)) for char in digits)
    if len(plain) > 15:
        return plain
    try:
        return _say_numeral(int(plain), language.partition("-")[0].lower(), "cardinal")
    except (NotImplementedError, ValueError, OverflowError, TypeError):
        return plain
