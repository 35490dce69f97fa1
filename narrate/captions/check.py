"""Captions against the rules of a profile and the words of the script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lessons.model import Finding, Severity, Slide
from narrate.captions.profiles import Profile
from narrate.captions.text import columns, split_words
from narrate.model import Cue


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
    path: str = "",
    slide: int | None = None,
    slide_starts: Sequence[int] = (),
) -> list[Finding]:
    """One finding for each rule that any caption breaks: how many do, the worst, and where it is.

    Cues are those of one slide or of one lesson, in the order in which they are shown. A gap in
    which one of the `slide_starts` lies (ms, on the cues' clock) may have any length: there the
    picture changes with the caption (BBC §6.1).
    """
    findings: list[Finding] = []

    def report(
        code: str, severity: Severity, wrong: Sequence[tuple[float, Cue]], text: str, remedy: str
    ) -> None:
        if wrong:
            worst, cue = max(wrong, key=lambda pair: pair[0])
            message = (
                f"{len(wrong)} of {len(cues)} captions {text.format(worst=worst)} "
                f"at {clock(cue.start)}, “{_shorten(cue.text)}” ({profile.title})."
            )
            findings.append(Finding(code, severity, message, remedy, path, None, slide))

    def those(value: Callable[[Cue], float], limit: float) -> list[tuple[float, Cue]]:
        return [(value(cue), cue) for cue in cues if value(cue) > limit]

    report(
        "caption-without-time",
        "error",
        [(0.0, cue) for cue in cues if cue.end <= cue.start],
        "are shown for no time; the first",
        "Align the slide's speech again.",
    )
    overlaps = [
        (float(before.end - after.start), after)
        for before, after in pairwise(cues)
        if after.start < before.end
    ]
    report(
        "caption-overlap",
        "error",
        overlaps,
        "begin before the one before is gone; the worst by {worst:.0f} ms,",
        "Align the slide's speech again.",
    )
    gaps = [
        (float(after.start - before.end), after)
        for before, after in pairwise(cues)
        if before.end <= after.start
        and not _gap_is_right(after.start - before.end, profile)
        and not any(before.end <= start <= after.start for start in slide_starts)
    ]
    report(
        "caption-gap",
        "warning",
        gaps,
        f"follow a gap that is neither {profile.gap} ms nor {profile.close_gap} ms and more; the "
        "longest of {worst:.0f} ms,",
        "Change the pause before it.",
    )
    report(
        "caption-line-too-long",
        "warning",
        those(lambda cue: max(map(columns, cue.lines), default=0), profile.columns),
        f"have a line of more than {profile.columns} columns; the longest of {{worst:.0f}},",
        "Shorten the words that do not fit, or choose another caption profile.",
    )
    report(
        "caption-too-many-lines",
        "warning",
        those(lambda cue: len(cue.lines), profile.lines),
        f"have more than {profile.lines} lines; the longest has {{worst:.0f}},",
        "Build the captions again.",
    )
    slower = "Lower the speed, lengthen the pauses, or say less."
    if profile.words_per_minute:
        mean = measure_cues(cues).mean_words_per_minute
        if mean > profile.words_per_minute:
            message = (
                f"The captions must be read at {mean:.0f} words a minute on average, more than "
                f"{profile.words_per_minute} ({profile.title})."
            )
            findings.append(
                Finding("captions-too-fast", "warning", message, slower, path, None, slide)
            )
        report(
            "caption-too-fast",
            "warning",
            # Half a word a minute is rounding to milliseconds, not speed.
            those(words_per_minute, profile.peak_words_per_minute + 0.5),
            f"must be read faster than {profile.peak_words_per_minute} words a minute; the fastest "
            "at {worst:.0f},",
            slower,
        )
    if profile.characters_per_second:
        report(
            "caption-too-fast",
            "warning",
            those(characters_per_second, profile.characters_per_second + 0.05),
            f"must be read faster than {profile.characters_per_second} characters a second; the "
            "fastest at {worst:.1f},",
            slower,
        )
    report(
        "caption-too-short",
        "warning",
        [
            (-float(cue.end - cue.start), cue)
            for cue in cues
            if 0 < cue.end - cue.start < profile.min_ms
        ],
        f"are shown for less than {profile.min_ms} ms; the shortest",
        "Lengthen the pause after it, or join the sentence to the next.",
    )
    report(
        "caption-too-long",
        "warning",
        those(lambda cue: cue.end - cue.start, profile.max_ms),
        f"are shown for more than {profile.max_ms} ms; the longest for {{worst:.0f}},",
        "Shorten the pause inside it.",
    )
    return findings


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
    return [
        Finding(
            "caption-words", "error", message, "Build it again.", path, slide.line, slide.number
        )
    ]


def clock(ms: int) -> str:
    """A time for people: `1:02:03.4` or `2:03.4`."""
    tenths = ms // 100
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    start = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{start}:{rest // 10:02}.{rest % 10}"


def _gap_is_right(gap: int, profile: Profile) -> bool:
    return gap == profile.gap or gap >= profile.close_gap


def _shorten(text: str) -> str:
    return text if len(text) <= 40 else text[:39].rstrip() + "…"
