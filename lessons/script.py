"""A lesson in the shape of a script: headings start slides and the prose is spoken.

The slide shows the heading, lists, pictures, code, tables, formulas, quotes, and what is bold.

A display formula, and a paragraph that is only a formula, is shown and read out. A `say` comment
right before it is said in its place; an empty one (`<!-- say: -->`) keeps it silent.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lessons.blocks import Block
from lessons.directives import Directive
from lessons.inline import Bit, make_plain_text, make_runs, split_bits
from lessons.model import Formula, Paragraph, Quote
from lessons.slide_builder import LessonContext, SlideBuilder
from lessons.speakable.formula_text import show_formula
from lessons.speakable.formulas import say_formula


def find_lesson_heading(blocks: Sequence[Block]) -> Block | None:
    """The heading that names the lesson rather than a slide: the first block of all, at a level
    above every other heading."""
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
    """The slides in order; `title_block` is shown as a slide only if prose follows it."""
    drafts: list[SlideBuilder] = []
    current = SlideBuilder(context, 1, 0, title)
    level = 0
    optional = True  # the slide before the first heading exists only if it holds something
    stood_in = False  # whether a say comment has just spoken for the formula that may follow

    def finish() -> None:
        if not current.skipped and not (optional and current.empty):
            drafts.append(current)

    for event in _merge_events(blocks, directives):
        if isinstance(event, Directive):
            if event.kind == "say":
                current.say_note(event)
                stood_in = True
            elif event.kind != "note":
                current.obey(event)
        elif event.kind == "heading":
            finish()
            current = SlideBuilder(
                context, len(drafts) + 1, event.start, make_plain_text(event.bits)
            )
            optional = event is title_block
            if optional:
                current.title = title
            if event.level > level + 1 and level:
                current.remark(
                    "heading-skip",
                    f"This heading of level {event.level} follows one of level {level}.",
                    f"Write it with {'#' * (level + 1)}.",
                    event.start,
                )
            level = event.level
            stood_in = False
            current.show_pictures(event.bits, 0)
        else:
            if current.empty and optional and title_block is None:
                current.start = event.start
            _read_block(current, event, directives, stood_in=stood_in)
            stood_in = False
    finish()
    return drafts


def _merge_events(
    blocks: Sequence[Block], directives: Sequence[Directive]
) -> Iterator[Block | Directive]:
    """Blocks and the directives between them, in the order of the file."""
    waiting = list(reversed(directives))
    for block in blocks:
        while waiting and waiting[-1].at < block.start:
            yield waiting.pop()
        yield block
        if block.kind != "heading":
            while waiting and waiting[-1].at < block.end:
                waiting.pop()  # inside the block, obeyed with it
    while waiting:
        yield waiting.pop()


def _read_block(
    draft: SlideBuilder, block: Block, directives: Sequence[Directive], *, stood_in: bool
) -> None:
    """Show and speak a block; with `stood_in`, what has been said already stands for a formula."""
    formulas = _find_formulas(block.bits)
    match block.kind:
        case "paragraph":
            phrases = list(_find_key_phrases(block.bits))
            if phrases and draft.step > 0:
                draft.next_step()
            draft.visuals.extend(Paragraph(make_runs(bits), draft.step) for bits in phrases)
            draft.visuals.extend(Formula(latex, draft.step) for latex in formulas)
            draft.show_pictures(block.bits, draft.step if phrases else 0)
        case "item":
            if not block.continued:
                draft.next_step()
                draft.show_item(block, draft.step)
            else:
                draft.show_pictures(block.bits, draft.step)
        case "quote":
            draft.next_step()
            if content := make_runs(block.bits):
                draft.visuals.append(Quote(content, draft.step))
            draft.show_pictures(block.bits, draft.step)
        case "code" | "table" | "formula":
            draft.show_block(block, 0)
        case _:
            pass
    if block.kind == "formula" and not stood_in:
        _say_formula(draft, block)
    elif block.bits and not (formulas and stood_in):
        _say_prose(draft, block, directives)


def _find_formulas(bits: Sequence[Bit]) -> list[str]:
    """The formulas of a paragraph that holds nothing else but punctuation."""
    rest = "".join(bit.text for bit in bits if bit.kind != "formula")
    if rest.strip(" \n\t.,;:"):
        return []
    return [bit.text for bit in bits if bit.kind == "formula"]


def _say_formula(draft: SlideBuilder, block: Block) -> None:
    """Speak a display formula, after a short pause if it goes on with the sentence before it."""
    if not show_formula(block.text) or not say_formula(block.text):
        return
    pauses = draft.context.pauses
    last = draft.utterances[-1] if draft.said else None
    if (
        last is not None
        and last.ends_paragraph
        and last.pause_ms == pauses.paragraph
        and not last.written.rstrip(_CLOSING).endswith((".", "!", "?", "…"))
    ):
        draft.utterances[-1] = replace(last, pause_ms=pauses.sentence, ends_paragraph=False)
    draft.say([Bit("formula", block.text, block.start, block.end)])


_CLOSING = ")]}\"'”’»"


def _say_prose(draft: SlideBuilder, block: Block, directives: Sequence[Directive]) -> None:
    rest: tuple[Bit, ...] = block.bits
    first = bisect_left(directives, block.start, key=_find_offset)
    last = bisect_left(directives, block.end, key=_find_offset)
    for directive in directives[first:last]:
        if directive.kind in ("note", "nothing"):
            continue
        before, rest = split_bits(rest, directive.at)
        draft.say(before)
        if directive.kind == "say":
            draft.say_note(directive)
        else:
            draft.obey(directive)
    draft.say(rest)


def _find_offset(directive: Directive) -> int:
    return directive.at


def _find_key_phrases(bits: Sequence[Bit]) -> Iterator[tuple[Bit, ...]]:
    """The stretches of a paragraph that are bold, without the punctuation that ends them."""
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
