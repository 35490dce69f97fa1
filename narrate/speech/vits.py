"""What VITS voices share (Piper's and Coqui's): a phoneme string in which each symbol belongs to a
token and lasts a whole number of hops."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lessons.directives.phone_alphabets import IPA_VOWELS
from lessons.model import Token, Utterance
from narrate.speech import emphasis, espeak_alphabet
from narrate.speech.base import VoiceInfo, make_unknown_sounds_error, make_unreadable_error
from narrate.speech.calibration import choose_calibration_text, compute_gain
from narrate.speech.parts import EngineSound, Part, join_parts, make_part
from narrate.speech.phoneme_text import NOT_SAID, PhonemeText, set_stress, split_at_clauses
from narrate.vocabulary import Samples, Speech

# How late the model's boundaries are: en_US-joe, over benchmarks/sentences/choosing.md.
SHIFT_SECONDS = -0.014
MOST_SYMBOLS = 400  # about 25 s; longer sentences are split at clauses
SMOOTHING_HOPS = 5  # about 60 ms, a syllable's onset


@dataclass(frozen=True, slots=True)
class SymbolIds:
    """The model's ids for each symbol, and those that come before all symbols, after each symbol,
    and after all symbols."""

    ids: Mapping[str, Sequence[int]]
    before: Sequence[int]
    between: Sequence[int]
    after: Sequence[int]


def make_phoneme_text(
    utterance: Utterance, read: Callable[[str], list[str]], known: Collection[str], *, voice: str
) -> PhonemeText:
    """The phoneme string of an utterance. `read` is the model's own reading of a text, as symbols;
    `known` are the symbols that it has. Raises VoiceError for what it cannot read."""
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
        elif symbol in "ˈˌ":  # belongs to the letter that follows
            owner = next((n for n in letter_of[at:] if n is not None), NOT_SAID)
        elif owner is None:
            owner = owners[-1] if owners else NOT_SAID
        owners.append(owner)
    for index, token in said:
        if token.phones is not None:
            if bad := espeak_alphabet.find_unknown_sounds(token.phones, known):
                raise make_unknown_sounds_error(token, voice, bad, utterance.line)
            _respell(symbols, owners, index, token.phones)
        if token.emphasis:
            reduced = token.emphasis == "reduced"
            set_stress(symbols, owners, index, vowels=IPA_VOWELS, reduced=reduced)
    return PhonemeText(tuple(symbols), tuple(owners))


def _respell(symbols: list[str], owners: list[int], index: int, phones: str) -> None:
    """Give a token the phonemes of the lexicon or the script. Changes both lists."""
    given = list(espeak_alphabet.convert_ipa(phones))
    theirs = [at for at, owner in enumerate(owners) if owner == index]
    if theirs:
        place = slice(theirs[0], theirs[-1] + 1)
    else:  # its spelling is not read at all
        start = sum(1 for owner in owners if owner < index)
        place, given = slice(start, start), [" ", *given, " "]
    symbols[place] = given
    owners[place] = [NOT_SAID if espeak_alphabet.is_pause(symbol) else index for symbol in given]


class VitsVoice(ABC):
    """A voice with a VITS model. A subclass opens the model, sets `_symbols`, and calls
    `_calibrate`."""

    _symbols: SymbolIds
    _gain_db = 0.0

    def __init__(self, info: VoiceInfo, version: str) -> None:
        self.info, self.version = info, version

    @abstractmethod
    def _read(self, text: str) -> list[str]:
        """The symbols of a text, as the model's own reader finds them."""

    @abstractmethod
    def _speak(
        self, ids: list[int], paces: npt.NDArray[np.float64]
    ) -> tuple[Samples, npt.NDArray[np.int64]]:
        """The sound of the ids at their paces (factors on the model's own pace), and how many hops
        each id lasts."""

    def _calibrate(self) -> None:
        self._gain_db = 0.0
        text = choose_calibration_text(self.info.languages[0])
        self._gain_db = compute_gain(self.speak(text).samples)

    def speak(self, utterance: Utterance, *, rate: float = 1.0) -> Speech:
        """A long sentence is spoken in parts: the model's cost grows faster than its text."""
        text = make_phoneme_text(utterance, self._read, self._symbols.ids, voice=self.info.id)
        parts = [
            self._speak_part(part, utterance.tokens, rate * utterance.rate)
            for part in split_at_clauses(text, MOST_SYMBOLS)
        ]
        return join_parts(utterance, parts)

    def _speak_part(self, text: PhonemeText, tokens: Sequence[Token], rate: float) -> Part:
        symbols, sample_rate = self._symbols, self.info.sample_rate
        ids = list(symbols.before)
        owners = [NOT_SAID] * len(ids)
        spans = []
        for symbol, owner in zip(text.symbols, text.tokens, strict=True):
            start = len(ids)
            ids += [*symbols.ids[symbol], *symbols.between]
            owners += [owner] * (len(ids) - start)
            spans.append((start, len(ids)))
        ids += symbols.after
        owners += [NOT_SAID] * len(symbols.after)
        sound, hops = self._speak(ids, np.array(emphasis.compute_paces(tokens, owners)) * rate)
        hop = len(sound) // max(int(hops.sum()), 1)
        owner_of_hop = np.repeat(owners, hops).tolist()
        sound = emphasis.apply_levels(sound, tokens, owner_of_hop, hop, SMOOTHING_HOPS)
        edges = np.concatenate(([0.0], np.cumsum(hops) * hop / sample_rate))
        starts = np.array([edges[start] for start, _ in spans])
        ends = np.array([edges[end] for _, end in spans])
        return make_part(
            EngineSound(sound, sample_rate, text, starts, ends),
            espeak_alphabet.find_phones(text.symbols, text.tokens, self.info.languages[0]),
            gain_db=self._gain_db,
            shift=SHIFT_SECONDS,
        )


def compute_whole_hops(
    usual: npt.NDArray[np.float32], paces: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Whole lengths of at least 1 hop each, whose sum is that of the `usual` lengths divided by
    their `paces`."""
    wanted = usual / paces
    for pace in np.unique(paces):
        group = paces == pace
        total = float(wanted[group].sum())
        for _ in range(20):  # what the shortest ones gain, the others lose
            wanted[group] *= total / np.maximum(wanted[group], 1.0).sum()
    return np.maximum(np.diff(np.round(np.cumsum(np.maximum(wanted, 1.0))), prepend=0.0), 1.0)
