"""Inline code as a teacher reads it to a class."""

from __future__ import annotations

import re

from lessons.speakable.formulas import say_formula
from lessons.speakable.identifiers import LONGEST, say_expression

_ORDER = re.compile(r"[OΘΩo]\(.+\)")


def say_code(text: str) -> str:
    """What is said for inline code. An order of growth like `O(n log n)` is a formula."""
    source = text.strip()[:LONGEST]
    if _ORDER.fullmatch(source):
        return say_formula(source.replace("log", "\\log "))
    return say_expression(source)
