"""Measures the times of words of a speech server's voice, which tells none.

    python benchmarks/served_voice_times.py [--sentences 60] [--json]

The default voice speaks behind a server on this machine, so its own times are known. They are
compared with those that are found in the sound. The two sounds are laid over each other, since
both are cut at their edges. Twice the measurement must fail: with times that are late, and with
words that are spread over their sentence.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import tempfile
import threading
import wave
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import numpy.typing as npt
from figures import Figure, show
from scipy.signal import correlate
from speech_engines import sentences

from lessons.model import Slide, Token, Utterance
from narrate.align.voice_timing import time_narration
from narrate.clock import SAMPLE_RATE
from narrate.speech import narrate_slide, open_voice
from narrate.vocabulary import Narration, Word

VOICE, LANGUAGE = "hibari", "en-US"
MEDIAN_MS, P90_MS = 35.0, 100.0
LATE_MS = 60.0
SENTENCES_A_SLIDE = 6
EDGE = SAMPLE_RATE // 5
Errors = npt.NDArray[np.float64]
SILENCE = np.zeros(SAMPLE_RATE // 10, np.float32)  # as servers send around their speech


class _Handler(BaseHTTPRequestHandler):
    voice = open_voice(VOICE, LANGUAGE)
    one_at_a_time = threading.Lock()

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        tokens = tuple(Token(word, word, 0, 0) for word in asked["input"].split())
        with self.one_at_a_time:
            speech = self.voice.speak(Utterance(tokens, 0, 1), rate=asked.get("speed", 1.0))
        sound = np.concatenate([SILENCE, 0.3 * speech.samples, SILENCE])
        out = io.BytesIO()
        with wave.open(out, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes((sound * 32767).astype("<i2").tobytes())
        self.send_response(200)
        self.send_header("Content-Type", "audio/wav")
        self.send_header("Content-Length", str(len(out.getvalue())))
        self.end_headers()
        self.wfile.write(out.getvalue())

    def log_message(self, format: str, *arguments: object) -> None:
        pass


def main() -> int:
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--sentences", type=int, default=60)
    options.add_argument("--json", action="store_true")
    chosen = options.parse_args()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "settings.yaml"
        settings.write_text(
            "speech_servers:\n  here:\n"
            f"    url: http://127.0.0.1:{server.server_port}/v1\n    voices: [{VOICE}]\n"
        )
        os.environ["NARRATE_SETTINGS"] = str(settings)
        found, spread = measure(sentences(chosen.sentences))
    figures = [
        _figure("found in the sound", found, fits=True),
        _figure(f"{LATE_MS:g} ms late, must fail", found + LATE_MS, fits=False),
        _figure("spread over their sentences, must fail", spread, fits=False),
    ]
    return show(figures, as_json=chosen.json)


def _figure(of: str, late: Errors, *, fits: bool) -> Figure:
    """How far the starts of words are off."""
    median, p90 = np.median(np.abs(late)), np.percentile(np.abs(late), 90)
    met = bool(median <= MEDIAN_MS and p90 <= P90_MS)
    value = f"{median:.0f}, {p90:.0f} of {len(late)} words"
    asked = f"{'at most' if fits else 'more than'} {MEDIAN_MS:g}, {P90_MS:g}"
    return Figure(of, "word starts, median and p90 (ms)", value, asked, met == fits)


def measure(texts: Sequence[Utterance]) -> tuple[Errors, Errors]:
    """How late the starts of words are in ms, as they are found and as they were spread."""
    own, served = open_voice(VOICE, LANGUAGE), open_voice("server/here", LANGUAGE)
    found: list[float] = []
    spread: list[float] = []
    for first in range(0, len(texts), SENTENCES_A_SLIDE):
        slide = Slide(1, "", (), tuple(texts[first : first + SENTENCES_A_SLIDE]), 1)
        known = narrate_slide(slide, lambda utterance: own)
        untimed = narrate_slide(slide, lambda utterance: served)
        timed = time_narration(slide, untimed, language=LANGUAGE)
        for number in range(len(slide.utterances)):
            offset = _find_offset(known, untimed, number)
            found += _compare(known, timed, number, offset)
            spread += _compare(known, untimed, number, offset)
    return np.array(found), np.array(spread)


def _own(narration: Narration, number: int) -> list[Word]:
    return [w for w in narration.words if w.utterance == number and w.end > w.start]


def _find_offset(known: Narration, other: Narration, number: int) -> int:
    """By how many samples a sentence comes later in the other narration."""
    (a, b) = (_own(known, number), _own(other, number))
    start = max(b[0].start - EDGE, 0)
    piece = known.samples[a[0].start : a[-1].end]
    around = other.samples[start : b[-1].end + EDGE]
    best = int(np.argmax(correlate(around, piece, mode="valid", method="fft")))
    return best + start - a[0].start


def _compare(known: Narration, other: Narration, number: int, offset: int) -> list[float]:
    pairs = zip(_own(known, number), _own(other, number), strict=True)
    return [(b.start - a.start - offset) * 1000 / SAMPLE_RATE for a, b in pairs]


if __name__ == "__main__":
    raise SystemExit(main())
