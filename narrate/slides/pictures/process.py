"""Decodes pictures in a process of their own, which may neither stall nor break a build.

The process is started for the first picture and kept for the next ones. It is limited in memory and
time. When it dies or takes too long, the picture is given up and another process is started.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from narrate.errors import DecodingError
from narrate.slides.pictures.raster import SlidePicture
from narrate.slides.pictures.worker import read_message, write_message


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """What the decoding of one picture may use: bytes of address space, seconds of processor time,
    and seconds on the clock."""

    memory: int = 3_000_000_000
    processor_seconds: int = 15
    clock_seconds: float = 60.0


LIMITS = PictureLimits()
"""A picture of 49 million pixels, about the largest that is taken, needs up to 1.1 GB (grey of 16
bits) and 4 s of the processor; one of 2 million needs 0.2 s. The clock runs while other programs
use the processor, so it has more time."""

_START = (
    "import sys; sys.path[:] = sys.argv[1:]; "
    "from narrate.slides.pictures.worker import main; main()"
)
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Threads reserve address space that they do not use."""
_REMEDY = "Save it as a PNG with fewer pixels, or simplify the drawing."


class _ProcessDiedError(Exception):
    """The process ended before it answered. `late` tells whether that was for lack of time."""

    def __init__(self, late: bool) -> None:
        super().__init__()
        self.late = late


class _Worker:
    """A running process."""

    def __init__(self) -> None:
        ours = str(Path(__file__).resolve().parents[3])
        paths = [ours, *(path for path in sys.path if path and Path(path).is_absolute())]
        # -I: neither the folder that the user is in nor the environment chooses what is imported.
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, *paths],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **_ENVIRONMENT},
        )
        self.owner = os.getpid()

    def ask(
        self, head: dict[str, Any], data: bytes, seconds: float
    ) -> tuple[dict[str, Any], bytes]:
        """Send a request and wait for its reply. Raises _ProcessDiedError."""
        process = self._process
        assert process.stdin is not None and process.stdout is not None
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(seconds, give_up)
        timer.daemon = True
        timer.start()
        try:
            write_message(process.stdin, head, data)
            reply = read_message(process.stdout)
        except (OSError, ValueError, EOFError):
            reply = None
        finally:
            timer.cancel()
        if reply is None:
            self.stop()
            used_up = process.returncode == -_number_of_signal("SIGXCPU")
            raise _ProcessDiedError(late.is_set() or used_up)
        return reply

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        self._process.wait()


_lock = threading.Lock()
_worker: _Worker | None = None


def decode_picture(
    data: bytes,
    name: str,
    within: tuple[int, int],
    limits: PictureLimits | None = None,
    language: str = "en",
) -> SlidePicture:
    """Decode a picture or drawing of a file `name`, in another process.

    `language` is that of a drawing's text. `limits` are `LIMITS` if they are not given.

    Raises DecodingError, also if the limits do not suffice.
    """
    return _decode(data, _make_head(name, "", within, language), limits or LIMITS)


def draw_diagram(
    text: str,
    kind: str,
    within: tuple[int, int],
    limits: PictureLimits | None = None,
    language: str = "en",
) -> SlidePicture:
    """Draw a diagram from its text, in another process. Raises DecodingError as `decode_picture`.

    `kind` is one of `lessons.model.DiagramKind`.
    """
    head = _make_head("", kind, within, language)
    return _decode(text.encode("utf-8", "replace"), head, limits or LIMITS)


def _make_head(name: str, diagram: str, within: tuple[int, int], language: str) -> dict[str, Any]:
    return {"name": name, "diagram": diagram, "within": within, "language": language}


def _decode(data: bytes, head: dict[str, Any], limits: PictureLimits) -> SlidePicture:
    head |= {"memory": limits.memory, "seconds": limits.processor_seconds}
    with _lock:
        try:
            reply, png = _ask(head, data, limits.clock_seconds)
        except _ProcessDiedError as error:
            raise _make_error(head["name"], head["diagram"], error.late) from error
    if "message" in reply:
        raise DecodingError(reply["message"], remedy=reply["remedy"])
    facts = {name: reply[name] for name in ("width", "height", "ink", "missing", "remedy")}
    return SlidePicture(png, **facts)


def try_font(data: bytes, name: str, limits: PictureLimits | None = None) -> str:
    """Set a line in a font, in another process, and return its family. `name` is the file's.

    Raises DecodingError for a font that cannot be used, also if the limits do not suffice.
    """
    limits = limits or LIMITS
    head = {
        "font": True,
        "name": name,
        "memory": limits.memory,
        "seconds": limits.processor_seconds,
    }
    with _lock:
        try:
            reply, _ = _ask(head, data, limits.clock_seconds)
        except _ProcessDiedError as error:
            raise DecodingError(
                f"The font {name} needs too much time or memory.", remedy="Take another font."
            ) from error
    if "message" in reply:
        raise DecodingError(reply["message"], remedy=reply["remedy"])
    return str(reply["family"])


def _ask(head: dict[str, Any], data: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
    """Ask the process; ask a new one if memory ran out or it died, since it may not be the picture
    that is to blame."""
    for last in (False, True):
        try:
            reply, png = _find_worker().ask(head, data, seconds)
        except _ProcessDiedError as error:
            stop_worker()
            if last or error.late:
                raise
            continue
        if "exhausted" not in reply:
            return reply, png
        stop_worker()
    raise _ProcessDiedError(late=False)


def _find_worker() -> _Worker:
    global _worker
    if _worker is None or _worker.owner != os.getpid():
        _worker = _Worker()
    return _worker


def stop_worker() -> None:
    """End the process if there is one. The next picture starts another."""
    global _worker
    if _worker is not None and _worker.owner == os.getpid():
        _worker.stop()
    _worker = None


atexit.register(stop_worker)


def _make_error(name: str, diagram: str, late: bool) -> DecodingError:
    lacking = "takes too long" if late else "needs too much memory"
    if diagram:
        remedy = "Split it into smaller diagrams."
        return DecodingError(f"The diagram {lacking} to draw.", remedy=remedy)
    return DecodingError(f"The picture {name} {lacking} to decode.", remedy=_REMEDY)


def _number_of_signal(name: str) -> int:
    import signal

    return int(getattr(signal, name, 0))
