"""Measures the time from a deck to its first video and to its finished one, beside slideSonnet.

    python benchmarks/first_video.py --deck showcase/slides.md --slidesonnet venv/bin/slidesonnet \\
        --path node_modules/.bin --browser /usr/bin/chromium --runs 5

The deck is in slideSonnet's format, in a folder with its playlist. Every cold build starts from a
fresh copy. The tools take turns, and every second run begins with the other one, so that a change
of the machine's load meets both. Ratios are of builds of one run; the least and the median of all
runs are printed. Wall times are only valid if the machine was otherwise idle; CPU times, which are
of all processes of a build, suffer less.

slideSonnet speaks through a stub that uses narrate's default engine (stub_piper.py). As Piper would
be, the stub is started anew and loads its model for every utterance, so slideSonnet is also timed
with all of its speech in its cache: there it costs nothing.

The tools do not make the same. narrate's draft has no voice; slideSonnet's preview has. narrate
checks its own speech with a recogniser, aligns its captions with the words, and writes transcripts,
chapters and an accessibility report. slideSonnet fades between slides and writes a PDF. The rows
"made" describe each video.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from figures import Figure, describe_machine, show
from first_video_deck import (
    Film,
    change_shown_line,
    change_spoken_line,
    copy_deck,
    describe_film,
    find_pointers,
)
from first_video_peer import PeerSetup

HERE = Path(__file__).resolve().parents[1]
NARRATE = (sys.executable, "-c", "import sys; from narrate.cli import main; sys.exit(main())")
DRAFT, FINISHED, KEPT = "draft", "finished", "kept"
COLD, SPOKEN, SHOWN = "cold", "a spoken line edited", "a shown line edited"
EDITS: Mapping[str, Callable[[str], str]] = {SPOKEN: change_spoken_line, SHOWN: change_shown_line}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool, and how it makes each of its videos.

    `commands` are the words that follow the program, and `find` returns the video in the folder of
    the deck and a note on its parts.
    """

    name: str
    program: tuple[str, ...]
    commands: Mapping[str, tuple[str, ...]]
    environment: Mapping[str, str]
    find: Callable[[Path], tuple[Path, str]]


@dataclass(slots=True)
class Times:
    """Seconds of each run of one kind of build."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        middle = statistics.median
        return (
            f"{min(self.wall):.1f} s least, {middle(self.wall):.1f} s median; "
            f"CPU {min(self.cpu):.1f} s, {middle(self.cpu):.1f} s"
        )


class Race:
    """Builds copies of a deck with both tools in turn, and gathers their times."""

    def __init__(self, deck: Path, root: Path, narrate: Tool, peer: Tool, setup: PeerSetup) -> None:
        self._deck, self._root = deck, root
        self._narrate, self._peer, self._setup = narrate, peer, setup
        self._speech = root / "speech"  # the peer's, once it has spoken
        self._copies = 0
        self.times: defaultdict[tuple[str, str, str], Times] = defaultdict(Times)
        self.films: dict[tuple[str, str], Film] = {}
        self.spoken: list[str] = []

    def run(self, number: int, videos: Sequence[str]) -> None:
        order = (self._narrate, self._peer) if number % 2 == 0 else (self._peer, self._narrate)
        for video in (v for v in (DRAFT, FINISHED) if v in videos):
            steps = (COLD, SPOKEN) if video == DRAFT else (COLD, SPOKEN, SHOWN)
            self._build_in_turn(order, video, steps)
        if KEPT in videos:
            if not self._speech.is_dir():
                raise SystemExit(f"{KEPT} needs the speech of {DRAFT} or {FINISHED}.")
            self._build_in_turn((self._peer,), KEPT, (COLD,))

    def _build_in_turn(self, order: Sequence[Tool], video: str, steps: Sequence[str]) -> None:
        decks = {}
        for tool in order:
            self._copies += 1
            decks[tool.name] = copy_deck(self._deck, self._root / f"copy-{self._copies}")
            if video == KEPT:
                shutil.copytree(self._speech, decks[tool.name].parent / "cache" / "audio")
            elif "." in tool.commands[video]:
                (decks[tool.name].parent / "course.yaml").write_text("title: A deck\n")
        for step in steps:
            for tool in order:
                self._build(tool, video, step, decks[tool.name])
        for deck in decks.values():
            shutil.rmtree(deck.parent)

    def _build(self, tool: Tool, video: str, step: str, deck: Path) -> None:
        if edit := EDITS.get(step):
            deck.write_text(edit(deck.read_text()))
        wall, cpu = _time(tool, tool.commands[video], deck.parent)
        times = self.times[tool.name, video, step]
        times.wall.append(wall)
        times.cpu.append(cpu)
        print(f"... {tool.name}, {video}, {step}: {wall:.1f} s, CPU {cpu:.1f} s",
              file=sys.stderr, flush=True)  # fmt: skip
        if step == COLD:
            self.films[tool.name, video] = describe_film(*tool.find(deck.parent))
        if tool is self._peer:
            self._note_speech(video, step, deck.parent / "cache" / "audio")

    def _note_speech(self, video: str, step: str, made: Path) -> None:
        said = self._setup.take_spoken()
        self.spoken.append(
            f"{video}, {step}: {said.calls} calls, {said.loading:.1f} s to load, "
            f"{said.speaking:.1f} s to speak {said.speech:.1f} s"
        )
        if step == COLD and said.calls and not self._speech.is_dir():
            shutil.copytree(made, self._speech)

    def figures(self) -> list[Figure]:
        found = [Figure(f"{t}, {v}", s, str(times)) for (t, v, s), times in self.times.items()]
        for video, step in ((v, s) for t, v, s in self.times if t == self._narrate.name):
            mine = self.times[self._narrate.name, video, step]
            for other in (video, KEPT) if video == FINISHED else (video,):
                if its := self.times.get((self._peer.name, other, step)):
                    what = f"{video}, {step}" + (", its speech kept" if other == KEPT else "")
                    found.append(Figure("narrate / slideSonnet", what, _compare(mine, its)))
        for (name, video), film in self.films.items():
            found.append(Figure("made", f"{name}, {video}", str(film)))
        found += [Figure("stub", "last run", said) for said in self.spoken[-self._last_steps() :]]
        return found

    def _last_steps(self) -> int:
        return sum(name == self._peer.name for name, _, _ in self.times)


def _compare(mine: Times, its: Times) -> str:
    walls = [a / b for a, b in zip(mine.wall, its.wall, strict=True)]
    cpus = [a / b for a, b in zip(mine.cpu, its.cpu, strict=True)]
    middle = statistics.median
    return (
        f"wall {min(walls):.2f} least, {middle(walls):.2f} median; "
        f"CPU {min(cpus):.2f}, {middle(cpus):.2f}"
    )


def _time(tool: Tool, words: Sequence[str], folder: Path) -> tuple[float, float]:
    """Run a command. Returns wall seconds, and CPU seconds of its processes."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.monotonic()
    done = subprocess.run(
        [*tool.program, *words],
        cwd=folder, env=tool.environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(f"{tool.name} {' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu


def make_narrate(source: Path, deck: Path, root: Path) -> Tool:
    """A checkout's narrate. It builds the file alone if it can, and else a course around it."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    alone = copy_deck(deck, root / "alone")
    done = subprocess.run(
        [*NARRATE, "build", deck.name, "--dry-run"],
        cwd=alone.parent, env=environment, capture_output=True, check=False,
    )  # fmt: skip
    what = "." if done.returncode else deck.name
    commands = {DRAFT: ("build", what, "--draft"), FINISHED: ("build", what)}
    return Tool("narrate", NARRATE, commands, environment, _find_lecture)


def _find_lecture(folder: Path) -> tuple[Path, str]:
    film = next(p for p in folder.rglob("lecture.mp4") if ".store" not in p.parts)
    chapters = film.with_name("chapters.vtt").read_text().count(" --> ")
    return film, f"{chapters} slides with a chapter each"


def make_peer(setup: PeerSetup) -> Tool:
    build = ("build", "--tts", "piper")
    commands = {DRAFT: ("preview",), FINISHED: build, KEPT: build}
    program = (str(setup.program),)
    return Tool("slideSonnet", program, commands, setup.environment, _find_joined)


def _find_joined(folder: Path) -> tuple[Path, str]:
    segments = len(list((folder / "cache").rglob("segments/*.mp4")))
    return next(iter(sorted(folder.glob("*.mp4")))), f"{segments} segments"


def main() -> int:
    about = (__doc__ or "").partition("\n")[0]
    options = argparse.ArgumentParser(description=about)
    options.add_argument("--deck", type=Path, required=True)
    options.add_argument("--slidesonnet", type=Path, required=True, help="its program in its venv")
    options.add_argument(
        "--path", type=Path, action="append", default=[], help="a folder for PATH, as of marp"
    )
    options.add_argument(
        "--browser", type=Path, help="a Chromium for marp and Playwright, run without its sandbox"
    )
    options.add_argument(
        "--source", type=Path, default=HERE, help="the checkout of narrate; default: this one"
    )
    options.add_argument("--runs", type=int, default=3)
    options.add_argument(
        "--only", nargs="+", choices=(DRAFT, FINISHED, KEPT), default=[DRAFT, FINISHED, KEPT]
    )
    options.add_argument("--json", action="store_true")
    given = options.parse_args()
    machine = describe_machine()
    with tempfile.TemporaryDirectory(prefix="first-video-") as temporary:
        root = Path(temporary)
        deck = given.deck.resolve()
        path = [p.resolve() for p in given.path]
        setup = PeerSetup(given.slidesonnet.absolute(), root / "peer", deck, path, given.browser)
        narrate = make_narrate(given.source.resolve(), deck, root)
        race = Race(deck, root, narrate, make_peer(setup), setup)
        for number in range(given.runs):
            race.run(number, given.only)
    pointers = find_pointers(deck.parent)
    figures = [
        Figure("machine", "at the beginning", machine),
        Figure("machine", "at the end", describe_machine()),
        Figure("deck", deck.parent.name, f"{given.runs} runs; {len(pointers)} files are pointers"),
        Figure("narrate", "command", " ".join(narrate.commands[FINISHED])),
        *race.figures(),
    ]
    return show(figures, as_json=given.json)


if __name__ == "__main__":
    raise SystemExit(main())
