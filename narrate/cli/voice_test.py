"""`narrate voices --test`: prints what the conformance test finds of a voice."""

from __future__ import annotations

from dataclasses import asdict

from narrate.cli.console import console, print_json
from narrate.cli.exit_status import DONE, FAILED


def print_test(name: str, language: str, *, as_json: bool) -> int:
    """Examine a voice, print each outcome as soon as it is there, and return the exit status.
    Raises VoiceError if there is no such voice."""
    from narrate.voices.conformance import examine_voice

    out = console()
    outcomes = []
    for outcome in examine_voice(name, language):
        outcomes.append(outcome)
        if not as_json:
            mark, style = ("ok    ", "green") if outcome.passed else ("FAILED", "bold red")
            out.print(mark, style=style, end="  ")
            out.print(f"{outcome.check}: {outcome.found}", markup=False, soft_wrap=True)
    failed = sum(not outcome.passed for outcome in outcomes)
    if as_json:
        print_json({"voice": name, "passed": not failed, "outcomes": [asdict(o) for o in outcomes]})
    else:
        told = f"{failed} of {len(outcomes)} checks failed" if failed else "All checks passed"
        out.print(f"\n{told}.", markup=False)
    return FAILED if failed else DONE
