"""The command `narrate`: parsing and printing, no work."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code: 0 done, 1 findings or a failure, 2 wrong usage."""
    from narrate.cli.app import run

    return run(list(sys.argv[1:] if argv is None else argv))
