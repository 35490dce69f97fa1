"""English for Kokoro's family: from script tokens to phonemes, each symbol with its token.

The G2P is hibari's port of misaki. It is given words rather than text, since `spoken` has been
normalised already and the G2P's own normaliser would lose which token a word comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lessons.directives.phone_alphabets import MISAKI_PUNCTUATION, MISAKI_VOWELS
from lessons.model import Token, Utterance
from lessons.speakable.reader import has_other_script
from narrate.speech.base import make_unknown_sounds_error, make_unreadable_error
from narrate.speech.kokoro_alphabet import convert_ipa
from narrate.speech.phoneme_text import NOT_SAID, PhonemeText, set_stress

LETTER_A = "ˈA"  # as in "day"
_QUOTES = str.maketrans({"’": "'", "‘": "'", "‐": "-", "‑": "-", "–": "-", "\u00ad": None})
# Words that the G2P reduces in a sentence, and that people say in full when they stress them.
_STRONG_FORMS = (
    "the ðˈi|a ˈA|an ˈæn|to tˈu|of ˈʌv|and ˈænd|for fˈɔɹ|from fɹˈʌm|as ˈæz|at ˈæt|can kˈæn|us ˈʌs"
    "|was wˈʌz|were wˈɜɹ|are ˈɑɹ|or ˈɔɹ|than ðˈæn|them ðˈɛm|some sˈʌm|must mˈʌst|but bˈʌt"
    "|that ðˈæt|her hˈɜɹ|his hˈɪz|him hˈɪm|has hˈæz|have hˈæv|had hˈæd"
)
_STRONG = {form.split()[0]: form.split()[1] for form in _STRONG_FORMS.split("|")}


class EnglishReader:
    """Reads English, as `narrate.speech.kokoro.readers.Reader` says."""

    english = True

    def __init__(self, vocabulary: frozenset[str], *, british: bool) -> None:
        from hibari.g2p import G2P

        self._vocabulary, self._g2p = vocabulary, G2P(british=british)

    def read(self, utterance: Utterance, *, voice: str) -> PhonemeText:
        return make_phoneme_text(self._g2p, utterance, self._vocabulary, voice=voice)

    def find_unknown_sounds(self, ipa: str) -> tuple[str, ...]:
        return find_unknown_sounds(ipa, self._vocabulary)


def make_phoneme_text(
    g2p: Any, utterance: Utterance, vocabulary: frozenset[str], *, voice: str
) -> PhonemeText:
    """The phoneme string of an utterance, empty if nothing of it is spoken.

    An emphasised word gets a primary stress and a reduced one loses it; its pace, pitch and level
    are changed when it is spoken (`narrate.speech.emphasis`). Raises VoiceError for a word that the
    G2P would leave out or shorten.
    """
    from hibari.g2p.token import Tok

    pieces: list[
        tuple[str, str | None, bool, int]
    ] = []  # text, phones, whether a space follows, token
    for index, token in enumerate(utterance.tokens):
        for text, phones, last in _make_pieces(g2p, token, utterance, vocabulary, voice):
            pieces.append((text, phones, last, index))
    if not pieces:
        return PhonemeText((), ())
    tags = g2p.tagger([text for text, _, _, _ in pieces])
    words = [
        Tok(text, "NN" if phones is not None else tag, " " if last else "", phonemes=phones)
        for (text, phones, last, _), tag in zip(pieces, tags, strict=True)
    ]
    # The G2P may join pieces, but never across a space, so the chunks between spaces can be
    # counted.
    owners = [index for _, _, last, index in pieces if last]
    symbols: list[str] = []
    tokens: list[int] = []
    chunk = 0
    for word in g2p.phonemize_tokens(words):
        for symbol in word.phonemes or "":
            if symbol in vocabulary:
                symbols.append(symbol)
                silent = symbol == " " or symbol in MISAKI_PUNCTUATION
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
            reduced = token.emphasis == "reduced"
            set_stress(symbols, tokens, index, vowels=MISAKI_VOWELS, reduced=reduced)
    return PhonemeText(tuple(symbols), tuple(tokens))


def find_unknown_sounds(ipa: str, vocabulary: frozenset[str]) -> tuple[str, ...]:
    """The symbols of an IPA string that the model does not know; `("?",)` if it holds no phone."""
    phonemes = convert_ipa(ipa)
    unknown = sorted({c for c in phonemes if c not in vocabulary})
    said = any(c in MISAKI_VOWELS or c.isalpha() for c in phonemes)
    return tuple(unknown) if said or unknown else ("?",)


def _make_pieces(
    g2p: Any, token: Token, utterance: Utterance, vocabulary: frozenset[str], voice: str
) -> Iterator[tuple[str, str | None, bool]]:
    """The G2P's pieces of one token: text, phonemes if they are given, and whether a space
    follows."""
    spoken = token.spoken.translate(_QUOTES)
    if token.phones is not None and spoken:
        core = spoken.rstrip(".,;:!?…—\"”')")
        if unknown := find_unknown_sounds(token.phones, vocabulary):
            raise make_unknown_sounds_error(token, voice, unknown, utterance.line)
        phonemes = convert_ipa(token.phones)
        tail = [c for c in spoken[len(core) :] if c in MISAKI_PUNCTUATION]
        yield core.replace(" ", "-") or spoken, phonemes, not tail
        for at, char in enumerate(tail):
            yield char, char, at == len(tail) - 1
        return
    stressed = token.emphasis in ("strong", "moderate")
    for chunk in spoken.split():
        split = g2p.tokenizer.split(chunk)
        for at, piece in enumerate(split):
            # A capital A that stands alone is the letter; the G2P takes it for the article.
            given = LETTER_A if piece == "A" else None
            if stressed and given is None:
                given = _STRONG.get(piece.lower())
            yield piece, given, at == len(split) - 1
