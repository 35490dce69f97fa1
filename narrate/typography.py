"""The typographic rules of a language that decide where a line may not break.

French sets a space before ; : ! ? and %, and inside « ». A line must not break there, whatever a
teacher typed, so it becomes a no-break space. What has no space gets none.
"""

from __future__ import annotations

import re

from foundation.languages import primary

NO_BREAK = "\u00a0"
"""The space of French typography that every font and player has. The narrow one, U+202F, is better
before ; ! and ?, but many captioning fonts do not have it."""

_BEFORE = re.compile(r"(?<=\S) (?=[;:!?»%]+(?:[\s.,)\]”]|$))")
_AFTER = re.compile(r"(?<=«) (?=\S)")


def keep_spaces(text: str, language: str) -> str:
    """The text with no-break spaces where its language wants a space and no line break."""
    if primary(language) != "fr":
        return text
    return _AFTER.sub(NO_BREAK, _BEFORE.sub(NO_BREAK, text))


def belong_together(before: str, after: str, language: str) -> bool:
    """Whether two words of a language, with a space between them, stay on one line."""
    return keep_spaces(f"{before[-1:]} {after}", language)[1:2] == NO_BREAK
