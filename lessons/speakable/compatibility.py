"""Characters that are variants of ordinary ones, and those that are not read: emoji, ornaments."""

from __future__ import annotations

import re
import unicodedata

_COMPATIBLE = re.compile(
    "[\u2103\u2109\u212a\u212b\u2460-\u24ff\u2776-\u2793\u3300-\u33ff\ufb00-\ufb06"
    "\uff01-\uff5e\U0001d400-\U0001d7ff]"
)
"""Letterlike, Roman, circled, squared, full-width and mathematical characters, but not ² or ½."""

_KEYCAP = re.compile("([0-9#*])\ufe0f?\u20e3")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_EMOJI = re.compile(
    "[\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa\u25a0-\u25ff\u2600-\u2638\u2640-\u2669\u266c\u2670-\u2712\u2715-\u2716"
    "\u2719-\u27bf\u2b00-\u2bff\u2500-\u259f\U0001f000-\U0001faff\u200d\ufe0f•‣⁃∙▪]"
)
"""Pictures, geometric shapes, rules and bullets, but not ♭ ♮ ♯ ✓ ✗ and similar signs."""
_KEPT = frozenset("□■△▽∙♀♂⌊⌋⌈⌉⟨⟩")
_MODIFIER = re.compile("[\U0001f3fb-\U0001f3ff\u200d\ufe0f\U000e0020-\U000e007f]")


def normalize_characters(text: str) -> str:
    """A word with its variants of characters (`Ⅳ`, `℃`, `１`, `𝑥`) replaced by ordinary ones."""
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", _KEYCAP.sub(r"\1", text))
    return _COMPATIBLE.sub(_decompose, text)


def _decompose(match: re.Match[str]) -> str:
    char = match[0]
    if "VULGAR" in unicodedata.name(char, ""):
        return char
    return unicodedata.normalize("NFKC", char)


def is_ornament(char: str) -> bool:
    return char not in _KEPT and _EMOJI.match(char) is not None


def say_pictures(text: str) -> str:
    """The Unicode names of the pictures in a word. Flags are said by their letters."""
    names: list[str] = []
    for char in _MODIFIER.sub("", text):
        if not is_ornament(char) or (names and "\u200d" in text):
            continue
        name = unicodedata.name(char, "").lower()
        letter = re.fullmatch("regional indicator symbol letter ([a-z])", name)
        if letter:
            name = letter[1].upper()
        name = re.sub(r"^(?:black|white) | \(.*\)|-fe0f", "", name)
        names.append(re.sub(r"[^a-zA-Z ]", " ", name))
    return " ".join(" ".join(names).split())
