"""The settings that course.yaml and front matter may hold, checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from lessons.mapping import Mapping

LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")

COMMON = ("voice", "voices", "recording", "language", "theme", "captions", "speed", "portrait")
"""A lesson may override these."""
COURSE_ONLY = ("video", "whisper", "signer", "pause", "license", "author", "publisher")

_RATE = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,6}|/[0-9]{1,7})?")

LARGEST_SIDE = 7680
FASTEST = 120
LONGEST_PAUSE_MS = 60_000


def read_settings(mapping: Mapping, allowed: tuple[str, ...]) -> dict[str, object]:
    """The checked settings among the keys of a mapping, flat, by their names in Course.settings.

    Raises the mapping's error for a value that cannot be used.
    """
    settings: dict[str, object] = {}
    for key in allowed:
        if key in mapping:
            settings.update(_READERS[key](mapping, key))
    return settings


def text(mapping: Mapping, key: str) -> str:
    """A value as one line of text; numbers are taken as text."""
    value = mapping.values[key]
    if (
        isinstance(value, bool)
        or not isinstance(value, (str, int, float))
        or not str(value).strip()
    ):
        raise mapping.refuse(key, f"{key!r} must be a text.", f"Write '{key}: some text'.")
    return " ".join(str(value).split())


def _text(mapping: Mapping, key: str) -> dict[str, object]:
    return {key: text(mapping, key)}


def _language(mapping: Mapping, key: str) -> dict[str, object]:
    value = text(mapping, key).replace("_", "-")
    if not LANGUAGE.fullmatch(value):
        raise mapping.refuse(
            key, f"{value!r} is not a language tag.", "Write one like 'en-US', 'en-GB' or 'de'."
        )
    return {key: value}


def _voices(mapping: Mapping, key: str) -> dict[str, object]:
    """The voice of each further language: `voices: {fr: espeak, de: piper/de_DE-thorsten}`."""
    value = mapping.values[key]
    if not isinstance(value, dict):
        raise mapping.refuse(
            key, "'voices' must name a voice for each language.", "Write 'voices: {fr: espeak}'."
        )
    found: dict[str, str] = {}
    for tag, name in value.items():
        if not isinstance(tag, str) or not LANGUAGE.fullmatch(tag.replace("_", "-")):
            raise mapping.refuse(
                key, f"{_brief(tag)} is not a language tag.", "Write one like 'fr' or 'de-DE'."
            )
        if not isinstance(name, str) or not name.strip():
            raise mapping.refuse(
                key, f"No voice is named for {tag!r}.", "`narrate voices` lists them."
            )
        found[tag.replace("_", "-")] = name.strip()
    return {key: found}


def _number(mapping: Mapping, key: str, value: Any, low: float, high: float) -> float:
    remedy = f"Write a number from {low:g} to {high:g}."
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise mapping.refuse(key, f"{key!r} must be a number, not {_brief(value)}.", remedy)
    # No float yet: a whole number may be too large to be one.
    if not low <= value <= high:
        raise mapping.refuse(key, f"{key!r} is {_brief(value)}.", remedy)
    return float(value)


def _brief(value: Any) -> str:
    shown = repr(value)
    return shown if len(shown) <= 40 else f"{shown[:39]}…"


def _speed(mapping: Mapping, key: str) -> dict[str, object]:
    return {key: _number(mapping, key, mapping.values[key], 0.5, 2.0)}  # what voices can do


def _inner(mapping: Mapping, key: str, known: tuple[str, ...]) -> Mapping:
    """A mapping inside the mapping, whose problems are reported at its key."""
    value = mapping.values[key]
    if not isinstance(value, dict):
        raise mapping.refuse(
            key, f"{key!r} must hold settings of its own.", f"It knows {', '.join(known)}."
        )
    line = mapping.lines.get(key, mapping.line)
    inner = Mapping(mapping.path, mapping.error, line, value, {})
    inner.check_keys(known, f"{key!r}")
    return inner


def _pause(mapping: Mapping, key: str) -> dict[str, object]:
    inner = _inner(mapping, key, ("sentence", "paragraph", "slide"))
    return {
        f"pause_{name}": round(_number(inner, name, inner.values[name], 0, LONGEST_PAUSE_MS))
        for name in inner
    }


def _video(mapping: Mapping, key: str) -> dict[str, object]:
    inner = _inner(mapping, key, ("size", "rate"))
    settings: dict[str, object] = {}
    if "size" in inner:
        match = re.fullmatch(r"(\d{2,5})\s*[x×]\s*(\d{2,5})", str(inner.values["size"]).strip())
        size = (int(match[1]), int(match[2])) if match else (0, 0)
        if not all(128 <= side <= LARGEST_SIDE and side % 2 == 0 for side in size):
            raise inner.refuse(
                "size",
                f"The video size {_brief(inner.values['size'])} cannot be made.",
                f"Write width x height in even pixels from 128 to {LARGEST_SIDE}, as 1920x1080.",
            )
        settings["size"] = size
    if "rate" in inner:
        written = str(inner.values["rate"]).strip()
        try:
            # Without exponents: 1e99999999 would be written out, digit by digit.
            rate = Fraction(written if _RATE.fullmatch(written) else 0)
        except ZeroDivisionError:
            rate = Fraction(0)
        if not 1 <= rate <= FASTEST or rate.denominator > 1001:
            raise inner.refuse(
                "rate",
                f"The frame rate {_brief(inner.values['rate'])} cannot be used.",
                "Write frames a second, as 25, 30, 60 or 30000/1001.",
            )
        settings["rate"] = rate
    return settings


_PORTRAIT: dict[str, tuple[float, float]] = {
    "clarity": (0.0, 2.0),
    "strength": (0.0, 1.0),
    "motion": (0.0, 2.0),
    "distance": (0.25, 4.0),
}


def _portrait(mapping: Mapping, key: str) -> dict[str, object]:
    inner = _inner(mapping, key, (*_PORTRAIT, "emotion", "seed"))
    portrait: dict[str, object] = {}
    for name in inner:
        if name == "emotion":
            portrait[name] = text(inner, name)
        elif name == "seed":
            portrait[name] = int(_number(inner, name, inner.values[name], 0, 2**32 - 1))
        else:
            portrait[name] = _number(inner, name, inner.values[name], *_PORTRAIT[name])
    return {key: portrait}


_READERS: dict[str, Callable[[Mapping, str], dict[str, object]]] = {
    "voice": _text,
    "voices": _voices,
    "recording": _text,
    "whisper": _text,
    "language": _language,
    "theme": _text,
    "captions": _text,
    "speed": _speed,
    "portrait": _portrait,
    "video": _video,
    "signer": _text,
    "pause": _pause,
    "license": _text,
    "author": _text,
    "publisher": _text,
}
