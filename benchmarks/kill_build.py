"""Kills builds at random moments, lets them finish, and compares them with an undisturbed build.

    python benchmarks/kill_build.py samples/course --times 20 -- --only lecture,captions --lesson 1

The arguments after `--` are passed to `narrate build`. A kill sends SIGKILL to the build's whole
process group at a random moment. With `--each K`, a build is killed K times before it may finish.
After every kill, all published files in the output folder must be complete, with the same bytes as
in the undisturbed build. With `--whole FOLDER --seconds 10 --joins`, the kills happen while lessons
are joined and published.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from figures import Figure, describe_machine, show

from foundation.files import file_digest

STORE = ".store"
SOONEST = 0.3  # s; earlier, the interpreter has hardly started


@dataclass(frozen=True, slots=True)
class Killed:
    """How far a build was when it was killed: numbers of sealed artefacts, unfinished files and
    published files."""

    after: float
    sealed: int
    unfinished: int
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
    """Build to the end. Returns the exit code, the seconds, and what was printed."""
    began = time.monotonic()
    done = subprocess.run(command(course, out, more), capture_output=True, text=True, check=False)
    return done.returncode, time.monotonic() - began, done.stdout + done.stderr


def digest_outputs(out: Path) -> dict[str, str]:
    """Return the digests of all published files: not of the store, nor of hidden files."""
    found = {}
    for path in sorted(out.rglob("*")):
        name = path.relative_to(out)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            found[str(name)] = file_digest(path)
    return found


def list_hidden_files(out: Path) -> list[str]:
    """Return the unfinished files that a killed build has left beside its outputs."""
    return [
        str(p.relative_to(out))
        for p in out.rglob(".*")
        if p.is_file() and STORE not in p.relative_to(out).parts
    ]


def kill_once(course: Path, out: Path, more: Sequence[str], after: float) -> Killed | None:
    """Start a build and kill its process group. Returns None if the build was faster."""
    process = start(course, out, more)
    try:
        process.wait(after)
        return None
    except subprocess.TimeoutExpired:
        pass
    # The group exists as long as a worker does, whether or not its leader has been waited for.
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return Killed(
        after,
        len(list(out.rglob("*.seal"))),
        len(list(out.rglob(f"{STORE}/new/*"))) + len(list_hidden_files(out)),
        len(digest_outputs(out)),
    )


def compare(have: dict[str, str], want: dict[str, str]) -> list[str]:
    """Describe which files are missing or differ."""
    wrong = [f"{name} is missing" for name in want if name not in have]
    return wrong + [f"{name} differs" for name in have if have[name] != want.get(name)]


@dataclass(frozen=True, slots=True)
class Trial:
    """What is built and killed. `more` are further arguments of `narrate build`."""

    course: Path
    more: tuple[str, ...]
    times: int
    each: int
    joins_of: Path | None  # a complete build from whose store every folder starts
    quiet: bool


@dataclass(slots=True)
class Outcome:
    """What the kills did. Each list describes what went wrong."""

    killed: list[Killed] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    folders: int = 0


def build_undisturbed(
    trial: Trial, root: Path, figures: list[Figure]
) -> tuple[float, dict[str, str]]:
    """Build twice without a kill. Returns the seconds that it took, and the digests."""
    code, seconds, said = finish(trial.course, root / "whole", trial.more)
    if code:
        raise SystemExit(f"The undisturbed build failed ({code}):\n{said}")
    want = digest_outputs(root / "whole")
    _, again, _ = finish(trial.course, root / "control", trial.more)
    control = compare(digest_outputs(root / "control"), want)
    figures += [
        Figure("undisturbed", "wall", f"{seconds:.1f} s and {again:.1f} s"),
        Figure("undisturbed", "twice the same", f"{len(want)} files", "all", not control,
               tuple(control)),
    ]  # fmt: skip
    return seconds, want


def drop_outputs(store: Path, digests: set[str]) -> None:
    """Delete what is published from a store. Artefacts of slides stay."""
    for path in store.glob("??/*"):
        if file_digest(path) in digests:
            path.unlink()


def kill_builds(
    trial: Trial, root: Path, seconds: float, want: dict[str, str], chance: random.Random
) -> Outcome:
    """Kill builds at random moments, then let each finish, until there are enough kills."""
    seen = Outcome()
    while len(seen.killed) < trial.times:
        out = root / f"killed-{seen.folders}"
        seen.folders += 1
        if trial.joins_of is not None:  # every slide is rendered, but nothing is joined
            shutil.copytree(trial.joins_of / STORE, out / STORE)
            (out / STORE / "published.json").unlink()
            drop_outputs(out / STORE, set(want.values()))
        for _ in range(min(trial.each, trial.times - len(seen.killed))):
            after = chance.uniform(SOONEST, seconds if trial.each == 1 else seconds / 2)
            state = kill_once(trial.course, out, trial.more, after)
            if state is None:  # the build was faster than expected
                seconds = min(seconds, after)
                break
            seen.killed.append(state)
            number = len(seen.killed)
            seen.torn += [
                f"after kill {number} at {after:.1f} s: {name}"
                for name, digest in digest_outputs(out).items()
                if name in want and "/" in name and digest != want[name]
            ]
            if not trial.quiet:
                print(f"kill {number}: {state}", file=sys.stderr, flush=True)
        code, _, said = finish(trial.course, out, trial.more)
        if code:
            seen.different.append(f"folder {seen.folders}: exit {code}: {said[-300:]}")
        wrong = compare(digest_outputs(out), want)
        seen.different += [f"folder {seen.folders}: {w}" for w in wrong]
        seen.left += [f"folder {seen.folders}: {name}" for name in list_hidden_files(out)]
    return seen


def judge(trial: Trial, seen: Outcome, want: dict[str, str]) -> list[Figure]:
    spoilt = {**want, next(iter(want)): "0" * 64}
    noticed = bool(compare(spoilt, want))
    early = sum(k.sealed == 0 for k in seen.killed)
    writing = sum(k.unfinished > 0 for k in seen.killed)
    return [
        Figure("killed", "kills", f"{len(seen.killed)} in {seen.folders} folders",
               f"{trial.times}", len(seen.killed) >= trial.times),
        Figure("killed", "before the first artefact", f"{early}"),
        Figure("killed", "while writing", f"{writing}", "some", writing > 0),
        Figure("killed", "outputs half-written", f"{len(seen.torn)}", "0", not seen.torn,
               tuple(seen.torn)),
        Figure("finished", "outputs that differ", f"{len(seen.different)}", "0",
               not seen.different, tuple(seen.different)),
        Figure("finished", "control: a byte changed", "noticed" if noticed else "not noticed",
               "noticed", noticed),
        Figure("finished", "unfinished files beside outputs", f"{len(seen.left)}", "0",
               not seen.left, tuple(seen.left[:12])),
    ]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("course", type=Path)
    parser.add_argument("--times", type=int, default=20, help="number of kills in all")
    parser.add_argument("--each", type=int, default=1, help="number of kills of each build")
    parser.add_argument("--whole", type=Path, help="an undisturbed build of the same, made before")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long that build took")
    parser.add_argument("--joins", action="store_true", help="start with the store of --whole")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    words = sys.argv[1:]
    cut = words.index("--") if "--" in words else len(words)
    given = parser.parse_args(words[:cut])
    joins_of = given.whole if given.joins else None
    more = tuple(words[cut + 1 :])
    trial = Trial(given.course, more, given.times, given.each, joins_of, given.json)
    figures = [Figure("machine", describe_machine(), "")]
    with tempfile.TemporaryDirectory(prefix="kill-build-") as temporary:
        root = Path(temporary)
        if given.whole is not None:
            seconds, want = given.seconds, digest_outputs(given.whole)
        else:
            seconds, want = build_undisturbed(trial, root, figures)
        seen = kill_builds(trial, root, seconds, want, random.Random(given.seed))
    return show([*figures, *judge(trial, seen, want)], as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
