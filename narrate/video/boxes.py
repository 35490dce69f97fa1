"""Changes to a finished MP4 file that FFmpeg's writer has no option for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from narrate.errors import RenderError

_ENABLED = 0x000001  # track_enabled (ISO 14496-12, 8.3.2.3)


def disable_captions(path: Path) -> None:
    """Clear the "enabled" flag of subtitle tracks, so that players show them only on request.

    FFmpeg always enables the first track of each kind. The length of the file does not change.
    Raises RenderError if the file does not begin with its description, and OSError.
    """
    with path.open("r+b") as file:
        for offset in _find_caption_flags(file.read(_find_moov_end(path))):
            file.seek(offset)
            value = int.from_bytes(file.read(3), "big")
            file.seek(offset)
            file.write((value & ~_ENABLED).to_bytes(3, "big"))


def _find_moov_end(path: Path) -> int:
    """Return where the movie box ends. With "faststart" it comes before the media."""
    with path.open("rb") as file:
        at = 0
        while header := file.read(8):
            size, kind = int.from_bytes(header[:4], "big"), header[4:]
            if size < 8:
                break
            if kind == b"moov":
                return at + size
            at += size
            file.seek(at)
    raise RenderError(f"The video {path.name} does not begin with a movie box.")


def _find_caption_flags(data: bytes) -> list[int]:
    """Return the offset of the flags of every subtitle track."""
    found = []
    for kind, start, end in _read_boxes(data, 0, len(data)):
        if kind != b"moov":
            continue
        for inner, track, track_end in _read_boxes(data, start, end):
            if inner == b"trak" and _find_handler(data, track, track_end) == b"sbtl":
                found += [
                    at + 1 for name, at, _ in _read_boxes(data, track, track_end) if name == b"tkhd"
                ]
    return found


def _find_handler(data: bytes, start: int, end: int) -> bytes:
    """Return the four letters that name the kind of a track, or nothing."""
    for kind, inner, inner_end in _read_boxes(data, start, end):
        if kind == b"mdia":
            for name, at, _ in _read_boxes(data, inner, inner_end):
                if name == b"hdlr":
                    return data[at + 8 : at + 12]
    return b""


def _read_boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Give the kind of each box in a range, and where its content starts and ends.

    See ISO 14496-12, 4.2.
    """
    while start + 8 <= end:
        size = int.from_bytes(data[start : start + 4], "big")
        if size < 8 or start + size > end:
            return
        yield data[start + 4 : start + 8], start + 8, start + size
        start += size
