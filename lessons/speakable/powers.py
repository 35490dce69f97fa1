"""Superscripts and subscripts in plain text: `x²`, `a₁`, `10^6`."""

from __future__ import annotations

import re
import unicodedata

from lessons.speakable import numbers
from lessons.speakable.symbols import (
    FROM_SUBSCRIPT,
    FROM_SUPERSCRIPT,
    GREEK,
    NAMES,
    OPERATORS,
    find_unicode_name,
)

_NUM = numbers.NUMBER.pattern

_POWER_OF = re.compile(rf"({_NUM}|[^\W\d_])(?:\^|\*\*)\(?\{{?([-−]?\d+|[^\W\d_])\}}?\)?")
_RAISED = "".join(FROM_SUPERSCRIPT)
_LOWERED = "".join(FROM_SUBSCRIPT)
_SCRIPTED = re.compile(
    rf"([a-zA-Z\u0370-\u03ff]|\d+|\))([{re.escape(_LOWERED)}]*)([{re.escape(_RAISED)}]*)"
)


def say_power(text: str) -> str | None:
    match = _POWER_OF.fullmatch(text)
    if match is None:
        return None
    base = numbers.say_number(match[1]) if match[1][0].isdecimal() else say_letter(match[1])
    return f"{base} {say_exponent(match[2].replace('−', '-'))}"


def say_exponent(text: str) -> str:
    if text in ("2", "3"):
        return "squared" if text == "2" else "cubed"
    if text in ("+", "-"):
        return {"+": "plus", "-": "minus"}[text]
    if text.isdecimal():
        return f"to the {numbers.say_ordinal(int(text))}"
    if text.startswith("-") and text[1:].isdecimal():
        return f"to the minus {numbers.say_number(text[1:])}"
    return f"to the {' '.join(say_letter(char) for char in text if char.isalnum())}"


def say_scripts(text: str) -> str | None:
    """Superscripts and subscripts: `x²`, `10⁻³`, `a₁`, `mc²`. None if the text has none."""
    if not any(char in FROM_SUPERSCRIPT or char in FROM_SUBSCRIPT for char in text):
        return None
    said: list[str] = []
    at = 0
    while at < len(text):
        match = _SCRIPTED.match(text, at)
        if match is None:
            said.append(_say_lone_character(text[at]))
            at += 1
            continue
        base, below, above = match.groups()
        if base != ")":
            said.append(numbers.say_number(base) if base.isdecimal() else say_letter(base))
        if below:
            inner = "".join(FROM_SUBSCRIPT[char] for char in below)
            said.append(f"sub {_say_script_content(inner)}")
        if above:
            inner = "".join(FROM_SUPERSCRIPT[char] for char in above)
            said.append("transpose" if inner == "T" else say_exponent(inner))
        at = match.end()
    return " ".join(filter(None, said))


def _say_lone_character(char: str) -> str:
    """A character without a base that it could be the superscript of."""
    if char in FROM_SUPERSCRIPT:
        return say_exponent(FROM_SUPERSCRIPT[char])
    if char in FROM_SUBSCRIPT:
        return f"sub {_say_script_content(FROM_SUBSCRIPT[char])}"
    known = GREEK.get(char) or OPERATORS.get(char) or NAMES.get(char)
    if known or unicodedata.category(char)[0] != "S":
        return known or char
    return find_unicode_name(char)


def _say_script_content(text: str) -> str:
    return " ".join(
        numbers.say_number(part)
        if part.isdecimal()
        else say_letter(part)
        if part.isalpha()
        else "plus"
        for part in re.findall(r"\d+|[^\W\d_]|[+]", text)
    )


def say_letter(text: str) -> str:
    """A variable. `a` becomes a capital, since voices say a small one as the article."""
    return GREEK.get(text) or ("A" if text == "a" else text)
