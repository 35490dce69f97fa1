"""Reads a lesson that is written as a deck: markers separate slides, and notes are spoken.

If no slide of a deck has notes, its slides are read instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lessons.directives.comments import Directive, split_clicks
from lessons.markdown.blocks import Block
from lessons.markdown.box_reading import say_box
from lessons.markdown.containers import GrowingList
from lessons.markdown.inline import Bit, make_plain_text, make_runs
from lessons.markdown.line_ends import is_written_by_line
from lessons.markdown.markers import OPENING
from lessons.markdown.shown_parts import split_formulas, split_lines
from lessons.markdown.slide_builder import LessonContext, SlideBuilder
from lessons.model import Formula, Paragraph, Quote, Run

_MOST_JOINED = 2
"""How many broken lines of an item are shown as one."""


@dataclass(frozen=True, slots=True)
class DeckNotes:
    """What is spoken in a deck. `comments` says that comments are; otherwise only `say` comments
    and notes markers are. With `last_comment_only`, only the last comment of a slide is."""

    comments: bool = True
    last_comment_only: bool = False


@dataclass(slots=True)
class _Page:
    start: int
    title: tuple[Bit, ...] = ()
    hidden: bool = False
    named: bool = False  # whether the title is only for a page without a heading
    marked: bool = False  # whether a marker begins it, with a title
    blocks: list[Block] = field(default_factory=list)
    directives: list[Directive] = field(default_factory=list)


def read_deck(
    blocks: Sequence[Block],
    directives: Sequence[Directive],
    context: LessonContext,
    notes: DeckNotes,
) -> list[SlideBuilder]:
    """The slides in order."""
    pages = [page for page in _split_pages(blocks, directives) if not page.hidden]
    pages = [page for page in pages if not _is_empty(page, notes)]
    said = [note.text.text for page in pages for note in _find_notes(page, notes)]
    spoken = bool(said)
    context.by_line = is_written_by_line(said)
    builders: list[SlideBuilder] = []
    for page in pages:
        builder = SlideBuilder(context, len(builders) + 1, _find_start(page, context))
        _read_page(builder, page, notes, aloud=not spoken)
        if not builder.skipped:
            builders.append(builder)
    if not spoken and any(builder.utterances for builder in builders):
        builders[0].add_finding(
            "deck-unspoken",
            "This deck has no speaker notes, so what its slides show is read.",
            "Write what should be said as speaker notes, such as <!-- say: … -->.",
            builders[0].start,
        )
    return builders


def _is_empty(page: _Page, notes: DeckNotes) -> bool:
    return not (
        page.title
        or any(_shows_something(block) for block in page.blocks)
        or _find_orders(page)
        or _find_notes(page, notes)
    )


def _shows_something(block: Block) -> bool:
    return block.marker is None or block.marker.name in ("box", "placeholder")


def _find_start(page: _Page, context: LessonContext) -> int:
    """Where a slide begins: with its title, or with what is its own. What a layout puts on every
    slide is not."""
    starts = [d.at for d in page.directives]
    unread = 0
    for block in page.blocks:
        name = block.marker.name if block.marker is not None else ""
        if unread or name == "unread":
            unread += (name in OPENING) - (name == "end")
        elif _shows_something(block):
            starts.append(block.start)
    if page.title or not starts:
        return page.start
    return min(starts, key=context.source.find_offset)


def _split_pages(blocks: Sequence[Block], directives: Sequence[Directive]) -> list[_Page]:
    pages = [_Page(0)]
    for block in blocks:
        if block.marker is not None and block.marker.name == "slide":
            words = block.marker.words
            pages.append(_Page(block.start, block.bits, "hidden" in words, "named" in words))
        elif block.kind != "rule":
            pages[-1].blocks.append(block)
    position = 0
    for directive in directives:
        while position + 1 < len(pages) and pages[position + 1].start <= directive.at:
            position += 1
        pages[position].directives.append(directive)
    return pages


def _find_orders(page: _Page) -> list[Directive]:
    return [d for d in page.directives if d.kind not in ("say", "note", "nothing")]


def _find_notes(page: _Page, notes: DeckNotes) -> list[Directive]:
    found = [d for d in page.directives if d.kind in ("say", "note")]
    if not notes.comments:
        found = [d for d in found if d.kind == "say" or d.marked]
    elif notes.last_comment_only:
        written = max((block.end for block in page.blocks), default=-1)
        found = [d for d in found[-1:] if d.at >= written - 1 or d.kind == "say" or d.marked]
    return [note for note in found if note.text.text.strip()]


def _read_page(builder: SlideBuilder, page: _Page, habits: DeckNotes, *, aloud: bool) -> None:
    notes = [part for note in _find_notes(page, habits) for part in split_clicks(note)]
    note_steps, steps = _compute_reveal_steps(notes, page.blocks)
    titles = (make_plain_text(page.title), _find_title(page.blocks))
    builder.title = titles[page.named] or titles[not page.named]
    current = 0  # the step of what follows the last `step` marker
    for block in page.blocks:
        if block.marker is not None and block.marker.name == "step":
            current = steps.get(block.start, current)
            continue
        step = max(steps.get(block.start, 0), current)
        _show_block(builder, block, step)
        if aloud:
            _say_block(builder, block)
    if aloud and builder.title:
        _say_title_first(builder)
    _speak(builder, page, notes, note_steps)


def _find_title(blocks: Sequence[Block]) -> str:
    """The first heading of a slide; one in a box only if there is no other."""
    boxed = ""
    depth: list[str] = []
    for block in blocks:
        name = block.marker.name if block.marker is not None else ""
        if name in OPENING:
            depth.append(name)
        elif name == "end":
            depth = depth[:-1]
        elif block.kind == "heading" and (title := make_plain_text(block.bits)):
            if "box" not in depth:
                return title
            boxed = boxed or title
    return boxed


def _show_block(builder: SlideBuilder, block: Block, step: int) -> None:
    match block.kind:
        case "heading":
            title = make_plain_text(block.bits)
            if (content := make_runs(block.bits)) and title != builder.title:
                builder.show(Paragraph(_make_bold(content), step))
            builder.show_pictures(block.bits, step)
        case "paragraph":
            for line in split_lines(block.bits):
                _show_parts(builder, line, step)
            builder.show_pictures(block.bits, step)
        case "quote":
            if content := make_runs(block.bits):
                builder.show(Quote(content, step))
            builder.show_pictures(block.bits, step)
        case "item":
            _show_item(builder, block, step)
        case _:
            builder.show_block(block, step)


def _show_parts(builder: SlideBuilder, bits: Sequence[Bit] | str, step: int) -> None:
    """Show text, with its display formulas apart. A string is the LaTeX of one."""
    for part in [bits] if isinstance(bits, str) else split_formulas(bits):
        if isinstance(part, str):
            builder.show(Formula(part, step))
        elif content := make_runs(part):
            builder.show(Paragraph(content, step))


def _show_item(builder: SlideBuilder, block: Block, step: int) -> None:
    lines = split_lines(block.bits)
    if len(lines) > _MOST_JOINED:  # an item has no line ends, so that a list in it would run on
        _show_item(builder, replace(block, bits=lines[0]), step)
        for line in lines[1:]:
            _show_parts(builder, line, step)
            builder.show_pictures(line, step)
        return
    first, *rest = split_formulas(block.bits)
    if not block.continued and not isinstance(first, str):
        builder.show_item(replace(block, bits=first) if rest else block, step)
    elif rest or isinstance(first, str):
        rest.insert(0, first)
    for part in rest:
        _show_parts(builder, part, step)
        if not isinstance(part, str):
            builder.show_pictures(part, step)
    if rest or not block.continued:
        return
    last = builder.visuals[-1] if builder.visuals else None
    more = make_runs(block.bits)
    if isinstance(last, GrowingList) and more:
        last.continue_item(more)
    elif more:  # code or a table that is in the item stands before it
        builder.show(Paragraph(more, step))
    builder.show_pictures(block.bits, step)


def _make_bold(content: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(
        run if run.style in ("code", "formula") else Run(run.text, "strong") for run in content
    )


def _say_block(builder: SlideBuilder, block: Block) -> None:
    """Read what the slide shows, except its title."""
    if block.marker is not None:
        say_box(builder, block)
    elif block.kind == "heading" and make_plain_text(block.bits) == builder.title:
        return
    elif block.bits and builder.shown.read:
        builder.say(block.bits)
    elif block.kind == "formula" and builder.shown.read:
        builder.say([Bit("formula", block.text, block.start, block.end)])


def _say_title_first(builder: SlideBuilder) -> None:
    """Say the slide's title before what is read from it."""
    rest, builder.utterances = builder.utterances, []
    at = builder.start
    builder.say([Bit("text", builder.title, at, at + 1)])
    builder.utterances += rest


def _speak(
    builder: SlideBuilder, page: _Page, notes: Sequence[Directive], steps: Sequence[int]
) -> None:
    """Speak the notes in the order of their steps, and obey the orders."""
    orders = _find_orders(page)
    for order in orders:
        if order.kind != "pause":
            builder.obey(order)
    for note, step in sorted(zip(notes, steps, strict=True), key=lambda pair: pair[1]):
        builder.step = step
        builder.say_note(note)
        following = min((n.at for n in notes if n.at > note.at), default=None)
        for order in orders:
            after = note.at < order.at and (following is None or order.at < following)
            if order.kind == "pause" and after:
                builder.obey(order)


def _find_revealed(blocks: Sequence[Block]) -> tuple[list[Block], bool]:
    """The blocks that appear one by one, and whether they are marked so: what follows a `step`
    marker, the lists between `steps` markers, the fragment lists of Marp (`*`, `1)`)."""
    steps = [b for b in blocks if b.marker is not None and b.marker.name == "step"]
    items: list[Block] = []
    fragments: list[Block] = []
    depth: list[str] = []
    for block in blocks:
        if block.marker is not None and block.marker.name == "end":
            depth = depth[:-1]
        elif block.marker is not None and block.marker.name in ("box", "columns", "steps"):
            depth.append(block.marker.name)
        elif block.kind == "item" and not block.continued:
            items.append(block)
            if block.fragment or "steps" in depth:
                fragments.append(block)
    if steps or fragments:
        return sorted([*steps, *fragments], key=lambda b: b.start), True
    return [item for item in items if item.level == 0], False


def _compute_reveal_steps(
    notes: Sequence[Directive], blocks: Sequence[Block]
) -> tuple[list[int], dict[int, int]]:
    """The reveal step of each note, and of each block that appears later by its offset.

    A single note shows everything at once. Several notes reveal what appears one by one:
    - where there are notes between them, each appears with the first note after it;
    - where there are as many notes as there are of them (or fewer), each note reveals one;
    - where there are more, the first note opens the slide and each further one reveals one.

    Without marked ones, the items of the first level are revealed together with their sub-items.
    """
    revealed, marked = _find_revealed(blocks)
    if len(notes) < 2 or not revealed:
        return [0] * len(notes), {}
    explicit = any(note.reveal is not None for note in notes)
    first, last = notes[0].at, notes[-1].at
    wanted: list[int]  # the step for each that is revealed, as the notes count steps
    if explicit:
        said = [note.reveal if note.reveal is not None else n for n, note in enumerate(notes)]
        wanted = list(range(1, len(revealed) + 1))
    elif any(first < item.start < last for item in revealed):
        said = list(range(len(notes)))
        wanted = [
            next((n for n, note in enumerate(notes) if note.at > item.start), len(notes) - 1)
            for item in revealed
        ]
    else:
        said = list(range(len(notes)))
        lead = 1 if len(notes) > len(revealed) else 0
        wanted = [position + lead for position in range(len(revealed))]
    used = sorted(set(said))
    note_steps = [used.index(step) for step in said]
    steps = {
        item.start: next((n for n, step in enumerate(used) if step >= want), len(used) - 1)
        for item, want in zip(revealed, wanted, strict=True)
    }
    if not marked:
        current = 0
        for block in blocks:
            if block.kind == "item" and not block.continued:
                current = steps.get(block.start, current)
                steps[block.start] = current
    return note_steps, steps
