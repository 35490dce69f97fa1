"""Reads the members of a JSON object by name and kind, and refuses what is left over."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime

from avatar.consent.canonical import Json, NotStrictError

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
LINE = 300  # characters in a name, a role, a way to withdraw
# Directional overrides and isolates can make a text look like another one (Unicode TR 36).
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Fields:
    """Takes members out of an object. Every refusal is a NotStrictError that names the member."""

    def __init__(self, value: Json, place: str = "") -> None:
        if not isinstance(value, dict):
            raise NotStrictError(f"{place or 'the file'} is not an object")
        self._left = dict(value)
        self._place = place

    def name(self, key: str) -> str:
        return f"{self._place}.{key}" if self._place else key

    def take(self, key: str) -> Json:
        if key not in self._left:
            raise NotStrictError(f"{self.name(key)!r} is missing")
        return self._left.pop(key)

    def text(self, key: str, *, longest: int = LINE, lines: bool = False) -> str:
        value = self.take(key)
        if not isinstance(value, str):
            raise NotStrictError(f"{self.name(key)!r} is not text")
        return check_text(value, self.name(key), longest=longest, lines=lines)

    def text_or_none(self, key: str) -> str | None:
        return self.text(key) if key in self._left else None

    def flag_or_none(self, key: str) -> bool | None:
        if key not in self._left:
            return None
        value = self.take(key)
        if not isinstance(value, bool):
            raise NotStrictError(f"{self.name(key)!r} is not true or false")
        return value

    def integer(self, key: str) -> int:
        value = self.take(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise NotStrictError(f"{self.name(key)!r} is not an integer")
        return value

    def items(self, key: str) -> list[Json]:
        value = self.take(key)
        if not isinstance(value, list):
            raise NotStrictError(f"{self.name(key)!r} is not a list")
        return value

    def items_or_none(self, key: str) -> list[Json] | None:
        return self.items(key) if key in self._left else None

    def object(self, key: str) -> Fields:
        return Fields(self.take(key), self.name(key))

    def match(self, key: str, pattern: re.Pattern[str], what: str) -> str:
        value = self.text(key)
        if not pattern.fullmatch(value):
            raise NotStrictError(f"{self.name(key)!r} is not {what}")
        return value

    def day(self, key: str) -> date:
        value = self.match(key, DATE, "a date like 2030-12-31")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise NotStrictError(f"{self.name(key)!r} is not a date in the calendar") from None

    def moment(self, key: str) -> datetime:
        value = self.match(key, MOMENT, "a UTC time like 2030-12-31T23:59:59Z")
        try:
            return datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        except ValueError:
            raise NotStrictError(f"{self.name(key)!r} is not a time in the calendar") from None

    def end(self) -> None:
        if self._left:
            raise NotStrictError(f"{self.name(min(self._left)[:40])!a} is not a known member")


def check_text(value: str, name: str, *, longest: int = LINE, lines: bool = False) -> str:
    """Check that a text is what it looks like: not empty, bounded, without invisible control
    characters.

    `lines` allows line breaks. Raises NotStrictError.
    """
    if not value.strip() or value != value.strip():
        raise NotStrictError(f"{name!r} is empty, or begins or ends with a space")
    if len(value) > longest:
        raise NotStrictError(f"{name!r} is longer than {longest} characters")
    for character in value:
        if lines and character == "\n":
            continue
        # Controls would reach a terminal; Zl and Zp break the one line it is shown on.
        kind = unicodedata.category(character)
        if kind in ("Cc", "Cs", "Zl", "Zp") or character in _TURNING:
            raise NotStrictError(f"{name!r} holds the character U+{ord(character):04X}")
    return value


def format_moment(value: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return value.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
