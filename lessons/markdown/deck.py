"""Reads a lesson that is written as a deck: rules (`---`) separate slides, and notes are spoken.

Decks for Marp, Slidev, reveal.js and slideSonnet are read as those tools read them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lessons.directives.comments import Directive, split_clicks
from lessons.markdown.blocks import Block
from lessons.markdown.inline import make_plain_text, make_runs
from lessons.markdown.slide_builder import LessonContext, SlideBuilder
from lessons.model import ItemList, Paragraph, Quote, Run


@dataclass(frozen=True, slots=True)
class DeckHabits:
    """How a presentation tool reads its decks.

    `comments_are_notes` is false if the tool has its own marks for notes. With `last_note_only`,
    only the last comment of a slide is its notes (Slidev). Headings at `heading_levels` also start
    slides.
    """

    comments_are_notes: bool = True
    last_note_only: bool = False
    heading_levels: frozenset[int] = frozenset()


@dataclass(slots=True)
class _Page:
    start: int
    blocks: list[Block]
    directives: list[Directive]


def read_deck(
    blocks: Sequence[Block],
    directives: Sequence[Directive],
    context: LessonContext,
    *,
    headers: Mapping[int, Mapping[str, object]],
    habits: DeckHabits,
) -> list[SlideBuilder]:
    """The slides in order. `headers` maps the offset of a separator to the Slidev header there."""
    builders: list[SlideBuilder] = []
    for page in _split_pages(blocks, directives, habits):
        header = headers.get(page.start, {})
        orders = [d for d in page.directives if d.kind not in ("say", "note", "nothing")]
        empty = not page.blocks and not orders and not _find_notes(page, habits)
        if empty and "src" not in header:
            continue
        builder = SlideBuilder(context, len(builders) + 1, _find_start(page))
        _read_page(builder, page, habits)
        if not builder.title and isinstance(header.get("title"), str):
            builder.title = str(header["title"])
        if "src" in header:
            builder.add_finding(
                "slide-import",
                f"This slide is imported from {header['src']!r}, which is not read.",
                "Make that file a lesson of its own, or copy its slides to this file.",
                page.start,
            )
        hidden = header.get("hide") is True or header.get("disabled") is True
        if not builder.skipped and not hidden and not empty:
            builders.append(builder)
    return builders


def _find_start(page: _Page) -> int:
    starts = [block.start for block in page.blocks] + [d.at for d in page.directives]
    return min(starts, default=page.start)


def _split_pages(
    blocks: Sequence[Block], directives: Sequence[Directive], habits: DeckHabits
) -> list[_Page]:
    pages = [_Page(0, [], [])]
    for block in blocks:
        if block.kind == "rule":
            pages.append(_Page(block.start, [], []))
            continue
        if block.kind == "heading" and block.level in habits.heading_levels and pages[-1].blocks:
            pages.append(_Page(block.start, [], []))
        pages[-1].blocks.append(block)
    position = 0
    for directive in directives:
        while position + 1 < len(pages) and pages[position + 1].start <= directive.at:
            position += 1
        pages[position].directives.append(directive)
    return pages


def _find_notes(page: _Page, habits: DeckHabits) -> list[Directive]:
    notes = [d for d in page.directives if d.kind == "say" or d.kind == "note"]
    if not habits.comments_are_notes:
        marked = (d for d in notes if d.kind == "say" or d.text.start - d.at != 4)
        return [note for note in marked if note.text.text.strip()]
    if habits.last_note_only:
        written = max((block.end for block in page.blocks), default=-1)
        notes = [d for d in notes[-1:] if d.at >= written - 1 or d.kind == "say"]
    return [note for note in notes if note.text.text.strip()]


def _read_page(builder: SlideBuilder, page: _Page, habits: DeckHabits) -> None:
    notes = [part for note in _find_notes(page, habits) for part in split_clicks(note)]
    items = [block for block in page.blocks if block.kind == "item" and not block.continued]
    note_steps, item_steps = _compute_reveal_steps(notes, items)

    for block in page.blocks:
        match block.kind:
            case "heading":
                title = make_plain_text(block.bits)
                if not builder.title and title:
                    builder.title = title
                elif content := make_runs(block.bits):
                    builder.visuals.append(Paragraph(_make_bold(content)))
                builder.show_pictures(block.bits, 0)
            case "paragraph":
                if content := make_runs(block.bits):
                    builder.visuals.append(Paragraph(content))
                builder.show_pictures(block.bits, 0)
            case "quote":
                if content := make_runs(block.bits):
                    builder.visuals.append(Quote(content))
                builder.show_pictures(block.bits, 0)
            case "item":
                _show_item(builder, block, item_steps)
            case _:
                builder.show_block(block, 0)

    orders = [d for d in page.directives if d.kind not in ("say", "note", "nothing")]
    for order in orders:
        if order.kind != "pause":
            builder.obey(order)
    for note, step in sorted(zip(notes, note_steps, strict=True), key=lambda pair: pair[1]):
        builder.step = step
        builder.say_note(note)
        following = min((n.at for n in notes if n.at > note.at), default=None)
        for order in orders:
            after = note.at < order.at and (following is None or order.at < following)
            if order.kind == "pause" and after:
                builder.obey(order)


def _show_item(builder: SlideBuilder, block: Block, steps: Mapping[int, int]) -> None:
    if not block.continued:
        builder.show_item(block, steps.get(block.start, 0))
        return
    last = builder.visuals[-1] if builder.visuals else None
    if isinstance(last, ItemList) and (more := make_runs(block.bits)):
        item = last.items[-1]
        grown = replace(item, content=(*item.content, Run(" "), *more))
        builder.visuals[-1] = ItemList((*last.items[:-1], grown))
    builder.show_pictures(block.bits, 0)


def _make_bold(content: tuple[Run, ...]) -> tuple[Run, ...]:
    return tuple(
        run if run.style in ("code", "formula") else Run(run.text, "strong") for run in content
    )


def _compute_reveal_steps(
    notes: Sequence[Directive], items: Sequence[Block]
) -> tuple[list[int], dict[int, int]]:
    """The reveal step of each note, and of each list item by its offset.

    A single note shows everything at once. Several notes reveal the list:
    - where notes and items alternate, an item appears with the first note after it;
    - where there are as many notes as items (or fewer), each note reveals an item;
    - where there are more, the first note opens the slide and each further one reveals an item.

    In a fragment list of Marp (`*`, `1)`) every item is revealed; other lists are shown at once.
    Without such a list, the items of the first level are revealed together with their sub-items.
    """
    fragments = [item for item in items if item.fragment]
    revealed = fragments or [item for item in items if item.level == 0]
    if len(notes) < 2 or not revealed:
        return [0] * len(notes), {}
    explicit = any(note.reveal is not None for note in notes)
    first, last = notes[0].at, notes[-1].at
    wanted: list[int]  # the step for each revealed item, as the notes count steps
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
    if not fragments:
        current = 0
        for item in items:
            current = steps.get(item.start, current)
            steps[item.start] = current
    return note_steps, steps
