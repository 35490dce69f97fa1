"""Names temporary files so that those of killed processes can be told and deleted."""

from __future__ import annotations

import functools
import hashlib
import itertools
import os
import platform
import re

_numbers = itertools.count()


def make_temporary_name(name: str) -> str:
    """A new name for a temporary file, which ends as `name` does: writers look at its suffix."""
    return f"{_machine_id()}-{os.getpid()}-{next(_numbers)}-{name}"


def is_abandoned(name: str) -> bool:
    """Whether a temporary file belongs to a process of this machine that has ended."""
    found = re.match(r"\.?([0-9a-f]{8})-(\d{1,20})-", name)
    if found is None or found[1] != _machine_id():
        return False
    try:
        os.kill(int(found[2]), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        pass
    return False


@functools.cache
def _machine_id() -> str:
    """A name of this machine, since several machines may share a folder."""
    return hashlib.sha256(platform.node().encode()).hexdigest()[:8]
