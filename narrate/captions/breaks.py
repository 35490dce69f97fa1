"""How bad it is to break a sentence between two words, in points.

0 is a natural place, 50 is an ordinary word boundary, 100 is bad, and 200 must never happen.

The rules follow Netflix 215758617 (break after punctuation, and before conjunctions and
prepositions; never between article and noun, adjective and noun, first and last name, subject
pronoun and verb, auxiliary and verb), DCMP's "line division" (break where speech pauses) and BBC
§3.4. No parser is used: the rules work on lists of function words, and recognise adjectives by a
few endings.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from foundation.languages import primary

CLAUSE = 8.0  # after ; : and dashes; a comma costs a little more
ORDINARY = 50.0
GLUED = 130.0
NEVER = 200.0

# These prepositions mostly belong to the noun before them.
_GENITIVES = frozenset({"of", "de", "di", "von"})
_ENDINGS = "\"'”’»)]}*_"  # these may follow the punctuation mark that decides


@dataclass(frozen=True, slots=True)
class FunctionWords:
    """The short words of a language; `function_words.toml` says what each list is for."""

    articles: frozenset[str]
    pronouns: frozenset[str]
    subjects: frozenset[str]
    auxiliaries: frozenset[str]
    degrees: frozenset[str]
    conjunctions: frozenset[str]
    prepositions: frozenset[str]
    titles: frozenset[str]
    labels: frozenset[str]
    adjectives: tuple[str, ...] = ()
    postpositions: frozenset[str] = frozenset()


@cache
def read_function_words() -> Mapping[str, FunctionWords]:
    """The words of each language, by its tag."""
    raw = tomllib.loads(Path(__file__).with_name("function_words.toml").read_text("utf-8"))
    found = {}
    for tag, lists in raw.items():
        sets = {name: frozenset(words.split()) for name, words in lists.items()}
        endings = tuple(sorted(sets.pop("adjectives", ())))
        found[tag] = FunctionWords(adjectives=endings, **sets)
    return found


def break_penalty(before: str, after: str, language: str) -> float:
    """Return the penalty, in 0..200, of a break between two written words of one sentence.

    Languages without function words are broken by punctuation alone.
    """
    known = read_function_words().get(primary(language))
    # A dash or a bracket by itself belongs to the word before it, unless it opens something.
    if not _is_spoken(after):
        return 15.0 if _is_opening(after) else NEVER
    if not _is_spoken(before):
        return NEVER if _is_opening(before) else 15.0
    mark = before.rstrip(_ENDINGS)[-1:] or before[-1]
    if mark in ";:–—…．。！？!?.،؛、，；：":
        if not (
            mark == "." and known and _strip_marks(before) + "." in known.titles | known.labels
        ):
            return CLAUSE
    elif mark == ",":
        return CLAUSE + 4
    if _is_opening(after):
        return 15.0
    if before[-1] in ")]”»":
        return 25.0
    return _in_clause(before, after, known) if known else ORDINARY


def _in_clause(before: str, after: str, known: FunctionWords) -> float:
    """Return the penalty where there is no punctuation between the words."""
    a, b = _strip_marks(before).replace("’", "'"), _strip_marks(after).replace("’", "'")
    if a in known.titles or a + "." in known.titles:
        return NEVER
    if a in known.articles:
        return NEVER
    if _is_number(before) or (_is_number(after) and (a in known.labels or a + "." in known.labels)):
        return NEVER  # a number and its unit, a label and its number
    if b in known.postpositions:
        return GLUED
    if a in known.auxiliaries or (
        a in known.pronouns and b not in known.prepositions | known.conjunctions
    ):
        return GLUED
    if _is_capital(before) and _is_capital(after) and len(b) > 1:
        return GLUED  # a name
    if a in known.conjunctions:
        return 150.0
    if a in known.prepositions:
        return 110.0
    if a in known.degrees or a.endswith("'s") or a.endswith("’s"):
        return 110.0
    if b in known.conjunctions:
        return 20.0
    if b in known.prepositions:
        if after[-1] in ".,;:!?":
            return 110.0  # it is a particle of the verb: "come from?"
        return 35.0 if b in _GENITIVES else 28.0
    if b in known.subjects:
        return 30.0  # a new clause begins
    if known.adjectives and a.endswith(known.adjectives) and len(a) > 4:
        return 90.0
    if b in known.articles:
        return 40.0  # the object begins
    return ORDINARY


def _strip_marks(word: str) -> str:
    """Return the word in lower case, without its punctuation."""
    return word.strip(".,;:!?()[]{}\"'“”‘’«»*_").lower()


def _is_spoken(word: str) -> bool:
    """Whether a word has letters, digits or symbols, and not only punctuation."""
    return any(unicodedata.category(c)[0] in "LNSM" and c not in "|~^`" for c in word)


def _is_opening(word: str) -> bool:
    return word[0] in "([{“‘«„¿¡"


def _is_number(word: str) -> bool:
    return any(c.isdigit() for c in word) and not any(c.isalpha() for c in word)


def _is_capital(word: str) -> bool:
    core = word.strip("()[]\"'“”‘’")
    return core[:1].isupper() and core[-1:] not in ".,;:!?"
