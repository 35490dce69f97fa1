"""Languages that have a locale (German, French, Spanish and Italian): numbers, units, currencies
and signs in words."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from foundation.languages import primary
from lessons.speakable.compatibility import normalize_characters
from lessons.speakable.locales import GERMAN_MONTHS, LOCALES, Locale
from lessons.speakable.punctuation import LEADING, TRAILING
from lessons.speakable.symbols import FROM_SUPERSCRIPT, GREEK
from lessons.speakable.words import WrittenWord

LONGEST_WORD = 120
"""Characters. Anything longer is passed on to the voice."""

_NUMBER = r"\d{1,3}(?:[.\u00a0\u202f ’']\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?"
_AMOUNT = re.compile(rf"([-−–+±~≈<>≤≥]?)([€$£¥]?)({_NUMBER})(\D.*)?")
_RANGE = re.compile(rf"({_NUMBER})[-–]({_NUMBER})(\D.*)?")
_CLOCK = re.compile(r"(\d{1,2})[:h](\d{2})")
_ORDINAL = re.compile(r"(\d{1,4})(?:\.?([ºª°])|(er|re|ère|e|è|ème|nd|nde))")
_FIRST_GROUP = re.compile(r"[-−–+±]?[1-9]\d{0,2}")
_NEXT_GROUP = re.compile(r"\d{3}(?!\d)")
_LAST_GROUP = re.compile(rf"\d{{3}}(?:,\d+)?[{re.escape(TRAILING)}]*")
_FRACTIONS = {"½": 0, "¼": 1, "¾": 2}


def find_locale(language: str) -> Locale | None:
    return LOCALES.get(primary(language))


class ReadWord(NamedTuple):
    """What is said for the text of a word, whether a full stop after it ends the sentence, and
    whether it is said with the word before it, as the groups of a number are."""

    said: str
    stops: bool = True
    joined: bool = False


def read_sentence(words: Sequence[WrittenWord], locale: Locale) -> list[ReadWord]:
    """What is said for the text of each word."""
    sentence = _ForeignSentence(
        [_strip_punctuation(word.text) for word in words], [word.text for word in words], locale
    )
    for at in range(len(words)):
        if sentence.said[at] is None:
            _read_in_context(sentence, at)
    last = len(words) - 1
    return [
        ReadWord(
            said or "", at == last or not _keeps_full_stop(sentence, at), at in sentence.joined
        )
        for at, said in enumerate(sentence.said)
    ]


@dataclass(slots=True)
class _ForeignSentence:
    """The words without their punctuation and with it, what is said for each (None: not read yet),
    and which are said with the word before them."""

    words: list[str]
    texts: list[str]
    locale: Locale
    said: list[str | None] = field(init=False)
    joined: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.said = [None] * len(self.words)

    def join(self, first: int, last: int) -> None:
        """Let the words `first` to `last` (exclusive) be said with the word before them."""
        self.said[first:last] = [""] * (last - first)
        self.joined.update(range(first, last))

    def word(self, at: int) -> str:
        """The word at a position; empty before the first and after the last one."""
        return self.words[at] if 0 <= at < len(self.words) else ""


def _keeps_full_stop(sentence: _ForeignSentence, at: int) -> bool:
    """Whether the full stop after a word belongs to an abbreviation or an ordinal."""
    before, word, following = (sentence.word(at + step).lower() for step in (-1, 0, 1))
    written = sentence.word(at + 1)
    return (
        word in sentence.locale.abbreviations
        or (word, following) in sentence.locale.pairs
        or (before, word) in sentence.locale.pairs
        or (word.isdecimal() and (written in GERMAN_MONTHS or written[:1].islower()))
    )


def _strip_punctuation(text: str) -> str:
    text = normalize_characters(text)
    return text.lstrip(LEADING).rstrip(TRAILING) or text


def _read_in_context(sentence: _ForeignSentence, at: int) -> None:
    for rule in _CONTEXT_RULES:
        if rule(sentence, at):
            return
    sentence.said[at] = say_word(sentence.words[at], sentence.locale)


def _read_pair(sentence: _ForeignSentence, at: int) -> bool:
    """`z. B.`: an abbreviation of two words."""
    pair = sentence.locale.pairs.get((sentence.word(at).lower(), sentence.word(at + 1).lower()))
    if pair is None:
        return False
    sentence.said[at], sentence.said[at + 1] = pair
    return True


def _read_currency(sentence: _ForeignSentence, at: int) -> bool:
    """`$ 10`: the sign comes first, but is said last."""
    names, amount = sentence.locale.currencies.get(sentence.word(at)), sentence.word(at + 1)
    if names is None or not _is_number(amount):
        return False
    sentence.said[at] = say_number(amount, sentence.locale)
    sentence.said[at + 1] = names[amount != "1"]
    return True


def _read_number(sentence: _ForeignSentence, at: int) -> bool:
    """A number, in one word or in groups of digits, and the unit or currency after it."""
    said, locale = sentence.said, sentence.locale
    if not _is_number(sentence.word(at)):
        return False
    size = count_digit_groups(sentence.texts, at)
    digits = "".join(sentence.words[at : at + size])
    sentence.join(at + 1, at + size)
    following = sentence.word(at + size)
    if following in locale.currencies and "," in digits:
        said[at] = _say_money(digits, following, locale)
        sentence.join(at + size, at + size + 1)
        return True
    name = say_unit(following, locale, one=digits.strip("+-−–") == "1")
    if name is not None:
        said[at], said[at + size] = say_number(digits, locale), name
        return True
    day = None
    if locale.code == "de":
        day = _say_german_day(digits, sentence.word(at - 1).lower(), following)
    said[at] = day or say_number(digits, locale)
    return True


def _read_clock(sentence: _ForeignSentence, at: int) -> bool:
    """`14:30 Uhr`, `9h15`."""
    clock, locale = _CLOCK.fullmatch(sentence.word(at)), sentence.locale
    if clock is None or int(clock[1]) > 24 or int(clock[2]) > 59:
        return False
    hour = say_cardinal(int(clock[1]), locale)
    minute = say_cardinal(int(clock[2]), locale) if int(clock[2]) else ""
    sentence.said[at] = locale.clock.format(hour, minute)
    if not minute:
        sentence.said[at] = locale.clock.format(hour, "").strip()
    if sentence.word(at + 1) in ("Uhr", "h"):
        sentence.join(at + 1, at + 2)
    return True


def _read_dot(sentence: _ForeignSentence, at: int) -> bool:
    """`Theorie · Praxis`: a dot between words is no product and is not said."""
    around = (sentence.word(at - 1), sentence.word(at + 1))
    if sentence.word(at) != "·" or all(map(_is_factor, around)):
        return False
    if "=" in [sentence.word(at + distance) for distance in (-6, -4, -2, 2)]:
        return False
    sentence.said[at] = ""
    return True


def _is_factor(core: str) -> bool:
    return _is_number(core) or len(core) == 1


# The first rule that applies reads the word and those that belong to it.
_CONTEXT_RULES: tuple[Callable[[_ForeignSentence, int], bool], ...] = (
    _read_pair,  # before the words of a pair are read one by one
    _read_currency,  # "$ 10" would be "dollars ten"
    _read_number,
    _read_clock,
    _read_dot,
)


def count_digit_groups(texts: Sequence[str], at: int) -> int:
    """How many words a number takes that may be written in groups of three, as `299 792 km`: 1 if
    it is not. Words of digits that stand in a longer row, such as those of a telephone number, are
    none; nor are those with punctuation between them."""
    if not _FIRST_GROUP.fullmatch(texts[at].lstrip(LEADING)):
        return 1
    if at and texts[at - 1][-1:].isdecimal():
        return 1
    size = 1
    while at + size < len(texts) and (group := _NEXT_GROUP.match(texts[at + size])):
        size += 1
        if group.end() < len(texts[at + size - 1]):  # punctuation or decimals, which end it
            whole = _LAST_GROUP.fullmatch(texts[at + size - 1])
            return size if whole else 1
    row = size > 1 and at + size < len(texts) and texts[at + size][:1].isdecimal()
    return 1 if row else size


_OBLIQUE = frozenset({"am", "dem", "den", "im", "vom", "zum", "beim", "des", "ab", "bis", "seit"})


def _say_german_day(core: str, before: str, following: str) -> str | None:
    if not re.fullmatch(r"\d{1,2}", core) or following not in GERMAN_MONTHS:
        return None
    return _say_ordinal(int(core), "de") + ("n" if before in _OBLIQUE else "")


def _is_number(core: str) -> bool:
    return re.fullmatch(rf"[-−–+±]?(?:{_NUMBER})", core) is not None


@functools.lru_cache(maxsize=8192)
def say_word(core: str, locale: Locale) -> str:
    """What is said for a word that stands alone."""
    for rule in _WORD_RULES:
        said = rule(core, locale)
        if said is not None:
            return said
    return _say_mixed(core, locale)


def _say_known(core: str, locale: Locale) -> str | None:
    if core.isupper() and len(core) > 1:  # a name, such as ENV
        return locale.signs.get(core)
    return locale.signs.get(core) or locale.abbreviations.get(core.lower())


def _say_as_written(core: str, _locale: Locale) -> str | None:
    ordinary = core.isalpha() and not _is_greek(core)
    return core if ordinary or not core or len(core) > LONGEST_WORD else None


def _say_greek(core: str, _locale: Locale) -> str | None:
    return GREEK[core].removeprefix("capital ") if _is_greek(core) else None


def _say_ordinal_word(core: str, locale: Locale) -> str | None:
    """`1er`, `2ª`."""
    ordinal = _ORDINAL.fullmatch(core)
    if ordinal is None:
        return None
    said = _say_ordinal(int(ordinal[1]), locale.code)
    feminine = ordinal[2] == "ª" or ordinal[3] in ("re", "ère", "nde")
    return _make_feminine(said, locale.code) if feminine else said


def _say_fraction(core: str, locale: Locale) -> str | None:
    return locale.fractions[_FRACTIONS[core]] if core in _FRACTIONS else None


def _say_range(core: str, locale: Locale) -> str | None:
    """`10-20km`."""
    match = _RANGE.fullmatch(core)
    if match is None:
        return None
    ending = say_unit(match[3] or "", locale) or (match[3] or "")
    low, high = say_number(match[1], locale), say_number(match[2], locale)
    return " ".join(filter(None, (low, locale.to, high, ending)))


def _say_amount(core: str, locale: Locale) -> str | None:
    """`-5`, `€3,50`, `3,50€`, `25km/h`."""
    amount = _AMOUNT.fullmatch(core)
    if amount is None:
        return None
    sign, currency, digits, rest = amount.groups()
    before = locale.signs.get(sign, "") if sign else ""
    if currency:
        return " ".join(filter(None, (before, _say_money(digits, currency, locale), rest)))
    if rest in locale.currencies:
        return " ".join(filter(None, (before, _say_money(digits, rest, locale))))
    after = ""
    if rest:
        unit = say_unit(rest.lstrip("\u00a0\u202f-"), locale, one=digits == "1")
        after = unit or _say_mixed(rest, locale)
    return " ".join(filter(None, (before, say_number(digits, locale), after)))


# The first rule that recognizes a word reads it. All rules take the same parameters.
_WORD_RULES: tuple[Callable[[str, Locale], str | None], ...] = (
    _say_known,  # signs and abbreviations, which the next rule would leave as they are
    _say_as_written,  # ordinary words are the voice's own business, and so is anything too long
    _say_greek,
    _say_ordinal_word,  # "1er" would be an amount of "er"
    _say_fraction,
    _say_range,  # "10-20" would be an amount of "-20"
    _say_amount,
)


def _is_greek(core: str) -> bool:
    return len(core) == 1 and core in GREEK


_LETTERS = r"(?:(?![²³¹⁰-₟½¼¾])[^\W\d_])+"
_PARTS = re.compile(rf"\d+|{_LETTERS}(?:['’-]{_LETTERS})*|.", re.DOTALL)


def _say_mixed(core: str, locale: Locale) -> str:
    """Letters as they are, digits as numbers, signs by their names."""
    said: list[str] = []
    for part in _PARTS.findall(core):
        if part.isdecimal():
            said.append(
                say_cardinal(int(part), locale) if len(part) < 16 else _say_digits(part, locale)
            )
        elif part in locale.signs:
            said.append(locale.signs[part])
        elif part in FROM_SUPERSCRIPT:
            power = FROM_SUPERSCRIPT[part]
            said.append(locale.powers.format(_say_power(power, locale)))
        else:
            said.append(GREEK.get(part) or part)
    return " ".join(said)


def _say_power(text: str, locale: Locale) -> str:
    return say_cardinal(int(text), locale) if text.isdecimal() else locale.signs.get(text, text)


def say_number(text: str, locale: Locale) -> str:
    """`1.000`, `3,14`, `-5`."""
    sign = text[0] if text[:1] in "+-−–±" else ""
    bare = text[len(sign) :]
    if re.fullmatch(r"\d{1,3}(?:[.\u00a0\u202f ’']\d{3})+(?:,\d+)?", bare):
        bare = re.sub(r"[^\d,]", "", bare)
    whole, point, decimals = bare.replace(".", ",").partition(",")
    if len(whole) > 15 or (len(whole) > 1 and whole[0] == "0"):
        said = _say_digits(whole, locale)
    elif locale.code == "de" and not point and re.fullmatch(r"1[1-9]\d\d", text):
        said = _say_german_year(int(whole))
    else:
        said = say_cardinal(int(whole), locale)
    if point and decimals:
        paired = locale.pairs_decimals and decimals[0] != "0" and len(decimals) < 3
        rest = say_cardinal(int(decimals), locale) if paired else _say_digits(decimals, locale)
        said += f" {locale.point} {rest}"
    return f"{locale.signs[sign]} {said}" if sign else said


def _say_digits(text: str, locale: Locale) -> str:
    return " ".join(say_cardinal(int(char), locale) for char in text)


def _say_money(digits: str, currency: str, locale: Locale) -> str:
    one, many = locale.currencies[currency]
    whole, _, cents = digits.replace(".", ",").partition(",")
    if len(cents) != 2:
        return f"{say_number(digits, locale)} {one if digits == '1' else many}"
    rest = f" {say_cardinal(int(cents), locale)}" if int(cents) else ""
    return f"{say_cardinal(int(whole), locale)} {one if whole == '1' else many}{rest}"


def say_unit(symbol: str, locale: Locale, *, one: bool = False) -> str | None:
    """`km`, `km/h`, `m²`, `%`, `€`."""
    if symbol in locale.units:
        return locale.units[symbol][not one]
    if symbol in locale.currencies:
        return locale.currencies[symbol][not one]
    above, slash, below = symbol.partition("/")
    if slash and above and below:
        first, second = say_unit(above, locale, one=one), say_unit(below, locale, one=True)
        return f"{first} {locale.per} {second}" if first and second else None
    if symbol[-1:] in ("²", "³") and symbol[:-1] in locale.units:
        name = locale.units[symbol[:-1]][not one]
        return locale.squared[symbol[-1] == "³"].format(name)
    return None


@functools.lru_cache(maxsize=4096)
def say_numeral(value: int, code: str, form: str) -> str:
    from num2words import num2words

    return str(num2words(value, lang=code, to=form))


def say_cardinal(value: int, locale: Locale) -> str:
    return say_numeral(value, locale.code, "cardinal")


def _say_german_year(value: int) -> str:
    return say_numeral(value, "de", "year")


def _say_ordinal(value: int, code: str) -> str:
    return say_numeral(value, code, "ordinal")


def _make_feminine(said: str, code: str) -> str:
    if code == "fr":
        return "première" if said == "premier" else said
    return said[:-1] + "a" if said.endswith("o") else said
