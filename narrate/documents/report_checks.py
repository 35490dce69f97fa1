"""The checks of a lesson that its report tells of, in the language of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from foundation.cjk import join_texts
from lessons.model import Finding, Lesson, Picture
from narrate.captions.profiles import Profile
from narrate.captions.rules import hold_all_words
from narrate.captions.text import count_characters, split_words
from narrate.vocabulary import Cue
from narrate.words import Words

Result = Literal["no finding", "findings", "not checked"]


@dataclass(frozen=True, slots=True)
class Check:
    """Something that a program can check.

    `rule` names the guideline that asks for it, `detail` gives the result with its numbers, and
    `leaves` says what the check leaves to people.
    """

    id: str
    title: str
    rule: str
    result: Result
    detail: str
    leaves: str


def check_words(
    words: Words, lesson: Lesson, cues: Sequence[Cue] | None, script: int, *, spaced: bool
) -> Check:
    """Whether the captions hold the script, which has `script` words, or characters if its
    language is not `spaced`."""
    result: Result = "not checked"
    detail = words["check.caption_rules.none"]
    if cues is not None:
        unit = "words" if spaced else "characters"
        if hold_all_words(cues, lesson.slides):
            result = "no finding"
            detail = words.fill(f"check.caption_words.all_{unit}", count=script)
        else:
            shown = sum(
                len(split_words(cue.text)) if spaced else count_characters(cue.text) for cue in cues
            )
            result = "findings"
            key = f"check.caption_words.{unit}_differ"
            detail = words.fill(key, script=script, shown=shown)
    rule = "WCAG 2.2, 1.2.2 (A); 47 CFR 79.1(j)(2)"
    return _make("caption-words", words, rule, result, detail)


def check_rules(words: Words, cues: Sequence[Cue] | None, profile: Profile, broken: int) -> Check:
    """Whether the captions follow their profile, of whose rules some are `broken`."""
    result: Result = "not checked"
    detail = words["check.caption_rules.none"]
    if cues is not None:
        result = "findings" if broken else "no finding"
        detail = words.fill(
            "check.caption_rules.limits",
            count=len(cues),
            lines=profile.lines,
            columns=profile.columns // profile.character_columns,
            speed=_describe_speed(words, profile),
            shortest=words.write_number(profile.min_ms / 1000),
            longest=words.write_number(profile.max_ms / 1000),
        )
        if broken:
            told = words.fill("check.caption_rules.broken", count=broken)
            detail = join_texts((detail, told))
    return _make("caption-rules", words, f"{profile.title} ({profile.source})", result, detail)


def check_speech(words: Words, heard: Sequence[Finding] | None) -> Check:
    """Whether the voice says the script: `heard` is what a recogniser found, None if none did."""
    result: Result = "not checked"
    detail = words["check.speech_words.none"]
    if heard is not None:
        result = "findings" if heard else "no finding"
        detail = words.fill("check.speech_words.heard", count=len(heard))
    return _make("speech-words", words, "WCAG 2.2, 1.2.2 (A)", result, detail)


def check_pictures(words: Words, pictures: Sequence[Picture]) -> Check:
    """Whether each picture has a description."""
    without = sum(not picture.alt.strip() for picture in pictures)
    detail = words["check.picture_descriptions.none"]
    if pictures:
        described = len(pictures) - without
        detail = words.fill(
            "check.picture_descriptions.counted", described=described, count=len(pictures)
        )
    result: Result = "findings" if without else "no finding"
    return _make("picture-descriptions", words, "WCAG 2.2, 1.1.1 (A)", result, detail)


def check_transcript(words: Words, made: bool) -> Check:
    """Whether there is a transcript."""
    result: Result = "no finding" if made else "not checked"
    detail = words["check.transcript.made" if made else "check.transcript.none"]
    return _make("transcript", words, "WCAG 2.2, 1.2.8 (AAA)", result, detail)


def _make(id: str, words: Words, rule: str, result: Result, detail: str) -> Check:
    key = f"check.{id.replace('-', '_')}"
    return Check(id, words[f"{key}.title"], rule, result, detail, words[f"{key}.leaves"])


def _describe_speed(words: Words, profile: Profile) -> str:
    if profile.words_per_minute:
        return words.fill(
            "check.caption_rules.speed_words",
            mean=profile.words_per_minute,
            peak=profile.peak_words_per_minute,
        )
    return words.fill(
        "check.caption_rules.speed_characters",
        rate=profile.characters_per_second // profile.character_columns,
    )
