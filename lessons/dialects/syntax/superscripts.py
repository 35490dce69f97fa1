"""Superscripts (`x^2^`) and subscripts (`H~2~O`) of pandoc."""

from __future__ import annotations

import re

from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import find_edits
from lessons.markdown.markers import Parts
from lessons.markdown.source import Source

_SUPERSCRIPT = re.compile(r"(?<![\\^])\^(?!\[)((?:[^\s^~\\\[\]\ue002]|\\[^\n]){1,40})\^(?!\^)")
_SUBSCRIPT = re.compile(r"(?<![\\~])~((?:[^\s~^\\\[\]/\ue002]|\\[^\n]){1,40})~(?!~)")
_RAISED = str.maketrans("0123456789+-=()ni−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ⁻")
_LOWERED = str.maketrans("0123456789+-=()−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋")


def rewrite_superscripts(source: Source, context: Context) -> Source:
    """Write digits and signs raised or lowered; words, such as the "nd" of "2^nd^", stay."""
    if "^" in source.text:
        source = source.edit(find_edits(source, _SUPERSCRIPT, _raise))
    if "~" in source.text:
        source = source.edit(find_edits(source, _SUBSCRIPT, _lower))
    return source


def _raise(match: re.Match[str], source: Source) -> Parts:
    return _write(match, source, _RAISED)


def _lower(match: re.Match[str], source: Source) -> Parts:
    return _write(match, source, _LOWERED)


def _write(match: re.Match[str], source: Source, table: dict[int, int]) -> Parts:
    inside = re.sub(r"\\(.)", r"\1", match[1])
    if all(ord(char) in table for char in inside):
        return (inside.translate(table),)
    if "\\" in match[1]:
        return (inside,)
    return (source[match.start(1) : match.end(1)],)
