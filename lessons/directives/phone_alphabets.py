"""The alphabets in which phones are written, and their translation to IPA.

This is the only home of their tables: X-SAMPA and the CMU dictionary's ARPAbet, which scripts and
lexicons may use, misaki's alphabet (of the voices hibari and Kokoro), and the IPA that espeak-ng
writes. What can be derived from another table is derived.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from foundation.languages import is_english

ALPHABETS = ("ipa", "x-sampa", "arpabet")
"""The alphabets that `<phoneme>` and the lexicon accept."""

STRESS: Mapping[str, int] = {"ˈ": 1, "ˌ": 2}
"""IPA's stress marks: primary and secondary."""
LONG = "ː"
NASAL = "\u0303"
"""The tilde of a nasal vowel."""

_NAMES = {
    "ipa": "ipa",
    "x-sampa": "x-sampa",
    "xsampa": "x-sampa",
    "arpabet": "arpabet",
    "x-arpabet": "arpabet",
    "cmu-arpabet": "arpabet",
    "x-cmu": "arpabet",
}
_IPA = re.compile(r"[^\d<>{}\[\]\\/\"&|@#$%^*=+]{1,200}")


def _read_table(rows: str) -> dict[str, str]:
    """`b_< ɓ|d` ɖ` to a symbol and its IPA."""
    return {row[: row.index(" ")]: row[row.index(" ") + 1 :] for row in rows.split("|")}


# J. C. Wells, "Computer-coding the IPA" (1995). Letters that are the same in both are left out.
XSAMPA: Mapping[str, str] = _read_table(
    "b_< ɓ|d` ɖ|d_< ɗ|g ɡ|g_< ɠ|h\\ ɦ|j\\ ʝ|l` ɭ|l\\ ɺ|n` ɳ|p\\ ɸ|r` ɽ|r\\ ɹ|r\\` ɻ|s` ʂ|s\\ ɕ"
    "|t` ʈ|v\\ ʋ|x\\ ɧ|z` ʐ|z\\ ʑ|A ɑ|B β|B\\ ʙ|C ç|D ð|E ɛ|F ɱ|G ɣ|G\\ ɢ|G\\_< ʛ|H ɥ|H\\ ʜ|I ɪ"
    "|I\\ ᵻ|J ɲ|J\\ ɟ|J\\_< ʄ|K ɬ|K\\ ɮ|L ʎ|L\\ ʟ|M ɯ|M\\ ɰ|N ŋ|N\\ ɴ|O ɔ|O\\ ʘ|P ʋ|Q ɒ|R ʁ"
    "|R\\ ʀ|S ʃ|T θ|U ʊ|V ʌ|W ʍ|X χ|X\\ ħ|Y ʏ|Z ʒ|. .|\" ˈ|% ˌ|' ʲ|: ː|:\\ ˑ|@ ə|@\\ ɘ|@` ɚ|{ æ|} ʉ"
    "|1 ɨ|2 ø|3 ɜ|3\\ ɞ|3` ɝ|4 ɾ|5 ɫ|6 ɐ|7 ɤ|8 ɵ|9 œ|& ɶ|? ʔ|?\\ ʕ|_h ʰ|_j ʲ|_w ʷ|_~ \u0303"
    "|~ \u0303|= \u0329|_= \u0329|_0 \u0325|_^ \u032f|_d \u032a|_> ʼ|_ \u0361"
)

# http://www.speech.cs.cmu.edu/cgi-bin/cmudict
_CMU = _read_table(
    "AA ɑ|AE æ|AH ʌ|AO ɔ|AW aʊ|AY aɪ|B b|CH tʃ|D d|DH ð|EH ɛ|ER ɝ|EY eɪ|F f|G ɡ|HH h|IH ɪ|IY i"
    "|JH dʒ|K k|L l|M m|N n|NG ŋ|OW oʊ|OY ɔɪ|P p|R ɹ|S s|SH ʃ|T t|TH θ|UH ʊ|UW u|V v|W w|Y j|Z z"
    "|ZH ʒ"
)
ARPABET: Mapping[str, str] = {
    **_CMU,
    **_read_table("AX ə|AXR ɚ|DX ɾ|EL əl|EM əm|EN ən|H h|IX ɨ|Q ʔ|WH ʍ"),
}
"""ARPAbet to IPA: the 39 phones of the CMU dictionary, and others that lexicons use."""
_UNSTRESSED = {"AH": "ə", "ER": "ɚ"}
CMU_TO_IPA: Mapping[str, tuple[str, str]] = {
    name: (ipa, _UNSTRESSED.get(name, ipa)) for name, ipa in _CMU.items()
}
"""The phones of the CMU dictionary to IPA: the stressed and the unstressed phone."""
CMU_VOWELS = frozenset(name for name in _CMU if name[0] in "AEIOU")
_IPA_TO_CMU = {ipa: name for name, ipa in _CMU.items()}

# https://github.com/hexgrad/misaki/blob/main/EN_PHONES.md
LIGATURES: Mapping[str, str] = {
    "ʧ": "tʃ", "ʤ": "dʒ", "ʣ": "dz", "ʦ": "ts", "ʨ": "tɕ", "ʥ": "dʑ", "ꭧ": "tʂ",
}  # fmt: skip
MISAKI_TO_IPA: Mapping[str, str] = {
    **_read_table("A eɪ|I aɪ|W aʊ|O oʊ|Y ɔɪ|Q əʊ|S ʃ|T ɾ|ᵊ ə|ᵻ ɪ|ɐ ə|g ɡ|r ɹ"),
    **LIGATURES,
}
"""Symbols of misaki's alphabet that are not IPA, or are another phone there."""
MISAKI_VOWELS = frozenset("AIOQWYaeiouæɑɒɔəɐɛɜɚɪʊʌᵊᵻøœɯɨɤ")
MISAKI_PUNCTUATION = frozenset(';:,.!?—…"()“”')
MISAKI_MODIFIERS = frozenset("ːʰʲ\u0303ᵝ↓→↗↘")
_IPA_OF_ONE_SYMBOL = {MISAKI_TO_IPA[symbol]: symbol for symbol in "ʧʤAIWOQY"}
FOREIGN_TO_IPA: Mapping[str, str] = {
    **LIGATURES,
    **_read_table("A eɪ|I aɪ|W aʊ|O oʊ|Y ɔɪ|Q əʊ|S s|ʨ tɕ|ʥ dʑ|\uab67 tʂ|g ɡ"),
}
"""The same, as misaki writes languages other than English."""
IPA_TO_FOREIGN: Mapping[str, str] = {
    **{
        ipa: symbol
        for symbol, ipa in FOREIGN_TO_IPA.items()
        if len(ipa) == 2 and symbol not in "gQ"
    },
    **{f"{i[0]}͡{i[1]}": s for s, i in FOREIGN_TO_IPA.items() if len(i) == 2 and s not in "AIWOYQ"},
    **_read_table("g ɡ|' ˈ|, ˌ"),
    **dict.fromkeys((".", "‿", "-", "͡"), ""),
}
"""IPA of those languages to misaki's alphabet; the longest match wins."""
IPA_TO_MISAKI: Mapping[str, str] = {
    **_IPA_OF_ONE_SYMBOL,
    **{f"{ipa[0]}͡{ipa[1]}": s for ipa, s in _IPA_OF_ONE_SYMBOL.items() if s in LIGATURES},
    **_read_table("ɝː ɜɹ|ɝ ɜɹ|ɚ əɹ|ɫ l|g ɡ|r ɹ|ɾ T|ʔ t|' ˈ|, ˌ"),
    **dict.fromkeys((".", "‿", "-", "͡"), ""),
}
"""IPA as lexicons write it to misaki's alphabet; the longest match wins."""
MISAKI_TO_CMU: Mapping[str, str] = {
    **{ipa: name for ipa, name in _IPA_TO_CMU.items() if len(ipa) == 1},
    **{symbol: _IPA_TO_CMU[MISAKI_TO_IPA[symbol]] for symbol in "AIWOYʧʤᵻgr"},
    **_read_table("Q OW|T T|ʦ T S|ʣ D Z|ə AH|ᵊ AH|ɐ AH|ɜ ER|a AE|e EY|o OW|ɒ AA|x K|ʔ T"),
    **_read_table("y IY|ç HH|ɬ L|β B|ɣ G|ɲ N Y"),
}
"""misaki's alphabet to the CMU dictionary's phones, the nearest where it has none."""

_NEAREST_CMU = _read_table(
    "q K|ɲ N Y|ɳ N|ɱ M|ɴ NG|ʂ SH|ʐ ZH|ɕ SH|ʑ ZH|ç HH|x HH|χ HH|ɦ HH|ħ HH|ɣ G|ʁ R|ʀ R|r R|ɽ D|ɻ R"
    "|ɭ L|ʎ L Y|ɫ L|ʝ Y|ɥ W|ɰ W|ʍ W|β V|ɸ F|ʋ V|ʈ T|ɖ D|ɟ G|c K|ɾ D|y IY|ɨ IH|ʉ UW|ɯ UW|ʏ IH|e EY"
    "|ø ER|ɘ AH|ɵ UH|ɤ AH|o OW|ə AH|ɚ ER|œ ER|ɜ AH|ɞ ER|ɶ AA|ɐ AH|a AA|ɒ AO|ᵻ IH|tɕ CH|dʑ JH|tʂ CH"
    "|dʐ JH|ʈʂ CH|ɖʐ JH|ɔʏ OY|ɔø OY|ei EY|ai AY|au AW|ou OW|oi OY"
)
NEAREST_CMU: Mapping[str, tuple[str, ...]] = {
    **{ipa: (name,) for name, ipa in _CMU.items()},
    **{ipa: tuple(names.split()) for ipa, names in _NEAREST_CMU.items()},
}
"""IPA of any language to the phones of the CMU dictionary that sound most like it, so that an
English acoustic model can align it. A nasal vowel, a long or an aspirated sound is looked up
without its mark; ʔ has none."""

IPA_VOWELS = frozenset("aeiouyæɐɑɒɔəɘɵɛɜɝɚɞɤɨɪɯøœɶɶʉʊʌʏᵻᵊ")
DIPHTHONGS = frozenset(
    [
        "eɪ",
        "aɪ",
        "aʊ",
        "oʊ",
        "əʊ",
        "ɔɪ",
        "ɔʏ",
        "ɔø",
        "ɛɪ",
        "ɐɪ",
        "œy",
        "ʌʊ",
        "ɛʊ",
        "ei",
        "ai",
        "oi",
        "ui",
        "au",
        "eu",
        "ou",
    ]
)
ENGLISH_AFFRICATES = frozenset({"tʃ", "dʒ", "tɕ", "dʑ"})
OTHER_AFFRICATES = frozenset({"ts", "dz", "pf", "tʂ", "dʐ", "ʈʂ", "ɖʐ"})
"""One phone in other languages and two in English, as in "cats"."""
# espeak-ng has symbols of its own for the reduced vowels of English, and sometimes writes /ɹ/ as r.
ESPEAK_ENGLISH: Mapping[str, str] = {"ᵻ": "ɪ", "ɐ": "ə", "r": "ɹ"}
ESPEAK_AMERICAN: Mapping[str, str] = {f"ɜ{LONG}": "ɝ"}
IPA_TO_ESPEAK: Mapping[str, str] = {
    **LIGATURES,
    f"ɝ{LONG}": f"ɜ{LONG}",
    "ɝ": f"ɜ{LONG}",
    "ɫ": "l",
}
"""IPA as lexicons write it to espeak-ng's, to be replaced in this order."""


def alphabet_of(name: str) -> str | None:
    """The one of `ALPHABETS` that a script calls by this name; None if there is none."""
    return _NAMES.get(name.strip().lower() or "ipa")


def to_ipa(text: str, alphabet: str = "ipa") -> str | None:
    """A pronunciation in IPA, its words separated by single spaces; None if it cannot be one."""
    text = " ".join(text.split())
    match alphabet:
        case "x-sampa":
            text = _from_xsampa(text)
        case "arpabet":
            made = _from_arpabet(text)
            if made is None:
                return None
            text = made
        case _:
            if len(text) > 1 and (text[0], text[-1]) in (("/", "/"), ("[", "]")):
                text = text[1:-1].strip()
    return text if _IPA.fullmatch(text) and any(char.isalpha() for char in text) else None


def possessive(ipa: str, language: str) -> str:
    """The English possessive of a word in IPA (Fizeau's, Huygens's). Other languages have none."""
    if not is_english(language) or not ipa:
        return ipa
    last = ipa.rstrip("ː.ˈˌ")[-1:]
    if last in "szʃʒɕʑʂʐʧʤ":
        return ipa + "ɪz"
    return ipa + ("s" if last in "ptkfθ" else "z")


def _from_xsampa(text: str) -> str:
    out, at = "", 0
    while at < len(text):
        for size in (4, 3, 2):
            if text[at : at + size] in XSAMPA:
                break
        else:
            size = 1
        symbol = text[at : at + size]
        out += XSAMPA.get(symbol, symbol)
        at += size
    return out


def _from_arpabet(text: str) -> str | None:
    """IPA of `HH AW1 G AH0 N Z`. Spaces separate the phones of one word; `,`, `_` or `|` separate
    words. None if a phone is unknown."""
    marks = {"0": "", "1": "ˈ", "2": "ˌ"}
    words = []
    for word in re.split(r"\s*[,_|]\s*", text):
        spoken = ""
        for phone in word.upper().split():
            name = phone.rstrip("012")
            if name not in ARPABET:
                return None
            # Only the schwa has a sign of its own: an unstressed ER0 stays ɝ.
            ipa = _UNSTRESSED[name] if phone == "AH0" else ARPABET[name]
            spoken += marks.get(phone[len(name) :], "") + ipa
        words.append(spoken)
    return " ".join(words)
