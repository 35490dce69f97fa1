"""The exit status of every command.

0   all that was asked for was made
1   something failed: a slide could not be made, a consent is not valid
2   the command was used wrongly
130 it was stopped with Ctrl-C; 143 it was ended by the system (128 and the signal's number)

Findings change the status only if `--fail-on` says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

import typer

from foundation.near_words import find_near
from foundation.shortening import brief
from lessons.model import Finding, Severity
from narrate.rule_names import RULES

DONE = 0
FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130
TERMINATED = 143

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

FailOnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--fail-on",
        metavar="error|warning|note|RULE",
        help="End with status 1 if there is a finding of this severity or worse, or of this rule. "
        "May be repeated.",
    ),
]


def parse_fail_on(asked: Sequence[str] | None) -> tuple[str, ...]:
    """The severities and rules in the options. Raises typer.BadParameter for any other word."""
    names = tuple(name.strip() for text in asked or () for name in text.split(","))
    known = (*SEVERITIES, *RULES)
    for name in names:
        if name not in known:
            near = find_near(name, known)
            hint = f"Did you mean {near!r}?" if near else "'narrate rules' lists the rules."
            raise typer.BadParameter(
                f"{brief(name)} is neither a severity nor a rule. {hint}", param_hint="--fail-on"
            )
    return names


def status_of(
    findings: Iterable[Finding], fail_on: Sequence[str] = (), *, failed: bool = False
) -> int:
    """The exit status of a command with these findings; `failed` if something was not made."""
    severities = [SEVERITIES.index(name) for name in SEVERITIES if name in fail_on]
    worst = max(severities, default=-1)
    counted = any(
        finding.rule in fail_on or SEVERITIES.index(finding.severity) <= worst
        for finding in findings
    )
    return FAILED if failed or counted else DONE
