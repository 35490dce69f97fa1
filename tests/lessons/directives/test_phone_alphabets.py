"""The tables of phone alphabets: as they were before they had one home, and consistent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import pytest

from lessons.directives import phone_alphabets as alphabets


def _digest(table: Mapping[str, object] | Iterable[str]) -> str:
    items = table.items() if isinstance(table, Mapping) else table
    return hashlib.sha256("\n".join(sorted(map(repr, items))).encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("table", "size", "digest"),
    [
        (alphabets.XSAMPA, 98, "39768469ccd1ae57"),
        (alphabets.ARPABET, 49, "7b4f1e61c5e452cc"),
        (alphabets.CMU_TO_IPA, 39, "75b04ba7b6a02a90"),
        (alphabets.CMU_VOWELS, 15, "b409380ebc39e4fb"),
        (alphabets.MISAKI_TO_CMU, 62, "75490253cdb3eb89"),
        (alphabets.MISAKI_TO_IPA, 20, "2d5fca6ba85b75b9"),
        (alphabets.IPA_TO_MISAKI, 24, "a6e01635bbf2c491"),
        (alphabets.MISAKI_VOWELS, 30, "ffe9855b52e6cc61"),
        (alphabets.IPA_VOWELS, 32, "ce7c6b80dcc36ba1"),
        (alphabets.DIPHTHONGS | alphabets.ENGLISH_AFFRICATES, 24, "69c1221f35cae0f3"),
        (alphabets.IPA_TO_ESPEAK, 10, "9c224a943a7a99a9"),
        (alphabets.ESPEAK_ENGLISH, 3, "ba7ffd9a523b9a73"),
    ],
)
def test_the_tables_are_the_published_ones(
    table: Mapping[str, object] | Iterable[str], size: int, digest: str
) -> None:
    assert (len(list(table)), _digest(table)) == (size, digest)


def test_samples_of_the_tables() -> None:
    assert (alphabets.XSAMPA["A"], alphabets.XSAMPA["r\\`"], alphabets.XSAMPA["@"]) == (
        "ɑ",
        "ɻ",
        "ə",
    )
    assert (alphabets.ARPABET["AX"], alphabets.ARPABET["OY"]) == ("ə", "ɔɪ")
    assert alphabets.CMU_TO_IPA["AH"] == ("ʌ", "ə") and alphabets.CMU_TO_IPA["B"] == ("b", "b")
    assert (alphabets.MISAKI_TO_IPA["A"], alphabets.MISAKI_TO_IPA["ʤ"]) == ("eɪ", "dʒ")
    assert (alphabets.IPA_TO_MISAKI["t͡ʃ"], alphabets.IPA_TO_MISAKI["ɝ"]) == ("ʧ", "ɜɹ")
    assert (alphabets.MISAKI_TO_CMU["Q"], alphabets.MISAKI_TO_CMU["ʦ"]) == ("OW", "T S")


def test_the_tables_agree() -> None:
    for symbol, ipa in alphabets.MISAKI_TO_IPA.items():
        if ipa in alphabets.IPA_TO_MISAKI and len(ipa) > 1:
            assert alphabets.IPA_TO_MISAKI[ipa] == symbol
    known = set(alphabets.CMU_TO_IPA)
    assert {name for names in alphabets.MISAKI_TO_CMU.values() for name in names.split()} <= known
