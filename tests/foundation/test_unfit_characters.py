"""Characters that no file or name can contain are recognized."""

from __future__ import annotations

import sys
import unicodedata

from foundation.unfit_characters import UNFIT_FOR_FILES, UNFIT_FOR_NAMES

ALL = [chr(code) for code in range(sys.maxunicode + 1)]


def test_unfit_are_controls_surrogates_and_two_noncharacters() -> None:
    expected = {c for c in ALL if unicodedata.category(c) in ("Cc", "Cs")} | {"\ufffe", "\uffff"}
    assert {c for c in ALL if UNFIT_FOR_NAMES.search(c)} == expected - {"\t", "\n"}
    assert {c for c in ALL if UNFIT_FOR_FILES.search(c)} == expected - {"\t", "\n", "\r", "\x85"}
