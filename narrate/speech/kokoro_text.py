"""Script tokens -> the phoneme string of Kokoro's family, each symbol with the token it is of.

The G2P is hibari's port of misaki. It is given words, not text: `spoken` has been normalised
already, and its own normaliser would lose the spans.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from foundation.problem import Place
from lessons.model import Token, Utterance
from lessons.speakable.reader import has_other_script
from narrate.errors import VoiceError
from narrate.speech import kokoro_alphabet as alphabet
from narrate.speech.base import make_unreadable_error

NOT_SAID = -1
LETTER_A = "ˈA"  # as in "day"
_QUOTES = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-", "\u00ad": None})
# What the G2P reduces in a sentence and people say in full where it is stressed.
_STRONG_FORMS = (
    "the ðˈi|a ˈA|an ˈæn|to tˈu|of ˈʌv|and ˈænd|for fˈɔɹ|from fɹˈʌm|as ˈæz|at ˈæt|can kˈæn|us ˈʌs"
    "|was wˈʌz|were wˈɜɹ|are ˈɑɹ|or ˈɔɹ|than ðˈæn|them ðˈɛm|some sˈʌm|must mˈʌst|but bˈʌt"
    "|that ðˈæt|her hˈɜɹ|his hˈɪz|him hˈɪm|has hˈæz|have hˈæv|had hˈæd"
)
_STRONG = {form.split()[0]: form.split()[1] for form in _STRONG_FORMS.split("|")}
_CLAUSE_ENDS = frozenset(",;:.!?…—")


@dataclass(frozen=True, slots=True)
class PhonemeText:
    """`tokens[i]` is the index of the script token that symbol i is of, or `NOT_SAID`."""

    symbols: tuple[str, ...]
    tokens: tuple[int, ...]


def make_phoneme_text(
    g2p: Any, utterance: Utterance, vocabulary: frozenset[str], *, voice: str
) -> PhonemeText:
    """What the model is to say. Empty if nothing of the utterance is spoken. Raises VoiceError for
    a word of which the G2P would leave something out.

    An emphasised word is stressed, a reduced one not: its marks are changed here, its pace, pitch
    and level where it is spoken.
    """
    from hibari.g2p.token import Tok

    pieces: list[tuple[str, str | None, bool, int]] = []  # text, phones, ends a chunk, token
    for index, token in enumerate(utterance.tokens):
        for text, phones, last in _pieces(g2p, token, utterance, vocabulary, voice):
            pieces.append((text, phones, last, index))
    if not pieces:
        return PhonemeText((), ())
    tags = g2p.tagger([text for text, _, _, _ in pieces])
    words = [
        Tok(text, "NN" if phones is not None else tag, " " if last else "", phonemes=phones)
        for (text, phones, last, _), tag in zip(pieces, tags, strict=True)
    ]
    # The G2P joins pieces, but never across the end of a chunk: chunks can be counted.
    owners = [index for _, _, last, index in pieces if last]
    symbols: list[str] = []
    tokens: list[int] = []
    chunk = 0
    for word in g2p.phonemize_tokens(words):
        for symbol in word.phonemes or "":
            if symbol in vocabulary:
                symbols.append(symbol)
                silent = symbol == " " or symbol in alphabet.PUNCTUATION
                tokens.append(NOT_SAID if silent else owners[chunk])
        if word.whitespace:
            symbols.append(" ")
            tokens.append(NOT_SAID)
            chunk += 1
    while symbols and symbols[-1] == " ":
        symbols.pop()
        tokens.pop()
    said = frozenset(tokens)
    for index, token in enumerate(utterance.tokens):
        if token.phones is None and (
            has_other_script(token.spoken)
            or (index not in said and any(map(str.isalnum, token.spoken)))
        ):
            raise make_unreadable_error(token, voice, utterance.line)
        if token.emphasis:
            _stress(symbols, tokens, index, reduced=token.emphasis == "reduced")
    return PhonemeText(tuple(symbols), tuple(tokens))


def _stress(symbols: list[str], tokens: list[int], index: int, *, reduced: bool) -> None:
    """Give a word a primary stress, or take it away, in place."""
    places = [at for at, token in enumerate(tokens) if token == index]
    marks = [at for at in places if symbols[at] in alphabet.STRESS]
    if reduced:
        for at in marks:
            symbols[at] = "ˌ"
    elif marks:
        if all(symbols[at] != "ˈ" for at in marks):
            symbols[marks[0]] = "ˈ"
    else:
        vowel = next((at for at in places if symbols[at] in alphabet.VOWELS), None)
        if vowel is not None:
            symbols.insert(vowel, "ˈ")
            tokens.insert(vowel, index)


def find_unknown_sounds(ipa: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """The symbols of an IPA string that the model does not know; a question mark if it is empty."""
    phonemes = alphabet.convert_ipa(ipa)
    unknown = sorted({c for c in phonemes if c not in vocabulary})
    said = any(c in alphabet.VOWELS or c.isalpha() for c in phonemes)
    return tuple(unknown) if said or unknown else ("?",)


def _pieces(
    g2p: Any, token: Token, utterance: Utterance, vocabulary: frozenset[str], voice: str
) -> Iterator[tuple[str, str | None, bool]]:
    """The G2P's pieces of one token: text, phonemes if given, whether a space follows."""
    spoken = token.spoken.translate(_QUOTES)
    if token.phones is not None and spoken:
        core = spoken.rstrip(".,;:!?…—\"”')")
        phonemes = alphabet.convert_ipa(token.phones)
        unknown = sorted({c for c in phonemes if c not in vocabulary})
        if unknown or not any(c in alphabet.VOWELS or c.isalpha() for c in phonemes):
            raise VoiceError(
                f"The pronunciation '{token.phones}' of '{token.written}' has sounds that the "
                f"voice '{voice}' does not know: {' '.join(unknown) or 'it is empty'}.",
                remedy="Write it with the IPA symbols of English.",
                place=Place(line=utterance.line),
            )
        tail = [c for c in spoken[len(core) :] if c in alphabet.PUNCTUATION]
        yield core.replace(" ", "-") or spoken, phonemes, not tail
        for at, char in enumerate(tail):
            yield char, char, at == len(tail) - 1
        return
    stressed = token.emphasis in ("strong", "moderate")
    for chunk in spoken.split():
        split = g2p.tokenizer.split(chunk)
        for at, piece in enumerate(split):
            # A capital A standing alone is the letter; the G2P takes it for the article.
            given = LETTER_A if piece == "A" else None
            if stressed and given is None:
                given = _STRONG.get(piece.lower())
            yield piece, given, at == len(split) - 1


def split_at_clauses(text: PhonemeText, most: int) -> list[PhonemeText]:
    """Parts of at most `most` symbols, cut after the last clause end that fits, else at the last
    space, else where it must be."""
    parts: list[PhonemeText] = []
    symbols, tokens = text.symbols, text.tokens
    start = 0
    while len(symbols) - start > most:
        window = symbols[start : start + most]
        spaces = [at for at, symbol in enumerate(window) if symbol == " " and at]
        clauses = [at for at in spaces if window[at - 1] in _CLAUSE_ENDS]
        # A clause end in the first quarter would leave a stump.
        good = [at for at in clauses if at > most // 4] or spaces
        cut = start + (good[-1] + 1 if good else most)
        parts.append(PhonemeText(symbols[start:cut], tokens[start:cut]))
        start = cut
    if any(token != NOT_SAID for token in tokens[start:]):
        parts.append(PhonemeText(symbols[start:], tokens[start:]))
    return parts
