"""Phonetic alphabets to IPA: X-SAMPA, and the ARPAbet of the CMU dictionary."""

from __future__ import annotations

import re

ALPHABETS = ("ipa", "x-sampa", "arpabet")
"""What `phoneme` and the lexicon understand."""

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

# J. C. Wells, "Computer-coding the IPA" (1995); letters that are the same in both are left out.
_XSAMPA_ROWS = (
    "b_< ɓ|d` ɖ|d_< ɗ|g ɡ|g_< ɠ|h\\ ɦ|j\\ ʝ|l` ɭ|l\\ ɺ|n` ɳ|p\\ ɸ|r` ɽ|r\\ ɹ|r\\` ɻ|s` ʂ|s\\ ɕ"
    "|t` ʈ|v\\ ʋ|x\\ ɧ|z` ʐ|z\\ ʑ|A ɑ|B β|B\\ ʙ|C ç|D ð|E ɛ|F ɱ|G ɣ|G\\ ɢ|G\\_< ʛ|H ɥ|H\\ ʜ|I ɪ"
    "|I\\ ᵻ|J ɲ|J\\ ɟ|J\\_< ʄ|K ɬ|K\\ ɮ|L ʎ|L\\ ʟ|M ɯ|M\\ ɰ|N ŋ|N\\ ɴ|O ɔ|O\\ ʘ|P ʋ|Q ɒ|R ʁ"
    "|R\\ ʀ|S ʃ|T θ|U ʊ|V ʌ|W ʍ|X χ|X\\ ħ|Y ʏ|Z ʒ|. .|\" ˈ|% ˌ|' ʲ|: ː|:\\ ˑ|@ ə|@\\ ɘ|@` ɚ|{ æ|} ʉ"
    "|1 ɨ|2 ø|3 ɜ|3\\ ɞ|3` ɝ|4 ɾ|5 ɫ|6 ɐ|7 ɤ|8 ɵ|9 œ|& ɶ|? ʔ|?\\ ʕ|_h ʰ|_j ʲ|_w ʷ|_~ \u0303"
    "|~ \u0303|= \u0329|_= \u0329|_0 \u0325|_^ \u032f|_d \u032a|_> ʼ|_ \u0361"
)
_XSAMPA = {row[: row.index(" ")]: row[row.index(" ") + 1 :] for row in _XSAMPA_ROWS.split("|")}
# http://www.speech.cs.cmu.edu/cgi-bin/cmudict
_ARPABET_ROWS = (
    "AA ɑ|AE æ|AH ʌ|AO ɔ|AW aʊ|AX ə|AXR ɚ|AY aɪ|B b|CH tʃ|D d|DH ð|DX ɾ|EH ɛ|ER ɝ|EY eɪ|F f"
    "|G ɡ|HH h|H h|IH ɪ|IX ɨ|IY i|JH dʒ|K k|L l|EL əl|M m|EM əm|N n|EN ən|NG ŋ|OW oʊ|OY ɔɪ|P p"
    "|Q ʔ|R ɹ|S s|SH ʃ|T t|TH θ|UH ʊ|UW u|V v|W w|WH ʍ|Y j|Z z|ZH ʒ"
)
_ARPABET = {row[: row.index(" ")]: row[row.index(" ") + 1 :] for row in _ARPABET_ROWS.split("|")}
_STRESS = {"0": "", "1": "ˈ", "2": "ˌ"}


def alphabet_of(name: str) -> str | None:
    """One of `ALPHABETS` from the name that a script gives it; None if it is another."""
    return _NAMES.get(name.strip().lower() or "ipa")


def to_ipa(text: str, alphabet: str = "ipa") -> str | None:
    """A pronunciation in IPA, words parted by single spaces; None if it cannot be one."""
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
    """The English possessive of a word in IPA: Fizeau's, Huygens's; unchanged elsewhere."""
    if language.lower().partition("-")[0] != "en" or not ipa:
        return ipa
    last = ipa.rstrip("ː.ˈˌ")[-1:]
    if last in "szʃʒɕʑʂʐʧʤ":
        return ipa + "ɪz"
    return ipa + ("s" if last in "ptkfθ" else "z")


def _from_xsampa(text: str) -> str:
    out, at = "", 0
    while at < len(text):
        for size in (4, 3, 2):
            if text[at : at + size] in _XSAMPA:
                break
        else:
            size = 1
        piece = text[at : at + size]
        out += _XSAMPA.get(piece, piece)
        at += size
    return out


def _from_arpabet(text: str) -> str | None:
    """`HH AW1 G AH0 N Z`: sounds parted by spaces, so it is one word; `,` or `_` part words."""
    words = []
    for word in re.split(r"\s*[,_|]\s*", text):
        said = ""
        for sound in word.upper().split():
            bare = sound.rstrip("012")
            if bare not in _ARPABET:
                return None
            ipa = _ARPABET[bare]
            if bare == "AH" and sound.endswith("0"):
                ipa = "ə"
            said += _STRESS.get(sound[len(bare) :], "") + ipa
        words.append(said)
    return " ".join(words)
