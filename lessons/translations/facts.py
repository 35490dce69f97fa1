"""What of a slide a translation must leave as it is: numbers, formulas, code, tables and lists."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from lessons.model import (
    Box,
    Code,
    Diagram,
    Formula,
    Inline,
    ItemList,
    Paragraph,
    Picture,
    Placeholder,
    Quote,
    Slide,
    Table,
    walk_visuals,
)
from lessons.translations.names import split_name

_NUMBER = re.compile(r"[0-9](?:[0-9]|[.,'’\u00a0\u202f ](?=[0-9]{3}(?![0-9]))|[.,](?=[0-9]))*")
_TIME = re.compile(
    r"(?<![0-9])([0-9]{1,2})"
    r"(?: ?(?:[:h時点]|Uhr) ?([0-9]{2})(?![0-9])| ?(?:[ap]\.?m\b|[h時点]|Uhr\b))"
    r"(?: ?[ap]\.?m\b)?",
    re.IGNORECASE,
)
"""A time of day: 1:30 pm, 13:30, 13 h 30, 13h, 2 pm."""
_WORDS_IN_FORMULA = re.compile(r"\\(?:text|mathrm|textbf|textit|operatorname)\s*\{[^{}]*\}")
_LITERALS = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|(?:#|//|--|%).*$", re.MULTILINE)
_LEAST_DIGITS = 2
"""A number of one digit is as often written as a word, in either language."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What two languages of a slide should have in common. `numbers` are digits without signs
    between them, so that 1,234.5 and 1 234,5 are the same."""

    numbers: Counter[str]
    formulas: Counter[str]
    code: Counter[str]
    pictures: Counter[str]
    tables: Counter[str]
    items: int
    letters: int

    @property
    def marks(self) -> Counter[str]:
        """All of them as one bag, by which slides are paired."""
        bags = {"n": self.numbers, "f": self.formulas, "c": self.code, "p": self.pictures}
        bags["t"] = self.tables
        found = Counter(f"{kind}{name}" for kind, bag in bags.items() for name in bag.elements())
        if self.items:
            found[f"i{self.items}"] += 1
        return found


@lru_cache(maxsize=4096)
def find_facts(slide: Slide) -> Facts:
    """What a slide holds that is the same in every language."""
    text = "\n".join(_list_texts(slide))
    formulas: Counter[str] = Counter()
    code: Counter[str] = Counter()
    pictures: Counter[str] = Counter()
    tables: Counter[str] = Counter()
    items = 0
    for visual in walk_visuals(slide.visuals):
        match visual:
            case Formula(latex=latex):
                formulas[_plain_formula(latex)] += 1
            case Diagram(kind=kind):
                pictures[kind] += 1
            case Code(text=written):
                code["".join(_LITERALS.sub("", written).split())] += 1
            case Picture(path=path):
                named = split_name(path)
                pictures[named[0] if named else path] += 1
            case Table(header=header, rows=rows):
                tables[f"{len(rows)} x {len(header)}"] += 1
            case ItemList(items=found, chosen=False):
                items += len(found)
            case _:
                pass
    numbers = Counter(n for n in _find_numbers(text) if len(n) >= _LEAST_DIGITS)
    return Facts(numbers, formulas, code, pictures, tables, items, len(slide.written))


def digest_slide(slide: Slide) -> str:
    """A short digest of the words, formulas, code and pictures of a slide."""
    parts = [slide.title, *_list_texts(slide)]
    for visual in walk_visuals(slide.visuals):
        match visual:
            case Formula(latex=latex):
                parts.append(latex)
            case Code(text=written) | Diagram(text=written):
                parts.append(written)
            case Picture(path=path, alt=alt) | Placeholder(name=path, alt=alt):
                parts += [path, alt]
            case _:
                pass
    written = "\0".join(" ".join(part.split()) for part in parts)
    return hashlib.sha256(written.encode("utf-8", "replace")).hexdigest()[:12]


def _find_numbers(text: str) -> Iterator[str]:
    plain = "".join(
        str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c
        for c in unicodedata.normalize("NFKC", text).replace("\u2009", "\u202f")
    )
    # Some languages count hours up to 12 and others up to 24.
    for hour, minutes in _TIME.findall(plain):
        yield f"{int(hour) % 12}:{minutes or '00'}"
    for found in _NUMBER.finditer(_TIME.sub(" ", plain)):
        yield re.sub(r"[^0-9]", "", found[0])


def _plain_formula(latex: str) -> str:
    """A formula without spaces, words and the comma of decimals, which languages write in their
    own ways."""
    plain = _WORDS_IN_FORMULA.sub(r"\\text{}", latex).replace("{,}", ".")
    return re.sub(r"(?<=\d),(?=\d)", ".", "".join(plain.replace("\\,", "").split()))


def _list_texts(slide: Slide) -> Iterator[str]:
    """The title, what is said, and what is shown as text."""
    yield slide.title
    yield from (u.written for u in slide.utterances)
    for visual in walk_visuals(slide.visuals):
        match visual:
            case Paragraph(content=content) | Quote(content=content):
                yield _text(content)
            case Box(title=content):
                yield _text(content)
            case ItemList(items=items, chosen=False):
                yield from (_text(item.content) for item in items)
            case Table(header=header, rows=rows):
                yield from (_text(cell) for row in (header, *rows) for cell in row)
            case _:
                pass


def _text(content: Inline) -> str:
    """The text of inline content, without formulas, which are compared by themselves."""
    return "".join(run.text if run.style != "formula" else " " for run in content)
