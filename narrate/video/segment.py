"""Segments of H.264 in MP4 that can be joined without encoding them again.

They can be joined because all have the same options, thread count and headers, and because each
begins with a closed group of pictures. The bytes depend on the thread count, so it is fixed.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from foundation.problem import Place
from narrate.errors import StoreError
from narrate.layout import LayoutName
from narrate.video.compose import Canvas

if TYPE_CHECKING:
    import av

QUALITY: dict[LayoutName, int] = {"lecture": 22, "lipreadable": 19}
"""x264's constant rate factor. Lip-reading needs 20 or less, for the detail of lips and teeth."""

PRESET = "veryfast"
"""For a swaying face of 840 px at 1080p and crf 19, `veryfast` takes 15 ms a frame and 3 MB a
minute, `superfast` 12 ms and 20 MB, and `ultrafast` 7 ms and 55 MB."""

_SEARCH = "b-adapt=0:me=dia:subme=1:trellis=0"
"""A slide with a talking head has little motion to search for. This saves a fifth of the time of
`veryfast` alone, with the same PSNR and 6 % more bytes."""

KEYFRAME_SECONDS = 4  # the longest time that a player decodes before it shows a sought frame

REORDERED = 2
"""The largest number of frames between decoding a frame and showing it. It is 2 because B-frames
may refer to a B-frame (x264's `b-pyramid=normal`)."""


class SegmentWriter:
    """Encodes frames one after another at a constant rate, from time 0.

    Use `write` for pictures that move and `hold` for still ones. Raises StoreError if the file
    cannot be written.
    """

    def __init__(
        self,
        path: Path,
        size: tuple[int, int],
        rate: Fraction,
        quality: int,
    ) -> None:
        import av

        self.path = path
        self.frames = 0
        self._size = size
        self._rate = rate
        self._quality = quality
        self._muxed = 0
        self._run = 0  # the first frame of the current encoder
        try:
            self._container = av.open(str(path), "w", format="mp4", options={"fflags": "+bitexact"})
        except OSError as error:
            raise _make_write_error(path, error) from error
        self._stream = self._container.add_stream("libx264", rate=rate)
        self._stream.time_base = 1 / rate
        # The stream's own encoder gives the file its headers. All others make the same ones.
        self._encoder: av.VideoCodecContext | None = self._prepare(self._stream.codec_context)

    def write(self, canvas: Canvas) -> None:
        """Encode the canvas as it is now, as the next frame."""
        if self._encoder is None:
            self._encoder = self._make_encoder()
        self._mux(self._encoder.encode(self._stamp(canvas, self.frames - self._run)))
        self.frames += 1

    def hold(self, canvas: Canvas, count: int) -> None:
        """Show the canvas for `count` frames.

        One group of pictures is encoded and its packets are repeated; the last repetition may be
        partial. The group has no B-frames, so that it can end anywhere.
        """
        from av.video.frame import PictureType

        self._finish_run()
        group = min(count, self._keyframes)
        encoder = self._make_encoder()
        packets: list[bytes] = []
        for n in range(group):
            frame = self._stamp(canvas, n)
            frame.pict_type = PictureType.P if n else PictureType.I
            packets.extend(bytes(packet) for packet in encoder.encode(frame))
        packets.extend(bytes(packet) for packet in encoder.encode(None))
        canvas.frame.pict_type = PictureType.NONE
        for n in range(count):
            self._mux_one(packets[n % group], pts=self.frames, keyframe=n % group == 0)
            self.frames += 1
        self._run = self.frames

    def close(self) -> None:
        """Write what is still in the encoder, and close the file."""
        self._finish_run()
        try:
            self._container.close()
        except OSError as error:
            raise _make_write_error(self.path, error) from error

    def abandon(self) -> None:
        """Close the file and delete it."""
        with suppress(Exception):
            self._container.close()
        self.path.unlink(missing_ok=True)

    @property
    def _keyframes(self) -> int:
        return max(1, round(KEYFRAME_SECONDS * self._rate))

    def _stamp(self, canvas: Canvas, pts: int) -> av.VideoFrame:
        canvas.frame.pts = pts
        canvas.frame.time_base = 1 / self._rate
        return canvas.frame

    def _finish_run(self) -> None:
        if self._encoder is not None and self.frames > self._run:
            self._mux(self._encoder.encode(None))
        self._encoder = None
        self._run = self.frames

    def _mux(self, packets: Iterable[av.Packet[Any]]) -> None:
        for packet in packets:
            assert packet.pts is not None
            self._mux_one(bytes(packet), pts=self._run + packet.pts, keyframe=packet.is_keyframe)

    def _mux_one(self, data: bytes, *, pts: int, keyframe: bool) -> None:
        import av

        packet = av.Packet(data)
        packet.stream = self._stream
        packet.time_base = 1 / self._rate
        packet.pts = pts
        packet.dts = self._muxed - REORDERED
        packet.duration = 1
        packet.is_keyframe = keyframe
        self._muxed += 1
        try:
            self._container.mux(packet)
        except OSError as error:
            raise _make_write_error(self.path, error) from error

    def _make_encoder(self) -> av.VideoCodecContext:
        import av

        return self._prepare(av.CodecContext.create("libx264", "w"))

    def _prepare(self, context: av.VideoCodecContext) -> av.VideoCodecContext:
        from av.codec.context import Flags

        context.width, context.height = self._size
        context.pix_fmt = "yuv420p"
        context.framerate = self._rate
        context.time_base = 1 / self._rate
        context.thread_count = 1
        context.flags |= Flags.bitexact | Flags.global_header | Flags.closed_gop
        context.color_primaries = context.color_trc = context.colorspace = 1  # BT.709
        context.color_range = 1  # limited
        context.options = {
            "preset": PRESET,
            "crf": str(self._quality),
            # `stitchable` makes headers that do not depend on the content.
            "x264-params": f"open-gop=0:keyint={self._keyframes}:bframes=3:b-pyramid=normal:"
            f"{_SEARCH}:stitchable=1:threads=1:"
            "colorprim=bt709:transfer=bt709:colormatrix=bt709:fullrange=off",
        }
        return context

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


def _make_write_error(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"The video {path.name} cannot be written: {error.strerror or error}.",
        remedy="Check the disk's free space, and that you may write to the output folder.",
        place=Place(str(path)),
    )
