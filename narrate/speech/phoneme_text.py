"""The phoneme string that a model reads, each symbol with the script token that it belongs to."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from lessons.directives.phone_alphabets import STRESS

NOT_SAID = -1
"""In place of a token's index: the symbol is a space or punctuation."""
_CLAUSE_ENDS = frozenset(",;:.!?…—")


@dataclass(frozen=True, slots=True)
class PhonemeText:
    """Symbols that a model reads; `tokens[i]` is the index of the script token that symbol i
    belongs to, or `NOT_SAID`."""

    symbols: tuple[str, ...]
    tokens: tuple[int, ...]


def set_stress(
    symbols: list[str], tokens: list[int], index: int, *, vowels: Container[str], reduced: bool
) -> None:
    """Give token `index` a primary stress, or take it away. Changes both lists."""
    places = [at for at, token in enumerate(tokens) if token == index]
    marks = [at for at in places if symbols[at] in STRESS]
    if reduced:
        for at in marks:
            symbols[at] = "ˌ"
    elif marks:
        if all(symbols[at] != "ˈ" for at in marks):
            symbols[marks[0]] = "ˈ"
    elif (vowel := next((at for at in places if symbols[at] in vowels), None)) is not None:
        symbols.insert(vowel, "ˈ")
        tokens.insert(vowel, index)


def split_at_clauses(text: PhonemeText, most: int) -> list[PhonemeText]:
    """Parts of at most `most` symbols, cut after the last end of a clause that fits, or at the last
    space, or in the middle of a word if there is neither."""
    parts: list[PhonemeText] = []
    symbols, tokens = text.symbols, text.tokens
    start = 0
    while len(symbols) - start > most:
        window = symbols[start : start + most]
        spaces = [at for at, symbol in enumerate(window) if symbol == " " and at]
        clauses = [at for at in spaces if window[at - 1] in _CLAUSE_ENDS]
        # A cut in the first quarter would leave too short a part.
        good = [at for at in clauses if at > most // 4] or spaces
        cut = start + (good[-1] + 1 if good else most)
        parts.append(PhonemeText(symbols[start:cut], tokens[start:cut]))
        start = cut
    if any(token != NOT_SAID for token in tokens[start:]):
        parts.append(PhonemeText(symbols[start:], tokens[start:]))
    return parts
