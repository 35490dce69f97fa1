"""What is said for each word of a sentence."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Sequence

from foundation.languages import is_english, normalize_tag
from lessons.course.settings import DEFAULTS
from lessons.directives.phone_alphabets import possessive
from lessons.speakable import english, foreign
from lessons.speakable.foreign import ReadWord
from lessons.speakable.lexicon import GROUP, Lexicon, LexiconEntry, LexiconMatch
from lessons.speakable.other_languages import (
    PASSED_ON,
    read_sentence_without_locale,
    say_without_locale,
)
from lessons.speakable.words import ATOM, SpokenWord, WrittenWord

_SPOKEN_MARKS = ".,;:?!—…"
_PLAIN_MARKS = str.maketrans(
    {
        "。": ".", "、": ",", "，": ",", "；": ";", "：": ":", "！": "!", "？": "?",
        "।": ".", "॥": ".", "؟": "?", "،": ",", "؛": ";", "۔": ".",
        "」": "”", "』": "”", "）": ")",
    }
)  # fmt: skip
"""Punctuation of other scripts as the voices know it."""
_DASHES = frozenset({"–", "—", "―", "--", "---"})
_CLOSERS = ")]}"


class Reader:
    """Reads the sentences of one language and voice with one lexicon.

    English is read in full. In other languages, `foreign` says numbers, units and signs as far as
    it knows them, and words are passed on to the voice as they are written.
    """

    def __init__(self, language: str, lexicon: Lexicon | None = None, voice: str = "") -> None:
        self.language = language
        self.english = is_english(language)
        self.american = _is_american(language)
        self._lexicon = (
            lexicon.make_matcher(language, voice) if lexicon and lexicon.entries else None
        )

    def read(self, sentence: Sequence[WrittenWord]) -> list[SpokenWord]:
        """One `SpokenWord` for each word, in order."""
        own = self._read_lexicon(sentence)
        joined: set[int] = set()
        if self.english:
            words = english.read_sentence(sentence, day_first=not self.american)
            spoken = [word.said or "" for word in words]
            edges = [(word.lead, word.trail) for word in words]
            if words and not edges[-1][1] and words[-1].core.endswith("."):
                # The full stop of an abbreviation also ends the sentence.
                edges[-1] = words[-1].lead, "."
        else:
            read = _read_foreign(sentence, self.language)
            spoken = [one.said for one in read]
            joined = {position for position, one in enumerate(read) if one.joined}
            edges = [
                (_find_lead(word.text), word.text if stops else word.text.rstrip("."))
                for word, (_, stops, _) in zip(sentence, read, strict=True)
            ]
        phones = [self._find_phones(word) if word.atoms else None for word in sentence]
        for position, (respelling, ipa, _) in own.items():
            # A sign without words of its own gets its IPA as words: a token needs some.
            spoken[position] = respelling or spoken[position] or ipa
            phones[position] = ipa or None
        kept = frozenset() if self.english or foreign.find_locale(self.language) else PASSED_ON
        written = [word.written for word in sentence]
        punctuated = _punctuate(
            written,
            [_keep_speakable(said, kept) for said in spoken],
            [lead for lead, _ in edges],
            _find_spoken_marks(edges),
        )
        return [
            SpokenWord(
                text, said, ipa, own[position][2] if position in own else None, position in joined
            )
            for position, (text, said, ipa) in enumerate(
                zip(written, punctuated, phones, strict=True)
            )
        ]

    def _read_lexicon(
        self, sentence: Sequence[WrittenWord]
    ) -> dict[int, tuple[str, str, LexiconEntry]]:
        """The respelling, the IPA and the entry of the lexicon, by the position of the word."""
        if self._lexicon is None:
            return {}
        cores = [_make_lexicon_key(word) for word in sentence]
        readings: dict[int, tuple[str, str, LexiconEntry]] = {}
        position = 0
        while position < len(cores):
            match = self._lexicon.find(cores, position)
            if match is None:
                position += 1
                continue
            reading = self._read_match(match)
            if not any(words.strip() or ipa.strip() for words, ipa in reading):
                position += 1  # its groups matched nothing, and no word may become silent
                continue
            for offset, (words, ipa) in enumerate(reading):
                readings[position + offset] = (words, ipa, match.entry)
            position += match.size
        return readings

    def _find_phones(self, word: WrittenWord) -> str | None:
        """The IPA of an SSML phoneme that is the whole word, or all but its possessive ending."""
        ipa = next((atom.reading for atom in word.atoms if atom.kind == "phoneme"), "").strip()
        if not ipa or not is_one_atom(word):
            return None
        rest = word.text.replace("’", "'").rstrip('()[]{}"”.,;:!?…')
        return possessive(ipa, self.language) if rest.endswith("'s") else ipa

    def _read_match(self, match: LexiconMatch) -> list[tuple[str, str]]:
        """Respelling and IPA for each word of a match."""
        if ipa := match.entry.ipa:
            ipa = possessive(ipa, self.language) if match.possessive else ipa
            return [("" if part else " ", part) for part in share_reading(ipa, match.size)]
        words, found = match.entry.respelling, match.found
        if found is not None:  # a group holds written text, which may have digits
            words = GROUP.sub(
                lambda group: say(
                    found[int(group[1]) if group[1] else group[2]] or "", self.language
                ),
                words,
            )
        if match.possessive and self.english:
            words += "'s"
        return [(part or " ", "") for part in share_reading(words, match.size)]


def _is_american(language: str) -> bool:
    """Whether English is read as in the United States, which is also meant by `en` alone."""
    try:
        return normalize_tag(language) in ("en", "en-US")
    except ValueError:
        return False


def _find_lead(text: str) -> str:
    return text[: len(text) - len(text.lstrip("([{\"'“‘"))]


def _find_spoken_marks(edges: Sequence[tuple[str, str]]) -> list[str]:
    """The spoken punctuation after each word, from the punctuation before and after the words.

    A closing bracket becomes a comma if its opening bracket came before a word. It becomes nothing
    if it opened inside a word, as in O(n log n), or if it ends the sentence.
    """
    marks: list[str] = []
    opened = 0
    for position, (lead, trail) in enumerate(edges):
        if lead:
            opened += sum(lead.count(bracket) for bracket in "([{")
        if not trail:
            marks.append("")
            continue
        trail = trail.translate(_PLAIN_MARKS)
        mark = _find_spoken_mark(trail)
        closes = opened == 0 or position + 1 == len(edges)
        marks.append("" if mark == "," and closes and "," not in trail[-3:] else mark)
    return marks


def share_reading(reading: str, size: int) -> list[str]:
    """A reading divided among `size` written words, so that each is said at its own time.

    If the reading has too few words, the first written words get one each; if it has too many, the
    last written word gets the rest.
    """
    words = reading.split()
    if size == 1 or len(words) < size:
        return [*words, *[""] * (size - len(words))] if size > 1 else [" ".join(words)]
    return [*words[: size - 1], " ".join(words[size - 1 :])]


def is_one_atom(word: WrittenWord) -> bool:
    """Whether a word is one atom, apart from punctuation and a possessive ending."""
    rest = word.text.replace("’", "'").strip('()[]{}"“”‘«».,;:!?…')
    return rest in (ATOM, f"{ATOM}'s", f"{ATOM}'")


def has_other_script(text: str) -> bool:
    """Whether a text has letters of a script without capitals (Han, Hebrew, Arabic, …), which
    English voices skip."""
    if text.isascii():
        return False
    return any(unicodedata.category(char) == "Lo" and char not in "ªº" for char in text)


def _make_lexicon_key(word: WrittenWord) -> str | None:
    """What to look up in the lexicon; None if the script itself says how to read the word."""
    if any(atom.kind in ("said", "phoneme", "sound") for atom in word.atoms):
        return None
    if ATOM in word.text:
        return word.written.strip("()[]{}\"'“”‘’.,;:!?…")
    return word.text.strip('()[]{}"“”‘«».,;:!?…').replace("’", "'")


@functools.lru_cache(maxsize=8192)
def _keep_speakable(text: str, kept_signs: frozenset[str] = frozenset()) -> str:
    """The text reduced to letters, apostrophes, hyphens, spaces, the punctuation of sentences and
    `kept_signs`, with composed accents."""
    text = unicodedata.normalize("NFC", text).replace("’", "'").replace("\u2011", "-")
    kept = [
        char
        if char.isalpha() or char in "'- " or char in _SPOKEN_MARKS or char in kept_signs
        else " "
        if not unicodedata.category(char).startswith("M")
        else char
        for char in text
    ]
    words = [
        word.strip("-'") if not word.endswith("s'") else word for word in "".join(kept).split()
    ]
    joined = " ".join(
        word
        for word in words
        if word == "—" or any(char.isalpha() or char in kept_signs for char in word)
    )
    return re.sub(r"\s+([.,;:?!…])", r"\1", joined).strip()


def _punctuate(
    written: list[str], spoken: list[str], leads: list[str], marks: list[str]
) -> list[str]:
    """What is said, with the punctuation of each word, and before a dash or bracket its own."""
    before = -1  # the nearest word before that is spoken
    for position, text in enumerate(written):
        if not spoken[position]:
            if text in _DASHES:
                _append_mark(spoken, before, "—")
            continue
        if leads[position][:1] in ("(", "[", "{") and not text.startswith("[]"):
            _append_mark(spoken, before, ",")
        spoken[position] = spoken[position].rstrip(_SPOKEN_MARKS) + marks[position]
        before = position if spoken[position] else before
    before = -1
    for position, text in enumerate(written):
        if spoken[position]:
            before = position
        elif marks[position] and text not in _DASHES:
            _append_mark(spoken, before, marks[position])
    return spoken


def _append_mark(spoken: list[str], position: int, mark: str) -> None:
    if position >= 0 and spoken[position][-1] not in _SPOKEN_MARKS:
        spoken[position] += mark


def _find_spoken_mark(written: str) -> str:
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


def _read_foreign(sentence: Sequence[WrittenWord], language: str) -> list[ReadWord]:
    locale = foreign.find_locale(language)
    if locale is None:
        elsewhere = functools.partial(say_without_locale, language=language)
        read = read_sentence_without_locale(sentence, language)
        return [
            ReadWord(_say_parts(word, elsewhere)) if word.atoms else one
            for word, one in zip(sentence, read, strict=True)
        ]
    alone = functools.partial(foreign.say_word, locale=locale)
    read = foreign.read_sentence(sentence, locale)
    return [
        one._replace(said=_say_parts(word, alone)) if word.atoms else one
        for word, one in zip(sentence, read, strict=True)
    ]


def _say_parts(word: WrittenWord, say_text: Callable[[str], str]) -> str:
    """What is said for a word that holds atoms. Formulas and code are read sign by sign, as they
    are shown: English readings of them would be foreign words in the sentence."""
    atoms = iter(word.atoms)
    said: list[str] = []
    for part in re.split(f"({ATOM})", word.text):
        if part == ATOM:
            atom = next(atoms, None)
            if atom is not None:
                shown = atom.written if atom.kind != "said" else ""
                said += [say_text(sign) for sign in shown.split()] or [atom.reading]
        elif part.strip("-–"):
            said.append(say_text(part.strip("-–")))
    return " ".join(said)


def say(text: str, language: str = DEFAULTS.language, lexicon: Lexicon | None = None) -> str:
    """What is said for a line of plain text, as one string."""
    words = [WrittenWord(word) for word in text.split()]
    return " ".join(one.spoken for one in Reader(language, lexicon).read(words) if one.spoken)
