"""How bad it is to break a sentence between two words, in points.

0 is a natural place, 50 is an ordinary word boundary, 100 is bad, and 200 must never happen.

The rules follow Netflix 215758617 (break after punctuation, and before conjunctions and
prepositions; never between article and noun, adjective and noun, first and last name, subject
pronoun and verb, auxiliary and verb), DCMP's "line division" (break where speech pauses) and BBC
§3.4. No parser is used: the rules work on lists of function words, and recognise adjectives by a
few endings.
"""

from __future__ import annotations

import unicodedata

from foundation.languages import is_english

CLAUSE = 8.0  # after ; : and dashes; a comma costs a little more
ORDINARY = 50.0
GLUED = 130.0
NEVER = 200.0

_ENDINGS = "\"'”’»)]}*_"  # these may follow the punctuation mark that decides


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ARTICLES = _set(
    "a an the my your his her its our their this these those each every no some any another "
    "either neither both all such what which whose"
)
_PRONOUNS = _set("i you he she it we they who there i'm you're he's she's it's we're they're")
_SUBJECTS = _set("i he she we they who")  # pronouns that are never objects
_AUXILIARIES = _set(
    "am is are was were be been being have has had do does did will would can could may might "
    "must shall should cannot can't won't don't doesn't didn't isn't aren't wasn't weren't not "
    "never to let's"
)
_DEGREES = _set("very too so more most less least quite rather as how almost nearly about only")
_CONJUNCTIONS = _set(
    "and or but nor yet so because although though while whereas unless until since whether if "
    "when where that which who whose than then"
)
_PREPOSITIONS = _set(
    "of in on at by for with from to into onto over under between among through across against "
    "along around before after behind beside beyond during inside outside near per upon toward "
    "towards via within without about above below like as"
)
_TITLES = _set("mr mr. mrs mrs. ms ms. dr dr. prof prof. st st. sir professor")
_LABELS = _set(
    "figure fig. fig table equation eq. section sec. chapter ch. page p. pp. part step slide "
    "lesson exercise number no. version about around nearly"
)
_ADJECTIVE_ENDINGS = ("ous", "ful", "ive", "able", "ible", "less", "ical", "ary", "ish", "ic", "al")


def break_penalty(before: str, after: str, language: str) -> float:
    """Return the penalty, in 0..200, of a break between two written words of one sentence.

    Only English has rules for words; in other languages punctuation alone decides.
    """
    # A dash or a bracket by itself belongs to the word before it, unless it opens something.
    if not _is_spoken(after):
        return 15.0 if _is_opening(after) else NEVER
    if not _is_spoken(before):
        return NEVER if _is_opening(before) else 15.0
    mark = before.rstrip(_ENDINGS)[-1:] or before[-1]
    if mark in ";:–—…．。！？!?.،؛、，；：":
        if not (mark == "." and _strip_marks(before) + "." in _TITLES | _LABELS):
            return CLAUSE
    elif mark == ",":
        return CLAUSE + 4
    if _is_opening(after):
        return 15.0
    if before[-1] in ")]”»":
        return 25.0
    return _in_clause(before, after) if is_english(language) else ORDINARY


def _in_clause(before: str, after: str) -> float:
    """Return the penalty in English where there is no punctuation between the words."""
    a, b = _strip_marks(before), _strip_marks(after)
    if a in _TITLES or a + "." in _TITLES:
        return NEVER
    if a in _ARTICLES:
        return NEVER
    if _is_number(before) or (_is_number(after) and (a in _LABELS or a + "." in _LABELS)):
        return NEVER  # a number and its unit, a label and its number
    if a in _AUXILIARIES or (a in _PRONOUNS and b not in _PREPOSITIONS | _CONJUNCTIONS):
        return GLUED
    if _is_capital(before) and _is_capital(after) and len(b) > 1:
        return GLUED  # a name
    if a in _CONJUNCTIONS:
        return 150.0
    if a in _PREPOSITIONS:
        return 110.0
    if a in _DEGREES or a.endswith("'s") or a.endswith("’s"):
        return 110.0
    if b in _CONJUNCTIONS:
        return 20.0
    if b in _PREPOSITIONS:
        if after[-1] in ".,;:!?":
            return 110.0  # it is a particle of the verb: "come from?"
        return 35.0 if b == "of" else 28.0
    if b in _SUBJECTS:
        return 30.0  # a new clause begins
    if a.endswith(_ADJECTIVE_ENDINGS) and len(a) > 4:
        return 90.0
    if b in _ARTICLES:
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
