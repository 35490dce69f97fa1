"""A word and its neighbours in a sentence, for the rules that depend on them."""

from __future__ import annotations

from dataclasses import dataclass

from lessons.speakable.punctuation import BareWord
from lessons.wordset import word_set

_QUOTES = "\"'“‘«"
ARTICLES = frozenset({"a", "an", "the", "this", "that", "each", "every", "another"})

_NOT_NOUNS = word_set(
    "of to in on at by from and or is are was were be been that which who than per for with into "
    "above below over under between away each if when as but so then ago later before after along "
    "through across up down out off would will can could should may might must has have had it we "
    "you they he she i not about around do does did too more less only also while where because "
    "a an the this these those what how there here its his her their our my your"
)


@dataclass(frozen=True, slots=True)
class WordContext:
    """The word at `position` of a sentence."""

    words: list[BareWord]
    position: int

    @property
    def word(self) -> BareWord:
        return self.words[self.position]

    @property
    def before(self) -> BareWord | None:
        """The word before this one, unless punctuation separates them."""
        if self.position == 0:
            return None
        before, lead = self.words[self.position - 1], self.words[self.position].lead
        return None if before.trail or (lead and lead.strip(_QUOTES)) else before

    @property
    def after(self) -> BareWord | None:
        """The word after this one, unless punctuation separates them."""
        following = self.position + 1
        if following >= len(self.words) or self.words[self.position].trail:
            return None
        after = self.words[following]
        return None if after.lead and after.lead.strip(_QUOTES) else after

    @property
    def following(self) -> BareWord | None:
        """The word after this one, with or without punctuation between them."""
        last = self.position + 1 == len(self.words)
        return None if last else self.words[self.position + 1]

    def look_ahead(self, distance: int) -> BareWord | None:
        """The word `distance` words later, unless punctuation separates them."""
        last = self.position + distance
        if last >= len(self.words):
            return None
        for position in range(self.position, last):
            if self.words[position].trail:
                return None
        found = self.words[last]
        return None if found.lead and found.lead.strip(_QUOTES) else found

    def look_back(self, distance: int) -> BareWord | None:
        """The word `distance` words earlier, with or without punctuation between them."""
        return self.words[self.position - distance] if self.position >= distance else None

    def describes(self, distance: int) -> bool:
        """Whether this word, and those up to `distance`, describe a noun that follows there, as
        the amount in "a 100 m race" does."""
        before = self.before
        if before is None or before.lower not in ARTICLES:
            return False
        noun = self.look_ahead(distance)
        return noun is not None and noun.core[:1].isalpha() and noun.lower not in _NOT_NOUNS
