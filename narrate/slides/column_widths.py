"""How columns share the width of a slide."""

from __future__ import annotations

from collections.abc import Sequence

LEAST_SHARE = 0.28
"""The least share of the width that a column keeps for the sake of another one."""


def share_width(
    shares: Sequence[float], needs: Sequence[float], width: float, least: float
) -> tuple[float, ...]:
    """The width of each column; empty if they are too many to be side by side.

    The columns have the shares that the script gives them, in whatever unit, or equal ones. A
    column that needs more, such as one with code, takes it from the others as far as these can
    spare it. `least` is the width below which a column cannot be read.
    """
    if not needs:
        return ()
    wanted = [*shares, *[1 / len(needs)] * len(needs)][: len(needs)]
    total = sum(wanted) or 1.0
    widths = [width * share / total for share in wanted]
    if min(widths) < least:
        return ()
    kept = max(least, LEAST_SHARE * width * min(1.0, 2 / len(needs)))
    lacking = [max(need - have, 0.0) for need, have in zip(needs, widths, strict=True)]
    spare = [
        max(have - max(need, kept), 0.0) if not lack else 0.0
        for need, have, lack in zip(needs, widths, lacking, strict=True)
    ]
    moved = min(sum(lacking), sum(spare))
    if not moved:
        return tuple(widths)
    return tuple(
        have + moved * lack / sum(lacking) - moved * extra / sum(spare)
        for have, lack, extra in zip(widths, lacking, spare, strict=True)
    )
