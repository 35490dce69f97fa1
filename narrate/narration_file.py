"""A narration in one file: a line of JSON with the times, then the raw sound.

The sound is 16-bit if each sample is a whole step of 16-bit sound, as `narrate_slide` makes it, and
float32 otherwise, so it is always exact. The same narration always gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from foundation.json_text import parse_object
from foundation.problem import Place
from narrate.clock import SAMPLE_RATE
from narrate.errors import StoreError
from narrate.vocabulary import AddedSpeech, Narration, SpokenPhone, Unread, Word

MAGIC = b"narration 4\n"


def save_narration(narration: Narration, path: Path) -> None:
    """Write `narration` directly to `path`. Raises OSError."""
    scaled = narration.samples.astype(np.float64) * 32768
    whole = bool(
        np.all(scaled == np.round(scaled)) and np.all(scaled >= -32768) and np.all(scaled <= 32767)
    )
    head = {
        "rate": SAMPLE_RATE,
        "samples": len(narration.samples),
        "format": "int16" if whole else "float32",
        "steps": narration.steps,
        "words": _make_rows(narration.words),
        "added": [_make_rows(added.words) for added in narration.added],
        "unread": [[u.utterance, u.message, u.remedy, u.failed] for u in narration.unread],
        "phones": [[p.symbol, p.start, p.end, p.stress] for p in narration.phones],
    }
    line = json.dumps(head, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    sound = scaled.astype("<i2") if whole else narration.samples.astype("<f4")
    path.write_bytes(MAGIC + line.encode() + b"\n" + sound.tobytes())


def load_narration(path: Path) -> Narration:
    """The narration that `save_narration` wrote. Raises `StoreError` if the file is damaged."""
    try:
        content = path.read_bytes()
        if not content.startswith(MAGIC):
            raise ValueError("it is not a narration")
        end = content.index(b"\n", len(MAGIC))
        head: dict[str, Any] = dict(parse_object(content[len(MAGIC) : end]))
        kind = {"int16": "<i2", "float32": "<f4"}[head["format"]]
        sound = np.frombuffer(content, kind, offset=end + 1)
        if len(sound) != head["samples"] or head["rate"] != SAMPLE_RATE:
            raise ValueError("it is cut short")
        scale = np.float32(32768 if kind == "<i2" else 1)
        return Narration(
            samples=sound.astype(np.float32) / scale,
            words=tuple(Word(*word) for word in head["words"]),
            phones=tuple(SpokenPhone(*phone) for phone in head["phones"]),
            steps=tuple(head["steps"]),
            added=tuple(
                AddedSpeech(tuple(Word(*word) for word in words)) for words in head["added"]
            ),
            unread=tuple(Unread(*row) for row in head["unread"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"The stored narration cannot be read ({error}).",
            remedy="Delete the file; the next build will speak the slide again.",
            place=Place(str(path)),
        ) from error


def _make_rows(words: Iterable[Word]) -> list[list[Any]]:
    return [[w.written, w.start, w.end, w.utterance, w.token, w.confidence] for w in words]
