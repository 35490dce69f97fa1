"""Emoji that are written as codes (`:smile:`), as GitHub and others do."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping

from lessons.dialects.base import Context
from lessons.dialects.syntax.scan import find_edits, replace_in_prose
from lessons.markdown.markers import Parts
from lessons.markdown.outline import read_outline
from lessons.markdown.source import Edit, Source
from lessons.wordset import word_set

_CODE = re.compile(
    r"(?<![\w:/.\\]):([a-z0-9+-][a-z0-9_+-]{0,60}):(?::skin-tone-\d:)?(?![\w:/])", re.IGNORECASE
)
_PICTURES = word_set(
    "accessibility atom basecamp basecampy bowtie copilot dependabot electron feelsgood finnadie "
    "fishsticks goberserk godmode hurtrealbad neckbeard octocat rage1 rage2 rage3 rage4 shipit "
    "suspect trollface"
)
"""Codes for which GitHub has a picture that is no character."""


@functools.cache
def _get_emoji() -> Mapping[str, str]:
    """The characters by their codes, in lower case."""
    from emoji import EMOJI_DATA

    found: dict[str, str] = {}
    for char, names in EMOJI_DATA.items():
        for name in (names.get("en", ""), *names.get("alias", ())):
            found.setdefault(str(name).strip(":").lower(), char)
    return found


def rewrite_emoji_codes(source: Source, context: Context) -> Source:
    """Put the emoji in the place of their codes."""
    if source.text.count(":") < 2:
        return source
    source = replace_in_prose(source, _CODE, _replace)
    return source.edit(_find_in_notes(source)) if "<!--" in source.text else source


def _find_in_notes(source: Source) -> Iterator[Edit]:
    """The edits of the codes in comments, since decks have notes there."""
    for comment in read_outline(source.text, lambda at: None).comments:
        start = comment.inside.start
        if _CODE.search(comment.inside.text) is None:
            continue
        for edit in find_edits(source[start : comment.inside.end], _CODE, _replace):
            yield Edit(start + edit.start, start + edit.end, edit.parts)


def _replace(match: re.Match[str], source: Source) -> Parts | None:
    name = match[1].lower()
    if not any(char.isalpha() for char in name) and name not in ("+1", "-1", "100", "1234"):
        return None
    if name in _PICTURES:
        return ()
    char = _get_emoji().get(name) or _get_emoji().get(name.replace("-", "_"))
    return None if char is None else (char,)
