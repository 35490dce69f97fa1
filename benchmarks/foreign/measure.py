"""How far lessons for other tools are read and built as they are.

    python -m benchmarks.foreign.measure --read | --build [--checkout FOLDER]
        [--use choose|mend|report] [--tool TOOL] [--repo PART] [--json FILE] [--jobs 1|2]
        [--seconds N] [--examples N]

Each lesson is read in a process of its own: its slides, its findings, the markup that is left in
what it says and shows, and the share of its tool's words that it has. The column "control" is that
share with every third slide left out. Where the variable FOREIGN_ORACLES names a folder with the
decks' own tools (see `oracles`), their slides and titles are compared too. With --build,
`narrate build FILE --draft` also makes its video. All that was measured is written to the JSON
file, and a table is printed for each tool.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from .checkout import CACHE
from .corpus import USES, ForeignLesson, find_lessons

HEADS = (
    *("tool", "lessons", "read", "errors", "crashes", "slides", "untitled", "sentences"),
    *("hits", "clean", "words", "control", "same count", "same titles", "seconds"),
)
PROJECT = Path(__file__).resolve().parents[2]
Result = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--read", action="store_true")
    mode.add_argument("--build", action="store_true")
    parser.add_argument("--checkout", type=Path, default=CACHE)
    parser.add_argument("--use", choices=USES, default="")
    parser.add_argument("--tool", default="")
    parser.add_argument("--repo", default="")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--jobs", type=int, choices=(1, 2), default=2)
    parser.add_argument("--seconds", type=float, default=0)
    parser.add_argument("--examples", type=int, default=0)
    arguments = parser.parse_args()
    lessons = list(
        find_lessons(
            arguments.checkout, use=arguments.use, tool=arguments.tool, repository=arguments.repo
        )
    )
    limit = arguments.seconds or (900 if arguments.build else 120)

    def measure(lesson: ForeignLesson) -> Result:
        result = measure_lesson(lesson, build=arguments.build, limit=limit)
        print(_line(result, arguments.examples), file=sys.stderr, flush=True)
        return result

    with ThreadPoolExecutor(arguments.jobs) as pool:
        results = list(pool.map(measure, lessons))
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1, ensure_ascii=False), "utf-8")
    _print_table(results, build=arguments.build)
    return 0


def measure_lesson(lesson: ForeignLesson, *, build: bool, limit: float) -> Result:
    result: Result = {
        "repository": lesson.repository.name,
        "use": lesson.repository.use,
        "tool": lesson.tool,
        "path": lesson.path,
    }
    if not lesson.file.is_file():
        return {**result, "status": "not checked out"}
    child = [sys.executable, "-m", f"{__package__}.measure_one"]
    command = [*child, str(lesson.root), lesson.path, lesson.tool]
    status, out, err, _ = _run(command, PROJECT, limit)
    try:
        result |= json.loads(out)
    except ValueError:
        reason = "timeout" if status is None else "crash"
        result |= {"status": reason, "error": err.strip()[-2000:]}
    return {**result, "build": _build(lesson, limit)} if build else result


def _build(lesson: ForeignLesson, limit: float) -> Result:
    """Run `narrate build FILE --draft` in the lesson's folder, and see what it made."""
    run = "import sys; from narrate.cli import main; sys.exit(main())"
    with tempfile.TemporaryDirectory() as scratch:
        out = Path(scratch) / "out"
        command = [sys.executable, "-c", run, "build", lesson.file.name, "--draft", "--json"]
        status, told, err, seconds = _run(
            [*command, "--out", str(out)], lesson.file.parent, limit, scratch
        )
        videos = sorted(path.relative_to(out).as_posix() for path in out.rglob("*.mp4"))
    try:
        answer = json.loads(told)
    except ValueError:
        answer = {}
    findings = answer.get("findings", []) if isinstance(answer, dict) else []
    return {
        "exit": status,
        "seconds": round(seconds, 1),
        "videos": videos,
        "traceback": "Traceback (most recent call last)" in err + told,
        "rules": Counter(f"{f.get('severity')} {f.get('rule')}" for f in findings),
        "told": (err or told).strip()[-3000:] if status else "",
    }


def _run(
    command: Sequence[str], folder: Path, limit: float, config: str = ""
) -> tuple[int | None, str, str, float]:
    """The exit status (None after the time limit), what was printed, and the seconds it took.

    The user's own settings are left out.
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), *_import_paths()])}
    if config:
        environment["XDG_CONFIG_HOME"] = config
    begun = time.perf_counter()
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, timeout=limit, check=False
        )
    except subprocess.TimeoutExpired:
        return None, "", "", limit
    spent = time.perf_counter() - begun
    return done.returncode, done.stdout.decode(), done.stderr.decode("utf-8", "replace"), spent


def _import_paths() -> list[str]:
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]


def _line(result: Result, examples: int) -> str:
    share = f"{result['found'] / max(result['words'], 1):.3f}" if "found" in result else "-"
    told = result.get("error", "").split("\n")[0][:110]
    built = result.get("build")
    build = f" exit {built['exit']}, {built['seconds']} s" if built else ""
    head = f"{result['tool']:12}{result['status']:10}{result.get('slides', '-'):>4} slides "
    head += f"{result.get('hits', '-'):>4} hits {share:>6} {result['repository']} {result['path']}"
    some = [
        f"    {e['slide']} {e['where']}, {e['kind']}: {e['excerpt']}"
        for e in result.get("examples", ())
    ]
    return "\n".join([f"{head}{build} {told}", *some[:examples]])


def _print_table(results: Iterable[Result], *, build: bool) -> None:
    groups: dict[str, list[Result]] = defaultdict(list)
    for result in results:
        groups[result["tool"]].append(result)
        groups["(all)"].append(result)
    names = sorted(groups, key=lambda name: (name == "(all)", name))
    heads = [*HEADS, *(["built", "tracebacks"] if build else [])]
    rows = [heads, *(_row(name, groups[name], build) for name in names)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(heads))]
    for row in rows:
        print("  ".join(cell.rjust(w) for cell, w in zip(row, widths, strict=True)))


def _row(name: str, results: Sequence[Result], build: bool) -> list[str]:
    read = [r for r in results if r["status"] == "read"]
    words = sum(r["words"] for r in read)

    def total(key: str) -> int:
        return sum(r[key] for r in read)

    row = [
        name,
        str(len(results)),
        str(len(read)),
        str(sum(r["status"] == "error" for r in results)),
        str(sum(r["status"] not in ("read", "error") for r in results)),
        *(str(total(key)) for key in ("slides", "untitled", "sentences", "hits")),
        str(sum(not r["hits"] for r in read)),
        *(f"{total(key) / words:.4f}" if words else "-" for key in ("found", "control")),
        *(_share(read, key) for key in ("same_count", "same_titles")),
        f"{sum(r['seconds'] for r in read):.1f}",
    ]
    if build:
        built = [r["build"] for r in results if "build" in r]
        row += [str(sum(b["exit"] == 0 and bool(b["videos"]) for b in built))]
        row += [str(sum(b["traceback"] for b in built))]
    return row


def _share(results: Iterable[Result], key: str) -> str:
    """How many decks are the same as in their own tool, of those that could be compared."""
    compared = [r[key] for r in results if key in r]
    return f"{sum(compared)}/{len(compared)}" if compared else "-"


if __name__ == "__main__":
    raise SystemExit(main())
