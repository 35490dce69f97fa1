"""The phone timeline that drives a portrait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from avatar.errors import PerformanceError

SILENCE = ""
ROUNDING: Final = 1e-6  # seconds that two phones may overlap


@dataclass(frozen=True, slots=True)
class Phone:
    """One IPA phone (`p`, `æ`, `tʃ`, `aɪ`, `ɝ` ...) or `SILENCE`, from `start` to `end` in seconds.

    `stress` is 0 for none, 1 for primary and 2 for secondary stress, on vowels. Phones are in order
    and do not overlap. Time that no phone covers is silence.
    """

    symbol: str
    start: float
    end: float
    stress: int = 0


def check_order(phones: Sequence[Phone]) -> None:
    """Raise PerformanceError unless the phones are in order, from 0 s on, without overlap."""
    end = 0.0
    for i, phone in enumerate(phones):
        if not (phone.start >= end - ROUNDING and phone.end >= phone.start):
            raise PerformanceError(
                f"Phone {i} ({phone.symbol!r}) runs from {phone.start} to {phone.end} s, "
                f"but the phone before it ends at {end} s.",
                remedy="Give the phones in order, without overlap.",
            )
        end = phone.end
