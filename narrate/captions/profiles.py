"""Profiles of captioning rules, one for each published guideline.

WCAG is not among them: success criterion 1.2.2 asks for captions, but gives no figures for their
length or speed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from foundation.languages import primary
from foundation.near_words import find_near
from lessons.course.settings import DEFAULTS
from narrate.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Profile:
    """What a guideline asks of captions.

    Times are in milliseconds and lengths in columns; a wide East Asian character takes two columns.
    People are told of lengths in characters, of `character_columns` each.

    A guideline gives a limit either in `words_per_minute` or in `characters_per_second`; the other
    is 0, which means "no limit". Every caption is given the time that this speed needs if possible,
    and the mean over all captions must not be faster. No single caption may be faster than
    `peak_words_per_minute`.

    A silence between two captions that is shorter than `close_gap` is reduced to `gap`. Since
    `close_gap` is at most 1 s, no caption stays longer than that after its words (BBC §5.2 allows
    1.5 s), unless it takes longer to read.

    `speakers` says how a change of speaker is shown: by a `colour` (or, in files that have none, by
    "NAME:"), by the name `above` the words, "(Name)", or before them in a `bracket`, "[Name]".
    """

    name: str
    title: str
    source: str
    columns: int
    lines: int
    min_ms: int
    max_ms: int
    words_per_minute: int
    peak_words_per_minute: int
    characters_per_second: int
    gap: int
    close_gap: int
    character_columns: int = 1
    speakers: Literal["colour", "above", "bracket"] = "colour"

    def reading_ms(self, words: int, characters: int) -> int:
        """Return how long a text must be on screen to be read at the profile's speed."""
        by_words = words * 60_000 / self.words_per_minute if self.words_per_minute else 0.0
        by_characters = (
            characters * 1000 / self.characters_per_second if self.characters_per_second else 0.0
        )
        return round(max(by_words, by_characters))


BBC = Profile(
    name="bbc",
    title="BBC subtitle guidelines",
    source="bbc.co.uk/accessibility/forproducts/guides/subtitles",
    columns=37,  # §3.10: 68 % of a 16:9 picture's width, 37 characters in the usual face
    lines=2,  # §3.10
    min_ms=900,  # §4.1 gives 0.3 s a word; the minimum of three words is ours
    max_ms=7000,  # from Netflix 215758617, because the BBC gives no figure
    words_per_minute=180,  # §4.1: 160 to 180
    peak_words_per_minute=200,  # §4.1: at least 0.3 s a word
    characters_per_second=0,
    gap=0,  # §4.5: either no gap at all
    close_gap=1000,  # or at least 1 s (preferably 1.5 s)
    speakers="colour",  # "Identifying speakers": colours, and labels where there are none
)

BBC_PORTRAIT = Profile(
    name="bbc-portrait",
    title="BBC subtitle guidelines, 9:16 picture",
    source=BBC.source,
    columns=25,  # §3.10 for 9:16
    lines=2,
    min_ms=BBC.min_ms,
    max_ms=BBC.max_ms,
    words_per_minute=BBC.words_per_minute,
    peak_words_per_minute=BBC.peak_words_per_minute,
    characters_per_second=0,
    gap=BBC.gap,
    close_gap=BBC.close_gap,
    speakers=BBC.speakers,
)

DCMP = Profile(
    name="dcmp",
    title="DCMP Captioning Key, upper-level and adult education",
    source="dcmp.org/learn/captioningkey",
    columns=32,  # Text: line division, 32 characters
    lines=2,  # Text: line division
    min_ms=2000,  # Guidelines for the DCMP, I.B.4: no caption under 2 s
    max_ms=7000,  # from Netflix 215758617, because DCMP gives no figure
    words_per_minute=160,  # captioningkey/601: 160 upper level and adult (140 middle, 130 lower)
    peak_words_per_minute=160,
    characters_per_second=0,
    gap=0,
    close_gap=500,  # from Netflix 360051554394, because DCMP gives no figure
    speakers="above",  # captioningkey/603: in parentheses, on a line of its own
)

NETFLIX = Profile(
    name="netflix",
    title="Netflix timed text style guide, English, adult programmes",
    source="partnerhelp.netflixstudios.com 217350977, 215758617, 360051554394",
    columns=42,  # 217350977
    lines=2,  # 217350977
    min_ms=833,  # 215758617: 5/6 s
    max_ms=7000,  # 215758617: 7 s
    words_per_minute=0,
    peak_words_per_minute=0,
    characters_per_second=20,  # 217350977: adult 20, children 17
    gap=84,  # 215758617: 2 frames of 24 a second
    close_gap=500,  # 360051554394: gaps of 3 to 11 frames of 24 a second are reduced to 2
    speakers="bracket",  # 217350977: the name in brackets if the speaker cannot be seen to speak
)

_WIDE = MappingProxyType(
    {
        # 13 characters a line (Netflix 215767517). Its 4 characters a second are for subtitles,
        # which shorten what is said. Captions hold every word, and no voice speaks so slowly: the 7
        # are ours, the pace of slow ordinary speech.
        "ja": (13, 7),
        "zh": (16, 9),  # Netflix 215986007
        "ko": (16, 12),  # Netflix 216001127
    }
)
"""Characters a line, and characters a second. The BBC and DCMP give no figures for these scripts,
in which one character says as much as some letters."""


PROFILES: MappingProxyType[str, Profile] = MappingProxyType(
    {p.name: p for p in (BBC, BBC_PORTRAIT, DCMP, NETFLIX)}
)

DEFAULT = BBC.name
"""The BBC's rules are for verbatim captions online. At their 180 words a minute an ordinary lecture
(130 to 170) can be read word by word, and their lines fit a 16:9 picture. DCMP's 160 words a minute
and 32 columns suit pupils better, but need a slower voice."""


def find_profile(name: str, language: str = DEFAULTS.language) -> Profile:
    """Return the profile with this name, as it is for a language. Raises SettingsError, which lists
    all names."""
    found = PROFILES.get(name)
    if found is None:
        near = find_near(name, PROFILES)
        raise SettingsError(
            f"There is no caption profile {name!r}.",
            remedy=(f"Did you mean {near!r}? " if near else "")
            + f"The profiles are {', '.join(PROFILES)}.",
        )
    wide = _WIDE.get(primary(language))
    return _widen(found, *wide) if wide else found


def _widen(profile: Profile, characters: int, per_second: int) -> Profile:
    """The profile for a script of wide characters: words are not counted, characters are."""
    return replace(
        profile,
        source=f"{profile.source}; characters a line and a second: Netflix",
        columns=min(profile.columns, 2 * characters),
        words_per_minute=0,
        peak_words_per_minute=0,
        characters_per_second=2 * per_second,
        character_columns=2,
    )
