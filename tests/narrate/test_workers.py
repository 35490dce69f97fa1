"""Workers end with the process that started them, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

# A process with two workers that prints a line when they have worked, and then waits.
PARENT = """
import time
from narrate.align.listen import start_workers
if __name__ == "__main__":
    with start_workers(2) as spread:
        print(*spread(abs, [-1, -2, -3]), flush=True)
        time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no process groups to clear up with")
def test_a_killed_listener_leaves_no_process(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    parent = subprocess.Popen(
        [sys.executable, script],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "1 2 3\n"
        parent.kill()
        parent.communicate(timeout=20)  # until its workers have closed their end of the pipe too
    finally:
        if parent.poll() is None or sys.exc_info()[0] is not None:
            os.killpg(parent.pid, signal.SIGKILL)
