"""A slide while it is being read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from foundation.problem import Problem
from lessons.course.media import MediaFolders
from lessons.course.settings import BoxManner, Pauses
from lessons.course.speakers import NOBODY, Speakers
from lessons.course.voice_map import VoiceMap
from lessons.directives.comments import Directive
from lessons.markdown.blocks import Block, read_blocks
from lessons.markdown.containers import Containers, Growing, GrowingList
from lessons.markdown.diagrams import find_diagram_kind, read_diagram
from lessons.markdown.inline import Bit, make_plain_text, make_runs
from lessons.markdown.key_phrases import choose_key_phrases
from lessons.markdown.line_ends import break_lines
from lessons.markdown.markers import OPENING
from lessons.markdown.outline import SourceSpan
from lessons.markdown.pictures import find_pictures
from lessons.markdown.prose import Delivery, make_utterances
from lessons.markdown.source import Source
from lessons.markdown.turns import Turn, split_turns
from lessons.model import (
    Code,
    Finding,
    Formula,
    Inline,
    ItemList,
    ListItem,
    Placeholder,
    Severity,
    Slide,
    Table,
    Token,
    Utterance,
    walk_visuals,
)
from lessons.speakable import Lexicon, LexiconEntry, Reader

ONCE = frozenset({"tag-manner"})
"""Rules of which a lesson has one finding, since it may have hundreds of such signs."""

SILENT_MS = 4000
"""How long a silent slide is shown, unless the script sets a time."""


@dataclass(slots=True)
class LessonContext:
    """What the builders of all slides of a lesson share.

    Offsets are those of `source`, the rewritten text. `shown_prose` are the paragraphs of a script
    that are shown as well as spoken. `key_phrases` says that slides with nothing else show some.
    While the lesson is read, `findings` and
    `entries` grow. `entries` are the lexicon entries that were used, by the start of their tokens.
    """

    source: Source
    folders: MediaFolders
    pauses: Pauses
    lexicon: Lexicon
    voice_map: VoiceMap
    speakers: Speakers = NOBODY
    boxes: Mapping[str, BoxManner] = field(default_factory=dict)
    shown_prose: frozenset[int] = frozenset()
    by_line: bool = False
    key_phrases: bool = True
    findings: list[Finding] = field(default_factory=list)
    readers: dict[tuple[str, str | None], Reader] = field(default_factory=dict)
    entries: dict[int, LexiconEntry] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return self.source.file.path

    def find_line(self, offset: int) -> int:
        return self.source.find_line(offset)

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

    `start` is the offset of the slide in the text. `said` tells whether anything has been said
    since the current reveal step began. `paragraphs` are those that key phrases may be chosen from,
    each with the number of its first utterance.
    """

    context: LessonContext
    number: int
    start: int
    title: str = ""
    shown: Containers = field(default_factory=Containers)
    utterances: list[Utterance] = field(default_factory=list)
    step: int = 0
    said: bool = False
    skipped: bool = False
    silent: bool = False
    hold_ms: int = SILENT_MS
    paragraphs: list[tuple[Inline, int]] = field(default_factory=list)
    announced: Turn | None = None  # a label that stands alone: it names who says what follows

    @property
    def visuals(self) -> list[Growing]:
        """What is shown so far in the innermost box or column that is open."""
        return self.shown.innermost.visuals

    @property
    def empty(self) -> bool:
        return self.shown.empty and not self.utterances

    def add_finding(
        self, rule: str, message: str, remedy: str, at: int, severity: Severity = "warning"
    ) -> None:
        if rule in ONCE and any(finding.rule == rule for finding in self.context.findings):
            return
        place = replace(self.context.source.find_place(at), slide=self.number)
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
        """Speak a paragraph. `voice` is a speaker or a voice; a label in the text is stronger."""
        delivery = Delivery(self.step, voice, rate, language)
        named = self.context.speakers.find(voice) if voice else None
        if named is not None:
            delivery = delivery.by(named)
        for turn in split_turns(bits, self.context.speakers):
            speaker = turn.speaker
            if self.announced is not None and speaker is None and not turn.empty:
                speaker, self.announced = self.announced.speaker, None
            if speaker is not None and turn.empty:
                self._find_unused_label()
                self.announced = turn
            elif speaker is not None:
                self._find_unused_label()
                self._say_turn(turn.bits, delivery.by(speaker))
            else:
                self._say_turn(turn.bits, delivery)

    def _find_unused_label(self) -> None:
        """Tell of a label after which nothing is said."""
        turn, self.announced = self.announced, None
        if turn is not None and turn.speaker is not None:
            self.add_finding(
                "speaker-label",
                f"Nothing is said after the label {turn.speaker.name + ':'!r}.",
                "Write the words after it, or delete it.",
                turn.label,
            )

    def _say_turn(self, bits: Sequence[Bit], delivery: Delivery) -> None:
        def get_reader(other: str | None) -> Reader:
            if other is None:
                return self.context.get_reader(delivery.language, delivery.voice)
            return self.context.get_reader(other)

        uttered = make_utterances(
            bits,
            delivery,
            pauses=self.context.pauses,
            get_reader=get_reader,
            find_line=self.context.find_line,
            add_finding=partial(self.add_finding, severity="error"),
            entries=self.context.entries,
            speakers=self.context.speakers,
        )
        if uttered.lead_ms and self.utterances:
            last = self.utterances[-1]
            self.utterances[-1] = replace(last, pause_ms=max(last.pause_ms, uttered.lead_ms))
        elif uttered.lead_ms and any(bit.kind == "html" for bit in bits):
            self.add_finding(
                "ssml-break",
                "This break is ignored, because nothing is said before it on its slide.",
                "Put it after a sentence.",
                bits[0].start,
            )
        self.shown.count(
            len(self.utterances) + len(uttered.utterances),
            begins=not self.utterances or self.utterances[-1].ends_paragraph,
        )
        self.utterances.extend(map(self._place_in_file, uttered.utterances))
        self.said = self.said or bool(uttered.utterances)

    def say_note(self, directive: Directive) -> None:
        """Speak the Markdown of a note. Code and tables of speaker notes are shown."""
        if directive.problem:
            self.add_finding(
                "directive",
                f"In this note, {directive.problem}; that part is ignored.",
                "Write it like say(voice=name, pace=slow): …",
                directive.at,
            )
        text = directive.text
        unread: list[bool] = []  # of what is open in the note, whether it is not spoken
        for block in read_blocks(SourceSpan(text.text, text.start), notes=True):
            if block.marker is not None and block.marker.name in OPENING:
                unread.append(block.marker.name == "unread")
            elif block.marker is not None and block.marker.name == "end":
                unread = unread[:-1]
            if block.bits and not any(unread):
                bits = break_lines(block.bits) if self.context.by_line else block.bits
                self.say(
                    bits,
                    voice=directive.voice,
                    rate=directive.rate,
                    language=directive.language,
                )
            elif directive.marked and block.kind in ("code", "table"):
                self.show_block(block, self.step)  # the notes explain what cannot be spoken

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

    def _place_in_file(self, utterance: Utterance) -> Utterance:
        """The utterance with the offsets of its words in the lesson's own file."""
        source = self.context.source
        if source.is_file:
            return utterance
        tokens = tuple(self._place_token(token) for token in utterance.tokens)
        return replace(utterance, tokens=tokens)

    def _place_token(self, token: Token) -> Token:
        """A word may be made of parts from several places, so its end may stand before its
        start."""
        start = self.context.source.find_offset(token.start)
        end = max(start, self.context.source.find_end(token.end))
        return Token(
            token.written, token.spoken, start, end, token.phones, token.rate, token.emphasis,
            token.language,
        )  # fmt: skip

    def pause_before(self, ms: int) -> None:
        """Be silent for at least so long before what is said next."""
        if ms and self.utterances:
            last = self.utterances[-1]
            self.utterances[-1] = replace(last, pause_ms=max(last.pause_ms, ms))

    def show(self, visual: Growing, *, spoken: bool = False) -> None:
        """Show something in what is open. It is `spoken` if it is read out itself, from what is
        said next."""
        self.shown.add(visual, spoken=spoken)

    def show_pictures(self, bits: Sequence[Bit], step: int, *, spoken: bool = False) -> None:
        """Show the pictures in a text. If the text is `spoken`, those behind its first words belong
        to it, and those before them to what was said before."""
        for picture in find_pictures(bits, step, self.context, self.number):
            self.show(picture.visual, spoken=spoken and picture.begun)

    def show_block(self, block: Block, step: int) -> None:
        """Show code, a table, a display formula, or what a marker stands for."""
        match block.kind:
            case "marker" if block.marker is not None and block.marker.name == "placeholder":
                what = " ".join(block.marker.words).replace("-", " ")
                name = make_plain_text(block.bits)
                line = self.context.find_line(block.start)
                self.show(Placeholder(what or "Embedded content", name, "", step, line))
            case "marker":
                self.shown.open(block, step, self.context.boxes)
            case "code":
                kind = find_diagram_kind(block.language)
                line = self.context.find_line(block.start)
                self.show(
                    read_diagram(block.text, kind, step, line)
                    if kind
                    else Code(block.text, block.language, step, block.marked, block.first)
                )
            case "formula":
                self.show(Formula(block.text, step))
            case "table":
                self.show(
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
            if not isinstance(last, GrowingList) or not (block.level > 0 or _continues(last, item)):
                last = GrowingList()
                self.show(last, spoken=self.shown.read)
            last.add(item)
        self.show_pictures(block.bits, step, spoken=self.shown.read)

    def build(self, *, anchored: bool = False) -> Slide:
        """The slide. It is `anchored` if its text tells what each part of it belongs to."""
        self._find_unused_label()
        visuals, anchors = self.shown.finish()
        steps = [getattr(visual, "step", 0) for visual in walk_visuals(visuals)]
        steps += [
            item.step for v in walk_visuals(visuals) if isinstance(v, ItemList) for item in v.items
        ]
        steps += [utterance.step for utterance in self.utterances]
        utterances = () if self.silent else tuple(self.utterances)
        if anchored and utterances and not visuals and self.context.key_phrases:
            return self._build_with_key_phrases()
        last = len(utterances) - 1
        return Slide(
            number=self.number,
            title=self.title,
            visuals=visuals,
            utterances=utterances,
            line=self.context.find_line(self.start),
            steps=max(steps, default=0) + 1,
            hold_ms=self.hold_ms,
            anchors=tuple(min(at, last) for at in anchors) if anchored and utterances else (),
        )

    def _build_with_key_phrases(self) -> Slide:
        """The slide with key phrases, each of which appears when its paragraph is spoken."""
        texts = [content for content, _ in self.paragraphs]
        language = self.context.voice_map.language
        phrases = choose_key_phrases(texts, self.title, language)
        begins = [self.paragraphs[phrase.paragraph][1] for phrase in phrases]
        later = sorted({begin for begin in begins if begin > 0})
        utterances = tuple(
            replace(utterance, step=bisect_right(later, number))
            for number, utterance in enumerate(self.utterances)
        )
        items = [
            ListItem(phrase.content, 0, bisect_right(later, begin))
            for phrase, begin in zip(phrases, begins, strict=True)
        ]
        return Slide(
            number=self.number,
            title=self.title,
            visuals=(ItemList(tuple(items), chosen=True),) if items else (),
            utterances=utterances,
            line=self.context.find_line(self.start),
            steps=len(later) + 1,
            hold_ms=self.hold_ms,
            anchors=tuple(begins[:1]),
        )


def _continues(last: GrowingList, item: ListItem) -> bool:
    """Whether a new list continues the last one: both have bullets, or the numbers go on."""
    if last.top is None:
        return True
    number = last.top.number
    if item.number is None or number is None:
        return item.number is None and number is None
    return item.number == number + 1
