"""A lesson in the shape of a script: headings start slides and the prose is spoken.

A slide shows its heading, lists, pictures, code, tables, formulas, quotes, words in bold, and the
prose of boxes that are short. One that has none of these shows key phrases of its prose
(`lessons.markdown.key_phrases`).

A display formula, or a paragraph that is only a formula, is shown and read out. If a `say` comment
comes right before it, the comment is spoken instead; an empty one (`<!-- say: -->`) keeps the
formula silent.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lessons.directives.comments import Directive
from lessons.markdown.blocks import Block
from lessons.markdown.box_reading import say_box
from lessons.markdown.inline import Bit, make_plain_text, make_runs, split_bits
from lessons.markdown.sentences import CLOSING
from lessons.markdown.short_boxes import find_short_prose
from lessons.markdown.slide_builder import LessonContext, SlideBuilder
from lessons.markdown.turns import remove_labels
from lessons.model import Formula, Paragraph, Quote
from lessons.speakable.formula_text import show_formula
from lessons.speakable.formulas import say_formula


def find_lesson_heading(blocks: Sequence[Block]) -> Block | None:
    """The heading that names the lesson and not a slide: it is the first block, and its level is
    above that of every other heading."""
    headings = [block for block in blocks if block.kind == "heading"]
    if len(headings) < 2 or blocks[0] is not headings[0]:
        return None
    first, *others = headings
    return first if all(first.level < other.level for other in others) else None


def read_script(
    blocks: Sequence[Block],
    directives: Sequence[Directive],
    context: LessonContext,
    *,
    title: str,
    title_block: Block | None,
) -> list[SlideBuilder]:
    """The slides in order. `title_block` becomes a slide only if prose follows it."""
    context.shown_prose = find_short_prose(blocks)
    builders: list[SlideBuilder] = []
    current = SlideBuilder(context, 1, 0, title)
    level = 0
    optional = True  # the slide before the first heading is kept only if it holds something
    replaced = False  # whether a say comment has just been spoken, which replaces a formula

    def finish() -> None:
        if not current.skipped and not (optional and current.empty):
            builders.append(current)

    for event in _merge_events(blocks, directives):
        if isinstance(event, Directive):
            if event.kind == "say":
                current.say_note(event)
                replaced = True
            elif event.kind != "note":
                current.obey(event)
        elif _begins_slide(event, current):
            finish()
            current = SlideBuilder(
                context, len(builders) + 1, event.start, make_plain_text(event.bits)
            )
            optional = event is title_block
            if optional:
                current.title = title
            if event.level > level + 1 and level and event.level:
                current.add_finding(
                    "heading-skip",
                    f"This heading of level {event.level} follows a heading of level {level}; a "
                    "level is skipped.",
                    f"Write the heading with {'#' * (level + 1)}.",
                    event.start,
                )
            level = event.level or level
            replaced = False
            current.show_pictures(event.bits, 0)
        else:
            if current.empty and optional and title_block is None:
                current.start = event.start
            _read_block(current, event, directives, replaced=replaced)
            replaced = False
    finish()
    return builders


def _begins_slide(block: Block, current: SlideBuilder) -> bool:
    """Whether a block begins a slide: a heading that is not in a box, or a marker."""
    if block.marker is not None:
        return block.marker.name == "slide" and bool(block.bits)
    return block.kind == "heading" and not current.shown.inside


def _merge_events(
    blocks: Sequence[Block], directives: Sequence[Directive]
) -> Iterator[Block | Directive]:
    """Blocks, and the directives between them, in the order of the file."""
    waiting = list(reversed(directives))
    for block in blocks:
        while waiting and waiting[-1].at < block.start:
            yield waiting.pop()
        yield block
        if block.kind not in ("heading", "marker"):
            while waiting and waiting[-1].at < block.end:
                waiting.pop()  # it is inside the block and is obeyed when the block is spoken
    while waiting:
        yield waiting.pop()


def _read_block(
    builder: SlideBuilder, block: Block, directives: Sequence[Directive], *, replaced: bool
) -> None:
    """Show and speak a block. If it is `replaced`, a formula in it has been spoken already."""
    if not builder.shown.read:
        _show_unread(builder, block)
        return
    formulas = _find_formulas(block.bits)
    match block.kind:
        case "heading":
            builder.show(Paragraph(make_runs(block.bits), builder.step), spoken=True)
        case "paragraph":
            phrases = list(_find_key_phrases(remove_labels(block.bits, builder.context.speakers)))
            if block.start in builder.context.shown_prose and not formulas:
                phrases = [block.bits] if make_runs(block.bits) else []
            if phrases and builder.step > 0:
                builder.next_step()
            for bits in phrases:
                builder.show(Paragraph(make_runs(bits), builder.step), spoken=True)
            for latex in formulas:
                builder.show(Formula(latex, builder.step))
            builder.show_pictures(block.bits, builder.step if phrases else 0, spoken=True)
        case "item":
            if not block.continued:
                builder.next_step()
                builder.show_item(block, builder.step)
            else:
                builder.show_pictures(block.bits, builder.step, spoken=True)
        case "quote":
            builder.next_step()
            if content := make_runs(block.bits):
                builder.show(Quote(content, builder.step), spoken=True)
            builder.show_pictures(block.bits, builder.step, spoken=True)
        case "code" | "table" | "formula":
            builder.show_block(block, 0)
        case "marker":
            _read_marker(builder, block)
            return
        case _:
            pass
    if block.kind == "formula" and not replaced:
        _say_formula(builder, block)
    elif block.bits and not (formulas and replaced):
        before = len(builder.utterances)
        _say_prose(builder, block, directives)
        if block.kind == "paragraph" and len(builder.utterances) > before:
            content = make_runs(remove_labels(block.bits, builder.context.speakers))
            if not builder.shown.hidden:
                builder.paragraphs.append((content, before))


def _read_marker(builder: SlideBuilder, block: Block) -> None:
    """Open or close a box, which appears when it is read."""
    if block.marker is not None and block.marker.name == "box":
        builder.next_step()
    builder.show_block(block, builder.step)
    say_box(builder, block)


def _show_unread(builder: SlideBuilder, block: Block) -> None:
    """Show what is not spoken, such as a footnote."""
    match block.kind:
        case "item":
            builder.show_item(block, builder.step)
        case "heading" | "paragraph" | "quote":
            if content := make_runs(block.bits):
                builder.show(Paragraph(content, builder.step))
            builder.show_pictures(block.bits, builder.step)
        case _:
            builder.show_block(block, builder.step)


def _find_formulas(bits: Sequence[Bit]) -> list[str]:
    """The formulas of a paragraph that holds nothing else except punctuation."""
    rest = "".join(bit.text for bit in bits if bit.kind != "formula")
    if rest.strip(" \n\t.,;:"):
        return []
    return [bit.text for bit in bits if bit.kind == "formula"]


def _say_formula(builder: SlideBuilder, block: Block) -> None:
    """Speak a display formula, after a short pause only if it continues the sentence before it."""
    if not show_formula(block.text) or not say_formula(block.text):
        return
    pauses = builder.context.pauses
    last = builder.utterances[-1] if builder.said else None
    if (
        last is not None
        and last.ends_paragraph
        and last.pause_ms == pauses.paragraph
        and not last.written.rstrip(CLOSING).endswith((".", "!", "?", "…"))
    ):
        builder.utterances[-1] = replace(last, pause_ms=pauses.sentence, ends_paragraph=False)
    builder.say([Bit("formula", block.text, block.start, block.end)])


def _say_prose(builder: SlideBuilder, block: Block, directives: Sequence[Directive]) -> None:
    rest: tuple[Bit, ...] = block.bits
    first = bisect_left(directives, block.start, key=_find_offset)
    last = bisect_left(directives, block.end, key=_find_offset)
    for directive in directives[first:last]:
        if directive.kind in ("note", "nothing"):
            continue
        before, rest = split_bits(rest, directive.at)
        builder.say(before)
        if directive.kind == "say":
            builder.say_note(directive)
        else:
            builder.obey(directive)
    builder.say(rest)


def _find_offset(directive: Directive) -> int:
    return directive.at


def _find_key_phrases(bits: Sequence[Bit]) -> Iterator[tuple[Bit, ...]]:
    """The phrases in bold of a paragraph, without the punctuation at their end."""
    phrase: list[Bit] = []
    for bit in (*bits, None):
        if bit is not None and bit.strong and bit.kind != "picture":
            phrase.append(bit)
            continue
        if phrase and any(part.text.strip() for part in phrase):
            last = phrase[-1]
            bare = last.text.rstrip(" .,;:")
            if last.plain and bare:
                phrase[-1] = split_bits([last], last.start + len(bare))[0][0]
            yield tuple(phrase)
        phrase = []
