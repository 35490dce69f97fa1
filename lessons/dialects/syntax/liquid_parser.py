"""Finds the tags and values of Liquid in a text, and follows its blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lessons.wordset import word_set

LONGEST = 4000
"""Characters of a tag; a sign that opens none within so many is text."""


@dataclass(frozen=True, slots=True)
class LiquidTag:
    """A tag or a value: `name` is "" for a value, and `words` is what follows the name."""

    start: int
    end: int
    name: str
    words: str


@dataclass(slots=True)
class _Block:
    """A block that is open, such as `{% if %}`. It is `kept` if its content so far stays."""

    name: str
    kept: bool
    chosen: bool


def find_liquid(text: str) -> Iterator[LiquidTag]:
    """The tags and values of a text, in order."""
    at = 0
    for match in re.finditer(r"\{([{%])", text):
        if match.start() < at:
            continue
        closing = "%}" if match[1] == "%" else "}}"
        end = text.find(closing, match.end(), match.end() + LONGEST)
        if end < 0:
            continue
        inside = text[match.end() : end].strip("-").strip()
        at = end + 2
        if match[1] == "{":
            yield LiquidTag(match.start(), at, "", inside)
        else:
            name, _, words = inside.partition(" ") if " " in inside else (inside, "", "")
            head = re.match(r"[\w-]+", name)
            if head is not None:
                words = inside[head.end() :].strip()
                yield LiquidTag(match.start(), at, head[0], words)
            elif not inside:
                yield LiquidTag(match.start(), at, "comment-empty", "")


_BLOCKS = word_set("if unless case for tablerow capture ifchanged")
_BRANCHES = word_set("else elsif elseif when")


@dataclass(slots=True)
class Blocks:
    """The blocks that are open: of each `if` the first branch is kept, of what is repeated
    nothing."""

    stack: list[_Block] = field(default_factory=list)
    left_out: int = 0

    @property
    def kept(self) -> bool:
        return self.left_out == 0

    def follow(self, tag: LiquidTag) -> bool:
        """Open, close or go on with a block; False for a tag that does none of this."""
        if tag.name in _BLOCKS:
            kept = tag.name not in ("for", "tablerow", "capture", "case")
            self.stack.append(_Block(tag.name, kept, kept))
            self.left_out += not kept
            return True
        if tag.name in _BRANCHES and self.stack:
            block = self.stack[-1]
            kept = block.name == "case" and not block.chosen
            block.chosen = block.chosen or kept
            self.left_out += block.kept - kept
            block.kept = kept
            return True
        if tag.name.startswith("end") and tag.name[3:] in _BLOCKS:
            if self.stack and self.stack[-1].name == tag.name[3:]:
                self.left_out -= not self.stack.pop().kept
            return True
        return False
