"""Segments, sound, captions and chapters joined to one MP4, without encoding pictures again."""

from __future__ import annotations

import heapq
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foundation.problem import Place
from narrate.clock import SAMPLE_RATE, frames_to_ms, frames_to_samples
from narrate.errors import RenderError, StoreError
from narrate.loudness import limit_loudness, plan_normalisation
from narrate.video.boxes import disable_captions
from narrate.video.languages import iso639_2
from narrate.video.segment import REORDERED
from narrate.vocabulary import Chapter, Cue, Samples

if TYPE_CHECKING:
    import av
    from av.container import OutputContainer
    from av.packet import Packet
    from av.subtitles.stream import SubtitleStream

VERSION = 2

AUDIO_BITS = 128_000  # mono AAC-LC: transparent for speech
_FRAME = 1024  # samples in an AAC-LC frame

_ASS_HEADER = (
    "[Script Info]\nScriptType: v4.00+\nPlayResX: 384\nPlayResY: 288\n\n[V4+ Styles]\n"
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, "
    "Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, "
    "Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n"
    "Style: Default,Arial,16,&Hffffff,&Hffffff,&H0,&H80000000,0,0,0,0,100,100,0,0,3,1,0,2,10,10,"
    "10,0\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
)
"""What mov_text takes its sample description from: white on a half clear box, bottom centre."""

Sound = Samples | Callable[[], Iterable[Samples]]
"""A lesson's sound whole, or a function that gives it in pieces each time it is called: so an
hour's lesson is never in memory at once."""


def join_lesson(
    segments: Sequence[Path],
    *,
    audio: Sound,
    out: Path,
    rate: Fraction,
    cues: Sequence[Cue] = (),
    chapters: Sequence[Chapter] = (),
    metadata: Mapping[str, str] | None = None,
    language: str = "en",
    captions_shown: bool = True,
    normalise: bool = True,
) -> None:
    """Write a lesson's video beside its place and rename it there.

    `audio` is mono at 48 kHz; it is brought to −16 LUFS, and padded with silence or cut to the
    length of the pictures. `cues` and `chapters` are in the lesson's time. `captions_shown` is
    whether players show the captions by themselves (not wanted where they are in the picture).
    Keys of `metadata` beyond those that MP4 knows (title, artist, comment, copyright, …) are kept
    as well, but then all of them are stored in the QuickTime way, which fewer players show.
    The same input gives the same bytes.

    Raises:
        RenderError: a segment is missing, damaged or does not fit the others.
        StoreError: the video cannot be written.
    """
    import av

    if not segments:
        raise RenderError("A video needs at least one segment.")
    beside = out.with_name(f".{out.name}.{os.getpid()}.tmp")
    try:
        with av.open(
            str(beside),
            "w",
            format="mp4",
            options={"fflags": "+bitexact", "movflags": _movflags(metadata or {})},
        ) as target:
            _write(
                target, segments, audio, rate, cues, chapters, metadata or {}, language,
                captions_shown, normalise,
            )  # fmt: skip
        if cues and not captions_shown:
            disable_captions(beside)
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.replace(out)
    except OSError as error:
        raise StoreError(
            f"The video {out.name} cannot be written: {error.strerror or error}.",
            remedy="Check the free space and the rights of the output folder.",
            place=Place(str(out)),
        ) from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def _write(
    target: OutputContainer,
    segments: Sequence[Path],
    audio: Sound,
    rate: Fraction,
    cues: Sequence[Cue],
    chapters: Sequence[Chapter],
    metadata: Mapping[str, str],
    language: str,
    captions_shown: bool,
    normalise: bool,
) -> None:
    from av.codec.context import Flags
    from av.stream import Disposition

    spoken = iso639_2(language)
    target.metadata.update(metadata)
    with _opened(segments[0]) as first:
        pattern = first.streams.video[0]
        video = target.add_stream_from_template(pattern)
        video.time_base = 1 / rate
        extradata = pattern.codec_context.extradata
    sound = target.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
    sound.bit_rate = AUDIO_BITS
    # Half a dB noisier than the default search at this rate, in 40 % of its time.
    sound.codec_context.options = {"aac_coder": "fast"}
    sound.codec_context.thread_count = 1
    sound.codec_context.flags |= Flags.bitexact
    sound.metadata["language"] = spoken
    sources = []
    frames = sum(_frame_count(path) for path in segments)
    sources.append(_video_packets(segments, video, rate, extradata))
    sources.append(_audio_packets(sound, _levelled(audio, normalise), frames, rate))
    if cues:
        text = target.add_stream("mov_text")
        text.time_base = Fraction(1, 1000)
        text.codec_context.time_base = Fraction(1, 1000)
        text.codec_context.subtitle_header = _ASS_HEADER.encode()
        text.metadata["language"] = spoken
        text.metadata["handler_name"] = "Captions"
        text.disposition = Disposition.default if captions_shown else Disposition(0)
        sources.append(_text_packets(text, _in_turn(cues, frames_to_ms(frames, rate))))
    if chapters:
        target.set_chapters(
            [
                {
                    "id": number,
                    "start": chapter.start,
                    "end": chapter.end,
                    "time_base": Fraction(1, 1000),
                    "metadata": {"title": chapter.title},
                }
                for number, chapter in enumerate(chapters)
            ]
        )
    # Packets are muxed in the order of their times: the muxer then holds few of them back.
    for _, _, packet in heapq.merge(*sources, key=lambda timed: timed[:2]):
        target.mux(packet)


_Timed = tuple[Fraction, int, "Packet[Any]"]


def _video_packets(
    segments: Sequence[Path], stream: av.VideoStream, rate: Fraction, extradata: bytes | None
) -> Iterator[_Timed]:
    """Packets in decoding order, one a frame, so the n-th is due n frames after the first.

    The segments' own decoding times are not used: those of segments of a frame or two do not
    leave the room that B-frames need.
    """
    offset = 0
    for path in segments:
        with _opened(path) as source:
            track = source.streams.video[0]
            if track.codec_context.extradata != extradata:
                raise RenderError(
                    f"The segment {path.name} was encoded in another way than the first one.",
                    remedy="Build the lesson again with an empty cache.",
                    place=Place(str(path)),
                )
            count = 0
            for packet in source.demux(track):
                if packet.size == 0 or packet.pts is None:
                    continue
                packet.pts = offset + round(packet.pts * packet.time_base * rate)
                packet.dts = offset + count - REORDERED
                packet.duration = 1
                packet.time_base = 1 / rate
                packet.stream = stream
                count += 1
                yield packet.dts / rate, 0, packet
            offset += count


def _audio_packets(
    stream: av.AudioStream, sound: Iterable[Samples], frames: int, rate: Fraction
) -> Iterator[_Timed]:
    import av

    position = 0
    for block in _blocks(sound, frames_to_samples(frames, rate)):
        frame = av.AudioFrame.from_ndarray(block[None], format="fltp", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        frame.time_base = Fraction(1, SAMPLE_RATE)
        frame.pts = position
        position += len(block)
        for packet in stream.encode(frame):
            yield _time(packet), 1, packet
    for packet in stream.encode(None):
        yield _time(packet), 1, packet


def _in_turn(cues: Sequence[Cue], total: int) -> Iterator[Cue]:
    """The cues as a text track can hold them: none longer than until the next one begins, or
    beyond the end of the video."""
    ordered = sorted(cues, key=lambda cue: (cue.start, cue.end))
    following = [*(cue.start for cue in ordered[1:]), total]
    for cue, limit in zip(ordered, following, strict=True):
        end = min(cue.end, limit, total)
        if end > cue.start:
            yield Cue(cue.start, end, cue.lines, cue.speaker)


def _text_packets(stream: SubtitleStream, cues: Iterable[Cue]) -> Iterator[_Timed]:
    import av

    for cue in cues:
        words = "\n".join(cue.lines).encode()
        packet = av.Packet(len(words).to_bytes(2, "big") + words)
        packet.stream = stream
        packet.time_base = Fraction(1, 1000)
        packet.pts = packet.dts = cue.start
        packet.duration = cue.end - cue.start
        packet.is_keyframe = True
        yield Fraction(cue.start, 1000), 2, packet


def _time(packet: Packet[Any]) -> Fraction:
    return (packet.dts or 0) * (packet.time_base or Fraction(0))


def _levelled(audio: Sound, normalise: bool) -> Iterable[Samples]:
    def whole() -> Iterable[Samples]:
        return [audio] if isinstance(audio, np.ndarray) else audio()

    if not normalise:
        return whole()
    return limit_loudness(whole(), plan_normalisation(whole).gain)


def _blocks(sound: Iterable[Samples], total: int) -> Iterator[Samples]:
    """`total` samples in frames of 1024, the last one shorter; silence where sound is lacking."""
    rest = np.zeros(0, np.float32)
    left = total
    for piece in sound:
        rest = np.concatenate([rest, piece])[:left]
        while len(rest) >= _FRAME:
            yield rest[:_FRAME]
            rest, left = rest[_FRAME:], left - _FRAME
        if left <= 0:
            return
    while left > 0:
        block = np.zeros(min(_FRAME, left), np.float32)
        block[: len(rest)] = rest
        yield block
        rest, left = rest[:0], left - len(block)


def _opened(path: Path) -> av.container.InputContainer:
    import av

    try:
        source = av.open(str(path), format="mp4")
    except (OSError, ValueError) as error:
        raise RenderError(
            f"The segment {path.name} cannot be read: {error}.",
            remedy="Build the lesson again; what is damaged is then made anew.",
            place=Place(str(path)),
        ) from error
    if not source.streams.video:
        source.close()
        raise RenderError(f"The segment {path.name} holds no video.", place=Place(str(path)))
    return source


def _frame_count(path: Path) -> int:
    with _opened(path) as source:
        return source.streams.video[0].frames


_KNOWN = frozenset(
    (
        *("title", "artist", "album", "album_artist", "comment", "composer", "copyright", "date"),
        *("description", "synopsis", "genre", "grouping", "lyrics", "show", "network", "keywords"),
    )
)
"""Keys that MP4's own tags have (FFmpeg's movenc)."""


def _movflags(metadata: Mapping[str, str]) -> str:
    return "+faststart" + ("+use_metadata_tags" if set(metadata) - _KNOWN else "")
