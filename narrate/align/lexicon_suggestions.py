"""A line for lexicon.yaml that tells a voice how to say a word: only what a dictionary knows."""

from __future__ import annotations

import re

from lessons.model import Token
from narrate.align import sphinx
from narrate.align.phonetic_distance import find_sounds, phone_distance
from narrate.speech import kokoro_alphabet

_ACRONYM = re.compile(r"[A-Z]{2,5}")
_COMPOUND = re.compile(r"[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,})+")
_CONSONANTS = frozenset(ipa for name, (ipa, _) in sphinx.IPA.items() if name not in sphinx.VOWELS)
_EDGES = ".,;:?!…“”\"'()"


def suggest_lexicon_line(token: Token, heard: str, language: str) -> str:
    """`word: reading`, as it stands in lexicon.yaml; empty if nothing is known that would help.

    A name of several words is taken apart, and another word gets the dictionary's pronunciation, of
    several the one farthest from what was heard; an acronym that is no word is spelled.
    """
    word = token.written.strip(_EDGES)
    if language != "en" or not word or token.phones is not None:
        return ""
    spoken = token.spoken.strip(_EDGES)
    if _COMPOUND.fullmatch(word):
        parts = " ".join(re.findall("[A-Z]?[a-z]+", word)).lower()
        return f"{word}: {parts}" if spoken.lower() != parts else ""
    heard_as = "".join(find_sounds(part, language) for part in heard.split())
    known = sphinx.load_dictionary().get(word.lower(), ()) if word.isalpha() else ()
    apart = {}
    for phones in known:
        ipa = _ipa(word.lower(), phones)
        said = "".join(
            c for c in kokoro_alphabet.convert_ipa(ipa) if c not in kokoro_alphabet.STRESS
        )
        apart[ipa] = phone_distance(said, heard_as)
    if _ACRONYM.fullmatch(word) and not any(apart.values()):
        spelled = " ".join(word)
        return f"{word}: {spelled}" if spoken != spelled else ""
    if not any(apart.values()):
        return ""
    return f"{word}: {{ipa: {max(apart, key=apart.__getitem__)}}}"


def _ipa(word: str, phones: str) -> str:
    """ARPAbet as IPA, with the stress that the G2P gives to a word of several syllables."""
    names = phones.split()
    stresses = sphinx.find_stresses(word, names)
    syllables = sum(name in sphinx.VOWELS for name in names)
    out: list[str] = []
    for name, stress in zip(names, stresses, strict=True):
        if stress and syllables > 1:
            onset = len(out) - 1 if out and out[-1] in _CONSONANTS else len(out)
            out.insert(onset, "ˈ" if stress == 1 else "ˌ")
        out.append(sphinx.IPA[name][0 if stress else 1])
    return "".join(out)
