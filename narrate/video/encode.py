"""Composes and encodes the segments of a slide, one for each video, in a single pass."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from lessons.course.settings import DEFAULTS
from lessons.model import Finding
from narrate.clock import ms_to_frame
from narrate.errors import NarrateError, RenderError
from narrate.layout import Box, Layout
from narrate.slides.themes import THEMES, Theme
from narrate.video.compose import Canvas, Planes, decode_png, fit_panel, fit_signer, to_planes
from narrate.video.open_captions import draw_captions
from narrate.video.segment import QUALITY, SegmentWriter
from narrate.vocabulary import Cue, Pixels

_AHEAD = 6  # frames of 2 MB each that may wait for an encoder


@dataclass(frozen=True, slots=True)
class View:
    """One of the videos for which a slide is rendered.

    `pictures` are PNGs of the slide, drawn for `layout`, and `starts` the frame of the video at
    which each is first shown; the first of them is 0. `output` is the path of the segment.
    """

    layout: Layout
    pictures: tuple[bytes, ...]
    output: Path
    starts: tuple[int, ...] = (0,)
    theme: Theme = THEMES[DEFAULTS.theme]


def render_slide(
    views: Sequence[View],
    *,
    frames: int,
    rate: Fraction,
    portrait: Iterator[Pixels] | None = None,
    signer: Iterator[Pixels] | None = None,
    cues: Sequence[Cue] = (),
    language: str = DEFAULTS.language,
) -> tuple[Finding, ...]:
    """Write the segments of one slide, all of them in one pass.

    `portrait` and `signer` give an RGB frame for each frame of the slide. If one of them ends
    early, its last frame stays. The presenter is rendered once, and each view scales the frames to
    its panel. `cues` are in the slide's time and are drawn where a layout has a band for them.

    Each view is encoded in its own thread, while the caller's thread draws the portrait.

    Raises:
        RenderError: the arguments do not fit together, or a view cannot be encoded.
        StoreError: a segment cannot be written.

    After an error no segment is left.
    """
    if frames < 1:
        raise RenderError(f"A slide needs at least one frame; it has {frames} frames.")
    slide = _Slide(
        frames,
        rate,
        tuple(cues),
        _find_cue_frames(cues, frames, rate),
        language,
    )
    stop = threading.Event()
    painters: list[_Painter] = []
    try:
        for view in views:
            painters.append(
                _Painter(view, slide, stop, face=portrait is not None, hands=signer is not None)
            )
        for painter in painters:
            painter.start()
        _feed([painter for painter in painters if painter.fed], frames, portrait, signer)
    except BaseException:
        stop.set()
        raise
    finally:
        for painter in painters:
            painter.end()
        failed = [painter.error for painter in painters if painter.error is not None]
        if failed or stop.is_set():
            for view in views:
                view.output.unlink(missing_ok=True)
    if failed:
        raise failed[0]
    return tuple(finding for painter in painters for finding in painter.findings)


def _feed(
    painters: Sequence[_Painter],
    frames: int,
    portrait: Iterator[Pixels] | None,
    signer: Iterator[Pixels] | None,
) -> None:
    """Give the presenter's and signer's frames to all painters, until one of them has failed."""
    for _ in range(frames if painters else 0):
        moving = _Moving(
            next(portrait, None) if portrait is not None else None,
            next(signer, None) if signer is not None else None,
        )
        if not all(painter.offer(moving) for painter in painters):
            return


@dataclass(frozen=True, slots=True)
class _Slide:
    """What all views of a slide share. `spans` has each cue's first frame, and
    the one after its last."""

    frames: int
    rate: Fraction
    cues: tuple[Cue, ...]
    spans: tuple[tuple[int, int], ...]
    language: str


@dataclass(frozen=True, slots=True)
class _Moving:
    """The next frames of the presenter and the signer; None if the last one stays."""

    face: Pixels | None = None
    hands: Pixels | None = None


class _InterruptedError(Exception):
    """Another view, or the portrait, has failed."""


class _Painter:
    """Composes and encodes one view in its own thread."""

    def __init__(
        self, view: View, slide: _Slide, stop: threading.Event, *, face: bool, hands: bool
    ) -> None:
        if len(view.pictures) != len(view.starts) or view.starts[:1] != (0,):
            raise RenderError(
                f"The slide has {len(view.pictures)} pictures, but begins of {len(view.starts)}, "
                "of which the first must be 0."
            )
        self.error: Exception | None = None
        self.findings: tuple[Finding, ...] = ()
        # Whether this view waits for frames of a presenter or a signer.
        self.fed = (face and view.layout.presenter is not None) or (
            hands and view.layout.signer is not None
        )
        self._view = view
        self._slide = slide
        self._stop = stop
        self._queue: queue.Queue[_Moving | None] = queue.Queue(_AHEAD)
        self._captions: tuple[bytes, ...] = ()
        self._no_caption = b""
        if view.layout.captions is not None:
            drawn = draw_captions(
                slide.cues, layout=view.layout, theme=view.theme, language=slide.language
            )
            self._captions, self._no_caption = drawn.pictures, drawn.empty
            self.findings = drawn.findings
        self._thread = threading.Thread(target=self._run, name=f"encode-{view.layout.name}")

    def start(self) -> None:
        self._thread.start()

    def offer(self, moving: _Moving) -> bool:
        """Hand over what the next frame shows. Returns False once something has failed."""
        while not self._stop.is_set():
            with suppress(queue.Full):
                self._queue.put(moving, timeout=0.5)
                return True
        return False

    def end(self) -> None:
        """Wait until the segment has been written or abandoned."""
        while self.fed and self._thread.is_alive():
            with suppress(queue.Full):
                self._queue.put(None, timeout=0.5)
                break
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        view, slide = self._view, self._slide
        try:
            quality = QUALITY[view.layout.name]
            with SegmentWriter(view.output, view.layout.size, slide.rate, quality) as writer:
                if self.fed or view.layout.captions is not None:
                    self._paint(writer)
                else:
                    self._hold(writer)
        except _InterruptedError:
            self._stop.set()  # whatever failed reports the cause
        except NarrateError as error:
            self.error = error
            self._stop.set()
        except Exception as error:
            self.error = RenderError(f"The {view.layout.name} video cannot be encoded: {error}.")
            self.error.__cause__ = error
            self._stop.set()

    def _hold(self, writer: SegmentWriter) -> None:
        """Encode a view that only changes with the slide's pictures."""
        canvas = Canvas(self._view.layout.size)
        starts = sorted({min(at, self._slide.frames) for at in self._view.starts})
        for first, end in itertools.pairwise([*starts, self._slide.frames]):
            if self._stop.is_set():
                raise _InterruptedError
            if end > first:
                canvas.show(self._decode_picture(first))
                writer.hold(canvas, end - first)

    def _paint(self, writer: SegmentWriter) -> None:
        """Encode a view frame by frame."""
        layout = self._view.layout
        canvas = Canvas(layout.size)
        starts = set(self._view.starts)
        shown: int | None = (
            None  # the index of the cue on the canvas; -1 for no cue; None if unknown
        )
        face = _Panel(layout.presenter, fit_panel, layout.radius)
        hands = _Panel(layout.signer, fit_signer)
        for n in range(self._slide.frames):
            moving = self._queue.get() if self.fed else _Moving()
            if moving is None or self._stop.is_set():
                raise _InterruptedError
            fresh = n in starts
            if fresh:
                canvas.show(self._decode_picture(n))
                shown = None
            face.draw(canvas, moving.face, again=fresh)
            hands.draw(canvas, moving.hands, again=fresh)
            if layout.captions is not None:
                cue = next((i for i, (a, b) in enumerate(self._slide.spans) if a <= n < b), -1)
                if cue != shown:
                    picture = self._no_caption if cue < 0 else self._captions[cue]
                    canvas.put(layout.captions, to_planes(decode_png(picture)))
                    shown = cue
            writer.write(canvas)

    def _decode_picture(self, frame: int) -> Planes:
        # If several pictures begin at the same frame, the last one counts.
        last = max(i for i, at in enumerate(self._view.starts) if at <= frame)
        return to_planes(decode_png(self._view.pictures[last]))


class _Panel:
    """A rectangle that shows moving pictures. It remembers the last one."""

    def __init__(
        self,
        box: Box | None,
        fit: Callable[[Pixels, Box], tuple[Pixels, Box]],
        radius: int = 0,
    ) -> None:
        self._box = box
        self._fit = fit
        self._radius = radius
        self._source: Pixels | None = None
        self._shown: tuple[Planes, Box] | None = None

    def draw(self, canvas: Canvas, frame: Pixels | None, *, again: bool) -> None:
        if self._box is None:
            return
        if frame is not None and frame is not self._source:  # a still face is always the same array
            self._source = frame
            fitted, place = self._fit(frame, self._box)
            self._shown = to_planes(fitted), place
            again = True
        if again and self._shown is not None:
            planes, place = self._shown
            canvas.put(place, planes, radius=self._radius)


def _find_cue_frames(
    cues: Sequence[Cue], frames: int, rate: Fraction
) -> tuple[tuple[int, int], ...]:
    """Return each cue's first frame and the one after its last. Each has at least one frame."""
    spans = []
    for cue in cues:
        first = min(max(ms_to_frame(cue.start, rate), 0), frames)
        spans.append((first, max(ms_to_frame(cue.end, rate), first + 1)))
    return tuple(spans)
