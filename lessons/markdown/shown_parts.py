"""What a deck shows of a paragraph: its lines, and the display formulas between its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lessons.markdown.inline import DISPLAY, Bit
from lessons.markdown.line_ends import BROKEN
from lessons.markdown.markers import LINE_END

_PUNCTUATION = " \n\t.,;:"


def split_lines(bits: Sequence[Bit]) -> list[tuple[Bit, ...]]:
    """The lines of a paragraph that its author broke on purpose."""
    lines: list[list[Bit]] = [[]]
    for bit in bits:
        broken = bit.kind == "break" and bit.text == BROKEN
        if broken or (bit.kind == "html" and bit.text == LINE_END):
            lines.append([])
        else:
            lines[-1].append(bit)
    return [tuple(line) for line in lines]


def split_formulas(bits: Sequence[Bit]) -> Iterator[tuple[Bit, ...] | str]:
    """The parts of a text before, between and behind its display formulas, and the LaTeX of these.
    Punctuation that stands alone behind a formula is left out."""
    part: list[Bit] = []
    divided = False
    for bit in bits:
        if bit.kind == "formula" and bit.title == DISPLAY and bit.text.strip():
            if _says_something(part):
                yield tuple(part)
            yield bit.text.strip()
            part, divided = [], True
        else:
            part.append(bit)
    if not divided or _says_something(part):
        yield tuple(part)


def _says_something(bits: Sequence[Bit]) -> bool:
    return any(bit.kind not in ("break", "html") and bit.text.strip(_PUNCTUATION) for bit in bits)
