"""Builds a course on a Ray cluster of three nodes with a shared S3 store, and breaks things.

    python -m benchmarks.cluster [--keep]

Everything runs on this machine, but as apart as it can be: each node is a process group of its own,
with its own working folder, home and cache, and no folder of the course; the store is a real S3
server (moto's). The outputs of every build must be those of the runner `here`, byte for byte:

    plain       a build on the cluster
    again       a second build, which makes nothing
    elsewhere   another output folder, filled from the store alone
    node        a node is killed in the middle
    store       the store does not answer for ten seconds
    two         two builds at once

Needs the extras `cluster` and `test`.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

SAMPLE = Path(__file__).resolve().parents[1] / "samples/course"
PROJECT = Path(__file__).resolve().parents[1]
COURSE = """\
title: On a cluster
id: light-and-sight
voice: silent
video: {size: 640x360, rate: 10}
presenter: {photo: presenter/presenter.png}
"""
SECRET = "the secret of a cluster in a benchmark, long enough"
SLIDES = 6
OUTAGE = 10.0


def write_course(root: Path, changed: int = 0) -> None:
    """A course with a moving presenter; `changed` makes all of its slides new."""
    shutil.copytree(SAMPLE / "presenter", root / "presenter")
    (root / "course.yaml").write_text(COURSE)
    slides = [
        f"## Slide {n}\n\n![A lens](lens.png)\n\nThis is sentence {n} of build {changed}, and it "
        "goes on for a while so that there is something to render.\n"
        for n in range(SLIDES)
    ]
    (root / "01-one.md").write_text("\n".join(slides))
    shutil.copyfile(SAMPLE / "media/lens.png", root / "lens.png")


def digests(out: Path) -> dict[str, str]:
    return {
        p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(out.rglob("*"))
        if p.is_file() and ".store" not in p.parts
    }


class Lab:
    """The server, the nodes, and the commands that build."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.s3_port, self.ray_port = free_port(), free_port()
        self.store = "s3://courses/all"
        self.nodes: list[subprocess.Popen[bytes]] = []
        self.server: subprocess.Popen[bytes] | None = None

    def environment(self, name: str) -> dict[str, str]:
        """That of one machine: a home of its own, and the secret and address of the store."""
        home = self.root / name
        home.mkdir(exist_ok=True)
        keep = {k: v for k, v in os.environ.items() if k in ("PATH", "LANG", "LD_LIBRARY_PATH")}
        return {
            **keep,
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_DATA_HOME": str(home / "data"),
            "PYTHONPATH": str(PROJECT),
            "NARRATE_STORE_SECRET": SECRET,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.s3_port}",
            "AWS_ALLOW_HTTP": "true",
            "AWS_ACCESS_KEY_ID": "benchmark",
            "AWS_SECRET_ACCESS_KEY": "benchmark",
            "AWS_REGION": "us-east-1",
            "RAY_USAGE_STATS_ENABLED": "0",
        }

    def start(self) -> None:
        self.server = subprocess.Popen(
            [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.s3_port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        wait_for_port(self.s3_port)
        urllib.request.urlopen(
            urllib.request.Request(
                f"http://127.0.0.1:{self.s3_port}/courses", method="PUT", data=b""
            )
        )
        for number in range(3):
            self.start_node(number)

    def start_node(self, number: int) -> None:
        ray = str(Path(sys.executable).with_name("ray"))
        where = ["--head", f"--port={self.ray_port}", "--include-dashboard=false"]
        if number:
            where = [f"--address=127.0.0.1:{self.ray_port}"]
        environment = self.environment(f"node-{number}")
        command = [ray, "start", *where, "--num-cpus=1", "--block", "--disable-usage-stats"]
        command += [f"--min-worker-port={20000 + 100 * number}"]
        command += [f"--max-worker-port={20099 + 100 * number}"]
        log = (self.root / f"node-{number}.log").open("wb")
        self.nodes.append(
            subprocess.Popen(
                command, env=environment, cwd=environment["HOME"], stdout=log, stderr=log,
                start_new_session=True,
            )
        )  # fmt: skip
        if number == 0:
            wait_for_port(self.ray_port)
        time.sleep(4)

    def command(self, course: Path, out: Path, runner: str) -> list[str]:
        asked = ["build", str(course), "--out", str(out), "--json", "--runner", runner]
        if runner == "ray":
            asked += ["--address", f"127.0.0.1:{self.ray_port}", "--store", self.store]
        run = "import sys; from narrate.cli import main; sys.exit(main())"
        return [sys.executable, "-c", run, *asked]

    def begin(self, course: Path, out: Path, runner: str = "ray") -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(course, out, runner), env=self.environment("driver"),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def end(self, process: subprocess.Popen[str]) -> dict[str, object]:
        out, err = process.communicate(timeout=900)
        if process.returncode:
            raise AssertionError(f"status {process.returncode}: {out[-2000:]} {err[-2000:]}")
        result: dict[str, object] = json.loads(out)
        return result

    def build(self, course: Path, out: Path, runner: str = "ray") -> dict[str, object]:
        return self.end(self.begin(course, out, runner))

    def kill_node(self, number: int) -> None:
        """As if the machine were switched off: nothing of it says goodbye."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.nodes[number].pid, signal.SIGKILL)
        for pid in _find_processes(str(self.root / f"node-{number}")):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        for number in range(len(self.nodes)):
            self.kill_node(number)
        if self.server:
            os.killpg(self.server.pid, signal.SIGKILL)


def _find_processes(home: str) -> list[int]:
    """The processes that have this folder as their home."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):
                if f"HOME={home}\0".encode() in (entry / "environ").read_bytes() + b"\0":
                    found.append(int(entry.name))
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for_port(port: int) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise AssertionError(f"nothing listens on port {port}")


def run(lab: Lab) -> Iterator[str]:
    """Each case, as a line that says how it ended."""
    root = lab.root

    def prepare(name: str, changed: int) -> tuple[Path, dict[str, str]]:
        course = root / f"course-{name}"
        write_course(course, changed)
        lab.build(course, root / f"here-{name}", "here")
        return course, digests(root / f"here-{name}")

    def compare(name: str, good: dict[str, str], out: Path) -> str:
        found = digests(out)
        assert found == good, f"{name}: other bytes in {set(found.items()) ^ set(good.items())}"
        return f"{name}: {len(good)} files, the same bytes as here"

    course, good = prepare("plain", 0)
    began = time.monotonic()
    lab.build(course, root / "ray-plain")
    seconds = time.monotonic() - began
    yield compare("plain", good, root / "ray-plain") + f", {seconds:.0f} s"
    again = lab.build(course, root / "ray-plain")
    assert again["made"] == [], again["made"]
    yield "again: nothing is made"
    lab.build(course, root / "ray-elsewhere")
    yield compare("elsewhere", good, root / "ray-elsewhere")

    course, good = prepare("node", 1)
    process = lab.begin(course, root / "ray-node")
    time.sleep(0.5 * seconds)
    lab.kill_node(2)
    lab.end(process)
    yield compare("node", good, root / "ray-node")

    course, good = prepare("store", 2)
    process = lab.begin(course, root / "ray-store")
    time.sleep(0.4 * seconds)
    assert lab.server
    os.kill(lab.server.pid, signal.SIGSTOP)
    time.sleep(OUTAGE)
    os.kill(lab.server.pid, signal.SIGCONT)
    lab.end(process)
    yield compare("store", good, root / "ray-store")

    course, good = prepare("two", 3)
    both = [lab.begin(course, root / f"ray-two-{n}") for n in range(2)]
    for one in both:
        lab.end(one)
    for n in range(2):
        yield compare(f"two, build {n + 1}", good, root / f"ray-two-{n}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--keep", action="store_true", help="leave the folder for a look at logs")
    arguments = parser.parse_args()
    root = Path(tempfile.mkdtemp(prefix="narrate-cluster-"))
    lab = Lab(root)
    try:
        lab.start()
        for line in run(lab):
            print(line, flush=True)
    finally:
        lab.stop()
        if not arguments.keep:
            shutil.rmtree(root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
