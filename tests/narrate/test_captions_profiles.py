from __future__ import annotations

import pytest

from narrate.captions.profiles import DEFAULT, PROFILES, find_profile
from narrate.errors import SettingsError


def test_the_default_exists_and_the_error_for_an_unknown_name_lists_all() -> None:
    assert find_profile(DEFAULT).name == DEFAULT
    with pytest.raises(SettingsError) as error:
        find_profile("bcc")
    assert all(name in error.value.remedy for name in PROFILES)
    assert error.value.remedy.startswith("Did you mean 'bbc'?")


def test_limits_are_those_of_the_guidelines() -> None:
    assert {name: (p.columns, p.words_per_minute) for name, p in PROFILES.items()} == {
        "bbc": (37, 180),
        "bbc-portrait": (25, 180),
        "dcmp": (32, 160),
        "netflix": (42, 0),
    }
    assert PROFILES["netflix"].characters_per_second == 20
    assert all(p.lines == 2 for p in PROFILES.values())


def test_reading_time_is_by_words_or_by_characters() -> None:
    assert PROFILES["dcmp"].reading_ms(words=8, characters=40) == 3000
    assert PROFILES["netflix"].reading_ms(words=8, characters=40) == 2000
