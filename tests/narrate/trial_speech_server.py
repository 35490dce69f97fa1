"""A speech server for tests, with OpenAI's interface, that does what a test tells it."""

from __future__ import annotations

import io
import json
import threading
import wave
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

RATE = 24_000
Reply = tuple[int, dict[str, str], bytes]
"""A status, headers, and a body."""


def make_tone(text: str) -> np.ndarray[Any, np.dtype[np.float32]]:
    """0.25 s for each word, with silence around them."""
    count = len(text.split()) * RATE // 4
    tone = 0.2 * np.sin(2 * np.pi * 200 * np.arange(count) / RATE)
    return np.concatenate([np.zeros(2400), tone, np.zeros(2400)]).astype(np.float32)


def make_wav(samples: np.ndarray[Any, np.dtype[np.float32]], rate: int = RATE) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return out.getvalue()


def speak(asked: dict[str, Any]) -> Reply:
    """What a server that works replies."""
    return 200, {"Content-Type": "audio/wav"}, make_wav(make_tone(asked["input"]))


class TrialServer(ThreadingHTTPServer):
    """`asked` are the sentences that it was asked for, `headers` those of the requests. `replies`
    are given first, in order; then `usual`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.replies: list[Reply] = []
        self.usual: Callable[[dict[str, Any]], Reply] = speak
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def handle_error(self, request: object, address: object) -> None:
        """Somebody who no longer waits is no news."""

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: TrialServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        asked = json.loads(body)
        self.server.asked.append(asked)
        self.server.paths.append(self.path)
        self.server.headers.append(dict(self.headers.items()))
        replies = self.server.replies
        status, headers, content = replies.pop(0) if replies else self.server.usual(asked)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        pass
