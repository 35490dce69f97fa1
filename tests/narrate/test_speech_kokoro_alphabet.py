"""misaki's alphabet: its phones in IPA, and written IPA in it."""

from __future__ import annotations

import pytest

from narrate.speech import kokoro_alphabet as alphabet


def test_misaki_symbols_become_ipa_phones() -> None:
    symbols = "ʤˈʌmpt ˌOvəɹ əɹˈWnd ðə bˈɜɹd."
    words, word = [], 0
    for symbol in symbols:
        word += symbol == " "
        words.append(-1 if symbol in " ." else word)
    phones = alphabet.find_phones(symbols, words)
    text = " ".join(p.symbol for p in phones)
    assert text == "dʒ ʌ m p t oʊ v ɚ ə ɹ aʊ n d ð ə b ɝ d"
    assert [(p.symbol, p.stress) for p in phones if p.stress] == [
        ("ʌ", 1),
        ("oʊ", 2),
        ("aʊ", 1),
        ("ɝ", 1),
    ]
    covered = sorted(i for p in phones for i in range(p.first, p.last + 1))
    assert covered == [i for i, c in enumerate(symbols) if c not in " ."]


@pytest.mark.parametrize(
    ("ipa", "misaki"),
    [
        ("/həˈloʊ/", "həlˈO"),
        ("ˈhɔɪɡənz", "hˈYɡənz"),
        ("t͡ʃɪˈkɑɡoʊ", "ʧɪkˈɑɡO"),
        ("bɝd", "bɜɹd"),
        ("ˈreɪ.li", "ɹˈAli"),
    ],
)
def test_ipa_as_lexicons_write_it_is_understood(ipa: str, misaki: str) -> None:
    assert alphabet.convert_ipa(ipa) == misaki
