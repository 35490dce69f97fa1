"""Reads the facts about a finished video: its streams, captions, chapters and metadata."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from foundation.video_facts import video_facts_of
from narrate.clock import seconds_to_ms
from narrate.errors import RenderError
from narrate.vocabulary import Chapter, Cue


@dataclass(frozen=True, slots=True)
class LessonVideoFacts:
    """The facts about a lesson's video.

    Lengths are in seconds, without the encoder's priming samples. `colour` holds the primaries,
    transfer, matrix (each 1 for BT.709) and range (1 for limited).
    """

    size: tuple[int, int]
    rate: Fraction
    frames: int
    video_seconds: float
    audio_seconds: float
    codecs: tuple[str, ...]
    colour: tuple[int, int, int, int]
    cues: tuple[Cue, ...]
    chapters: tuple[Chapter, ...]
    language: str
    metadata: dict[str, str]


def probe(path: Path) -> LessonVideoFacts:
    """Read a video's headers and captions. Its pictures are not decoded.

    Raises:
        RenderError: the file cannot be read as a video.
    """
    import av

    try:
        with av.open(str(path)) as source:
            video = source.streams.video[0]
            context = video.codec_context
            sound = source.streams.audio[0] if source.streams.audio else None
            cues = []
            # Chapters have a text track of their own, which holds no captions.
            texts = [s for s in source.streams.subtitles if s.codec_context.name == "mov_text"]
            if texts:
                for packet in source.demux(texts[0]):
                    cue = _read_cue(bytes(packet), packet.pts, packet.duration, packet.time_base)
                    if cue is not None:
                        cues.append(cue)
            facts = video_facts_of(video)
            return LessonVideoFacts(
                size=facts.size,
                rate=facts.rate,
                frames=facts.frames,
                video_seconds=_compute_seconds(video.duration, video.time_base),
                audio_seconds=_compute_seconds(sound.duration, sound.time_base) if sound else 0.0,
                codecs=tuple(s.codec_context.name for s in source.streams if s.codec_context),
                colour=(
                    int(context.color_primaries),
                    int(context.color_trc),
                    int(context.colorspace),
                    int(context.color_range),
                ),
                cues=tuple(cues),
                chapters=tuple(
                    Chapter(
                        seconds_to_ms(c["start"] * (c["time_base"] or 0)),
                        seconds_to_ms(c["end"] * (c["time_base"] or 0)),
                        c["metadata"].get("title", ""),
                    )
                    for c in source.chapters()
                ),
                language=sound.language or "" if sound else "",
                metadata=dict(source.metadata),
            )
    except (OSError, ValueError, IndexError) as error:
        raise RenderError(f"The video {path.name} cannot be read: {error}.") from error


def _read_cue(
    data: bytes, pts: int | None, duration: int | None, base: Fraction | None
) -> Cue | None:
    if pts is None or base is None or len(data) < 3:
        return None
    length = int.from_bytes(data[:2], "big")
    if not length:
        return None
    text = data[2 : 2 + length].decode()
    return Cue(
        seconds_to_ms(pts * base),
        seconds_to_ms((pts + (duration or 0)) * base),
        tuple(text.split("\n")),
    )


def _compute_seconds(duration: int | None, base: Fraction | None) -> float:
    return float((duration or 0) * (base or 0))
