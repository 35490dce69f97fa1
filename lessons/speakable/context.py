"""A word of a sentence among its neighbours, for the rules of context."""

from __future__ import annotations

from dataclasses import dataclass

from lessons.speakable.punctuation import BareWord
from lessons.wordset import word_set

ARTICLES = frozenset({"a", "an", "the", "this", "that", "each", "every", "another"})

_NO_NOUN = word_set(
    "of to in on at by from and or is are was were be been that which who than per for with into "
    "above below over under between away each if when as but so then ago later before after along "
    "through across up down out off would will can could should may might must has have had it we "
    "you they he she i not about around do does did too more less only also while where because "
    "a an the this these those what how there here its his her their our my your"
)


@dataclass(frozen=True, slots=True)
class WordContext:
    pieces: list[BareWord]
    at: int

    @property
    def piece(self) -> BareWord:
        return self.pieces[self.at]

    @property
    def before(self) -> BareWord | None:
        """The word before, unless punctuation parts them."""
        if self.at == 0 or self.pieces[self.at - 1].trail or self.piece.lead.strip("\"'“‘«"):
            return None
        return self.pieces[self.at - 1]

    @property
    def after(self) -> BareWord | None:
        return self.ahead(1)

    def ahead(self, distance: int) -> BareWord | None:
        """The word so many places on, unless punctuation stands between."""
        last = self.at + distance
        if last >= len(self.pieces):
            return None
        between = self.pieces[self.at : last]
        if any(piece.trail for piece in between) or self.pieces[last].lead.strip("\"'“‘«"):
            return None
        return self.pieces[last]

    def back(self, distance: int) -> BareWord | None:
        """The word so many places back, whatever stands between."""
        return self.pieces[self.at - distance] if self.at >= distance else None

    def describes(self, distance: int) -> bool:
        """Whether what stands here and before `distance` describes a noun that follows there, as
        the amount in "a 100 m race" does."""
        noun = self.ahead(distance)
        article = self.before is not None and self.before.lower in ARTICLES
        return (
            article
            and noun is not None
            and noun.core[:1].isalpha()
            and (noun.lower not in _NO_NOUN)
        )
