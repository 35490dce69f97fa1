"""A slide's segments, one a video, composed and encoded in one pass."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from lessons.model import Finding
from narrate.clock import ms_to_frame
from narrate.errors import NarrateError, RenderError
from narrate.video.captions import draw_captions
from narrate.video.compose import Canvas, Planes, decode_png, fit_panel, fit_signer, to_planes
from narrate.video.layout import Box, Layout
from narrate.video.segment import QUALITY, SegmentWriter
from narrate.video.themes import Theme
from narrate.video.themes import theme as theme_named
from narrate.vocabulary import Cue, Pixels

VERSION = 3

_AHEAD = 6  # frames that may wait for an encoder: 2 MB each


@dataclass(frozen=True, slots=True)
class View:
    """One of the videos that a slide is rendered for.

    `pictures` holds the slide's PNG for each reveal step, drawn for `layout`; `output` is where
    the segment goes. A `draft` is encoded in half the time, at three times the size and more; its
    segments do not join with others.
    """

    layout: Layout
    pictures: tuple[bytes, ...]
    output: Path
    theme: str | Theme = "light"
    draft: bool = False


def render_slide(
    views: Sequence[View],
    *,
    step_frames: Sequence[int],
    frames: int,
    rate: Fraction,
    portrait: Iterator[Pixels] | None = None,
    signer: Iterator[Pixels] | None = None,
    cues: Sequence[Cue] = (),
    language: str = "en",
) -> tuple[Finding, ...]:
    """Write the segments of one slide, all of them in one pass.

    `step_frames` holds the first frame of each reveal step; the first is 0. `portrait` and
    `signer` give one RGB frame each for every frame of the slide; a shorter one stays at its last
    frame. The presenter is rendered once: each view scales the frames to its panel. `cues` are in
    the slide's time; they are drawn where a layout has a band for them.

    Each view is encoded in a thread of its own, while the caller's thread draws the portrait.

    Raises:
        RenderError: something does not fit together, or cannot be encoded.
        StoreError: a segment cannot be written. No segment is left then.
    """
    if frames < 1 or not step_frames or step_frames[0] != 0:
        raise RenderError(f"A slide needs frames and a first step at 0, not {frames} frames.")
    slide = _Slide(
        tuple(step_frames), frames, rate, tuple(cues), _cue_frames(cues, frames, rate), language
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
        fed = [painter for painter in painters if painter.fed]
        for _ in range(frames if fed else 0):
            moving = _Moving(
                next(portrait, None) if portrait is not None else None,
                next(signer, None) if signer is not None else None,
            )
            if not all(painter.offer(moving) for painter in fed):
                break
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


@dataclass(frozen=True, slots=True)
class _Slide:
    """What all views of a slide have in common. `spans` are the cues' frames."""

    step_frames: tuple[int, ...]
    frames: int
    rate: Fraction
    cues: tuple[Cue, ...]
    spans: tuple[tuple[int, int], ...]
    language: str


@dataclass(frozen=True, slots=True)
class _Moving:
    """The new frames of the presenter and the signer; None: the last one stays."""

    face: Pixels | None = None
    hands: Pixels | None = None


class _InterruptedError(Exception):
    """Another view or the portrait failed."""


class _Painter:
    """Composes and encodes one view in its own thread."""

    def __init__(
        self, view: View, slide: _Slide, stop: threading.Event, *, face: bool, hands: bool
    ) -> None:
        if len(view.pictures) != len(slide.step_frames):
            raise RenderError(
                f"{len(view.pictures)} pictures were drawn for "
                f"{len(slide.step_frames)} reveal steps."
            )
        self.error: Exception | None = None
        self.findings: tuple[Finding, ...] = ()
        # Whether frames of a presenter or signer come; without them nothing is waited for.
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
            look = view.theme if isinstance(view.theme, Theme) else theme_named(view.theme)
            drawn = draw_captions(
                slide.cues, layout=view.layout, theme=look, language=slide.language
            )
            self._captions, self._no_caption = drawn.pictures, drawn.empty
            self.findings = drawn.findings
        self._thread = threading.Thread(target=self._run, name=f"encode-{view.layout.name}")

    def start(self) -> None:
        self._thread.start()

    def offer(self, moving: _Moving) -> bool:
        """Hand over what the next frame shows; False once something has failed."""
        while not self._stop.is_set():
            with suppress(queue.Full):
                self._queue.put(moving, timeout=0.5)
                return True
        return False

    def end(self) -> None:
        """Wait until the segment is written, or given up."""
        while self.fed and self._thread.is_alive():
            with suppress(queue.Full):
                self._queue.put(None, timeout=0.5)
                break
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        view, slide = self._view, self._slide
        try:
            with SegmentWriter(
                view.output,
                view.layout.size,
                slide.rate,
                QUALITY[view.layout.name],
                draft=view.draft,
            ) as writer:
                if self.fed or view.layout.captions is not None:
                    self._paint(writer)
                else:
                    self._hold(writer)
        except _InterruptedError:
            self._stop.set()  # the cause is reported by whoever has it
        except NarrateError as error:
            self.error = error
            self._stop.set()
        except Exception as error:
            self.error = RenderError(f"The {view.layout.name} video failed: {error}")
            self.error.__cause__ = error
            self._stop.set()

    def _hold(self, writer: SegmentWriter) -> None:
        """Slides that only change with their steps."""
        canvas = Canvas(self._view.layout.size)
        starts = sorted({min(at, self._slide.frames) for at in self._slide.step_frames})
        for first, end in itertools.pairwise([*starts, self._slide.frames]):
            if self._stop.is_set():
                raise _InterruptedError
            if end > first:
                canvas.show(self._picture(first))
                writer.hold(canvas, end - first)

    def _paint(self, writer: SegmentWriter) -> None:
        layout = self._view.layout
        canvas = Canvas(layout.size)
        steps = set(self._slide.step_frames)
        shown: int | None = None  # the cue on the canvas; -1: none; None: not yet drawn
        face = _Panel(layout.presenter, fit_panel, layout.radius)
        hands = _Panel(layout.signer, fit_signer)
        for n in range(self._slide.frames):
            moving = self._queue.get() if self.fed else _Moving()
            if moving is None or self._stop.is_set():
                raise _InterruptedError
            fresh = n in steps
            if fresh:
                canvas.show(self._picture(n))
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

    def _picture(self, frame: int) -> Planes:
        # Several steps may begin at one frame; the last one counts.
        step = max(i for i, at in enumerate(self._slide.step_frames) if at <= frame)
        return to_planes(decode_png(self._view.pictures[step]))


class _Panel:
    """A rectangle that shows moving pictures, and the last one that it was given."""

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
        if frame is not None and frame is not self._source:  # a still face is one array
            self._source = frame
            fitted, place = self._fit(frame, self._box)
            self._shown = to_planes(fitted), place
            again = True
        if again and self._shown is not None:
            planes, place = self._shown
            canvas.put(place, planes, radius=self._radius)


def _cue_frames(cues: Sequence[Cue], frames: int, rate: Fraction) -> tuple[tuple[int, int], ...]:
    """First and past-the-last frame of each cue, at least one frame long."""
    spans = []
    for cue in cues:
        first = min(max(ms_to_frame(cue.start, rate), 0), frames)
        spans.append((first, max(ms_to_frame(cue.end, rate), first + 1)))
    return tuple(spans)
