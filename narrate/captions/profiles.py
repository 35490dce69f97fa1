"""The rules of captioning, one profile a published guideline.

WCAG is not among them: 1.2.2 asks for captions and gives no figure for their length or speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from narrate.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Profile:
    """What a guideline asks of captions. Times are milliseconds, lengths are columns
    (a wide East Asian character takes two).

    Of `words_per_minute` and `characters_per_second` a guideline gives one; 0 is "no limit". Each
    caption is given so much time where it can be had, and the mean of all must keep to it; no
    single one may be faster than `peak_words_per_minute`.
    A silence shorter than `close_gap` between two captions is closed down to `gap`; as it is never
    more than 1 s, no caption hangs longer than that (BBC §5.2: 1.5 s) but for being read.
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

    def reading_ms(self, words: int, characters: int) -> int:
        """How long so much text must be on screen to be read at the profile's speed."""
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
    min_ms=900,  # §4.1: 0.3 s a word; that no caption is shorter than three words' worth is ours
    max_ms=7000,  # not BBC's: Netflix 215758617, for want of a figure here
    words_per_minute=180,  # §4.1: 160 to 180,
    peak_words_per_minute=200,  # and at least 0.3 s a word
    characters_per_second=0,
    gap=0,  # §4.5: no gap at all,
    close_gap=1000,  # or one of 1 s and more (1.5 s preferred)
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
)

DCMP = Profile(
    name="dcmp",
    title="DCMP Captioning Key, upper-level and adult education",
    source="dcmp.org/learn/captioningkey",
    columns=32,  # Text: line division, 32 characters
    lines=2,  # Text: line division
    min_ms=2000,  # Guidelines for the DCMP, I.B.4: no caption under 2 s
    max_ms=7000,  # not DCMP's: Netflix 215758617, for want of a figure here
    words_per_minute=160,  # captioningkey/601: 160 upper level and adult (140 middle, 130 lower)
    peak_words_per_minute=160,
    characters_per_second=0,
    gap=0,
    close_gap=500,  # not DCMP's: shorter blinks are closed as in Netflix 360051554394
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
    close_gap=500,  # 360051554394: 3 to 11 frames of 24 a second are closed to 2
)

PROFILES: MappingProxyType[str, Profile] = MappingProxyType(
    {p.name: p for p in (BBC, BBC_PORTRAIT, DCMP, NETFLIX)}
)

DEFAULT = BBC.name
"""BBC: the rules for verbatim captions online, with a speed (180 words a minute) at which ordinary
lecturing (130 to 170) stays readable word by word, and a line that fits a 16:9 picture. DCMP's
160 words a minute and 32 columns suit pupils better, but call for a voice slowed down to match."""


def profile(name: str) -> Profile:
    """The profile of that name, or a `SettingsError` that lists them all."""
    try:
        return PROFILES[name]
    except KeyError:
        raise SettingsError(
            f"There is no caption profile {name!r}.",
            remedy=f"Choose one of: {', '.join(PROFILES)}.",
        ) from None
