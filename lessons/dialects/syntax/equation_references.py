r"""References to equations as MathJax has them: `\eqref{eq:x}` reads as "(2)", `\ref{eq:x}` as "2".

Equations in numbered environments are counted as AMS-LaTeX counts them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lessons.dialects.syntax.scan import replace_in_prose
from lessons.markdown.markers import Parts
from lessons.markdown.source import Source

_SIGN = re.compile(
    r"\\(?P<what>begin|end)\s?\{(?P<name>equation|align(?:at)?|gather|multline|eqnarray|flalign)\}"
    r"|\\label\s?\{(?P<label>[^{}\n]{1,200})\}|\\(?:nonumber|notag)\b|\\\\(?![A-Za-z(\[])"
)
_ROWED = frozenset({"align", "gather", "eqnarray", "alignat", "flalign"})
"""Environments in which each row has a number."""
_REFERENCE = re.compile(r"[ ]?\\(?P<name>eqref|ref)\s?\{(?P<label>[^{}\n]{1,200})\}")


def rewrite_equation_references(source: Source) -> Source:
    """Put numbers in the place of references. One to an equation that is not there vanishes."""
    if "ref" not in source.text or _REFERENCE.search(source.text) is None:
        return source
    numbers = dict(_number_labels(source.text))

    def write(match: re.Match[str], source: Source) -> Parts:
        number = numbers.get(match["label"].strip())
        if number is None:
            return ()
        blank = " " if match[0].startswith(" ") else ""
        return (f"{blank}({number})" if match["name"] == "eqref" else f"{blank}{number}",)

    return replace_in_prose(source, _REFERENCE, write)


def _number_labels(text: str) -> Iterator[tuple[str, int]]:
    """The labels of equations with the numbers of their equations."""
    number = 0
    inside = ""
    counted = False  # whether the row that is open has a number
    for sign in _SIGN.finditer(text):
        if sign["what"] == "begin":
            inside, counted, number = sign["name"], True, number + 1
        elif sign["what"] == "end":
            inside = ""
        elif sign["label"]:
            yield sign["label"].strip(), number
        elif not sign[0].startswith("\\\\"):
            number -= counted and bool(inside)
            counted = False
        elif inside in _ROWED:
            counted, number = True, number + 1
