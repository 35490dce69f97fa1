"""Sound files of any kind to mono sound, in chunks: an hour needs no more memory than a minute."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from foundation.problem import Place
from narrate.clock import SAMPLE_RATE
from narrate.errors import DecodingError
from narrate.vocabulary import Samples

if TYPE_CHECKING:
    from av import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

LONGEST_SECONDS = 6 * 3600
"""A lesson is an hour; a file that claims days is broken, or meant to fill the memory."""

_CHUNK_SECONDS = 10
_FULL = 4.0  # a float file may go beyond full scale, but not far
_CANCELLED = 0.01  # of the channels' power: talk in stereo keeps half and more
# No playlists: a file must not open another file, or an address.
_SAFE = {
    "protocol_whitelist": "file",
    "format_whitelist": "wav,w64,aiff,flac,mp3,aac,ogg,mov,mp4,m4a,matroska,webm,asf",
}


def sound_chunks(path: Path, rate: int = SAMPLE_RATE) -> Iterator[Samples]:
    """The sound of a file, or of a video, mixed to mono at `rate` Hz, some seconds at a time.

    Channels are averaged. Raises DecodingError for what cannot be decoded from its first byte to
    its last, has no sound, or is longer than LONGEST_SECONDS.
    """
    import av

    resampler = av.AudioResampler(format="fltp", rate=rate)
    waiting: list[npt.NDArray[np.float32]] = []
    size = total = 0
    try:
        _check_whole(path)
        with av.open(str(path), options=_SAFE) as container:
            if not container.streams.audio:
                raise _unfit(path, "has no sound in it")
            stream = container.streams.audio[0]
            stream.codec_context.thread_count = 1
            for frame in _frames(container, stream):
                for piece in resampler.resample(frame):
                    samples = np.asarray(piece.to_ndarray(), np.float32)
                    total += samples.shape[1]
                    if total > LONGEST_SECONDS * rate:
                        raise _unfit(path, f"is longer than {LONGEST_SECONDS // 3600} hours")
                    waiting.append(samples)
                    size += samples.shape[1]
                if size >= _CHUNK_SECONDS * rate:
                    yield _mono(waiting)
                    waiting, size = [], 0
    except (OSError, av.FFmpegError) as error:
        raise _unfit(path, f"cannot be decoded ({error.strerror or error})") from error
    if waiting:
        yield _mono(waiting)
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


def _check_whole(path: Path) -> None:
    """A WAV file's head tells how long it is, and FFmpeg plays what is left of it in silence."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(0)
        kind = file.read(12)
        if kind[:4] != b"RIFF" or kind[8:] != b"WAVE":
            return
        while len(head := file.read(8)) == 8:
            length = int.from_bytes(head[4:], "little")
            if head[:4] == b"data":
                left = size - file.tell()
                # 0 and the largest number stand for a length that was not known.
                if length not in (0, 0xFFFFFFFF) and left < length:
                    share = round(100 * left / length)
                    raise _unfit(path, f"is cut short: {share} % of its sound is there")
                return
            file.seek(length + length % 2, 1)


def _mono(pieces: list[npt.NDArray[np.float32]]) -> Samples:
    """One chunk of the channels' mean; of channels that cancel out, as a wrongly wired cable makes
    them, the first. A float file may hold what is no number, or no sound."""
    planes = np.concatenate(pieces, axis=1)
    planes = np.clip(np.nan_to_num(planes, nan=0.0, posinf=0.0, neginf=0.0), -_FULL, _FULL)
    mixed: Samples = planes.mean(axis=0, dtype=np.float32)
    if float(np.mean(mixed**2)) < _CANCELLED * float(np.mean(planes**2)):
        return np.asarray(planes[0], np.float32)
    return mixed


def _unfit(path: Path, problem: str) -> DecodingError:
    return DecodingError(
        f"The recording {path.name!r} {problem}.",
        remedy="Save it anew as WAV, FLAC, MP3 or M4A.",
        place=Place(str(path)),
    )
