"""Sound files read as mono sound."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from narrate.clock import SAMPLE_RATE
from narrate.errors import DecodingError
from narrate.speech import sound_file
from narrate.speech.sound_file import read_sound, sound_chunks, write_sound
from narrate.vocabulary import Samples


def tone(seconds: float, hertz: float = 440.0) -> Samples:
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (0.4 * np.sin(2 * np.pi * hertz * t)).astype(np.float32)


def encode(path: Path, codec: str, rate: int, channels: list[Samples]) -> None:
    layout = "stereo" if len(channels) == 2 else "mono"
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(np.stack(channels), format="fltp", layout=layout)
        frame.sample_rate = SAMPLE_RATE
        resampler = av.AudioResampler(stream.format.name, layout, rate)
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            out.mux(stream.encode(piece))
        out.mux(stream.encode(None))


def loudest(samples: Samples) -> float:
    """Frequency of the strongest partial, Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum) * SAMPLE_RATE / len(samples))


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("a.wav", "pcm_s16le", 44_100),
        ("a.flac", "flac", 48_000),
        ("a.mp3", "libmp3lame", 44_100),
        ("a.m4a", "aac", 48_000),
        ("a.ogg", "libopus", 24_000),
        ("a.opus", "libopus", 48_000),
        ("a.mp4", "aac", 48_000),
    ],
)
def test_every_kind_is_read(tmp_path: Path, name: str, codec: str, rate: int) -> None:
    path = tmp_path / name
    encode(path, codec, rate, [tone(2.0), tone(2.0)])
    sound = read_sound(path)
    assert sound.dtype == np.float32 and sound.ndim == 1
    assert len(sound) / SAMPLE_RATE == pytest.approx(2.0, abs=0.06)  # encoders pad
    middle = sound[SAMPLE_RATE // 2 : SAMPLE_RATE * 3 // 2]
    assert loudest(middle) == pytest.approx(440, abs=2)
    assert np.abs(middle).max() == pytest.approx(0.4, abs=0.06)


def test_channels_are_averaged(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    encode(path, "pcm_s16le", 48_000, [tone(1.0), np.zeros(SAMPLE_RATE, np.float32)])
    assert np.abs(read_sound(path)).max() == pytest.approx(0.2, abs=0.02)


def test_channels_that_cancel_each_other_out_are_not_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    encode(path, "pcm_s16le", 48_000, [tone(1.0), -tone(1.0)])
    assert np.abs(read_sound(path)).max() == pytest.approx(0.4, abs=0.02)


def test_samples_that_are_not_numbers_become_silence(tmp_path: Path) -> None:
    from scipy.io import wavfile

    path = tmp_path / "a.wav"
    samples = tone(1.0)
    samples[100:103] = np.nan, np.inf, -np.inf
    samples[200] = 1e30
    wavfile.write(path, SAMPLE_RATE, samples)
    sound = read_sound(path)
    assert np.isfinite(sound).all() and np.abs(sound).max() <= 4
    assert np.abs(sound[1000:] - samples[1000:]).max() < 1e-4


def test_a_file_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write_sound(path, tone(4.0))
    read_sound(path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(DecodingError, match="cut short: 50 % of its sound"):
        read_sound(path)


def test_chunks_make_up_the_whole_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.wav"
    write_sound(path, tone(3.0))
    monkeypatch.setattr(sound_file, "_CHUNK_SECONDS", 1)
    chunks = list(sound_chunks(path))
    assert len(chunks) >= 3
    assert np.abs(np.concatenate(chunks) - tone(3.0)).max() < 1e-4
    assert len(read_sound(path, 16_000)) == pytest.approx(48_000, abs=2)


def test_too_long_a_file_is_refused_before_it_fills_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.wav"
    write_sound(path, tone(3.0))
    monkeypatch.setattr(sound_file, "LONGEST_SECONDS", 1)
    with pytest.raises(DecodingError, match="longer than"):
        read_sound(path)


@pytest.mark.parametrize("content", [b"", b"no sound at all", b"RIFF\x24\0\0\0WAVEfmt "])
def test_a_file_that_is_not_sound_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "talk.wav"
    path.write_bytes(content)
    with pytest.raises(DecodingError, match=r"talk\.wav") as refused:
        read_sound(path)
    assert "WAV" in refused.value.remedy


def test_a_video_without_sound_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=10)
        assert isinstance(stream, av.VideoStream)
        stream.width = stream.height = 64
        picture = np.zeros((64, 64, 3), np.uint8)
        out.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        out.mux(stream.encode(None))
    with pytest.raises(DecodingError, match="no sound"):
        read_sound(path)


def test_a_playlist_opens_no_other_file(tmp_path: Path) -> None:
    write_sound(tmp_path / "secret.wav", tone(1.0))
    playlist = tmp_path / "talk.wav"
    playlist.write_text("#EXTM3U\n#EXTINF:1,\nsecret.wav\n#EXT-X-ENDLIST\n")
    with pytest.raises(DecodingError):
        read_sound(playlist)
    concat = tmp_path / "concat.wav"
    concat.write_text("ffconcat version 1.0\nfile secret.wav\n")
    with pytest.raises(DecodingError):
        read_sound(concat)
