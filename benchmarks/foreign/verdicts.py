"""What the judges of blind sheets found."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from .blind_sheets import SPOILT

_LINE = re.compile(r"(\d+)\s*,\s*([A-H][A-H>=\s]*?)\s*(?:,\s*ashamed:?\s*([A-H,\s]*))?", re.I)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge says of a slide: the rank of each picture, 0 for the best, and which are bad
    enough to be ashamed of."""

    ranks: Mapping[str, int]
    ashamed: frozenset[str]

    def compare(self, one: str, other: str) -> int:
        """1 if `one` is better than `other`, -1 if it is worse, 0 if they are as good."""
        difference = self.ranks[other] - self.ranks[one]
        return (difference > 0) - (difference < 0)


def read_verdicts(text: str, key: Mapping[str, Mapping[str, str]]) -> dict[str, Verdict]:
    """The verdicts by slide, with names instead of letters.

    Raises ValueError for a line that is not understood, or that leaves out a letter.
    """
    verdicts: dict[str, Verdict] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        found = _LINE.fullmatch(line)
        slide = f"{int(found[1]):03}" if found else ""
        if not found or slide not in key:
            raise ValueError(f"Not a verdict: {line}")
        names = key[slide]
        groups = [re.findall("[A-H]", part.upper()) for part in found[2].split(">")]
        ranks = {
            names[letter]: rank
            for rank, group in enumerate(groups)
            for letter in group
            if letter in names
        }
        if len(ranks) != len(names):
            raise ValueError(f"These letters are not those of the sheet: {line}")
        bad = re.findall("[A-H]", (found[3] or "").upper())
        verdicts[slide] = Verdict(ranks, frozenset(names[letter] for letter in bad))
    return verdicts


def print_verdicts(rows: Sequence[Mapping[str, Any]], out: Path, judges: Sequence[str]) -> None:
    """Print what each judge found, how far they agree, and the slides that lost or are bad."""
    places = {
        f"{row['at']:03}": f"{row['repository']} {row['path']} {row['slide']}" for row in rows
    }
    found: dict[str, dict[str, Verdict]] = {}
    for judge in judges:
        key = json.loads((out / "keys" / f"{judge}.json").read_text("utf-8"))
        told = (out / "verdicts" / f"{judge}.txt").read_text("utf-8")
        found[judge] = read_verdicts(told, key)
        print(f"{judge}: {len(found[judge])} of {len(key)} slides")
        _print_judge(found[judge])
    for one, other in combinations(judges, 2):
        _print_agreement(f"{one} and {other}", found[one], found[other])
    ours = _newest(found.values())
    for slide in sorted({slide for verdicts in found.values() for slide in verdicts}):
        told_of = [verdicts[slide] for verdicts in found.values() if slide in verdicts]
        lost = [
            name
            for name in told_of[0].ranks
            if name not in (ours, SPOILT)
            and sum(verdict.compare(ours, name) < 0 for verdict in told_of) * 2 > len(told_of)
        ]
        bad = sum(ours in verdict.ashamed for verdict in told_of)
        if lost or bad:
            print(f"{slide} lost to {', '.join(lost) or 'none'}, bad for {bad}: {places[slide]}")


def _newest(found: Iterable[Mapping[str, Verdict]]) -> str:
    names = {name for verdicts in found for verdict in verdicts.values() for name in verdict.ranks}
    return next(name for name in sorted(names) if name.startswith("after"))


def _print_judge(verdicts: Mapping[str, Verdict]) -> None:
    ours = _newest([verdicts])
    names = sorted({name for verdict in verdicts.values() for name in verdict.ranks})
    for name in names:
        both = [verdict for verdict in verdicts.values() if name in verdict.ranks]
        bad = sum(name in verdict.ashamed for verdict in both)
        print(f"  {name}: {bad} of {len(both)} to be ashamed of")
        if name != ours:
            signs = [verdict.compare(ours, name) for verdict in both]
            print(
                f"    {ours} at least as good in {_share(sum(s >= 0 for s in signs), len(signs))}"
                f" (better {signs.count(1)}, as good {signs.count(0)}, worse {signs.count(-1)})"
            )
    controls = [verdict for verdict in verdicts.values() if SPOILT in verdict.ranks]
    last = sum(verdict.compare(ours, SPOILT) > 0 for verdict in controls)
    print(f"  control: the spoilt picture lost on {last} of {len(controls)} sheets")


def _print_agreement(who: str, one: Mapping[str, Verdict], other: Mapping[str, Verdict]) -> None:
    both = sorted(one.keys() & other.keys())
    ours = _newest([one])
    print(f"{who}: {len(both)} slides in common")
    names = sorted({name for slide in both for name in one[slide].ranks} - {ours})
    for name in names:
        pairs = [
            (one[slide].compare(ours, name), other[slide].compare(ours, name))
            for slide in both
            if name in one[slide].ranks and name in other[slide].ranks
        ]
        same = sum(a == b for a, b in pairs)
        against = sum(a * b < 0 for a, b in pairs)
        agreed = sum(a >= 0 and b >= 0 for a, b in pairs)
        print(
            f"  {ours} and {name}: same {_share(same, len(pairs))}, contrary {against}, "
            f"{ours} at least as good for both {_share(agreed, len(pairs))}"
        )
    bad = [(ours in one[slide].ashamed, ours in other[slide].ashamed) for slide in both]
    twice, once = sum(a and b for a, b in bad), sum(a != b for a, b in bad)
    print(f"  ashamed of {ours}: both {twice}, one {once}")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} % ({part}/{whole})" if whole else "none"
