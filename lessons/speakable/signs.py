"""Signs between words: dashes, operators, intervals; and mathematics in plain text.

Each rule reads the word of a context, and its neighbours where they belong to it: it sets `said`
and removes what is not punctuation of the sentence. It returns whether it applied.
"""

from __future__ import annotations

import re

from lessons.speakable import chemistry, numbers, units
from lessons.speakable.context import WordContext
from lessons.speakable.formulas import say_formula
from lessons.speakable.punctuation import DASHES, BareWord
from lessons.speakable.symbols import FROM_SUBSCRIPT_DIGITS, OPERATORS, TO_PLAIN_EXPONENT
from lessons.speakable.words import ATOM
from lessons.wordset import word_set

NUMBER = re.compile(rf"[-−–+±~≈]?(?:{numbers.NUMBER.pattern})")
POWER = re.compile(r"10(?:\^[-−]?\d+|[⁻⁰¹²³⁴-⁹]+)")

_BOUNDS = {
    "<": "less than",
    ">": "more than",
    "≤": "at most",
    "≥": "at least",
    "≈": "about",
    "~": "about",
    "∼": "about",
}
"""How signs are said before an amount, where nothing is compared."""

_SHORT_WORDS = word_set(
    "is it to or in at an as by of if no so we he me my up us do go be am on ok ie eg al et la de "
    "en un le pi mu nu xi vs the and for are was has had its not but all any can may who how one "
    "two six ten per our out you she him his her day sin cos tan log exp max min mod gcd det "
    "cm mm km kg mg ms ns nm dB Hz kW eV Pa Wb lm lx mL dL mph ppm bpm rpm fps mol bar sec hr"
)
_INTERVAL = re.compile(r"[-−+]?(?:\d+(?:\.\d+)?|∞|[a-zA-Zα-ωπ]|\d*π)")
_COEFFICIENT = re.compile(r"(\d*)([a-zA-Z]{1,3})")
_FACTOR = re.compile(r"[a-z]|\d{1,3}")
_BEFORE_INTERVAL = word_set("in ∈ interval range over on domain intervals from")


def is_number(word: BareWord | None) -> bool:
    return word is not None and bool(NUMBER.fullmatch(word.core))


def is_operand(word: BareWord | None) -> bool:
    """Whether a sign next to this word belongs to a calculation."""
    if word is None:
        return False
    core = word.core
    return bool(
        NUMBER.match(core)
        or core == ATOM
        or (len(core) == 1 and core.isalpha())
        or core in OPERATORS
        or re.fullmatch(r"\|.+\|", core)
        or re.fullmatch(r"[^\W\d_]+[₀-₉⁰¹²³⁴-⁹ⁿ′()]+.*", core)
    )


_ARROW = re.compile(r"[-=]{1,8}>|[→⟶⇒]|>>")


def _is_number_or_variable(word: BareWord | None) -> bool:
    return is_number(word) or (
        word is not None
        and (
            word.core == ATOM
            or (len(word.core) == 1 and word.core.isalpha())
            or POWER.fullmatch(word.core) is not None
        )
    )


def read_dash(context: WordContext) -> bool:
    word = context.word
    if word.core not in DASHES:
        return False
    if word.core in ("-", "–") and is_operand(context.before) and is_operand(context.after):
        ranged = word.core == "–" and is_number(context.before) and is_number(context.after)
        word.said = "to" if ranged else "minus"
    else:
        word.said = ""
    return True


def read_operator(context: WordContext) -> bool:
    """A sign between two things, and a sign before an amount."""
    word, before, after = context.word, context.before, context.after
    core = word.core
    if (
        core in ("*", "x", "/", "^", "·", "×")
        and _is_number_or_variable(before)
        and _is_number_or_variable(after)
    ):
        word.said = _say_product(context)
        return True
    if core == "·" and not (is_operand(before) and is_operand(after)) and not _computes(context):
        word.said = ""  # a dot between words, "Theory · Practice"
        return True
    if _ARROW.fullmatch(core) and (before is None or after is None):
        word.said = ""
        return True
    if core == ">>" and not (is_operand(before) and is_operand(after)):
        word.said = "to" if before is not None and after is not None else ""
        return True
    if core in _BOUNDS and not is_operand(before) and after is not None:
        word.said = _BOUNDS[core]
        return True
    if core in OPERATORS and before is not None and after is not None:
        word.said = OPERATORS[core]
        if core in "→⟶" and _reacts(before, after):
            word.said = "yields"
        elif core in "→←" and not (is_operand(before) and is_operand(after)):
            word.said = {"→": "to", "←": "from"}[core]
        return True
    return False


def _computes(context: WordContext) -> bool:
    """Whether there is a `=` among the signs around, as in `work = force · distance`."""
    around = [context.look_back(distance) for distance in (2, 4, 6)] + [context.look_ahead(2)]
    return any(word is not None and word.core in ("=", "≈", "∝") for word in around)


def _say_product(context: WordContext) -> str:
    core, after, unit = context.word.core, context.after, context.look_ahead(2)
    if core in "x×":
        sized = unit is not None and unit.core in ("m", "cm", "mm", "km", "in", "ft", "px", "nm")
        tens = after is not None and POWER.fullmatch(after.core)
        return "by" if (core == "x" and not tens) or (sized and not tens) else "times"
    return {"*": "times", "·": "times", "/": "divided by"}.get(core, "to the")


def _reacts(before: BareWord, after: BareWord) -> bool:
    return any(
        re.search(r"[A-Z]", word.core) and chemistry.say_compound(word.core)
        for word in (before, after)
    )


def read_interval(context: WordContext) -> bool:
    """`[0, 1)`. With brackets of one kind, only where it cannot be a citation or a point."""
    word = context.word
    following = context.following
    if following is None or word.trail != "," or following.lead:
        return False
    opening, close = word.lead[-1:], following.trail[:1]
    if opening not in tuple("[(") or close not in tuple(")]"):
        return False
    ends = (word.core, following.core)
    if not all(_INTERVAL.fullmatch(end) for end in ends):
        return False
    before = context.look_back(1)
    kind = "half-open" if (opening == "[") != (close == "]") else "closed"
    asked = before is not None and before.lower in _BEFORE_INTERVAL
    if kind == "closed" and opening == "(":
        kind = "open"
        asked = asked and before is not None and before.lower in ("interval", "∈")
    endless = any("∞" in end for end in ends)
    below = opening == "[" and re.match(r"[-−0]", ends[0]) is not None
    if kind != "half-open" and not (asked or endless or below):
        return False
    word.said = f"the {kind} interval from {_say_bound(ends[0])}"
    following.said = f"to {_say_bound(ends[1])}"
    word.lead, word.trail, following.trail = word.lead[:-1], "", following.trail[1:]
    return True


def _say_bound(text: str) -> str:
    return say_formula(text.replace("−", "-").replace("∞", "\\infty "))


def read_factorial(context: WordContext) -> bool:
    """`n!`, and `5!` in a calculation."""
    word = context.word
    if not word.trail.startswith("!") or not _FACTOR.fullmatch(word.core):
        return False
    following = context.following
    beside = [side.core for side in (context.look_back(1), following) if side is not None]
    if word.core.isdecimal() and not any(core in OPERATORS for core in beside):
        return False
    word.said = say_formula(word.core + "!")
    word.trail = word.trail[1:]
    return True


def read_coefficient(context: WordContext) -> bool:
    """`2x` and `mx` in a calculation are said letter by letter."""
    word = context.word
    match = _COEFFICIENT.fullmatch(word.core)
    beside = [side.core for side in (context.before, context.after) if side is not None]
    if match is None or not any(core in OPERATORS or core == "-" for core in beside):
        return False
    digits, letters = match.groups()
    if not digits and not could_be_product(letters):
        return False
    if digits and not letters.islower():
        return False
    if digits and letters in _SHORT_WORDS:
        return False
    said = " ".join("A" if char == "a" else char for char in letters)
    word.said = f"{numbers.say_number(digits)} {said}" if digits else said
    return True


def could_be_product(letters: str) -> bool:
    """Whether letters could be two variables that are multiplied."""
    return len(letters) == 2 and letters.islower() and letters not in _SHORT_WORDS


_NAMES = "sin|cos|tan|cot|sec|csc|log|ln|exp|sinh|cosh|tanh|max|min|det|gcd|lcm|arg|sup|inf"
_VARIABLE = "[a-zA-Z\u03b1-\u03c9\u0393-\u03a9\u2202\u2207\u221e]"
_MATH = re.compile(
    rf"(?:{_NAMES})[₀-₉]*\(.+\)"  # sin(x)
    rf"|(?:{_NAMES})[²³⁻¹ⁿ]+(?:\d*{_VARIABLE}|\(.+\))?"  # sin²θ
    rf"|[a-zA-Zα-ω]['’′″]+(?:\(.+)?"  # f'(x)
    rf"|\|{_VARIABLE}(?:[-+]{_VARIABLE})?\|"  # |x|
    rf"|{_VARIABLE}(?:\^|\*\*)(?:\([^()]+\)|\{{[^{{}}]+\}})"  # x^(n+1)
    rf"|[-−]?(?:d\w/d\w|∂\w?/∂\w|\d*{_VARIABLE}/\d*[a-zα-ω]|\d*[a-zα-ω]/\d+|\d+/\d*[a-zα-ω])"
    rf"|\d+(?:\.\d+)?[α-ω]+[a-zA-Z]?|√\(?[\w+]+\)?"  # 2πr
)
_NOT_MATH = word_set("y/y m/m q/q n/a w/o w/e b/c a/c i/o y/n p/e s/he r/w d/c w/r")


def read_plain_math(context: WordContext) -> bool:
    """Mathematics in plain text that is read like a formula."""
    word = context.word
    core = word.core
    if (core.isalnum() and core.isascii()) or ATOM in core or len(core) > 40:
        return False
    if not _MATH.fullmatch(core) or word.lower in _NOT_MATH:
        return False
    if re.fullmatch(r"[^\W\d_]['’]+|\d+(?:\.\d+)?[µμΩ][a-zA-Z]?", core) or units.say_unit(core):
        return False
    word.said = say_formula(_to_latex(core))
    return True


def _to_latex(text: str) -> str:
    """Plain mathematics as LaTeX."""
    text = text.replace("’", "'").replace("″", "''").replace("′", "'").replace("**", "^")
    text = re.sub(r"^([^/]+)/([^/]+)$", r"\\frac{\1}{\2}", text)
    text = re.sub(r"\^\(([^()]+)\)", r"^{\1}", text)
    text = re.sub(r"√\((.+)\)|√(\w+)", r"\\sqrt{\1\2}", text)
    text = re.sub(r"[₀-₉]+", lambda m: "_{" + m[0].translate(FROM_SUBSCRIPT_DIGITS) + "}", text)
    text = re.sub(r"[⁻²³¹ⁿ]+", lambda m: "^{" + m[0].translate(TO_PLAIN_EXPONENT) + "}", text)
    return re.sub(rf"^({_NAMES})(?=[_(^])", r"\\\1", text)
