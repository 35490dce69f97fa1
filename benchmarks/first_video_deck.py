"""Copies of a deck to build, edits of single lines, and facts about the videos that were made."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np

SPOKEN = re.compile(r"<!--\s*say\b[^:]*:(.*?)-->", re.DOTALL)
SHOWN = re.compile(r"^[ ]{0,3}(?:[*-]|\d+[.)])?[ ]*([A-Z].*)$", re.MULTILINE)
WORD = re.compile(r"(?<![\w:/.`$'’\[-])[a-z]{4,}(?![\w:/.`$'’\]-])")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->|\A---\n.*?^---$", re.DOTALL | re.MULTILINE)
OTHER_WORD = "really"
POINTER = b"version https://git-lfs"
SILENCE = 1e-4  # of full scale


def copy_deck(deck: Path, to: Path) -> Path:
    """Copy a deck's folder without anything that was built there. Returns the deck's copy."""
    drop = shutil.ignore_patterns("build", "cache", "*.mp4", "*.srt", "*.pdf", ".env*")
    shutil.copytree(deck.parent, to, ignore=drop)
    return to / deck.name


def change_spoken_line(text: str) -> str:
    """Change a word of a narration in the middle of the deck, and nothing that is shown."""
    return _change(text, [m.span(1) for m in SPOKEN.finditer(_blank(FENCE, text))])


def change_shown_line(text: str) -> str:
    """Change a word of a line on a slide in the middle of the deck, and nothing that is spoken."""
    blank = _blank(COMMENT, _blank(FENCE, text))
    return _change(text, [m.span(1) for m in SHOWN.finditer(blank)])


def _blank(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda m: re.sub(r"\S", " ", m[0]), text)


def _change(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans[len(spans) // 2 :]:
        if word := WORD.search(text, start, end):
            return text[: word.start()] + OTHER_WORD + text[word.end() :]
    raise SystemExit("The deck has no line with an ordinary word to change.")


def find_pointers(folder: Path) -> list[str]:
    """Return the files of a checkout that are only Git LFS pointers."""
    files = (p for p in sorted(folder.rglob("*")) if p.is_file())
    return [str(p.relative_to(folder)) for p in files if p.read_bytes()[:23] == POINTER]


@dataclass(frozen=True, slots=True)
class Film:
    """Facts about a video that was made, and about the files beside it."""

    seconds: float
    size: str
    rate: float
    megabytes: float
    sounding: bool
    tracks: int  # of captions, in the video
    cues: int  # of the SRT file beside it
    parts: str  # chapters or segments

    def __str__(self) -> str:
        sound = "speech" if self.sounding else "silent"
        return (
            f"{self.seconds:.1f} s, {self.size} at {self.rate:g}/s, {self.megabytes:.1f} MB, "
            f"{sound}; {self.parts}; {self.cues} captions in SRT, {self.tracks} tracks inside"
        )


def describe_film(path: Path, parts: str) -> Film:
    with av.open(str(path)) as film:
        picture = film.streams.video[0]
        seconds = float(film.duration or 0) / 1_000_000
        size, rate = f"{picture.width}x{picture.height}", float(picture.average_rate or 0)
        tracks = len(film.streams.subtitles)
        sounding = bool(film.streams.audio) and any(
            np.abs(frame.to_ndarray()).max() > SILENCE for frame in film.decode(audio=0)
        )
    subtitles = sorted(path.parent.glob("*.srt"))
    cues = subtitles[0].read_text().count(" --> ") if subtitles else 0
    return Film(seconds, size, rate, path.stat().st_size / 1e6, sounding, tracks, cues, parts)
