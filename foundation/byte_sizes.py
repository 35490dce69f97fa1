"""Sizes as people write them."""

from __future__ import annotations

import re

_UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
_UNITS |= {"KIB": 1 << 10, "MIB": 1 << 20, "GIB": 1 << 30, "TIB": 1 << 40}


def parse_size(text: str) -> int:
    """The bytes of a size such as 500 MB, 1.5GiB or 1000. Raises ValueError."""
    found = re.fullmatch(r"\s*([0-9]{1,18}(?:\.[0-9]{1,6})?)\s*([A-Za-z]*)\s*", text)
    if found is None or found[2].upper() not in _UNITS:
        raise ValueError(text)
    return int(float(found[1]) * _UNITS[found[2].upper()])


def format_size(size: int) -> str:
    """`999 B`, `12.3 kB`, `4.0 GB`."""
    number, units = float(size), ("B", "kB", "MB", "GB", "TB")
    for unit in units[:-1]:
        if number < 999.95:
            return f"{number:.1f} {unit}" if unit != "B" else f"{size} B"
        number /= 1000
    return f"{number:.1f} {units[-1]}"
