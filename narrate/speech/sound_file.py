"""Sound files of any kind, read as mono sound in chunks: an hour needs no more memory than a
minute."""

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
"""A lesson takes an hour. A file that lasts for days is broken, or is meant to exhaust the
memory."""

_CHUNK_SECONDS = 10
_FULL = 4.0  # samples of a float file may be beyond full scale, but not by more
_CANCELLED = 0.01  # of the channels' power is left; of speech in stereo it is at least half
# No playlists, since a file must not open another file or an address.
_SAFE = {
    "protocol_whitelist": "file",
    "format_whitelist": "wav,w64,aiff,flac,mp3,aac,ogg,mov,mp4,m4a,matroska,webm,asf",
}


def sound_chunks(path: Path, rate: int = SAMPLE_RATE, *, shown: str = "") -> Iterator[Samples]:
    """The sound of a file or a video as mono sound at `rate` Hz, about 10 seconds at a time.
    `shown` is the path that errors name, by default the file's own.

    Channels are averaged. Raises DecodingError if any part of the file cannot be decoded, if it has
    no sound, or if it is longer than LONGEST_SECONDS.
    """
    import av

    shown = shown or str(path)
    resampler = av.AudioResampler(format="fltp", rate=rate)
    waiting: list[npt.NDArray[np.float32]] = []
    size = total = 0
    try:
        _check_whole(path, shown)
        with av.open(str(path), options=_SAFE) as container:
            if not container.streams.audio:
                raise _make_error(shown, "has no sound in it")
            stream = container.streams.audio[0]
            stream.codec_context.thread_count = 1
            for frame in _decode(container, stream):
                for piece in resampler.resample(frame):
                    samples = np.asarray(piece.to_ndarray(), np.float32)
                    total += samples.shape[1]
                    if total > LONGEST_SECONDS * rate:
                        raise _make_error(shown, f"is longer than {LONGEST_SECONDS // 3600} hours")
                    waiting.append(samples)
                    size += samples.shape[1]
                if size >= _CHUNK_SECONDS * rate:
                    yield _mix_to_mono(waiting)
                    waiting, size = [], 0
    except (OSError, av.FFmpegError) as error:
        raise _make_error(shown, f"cannot be decoded ({error.strerror or error})") from error
    if waiting:
        yield _mix_to_mono(waiting)
    if not total:
        raise _make_error(shown, "has no sound in it")


def read_sound(path: Path, rate: int = SAMPLE_RATE, *, shown: str = "") -> Samples:
    """All sound of a file at once; see `sound_chunks`."""
    return np.concatenate(list(sound_chunks(path, rate, shown=shown)))


def write_sound(path: Path, samples: Samples) -> None:
    """Write mono sound at SAMPLE_RATE as a 16-bit WAV file. Raises OSError."""
    import wave

    scaled = np.round(np.clip(samples, -1, 32767 / 32768) * 32768).astype("<i2")
    # Opened here, since `wave` leaves half an object with a warning if it cannot open the file.
    with path.open("wb") as file, wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes(scaled.tobytes())


def _decode(container: InputContainer, stream: AudioStream) -> Iterator[AudioFrame | None]:
    yield from container.decode(stream)
    yield None  # makes the resampler give its last samples


def _check_whole(path: Path, shown: str) -> None:
    """Raise DecodingError if a WAV file is shorter than its header says; FFmpeg would not tell."""
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
                # 0 and the largest number mean that the length was not known.
                if length not in (0, 0xFFFFFFFF) and left < length:
                    share = round(100 * left / length)
                    raise _make_error(shown, f"is cut short: {share} % of its sound is there")
                return
            file.seek(length + length % 2, 1)


def _mix_to_mono(pieces: list[npt.NDArray[np.float32]]) -> Samples:
    """The mean of the channels, or the first channel if they cancel each other out, as a wrongly
    wired cable makes them do. What is not a number becomes silence."""
    planes = np.concatenate(pieces, axis=1)
    planes = np.clip(np.nan_to_num(planes, nan=0.0, posinf=0.0, neginf=0.0), -_FULL, _FULL)
    mixed: Samples = planes.mean(axis=0, dtype=np.float32)
    if float(np.mean(mixed**2)) < _CANCELLED * float(np.mean(planes**2)):
        return np.asarray(planes[0], np.float32)
    return mixed


def _make_error(shown: str, problem: str) -> DecodingError:
    return DecodingError(
        f"The recording {Path(shown).name!r} {problem}.",
        remedy="Export it again as WAV, FLAC, MP3 or M4A.",
        place=Place(shown),
    )
