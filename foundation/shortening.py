"""Shortens texts and values for messages."""

from __future__ import annotations

LONGEST_NAME = 80
"""Characters of a name or a path that a message shows."""


def shorten(text: str, limit: int = LONGEST_NAME) -> str:
    """The text if it has at most `limit` characters; otherwise its beginning and "…", which are at
    most `limit` characters together."""
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def brief(value: object, limit: int = 40) -> str:
    """A value as messages show it: its `repr` on one line, in at most `limit` characters.

    None is shown as `empty`, and a bool as YAML writes it. No value raises an error.
    """
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | bytes | list | tuple):
        value = value[: limit + 20]  # the `repr` of the whole value could take seconds
    try:
        shown = repr(value)
    except Exception:  # a program's own object, or a number of more digits than Python writes
        shown = f"a value of the type {type(value).__name__}"
    shown = "".join(c if c.isprintable() else " " for c in shown)
    return shorten(shown, limit)
