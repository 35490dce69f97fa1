"""What VITS voices share, Piper's and Coqui's: phoneme strings in which each symbol is some token's
and lasts a whole number of hops."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from foundation.problem import Place
from lessons.model import Token, Utterance
from narrate.errors import VoiceError
from narrate.speech import emphasis, espeak_alphabet
from narrate.speech.base import make_unreadable_error
from narrate.speech.kokoro_text import NOT_SAID, PhonemeText, split_at_clauses
from narrate.speech.parts import Part, join_parts, timed_part
from narrate.vocabulary import Samples, Speech

# Its boundaries are that late: en_US-joe, over benchmarks/sentences/choosing.md.
SHIFT_SECONDS = -0.014
MOST_SYMBOLS = 400  # some 25 s; longer sentences are split at clauses
SMOOTHING_HOPS = 5  # about 60 ms: a syllable's onset

Speak = Callable[[list[int], npt.NDArray[np.float64]], tuple[Samples, npt.NDArray[np.int64]]]
"""Ids and their paces (factors on the model's own) to sound, and how many hops each id lasts."""


@dataclass(frozen=True, slots=True)
class SymbolIds:
    """The ids of each symbol, and those that stand before all, after each symbol, and after all."""

    ids: Mapping[str, Sequence[int]]
    before: Sequence[int]
    between: Sequence[int]
    after: Sequence[int]


def make_phoneme_text(
    utterance: Utterance, read: Callable[[str], list[str]], known: Collection[str], *, voice: str
) -> PhonemeText:
    """What the model is to say, by its own reader `read` (text to symbols)."""
    said = [(index, token) for index, token in enumerate(utterance.tokens) if token.spoken]
    apart: list[tuple[str, int]] = []
    for index, token in said:
        letters = [symbol for symbol in read(token.spoken) if espeak_alphabet.is_letter(symbol)]
        if not letters and token.phones is None and any(map(str.isalnum, token.spoken)):
            raise make_unreadable_error(token, voice, utterance.line)
        apart += [(symbol, index) for symbol in letters]
    symbols = read(" ".join(token.spoken for _, token in said)) if said else []
    found = iter(
        espeak_alphabet.assign_tokens(
            [symbol for symbol in symbols if espeak_alphabet.is_letter(symbol)], apart
        )
    )
    letter_of = [next(found) if espeak_alphabet.is_letter(symbol) else None for symbol in symbols]
    owners: list[int] = []
    for at, symbol in enumerate(symbols):
        owner = letter_of[at]
        if espeak_alphabet.is_pause(symbol):
            owner = NOT_SAID
        elif symbol in "ˈˌ":  # of what follows
            owner = next((n for n in letter_of[at:] if n is not None), NOT_SAID)
        elif owner is None:
            owner = owners[-1] if owners else NOT_SAID
        owners.append(owner)
    for index, token in said:
        if token.phones is not None:
            if bad := espeak_alphabet.find_unknown_sounds(token.phones, known):
                raise VoiceError(
                    f"The pronunciation '{token.phones}' of '{token.written}' has sounds that the "
                    f"voice '{voice}' does not know: {' '.join(bad)}.",
                    remedy="Write it with sounds of the voice's language, or as a respelling.",
                    place=Place(line=utterance.line),
                )
            _respell(symbols, owners, index, token.phones)
        if token.emphasis:
            _stress(symbols, owners, index, reduced=token.emphasis == "reduced")
    return PhonemeText(tuple(symbols), tuple(owners))


def _respell(symbols: list[str], owners: list[int], index: int, phones: str) -> None:
    """Give a token the phonemes of the lexicon or the script, in place."""
    given = list(espeak_alphabet.convert_ipa(phones))
    theirs = [at for at, owner in enumerate(owners) if owner == index]
    if theirs:
        place = slice(theirs[0], theirs[-1] + 1)
    else:  # nothing is read of what it is spelt as
        start = sum(1 for owner in owners if owner < index)
        place, given = slice(start, start), [" ", *given, " "]
    symbols[place] = given
    owners[place] = [NOT_SAID if espeak_alphabet.is_pause(symbol) else index for symbol in given]


def _stress(symbols: list[str], owners: list[int], index: int, *, reduced: bool) -> None:
    """Give a token a primary stress, or take it away, in place."""
    places = [at for at, owner in enumerate(owners) if owner == index]
    marks = [at for at in places if symbols[at] in "ˈˌ"]
    if reduced or marks:
        for at in marks if reduced else marks[:1]:
            symbols[at] = "ˌ" if reduced else "ˈ"
    elif (
        vowel := next((at for at in places if symbols[at] in espeak_alphabet.VOWELS), None)
    ) is not None:
        symbols.insert(vowel, "ˈ")
        owners.insert(vowel, index)


def speak_text(
    utterance: Utterance,
    text: PhonemeText,
    rate: float,
    alphabet: SymbolIds,
    speak: Speak,
    *,
    sample_rate: int,
    language: str,
    gain_db: float,
) -> Speech:
    """The text as the model says it, a long sentence in parts: a model's cost grows faster than
    its text."""
    parts = [
        _part(part, utterance.tokens, rate, alphabet, speak, sample_rate, language, gain_db)
        for part in split_at_clauses(text, MOST_SYMBOLS)
    ]
    return join_parts(utterance, parts)


def _part(
    text: PhonemeText,
    tokens: Sequence[Token],
    rate: float,
    alphabet: SymbolIds,
    speak: Speak,
    sample_rate: int,
    language: str,
    gain_db: float,
) -> Part:
    ids = list(alphabet.before)
    owners = [NOT_SAID] * len(ids)
    spans = []
    for symbol, owner in zip(text.symbols, text.tokens, strict=True):
        start = len(ids)
        ids += [*alphabet.ids[symbol], *alphabet.between]
        owners += [owner] * (len(ids) - start)
        spans.append((start, len(ids)))
    ids += alphabet.after
    owners += [NOT_SAID] * len(alphabet.after)
    paces = [1.0 if at == NOT_SAID else emphasis.compute_pace(tokens[at]) for at in owners]
    sound, hops = speak(ids, np.array(paces) * rate)
    hop = len(sound) // max(int(hops.sum()), 1)
    of = np.repeat(owners, hops).tolist()
    sound = emphasis.apply_levels(sound, tokens, of, hop, SMOOTHING_HOPS)
    edges = np.concatenate(([0.0], np.cumsum(hops) * hop / sample_rate))
    return timed_part(
        sound,
        sample_rate,
        text.symbols,
        espeak_alphabet.find_phones(text.symbols, text.tokens, language),
        text.tokens,
        np.array([edges[start] for start, _ in spans]),
        np.array([edges[end] for _, end in spans]),
        gain_db=gain_db,
        shift=SHIFT_SECONDS,
    )


def compute_whole_hops(
    usual: npt.NDArray[np.float32], paces: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Whole lengths, none below 1, that are in sum what `usual` at those paces makes."""
    wanted = usual / paces
    for pace in np.unique(paces):
        group = paces == pace
        total = float(wanted[group].sum())
        for _ in range(20):  # what the shortest are given is taken from the others
            wanted[group] *= total / np.maximum(wanted[group], 1.0).sum()
    return np.maximum(np.diff(np.round(np.cumsum(np.maximum(wanted, 1.0))), prepend=0.0), 1.0)
