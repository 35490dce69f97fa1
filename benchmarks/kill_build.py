"""Kill a build hard, again and again, let it finish, and compare with one that was left alone.

    python benchmarks/kill_build.py samples/course --times 20 -- --only lecture,captions --lesson 1

What follows `--` goes to `narrate build`. A kill is SIGKILL to the build's whole process group at
a random moment. With `--each K`, a folder is killed K times before its build may finish. After
every kill, what lies open in the output folder must be whole: as the undisturbed build has it.
With `--whole FOLDER --seconds 10 --joins` the kills fall while lessons are joined and published.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from figures import Figure, machine, show

STORE = ".store"
SOONEST = 0.3  # s: before this the interpreter has hardly started


@dataclass(frozen=True, slots=True)
class Killed:
    """How far a build was: artefacts sealed, drafts half-written, files published."""

    after: float
    sealed: int
    drafts: int
    published: int


def command(course: Path, out: Path, more: Sequence[str]) -> list[str]:
    narrate = Path(sys.executable).with_name("narrate")
    return [str(narrate), "build", str(course), "--out", str(out), *more]


def start(course: Path, out: Path, more: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command(course, out, more),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def finish(course: Path, out: Path, more: Sequence[str]) -> tuple[int, float, str]:
    """Build to the end: exit code, seconds, and what it printed."""
    began = time.monotonic()
    done = subprocess.run(command(course, out, more), capture_output=True, text=True, check=False)
    return done.returncode, time.monotonic() - began, done.stdout + done.stderr


def open_files(out: Path) -> dict[str, str]:
    """SHA-256 of everything for people; the store and hidden drafts are not."""
    found = {}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            with path.open("rb") as file:
                found[str(name)] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


def hidden(out: Path) -> list[str]:
    """Drafts that a killed build left beside its outputs."""
    return [
        str(p.relative_to(out))
        for p in out.rglob(".*")
        if p.is_file() and STORE not in p.relative_to(out).parts
    ]


def kill_once(course: Path, out: Path, more: Sequence[str], after: float) -> Killed | None:
    """Start a build and kill its group; None if it was done before."""
    process = start(course, out, more)
    try:
        process.wait(after)
        return None
    except subprocess.TimeoutExpired:
        pass
    # The group lives on while a worker does, whether or not its leader has been waited for.
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return Killed(
        after,
        len(list(out.rglob("*.seal"))),
        len(list(out.rglob(f"{STORE}/new/*"))) + len(hidden(out)),
        len(open_files(out)),
    )


def compare(have: dict[str, str], want: dict[str, str]) -> list[str]:
    """What differs; manifest and report of a build in progress may be missing or older."""
    wrong = [f"{name} is missing" for name in want if name not in have]
    return wrong + [f"{name} differs" for name in have if have[name] != want.get(name)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("course", type=Path)
    parser.add_argument("--times", type=int, default=20, help="kills altogether")
    parser.add_argument("--each", type=int, default=1, help="kills of one build")
    parser.add_argument("--whole", type=Path, help="an undisturbed build of just this, made before")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long that one took")
    parser.add_argument("--joins", action="store_true", help="begin with the store of --whole")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    given = parser.parse_args(words[:cut])
    more = words[cut + 1 :]
    chance = random.Random(given.seed)
    figures = [Figure("machine", machine(), "")]
    killed: list[Killed] = []
    torn: list[str] = []
    different: list[str] = []
    left: list[str] = []
    folders = 0
    with tempfile.TemporaryDirectory(prefix="kill-build-") as temporary:
        root = Path(temporary)
        if given.whole is not None:
            whole, want = given.seconds, open_files(given.whole)
        else:
            code, whole, said = finish(given.course, root / "whole", more)
            if code:
                raise SystemExit(f"The undisturbed build failed ({code}):\n{said}")
            want = open_files(root / "whole")
            _, again, _ = finish(given.course, root / "control", more)
            control = compare(open_files(root / "control"), want)
            figures.append(Figure("undisturbed", "wall", f"{whole:.1f} s and {again:.1f} s"))
            figures.append(Figure("undisturbed", "twice the same", f"{len(want)} files", "all",
                                  not control, tuple(control)))  # fmt: skip
        while len(killed) < given.times:
            out = root / f"killed-{folders}"
            folders += 1
            if given.joins:  # every slide is rendered; nothing is published
                shutil.copytree(given.whole / STORE, out / STORE)
                (out / STORE / "published.json").unlink()
            for _ in range(min(given.each, given.times - len(killed))):
                after = chance.uniform(SOONEST, whole if given.each == 1 else whole / 2)
                state = kill_once(given.course, out, more, after)
                if state is None:  # the machine has become faster
                    whole = min(whole, after)
                    break
                killed.append(state)
                torn += [f"after kill {len(killed)} at {after:.1f} s: {name}"
                         for name, digest in open_files(out).items()
                         if name in want and "/" in name and digest != want[name]]  # fmt: skip
                if not given.json:
                    print(f"kill {len(killed)}: {state}", file=sys.stderr, flush=True)
            code, _, said = finish(given.course, out, more)
            if code:
                different.append(f"folder {folders}: exit {code}: {said[-300:]}")
            different += [f"folder {folders}: {w}" for w in compare(open_files(out), want)]
            left += [f"folder {folders}: {name}" for name in hidden(out)]
        spoilt = dict(want)
        spoilt[next(iter(want))] = "0" * 64
    early = sum(k.sealed == 0 for k in killed)
    writing = sum(k.drafts > 0 for k in killed)
    figures += [
        Figure("killed", "kills", f"{len(killed)} in {folders} folders", f"{given.times}",
               len(killed) >= given.times),
        Figure("killed", "before the first artefact", f"{early}"),
        Figure("killed", "while writing", f"{writing}", "some", writing > 0),
        Figure("killed", "outputs half-written", f"{len(torn)}", "0", not torn, tuple(torn)),
        Figure("finished", "outputs that differ", f"{len(different)}", "0", not different,
               tuple(different)),
        Figure("finished", "control: a byte changed",
               "flagged" if compare(spoilt, want) else "passes", "flagged",
               bool(compare(spoilt, want))),
        Figure("finished", "drafts left beside outputs", f"{len(left)}", "0", not left,
               tuple(left[:12])),
    ]  # fmt: skip
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
