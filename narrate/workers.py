"""How a worker process begins: it makes sure to end with the process that started it."""

from __future__ import annotations

import os
import signal
import threading
import time


def begin_worker(parent: int) -> None:
    """Begin a new worker process; `parent` is the id of the process that started it."""
    # Ctrl-C reaches the parent too, which ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process when the parent has been killed, since nobody would use the result."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)
