"""The rules that captions are checked against: those of a profile, and the words of the script."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from foundation.problem import NOWHERE, Place, Problem
from foundation.shortening import shorten
from lessons.model import Finding, Severity, Slide
from narrate.captions.profiles import Profile
from narrate.captions.text import count_columns, split_words
from narrate.clock import format_clock, ms_to_seconds
from narrate.vocabulary import Cue


@dataclass(frozen=True, slots=True)
class CaptionFigures:
    """Measurements of some captions.

    Rates are in words a minute and characters a second. The mean is over the time in which captions
    are on screen; the fastest rate is that of a single caption.
    """

    cues: int
    words: int
    shown_ms: int
    mean_words_per_minute: float
    fastest_words_per_minute: float
    fastest_characters_per_second: float
    shortest_ms: int
    longest_ms: int
    widest_line: int
    most_lines: int


def measure_cues(cues: Sequence[Cue]) -> CaptionFigures:
    shown = sum(cue.end - cue.start for cue in cues)
    words = sum(map(_count_words, cues))
    return CaptionFigures(
        cues=len(cues),
        words=words,
        shown_ms=shown,
        mean_words_per_minute=round(words_per_minute(words, shown), 1),
        fastest_words_per_minute=round(max(map(_measure_words_per_minute, cues), default=0.0), 1),
        fastest_characters_per_second=round(
            max(map(_measure_characters_per_second, cues), default=0.0), 1
        ),
        shortest_ms=min((cue.end - cue.start for cue in cues), default=0),
        longest_ms=max((cue.end - cue.start for cue in cues), default=0),
        widest_line=max(
            (count_columns(line) for cue in cues for line in cue.labelled_lines), default=0
        ),
        most_lines=max((len(cue.labelled_lines) for cue in cues), default=0),
    )


def words_per_minute(words: int, ms: int) -> float:
    """The rate of some words in a time; 0 if the time is empty."""
    return words * 60_000 / ms if ms > 0 else 0.0


def hold_all_words(cues: Iterable[Cue], slides: Iterable[Slide]) -> bool:
    """Whether captions hold every written word of some slides, in order, and nothing else.

    Spaces do not count, because a word that is wider than a line is cut, and because typography may
    keep a space from breaking.
    """
    script = "".join(slide.written for slide in slides)
    shown = "".join(cue.text for cue in cues)
    return "".join(script.split()) == "".join(shown.split())


def check_cues(
    cues: Sequence[Cue],
    profile: Profile,
    *,
    place: Place = NOWHERE,
    slide_starts: Sequence[int] = (),
) -> list[Finding]:
    """Return one finding for each rule that is broken: how often, how badly, and where worst.

    The cues are those of one slide or of one lesson (`place`), in the order in which they are
    shown. `slide_starts` are the times at which slides change, in milliseconds on the cues' clock.
    A gap at one of them may have any length, since the picture changes with the caption (BBC §6.1).
    """
    shown = _Shown(cues, profile, slide_starts)
    return [
        Finding(
            violation.rule, violation.severity, Problem(violation.message, violation.remedy, place)
        )
        for rule in RULES
        for violation in rule(shown)
    ]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a rule looks at: the captions, the profile that they should follow, and the times in
    milliseconds at which slides change."""

    cues: Sequence[Cue]
    profile: Profile
    slide_starts: Sequence[int]

    def find_over(self, measure: Callable[[Cue], float], limit: float) -> list[tuple[float, Cue]]:
        """Return the captions that measure more than the limit, each with its measure."""
        return [(measure(cue), cue) for cue in self.cues if measure(cue) > limit]

    def describe(self, wrong: Sequence[tuple[float, Cue]], text: str) -> str:
        """Write the message about some captions and their measures.

        `text` says what is wrong with them. It may name the largest measure as `{worst}`, and ends
        so that the time and text of that caption can follow.
        """
        worst, cue = max(wrong, key=lambda pair: pair[0])
        when = format_clock(ms_to_seconds(cue.start), tenths=True)
        return (
            f"{len(wrong)} of {len(self.cues)} captions {text.format(worst=worst)} "
            f"at {when}, “{shorten(cue.text, 40)}” ({self.profile.title})."
        )


@dataclass(frozen=True, slots=True)
class _Violation:
    """One rule that some captions break."""

    rule: str
    severity: Severity
    message: str
    remedy: str


_REALIGN = "Build the slide again, so that its speech is aligned again."
_SLOW_DOWN = "Lower the speed of the voice, lengthen the pauses, or say less."


def _check_duration_exists(shown: _Shown) -> Iterator[_Violation]:
    if wrong := [(0.0, cue) for cue in shown.cues if cue.end <= cue.start]:
        message = shown.describe(wrong, "are never on screen; the first is")
        yield _Violation("caption-without-time", "error", message, _REALIGN)


def _check_overlap(shown: _Shown) -> Iterator[_Violation]:
    wrong = [
        (float(before.end - after.start), after)
        for before, after in pairwise(shown.cues)
        if after.start < before.end
    ]
    if wrong:
        text = "begin before the previous one has ended; the worst overlaps it by {worst:.0f} ms,"
        yield _Violation("caption-overlap", "error", shown.describe(wrong, text), _REALIGN)


def _check_gap(shown: _Shown) -> Iterator[_Violation]:
    profile = shown.profile
    wrong = [
        (float(after.start - before.end), after)
        for before, after in pairwise(shown.cues)
        if before.end <= after.start
        and not _is_allowed_gap(after.start - before.end, profile)
        and not any(before.end <= start <= after.start for start in shown.slide_starts)
    ]
    if wrong:
        text = (
            f"follow a gap that is neither {profile.gap} ms nor at least {profile.close_gap} ms "
            "long; the longest such gap is {worst:.0f} ms,"
        )
        remedy = "Change the pause before the caption."
        yield _Violation("caption-gap", "warning", shown.describe(wrong, text), remedy)


def _check_line_length(shown: _Shown) -> Iterator[_Violation]:
    wide = shown.profile.character_columns
    limit = shown.profile.columns / wide
    if wrong := shown.find_over(lambda cue: _measure_widest(cue) / wide, limit):
        text = f"have a line of more than {limit:.0f} characters; the longest has {{worst:.0f}},"
        remedy = "Shorten the words that do not fit, or choose another caption profile."
        yield _Violation("caption-line-too-long", "warning", shown.describe(wrong, text), remedy)


def _check_line_count(shown: _Shown) -> Iterator[_Violation]:
    limit = shown.profile.lines
    if wrong := shown.find_over(lambda cue: len(cue.labelled_lines), limit):
        text = f"have more than {limit} lines; the tallest has {{worst:.0f}},"
        remedy = "Build the captions again."
        yield _Violation("caption-too-many-lines", "warning", shown.describe(wrong, text), remedy)


def _check_mean_speed(shown: _Shown) -> Iterator[_Violation]:
    limit = shown.profile.words_per_minute
    mean = measure_cues(shown.cues).mean_words_per_minute
    if limit and mean > limit:
        message = (
            f"On average the captions must be read at {mean:.0f} words a minute; the limit is "
            f"{limit} ({shown.profile.title})."
        )
        yield _Violation("captions-too-fast", "warning", message, _SLOW_DOWN)


def _check_speed(shown: _Shown) -> Iterator[_Violation]:
    profile = shown.profile
    wide = profile.character_columns

    def measure_characters(cue: Cue) -> float:
        return _measure_characters_per_second(cue) / wide

    for limit, unit, digits, measure in (
        (profile.peak_words_per_minute, "words a minute", 0, _measure_words_per_minute),
        (profile.characters_per_second // wide, "characters a second", 1, measure_characters),
    ):
        # Half of the last digit is an effect of rounding to milliseconds, not of speed.
        rounding = 0.5 * 10**-digits
        if limit and (wrong := shown.find_over(measure, limit + rounding)):
            text = f"must be read faster than {limit} {unit}; the fastest at {{worst:.{digits}f}},"
            yield _Violation("caption-too-fast", "warning", shown.describe(wrong, text), _SLOW_DOWN)


def _check_shortest(shown: _Shown) -> Iterator[_Violation]:
    limit = shown.profile.min_ms
    spans = [(cue.end - cue.start, cue) for cue in shown.cues]
    if wrong := [(-float(span), cue) for span, cue in spans if 0 < span < limit]:
        text = f"are on screen for less than {limit} ms; the shortest is"
        remedy = "Lengthen the pause after it, or join the sentence to the next one."
        yield _Violation("caption-too-short", "warning", shown.describe(wrong, text), remedy)


def _check_longest(shown: _Shown) -> Iterator[_Violation]:
    limit = shown.profile.max_ms
    if wrong := shown.find_over(lambda cue: cue.end - cue.start, limit):
        text = f"are on screen for more than {limit} ms; the longest for {{worst:.0f}} ms,"
        remedy = "Shorten the pause inside it."
        yield _Violation("caption-too-long", "warning", shown.describe(wrong, text), remedy)


RULES: tuple[Callable[[_Shown], Iterator[_Violation]], ...] = (
    _check_duration_exists,
    _check_overlap,
    _check_gap,
    _check_line_length,
    _check_line_count,
    _check_mean_speed,
    _check_speed,
    _check_shortest,
    _check_longest,
)


def _measure_widest(cue: Cue) -> float:
    return max(map(count_columns, cue.labelled_lines), default=0)


def _measure_words_per_minute(cue: Cue) -> float:
    # A caption without time counts as 0: it breaks a rule of its own.
    return words_per_minute(_count_words(cue), cue.end - cue.start)


def _count_words(cue: Cue) -> int:
    """The words that are read, with those of the speaker's name."""
    return len(split_words(" ".join(cue.shown_lines)))


def _measure_characters_per_second(cue: Cue) -> float:
    span = cue.end - cue.start
    return count_columns(" ".join(cue.shown_lines)) * 1000 / span if span > 0 else 0.0


def _is_allowed_gap(gap: int, profile: Profile) -> bool:
    return gap == profile.gap or gap >= profile.close_gap
