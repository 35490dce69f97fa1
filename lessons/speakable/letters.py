"""Words that are letters rather than words: variables, Greek, sounds, dotted letters.

Each function returns what is said for a word, or None if the word is of another kind.
"""

from __future__ import annotations

import re
import unicodedata

from lessons.speakable import acronyms, numbers, powers, units
from lessons.speakable.characters import say_letters
from lessons.speakable.symbols import GREEK, NAMES

_GREEK = "".join(GREEK)
_GREEK_PRODUCT = re.compile(rf"(\d+(?:\.\d+)?)?((?:[{_GREEK}]|[a-zA-Z])+)")


def say_greek(text: str) -> str | None:
    """Greek letters that are symbols: `λ`, `ΔT`, `μs`. None for a Greek word."""
    if text.isascii() or len(text) > 4 or not any(char in GREEK for char in text):
        return None
    if len(text) > 2 and all(char in GREEK for char in text):
        return None
    parts = re.findall(r"[^\W\d_a-zA-Z]|[a-zA-Z]+", text)
    return " ".join(GREEK.get(part) or powers.say_letter(part) for part in parts)


def say_greek_product(text: str) -> str | None:
    """`2π`, `2πr`, `ΔT`."""
    match = _GREEK_PRODUCT.fullmatch(text)
    if match is None or not match[1] or len(match[2]) > 4:
        return None
    letters = match[2]
    if not any(char in GREEK for char in letters) or units.say_unit(letters) is not None:
        return None
    return " ".join([numbers.say_number(match[1]), *(powers.say_letter(char) for char in letters)])


def say_nth(text: str) -> str | None:
    match = re.fullmatch(r"([a-z])-?th", text)
    return f"{match[1]}th" if match and match[1] in "nijkmrpx" else None


def say_accented_variable(text: str) -> str | None:
    """`x̄`, `ŷ`: a variable with a mark over it."""
    parts = unicodedata.normalize("NFD", text)
    mark = _OVER.get(parts[1:])
    if mark is None or not parts[0].isalpha():
        return None
    if (mark == "hat" and parts[0] in "aeiouAEIOU") or (mark == "tilde" and parts[0] in "anoANO"):
        return None
    return f"{powers.say_letter(parts[0])} {mark}"


_OVER = {
    "\u0302": "hat",
    "\u0303": "tilde",
    "\u0304": "bar",
    "\u0305": "bar",
    "\u0307": "dot",
    "\u20d7": "vector",
}


def say_sound(text: str) -> str | None:
    """`ə`, `/ʃ/`: a sound, by the name of its phonetic sign."""
    if len(text) == 1 and text.isalpha() and not text.isascii():
        return NAMES.get(text)
    match = re.fullmatch(r"/([^/]+)/|\[([^\]]+)\]", text)
    inner = (match[1] or match[2]) if match else ""
    if not inner or inner.isascii():
        return None
    return NAMES.get(inner) or say_letters(inner)


def say_dotted_letters(text: str) -> str | None:
    return acronyms.spell_letters(text) if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]?", text) else None
