"""Captions against the rules of a profile and the words of the script."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from foundation.problem import NOWHERE, Place, Problem
from lessons.model import Finding, Severity, Slide
from narrate.captions.profiles import Profile
from narrate.captions.text import columns, split_words
from narrate.vocabulary import Cue


@dataclass(frozen=True, slots=True)
class CaptionFigures:
    """What was measured on some captions. Rates are words a minute and characters a second;
    the mean counts the time in which captions are shown; `fastest` is that of one caption."""

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
    words = sum(len(split_words(cue.text)) for cue in cues)
    return CaptionFigures(
        cues=len(cues),
        words=words,
        shown_ms=shown,
        mean_words_per_minute=round(words * 60_000 / shown, 1) if shown else 0.0,
        fastest_words_per_minute=round(max(map(words_per_minute, cues), default=0.0), 1),
        fastest_characters_per_second=round(max(map(characters_per_second, cues), default=0.0), 1),
        shortest_ms=min((cue.end - cue.start for cue in cues), default=0),
        longest_ms=max((cue.end - cue.start for cue in cues), default=0),
        widest_line=max((columns(line) for cue in cues for line in cue.lines), default=0),
        most_lines=max((len(cue.lines) for cue in cues), default=0),
    )


def words_per_minute(cue: Cue) -> float:
    """0 for a caption without time, which is a fault of its own."""
    span = cue.end - cue.start
    return len(split_words(cue.text)) * 60_000 / span if span > 0 else 0.0


def characters_per_second(cue: Cue) -> float:
    span = cue.end - cue.start
    return columns(cue.text) * 1000 / span if span > 0 else 0.0


def check_cues(
    cues: Sequence[Cue],
    profile: Profile,
    *,
    place: Place = NOWHERE,
    slide_starts: Sequence[int] = (),
) -> list[Finding]:
    """One finding for each rule that any caption breaks: how many do, the worst, and where it is.

    Cues are those of one slide or of one lesson (`place`), in the order in which they are shown. A
    gap in which one of the `slide_starts` lies (ms, on the cues' clock) may have any length: there
    the picture changes with the caption (BBC §6.1).
    """
    shown = _Shown(cues, profile, slide_starts)
    broken: list[_Broken] = []
    for rule in RULES:
        broken.extend(rule(shown))
    return [
        Finding(found.rule, found.severity, Problem(found.message, found.remedy, place))
        for found in broken
    ]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a rule looks at: the captions, the profile that they should keep, and the times in
    milliseconds at which the slides change."""

    cues: Sequence[Cue]
    profile: Profile
    slide_starts: Sequence[int]

    def over(self, value: Callable[[Cue], float], limit: float) -> list[tuple[float, Cue]]:
        """The captions whose value is above the limit, each with its value."""
        return [(value(cue), cue) for cue in self.cues if value(cue) > limit]

    def message(self, wrong: Sequence[tuple[float, Cue]], text: str) -> str:
        """`text` says what is wrong; it may name the `worst` value, and the worst caption follows
        it."""
        worst, cue = max(wrong, key=lambda pair: pair[0])
        return (
            f"{len(wrong)} of {len(self.cues)} captions {text.format(worst=worst)} "
            f"at {clock(cue.start)}, “{_shorten(cue.text)}” ({self.profile.title})."
        )


@dataclass(frozen=True, slots=True)
class _Broken:
    """A rule that is broken, and how."""

    rule: str
    severity: Severity
    message: str
    remedy: str


_SLOWER = "Lower the speed, lengthen the pauses, or say less."


def _without_time(shown: _Shown) -> Iterator[_Broken]:
    if wrong := [(0.0, cue) for cue in shown.cues if cue.end <= cue.start]:
        message = shown.message(wrong, "are shown for no time; the first")
        remedy = "Align the slide's speech again."
        yield _Broken("caption-without-time", "error", message, remedy)


def _overlap(shown: _Shown) -> Iterator[_Broken]:
    wrong = [
        (float(before.end - after.start), after)
        for before, after in pairwise(shown.cues)
        if after.start < before.end
    ]
    if wrong:
        text = "begin before the previous one has ended; the worst by {worst:.0f} ms,"
        remedy = "Align the slide's speech again."
        yield _Broken("caption-overlap", "error", shown.message(wrong, text), remedy)


def _gap(shown: _Shown) -> Iterator[_Broken]:
    profile = shown.profile
    wrong = [
        (float(after.start - before.end), after)
        for before, after in pairwise(shown.cues)
        if before.end <= after.start
        and not _is_allowed(after.start - before.end, profile)
        and not any(before.end <= start <= after.start for start in shown.slide_starts)
    ]
    if wrong:
        text = (
            f"follow a gap that is neither {profile.gap} ms nor at least {profile.close_gap} ms; "
            "the longest of {worst:.0f} ms,"
        )
        remedy = "Change the pause before it."
        yield _Broken("caption-gap", "warning", shown.message(wrong, text), remedy)


def _line_length(shown: _Shown) -> Iterator[_Broken]:
    limit = shown.profile.columns
    if wrong := shown.over(lambda cue: max(map(columns, cue.lines), default=0), limit):
        text = f"have a line of more than {limit} columns; the longest of {{worst:.0f}},"
        remedy = "Shorten the words that do not fit, or choose another caption profile."
        yield _Broken("caption-line-too-long", "warning", shown.message(wrong, text), remedy)


def _line_count(shown: _Shown) -> Iterator[_Broken]:
    limit = shown.profile.lines
    if wrong := shown.over(lambda cue: len(cue.lines), limit):
        text = f"have more than {limit} lines; the longest has {{worst:.0f}},"
        remedy = "Build the captions again."
        yield _Broken("caption-too-many-lines", "warning", shown.message(wrong, text), remedy)


def _mean_rate(shown: _Shown) -> Iterator[_Broken]:
    limit = shown.profile.words_per_minute
    mean = measure_cues(shown.cues).mean_words_per_minute
    if limit and mean > limit:
        message = (
            f"The captions must be read at {mean:.0f} words a minute on average, more than "
            f"{limit} ({shown.profile.title})."
        )
        yield _Broken("captions-too-fast", "warning", message, _SLOWER)


def _rate(shown: _Shown) -> Iterator[_Broken]:
    profile = shown.profile
    if profile.words_per_minute:
        # Half a word a minute is rounding to milliseconds, not speed.
        if wrong := shown.over(words_per_minute, profile.peak_words_per_minute + 0.5):
            text = (
                f"must be read faster than {profile.peak_words_per_minute} words a minute; the "
                "fastest at {worst:.0f},"
            )
            yield _Broken("caption-too-fast", "warning", shown.message(wrong, text), _SLOWER)
    if profile.characters_per_second:
        if wrong := shown.over(characters_per_second, profile.characters_per_second + 0.05):
            text = (
                f"must be read faster than {profile.characters_per_second} characters a second; "
                "the fastest at {worst:.1f},"
            )
            yield _Broken("caption-too-fast", "warning", shown.message(wrong, text), _SLOWER)


def _too_short(shown: _Shown) -> Iterator[_Broken]:
    limit = shown.profile.min_ms
    spans = [(cue.end - cue.start, cue) for cue in shown.cues]
    if wrong := [(-float(span), cue) for span, cue in spans if 0 < span < limit]:
        message = shown.message(wrong, f"are shown for less than {limit} ms; the shortest")
        remedy = "Lengthen the pause after it, or join the sentence to the next."
        yield _Broken("caption-too-short", "warning", message, remedy)


def _too_long(shown: _Shown) -> Iterator[_Broken]:
    limit = shown.profile.max_ms
    if wrong := shown.over(lambda cue: cue.end - cue.start, limit):
        text = f"are shown for more than {limit} ms; the longest for {{worst:.0f}},"
        remedy = "Shorten the pause inside it."
        yield _Broken("caption-too-long", "warning", shown.message(wrong, text), remedy)


RULES: tuple[Callable[[_Shown], Iterator[_Broken]], ...] = (
    _without_time,
    _overlap,
    _gap,
    _line_length,
    _line_count,
    _mean_rate,
    _rate,
    _too_short,
    _too_long,
)


def check_words(slide: Slide, cues: Sequence[Cue], *, path: str = "") -> list[Finding]:
    """Whether the captions hold the slide's written words, all of them, in order.

    Spaces do not count: a word wider than a line is cut.
    """
    script = "".join(split_words(slide.written))
    shown = "".join(split_words(" ".join(cue.text for cue in cues)))
    if script == shown:
        return []
    at = next(
        (n for n, (a, b) in enumerate(zip(script, shown, strict=False)) if a != b),
        min(len(script), len(shown)),
    )
    message = (
        f"The captions differ from the script after “{_shorten(script[:at][-30:])}”: "
        f"“{_shorten(script[at:]) or 'nothing'}” became “{_shorten(shown[at:]) or 'nothing'}”."
    )
    place = Place(path, slide.line, slide.number)
    return [Finding("caption-words", "error", Problem(message, "Build it again.", place))]


def clock(ms: int) -> str:
    """A time for people: `1:02:03.4` or `2:03.4`."""
    tenths = ms // 100
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    start = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{start}:{rest // 10:02}.{rest % 10}"


def _is_allowed(gap: int, profile: Profile) -> bool:
    return gap == profile.gap or gap >= profile.close_gap


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else text[:39].rstrip() + "…"
