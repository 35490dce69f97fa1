"""Spoken inline content to words, words to sentences, sentences to utterances."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from lessons.inline import Bit
from lessons.model import Token, Utterance
from lessons.sentences import ends_sentence
from lessons.speakable import LexiconEntry, Reader
from lessons.speakable.reader import has_other_script, is_one_atom
from lessons.spoken import ParagraphWords, StyledWord, collect_words
from lessons.ssml import AddFinding


@dataclass(frozen=True, slots=True)
class Pauses:
    """Silence after a sentence, after a paragraph and between slides, in milliseconds."""

    sentence: int = 350
    paragraph: int = 600
    slide: int = 800


@dataclass(frozen=True, slots=True)
class Delivery:
    """How a stretch is said: see `Utterance`."""

    step: int = 0
    voice: str | None = None
    rate: float = 1.0
    language: str | None = None


@dataclass(frozen=True, slots=True)
class ParagraphUtterances:
    """`lead_ms` is the silence that is asked for before the first utterance."""

    utterances: tuple[Utterance, ...]
    lead_ms: int = 0


def make_utterances(
    bits: Sequence[Bit],
    delivery: Delivery,
    *,
    pauses: Pauses,
    reader_for: Callable[[str | None], Reader],
    line_of: Callable[[int], int],
    remark: AddFinding,
    entries: dict[int, LexiconEntry] | None = None,
) -> ParagraphUtterances:
    """The utterances of a paragraph, the last with the paragraph's pause.

    `reader_for` gives the reader for a language that SSML asks for, or the usual one. `entries`
    takes the lexicon's entries that were used, by the start of their tokens.
    """
    spoken = collect_words(bits, reader_for(None).language, remark)
    made: list[Utterance] = []
    for sentence in _split_sentences(spoken, pauses):
        tokens = _make_tokens(
            sentence.words, reader_for, remark, {} if entries is None else entries
        )
        rate, language = delivery.rate, delivery.language
        # What holds for all of a sentence is the sentence's: more voices can do that.
        if len({token.rate for token in tokens}) == 1:
            rate *= tokens[0].rate
            tokens = [replace(token, rate=1.0) for token in tokens]
        if len({token.language for token in tokens}) == 1 and tokens[0].language:
            language = tokens[0].language
            tokens = [replace(token, language=None) for token in tokens]
        made.append(
            Utterance(
                tokens=tuple(tokens),
                pause_ms=sentence.pause_ms,
                line=line_of(tokens[0].start),
                step=delivery.step,
                voice=delivery.voice,
                language=language,
                rate=round(rate, 4),
                ends_paragraph=sentence.ends_paragraph,
            )
        )
    if made:
        pause = max(made[-1].pause_ms, pauses.paragraph)
        made[-1] = replace(made[-1], pause_ms=pause, ends_paragraph=True)
    return ParagraphUtterances(tuple(made), spoken.breaks.get(0, 0))


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: list[StyledWord]
    pause_ms: int
    ends_paragraph: bool = False


def _make_tokens(
    words: Sequence[StyledWord],
    reader_for: Callable[[str | None], Reader],
    remark: AddFinding,
    entries: dict[int, LexiconEntry],
) -> list[Token]:
    tokens: list[Token] = []
    for language, group in groupby(words, key=lambda styled: styled.style.language):
        run = list(group)
        reader = reader_for(language)
        for styled, said in zip(run, reader.read([s.word for s in run]), strict=True):
            word, style = styled.word, styled.style
            if said.entry is not None:
                entries[word.start] = said.entry
            shared = said.entry is not None or any(atom.reading == " " for atom in word.atoms)
            unsaid = not said.spoken and said.phones is None and not shared
            if unsaid and any(map(_means_something, said.written)):
                remark(
                    "word-unread",
                    f"{said.written!r} is not said: there is no way of reading it.",
                    'Give it a reading: <sub alias="…">…</sub>, or an entry in lexicon.yaml.',
                    word.start,
                    severity="warning",
                )
            elif reader.english and said.phones is None and has_other_script(said.spoken):
                remark(
                    "word-unread",
                    f"{said.written!r} is in letters that no English voice reads.",
                    'Give it a reading: <sub alias="…">…</sub>, or an entry in lexicon.yaml; or '
                    'name its language: <lang xml:lang="…">.',
                    word.start,
                    severity="warning",
                )
            if any(atom.kind == "phoneme" for atom in word.atoms) and not is_one_atom(word):
                remark(
                    "ssml-part",
                    f"<phoneme> holds only a part of the word {said.written!r}; it is read as "
                    "written.",
                    "Let it hold the whole word.",
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
    """Letters, figures and the signs of mathematics and money; not ASCII's, which also rule and
    frame."""
    if char.isalnum() or char.isnumeric() or char == "№":
        return True
    return not char.isascii() and unicodedata.category(char) in ("Sm", "Sc")


def _split_sentences(spoken: ParagraphWords, pauses: Pauses) -> list[_Sentence]:
    """Sentences with the silence after them. Breaks part a sentence too."""
    words = spoken.words
    made: list[_Sentence] = []
    current: list[StyledWord] = []
    for position, styled in enumerate(words):
        current.append(styled)
        following = words[position + 1].word.text if position + 1 < len(words) else None
        asked, stop = spoken.breaks.get(position + 1), spoken.stops.get(position + 1)
        done = ends_sentence(styled.word.text, following)
        if stop is not None and following is not None:
            usual = pauses.paragraph if stop else pauses.sentence
            made.append(_Sentence(current, max(usual, asked or 0), stop))
            current = []
        elif asked is not None:
            made.append(_Sentence(current, max(asked, 1)))
            current = []
        elif done and following is not None:
            made.append(_Sentence(current, pauses.sentence))
            current = []
    if current:
        made.append(_Sentence(current, pauses.sentence))
    return made
