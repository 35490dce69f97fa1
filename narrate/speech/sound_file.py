"""Sound files of any kind to mono sound, in chunks: an hour needs no more memory than a minute."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from narrate.clock import SAMPLE_RATE
from narrate.errors import MediaError
from narrate.model import Samples

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

LONGEST_SECONDS = 6 * 3600
"""A lesson is an hour; a file that claims days is broken, or meant to fill the memory."""

_CHUNK_SECONDS = 10
# No playlists: a file must not open another file, or an address.
_SAFE = {
    "protocol_whitelist": "file",
    "format_whitelist": "wav,w64,aiff,flac,mp3,aac,ogg,mov,mp4,m4a,matroska,webm,asf",
}


def sound_chunks(path: Path, rate: int = SAMPLE_RATE) -> Iterator[Samples]:
    """The sound of a file, or of a video, mixed to mono at `rate` Hz, some seconds at a time.

    Channels are averaged. Raises MediaError for what cannot be decoded from its first byte to its
    last, has no sound, or is longer than LONGEST_SECONDS.
    """
    import av

    resampler = av.AudioResampler(format="fltp", rate=rate)
    waiting: list[Samples] = []
    size = total = 0
    try:
        with av.open(str(path), options=_SAFE) as container:
            if not container.streams.audio:
                raise _unfit(path, "has no sound in it")
            stream = container.streams.audio[0]
            stream.codec_context.thread_count = 1
            for frame in _frames(container, stream):
                for piece in resampler.resample(frame):
                    samples = piece.to_ndarray().mean(axis=0, dtype=np.float32)
                    total += len(samples)
                    if total > LONGEST_SECONDS * rate:
                        raise _unfit(path, f"is longer than {LONGEST_SECONDS // 3600} hours")
                    waiting.append(samples)
                    size += len(samples)
                if size >= _CHUNK_SECONDS * rate:
                    yield _clean(waiting)
                    waiting, size = [], 0
    except av.FFmpegError as error:
        raise _unfit(path, f"cannot be decoded ({error.strerror or error})") from error
    if waiting:
        yield _clean(waiting)
    if not total:
        raise _unfit(path, "has no sound in it")


def read_sound(path: Path, rate: int = SAMPLE_RATE) -> Samples:
    """The whole of `sound_chunks`."""
    return np.concatenate(list(sound_chunks(path, rate)))


def write_sound(path: Path, samples: Samples) -> None:
    """Write mono sound at SAMPLE_RATE as a 16-bit WAV file."""
    import wave

    scaled = np.round(np.clip(samples, -1, 32767 / 32768) * 32768).astype("<i2")
    # Opened here: where that fails, wave leaves half an object behind that complains.
    with path.open("wb") as file, wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes(scaled.tobytes())


def _frames(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame | None]:
    yield from container.decode(stream)
    yield None  # what the resampler still holds


def _clean(pieces: list[Samples]) -> Samples:
    """One chunk; a float file may hold what is no number."""
    return np.nan_to_num(np.concatenate(pieces), nan=0.0, posinf=1.0, neginf=-1.0)


def _unfit(path: Path, problem: str) -> MediaError:
    return MediaError(
        f"The recording {path.name!r} {problem}.",
        remedy="Save it anew as WAV, FLAC, MP3 or M4A.",
        path=str(path),
    )
