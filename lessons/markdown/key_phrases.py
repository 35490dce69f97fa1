"""The key phrases of a slide that would show nothing but its heading.

They are sentences of its paragraphs, in the author's own words and order:

- one of each paragraph, two of a long one, three of one that stands alone; five in all, and 60
  words;
- those that begin a paragraph, name what the title names, define something or stress a term come
  first; questions, and sentences that lean on the one before them or speak of the lesson itself,
  come last or not at all;
- a sentence of more than 15 words loses what stands in brackets, then what follows a semicolon, a
  dash or a comma before a clause that only adds something. One that is still longer than 20 words
  is not shown. Conditions, contrasts and negations stay, since the rest would mislead.

Where no sentence will do, the terms that the paragraphs stress or write as code are shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from lessons.markdown.phrase_words import PhraseWords, get_phrase_words, split_words
from lessons.markdown.phrases import Phrase, find_heads, remove_brackets, split_sentences
from lessons.model import Inline, Run

MOST_PHRASES = 5
MOST_WORDS_TOGETHER = 60
"""Two thirds of what a slide may show (`lessons.checks.script`): it is to be heard, not read."""

WANTED_WORDS, WANTED_WIDTH = 12, 80
"""What is read at a glance: two lines of a slide."""
UNCUT_WORDS, UNCUT_WIDTH = 15, 95
LONGEST_WORDS, LONGEST_WIDTH = 20, 125
FEWEST_WORDS = 3
FEWEST_IN_HEAD = 5

_LEAST = -1.0
"""A phrase with no higher score is not worth its place."""
_MOST_TEXT, _MOST_SENTENCE = 20_000, 1_000
"""Characters of a paragraph, and of a sentence, that are looked at."""


@dataclass(frozen=True, slots=True)
class KeyPhrase:
    """A phrase, and the position of its paragraph."""

    content: Inline
    paragraph: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    phrase: Phrase
    paragraph: int
    sentence: int
    score: float


def choose_key_phrases(
    paragraphs: Sequence[Inline], title: str, language: str
) -> tuple[KeyPhrase, ...]:
    """What a slide shows of its paragraphs, in their order."""
    words = get_phrase_words(language)
    topic = _find_topic(title, words)
    chosen: list[_Candidate] = []
    for position, content in enumerate(paragraphs):
        sentences = list(split_sentences(Phrase(content).cut(0, _MOST_TEXT)))
        found = [
            candidate
            for number, sentence in enumerate(sentences)
            if (candidate := _judge(sentence, position, number, topic, words)) is not None
        ]
        quota = _find_quota(len(sentences), alone=len(paragraphs) == 1)
        best = _find_best(found)[:quota]
        chosen += [c for c in best if c is best[0] or c.score > 0]
    chosen = _keep_within_limits(_without_repeats(chosen, title))
    if not chosen:
        return tuple(_find_terms(paragraphs, title))
    return tuple(KeyPhrase(c.phrase.runs, c.paragraph) for c in chosen)


def _find_quota(sentences: int, *, alone: bool) -> int:
    """How many phrases a paragraph may have."""
    if alone:
        return min(3, (sentences + 1) // 2)
    return 2 if sentences >= 4 else 1


def _find_best(candidates: Sequence[_Candidate]) -> list[_Candidate]:
    return sorted(candidates, key=lambda c: (-c.score, c.paragraph, c.sentence))


def _without_repeats(chosen: Sequence[_Candidate], title: str) -> list[_Candidate]:
    """The candidates without those that say what the title or another one says."""
    seen = {" ".join(split_words(title.casefold()))}
    kept: list[_Candidate] = []
    for candidate in chosen:
        text = " ".join(split_words(candidate.phrase.text.casefold()))
        if text not in seen:
            kept.append(candidate)
        seen.add(text)
    return kept


def _keep_within_limits(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """The best of the candidates that fit on a slide together, in the order of the text."""
    kept: list[_Candidate] = []
    size = 0.0
    for candidate in _find_best(chosen):
        if len(kept) < MOST_PHRASES and size + candidate.phrase.size <= MOST_WORDS_TOGETHER:
            kept.append(candidate)
            size += candidate.phrase.size
    return sorted(kept, key=lambda c: (c.paragraph, c.sentence))


def _find_topic(title: str, words: PhraseWords) -> frozenset[str]:
    """The beginnings of the words that a title is about, so that `call` is found in `calling`."""
    if not words.spaced:
        return frozenset(title[at : at + 2] for at in range(len(title) - 1))
    named = (word for word in split_words(title.casefold()) if word not in words.stop)
    return frozenset(word[:5] for word in named if len(word) > 2)


def _judge(
    sentence: Phrase, paragraph: int, number: int, topic: frozenset[str], words: PhraseWords
) -> _Candidate | None:
    """A sentence as it would be shown; None if it cannot be."""
    whole = sentence.text.strip()
    if len(whole) > _MOST_SENTENCE:
        return None
    phrase = _strip_connective(sentence.trim(), words)
    shown = _shorten(phrase, words)
    if shown is None:
        return None
    text = shown.mask.casefold()
    length = shown.size
    naming = [word for word in split_words(text) if any(map(str.isalpha, word))]
    if length < FEWEST_WORDS or not shown.is_balanced() or (words.spaced and len(naming) < 2):
        return None
    if _is_label(whole):
        return None
    addresses = sum("://" in word for word in shown.text.split())
    if addresses * 3 > len(naming):
        return None
    score = 2.0 if number == 0 else 0.0
    if _is_about(text, topic, words):
        score += 2
    styles = {run.style for run in shown.runs}
    score += 1.5 * bool(styles & {"emphasis", "strong", "highlight"})
    score += 0.5 * bool(styles & {"code", "formula", "link"})
    if words.dangles(text):
        if number or paragraph:
            return None
        score -= 3.5
    else:
        score += 1.5 * words.has(words.copulas, " ".join(split_words(text)[1:5]))
    score -= 2 * words.has(words.pointing, naming[-1])
    score -= 6 * words.has(words.talk, text)
    score -= 2 * words.has(words.pointing, text)
    score -= 4 * whole.rstrip(')"”’」』 ').endswith(("?", "？", "؟"))
    score -= 1.5 * whole.endswith(("!", "！")) + 3 * whole.endswith((":", "："))
    score -= 4 * (shown.text[:1].islower() and shown.runs[0].style not in ("code", "formula"))
    score -= 4 * whole.startswith(("(", "（", "["))
    score -= max(length - WANTED_WORDS, 0) / 3 + max(shown.width - WANTED_WIDTH, 0) / 20
    return _Candidate(shown, paragraph, number, score) if score > _LEAST else None


def _is_label(text: str) -> bool:
    """Whether a text is no sentence but a note on the lesson, such as `Author: Ada`."""
    head, colon, _ = text.replace("：", ":").partition(":")
    return bool(colon) and len(head.split()) < 4 and text[-1:] not in ".!?。！？।॥؟۔…:"


def _is_about(text: str, topic: frozenset[str], words: PhraseWords) -> bool:
    if not words.spaced:
        return any(part in text for part in topic)
    return any(word[:5] in topic for word in split_words(text))


def _strip_connective(phrase: Phrase, words: PhraseWords) -> Phrase:
    """A sentence without a word at its start that only joins it to the one before."""
    mask = phrase.mask.casefold()
    for connective in words.connectives:
        if mask.startswith(connective) and mask[len(connective) : len(connective) + 2] == ", ":
            return phrase.cut(len(connective) + 2, len(mask)).capitalize()
    return phrase


def _shorten(phrase: Phrase, words: PhraseWords) -> Phrase | None:
    if phrase.fits(UNCUT_WORDS, UNCUT_WIDTH):
        return phrase
    bare = remove_brackets(phrase).trim()
    if bare.fits(UNCUT_WORDS, UNCUT_WIDTH):
        return bare
    heads = [head for head in find_heads(bare, words) if head.size >= FEWEST_IN_HEAD]
    for head in heads:
        if head.fits(UNCUT_WORDS, UNCUT_WIDTH):
            return head
    for head in (bare, *heads):
        if head.fits(LONGEST_WORDS, LONGEST_WIDTH):
            return head
    return None


def _find_terms(paragraphs: Sequence[Inline], title: str) -> Iterator[KeyPhrase]:
    """The terms that paragraphs stress or write as code, unless there are too few to say what the
    slide is about: one that is stressed, or two pieces of code."""
    found: dict[str, KeyPhrase] = {}
    for position, content in enumerate(paragraphs):
        for style, group in groupby(content, key=lambda run: run.style):
            text = "".join(run.text for run in group).strip(" \t.,;:")
            fits = len(text) <= 40 and any(map(str.isalnum, text)) and "://" not in text
            if style in ("emphasis", "strong", "code", "highlight") and fits:
                found.setdefault(text.casefold(), KeyPhrase((Run(text, style),), position))
    found.pop(title.casefold(), None)
    stressed = sum(phrase.content[0].style != "code" for phrase in found.values())
    if len(found) > 2 or stressed > 1:
        yield from list(found.values())[:MOST_PHRASES]
