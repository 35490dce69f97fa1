"""Timed words become captions, by the best of all ways to cut a slide's words.

The text is the script's, word for word. What is decided here is where it is cut, and when each
caption appears and disappears. The cost of a caption depends only on its own words and on when the
next one begins, so dynamic programming over the places to cut finds the cheapest result. Costs are
in points: breaking a sentence at an ordinary place costs 50 and at the worst place 200
(`breaks.break_penalty`). The weights below put other faults on the same scale.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from foundation.cjk import is_cjk, meets_without_space
from lessons.model import Slide
from narrate.captions.breaks import break_penalty
from narrate.captions.cjk_phrases import split_phrases
from narrate.captions.profiles import Profile
from narrate.captions.speakers import CHANGE, NOBODY, CaptionSpeakers, write_label
from narrate.captions.text import count_columns, cut_word, split_words
from narrate.clock import samples_to_ms
from narrate.typography import NO_BREAK
from narrate.typography import belong_together as is_glued
from narrate.vocabulary import Cue, Word

_EACH_CUE = 30.0  # for every caption, so that sentences are not cut without need
_LINE_BREAK = 0.5  # times the break's penalty: a line break disturbs half as much as a new caption
_UNBALANCE = 25.0  # times the difference in length of the two lines, as a share of a full line
_ORPHAN = 30.0  # a word alone on a line
_TOP_HEAVY = 4.0  # an upper line that is longer than the lower one covers more of the picture
_TWO_SENTENCES = 40.0  # a caption with more than one sentence (BBC §3.2),
_MIXED = 40.0  # and in addition if one of them is not complete
_SCRAP = 240.0  # times the square of what part of a sentence lacks to half a full caption
_PAUSE = 1 / 20  # a point for every 20 ms of a pause inside a caption, beyond
_PAUSE_FREE = 250  # ms, which is a breath
_TOO_FAST = 0.08  # for every ms that is missing to read at the profile's speed
_TOO_SHORT = 0.2  # for every ms under the shortest duration
_TOO_LONG = 0.3  # for every ms over the longest duration
_UNTIMED = 1e6  # a caption in which no word is heard, or without time on screen
_INSIDE_WORD = 150.0  # cutting a word
_AT_PAUSE = 400  # ms of silence that halve the cost of a break inside a sentence


@dataclass(frozen=True, slots=True)
class _Unit:
    """A word, or a piece of a word that is wider than a line. Times are in ms. `break_` is the
    cost of a break before the unit, and None where a caption must begin. `speaker` is who says it,
    and `label` how the text names them where they begin."""

    text: str
    width: int
    start: int
    end: int
    sounds: bool
    joined: bool  # it continues the word before it, without a space
    sentence: bool  # it is the first of an utterance
    break_: float | None
    speaker: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class _Lines:
    """The lines of a caption, what they cost, and whether its label is on a line of its own."""

    cost: float
    lines: tuple[str, ...]
    above: bool = False


def make_cues(
    slide: Slide,
    words: Sequence[Word],
    *,
    profile: Profile,
    total: int,
    language: str,
    speakers: CaptionSpeakers = NOBODY,
) -> tuple[Cue, ...]:
    """Make the captions of one slide, in milliseconds from its start.

    `words` are the slide's tokens with their times, and `total` is the slide's length in samples.
    The captions hold all written words, in order. A token without a timed word is placed with its
    neighbours. `speakers` are those of the whole lesson. Captions begin with the sound of their
    first word, never overlap, end within the slide, and hold the words of one speaker.
    """
    total_ms = samples_to_ms(total)
    units = _split_units(slide, words, profile, total_ms, language, speakers)
    if not units:
        return ()
    onsets = _find_onsets(units, total_ms)
    cuts = _find_best_cuts(units, onsets, profile)
    cues = []
    for first, last in pairwise(cuts):
        layout = _choose_lines(units, first, last, profile)
        assert layout is not None  # no other cut was considered
        end = _find_end(units, first, last, onsets, profile)
        head = units[first]
        colour = speakers.find_colour(head.speaker, profile)
        cues.append(
            Cue(onsets[first], end, layout.lines, head.speaker, head.label, layout.above, colour)
        )
    return _give_time(cues, total_ms)


def shift_cues(cues: Iterable[Cue], ms: int) -> tuple[Cue, ...]:
    """Return the captions moved by `ms`, which takes them from slide time to lesson time."""
    return tuple(replace(cue, start=cue.start + ms, end=cue.end + ms) for cue in cues)


def _split_units(
    slide: Slide,
    words: Sequence[Word],
    profile: Profile,
    total_ms: int,
    language: str,
    speakers: CaptionSpeakers,
) -> list[_Unit]:
    """Return the slide's tokens in order, with the times of their words, cut to a line's width."""
    times = {(word.utterance, word.token): word for word in words}
    units: list[_Unit] = []
    clock = 0
    before: tuple[str | None, str | None] | None = None
    for u, utterance in enumerate(slide.utterances):
        spoken_language = utterance.language or language
        new_sentence = True
        who = speakers.find_name(utterance)
        by = (utterance.speaker, utterance.voice)
        changed = before is not None and by != before
        begins = bool(speakers) and (not units or who != units[-1].speaker)
        before = by if utterance.tokens else before
        for t, token in enumerate(utterance.tokens):
            word = times.get((u, t))
            start = clock if word is None else max(clock, samples_to_ms(word.start))
            end = start if word is None else max(start, samples_to_ms(word.end))
            start, end = min(start, total_ms), min(end, total_ms)
            clock = end
            pieces = [
                (piece, n > 0, cost)
                for written in split_words(token.written)
                for n, (piece, cost) in enumerate(_cut_word(written, profile.columns))
            ]
            widths = [count_columns(piece) for piece, _, _ in pieces]
            done = 0
            for (piece, joined, inside), width in zip(pieces, widths, strict=True):
                # We assume that a token of several words is said at an even pace.
                a = start + (end - start) * done // max(sum(widths), 1)
                done += width
                b = start + (end - start) * done // max(sum(widths), 1)
                cost: float | None
                if not units:
                    cost = 0.0
                elif joined:
                    cost = inside
                elif new_sentence:
                    cost = None if changed else 0.0
                elif is_glued(units[-1].text, piece, spoken_language) and (
                    units[-1].width + 1 + width <= profile.columns
                ):
                    units[-1] = _glue(units[-1], piece, width, b)
                    continue
                else:
                    cost = break_penalty(units[-1].text, piece, spoken_language)
                spaceless = bool(units) and meets_without_space(units[-1].text, piece)
                label = write_label(who, profile) if new_sentence and begins else ""
                units.append(
                    _Unit(
                        piece, width, a, b, b > a, joined or spaceless, new_sentence, cost, who,
                        label,
                    )
                )  # fmt: skip
                new_sentence = False
    return units


def _cut_word(word: str, limit: int) -> Iterator[tuple[str, float]]:
    """The pieces of a word between which a line may break, each with the cost of that."""
    if any(map(is_cjk, word)):
        yield from split_phrases(word, limit)
    else:
        yield from ((piece, _INSIDE_WORD) for piece in cut_word(word, limit))


def _glue(unit: _Unit, piece: str, width: int, end: int) -> _Unit:
    """A unit with a word behind it that may not stand on another line."""
    return replace(
        unit,
        text=f"{unit.text}{NO_BREAK}{piece}",
        width=unit.width + 1 + width,
        end=max(unit.end, end),
        sounds=unit.sounds or end > unit.end,
    )


def _find_onsets(units: Sequence[_Unit], total_ms: int) -> list[int]:
    """Return when a caption that begins with unit i appears: at the first sound from i on."""
    onsets = [total_ms] * (len(units) + 1)
    for i in range(len(units) - 1, -1, -1):
        onsets[i] = units[i].start if units[i].sounds else onsets[i + 1]
    return onsets


def _find_best_cuts(units: Sequence[_Unit], onsets: Sequence[int], profile: Profile) -> list[int]:
    """Return the indices of the units that begin a caption, followed by the number of units."""
    count = len(units)
    best = [0.0] + [float("inf")] * count
    came_from = [0] * (count + 1)
    for last in range(1, count + 1):
        for first in range(last - 1, -1, -1):
            cost = _compute_cost(units, first, last, onsets, profile)
            if cost is None:  # it does not fit, so nothing longer does
                break
            if best[first] + cost < best[last]:
                best[last] = best[first] + cost
                came_from[last] = first
            if units[first].break_ is None:  # the voice changes: no caption spans it
                break
    cuts = [count]
    while cuts[-1] > 0:
        cuts.append(came_from[cuts[-1]])
    return cuts[::-1]


def _compute_cost(
    units: Sequence[_Unit], first: int, last: int, onsets: Sequence[int], profile: Profile
) -> float | None:
    layout = _choose_lines(units, first, last, profile)
    if layout is None:
        return None
    span = _find_end(units, first, last, onsets, profile) - onsets[first]
    if span <= 0 or not any(unit.sounds for unit in units[first:last]):
        return _UNTIMED + _EACH_CUE
    cost = _EACH_CUE + layout.cost
    head = units[first]
    if head.break_:
        silence = head.start - units[first - 1].end
        cost += head.break_ / (1 + silence / _AT_PAUSE)
    partial = not head.sentence or (last < len(units) and not units[last].sentence)
    if partial:
        filled = sum(unit.width + 1 for unit in units[first:last])
        cost += _SCRAP * max(0.0, 0.5 - filled / (profile.columns * profile.lines)) ** 2
    cost += _TOO_FAST * max(0, _compute_reading_ms(units, first, last, profile) - span)
    cost += _TOO_SHORT * max(0, profile.min_ms - span)
    cost += _TOO_LONG * max(0, span - profile.max_ms)
    for left, right in pairwise(units[first:last]):
        if right.sentence:
            cost += _TWO_SENTENCES + _MIXED * partial
        cost += _PAUSE * max(0, right.start - left.end - _PAUSE_FREE)
    return cost


def _find_end(
    units: Sequence[_Unit], first: int, last: int, onsets: Sequence[int], profile: Profile
) -> int:
    """Return when a caption disappears.

    It stays until its last word has been said. It stays longer if reading it takes longer, and if
    the next caption (or the end of the slide) leaves the time. A gap that would be too short before
    the next caption is closed.
    """
    begin, limit, final = onsets[first], onsets[last], last == len(units)
    said = max(unit.end for unit in units[first:last])
    needed = max(profile.min_ms, _compute_reading_ms(units, first, last, profile))
    end = max(said, begin + needed)
    latest = limit if final or limit - profile.gap <= begin else limit - profile.gap
    if end > latest:
        return latest
    if not final and limit - end < profile.close_gap:
        return latest
    return end


def _compute_reading_ms(units: Sequence[_Unit], first: int, last: int, profile: Profile) -> int:
    chosen = units[first:last]
    spaces = sum(not unit.joined for unit in chosen[1:])
    label = chosen[0].label if profile.speakers != "colour" else ""  # DCMP 601: it counts as words
    return profile.reading_ms(
        sum(not unit.joined for unit in chosen) + len(split_words(label)),
        sum(unit.width for unit in chosen) + spaces + count_columns(label) + bool(label),
    )


def _choose_lines(units: Sequence[_Unit], first: int, last: int, profile: Profile) -> _Lines | None:
    """Return the best lines for some units; None if they do not fit.

    A label is before the first word, if it fits there and the profile does not want it above. A
    profile with colours has no label in most files; its place is kept in all, so that captions are
    cut alike in every format.
    """
    label = units[first].label
    if not label:
        return _break_lines(units, first, last, profile.columns, profile.lines)
    if profile.speakers != "above" or label == CHANGE:
        indent = count_columns(label) + 1
        if found := _break_lines(units, first, last, profile.columns, profile.lines, indent):
            return found
    lines = max(profile.lines - 1, 1)
    found = _break_lines(units, first, last, profile.columns, lines)
    return found and replace(found, above=True)


def _break_lines(
    units: Sequence[_Unit], first: int, last: int, columns: int, lines: int, indent: int = 0
) -> _Lines | None:
    """Return the best lines of so many columns; the first one has `indent` fewer."""
    widths = [unit.width + (not unit.joined) for unit in units[first:last]]
    widths[0] = units[first].width + indent
    whole = sum(widths)
    if whole <= columns:
        return _Lines(0.0, (_join(units[first:last]),))
    if lines < 2 or whole > 2 * columns + 1:
        return None
    best: tuple[float, int] | None = None
    top = 0
    for k in range(first + 1, last):
        top += widths[k - 1 - first]
        bottom = whole - top - (not units[k].joined)
        if top > columns:
            break
        if bottom > columns:
            continue
        cost = _LINE_BREAK * (units[k].break_ or 0.0)
        cost += _UNBALANCE * abs(top - bottom) / columns
        cost += _TOP_HEAVY * (top > bottom) + _ORPHAN * (k in (first + 1, last - 1))
        if best is None or cost < best[0]:
            best = cost, k
    if best is None:
        return None
    k = best[1]
    return _Lines(best[0], (_join(units[first:k]), _join(units[k:last])))


def _join(units: Sequence[_Unit]) -> str:
    return units[0].text + "".join(
        unit.text if unit.joined else " " + unit.text for unit in units[1:]
    )


def _give_time(cues: Sequence[Cue], total_ms: int) -> tuple[Cue, ...]:
    """Give captions whose words are not said a share of the time around them, so that none is
    empty and none overlaps another."""
    timed = list(cues)
    i = 0
    while i < len(timed):
        j = i
        while j < len(timed) and timed[j].end <= timed[j].start:
            j += 1
        if j == i:
            i += 1
            continue
        begin = timed[i - 1].end if i else 0
        limit = timed[j].start if j < len(timed) else total_ms
        while limit - begin < j - i and (i > 0 or j < len(timed)):
            if j < len(timed):  # no time is left: the next caption shares its own, or the last one
                limit = max(limit, timed[j].end)
                j += 1
            else:
                i -= 1
                begin = timed[i].start
        for k in range(i, j):
            start = begin + (limit - begin) * (k - i) // (j - i)
            end = begin + (limit - begin) * (k - i + 1) // (j - i)
            timed[k] = replace(timed[k], start=start, end=end)
        i = j
    return tuple(timed)
