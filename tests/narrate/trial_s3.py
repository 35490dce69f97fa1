"""An S3 server on this machine, and a line to it that can be cut."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

BUCKET = "lectures"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "trial", "AWS_SECRET_ACCESS_KEY": "trial"}
_SIGNED = "AWS4-HMAC-SHA256 Credential=trial/20200101/us-east-1/s3/aws4_request, Signature=none"
_PATIENCE = 60.0  # seconds; the server starts within one


@contextmanager
def serve_s3() -> Iterator[int]:
    """An S3 server with an empty bucket, and its port."""
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        port = int(finder.getsockname()[1])
    command = [sys.executable, "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    server = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment
    )
    try:
        end = time.monotonic() + _PATIENCE
        while True:
            try:
                make_bucket(port)
                break
            except OSError:
                assert server.poll() is None and time.monotonic() < end
                time.sleep(0.05)
        yield port
    finally:
        server.kill()
        server.wait()


def make_bucket(port: int, bucket: str = BUCKET) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/{bucket}", method="PUT", headers={"Authorization": _SIGNED}
    )
    # Not through a proxy that the machine may have.
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request).close()


class Line:
    """Passes connections on to a port, unless it is cut. `passed` counts the bytes that came back,
    and `cuts` how often it was cut."""

    def __init__(self, target: int) -> None:
        self.passed = 0
        self.connections = 0
        self.cuts = 0
        self._cut_at: int | None = None
        self._target = target
        self._listener = self._listen(0)
        self.port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []

    def cut(self) -> None:
        """End all connections, and refuse new ones."""
        self.cuts += 1
        self._listener.close()
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._open = []

    def mend(self) -> None:
        self._listener = self._listen(self.port)

    def cut_for(self, seconds: float) -> None:
        """Cut it now, and mend it after so long."""
        self.cut()
        threading.Timer(seconds, self.mend).start()

    def cut_after_bytes(self, number: int) -> None:
        """Cut it for a moment, once, when so many more bytes have come back."""
        self._cut_at = self.passed + number

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port), reuse_port=False)
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):  # it is closed when the line is cut
            while True:
                if not select.select([listener], [], [], 0.02)[0]:
                    if listener.fileno() < 0:
                        return
                    continue
                near, _ = listener.accept()
                self.connections += 1
                far = socket.create_connection(("127.0.0.1", self._target))
                self._open += [near, far]
                threading.Thread(target=self._pass, args=(near, far), daemon=True).start()

    def _pass(self, near: socket.socket, far: socket.socket) -> None:
        with near, far, contextlib.suppress(OSError, ValueError):
            while True:
                for each in select.select([near, far], [], [])[0]:
                    data = each.recv(1 << 16)
                    if not data:
                        return
                    if each is far:
                        self.passed += len(data)
                        if self._cut_at is not None and self.passed > self._cut_at:
                            self._cut_at = None
                            self.cut_for(0.5)
                            return
                    (far if each is near else near).sendall(data)
