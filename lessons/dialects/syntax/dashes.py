"""Dashes that are typed with hyphens: `--` and `---` in running text."""

from __future__ import annotations

import re

from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import find_edits
from lessons.markdown.markers import Parts
from lessons.markdown.source import Source

_DASH = re.compile(
    r"(?<=[\w)\]”’*])(?P<dash>---?)(?=[\w(\[“‘*])|(?<=\S )(?P<free>---?)(?= [^\s|:-])"
)


def rewrite_dashes(source: Source, context: Context) -> Source:
    """Write two hyphens between words as an en dash and three as an em dash."""
    if "--" not in source.text:
        return source

    def write(match: re.Match[str], source: Source) -> Parts | None:
        dash = match["dash"] or match["free"]
        line = source.text[source.text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if not re.search(r"\w", line) or line.lstrip().startswith(("|", "<!")):
            return None
        return ("—" if len(dash) == 3 else "–",)

    return source.edit(find_edits(source, _DASH, write))
