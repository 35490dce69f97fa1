"""The command `narrate`. It reads arguments and prints results; the work is done elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status; see `narrate.cli.exit_status`."""
    try:
        from narrate.cli.app import run

        return run(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:  # before the command itself began, or while it was ending
        print("\nStopped.", file=sys.stderr)
        return 130
