"""The utterances of a paragraph: its words, divided into sentences and read out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from lessons.course.settings import Pauses
from lessons.course.speakers import NOBODY, Speaker, Speakers
from lessons.directives.ssml import AddFinding
from lessons.markdown.inline import Bit
from lessons.markdown.sentences import ends_sentence
from lessons.markdown.spoken import ParagraphWords, StyledWord, collect_words
from lessons.model import Token, Utterance
from lessons.speakable import LexiconEntry, Reader
from lessons.speakable.reader import has_other_script, is_one_atom

SOUND_MS = 1500
"""The silence in the place of a sound that stands alone, so that its caption can be read."""

_NUMBER = re.compile(r"(?:\d{1,2}|[IVX]{1,4})\.")


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a paragraph is spoken. The fields have the same meaning as those of `Utterance`."""

    step: int = 0
    voice: str | None = None
    rate: float = 1.0
    language: str | None = None
    speaker: str | None = None

    def by(self, speaker: Speaker) -> Delivery:
        """The same, by another speaker."""
        return replace(self, voice=speaker.voice, speaker=speaker.name)


@dataclass(frozen=True, slots=True)
class ParagraphUtterances:
    """`lead_ms` is the silence that the script asks for before the first utterance."""

    utterances: tuple[Utterance, ...]
    lead_ms: int = 0


def make_utterances(
    bits: Sequence[Bit],
    delivery: Delivery,
    *,
    pauses: Pauses,
    get_reader: Callable[[str | None], Reader],
    find_line: Callable[[int], int],
    add_finding: AddFinding,
    entries: dict[int, LexiconEntry] | None = None,
    speakers: Speakers = NOBODY,
) -> ParagraphUtterances:
    """The utterances of a paragraph; the last one has the pause of a paragraph.

    `speakers` are those whom `<voice>` may name; any other name is that of a voice.
    `get_reader` returns the reader for a language that SSML asks for, and the usual one for None.
    The lexicon entries that were used are added to `entries`, by the start of their tokens.
    """
    spoken = collect_words(bits, get_reader(None).language, add_finding)
    made: list[Utterance] = []
    for sentence in _split_sentences(spoken, pauses):
        tokens = _make_tokens(
            sentence.words, get_reader, add_finding, {} if entries is None else entries
        )
        rate, language = delivery.rate * sentence.pace, delivery.language
        by = _find_deliverer(sentence, delivery, speakers)
        # A rate or language that all words share goes to the sentence: more voices support that.
        first = tokens[0]
        if first.rate != 1.0 and all(token.rate == first.rate for token in tokens):
            rate *= first.rate
            tokens = [replace(token, rate=1.0) for token in tokens]
        if first.language and all(token.language == first.language for token in tokens):
            language = first.language
            tokens = [replace(token, language=None) for token in tokens]
        made.append(
            Utterance(
                tokens=tuple(tokens),
                pause_ms=sentence.pause_ms,
                line=find_line(tokens[0].start),
                step=delivery.step,
                voice=by.voice,
                language=language,
                rate=round(rate, 4),
                ends_paragraph=sentence.ends_paragraph,
                speaker=by.speaker,
            )
        )
    if spoken.words and all(styled.word.sounds for styled in spoken.words):
        made = [replace(u, pause_ms=max(u.pause_ms, SOUND_MS)) for u in made]
    if made:
        pause = max(made[-1].pause_ms, pauses.paragraph)
        made[-1] = replace(made[-1], pause_ms=pause, ends_paragraph=True)
    return ParagraphUtterances(tuple(made), spoken.breaks.get(0, 0))


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: list[StyledWord]
    pause_ms: int
    ends_paragraph: bool = False
    pace: float = 1.0


def _find_deliverer(sentence: _Sentence, delivery: Delivery, speakers: Speakers) -> Delivery:
    """Who says a sentence: whom `<voice>` names, or else the speaker of the paragraph."""
    named = sentence.words[0].style.voice
    if named is None:
        return delivery
    speaker = speakers.find(named)
    return replace(delivery, voice=named, speaker=None) if speaker is None else delivery.by(speaker)


def _make_tokens(
    words: Sequence[StyledWord],
    get_reader: Callable[[str | None], Reader],
    add_finding: AddFinding,
    entries: dict[int, LexiconEntry],
) -> list[Token]:
    tokens: list[Token] = []
    for language, group in groupby(words, key=lambda styled: styled.style.language):
        run = list(group)
        reader = get_reader(language)
        for styled, said in zip(run, reader.read([s.word for s in run]), strict=True):
            word, style = styled.word, styled.style
            if said.entry is not None:
                entries[word.start] = said.entry
            unsaid = not said.spoken and said.phones is None and said.entry is None
            shared = said.joined or word.sounds or any(atom.reading == " " for atom in word.atoms)
            if unsaid and not shared and any(map(_means_something, said.written)):
                add_finding(
                    "word-unread",
                    f"{said.written!r} will not be spoken, because there is no reading for it.",
                    'Add a reading with <sub alias="…">…</sub> or in lexicon.yaml.',
                    word.start,
                    severity="warning",
                )
            elif reader.english and said.phones is None and has_other_script(said.spoken):
                add_finding(
                    "word-unread",
                    f"{said.written!r} has letters that English voices cannot read.",
                    'Add a reading with <sub alias="…">…</sub> or in lexicon.yaml, or name its '
                    'language with <lang xml:lang="…">.',
                    word.start,
                    severity="warning",
                )
            phonemes = word.atoms and any(atom.kind == "phoneme" for atom in word.atoms)
            if phonemes and not is_one_atom(word):
                add_finding(
                    "ssml-part",
                    f"This <phoneme> contains only a part of the word {said.written!r}, which is "
                    "therefore read as it is written.",
                    "Put the whole word inside <phoneme>.",
                    word.start,
                )
            tokens.append(
                Token(
                    said.written,
                    said.spoken,
                    word.start,
                    word.end,
                    said.phones,
                    style.rate,
                    style.emphasis,
                    style.language,
                )
            )
    return tokens


def _means_something(char: str) -> bool:
    """Whether a character is a letter, a digit or a sign of mathematics or money. ASCII signs do
    not count: they also draw rules and frames."""
    if char.isalnum() or char.isnumeric() or char == "№":
        return True
    return not char.isascii() and unicodedata.category(char) in ("Sm", "Sc")


def _split_sentences(spoken: ParagraphWords, pauses: Pauses) -> list[_Sentence]:
    """The sentences, each with the silence after it. A break splits a sentence too."""
    words = spoken.words
    made: list[_Sentence] = []
    current: list[StyledWord] = []
    pace = 1.0
    for position, styled in enumerate(words):
        if not current:
            pace = 1.0
        pace = spoken.paces.get(position, pace)
        current.append(styled)
        following = words[position + 1].word.text if position + 1 < len(words) else None
        asked, stop = spoken.breaks.get(position + 1), spoken.stops.get(position + 1)
        done = _ends_sentence(words, position)
        if position == 0 and _NUMBER.fullmatch(styled.word.text):
            done = False  # the number of a heading, "2. Methods"
        if stop is not None and following is not None:
            usual = pauses.paragraph if stop else pauses.sentence
            made.append(_Sentence(current, max(usual, asked or 0), stop, pace))
            current = []
        elif asked is not None:
            made.append(_Sentence(current, max(asked, 1), pace=pace))
            current = []
        elif done and following is not None:
            made.append(_Sentence(current, pauses.sentence, pace=pace))
            current = []
    if current:
        made.append(_Sentence(current, pauses.sentence, pace=pace))
    return made


def _ends_sentence(words: Sequence[StyledWord], position: int) -> bool:
    """Whether a sentence ends with a word. The sign of a sound belongs to the sentence before it:
    nothing of it is said."""
    at = position + 1
    following = words[at].word if at < len(words) else None
    if following is not None and following.sounds:
        return False
    first = position
    while first > 0 and words[first].word.sounds:
        first -= 1
    text = following.text if following else None
    return any(ends_sentence(styled.word.text, text) for styled in words[first : position + 1])
