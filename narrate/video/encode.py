"""One slide of one video as a segment: H.264 in MP4, joined later without encoding again.

Segments join because all have the same options, thread count and headers, and start with a closed
group of pictures. The bytes depend on the thread count, so it is fixed.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType

from lessons.model import Finding
from narrate.clock import ms_to_frame
from narrate.errors import NarrateError, RenderError, StoreError
from narrate.model import Cue, Pixels
from narrate.video.captions import draw_captions
from narrate.video.compose import Canvas, Planes, decode_png, fit_panel, to_planes
from narrate.video.layout import Layout, LayoutName
from narrate.video.themes import Theme
from narrate.video.themes import theme as theme_named

VERSION = 1

QUALITY: dict[LayoutName, int] = {"lecture": 22, "lipreadable": 19}
"""x264's constant rate factor. Lip-reading needs the detail of lips and teeth: 20 or lower."""

KEYFRAME_SECONDS = 4  # how far a player has to decode to show where one has sought

REORDERED = 2
"""How many frames later a frame is shown than decoded, at most: B-frames that refer to a B-frame
(x264's `b-pyramid=normal`, which every preset above ultrafast has)."""

_AHEAD = 6  # frames that may wait for an encoder: 2 MB each


@dataclass(frozen=True, slots=True)
class View:
    """One of the videos that a slide is rendered for.

    `pictures` holds the slide's PNG for each reveal step, drawn for `layout`; `output` is where
    the segment goes.
    """

    layout: Layout
    pictures: tuple[bytes, ...]
    output: Path
    theme: str | Theme = "light"


class SegmentWriter:
    """Encodes frames one after another at a constant rate, from time 0."""

    def __init__(self, path: Path, size: tuple[int, int], rate: Fraction, quality: int) -> None:
        import av
        from av.codec.context import Flags

        self.path = path
        self.frames = 0
        self._rate = rate
        try:
            self._container = av.open(str(path), "w", format="mp4", options={"fflags": "+bitexact"})
        except OSError as error:
            raise _cannot_write(path, error) from error
        keyframes = max(1, round(KEYFRAME_SECONDS * rate))
        stream = self._container.add_stream("libx264", rate=rate)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.time_base = 1 / rate
        context = stream.codec_context
        context.time_base = 1 / rate
        context.thread_count = 1
        context.flags |= Flags.bitexact | Flags.global_header | Flags.closed_gop
        context.color_primaries = context.color_trc = context.colorspace = 1  # BT.709
        context.color_range = 1  # limited
        context.options = {
            "preset": "veryfast",
            "crf": str(quality),
            # stitchable: headers that do not depend on the content
            "x264-params": f"open-gop=0:keyint={keyframes}:bframes=3:b-pyramid=normal:"
            "stitchable=1:threads=1:"
            "colorprim=bt709:transfer=bt709:colormatrix=bt709:fullrange=off",
        }
        self._stream = stream

    def write(self, canvas: Canvas) -> None:
        """Encode the canvas as it is now, as the next frame."""
        canvas.frame.pts = self.frames
        canvas.frame.time_base = 1 / self._rate
        self.frames += 1
        self._mux(self._stream.encode(canvas.frame))

    def close(self) -> None:
        """Write what is still in the encoder and end the file."""
        self._mux(self._stream.encode(None))
        try:
            self._container.close()
        except OSError as error:
            raise _cannot_write(self.path, error) from error

    def abandon(self) -> None:
        """End without a usable file."""
        with suppress(Exception):
            self._container.close()
        self.path.unlink(missing_ok=True)

    def _mux(self, packets: Iterable[object]) -> None:
        try:
            for packet in packets:
                self._container.mux(packet)  # type: ignore[arg-type]
        except OSError as error:
            raise _cannot_write(self.path, error) from error

    def __enter__(self) -> SegmentWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()


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
    spans = _cue_frames(cues, frames, rate)
    stop = threading.Event()
    findings: list[Finding] = []
    painters: list[_Painter] = []
    try:
        for view in views:
            painters.append(_Painter(view, step_frames, frames, rate, spans, cues, language, stop))
        for painter in painters:
            findings.extend(painter.findings)
            painter.start()
        has_presenter = any(view.layout.presenter is not None for view in views)
        has_signer = any(view.layout.signer is not None for view in views)
        for _ in range(frames):
            face = next(portrait, None) if portrait is not None and has_presenter else None
            hands = next(signer, None) if signer is not None and has_signer else None
            if not all(painter.offer(face, hands) for painter in painters):
                break
    except BaseException:
        stop.set()
        raise
    finally:
        for painter in painters:
            painter.end()
        failed = [p.error for p in painters if p.error is not None]
        if failed or stop.is_set():
            for view in views:
                view.output.unlink(missing_ok=True)
    if failed:
        raise failed[0]
    return tuple(findings)


class _InterruptedError(Exception):
    """Another view or the portrait failed."""


class _Painter:
    """Composes and encodes one view in its own thread."""

    def __init__(
        self,
        view: View,
        step_frames: Sequence[int],
        frames: int,
        rate: Fraction,
        spans: Sequence[tuple[int, int]],
        cues: Sequence[Cue],
        language: str,
        stop: threading.Event,
    ) -> None:
        if len(view.pictures) != len(step_frames):
            raise RenderError(
                f"{len(view.pictures)} pictures were drawn for {len(step_frames)} reveal steps."
            )
        self.error: Exception | None = None
        self.findings: tuple[Finding, ...] = ()
        self._view = view
        self._step_frames = step_frames
        self._frames = frames
        self._rate = rate
        self._spans = spans
        self._stop = stop
        self._queue: queue.Queue[tuple[Pixels | None, Pixels | None] | None] = queue.Queue(_AHEAD)
        self._captions: tuple[bytes, ...] = ()
        self._no_caption = b""
        if view.layout.captions is not None:
            look = view.theme if isinstance(view.theme, Theme) else theme_named(view.theme)
            drawn = draw_captions(cues, layout=view.layout, theme=look, language=language)
            self._captions, self._no_caption = drawn.pictures, drawn.empty
            self.findings = drawn.findings
        self._thread = threading.Thread(target=self._run, name=f"encode-{view.layout.name}")

    def start(self) -> None:
        self._thread.start()

    def offer(self, face: Pixels | None, hands: Pixels | None) -> bool:
        """Hand over what the next frame shows; False once encoding has failed."""
        while not self._stop.is_set():
            with suppress(queue.Full):
                self._queue.put((face, hands), timeout=0.5)
                return True
        return False

    def end(self) -> None:
        while self._thread.is_alive():
            with suppress(queue.Full):
                self._queue.put(None, timeout=0.5)
                break
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            layout = self._view.layout
            quality = QUALITY[layout.name]
            with SegmentWriter(self._view.output, layout.size, self._rate, quality) as writer:
                self._paint(writer)
        except _InterruptedError:
            self._stop.set()  # the cause is reported by whoever has it
        except NarrateError as error:
            self.error = error
            self._stop.set()
        except Exception as error:
            self.error = RenderError(f"The {self._view.layout.name} video failed: {error}")
            self.error.__cause__ = error
            self._stop.set()

    def _paint(self, writer: SegmentWriter) -> None:
        layout = self._view.layout
        canvas = Canvas(layout.size)
        steps = set(self._step_frames)
        step = -1
        shown: int | None = None  # the cue on the canvas; None: not yet drawn, -1: none
        face: Planes | None = None
        hands: Planes | None = None
        for n in range(self._frames):
            item = self._queue.get()
            if item is None or self._stop.is_set():
                raise _InterruptedError
            new_face, new_hands = item
            fresh = n in steps
            if fresh:
                # Several steps may begin at one frame; the last one counts.
                step = max(i for i, at in enumerate(self._step_frames) if at <= n)
                canvas.show(to_planes(decode_png(self._view.pictures[step])))
                shown = None
            if layout.presenter is not None and new_face is not None:
                face = to_planes(fit_panel(new_face, layout.presenter))
            if (
                layout.presenter is not None
                and face is not None
                and (fresh or new_face is not None)
            ):
                canvas.put(layout.presenter, face, radius=layout.radius)
            if layout.signer is not None and new_hands is not None:
                hands = to_planes(fit_panel(new_hands, layout.signer))
            if layout.signer is not None and hands is not None and (fresh or new_hands is not None):
                canvas.put(layout.signer, hands)
            if layout.captions is not None:
                cue = next((i for i, (a, b) in enumerate(self._spans) if a <= n < b), -1)
                if cue != shown:
                    picture = self._no_caption if cue < 0 else self._captions[cue]
                    canvas.put(layout.captions, to_planes(decode_png(picture)))
                    shown = cue
            writer.write(canvas)


def _cue_frames(cues: Sequence[Cue], frames: int, rate: Fraction) -> list[tuple[int, int]]:
    """First and past-the-last frame of each cue, at least one frame long."""
    spans = []
    for cue in cues:
        first = min(max(ms_to_frame(cue.start, rate), 0), frames)
        spans.append((first, max(ms_to_frame(cue.end, rate), first + 1)))
    return spans


def _cannot_write(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The video {path.name} cannot be written: {error.strerror or error}.",
        remedy="Check the free space and the rights of the output folder.",
        path=str(path),
    )
