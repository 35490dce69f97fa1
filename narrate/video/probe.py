"""What a finished video holds."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from narrate.errors import RenderError
from narrate.vocabulary import Chapter, Cue


@dataclass(frozen=True, slots=True)
class Probe:
    """Durations are in seconds, as decoded: priming samples do not count."""

    size: tuple[int, int]
    rate: Fraction
    frames: int
    video_seconds: float
    audio_seconds: float
    codecs: tuple[str, ...]
    colour: tuple[int, int, int, int]  # primaries, transfer, matrix (1: BT.709), range (1: limited)
    cues: tuple[Cue, ...]
    chapters: tuple[Chapter, ...]
    language: str
    metadata: dict[str, str]


def probe(path: Path) -> Probe:
    """Read a video's head and its captions; pictures are not decoded.

    Raises:
        RenderError: it cannot be read.
    """
    import av

    try:
        with av.open(str(path)) as source:
            video = source.streams.video[0]
            context = video.codec_context
            sound = source.streams.audio[0] if source.streams.audio else None
            cues = []
            # The chapters' own text track has no captions in it.
            texts = [s for s in source.streams.subtitles if s.codec_context.name == "mov_text"]
            if texts:
                for packet in source.demux(texts[0]):
                    cue = _cue(bytes(packet), packet.pts, packet.duration, packet.time_base)
                    if cue is not None:
                        cues.append(cue)
            return Probe(
                size=(context.width, context.height),
                rate=Fraction(video.average_rate or 0),
                frames=video.frames,
                video_seconds=_seconds(video.duration, video.time_base),
                audio_seconds=_seconds(sound.duration, sound.time_base) if sound else 0.0,
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
                        round(c["start"] * (c["time_base"] or 0) * 1000),
                        round(c["end"] * (c["time_base"] or 0) * 1000),
                        c["metadata"].get("title", ""),
                    )
                    for c in source.chapters()
                ),
                language=sound.language or "" if sound else "",
                metadata=dict(source.metadata),
            )
    except (OSError, ValueError, IndexError) as error:
        raise RenderError(f"The video {path.name} cannot be read: {error}.") from error


def _cue(data: bytes, pts: int | None, duration: int | None, base: Fraction | None) -> Cue | None:
    if pts is None or base is None or len(data) < 3:
        return None
    length = int.from_bytes(data[:2], "big")
    if not length:
        return None
    text = data[2 : 2 + length].decode()
    return Cue(
        round(pts * base * 1000),
        round((pts + (duration or 0)) * base * 1000),
        tuple(text.split("\n")),
    )


def _seconds(duration: int | None, base: Fraction | None) -> float:
    return float((duration or 0) * (base or 0))
