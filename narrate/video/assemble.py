"""Joins segments, sound, captions and chapters to one MP4, without encoding the pictures again."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from foundation.files import replacing_path
from foundation.languages import three_letter_code
from foundation.problem import Place
from lessons.course.settings import DEFAULTS
from narrate.clock import SAMPLE_RATE, frames_to_ms, frames_to_samples
from narrate.errors import RenderError, StoreError
from narrate.loudness import limit_loudness, plan_normalisation
from narrate.video.boxes import disable_captions
from narrate.video.segment import REORDERED
from narrate.vocabulary import Chapter, Cue, Samples

if TYPE_CHECKING:
    import av
    from av.container import OutputContainer
    from av.container.core import Chapter as Mp4Chapter
    from av.packet import Packet
    from av.subtitles.stream import SubtitleStream


AUDIO_BITS = 128_000  # bits a second: in mono AAC-LC, speech sounds like the original
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
"""The style that mov_text writes: white text in a half-transparent box at the bottom."""

Sound = Samples | Callable[[], Iterable[Samples]]
"""A lesson's whole sound, or a function that returns it in pieces. The function is called more than
once, so that an hour of sound need not be in memory."""


@dataclass(frozen=True, slots=True)
class LessonTracks:
    """Everything that is joined to one lesson's video.

    `segments` are the encoded pictures of the slides, at `rate` frames a second. `sound` is mono at
    48 kHz. `cues` and `chapters` are in the lesson's time. `captions_shown` says whether players
    show the captions by default, which is not wanted if they are in the picture. `metadata` may
    have keys that MP4 does not know (beyond title, artist, comment, copyright and others). Then all
    metadata are stored in the QuickTime way, which fewer players show.
    """

    segments: Sequence[Path]
    rate: Fraction
    sound: Sound
    cues: Sequence[Cue] = ()
    chapters: Sequence[Chapter] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)
    language: str = DEFAULTS.language
    captions_shown: bool = True


def join_lesson(tracks: LessonTracks, out: Path) -> None:
    """Write a lesson's video. Until it is complete, an existing file at `out` is kept.

    The sound is brought to −16 LUFS, and padded with silence or cut to the length of the pictures.
    The same tracks give the same bytes.

    Raises:
        RenderError: a segment is missing or damaged, or does not fit the others.
        StoreError: the video cannot be written.
    """
    import av

    if not tracks.segments:
        raise RenderError("A video needs at least one segment.")
    options = {"fflags": "+bitexact", "movflags": _choose_movflags(tracks.metadata)}
    try:
        with replacing_path(out) as written:
            with av.open(str(written), "w", format="mp4", options=options) as target:
                _write_tracks(target, tracks)
            if tracks.cues and not tracks.captions_shown:
                disable_captions(written)
    except OSError as error:
        raise StoreError(
            f"The video {out.name} cannot be written: {error.strerror or error}.",
            remedy="Check the disk's free space, and that you may write to the output folder.",
            place=Place(str(out)),
        ) from error


def _write_tracks(target: OutputContainer, tracks: LessonTracks) -> None:
    target.metadata.update(tracks.metadata)
    frames = sum(_count_frames(path) for path in tracks.segments)
    packets = [_add_pictures(target, tracks), _add_sound(target, tracks, frames)]
    if tracks.cues:
        packets.append(_add_captions(target, tracks, frames))
    if tracks.chapters:
        target.set_chapters([_describe_chapter(n, c) for n, c in enumerate(tracks.chapters)])
    # Packets are written in the order of their times, so that the muxer holds few of them back.
    for _, _, packet in heapq.merge(*packets, key=lambda timed: timed[:2]):
        target.mux(packet)


_Timed = tuple[Fraction, int, "Packet[Any]"]
"""A packet with its time in seconds and the number of its stream."""


def _add_pictures(target: OutputContainer, tracks: LessonTracks) -> Iterator[_Timed]:
    with _open_segment(tracks.segments[0]) as first:
        pattern = first.streams.video[0]
        stream = target.add_stream_from_template(pattern)
        stream.time_base = 1 / tracks.rate
        extradata = pattern.codec_context.extradata
    return _make_video_packets(tracks.segments, stream, tracks.rate, extradata)


def _add_sound(target: OutputContainer, tracks: LessonTracks, frames: int) -> Iterator[_Timed]:
    from av.codec.context import Flags

    stream = target.add_stream("aac", rate=SAMPLE_RATE, layout="mono")
    stream.bit_rate = AUDIO_BITS
    # This search takes 40 % of the default's time, and is half a dB noisier at this bit rate.
    stream.codec_context.options = {"aac_coder": "fast"}
    stream.codec_context.thread_count = 1
    stream.codec_context.flags |= Flags.bitexact
    stream.metadata["language"] = three_letter_code(tracks.language)
    return _make_audio_packets(
        stream, _normalise(tracks.sound), frames_to_samples(frames, tracks.rate)
    )


def _add_captions(target: OutputContainer, tracks: LessonTracks, frames: int) -> Iterator[_Timed]:
    from av.stream import Disposition

    stream = target.add_stream("mov_text")
    stream.time_base = Fraction(1, 1000)
    stream.codec_context.time_base = Fraction(1, 1000)
    stream.codec_context.subtitle_header = _ASS_HEADER.encode()
    stream.metadata["language"] = three_letter_code(tracks.language)
    stream.metadata["handler_name"] = "Captions"
    stream.disposition = Disposition.default if tracks.captions_shown else Disposition(0)
    return _make_text_packets(
        stream, _remove_overlaps(tracks.cues, frames_to_ms(frames, tracks.rate))
    )


def _describe_chapter(number: int, chapter: Chapter) -> Mp4Chapter:
    return {
        "id": number,
        "start": chapter.start,
        "end": chapter.end,
        "time_base": Fraction(1, 1000),
        "metadata": {"title": chapter.title},
    }


def _make_video_packets(
    segments: Sequence[Path], stream: av.VideoStream, rate: Fraction, extradata: bytes | None
) -> Iterator[_Timed]:
    """Give the packets in decoding order, one for each frame, at times that are one frame apart.

    The decoding times in the segments are not used: in a segment of one or two frames they do not
    leave the time that B-frames need.
    """
    offset = 0
    for path in segments:
        with _open_segment(path) as source:
            track = source.streams.video[0]
            if track.codec_context.extradata != extradata:
                raise RenderError(
                    f"The options with which the segment {path.name} was encoded differ from "
                    "those of the first segment.",
                    remedy="Delete .store in the output folder, and build the lesson again.",
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


def _make_audio_packets(
    stream: av.AudioStream, sound: Iterable[Samples], total: int
) -> Iterator[_Timed]:
    import av

    position = 0
    for block in _split_into_frames(sound, total):
        frame = av.AudioFrame.from_ndarray(block[None], format="fltp", layout="mono")
        frame.sample_rate = SAMPLE_RATE
        frame.time_base = Fraction(1, SAMPLE_RATE)
        frame.pts = position
        position += len(block)
        for packet in stream.encode(frame):
            yield _time_of(packet), 1, packet
    for packet in stream.encode(None):
        yield _time_of(packet), 1, packet


def _remove_overlaps(cues: Sequence[Cue], total: int) -> Iterator[Cue]:
    """Give the cues in order, each ending before the next one begins and before `total` ms.

    A text track cannot hold overlapping captions.
    """
    ordered = sorted(cues, key=lambda cue: (cue.start, cue.end))
    following = [*(cue.start for cue in ordered[1:]), total]
    for cue, limit in zip(ordered, following, strict=True):
        end = min(cue.end, limit, total)
        if end > cue.start:
            yield replace(cue, end=end)


def _make_text_packets(stream: SubtitleStream, cues: Iterable[Cue]) -> Iterator[_Timed]:
    import av

    for cue in cues:
        words = "\n".join(cue.labelled_lines).encode()
        packet = av.Packet(len(words).to_bytes(2, "big") + words)
        packet.stream = stream
        packet.time_base = Fraction(1, 1000)
        packet.pts = packet.dts = cue.start
        packet.duration = cue.end - cue.start
        packet.is_keyframe = True
        yield Fraction(cue.start, 1000), 2, packet


def _time_of(packet: Packet[Any]) -> Fraction:
    return (packet.dts or 0) * (packet.time_base or Fraction(0))


def _normalise(sound: Sound) -> Iterable[Samples]:
    """Bring a sound to its loudness. It is read twice."""

    def pieces() -> Iterable[Samples]:
        return [sound] if isinstance(sound, np.ndarray) else sound()

    return limit_loudness(pieces(), plan_normalisation(pieces).gain)


def _split_into_frames(sound: Iterable[Samples], total: int) -> Iterator[Samples]:
    """Split `total` samples into frames of 1024, of which the last may be shorter.

    If the sound is too short, silence follows it.
    """
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


def _open_segment(path: Path) -> av.container.InputContainer:
    import av

    try:
        source = av.open(str(path), format="mp4")
    except (OSError, ValueError) as error:
        raise RenderError(
            f"The segment {path.name} cannot be read: {error}.",
            remedy="Build the lesson again, which replaces damaged files.",
            place=Place(str(path)),
        ) from error
    if not source.streams.video:
        source.close()
        raise RenderError(f"The segment {path.name} holds no video.", place=Place(str(path)))
    return source


def _count_frames(path: Path) -> int:
    with _open_segment(path) as source:
        return source.streams.video[0].frames


_KNOWN = frozenset(
    (
        *("title", "artist", "album", "album_artist", "comment", "composer", "copyright", "date"),
        *("description", "synopsis", "genre", "grouping", "lyrics", "show", "network", "keywords"),
    )
)
"""Metadata keys for which MP4 has tags (FFmpeg's movenc)."""


def _choose_movflags(metadata: Mapping[str, str]) -> str:
    return "+faststart" + ("+use_metadata_tags" if set(metadata) - _KNOWN else "")
