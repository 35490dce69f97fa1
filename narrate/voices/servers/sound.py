"""The sound that a speech server sends, decoded within bounds."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from narrate.clock import SAMPLE_RATE
from narrate.errors import DecodingError, VoiceError
from narrate.speech.sound_file import sound_chunks
from narrate.vocabulary import Samples
from narrate.voices.answers import find_longest_seconds
from narrate.voices.servers.request import Answer
from narrate.voices.servers.server import NamedServer

PCM_RATE = 24_000  # Hz, 16 bits, little-endian, mono: OpenAI's "pcm"


def decode(answer: Answer, server: NamedServer, characters: int) -> tuple[Samples, int]:
    """Mono sound and its rate in Hz. Raises VoiceError if the answer is no sound, or is far longer
    than so many characters take."""
    remedy = "Check its `format` in your own settings, and what the server itself reports."
    if not answer.content:
        raise VoiceError(f"The speech server {server.name!r} sent no sound.", remedy=remedy)
    if answer.kind.startswith("text/") or answer.kind == "application/json":
        raise VoiceError(
            f"The speech server {server.name!r} sent {answer.kind} instead of sound.",
            remedy="Check its `url`, `model` and `voices` in your own settings.",
        )
    longest = find_longest_seconds(characters)
    if server.settings.format == "pcm":
        whole = answer.content[: len(answer.content) // 2 * 2]
        samples = np.frombuffer(whole, "<i2").astype(np.float32) / np.float32(32768)
        rate = PCM_RATE
    else:
        rate = SAMPLE_RATE
        try:
            samples = _decode_file(answer.content, rate, longest)
        except DecodingError as error:
            reason = error.message.partition("' ")[2].rstrip(".") or "cannot be decoded"
            raise VoiceError(
                f"What the speech server {server.name!r} sent {reason}.", remedy=remedy
            ) from error
    if len(samples) > longest * rate:
        raise VoiceError(
            f"The speech server {server.name!r} sent more than {longest:.0f} s of sound for "
            f"{characters} characters.",
            remedy="Choose another voice or model of the server; this one does not end.",
        )
    return samples, rate


def _decode_file(content: bytes, rate: int, longest: float) -> Samples:
    """The beginning of a sound file, a little more than `longest` seconds if it is longer."""
    with tempfile.TemporaryDirectory(prefix="narrate-") as folder:
        path = Path(folder) / "sound"
        path.write_bytes(content)
        chunks: list[Samples] = []
        for chunk in sound_chunks(path, rate):
            chunks.append(chunk)
            if sum(map(len, chunks)) > longest * rate:
                break
        return np.concatenate(chunks)
