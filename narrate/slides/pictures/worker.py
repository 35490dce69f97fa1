"""The process in which pictures are decoded and fonts are tried: it reads requests and writes
replies.

A message is its length in four bytes, a JSON object of that length, and the bytes that it announces
as `size`. The process ends when its input is closed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import IO, Any

from foundation.json_text import parse_object
from lessons.course.drawings import is_drawing
from narrate.errors import DecodingError
from narrate.slides.font_trial import read_family
from narrate.slides.pictures.diagram_sources import draw_source
from narrate.slides.pictures.raster import SlidePicture, decode_raster
from narrate.slides.pictures.vector import draw_vector


def main() -> None:
    """Answer requests until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever started this process ends it
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be read as a reply
    requests = sys.stdin.buffer
    while (message := read_message(requests)) is not None:
        head, data = message
        limit_process(head["memory"], head["seconds"])
        reply, png = _answer(head, data)
        write_message(replies, reply, png)


def read_message(source: IO[bytes]) -> tuple[dict[str, Any], bytes] | None:
    """The next message; None at the end. Raises EOFError if it ends in the middle of a message."""
    start = source.read(4)
    if not start:
        return None
    head = parse_object(_read_exactly(source, int.from_bytes(start, "big")))
    return head, _read_exactly(source, head["size"])


def write_message(target: IO[bytes], head: dict[str, Any], data: bytes) -> None:
    """Write a message. Raises OSError if the other process has ended."""
    text = json.dumps({**head, "size": len(data)}).encode()
    target.write(len(text).to_bytes(4, "big") + text)
    target.write(data)
    target.flush()


def limit_process(memory: int, seconds: int) -> None:
    """Limit this process to an address space in bytes, and to more processor time in seconds.

    The system ends a process that exceeds the time. Systems without these limits set none.
    """
    try:
        import resource
    except ImportError:  # Windows
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + 1 + seconds
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, until),
    ):
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        try:
            resource.setrlimit(kind, (most, hard))
        except (OSError, ValueError):  # macOS has no limit of the address space
            continue


def _read_exactly(source: IO[bytes], size: int) -> bytes:
    data = source.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _answer(head: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        if head.get("font"):
            return {"family": read_family(data, head["name"])}, b""
        within = (int(head["within"][0]), int(head["within"][1]))
        made = _decode(data, head, within)
    except DecodingError as error:
        return {"message": error.message, "remedy": error.remedy}, b""
    except (MemoryError, RecursionError):
        return {"exhausted": True}, b""
    facts = {name: getattr(made, name) for name in ("width", "height", "ink", "missing", "remedy")}
    return facts, made.png


def _decode(data: bytes, head: dict[str, Any], within: tuple[int, int]) -> SlidePicture:
    name, language = head["name"], head["language"]
    if head["diagram"]:
        svg = draw_source(data.decode(), head["diagram"])
        return draw_vector(svg, "of the diagram", within, language)
    if is_drawing(data):
        return draw_vector(data, name, within, language)
    return decode_raster(data, name, within)
