"""A line for lexicon.yaml that tells a voice how to say a word, where the dictionary knows it."""

from __future__ import annotations

import re

from lessons.directives.phone_alphabets import CMU_TO_IPA, CMU_VOWELS, STRESS
from lessons.model import Token
from narrate.align.phonetic_distance import find_sounds, phone_distance
from narrate.align.pronunciation import load_dictionary, to_ipa
from narrate.speech import kokoro_alphabet

_ACRONYM = re.compile(r"[A-Z]{2,5}")
_COMPOUND = re.compile(r"[A-Z]?[a-z]{2,}(?:[A-Z][a-z]{2,})+")
_CONSONANTS = frozenset(ipa for name, (ipa, _) in CMU_TO_IPA.items() if name not in CMU_VOWELS)
_EDGES = ".,;:?!…“”\"'()"


def suggest_lexicon_line(token: Token, heard: str, language: str) -> str:
    """A line `word: reading` for lexicon.yaml; empty if nothing is known that would help.

    A compound such as JavaScript is split into its words, and an acronym that was read as it
    should be is spelled out. Any other word gets the dictionary's pronunciation, of several the one
    that is farthest from what was heard. `language` is a primary language, as `en`.
    """
    word = token.written.strip(_EDGES)
    if language != "en" or not word or token.phones is not None:
        return ""
    spoken = token.spoken.strip(_EDGES)
    if _COMPOUND.fullmatch(word):
        parts = " ".join(re.findall("[A-Z]?[a-z]+", word)).lower()
        return f"{word}: {parts}" if spoken.lower() != parts else ""
    heard_as = "".join(find_sounds(part, language) for part in heard.split())
    known = load_dictionary().get(word.lower(), ()) if word.isalpha() else ()
    apart = {}
    for phones in known:
        ipa = _to_ipa(word.lower(), phones)
        said = "".join(c for c in kokoro_alphabet.convert_ipa(ipa) if c not in STRESS)
        apart[ipa] = phone_distance(said, heard_as)
    if _ACRONYM.fullmatch(word) and not any(apart.values()):
        spelled = " ".join(word)
        return f"{word}: {spelled}" if spoken != spelled else ""
    if not any(apart.values()):
        return ""
    return f"{word}: {{ipa: {max(apart, key=apart.__getitem__)}}}"


def _to_ipa(word: str, pronunciation: str) -> str:
    """A dictionary word in IPA, with stress marks if it has several syllables."""
    syllables = sum(name in CMU_VOWELS for name in pronunciation.split())
    out: list[str] = []
    for phone, stress in to_ipa(word, pronunciation):
        if stress and syllables > 1:
            onset = len(out) - 1 if out and out[-1] in _CONSONANTS else len(out)
            out.insert(onset, "ˈ" if stress == 1 else "ˌ")
        out.append(phone)
    return "".join(out)
