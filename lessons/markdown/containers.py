"""The boxes and columns that are open while a slide is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lessons.box_kinds import BOX_KINDS, BoxKind, find_kind
from lessons.course.settings import BoxManner
from lessons.markdown.blocks import Block
from lessons.markdown.inline import make_runs
from lessons.markdown.markers import OPENING
from lessons.model import Box, Columns, Inline, ItemList, ListItem, Run, Visual

DEEPEST = 12
"""How many boxes and columns may be open; what is deeper is shown in the innermost of them."""


@dataclass(slots=True)
class GrowingList:
    """A list that is being read. It is made an `ItemList` once, since a copy for each item would
    take time in proportion to the square of their number."""

    items: list[ListItem] = field(default_factory=list)
    top: ListItem | None = None  # the last item of the first level
    more: list[Run] = field(default_factory=list)  # what further paragraphs add to the last item

    def add(self, item: ListItem) -> None:
        self._finish_item()
        self.items.append(item)
        if item.level == 0:
            self.top = item

    def continue_item(self, content: Inline) -> None:
        """Add a further paragraph to the last item."""
        self.more += (Run(" "), *content)

    def finish(self) -> ItemList:
        self._finish_item()
        return ItemList(tuple(self.items))

    def _finish_item(self) -> None:
        if self.more:
            last = self.items[-1]
            self.items[-1] = replace(last, content=(*last.content, *self.more))
            self.more = []


Growing = Visual | GrowingList


def _finish_lists(content: Iterable[Growing]) -> tuple[Visual, ...]:
    return tuple(v.finish() if isinstance(v, GrowingList) else v for v in content)


@dataclass(slots=True)
class Content:
    """What one of them shows, and for each visual the number of the utterance with which what
    introduces it begins."""

    visuals: list[Growing] = field(default_factory=list)
    anchors: list[int] = field(default_factory=list)

    def add(self, visual: Growing, anchor: int) -> None:
        self.visuals.append(visual)
        self.anchors.append(anchor)

    def extend(self, other: Content) -> None:
        self.visuals += other.visuals
        self.anchors += other.anchors


@dataclass(slots=True)
class _Open:
    """One that is open. Columns collect in `parts`; `content` is their last one. `said` utterances
    had been said before it, and `paragraph` is the first of the last paragraph of them."""

    name: str
    content: Content = field(default_factory=Content)
    kind: str = ""
    manner: BoxKind = BOX_KINDS["plain"]
    title: Inline = ()
    step: int = 0
    parts: list[tuple[Content, float]] = field(default_factory=list)
    said: int = 0
    paragraph: int = 0


@dataclass(slots=True)
class Containers:
    """What a slide shows: a list of visuals, and those that are still open, the innermost last.

    `said` is the number of utterances so far, and `paragraph` that of the first (from 0) of the
    paragraph that was said last.
    """

    root: Content = field(default_factory=Content)
    stack: list[_Open] = field(default_factory=list)
    ignored: int = 0  # openings that were too deep, whose ends are still to come
    said: int = 0
    paragraph: int = 0

    @property
    def innermost(self) -> Content:
        return self.stack[-1].content if self.stack else self.root

    @property
    def empty(self) -> bool:
        return not self.root.visuals and not any(
            x.content.visuals or x.parts or x.name == "box" for x in self.stack
        )

    @property
    def inside(self) -> bool:
        """Whether a box or column is open, in which a heading does not begin a slide."""
        return bool(self.stack)

    @property
    def read(self) -> bool:
        """Whether what is open is spoken in a script."""
        return all(x.name != "unread" and x.manner.read for x in self.stack)

    @property
    def hidden(self) -> bool:
        """Whether what is open is left out of the slide."""
        return any(not x.manner.shown for x in self.stack)

    @property
    def revealing(self) -> bool:
        """Whether the items of a list appear one by one because a marker says so."""
        return any(x.name == "steps" for x in self.stack)

    def count(self, said: int, *, begins: bool) -> None:
        """Know how many utterances there are now, and whether the new ones begin a paragraph."""
        if begins and said > self.said:
            self.paragraph = self.said
        self.said = said

    def add(self, visual: Growing, *, spoken: bool) -> None:
        """Show something. If it is `spoken`, it belongs to what is said next; otherwise the
        paragraph before it introduces it."""
        self.innermost.add(visual, self.said if spoken else self.paragraph)

    def open(self, block: Block, step: int, manners: Mapping[str, BoxManner]) -> None:
        """Obey a marker that opens or closes something; others change nothing."""
        marker = block.marker
        assert marker is not None
        if marker.name == "end":
            if self.ignored:
                self.ignored -= 1
            elif self.stack:
                self._close()
        elif marker.name == "column":
            self._begin_column(marker.words)
        elif marker.name in OPENING:
            if len(self.stack) >= DEEPEST:
                self.ignored += 1
                return
            opened = _Open(marker.name, step=step, said=self.said, paragraph=self.paragraph)
            if marker.name == "box":
                opened.kind = find_kind(marker.words[0] if marker.words else "")
                opened.manner = find_manner(opened.kind, manners)
                opened.title = make_runs(block.bits)
            self.stack.append(opened)

    def finish(self) -> tuple[tuple[Visual, ...], tuple[int, ...]]:
        """Close everything, and return what the slide shows and the anchors of it."""
        while self.stack:
            self._close()
        return _finish_lists(self.root.visuals), tuple(self.root.anchors)

    def _begin_column(self, words: tuple[str, ...]) -> None:
        """Begin a column, in columns that are opened if there are none."""
        if not self.stack or self.stack[-1].name != "columns":
            if any(x.name == "columns" for x in self.stack):
                while self.stack[-1].name != "columns":
                    self._close()
            else:
                self.stack.append(_Open("columns", said=self.said, paragraph=self.paragraph))
        width = float(words[0]) if words and words[0].replace(".", "", 1).isdecimal() else 0.0
        columns = self.stack[-1]
        columns.content = Content()
        columns.parts.append((columns.content, width))

    def _close(self) -> None:
        done = self.stack.pop()
        into = self.innermost
        match done.name:
            case "box":
                if done.manner.shown:
                    label = done.manner.choose_label("".join(run.text for run in done.title))
                    content = _finish_lists(done.content.visuals)
                    anchor = done.said if self.said > done.said else done.paragraph
                    into.add(Box(done.kind, label, done.title, content, done.step), anchor)
            case "columns":
                parts = [(part, width) for part, width in done.parts if part.visuals]
                if len(parts) < 2:
                    if not done.parts or done.content is not done.parts[-1][0]:
                        into.extend(done.content)
                    for part, _ in parts:
                        into.extend(part)
                else:
                    widths = _share_widths([width for _, width in parts])
                    contents = tuple(_finish_lists(part.visuals) for part, _ in parts)
                    into.add(Columns(contents, widths, done.step), parts[0][0].anchors[0])
            case _:
                into.extend(done.content)


def find_manner(kind: str, manners: Mapping[str, BoxManner]) -> BoxKind:
    """How boxes of a kind are shown and read: as the settings say, else as usual."""
    usual, chosen = BOX_KINDS[kind], manners.get(kind)
    return usual if chosen is None else chosen.apply(usual)


def _share_widths(widths: list[float]) -> tuple[float, ...]:
    """Shares that add up to 1; columns without a width share what is left."""
    known = sum(widths)
    unknown = sum(not width for width in widths)
    if unknown:
        rest = max(100 - known, 100 * unknown / (2 * len(widths)))
        widths = [width or rest / unknown for width in widths]
    total = sum(widths)
    return tuple(round(width / total, 4) for width in widths)
