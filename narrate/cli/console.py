"""How things are printed: for people at a terminal, plainly elsewhere, as JSON for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from lessons.model import Finding
from narrate.build.run import Failure, failure_of

if TYPE_CHECKING:
    from rich.console import Console

INTERRUPTED = 130  # 128 + SIGINT, as shells count
TERMINATED = 143  # 128 + SIGTERM

_STYLE = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def console(*, stderr: bool = False) -> Console:
    """Rich's console, which is plain where there is no terminal."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, soft_wrap=True)


def fail(error: BaseException | Failure) -> None:
    """Print an error: where, what, and what to do."""
    failure = error if isinstance(error, Failure) else failure_of(error)
    out = console(stderr=True)
    if failure.details:
        out.print(failure.details, style="dim", markup=False)
    place = f"{failure.where}: " if failure.where else ""
    out.print("error", style="bold red", end=" ", markup=False)
    out.print(f"{place}{failure.problem}", markup=False)
    if failure.remedy:
        out.print(f"      {failure.remedy}", style="dim" if out.is_terminal else None, markup=False)


def print_findings(findings: Iterable[Finding], *, stderr: bool = False) -> None:
    """A line or two a finding, as compilers do: `file:line: severity: what (slide)`."""
    out = console(stderr=stderr)
    for f in findings:
        place = f.path + (f":{f.line}" if f.path and f.line else "")
        slide = f" (slide {f.slide})" if f.slide is not None else ""
        out.print(f"{place}{': ' if place else ''}", end="", markup=False)
        out.print(f.severity, style=_STYLE[f.severity], end=": ", markup=False)
        out.print(f"{f.message}{slide}", markup=False)
        if f.remedy:
            out.print(f"    {f.remedy}", style="dim" if out.is_terminal else None, markup=False)


def findings_as_data(findings: Sequence[Finding]) -> list[dict[str, object]]:
    return [asdict(f) for f in findings]


def print_json(document: object) -> None:
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def clock(seconds: float) -> str:
    """`1:05` or `1:02:05`."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"


def size(bytes: int) -> str:
    return f"{bytes / 1e6:.1f} MB" if bytes >= 100_000 else f"{bytes / 1e3:.1f} kB"


def count(number: int, noun: str) -> str:
    """`1 slide`, `2 slides`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
