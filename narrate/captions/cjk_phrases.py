"""Where lines of Chinese and Japanese captions may break, and where they break best.

Such text has no spaces, so it is cut between characters. Which of them may not begin or end a line
is the rule of kinsoku (JIS X 4051; W3C, Requirements for Japanese Text Layout, 3.1.7 and 3.1.8, and
Requirements for Chinese Text Layout, 3.1.5). Within what is allowed, a break is good where a phrase
ends. No dictionary is used: in Japanese a phrase mostly ends with kana, and the next begins with a
kanji or katakana; in Chinese a few function words tell.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from foundation.cjk import is_cjk
from narrate.captions.text import split_graphemes

CLAUSE = 8.0  # the costs are points of `narrate.captions.breaks`: after punctuation
PHRASE = 30.0  # where a Japanese phrase probably ends
ORDINARY = 60.0
IN_WORD = 140.0  # inside katakana, which is one foreign word, or between kanji
NEVER = 200.0

NOT_FIRST = frozenset(
    "、。，．・：；？！‼⁇⁈⁉）〕］｝〉》」』】〙〗〟’”ーぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ々ゝゞヽヾ〻‐゠–〜～…‥%％℃°"
    ",.:;?!)]}"
)
NOT_LAST = frozenset("（〔［｛〈《「『【〘〖〝‘“￥＄£([{$¥")
_CLOSING = frozenset("、。，．：；？！）〕］｝〉》」』】〙〗〟’”…")
# Chinese words of one character before which, and after which, a phrase seldom breaks.
_LEANING = frozenset("的了着过吗呢吧们地得")
_OPENING_WORDS = frozenset("和与或在从对把被为因如但而则并就都也是这那")


def split_phrases(text: str, limit: int) -> list[tuple[str, float]]:
    """The pieces of a word of Chinese or Japanese between which a line may break, each with the
    cost of a break before it. Joined, they are the word again; what is not CJK stays together, if
    it is not wider than `limit` columns."""
    pieces: list[tuple[str, float]] = []
    for grapheme in split_graphemes(text):
        cost = _find_cost(pieces[-1][0] if pieces else "", grapheme)
        if pieces and cost >= NEVER and _width(pieces[-1][0]) + _width(grapheme) <= limit:
            pieces[-1] = pieces[-1][0] + grapheme, pieces[-1][1]
        else:
            pieces.append((grapheme, cost))
    return list(_join_words(pieces, limit))


def _join_words(pieces: list[tuple[str, float]], limit: int) -> Iterator[tuple[str, float]]:
    """The pieces, those inside of one short word together: no line need break there."""
    current, cost = "", 0.0
    for piece, before in pieces:
        if current and before >= IN_WORD and _width(current) + _width(piece) <= min(limit, 12):
            current += piece
            continue
        if current:
            yield current, cost
        current, cost = piece, before
    if current:
        yield current, cost


def _find_cost(before: str, after: str) -> float:
    """The cost of a break between two neighbouring characters, of which `before` may end a longer
    piece."""
    if not before:
        return 0.0
    a, b = before[-1], after[0]
    if b in NOT_FIRST or a in NOT_LAST:
        return NEVER
    if a in _CLOSING:
        return CLAUSE
    if not is_cjk(a) and not is_cjk(b):
        return NEVER  # a number or a word in Latin letters
    kinds = _find_kind(a), _find_kind(b)
    if kinds == ("hiragana", "hiragana"):
        if a == "を":  # it is nothing but a particle
            return PHRASE
        return ORDINARY if a in "はが" and b not in "らりるれろっんずじ" else ORDINARY + 30
    if kinds[0] == "hiragana":
        return PHRASE
    if kinds[1] == "hiragana":
        return IN_WORD - 10  # an ending or a particle belongs to the word before it
    if kinds[0] == kinds[1] == "katakana":
        return IN_WORD
    return _find_han_cost(a, b, kinds)


def _find_han_cost(a: str, b: str, kinds: tuple[str, str]) -> float:
    if b in _LEANING:
        return IN_WORD - 10
    if a in _LEANING:
        return PHRASE
    if b in _OPENING_WORDS:
        return PHRASE
    if a in _OPENING_WORDS:
        return ORDINARY + 30
    if "number" in kinds:
        return IN_WORD - 20 if kinds[0] == "number" else ORDINARY
    return ORDINARY + 30 if kinds == ("han", "han") else ORDINARY


def _find_kind(character: str) -> str:
    if "\u3041" <= character <= "\u309f":
        return "hiragana"
    if "\u30a0" <= character <= "\u30ff":
        return "katakana"
    if character.isdigit() or unicodedata.category(character) == "Nd":
        return "number"
    return "han" if is_cjk(character) else "other"


def _width(text: str) -> int:
    return sum(2 if is_cjk(c) else 1 for c in text)
