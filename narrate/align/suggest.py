"""A line for lexicon.yaml that tells a voice how to say a word: only what a dictionary knows."""

from __future__ import annotations

import re

from lessons.model import Token
from narrate.align import sphinx
from narrate.align.heard import phone_distance, sound

_ACRONYM = re.compile(r"[A-Z]{2,5}")
_COMPOUND = re.compile(r"[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,})+")
_EDGES = ".,;:?!…“”\"'()"


def lexicon_line(token: Token, heard: str, language: str) -> str:
    """`word: reading`, as it stands in lexicon.yaml; empty if nothing is known that would help.

    An acronym is spelled, a name of several words is taken apart, and another word gets the
    dictionary's pronunciation, of several the one farthest from what was heard.
    """
    word = token.written.strip(_EDGES)
    if language != "en" or not word or token.phones is not None:
        return ""
    spoken = token.spoken.strip(_EDGES)
    if _ACRONYM.fullmatch(word):
        spelled = " ".join(word)
        return f"{word}: {spelled}" if spoken != spelled else ""
    if _COMPOUND.fullmatch(word):
        parts = " ".join(re.findall("[A-Z]?[a-z]+", word)).lower()
        return f"{word}: {parts}" if spoken.lower() != parts else ""
    if not word.isalpha():
        return ""
    heard_as = sphinx_ipa_sound(heard)
    known = [_ipa(phones) for phones in sphinx._dictionary().get(word.lower(), ())]
    if not known:
        return ""
    best = max(known, key=lambda ipa: phone_distance(ipa, heard_as))
    return f"{word}: {{ipa: {best}}}"


def sphinx_ipa_sound(text: str) -> str:
    return "".join(sound(word, "en") for word in text.split())


def _ipa(phones: str) -> str:
    """ARPAbet without stress as IPA: full vowels, but for AH, which is most often ə unstressed."""
    names = phones.split()
    vowels = [at for at, name in enumerate(names) if name in sphinx.VOWELS]
    first = vowels[0] if vowels else -1
    return "".join(
        ("ˈ" if at == first and len(vowels) > 1 else "") + sphinx.IPA[name][0 if at == first else 1]
        for at, name in enumerate(names)
    )
