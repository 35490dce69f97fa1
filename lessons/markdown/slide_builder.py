"""A slide while it is being read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from foundation.problem import Place, Problem
from lessons.course import media
from lessons.course.settings import Pauses
from lessons.course.voice_map import VoiceMap
from lessons.directives.comments import Directive
from lessons.markdown.blocks import Block, find_line, read_blocks
from lessons.markdown.inline import Bit, make_runs, parse_tag
from lessons.markdown.outline import SourceSpan
from lessons.markdown.prose import Delivery, make_utterances
from lessons.model import (
    Code,
    Finding,
    Formula,
    ItemList,
    ListItem,
    Picture,
    Severity,
    Slide,
    Table,
    Utterance,
    Visual,
)
from lessons.speakable import Lexicon, LexiconEntry, Reader

SILENT_MS = 4000
"""How long a silent slide is shown, unless the script sets a time."""

_MARP_PICTURE = re.compile(
    r"(?:^|(?<=\s))(?:bg|left|right|fit|cover|contain|auto|vertical|(?:left|right):\d+%|\d+%"
    r"|(?:w|h|width|height):\S+|(?:blur|brightness|contrast|drop-shadow|grayscale|hue-rotate"
    r"|invert|opacity|saturate|sepia)(?::\S+)?)(?=\s|$)"
)


@dataclass(slots=True)
class LessonContext:
    """What the builders of all slides of a lesson share.

    While the lesson is read, `findings` and `entries` grow. `entries` are the lexicon entries that
    were used, by the start of their tokens.
    """

    path: str
    root: Path
    line_starts: list[int]
    pauses: Pauses
    lexicon: Lexicon
    voice_map: VoiceMap
    findings: list[Finding] = field(default_factory=list)
    readers: dict[tuple[str, str | None], Reader] = field(default_factory=dict)
    entries: dict[int, LexiconEntry] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return (self.root / self.path).parent

    def find_line(self, offset: int) -> int:
        return find_line(self.line_starts, offset)

    def get_reader(self, language: str | None, voice: str | None = None) -> Reader:
        """The reader for a language (None: that of the lesson) and a voice that a note names."""
        name = language or self.voice_map.language
        key = (name, voice)
        if key not in self.readers:
            self.readers[key] = Reader(name, self.lexicon, self.voice_map.voice_id(name, voice))
        return self.readers[key]


@dataclass(slots=True)
class SlideBuilder:
    """Collects what a slide shows and says.

    `start` is the offset of the slide in the file. `said` tells whether anything has been said
    since the current reveal step began.
    """

    context: LessonContext
    number: int
    start: int
    title: str = ""
    visuals: list[Visual] = field(default_factory=list)
    utterances: list[Utterance] = field(default_factory=list)
    step: int = 0
    said: bool = False
    skipped: bool = False
    silent: bool = False
    hold_ms: int = SILENT_MS

    @property
    def empty(self) -> bool:
        return not self.visuals and not self.utterances

    def add_finding(
        self, rule: str, message: str, remedy: str, at: int, severity: Severity = "warning"
    ) -> None:
        place = Place(self.context.path, self.context.find_line(at), self.number)
        self.context.findings.append(Finding(rule, severity, Problem(message, remedy, place)))

    def next_step(self) -> None:
        """Begin a new reveal step if anything has been said in the current one."""
        if self.said:
            self.step += 1
            self.said = False

    def say(
        self,
        bits: Sequence[Bit],
        *,
        voice: str | None = None,
        rate: float = 1.0,
        language: str | None = None,
    ) -> None:
        def get_reader(other: str | None) -> Reader:
            if other is None:
                return self.context.get_reader(language, voice)
            return self.context.get_reader(other)

        uttered = make_utterances(
            bits,
            Delivery(self.step, voice, rate, language),
            pauses=self.context.pauses,
            get_reader=get_reader,
            find_line=self.context.find_line,
            add_finding=partial(self.add_finding, severity="error"),
            entries=self.context.entries,
        )
        if uttered.lead_ms and self.utterances:
            last = self.utterances[-1]
            self.utterances[-1] = replace(last, pause_ms=max(last.pause_ms, uttered.lead_ms))
        elif uttered.lead_ms:
            self.add_finding(
                "ssml-break",
                "This break is ignored, because nothing is said before it on its slide.",
                "Put it after a sentence.",
                bits[0].start,
            )
        self.utterances.extend(uttered.utterances)
        self.said = self.said or bool(uttered.utterances)

    def say_note(self, directive: Directive) -> None:
        """Speak the Markdown of a note."""
        if directive.problem:
            self.add_finding(
                "directive",
                f"In this note, {directive.problem}; that part is ignored.",
                "Write it like say(voice=name, pace=slow): …",
                directive.at,
            )
        text = directive.text
        for block in read_blocks(SourceSpan(text.text, text.start), notes=True):
            if block.bits:
                self.say(
                    block.bits,
                    voice=directive.voice,
                    rate=directive.rate,
                    language=directive.language,
                )

    def obey(self, directive: Directive) -> None:
        """Carry out a directive that is not a note."""
        match directive.kind:
            case "pause" if self.utterances:
                last = self.utterances[-1]
                pause = max(directive.ms or 0, 1)
                self.utterances[-1] = replace(last, pause_ms=pause)
            case "pause":
                self.add_finding(
                    "directive",
                    "This pause is ignored, because nothing is said before it on its slide.",
                    "Put it after a sentence.",
                    directive.at,
                )
            case "hold" | "silent":
                self.silent = self.silent or directive.kind == "silent"
                self.hold_ms = directive.ms or self.hold_ms
            case "skip":
                self.skipped = True
            case "bad":
                self.add_finding(
                    "directive",
                    f"This directive is not understood: {directive.problem}.",
                    "Write durations like 2s or 500ms.",
                    directive.at,
                )
            case _:
                pass

    def show_pictures(self, bits: Sequence[Bit], step: int) -> None:
        for bit in bits:
            name, alt, title = bit.target, bit.text, bit.title
            if bit.kind == "html" and bit.text[:4].lower() == "<img":
                tag = parse_tag(bit.text)
                values = tag.attributes if tag else {}
                name, alt = values.get("src", ""), values.get("alt", "")
                title = values.get("title", "")
            elif bit.kind != "picture":
                continue
            line = self.context.find_line(bit.start)
            place = Place(self.context.path, line, self.number)
            path = media.picture(self.context.root, name, place, beside=self.context.folder)
            alt = " ".join(_MARP_PICTURE.sub(" ", alt).split())
            self.visuals.append(Picture(path, alt, title, step, line))

    def show_block(self, block: Block, step: int) -> None:
        """Show code, a table or a display formula."""
        match block.kind:
            case "code":
                self.visuals.append(Code(block.text, block.language, step))
            case "formula":
                self.visuals.append(Formula(block.text, step))
            case "table":
                self.visuals.append(
                    Table(
                        tuple(make_runs(cell) for cell in block.header),
                        tuple(tuple(make_runs(cell) for cell in row) for row in block.rows),
                        block.align,
                        step,
                    )
                )
                for row in (block.header, *block.rows):
                    for cell in row:
                        self.show_pictures(cell, step)
            case _:
                pass

    def show_item(self, block: Block, step: int) -> None:
        """Add an item to the list at the end of the slide, or begin a list."""
        content = make_runs(block.bits)
        if content:
            item = ListItem(content, block.level, step, block.number)
            last = self.visuals[-1] if self.visuals else None
            if isinstance(last, ItemList) and (block.level > 0 or _continues(last, item)):
                self.visuals[-1] = ItemList((*last.items, item))
            else:
                self.visuals.append(ItemList((item,)))
        self.show_pictures(block.bits, step)

    def build(self) -> Slide:
        steps = [getattr(visual, "step", 0) for visual in self.visuals]
        steps += [item.step for v in self.visuals if isinstance(v, ItemList) for item in v.items]
        steps += [utterance.step for utterance in self.utterances]
        return Slide(
            number=self.number,
            title=self.title,
            visuals=tuple(self.visuals),
            utterances=() if self.silent else tuple(self.utterances),
            line=self.context.find_line(self.start),
            steps=max(steps, default=0) + 1,
            hold_ms=self.hold_ms,
        )


def _continues(last: ItemList, item: ListItem) -> bool:
    """Whether a new list continues the last one: both have bullets, or the numbers go on."""
    top = [i for i in last.items if i.level == 0]
    if not top:
        return True
    number = top[-1].number
    if item.number is None or number is None:
        return item.number is None and number is None
    return item.number == number + 1
