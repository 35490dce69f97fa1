"""Sentences to what is said for each of their words."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

from lessons.speakable import english
from lessons.speakable.lexicon import Lexicon, Pronunciation, find
from lessons.speakable.pieces import split
from lessons.speakable.words import ATOM, Said, Word

_SPOKEN_MARKS = ".,;:?!—…"
_DASHES = frozenset({"–", "—", "―", "--", "---"})
_CLOSERS = ")]}"


class Reader:
    """Reads the sentences of one language with one lexicon.

    English is read in full. In other languages numbers are said where num2words knows how, and
    words are left to the voice as they are written.
    """

    def __init__(self, language: str = "en-US", lexicon: Lexicon | None = None) -> None:
        self.language = language
        self.english = language.lower().partition("-")[0] == "en"
        self.entries = (lexicon or Lexicon()).of(language)
        self.longest = max((len(key) for key in self.entries), default=0)

    def read(self, sentence: Sequence[Word]) -> list[Said]:
        """One `Said` for each word, in order."""
        own = self._from_lexicon(sentence)
        if self.english:
            spoken = english.read(sentence)
        else:
            spoken = [_foreign(word, self.language) for word in sentence]
        made: list[Said] = []
        for position, word in enumerate(sentence):
            words, phones = spoken[position], _phones(word)
            if position in own:
                reading = own[position]
                words = _only_speakable(reading.respelling) if reading.respelling else words
                phones = reading.ipa or phones
            made.append(Said(word.written, _only_speakable(words), phones))
        return _punctuate(made, self._marks(sentence))

    def _marks(self, sentence: Sequence[Word]) -> list[str]:
        """The spoken punctuation after each word. A bracket that closes is a comma if it opened
        before a word, and nothing if it opened inside one, as in O(n log n)."""
        marks: list[str] = []
        opened = 0
        for position, word in enumerate(sentence):
            head = word.text[: len(word.text) - len(word.text.lstrip("([{\"'“‘"))]
            opened += sum(head.count(bracket) for bracket in "([{")
            mark = self._mark(word, position + 1 == len(sentence))
            if mark == "," and opened == 0 and "," not in word.text[-3:]:
                mark = ""
            marks.append(mark)
        return marks

    def _mark(self, word: Word, last: bool) -> str:
        """The punctuation that a word ends with, as far as it is spoken; the full stop of an
        abbreviation is none, unless it ends the sentence."""
        if not self.english:
            return _mark(word.text)
        piece = split(word)
        return _mark(piece.trail) or ("." if last and piece.core.endswith(".") else "")

    def _from_lexicon(self, sentence: Sequence[Word]) -> dict[int, Pronunciation]:
        """The lexicon's reading by position; the words of a phrase after its first are silent."""
        if not self.entries:
            return {}
        cores = [_core(word) for word in sentence]
        readings: dict[int, Pronunciation] = {}
        position = 0
        while position < len(cores):
            found = find(self.entries, self.longest, cores, position)
            if found is None:
                position += 1
                continue
            size, reading = found
            for offset, part in enumerate(_shared(reading, size)):
                readings[position + offset] = part
            position += size
        return readings


def _shared(reading: Pronunciation, size: int) -> list[Pronunciation]:
    """A phrase's reading shared among its tokens, so that each is said at its own time. A reading
    that has another number of words is said with the first token."""
    words = reading.respelling.split() if reading.respelling else reading.ipa.split()
    if size == 1:
        return [reading]
    if len(words) < size:
        words = [*words, *[""] * (size - len(words))]
    words = [*words[: size - 1], " ".join(words[size - 1 :])]
    if reading.respelling:
        return [Pronunciation(respelling=word or " ") for word in words]
    return [Pronunciation(ipa=word) if word else Pronunciation(respelling=" ") for word in words]


def _core(word: Word) -> str:
    if ATOM in word.text:
        return word.written.strip("()[]{}\"'“”‘’.,;:!?…")
    return word.text.strip('()[]{}"“”‘«».,;:!?…').replace("’", "'")


def _phones(word: Word) -> str | None:
    """IPA from an SSML phoneme that makes up the word."""
    for atom in word.atoms:
        if atom.kind == "phoneme":
            return atom.say.strip() or None
    return None


@functools.lru_cache(maxsize=8192)
def _only_speakable(text: str) -> str:
    """Letters, apostrophes, hyphens, spaces and the sentence's punctuation; accents composed."""
    text = unicodedata.normalize("NFC", text).replace("’", "'").replace("\u2011", "-")
    kept = [
        char
        if char.isalpha() or char in "'- " or char in _SPOKEN_MARKS
        else " "
        if not unicodedata.category(char).startswith("M")
        else char
        for char in text
    ]
    words = [
        word.strip("-'") if not word.endswith("s'") else word for word in "".join(kept).split()
    ]
    joined = " ".join(word for word in words if any(char.isalpha() for char in word) or word in "—")
    return re.sub(r"\s+([.,;:?!…])", r"\1", joined).strip()


def _punctuate(said: list[Said], marks: list[str]) -> list[Said]:
    """Give each token its own punctuation, and to the token before it that of a dash or bracket."""
    spoken = [one.spoken for one in said]
    for position, one in enumerate(said):
        if not spoken[position]:
            if one.written in _DASHES:
                _append(spoken, position - 1, "—")
            continue
        if position and one.written[:1] in "([" and not one.written.startswith("[]"):
            _append(spoken, position - 1, ",")
        spoken[position] = spoken[position].rstrip(_SPOKEN_MARKS) + marks[position]
    for position, one in enumerate(said):
        if not spoken[position] and marks[position] and one.written not in _DASHES:
            _append(spoken, position - 1, marks[position])
    return [Said(one.written, text, one.phones) for one, text in zip(said, spoken, strict=True)]


def _append(spoken: list[str], position: int, mark: str) -> None:
    while position >= 0 and not spoken[position]:
        position -= 1
    if position >= 0 and spoken[position][-1] not in _SPOKEN_MARKS:
        spoken[position] += mark


def _mark(written: str) -> str:
    closing = ""
    for char in reversed(written):
        if char in ".,;:?!…":
            closing = char if not closing or closing in ",)" or char in "?!" else closing
        elif char in _CLOSERS:
            closing = closing or ","
        elif char not in "\"'”’“»*_":
            break
    if written.endswith("..."):
        return "…"
    return closing


def _foreign(word: Word, language: str) -> str:
    said: list[str] = []
    atoms = iter(word.atoms)
    for part in re.split(f"({ATOM})", word.text):
        if part == ATOM:
            atom = next(atoms, None)
            if atom is not None:
                said.append(atom.say if atom.kind == "sub" else english.say_atom(atom))
        else:
            said.extend(
                _foreign_number(piece, language) if piece.isdecimal() else piece
                for piece in re.findall(r"\d+|\D+", part)
            )
    return " ".join(said)


@functools.lru_cache(maxsize=4096)
def _foreign_number(digits: str, language: str) -> str:
    if len(digits) > 15:
        return ""
    from num2words import num2words

    try:
        return str(num2words(int(digits), lang=language.partition("-")[0].lower()))
    except (NotImplementedError, ValueError, OverflowError):
        return ""


def say(text: str, language: str = "en-US", lexicon: Lexicon | None = None) -> str:
    """What is said for a line of plain text."""
    words = [Word(word) for word in text.split()]
    return " ".join(one.spoken for one in Reader(language, lexicon).read(words) if one.spoken)
