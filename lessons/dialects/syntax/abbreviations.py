"""What abbreviations stand for (`*[HTML]: Hypertext …`): a page shows it only when a reader points
at the word, so the lines that say it are taken out."""

from __future__ import annotations

import re

from lessons.dialects.syntax.scan import remove_in_prose
from lessons.markdown.source import Source

_ABBREVIATION = re.compile(r"^[ ]{0,3}\*\[[^\]\n]{1,80}\]:[^\n]*$\n?", re.MULTILINE)


def remove_abbreviations(source: Source) -> Source:
    """Take out the lines that say what abbreviations stand for."""
    return remove_in_prose(source, _ABBREVIATION) if "*[" in source.text else source
