"""Numbers of several words: with units, magnitudes and currencies.

Each rule reads the word of a context, and its neighbours where they belong to it: it sets `said`
and removes what is not punctuation of the sentence. It returns whether it applied.
"""

from __future__ import annotations

import re

from lessons.speakable import amounts, chemistry, numbers, units
from lessons.speakable.context import WordContext
from lessons.speakable.punctuation import BareWord
from lessons.speakable.signs import is_number, is_operand
from lessons.speakable.single import say_word
from lessons.wordset import word_set

_NUM = numbers.NUMBER.pattern
_AMOUNT = re.compile(
    rf"[-−–+±~≈<>≤≥]?(?:{_NUM})(?:(?:[-–/]|±)(?:{_NUM}))?"
    rf"|[-−]?(?:{_NUM})[x×·⋅]10[⁻⁰¹²³⁴-⁹]+|[-−]?(?:{_NUM})[eE][-+]?\d+|\d*[¼-¾⅐-⅞]"
    r"|10(?:\^[-−]?\d+|[⁻⁰¹²³⁴-⁹]+)"
)
_RATIO = re.compile(rf"({_NUM}):({_NUM})")
_TIME_SIGNATURE = re.compile(r"(\d{1,2})/(2|4|8|16)")
_COUNTRY_CODE = re.compile(r"\+\d{1,3}")
_FIRST_GROUP = re.compile(r"[-−+]?\d{1,3}")
_NEXT_GROUP = re.compile(r"\d{3}(?:\.\d+)?")
_SHORT_NUMBER = re.compile(r"\d{1,3}")
_HUNDREDS = re.compile(r"(10+|10{1,3}(?:,000)+)s")
_UNIT_TO_NUMBER = re.compile(rf"([^\W\d]+|[°%]\w?)[–-]({_NUM})")
_JOINING_SIGN = re.compile(r"[/·⋅²³⁻]")
_MEASURES = word_set(
    "of is at about approximately = ≈ by to than only nearly around over under carries draws "
    "exactly roughly × x ±"
)
_NEVER = word_set("in a am as A at pt be do no so us he me my or if on to I")
_SELDOM = word_set("A B C F H M T b h l d t D S G L")
"""Letters after a number that are units only where something is measured."""

_INVERSE = re.compile(r"[^\W\d_]+(?:[⁻][¹²³⁴]|\^?[-−]\d)")
LONE_UNITS = word_set(
    "kg km cm mm nm µm μm mg µg μg kHz MHz GHz Hz kPa hPa MPa mL kWh MWh kW MW dB ms ns µs mol "
    "kJ MJ eV keV MeV kV mV mA °C °F mmHg kB kbit/s"
)
_MOST_GROUPS = 7
"""The most groups of digits in one number or telephone number."""
_PER = word_set("per a an each every one")
_RATIO_NOUNS = word_set(
    "ratio scale dilution mixture odds mix split solution screen aspect proportion ratios slope"
)
_MUSICAL = word_set("time meter metre beat beats bar bars measure measures signature rhythm")


def read_ratio(context: WordContext) -> bool:
    """`a ratio of 1:10`, which would be a time of day elsewhere."""
    word, after = context.word, context.after
    match = _RATIO.fullmatch(word.core)
    if match is None or word.core == "50:50":
        return False
    named = [after.lower] if after is not None else []
    for distance in (1, 2):
        side = context.look_back(distance)
        if side is None or side.trail:  # another clause
            break
        named.append(side.lower)
    if not any(name in _RATIO_NOUNS for name in named):
        return False
    word.said = f"{numbers.say_number(match[1])} to {numbers.say_number(match[2])}"
    return True


def read_time_signature(context: WordContext) -> bool:
    """`3/4 time`."""
    word, after = context.word, context.after
    match = _TIME_SIGNATURE.fullmatch(word.core)
    ends = after is None and context.before is not None and context.before.lower == "in"
    if match is None or not (ends or (after is not None and after.lower in _MUSICAL)):
        return False
    word.said = f"{numbers.say_number(match[1])} {numbers.say_number(match[2])}"
    return True


def read_phone_number(context: WordContext) -> bool:
    """`+1 (555) 123-4567`, `call 911`."""
    word, before = context.word, context.before
    asked = before is not None and before.lower in ("call", "dial", "phone")
    if asked and re.fullmatch(r"\d{3}", word.core):
        word.said = numbers.say_digits(word.core)
        return True
    if not _COUNTRY_CODE.fullmatch(word.core) or word.trail:
        return False
    group = [word]
    for following in context.words[context.position + 1 : context.position + _MOST_GROUPS]:
        if not re.fullmatch(r"\d{2,5}(?:-\d{3,5})?", following.core) or group[-1].trail.strip(")"):
            break
        group.append(following)
    if sum(len(re.sub(r"\D", "", part.core)) for part in group) < 7:
        return False
    for part in group:
        part.said = amounts.say_digit_groups(part.core)
        part.lead = ""
        part.trail = part.trail if part is group[-1] else ","
    word.said = f"plus {word.said}"
    return True


def read_digit_groups(context: WordContext) -> bool:
    """`299 792 458 m/s`: digits separated by spaces."""
    word = context.word
    if not _FIRST_GROUP.fullmatch(word.core):
        return False
    size = 1
    while size < _MOST_GROUPS:
        part = context.look_ahead(size)
        if part is None or not _NEXT_GROUP.fullmatch(part.core):
            break
        size += 1
    last = context.look_ahead(size - 1)
    if size == 1 or last is None or (size == 2 and not last.core.startswith("0")):
        return False
    group = context.words[context.position : context.position + size]
    word.said = say_word("".join(part.core for part in group))
    for part in group[1:]:
        part.said = ""
    _read_unit(context, size, one=False)
    return True


def read_mixed_fraction(context: WordContext) -> bool:
    """`2 1/2 cups`."""
    word, after = context.word, context.after
    if after is None or not _SHORT_NUMBER.fullmatch(word.core):
        return False
    match = re.fullmatch(r"([1-9])/(2|3|4|5|6|8|16)", after.core)
    if match is None or int(match[1]) >= int(match[2]):
        return False
    word.said = f"{numbers.say_number(word.core)} and"
    after.said = amounts.say_small_fraction(int(match[1]), int(match[2]))
    _read_unit(context, 2, one=False)
    return True


def read_hundreds(context: WordContext) -> bool:
    """`100s of stars`."""
    word, after = context.word, context.after
    match = _HUNDREDS.fullmatch(word.core)
    if match is None or after is None or after.lower != "of":
        return False
    words = numbers.say_number(match[1]).removeprefix("one ").split(" ")
    word.said = " of ".join(numbers.make_plural(word) for word in words)
    return True


def read_quantity(context: WordContext) -> bool:
    """A number or an amount, and the unit, currency or magnitude after it."""
    word, after = context.word, context.after
    if after is None:
        return False
    one = context.describes(2)
    if after.lower in units.MAGNITUDES and (
        amount := units.say_money(word.core, after.core, one=one)
    ):
        head, _, currency = amount.partition(f" {after.core} ")
        word.said, after.said = head, f"{after.core} {currency}"
        return True
    if not _AMOUNT.fullmatch(word.core):
        return False
    number = word.core.lstrip("-−–+±~≈")
    following = context.look_ahead(2)
    code = units.find_currency_by_code(following.core) if following is not None else None
    if following is not None and code and after.lower in units.MAGNITUDES:
        word.said, after.said, following.said = say_word(word.core), after.core, code[1]
        return True
    if after.lower in units.MAGNITUDES and _read_unit(context, 2, one=one):
        word.said, after.said = say_word(word.core), after.core
        return True
    if code := units.find_currency_by_code(after.core):
        word.said = say_word(word.core)
        after.said = code[0] if units.is_one(number) else code[1]
        return True
    if spanned := _UNIT_TO_NUMBER.fullmatch(after.core):
        low, high = units.say_unit(spanned[1]), following and units.say_unit(following.core)
        if low and high and following is not None:  # 60 Hz–20 kHz
            word.said = say_word(word.core)
            after.said = f"{low} to {numbers.say_number(spanned[2])}"
            following.said = high
            return True
    if _read_unit(context, 1, one=one or units.is_one(number)):
        word.said = say_word(word.core)
        return True
    return False


def _read_unit(context: WordContext, distance: int, *, one: bool) -> bool:
    """Read the unit that is `distance` words later and the factors after it; False if it is not
    a unit."""
    unit, following = context.look_ahead(distance), context.look_ahead(distance + 1)
    if unit is None or not _is_unit(context, unit, following, distance):
        return False
    symbol = unit.core.removesuffix(".")
    name = _name_basis_points(context.word.core, symbol) or units.say_unit(symbol, one=one)
    if name is None:
        per = re.fullmatch(r"([^\W\d_]+)/(\d+)", unit.core)  # 5 L/100 km
        above, below = (
            per and units.say_unit(per[1], one=one),
            following and units.say_unit(following.core),
        )
        if not (per and above and below and following is not None):
            return False
        unit.said, following.said = f"{above} per {numbers.say_number(per[2])}", below
        return True
    if unit.core.endswith("."):
        unit.core, unit.trail = (
            symbol,
            unit.trail + ("" if _has_word_after(context, distance) else "."),
        )
    if following is not None and _multiplies(unit.core, following.core):
        name = units.say_unit(unit.core, one=True) or name
        following.said = units.say_unit(following.core, one=one)
    unit.said = name
    if unit.core == "in" and unit.trail.startswith("."):
        unit.trail = (
            unit.trail[1:]
            if following or context.position + distance + 1 < len(context.words)
            else unit.trail
        )
    step = distance + 1
    while (factor := context.look_ahead(step)) is not None and _INVERSE.fullmatch(factor.core):
        if (said := units.say_unit(factor.core)) is None:
            break
        factor.said = said
        step += 1
    return True


def _has_word_after(context: WordContext, distance: int) -> bool:
    """Whether the sentence goes on after the word that is `distance` words later."""
    return context.position + distance + 1 < len(context.words)


def _multiplies(first: str, second: str) -> bool:
    """`kg m/s²`, `N m`, `kW h`."""
    if units.say_unit(first) is None or units.say_unit(second) is None:
        return False
    if "/" in second and "/" not in first:
        return True
    return second in ("m", "h", "s") and first in ("N", "kW", "W", "A", "J", "Pa", "V")


def _is_unit(
    context: WordContext, unit: BareWord, following: BareWord | None, distance: int
) -> bool:
    core, number = unit.core, context.word.core
    before = context.before
    if core == "in":
        return _means_inches(context, unit, distance)
    if core in _NEVER and core != "A":
        return False
    if core == "K" or core not in _SELDOM | {"A"}:
        return True
    if core == "M":
        dissolved = following is not None and (
            following.lower == "solution" or chemistry.say_compound(following.core) is not None
        )
        return dissolved or "." in number
    measured = before is None or before.lower in _MEASURES or context.describes(distance + 1)
    if re.match(r"10[\^⁻⁰-⁹¹²³]|.*\d[.e×]\d", number) or number[:1] in "±~≈-−":
        measured = True
    noun = following is not None and following.core[:1].islower() and before is None
    return measured and not noun


def _means_inches(context: WordContext, unit: BareWord, distance: int) -> bool:
    after = context.words[context.position + distance + 1 : context.position + distance + 2]
    if unit.trail.startswith("."):
        return not after or after[0].core[:1].islower()
    sizes = [
        side
        for side in (context.look_back(1), context.look_ahead(distance + 1))
        if side is not None
    ]
    return any(side.lower in ("by", "×", "x", "ft", "feet") for side in sizes)


def _name_basis_points(number: str, symbol: str) -> str | None:
    """`bps` and `bp` as basis points; None for more than a rate changes by: then they are bits
    per second and base pairs."""
    if symbol not in ("bps", "bp") or not number.isdecimal() or int(number) >= 300:
        return None
    if symbol == "bp" and int(number) % 5:
        return None
    return "basis point" if number == "1" else "basis points"


def read_describing_amount(context: WordContext) -> bool:
    """`a 45° angle`, `a $10 bill`: an amount in one word, in the singular before its noun."""
    word = context.word
    if not context.describes(1):
        return False
    said = units.say_money(word.core, one=True) or amounts.say_measure(word.core, one=True)
    if said is None or chemistry.say_compound(word.core) or amounts.say_decade(word.core):
        return False
    word.said = said
    return True


def read_currency_sign(context: WordContext) -> bool:
    """`€ 5`, and `the $ sign`."""
    word, after = context.word, context.after
    names = units.find_currency_by_sign(word.core)
    if names is None:
        return False
    if is_number(after) and after is not None:
        word.said = say_word(after.core)
        after.said = names[0] if units.is_one(after.core) else names[1]
        return True
    named = after is not None and after.lower in ("sign", "symbol")
    single = context.before is not None and context.before.lower in _PER
    word.said = names[0 if named or single else 1]
    return True


def read_currency_code(context: WordContext) -> bool:
    """`EUR 30`, `EUR 2.5 billion`."""
    word, after, magnitude = context.word, context.after, context.look_ahead(2)
    code = units.find_currency_by_code(word.core)
    if code is None or not is_number(after) or after is None:
        return False
    word.said = say_word(after.core)
    after.said = code[0] if units.is_one(after.core) else code[1]
    if magnitude is not None and magnitude.lower in units.MAGNITUDES:
        after.said, magnitude.said = magnitude.core, code[1]
    return True


def read_lone_unit(context: WordContext) -> bool:
    """`in kg`, `per kWh`, `W/m²`: a unit without its number."""
    word, before = context.word, context.before
    core = word.core
    scripted = _JOINING_SIGN.search(core) is not None and not re.fullmatch(r"[A-Z]/[A-Z]", core)
    if core not in LONE_UNITS and not scripted:
        return False
    beside = [side for side in (before, context.after) if side is not None]
    if (
        any(is_operand(side) and side.core not in ("=", "(") for side in beside)
        and core not in LONE_UNITS
    ):
        return False
    name = units.say_unit(core, one=before is not None and before.lower in _PER)
    if name is None or (len(re.sub(r"[²³]", "", core)) < 2):
        return False
    word.said = name
    return True
