"""Dollar signs in tools that take them for money or variables and not for formulas."""

from __future__ import annotations

import re

from lessons.dialects.syntax.scan import HIDDEN, mask_code
from lessons.markdown.source import Edit, Source

_TOKEN = "\ue00f"  # stands for a dollar sign while code is looked for; no lesson holds it
_BACKSLASHES = re.compile(r"\\\\\((.{1,1000}?)\\\\\)|\\\\\[(.{1,2000}?)\\\\\]", re.DOTALL)


def escape_dollars(source: Source, *, double: bool = True) -> Source:
    """Make dollar signs outside code plain text. `double` says whether `$$` is plain text too."""
    if "$" not in source.text:
        return source
    bare = source.text.replace("$", _TOKEN)
    masked = mask_code(bare)
    edits: list[Edit] = []
    for match in re.finditer(rf"\\.|{_TOKEN}{{1,8}}", masked):
        if match[0].startswith("\\") or (len(match[0]) == 2 and not double):
            continue
        edits += [Edit(at, at, ("\\",)) for at in range(*match.span())]
    return source.edit(edits)


def rewrite_backslash_maths(source: Source) -> Source:
    r"""Write formulas between `\\(` and `\\)` or `\\[` and `\\]` with dollar signs."""
    if "\\\\" not in source.text:
        return source
    edits: list[Edit] = []
    for match in _BACKSLASHES.finditer(mask_code(source.text)):
        group = 1 if match[1] is not None else 2
        inside = source[match.start(group) : match.end(group)]
        if HIDDEN in match[0] or "\n\n" in inside.text:
            continue
        if group == 1:
            stripped = inside.text.strip()
            begin = inside.text.find(stripped)
            parts = ("$", inside[begin : begin + len(stripped)], "$")
        else:
            parts = ("\n$$\n", inside, "\n$$\n")
        edits.append(Edit(match.start(), match.end(), parts))
    return source.edit(edits)
