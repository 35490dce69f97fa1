"""What a store has to tell about artefacts that lie in it and do not count."""

from __future__ import annotations

from dataclasses import dataclass, field

from foundation.problem import Problem
from narrate.pipeline.step import Artefact
from narrate.pipeline.store.seals import Fault

_REMEDIES = {
    Fault.FOREIGN: "This is as it should be if the store came from another user or machine. To use "
    "what was made there, set NARRATE_STORE_SECRET to the secret of those who made it.",
    Fault.CONSENT: "Nothing needs to be done.",
    Fault.UNREADABLE: "If this happens again, check the disk.",
    Fault.INCOMPLETE: "Nothing needs to be done.",
    Fault.DAMAGED: "If this happens again, check the disk.",
}


@dataclass(slots=True)
class Notes:
    """Collects faults. Each artefact is told of once."""

    _told: set[Artefact] = field(default_factory=set)
    _untold: dict[Artefact, Fault] = field(default_factory=dict)

    def add(self, artefact: Artefact, fault: Fault) -> None:
        if artefact not in self._told:
            self._untold.setdefault(artefact, fault)

    def take(self) -> tuple[Problem, ...]:
        """What was not told yet: one problem for each kind of fault."""
        untold, self._untold = self._untold, {}
        self._told |= untold.keys()
        found = list(untold.values())
        numbers = {fault: found.count(fault) for fault in Fault}
        return tuple(_describe(fault, n) for fault, n in numbers.items() if n)


def _describe(fault: Fault, number: int) -> Problem:
    if number == 1:
        what = f"In the store, 1 artefact {fault.of_one}. It is made anew."
    else:
        what = f"In the store, {number} artefacts {fault.of_many}. They are made anew."
    return Problem(what, _REMEDIES[fault])
